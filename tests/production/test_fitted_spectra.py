"""Pions of the fit as a table: the integral of its density, and bounds."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import dblquad

from darkbeam.constants import AVOGADRO
from darkbeam.errors import InputError, UnknownNameError, ValidityError
from darkbeam.production.fitted_spectra import fitted_pions
from darkbeam.production.meson_fits import bmpt


@pytest.mark.parametrize("beam", ["70GeV-Fe", "400GeV-Be"])
def test_cells_hold_the_integral_of_the_fit(beam):
    """Over a rectangle of cells, by adaptive quadrature; iron by its interaction length."""
    spectrum = fitted_pions(beam)
    rows, columns = slice(40, 60), slice(25, 50)
    p = 10.0 ** spectrum.log10_momentum[[rows.start, rows.stop]]
    angle = 10.0 ** spectrum.log10_angle[[columns.start, columns.stop]]
    energy, mass_number, length = (70.0, 55.845, 132.1) if "Fe" in beam else (400.0, 9.0122, 77.8)
    millibarn, _ = dblquad(
        lambda t, q: float(bmpt(np.exp(q), t, energy, "pi0", mass_number)) * np.exp(q),
        *np.log(p),
        *angle,
        epsrel=1e-5,
    )
    per_interaction = millibarn * 1e-27 * AVOGADRO * length / mass_number
    assert_allclose(spectrum.counts[rows, columns].sum(), per_interaction, rtol=1e-3)


def test_as_many_pions_as_measured_and_no_more_energy_than_there_is():
    """400 GeV on beryllium: 3.96 over 199 mb, here over 192 mb."""
    spectrum = fitted_pions("400GeV-Be")
    assert_allclose(spectrum.multiplicity, 3.96 * 199.0 / 192.3, rtol=0.02)
    for beam in ("70GeV-Fe", "400GeV-Be", "450GeV-Be"):
        fitted = fitted_pions(beam)
        share = fitted.multiplicity * fitted.mean_energy / float(beam.partition("GeV")[0])
        assert 0.1 < share < 0.2


def test_beams_outside_of_the_fit_are_refused():
    with pytest.raises(ValidityError, match="BMPT holds from 24 to 450 GeV"):
        fitted_pions("19.2GeV-Be")
    with pytest.raises(ValidityError, match="a fit to nuclei"):
        fitted_pions("400GeV-p")
    with pytest.raises(UnknownNameError, match="400GeV-Xy"):
        fitted_pions("400GeV-Xy")
    with pytest.raises(InputError, match="must be such as"):
        fitted_pions("400")
