r"""Cross sections of bremsstrahlung and pair production of electrons and photons."""

from __future__ import annotations

from math import inf, log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ALPHA, CLASSICAL_ELECTRON_RADIUS_CM, ELECTRON_MASS
from darkbeam.matter.elements import Element, coulomb_correction
from darkbeam.matter.shower.lpm import lpm_suppression

__all__ = [
    "bremsstrahlung_k_dsigma_dk",
    "pair_dsigma_dx",
    "pair_total",
    "pair_total_low_energy",
    "screening_functions",
]

Array = NDArray[np.float64]

_UNIT = ALPHA * CLASSICAL_ELECTRON_RADIUS_CM**2


def screening_functions(item: Element, delta: ArrayLike) -> tuple[Array, Array, Array, Array]:
    r"""Tsai's screening functions of an atom, elastic and inelastic, with their logarithms.

    Parameters
    ----------
    item : Element
        The atom.
    delta : array_like
        :math:`100\,m\,k/(E E')`: twice the minimal momentum transfer in units of m/100.

    Returns
    -------
    elastic, inelastic : ndarray
        :math:`\varphi_1 - \frac43 \ln Z` and :math:`\psi_1 - \frac83 \ln Z`; in the limit of
        complete screening, four times Tsai's L_rad and L'_rad.
    elastic_difference, inelastic_difference : ndarray
        :math:`\varphi_1 - \varphi_2` and :math:`\psi_1 - \psi_2`.

    Notes
    -----
    Thomas-Fermi-Moliere model, Y.-S. Tsai, Rev. Mod. Phys. 46 (1974) 815, eqs. (3.38)-(3.41). For
    hydrogen to beryllium the functions are shifted to the L_rad and L'_rad of table B.2.
    """
    d = np.asarray(delta, dtype=np.float64)
    gamma = d * item.Z ** (-1.0 / 3.0)
    epsilon = d * item.Z ** (-2.0 / 3.0)
    nuclear, atomic = item.radiation_logarithms
    elastic = (
        4.0 * nuclear
        - 2.0 * np.log1p((0.55846 * gamma) ** 2)
        - 4.0 * (1.0 - 0.6 * np.exp(-0.9 * gamma) - 0.4 * np.exp(-1.5 * gamma))
    )
    inelastic = (
        4.0 * atomic
        - 2.0 * np.log1p((3.621 * epsilon) ** 2)
        - 4.0 * (1.0 - 0.7 * np.exp(-8.0 * epsilon) - 0.3 * np.exp(-29.2 * epsilon))
    )
    elastic_difference = (2.0 / 3.0) / (1.0 + 6.5 * gamma + 6.0 * gamma**2)
    inelastic_difference = (2.0 / 3.0) / (1.0 + 40.0 * epsilon + 400.0 * epsilon**2)
    return elastic, inelastic, elastic_difference, inelastic_difference


def bremsstrahlung_k_dsigma_dk(
    item: Element,
    energy: ArrayLike,
    k: ArrayLike,
    *,
    lpm: float = inf,
    plasma_energy: float = 0.0,
) -> Array:
    r"""Return :math:`k\,d\sigma/dk` of bremsstrahlung per atom, cm^2.

    .. math:: k \frac{d\sigma}{dk} = \alpha r_e^2 \Big\{ \tfrac13 [y^2 \xi G
       + 2 (1 + (1-y)^2) \xi \phi] [Z^2 (\varphi_1 - \tfrac43 \ln Z - 4 f)
       + Z (\psi_1 - \tfrac83 \ln Z)] + \tfrac23 (1-y) [Z^2 (\varphi_1 - \varphi_2)
       + Z (\psi_1 - \psi_2)] \Big\}, \quad y = k/E

    Tsai 1974, eq. (3.9), with Migdal's suppression (Klein 1999, eq. (70)) and the dielectric
    factor; f is the Coulomb correction.

    Parameters
    ----------
    item : Element
        The atom.
    energy : array_like
        Total energy of the electron, GeV.
    k : array_like
        Photon energy, GeV; 0 is returned above the kinetic energy.
    lpm : float
        `lpm_energy` of the medium; inf for a free atom.
    plasma_energy : float
        Plasma energy of the medium, GeV; 0 for a free atom.
    """
    e, photon = np.broadcast_arrays(
        np.asarray(energy, dtype=np.float64), np.asarray(k, dtype=np.float64)
    )
    allowed = (photon > 0.0) & (photon <= e - ELECTRON_MASS)
    photon = np.where(allowed, photon, 0.5 * (e - ELECTRON_MASS))
    rest = e - photon
    y = photon / e
    z = float(item.Z)
    el, inel, d_el, d_inel = screening_functions(item, 100.0 * ELECTRON_MASS * photon / (e * rest))
    dielectric = 1.0 + (plasma_energy * e / (ELECTRON_MASS * photon)) ** 2
    if lpm == inf:
        xi_g = xi_phi = 1.0 / dielectric
    else:
        xi_g, xi_phi = lpm_suppression(np.sqrt(lpm * photon / (8.0 * e * rest)), z, dielectric)
    strength = z**2 * (el - 4.0 * coulomb_correction(z)) + z * inel
    main = (y**2 * xi_g + 2.0 * (1.0 + (1.0 - y) ** 2) * xi_phi) / 3.0 * np.maximum(strength, 0.0)
    second = (2.0 / 3.0) * (1.0 - y) * (z**2 * d_el + z * d_inel) / dielectric
    return np.where(allowed, _UNIT * (main + second), 0.0)


def pair_dsigma_dx(item: Element, k: ArrayLike, x: ArrayLike, *, lpm: float = inf) -> Array:
    r"""Return :math:`d\sigma/dx` of pair production per atom, cm^2; x is one lepton's share of k.

    .. math:: \frac{d\sigma}{dx} = \alpha r_e^2 \Big\{ \tfrac13 [\xi G
       + 2 (x^2 + (1-x)^2) \xi \phi] [Z^2 (\varphi_1 - \tfrac43 \ln Z - 4 f)
       + Z (\psi_1 - \tfrac83 \ln Z)] - \tfrac23 x (1-x) [Z^2 (\varphi_1 - \varphi_2)
       + Z (\psi_1 - \psi_2)] \Big\}

    Tsai 1974, eq. (3.9) by crossing; Klein 1999, eq. (78). Good above about 50 MeV.

    Parameters
    ----------
    item : Element
        The atom.
    k : array_like
        Photon energy, GeV.
    x : array_like
        Total energy of one of the leptons over k; 0 is returned outside m/k ... 1 - m/k.
    lpm : float
        `lpm_energy` of the medium; inf for a free atom.
    """
    photon, share = np.broadcast_arrays(
        np.asarray(k, dtype=np.float64), np.asarray(x, dtype=np.float64)
    )
    low = ELECTRON_MASS / photon
    allowed = (share >= low) & (share <= 1.0 - low)
    share = np.where(allowed, share, 0.5)
    z = float(item.Z)
    product = share * (1.0 - share)
    el, inel, d_el, d_inel = screening_functions(item, 100.0 * ELECTRON_MASS / (photon * product))
    if lpm == inf:
        xi_g, xi_phi = np.ones_like(share), np.ones_like(share)
    else:
        xi_g, xi_phi = lpm_suppression(np.sqrt(lpm / (8.0 * photon * product)), z)
    strength = z**2 * (el - 4.0 * coulomb_correction(z)) + z * inel
    main = (xi_g + 2.0 * (1.0 - 2.0 * product) * xi_phi) / 3.0 * strength
    second = (2.0 / 3.0) * product * (z**2 * d_el + z * d_inel)
    return np.where(allowed, _UNIT * np.maximum(main - second, 0.0), 0.0)


# L. Urban's fit (Geant4 Physics Reference Manual, "Gamma conversion") to the tables of
# Hubbell, Gimm and Overbo: coefficients in microbarn of powers of ln(k/m).
_F1 = (8.7842e2, -1.9625e3, 1.2949e3, -2.0028e2, 1.2575e1, -2.8333e-1)
_F2 = (-1.0342e1, 1.7692e1, -8.2381, 1.3063, -9.0815e-2, 2.3586e-3)
_F3 = (-4.5263e2, 1.1161e3, -8.6749e2, 2.1773e2, -2.0467e1, 6.5372e-1)
_FIT_START = 1.5e-3


def pair_total_low_energy(item: Element, k: ArrayLike) -> Array:
    r"""Total pair production cross section per atom below 100 MeV, cm^2.

    .. math:: \sigma = Z (Z+1) [F_1(\ln k/m) + Z F_2(\ln k/m) + F_3(\ln k/m)/Z]

    by L. Urban's fit (Geant4 Physics Reference Manual) to J.H. Hubbell, H.A. Gimm, I. Overbo, J.
    Phys. Chem. Ref. Data 9 (1980) 1023: nuclear and electron fields, good to 2 % on average above
    1.5 MeV; quadratic in the distance from the threshold below.
    """
    photon = np.asarray(k, dtype=np.float64)
    t = np.log(np.maximum(photon, _FIT_START) / ELECTRON_MASS)
    z = float(item.Z)
    polynomials = [np.polynomial.polynomial.polyval(t, c) for c in (_F1, _F2, _F3)]
    total = (z + 1.0) * (z * polynomials[0] + z * z * polynomials[1] + polynomials[2])
    rise = (photon - 2.0 * ELECTRON_MASS) / (_FIT_START - 2.0 * ELECTRON_MASS)
    start = np.where(photon < _FIT_START, np.clip(rise, 0.0, 1.0) ** 2, 1.0)
    return np.asarray(np.maximum(1e-30 * total * start, 0.0))


def pair_total(item: Element, k: ArrayLike, *, lpm: float = inf) -> Array:
    """Total pair production cross section per atom, cm^2.

    The integral of `pair_dsigma_dx` above 100 MeV, `pair_total_low_energy` below 40 MeV, and a
    smooth passage between.

    Parameters
    ----------
    item : Element
        The atom.
    k : array_like
        Photon energy, GeV; 0 is returned below the threshold 2 m.
    lpm : float
        `lpm_energy` of the medium.
    """
    photon = np.asarray(k, dtype=np.float64)
    nodes, weights = np.polynomial.legendre.leggauss(32)
    # x = low + (1/2 - low) u^2 resolves the edge; twice for the other half.
    u = 0.5 * (nodes + 1.0)
    low = np.minimum(ELECTRON_MASS / photon, 0.5)[..., None]
    width = 0.5 - low
    share = low + width * u**2
    density = pair_dsigma_dx(item, photon[..., None], share, lpm=lpm)
    integral = np.sum(2.0 * density * width * 2.0 * u * (0.5 * weights), axis=-1)
    passage = np.clip(np.log(photon / 0.04) / log(0.1 / 0.04), 0.0, 1.0)
    passage = passage**2 * (3.0 - 2.0 * passage)
    return np.asarray(passage * integral + (1.0 - passage) * pair_total_low_energy(item, photon))
