"""Decays of gauge bosons: formulas and quoted numbers of S0 (1801.10448), S1 and S2 (2108.05147).

Ids are those of what the publications contain: M2 L_mu - L_tau, M3 its kin, M6 the muonic Z', M10
X(16.7), O1 widths and lifetimes. Where a publication's number is loose the exact one is tested.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.decays import decay_length_m, widths
from darkbeam.models import X17, BMinusL, DarkPhoton, Leptonic, LMuLTau, MuonicZPrime

ALPHA = 1 / 137.035999177
HBAR = 6.582119569e-25  # GeV s
M_E = 0.51099895e-3  # GeV
G = 4.75e-4  # S0's e_mu for m_Z' << m_mu


def constant(mass: float | np.ndarray, g: float = G) -> LMuLTau:
    return LMuLTau(mass=mass, g=g, mixing="constant")


@pytest.mark.parametrize("mass", [0.0011, 0.01, 0.1, 0.2])
def test_o1_m2_s0_eqs_10_and_11(mass: float) -> None:
    found = widths(constant(mass), warn=False)
    # eq. 10 is the sum of the two flavours, one helicity each: 2 x g^2 m/(24 pi)
    neutrinos = G**2 * mass / (12 * np.pi)
    epsilon = (
        np.sqrt(4 * np.pi * ALPHA) / (6 * np.pi**2) * np.log(1.77693 / 0.1056583755) * G
    )  # eq. 6
    root = np.sqrt(1 - 4 * M_E**2 / mass**2)
    electrons = ALPHA / 3 * epsilon**2 * mass * root * (1 + 2 * M_E**2 / mass**2)
    assert float(found.partial["nu_nu"]) == pytest.approx(neutrinos, rel=1e-12, abs=0.0)
    assert float(found.partial["e_e"]) == pytest.approx(electrons, rel=1e-5, abs=0.0)
    assert float(found.partial["mu_mu"]) == 0.0


def test_o1_m2_branching_fraction_to_electrons() -> None:
    # S0: O(1e-4); its own eqs. 9-11 give 4 pi alpha (0.01443)^2 = 1.9e-5 for 1 to 200 MeV
    found = widths(constant(np.array([0.005, 0.01, 0.05, 0.1, 0.2])), warn=False)
    np.testing.assert_allclose(found.branching("e_e"), 1.91e-5, rtol=5e-3)


def test_o1_m2_lifetimes() -> None:
    # S0: 1e-15 to 1e-13 s between 1 and 200 MeV; 1.1e-13 and 5.5e-16 s
    tau = widths(constant(np.array([0.001, 0.2])), warn=False).tau_s
    assert tau[0] == pytest.approx(1.1e-13, rel=0.02, abs=0.0)
    assert tau[1] == pytest.approx(5.5e-16, rel=0.02, abs=0.0)
    assert tau[0] / tau[1] == pytest.approx(200, rel=1e-3, abs=0.0)
    assert tau[0] == pytest.approx(HBAR * 12 * np.pi / (G**2 * 0.001), rel=1e-4, abs=0.0)


def test_o1_m2_decay_length() -> None:
    # S0: c tau gamma = 150 cm at 1 MeV and 50 GeV; 1.65 m
    assert float(decay_length_m(constant(0.001), energy=50)) == pytest.approx(
        1.65, rel=5e-3, abs=0.0
    )


def test_o1_m2_running_mixing_changes_the_electrons_alone() -> None:
    mass = np.array([0.002, 0.01, 0.1, 0.2])
    running, fixed = widths(LMuLTau(mass=mass, g=G), warn=False), widths(constant(mass), warn=False)
    np.testing.assert_array_equal(running.partial["nu_nu"], fixed.partial["nu_nu"])
    ratio = running.partial["e_e"] / fixed.partial["e_e"]
    # (epsilon(m^2)/epsilon(0))^2, with m^2/(5 m_mu^2)/5.645 to first order
    assert ratio[1] - 1 == pytest.approx(2 * 0.01**2 / (5 * 0.10566**2 * 5.645), rel=0.01, abs=0.0)
    assert np.all(np.diff(ratio) > 0)


@given(st.floats(0.22, 0.27))
def test_o1_m2_above_twice_the_muon_mass_muons_take_a_share(mass: float) -> None:
    found = widths(LMuLTau(mass=mass, g=G, mixing="none"), warn=False)
    r2 = (0.1056583755 / mass) ** 2
    # mu mu : nu nu = (1 + 2 r^2) sqrt(1 - 4 r^2) : 1
    share = (1 + 2 * r2) * np.sqrt(1 - 4 * r2)
    muons = float(found.partial["mu_mu"]) / float(found.partial["nu_nu"])
    assert muons == pytest.approx(share, rel=1e-9, abs=0.0)


@pytest.mark.parametrize("ratio", [0.001, 0.01, 0.1, 1.0])
def test_o1_m6_s2_eqs_3_5_and_3_6(ratio: float) -> None:
    g = 5e-4
    model = MuonicZPrime(mass=0.1, g=g, nu_ratio=ratio, mixing="constant")
    g_e, g_nu = 4.3705e-3 * g, ratio * g
    found = widths(model, warn=False)
    visible = 2 * g_e**2 / (g_nu**2 + 2 * g_e**2)
    assert float(found.branching("visible")) == pytest.approx(visible, rel=2e-4, abs=0.0)
    rate = 0.1 / (12 * np.pi) * (g_nu**2 / 2 + g_e**2)  # electrons as massless: m_e^2/m^2
    assert float(HBAR / found.tau_s) == pytest.approx(rate, rel=2e-4, abs=0.0)


def test_o1_m3_b_minus_l_and_leptonic_at_100_mev() -> None:
    # electrons and three left-handed neutrinos: 1 to 3/2
    for kind in (BMinusL, Leptonic):
        found = widths(kind(mass=0.1, g=1e-4), warn=False)
        assert float(found.branching("invisible")) == pytest.approx(0.6, rel=1e-6, abs=0.0)


@pytest.mark.parametrize("structure", ["vector", "axial", "v-plus-a", "v-minus-a"])
def test_o1_m10_x17_decays_to_electrons(structure: str) -> None:
    found = widths(X17(epsilon=[2e-4, 1.4e-3], structure=structure), warn=False)
    np.testing.assert_array_equal(found.branching("e_e"), 1.0)
    plain = widths(DarkPhoton(mass=0.0167, epsilon=[2e-4, 1.4e-3], dark_matter=None), warn=False)
    np.testing.assert_allclose(found.tau_s, plain.tau_s, rtol=6e-3)  # m_e^2/m_X^2
