"""Z' of any chiral charges: S1 eqs. 33, 34."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam.decays import widths
from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import GenericZPrime, Leptonic, LMuLTau, make_model
from darkbeam.models.couplings import CHARGED_LEPTONS, FERMIONS, NEUTRINOS, QUARKS

CHARGED = (*CHARGED_LEPTONS, *QUARKS)


@given(
    st.dictionaries(
        st.sampled_from(CHARGED), st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1
    ),
    st.floats(0, 1),
)
@settings(max_examples=40)
def test_m4_eq_34(charges: dict[str, tuple[float, float]], g: float) -> None:
    if not any(any(pair) for pair in charges.values()):
        return
    table = GenericZPrime.from_charges(0.1, g, charges).couplings()
    for fermion in FERMIONS:
        left, right = charges.get(fermion, (0.0, 0.0))
        vector, axial = float(table.vector(fermion)), float(table.axial(fermion))
        # V + A gamma5 = (V - A) P_L + (V + A) P_R
        assert vector - axial == pytest.approx(g * left, abs=1e-15)
        assert vector + axial == pytest.approx(g * right, abs=1e-15)


@given(st.dictionaries(st.sampled_from(NEUTRINOS), st.floats(0.01, 3), min_size=1))
@settings(max_examples=30)
def test_m4_neutrinos_are_left_handed(charges: dict[str, float]) -> None:
    found = widths(GenericZPrime.from_charges(0.1, 1e-3, charges))
    total = sum(q**2 for q in charges.values()) * 1e-6 * 0.1 / (24 * np.pi)
    assert float(found.partial["nu_nu"]) == pytest.approx(total, rel=1e-12, abs=0.0)


def test_m4_known_models_are_cases() -> None:
    charges = dict.fromkeys((*CHARGED_LEPTONS, *NEUTRINOS), 1.0)
    generic = GenericZPrime.from_charges(0.1, 2e-3, charges, gauge_invariant="yes").couplings()
    leptonic = Leptonic(mass=0.1, g=2e-3).couplings()
    charges = {"mu": 1, "nu_mu": 1, "tau": -1, "nu_tau": -1}
    other = GenericZPrime.from_charges(0.1, 2e-3, charges).couplings()
    difference = LMuLTau(mass=0.1, g=2e-3, mixing="none").couplings()
    for fermion in FERMIONS:
        for first, second in ((generic, leptonic), (other, difference)):
            assert float(first.vector(fermion)) == float(second.vector(fermion))
            assert float(first.axial(fermion)) == float(second.axial(fermion))


def test_m4_without_charges_it_is_s1_eq_28() -> None:
    table = make_model("generic-zprime", mass=0.1, g=1e-3).couplings()
    assert list(table.pairs()) == [("mu", "mu")]
    assert float(table.vector("mu")) == 1e-3
    assert float(table.axial("mu")) == 0.0
    # one charge given, and muons no longer couple by themselves
    assert list(make_model("generic-zprime", mass=0.1, e_r=1).couplings().pairs()) == [("e", "e")]


def test_by_name_as_the_command_line_does() -> None:
    model = make_model("generic-zprime", mass="10 MeV", g="1e-3", mu_l="1", mu_r="-1", nu_mu="0.5")
    assert model == GenericZPrime.from_charges(0.01, 1e-3, {"mu": (1, -1), "nu_mu": 0.5})
    assert float(model.couplings().axial("mu")) == -1e-3


@pytest.mark.parametrize(
    ("charges", "message"),
    [
        ({"mu_l": 1}, r"mu_l = nu_mu .* got 1.0 and 0.0"),
        ({"nu_tau": 1}, "tau_l = nu_tau"),
        ({"u_l": 1, "d_l": -1}, "u_l = d_l"),
        ({"c_l": 1}, "c_l = s_l"),
        ({"b_l": 1}, "t_l = b_l"),
        ({}, "mu_l = nu_mu"),
    ],
)
def test_m4_broken_doublets_are_refused_if_asked(charges: dict[str, int], message: str) -> None:
    GenericZPrime(mass=0.1, **charges)
    with pytest.raises(ModelError, match=message):
        GenericZPrime(mass=0.1, gauge_invariant="yes", **charges)


def test_m4_right_handed_charges_are_free() -> None:
    # S1 sec. 2.5: a Z' of the right-handed current of the first and second family
    charges = dict.fromkeys(("e_r", "mu_r", "u_r", "d_r", "s_r", "c_r"), 1)
    model = GenericZPrime(mass=0.1, g=1e-3, gauge_invariant="yes", **charges)
    assert float(model.couplings().axial("c")) == 0.5e-3


def test_bad_charges_are_named() -> None:
    with pytest.raises(ModelError, match="needs a charge that is not 0, got mu_l = 0"):
        GenericZPrime(mass=0.1, mu_l=0, nu_mu=0.0)
    with pytest.raises(ModelError, match="needs a charge that is not 0, got none"):
        GenericZPrime.from_charges(0.1, 1e-3, {})
    with pytest.raises(UnknownNameError, match="did you mean 'mu'"):
        GenericZPrime.from_charges(0.1, 1e-3, {"muu": 1})
    with pytest.raises(ModelError, match="charge of nu_mu is one number"):
        GenericZPrime.from_charges(0.1, 1e-3, {"nu_mu": (1, 1)})
    with pytest.raises(ModelError, match=r"charges of mu are \(left, right\)"):
        GenericZPrime.from_charges(0.1, 1e-3, {"mu": (1, 1, 1)})
    with pytest.raises(UnknownNameError, match="did you mean 'mu_l'"):
        make_model("generic-zprime", mass=0.1, mu_L=1)
    with pytest.raises(ModelError, match="do not broadcast"):
        GenericZPrime(mass=[0.1, 0.2], mu_l=[1.0, 2.0, 3.0])


def test_arrays_of_charges() -> None:
    model = GenericZPrime(mass=[0.1, 0.2], g=1e-3, mu_l=[1.0, 2.0], mu_r=[1.0, -2.0])
    np.testing.assert_allclose(model.couplings().vector("mu"), [1e-3, 0])
    np.testing.assert_allclose(model.couplings().axial("mu"), [0, -2e-3])
    assert model.replace(g=2e-3) == GenericZPrime(
        mass=[0.1, 0.2], g=2e-3, mu_l=[1.0, 2.0], mu_r=[1.0, -2.0]
    )
