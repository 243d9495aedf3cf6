r"""Decays in a volume whose daughters cross a detector: tables without couplings, and yields.

A mediator flies straight from its production, decays into two bodies, isotropically in its rest
frame (exact for a scalar; the polarisation of a vector is not followed), and the daughters fly
straight on: no magnetic field, no matter in their way.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.compiled import map_chunks
from darkbeam.constants import HBARC_GEV_M
from darkbeam.errors import DarkbeamWarning, InputError, ValidityError
from darkbeam.experiments.displaced.decay_probability import ProperTimeTable
from darkbeam.experiments.displaced.samples import ProductionSamples
from darkbeam.geometry import Geometry, azimuths_from_axis, path_in_volume
from darkbeam.units import parse_energy

__all__ = ["Method", "acceptance_table", "acceptance_tables", "displaced_yield"]

FloatArray = NDArray[np.float64]
Method = Literal["monte-carlo", "quadrature"]

# Mediators made in the volume or at its edge: below this part of the largest, one cell.
_SMALLEST = 1e-6
_FEWEST_CHUNKS = 16
_SMALLEST_CHUNK = 500


def acceptance_table(
    samples: ProductionSamples,
    geometry: Geometry,
    daughters: tuple[float | str, float | str],
    *,
    method: Method = "monte-carlo",
    decays: int = 64,
    nodes: tuple[int, int, int] = (48, 48, 32),
    seed: int = 0,
    cell: float = 2e-3,
    replicas: int = 8,
    threads: int | None = None,
    warn: bool = True,
) -> ProperTimeTable:
    """Return what is seen of the samples as a function of the proper time of the decay.

    Parameters
    ----------
    samples : ProductionSamples
        Mediators with their weights.
    geometry : Geometry
        Dump, decay volume, detector.
    daughters : tuple of two
        Masses of the daughters, GeV or texts with units.
    method : {"monte-carlo", "quadrature"}
        Random angles, or the nodes of a product rule, for the same decays. The place of the decay
        is integrated over in closed form by both.
    decays : int
        Random decays of each sample, a multiple of `replicas`.
    nodes : tuple of three int
        Nodes in the polar angle (Gauss-Legendre, in each of the up to three ranges between the
        thresholds of the daughters), in the azimuth of the decay and in that of the production, if
        it is not given (both evenly spaced).
    seed : int
        Key of the random numbers; the result does not depend on the number of threads.
    cell : float
        Relative width c of the table's cells in proper time x; it raises a yield by at most
        (c x Gamma)^2/8 of itself.
    replicas : int
        Independent simulations that the decays are made in, for the statistical error; with one
        they are the most even, and there is no error.
    threads : int, optional
        By default all processors.
    warn : bool
        False silences the warning, for a caller that says it itself.

    Raises
    ------
    ValidityError
        If the decay is closed.
    InputError
        If another argument is out of range.

    Warns
    -----
    DarkbeamWarning
        If nothing is seen, with the reason.

    Examples
    --------
    >>> from darkbeam.experiments.displaced import production_samples
    >>> from darkbeam.geometry import make_geometry
    >>> tunnel = {"shape": "cylinder", "start": "60 m", "end": "110 m", "radius": "1 m"}
    >>> geometry = make_geometry({"dump_end": "60 m", "decay_volume": tunnel})
    >>> table = acceptance_table(production_samples(0.1, 200.0, 0.0), geometry, (0.0, 0.0))
    >>> float(table.expected(1e-16).round(4))
    0.0124
    """
    options = {"method": method, "decays": decays, "nodes": nodes, "seed": seed}
    (table,) = acceptance_tables(
        [samples],
        geometry,
        daughters,
        cell=cell,
        replicas=replicas,
        threads=threads,
        warn=warn,
        **options,  # type: ignore[arg-type]
    )
    return table


def acceptance_tables(
    groups: Sequence[ProductionSamples],
    geometry: Geometry,
    daughters: tuple[float | str, float | str],
    *,
    method: Method = "monte-carlo",
    decays: int = 64,
    nodes: tuple[int, int, int] = (48, 48, 32),
    seed: int = 0,
    cell: float = 2e-3,
    replicas: int = 8,
    threads: int | None = None,
    warn: bool = True,
) -> list[ProperTimeTable]:
    """Return one table for each group of samples of the same mass, all with the same cells.

    Parameters as of `acceptance_table`, which is this for one group.
    """
    samples = _joined(groups)
    masses = _masses(samples.mass, daughters)
    if method not in get_args(Method):
        raise InputError(f"method = {method!r}: must be 'monte-carlo' or 'quadrature'")
    for name, number, multiple in (
        ("replicas", replicas, 1),
        ("decays", decays, replicas),
        *(("nodes", k, 1) for k in nodes),
    ):
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1:
            raise InputError(f"{name} = {number!r}: must be an integer of at least {multiple}")
        if number % multiple:
            raise InputError(f"{name} = {number}: must be a multiple of {multiple}")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**64:
        raise InputError(f"seed = {seed!r}: must be an integer in 0 ... 2^64 - 1")
    if not 0.0 < cell < 1.0:
        raise InputError(f"cell = {cell!r}: must lie between 0 and 1")
    edges = _edges(samples, geometry, cell)
    run = (
        (replicas, decays // replicas, np.uint64(seed))
        if method == "monte-carlo"
        else _quadrature(samples, geometry, nodes)
    )
    group = np.repeat(np.arange(len(groups), dtype=np.float64), [len(each) for each in groups])
    differences, crossings = _fill(samples, group, geometry, masses, edges, run, threads)
    heights = np.maximum(np.cumsum(differences, axis=2)[..., :-1], 0.0)
    tables = [ProperTimeTable(edges, each) for each in heights]
    if warn and all(table.empty for table in tables):
        warnings.warn(_why_nothing(samples, geometry, crossings), DarkbeamWarning, stacklevel=2)
    return tables


def displaced_yield(
    samples: ProductionSamples,
    geometry: Geometry,
    daughters: tuple[float | str, float | str],
    width: ArrayLike,
    **options: Any,
) -> FloatArray:
    """Return how many decays into these daughters are seen, for a branching fraction of 1.

    Parameters
    ----------
    samples, geometry, daughters
        As in `acceptance_table`.
    width : array_like
        Total widths, GeV, of any shape: the table is made once for all of them.
    **options
        Options of `acceptance_table`.

    Returns
    -------
    ndarray
        In the unit of the samples' weights.

    Examples
    --------
    >>> from darkbeam.experiments.displaced import production_samples
    >>> from darkbeam.geometry import make_geometry
    >>> tunnel = {"shape": "cylinder", "start": "60 m", "end": "110 m", "radius": "1 m"}
    >>> geometry = make_geometry({"dump_end": "60 m", "decay_volume": tunnel})
    >>> made = production_samples("100 MeV", 200.0, 0.0, weight=1e6)
    >>> displaced_yield(made, geometry, ("0.511 MeV", "0.511 MeV"), [1e-16, 1e-13]).round()
    array([12399.,     0.])
    """
    return acceptance_table(samples, geometry, daughters, **options).expected(width)


def _masses(mass: float, daughters: tuple[float | str, float | str]) -> tuple[float, float, float]:
    first, second = (parse_energy(m, name="daughter", allow_zero=True) for m in daughters)
    if mass <= first + second:
        raise ValidityError(
            f"mass = {mass:g} GeV: must exceed those of the daughters, {first + second:g} GeV"
        )
    return mass, first, second


def _edges(samples: ProductionSamples, geometry: Geometry, cell: float) -> FloatArray:
    """Return cells of equal relative width that hold all proper times in the volume, 1/GeV."""
    if samples.phi is None:
        nearest, farthest = _distances(samples.origin, geometry.decay_volume.corners())
    else:
        nearest, lengths = path_in_volume(
            geometry.decay_volume, samples.theta, samples.phi, origin=samples.origin
        )
        farthest = nearest + lengths
    scale = samples.mass / (samples.momentum * HBARC_GEV_M)
    hit = farthest > nearest
    if not np.any(hit):
        return np.array([0.0, 1.0])
    low, high = float(np.min((nearest * scale)[hit])), float(np.max((farthest * scale)[hit]))
    first = low if low > 0.0 else _SMALLEST * high
    count = max(1, int(np.ceil(np.log(high / first) / cell)))
    edges = np.geomspace(first, high, count + 1)
    return edges if low > 0.0 else np.concatenate([[0.0], edges])


def _distances(origins: FloatArray, corners: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the largest distance from points to a box."""
    beside = np.maximum(np.maximum(corners[0] - origins, origins - corners[1]), 0.0)
    beyond = np.maximum(np.abs(corners[0] - origins), np.abs(corners[1] - origins))
    return np.linalg.norm(beside, axis=1), np.linalg.norm(beyond, axis=1)


def _quadrature(
    samples: ProductionSamples, geometry: Geometry, nodes: tuple[int, int, int]
) -> FloatArray:
    """Return (1 + cos)/2, azimuth, azimuth of the mediator, and weight of each node."""
    polar, azimuths, productions = nodes
    if geometry.detector is None:
        polar = azimuths = 1
    if samples.phi is not None:
        productions = 1
    x, weights = np.polynomial.legendre.leggauss(polar)
    azimuth = 2.0 * np.pi * (np.arange(azimuths) + 0.5) / azimuths
    production = 2.0 * np.pi * (np.arange(productions) + 0.25) / productions
    grid = np.meshgrid(0.5 * (1.0 + x), azimuth, production, indexing="ij")
    share = np.broadcast_to(weights[:, None, None] / 2.0, grid[0].shape) / (azimuths * productions)
    return np.stack([*(g.reshape(-1) for g in grid), share.reshape(-1)], axis=1)


def _joined(groups: Sequence[ProductionSamples]) -> ProductionSamples:
    if not groups:
        raise InputError("samples: none are given")
    first = groups[0]
    if len(groups) == 1:
        return first
    if any(each.mass != first.mass for each in groups):
        raise InputError("samples: groups must be of one mass")
    if any((each.phi is None) != (first.phi is None) for each in groups):
        raise InputError("samples: all groups must have azimuths, or none")
    return ProductionSamples(
        first.mass,
        np.concatenate([each.energy for each in groups]),
        np.concatenate([each.theta for each in groups]),
        np.concatenate([each.weight for each in groups]),
        None
        if first.phi is None
        else np.concatenate([each.phi for each in groups if each.phi is not None]),
        np.concatenate([each.origin for each in groups]),
    )


def _fill(
    samples: ProductionSamples,
    group: FloatArray,
    geometry: Geometry,
    masses: tuple[float, float, float],
    edges: FloatArray,
    run: tuple[int, int, np.uint64] | FloatArray,
    threads: int | None,
) -> tuple[FloatArray, int]:
    """Return the differences of F from cell to cell, and how many mediators cross the volume."""
    from darkbeam.experiments.displaced import _acceptance_kernels as kernels

    packed = np.column_stack(
        [
            samples.momentum,
            np.sin(samples.theta),
            np.cos(samples.theta),
            samples.mass / (samples.momentum * HBARC_GEV_M),
            samples.origin,
            samples.weight,
            group,
        ]
    )
    phis = np.empty(0) if samples.phi is None else samples.phi
    detector, number = geometry.detector, int(group.max(initial=0.0)) + 1
    planes = np.empty((0, 7)) if detector is None else detector.packed()
    energy_min = 0.0 if detector is None else detector.energy_min
    follow = 0 if detector is None else 2 if detector.required == "all" else 1
    volume = geometry.decay_volume.packed()
    on_axis = not np.any(samples.origin[:, :2])
    span = azimuths_from_axis(geometry.decay_volume) if on_axis else (0.0, 2.0 * np.pi)

    def work(start: int, stop: int) -> tuple[FloatArray, int]:
        part, azimuths = packed[start:stop], phis[start:stop]
        seen = planes, energy_min, follow
        if isinstance(run, tuple):
            replicas, decays, key = run
            out = np.zeros((number, replicas, edges.size))
            first = np.uint64(start)
            return out, kernels.fill_random(
                part, azimuths, masses, volume, *seen, edges, decays, first, key, span, out
            )
        out = np.zeros((number, 1, edges.size))
        return out, kernels.fill_nodes(part, azimuths, masses, volume, *seen, edges, run, out)

    chunk = max(_SMALLEST_CHUNK, -(-len(samples) // _FEWEST_CHUNKS))
    results = map_chunks(work, len(samples), threads, chunk=chunk)
    return np.sum([r[0] for r in results], axis=0), sum(r[1] for r in results)


def _why_nothing(samples: ProductionSamples, geometry: Geometry, crossings: int) -> str:
    count = f"{len(samples)} sample{'s' if len(samples) > 1 else ''}"
    volume, detector = geometry.decay_volume, geometry.detector
    if not crossings:
        return (
            f"nothing is seen: none of the {count} crosses the decay volume from z = "
            f"{volume.start:g} m to {volume.end:g} m"
        )
    if not np.any(samples.weight > 0.0):
        return f"nothing is seen: the weights of the {count} are all 0"
    assert detector is not None
    return (
        f"nothing is seen: of the decays of {count} in the volume none has "
        f"{'both daughters' if detector.required == 'all' else 'a daughter'} in the detector's "
        f"planes with at least {detector.energy_min:g} GeV"
    )
