r"""The displaced-decay signature: X made in a dump flies through its shield and decays behind it.

The number of signal events per particle on target is

.. math:: Y = \sum_s g_s^2 \sum_f B_f(g)\; N_{sf}(\Gamma) ,

with the couplings :math:`g_s^2` that scale the source s, the branching fractions into the final
states f, and N the number of decays that would be seen of the mediators of a source at a total
width :math:`\Gamma`, for unit couplings and branching fraction. N holds production in energy, angle
and depth, the flight, the decay volume, the decay and the detector: see
`darkbeam.experiments.displaced`. It is calculated once for a mass.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import map_chunks
from darkbeam.decays import widths
from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.experiments.displaced.acceptance import acceptance_tables
from darkbeam.experiments.displaced.decay_probability import ProperTimeTable
from darkbeam.experiments.displaced.samples import ProductionSamples
from darkbeam.experiments.displaced.sources import (
    least_mediator_energy,
    processes_of,
    source_groups,
    source_samples,
    source_strengths,
)
from darkbeam.experiments.displaced.yield_curves import YieldCurves, yield_curves
from darkbeam.experiments.displaced_decay_description import DAUGHTERS, DisplacedDecayDescription
from darkbeam.models import Model
from darkbeam.particles import mass as particle_mass
from darkbeam.production.mediator_samples import MediatorSample
from darkbeam.storage import cached_arrays

__all__ = ["displaced_signal", "prepare_displaced", "visible_states"]

FloatArray = NDArray[np.float64]

DECAYS = 72_000
"""Decays at one mass, their angles of one even sequence; at least 6 of a point and final state."""
_CELL = 8e-3


Prepared = tuple[YieldCurves, ...]
"""What can be seen at one mass, by groups of sources."""


def prepare_displaced(
    description: DisplacedDecayDescription,
    masses: FloatArray,
    model: Model,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Prepared, ...]:
    """Return what can be seen at each mass, from the cache if it was made before.

    Parameters
    ----------
    description : DisplacedDecayDescription
        The experiment.
    masses : ndarray, shape (n,)
        GeV.
    model : Model
        Says which sources there are at all.
    progress : callable, optional
        Called with (masses done, masses in all).

    Raises
    ------
    ModelError
        No source of this experiment makes the model's mediator.

    Warns
    -----
    DarkbeamWarning
        Nothing can be made or seen at any of the masses, with the reason.
    """
    reference = model.with_coupling(min(1.0, model.largest_coupling()))
    table = reference.couplings()
    strengths = source_strengths(description, table, processes_of(description))
    made_by = ", ".join(processes_of(description))
    if not strengths and description.production is not None and table.couples_to_quarks():
        warnings.warn(
            f"{description.name} sees nothing: a mediator of {masses.min():.3g} GeV is too heavy "
            f"for {made_by}, or does not couple to it",
            DarkbeamWarning,
            stacklevel=4,
        )
        return ((),) * masses.size
    if not strengths:
        raise ModelError(
            f"{description.name}: {model.name} has no coupling by which a beam of "
            f"{description.beam.particle} makes its mediator ({made_by})"
        )
    _warn_of_dark_decays(description, model)
    groups = source_groups(description, strengths)
    apparatus = _Apparatus(description.model_dump_json(include=_APPARATUS), description)
    done = 0

    def report(number: int) -> None:
        nonlocal done
        done += number
        if progress is not None:
            progress(done, masses.size)

    def work(start: int, stop: int) -> list[Prepared]:
        return [
            tuple(_curves(apparatus, float(mass), group) for group in groups)
            for mass in masses[start:stop]
        ]

    # the first alone: it makes what all masses share
    parts = [work(0, 1)]
    report(1)
    parts += map_chunks(lambda i, j: work(i + 1, j + 1), masses.size - 1, chunk=1, progress=report)
    found = tuple(curves for part in parts for curves in part)
    if all(curves.empty for each in found for curves in each):
        warnings.warn(
            _why_nothing(description, masses, sum(groups, ())), DarkbeamWarning, stacklevel=4
        )
    return found


# A coupling to see by whether dark states, whose coupling is fixed, take all decays.
_SMALL_COUPLING = 1e-5
_FEW = 0.01


def _warn_of_dark_decays(description: DisplacedDecayDescription, model: Model) -> None:
    table = model.with_coupling(_SMALL_COUPLING).couplings()
    if not table.dark:
        return
    found = widths(table, warn=False)
    if np.all(found.invisible - found.partial["nu_nu"] > (1.0 - _FEW) * found.total):
        warnings.warn(
            f"{description.name} looks for visible decays, but the mediator decays to dark states; "
            "a model without dark matter (--dark-matter none) has visible ones alone",
            DarkbeamWarning,
            stacklevel=5,
        )


_APPARATUS = {
    "beam",
    "production_target",
    "production",
    "dump_end",
    "decay_volume",
    "detector",
    "selection",
    "final_states",
}


@dataclass(frozen=True)
class _Apparatus:
    """What the curves depend on, as a text that identifies it."""

    key: str
    description: DisplacedDecayDescription = field(compare=False)


@lru_cache(maxsize=2048)
def _curves(apparatus: _Apparatus, mass: float, sources: tuple[str, ...]) -> YieldCurves:
    """Return the yields by source and final state at one mass, from the cache if it is there."""
    states = visible_states(apparatus.description, mass)
    inputs = {
        "apparatus": apparatus.key,
        "mass": mass,
        "sources": sources,
        "states": states,
        "decays": DECAYS,
        "cell": _CELL,
    }
    arrays = cached_arrays(
        "displaced-decay", inputs, lambda: _compute(apparatus.description, mass, sources, states)
    )
    first, step = arrays["grid"]
    return YieldCurves(sources, states, float(first), float(step), arrays["curves"])


def visible_states(description: DisplacedDecayDescription, mass: float) -> tuple[str, ...]:
    """Return those of the experiment's final states that are open at a mass."""
    return tuple(
        name for name in description.final_states if sum(_daughter_masses(name)) < mass * (1 - 1e-9)
    )


def displaced_signal(
    description: DisplacedDecayDescription,
    model: Model,
    prepared: Sequence[Prepared],
    processes: Sequence[str],
) -> FloatArray:
    """Return the events per particle on target, of the shape of the model.

    Parameters
    ----------
    description : DisplacedDecayDescription
        The experiment.
    model : Model
        On arrays; ``prepared[i]`` belongs to index i of the last axis.
    prepared : sequence
        From `prepare_displaced`.
    processes : sequence of str
        Those that are to count.
    """
    table = model.couplings()
    shape = table.shape
    found = widths(table, warn=False)
    total = _columns(found.total, shape)
    strengths = {
        name: _columns(strength, shape)
        for name, strength in source_strengths(description, table, processes).items()
    }
    partial = {
        name: _columns(np.nan_to_num(width), shape)
        for name, width in found.partial.items()
        if name in description.final_states
    }
    nothing = np.zeros(total.shape[1])
    result = np.zeros(total.shape)
    for i, groups in enumerate(prepared):
        for curves in groups:
            if curves.empty:
                continue
            result[i] += curves.events(
                total[i],
                np.array([strengths[s][i] if s in strengths else nothing for s in curves.sources]),
                np.array([partial[s][i] if s in partial else nothing for s in curves.states]),
            )
    return np.asarray(result.T.reshape(shape))


def _columns(values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Return an array with the masses first and all else flat behind."""
    full = np.broadcast_to(values, shape)
    return np.ascontiguousarray(full.reshape(-1, shape[-1] if shape else 1).T)


def _daughter_masses(state: str) -> tuple[float, float]:
    first, second = DAUGHTERS[state]
    return _mass(first), _mass(second)


def _mass(name: str) -> float:
    return 0.0 if name == "gamma" else particle_mass(name)


def _compute(
    description: DisplacedDecayDescription,
    mass: float,
    sources: tuple[str, ...],
    states: tuple[str, ...],
) -> dict[str, Any]:
    samples = source_samples(description, mass, sources) if states else {}
    points = {name: _points(description, sample) for name, sample in samples.items()}
    points = {name: group for name, group in points.items() if len(group)}
    found: dict[str, list[ProperTimeTable]] = {state: [] for state in states}
    number = len(states) * sum(len(group) for group in points.values())
    decays = max(6, DECAYS // max(1, number))
    for state in states if points else ():
        found[state] = acceptance_tables(
            list(points.values()),
            description.geometry,
            _daughter_masses(state),
            decays=decays,
            cell=_CELL,
            replicas=1,
            threads=1,
            warn=False,
        )
    met = yield_curves(list(points), states, list(found.values()))
    curves = np.full((len(sources), *met.curves.shape[1:]), -np.inf)
    for name, of_source in zip(met.sources, met.curves, strict=True):
        curves[sources.index(name)] = of_source
    return {"grid": np.array([met.first_log_width, met.log_step]), "curves": curves}


def _points(description: DisplacedDecayDescription, sample: MediatorSample) -> ProductionSamples:
    """Return the mediators of a source that have the energy to be seen."""
    kept = sample.energy >= max(least_mediator_energy(description), sample.mass * (1 + 1e-12))
    kept &= description.selection.accepts(sample.energy)
    origin = np.zeros((int(kept.sum()), 3))
    origin[:, 2] = sample.depth_m[kept]
    return ProductionSamples(
        sample.mass, sample.energy[kept], sample.angle[kept], sample.weight[kept], None, origin
    )


def _why_nothing(
    description: DisplacedDecayDescription, masses: FloatArray, sources: Sequence[str]
) -> str:
    """Return why nothing can be seen at any mass, judged at the lightest."""
    mass = float(masses.min())
    states = visible_states(description, mass)
    name = description.name
    if not states:
        return (
            f"{name} sees nothing: no decay to {', '.join(description.final_states)} is open at "
            f"{masses.min():.3g} GeV"
        )
    samples = source_samples(description, mass, sources)
    if not samples:
        return (
            f"{name} sees nothing: a mediator of {mass:.3g} GeV is too heavy for "
            f"{', '.join(processes_of(description))} with a beam of {description.beam.energy:g} "
            f"GeV, or always below {least_mediator_energy(description):g} GeV"
        )
    return (
        f"{name} sees nothing: no decay of the mediators made at {mass:.3g} GeV lies in the decay "
        "volume with its daughters in the detector"
    )
