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

_STEP = (
    0.5  # the images of the poles, at Im u = pi and beyond, contribute exp(-2 pi^2/step) = 7e-18
)
_TAIL = 38.0  # exp(-38) = 3e-17 is left out at either end
_PER_COUPLING = 1.0 / (8.0 * math.pi**2)


@kernel(inline="always")
def _numerator(structure: int, x: complex, y: complex, ratio: float, squared: float) -> complex:
    """Return the numerator at x, y = 1 - x; `ratio` is m_f/m, `squared` (m/M)^2."""
    if structure == VECTOR:
        return 2.0 * x * y * (x - 2.0 + 2.0 * ratio) + squared * x * x * (1.0 - ratio) ** 2 * (
            y + ratio
        )
    if structure == AXIAL:
        return 2.0 * x * y * (x - 2.0 - 2.0 * ratio) + squared * x * x * (1.0 + ratio) ** 2 * (
            y - ratio
        )
    if structure == SCALAR:
        return x * x * (y + ratio)
    return x * x * (y - ratio)


@kernel
def _trapezoid(
    structure: int,
    ratio: float,
    squared: float,
    end: float,
    span: tuple[float, float],
    shift: float,
) -> float:
    """Return the sum over the grid u = (k + shift) h; `end` is (m_f/M)^2."""
    first = math.floor(span[0] / _STEP)
    last = math.ceil(span[1] / _STEP)
    total = 0.0
    for k in range(first, last + 1):
        t = math.exp(-abs((k + shift) * _STEP))
        large, small = 1.0 / (1.0 + t), t / (1.0 + t)
        x, y = (large, small) if k + shift > 0.0 else (small, large)
        denominator = y - squared * x * y + end * x
        total += _numerator(structure, x, y, ratio, squared).real / denominator * x * y
    return total * _STEP


@kernel
def loop_integral(structure: int, m: float, m_f: float, mediator: float) -> float:
    """Return Delta a per squared coupling: external mass, internal mass, mass of the mediator."""
    ratio, squared, end = m_f / m, (m / mediator) ** 2, (m_f / mediator) ** 2
    span = (
        math.log(min(1.0, (mediator / m) ** 2, (mediator / m_f) ** 2)) - _TAIL,
        math.log(max(1.0, (mediator / m_f) ** 2)) + _TAIL,
    )
    # Roots of y - squared x y + end x; the discriminant as a product keeps its digits.
    discriminant = (m + mediator - m_f) * (m + mediator + m_f)
    discriminant *= (m - mediator - m_f) * (m - mediator + m_f) / mediator**4
    root = math.sqrt(abs(discriminant))
    sum_x = (1.0 + squared - end) / squared
    sum_y = (squared - 1.0 + end) / squared
    if discriminant < 0.0:
        half = 0.5 * root / squared
        x, y = complex(0.5 * sum_x, half), complex(0.5 * sum_y, -half)
        pole = cmath.log(x) - cmath.log(y)
        residue = _numerator(structure, x, y, ratio, squared) / (1j * root)
        wave = cmath.exp(2j * math.pi * pole / _STEP)
        total = _trapezoid(structure, ratio, squared, end, span, 0.0)
        total -= 2.0 * (2j * math.pi * residue * wave / (1.0 - wave)).real
    elif sum_x > 0.0 and sum_y > 0.0 and m > m_f:
        total = _principal_value(structure, ratio, squared, end, span, (sum_x, sum_y, root))
    else:
        total = _trapezoid(structure, ratio, squared, end, span, 0.0)
    return total * squared * _PER_COUPLING


@kernel
def _principal_value(
    structure: int,
    ratio: float,
    squared: float,
    end: float,
    span: tuple[float, float],
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
    first, second = (above / _STEP) % 1.0, (below / _STEP) % 1.0
    near, far = min(first, second), max(first, second)
    shift = 0.5 * (near + far)
    if far - near < 0.5:
        shift = (shift + 0.5) % 1.0
    total = _trapezoid(structure, ratio, squared, end, span, shift)
    offset = shift * _STEP
    for sign, x, y, pole in ((1.0, upper_x, lower_y, above), (-1.0, lower_x, upper_y, below)):
        residue = _numerator(structure, x, y, ratio, squared).real / (sign * root)
        total += residue * math.pi / math.tan(math.pi * (pole - offset) / _STEP)
    return total


@kernel
def loop_integrals(
    structure: int,
    m: NDArray[np.float64],
    m_f: NDArray[np.float64],
    mediator: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Fill `out` with `loop_integral` of arrays of one length."""
    for i in range(out.size):
        out[i] = loop_integral(structure, m[i], m_f[i], mediator[i])
