"""The dark photon: couplings of S1 eq. 7, validation, immutability."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.errors import DarkbeamWarning, ModelError, UnknownNameError
from darkbeam.models import ComplexScalar, DarkPhoton, Dirac, Majorana, PseudoDirac

CHARGES = {"e": -1, "mu": -1, "tau": -1, "u": 2 / 3, "c": 2 / 3, "t": 2 / 3}
CHARGES |= {"d": -1 / 3, "s": -1 / 3, "b": -1 / 3, "nu_e": 0, "nu_mu": 0, "nu_tau": 0}


def test_every_fermion_couples_with_epsilon_e_q() -> None:
    # e = sqrt(4 pi / 137.036), the charge of the electron -1
    table = DarkPhoton(mass=0.1, epsilon=1e-4).couplings()
    for fermion, charge in CHARGES.items():
        expected = 1e-4 * charge * math.sqrt(4 * math.pi / 137.035999)
        assert float(table.vector(fermion)) == pytest.approx(expected, rel=1e-8, abs=0.0)
        assert not table.axial(fermion).any()
    assert float(table.nucleon_vector("p")) == pytest.approx(-float(table.vector("e")))
    assert float(table.nucleon_vector("n")) == pytest.approx(0.0, abs=1e-18)


@given(st.floats(1e-12, 1), st.floats(0.1, 10))
def test_couplings_are_linear_in_epsilon(epsilon: float, factor: float) -> None:
    model = DarkPhoton(mass=1.0, epsilon=epsilon)
    scaled = model.with_coupling(factor * epsilon)
    assert scaled.coupling == factor * epsilon
    np.testing.assert_allclose(
        scaled.couplings().vector("u"), factor * model.couplings().vector("u"), rtol=1e-14
    )


def test_arrays_broadcast_and_are_read_only() -> None:
    mass = np.geomspace(1e-3, 1, 5)
    model = DarkPhoton(mass=mass[:, None], epsilon=[1e-4, 1e-3])
    assert model.couplings().vector("e").shape == (5, 2)
    with pytest.raises(ValueError, match="read-only"):
        model.mass[0] = 2.0
    mass[0] = 7.0
    assert model.mass[0, 0] == pytest.approx(1e-3)


def test_replace_gives_a_checked_copy() -> None:
    model = DarkPhoton(mass=0.1, epsilon=1e-4)
    other = model.replace(mass="200 MeV")
    assert (other.mass, other.epsilon, model.mass) == (0.2, 1e-4, 0.1)
    with pytest.raises(ModelError, match="epsilon must be finite and >= 0, got -1"):
        model.replace(epsilon=-1)
    with pytest.raises(UnknownNameError, match="did you mean 'epsilon'"):
        model.replace(epsilom=1e-3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.mass = 3.0


def test_equality_and_hash_go_by_value() -> None:
    first = DarkPhoton(mass=[0.1, 0.2], dark_matter=Majorana(mass_ratio=3))
    assert first == DarkPhoton(mass=np.array([0.1, 0.2]), dark_matter=Majorana(mass_ratio=3))
    assert len({first, first.replace(epsilon=1e-3), first.replace(epsilon=2e-3)}) == 2
    assert first != first.replace(mass=[0.1, 0.3])
    assert first != first.replace(mass=0.1)
    assert first != first.replace(dark_matter=Dirac(mass_ratio=3))


@pytest.mark.parametrize("mass", ["10 MeV", "10MeV", "1e-2 GeV", "0.01", 0.01, np.float32(0.01)])
def test_masses_may_be_text(mass: object) -> None:
    assert DarkPhoton(mass=mass).mass == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"mass": float("nan")}, "mass must be finite and > 0 GeV, got nan"),
        ({"mass": float("inf")}, "mass must be finite"),
        ({"mass": 0.0}, "> 0 GeV"),
        ({"mass": -1.0}, "got -1"),
        ({"mass": [1.0, -2.0]}, "got -2 at index 1"),
        ({"mass": []}, "empty"),
        ({"mass": None}, "mass must be a number"),
        ({"mass": True}, "mass must be a number"),
        ({"mass": 1 + 2j}, "mass must be a number"),
        ({"mass": "100 Me"}, "mass"),
        ({"mass": 1.0, "epsilon": -1e-3}, "epsilon must be finite and >= 0"),
        ({"mass": 1.0, "epsilon": "small"}, "epsilon"),
        ({"mass": 1.0, "alpha_d": -0.1}, "alpha_d must be finite and >= 0"),
        ({"mass": 1.0, "dark_matter": 3}, "dark_matter must be"),
        ({"mass": [1.0, 2.0], "epsilon": [1.0, 2.0, 3.0]}, "do not broadcast"),
        ({"mass": [1.0, 2.0], "dark_matter": Dirac(mass_ratio=[3, 4, 5])}, "not broadcast"),
    ],
)
def test_bad_values_are_named(parameters: dict[str, object], message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        DarkPhoton(**parameters)
    assert "\n" not in str(caught.value)


def test_a_strong_dark_coupling_warns() -> None:
    with pytest.warns(DarkbeamWarning, match="alpha_d = 1.5"):
        DarkPhoton(mass=1.0, alpha_d=1.5)


def test_dark_matter_may_be_absent_or_a_name() -> None:
    assert DarkPhoton(mass=1.0, dark_matter=None).couplings().dark == ()
    assert DarkPhoton(mass=1.0, dark_matter="majorana").dark_matter == Majorana()
    with pytest.raises(ModelError, match="no dark matter"):
        DarkPhoton(mass=1.0, dark_matter=None).dark_matter_masses()


@pytest.mark.parametrize("kind", [ComplexScalar, Dirac, Majorana, PseudoDirac])
def test_the_dark_channel_carries_the_masses(kind: type[Dirac]) -> None:
    model = DarkPhoton(mass=np.array([0.3, 0.6]), dark_matter=kind(mass_ratio=3))
    first, second = model.dark_matter_masses()
    np.testing.assert_allclose(first, [0.1, 0.2])
    np.testing.assert_allclose(second, [0.1, 0.2])
