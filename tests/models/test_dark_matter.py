"""Dark matter records: which mass is meant, and by what name."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import (
    ComplexScalar,
    Dirac,
    FermionPair,
    Majorana,
    PseudoDirac,
    ScalarPair,
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
    of_vectors = ("scalar", "dirac", "majorana", "pseudo-dirac")
    assert dark_matter_names() == (*of_vectors, "scalar-pair", "fermion-pair")
    assert dark_matter_names("vector") == of_vectors
    assert dark_matter_names("scalar") == ("scalar", "dirac", "majorana")
    assert dark_matter_names("pseudoscalar") == ("dirac", "majorana")
    assert dark_matter_names("complex-scalar") == ("scalar-pair", "fermion-pair")
    assert make_dark_matter("pseudo-dirac", splitting="0.1") == PseudoDirac(splitting=0.1)
    with pytest.raises(UnknownNameError, match="did you mean 'pseudo-dirac'"):
        make_dark_matter("pseudodirac")
    with pytest.raises(UnknownNameError, match="did you mean 'mass_ratio'"):
        make_dark_matter("dirac", mas_ratio=3)


@pytest.mark.parametrize("kind", [ScalarPair, FermionPair, PseudoDirac])
def test_two_masses_make_a_pair(kind: type[PseudoDirac]) -> None:
    # dark matter D4, D5, D6 with both masses given
    light, heavy = kind.from_masses(0.1, 0.13).masses(np.array([1.0, 2.0]))
    np.testing.assert_allclose(light, [0.1, 0.1])
    np.testing.assert_allclose(heavy, [0.13, 0.13])
    with pytest.raises(ModelError, match="splitting must be finite and >= 0"):
        kind.from_masses(0.13, 0.1)


def test_a_scalar_mediator_keeps_its_parity() -> None:
    for kind in (Dirac(), Majorana()):
        scalar, pseudoscalar = (kind.channel(0.3, 0.7, p) for p in ("scalar", "pseudoscalar"))
        assert (scalar.scalar, scalar.pseudoscalar) == (0.7, 0.0)  # type: ignore[union-attr]
        assert (pseudoscalar.scalar, pseudoscalar.pseudoscalar) == (0.0, 0.7)  # type: ignore[union-attr]
        assert scalar.identical is (kind.name == "majorana")  # type: ignore[union-attr]


def test_couplings_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ModelError, match="may be scalar or dirac or majorana"):
        PseudoDirac().channel(1.0, 0.1, "scalar")
    with pytest.raises(ModelError, match="may be dirac or majorana"):
        ComplexScalar().channel(1.0, 0.1, "pseudoscalar")  # would break parity
    with pytest.raises(ModelError, match="vector mediator has no coupling"):
        FermionPair().channel(1.0, 0.1)
