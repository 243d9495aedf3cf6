"""Reach, yield and exposure, against an experiment whose signal is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.cosmology import thermal_target
from darkbeam.experiments import EXPOSURE_SETTINGS, experiment
from darkbeam.models import DarkPhoton
from darkbeam.results import read_dataset
from darkbeam.statistics import upper_limit

from .conftest import SIGNAL

pytestmark = pytest.mark.usefixtures("known_signal")
MASSES = np.array([0.01, 0.1])


def _edge(run_name: str = "2016-2018", **changes: float) -> np.ndarray:
    """Return the excluded coupling: the dark photon's decay is invisible to 1e-6."""
    found = experiment("NA64e", run=run_name, **changes)
    limit = found.signal_limit()
    return np.sqrt(limit / (found.eot * found.efficiency * SIGNAL)) * MASSES


def test_reach(run):
    outcome = run("reach", "NA64e", "--model", "dark-photon", "--mass", "10MeV,0.1",
                  "--format", "csv")  # fmt: skip
    assert outcome.status == 0
    assert list(outcome.columns) == ["mass_GeV", "coupling_lo", "coupling_hi"]
    assert np.allclose(
        np.array(outcome.columns["coupling_lo"], float), _edge(), rtol=1e-4, atol=0.0
    )
    assert outcome.columns["coupling_hi"] == ["inf", "inf"]
    assert "# confidence: 0.9" in outcome.out
    assert "# coupling: epsilon" in outcome.out


def test_several_runs_make_a_long_table(run, tmp_path):
    path = tmp_path / "r.csv"
    outcome = run("reach", "NA64e", "--mass", "10MeV,0.1", "--run", "2016-2018", "--run", "5e12",
                  "-o", path, "--format", "table")  # fmt: skip
    lines = outcome.out.splitlines()
    assert lines[0].split() == ["run", "mass_GeV", "coupling_lo", "coupling_hi"]
    assert [line.split()[0] for line in lines[2:]] == ["2016-2018"] * 2 + ["5e12"] * 2
    result = read_dataset(path)
    assert result["coupling_lo"].dims == ("run", "mass_GeV")
    assert np.allclose(result["coupling_lo"].sel(run="5e12"), _edge("5e12"), rtol=1e-4, atol=0.0)
    assert result["eot"].values.tolist() == [2.84e11, 5e12]
    assert result["projection"].values.tolist() == [False, True]
    assert result.attrs["experiment"] == "NA64e"
    assert set(result.attrs["references"].split(",")) >= {"NA64:2019imj", "Holdom:1985ag"}


def test_the_exposure_can_be_set(run):
    outcome = run("reach", "NA64e", "--mass", "10MeV,0.1", "--set", "eot=1e12",
                  "--set", "background_error=0", "--format", "csv")  # fmt: skip
    expected = _edge(eot=1e12, background_error=0.0)
    assert np.allclose(
        np.array(outcome.columns["coupling_lo"], float), expected, rtol=1e-4, atol=0.0
    )


@pytest.mark.parametrize("name", EXPOSURE_SETTINGS)
def test_each_setting_of_the_exposure_is_known(run, name):
    value = "annihilation" if name == "processes" else "2"
    outcome = run("yield", "NA64e", "--mass", "0.1", "--set", f"{name}={value}")
    if name == "generator":
        assert outcome.status == 2
        assert "NA64e has no beam of protons" in outcome.err
    else:
        assert outcome.status == 0


def test_confidence_and_method(run):
    def edge(*options: str) -> float:
        outcome = run("reach", "NA64e", "--mass", "0.1", "--format", "csv", *options)
        return float(outcome.columns["coupling_lo"][0])

    limit = upper_limit(0, 0.53, 0.17, confidence=0.95, method="bayesian")
    ratio = np.sqrt(limit / experiment("NA64e").signal_limit())
    assert edge("--confidence", "0.95", "--method", "bayesian") == pytest.approx(
        edge() * ratio, rel=1e-4, abs=0.0
    )


def test_each_method_is_known_below(run):
    from darkbeam.cli.options import LimitMethod

    for method in LimitMethod:
        options = ("--method", method.value, "--set", "background_error=0")
        assert run("reach", "NA64e", "--mass", "0.1", *options).status == 0


def test_where_nothing_is_excluded_the_table_shows_a_gap(run):
    options = ("reach", "NA64e", "--mass", "0.1,0.2", "--set", "eot=1e-9")
    outcome = run(*options)
    rows = outcome.out.splitlines()
    assert rows[2].split() == ["0.1", "-", "-"]
    assert rows[-1] == "-: no coupling is excluded"
    assert run(*options, "--format", "csv").columns["coupling_lo"] == ["inf", "inf"]


def test_plot(run, tmp_path):
    picture = tmp_path / "reach.svg"
    assert run("reach", "NA64e", "--mass", "10MeV,0.1", "--plot", picture, "-q").err == ""
    assert picture.exists()


def test_yield(run, tmp_path):
    outcome = run("yield", "NA64e", "--model", "dark-photon", "--mass", "10MeV,0.1",
                  "--set", "epsilon=1e-5", "--run", "5e12", "--format", "csv",
                  "--plot", tmp_path / "y.svg")  # fmt: skip
    assert list(outcome.columns) == ["mass_GeV", "expected_events"]
    found = experiment("NA64e", run="5e12")
    expected = 5e12 * found.efficiency * 1e-10 * SIGNAL / MASSES**2
    assert np.allclose(
        np.array(outcome.columns["expected_events"], float), expected, rtol=1e-6, atol=0.0
    )
    assert (tmp_path / "y.svg").exists()


def test_eot(run):
    outcome = run("eot", "NA64e", "--mass", "10MeV,0.1", "--set", "epsilon=1e-5",
                  "--confidence", "0.95", "--format", "csv")  # fmt: skip
    assert list(outcome.columns) == ["mass_GeV", "eot"]
    efficiency = experiment("NA64e").efficiency
    expected = -np.log(0.05) / (efficiency * 1e-10 * SIGNAL / MASSES**2)
    assert np.allclose(np.array(outcome.columns["eot"], float), expected, rtol=1e-5, atol=0.0)


def test_eot_of_a_thermal_target(run, tmp_path):
    outcome = run("eot", "NA64e", "--mass", "10MeV,0.1", "--dark-matter", "scalar",
                  "--format", "csv", "--plot", tmp_path / "e.png")  # fmt: skip
    assert list(outcome.columns) == ["mass_GeV", "coupling", "eot"]
    model = DarkPhoton(mass=MASSES, alpha_d=0.1, dark_matter="scalar")
    epsilon = thermal_target(model)
    assert np.allclose(np.array(outcome.columns["coupling"], float), epsilon, rtol=1e-4, atol=0.0)
    efficiency = experiment("NA64e").efficiency
    expected = 2.302585 / (efficiency * epsilon**2 * SIGNAL / MASSES**2)
    assert np.allclose(np.array(outcome.columns["eot"], float), expected, rtol=1e-3, atol=0.0)
    assert (tmp_path / "e.png").exists()


def test_eot_without_a_target(run):
    outcome = run("eot", "NA64e", "--mass", "10MeV", "--dark-matter", "scalar",
                  "--mass-ratio", "0.9", "--format", "csv")  # fmt: skip
    assert outcome.columns["eot"] == ["nan"]
    assert "two mediators" in outcome.err
