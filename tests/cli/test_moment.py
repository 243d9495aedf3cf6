from __future__ import annotations

import numpy as np
import pytest

from darkbeam.models import MuonphilicScalar
from darkbeam.moments import delta_a
from darkbeam.results import read_dataset


def test_columns_and_values(run):
    outcome = run("moment", "muonphilic-scalar", "--mass", "10MeV,1", "--format", "csv")
    assert (outcome.status, outcome.err) == (0, "")
    assert list(outcome.columns) == ["mass_GeV", "delta_a"]
    expected = delta_a(MuonphilicScalar(mass=[0.01, 1.0]))
    np.testing.assert_allclose(np.array(outcome.columns["delta_a"], float), expected, rtol=1e-15)


@pytest.mark.parametrize(("lepton", "expected"), [("mu", 2.51e-9), ("e", 0.343e-13), ("tau", 0.0)])
def test_the_lepton_is_chosen(run, lepton, expected):
    """arXiv:2202.04410: h = 3.13e-3 at 3 m_mu explains 251e-11.

    For the electron the paper's 0.6e-13 is the heavy limit; by its eqs. 3-4 it is 0.34e-13 here.
    """
    options = ("--mass", "0.316975", "--set", "h=3.13e-3", "--lepton", lepton, "--format", "csv")
    found = run("moment", "leptonic-scalar", *options).columns["delta_a"][0]
    assert float(found) == pytest.approx(expected, rel=0.005, abs=0.0)


@pytest.mark.parametrize("option", [(), ("--explain", "FNAL2021"), ("--exclude", "WP2025")])
def test_a_result_can_be_cited(run, tmp_path, option):
    table = tmp_path / "m.csv"
    assert run("moment", "lmu-ltau", "--mass", "0.1", "-o", table, *option).status == 0
    cited = run("cite", table).out
    assert "Leveille:1977rc" in cited
    assert ("Aoyama:2020ynm" in cited) == ("FNAL2021" in option)


def test_the_coupling_that_explains_a_measurement(run):
    options = ("--mass", "0.316975", "--explain", "FNAL2021", "--format", "csv")
    columns = run("moment", "leptonic-scalar", *options).columns
    assert list(columns) == ["mass_GeV", "coupling", "coupling_lo", "coupling_hi"]
    low, middle, high = (float(columns[f"coupling{x}"][0]) for x in ("_lo", "", "_hi"))
    assert middle == pytest.approx(3.13e-3, rel=1e-3, abs=0.0)
    assert (low / middle) ** 2 == pytest.approx(192 / 251, rel=1e-9, abs=0.0)
    assert (high / middle) ** 2 == pytest.approx(310 / 251, rel=1e-9, abs=0.0)


def test_the_width_of_the_band(run):
    options = ("--mass", "0.1", "--explain", "BNL2006", "--sigma", "3", "--format", "csv")
    columns = run("moment", "muonphilic-scalar", *options).columns
    middle, high = float(columns["coupling"][0]), float(columns["coupling_hi"][0])
    assert (high / middle) ** 2 == pytest.approx((288 + 240) / 288, rel=1e-9, abs=0.0)


def test_what_a_measurement_excludes(run):
    """arXiv:2202.04410: h <= 1.42e-3 m/m_mu at 3 sigma for heavy scalars."""
    options = ("--mass", "10", "--exclude", "FNAL2021", "--sigma", "3", "--format", "csv")
    columns = run("moment", "leptonic-scalar", *options).columns
    assert list(columns) == ["mass_GeV", "coupling_lo", "coupling_hi"]
    assert float(columns["coupling_lo"][0]) * 0.10566 / 10 == pytest.approx(
        1.42e-3, rel=0.01, abs=0.0
    )
    assert columns["coupling_hi"] == ["inf"]


def test_the_wrong_sign_is_said(run):
    outcome = run(
        "moment", "yukawa-scalar", "--set", "kind=pseudoscalar", "--mass", "0.1", "--explain",
        "FNAL2021",
    )  # fmt: skip
    assert "wrong sign" in outcome.out
    assert outcome.out.splitlines()[2].split() == ["0.1", "-", "-", "-"]


@pytest.mark.parametrize("option", [(), ("--explain", "FNAL2021"), ("--exclude", "WP2025")])
def test_files_and_plots(run, tmp_path, option):
    table, picture = tmp_path / "m.nc", tmp_path / "m.svg"
    options = ("--mass", "1MeV:1GeV:7", "-o", table, "--plot", picture)
    assert run("moment", "muonphilic-scalar", *options, *option).status == 0
    assert read_dataset(table).attrs["model"] == "muonphilic-scalar"
    assert picture.read_text().startswith("<?xml")


def test_what_makes_no_sense_is_refused(refused):
    def refuse(*options):
        return refused("moment", "dark-photon", "--mass", "0.1", *options)

    assert "did you mean 'WP2025'" in refuse("--explain", "WP2026")
    assert "is a measurement of e, not of mu" in refuse("--explain", "Rb2020", "--lepton", "mu")
    assert "give one of them" in refuse("--explain", "WP2025", "--exclude", "WP2025")
    assert "--sigma" in refuse("--sigma", "2")
    assert "sigma must be finite and >= 0" in refuse("--explain", "WP2025", "--sigma", "-1")
    assert "--lepton" in refuse("--lepton", "muon")
