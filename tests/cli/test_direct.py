from __future__ import annotations

import numpy as np

from darkbeam.direct_detection import sigma_e_cm2, sigma_nucleon_cm2
from darkbeam.models import DarkPhoton, Majorana
from darkbeam.results import read_dataset

COLUMNS = ["mass_GeV", "dm_mass_GeV", "sigma_e_cm2", "sigma_p_cm2", "sigma_n_cm2"]


def test_columns_and_values(run):
    options = ("--mass", "0.1,3", "--set", "epsilon=1e-4", "--dark-matter", "majorana")
    outcome = run("direct", "dark-photon", *options, "--velocity", "2e-3", "--format", "csv")
    assert (outcome.status, outcome.err) == (0, "")
    assert list(outcome.columns) == COLUMNS
    model = DarkPhoton([0.1, 3.0], 1e-4, dark_matter=Majorana(mass_ratio=3))
    expected = {
        "dm_mass_GeV": [0.1 / 3, 1.0],
        "sigma_e_cm2": sigma_e_cm2(model, velocity=2e-3),
        "sigma_p_cm2": sigma_nucleon_cm2(model, "p", velocity=2e-3),
        "sigma_n_cm2": sigma_nucleon_cm2(model, "n", velocity=2e-3),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(np.array(outcome.columns[name], float), values, rtol=1e-14)


def test_the_velocity_is_1e_3_by_default(run):
    options = ("--mass", "0.1", "--dark-matter", "majorana", "--format", "csv")
    default = run("direct", "dark-photon", *options).columns
    assert default == run("direct", "dark-photon", *options, "--velocity", "0.001").columns
    assert default != run("direct", "dark-photon", *options, "--velocity", "0.002").columns


def test_a_closed_transition_is_said(run):
    options = ("--mass", "0.1", "--dark-matter", "pseudo-dirac", "--set", "splitting=0.1")
    outcome = run("direct", "dark-photon", *options)
    assert "closed: at this velocity" in outcome.out
    assert outcome.out.splitlines()[2].split()[2:] == ["0", "0", "0"]
    open_ = run("direct", "dark-photon", *options[:4], "--set", "splitting=0")
    assert "closed" not in open_.out


def test_files(run, tmp_path):
    table = tmp_path / "x.nc"
    assert run("direct", "b-minus-l", "--dark-matter", "dirac", "-o", table).status == 0
    found = read_dataset(table)
    assert found.attrs["model"] == "b-minus-l"
    assert found["sigma_e_cm2"].attrs["units"] == "cm2"


def test_what_makes_no_sense_is_refused(refused):
    assert "velocity must be" in refused("direct", "dark-photon", "--velocity", "0.5")
    assert "--velocity" in refused("direct", "dark-photon", "--velocity", "fast")
    assert "one kind of dark matter" in refused("direct", "dark-photon", "--dark-matter", "none")
    options = ("muonphilic-scalar", "--mass", "0.1", "--dark-matter", "dirac")
    assert "needs a vector mediator" in refused("direct", *options)
