"""Where the mixing may come from: S1 eqs. 14-20."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from darkbeam.errors import InputError
from darkbeam.models import nonabelian_mixing, one_fermion_mixing, two_fermion_mixing

E = math.sqrt(4 * math.pi / 137.035999177)


def s1_integral(numerator: tuple[float, float], denominator: tuple[float, float]) -> float:
    """Int_-1^1 (1 - eta^2) ln[(4 M^2 - p^2 (1 - eta^2))/(...)] d eta for two (M, p^2)."""

    def argument(point: tuple[float, float], eta: float) -> float:
        return 4 * point[0] ** 2 - point[1] * (1 - eta**2)

    def integrand(eta: float) -> float:
        ratio = argument(numerator, eta) / argument(denominator, eta)
        return (1 - eta**2) * math.log(ratio)

    return float(quad(integrand, -1, 1, epsabs=1e-14, epsrel=1e-12)[0])


@pytest.mark.parametrize("q2", [-50.0, -1.0, 0.0, 0.5])
def test_m7_eq_16(q2: float) -> None:
    expected = E * 0.3 / (16 * math.pi**2) * s1_integral((2.0, q2), (2.0, 0.04))
    found = complex(one_fermion_mixing(q2, 2.0, 0.2, 0.3))
    assert found == pytest.approx(expected, rel=1e-9, abs=0.0)


@pytest.mark.parametrize("q2", [-50.0, -1.0, 0.0, 0.5])
def test_m7_eqs_17_and_18(q2: float) -> None:
    unit = E * 0.3 / (16 * math.pi**2)
    naive = unit * s1_integral((2.0, q2), (7.0, q2))
    shell = unit * s1_integral((2.0, 0.04), (7.0, 0.04))
    assert complex(two_fermion_mixing(q2, 2.0, 7.0, 0.3)) == pytest.approx(naive, rel=1e-9, abs=0.0)
    found = complex(two_fermion_mixing(q2, 2.0, 7.0, 0.3, 0.2))
    assert found == pytest.approx(naive - shell, rel=1e-8, abs=1e-15)


def test_m7_eq_15_no_correction_on_the_mass_shell() -> None:
    shell = np.square(0.2)
    assert complex(one_fermion_mixing(shell, 2.0, 0.2, 0.3)) == 0
    assert complex(two_fermion_mixing(shell, 2.0, 7.0, 0.3, 0.2)) == 0


@given(st.floats(0.01, 1e4), st.floats(0.01, 1e4), st.floats(-3, 3))
def test_m7_the_quoted_limit_of_eq_17(mass1: float, mass2: float, e_prime: float) -> None:
    # (e e'/12 pi^2) ln(M_1^2/M_2^2) at p^2 = 0: does not vanish for heavy fermions
    expected = E * e_prime / (12 * math.pi**2) * math.log(mass1**2 / mass2**2)
    found = complex(two_fermion_mixing(0.0, mass1, mass2, e_prime))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-15)


@given(st.floats(1e3, 1e6), st.floats(-1, 0))
def test_m7_decoupling(mass: float, q2: float) -> None:
    # (m_A'^2 - p^2) e e'/(60 pi^2 M^2) once renormalised; for two fermions the difference
    unit = E * 0.3 / (60 * math.pi**2) * (0.25 - q2)
    one = complex(one_fermion_mixing(q2, mass, 0.5, 0.3))
    assert one == pytest.approx(unit / mass**2, rel=1e-6, abs=0.0)
    two = complex(two_fermion_mixing(q2, mass, 2 * mass, 0.3, 0.5))
    assert two == pytest.approx(0.75 * unit / mass**2, rel=1e-6, abs=0.0)


def test_m7_the_charge_grows_with_momentum() -> None:
    # equal charges: a positive addition to the coupling at space-like momenta, as for alpha
    found = one_fermion_mixing(-np.geomspace(1e-3, 1e4, 8), 1.0, 0.1, 0.3)
    assert np.all(found.imag == 0)
    assert np.all(np.diff(found.real) > 0)
    assert found[0].real > 0


@given(st.floats(1, 1e3), st.floats(-0.9, 0.9), st.floats(0.01, 2))
def test_m7_eq_19_is_half_of_the_printed_one(mass: float, ratio: float, g: float) -> None:
    # S1 prints e g/(6 pi^2) ln[(M + h Phi)/(M - h Phi)]; by its own eq. 17 with the charges
    # +-g/2 of an SU(2) doublet it is half of that, and as printed for generators sigma without 1/2
    printed = E * g / (6 * math.pi**2) * math.log((1 + ratio) / (1 - ratio))
    found = complex(nonabelian_mixing(g, mass, ratio * mass))
    assert found == pytest.approx(printed / 2, rel=1e-8, abs=1e-14)
    unusual = complex(nonabelian_mixing(g, mass, ratio * mass, generator=1.0))
    assert unusual == pytest.approx(printed, rel=1e-8, abs=1e-14)
    by_17 = E * g / 2 / (16 * math.pi**2) * s1_integral((1 + ratio, 0.0), (1 - ratio, 0.0))
    assert found == pytest.approx(by_17, rel=1e-8, abs=1e-14)


@pytest.mark.parametrize("ratio", [1e-2, 1e-3, 1e-5])
def test_m7_eq_20_is_the_limit_of_eq_19(ratio: float) -> None:
    leading = E * 0.65 / (6 * math.pi**2) * 2 * ratio
    found = complex(nonabelian_mixing(0.65, 500.0, 500.0 * ratio, generator=1.0))
    assert found == pytest.approx(leading, rel=ratio**2 + 1e-9, abs=0.0)
    assert complex(nonabelian_mixing(0.65, 500.0, 0.0)) == 0


def test_a_splitting_above_the_mass_is_refused() -> None:
    with pytest.raises(InputError, match="splitting must be smaller than the mass"):
        nonabelian_mixing(0.3, 100.0, 100.0)
