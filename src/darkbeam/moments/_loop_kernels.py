r"""The compiled loop integral of the anomalous moment, exact to rounding at any mass ratio.

With :math:`x = 1/(1 + e^{-u})` the integral over x from 0 to 1 becomes one over all u, in which
each scale of the problem, such as :math:`1 - x \sim (m_f/M)^2`, is a feature of width one; the sum
over equidistant u then converges exponentially (trapezoidal rule of an analytic function). What is
left is due to the two roots of the denominator that lie near the real axis, or on it if
:math:`m > m_f + M`, and is known in closed form: a pole of residue R at :math:`u_0` makes the sum
differ from the integral by :math:`-R\pi\cot(\pi u_0/h)` (its principal value) on the axis and by
:math:`2\pi i R\, w/(1 - w)`, :math:`w = e^{2\pi i u_0/h}`, above it. The grid is shifted to pass as
far as possible from the poles on the axis.
"""

from __future__ import annotations

import cmath
import math

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel

VECTOR, AXIAL, SCALAR, PSEUDOSCALAR = 0, 1, 2, 3

STEP = 0.5  # the images of the poles, at Im u = pi and beyond, contribute exp(-2 pi^2/STEP) = 7e-18
_BELOW = 16.0  # the integrand falls at least as exp(2u) below all features: 1e-14 is left out
_ABOVE = 32.0  # and at least as exp(-u) above them: 1e-14
_PER_COUPLING = 1.0 / (8.0 * math.pi**2)
_WIDEST = 74.0  # twice the logarithm of the largest ratio of masses that is let in, 1e16

FIRST = -math.ceil((_BELOW + _WIDEST) / STEP)
_U = STEP * np.arange(FIRST, math.ceil((_ABOVE + _WIDEST) / STEP) + 1)
X = 1.0 / (1.0 + np.exp(-_U))
Y = 1.0 / (1.0 + np.exp(_U))
GRID = np.ascontiguousarray([X, Y, X * Y, STEP * X * X * Y])
"""x, y = 1 - x, x y and the weight h x^2 y at u = STEP (FIRST + k)."""

# Sums may be taken in any order, so that several terms are added at once.
_REORDERED = {"reassoc", "contract"}


@kernel
def _numerator(structure: int, ratio: float, squared: float) -> tuple[float, float, float]:
    """Return A, B, D of the numerator x (A x y + B y + D x) for m_f/m and (m/M)^2."""
    signed = ratio if structure in (VECTOR, SCALAR) else -ratio
    if structure in (VECTOR, AXIAL):
        longitudinal = squared * (1.0 - signed) ** 2
        return 2.0 + longitudinal, 4.0 * (signed - 1.0), longitudinal * signed
    return 1.0, 0.0, signed


@kernel(fastmath=_REORDERED)
def _sum(
    grid: NDArray[np.float64],
    first: int,
    last: int,
    top: tuple[float, float, float],
    squared: float,
    end: float,
) -> float:
    """Return the sum over a part of the fixed grid; `end` is (m_f/M)^2."""
    x, y, xy, weight = grid[0], grid[1], grid[2], grid[3]
    total = 0.0
    for k in range(first, last + 1):
        numerator = top[0] * xy[k] + top[1] * y[k] + top[2] * x[k]
        total += weight[k] * numerator / (y[k] - squared * xy[k] + end * x[k])
    return total


@kernel
def _shifted_sum(
    first: int, last: int, shift: float, top: tuple[float, float, float], squared: float, end: float
) -> float:
    """Return the sum over the grid u = (k + shift) h."""
    total = 0.0
    for k in range(first, last + 1):
        t = math.exp(-abs((k + shift) * STEP))
        large, small = 1.0 / (1.0 + t), t / (1.0 + t)
        x, y = (large, small) if k + shift > 0.0 else (small, large)
        numerator = top[0] * x * y + top[1] * y + top[2] * x
        total += x * x * y * numerator / (y - squared * x * y + end * x)
    return total * STEP


@kernel
def loop_integral(
    structure: int, m: float, m_f: float, mediator: float, grid: NDArray[np.float64]
) -> float:
    """Return Delta a per squared coupling: external mass, internal mass, mass of the mediator."""
    squared, end = (m / mediator) ** 2, (m_f / mediator) ** 2
    top = _numerator(structure, m_f / m, squared)
    low = math.log(min(1.0, 1.0 / max(squared, end))) - _BELOW
    high = math.log(max(1.0, max(1.0, squared) / end)) + _ABOVE
    first, last = math.floor(low / STEP), math.ceil(high / STEP)
    # Roots of y - squared x y + end x; the discriminant as a product keeps its digits.
    discriminant = (m + mediator - m_f) * (m + mediator + m_f)
    discriminant *= (m - mediator - m_f) * (m - mediator + m_f) / mediator**4
    root = math.sqrt(abs(discriminant))
    sum_x = (1.0 + squared - end) / squared
    sum_y = (squared - 1.0 + end) / squared
    if discriminant > 0.0 and m > m_f and m > mediator:
        total = _principal_value(first, last, top, squared, end, (sum_x, sum_y, root))
    else:
        total = _sum(grid, first - FIRST, last - FIRST, top, squared, end)
        if discriminant < 0.0:
            total -= _pole_above(top, sum_x, sum_y, root, squared)
    return total * squared * _PER_COUPLING


@kernel
def _pole_above(
    top: tuple[float, float, float], sum_x: float, sum_y: float, root: float, squared: float
) -> float:
    """Return what a pair of complex roots adds to the sum."""
    half = 0.5 * root / squared
    x, y = complex(0.5 * sum_x, half), complex(0.5 * sum_y, -half)
    angle = math.atan2(half, 0.5 * sum_x) + math.atan2(half, 0.5 * sum_y)
    size = 0.5 * math.log((x.real**2 + half**2) / (y.real**2 + half**2))
    wave = cmath.exp(complex(-angle, size) * (2.0 * math.pi / STEP))
    residue = x * (top[0] * x * y + top[1] * y + top[2] * x) / (1j * root)
    added: float = 2.0 * (2j * math.pi * residue * wave / (1.0 - wave)).real
    return added


@kernel
def _principal_value(
    first: int,
    last: int,
    top: tuple[float, float, float],
    squared: float,
    end: float,
    roots: tuple[float, float, float],
) -> float:
    """Return the integral where both roots lie between 0 and 1."""
    sum_x, sum_y, root = roots
    upper_x = 0.5 * (sum_x + root / squared)
    lower_x = 1.0 / (squared * upper_x)
    upper_y = 0.5 * (sum_y + root / squared)
    lower_y = end / (squared * upper_y)
    above = math.log(upper_x / lower_y)
    below = math.log(lower_x / upper_y)
    one, other = (above / STEP) % 1.0, (below / STEP) % 1.0
    near, far = min(one, other), max(one, other)
    shift = 0.5 * (near + far)
    if far - near < 0.5:
        shift = (shift + 0.5) % 1.0
    total = _shifted_sum(first, last, shift, top, squared, end)
    for sign, x, y, pole in ((1.0, upper_x, lower_y, above), (-1.0, lower_x, upper_y, below)):
        residue = x * (top[0] * x * y + top[1] * y + top[2] * x) / (sign * root)
        total += residue * math.pi / math.tan(math.pi * (pole / STEP - shift))
    return total


@kernel
def loop_integrals(
    structure: int,
    m: NDArray[np.float64],
    m_f: NDArray[np.float64],
    mediator: NDArray[np.float64],
    grid: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Fill `out` with `loop_integral` of arrays of one length; `grid` is `GRID`."""
    for i in range(out.size):
        out[i] = loop_integral(structure, m[i], m_f[i], mediator[i], grid)
