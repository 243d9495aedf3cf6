from __future__ import annotations

import numpy as np
import pytest

from darkbeam.decays import excited_state_widths
from darkbeam.models import DarkPhoton, LeptonicScalar, PseudoDirac, ScalarPair
from darkbeam.results import read_dataset

COLUMNS = [
    "mass_GeV",
    "dm_mass_GeV",
    "e_e",
    "mu_mu",
    "tau_tau",
    "e_mu",
    "nu_nu",
    "hadrons",
    "total",
    "tau_s",
]  # fmt: skip


def relative(value, rel=1e-6):
    """Compare relative to the value alone: widths are far below pytest's absolute 1e-12."""
    return pytest.approx(value, rel=rel, abs=0.0)


def test_columns_and_values(run):
    options = ("--mass", "0.1,3", "--set", "splitting=0.4", "--set", "epsilon=1e-2")
    outcome = run("excited", "dark-photon", *options, "--format", "csv")
    assert (outcome.status, outcome.err) == (0, "")
    assert list(outcome.columns) == COLUMNS
    dark_matter = PseudoDirac(mass_ratio=3, splitting=0.4)
    expected = excited_state_widths(DarkPhoton([0.1, 3.0], 1e-2, dark_matter=dark_matter))
    for name in ("e_e", "mu_mu", "hadrons"):
        found = np.array(outcome.columns[name], float)
        np.testing.assert_allclose(found, expected.partial[name], rtol=1e-14)
    np.testing.assert_allclose(np.array(outcome.columns["tau_s"], float), expected.tau_s)
    np.testing.assert_allclose(np.array(outcome.columns["dm_mass_GeV"], float), [0.1 / 3, 1.0])


def test_the_pairs_of_the_leptonic_scalar(run):
    options = ("--mass", "1", "--dark-matter", "scalar-pair", "--set", "splitting=1")
    columns = run("excited", "leptonic-scalar", *options, "--format", "csv").columns
    expected = excited_state_widths(LeptonicScalar(1.0, dark_matter=ScalarPair(splitting=1.0)))
    assert float(columns["e_mu"][0]) == relative(float(expected.total))
    # without a name the model's own pair, of fermions
    options = ("--mass", "1", "--set", "splitting=1")
    other = run("excited", "leptonic-scalar", *options, "--format", "csv").columns
    assert 0.0 < float(other["e_mu"][0]) != float(columns["e_mu"][0])


def test_a_real_mediator_has_a_column_of_its_own(run):
    options = ("--mass", "0.1", "--mass-ratio", "2", "--set", "splitting=3")
    columns = run("excited", "dark-photon", *options, "--format", "csv").columns
    assert list(columns) == [*COLUMNS, "mediator"]
    assert float(columns["mediator"][0]) > 0.0


def test_files(run, tmp_path):
    table = tmp_path / "x.nc"
    assert run("excited", "dark-photon", "--set", "splitting=0.4", "-o", table).status == 0
    assert read_dataset(table).attrs["model"] == "dark-photon"


def test_what_a_person_should_know(run, refused):
    assert "stable: nothing is open" in run("excited", "dark-photon", "--mass", "0.1").out
    assert "must be of two states" in refused("excited", "dark-photon", "--dark-matter", "dirac")
    assert "must be of two states" in refused("excited", "muonphilic-scalar", "--mass", "0.1")
