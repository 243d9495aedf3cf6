r"""Perturbative QCD: quark pairs from vector and axial currents."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.decays.strong_coupling import strong_coupling
from darkbeam.errors import ValidityError

__all__ = ["LOWEST_ENERGY", "open_flavours", "quark_ratio"]

FloatArray = NDArray[np.float64]

LOWEST_ENERGY = 1.5
"""Below this energy, GeV, the series is not used."""

_MESON_PAIRS: Mapping[str, tuple[tuple[float, float], ...]] = {
    "c": ((3.72968, 1.0 / 12.0), (3.87169, 4.0 / 12.0), (4.01370, 7.0 / 12.0)),
    "b": ((10.55882, 1.0 / 12.0), (10.60415, 4.0 / 12.0), (10.64948, 7.0 / 12.0)),
}
"""Thresholds of D Dbar, D D* and D* D* (D0; RPP), GeV, and of B mesons, with the weights 1 : 4 : 7
of the counting of spins (De Rujula, Georgi and Glashow, Phys. Rev. Lett. 37 (1976) 398)."""


def open_flavours(sqrt_s: ArrayLike) -> NDArray[np.int64]:
    """Return how many quark flavours are open: 3, and one more above D Dbar and B Bbar each."""
    energy = np.asarray(sqrt_s, dtype=np.float64)
    lowest = [pairs[0][0] for pairs in _MESON_PAIRS.values()]
    return np.asarray(3 + sum((energy > threshold).astype(np.int64) for threshold in lowest))


def quark_ratio(
    sqrt_s: ArrayLike, vector: Mapping[str, ArrayLike], axial: Mapping[str, ArrayLike]
) -> FloatArray:
    r"""Return the inclusive width to quarks over m/(12 pi), by perturbative QCD.

    .. math::

       \frac{12\pi\,\Gamma}{m} = 3\sum_q\left(
       g_{Vq}^2\,\overline{\tfrac12 v_q(3 - v_q^2)} + g_{Aq}^2\,\overline{v_q^3}\right)
       \left(1 + \sum_{n=1}^4 c_n a^n\right)
       + \left(\sum_q g_{Vq}\right)^2 \left(d_3 a^3 + d_4 a^4\right)

    with :math:`a = \alpha_s(m)/\pi` of `darkbeam.decays.strong_coupling`; c_n and d_n of RPP 2024,
    Quantum Chromodynamics, eqs. 9.7 and 9.8 (arXiv:0801.1821, arXiv:1206.1288), there written with
    the squared charges taken out.
    The bar is a mean over the pairs of the lightest mesons with c or b (D Dbar, D D*, D* D* by
    1 : 4 : 7), v the speed of the mesons: so a flavour opens where its hadrons do, and R follows
    the data between the resonances to 10 % (20 % in the valley at 4.25 GeV). u, d and s are
    massless. The flavour-singlet part of the axial current is left out: it cancels within a
    doublet of opposite axial charges; else it is
    :math:`\sim(37/12 + \ln m_t^2/s)\,a^2`, 10 % at 2 GeV and 1 % at the Z.

    Parameters
    ----------
    sqrt_s : array_like
        Mass of the mediator, GeV, at least 1.5.
    vector, axial : mapping of str to array_like
        Couplings of the quarks u, d, s, c, b; what is missing is zero.

    Returns
    -------
    ndarray
        Ratio; for the charges 2/3, -1/3 this is R of e+e- without resonances.

    Raises
    ------
    ValidityError
        Below 1.5 GeV.
    """
    energy = np.asarray(sqrt_s, dtype=np.float64)
    if not np.all(energy >= LOWEST_ENERGY):
        raise ValidityError(f"sqrt_s must be at least {LOWEST_ENERGY} GeV, got {sqrt_s!r}")
    flavours = open_flavours(energy).astype(np.float64)
    a = strong_coupling(energy) / np.pi
    incoherent, coherent = np.zeros(energy.shape), np.zeros(energy.shape)
    for quark in ("u", "d", "s", "c", "b"):
        g_v, g_a = np.asarray(vector.get(quark, 0.0)), np.asarray(axial.get(quark, 0.0))
        vector_factor, axial_factor = _threshold_factors(energy, quark)
        incoherent = incoherent + g_v**2 * vector_factor + g_a**2 * axial_factor
        coherent = coherent + g_v * vector_factor
    series, singlet = _coefficients(a, flavours)
    return np.asarray(3.0 * incoherent * (1.0 + series) + coherent**2 * singlet)


def _threshold_factors(energy: FloatArray, quark: str) -> tuple[FloatArray, FloatArray]:
    """Return the means of v (3 - v^2)/2 and of v^3; 1 for the light quarks."""
    vector, axial = np.zeros(energy.shape), np.zeros(energy.shape)
    for threshold, weight in _MESON_PAIRS.get(quark, ((0.0, 1.0),)):
        speed = np.sqrt(1.0 - np.clip(threshold / energy, None, 1.0) ** 2)
        vector += weight * speed * (3.0 - speed**2) / 2.0
        axial += weight * speed**3
    return vector, axial


def _coefficients(a: FloatArray, n_f: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the non-singlet and the singlet series of the RPP, eq. 9.8."""
    c2 = 1.9857 - 0.1152 * n_f
    c3 = -6.63694 - 1.20013 * n_f - 0.00518 * n_f**2
    c4 = -156.61 + 18.775 * n_f - 0.7974 * n_f**2 + 0.0215 * n_f**3
    series = a + c2 * a**2 + c3 * a**3 + c4 * a**4
    return series, -1.240 * a**3 - (17.828 - 0.575 * n_f) * a**4
