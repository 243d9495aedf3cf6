"""Yields of all sources and final states at one mass as curves of the width, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkbeam.experiments.displaced.decay_probability import ProperTimeTable

__all__ = ["YieldCurves", "yield_curves"]

FloatArray = NDArray[np.float64]

_POINTS_PER_DECADE = 12
# Beyond so many lifetimes before the first decay that is seen, nothing is left: exp(-120).
_MOST_LIFETIMES = 120.0
# Below this part of a lifetime at the last decay that is seen, the yield is linear in the width.
_LONG_LIVED = 1e-4


@dataclass(frozen=True, eq=False)
class YieldCurves:
    """What is seen by source and final state as a function of the total width; no coupling in it.

    Attributes
    ----------
    sources, states : tuple of str
        Names.
    first_log_width, log_step : float
        Of the even grid in the natural logarithm of the width in GeV.
    curves : ndarray, shape (sources, states, points)
        ln(N/Gamma) for a branching fraction of one; -inf where nothing is ever seen. Below the
        grid N/Gamma is constant; above it is a power of the width, by which nothing is left.
    """

    sources: tuple[str, ...]
    states: tuple[str, ...]
    first_log_width: float
    log_step: float
    curves: FloatArray

    @property
    def empty(self) -> bool:
        """Whether nothing can be seen, whatever the couplings."""
        return not np.any(np.isfinite(self.curves))

    def events(self, width: FloatArray, strengths: FloatArray, partial: FloatArray) -> FloatArray:
        """Return the events per particle on target.

        Parameters
        ----------
        width : ndarray, shape (n,)
            Total widths, GeV.
        strengths : ndarray, shape (sources, n)
            Couplings of the production, as each source counts them.
        partial : ndarray, shape (states, n)
            Partial widths, GeV.
        """
        from darkbeam.experiments.displaced._yield_kernels import add_yields

        out = np.zeros(width.size)
        add_yields(
            self.first_log_width,
            self.log_step,
            self.curves,
            np.ascontiguousarray(width),
            np.ascontiguousarray(strengths),
            np.ascontiguousarray(partial),
            out,
        )
        return out


def yield_curves(
    sources: Sequence[str], states: Sequence[str], tables: Sequence[Sequence[ProperTimeTable]]
) -> YieldCurves:
    """Return the curves of tables, one for each source and final state.

    Parameters
    ----------
    sources, states : sequence of str
        Names.
    tables : sequence of sequences of ProperTimeTable
        By state and source; those of a state have the same cells.
    """
    from darkbeam.experiments.displaced._yield_kernels import fill_yields_per_width

    used = [table for row in tables for table in row if not table.empty]
    shape = (len(sources), len(states))
    if not used:
        return YieldCurves(tuple(sources), tuple(states), 0.0, 1.0, np.full((*shape, 2), -np.inf))
    low, high = np.log(_bounds(used))
    number = int(np.ceil((high - low) / np.log(10.0) * _POINTS_PER_DECADE)) + 2
    grid, step = np.linspace(low, high, number, retstep=True)
    curves = np.full((*shape, number), -np.inf)
    values = np.empty((len(sources), number))
    for c, row in enumerate(tables):
        seen = np.array([not table.empty for table in row])
        if seen.any():
            heights = np.array([table.heights.mean(axis=0) for table in row])
            fill_yields_per_width(row[0].edges, heights, np.exp(grid), values)
            curves[seen, c] = np.log(np.maximum(values[seen], 1e-300))
    return YieldCurves(tuple(sources), tuple(states), float(low), float(step), curves)


def _bounds(tables: Sequence[ProperTimeTable]) -> tuple[float, float]:
    """Return the widths between which the yields are no power of the width."""
    nearest, farthest = np.inf, 0.0
    for table in tables:
        seen = np.flatnonzero(np.any(table.heights > 0.0, axis=0))
        first, last = table.edges[seen[0]], table.edges[seen[-1] + 1]
        # decays at the very beginning of the path: there the width itself sets the scale
        nearest = min(nearest, first if first > 0.0 else 1e-6 * last)
        farthest = max(farthest, last)
    return _LONG_LIVED / farthest, _MOST_LIFETIMES / nearest
