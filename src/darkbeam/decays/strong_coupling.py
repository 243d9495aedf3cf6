r"""The strong coupling and the running of quark masses in the MS-bar scheme, four loops.

With :math:`a = \alpha_s/\pi` and :math:`L = \ln\mu^2`,

.. math:: \frac{da}{dL} = -\sum_{i=0}^3 \beta_i a^{i+2} , \qquad
          \frac{d\ln m}{dL} = -\sum_{i=0}^3 \gamma_i a^{i+1} .

K. G. Chetyrkin, J. H. Kuehn, M. Steinhauser, hep-ph/0004189, eqs. 4 and 8. The number of flavours
changes at the MS-bar masses of charm and bottom, with the two-loop step of the coupling (their
eq. 22); above the top quark five are kept. Both are solved once and interpolated.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log, pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import Z_MASS
from darkbeam.models.yukawa_scalar import QUARK_MASSES

__all__ = ["ALPHA_S_MZ", "HIGHEST_SCALE", "LOWEST_SCALE", "mass_evolution", "strong_coupling"]

FloatArray = NDArray[np.float64]

ALPHA_S_MZ = 0.1180
"""Strong coupling at the mass of the Z, world average of the Review of Particle Physics."""
LOWEST_SCALE, HIGHEST_SCALE = 0.95, 1e6  # GeV
_STEPS_PER_UNIT = 60  # Runge-Kutta steps per unit of ln mu: converged to 1e-8
_ZETA3, _ZETA4, _ZETA5 = 1.2020569031595942, pi**4 / 90.0, 1.0369277551433699


def _beta(n: int) -> tuple[float, float, float, float]:
    return (
        (11.0 - 2.0 * n / 3.0) / 4.0,
        (102.0 - 38.0 * n / 3.0) / 16.0,
        (2857.0 / 2.0 - 5033.0 * n / 18.0 + 325.0 * n**2 / 54.0) / 64.0,
        (
            149753.0 / 6.0
            + 3564.0 * _ZETA3
            - (1078361.0 / 162.0 + 6508.0 * _ZETA3 / 27.0) * n
            + (50065.0 / 162.0 + 6472.0 * _ZETA3 / 81.0) * n**2
            + 1093.0 * n**3 / 729.0
        )
        / 256.0,
    )


def _gamma(n: int) -> tuple[float, float, float, float]:
    return (
        1.0,
        (202.0 / 3.0 - 20.0 * n / 9.0) / 16.0,
        (1249.0 - (2216.0 / 27.0 + 160.0 * _ZETA3 / 3.0) * n - 140.0 * n**2 / 81.0) / 64.0,
        (
            4603055.0 / 162.0
            + 135680.0 * _ZETA3 / 27.0
            - 8800.0 * _ZETA5
            - (91723.0 / 27.0 + 34192.0 * _ZETA3 / 9.0 - 880.0 * _ZETA4 - 18400.0 * _ZETA5 / 9.0)
            * n
            + (5242.0 / 243.0 + 800.0 * _ZETA3 / 9.0 - 160.0 * _ZETA4 / 3.0) * n**2
            + (-332.0 / 243.0 + 64.0 * _ZETA3 / 27.0) * n**3
        )
        / 256.0,
    )


def _slopes(a: float, flavours: int) -> tuple[float, float]:
    """Return da/d ln mu and d ln m/d ln mu."""
    b, g = _beta(flavours), _gamma(flavours)
    series = a * (b[0] + a * (b[1] + a * (b[2] + a * b[3])))
    return -2.0 * a * series, -2.0 * a * (g[0] + a * (g[1] + a * (g[2] + a * g[3])))


def _run(
    a: float, log_mass: float, start: float, end: float, flavours: int
) -> list[tuple[float, float, float]]:
    """Integrate from scale to scale (GeV); return (ln mu, a, ln m) at every step."""
    steps = max(1, round(abs(log(end / start)) * _STEPS_PER_UNIT))
    h = log(end / start) / steps
    points = [(log(start), a, log_mass)]
    for i in range(1, steps + 1):
        a1, m1 = _slopes(a, flavours)
        a2, m2 = _slopes(a + 0.5 * h * a1, flavours)
        a3, m3 = _slopes(a + 0.5 * h * a2, flavours)
        a4, m4 = _slopes(a + h * a3, flavours)
        a += h * (a1 + 2.0 * a2 + 2.0 * a3 + a4) / 6.0
        log_mass += h * (m1 + 2.0 * m2 + 2.0 * m3 + m4) / 6.0
        points.append((log(start) + i * h, a, log_mass))
    return points


@lru_cache(maxsize=1)
def _table() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return ln mu, alpha_s and ln of the factor by which masses run, in rising order."""
    a = ALPHA_S_MZ / pi
    points = _run(a, 0.0, Z_MASS, HIGHEST_SCALE, 5)[::-1]
    log_mass, scale = 0.0, Z_MASS
    for quark, flavours in (("b", 5), ("c", 4)):
        piece = _run(a, log_mass, scale, QUARK_MASSES[quark], flavours)
        points += piece[1:]
        scale, (_, a, log_mass) = QUARK_MASSES[quark], piece[-1]
        a *= 1.0 + 11.0 / 72.0 * a**2
        points.append((log(scale) - 1e-9, a, log_mass))
    points += _run(a, log_mass, scale, LOWEST_SCALE, 3)[1:]
    columns = np.array(points[::-1]).T
    return columns[0], pi * columns[1], columns[2]


def strong_coupling(scale: ArrayLike) -> FloatArray:
    r"""Return :math:`\alpha_s(\mu)` in the MS-bar scheme.

    Parameters
    ----------
    scale : array_like
        :math:`\mu`, GeV, from 0.95 GeV to 1 PeV; NaN elsewhere.
    """
    log_scale, alpha, _ = _table()
    return np.asarray(np.interp(np.log(scale), log_scale, alpha, left=np.nan, right=np.nan))


def mass_evolution(scale: ArrayLike, reference: float) -> FloatArray:
    r"""Return :math:`m(\mu)/m(\mu_0)` of a quark, which is also that of its Yukawa coupling.

    Parameters
    ----------
    scale : array_like
        :math:`\mu`, GeV, from 0.95 GeV to 1 PeV; NaN elsewhere.
    reference : float
        :math:`\mu_0`, GeV.
    """
    log_scale, _, log_mass = _table()
    start = float(np.interp(log(reference), log_scale, log_mass))
    running = np.interp(np.log(scale), log_scale, log_mass, left=np.nan, right=np.nan)
    return np.asarray(np.exp(running) / exp(start))
