"""The exclusive channels against hazma's own widths, resonance data and low-energy theorems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import (
    ALPHA,
    GEV_M2_TO_PB,
    HBARC_GEV_FM,
    NEUTRAL_PION_MASS,
    PION_MASS,
)
from darkbeam.decays.hadrons.exclusive import (
    EXCLUSIVE_CHANNELS,
    TABLE_END,
    _table,
    exclusive_ratios,
)

REFERENCE = Path(__file__).parents[2] / "reference"
PHOTON = (2.0 / 3.0, -1.0 / 3.0, -1.0 / 3.0)
couplings = st.tuples(*(3 * [st.floats(-2.0, 2.0)]))


def hazma_rows() -> list[tuple[str, float, float, float, float, float]]:
    lines = (REFERENCE / "hazma_vector_widths.csv").read_text().splitlines()
    rows = [line.split(",") for line in lines if not line.startswith(("#", "channel"))]
    return [(row[0], *(float(x) for x in row[1:])) for row in rows]  # type: ignore[misc]


@pytest.mark.parametrize("channel", sorted({row[0] for row in hazma_rows()}))
def test_unchanged_channels_are_those_of_hazma_at_random_couplings(channel: str) -> None:
    """Its own integration and no quadratic form: 0.5 % (its Monte Carlo, our interpolation).

    Where the three currents cancel, the interpolation is good to 0.2 % of the sum of the squares.
    """
    for name, mass, up, down, strange, width in hazma_rows():
        if name != channel:
            continue
        found = exclusive_ratios(mass, up, down, strange)[channel] * mass / (12.0 * np.pi)
        single = sum(
            exclusive_ratios(mass, *g)[channel] * mass / (12.0 * np.pi)
            for g in (
                ((up - down) / 2, (down - up) / 2, 0.0),
                ((up + down) / 2, (up + down) / 2, 0.0),
                (0.0, 0.0, strange),
            )
        )
        assert found == pytest.approx(width, rel=5e-3, abs=2e-3 * float(single)), (mass, up)


# B(V -> e e) and B(V -> f) of the Review of Particle Physics.
PEAKS = [
    ("pi_pi_pi0", 0.78266, 7.38e-5 * 0.892, 0.08),
    ("pi0_gamma", 0.78266, 7.38e-5 * 0.0835, 0.12),
    ("K_K", 1.01946, 2.979e-4 * 0.491, 0.08),
    ("K0_K0", 1.01946, 2.979e-4 * 0.339, 0.06),
    ("pi_pi_pi0", 1.01946, 2.979e-4 * 0.154, 0.08),
    ("eta_gamma", 1.01946, 2.979e-4 * 0.01301, 0.06),
    ("pi0_gamma", 1.01946, 2.979e-4 * 1.32e-3, 0.12),
]


@pytest.mark.parametrize(("channel", "mass", "product", "tolerance"), PEAKS)
def test_peaks_of_omega_and_phi(
    channel: str, mass: float, product: float, tolerance: float
) -> None:
    """R at the pole is 9 B_ee B_f / alpha^2; the rest of the amplitude adds up to ten per cent."""
    expected = 9.0 * product / ALPHA**2
    assert exclusive_ratios(mass, *PHOTON)[channel] == pytest.approx(
        expected, rel=tolerance, abs=0.0
    )


def sigma_nb(channel: str, energy: float) -> float:
    muons = 4.0 * np.pi * ALPHA**2 / (3.0 * energy**2) * GEV_M2_TO_PB * 1e-3
    return float(exclusive_ratios(energy, *PHOTON)[channel] * muons)


@pytest.mark.parametrize(
    ("channel", "energy", "measured", "tolerance"),
    [
        # KLOE, CMD-2, SND, BaBar at the rho: 1.3 microbarn.
        ("pi_pi", 0.770, 1300.0, 0.05),
        # BaBar arXiv:1201.5677 and arXiv:1709.01171: 31 to 32 nb dressed at the peaks; the bare
        # cross section is 4 % less. The fit of arXiv:1911.11147 itself is 10 % off there.
        ("pi_pi_pi_pi", 1.48, 30.0, 0.12),
        ("pi_pi_pi0_pi0", 1.48, 31.0, 0.12),
        # BaBar arXiv:0710.4451: K_S K+- pi-+ peaks at 4 nb, so K0 and K0bar at 8.
        ("K_K0_pi", 1.65, 8.0, 0.2),
        # BaBar arXiv:0710.4451, phi eta: 2.5 to 3 nb.
        ("eta_phi", 1.69, 2.7, 0.2),
    ],
)
def test_cross_sections_at_their_maxima(
    channel: str, energy: float, measured: float, tolerance: float
) -> None:
    assert sigma_nb(channel, energy) == pytest.approx(measured, rel=tolerance, abs=0.0)


def test_isospin_of_k_star_k() -> None:
    """K* -> K pi+- is twice K* -> K pi0: charged pions make two thirds of K K pi by K* K.

    The two K* bands interfere constructively for the neutral kaons, and elsewhere not: the more
    the nearer the threshold. 20 % where they are apart. (hazma itself has a quarter of 2.)
    """
    for energy in (1.65, 1.75):
        found = exclusive_ratios(energy, *PHOTON)
        neutral = found["K0_K0_pi0"] + found["K_K_pi0"]
        assert found["K_K0_pi"] / neutral == pytest.approx(2.0, rel=0.20, abs=0.0)


def test_omega_to_two_pions_of_a_baryonic_mediator() -> None:
    """At the omega a pure isoscalar current has pi pi : 3 pi as the omega, 1.53 : 89.2 (RPP)."""
    found = exclusive_ratios(0.7826, 1 / 3, 1 / 3, 1 / 3)
    ratio = float(found["pi_pi"] / found["pi_pi_pi0"])
    assert ratio == pytest.approx(0.0153 / 0.892, rel=0.25, abs=0.0)


def test_isoscalar_current_has_no_isovector_channels() -> None:
    found = exclusive_ratios(np.linspace(0.3, 1.8, 31), 1.0, 1.0, 1.0)
    for channel in ("pi_pi_pi_pi", "pi_pi_pi0_pi0", "eta_pi_pi", "pi0_pi0_gamma", "phi_pi0"):
        assert np.all(found[channel] == 0.0)


def test_pion_photon_at_low_mass_is_the_chiral_anomaly() -> None:
    r"""Gamma = alpha (2 g_u + g_d)^2 m^3 (1 - m_pi^2/m^2)^3 / (384 pi^4 f^2), f = 92.4 MeV.

    Vector mesons enhance it by (1 - m^2/m_rho^2)^-2, a tenth here.
    """
    for mass in (0.14, 0.16, 0.18):
        anomaly = ALPHA / (384.0 * np.pi**4 * 0.0924**2) * mass**3
        anomaly *= (1.0 - (NEUTRAL_PION_MASS / mass) ** 2) ** 3 / (1.0 - mass**2 / 0.6) ** 2
        found = exclusive_ratios(mass, *PHOTON)["pi0_gamma"] * mass / (12.0 * np.pi)
        assert found == pytest.approx(anomaly, rel=0.05, abs=0.0)


def test_two_pions_near_threshold_follow_the_pion_radius() -> None:
    """F = 1 + <r^2> s/6 + c s^2, r = 0.659 fm (RPP), c = 3.85(60)/GeV^4 (hep-ph/9805389)."""
    for mass in (0.285, 0.30, 0.33):
        s = mass**2
        radius2 = (0.659 / HBARC_GEV_FM) ** 2
        form_factor = 1.0 + radius2 * s / 6.0 + 3.85 * s**2
        expected = 0.25 * (1.0 - 4.0 * PION_MASS**2 / s) ** 1.5 * form_factor**2
        found = exclusive_ratios(mass, *PHOTON)["pi_pi"]
        assert found == pytest.approx(expected, rel=0.03, abs=0.0), mass


@given(g=couplings, scale=st.floats(-3.0, 3.0), mass=st.floats(0.1, TABLE_END))
def test_widths_are_positive_and_quadratic_in_the_couplings(
    g: tuple[float, float, float], scale: float, mass: float
) -> None:
    one = exclusive_ratios(mass, *g)
    scaled = exclusive_ratios(mass, *(scale * x for x in g))
    for channel in EXCLUSIVE_CHANNELS:
        assert one[channel] >= 0.0
        assert scaled[channel] == pytest.approx(scale**2 * one[channel], rel=1e-9, abs=1e-15)


def test_parallelogram_law() -> None:
    """A quadratic form and nothing else: Q(g + h) + Q(g - h) = 2 Q(g) + 2 Q(h)."""
    mass = np.linspace(0.3, 1.84, 40)
    g, h = np.array([0.3, -0.8, 0.5]), np.array([0.9, 0.2, -0.4])
    parts = [exclusive_ratios(mass, *x) for x in (g + h, g - h, g, h)]
    for channel in EXCLUSIVE_CHANNELS:
        plus, minus, first, second = (part[channel] for part in parts)
        np.testing.assert_allclose(plus + minus, 2.0 * (first + second), rtol=1e-6, atol=1e-12)


def test_channels_open_at_their_thresholds() -> None:
    for channel, entry in _table().items():
        if channel == "six_pi":
            continue
        edges = np.array([entry.threshold * (1.0 - 1e-6), entry.threshold * 1.02])
        below, above = exclusive_ratios(edges, 0.7, 0.4, 0.5)[channel]
        isovector = exclusive_ratios(edges, 0.5, -0.5, 0.5)[channel][1]
        assert below == 0.0
        assert max(above, isovector) > 0.0


def test_table_is_dense_enough() -> None:
    """Dropping every second mass changes the photon's width by four times the error: < 0.8 %."""
    for channel, entry in _table().items():
        total = entry.ratio.sum(axis=1)
        coarse = np.interp(entry.mass[1:-1:2], entry.mass[::2], total[::2])
        error = np.abs(coarse - total[1:-1:2]) / np.abs(entry.ratio[1:-1:2]).sum(axis=1)
        assert np.quantile(error, 0.99) < 8e-3, channel


def test_broadcasts() -> None:
    found = exclusive_ratios(np.array([[0.7], [1.2]]), np.array([0.1, 0.2, 0.3]), 0.0, 0.0)
    assert {array.shape for array in found.values()} == {(2, 3)}
