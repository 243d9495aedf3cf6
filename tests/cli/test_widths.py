from __future__ import annotations

import numpy as np

from darkbeam.constants import ALPHA, ELECTRON_MASS, HBAR_GEV_S
from darkbeam.results import read_dataset

CONTRACT = ["mass_GeV", "e_e", "mu_mu", "tau_tau", "e_mu", "nu_nu", "hadrons", "dark", "total"]
CONTRACT += ["tau_s"]


def test_columns_and_values(run):
    outcome = run(
        "widths", "dark-photon", "--mass", "10MeV,0.1", "--set", "epsilon=1e-4", "--format", "csv"
    )
    assert (outcome.status, outcome.err) == (0, "")
    columns = outcome.columns
    assert list(columns) == CONTRACT
    mass = np.array([0.01, 0.1])
    assert np.allclose(np.array(columns["mass_GeV"], float), mass, rtol=1e-15, atol=0.0)
    # S1 (arXiv:2003.07257) eqs. 8-10, with the default Dirac dark matter of a third of the mass
    ratio = ELECTRON_MASS / mass
    leptons = 1e-8 * ALPHA / 3 * mass * (1 + 2 * ratio**2) * np.sqrt(1 - 4 * ratio**2)
    dark = 0.1 / 3 * mass * (1 + 2 / 9) * np.sqrt(1 - 4 / 9)
    assert np.allclose(np.array(columns["e_e"], float), leptons, rtol=1e-9, atol=0.0)
    assert np.allclose(np.array(columns["dark"], float), dark, rtol=1e-9, atol=0.0)
    total = np.array(columns["total"], float)
    assert np.allclose(total, leptons + dark, rtol=1e-9, atol=0.0)
    assert np.allclose(np.array(columns["tau_s"], float), HBAR_GEV_S / total, rtol=1e-12, atol=0.0)


def test_the_header_says_what_it_is(run):
    header = [
        line
        for line in run("widths", "dark-photon", "--mass", "0.1", "--format", "csv").out.split("\n")
        if line.startswith("#")
    ]
    assert header[0].startswith("# darkbeam ")
    assert "# command: darkbeam widths dark-photon --mass 0.1 --format csv" in header
    assert "# e_e: GeV" in header
    assert "# tau_s: s" in header


AXIAL = """
name = "axial"
spin = 1
[couplings]
u = { axial = 1.0 }
e = { vector = 1.0 }
"""


def test_unknown_hadrons_are_said(run, tmp_path):
    model = tmp_path / "axial.toml"
    model.write_text(AXIAL)
    outcome = run("widths", model, "--mass", "1")
    assert "nan: open, but not computed" in outcome.out
    assert "darkbeam: warning: " in outcome.err
    assert "nan" not in run("widths", model, "--mass", "0.2").out


def test_exclusive_channels_have_columns_of_their_own(run):
    options = ("--mass", "0.7755,1.02,3", "--dark-matter", "none", "--format", "csv")
    assert list(run("widths", "dark-photon", *options).columns) == CONTRACT
    columns = run("widths", "dark-photon", *options, "--exclusive").columns
    assert list(columns)[: len(CONTRACT)] == CONTRACT
    parts = {name: np.array(columns[name], float) for name in list(columns)[len(CONTRACT) :]}
    assert {"pi_pi", "pi_pi_pi0", "K_K", "K0_K0", "pi0_gamma", "eta_gamma", "qcd"} <= set(parts)
    assert "unknown" not in parts
    assert np.allclose(
        sum(parts.values()), np.array(columns["hadrons"], float), rtol=1e-14, atol=0.0
    )
    # the phi decays to K+K- and K0 K0bar as 49 to 34, RPP
    assert 1.3 < parts["K_K"][1] / parts["K0_K0"][1] < 1.6


def test_dark_matter_changes_the_dark_width(run):
    def dark(*options: str) -> float:
        outcome = run("widths", "dark-photon", "--mass", "0.1", "--format", "csv", *options)
        return float(outcome.columns["dark"][0])

    beta = np.sqrt(1 - 4 / 9)
    # S1 eqs. 9-10: scalar alpha_d/12 m beta^3, Majorana alpha_d/6 m beta^3
    assert np.isclose(
        dark("--dark-matter", "scalar"), 0.1 / 12 * 0.1 * beta**3, rtol=1e-9, atol=0.0
    )
    assert np.isclose(
        dark("--dark-matter", "majorana"), 0.1 / 6 * 0.1 * beta**3, rtol=1e-9, atol=0.0
    )
    assert dark("--dark-matter", "none") == 0.0
    assert dark("--mass-ratio", "1.9") == 0.0


def test_file_and_plot(run, tmp_path):
    table, picture = tmp_path / "w.json", tmp_path / "w.svg"
    outcome = run("widths", "dark-photon", "--mass", "0.1:0.2:3", "-o", table, "--plot", picture)
    assert outcome.status == 0
    assert outcome.out == ""
    assert read_dataset(table).attrs["model"] == "dark-photon"
    assert picture.read_text().startswith("<?xml")
