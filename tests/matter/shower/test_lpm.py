"""Migdal's functions: limits, asymptotics, an independent sum."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.matter import material
from darkbeam.matter.shower.lpm import (
    lpm_energy,
    lpm_suppression,
    migdal_functions,
    migdal_xi,
)


def test_energy_of_lead_and_its_constant() -> None:
    # Review of Particle Physics: 4.3 TeV in lead, 7.7 TeV per cm.
    assert lpm_energy(material("Pb").radiation_length_cm) == pytest.approx(4.3e3, rel=5e-3, abs=0.0)
    assert lpm_energy(1.0) == pytest.approx(7.7e3, rel=3e-3, abs=0.0)


@pytest.mark.parametrize("s", [0.02, 0.1, 0.5, 1.0, 3.0])
def test_functions_are_migdals_sums(s: float) -> None:
    k = np.arange(0, 400_000)
    g_sum = np.sum(1.0 / ((k + s + 0.5) ** 2 + s * s)) + 1.0 / (k[-1] + 1 + s)
    phi_sum = np.sum(1.0 / ((k[1:] + s) ** 2 + s * s)) + 1.0 / (k[-1] + 0.5 + s)
    g, phi = migdal_functions(s)
    assert float(g) == pytest.approx(12.0 * pi * s**2 - 48.0 * s**3 * g_sum, rel=1e-6, abs=0.0)
    assert float(phi) == pytest.approx(
        6.0 * s * (1.0 - pi * s) + 24.0 * s**3 * phi_sum, rel=1e-6, abs=0.0
    )


def test_limits() -> None:
    g, phi = migdal_functions([1e-6, 1e3])
    assert phi[0] == pytest.approx(
        6e-6, rel=1e-5, abs=0.0
    )  # Klein 1999: phi -> 6 s, G -> 12 pi s^2
    assert g[0] == pytest.approx(12.0 * pi * 1e-12, rel=1e-4, abs=0.0)
    assert g[1] == pytest.approx(1.0, abs=1e-12)
    assert phi[1] == pytest.approx(1.0, abs=1e-12)
    assert migdal_xi(1e-9, 82.0) == pytest.approx(2.0)
    assert migdal_xi(5.0, 82.0) == pytest.approx(1.0)


@given(st.floats(7.0, 9.0))
def test_series_continues_the_sum(s: float) -> None:
    below = migdal_functions(min(s, 7.999999))
    for got in below:
        assert 0.9999 < float(got) < 1.0


@given(st.floats(1e-4, 50.0), st.sampled_from([6.0, 29.0, 82.0]), st.floats(1.0, 1e3))
def test_suppression_never_enhances(s: float, z: float, dielectric: float) -> None:
    g, phi = lpm_suppression(s, z, dielectric)
    assert 0.0 <= float(g) <= 1.0
    assert 0.0 <= float(phi) <= 1.0
    # Stanev's fit of xi dips by up to 1 % before both reach 1; apart from that both only grow.
    more_g, more_phi = lpm_suppression(1.3 * s, z, dielectric)
    assert float(more_phi) >= float(phi) * (1.0 - 0.0105)
    assert float(more_g) >= float(g) * (1.0 - 0.0105)


def test_strong_suppression_is_klein_s_square_root() -> None:
    # S = 3 sqrt(k E_LPM / E^2) for soft photons: Klein 1999, eq. (83), the same as q-hat theory.
    e_lpm, e, k = 4.3e3, 1e8, 1e-3
    _, xi_phi = lpm_suppression(np.sqrt(e_lpm * k / (8.0 * e * e)), 82.0)
    assert float(xi_phi) == pytest.approx(3.0 * np.sqrt(k * e_lpm) / e, rel=2e-3, abs=0.0)


def test_dielectric_limit() -> None:
    # Without multiple scattering Ter-Mikaelian's factor 1/Gamma alone is left.
    _, xi_phi = lpm_suppression(1e6, 82.0, 25.0)
    assert float(xi_phi) == pytest.approx(1.0 / 25.0)
