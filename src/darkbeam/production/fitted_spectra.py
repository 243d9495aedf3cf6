"""Pions of published fits in the form of a table, beside those of generators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from darkbeam import particles
from darkbeam.constants import PROTON_MASS
from darkbeam.errors import UnknownNameError, ValidityError, suggestion
from darkbeam.matter.elements import Element, element
from darkbeam.production.burman_smith import BURMAN_SMITH_KINETIC_ENERGIES, burman_smith
from darkbeam.production.inelastic import inelastic_cross_section_mb
from darkbeam.production.meson_fits import BMPT_ENERGIES, bmpt
from darkbeam.production.meson_spectra import MesonSpectrum, beam_energy_of

__all__ = ["FITS", "fitted_pions"]

FloatArray = NDArray[np.float64]

_CELLS = (80, 60)
_POINTS = 4


@dataclass(frozen=True)
class _Fit:
    """A fit: d2sigma/dp dtheta of pi0, mb/(GeV rad), and where it holds."""

    density: Callable[[FloatArray, FloatArray, float, Element], FloatArray]
    energies: tuple[float, float]  # total, of the proton, GeV
    example: str
    lowest: tuple[float, float]  # log10 of momentum, GeV, and of angle, rad
    widest: float  # angle, rad
    source: str


def _bmpt(p: FloatArray, angle: FloatArray, energy: float, nucleus: Element) -> FloatArray:
    return bmpt(p, angle, energy, "pi0", nucleus.atomic_weight)


def _burman_smith(
    p: FloatArray, angle: FloatArray, energy: float, nucleus: Element, isospin: str
) -> FloatArray:
    weight = nucleus.atomic_weight
    return burman_smith(p, angle, energy, "pi0", nucleus.Z, weight, isospin)


def _low_energy(isospin: str) -> _Fit:
    low, high = BURMAN_SMITH_KINETIC_ENERGIES
    return _Fit(
        partial(_burman_smith, isospin=isospin),
        (low + PROTON_MASS, high + PROTON_MASS),
        "1.738GeV-C",
        (-2.5, -2.5),
        np.pi,
        "R. L. Burman and E. S. Smith, LA-11502-MS (1989)",
    )


_FITS: Mapping[str, _Fit] = {
    "BMPT": _Fit(
        _bmpt,
        BMPT_ENERGIES,
        "400GeV-Be",
        (-1.5, -4.5),
        0.5 * np.pi,
        "M. Bonesini et al., hep-ph/0101163",
    ),
    "Burman-Smith": _low_energy("delta"),
    "Burman-Smith-equal": _low_energy("equal"),
}
FITS = tuple(_FITS)
"""Names of the fits, in the place of a generator's: BMPT from 24 to 450 GeV, Burman-Smith at some
hundred MeV with the neutral pions of a Delta, or with as many as there are positive ones."""


@lru_cache(maxsize=16)
def fitted_pions(beam: str, fit: str = "BMPT") -> MesonSpectrum:
    r"""Return neutral pions of a fit, per inelastic interaction.

    The cross section per nucleus, `darkbeam.production.meson_fits.bmpt` or
    `darkbeam.production.burman_smith.burman_smith`, over the inelastic one of
    `darkbeam.production.inelastic` (at 0.8 GeV within 5 % of that at 100 GeV), in cells as those
    of the tables of generators: 80 in the momentum, 60 in the angle.

    Parameters
    ----------
    beam : str
        Total energy of the proton and nucleus, such as ``"70GeV-Fe"``.
    fit : str
        One of `FITS`. BMPT: 24 to 450 GeV, beryllium and heavier; Burman-Smith: 585 to 810 MeV of
        kinetic energy, such as ``"1.738GeV-C"``, lithium and heavier.

    Raises
    ------
    ValidityError
        The energy or the nucleus is outside of the fit.

    Examples
    --------
    >>> round(fitted_pions("400GeV-Be").multiplicity, 1)
    4.1
    >>> round(fitted_pions("1.738GeV-C", "Burman-Smith").multiplicity, 3)
    0.085
    """
    if fit not in _FITS:
        raise UnknownNameError(f"no fit {fit!r}; {suggestion(fit, FITS)}")
    chosen = _FITS[fit]
    energy, name = beam_energy_of(beam), beam.partition("-")[2]
    if name in ("p", "pp"):
        raise ValidityError(
            f"spectra = {beam!r}: {fit} is a fit to nuclei, such as {chosen.example!r}"
        )
    try:
        nucleus = element(name)
    except UnknownNameError as unknown:
        raise UnknownNameError(f"spectra = {beam!r}: {unknown}") from None
    if not chosen.energies[0] <= energy <= chosen.energies[1]:
        low, high = chosen.energies
        raise ValidityError(f"spectra = {beam!r}: {fit} holds from {low:.4g} to {high:.4g} GeV")
    log_momentum = np.linspace(chosen.lowest[0], np.log10(energy), _CELLS[0] + 1)
    log_angle = np.linspace(chosen.lowest[1], np.log10(chosen.widest), _CELLS[1] + 1)
    x, weight = np.polynomial.legendre.leggauss(_POINTS)
    p, dp = _nodes(log_momentum, x, weight)
    angle, dangle = _nodes(log_angle, x, weight)
    density = chosen.density(p[:, None], angle, energy, nucleus)
    inelastic = float(inelastic_cross_section_mb(nucleus.atomic_weight))
    # BMPT's x_R reaches 1 above the momentum of the beam itself: no such pions.
    possible = p < energy - PROTON_MASS
    pions = density * np.outer(dp * possible, dangle) / inelastic
    counts = pions.reshape(_CELLS[0], _POINTS, _CELLS[1], _POINTS).sum(axis=(1, 3))
    carried = np.sum(pions * np.hypot(p, particles.mass("pi0"))[:, None])
    return MesonSpectrum(
        meson="pi0",
        log10_momentum=log_momentum,
        log10_angle=log_angle,
        counts=counts,
        mean_energy=float(carried / counts.sum()),
        entries=0,
        generator=fit,
        beam=beam,
        source=chosen.source,
        sigma_inelastic_mb=inelastic,
    )


def _nodes(
    log10_edges: FloatArray, x: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the nodes of all cells one behind the other, and their weights."""
    width = np.diff(log10_edges)[:, None]
    log = np.log(10.0) * (log10_edges[:-1, None] + 0.5 * width * (x + 1.0))
    value = np.exp(log).ravel()
    return value, value * (0.5 * np.log(10.0) * width * weight).ravel()
