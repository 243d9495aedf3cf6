r"""Pions of protons of some hundred MeV on nuclei: the fit of Burman and Smith.

R. L. Burman and E. S. Smith, *Parametrization of pion production and reaction cross sections at
LAMPF energies*, LA-11502-MS (1989), describe the positive pions of 585 and 730 MeV protons on
nuclei from helium to thorium; LAMPF's 800 MeV are a short extrapolation. The form and the constants
here are those that two public codes agree on, BdNMC (arXiv:1609.01770) and a generator for
LANSCE. Neutral pions follow from positive ones by isospin: `neutral_pion_share`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam import particles
from darkbeam.constants import PROTON_MASS
from darkbeam.errors import InputError, UnknownNameError, ValidityError, suggestion

__all__ = [
    "BURMAN_SMITH_KINETIC_ENERGIES",
    "ISOSPIN",
    "burman_smith",
    "burman_smith_per_energy",
    "neutral_pion_share",
]

FloatArray = NDArray[np.float64]

BURMAN_SMITH_KINETIC_ENERGIES = (0.585, 0.81)
"""Kinetic energies of the proton, GeV: fitted at 585 and 730 MeV, used up to LAMPF's 800."""
_ATOMIC_NUMBERS = (3, 92)
_PIONS = ("pi0", "pi+")
# Widths in degrees of the mean kinetic energy's fall with the angle, and of the spectrum in MeV, at
# 585 and 730 MeV: for nuclei up to oxygen, and heavier ones.
_LIGHT = ((28.9, 34.2), (130.0, 150.0))
_HEAVY = ((26.0, 29.9), (135.0, 166.0))
_NORM = (0.8851, -0.1015, 0.1459, -0.0265)
_KNOTS = (0.0, 0.0, 0.0, 30.0, 70.0, 180.0, 180.0, 180.0)
_EDGE = 25.0
_MICROBARN_TO_MB = 1e-3
_GEV_TO_MEV = 1e3

ISOSPIN: Mapping[str, Callable[[float, float], float]] = MappingProxyType(
    {
        # Counts of pN -> N Delta -> NN pi by Clebsch-Gordan coefficients, in units of 1/12.
        "delta": lambda protons, neutrons: (
            (2.0 * protons + 4.0 * neutrons) / (10.0 * protons + neutrons)
        ),
        "equal": lambda protons, neutrons: 1.0,
    }
)
"""How many neutral pions there are for each positive one, by protons and neutrons of the nucleus.

``delta``: all by a Delta, 6/11 for as many neutrons as protons; ``equal``: one, as often assumed.
"""


def neutral_pion_share(atomic_number: float, mass_number: float, isospin: str = "delta") -> float:
    r"""Return the number of neutral pions per positive one.

    With a :math:`\Delta(1232)` in between (isospin 1 alone) a proton makes on a proton
    :math:`\pi^+ : \pi^0 = 10 : 2` and on a neutron, half as often,
    :math:`\pi^+ : \pi^0 : \pi^- = 1 : 4 : 1`, so :math:`\pi^0/\pi^+ = (2Z + 4N)/(10Z + N)`. For
    Z = N, isospin symmetry alone makes :math:`\pi^0 = (\pi^+ + \pi^-)/2`, which this fulfils; with
    twice the :math:`\pi^-` of a Delta, as data on light nuclei have, there would be 8 % more.

    Parameters
    ----------
    atomic_number, mass_number : float
        Of the nucleus.
    isospin : {"delta", "equal"}
        Name in `ISOSPIN`.

    Examples
    --------
    >>> neutral_pion_share(6, 12) * 11
    6.0
    """
    if isospin not in ISOSPIN:
        raise UnknownNameError(f"isospin: no {isospin!r}; {suggestion(isospin, list(ISOSPIN))}")
    if not 1.0 <= atomic_number <= mass_number:
        raise InputError(
            f"atomic_number = {atomic_number!r} must be within 1 and mass_number = {mass_number!r}"
        )
    return ISOSPIN[isospin](atomic_number, mass_number - atomic_number)


def burman_smith_per_energy(
    kinetic_energy: ArrayLike, angle: ArrayLike, proton_kinetic: float, atomic_number: int
) -> FloatArray:
    r"""Return d2sigma/dT dOmega of positive pions per nucleus, microbarn/(MeV sr).

    .. math::

       \frac{d^2\sigma}{dT d\Omega} = N(Z)\,A(\theta)\,
       \exp\left[-\frac{(T - \bar T(\theta))^2}{2\sigma^2(\theta)}\right]
       \left[1 + e^{(T - T_F)/B}\right]^{-1}

    with :math:`\bar T = 48 + 330\,e^{-\theta/T_A}`, :math:`\sigma = \sigma_A e^{-\theta/85}`,
    :math:`T_F = T_p - 140 - 2B`, B = 25, all in MeV and degrees; :math:`T_A` and :math:`\sigma_A`
    linear in :math:`T_p` through their values at 585 and 730 MeV; A a quadratic spline in the angle
    with knots at 30 and 70 degrees; :math:`N = Z^{1/3}\sum_i n_i\ln^iZ`.

    Parameters
    ----------
    kinetic_energy, angle : array_like
        Of the pion: GeV, and rad to the beam, 0 to pi.
    proton_kinetic : float
        Kinetic energy of the proton, GeV, within `BURMAN_SMITH_KINETIC_ENERGIES`.
    atomic_number : int
        Of the nucleus, 3 to 92.

    Raises
    ------
    ValidityError
        Energy or nucleus are not of the fit.
    """
    from scipy.interpolate import BSpline

    low, high = BURMAN_SMITH_KINETIC_ENERGIES
    if not low <= proton_kinetic <= high:
        raise ValidityError(
            f"proton_kinetic = {proton_kinetic:g} GeV: the fit holds from {low:g} to {high:g} GeV"
        )
    if not _ATOMIC_NUMBERS[0] <= atomic_number <= _ATOMIC_NUMBERS[1]:
        raise ValidityError(f"atomic_number = {atomic_number!r}: the fit holds from 3 to 92")
    energy = _GEV_TO_MEV * np.asarray(kinetic_energy, dtype=np.float64)
    degrees = np.clip(np.degrees(np.asarray(angle, dtype=np.float64)), 0.0, 180.0)
    beam, z = _GEV_TO_MEV * proton_kinetic, float(atomic_number)
    fall, width = (
        at_585 + (at_730 - at_585) * (beam - 585.0) / 145.0
        for at_585, at_730 in (_LIGHT if atomic_number <= 8 else _HEAVY)
    )
    height = (
        27.0 - 4.0 * ((730.0 - beam) / 145.0) ** 2,
        18.2,
        8.0,
        13.0 + (z - 12.0) / 10.0,
        9.0 + (z - 12.0) / 10.0 - (beam - 685.0) / 20.0,
    )
    norm = z ** (1.0 / 3.0) * np.polynomial.polynomial.polyval(np.log(z), _NORM)
    amplitude = norm * np.maximum(BSpline(_KNOTS, height, 2)(degrees), 0.0)
    mean, spread = 48.0 + 330.0 * np.exp(-degrees / fall), width * np.exp(-degrees / 85.0)
    cut = 1.0 / (1.0 + np.exp((energy - (beam - 140.0 - 2.0 * _EDGE)) / _EDGE))
    value = amplitude * np.exp(-0.5 * ((energy - mean) / spread) ** 2) * cut
    allowed = (energy >= 0.0) & (energy <= beam - _GEV_TO_MEV * particles.mass("pi+"))
    return np.asarray(np.where(allowed, value, 0.0))


def burman_smith(
    momentum: ArrayLike,
    angle: ArrayLike,
    beam_energy: float,
    pion: str = "pi0",
    atomic_number: int = 6,
    mass_number: float = 12.011,
    isospin: str = "delta",
) -> FloatArray:
    r"""Return d2sigma/dp dtheta of pions per nucleus, mb/(GeV rad), integrated over azimuth.

    :math:`2\pi\sin\theta\,(p/E)` times `burman_smith_per_energy`; neutral pions have the kinetic
    energies of positive ones, times `neutral_pion_share`.

    Parameters
    ----------
    momentum, angle : array_like
        Of the pion: GeV, and rad to the beam, 0 to pi.
    beam_energy : float
        Total energy of the proton, GeV.
    pion : {"pi0", "pi+"}
        Which.
    atomic_number, mass_number : int, float
        Of the nucleus.
    isospin : {"delta", "equal"}
        As of `neutral_pion_share`.
    """
    if pion not in _PIONS:
        raise UnknownNameError(f"unknown pion {pion!r}, {suggestion(pion, _PIONS)}")
    mass = particles.mass(pion)
    p = np.asarray(momentum, dtype=np.float64)
    energy = np.hypot(p, mass)
    density = burman_smith_per_energy(
        energy - mass, angle, beam_energy - PROTON_MASS, atomic_number
    )
    share = 1.0 if pion == "pi+" else neutral_pion_share(atomic_number, mass_number, isospin)
    jacobian = 2.0 * np.pi * np.sin(angle) * p / energy
    return np.asarray(share * _MICROBARN_TO_MB * _GEV_TO_MEV * jacobian * density)
