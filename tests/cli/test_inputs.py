from __future__ import annotations

import math

import numpy as np
import pytest

from darkbeam.cli.inputs import build_model, build_target, parameter_names, settings, split_settings
from darkbeam.errors import InputError, ModelError, UnknownNameError
from darkbeam.experiments import EXPOSURE_SETTINGS
from darkbeam.matter import LayeredMaterial
from darkbeam.models import Majorana, PseudoDirac


def test_settings_keep_texts_and_take_hyphens():
    assert settings(["epsilon=1e-4", " alpha-d = 0.5 ", "dm_mass=10 MeV"]) == {
        "epsilon": "1e-4",
        "alpha_d": "0.5",
        "dm_mass": "10 MeV",
    }
    assert settings(None) == {}


@pytest.mark.parametrize("text", ["epsilon", "=1", "epsilon=", "epsilon= "])
def test_malformed_settings(text):
    with pytest.raises(InputError, match="must be NAME=VALUE"):
        settings([text])


def test_a_setting_comes_once():
    with pytest.raises(InputError, match="epsilon is set twice"):
        settings(["epsilon=1", "epsilon=2"])


def test_settings_of_the_model_and_of_the_exposure_are_told_apart():
    mine, rest = split_settings(
        "dark-photon", {"epsilon": "1", "eot": "5e12", "splitting": "0.1"}, EXPOSURE_SETTINGS
    )
    assert mine == {"epsilon": "1", "splitting": "0.1"}
    assert rest == {"eot": "5e12"}


def test_parameter_names():
    assert parameter_names("dark-photon") == (
        "epsilon",
        "alpha_d",
        "dark_matter",
        "mass_ratio",
        "dm_mass",
        "splitting",
    )


def test_a_model_from_options():
    model = build_model(
        "dark-photon",
        "10MeV,0.1",
        {"alpha_d": "0.5", "splitting": "0.4"},
        dark_matter="pseudo-dirac",
        mass_ratio="2.5",
    )
    assert np.array_equal(model.mass, [0.01, 0.1])
    assert model.alpha_d == 0.5
    assert model.dark_matter == PseudoDirac(mass_ratio=2.5, splitting=0.4)


def test_dark_matter_by_setting_and_with_a_mass_of_its_own():
    model = build_model("dark-photon", "1", {"dark_matter": "majorana", "dm_mass": "200 MeV"})
    assert model.dark_matter == Majorana(mass=0.2)
    assert build_model("dark-photon", "1", {}, dark_matter="none").dark_matter is None


def test_an_option_and_a_setting_must_not_contradict():
    with pytest.raises(InputError, match="--mass-ratio and --set mass_ratio"):
        build_model("dark-photon", "1", {"mass_ratio": "3"}, mass_ratio="2")
    with pytest.raises(UnknownNameError, match="'alpha_d'"):
        build_model("dark-photon", "1", {"alpa_d": "3"})
    with pytest.raises(ModelError):
        build_model("dark-photon", "1", {"alpha_d": "3 GeV"})


def test_target_from_the_name_of_a_material():
    found = build_target("tungsten")
    assert found.name == "W"
    assert math.isinf(found.total_depth_cm)


def test_target_from_layers_reads_what_targets_call_themselves():
    stack = LayeredMaterial([("Pb", 1.5), ("polystyrene", 1.5)], repeats=150)
    assert build_target(stack.name) == stack
    assert build_target("150x(1500 um Pb+0.15cm polystyrene)") == stack
    assert build_target("3 mm Pb + 1 cm Fe").layers[1][1] == pytest.approx(10.0)


@pytest.mark.parametrize("text", ["3 mm", "3 mm Pb +", "x (3 mm Pb)", "3 mm Pb + Fe", "-3 mm Pb"])
def test_malformed_layers(text):
    with pytest.raises(InputError, match="target"):
        build_target(text)


def test_unknown_material_in_layers():
    with pytest.raises(UnknownNameError, match="polystyrene"):
        build_target("3 mm polystyren")
