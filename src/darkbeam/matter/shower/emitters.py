"""Where, how fast and in which direction electrons and positrons go in a shower."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError
from darkbeam.matter.shower.electrons import scattering_law
from darkbeam.matter.shower.preparation import (
    CHUNK,
    Setup,
    check_count,
    check_edges,
    check_seed,
    prepare,
    run_chunks,
)
from darkbeam.matter.targets import LayeredMaterial, TargetLike

__all__ = ["EmitterTable", "emitter_table", "real_depth_m"]

Array = NDArray[np.float64]

POINTS = (16, 32)
"""Points kept in each bin of energy: groups of depth, points of each by angle."""
_COLLECTED = 4 * POINTS[0] * POINTS[1]
_PILOT = 0.02
_LEAST_SHARE = 1e-4


@dataclass(frozen=True, eq=False)
class EmitterTable:
    """Path of electrons and positrons by energy, and points of it.

    The first index of the arrays is that of the material, the second 0 for electrons and positrons
    together and 1 for positrons alone, the third the bin of energy.

    Attributes
    ----------
    energy_edges : ndarray, shape (n + 1,)
        Edges of the bins of kinetic energy, GeV.
    materials : tuple of str
        Names of the target's materials.
    path_x0, path_err : ndarray, shape (m, 2, n)
        Path per beam particle in radiation lengths of the material, and its standard error.
    energy, depth_m, one_minus_cos : ndarray, shape (m, 2, n, 16, 32)
        Kinetic energy (GeV), depth behind the front (m) and one minus the cosine of the angle to
        the beam at points that share the path of the bin evenly: the first of the last two indices
        rises with the depth, the second, at equal first, with the angle. 0 where there is no path.
    """

    energy_edges: Array
    materials: tuple[str, ...]
    path_x0: Array
    path_err: Array
    energy: Array
    depth_m: Array
    one_minus_cos: Array


def emitter_table(
    target: TargetLike,
    energy: float,
    energy_edges: ArrayLike,
    *,
    particle: str = "e-",
    n_showers: int = 20_000,
    seed: int = 1,
    threads: int | None = None,
    cut: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> EmitterTable:
    """Simulate showers for the energies, depths and directions of what is in them.

    Electrons scatter by Rutherford's law with screening and the nucleus's size, the hardest
    collisions one by one: their angles have the tails that a Gaussian lacks.

    Parameters
    ----------
    target : str, Material, LayeredMaterial or sequence of (str, float)
        See `matter.target`.
    energy : float
        Kinetic energy of the beam particle, GeV.
    energy_edges : array_like, shape (n + 1,)
        Edges of the bins of kinetic energy, GeV; the first is the least energy that is followed.
    particle : str
        "e-", "e+" or "gamma".
    n_showers : int
        Number of showers.
    seed : int
        Key of the random numbers.
    threads : int, optional
        Number of threads; it does not change the result.
    cut : float, optional
        Production cut, GeV; by default a twentieth of the least energy.
    progress : callable, optional
        Called with the number of showers newly done.

    Raises
    ------
    InputError
        A value is out of its range; the message names it.

    Examples
    --------
    >>> table = emitter_table("W", 10.0, [1.0, 5.0, 9.0, 10.0], n_showers=200)
    >>> table.depth_m.shape
    (1, 2, 3, 16, 32)
    """
    edges = check_edges("energy_edges", energy_edges, "GeV")
    if edges[-1] < energy:
        raise InputError(f"energy_edges: must reach the energy of the beam, {energy:g} GeV")
    setup = prepare(
        target, energy, particle, float(edges[0]), cut=cut, range_out=False, scatter=True
    )
    n_showers = check_count("n_showers", n_showers)
    key = check_seed(seed)
    pilot = min(n_showers, max(200, ceil(_PILOT * n_showers)))
    shape = (len(setup.target.materials), 2, edges.size - 1)
    sums, _, _ = _run(setup, energy, edges, np.full(shape, inf), pilot, key, threads, None)
    expected = sums * (n_showers / pilot)
    # a bin that the pilot did not meet may hold some path none the less
    spacing = np.maximum(expected, _LEAST_SHARE * expected.max()) / _COLLECTED
    spacing = np.maximum(spacing, 1e-12)
    sums, squares, points = _run(setup, energy, edges, spacing, n_showers, key, threads, progress)
    return _table(setup.target, edges, sums, squares, points, n_showers)


def real_depth_m(item: LayeredMaterial, depth_x0: ArrayLike) -> Array:
    """Return the depth in metres of a depth in radiation lengths of the local material."""
    depth = np.asarray(depth_x0, dtype=np.float64)
    if item.total_depth_cm == inf:
        return np.asarray(depth * item.radiation_length_cm / 100.0)
    thickness = np.tile([t for _, t in item.layers], item.repeats) / 1000.0
    ends = np.concatenate(([0.0], np.cumsum(thickness)))
    return np.asarray(np.interp(depth, item.boundaries_x0(), ends))


def _run(
    setup: Setup,
    energy: float,
    edges: Array,
    spacing: Array,
    n_showers: int,
    key: np.uint64,
    threads: int | None,
    progress: Callable[[int], None] | None,
) -> tuple[Array, Array, Array]:
    """Return sums of paths, sums of the squares of chunks' sums (per shower), and the points."""
    from darkbeam.matter.shower._event_kernels import run_emitters

    materials = setup.target.materials
    laws = [(m.radiation_length * scattering_law(m)[0], *scattering_law(m)[1:]) for m in materials]
    law = np.array(laws)
    log0, inverse_step = setup.grid
    tables = setup.tables

    def call(start: int, stop: int, stack: Array) -> tuple[Any, bool]:
        sums, since = np.zeros(spacing.shape), np.zeros(spacing.shape)
        points, met = np.empty((stack.shape[0], 7)), np.zeros(1, dtype=np.int64)
        full = run_emitters(
            start,
            stop,
            key,
            setup.kind,
            float(energy),
            setup.settings(score=False),
            *setup.geometry,
            log0,
            inverse_step,
            tables.rates,
            tables.brem,
            tables.pair,
            stack,
            (law, edges, since, spacing, sums, points, met),
        )
        squares = _by_charge(sums) ** 2 / (stop - start)
        return (sums, squares, points[: met[0]].copy()), full or met[0] > len(points)

    parts = run_chunks(call, n_showers, threads, progress)
    sums = np.sum([part[0] for part in parts], axis=0)
    squares = np.sum([part[1] for part in parts], axis=0)
    return sums, squares, np.concatenate([part[2] for part in parts])


def _table(
    item: LayeredMaterial, edges: Array, sums: Array, squares: Array, points: Array, n: int
) -> EmitterTable:
    """Return the table of both charges together and of positrons."""
    path = _by_charge(sums) / n
    # the variance of a shower's path, from the sums over chunks: squares are n <x>^2 + chunks var
    variance = np.maximum(squares - n * path**2, 0.0) / max(ceil(n / CHUNK) - 1, 1)
    error = np.sqrt(variance / n)
    kept = np.zeros((3, *path.shape, *POINTS))
    place = np.ravel_multi_index(points[:, [0, 2]].astype(int).T, (path.shape[0], edges.size - 1))
    order = np.argsort(place, kind="stable")
    ends = np.searchsorted(place[order], np.arange(path.shape[0] * (edges.size - 1) + 1))
    for m, b in np.ndindex(path.shape[0], edges.size - 1):
        index = m * (edges.size - 1) + b
        cell = points[order[ends[index] : ends[index + 1]]]
        for charge, chosen in enumerate((cell, cell[cell[:, 1] > 0.5])):
            if len(chosen):
                kept[:, m, charge, b] = _even_points(chosen)
            else:
                path[m, charge, b] = 0.0
    return EmitterTable(
        edges,
        tuple(m.name for m in item.materials),
        path,
        error,
        kept[0],
        real_depth_m(item, kept[1]),
        kept[2],
    )


def _by_charge(sums: Array) -> Array:
    """Return sums of both charges, and of positrons."""
    return np.stack((sums.sum(axis=1), sums[:, 1]), axis=1)


def _even_points(cell: Array) -> Array:
    """Return energy, depth and 1 - cos of points of equal weight, by depth and angle."""
    groups, each = POINTS
    ordered = cell[np.argsort(cell[:, 5], kind="stable")]
    cumulative = np.cumsum(ordered[:, 3])
    middle = (cumulative - 0.5 * ordered[:, 3]) / cumulative[-1]
    result = np.empty((3, groups, each))
    for g in range(groups):
        inside = np.flatnonzero((middle >= g / groups) & (middle < (g + 1) / groups))
        if not inside.size:
            inside = np.array(
                [min(int(np.searchsorted(middle, (g + 0.5) / groups)), len(cell) - 1)]
            )
        group = ordered[inside]
        group = group[np.argsort(group[:, 6], kind="stable")]
        share = np.cumsum(group[:, 3]) - 0.5 * group[:, 3]
        levels = (np.arange(each) + 0.5) / each * group[:, 3].sum()
        nearest = np.clip(np.searchsorted(share, levels), 0, len(group) - 1)
        result[:, g] = group[nearest][:, [4, 5, 6]].T
    return result
