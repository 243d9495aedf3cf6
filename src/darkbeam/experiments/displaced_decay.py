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
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import map_chunks
from darkbeam.decays import widths
from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.experiments.displaced.acceptance import acceptance_table
from darkbeam.experiments.displaced.decay_probability import ProperTimeTable
from darkbeam.experiments.displaced.samples import production_samples
from darkbeam.experiments.displaced.sources import (
    least_mediator_energy,
    processes_of,
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

DECAYS = 16
"""Decays of each production point, with angles that are even in a lattice."""
_CELL = 8e-3


def prepare_displaced(
    description: DisplacedDecayDescription,
    masses: FloatArray,
    model: Model,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[YieldCurves, ...]:
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
        Nothing can be seen at any of the masses, with the reason.
    """
    reference = model.with_coupling(min(1.0, model.largest_coupling()))
    strengths = source_strengths(description, reference.couplings(), processes_of(description))
    sources = tuple(sorted(strengths))
    if not sources:
        made_by = ", ".join(processes_of(description))
        raise ModelError(
            f"{description.name}: {model.name} has no coupling by which a beam of "
            f"{description.beam.particle} makes its mediator ({made_by})"
        )
    done = 0

    def report(number: int) -> None:
        nonlocal done
        done += number
        if progress is not None:
            progress(done, masses.size)

    def work(start: int, stop: int) -> list[YieldCurves]:
        return [curves_of_mass(description, float(mass), sources) for mass in masses[start:stop]]

    parts = map_chunks(work, masses.size, chunk=1, progress=report)
    found = tuple(curves for part in parts for curves in part)
    if all(curves.empty for curves in found):
        warnings.warn(_why_nothing(description, masses, sources), DarkbeamWarning, stacklevel=4)
    return found


def curves_of_mass(
    description: DisplacedDecayDescription, mass: float, sources: tuple[str, ...]
) -> YieldCurves:
    """Return the yields by source and final state at one mass, from the cache if it is there."""
    states = visible_states(description, mass)
    inputs = {
        "apparatus": description.model_dump(
            include={
                "beam",
                "production_target",
                "production",
                "dump_end",
                "decay_volume",
                "detector",
                "selection",
            }
        ),
        "mass": mass,
        "sources": sources,
        "states": states,
        "decays": DECAYS,
        "cell": _CELL,
    }
    arrays = cached_arrays(
        "displaced-decay", inputs, lambda: _compute(description, mass, sources, states)
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
    prepared: Sequence[YieldCurves],
    processes: Sequence[str],
) -> FloatArray:
    """Return the events per particle on target, of the shape of the model.

    Parameters
    ----------
    description : DisplacedDecayDescription
        The experiment.
    model : Model
        On arrays; ``prepared[i]`` belongs to index i of the last axis.
    prepared : sequence of YieldCurves
        From `prepare_displaced`.
    processes : sequence of str
        Those that are to count.
    """
    table = model.couplings()
    found = widths(table, warn=False)
    strengths = source_strengths(description, table, processes)
    total = np.broadcast_to(found.total, table.shape)
    result = np.zeros(table.shape)
    for i, curves in enumerate(prepared):
        if curves.empty:
            continue
        width = total[..., i].ravel()
        made = [_column(strengths.get(name), table.shape, i) for name in curves.sources]
        seen = [_column(_partial(found.partial, name), table.shape, i) for name in curves.states]
        fractions = np.divide(seen, width, out=np.zeros((len(seen), width.size)), where=width > 0)
        result[..., i] = curves.events(width, np.array(made), fractions).reshape(
            result[..., i].shape
        )
    return result


def _partial(partial: Mapping[str, FloatArray], name: str) -> FloatArray | None:
    width = partial.get(name)
    return None if width is None else np.nan_to_num(width, nan=0.0)


def _column(values: FloatArray | None, shape: tuple[int, ...], i: int) -> FloatArray:
    """Return what belongs to one mass, flat; 0 where there is nothing."""
    if values is None:
        return np.zeros(int(np.prod(shape[:-1])))
    return np.asarray(np.broadcast_to(values, shape)[..., i].ravel())


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
    tables = [
        [_table(description, samples.get(source), state) for state in states] for source in sources
    ]
    curves = yield_curves(sources, states, tables)
    return {
        "grid": np.array([curves.first_log_width, curves.log_step]),
        "curves": curves.curves,
    }


def _table(
    description: DisplacedDecayDescription, sample: MediatorSample | None, state: str
) -> ProperTimeTable:
    nothing = ProperTimeTable(np.array([0.0, 1.0]), np.zeros((1, 1)))
    if sample is None:
        return nothing
    kept = sample.energy >= max(least_mediator_energy(description), sample.mass * (1 + 1e-12))
    if not kept.any():
        return nothing
    origin = np.zeros((int(kept.sum()), 3))
    origin[:, 2] = sample.depth_m[kept]
    points = production_samples(
        sample.mass, sample.energy[kept], sample.angle[kept], sample.weight[kept], origin=origin
    )
    return acceptance_table(
        points,
        description.geometry,
        _daughter_masses(state),
        decays=DECAYS,
        cell=_CELL,
        threads=1,
        warn=False,
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
