"""Compiled sum of the yields of all sources and final states at given widths."""

from __future__ import annotations

from math import exp, floor, log

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel

FloatArray = NDArray[np.float64]


@kernel
def fill_yields_per_width(
    edges: FloatArray, heights: FloatArray, widths: FloatArray, out: FloatArray
) -> None:
    """Fill N/Gamma, shape (tables, widths), of tables of F in the same cells of proper time."""
    out[:] = 0.0
    for k in range(widths.size):
        for i in range(edges.size - 1):
            before = edges[i] * widths[k]
            if before > 700.0:
                break
            within = (edges[i + 1] - edges[i]) * widths[k]
            # (1 - exp(-a))/a, without its cancellation
            share = 1.0 - 0.5 * within if within < 1e-6 else (1.0 - exp(-within)) / within
            decays = (edges[i + 1] - edges[i]) * exp(-before) * share
            for s in range(heights.shape[0]):
                out[s, k] += heights[s, i] * decays


@kernel
def interpolate(curve: FloatArray, place: float) -> float:
    """Return a curve by the cubic through the four nearest points; flat below, straight above."""
    last = curve.size - 1
    if place <= 0.0:
        return float(curve[0])
    if place >= last:
        return float(curve[last] + (place - last) * (curve[last] - curve[last - 1]))
    k = floor(place)
    t = place - k
    a, b = curve[k], curve[k + 1]
    before = curve[k - 1] if k > 0 else 2.0 * a - b
    after = curve[k + 2] if k + 2 <= last else 2.0 * b - a
    # Lagrange's form
    return float(
        -t * (t - 1.0) * (t - 2.0) / 6.0 * before
        + (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0 * a
        - (t + 1.0) * t * (t - 2.0) / 2.0 * b
        + (t + 1.0) * t * (t - 1.0) / 6.0 * after
    )


@kernel
def add_yields(
    first: float,
    step: float,
    curves: FloatArray,
    widths: FloatArray,
    strengths: FloatArray,
    partial: FloatArray,
    out: FloatArray,
) -> None:
    """Add what is seen at each width.

    `curves` has ln(N/Gamma) on even steps of ln(Gamma) from `first`, shape (sources, states,
    points), -inf where nothing is seen; `strengths` (sources, widths) and the partial widths
    `partial` (states, widths) multiply.
    """
    for j in range(widths.size):
        if not widths[j] > 0.0:
            continue
        place = (log(widths[j]) - first) / step
        for s in range(curves.shape[0]):
            if strengths[s, j] == 0.0:
                continue
            for c in range(curves.shape[1]):
                if partial[c, j] == 0.0 or curves[s, c, 0] == -np.inf:
                    continue
                # N/Gamma times the partial width is N times the branching fraction
                out[j] += strengths[s, j] * partial[c, j] * exp(interpolate(curves[s, c], place))
