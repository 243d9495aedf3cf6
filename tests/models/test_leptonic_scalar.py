"""The leptonic scalar (M9, D5, D6): couplings of S3 eqs. 2, 8-11 and where they come from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import (
    Dirac,
    FermionPair,
    LeptonicScalar,
    ScalarPair,
    VectorLikeFermion,
    dimension_five_coupling,
    make_model,
)
from darkbeam.models.dark_channels import DarkFermions, DarkScalars

# Gamma matrices in the chiral representation, in which P_L, P_R are plain blocks.
SIGMA = [
    np.array(m, dtype=complex) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])
]
ZERO, ONE = np.zeros((2, 2), dtype=complex), np.eye(2, dtype=complex)
GAMMA = [np.block([[ZERO, ONE], [ONE, ZERO]])]
GAMMA += [np.block([[ZERO, s], [-s, ZERO]]) for s in SIGMA]
GAMMA5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]
LEFT, RIGHT = (np.eye(4) - GAMMA5) / 2, (np.eye(4) + GAMMA5) / 2


def test_m9_the_entry_is_ebar_left_mu_right() -> None:
    # S3 eq. 2 with spinors e, mu: -h (P_L e)^dagger gamma^0 (P_R mu) = -ebar (S + i P gamma5) mu
    table = LeptonicScalar(mass=0.3, h=3e-3).couplings()
    entry = table.entry("e", "mu")
    vertex = complex(entry.scalar) * np.eye(4) + 1j * complex(entry.pseudoscalar) * GAMMA5
    rng = np.random.default_rng(1)
    for _ in range(5):
        e, mu = (rng.normal(size=4) + 1j * rng.normal(size=4) for _ in range(2))
        published = 3e-3 * (LEFT @ e).conj() @ GAMMA[0] @ (RIGHT @ mu)
        assert e.conj() @ GAMMA[0] @ vertex @ mu == pytest.approx(published, rel=1e-12, abs=0.0)
    assert np.allclose(vertex @ LEFT, 0.0)


def test_m9_flavour_numbers_are_kept() -> None:
    # L_e and L_mu: no diagonal entries, no (mu, e): phi -> e- mu+ only
    table = LeptonicScalar(mass=0.3).couplings()
    assert list(table.pairs()) == [("e", "mu")]
    assert not table.self_conjugate
    assert table.entry("mu", "e").is_zero()
    assert table.spin == 0


@given(st.floats(1e-12, 10), st.floats(1e-3, 1e3))
def test_linear_in_the_coupling(h: float, factor: float) -> None:
    one, other = (
        LeptonicScalar(mass=1.0).with_coupling(x).couplings().entry("e", "mu")
        for x in (h, factor * h)
    )
    np.testing.assert_allclose(other.scalar, factor * np.asarray(one.scalar), rtol=1e-14)
    np.testing.assert_allclose(
        other.pseudoscalar, factor * np.asarray(one.pseudoscalar), rtol=1e-14
    )


def test_d5_d6_pairs_of_unequal_masses() -> None:
    model = LeptonicScalar(
        mass=[0.3, 0.6], g_d=0.08, dark_matter=FermionPair(mass_ratio=3, splitting=0.2)
    )
    (fermions,) = model.couplings().dark
    assert isinstance(fermions, DarkFermions)
    assert (float(fermions.scalar), fermions.pseudoscalar) == (0.08, 0.0)
    assert not fermions.identical
    assert not fermions.conjugate
    np.testing.assert_allclose(fermions.masses[0], [0.1, 0.2])
    np.testing.assert_allclose(fermions.masses[1], [0.12, 0.24])
    pair = ScalarPair.from_masses(0.05, 0.15)
    (scalars,) = model.replace(dark_matter=pair).couplings().dark
    assert isinstance(scalars, DarkScalars)
    np.testing.assert_allclose(scalars.coupling, [0.08 * 0.3, 0.08 * 0.6])
    np.testing.assert_allclose(scalars.masses[1], [0.15, 0.15])
    assert model.alpha_d == pytest.approx(0.08**2 / (4 * np.pi), rel=1e-9, abs=0.0)


def test_only_pairs_are_dark_matter_of_a_complex_scalar() -> None:
    with pytest.raises(ModelError, match="may be scalar-pair or fermion-pair"):
        LeptonicScalar(mass=0.3, dark_matter=Dirac())
    assert LeptonicScalar(mass=0.3, dark_matter=None).couplings().dark == ()


def test_by_name_as_from_a_command_line() -> None:
    made = make_model(
        "leptonic-scalar",
        mass="300 MeV",
        h="1e-3",
        g_d="0.1",
        dark_matter="fermion-pair",
        mass_ratio="3",
        splitting="0.2",
    )
    expected = FermionPair(mass_ratio=3, splitting=0.2)
    assert made == LeptonicScalar(mass=0.3, h=1e-3, g_d=0.1, dark_matter=expected)
    # without a name the splitting is that of the default dark matter
    assert make_model("leptonic-scalar", mass=0.3, splitting=0.2, h=1e-3) == made
    with pytest.raises(UnknownNameError, match="did you mean 'fermion-pair'"):
        make_model("leptonic-scalar", mass=0.3, dark_matter="fermion-pairs")


# ------------------------------------------------- completions, S3 eqs. 8, 9


def test_m9_dimension_five() -> None:
    # h = h1 h2 <H> / M with <H> = 174 GeV; S3's h = 3.3e-3 needs M/(h1 h2) = 53 TeV
    assert float(dimension_five_coupling(1, 1, "52.7 TeV")) == pytest.approx(
        3.3e-3, rel=2e-3, abs=0.0
    )
    model = LeptonicScalar.from_dimension_five("300 MeV", 0.5, 0.2, "10 TeV", g_d=0.3)
    assert model.h == pytest.approx(0.1 * 174.1 / 1e4, rel=1e-4, abs=0.0)
    assert model == LeptonicScalar(mass=0.3, h=model.h, g_d=0.3)


def light_and_heavy(mass: float, h1: float, yukawa: float) -> tuple[np.ndarray, np.ndarray]:
    """Diagonalise the mass terms of (e, E) numerically: singular values, left-handed states."""
    vev = (np.sqrt(2) * 1.1663788e-5) ** -0.5 / np.sqrt(2)
    matrix = np.array([[yukawa * vev, h1 * vev], [0.0, mass]])  # rows e_L, E_L; columns e_R, E_R
    left, masses, _ = np.linalg.svd(matrix)
    return masses, left


@pytest.mark.parametrize(("mass", "h1", "h2"), [(100, 1, 1), (1e3, 0.3, 2), (1e4, 0.1, 0.01)])
def test_m9_the_vector_like_fermion_against_its_mass_matrix(
    mass: float, h1: float, h2: float
) -> None:
    fermion = VectorLikeFermion(mass, h1, h2)
    (heavy, light), left = light_and_heavy(mass, h1, yukawa=2.93e-6)
    # columns of `left`: heavy, light state in the basis (e_L, E_L); m_e^2/M^2 < 1e-10
    assert float(fermion.heavy_mass) == pytest.approx(heavy, rel=1e-9, abs=0.0)
    assert light < 0.511e-3
    assert float(fermion.coupling) == pytest.approx(h2 * abs(left[1, 1]), rel=1e-9, abs=0.0)
    assert float(fermion.heavy_coupling) == pytest.approx(h2 * abs(left[1, 0]), rel=1e-9, abs=0.0)
    # isospin -1/2 of the doublet's part only
    shift = -0.5 * abs(left[0, 1]) ** 2 + 0.5
    assert float(fermion.z_coupling_shift) == pytest.approx(shift, rel=1e-6, abs=0.0)


@given(st.floats(1, 1e6), st.floats(1e-3, 3), st.floats(1e-3, 3))
def test_m9_limits_of_the_fermion(mass: float, h1: float, h2: float) -> None:
    fermion = VectorLikeFermion(mass, h1, h2)
    naive = float(dimension_five_coupling(h1, h2, mass))
    h = float(fermion.coupling)
    assert h <= min(naive, h2) * (1 + 1e-12)
    # h1 <H>/M = tan(theta): the naive coupling overestimates by 1/cos(theta)
    assert h == pytest.approx(naive * np.cos(float(fermion.mixing_angle)), rel=1e-12, abs=0.0)
    assert h**2 + float(fermion.heavy_coupling) ** 2 == pytest.approx(h2**2, rel=1e-12, abs=0.0)


def test_m9_the_model_from_the_fermion() -> None:
    fermion = VectorLikeFermion("3 TeV", 0.1, 0.5)
    model = LeptonicScalar.from_vector_like_fermion(0.3, fermion, dark_matter=None)
    assert model == LeptonicScalar(mass=0.3, h=float(fermion.coupling), dark_matter=None)


def test_bad_fermions_are_named() -> None:
    with pytest.raises(ModelError, match="mass must be finite and > 0 GeV"):
        VectorLikeFermion(0, 1, 1)
    with pytest.raises(ModelError, match="h1 must be finite and >= 0"):
        VectorLikeFermion(1e3, -1, 1)
    with pytest.raises(ModelError, match="do not broadcast"):
        VectorLikeFermion(1e3, [1, 2], [1, 2, 3])
