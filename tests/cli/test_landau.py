"""`darkbeam landau` (O2): the numbers of S1 (arXiv:2003.07257) sec. 2.2."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.results import read_dataset


@pytest.mark.parametrize(("dark_matter", "bound"), [("pseudo-dirac", 0.2), ("scalar", 0.8)])
def test_o2_the_bound(run, dark_matter, bound):
    options = ("--dark-matter", dark_matter, "--mass", "10MeV", "--pole", "1TeV")
    outcome = run("landau", *options, "--format", "csv")
    assert (outcome.status, outcome.err) == (0, "")
    assert list(outcome.columns) == ["mass_GeV", "pole_GeV", "alpha_d"]
    assert float(outcome.columns["alpha_d"][0]) == pytest.approx(bound, rel=0.03, abs=0.0)


def test_the_pole_of_a_coupling_turns_the_bound_round(run):
    options = ("--mass", "1MeV,1GeV", "--dark-matter", "majorana", "--format", "csv")
    bounds = run("landau", *options, "--pole", "1TeV").columns["alpha_d"]
    columns = run("landau", *options, "--alpha-d", ",".join(bounds)).columns
    assert list(columns) == ["mass_GeV", "alpha_d", "pole_GeV"]
    poles = np.array(columns["pole_GeV"], float).reshape(2, 2)
    np.testing.assert_allclose(poles.diagonal(), 1e3, rtol=1e-12)


def test_fields_of_ones_own(run):
    def bound(*options):
        return float(
            run("landau", *options, "--pole", "1TeV", "--format", "csv").columns["alpha_d"][0]
        )

    assert bound("--field", "dirac", "--field", "complex-scalar:2") == bound()
    assert bound("--field", "dirac", "--field", "complex-scalar:2:1TeV") == pytest.approx(
        1.5 * np.pi / np.log(1e5)
    )


def test_the_order(run):
    from darkbeam.models.landau import landau_pole, largest_alpha_d

    options = ("--loops", "2", "--format", "csv")
    bound = run("landau", *options, "--pole", "1TeV").columns["alpha_d"]
    assert float(bound[0]) == float(largest_alpha_d("pseudo-dirac", 1e3, 0.01, loops=2))
    pole = run("landau", *options, "--alpha-d", "0.1").columns["pole_GeV"]
    assert float(pole[0]) == float(landau_pole(0.1, "pseudo-dirac", 0.01, loops=2))


def test_what_is_not_perturbative_is_said(run):
    assert "not perturbative" in run("landau", "--dark-matter", "scalar", "--pole", "1GeV").out
    assert "not perturbative" not in run("landau", "--dark-matter", "scalar").out


def test_the_result_says_what_ran(run, tmp_path):
    for option, attribute in (("--dark-matter", "dark_matter"), ("--field", "fields")):
        assert run("landau", option, "dirac", "-o", tmp_path / "l.nc").status == 0
        assert read_dataset(tmp_path / "l.nc").attrs[attribute] == "dirac"


def test_what_to_cite(run, tmp_path):
    run("landau", "-o", tmp_path / "l.csv")
    assert "1502.07383" in run("cite", tmp_path / "l.csv").out


def test_what_makes_no_sense_is_refused(refused):
    assert "give one of them" in refused("landau", "--pole", "1TeV", "--alpha-d", "0.1")
    assert "give one of them" in refused("landau", "--field", "dirac", "--dark-matter", "dirac")
    assert "did you mean 'dirac'" in refused("landau", "--field", "dirak")
    assert "must be KIND, KIND:CHARGE" in refused("landau", "--field", "dirac::1")
    assert "pole must be above the scale" in refused("landau", "--pole", "1MeV")
    assert "--loops" in refused("landau", "--loops", "3")
    assert "did you mean 'pseudo-dirac'" in refused("landau", "--dark-matter", "pseudo-dirak")
