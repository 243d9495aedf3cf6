r"""Decays of spin-0 mediators to quarks and gluons in perturbative QCD.

Following M. Spira, hep-ph/9705337, sections 2.1 and 3.1: running Yukawa couplings, thresholds at
the lightest pair of mesons that parity allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from darkbeam.decays.strong_coupling import mass_evolution, strong_coupling
from darkbeam.decays.triangle_loops import (
    fermion_pseudoscalar_amplitude,
    fermion_scalar_amplitude,
)
from darkbeam.models.yukawa_scalar import QUARK_MASSES

__all__ = ["HEAVY_QUARKS", "POLE_MASSES", "gluon_width", "quark_width"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

HEAVY_QUARKS = ("c", "b", "t")
POLE_MASSES: Mapping[str, float] = MappingProxyType({"c": 1.67, "b": 4.78, "t": 172.6})
"""Pole masses of the quarks in triangle loops, GeV; RPP 2026."""


@dataclass(frozen=True)
class _Quark:
    """Scale at which the Yukawa coupling is given and thresholds of the two parities, GeV."""

    scale: float
    scalar_threshold: float
    pseudoscalar_threshold: float


# Lightest pairs: pi pi, K K, D D, B B from a scalar, and pi rho, K K*, D D*, B B* from a
# pseudoscalar, which cannot decay to two pseudoscalar mesons. Masses of RPP 2026.
_QUARKS = {
    "u": _Quark(2.0, 2.0 * 0.1349768, 0.1349768 + 0.77526),
    "d": _Quark(2.0, 2.0 * 0.1349768, 0.1349768 + 0.77526),
    "s": _Quark(2.0, 2.0 * 0.493677, 0.493677 + 0.89167),
    "c": _Quark(QUARK_MASSES["c"], 2.0 * 1.86484, 1.86484 + 2.00685),
    "b": _Quark(QUARK_MASSES["b"], 2.0 * 5.27941, 5.27941 + 5.32475),
    "t": _Quark(QUARK_MASSES["t"], 2.0 * QUARK_MASSES["t"], 2.0 * QUARK_MASSES["t"]),
}


def _velocity(mass: FloatArray, threshold: float) -> FloatArray:
    return np.asarray(np.sqrt(np.maximum(1.0 - (threshold / mass) ** 2, 0.0)))


def _flavours(mass: FloatArray) -> FloatArray:
    """Return the number of light flavours: 3 to 5, growing smoothly at the thresholds."""
    charm, bottom = (_velocity(mass, _QUARKS[q].scalar_threshold) ** 3 for q in ("c", "b"))
    return 3.0 + charm + bottom


def quark_width(
    mass: FloatArray, quark: str, scalar: ComplexArray, pseudoscalar: ComplexArray
) -> FloatArray:
    r"""Return the width to a quark and its antiquark.

    .. math::

       \Gamma = \frac{3 M}{8\pi} \left(|g_S(M)|^2 \beta^3 + |g_P(M)|^2 \beta\right)
       \left[1 + 5.67 a + (35.94 - 1.36 n_f) a^2 + (164.14 - 25.77 n_f + 0.259 n_f^2) a^3\right]

    with :math:`a = \alpha_s(M)/\pi`; hep-ph/9705337 eqs. 8-11. The coupling runs like the mass
    from the scale where it is given. To top quarks: the tree-level width.

    Parameters
    ----------
    mass : ndarray
        Mass of the mediator, GeV.
    quark : str
        Its name.
    scalar, pseudoscalar : ndarray of complex
        Yukawa couplings in the MS-bar scheme: of u, d, s at 2 GeV, of c and b at their own mass.
    """
    properties = _QUARKS[quark]
    even = _velocity(mass, properties.scalar_threshold) ** 3
    odd = _velocity(mass, properties.pseudoscalar_threshold)
    width = 3.0 * mass / (8.0 * pi) * (np.abs(scalar) ** 2 * even + np.abs(pseudoscalar) ** 2 * odd)
    if quark == "t":
        return np.asarray(width)
    a = strong_coupling(mass) / pi
    n = _flavours(mass)
    third = 164.14 - 25.77 * n + 0.259 * n**2
    correction = 1.0 + a * (5.67 + a * (35.94 - 1.36 * n + a * third))
    return np.asarray(width * mass_evolution(mass, properties.scale) ** 2 * correction)


def gluon_width(
    mass: FloatArray,
    scalar: Mapping[str, ComplexArray],
    pseudoscalar: Mapping[str, ComplexArray],
) -> FloatArray:
    r"""Return the width to two gluons through loops of charm, bottom and top quarks.

    .. math::

       \Gamma = \frac{\alpha_s(M)^2 M^3}{128\pi^3} \left\{
       \Big|\sum_q \frac{g_S}{m_q} A_{1/2}\Big|^2
       \Big[1 + \Big(\frac{95}{4} - \frac{7 n_f}{6}\Big) a\Big] +
       \Big|\sum_q \frac{g_P}{m_q} A^A_{1/2}\Big|^2
       \Big[1 + \Big(\frac{97}{4} - \frac{7 n_f}{6}\Big) a\Big] \right\}

    hep-ph/9705337 eqs. 50-52 and 64: next-to-leading order for heavy quarks in the loop. Loops of
    u, d, s vanish with their masses and are left out.

    Parameters
    ----------
    mass : ndarray
        Mass of the mediator, GeV.
    scalar, pseudoscalar : mapping
        :math:`g/m_q` of c, b, t, 1/GeV, the mass at the scale of the coupling.
    """
    tau = {q: (mass / (2.0 * POLE_MASSES[q])) ** 2 for q in HEAVY_QUARKS}
    even = sum(scalar[q] * fermion_scalar_amplitude(tau[q]) for q in HEAVY_QUARKS)
    odd = sum(pseudoscalar[q] * fermion_pseudoscalar_amplitude(tau[q]) for q in HEAVY_QUARKS)
    alpha = strong_coupling(mass)
    from_quarks = 7.0 * _flavours(mass) / 6.0
    corrected = np.abs(even) ** 2 * (1.0 + (95.0 / 4.0 - from_quarks) * alpha / pi)
    corrected = corrected + np.abs(odd) ** 2 * (1.0 + (97.0 / 4.0 - from_quarks) * alpha / pi)
    return np.asarray(alpha**2 * mass**3 / (128.0 * pi**3) * corrected)
