"""Dark matter records: which mass is meant, and by what name."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import (
    ComplexScalar,
    Dirac,
    PseudoDirac,
    dark_matter_names,
    make_dark_matter,
)


def test_the_ratio_is_mediator_over_dark_matter() -> None:
    light, heavy = Dirac(mass_ratio=3).masses(0.3)
    assert float(light) == float(heavy) == pytest.approx(0.1)


def test_a_fixed_mass_does_not_follow_the_mediator() -> None:
    light, _ = ComplexScalar(mass="10 MeV").masses(np.array([0.1, 0.2]))
    np.testing.assert_allclose(light, [0.01, 0.01])


def test_the_splitting_is_relative_to_the_lighter_state() -> None:
    # S1 app. B: m_A' = 3 m_chi1, Delta = 0.4 m_chi1
    light, heavy = PseudoDirac(mass_ratio=3, splitting=0.4).masses(0.3)
    assert float(light) == pytest.approx(0.1)
    assert float(heavy) == pytest.approx(0.14)


def test_the_default_ratio_is_three() -> None:
    assert Dirac() == Dirac(mass_ratio=3)


def test_replacing_one_mass_drops_the_other() -> None:
    assert Dirac(mass_ratio=3).replace(mass=0.1) == Dirac(mass=0.1)
    assert Dirac(mass=0.1).replace(mass_ratio=4) == Dirac(mass_ratio=4)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"mass_ratio": 0}, "mass_ratio must be finite and > 0, got 0"),
        ({"mass_ratio": -3}, "mass_ratio must be finite and > 0"),
        ({"mass": 0}, "mass must be finite and > 0 GeV"),
        ({"mass": 1, "mass_ratio": 3}, "not both"),
        ({"splitting": -0.1}, "splitting must be finite and >= 0"),
        ({"splitting": float("nan")}, "splitting must be finite"),
    ],
)
def test_bad_values_are_named(parameters: dict[str, float], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        PseudoDirac(**parameters)


def test_names() -> None:
    assert dark_matter_names() == ("scalar", "dirac", "majorana", "pseudo-dirac")
    assert make_dark_matter("pseudo-dirac", splitting="0.1") == PseudoDirac(splitting=0.1)
    with pytest.raises(UnknownNameError, match="did you mean 'pseudo-dirac'"):
        make_dark_matter("pseudodirac")
    with pytest.raises(UnknownNameError, match="did you mean 'mass_ratio'"):
        make_dark_matter("dirac", mas_ratio=3)
