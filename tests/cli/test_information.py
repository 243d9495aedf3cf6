from __future__ import annotations

import json

import pytest

from darkbeam.experiments import experiment_names
from darkbeam.models import describe_model, model_names


def test_the_list_of_models(run):
    outcome = run("models", "--format", "csv")
    assert outcome.columns["name"] == list(model_names())
    for name, references in zip(*(outcome.columns[k] for k in ("name", "references")), strict=True):
        assert references == ", ".join(describe_model(name).references)


@pytest.mark.parametrize("name", model_names())
def test_the_page_of_a_model_tells_each_parameter(run, name):
    text = run("models", name).out
    page = json.loads(run("models", name, "--format", "json").out)
    for parameter in describe_model(name).parameters:
        assert parameter.description in page["parameters"][parameter.name]
        assert parameter.description in text


def test_the_page_shows_couplings_and_decays_at_a_point(run):
    options = ("--mass", "50MeV", "--set", "epsilon=1e-4", "--dark-matter", "none")
    page = json.loads(run("models", "dark-photon", *options, "--format", "json").out)
    assert page["shown at"] == "mass = 50 MeV, epsilon = 0.0001"
    # epsilon e Q with e = 0.30282
    assert page["couplings"]["e"] == "vector -3.028e-05"
    assert page["couplings"]["u"] == "vector 2.019e-05"
    assert "nu_e" not in page["couplings"]
    assert page["branching"] == {"e_e": "1"}
    # arXiv:2003.07257 eq. 118 at 50 MeV: c tau = 0.16 mm
    assert float(page["lifetime"].removesuffix(" s")) == pytest.approx(
        1.6e-4 / 3e8, rel=0.03, abs=0.0
    )


def test_a_model_with_a_mass_of_its_own_is_shown_there(run):
    page = json.loads(run("models", "x17", "--format", "json").out)
    assert page["shown at"].startswith("mass = 16.7 MeV")


def test_a_point_is_one_mass_of_one_model(refused):
    assert "one mass is needed" in refused("models", "dark-photon", "--mass", "0.1,0.2")
    assert "only with a model's NAME" in refused("models", "--mass", "0.1")
    assert "did you mean 'epsilon'" in refused("models", "dark-photon", "--set", "epsilo=1")


def test_the_list_of_experiments(run, tmp_path):
    outcome = run("experiments", "--format", "csv")
    assert outcome.columns["name"] == list(experiment_names())
    assert "2016-2018" in outcome.columns["runs"][list(experiment_names()).index("NA64e")]
    assert run("experiments", "-o", tmp_path / "e.json").status == 0


def test_the_page_of_an_experiment(run):
    page = json.loads(run("experiments", "NA64e", "--format", "json").out)
    assert page["name"] == "NA64e"
    assert {r["name"]: r["eot"] for r in page["runs"]}["2016-2018"] == 2.84e11
    assert "GeV" in page["units"]
    text = run("experiments", "NA64e").out
    assert "name: 2016-2018, eot: 2.84e+11" in text
    assert "None" not in text


def test_a_page_has_no_file(refused, tmp_path):
    assert "--output" in refused("models", "dark-photon", "-o", tmp_path / "x.json")


def test_unknown_names(refused):
    assert "did you mean 'dark-photon'?" in refused("models", "dark-photn")
    assert "did you mean 'NA64e'?" in refused("experiments", "na64E2")
