"""Models by name, as the command line makes them."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import (
    DarkPhoton,
    Dirac,
    PseudoDirac,
    describe_model,
    make_model,
    model_names,
)


def test_the_dark_photon_is_there() -> None:
    assert "dark-photon" in model_names()
    assert make_model("dark-photon", mass=0.1) == DarkPhoton(mass=0.1)


def test_parameters_may_be_text_as_from_a_command_line() -> None:
    made = make_model(
        "dark-photon",
        mass="100 MeV",
        epsilon="1e-4",
        dark_matter="pseudo-dirac",
        mass_ratio="2.5",
        splitting="0.1",
    )
    assert made == DarkPhoton(
        mass=0.1, epsilon=1e-4, dark_matter=PseudoDirac(mass_ratio=2.5, splitting=0.1)
    )


def test_dark_matter_parameters_apply_to_the_default_and_to_an_object() -> None:
    expected = DarkPhoton(mass=0.1, dark_matter=Dirac(mass_ratio=4))
    assert make_model("dark-photon", mass=0.1, mass_ratio=4) == expected
    given = make_model("dark-photon", mass=0.1, dark_matter=Dirac(mass=0.01), mass_ratio=4)
    assert given == expected
    fixed = make_model("dark-photon", mass=np.array([0.1, 1.0]), dm_mass="10 MeV")
    np.testing.assert_allclose(fixed.dark_matter.masses(fixed.mass)[0], 0.01)  # type: ignore[attr-defined]


def test_no_dark_matter() -> None:
    assert make_model("dark-photon", mass=1, dark_matter="none").couplings().dark == ()
    assert make_model("dark-photon", mass=1, dark_matter=None).couplings().dark == ()
    with pytest.raises(ModelError, match="no mass_ratio"):
        make_model("dark-photon", mass=1, dark_matter="none", mass_ratio=3)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("dark-phton", {"mass": 1}, "did you mean 'dark-photon'"),
        ("dark-photon", {"mass": 1, "epsilo": 1}, "did you mean 'epsilon'"),
        ("dark-photon", {"mass": 1, "dark_matter": "diracc"}, "did you mean 'dirac'"),
        ("dark-photon", {"mass": 1, "splitting": 0.1}, "splitting"),
        ("dark-photon", {}, "needs a mass"),
    ],
)
def test_bad_names_are_met_with_the_near_match(
    name: str, parameters: dict[str, object], message: str
) -> None:
    with pytest.raises((UnknownNameError, ModelError), match=message):
        make_model(name, **parameters)


def test_the_default_of_the_class_is_the_default_by_name() -> None:
    for name in model_names():
        made = make_model(name, mass=0.1)
        assert made == type(made)(mass=0.1)


def test_the_page_of_a_model() -> None:
    page = describe_model("dark-photon")
    assert page.coupling_name == "epsilon"
    assert {p.name: p.allowed for p in page.parameters} == {
        "mass": "> 0 GeV",
        "epsilon": ">= 0",
        "alpha_d": ">= 0",
    }
    assert "Holdom:1985ag" in page.references
    with pytest.raises(UnknownNameError):
        describe_model("darkphoton ")
