r"""Excluded regions of the plane of mass and coupling, connected along the mass.

What is excluded at one mass are intervals of the coupling (`darkbeam.experiments.regions`). They
are joined here to regions: a region goes on where one interval overlaps one of the next mass. It
ends where an interval has no partner, and where it splits or two of them merge. Masses
are added until the ends of the regions, and steep parts of their edges, are found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Region", "connected_regions", "regions_dataset"]

FloatArray = NDArray[np.float64]
Interval = tuple[float, float]
Intervals = Callable[[FloatArray], tuple[FloatArray, FloatArray]]

_STEEP = 0.2  # of the logarithm of an edge, between masses that need no other between them


@dataclass(frozen=True, eq=False)
class Region:
    """One connected region: between two edges, from one mass to another.

    Attributes
    ----------
    mass : ndarray, shape (n,)
        Rising, GeV.
    lower, upper : ndarray, shape (n,)
        Couplings; the upper edge is inf where there is none.
    """

    mass: FloatArray
    lower: FloatArray
    upper: FloatArray


def connected_regions(
    intervals: Intervals, mass: ArrayLike, *, accuracy: float = 1e-3
) -> tuple[Region, ...]:
    """Return the regions that intervals of the coupling at single masses add up to.

    Parameters
    ----------
    intervals : callable
        Of masses, shape (n,), in GeV: lower and upper edges, both of shape (n, k), rising along the
        second axis and inf beyond the last interval of a mass.
    mass : array_like
        At least two masses to begin with, GeV. A region or a gap that lies between two of them is
        not found.
    accuracy : float
        Relative, of the masses at which regions end and edges jump.

    Returns
    -------
    tuple of Region
        By their smallest mass, then by their lower edge there.

    Raises
    ------
    InputError
        There are fewer than two masses, or they do not rise.
    """
    grid = np.atleast_1d(np.asarray(mass, dtype=np.float64))
    if grid.ndim != 1 or grid.size < 2 or not np.all(np.diff(grid) > 0.0) or grid[0] <= 0.0:
        raise InputError("mass: at least two masses above 0 that rise are needed")
    found = _at(intervals, grid)
    while True:
        masses = np.array(sorted(found))
        halves = [
            float(np.sqrt(low * high))
            for low, high in pairwise(masses)
            if high > (1.0 + accuracy) * low and not _smooth(found[low], found[high])
        ]
        if not halves:
            return _joined(masses, [found[m] for m in masses])
        found.update(_at(intervals, np.array(halves)))


def regions_dataset(regions: Sequence[Region]) -> xr.Dataset:
    """Return regions as a table along ``point``, with the number of each point's region.

    Parameters
    ----------
    regions : sequence of Region
        None at all makes an empty table.
    """
    import xarray as xr

    def column(name: str, unit: str) -> tuple[str, FloatArray, dict[str, str]]:
        values = [getattr(region, name) for region in regions]
        return "point", np.concatenate([np.empty(0), *values]), {"units": unit}

    numbers = np.repeat(np.arange(1.0, len(regions) + 1.0), [r.mass.size for r in regions])
    return xr.Dataset(
        {
            "region": ("point", numbers, {"units": "1"}),
            "mass_GeV": column("mass", "GeV"),
            "coupling_lo": column("lower", "1"),
            "coupling_hi": column("upper", "1"),
        }
    )


def _at(intervals: Intervals, masses: FloatArray) -> dict[float, list[Interval]]:
    lower, upper = intervals(masses)
    return {
        float(m): [(float(a), float(b)) for a, b in zip(low, high, strict=True) if np.isfinite(a)]
        for m, low, high in zip(masses, lower, upper, strict=True)
    }


def _partners(some: Sequence[Interval], others: Sequence[Interval]) -> list[tuple[int, int]]:
    """Return which intervals overlap which of the neighbouring mass."""
    return [
        (i, j)
        for i, (low, high) in enumerate(some)
        for j, (least, most) in enumerate(others)
        if max(low, least) < min(high, most)
    ]


def _single(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs of which neither interval has another partner."""
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    return [(i, j) for i, j in pairs if left.count(i) == 1 and right.count(j) == 1]


def _smooth(some: Sequence[Interval], others: Sequence[Interval]) -> bool:
    """Tell whether each interval goes on as one, with edges that are not far away."""
    pairs = _single(_partners(some, others))
    if not len(pairs) == len(some) == len(others):
        return False
    return all(
        a == b or abs(np.log(a / b)) < _STEEP
        for i, j in pairs
        for a, b in zip(some[i], others[j], strict=True)
    )


def _joined(masses: FloatArray, intervals: Sequence[Sequence[Interval]]) -> tuple[Region, ...]:
    regions: list[list[tuple[float, float, float]]] = []
    previous: dict[int, list[tuple[float, float, float]]] = {}
    for k, (mass, now) in enumerate(zip(masses, intervals, strict=True)):
        before = intervals[k - 1] if k else []
        goes_on = {j: previous[i] for i, j in _single(_partners(before, now))}
        previous = {}
        for j, (low, high) in enumerate(now):
            if j not in goes_on:
                regions.append([])
            chain = goes_on.get(j, regions[-1])
            chain.append((float(mass), low, high))
            previous[j] = chain
    return tuple(Region(*np.array(chain).T) for chain in regions)
