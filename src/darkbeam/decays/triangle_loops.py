r"""Triangle loops: the amplitudes with which spin-0 particles couple to two photons or gluons.

With :math:`\tau = M^2/(4m^2)`, `M` the mass of the decaying particle and `m` that in the loop,

.. math::

   f(\tau) = \begin{cases} \arcsin^2\sqrt\tau & \tau \le 1 \\
   -\frac14 \left[ \ln\frac{1 + \sqrt{1 - 1/\tau}}{1 - \sqrt{1 - 1/\tau}} - i\pi \right]^2
   & \tau > 1 \end{cases}

The normalisation is that of A. Djouadi, hep-ph/0503172, eqs. 2.45-2.50: the amplitude tends to the
coefficient of the particle in the beta function of QED (4/3, 1/3, -7) as it gets heavy, which is
what the low-energy theorem asks for. Below :math:`\tau = 0.1` the power series is summed, because
the closed forms cancel there.
"""

from __future__ import annotations

from math import comb, pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "charged_scalar_amplitude",
    "fermion_pseudoscalar_amplitude",
    "fermion_scalar_amplitude",
    "w_amplitude",
]

ComplexArray = NDArray[np.complex128]

_SERIES_BELOW = 0.1  # 0.1^15: the terms left out are below double precision
# arcsin^2(sqrt tau) = sum_n a_n tau^n
_A = np.array([0.0] + [2.0 ** (2 * n - 1) / (n * n * comb(2 * n, n)) for n in range(1, 18)])
_FERMION_SERIES = 2.0 * (_A[1:-1] - _A[2:])
_PSEUDOSCALAR_SERIES = 2.0 * _A[1:]
_SCALAR_SERIES = _A[2:]
_W_SERIES = -3.0 * (2.0 * _A[1:-1] - _A[2:])
_W_SERIES[0] -= 2.0


def _split(tau: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_], ComplexArray]:
    """Return tau, where the series holds, and f(tau) elsewhere."""
    value = np.asarray(tau, dtype=np.float64)
    small = value < _SERIES_BELOW
    below = np.arcsin(np.sqrt(np.clip(value, 0.0, 1.0))) ** 2
    above = np.maximum(value, 1.0)
    # (1 + r)/(1 - r) = tau (1 + r)^2, r = sqrt(1 - 1/tau): nothing cancels as tau grows.
    logarithm = np.log(above) + 2.0 * np.log1p(np.sqrt(1.0 - 1.0 / above))
    loop = np.where(value <= 1.0, below, -0.25 * (logarithm - 1j * pi) ** 2)
    return value, small, np.asarray(loop, dtype=np.complex128)


def _join(
    value: NDArray[np.float64],
    small: NDArray[np.bool_],
    series: NDArray[np.float64],
    closed: ComplexArray,
) -> ComplexArray:
    summed = np.polynomial.polynomial.polyval(np.where(small, value, 0.0), series)
    return np.asarray(np.where(small, summed, closed), dtype=np.complex128)


def fermion_scalar_amplitude(tau: ArrayLike) -> ComplexArray:
    r"""Return the amplitude of a fermion in the loop of a scalar, 4/3 for a heavy fermion.

    .. math:: A_{1/2}(\tau) = 2\,[\tau + (\tau - 1) f(\tau)]/\tau^2

    Parameters
    ----------
    tau : array_like
        :math:`M^2/(4 m^2)`, not negative.
    """
    value, small, loop = _split(tau)
    safe = np.where(small, 1.0, value)
    return _join(value, small, _FERMION_SERIES, 2.0 * (safe + (safe - 1.0) * loop) / safe**2)


def fermion_pseudoscalar_amplitude(tau: ArrayLike) -> ComplexArray:
    r"""Return the amplitude of a fermion in the loop of a pseudoscalar, 2 for a heavy fermion.

    .. math:: A^A_{1/2}(\tau) = 2 f(\tau)/\tau

    Parameters
    ----------
    tau : array_like
        :math:`M^2/(4 m^2)`, not negative.
    """
    value, small, loop = _split(tau)
    return _join(value, small, _PSEUDOSCALAR_SERIES, 2.0 * loop / np.where(small, 1.0, value))


def charged_scalar_amplitude(tau: ArrayLike) -> ComplexArray:
    r"""Return the amplitude of a charged spin-0 particle in the loop, 1/3 for a heavy one.

    .. math:: A_0(\tau) = -[\tau - f(\tau)]/\tau^2

    Parameters
    ----------
    tau : array_like
        :math:`M^2/(4 m^2)`, not negative.
    """
    value, small, loop = _split(tau)
    safe = np.where(small, 1.0, value)
    return _join(value, small, _SCALAR_SERIES, (loop - safe) / safe**2)


def w_amplitude(tau: ArrayLike) -> ComplexArray:
    r"""Return the amplitude of the W in the loop of a scalar, -7 for a light scalar.

    .. math:: A_1(\tau) = -[2\tau^2 + 3\tau + 3(2\tau - 1) f(\tau)]/\tau^2

    Parameters
    ----------
    tau : array_like
        :math:`M^2/(4 m_W^2)`, not negative.
    """
    value, small, loop = _split(tau)
    safe = np.where(small, 1.0, value)
    closed = -(2.0 * safe**2 + 3.0 * safe + 3.0 * (2.0 * safe - 1.0) * loop) / safe**2
    return _join(value, small, _W_SERIES, closed)
