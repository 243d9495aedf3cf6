"""Excluded regions: between which couplings something is excluded, at each mass."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

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
    excess: Excess, number: int, largest: float, *, accuracy: float = 1e-9
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
    brackets: list[tuple[int, int, int, float, float]] = []
    regions = []
    for mass in range(number):
        points, allowed = _with_island(excess, mass, grid, values[:, mass])
        inside = allowed <= 0.0
        first = np.flatnonzero(inside & ~np.concatenate([[False], inside[:-1]]))
        last = np.flatnonzero(inside & ~np.concatenate([inside[1:], [False]]))
        regions.append(len(first))
        for k, (i, j) in enumerate(zip(first, last, strict=True)):
            outside = points[i - 1] if i > 0 else points[i]
            brackets.append((mass, k, 0, outside, points[i]))
            outside = points[j + 1] if j + 1 < points.size else np.inf
            brackets.append((mass, k, 1, outside, points[j]))
    edges = np.full((number, max([1, *regions]), 2), np.inf)
    sought = [b for b in brackets if np.isfinite(b[3]) and b[3] != b[4]]
    for mass, k, side, outside, inside_point in brackets:
        edges[mass, k, side] = np.exp(inside_point) if np.isfinite(outside) else np.inf
    if sought:
        of_mass = np.array([b[0] for b in sought])
        row = np.array(
            [sum(other[0] == b[0] for other in sought[:i]) for i, b in enumerate(sought)]
        )
        full = np.zeros((int(row.max()) + 1, number))

        def on_all_masses(which: NDArray[np.intp], x: FloatArray) -> FloatArray:
            # always all masses, so that what depends on them alone is calculated once
            full[:] = x[0]
            full[row[which], of_mass[which]] = x
            return np.asarray(excess(np.arange(number), full)[row[which], of_mass[which]])

        found = crossings(
            on_all_masses,
            np.array([b[3] for b in sought]),
            np.array([b[4] for b in sought]),
            relative=0.0,
            least=accuracy,
        )
        for (mass, k, side, _, _), x in zip(sought, found, strict=True):
            edges[mass, k, side] = np.exp(x)
    return edges[..., 0], edges[..., 1]


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
