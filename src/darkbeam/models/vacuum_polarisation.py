r"""One-loop vacuum polarisation by charged fermions, in closed form.

All functions are those of :math:`q^2 + i0`: above the threshold :math:`q^2 = 4m^2` they have the
imaginary part of the open pair. With :math:`y = 4m^2/q^2` and :math:`\beta = \sqrt{1 - y}` the one
integral is

.. math::

   P(q^2) = 6\int_0^1 dx\, x(1-x) \ln\left[1 - x(1-x)\frac{q^2 + i0}{m^2}\right]
          = -\frac53 - y + \left(1 + \frac y2\right)\beta
            \left[\ln\left|\frac{1+\beta}{1-\beta}\right| - i\pi\,\theta(q^2 - 4m^2)\right] ,

below threshold :math:`\beta\ln\ldots \to 2\sqrt{y-1}\,\arctan(1/\sqrt{y-1})`.
"""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ELEMENTARY_CHARGE
from darkbeam.errors import InputError

__all__ = [
    "opposite_pair_mixing",
    "polarisation",
    "polarisation_difference",
    "real_mixing",
]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_SERIES_BELOW = 0.5
"""Of |q^2|/m^2: below, the closed form loses digits and the Taylor series has less than 1e-17 left
after `_ORDERS` terms (it converges for |q^2| < 4 m^2)."""
_ORDERS = 20


def polarisation(q2: ArrayLike, mass: ArrayLike) -> ComplexArray:
    r"""Return the vacuum polarisation of a fermion, subtracted at :math:`q^2 = 0`.

    .. math:: P(q^2) = 6\int_0^1 dx\, x(1-x) \ln\left[1 - x(1-x)\frac{q^2 + i0}{m^2}\right]

    In quantum electrodynamics :math:`\alpha_{eff}(q^2) = \alpha/(1 - \frac{\alpha}{3\pi} P)` for
    space-like :math:`q^2`. Limits: :math:`-q^2/5m^2` near zero, :math:`\ln(-q^2/m^2) - 5/3` at
    large :math:`|q^2|`.

    Parameters
    ----------
    q2 : array_like
        Momentum transfer squared, GeV^2: negative in scattering, positive in decays.
    mass : array_like
        Mass of the fermion, GeV, > 0.

    Returns
    -------
    ndarray of complex
        Without a unit; exact to rounding (1e-14 relative, worse only around the zero of the real
        part above threshold).

    Raises
    ------
    InputError
        If a mass is not above 0 or an entry is not finite.

    References
    ----------
    Peskin and Schroeder, An Introduction to Quantum Field Theory, eqs. 7.90, 7.91.

    Examples
    --------
    >>> print(f"{polarisation(-100.0, 0.1).real:.4f}")
    7.5443
    """
    momentum2, square = _checked(q2, mass)
    ratio = momentum2 / square
    near = np.abs(ratio) < _SERIES_BELOW
    safe = np.where(near, 1.0, ratio)
    return np.asarray(np.where(near, _series(np.where(near, ratio, 0.0)), _closed(4.0 / safe)))


def polarisation_difference(q2: ArrayLike, mass1: ArrayLike, mass2: ArrayLike) -> ComplexArray:
    r"""Return the vacuum polarisation of one fermion minus that of another: a finite number.

    .. math::

       6\int_0^1 dx\, x(1-x)
       \ln\frac{m_1^2 - x(1-x)(q^2 + i0)}{m_2^2 - x(1-x)(q^2 + i0)}
       = \ln\frac{m_1^2}{m_2^2} + P_1(q^2) - P_2(q^2)

    Limits: :math:`\ln(m_1^2/m_2^2)` at :math:`q^2 = 0`, :math:`-6(m_1^2 - m_2^2)/q^2` at large
    :math:`|q^2|`, computed without the cancellation.

    Parameters
    ----------
    q2 : array_like
        Momentum transfer squared, GeV^2.
    mass1, mass2 : array_like
        Masses of the fermions, GeV, > 0.

    Returns
    -------
    ndarray of complex
        Without a unit.

    Raises
    ------
    InputError
        If a mass is not above 0 or an entry is not finite.

    Examples
    --------
    >>> print(f"{polarisation_difference(0.0, 1.77693, 0.1056583755).real:.4f}")
    5.6449
    """
    momentum2, square1 = _checked(q2, mass1)
    _, square2 = _checked(q2, mass2)
    logarithm = 2.0 * np.log(np.asarray(mass1, dtype=np.float64) / np.asarray(mass2))
    straight = logarithm + polarisation(q2, mass1) - polarisation(q2, mass2)
    # Above both masses the large logarithms of q^2 cancel: leave them out.
    far = np.abs(momentum2) > 4.0 * np.maximum(square1, square2)
    safe = np.where(far, momentum2, 8.0 * np.maximum(square1, square2))
    above = _beyond_logarithm(4.0 * square1 / safe) - _beyond_logarithm(4.0 * square2 / safe)
    return np.asarray(np.where(far, above, straight))


def opposite_pair_mixing(
    q2: ArrayLike, mass1: ArrayLike, mass2: ArrayLike, coupling: ArrayLike
) -> ComplexArray:
    r"""Return the mixing with the photon that two fermions of opposite charges make.

    .. math::

       \epsilon(q^2) = \frac{e\,g'}{12\pi^2}\; 6\int_0^1 dx\, x(1-x)
       \ln\frac{m_1^2 - x(1-x)q^2}{m_2^2 - x(1-x)q^2}

    for fermions 1 and 2 of electric charge +1 and charges :math:`+g', -g'` under the new boson;
    electric charge -1 changes the sign. The coupling of the boson to a fermion f is
    :math:`+\epsilon e Q_f` with the sign of :math:`L = +\epsilon e A'_\mu J^\mu_{em}`,
    whatever the sign of the photon's coupling, which enters twice.

    Derivation: with vertices :math:`i g_1\gamma^\mu, i g_2\gamma^\nu` the loop is
    :math:`i(q^2 g^{\mu\nu} - q^\mu q^\nu)\Pi`,
    :math:`\Pi = \frac{g_1 g_2}{2\pi^2}\int dx\,x(1-x)\ln\Delta` + const (Peskin and Schroeder,
    eq. 7.90); the propagator :math:`-i/q^2` and the vertex :math:`i e Q_f\gamma` turn it into
    :math:`i e Q_f \Pi\gamma`: the coupling is :math:`e Q_f \Pi`.

    Parameters
    ----------
    q2 : array_like
        Momentum transfer squared, GeV^2.
    mass1, mass2 : array_like
        Masses, GeV, > 0.
    coupling : array_like
        :math:`g'` of the first fermion.

    Returns
    -------
    ndarray of complex
        :math:`\epsilon`, without a unit; real below both thresholds.

    Raises
    ------
    InputError
        If a mass is not above 0 or an entry is not finite.

    References
    ----------
    S1 (arXiv:2003.07257) eq. 17; at :math:`q^2 = 0` Holdom, Phys. Lett. B 166 (1986) 196 and S0
    (arXiv:1801.10448) eq. 6.

    Examples
    --------
    >>> print(f"{opposite_pair_mixing(0.0, 1.77693, 0.1056583755, 1.0).real:.5f}")
    0.01443
    """
    strength = ELEMENTARY_CHARGE * np.asarray(coupling, dtype=np.float64) / (12.0 * pi**2)
    return np.asarray(strength * polarisation_difference(q2, mass1, mass2))


def real_mixing(mixing: ArrayLike) -> FloatArray:
    r"""Return the modulus of a complex coupling with the sign of its real part.

    Above the threshold of a fermion in the loop the mixing has an imaginary part. On-shell rates
    go with :math:`|\epsilon|^2`, or the modulus squared of a sum with a tree coupling; the
    entries of a hermitian coupling table are real. What is lost is the phase between two fermions.

    Parameters
    ----------
    mixing : array_like of complex
        :math:`\epsilon`, or a coupling.

    Returns
    -------
    ndarray
        :math:`|\epsilon|\,\mathrm{sign}(\mathrm{Re}\,\epsilon)`.
    """
    value = np.asarray(mixing, dtype=np.complex128)
    return np.asarray(np.copysign(np.abs(value), value.real))


def _checked(q2: ArrayLike, mass: ArrayLike) -> tuple[FloatArray, FloatArray]:
    momentum2 = np.asarray(q2, dtype=np.float64)
    heavy = np.asarray(mass, dtype=np.float64)
    if not np.all(np.isfinite(momentum2)):
        raise InputError(f"q2 must be finite (GeV^2), got {q2!r}")
    if not np.all(np.isfinite(heavy) & (heavy > 0.0)):
        raise InputError(f"mass in the loop must be finite and > 0 GeV, got {mass!r}")
    return momentum2, np.square(heavy)


def _series(ratio: FloatArray) -> ComplexArray:
    """Return P for small q^2/m^2: - 6 sum_n B(n + 2, n + 2) (q^2/m^2)^n / n."""
    beta_function = 1.0 / 6.0  # B(2, 2)
    total = np.zeros_like(ratio)
    power = np.ones_like(ratio)
    for n in range(1, _ORDERS + 1):
        # B(n + 2, n + 2) = B(n + 1, n + 1) (n + 1)^2 / [(2n + 2)(2n + 3)]
        beta_function *= (n + 1) / (2.0 * (2 * n + 3))
        power = power * ratio
        total = total - 6.0 * beta_function / n * power
    return total.astype(np.complex128)


def _closed(y: FloatArray) -> ComplexArray:
    """Return P in closed form, y = 4 m^2/q^2 (not 0)."""
    return -5.0 / 3.0 - y + (1.0 + y / 2.0) * _root_times_logarithm(y)


def _root_times_logarithm(y: FloatArray) -> ComplexArray:
    """Return beta ln[(beta + 1)/(beta - 1)] for q^2 + i0 in the three regions of y."""
    below = y > 1.0
    space_like = y < 0.0
    root = np.sqrt(np.abs(1.0 - y))
    bound = 2.0 * root * np.arctan2(1.0, root)
    scattering = 2.0 * root * np.arcsinh(1.0 / np.sqrt(np.where(space_like, -y, 1.0)))
    inner = np.where(below | space_like, 0.0, root)
    # ln[(1 + beta)/(1 - beta)] by y = (1 - beta)(1 + beta), exact for small y
    decay = inner * (2.0 * np.log1p(inner) - np.log(np.where(below | space_like, 1.0, y)) - 1j * pi)
    return np.asarray(np.where(below, bound, np.where(space_like, scattering, decay)))


def _beyond_logarithm(y: FloatArray) -> ComplexArray:
    r"""Return P - [ln(-q^2/m^2) - 5/3] for |y| <= 1: -3y/2 and higher orders, no cancellation."""
    root = np.sqrt(1.0 - y)
    # (1 + y/2) beta - 1, from its square
    excess = -(y**2) * (0.75 + 0.25 * y) / (1.0 + (1.0 + y / 2.0) * root)
    logarithm = np.log(np.abs(y)) + 1j * pi * (y > 0.0)  # ln(-y) of q^2 + i0
    half = 2.0 * np.log1p(-y / (2.0 * (1.0 + root))) - y
    return np.asarray(excess * (2.0 * np.log1p(root) - logarithm) + half)
