r"""Decays of a scalar to mesons below 2 GeV."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import CHARGED_KAON_MASS, NEUTRAL_PION_MASS, PION_MASS
from darkbeam.decays.scalar_hadrons.form_factors import NEUTRAL_KAON_MASS, form_factors
from darkbeam.decays.two_body import scalar_to_scalars
from darkbeam.models.yukawa_scalar import QUARK_MASSES

__all__ = ["ETA_MASS", "four_pion_velocity", "isovector_width", "two_meson_widths"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

ETA_MASS = 0.547862
"""Mass of the eta, GeV; RPP 2026."""
# Condensate parameter B_0 = M_pi^2/(m_u + m_d) at 2 GeV, GeV.
_CONDENSATE = PION_MASS**2 / (QUARK_MASSES["u"] + QUARK_MASSES["d"])
# The a0(980) raises isovector form factors around 1 GeV: |F(s)/F(0)|^2 up to about 10
# (M. Albaladejo, B. Moussallam, arXiv:1507.04526, figure 6).
_A0_ENHANCEMENT = 10.0


def two_meson_widths(
    mass: FloatArray, light: ComplexArray, strange: ComplexArray, heavy: ComplexArray
) -> dict[str, FloatArray]:
    r"""Return the widths of a scalar to two pions and two kaons.

    .. math::

       \Gamma_{\pi^+\pi^-} = \frac{|G_\pi|^2}{16\pi M} \beta , \quad
       \Gamma_{\pi^0\pi^0} = \frac{|G_\pi|^2}{32\pi M} \beta , \quad
       \Gamma_{K^+K^-} = \Gamma_{K^0\bar K^0} = \frac{|G_K|^2}{16\pi M} \beta ,

    each with its own threshold.

    Parameters
    ----------
    mass : ndarray
        Mass of the scalar, GeV; NaN above 2 GeV.
    light, strange, heavy : ndarray of complex
        As `MesonFormFactors.combine` has them, 1/GeV.
    """
    pion, kaon = form_factors(mass**2)
    to_pions = pion.combine(light, strange, heavy)
    to_kaons = kaon.combine(light, strange, heavy)
    return {
        "pi_pi": scalar_to_scalars(mass, PION_MASS, PION_MASS, to_pions),
        "pi0_pi0": 0.5 * scalar_to_scalars(mass, NEUTRAL_PION_MASS, NEUTRAL_PION_MASS, to_pions),
        "K_K": scalar_to_scalars(mass, CHARGED_KAON_MASS, CHARGED_KAON_MASS, to_kaons),
        "K0_K0": scalar_to_scalars(mass, NEUTRAL_KAON_MASS, NEUTRAL_KAON_MASS, to_kaons),
    }


def isovector_width(mass: FloatArray, difference: ComplexArray) -> FloatArray:
    r"""Return about how much :math:`g_u \ne g_d` adds: pi0 eta and isovector kaon pairs.

    At leading order :math:`\langle\pi^0\eta|\bar uu|0\rangle = B_0/\sqrt3` and
    :math:`\langle K^+K^-|\bar uu|0\rangle = B_0`; the a0(980) is allowed for as a factor 10. Only
    good for telling whether the isovector part may be left out.

    Parameters
    ----------
    mass : ndarray
        Mass of the scalar, GeV.
    difference : ndarray of complex
        :math:`g_u - g_d`.
    """
    amplitude = _CONDENSATE * difference
    pi_eta = scalar_to_scalars(mass, NEUTRAL_PION_MASS, ETA_MASS, amplitude / 3.0**0.5)
    kaons = 2.0 * scalar_to_scalars(mass, CHARGED_KAON_MASS, CHARGED_KAON_MASS, amplitude / 2.0)
    return _A0_ENHANCEMENT * (pi_eta + kaons)


def four_pion_velocity(mass: FloatArray) -> FloatArray:
    r"""Return :math:`M^3 \sqrt{1 - 16 m_\pi^2/M^2}`, GeV^3: how the four-pion width grows.

    M. W. Winkler, arXiv:1809.01876, section 2.
    """
    return np.asarray(mass**3 * np.sqrt(np.maximum(1.0 - (4.0 * PION_MASS / mass) ** 2, 0.0)))
