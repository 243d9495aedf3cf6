"""Charges: what a person writes, and what it means in the conventions of the table."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import Charges, Coupling

GAMMA5 = np.diag([-1.0, -1.0, 1.0, 1.0])  # chiral representation
LEFT, RIGHT = (np.eye(4) - GAMMA5) / 2, (np.eye(4) + GAMMA5) / 2
numbers = st.builds(complex, st.floats(-3, 3), st.floats(-3, 3))


@given(numbers, numbers)
def test_left_and_right_are_projections(left: complex, right: complex) -> None:
    projected = left * LEFT + right * RIGHT
    vector = Charges({"e mu": {"left": left, "right": right}})["e", "mu"]
    np.testing.assert_allclose(
        np.asarray(vector.vector) * np.eye(4) + np.asarray(vector.axial) * GAMMA5,
        projected,
        atol=1e-14,
    )
    scalar = Charges({"e mu": {"left": left, "right": right}}, spin=0)["e", "mu"]
    np.testing.assert_allclose(
        np.asarray(scalar.scalar) * np.eye(4) + 1j * np.asarray(scalar.pseudoscalar) * GAMMA5,
        projected,
        atol=1e-14,
    )


def test_a_number_is_a_charge() -> None:
    vector = Charges({"e": -1, "nu_e": -1})
    assert vector["e", "e"].vector == -1
    assert vector["e", "e"].axial == 0
    # a neutrino is left-handed: g_V = -g_A = charge/2
    assert vector["nu_e", "nu_e"].vector == -0.5
    assert vector["nu_e", "nu_e"].axial == 0.5
    scalar = Charges({"mu": {"charge": 2}}, spin=0)
    assert scalar["mu", "mu"].scalar == 2


def test_pairs_may_be_written_in_three_ways() -> None:
    for key in ("e mu", ("e", "mu"), ["e", "mu"]):
        assert list(Charges({key if isinstance(key, str) else tuple(key): 1})) == [("e", "mu")]


@given(st.floats(1e-6, 10), st.floats(-5, 5))
def test_linear_in_the_coupling_constant(g: float, charge: float) -> None:
    scaled = Charges({"u": {"axial": charge}}).times([g, 2 * g])["u", "u"]
    np.testing.assert_allclose(scaled.axial, [g * charge, 2 * g * charge], rtol=1e-15)
    np.testing.assert_allclose(scaled.vector, 0.0)


@pytest.mark.parametrize(
    ("given", "spin", "self_conjugate", "mediator"),
    [
        ({"e": 1}, 1, True, "vector"),
        ({"e": 1}, 0, True, "scalar"),
        ({"e": {"pseudoscalar": 1}}, 0, True, "pseudoscalar"),
        ({"e": {"pseudoscalar": 1, "scalar": 0.1}}, 0, True, "scalar"),
        ({"e": {"pseudoscalar": 1}, "mu": 1}, 0, True, "scalar"),
        ({}, 0, True, "scalar"),
        ({"e mu": 1}, 0, False, "complex-scalar"),
    ],
)
def test_what_the_mediator_is(
    given: dict[str, Any], spin: int, self_conjugate: bool, mediator: str
) -> None:
    assert Charges(given, spin, self_conjugate=self_conjugate).mediator == mediator


def test_equality_is_by_value() -> None:
    one = Charges({"e": 1, "e mu": {"left": 0.5j}})
    same = Charges({("e", "mu"): Coupling.chiral(left=0.5j), "e": Coupling(vector=1.0)})
    assert one == same
    assert hash(one) == hash(same)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != Charges({"e": 1, "e mu": {"left": 0.5}})
    assert one != Charges({"e": 1})
    assert repr(one) == "Charges(e, e mu)"


@pytest.mark.parametrize(
    ("given", "spin", "message"),
    [
        ({"muu": 1}, 1, "unknown fermion 'muu'; did you mean 'mu'"),
        ({"e": {"vectr": 1}}, 1, "no entry 'vectr'; did you mean 'vector'"),
        ({"e": {"left": 1, "vector": 1}}, 1, "give charge, or left and right, or vector and axial"),
        ({"e": {"charge": 1, "left": 1}}, 0, "or scalar and pseudoscalar; got charge, left"),
        ({"e": {"scalar": 1}}, 1, "spin-1 mediator has no scalar"),
        ({"e": {"axial": 1}}, 0, "spin-0 mediator has no axial"),
        ({"e": 1j}, 1, "complex conjugates"),
        ({"e": {"left": 1}}, 0, "complex conjugates"),  # hermiticity: g_R = g_L^*
        ({"e": "one"}, 1, "is not a number"),
        ({"e nu_e": 1}, 1, "charge"),
        ({"e mu tau": 1}, 1, "for a fermion or for two"),
        ({"e mu": 1, ("e", "mu"): 1}, 1, "given twice"),
        ({"e mu": 1, "mu e": 2}, 1, "complex conjugates"),
    ],
)
def test_mistakes_are_named(given: dict[Any, Any], spin: int, message: str) -> None:
    with pytest.raises((ModelError, UnknownNameError), match=message):
        Charges(given, spin)
