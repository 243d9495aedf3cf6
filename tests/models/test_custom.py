"""A model from a list of charges."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import ELEMENTARY_CHARGE
from darkbeam.decays import widths
from darkbeam.errors import ModelError
from darkbeam.models import CustomModel, DarkPhoton, Dirac, FermionPair, LeptonicScalar
from darkbeam.models.couplings import ELECTRIC_CHARGE, FERMIONS


def test_the_dark_photon_from_its_charges() -> None:
    charges = {name: q * ELEMENTARY_CHARGE for name, q in ELECTRIC_CHARGE.items() if q}
    mass = np.geomspace(1e-3, 10, 7)
    dark = {"alpha_d": 0.05, "dark_matter": Dirac(mass_ratio=3)}
    mine = CustomModel(mass, 1e-4, fermions=charges, **dark)
    known = DarkPhoton(mass, 1e-4, **dark)
    for fermion in FERMIONS:
        np.testing.assert_allclose(
            mine.couplings().vector(fermion), known.couplings().vector(fermion), rtol=1e-14
        )
    for channel, width in widths(known, warn=False).partial.items():
        np.testing.assert_allclose(widths(mine, warn=False).partial[channel], width, rtol=1e-14)


def test_the_leptonic_scalar_from_its_charges() -> None:
    # -h ebar P_R mu phi + h.c.
    mine = CustomModel(
        0.3,
        2e-3,
        fermions={"e mu": {"right": 1}},
        spin=0,
        self_conjugate=False,
        alpha_d=0.1**2 / (4 * np.pi),
        dark_matter=FermionPair(mass_ratio=3),
    )
    known = LeptonicScalar(0.3, 2e-3, g_d=0.1)
    ours, theirs = mine.couplings().entry("e", "mu"), known.couplings().entry("e", "mu")
    assert complex(ours.scalar) == complex(theirs.scalar)
    assert complex(ours.pseudoscalar) == complex(theirs.pseudoscalar)
    for channel, width in widths(known).partial.items():
        np.testing.assert_allclose(widths(mine).partial[channel], width, rtol=1e-13)


def test_a_charged_neutrino_weighs_half_a_dirac_fermion() -> None:
    # left-handed neutrino: g^2 m/(24 pi); massless electron of the same charge: g^2 m/(12 pi)
    found = widths(CustomModel(10.0, 1e-3, fermions={"e": 1, "nu_e": 1})).partial
    assert float(found["nu_nu"]) == pytest.approx(1e-6 * 10 / (24 * np.pi))
    assert float(found["e_e"]) == pytest.approx(2 * float(found["nu_nu"]), rel=1e-6, abs=0.0)


@given(st.floats(1e-8, 1), st.floats(0.1, 10))
def test_widths_go_as_the_square_of_the_coupling(g: float, factor: float) -> None:
    model = CustomModel(1.0, g, fermions={"mu": {"left": 1}, "e mu": 0.1, "nu_mu": 1})
    one, other = widths(model).total, widths(model.with_coupling(factor * g)).total
    np.testing.assert_allclose(other, factor**2 * one, rtol=1e-12)


@given(st.builds(complex, st.floats(-2, 2), st.floats(-2, 2)), st.sampled_from([0, 1]))
def test_real_mediators_are_hermitian(charge: complex, spin: int) -> None:
    table = CustomModel(1.0, 0.5, fermions={"e mu": {"left": charge}}, spin=spin).couplings()
    for kind in ("vector", "axial", "scalar", "pseudoscalar"):
        forth, back = (getattr(table.entry(*p), kind) for p in (("e", "mu"), ("mu", "e")))
        assert complex(back) == complex(forth).conjugate()


def test_a_model_may_be_changed_compared_and_pickled() -> None:
    model = CustomModel("100 MeV", fermions={"e": 1}, dark_matter="dirac")
    assert model.replace(mass=0.2).replace(mass=0.1) == model
    assert model.replace(fermions={"e": 2}) != model
    assert hash(model.replace(g=1e-3)) == hash(model)
    assert pickle.loads(pickle.dumps(model)) == model
    assert model.replace(fermions={"e": {"pseudoscalar": 1}}, spin=0).mediator_kind() == (
        "pseudoscalar"
    )


def test_arrays_of_charges_broadcast() -> None:
    model = CustomModel([[0.1], [0.2]], fermions={"e": [1.0, 2.0, 3.0]}, g=0.1)
    np.testing.assert_allclose(model.couplings().vector("e"), [[0.1, 0.2, 0.3]] * 2)
    with pytest.raises(ModelError, match="do not broadcast"):
        CustomModel([0.1, 0.2], fermions={"e": [1.0, 2.0, 3.0]})


def test_mistakes_are_named() -> None:
    with pytest.raises(ModelError, match="spin must be 0 or 1"):
        CustomModel(0.1, fermions={"e": 1}, spin=2)
    with pytest.raises(ModelError, match="spin-0 mediator has no vector"):
        CustomModel(0.1, fermions={"e": 1}).replace(spin=0)
    with pytest.raises(ModelError, match="vector mediator has no coupling to dark matter"):
        CustomModel(0.1, fermions={"e": 1}, dark_matter=FermionPair())
