"""Pions of a published fit in the form of a table, beside those of generators."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from darkbeam import particles
from darkbeam.constants import PROTON_MASS
from darkbeam.errors import UnknownNameError, ValidityError
from darkbeam.matter.elements import element
from darkbeam.production.inelastic import inelastic_cross_section_mb
from darkbeam.production.meson_fits import BMPT_ENERGIES, bmpt
from darkbeam.production.meson_spectra import MesonSpectrum, beam_energy_of

__all__ = ["FIT", "fitted_pions"]

FloatArray = NDArray[np.float64]

FIT = "BMPT"
"""Name of the fit, in the place of a generator's."""
_CELLS = (80, 60)
_POINTS = 4


@lru_cache(maxsize=16)
def fitted_pions(beam: str) -> MesonSpectrum:
    r"""Return neutral pions of `darkbeam.production.meson_fits.bmpt`, per inelastic interaction.

    The cross section per nucleus over the inelastic one of `darkbeam.production.inelastic`, in
    cells as those of the tables of generators: 80 in the momentum, 60 in the angle.

    Parameters
    ----------
    beam : str
        Energy and nucleus, such as ``"70GeV-Fe"``: 24 to 450 GeV, beryllium and heavier.

    Raises
    ------
    ValidityError
        The energy or the nucleus is outside of the fit.

    Examples
    --------
    >>> round(fitted_pions("400GeV-Be").multiplicity, 1)
    4.1
    """
    energy, name = beam_energy_of(beam), beam.partition("-")[2]
    if name in ("p", "pp"):
        raise ValidityError(f"spectra = {beam!r}: {FIT} is a fit to nuclei, such as '400GeV-Be'")
    try:
        nucleus = element(name)
    except UnknownNameError as unknown:
        raise UnknownNameError(f"spectra = {beam!r}: {unknown}") from None
    if not BMPT_ENERGIES[0] <= energy <= BMPT_ENERGIES[1]:
        low, high = BMPT_ENERGIES
        raise ValidityError(f"spectra = {beam!r}: {FIT} holds from {low:g} to {high:g} GeV")
    log_momentum = np.linspace(-1.5, np.log10(energy), _CELLS[0] + 1)
    log_angle = np.linspace(-4.5, np.log10(0.5 * np.pi), _CELLS[1] + 1)
    x, weight = np.polynomial.legendre.leggauss(_POINTS)
    p, dp = _nodes(log_momentum, x, weight)
    angle, dangle = _nodes(log_angle, x, weight)
    density = bmpt(p[:, None], angle, energy, "pi0", nucleus.atomic_weight)
    inelastic = float(inelastic_cross_section_mb(nucleus.atomic_weight))
    # The fit's x_R reaches 1 above the momentum of the beam itself: no such pions.
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
        generator=FIT,
        beam=beam,
        source="M. Bonesini et al., hep-ph/0101163",
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
