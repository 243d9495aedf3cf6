r"""Decays of a vector mediator to hadrons: exclusive channels below, QCD and resonances above."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import CHARGED_KAON_MASS, NEUTRAL_PION_MASS, PION_MASS
from darkbeam.decays.hadrons.exclusive import exclusive_ratios
from darkbeam.decays.hadrons.perturbative import quark_ratio
from darkbeam.decays.hadrons.quarkonia import quarkonium_ratio
from darkbeam.errors import DarkbeamWarning, InputError, ModelError
from darkbeam.models.couplings import ELECTRIC_CHARGE, QUARKS, Coupling, CouplingTable

__all__ = [
    "BLEND",
    "HADRON_CHANNELS",
    "MATCHING_MASS",
    "MAXIMUM_MASS",
    "hadronic_spectrum",
    "r_ratio",
    "vector_hadron_widths",
]

FloatArray = NDArray[np.float64]

BLEND = (1.65, 1.80)
"""Range of masses, GeV, over which the exclusive channels fade into the inclusive width."""
MATCHING_MASS = 0.5 * sum(BLEND)
"""Middle of `BLEND`, GeV: exclusive channels and perturbative QCD have equal weight."""
MAXIMUM_MASS = 340.0
"""Above this mass, GeV, decays to top quarks open and the width is not computed."""

HADRON_CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "pi_pi": "pi+ pi-",
        "pi0_gamma": "pi0 gamma",
        "eta_gamma": "eta gamma",
        "pi_pi_pi0": "pi+ pi- pi0",
        "K_K": "K+ K-",
        "K0_K0": "K0 K0bar",
        "pi0_pi0_gamma": "pi0 omega with omega -> pi0 gamma",
        "pi_pi_pi0_pi0": "pi+ pi- pi0 pi0 (with omega pi0)",
        "pi_pi_pi_pi": "pi+ pi- pi+ pi-",
        "K0_K0_pi0": "K0 K0bar pi0",
        "K_K_pi0": "K+ K- pi0",
        "K_K0_pi": "K+- K0 pi-+ (both charges)",
        "eta_pi_pi": "eta pi+ pi-",
        "etaprime_pi_pi": "eta' pi+ pi-",
        "omega_pi_pi": "omega pi pi (both charges)",
        "eta_omega": "eta omega",
        "phi_pi0": "phi pi0",
        "eta_phi": "eta phi",
        "phi_pi_pi": "phi pi pi (both charges)",
        "six_pi": "3(pi+ pi-) and 2(pi+ pi- pi0)",
        "K_K_pi_pi": "K K pi pi by K* K pi",
        "qcd": "inclusive, by perturbative QCD and the psi and Upsilon resonances",
        "unknown": "by currents that are not computed: NaN where they are open, else zero",
    }
)
"""Channel -> what it holds. Below `BLEND` the exclusive ones, above it ``qcd`` alone."""

_LIGHT = ("u", "d", "s")
_AXIAL_THRESHOLD = 3.0 * NEUTRAL_PION_MASS
_CHANGING_THRESHOLDS: Mapping[tuple[str, str], float] = {
    ("d", "s"): CHARGED_KAON_MASS + PION_MASS,
    ("u", "c"): 1.86484 + NEUTRAL_PION_MASS,
    ("d", "b"): 5.27941 + NEUTRAL_PION_MASS,
    ("s", "b"): 5.27941 + CHARGED_KAON_MASS,
}
"""Lightest two mesons of a flavour-changing pair, GeV; pairs with a top quark open at the limit."""


def vector_hadron_widths(table: CouplingTable, *, warn: bool = True) -> dict[str, FloatArray]:
    r"""Return the partial widths of a vector mediator to hadrons.

    Below 1.65 GeV the sum over exclusive channels, above 1.80 GeV perturbative QCD with the psi
    and Upsilon resonances, in between both with weights
    :math:`1 - f` and :math:`f = x^2(3 - 2x)`, x running from 0 to 1 over the range.

    Axial couplings of u, d, s have no form factors here: with them ``unknown`` is NaN from three
    neutral pions, the lightest state of that current (below it only radiative decays of higher
    order remain, and are left out), to the end of the range. Flavour-changing couplings make
    ``unknown`` NaN wherever their lightest mesons are open, and all widths are NaN above
    `MAXIMUM_MASS`. So a sum over all channels is never a partial answer that looks complete.

    Parameters
    ----------
    table : CouplingTable
        Couplings and mass of a vector mediator.
    warn : bool
        False silences the `DarkbeamWarning` that tells of widths that are NaN.

    Returns
    -------
    dict of str to ndarray
        Channel of `HADRON_CHANNELS` -> width, GeV, in the shape of the table.

    Raises
    ------
    ModelError
        For a scalar mediator.

    Examples
    --------
    >>> from darkbeam.models import DarkPhoton
    >>> widths = vector_hadron_widths(DarkPhoton(mass=0.77, epsilon=1e-3).couplings())
    >>> max(widths, key=lambda channel: float(widths[channel]))
    'pi_pi'
    """
    if table.spin != 1:
        raise ModelError("vector_hadron_widths needs a vector mediator, got spin 0")
    shape = table.shape
    widths = {name: np.zeros(shape) for name in HADRON_CHANNELS}
    if not table.couples_to_quarks():
        return widths
    mass = np.broadcast_to(np.asarray(table.mass, dtype=np.float64), shape)
    vector = {quark: table.vector(quark) for quark in QUARKS}
    fade = _fade(mass)
    exclusive = exclusive_ratios(mass, *(vector[quark] for quark in _LIGHT))
    unit = mass / (12.0 * np.pi)
    for name, ratio in exclusive.items():
        widths[name] = unit * ratio * (1.0 - fade)
    widths["qcd"] = unit * fade * _inclusive(table, mass, vector)
    widths["unknown"] = np.where(_unknown(table, mass), np.nan, 0.0)
    if warn:
        _warn(widths)
    return widths


def hadronic_spectrum(table: CouplingTable, sqrt_s: ArrayLike, *, warn: bool = True) -> FloatArray:
    r"""Return the width to hadrons that a mediator of these couplings would have at a mass.

    This is the spectral function of its hadronic current: production in e+e- collisions and
    in chi chi annihilation at :math:`\sqrt s` is proportional to it, whatever the true mass.

    Parameters
    ----------
    table : CouplingTable
        Couplings; those that run are taken at :math:`s`.
    sqrt_s : array_like
        Invariant mass of the hadrons, GeV; broadcasts against the couplings.
    warn : bool
        As for `vector_hadron_widths`.

    Returns
    -------
    ndarray
        Width, GeV; NaN where a part of it is not known.
    """
    energy = np.asarray(sqrt_s, dtype=np.float64)
    if not np.all(np.isfinite(energy) & (energy > 0.0)):
        raise InputError(f"sqrt_s must be finite and above 0 GeV, got {sqrt_s!r}")
    moved = dataclasses.replace(table.at(energy**2), mass=energy, dark=(), running=None)
    return np.asarray(sum(vector_hadron_widths(moved, warn=warn).values()))


def r_ratio(sqrt_s: ArrayLike) -> FloatArray:
    r"""Return R, the cross section of e+e- to hadrons over that to massless muons, by one photon.

    Bare (no vacuum polarisation) and without the Z, so comparable with the R of the RPP below
    about 35 GeV. The narrow resonances are in it with their natural width (93 keV for the J/psi,
    where R exceeds 8000): an experiment sees them spread over its energy resolution.

    Parameters
    ----------
    sqrt_s : array_like
        Energy in the centre of mass, GeV.

    Returns
    -------
    ndarray
        R; 0 below the mass of the neutral pion, NaN above `MAXIMUM_MASS`.

    Examples
    --------
    >>> float(r_ratio(3.0).round(1))
    2.2
    """
    charges = {quark: Coupling(vector=ELECTRIC_CHARGE[quark]) for quark in QUARKS}
    energy = np.asarray(sqrt_s, dtype=np.float64)
    width = hadronic_spectrum(CouplingTable(mass=1.0, fermions=charges), energy)
    return np.asarray(12.0 * np.pi * width / energy)


def _fade(mass: FloatArray) -> FloatArray:
    """Weight of the inclusive width: 0 below the range of the blend, 1 above, smooth."""
    x = np.clip((mass - BLEND[0]) / (BLEND[1] - BLEND[0]), 0.0, 1.0)
    return np.asarray(x * x * (3.0 - 2.0 * x))


def _inclusive(
    table: CouplingTable, mass: FloatArray, vector: Mapping[str, FloatArray]
) -> FloatArray:
    """Width over m/(12 pi) by quarks and quarkonia; NaN above the top threshold."""
    result = np.zeros(mass.shape)
    is_used = (mass > BLEND[0]) & (mass <= MAXIMUM_MASS)
    if np.any(is_used):
        m = mass[is_used]
        g_v = {quark: coupling[is_used] for quark, coupling in vector.items()}
        g_a = {quark: table.axial(quark)[is_used] for quark in QUARKS}
        result[is_used] = quark_ratio(m, g_v, g_a) + quarkonium_ratio(m, g_v)
    return np.where(mass > MAXIMUM_MASS, np.nan, result)


def _unknown(table: CouplingTable, mass: FloatArray) -> NDArray[np.bool_]:
    """Where a current is open that has neither form factors nor perturbation theory here."""
    axial = np.zeros(mass.shape, dtype=bool)
    for quark in _LIGHT:
        axial |= table.axial(quark) != 0.0
    unknown = axial & (mass > _AXIAL_THRESHOLD) & (mass < BLEND[1])
    for first, second in table.pairs():
        if first == second or first not in QUARKS:
            continue
        threshold = _CHANGING_THRESHOLDS.get((first, second), 172.0)
        entry = table.entry(first, second)
        changing = (np.asarray(entry.vector) != 0.0) | (np.asarray(entry.axial) != 0.0)
        unknown |= np.broadcast_to(changing, mass.shape) & (mass > threshold)
    return unknown


def _warn(widths: Mapping[str, FloatArray]) -> None:
    if np.any(np.isnan(widths["unknown"])):
        message = (
            "decays to hadrons by axial couplings of u, d, s between 0.41 and 1.80 GeV, and by "
            "flavour-changing ones, are not computed: their width is NaN"
        )
        warnings.warn(message, DarkbeamWarning, stacklevel=3)
    if np.any(np.isnan(widths["qcd"])):
        message = f"decays to hadrons are not computed above {MAXIMUM_MASS:g} GeV (top quarks): NaN"
        warnings.warn(message, DarkbeamWarning, stacklevel=3)
