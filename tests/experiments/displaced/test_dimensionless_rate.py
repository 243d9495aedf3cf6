"""The recipe of Coy and Xu (S2 sec. 3) against its own equations and quoted numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar

from darkbeam.constants import ALPHA, MUON_MASS, TAU_MASS
from darkbeam.errors import InputError, UnknownNameError
from darkbeam.experiments.displaced.dimensionless_rate import (
    DUMPS,
    SHIP_ANCHOR,
    dimensionless_rate,
    dump,
    excluded_regions,
    length_parameter,
    model_rate,
    normalised_level,
    two_channel_rate,
)
from darkbeam.experiments.displaced.recipe_regions import ScalingRate
from darkbeam.models import DarkPhoton, MuonicZPrime

SHIP = DUMPS["SHiP"]


def test_length_parameters_of_ship_by_hand():
    # 60 m = 60/1.97327e-16 GeV^-1; 0.01 GeV^2/(12 pi 200 GeV)
    expected = 60 / 1.973269804e-16 * 0.01 / (12 * np.pi * 200)
    assert length_parameter(60.0, 0.1, 200.0) == pytest.approx(expected, rel=1e-9)


@given(
    g_e=st.floats(1e-9, 1e-4),
    ratio=st.floats(0.0, 1e3),
    mass=st.floats(0.01, 0.2),
    momentum=st.floats(10.0, 400.0),
)
def test_eq_3_8_is_eq_3_7_with_massless_widths(g_e, ratio, mass, momentum):
    # eqs. 3.5, 3.6: m/(12 pi) (g_nu^2/2 + g_e^2)
    visible, invisible = (mass / (12 * np.pi) * g**2 for g in (g_e, ratio * g_e / np.sqrt(2)))
    general = dimensionless_rate(g_e, visible, invisible, mass, momentum, 60.0, 50.0)
    special = two_channel_rate(g_e, ratio * g_e, mass, momentum, 60.0, 50.0)
    if special > 1e-200:
        assert special == pytest.approx(general, rel=1e-9)


def test_rates_of_models_are_those_of_two_channels_below_the_muons():
    g = 1e-7
    model = MuonicZPrime(mass=0.1, g=g, nu_ratio=0.2, mixing="constant")
    table = model.couplings()
    special = two_channel_rate(table.vector("e"), 0.2 * g, 0.1, 200.0, 60.0, 50.0)
    # masses of electrons: 1 - O(m_e^4/m^4)
    assert model_rate(model, SHIP) == pytest.approx(float(special), rel=1e-6)
    # g_p = -g_e (S2 below fig. 3.2)
    assert model_rate(model, SHIP, produced_by="e") == pytest.approx(model_rate(model, SHIP))


def test_long_lifetimes_go_with_the_fourth_power_of_the_coupling_and_the_length():
    small = two_channel_rate(1e-10, 0.0, 0.1, 200.0, 60.0, 50.0)
    assert small == pytest.approx(1e-40 * length_parameter(50.0, 0.1, 200.0), rel=1e-6)
    assert two_channel_rate(0.0, 0.0, 0.1, 200.0, 60.0, 50.0) == 0.0


def test_s2_levels_of_ship_for_three_momenta():
    # S2 sec. 3.3: R-bar = (0.5, 0.75, 1.5)e-20 for three momenta of which the second is 200 GeV.
    # At its lower edge R-bar is g^4 lambda_dec, so it goes as 1/p: 300, 200 and 100 GeV.
    levels = np.array([normalised_level(SHIP, momentum=p) for p in (300.0, 200.0, 100.0)])
    np.testing.assert_allclose(levels / levels[1], np.array([0.5, 0.75, 1.5]) / 0.75, rtol=1e-3)
    # The size is 2.19e-20 at 200 GeV, by hand from eqs. 3.8, 3.9; S2 has 0.75e-20.
    g4 = (4 * np.pi * ALPHA) ** 2 * 5.28e-8**4
    by_hand = g4 * 50 / 1.973269804e-16 * 0.01 / (12 * np.pi * 200)
    assert levels[1] == pytest.approx(by_hand, rel=3e-4)  # exp(-lambda_sh g^2) = 1 - 1e-4
    assert levels[1] / 0.75e-20 == pytest.approx(2.93, abs=0.01)


@pytest.mark.parametrize("momentum", [100.0, 200.0, 300.0])
def test_s2_the_contour_starts_at_the_published_lower_edge(momentum):
    # epsilon = 5.28e-8 at 100 MeV, found again as a root far from the point
    mass, epsilon = SHIP_ANCHOR
    level = float(normalised_level(SHIP, momentum=momentum))

    def above(log_epsilon):
        photon = DarkPhoton(mass=mass, epsilon=10**log_epsilon, dark_matter=None)
        return np.log(float(model_rate(photon, SHIP, momentum=momentum)) / level)

    lower = brentq(above, -10.0, -6.5)
    assert 10**lower == pytest.approx(epsilon, rel=1e-9)
    upper = 10 ** brentq(above, -6.5, -4.4)
    # eq. 3.8 solved for the large g^2 by iteration
    shield = 60 / 1.973269804e-16 * mass**2 / (12 * np.pi * momentum)
    g2 = 1e-11
    for _ in range(100):
        g2 = np.log(g2 / level * -np.expm1(-shield * 50 / 60 * g2)) / shield
    assert upper == pytest.approx(np.sqrt(g2 / (4 * np.pi * ALPHA)), rel=1e-3)


def test_s2_f3_1_couplings_to_neutrinos_lower_the_upper_edge_and_hardly_the_lower():
    g = np.geomspace(1e-9, 1e-4, 6000)

    def edges(ratio):
        above = g[two_channel_rate(g, ratio * g, 0.1, 200.0, 60.0, 50.0) > 1e-19]
        return (above[0], above[-1]) if above.size else None

    free, ten = edges(0.0), edges(10.0)
    # long-lived: Gamma cancels against the branching fraction
    assert ten[0] == pytest.approx(free[0], rel=0.02)
    assert ten[1] < 0.2 * free[1]
    assert edges(1e4) is None


def test_s2_two_separate_regions_at_twice_the_coupling_to_neutrinos():
    # Below the muons' threshold R-bar has a maximum of r^2 0.238/lambda_sh in g, r the visible
    # fraction; it is above the level at low masses alone, and again above 2 m_mu.
    def reaches(mass, level):
        model = MuonicZPrime(
            mass=mass, g=np.geomspace(1e-8, 1e-3, 2000), nu_ratio=2.0, mixing="constant"
        )
        return bool(np.max(model_rate(model, SHIP)) > level)

    for level in (0.75e-20, float(normalised_level(SHIP))):
        found = [reaches(mass, level) for mass in (0.004, 0.05, 0.1, 0.2, 0.22, 0.3)]
        assert found == [True, False, False, False, True, True]
    # With a cross section that does not depend on the mass the first region ends at 8.5 MeV
    # (S2 says 80 MeV): r = 2 (g_e/g_nu)^2 = 9.55e-6.
    assert reaches(0.0083, 0.75e-20)
    assert not reaches(0.0087, 0.75e-20)


def test_the_relative_cross_section_multiplies():
    model = DarkPhoton(mass=[0.1, 0.3], epsilon=1e-7, dark_matter=None)
    plain = model_rate(model, SHIP)
    np.testing.assert_allclose(
        model_rate(model, SHIP, relative_cross_section=[1.0, 0.2]), plain * [1.0, 0.2]
    )


def test_s2_table_1():
    assert {d.name: (d.shield, d.decay, d.momentum) for d in DUMPS.values()} == {
        "SHiP": (60.0, 50.0, 200.0),
        "SeaQuest": (5.0, 1.0, 60.0),
        "FASER": (480.0, 15.0, 3500.0),
    }
    assert dump("FASER") is DUMPS["FASER"]


def test_what_is_refused():
    with pytest.raises(UnknownNameError, match="did you mean 'SHiP'"):
        dump("ship")
    with pytest.raises(InputError, match="produced_by"):
        model_rate(DarkPhoton(mass=0.1), SHIP, produced_by="n")
    with pytest.raises(InputError, match="momentum"):
        dimensionless_rate(1e-6, 1e-15, 0.0, 0.1, 0.0, 60.0, 50.0)


def muonic_rate(nu_ratio):
    """Return R-bar in SHiP of S2's Z' by coupling and mass."""
    return ScalingRate(MuonicZPrime(mass=0.1, nu_ratio=nu_ratio, mixing="constant"), SHIP)


def highest_of_two_channels(nu_ratio, mass):
    """Return the largest R-bar of any coupling below the muons' threshold, by eqs. 3.8, 3.9.

    With x = lambda_sh G it is r^2 x e^-x (1 - e^-kx)/lambda_sh, k = 50/60, r the visible fraction.
    """
    shape = minimize_scalar(
        lambda x: x * np.exp(-x) * np.expm1(-x * 50 / 60), bounds=(0.0, 10.0), method="bounded"
    )
    g_e = ALPHA / (3 * np.pi) * np.log(TAU_MASS**2 / MUON_MASS**2)  # eq. 2.12
    visible = g_e**2 / (g_e**2 + nu_ratio**2 / 2)
    shield = 60 / 1.973269804e-16 * mass**2 / (12 * np.pi * 200.0)
    return -shape.fun * visible**2 / shield


@pytest.mark.parametrize(("level", "end"), [(0.75e-20, 8.5e-3), (2.197e-20, 4.96e-3)])
def test_s2_the_two_regions_at_twice_the_coupling_to_neutrinos_and_their_ends(level, end):
    # S2 sec. 3.3: below 80 MeV and above 212 MeV. The first ends where the largest R-bar of any
    # coupling falls below the level: eq. 3.15 with a constant cross section says 8.5 MeV at the
    # level as printed, 5 MeV at that of the point of SHiP's curve.
    first, second = excluded_regions(muonic_rate(2.0), level, np.geomspace(1.5e-3, 5.0, 40))
    last = brentq(lambda m: np.log(highest_of_two_channels(2.0, m) / level), 2e-3, 0.05)
    assert first.mass[-1] == pytest.approx(last, rel=2e-3)
    assert last == pytest.approx(end, rel=0.01)
    assert second.mass[0] == pytest.approx(2 * MUON_MASS, rel=2e-3)
    assert highest_of_two_channels(2.0, 0.08) < 0.02 * level  # what S2 says is inside


@pytest.mark.parametrize("ratio", [0.0, 0.01, 0.2])
def test_s2_f3_2_smaller_couplings_to_neutrinos_leave_one_region(ratio):
    regions = excluded_regions(muonic_rate(ratio), 2.197e-20, np.geomspace(1.1e-3, 5.0, 30))
    assert len(regions) == 1


@given(log_g=st.floats(-17.0, -5.0), log_mass=st.floats(-6.5, 1.0))
@settings(max_examples=60, deadline=None)
def test_regions_hold_what_is_above_the_level_and_nothing_else(log_g, log_mass):
    # point by point, without the regions: R-bar itself
    inside = any(
        np.log(r.mass[0]) <= log_mass <= np.log(r.mass[-1])
        and np.interp(log_mass, np.log(r.mass), np.log(r.lower)) < log_g
        and log_g < np.interp(log_mass, np.log(r.mass), np.log(r.upper))
        for r in _regions()
    )
    model = MuonicZPrime(mass=np.exp(log_mass), g=np.exp(log_g), nu_ratio=2.0, mixing="constant")
    value = float(model_rate(model, SHIP))
    # between two masses edges are interpolated: leave a margin in R-bar
    if not 0.3 < value / 2.197e-20 < 3.0:
        assert inside == (value > 2.197e-20)


@cache
def _regions():
    return excluded_regions(muonic_rate(2.0), 2.197e-20, np.geomspace(1.5e-3, 3.0, 200))


def test_a_level_of_zero_is_refused():
    with pytest.raises(InputError, match=r"level = 0\.0: must be above 0"):
        excluded_regions(muonic_rate(0.0), 0.0, [0.1, 0.2])
