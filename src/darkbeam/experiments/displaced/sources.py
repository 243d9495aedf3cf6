"""Where mediators come from in a dump: samples by source, and the couplings that scale them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from darkbeam.experiments.displaced_decay_description import (
    DisplacedDecayDescription,
    Production,
    ProductionTarget,
)
from darkbeam.models import CouplingTable
from darkbeam.production import proton_dump
from darkbeam.production.brem_models import emissions
from darkbeam.production.brem_vertices import Kind
from darkbeam.production.electron_dump import annihilation_sample, bremsstrahlung_sample
from darkbeam.production.mediator_samples import MediatorSample
from darkbeam.production.proton_dump import ProtonProduction

__all__ = [
    "ELECTRON_PROCESSES",
    "least_mediator_energy",
    "processes_of",
    "source_groups",
    "source_samples",
    "source_strengths",
]

FloatArray = NDArray[np.float64]

ELECTRON_PROCESSES = ("bremsstrahlung", "annihilation")
"""How electrons and positrons of a shower make mediators that decay behind it."""


def processes_of(description: DisplacedDecayDescription) -> tuple[str, ...]:
    """Return the names of the processes that make mediators in this experiment."""
    if description.production is None:
        return ELECTRON_PROCESSES
    return description.production.sources


def source_strengths(
    description: DisplacedDecayDescription, table: CouplingTable, processes: Sequence[str]
) -> dict[str, FloatArray]:
    """Return the factors by which a model's couplings scale each source; none that is 0 throughout.

    Parameters
    ----------
    description : DisplacedDecayDescription
        The experiment.
    table : CouplingTable
        Masses and couplings.
    processes : sequence of str
        Some of `processes_of`.

    Returns
    -------
    dict of str to ndarray
        By source, of the table's shape.
    """
    found: dict[str, FloatArray] = {}
    if description.production is None:
        for emission in emissions(table, description.beam.particle):
            if emission.final == "e":
                for process in processes:
                    found[f"{process}:{emission.kind}"] = np.asarray(emission.strength)
    elif processes:
        found = proton_dump.source_strengths(_proton_production(description, processes), table)
    return {
        name: np.broadcast_to(strength, table.shape)
        for name, strength in found.items()
        if np.any(strength > 0.0)
    }


def source_samples(
    description: DisplacedDecayDescription, mass: float, sources: Sequence[str]
) -> dict[str, MediatorSample]:
    """Return the mediators of each source at one mass, without couplings.

    A source that is closed at this mass is left out.

    Parameters
    ----------
    description : DisplacedDecayDescription
        The experiment.
    mass : float
        Mass of the mediator, GeV.
    sources : sequence of str
        Names as in `source_strengths`.
    """
    if description.production is not None:
        made = proton_dump.proton_dump_samples(
            _proton_production(description, description.production.sources),
            description.beam.energy,
            mass,
            largest_angle=largest_angle(description),
            least_energy=least_mediator_energy(description),
            least_angle=least_angle(description),
        )
        return {name: made[name] for name in sources if name in made and len(made[name])}
    return _electron_samples(description, mass, sources)


def _electron_samples(
    description: DisplacedDecayDescription, mass: float, sources: Sequence[str]
) -> dict[str, MediatorSample]:
    makers = {"bremsstrahlung": bremsstrahlung_sample, "annihilation": annihilation_sample}
    found = {}
    for source in sources:
        process, kind = source.split(":")
        sample = makers[process](
            description.beam.beam(),
            description.target(),
            mass,
            cast("Kind", kind),
            least_energy=least_mediator_energy(description),
        )
        if len(sample):
            found[source] = sample
    return found


def least_mediator_energy(description: DisplacedDecayDescription) -> float:
    """Return the least energy of a mediator whose decay can be seen, GeV."""
    detector = description.detector
    seen = 0.0
    if detector is not None:
        seen = detector.energy_min * (2 if detector.required == "all" else 1)
    return max(description.selection.energy_min, seen)


def largest_angle(description: DisplacedDecayDescription) -> float:
    """Return an angle to the beam beyond which no mediator meets the decay volume, rad."""
    volume = description.decay_volume
    length = 0.0 if description.production_target is None else description.production_target.length
    if volume.start <= length:
        return float(np.pi)
    corners = volume.corners()
    across = float(np.hypot(*np.abs(corners[:, :2]).max(axis=0)))
    return float(np.arctan2(across, volume.start - length))


def least_angle(description: DisplacedDecayDescription) -> float:
    """Return an angle to the beam within which no mediator meets the decay volume, rad.

    It is 0 for a volume around the beam. Of a volume beside it, the nearest edge of the box around
    it, seen from the front of the target at the far end: from deeper it is seen at a larger angle.
    """
    low, high = description.decay_volume.corners()
    nearest = np.maximum(0.0, np.maximum(low[:2], -high[:2]))
    return float(np.arctan2(np.hypot(*nearest), description.decay_volume.end))


def source_groups(
    description: DisplacedDecayDescription, sources: Iterable[str]
) -> tuple[tuple[str, ...], ...]:
    """Return groups of sources, each calculated as a whole, that hold those given.

    All of protons are one, since nearly every model has most of them; of electrons there is one for
    each kind of coupling.
    """
    if description.production is not None:
        return (_proton_production(description, description.production.sources).names,)
    kinds = dict.fromkeys(source.split(":")[1] for source in sources)
    return tuple(tuple(f"{p}:{kind}" for p in ELECTRON_PROCESSES) for kind in sorted(kinds))


def _proton_production(
    description: DisplacedDecayDescription, processes: Sequence[str]
) -> ProtonProduction:
    """Return the production by some of the experiment's sources."""
    assert description.production is not None
    return _production(description.production, description.production_target, tuple(processes))


@lru_cache(maxsize=64)
def _production(
    production: Production, target: ProductionTarget | None, sources: tuple[str, ...]
) -> ProtonProduction:
    layers = None if target is None else target.target()
    return replace(production.of_target(layers), sources=sources)
