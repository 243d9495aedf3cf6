"""The vacuum polarisation: its integral, its dispersion relation, the running of alpha."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from darkbeam.errors import InputError
from darkbeam.models import (
    opposite_pair_mixing,
    polarisation,
    polarisation_difference,
    real_mixing,
)

M_E, M_MU, M_TAU = 0.51099895069e-3, 0.1056583755, 1.77693  # GeV, RPP
E = math.sqrt(4 * math.pi / 137.035999177)


def integral(q2: float, mass: float) -> complex:
    """The defining integral in 30 digits; its logarithm has the imaginary part of q2 + i0."""
    with mp.workdps(30):
        ratio = mp.mpf(q2) / mp.mpf(mass) ** 2
        nodes, imaginary = [0, 0.5, 1], mp.mpf(0)
        if ratio > 4:  # the argument is negative between two zeros
            beta = mp.sqrt(1 - 4 / ratio)
            low, high = (1 - beta) / 2, (1 + beta) / 2
            nodes = [0, low, 0.5, high, 1]
            imaginary = -mp.pi * mp.quad(lambda x: 6 * x * (1 - x), [low, high])
        real = mp.quad(lambda x: 6 * x * (1 - x) * mp.log(abs(1 - x * (1 - x) * ratio)), nodes)
        return complex(real, imaginary)


THRESHOLD = 4 * M_MU**2
POINTS = [-1e8, -1e4, -1.0, -0.01, -0.0056, -0.0055, -1e-9, 1e-9, 1e-3, 0.0055, 0.0056, 0.03]
POINTS += [THRESHOLD * (1 - 1e-6), THRESHOLD * (1 + 1e-6), 0.1, 1.0, 12.6, 12.7, 1e4, 1e8]


@pytest.mark.parametrize("q2", POINTS)
def test_the_closed_form_is_the_integral(q2: float) -> None:
    assert complex(polarisation(q2, M_MU)) == pytest.approx(integral(q2, M_MU), rel=1e-12, abs=0.0)


@pytest.mark.parametrize("q2", POINTS)
@pytest.mark.parametrize("masses", [(M_MU, M_TAU), (M_E, M_MU), (M_TAU, M_E)])
def test_the_difference_is_that_of_two_integrals(q2: float, masses: tuple[float, float]) -> None:
    with mp.workdps(30):
        first, second = (mp.mpf(m) ** 2 for m in masses)
        logarithm = mp.log(first / second)

        def integrand(x: mp.mpf) -> mp.mpf:
            w = x * (1 - x)
            return 6 * w * mp.log(abs((first - w * q2) / (second - w * q2)))

        nodes, imaginary = {mp.mpf(0), mp.mpf("0.5"), mp.mpf(1)}, mp.mpf(0)
        for square, sign in ((first, -1), (second, 1)):
            if q2 > 4 * square:
                beta = mp.sqrt(1 - 4 * square / q2)
                nodes |= {(1 - beta) / 2, (1 + beta) / 2}
                imaginary += sign * mp.pi * beta * (1 + 2 * square / q2)
        expected = complex(mp.quad(integrand, sorted(nodes)), imaginary)
        assert abs(logarithm) > 1
    # 1e-8 GeV^2 and more: heavy cancellation, which the code avoids
    assert complex(polarisation_difference(q2, *masses)) == pytest.approx(
        expected, rel=1e-11, abs=0.0
    )


@pytest.mark.parametrize("q2", [-100.0, -0.3, -1e-3, 1e-3, 0.03])
def test_the_dispersion_relation(q2: float) -> None:
    # P(q^2) = -q^2 int ds beta (1 + 2m^2/s) / [s (s - q^2)]: the spectral function is the width of
    # a vector into the pair, a positive quantity. With s = 4m^2/u
    def integrand(u: float) -> float:
        return math.sqrt(1 - u) * (1 + u / 2) / (THRESHOLD - u * q2)

    expected = -q2 * quad(integrand, 0, 1, epsabs=0, epsrel=1e-11)[0]
    assert complex(polarisation(q2, M_MU)) == pytest.approx(expected, rel=1e-9, abs=0.0)


@pytest.mark.parametrize("q2", [THRESHOLD * 1.5, 1.0, 30.0])
def test_the_imaginary_part_is_that_of_the_width(q2: float) -> None:
    beta = math.sqrt(1 - THRESHOLD / q2)
    expected = -math.pi * beta * (1 + 2 * M_MU**2 / q2)
    assert complex(polarisation(q2, M_MU)).imag == pytest.approx(expected, rel=1e-13, abs=0.0)


def test_the_leptonic_running_of_alpha_at_the_z() -> None:
    # one loop, M. Steinhauser, Phys. Lett. B 429 (1998) 158: 314.19e-4 at M_Z = 91.187 GeV;
    # positive: the charge grows with the momentum
    total = sum(complex(polarisation(91.187**2, m)).real for m in (M_E, M_MU, M_TAU))
    assert total / (3 * math.pi * 137.036) == pytest.approx(314.19e-4, rel=2e-5, abs=0.0)


def test_limits() -> None:
    assert complex(polarisation(0.0, M_MU)) == 0
    small = complex(polarisation(-1e-7, M_MU)).real
    assert small == pytest.approx(1e-7 / (5 * M_MU**2), rel=1e-5, abs=0.0)
    large = complex(polarisation(-1e10, M_MU)).real
    assert large == pytest.approx(math.log(1e10 / M_MU**2) - 5 / 3, rel=1e-12, abs=0.0)
    above = complex(polarisation(1e10, M_MU))
    assert above == pytest.approx(
        math.log(1e10 / M_MU**2) - 5 / 3 - 1j * math.pi, rel=1e-11, abs=0.0
    )
    # on threshold: y = 1, P = -8/3
    assert complex(polarisation(4.0, 1.0)) == pytest.approx(-8 / 3, rel=1e-14, abs=0.0)


@given(st.floats(1e4, 1e12), st.floats(0.5, 2.0))
def test_far_above_both_masses_the_difference_falls_as_the_inverse_square(
    q2: float, mass: float
) -> None:
    # -6 (m1^2 - m2^2)/q^2; the next order is m^4 ln(q^2)/q^4
    for sign in (-1, 1):
        found = complex(polarisation_difference(sign * q2, mass, 0.1))
        leading = -6 * (mass**2 - 0.01) / (sign * q2)
        assert found.real == pytest.approx(leading, rel=300 / q2 * math.log(q2), abs=0.0)


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 10), st.floats(1e-3, 10), st.floats(0.1, 10))
def test_only_ratios_count_and_exchange_changes_the_sign(
    q2: float, mass1: float, mass2: float, unit: float
) -> None:
    found = complex(polarisation_difference(q2, mass1, mass2))
    assert complex(polarisation_difference(q2, mass2, mass1)) == pytest.approx(-found, abs=1e-13)
    scaled = polarisation_difference(q2 * unit**2, mass1 * unit, mass2 * unit)
    # a threshold may be crossed by rounding: the root of the distance of 1e-16
    assert complex(scaled) == pytest.approx(found, rel=1e-7, abs=1e-7)


def test_the_sign_of_the_mixing_is_that_of_the_running_charge() -> None:
    # Let the new boson be a copy of the photon, e' = e, with a heavy regulator of charge -e. Then
    # its coupling to a fermion at q^2 is its charge at q^2: e(q^2) = e [1 + (alpha/3pi) P] > e.
    for q2 in (-1e-4, -0.1, -10.0):
        heavy = 1e9
        at_q2, at_zero = (complex(opposite_pair_mixing(q, M_E, heavy, E)) for q in (q2, 0.0))
        growth = complex(polarisation(q2, M_E)).real / (3 * math.pi * 137.035999177)
        assert growth > 0
        assert (at_q2 - at_zero).real == pytest.approx(growth, rel=1e-9, abs=0.0)


def test_m2_the_mixing_at_zero_momentum() -> None:
    # S0 eq. 6 (8/3) e e_mu/(16 pi^2) ln(m_tau/m_mu) = 1.43e-2 e_mu
    expected = 8 / 3 * E / (16 * math.pi**2) * math.log(M_TAU / M_MU)
    found = complex(opposite_pair_mixing(0.0, M_TAU, M_MU, 1.0))
    assert found == pytest.approx(expected, rel=1e-12, abs=0.0)
    assert found.real == pytest.approx(1.443e-2, abs=5e-6)


def test_a_real_number_for_a_complex_mixing() -> None:
    found = real_mixing([3 + 4j, -3 - 4j, -2.0, 0.0])
    np.testing.assert_allclose(found, [5, -5, -2, 0])


def test_arrays_broadcast() -> None:
    q2 = np.array([-1.0, 0.0, 1e-3, 1.0])
    found = polarisation_difference(q2[:, None], M_MU, [M_TAU, M_E])
    assert found.shape == (4, 2)
    for i, j in np.ndindex(4, 2):
        one = polarisation_difference(q2[i], M_MU, (M_TAU, M_E)[j])
        assert complex(found[i, j]) == complex(one)


@pytest.mark.parametrize(("q2", "mass"), [(np.nan, 1.0), (1.0, 0.0), (1.0, -1.0), (1.0, np.inf)])
def test_bad_values_are_refused(q2: float, mass: float) -> None:
    with pytest.raises(InputError, match=r"q2 must be finite|mass in the loop"):
        polarisation(q2, mass)
