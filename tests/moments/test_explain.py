"""Couplings that explain a moment and couplings that it excludes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.errors import InputError, ModelError, UnknownNameError
from darkbeam.models import Coupling, CouplingTable, CustomModel, DarkPhoton, Model
from darkbeam.models.parameters import Parameter
from darkbeam.moments import (
    delta_a,
    excluded_coupling,
    explaining_coupling,
    g2_band,
    moment_data,
    moment_data_names,
)


@dataclass(frozen=True, eq=False)
class TwoPieces(Model):
    """A coupling beside one that is fixed: Delta a is no square of the coupling."""

    coupling_name: ClassVar[str] = "g"
    g: Parameter = Parameter("coupling", minimum=0.0, inclusive=True, default=1e-3)
    rest: Parameter = Parameter("what is there anyway", default=-3e-4)

    def couplings(self) -> CouplingTable:
        return CouplingTable(self.mass, {"mu": Coupling(vector=np.asarray(self.g) + self.rest)})


def vector(mass=0.05, g=1e-3):
    return CustomModel(mass=mass, g=g, fermions={"mu": 1, "e": 1})


def axial(mass=0.05):
    return CustomModel(mass=mass, fermions={"mu": {"axial": 1}, "e": {"axial": 1}})


@given(st.floats(1e-4, 10), st.floats(1e-6, 1))
def test_the_coupling_gives_the_value_back(mass, share):
    model = vector(mass)
    found = explaining_coupling(model, "FNAL2021")
    there = float(delta_a(model.with_coupling(found.coupling)))
    assert there == pytest.approx(251e-11, rel=1e-12, abs=0.0)
    # property: Delta a goes with the square of the coupling
    scaled = float(delta_a(model.with_coupling(share * found.coupling)))
    assert scaled == pytest.approx(share**2 * there, rel=1e-12, abs=0.0)


def test_a_moment_that_is_no_square_of_the_coupling_is_searched_for():
    model = TwoPieces(mass=[0.01, 0.1, 1.0])
    found = explaining_coupling(model, "FNAL2021")
    for coupling, target in (
        (found.coupling, 251e-11),
        (found.lower, 192e-11),
        (found.upper, 310e-11),
    ):
        np.testing.assert_allclose(delta_a(model.with_coupling(coupling)), target, rtol=1e-9)
    assert np.all((found.lower < found.coupling) & (found.coupling < found.upper))
    assert np.all(found.coupling > 3e-4)


def test_the_wrong_sign_explains_nothing():
    found = explaining_coupling(axial(), "FNAL2021")
    assert np.isnan([found.coupling, found.lower, found.upper]).all()
    assert float(delta_a(axial())) < 0


def test_a_band_that_takes_in_the_standard_model_begins_at_zero():
    found = explaining_coupling(vector(), "WP2025")
    assert float(found.lower) == 0.0
    assert float(delta_a(vector().with_coupling(found.upper))) == pytest.approx(
        101e-11, rel=1e-9, abs=0.0
    )
    other = explaining_coupling(axial(), "WP2025")
    assert np.isnan(other.coupling)
    assert float(delta_a(axial().with_coupling(other.upper))) == pytest.approx(
        -25e-11, rel=1e-9, abs=0.0
    )


def test_a_negative_anomaly_takes_an_axial_coupling():
    found = explaining_coupling(axial(), "Cs2018")
    assert float(delta_a(axial().with_coupling(found.coupling), "e")) == pytest.approx(
        -0.88e-12, rel=1e-9, abs=0.0
    )
    assert float(found.lower) < float(found.coupling) < float(found.upper)


def test_what_is_excluded_lies_above_the_band():
    limit = float(excluded_coupling(vector(), "WP2025", sigma=2))
    assert float(delta_a(vector().with_coupling(limit))) == pytest.approx(
        (38 + 126) * 1e-11, rel=1e-9, abs=0.0
    )
    limit = float(excluded_coupling(axial(), "WP2025", sigma=2))
    assert float(delta_a(axial().with_coupling(limit))) == pytest.approx(
        (38 - 126) * 1e-11, rel=1e-9, abs=0.0
    )


def test_a_contribution_of_the_wrong_sign_is_excluded_altogether_beyond_the_error():
    assert float(excluded_coupling(axial(), "FNAL2021", sigma=2)) == 0.0
    assert float(excluded_coupling(vector(), "Cs2018", sigma=2)) == 0.0
    assert float(excluded_coupling(vector(), "Cs2018", sigma=3)) > 0.0


def test_nothing_is_excluded_without_a_contribution():
    tauphilic = CustomModel(mass=0.1, fermions={"tau": 1})
    assert np.isinf(excluded_coupling(tauphilic, "WP2025"))
    assert np.isnan(explaining_coupling(tauphilic, "FNAL2021").coupling)


def test_the_band_is_a_result():
    mass = np.geomspace(1e-3, 1, 5)
    band = g2_band(vector(), "FNAL2021", mass=mass, sigma=(1, 2, 3))
    assert band["coupling_lo"].dims == ("sigma", "mass_GeV")
    assert band.attrs["coupling"] == "g"
    for sigma, data in ((1, 251 - 59), (2, 251 - 118), (3, 251 - 177)):
        low = band["coupling_lo"].sel(sigma=sigma).values
        np.testing.assert_allclose(delta_a(vector(mass, low)), data * 1e-11, rtol=1e-12)
    np.testing.assert_allclose(delta_a(vector(mass, band["coupling"].values)), 251e-11, rtol=1e-12)


def test_the_dark_photon_scans_epsilon():
    found = explaining_coupling(DarkPhoton(mass=0.02), "FNAL2021")
    # a light dark photon: alpha eps^2/2 pi at m << m_mu, reduced at 20 MeV
    assert 1.4e-3 < float(found.coupling) < 2.2e-3


@pytest.mark.parametrize("sigma", [-1.0, float("nan"), float("inf")])
def test_widths_of_bands_are_checked(sigma):
    with pytest.raises(InputError, match="sigma must be finite and >= 0"):
        explaining_coupling(vector(), "FNAL2021", sigma=sigma)
    with pytest.raises(InputError, match="sigma must be finite and >= 0"):
        excluded_coupling(vector(), "FNAL2021", sigma=sigma)


def test_data_sets_by_name():
    assert moment_data("bnl2006").value == 288e-11
    assert (moment_data("WP2025").value, moment_data("WP2025").error) == (38e-11, 63e-11)
    assert set(moment_data_names("e")) == {"Cs2018", "Rb2020", "Cs2018-NW2023", "Rb2020-NW2023"}
    with pytest.raises(UnknownNameError, match="did you mean 'FNAL2021'"):
        moment_data("FNAL2022x1")


def test_differences_follow_from_the_numbers_in_the_title():
    """Experiment - theory and errors in quadrature, to the digits that were published."""
    import re

    for name in moment_data_names():
        data = moment_data(name)
        number = r"([0-9.]+)\(([0-9.]+)\)e-([0-9]+)"
        found = re.search(f"{number} - {number}", data.title)
        assert found is not None, name
        values = [float(x) for x in found.groups()]
        unit = 10.0 ** -values[2]
        digits = [_error(found[2], found[1]), _error(found[5], found[4])]
        rounding = 1.01 if data.lepton == "mu" else 0.006
        assert data.value / unit == pytest.approx(values[0] - values[3], abs=rounding)
        assert data.error / unit == pytest.approx(np.hypot(*digits), rel=0.03, abs=0.0)


def _error(error, value):
    """Return an error in brackets: in units of the last digit of the value it belongs to."""
    if "." in error:
        return float(error)
    _, _, decimals = value.partition(".")
    return float(error) * 10.0 ** -len(decimals)


def test_leptons_and_models_are_checked():
    with pytest.raises(UnknownNameError, match="lepton must be e, mu or tau"):
        delta_a(vector(), "muon")
    with pytest.raises(ModelError, match="must be a Model or a CouplingTable"):
        delta_a("dark-photon")


def test_a_complex_scalar_contributes_by_both_of_its_entries():
    entry = Coupling(scalar=1e-3)
    one = CouplingTable(0.5, {("e", "mu"): entry}, spin=0, self_conjugate=False)
    other = CouplingTable(0.5, {("mu", "e"): entry}, spin=0, self_conjugate=False)
    both = CouplingTable(
        0.5, {("e", "mu"): entry, ("mu", "e"): entry}, spin=0, self_conjugate=False
    )
    real = CouplingTable(0.5, {("e", "mu"): entry}, spin=0)
    assert float(delta_a(one)) == float(delta_a(other)) == float(delta_a(real))
    assert float(delta_a(both)) == pytest.approx(2 * float(delta_a(one)), rel=1e-14, abs=0.0)


def test_leptons_in_the_loop_add_up():
    parts = [{"mu": {"vector": 1}}, {"mu tau": {"left": 1}}, {"e mu": {"axial": 0.5}}]
    alone = [float(delta_a(CustomModel(mass=0.7, fermions=p))) for p in parts]
    together = CustomModel(mass=0.7, fermions=parts[0] | parts[1] | parts[2])
    assert float(delta_a(together)) == pytest.approx(sum(alone), rel=1e-13, abs=0.0)
