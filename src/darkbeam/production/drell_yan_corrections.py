r"""Corrections of order alpha_s to q qbar -> X, in the MS-bar scheme.

.. math::

   D_q(z) &= C_F\left[4(1+z^2)\left(\frac{\ln(1-z)}{1-z}\right)_+ - 2\frac{1+z^2}{1-z}\ln z
   + \left(\frac{2\pi^2}{3} - 8\right)\delta(1-z)\right] \\
   D_g(z) &= T_R\left[(z^2+(1-z)^2)\ln\frac{(1-z)^2}{z} + \frac12 + 3z - \frac72z^2\right]

with :math:`C_F = 4/3`, :math:`T_R = 1/2`, at the factorisation scale of the mediator's mass m; at
another scale :math:`\mu` there come :math:`2P_{qq}(z)\ln(m^2/\mu^2)` and
:math:`P_{qg}(z)\ln(m^2/\mu^2)`. J. Kubar-Andre and F. E. Paige, Phys. Rev. D 19 (1979) 221;
G. Altarelli, R. K. Ellis and G. Martinelli, Nucl. Phys. B 157 (1979) 461; R. K. Ellis, W. J.
Stirling and B. R. Webber, *QCD and Collider Physics* (1996), chapter 9. They hold for vector and
axial couplings alike, because quarks are massless here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["gluon_correction", "quark_correction"]

FloatArray = NDArray[np.float64]
_CF, _TR = 4.0 / 3.0, 0.5


def quark_correction(
    z: FloatArray,
    step: FloatArray,
    luminosity: FloatArray,
    born: FloatArray,
    tau: FloatArray,
    scale: float = 1.0,
) -> FloatArray:
    r"""Return :math:`\int_\tau^1 dz\,D_q(z)L(\tau/z)` with the plus distributions carried out.

    Parameters
    ----------
    z, step : ndarray, shape (..., n)
        Nodes between tau and 1, and weights of the quadrature.
    luminosity : ndarray, shape (..., n)
        :math:`L(\tau/z)` at the nodes.
    born, tau : ndarray, shape (...)
        :math:`L(\tau)`, and tau.
    scale : float
        Factorisation scale over the mass.
    """
    gap, log = 1.0 - z, np.log1p(-z)
    rest = np.log1p(-tau)
    numerator = (1.0 + z**2) * luminosity
    less = numerator - 2.0 * born[..., None]
    # integral of [f]_+ g from tau: int f (g - g(1)) - g(1) int_0^tau f
    soft = np.sum(step * less * log / gap, axis=-1) + born * rest**2
    smooth = np.sum(step * numerator * np.log(z) / gap, axis=-1)
    splitting = np.sum(step * less / gap, axis=-1) + (2.0 * rest + 1.5) * born
    constant = (2.0 * np.pi**2 / 3.0 - 8.0) * born
    away = -2.0 * np.log(scale)  # ln(m^2/mu^2)
    return np.asarray(_CF * (4.0 * soft - 2.0 * smooth + constant + 2.0 * away * splitting))


def gluon_correction(z: FloatArray, scale: float = 1.0) -> FloatArray:
    r"""Return :math:`D_g(z)` of a quark or antiquark that meets a gluon.

    Parameters
    ----------
    z : ndarray
        :math:`m^2/\hat s`, above 0 and below 1.
    scale : float
        Factorisation scale over the mass.
    """
    splitting = z**2 + (1.0 - z) ** 2
    logarithm = 2.0 * np.log1p(-z) - np.log(z) - 2.0 * np.log(scale)
    return np.asarray(_TR * (splitting * logarithm + 0.5 + 3.0 * z - 3.5 * z**2))
