"""Excluded regions: between which couplings something is excluded, at each mass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from darkbeam.statistics.roots import crossings

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["COUPLING_RANGE", "edges_dataset", "excluded_regions"]

FloatArray = NDArray[np.float64]
Excess = Callable[[NDArray[np.intp], FloatArray], FloatArray]

COUPLING_RANGE = (1e-12, 1e2)
"""Couplings between which excluded regions are looked for."""
_STEPS_PER_DECADE = 20
# Where no step is excluded, islands are looked for about the step that comes closest.
_FINE_STEPS = 64
_CLOSE = np.log(4.0)


def excluded_regions(
    excess: Excess, number: int, largest: float, *, accuracy: float = 1e-8
) -> tuple[FloatArray, FloatArray]:
    """Return all intervals of the coupling that are excluded, at each mass.

    Parameters
    ----------
    excess : callable
        Of the indices of masses and the natural logarithms of couplings, whose last axis is that
        of the masses: above 0 where the coupling is allowed, such as the logarithm of limit over
        expected events.
    number : int
        Number of masses.
    largest : float
        Largest coupling that the model may have.
    accuracy : float
        Of the edges' logarithms.

    Returns
    -------
    lower, upper : ndarray, shape (number, regions)
        Edges, in order of the coupling; both are inf beyond the last region of a mass. A region
        that reaches the largest coupling has the upper edge inf. Regions and gaps that are
        narrower than a twentieth of a decade beside a wider one are not resolved.
    """
    least, most = COUPLING_RANGE[0], min(COUPLING_RANGE[1], largest)
    steps = int(np.log10(most / least) * _STEPS_PER_DECADE) + 1
    grid = np.log(np.geomspace(least, most, steps))
    values = excess(np.arange(number), grid[:, None])
    brackets = [
        bracket
        for mass in range(number)
        for bracket in _brackets(mass, *_with_island(excess, mass, grid, values[:, mass]))
    ]
    count = max([0, *(b.region for b in brackets)]) + 1
    edges = np.full((number, count, 2), np.inf)
    for b in brackets:
        edges[b.mass, b.region, b.side] = np.exp(b.inside) if np.isfinite(b.outside) else np.inf
    sought = [b for b in brackets if np.isfinite(b.outside) and b.outside != b.inside]
    for b, x in zip(sought, _roots(excess, number, sought, accuracy), strict=True):
        edges[b.mass, b.region, b.side] = np.exp(x)
    return edges[..., 0], edges[..., 1]


class _Bracket(NamedTuple):
    """An edge between two logarithms of couplings, with the excesses there."""

    mass: int
    region: int
    side: int
    outside: float
    inside: float
    excess_outside: float
    excess_inside: float


def _brackets(mass: int, points: FloatArray, excesses: FloatArray) -> Iterator[_Bracket]:
    """Yield lower (side 0) and upper edge (1) of each region; outside is inf beyond the points."""
    excluded = excesses <= 0.0
    first = np.flatnonzero(excluded & ~np.concatenate([[False], excluded[:-1]]))
    last = np.flatnonzero(excluded & ~np.concatenate([excluded[1:], [False]]))
    for region, (i, j) in enumerate(zip(first, last, strict=True)):
        before = max(int(i) - 1, 0)
        yield _Bracket(mass, region, 0, points[before], points[i], excesses[before], excesses[i])
        if j + 1 < points.size:
            yield _Bracket(mass, region, 1, points[j + 1], points[j], excesses[j + 1], excesses[j])
        else:
            yield _Bracket(mass, region, 1, np.inf, points[j], np.inf, excesses[j])


def _roots(
    excess: Excess, number: int, brackets: Sequence[_Bracket], accuracy: float
) -> FloatArray:
    """Return the logarithms of the couplings at the edges."""
    if not brackets:
        return np.zeros(0)
    columns = np.array(brackets).T
    of_mass = columns[0].astype(np.intp)
    _, first = np.unique(of_mass, return_index=True)
    row = np.arange(of_mass.size) - first[np.searchsorted(of_mass[first], of_mass)]
    full = np.zeros((int(row.max()) + 1, number))

    def on_all_masses(which: NDArray[np.intp], x: FloatArray) -> FloatArray:
        # always all masses, so that what depends on them alone is calculated once
        full[:] = x[0]
        full[row[which], of_mass[which]] = x
        return np.asarray(excess(np.arange(number), full)[row[which], of_mass[which]])

    return crossings(
        on_all_masses,
        columns[3],
        columns[4],
        relative=0.0,
        least=accuracy,
        values=(columns[5], columns[6]),
    )


def edges_dataset(grid: FloatArray, lower: FloatArray, upper: FloatArray) -> xr.Dataset:
    """Return edges as the variables ``coupling_lo`` and ``coupling_hi``.

    Along ``mass_GeV``, and along ``region`` too where there is more than one anywhere.

    Parameters
    ----------
    grid : ndarray, shape (n,)
        Masses, GeV.
    lower, upper : ndarray, shape (n, regions)
        As from `excluded_regions`.
    """
    import xarray as xr

    number = lower.shape[1]
    dimensions = ("mass_GeV",) if number == 1 else ("mass_GeV", "region")
    shape = grid.shape if number == 1 else lower.shape
    coords: dict[str, object] = {"mass_GeV": ("mass_GeV", grid, {"units": "GeV"})}
    if number > 1:
        coords["region"] = ("region", np.arange(1, number + 1), {"units": "1"})
    return xr.Dataset(
        {
            "coupling_lo": (
                dimensions,
                lower.reshape(shape),
                {"units": "1", "long_name": "lower edge"},
            ),
            "coupling_hi": (
                dimensions,
                upper.reshape(shape),
                {"units": "1", "long_name": "upper edge"},
            ),
        },
        coords=coords,
    )


def _with_island(
    excess: Excess, mass: int, grid: FloatArray, values: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return couplings and excesses, with finer steps where an island may hide between steps."""
    closest = int(np.argmin(values))
    if values[closest] <= 0.0 or values[closest] > _CLOSE:
        return grid, values
    low, high = grid[max(closest - 1, 0)], grid[min(closest + 1, grid.size - 1)]
    fine = np.linspace(low, high, _FINE_STEPS + 1)[1:-1]
    found = excess(np.array([mass]), fine[:, None])[:, 0]
    points = np.concatenate([grid, fine])
    order = np.argsort(points)
    return points[order], np.concatenate([values, found])[order]
