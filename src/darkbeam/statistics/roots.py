"""Roots of many functions of one variable at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["crossings"]

FloatArray = NDArray[np.float64]

_STEPS = 100


def crossings(
    function: Callable[[NDArray[np.intp], FloatArray], FloatArray],
    low: FloatArray,
    high: FloatArray,
    *,
    relative: float = 1e-12,
    least: float = 1e-10,
    values: tuple[FloatArray, FloatArray] | None = None,
) -> FloatArray:
    """Return where functions, positive at `low`, become negative before `high`.

    The method of T. R. Chandrupatla, Adv. Eng. Software 28 (1997) 145: inverse quadratic
    interpolation where that is safe, halving elsewhere, so that jumps are found as well.

    Parameters
    ----------
    function : callable
        Of the indices of the functions wanted and one argument for each.
    low, high : ndarray, shape (P,)
        Brackets.
    relative, least : float
        Width of a bracket, as a share of the root or at least, that is good enough.
    values : tuple of ndarray, optional
        Those of the functions at `low` and `high`, where they are known.
    """
    everything = np.arange(low.size)
    if low.size == 0:
        return low.copy()
    a, b = high.copy(), low.copy()
    if values is None:
        f_a, f_b = function(everything, a), function(everything, b)
    else:
        f_b, f_a = values[0].copy(), values[1].copy()
    c, f_c = b.copy(), f_b.copy()
    share = np.full(low.shape, 0.5)
    active = everything
    for _ in range(_STEPS):
        if active.size == 0:
            break
        x = a[active] + share[active] * (b[active] - a[active])
        f = function(active, x)
        same = (f > 0.0) == (f_a[active] > 0.0)
        c[active], f_c[active] = (
            np.where(same, a[active], b[active]),
            np.where(same, f_a[active], f_b[active]),
        )
        b[active] = np.where(same, b[active], a[active])
        f_b[active] = np.where(same, f_b[active], f_a[active])
        a[active], f_a[active] = x, f
        width = np.abs(b[active] - a[active])
        enough = np.maximum(relative * np.abs(a[active]), least)
        going = width > enough
        active = active[going]
        share[active] = _share(*(v[active] for v in (a, b, c, f_a, f_b, f_c)))
        edge = np.minimum(0.5 * enough[going] / width[going], 0.5)
        share[active] = np.clip(share[active], edge, 1.0 - edge)
    return 0.5 * (a + b)


def _share(
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    f_a: FloatArray,
    f_b: FloatArray,
    f_c: FloatArray,
) -> FloatArray:
    """Return how far from a to b the next point lies."""
    with np.errstate(divide="ignore", invalid="ignore"):
        xi = (a - b) / (c - b)
        phi = (f_a - f_b) / (f_c - f_b)
        smooth = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        share = f_a / (f_b - f_a) * f_c / (f_b - f_c) + (c - a) / (b - a) * f_a / (
            f_c - f_a
        ) * f_b / (f_c - f_b)
    return np.where(smooth & np.isfinite(share), share, 0.5)
