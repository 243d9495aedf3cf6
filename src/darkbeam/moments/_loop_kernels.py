r"""The compiled loop integral of the anomalous moment, exact to rounding at any mass ratio.

With :math:`x = 1/(1 + e^{-u})` the integral over x from 0 to 1 becomes one over all u, in which
each scale of the problem, such as :math:`1 - x \sim (m_f/M)^2`, is a feature of width one; the sum
over equidistant u then converges exponentially (trapezoidal rule of an analytic function). What is
left is due to the two roots of the denominator that lie near the real axis, or on it if
:math:`m > m_f + M`, and is known in closed form: a pole of residue R at :math:`u_0` makes the sum
differ from the integral by :math:`-R\pi\cot(\pi u_0/h)` (its principal value) on the axis and by
:math:`2\pi i R\, w/(1 - w)`, :math:`w = e^{2\pi i u_0/h}`, above it. The grid is shifted to pass as
far as possible from poles on the axis and close to it. Poles near :math:`i\pi` have residues that
grow without bound, but images of the other pole lie beside them and cancel them.
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
_DISTANT = 2.6  # poles above it contribute exp(-2 pi 2.6/STEP) = 7e-15, or cancel their images
_PER_COUPLING = 1.0 / (8.0 * math.pi**2)
_WIDEST = 74.0  # twice the logarithm of the largest ratio of masses that is let in, 1e16

FIRST = -math.ceil((_BELOW + _WIDEST) / STEP)
_U = STEP * np.arange(FIRST, math.ceil((_ABOVE + _WIDEST) / STEP) + 1)
X = 1.0 / (1.0 + np.exp(-_U))
Y = 1.0 / (1.0 + np.exp(_U))
GRID = np.ascontiguousarray([X, Y, X * Y, np.minimum(X, Y) ** 2, STEP * X * X * Y])
"""x, y = 1 - x, x y, min(x, y)^2 and the weight h x^2 y at u = STEP (FIRST + k)."""

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


@kernel
def _denominator(m: float, m_f: float, mediator: float) -> tuple[float, float, float]:
    """Return a, b, squared for the two forms of the denominator y - squared x y + end x.

    They are y + b x + squared x^2, for x < y, and a y + end x + squared y^2, for y < x. Products of
    sums and differences keep the digits of a = 1 - squared and b = end - squared.
    """
    nearly_one = (mediator - m) * (mediator + m) / mediator**2
    difference = (m_f - m) * (m_f + m) / mediator**2
    return nearly_one, difference, (m / mediator) ** 2


@kernel(fastmath=_REORDERED)
def _half_sum(
    grid: NDArray[np.float64],
    start: int,
    stop: int,
    top: tuple[float, float, float],
    bottom: tuple[float, float, float],
) -> float:
    """Return the sum over a part of the fixed grid on one side of x = y."""
    # Slices, so that the compiler need not allow for negative indices and adds several at once.
    x, y, xy = grid[0, start:stop], grid[1, start:stop], grid[2, start:stop]
    square, weight = grid[3, start:stop], grid[4, start:stop]
    total = 0.0
    for k in range(x.size):
        numerator = top[0] * xy[k] + top[1] * y[k] + top[2] * x[k]
        denominator = bottom[0] * y[k] + bottom[1] * x[k] + bottom[2] * square[k]
        total += weight[k] * numerator / denominator
    return total


@kernel
def _sum(
    grid: NDArray[np.float64],
    first: int,
    last: int,
    top: tuple[float, float, float],
    bottom: tuple[float, float, float],
    end: float,
) -> float:
    """Return the sum over the nodes u = k h of the fixed grid from `first` to `last`."""
    total = _half_sum(grid, first - FIRST, -FIRST, top, (1.0, bottom[1], bottom[2]))
    return total + _half_sum(grid, -FIRST, last + 1 - FIRST, top, (bottom[0], end, bottom[2]))


@kernel
def _shifted_sum(
    first: int,
    last: int,
    shift: float,
    top: tuple[float, float, float],
    bottom: tuple[float, float, float],
    end: float,
) -> float:
    """Return the sum over the nodes u = (k + shift) h, with 0 <= shift < 1."""
    total = 0.0
    for k in range(first, last + 1):
        t = math.exp(-abs((k + shift) * STEP))
        large, small = 1.0 / (1.0 + t), t / (1.0 + t)
        if k < 0:
            x, y = small, large
            denominator = y + (bottom[1] + bottom[2] * x) * x
        else:
            x, y = large, small
            denominator = end * x + (bottom[0] + bottom[2] * y) * y
        total += x * x * y * (top[0] * x * y + top[1] * y + top[2] * x) / denominator
    return total * STEP


@kernel
def loop_integral(
    structure: int, m: float, m_f: float, mediator: float, grid: NDArray[np.float64]
) -> float:
    """Return Delta a per squared coupling: external mass, internal mass, mass of the mediator."""
    squared, end = (m / mediator) ** 2, (m_f / mediator) ** 2
    top = _numerator(structure, m_f / m, squared)
    bottom = _denominator(m, m_f, mediator)
    low = math.log(min(1.0, 1.0 / max(squared, end))) - _BELOW
    high = math.log(max(1.0, max(1.0, squared) / end)) + _ABOVE
    first, last = math.floor(low / STEP), math.ceil(high / STEP)
    sum_x = (mediator**2 + (m - m_f) * (m + m_f)) / m**2
    sum_y = (m_f**2 + (m - mediator) * (m + mediator)) / m**2
    discriminant = (m + mediator - m_f) * (m + mediator + m_f)
    excess = m - max(mediator, m_f) - min(mediator, m_f)  # exact where it is small
    discriminant *= excess * (m - mediator + m_f) / m**4
    apart = math.sqrt(abs(discriminant))
    if discriminant >= 0.0 and m > m_f and m > mediator:
        if discriminant > 0.0:
            total = _principal_value(first, last, top, bottom, end, (sum_x, sum_y, apart))
        else:
            total = _at_threshold(structure, first, last, top, bottom, end, sum_x / sum_y)
    elif discriminant < 0.0:
        total = _below_threshold(grid, first, last, top, bottom, end, (sum_x, sum_y, apart))
    else:
        total = _sum(grid, first, last, top, bottom, end)
    return total * squared * _PER_COUPLING


@kernel
def _below_threshold(
    grid: NDArray[np.float64],
    first: int,
    last: int,
    top: tuple[float, float, float],
    bottom: tuple[float, float, float],
    end: float,
    roots: tuple[float, float, float],
) -> float:
    """Return the integral where the roots are complex; `roots`: their sums and their distance."""
    sum_x, sum_y, apart = roots
    x, y = complex(0.5 * sum_x, 0.5 * apart), complex(0.5 * sum_y, -0.5 * apart)
    angle = math.atan2(x.imag, x.real) + math.atan2(-y.imag, y.real)
    if angle > _DISTANT:
        return _sum(grid, first, last, top, bottom, end)
    size = math.log(abs(x) / abs(y))
    if angle > STEP:
        shift = 0.0
        total = _sum(grid, first, last, top, bottom, end)
    else:
        shift = (size / STEP + 0.5) % 1.0
        total = _shifted_sum(first, last, shift, top, bottom, end)
    wave = cmath.exp(2j * math.pi * (complex(size, angle) / STEP - shift))
    residue = x * (top[0] * x * y + top[1] * y + top[2] * x) / (1j * bottom[2] * apart)
    added: float = 2.0 * (2j * math.pi * residue * wave / (1.0 - wave)).real
    return total - added


@kernel
def _principal_value(
    first: int,
    last: int,
    top: tuple[float, float, float],
    bottom: tuple[float, float, float],
    end: float,
    roots: tuple[float, float, float],
) -> float:
    """Return the integral where both roots lie between 0 and 1; `roots`: sums and distance."""
    sum_x, sum_y, apart = roots
    squared = bottom[2]
    upper_x = 0.5 * (sum_x + apart)
    lower_x = 1.0 / (squared * upper_x)
    upper_y = 0.5 * (sum_y + apart)
    lower_y = end / (squared * upper_y)
    above = math.log(upper_x / lower_y) / STEP
    gap = (math.log1p(apart / lower_x) + math.log1p(apart / lower_y)) / STEP
    below = above - gap
    near, far = min(above % 1.0, below % 1.0), max(above % 1.0, below % 1.0)
    shift = 0.5 * (near + far)
    if far - near < 0.5:
        shift = (shift + 0.5) % 1.0
    total = _shifted_sum(first, last, shift, top, bottom, end)
    one, other = math.pi * (above - shift), math.pi * (below - shift)
    at_upper = upper_x * (top[0] * upper_x * lower_y + top[1] * lower_y + top[2] * upper_x)
    at_lower = lower_x * (top[0] * lower_x * upper_y + top[1] * upper_y + top[2] * lower_x)
    if gap > 4.0:
        residues = at_upper / math.tan(one) - at_lower / math.tan(other)
        return total + math.pi / (squared * apart) * residues
    # Close above the threshold the two poles all but cancel: the difference as such. The numerator
    # is A x^2 - A x^3 + B x - B x^2 + D x^2, and the roots have the product 1/squared.
    slope = top[1] + (top[0] - top[1] + top[2]) * sum_x - top[0] * (sum_x**2 - 1.0 / squared)
    turn = math.sin(math.pi * gap) / (math.sin(one) * math.sin(other))
    return total + math.pi / squared * (slope / math.tan(one) - at_lower * turn / apart)


@kernel
def _at_threshold(
    structure: int,
    first: int,
    last: int,
    top: tuple[float, float, float],
    bottom: tuple[float, float, float],
    end: float,
    x_over_y: float,
) -> float:
    """Return the integral at a double root: finite where the pair is in a p-wave, else NaN.

    The numerator of the vector and the pseudoscalar vanishes there; those of the others diverge.
    """
    if structure in (AXIAL, SCALAR):
        return math.nan
    shift = (math.log(x_over_y) / STEP + 0.5) % 1.0
    return _shifted_sum(first, last, shift, top, bottom, end)


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
