r"""Two-body partial widths of a mediator at rest, tree level, both masses kept.

With :math:`s = (r_1 + r_2)^2`, :math:`d = (r_1 - r_2)^2`, :math:`r_i = m_i/M`, the Källén function
is :math:`\lambda = (1 - s)(1 - d)`; written so, nothing cancels at the threshold :math:`s = 1`.
All functions return 0 at and below threshold and broadcast over arrays.
"""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "scalar_to_fermions",
    "scalar_to_scalars",
    "vector_to_fermions",
    "vector_to_scalars",
]

FloatArray = NDArray[np.float64]


def _kinematics(
    mass: ArrayLike, mass1: ArrayLike, mass2: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return (M, 1 - s, 1 - d), with 1 - s cut off at 0, the threshold."""
    total = np.asarray(mass, dtype=np.float64)
    first = np.asarray(mass1, dtype=np.float64)
    second = np.asarray(mass2, dtype=np.float64)
    above = (total - first - second) * (total + first + second) / total**2
    apart = (total - first + second) * (total + first - second) / total**2
    return total, np.maximum(above, 0.0), np.where(above > 0.0, apart, 0.0)


def _squared(coupling: ArrayLike) -> FloatArray:
    value = np.asarray(coupling)
    return np.asarray(value.real**2 + value.imag**2, dtype=np.float64)


def vector_to_fermions(
    mass: ArrayLike,
    mass1: ArrayLike,
    mass2: ArrayLike,
    vector: ArrayLike = 0.0,
    axial: ArrayLike = 0.0,
) -> FloatArray:
    r"""Return the width of a vector to a fermion and an antifermion.

    .. math::

       \Gamma = \frac{M}{12\pi} \lambda^{1/2}
       \left[ |g_V|^2 (1 - d)(1 + s/2) + |g_A|^2 (1 - s)(1 + d/2) \right]

    For equal masses :math:`|g_V|^2 (1 + 2r^2) + |g_A|^2 (1 - 4r^2)` in the bracket:
    arXiv:2003.07257 eqs. 8, 9.

    Parameters
    ----------
    mass, mass1, mass2 : array_like
        Masses of the mediator, the fermion and the antifermion, GeV.
    vector, axial : array_like of complex
        Couplings :math:`\bar u_1 \gamma^\mu (g_V + g_A\gamma_5) v_2`.

    Returns
    -------
    ndarray
        Partial width, GeV.
    """
    total, above, apart = _kinematics(mass, mass1, mass2)
    phase_space = total * np.sqrt(above * apart) / (12.0 * pi)
    from_vector = _squared(vector) * apart * (1.5 - 0.5 * above)
    from_axial = _squared(axial) * above * (1.5 - 0.5 * apart)
    return np.asarray(phase_space * (from_vector + from_axial))


def scalar_to_fermions(
    mass: ArrayLike,
    mass1: ArrayLike,
    mass2: ArrayLike,
    scalar: ArrayLike = 0.0,
    pseudoscalar: ArrayLike = 0.0,
) -> FloatArray:
    r"""Return the width of a spin-0 particle to a fermion and an antifermion.

    .. math::

       \Gamma = \frac{M}{8\pi} \lambda^{1/2}
       \left[ |g_S|^2 (1 - s) + |g_P|^2 (1 - d) \right]

    The interference of :math:`g_S` and :math:`g_P` vanishes in the sum over spins. arXiv:2202.04410
    eq. 12 is the case :math:`g_S = h/2 = i g_P`.

    Parameters
    ----------
    mass, mass1, mass2 : array_like
        Masses of the mediator, the fermion and the antifermion, GeV.
    scalar, pseudoscalar : array_like of complex
        Couplings :math:`\bar u_1 (g_S + i g_P\gamma_5) v_2`.

    Returns
    -------
    ndarray
        Partial width, GeV.
    """
    total, above, apart = _kinematics(mass, mass1, mass2)
    phase_space = total * np.sqrt(above * apart) / (8.0 * pi)
    return np.asarray(phase_space * (_squared(scalar) * above + _squared(pseudoscalar) * apart))


def vector_to_scalars(
    mass: ArrayLike, mass1: ArrayLike, mass2: ArrayLike, coupling: ArrayLike
) -> FloatArray:
    r"""Return the width of a vector to two distinct spin-0 particles.

    .. math:: \Gamma = \frac{|g|^2 M}{48\pi} \lambda^{3/2}

    for the amplitude :math:`g\,\varepsilon\cdot(p_1 - p_2)`; equal masses: arXiv:2003.07257 eq. 10.

    Parameters
    ----------
    mass, mass1, mass2 : array_like
        Masses of the mediator and of the two particles, GeV.
    coupling : array_like of complex
        g, without a unit.

    Returns
    -------
    ndarray
        Partial width, GeV.
    """
    total, above, apart = _kinematics(mass, mass1, mass2)
    return np.asarray(_squared(coupling) * total * (above * apart) ** 1.5 / (48.0 * pi))


def scalar_to_scalars(
    mass: ArrayLike, mass1: ArrayLike, mass2: ArrayLike, coupling: ArrayLike
) -> FloatArray:
    r"""Return the width of a spin-0 particle to two distinct spin-0 particles.

    .. math:: \Gamma = \frac{|\mathcal M|^2}{16\pi M} \lambda^{1/2}

    Parameters
    ----------
    mass, mass1, mass2 : array_like
        Masses of the mediator and of the two particles, GeV.
    coupling : array_like of complex
        The amplitude, GeV.

    Returns
    -------
    ndarray
        Partial width, GeV.
    """
    total, above, apart = _kinematics(mass, mass1, mass2)
    return np.asarray(_squared(coupling) * np.sqrt(above * apart) / (16.0 * pi * total))
