r"""Parton densities of the proton at leading order, in closed form.

M. Glueck, E. Reya and A. Vogt fit the leading-order densities that they evolve from a low scale,
:math:`\mu^2 = 0.23` GeV^2, by functions of x whose coefficients are polynomials in

.. math:: S = \ln\frac{\ln(Q^2/\Lambda^2)}{\ln(\mu^2/\Lambda^2)},\qquad \Lambda = 0.2322\ {\rm GeV}

(Z. Phys. C 67 (1995) 433: "GRV 94"). Charm is no parton there: its density is that of their earlier
fit with :math:`\mu^2 = 0.25` GeV^2 (Z. Phys. C 53 (1992) 127), zero below Q = 1.5 GeV.

Beside the global fits of today (PDF4LHC21, arXiv:2203.05506), at Q from 2 to 90 GeV: u and d are
right to 18 % from x = 0.01 to 0.3, u is high by 14 to 24 % at 0.5; ubar and dbar are right to 15 %
from 0.01 to 0.1, dbar is high by 20 to 40 % at 0.2; the strange sea at 2 GeV is half as large as
today's, and at x = 1e-5 the gluon is far too large.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import ValidityError

__all__ = ["LEAST_X", "PARTONS", "SCALES_SQUARED", "grv94_densities"]

FloatArray = NDArray[np.float64]
Polynomial = tuple[float, ...]

PARTONS = ("u", "d", "s", "c", "ubar", "dbar", "sbar", "cbar", "g")
"""Names of the densities."""
LEAST_X = 1e-5
"""Least momentum fraction of the fit."""
SCALES_SQUARED = (0.4, 1e6)
"""Least and greatest Q^2 of the fit, GeV^2."""
_LAMBDA = 0.2322
_START_94, _START_92 = 0.23, 0.25  # GeV^2

# Coefficients of 1, S, S^2, S^3; names as in the appendix of the paper.
_VALENCE: Mapping[str, tuple[Polynomial, ...]] = MappingProxyType(
    {
        "u": (
            (2.284, 0.802, 0.055),
            (0.590, -0.024),
            (0.131, 0.063),
            (-0.449, -0.138, -0.076),
            (0.213, 2.669, -0.728),
            (8.854, -9.135, 1.979),
            (2.997, 0.753, -0.076),
        ),
        "d": (
            (0.371, 0.083, 0.039),
            (0.376,),
            (0.486, 0.062),
            (-0.509, 3.310, -1.248),
            (12.41, -10.52, 2.267),
            (6.373, -6.208, 1.418),
            (3.691, 0.799, -0.071),
        ),
        "dbar-ubar": (
            (0.082, 0.014, 0.008),
            (0.409, -0.005),
            (0.799, 0.071),
            (-38.07, 36.13, -0.656),
            (90.31, -74.15, 7.645),
            (0.0,),
            (7.486, 1.217, -0.159),
        ),
    }
)
_LIGHT_SEA: tuple[Polynomial, ...] = (
    (1.451,),
    (0.271,),
    (0.410, -0.232),
    (0.534, -0.457),
    (0.890, -0.140),
    (-0.981,),
    (0.320, 0.683),
    (4.752, 1.164, 0.286),
    (4.119, 1.713),
    (0.682, 2.978),
)
_GLUON: tuple[Polynomial, ...] = (
    (0.524,),
    (1.088,),
    (1.742, -0.930),
    (0.0, 0.0, -0.399),
    (7.486, -2.185),
    (16.69, -22.74, 5.779),
    (-25.59, 29.71, -7.296),
    (2.792, 2.215, 0.422, -0.104),
    (0.807, 2.005),
    (3.841, 0.316),
)


def grv94_densities(x: ArrayLike, scale_squared: ArrayLike) -> dict[str, FloatArray]:
    r"""Return the densities of the proton, each times the momentum fraction: :math:`x f(x, Q^2)`.

    Parameters
    ----------
    x : array_like
        Momentum fraction, above 0 and below 1. The fit holds above `LEAST_X`; below, the functions
        are an extrapolation.
    scale_squared : array_like
        :math:`Q^2`, GeV^2, within `SCALES_SQUARED`.

    Returns
    -------
    dict of str to ndarray
        By the names of `PARTONS`, without a unit.

    Raises
    ------
    ValidityError
        x or the scale is outside of its range.

    Examples
    --------
    >>> round(float(grv94_densities(0.1, 25.0)["u"]), 3)
    0.606
    """
    fraction = np.asarray(x, dtype=np.float64)
    q2 = np.asarray(scale_squared, dtype=np.float64)
    if not np.all((fraction > 0.0) & (fraction < 1.0)):
        raise ValidityError(f"x must be above 0 and below 1, got {x!r}")
    if not np.all((q2 >= SCALES_SQUARED[0]) & (q2 <= SCALES_SQUARED[1])):
        raise ValidityError(f"scale_squared must be within 0.4 to 1e6 GeV^2, got {scale_squared!r}")
    growth = _growth(q2, _START_94)
    up, down, excess = (_valence(fraction, growth, _VALENCE[name]) for name in _VALENCE)
    sea = _light_sea(fraction, growth, _LIGHT_SEA)
    # At large x the fitted difference exceeds the fitted sum, where both are negligible.
    ubar = np.maximum(0.5 * (sea - excess), 0.0)
    dbar = np.maximum(0.5 * (sea + excess), 0.0)
    strange = _strange_sea(fraction, growth)
    charm = _charm_sea(fraction, _growth(q2, _START_92))
    gluon = _light_sea(fraction, growth, _GLUON)
    values = (up + ubar, down + dbar, strange, charm, ubar, dbar, strange, charm, gluon)
    return dict(zip(PARTONS, values, strict=True))


def _growth(scale_squared: FloatArray, start: float) -> FloatArray:
    """Return S, the logarithm of the ratio of logarithms of the scales."""
    ratio = np.log(scale_squared / _LAMBDA**2) / np.log(start / _LAMBDA**2)
    return np.asarray(np.log(ratio))


def _at(coefficients: tuple[Polynomial, ...], growth: FloatArray) -> list[FloatArray]:
    """Return the values of polynomials in S."""
    powers = (np.ones_like(growth), growth, growth**2, growth**3)
    return [
        np.sum([c * power for c, power in zip(row, powers, strict=False)], axis=0)
        for row in coefficients
    ]


def _valence(x: FloatArray, growth: FloatArray, coefficients: tuple[Polynomial, ...]) -> FloatArray:
    """Return N x^a (1 + A x^b + B x + C x^(3/2)) (1 - x)^D."""
    norm, a, b, a1, b1, c1, d = _at(coefficients, growth)
    shape = 1.0 + a1 * x**b + x * (b1 + c1 * np.sqrt(x))
    return np.asarray(norm * x**a * shape * (1.0 - x) ** d)


def _light_sea(
    x: FloatArray, growth: FloatArray, coefficients: tuple[Polynomial, ...]
) -> FloatArray:
    """Return the density of light antiquarks or of gluons, with its rise at small x."""
    alpha, beta, a, b, a1, b1, c1, d, e, e1 = _at(coefficients, growth)
    log = -np.log(x)
    flat = x**a * (a1 + x * (b1 + x * c1)) * log**b
    rise = growth**alpha * np.exp(-e + np.sqrt(e1 * growth**beta * log))
    return np.asarray((flat + rise) * (1.0 - x) ** d)


def _strange_sea(x: FloatArray, growth: FloatArray) -> FloatArray:
    """Return the density of strange quarks, zero at the lowest scale."""
    s, root, log = growth, np.sqrt(growth), -np.log(x)
    a1 = -5.548 + 3.669 * root - 0.616 * s
    b1 = 18.92 - 16.73 * root + 5.168 * s
    shape = (1.0 + a1 * np.sqrt(x) + b1 * x) * (1.0 - x) ** (6.379 - 0.350 * s + 0.142 * s**2)
    rise = np.exp(-(3.981 + 1.638 * s) + np.sqrt(6.402 * s**0.577 * log))
    return np.asarray(s**0.914 / log ** (1.798 - 0.596 * s) * shape * rise)


def _charm_sea(x: FloatArray, growth: FloatArray) -> FloatArray:
    """Return the density of charm quarks, zero below S = 0.888."""
    s, above = growth, np.maximum(growth - 0.888, 0.0)
    shape = (1.0 + (4.24 - 0.804 * s) * x) * (1.0 - x) ** (3.46 + 1.076 * s)
    slope = (2.555 + 1.961 * s) * s**0.37 * -np.log(x)
    return np.asarray(above**1.01 * shape * np.exp(-(4.61 + 1.49 * s) + np.sqrt(slope)))
