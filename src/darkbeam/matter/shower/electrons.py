r"""Ionisation, scattering on electrons, annihilation and multiple scattering."""

from __future__ import annotations

from math import inf, log, pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ALPHA, AVOGADRO, CLASSICAL_ELECTRON_RADIUS_CM, ELECTRON_MASS
from darkbeam.matter.elements import DensityEffect, Element
from darkbeam.matter.materials import Material

__all__ = [
    "annihilation_total",
    "bhabha_total",
    "compton_total",
    "density_correction",
    "ionisation_loss",
    "moller_total",
    "photoelectric_total",
    "scattering_law",
    "scattering_power",
]

Array = NDArray[np.float64]

_AREA = 2.0 * pi * CLASSICAL_ELECTRON_RADIUS_CM**2


def density_correction(effect: DensityEffect, beta_gamma: ArrayLike) -> Array:
    r"""Density correction :math:`\delta` of the ionisation loss; see `DensityEffect`."""
    x = np.log10(np.asarray(beta_gamma, dtype=np.float64))
    asymptote = 2.0 * log(10.0) * x - effect.minus_c
    between = asymptote + effect.a * np.maximum(effect.x1 - x, 0.0) ** effect.m
    below = effect.delta0 * 10.0 ** (2.0 * np.minimum(x - effect.x0, 0.0))
    return np.where(x >= effect.x1, asymptote, np.where(x >= effect.x0, between, below))


def ionisation_loss(
    item: Material, kinetic: ArrayLike, *, cut: float = inf, charge: int = -1
) -> Array:
    r"""Mean energy loss by collisions that transfer less than `cut`, GeV cm^2/g.

    .. math:: -\frac{dE}{dx} = \frac{2\pi r_e^2 m n_e}{\beta^2}
       \Big[\ln\frac{2 (\gamma + 1) m^2}{I^2} + F^\pm(\tau, \Delta) - \delta\Big]

    M.J. Berger and S.M. Seltzer, NBSIR 82-2550-A (1982), after Moller and Bhabha, in the form of
    the Geant4 Physics Reference Manual, eq. (10.6)-(10.8).

    Parameters
    ----------
    item : Material
        The medium.
    kinetic : array_like
        Kinetic energy, GeV.
    cut : float
        Largest energy transfer, GeV; inf for the unrestricted loss.
    charge : int
        -1 for electrons, +1 for positrons.
    """
    tau = np.asarray(kinetic, dtype=np.float64) / ELECTRON_MASS
    gamma = tau + 1.0
    beta2 = tau * (tau + 2.0) / gamma**2
    reach = tau / 2.0 if charge < 0 else tau
    d = np.minimum(cut / ELECTRON_MASS, reach)
    if charge < 0:
        f = (
            -1.0
            - beta2
            + np.log((tau - d) * d)
            + tau / (tau - d)
            + (0.5 * d**2 + (2.0 * tau + 1.0) * np.log1p(-d / tau)) / gamma**2
        )
    else:
        y = 1.0 / (gamma + 1.0)
        f = np.log(tau * d) - beta2 / tau * (
            tau
            + 2.0 * d
            - 1.5 * d**2 * y
            - (d - d**3 / 3.0) * y**2
            - (0.5 * d**2 - tau * d**3 / 3.0 + 0.25 * d**4) * y**3
        )
    excitation = item.mean_excitation_ev * 1e-9 / ELECTRON_MASS
    delta = density_correction(item.density_effect, np.sqrt(tau * (tau + 2.0)))
    bracket = np.log(2.0 * (gamma + 1.0) / excitation**2) + f - delta
    return _AREA * ELECTRON_MASS * item.electrons_per_gram / beta2 * bracket


def moller_total(kinetic: ArrayLike, cut: float) -> Array:
    r"""Cross section per electron of e- e- -> e- e- with the slower one above `cut`, cm^2.

    .. math:: \frac{d\sigma}{d\epsilon} = \frac{2\pi r_e^2}{\beta^2 (\gamma - 1)} \Big[
       \frac{(\gamma-1)^2}{\gamma^2}
       + \frac1\epsilon \Big(\frac1\epsilon - \frac{2\gamma-1}{\gamma^2}\Big)
       + \frac1{1-\epsilon} \Big(\frac1{1-\epsilon} - \frac{2\gamma-1}{\gamma^2}\Big)\Big],

    :math:`\epsilon` the share of the kinetic energy from cut/T to 1/2: C. Moller, Ann. Phys. 14
    (1932) 531.
    """
    t = np.asarray(kinetic, dtype=np.float64)
    x = np.minimum(cut / t, 0.5)
    gamma = t / ELECTRON_MASS + 1.0
    beta2 = 1.0 - 1.0 / gamma**2
    c = (2.0 * gamma - 1.0) / gamma**2
    bracket = (
        (1.0 - 1.0 / gamma) ** 2 * (0.5 - x) + 1.0 / x - 1.0 / (1.0 - x) - c * np.log((1.0 - x) / x)
    )
    return _AREA / (beta2 * (gamma - 1.0)) * bracket


def bhabha_total(kinetic: ArrayLike, cut: float) -> Array:
    r"""Cross section per electron of e+ e- -> e+ e- with the electron above `cut`, cm^2.

    .. math:: \frac{d\sigma}{d\epsilon} = \frac{2\pi r_e^2}{\gamma - 1} \Big[
       \frac1{\beta^2\epsilon^2} - \frac{B_1}\epsilon + B_2 - B_3 \epsilon + B_4 \epsilon^2 \Big]

    with :math:`B_i` of y = 1/(gamma+1): H.J. Bhabha, Proc. R. Soc. A 154 (1936) 195.
    """
    t = np.asarray(kinetic, dtype=np.float64)
    x = np.minimum(cut / t, 1.0)
    gamma = t / ELECTRON_MASS + 1.0
    beta2 = 1.0 - 1.0 / gamma**2
    y = 1.0 / (gamma + 1.0)
    b1, b2 = 2.0 - y**2, (1.0 - 2.0 * y) * (3.0 + y**2)
    b4 = (1.0 - 2.0 * y) ** 3
    b3 = (1.0 - 2.0 * y) ** 2 + b4
    bracket = (
        (1.0 / x - 1.0) / beta2
        + b1 * np.log(x)
        + b2 * (1.0 - x)
        - 0.5 * b3 * (1.0 - x**2)
        + b4 / 3.0 * (1.0 - x**3)
    )
    return _AREA / (gamma - 1.0) * bracket


def annihilation_total(kinetic: ArrayLike) -> Array:
    r"""Cross section per electron of e+ e- -> gamma gamma in flight, cm^2.

    .. math:: \sigma = \frac{\pi r_e^2}{\gamma + 1} \Big[
       \frac{\gamma^2 + 4\gamma + 1}{\gamma^2 - 1} \ln(\gamma + \sqrt{\gamma^2 - 1})
       - \frac{\gamma + 3}{\sqrt{\gamma^2 - 1}} \Big]

    W. Heitler, The Quantum Theory of Radiation, 3rd edition, section 27.
    """
    gamma = np.asarray(kinetic, dtype=np.float64) / ELECTRON_MASS + 1.0
    root = np.sqrt(gamma**2 - 1.0)
    bracket = (gamma**2 + 4.0 * gamma + 1.0) / root**2 * np.log(gamma + root) - (gamma + 3.0) / root
    return np.asarray(0.5 * _AREA / (gamma + 1.0) * bracket)


def compton_total(k: ArrayLike) -> Array:
    r"""Klein and Nishina's cross section per electron, cm^2.

    .. math:: \sigma = 2\pi r_e^2 \Big\{ \frac{1+\kappa}{\kappa^2} \Big[
       \frac{2(1+\kappa)}{1+2\kappa} - \frac{\ln(1+2\kappa)}\kappa \Big]
       + \frac{\ln(1+2\kappa)}{2\kappa} - \frac{1+3\kappa}{(1+2\kappa)^2} \Big\},
       \quad \kappa = k/m

    O. Klein and Y. Nishina, Z. Phys. 52 (1929) 853. The electrons' binding is neglected.
    """
    kappa = np.asarray(k, dtype=np.float64) / ELECTRON_MASS
    one = 1.0 + 2.0 * kappa
    logarithm = np.log(one)
    first = (1.0 + kappa) / kappa**2 * (2.0 * (1.0 + kappa) / one - logarithm / kappa)
    return _AREA * (first + logarithm / (2.0 * kappa) - (1.0 + 3.0 * kappa) / one**2)


def photoelectric_total(item: Element, k: ArrayLike) -> Array:
    r"""Photoelectric cross section of an atom above 0.5 MeV, cm^2.

    .. math:: \sigma = \tfrac32 \sigma_T \alpha^4 Z^5 \Big(\frac mk\Big)^5 (\gamma^2-1)^{3/2}
       \Big[\tfrac43 + \frac{\gamma(\gamma-2)}{\gamma+1} \Big(1 -
       \frac{\ln[(\gamma + q)/(\gamma - q)]}{2\gamma q}\Big)\Big]
       e^{-\pi\alpha Z + 2 (\alpha Z)^2 (1 - \ln \alpha Z)}

    of the K shell, :math:`\gamma = 1 + k/m`, :math:`q = \sqrt{\gamma^2-1}`: F. Sauter, Ann. Phys.
    11 (1931) 454, with the high-energy correction of R.H. Pratt, Phys. Rev. 117 (1960) 1017. It is
    within 10 % of the total in lead at 1 MeV, where it is a quarter of all interactions, and too
    high by 30 % at 10 MeV, where it is 1 %: the outer shells would add a fifth, but the
    correction is not complete.
    """
    photon = np.asarray(k, dtype=np.float64)
    gamma = 1.0 + photon / ELECTRON_MASS
    q = np.sqrt(gamma**2 - 1.0)
    a = ALPHA * item.Z
    inner = 1.0 - np.log((gamma + q) / (gamma - q)) / (2.0 * gamma * q)
    bracket = 4.0 / 3.0 + gamma * (gamma - 2.0) / (gamma + 1.0) * inner
    correction = np.exp(-pi * a + 2.0 * a**2 * (1.0 - log(a)))
    thomson = 4.0 / 3.0 * _AREA
    strength = 1.5 * thomson * ALPHA**4 * item.Z**5 * correction
    return np.asarray(strength * (ELECTRON_MASS / photon) ** 5 * q**3 * bracket)


def scattering_power(item: Material, kinetic: ArrayLike) -> Array:
    r"""Mean of :math:`1 - \cos\theta` by elastic scattering per g/cm^2 (inverse transport length).

    .. math:: \frac1{\lambda_1} = \sum_i n_i\, 2\pi Z_i (Z_i + 1) r_e^2 \frac{m^2}{p^2 \beta^2}
       \Big[\ln(1 + x) - \frac{x}{1 + x}\Big], \quad x = \theta_{max}^2 / \chi_a^2,

    the first moment of Rutherford scattering with Moliere's screening angle
    :math:`\chi_a^2 = \chi_0^2 [1.13 + 3.76 (\alpha Z/\beta)^2]`,
    :math:`\chi_0 = \alpha m Z^{1/3} / (0.885 p)`, up to
    :math:`\theta_{max} = 274 m / (A^{1/3} p)` of the nucleus or 2 (J.D. Jackson, Classical
    Electrodynamics, section 13.7).
    """
    t = np.asarray(kinetic, dtype=np.float64)
    p2 = t * (t + 2.0 * ELECTRON_MASS)
    beta2 = p2 / (t + ELECTRON_MASS) ** 2
    total = np.zeros_like(t)
    for e, fraction in item.elements:
        chi0_2 = (ALPHA * ELECTRON_MASS * e.Z ** (1.0 / 3.0) / 0.885) ** 2 / p2
        chi_2 = chi0_2 * (1.13 + 3.76 * (ALPHA * e.Z) ** 2 / beta2)
        largest = np.minimum(4.0, (274.0 * ELECTRON_MASS) ** 2 / (e.A ** (2.0 / 3.0) * p2))
        x = largest / chi_2
        moment = np.log1p(x) - x / (1.0 + x)
        nuclei = AVOGADRO * fraction / e.atomic_weight
        total += nuclei * _AREA * e.Z * (e.Z + 1) * ELECTRON_MASS**2 / (p2 * beta2) * moment
    return total


def scattering_law(item: Material) -> tuple[float, float, float]:
    r"""Cross section of single elastic scattering of fast electrons, scaled by their momentum.

    .. math:: n\,\frac{d\sigma}{dh} = \frac{c}{(h + a)^2}, \quad h = 1 - \cos\theta < h_{max},
       \quad c = \frac{C}{p^2\beta^2},\; a = \frac{A}{p^2},\; h_{max} = \frac{H}{p^2}

    Rutherford scattering with the screening and the nuclear size of `scattering_power`, whose
    value at high energy is its first moment. In mixtures :math:`\ln a` and :math:`\ln h_{max}` are
    means over the elements, weighted with their c.

    Returns
    -------
    C, A, H : float
        C per g/cm^2; all in GeV^2 (times cm^2/g for C).
    """
    strengths, screenings, ends = [], [], []
    for e, fraction in item.elements:
        nuclei = AVOGADRO * fraction / e.atomic_weight
        strengths.append(nuclei * _AREA * e.Z * (e.Z + 1) * ELECTRON_MASS**2)
        chi0_2 = (ALPHA * ELECTRON_MASS * e.Z ** (1.0 / 3.0) / 0.885) ** 2
        screenings.append(0.5 * chi0_2 * (1.13 + 3.76 * (ALPHA * e.Z) ** 2))
        ends.append(0.5 * (274.0 * ELECTRON_MASS) ** 2 / e.A ** (2.0 / 3.0))
    total = sum(strengths)
    shares = np.array(strengths) / total
    screening = float(np.exp(shares @ np.log(screenings)))
    return float(total), screening, float(np.exp(shares @ np.log(ends)))
