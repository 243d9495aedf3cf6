"""The strong coupling and the running of quark masses by independent routes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from darkbeam.decays.strong_coupling import mass_evolution, strong_coupling


def four_loop(alpha: float, start: float, stop: float, n_f: int) -> float:
    """Solve d alpha/d ln mu^2, with the beta function of hep-ph/9701390 in numbers."""
    beta = (
        11.0 - 2.0 / 3.0 * n_f,
        102.0 - 38.0 / 3.0 * n_f,
        1428.50 - 279.611 * n_f + 6.01852 * n_f**2,
        29243.0 - 6946.30 * n_f + 405.089 * n_f**2 + 1.49931 * n_f**3,
    )

    def slope(_: float, a: np.ndarray) -> np.ndarray:
        return -sum(b * a ** (i + 2) for i, b in enumerate(beta))  # type: ignore[return-value]

    span = (2.0 * np.log(start), 2.0 * np.log(stop))
    solution = solve_ivp(slope, span, [alpha / (4.0 * np.pi)], rtol=1e-10, atol=1e-14)
    return float(solution.y[0, -1] * 4.0 * np.pi)


def decoupled(alpha: float, n_light: int) -> float:
    """Drop a flavour at its MS-bar mass, three loops (hep-ph/9706430)."""
    a = alpha / np.pi
    third = 564731.0 / 124416.0 - 82043.0 / 27648.0 * 1.2020569 - 2633.0 / 31104.0 * n_light
    return alpha * (1.0 + 11.0 / 72.0 * a**2 + third * a**3)


def test_coupling_solves_the_renormalisation_group() -> None:
    at_b = four_loop(0.1180, 91.1876, 4.18, 5)
    at_c = four_loop(decoupled(at_b, 4), 4.18, 1.27, 4)
    three = decoupled(at_c, 3)
    for scale in (1.0, 1.2):
        expected = four_loop(three, 1.27, scale, 3)
        assert strong_coupling(scale) == pytest.approx(expected, rel=1e-2, abs=0.0)
    for scale in (1.3, 1.777, 3.0, 4.1):
        expected = four_loop(decoupled(at_b, 4), 4.18, scale, 4)
        assert strong_coupling(scale) == pytest.approx(expected, rel=3e-3, abs=0.0)
    for scale in (4.3, 10.6, 40.0, 300.0):
        expected = four_loop(0.1180, 91.1876, scale, 5)
        assert strong_coupling(scale) == pytest.approx(expected, rel=1e-4, abs=0.0)


def test_coupling_at_the_tau_mass() -> None:
    """RPP 2024, Quantum Chromodynamics: 0.314 +- 0.014 from tau decays, by one of its averages."""
    assert strong_coupling(1.777) == pytest.approx(0.314, abs=0.014)


# CRunDec 3.1 (arXiv:1703.03751) through the Python package rundec 0.7: alpha_s(M_Z) = 0.1180,
# m_b(m_b) = 4.186, m_c(m_c) = 1.273 GeV, four loops, decoupled at the quark masses.


@pytest.mark.parametrize(
    ("scale", "value"),
    [(1.0, 0.47674), (2.0, 0.301517), (3.0, 0.253467), (10.0, 0.178231), (125.0, 0.112636)],
)
def test_strong_coupling(scale, value):
    # Decoupling is two loops here, three there.
    assert strong_coupling(scale) == pytest.approx(value, rel=3e-3, abs=0.0)


def test_running_masses():
    assert 4.186 * mass_evolution(125.0, 4.186) == pytest.approx(2.79329, rel=2e-4, abs=0.0)
    assert 1.273 * mass_evolution(3.0, 1.273) == pytest.approx(0.98782, rel=1.5e-3, abs=0.0)


def test_running_ends():
    assert np.isnan(strong_coupling(0.94))
    assert np.isnan(mass_evolution(2e6, 2.0))
