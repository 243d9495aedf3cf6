"""Direction cosines, and what a step leaves in the bins of depth and energy."""

from __future__ import annotations

from math import cos, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel

__all__ = ["deposit", "track", "turn"]

Array = NDArray[np.float64]


@kernel
def turn(mu: float, c: float, turns: float) -> float:
    """Direction cosine after a deflection of cosine c at a random azimuth."""
    s2 = (1.0 - mu * mu) * (1.0 - c * c)
    value = mu * c
    if s2 > 0.0:
        value += sqrt(s2) * cos(2.0 * pi * turns)
    return min(1.0, max(-1.0, value))


@kernel
def deposit(edges: Array, bins: Array, z0: float, z1: float, energy: float) -> None:
    """Spread an energy evenly between two depths over the bins."""
    n = edges.size - 1
    a, b = min(z0, z1), max(z0, z1)
    if a >= edges[n] or b < edges[0] or n == 0:
        return
    low, high = 0, n
    while high - low > 1:
        middle = (low + high) >> 1
        if edges[middle] <= a:
            low = middle
        else:
            high = middle
    if b <= edges[low + 1] and a >= edges[low]:
        bins[low] += energy
        return
    density = energy / (b - a)
    while low < n and edges[low] < b:
        part = min(b, edges[low + 1]) - max(a, edges[low])
        if part > 0.0:
            bins[low] += density * part
        low += 1


@kernel
def track(edges: Array, bins: Array, upper: int, t0: float, t1: float, path: float) -> int:
    """Spread a path over the energy bins from t0 down to t1; return the lowest bin reached.

    `upper` is a bin that is not below that of t0, or -1 where none is known.
    """
    if upper < 0:
        upper = bins.size
        low = 0
        while upper - low > 1:
            middle = (low + upper) >> 1
            if edges[middle] <= t0:
                low = middle
            else:
                upper = middle
    while upper > 0 and edges[upper] > t0:
        upper -= 1
    if t1 >= edges[upper]:
        if upper < bins.size:
            bins[upper] += path
        return upper
    slope = path / (t0 - t1)
    top = t0
    while True:
        bottom = max(edges[upper], t1)
        if upper < bins.size and top > bottom:
            bins[upper] += slope * (top - bottom)
        top = bottom
        if upper == 0 or t1 >= edges[upper]:
            return upper
        upper -= 1
