"""The loop integrals against their closed form in 120 digits, and against known limits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import quad

from darkbeam.constants import FERMI_CONSTANT, MUON_MASS, SIN2_THETA_W, Z_MASS
from darkbeam.errors import InputError
from darkbeam.moments import loops

CONTRIBUTIONS = {
    "vector": loops.vector_contribution,
    "axial": loops.axial_contribution,
    "scalar": loops.scalar_contribution,
    "pseudoscalar": loops.pseudoscalar_contribution,
}


def numerator(kind, x, ratio, squared):
    """P(x) as Leveille and Lindner et al. have it."""
    sign = -1 if kind in ("axial", "pseudoscalar") else 1
    ratio = sign * ratio
    if kind in ("scalar", "pseudoscalar"):
        return x**2 * (1 - x + ratio)
    longitudinal = squared * x**2 * (1 - ratio) ** 2 * (1 - x + ratio)
    return 2 * x * (1 - x) * (x - 2 + 2 * ratio) + longitudinal


def exact(kind, mediator, internal):
    """The integral by partial fractions over the roots of the denominator; unit lepton mass."""
    with mpmath.workdps(120):
        ratio, squared = mpmath.mpf(internal), 1 / mpmath.mpf(mediator) ** 2
        powers = mpmath.taylor(lambda x: numerator(kind, x, ratio, squared), 0, 4)
        b = -(1 + squared - ratio**2 * squared)
        root = mpmath.sqrt(mpmath.mpc(b**2 - 4 * squared))
        first, second = (-b + root) / (2 * squared), (-b - root) / (2 * squared)

        def moment(n, r):  # integral of x^n / (x - r), its principal value for real r
            polynomial = sum(r**k / mpmath.mpf(n - k) for k in range(n))
            ratio_of_ends = (1 - r) / (-r)
            logarithm = mpmath.log(ratio_of_ends if mpmath.im(r) else abs(ratio_of_ends))
            return polynomial + r**n * logarithm

        total = sum(p * (moment(n, first) - moment(n, second)) for n, p in enumerate(powers))
        return mpmath.re(total / (squared * (first - second))) * squared / (8 * mpmath.pi**2)


def points(number, seed):
    """Mass ratios from 1e-6 to 1e6, every third with equal leptons."""
    random = np.random.default_rng(seed)
    mediator = 10.0 ** random.uniform(-6, 6, number)
    internal = np.where(np.arange(number) % 3 == 0, 1.0, 10.0 ** random.uniform(-6, 6, number))
    return mediator, internal


def check(kind, mediator, internal):
    found = CONTRIBUTIONS[kind](mediator, 1.0, internal)
    for i in range(mediator.size):
        expected = exact(kind, float(mediator[i]), float(internal[i]))
        # the scale against which a value that passes through zero is to be judged
        size = max(abs(expected), 1e-3 * abs(exact("scalar", mediator[i], internal[i])))
        error = abs(mpmath.mpf(float(found[i])) - expected)
        assert error < 1e-10 * size, (kind, mediator[i], internal[i], float(error / size))


def grid(step):
    """All pairs of powers of ten, and what lies between the singularities at m_f = M +- m."""
    powers = 10.0 ** np.arange(-6, 7, step)
    mediator, internal = (a.ravel() for a in np.meshgrid(powers, powers))
    large = powers[powers > 1]
    shifts = np.array([-2.0, -0.999, -0.5, 0.3, 0.7, 1.001])
    close = (large[:, None] + shifts).ravel()
    mediator = np.concatenate((mediator, np.repeat(large, shifts.size)))
    return mediator, np.concatenate((internal, close))


def threshold(distances):
    """Masses that leave so much energy when the lepton decays, or lack it."""
    internal = np.array([1e-4, 0.03, 0.2, 0.5, 0.8, 0.999])
    distances = np.outer(np.minimum(internal, 1 - internal), [*distances, *np.negative(distances)])
    return ((1 - internal)[:, None] - distances).ravel(), np.repeat(internal, distances.shape[1])


@pytest.mark.parametrize("kind", CONTRIBUTIONS)
def test_the_integral_holds_ten_digits_over_twelve_decades(kind):
    check(kind, *points(60, seed=5))


@pytest.mark.parametrize("kind", CONTRIBUTIONS)
def test_the_integral_holds_ten_digits_on_a_grid(kind):
    """Equal masses, too: at M = m_f the roots of the denominator lie far out, above 1/2."""
    check(kind, *grid(step=2))


@pytest.mark.parametrize("kind", CONTRIBUTIONS)
def test_the_integral_holds_ten_digits_on_either_side_of_the_threshold(kind):
    check(kind, *threshold([0.3, 1e-3, 1e-6, 1e-9]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", CONTRIBUTIONS)
def test_the_integral_holds_ten_digits_at_very_many_points(kind):
    check(kind, *points(2500, seed=6))
    check(kind, *grid(step=0.5))


def test_at_the_threshold_only_a_p_wave_is_finite():
    """At rest a lepton emits axial vectors and scalars, by parity no vectors and pseudoscalars."""
    mediator, internal = 0.75, 0.25
    for kind in ("vector", "pseudoscalar"):
        at, above, below = (
            float(CONTRIBUTIONS[kind](mediator + shift, 1.0, internal))
            for shift in (0.0, -1e-10, 1e-10)
        )
        assert at == pytest.approx(above, rel=1e-8, abs=0.0)
        assert at == pytest.approx(below, rel=3e-4, abs=0.0)  # goes with the root of the distance
    for kind in ("axial", "scalar"):
        assert np.isnan(CONTRIBUTIONS[kind](mediator, 1.0, internal))
        assert abs(float(CONTRIBUTIONS[kind](mediator + 1e-10, 1.0, internal))) > 1e3


@pytest.mark.parametrize("kind", CONTRIBUTIONS)
@pytest.mark.parametrize(
    ("mediator", "internal"), [(0.3, 1.0), (3.0, 1.0), (2.0, 5e-3), (5.0, 17.0)]
)
def test_the_defining_integral_by_quadrature(kind, mediator, internal):
    squared = 1 / mediator**2

    def integrand(x):
        below = (1 - x) * (1 - squared * x) + internal**2 * squared * x
        return numerator(kind, x, internal, squared) / below

    value, _ = quad(integrand, 0, 1, epsabs=0, epsrel=1e-11, limit=500)
    expected = squared / (8 * math.pi**2) * value
    found = float(CONTRIBUTIONS[kind](mediator * 0.1, 0.1, internal * 0.1))
    assert found == pytest.approx(expected, rel=1e-9, abs=0.0)


def test_schwinger():
    """A massless vector of charge e gives alpha/(2 pi)."""
    assert float(loops.vector_contribution(1e-9, 0.1)) * 4 * math.pi == pytest.approx(
        1 / (2 * math.pi), rel=1e-7, abs=0.0
    )


def test_the_contribution_of_the_z_boson():
    """G_F m^2 / (8 sqrt2 pi^2) [(-1 + 4 s^2)^2 - 5] / 3, hep-ph/0212229: -1.94e-9."""
    g_z = math.sqrt(8 * FERMI_CONSTANT * Z_MASS**2 / math.sqrt(2))
    vector, axial = g_z * (-0.25 + SIN2_THETA_W), g_z * 0.25
    found = vector**2 * loops.vector_contribution(Z_MASS, MUON_MASS)
    found += axial**2 * loops.axial_contribution(Z_MASS, MUON_MASS)
    scale = FERMI_CONSTANT * MUON_MASS**2 / (8 * math.sqrt(2) * math.pi**2)
    expected = scale * ((-1 + 4 * SIN2_THETA_W) ** 2 - 5) / 3
    assert float(found) == pytest.approx(expected, rel=1e-4, abs=0.0)
    assert float(found) == pytest.approx(-1.94e-9, rel=5e-3, abs=0.0)


@given(st.floats(0.5, 200.0))
def test_the_heavy_limits(internal):
    """To leading order in 1/M^2 at fixed m_f: vector 4 m_f/m - 8/3 + ..., axial the negative."""
    mediator = 1e5 * max(internal, 1.0)
    scale = 1 / (mediator**2 * 8 * math.pi**2)
    vector = float(loops.vector_contribution(mediator, 1.0, internal)) / scale
    axial = float(loops.axial_contribution(mediator, 1.0, internal)) / scale
    # integral of 2x(x - 2 +- 2 ratio): 2/3 - 2 +- 2 ratio
    assert vector == pytest.approx(-4 / 3 + 2 * internal, abs=1e-6 * (1 + internal))
    assert axial == pytest.approx(-4 / 3 - 2 * internal, abs=1e-6 * (1 + internal))


@given(st.floats(1e-5, 1e5), st.floats(1e-5, 1e5), st.floats(1e-3, 1e3))
def test_only_ratios_of_masses_count(mediator, internal, unit):
    assume(abs(mediator + internal - 1.0) > 1e-3)
    for contribution in CONTRIBUTIONS.values():
        here = float(contribution(mediator, 1.0, internal))
        there = float(contribution(unit * mediator, unit, unit * internal))
        assert there == pytest.approx(here, rel=1e-7, abs=1e-14 * abs(here))


@pytest.mark.parametrize("kind", CONTRIBUTIONS)
def test_the_real_part_goes_on_where_the_lepton_may_decay_to_the_pair(kind):
    """The dispersive part by a contour that passes above the roots."""
    mediator, internal = 0.3, 0.2
    squared = 1 / mediator**2

    def integrand(angle):
        x = 0.5 * (1 - mpmath.expj(-angle))  # half a circle from 0 to 1
        below = (1 - x) * (1 - squared * x) + internal**2 * squared * x
        slope = 0.5j * mpmath.expj(-angle)
        return mpmath.re(numerator(kind, x, internal, squared) / below * slope)

    expected = mpmath.quad(integrand, [0, mpmath.pi]) * squared / (8 * mpmath.pi**2)
    found = float(CONTRIBUTIONS[kind](mediator, 1.0, internal))
    assert found == pytest.approx(float(expected), rel=1e-10, abs=0.0)


@pytest.mark.parametrize(
    ("masses", "message"),
    [
        ((-1.0, 0.1), "mediator_mass must be finite and > 0"),
        ((1.0, float("nan")), "lepton_mass"),
        ((1.0, 0.1, 0.0), "internal_mass"),
        ((1e9, 0.1), "mediator_mass must be within a factor"),
    ],
)
def test_masses_out_of_range_are_refused(masses, message):
    with pytest.raises(InputError, match=message):
        loops.vector_contribution(*masses)


def test_arrays_broadcast():
    found = loops.scalar_contribution(np.geomspace(0.01, 1, 5)[:, None], 0.1, [0.1, 0.2])
    assert found.shape == (5, 2)
    assert found[3, 1] == loops.scalar_contribution(np.geomspace(0.01, 1, 5)[3], 0.1, 0.2)
