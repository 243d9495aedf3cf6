"""Couplings that explain a moment and couplings that it excludes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import MUON_MASS
from darkbeam.errors import InputError, ModelError, UnknownNameError
from darkbeam.models import (
    Coupling,
    CouplingTable,
    CustomModel,
    DarkPhoton,
    LeptonicScalar,
    MixedZPrime,
    Model,
)
from darkbeam.models.parameters import Parameter
from darkbeam.moments import (
    MomentData,
    anomalous,
    delta_a,
    excluded_coupling,
    explaining_coupling,
    g2_band,
    g2_exclusion,
    moment_data,
    moment_data_names,
    vector_contribution,
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


@pytest.mark.parametrize("rest", [5e-4, -5e-4, -1e-3, -2e-3])
def test_what_is_there_without_the_coupling_counts(rest):
    """Delta a = k (g + rest)^2, so that every edge is known in closed form."""
    mass = 0.01
    per_square = float(vector_contribution(mass, MUON_MASS))
    low, central, high = (np.sqrt(x * 1e-11 / per_square) for x in (192, 251, 310))
    found = explaining_coupling(TwoPieces(mass=mass, rest=rest), "FNAL2021")
    if rest > 0:  # within the band from the beginning, and out of it upwards
        expected = (central - rest, 0.0, high - rest)
    elif rest == -5e-4:  # within the band, out of it downwards; through the centre on the way back
        expected = (-rest + central, 0.0, -rest - low)
    else:  # from above
        expected = (-rest - central, -rest - high, -rest - low)
    got = [float(found.coupling), float(found.lower), float(found.upper)]
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=0.0)


def test_a_band_may_be_touched_and_left_on_the_same_side():
    data = MomentData("toy", "mu", -1e-11, 5e-11)
    per_square = float(vector_contribution(0.01, MUON_MASS))
    edge = np.sqrt(4e-11 / per_square)
    found = explaining_coupling(TwoPieces(mass=0.01, rest=-1e-3), data)
    assert np.isnan(found.coupling)  # a sum of squares is not negative
    assert float(found.lower) == pytest.approx(1e-3 - edge, rel=1e-9, abs=0.0)
    assert float(found.upper) == pytest.approx(1e-3 + edge, rel=1e-9, abs=0.0)


def test_an_exclusion_counts_what_is_there_without_the_coupling():
    per_square = float(vector_contribution(0.01, MUON_MASS))
    most = np.sqrt(164e-11 / per_square)  # 38 + 2 63
    for rest, expected in ((2e-4, most - 2e-4), (-2e-4, most + 2e-4), (1e-3, 0.0)):
        limit = excluded_coupling(TwoPieces(mass=0.01, rest=rest), "WP2025")
        assert float(limit) == pytest.approx(expected, rel=1e-9, abs=0.0)


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
    found = explaining_coupling(tauphilic, "FNAL2021")
    assert np.isnan([found.coupling, found.lower, found.upper]).all()
    # nor does any coupling leave a band that takes in the Standard Model
    found = explaining_coupling(tauphilic, "WP2025")
    assert (float(found.lower), float(found.upper)) == (0.0, np.inf)


def test_a_coupling_that_the_model_does_not_allow_is_no_answer():
    """The mixing with the photon ends at 0.8."""
    heavy = MixedZPrime(mass=[1.0, 1000.0])
    found = explaining_coupling(heavy, "FNAL2021")
    assert np.isfinite(found.coupling).tolist() == [True, False]
    moments = delta_a(heavy.with_coupling(found.coupling[0]))
    assert moments[0] == pytest.approx(251e-11, rel=1e-9, abs=0.0)
    assert np.isinf(excluded_coupling(heavy, "FNAL2021")[1])


def test_where_a_moment_diverges_nothing_is_said(monkeypatch):
    """At m = m_f + M, where a scalar's moment is NaN, beside masses where it is not."""
    monkeypatch.setitem(anomalous.LEPTON_MASSES, "mu", 0.125)
    monkeypatch.setitem(anomalous.LEPTON_MASSES, "e", 0.03125)
    model = LeptonicScalar(mass=[0.09375, 0.3])
    assert np.isnan(delta_a(model)).tolist() == [True, False]
    found = explaining_coupling(model, "FNAL2021")
    for values in (found.coupling, found.lower, found.upper):
        assert np.isfinite(values).tolist() == [False, True]
    assert np.isinf(excluded_coupling(model, "FNAL2021")).tolist() == [True, False]


def test_the_band_is_a_result():
    mass = np.geomspace(1e-3, 1, 5)
    band = g2_band(vector(), "FNAL2021", mass=mass, sigma=(1, 2, 3))
    assert band["coupling_lo"].dims == ("sigma", "mass_GeV")
    assert band.attrs["coupling"] == "g"
    for sigma, data in ((1, 251 - 59), (2, 251 - 118), (3, 251 - 177)):
        low = band["coupling_lo"].sel(sigma=sigma).values
        np.testing.assert_allclose(delta_a(vector(mass, low)), data * 1e-11, rtol=1e-12)
    np.testing.assert_allclose(delta_a(vector(mass, band["coupling"].values)), 251e-11, rtol=1e-12)


def test_the_exclusion_is_a_result():
    mass = np.geomspace(1e-3, 1, 5)
    result = g2_exclusion(vector(), "WP2025", mass=mass, sigma=3)
    np.testing.assert_allclose(
        delta_a(vector(mass, result["coupling_lo"].values)), (38 + 189) * 1e-11, rtol=1e-12
    )
    assert np.isinf(result["coupling_hi"]).all()
    assert (result.attrs["data"], result.attrs["sigma"]) == ("WP2025", 3.0)
    assert {"Muong-2:2025xyk", "Leveille:1977rc"} <= set(result.attrs["references"].split(","))


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


@pytest.mark.parametrize("name", moment_data_names())
def test_differences_follow_from_what_was_compared(name):
    """Experiment - theory and the errors in quadrature, to the digits that were published."""
    data = moment_data(name)
    assert data.experiment is not None
    assert data.prediction is not None
    last_digit = 1e-11 if data.lepton == "mu" else 0.01e-12
    difference = data.experiment[0] - data.prediction[0]
    assert data.value == pytest.approx(difference, abs=0.7 * last_digit, rel=0.0)
    error = np.hypot(data.experiment[1], data.prediction[1])
    assert data.error == pytest.approx(error, abs=0.7 * last_digit, rel=0.0)


def test_data_of_ones_own_are_checked():
    with pytest.raises(InputError, match="error of mine must be finite and > 0"):
        MomentData("mine", "mu", 1e-9, 0.0)
    with pytest.raises(InputError, match="value of mine must be finite"):
        MomentData("mine", "mu", float("nan"), 1e-9)
    with pytest.raises(UnknownNameError, match="lepton must be e, mu or tau"):
        MomentData("mine", "muon", 1e-9, 1e-9)


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
