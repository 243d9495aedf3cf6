from __future__ import annotations

import numpy as np
import pytest

from darkbeam.matter import element
from darkbeam.production import bremsstrahlung, weizsaecker_williams

BREM = ("xsec", "brem", "--format", "csv")


def _numbers(outcome, name):
    return np.array(outcome.columns[name], dtype=float)


def test_total_cross_section(run):
    outcome = run(
        *BREM, "--model", "dark-photon", "--beam", "e-:100GeV", "--target", "Pb",
        "--mass", "10MeV,0.1", "--method", "etl", "--x-min", "0.5",
    )  # fmt: skip
    assert (outcome.status, outcome.err) == (0, "")
    assert list(outcome.columns) == ["mass_GeV", "sigma_pb", "sigma_err_pb"]
    exact = bremsstrahlung.total_cross_section(
        "e-:100GeV", element("Pb"), np.array([0.01, 0.1]), x_min=0.5
    )
    assert np.array_equal(_numbers(outcome, "sigma_pb"), exact.sigma_pb)
    assert np.array_equal(_numbers(outcome, "sigma_err_pb"), exact.error_pb)


def test_unit_coupling_does_not_depend_on_the_settings_of_the_model(run):
    # epsilon = 1 means a vector coupling e, which is what the cross section is defined for
    first = run(*BREM, "--mass", "0.1", "--target", "lead", "--method", "iww")
    expected = weizsaecker_williams.total_cross_section(
        "e-:100GeV", element("Pb"), np.array([0.1]), method="iww"
    )
    assert np.allclose(_numbers(first, "sigma_pb"), expected, rtol=1e-12, atol=0.0)
    assert list(first.columns) == ["mass_GeV", "sigma_pb"]


def test_spectrum(run):
    outcome = run(*BREM, "--mass", "0.05,0.1", "--differential", "x", "--x", "0.3,0.9")
    columns = outcome.columns
    assert list(columns)[:2] == ["mass_GeV", "x"]
    assert {"sigma_pb", "dsigma_dx_pb"} <= set(columns)
    assert columns["mass_GeV"] == ["0.05", "0.05", "0.1", "0.1"]
    assert columns["x"] == ["0.3", "0.9", "0.3", "0.9"]
    expected = bremsstrahlung.energy_distribution(
        "e-:100GeV", element("Pb"), np.array([[0.05], [0.1]]), np.array([0.3, 0.9])
    )
    assert np.allclose(_numbers(outcome, "dsigma_dx_pb"), expected.ravel(), rtol=1e-9, atol=0.0)


@pytest.mark.parametrize("beam", ["e-:100GeV", "mu-:160GeV"])
def test_the_spectrum_is_resolved_to_the_end_point(run, beam):
    # The trapezoidal rule over the points that the command chooses gives back the total.
    outcome = run(*BREM, "--beam", beam, "--mass", "0.1", "--differential", "x")
    x, rest = _numbers(outcome, "x"), _numbers(outcome, "one_minus_x")
    assert np.all(np.diff(x) > 0)
    density = _numbers(outcome, "dsigma_dx_pb")
    # In the variable log(x / (1 - x)) both ends are resolved.
    total = np.trapezoid(density * x * rest, np.log(x / rest))
    # rtol: trapezoidal rule with 140 points over ten decades of x and 1 - x
    assert total == pytest.approx(_numbers(outcome, "sigma_pb")[0], rel=0.01, abs=0.0)


def test_several_methods_make_a_long_table(run, tmp_path):
    outcome = run(
        *BREM, "--beam", "mu-:160GeV", "--mass", "0.1,1", "--method", "etl", "--method", "iww",
        "--method", "etl", "--plot", tmp_path / "x.pdf",
    )  # fmt: skip
    assert outcome.columns["calculation"] == ["etl", "etl", "iww", "iww"]
    assert outcome.columns["mass_GeV"] == ["0.1", "1.0"] * 2
    sigma = _numbers(outcome, "sigma_pb").reshape(2, 2)
    assert np.all(sigma[1] > sigma[0])
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def test_the_inelastic_form_factor_adds(run):
    options = ("--beam", "mu-:160GeV", "--mass", "0.1", "--target", "C")
    elastic = _numbers(run(*BREM, *options), "sigma_pb")
    both = run(*BREM, *options, "--inelastic")
    assert _numbers(both, "sigma_pb") > elastic
    assert "# form_factor: elastic and inelastic" in both.out


def test_models_without_a_pure_vector_coupling_are_refused(refused, monkeypatch):
    from darkbeam.models import Coupling, CouplingTable, DarkPhoton

    def couplings(self):
        return CouplingTable(self.mass, {"e": Coupling(vector=0.1, axial=0.1)})

    monkeypatch.setattr(DarkPhoton, "couplings", couplings)
    assert "pure vector couplings" in refused("xsec", "brem")


def test_another_strength_scales_the_cross_section(run, monkeypatch):
    from darkbeam.constants import ELEMENTARY_CHARGE
    from darkbeam.models import Coupling, CouplingTable, DarkPhoton

    before = _numbers(run(*BREM, "--mass", "0.1"), "sigma_pb")

    def couplings(self):
        return CouplingTable(self.mass, {"e": Coupling(vector=3 * self.epsilon)})

    monkeypatch.setattr(DarkPhoton, "couplings", couplings)
    after = _numbers(run(*BREM, "--mass", "0.1"), "sigma_pb")
    assert np.allclose(after / before, 9 / ELEMENTARY_CHARGE**2, rtol=1e-12, atol=0.0)
