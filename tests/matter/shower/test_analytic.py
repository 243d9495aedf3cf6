"""Analytic approximations: their own sums and limits, and the simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma

from darkbeam.errors import InputError
from darkbeam.matter.shower import simulate_shower
from darkbeam.matter.shower.analytic import (
    critical_energy,
    rossi_total_track_length,
    rossi_track_length_above,
    rossi_track_length_spectrum,
    shower_maximum_x0,
    tsai_whitis_electrons,
    tsai_whitis_photons,
    tsai_whitis_track_length_spectrum,
)


# The Review's tables, MeV; its fit is good to about 4 %.
@pytest.mark.parametrize(
    ("name", "mev"), [("Pb", 7.43), ("W", 7.97), ("Fe", 21.68), ("C", 81.74), ("Cu", 19.42)]
)
def test_critical_energies(name: str, mev: float) -> None:
    assert critical_energy(name) * 1e3 == pytest.approx(mev, rel=0.045, abs=0.0)


@given(st.floats(0.1, 20.0), st.floats(0.01, 0.99))
def test_first_generation_is_a_gamma_distribution(depth: float, share: float) -> None:
    # Heitler: ln(E0/E) after t radiation lengths has the gamma distribution of shape 4t/3.
    value = tsai_whitis_electrons(share * 30.0, 30.0, depth, generations=1)
    expected = gamma.pdf(-np.log(share), 4.0 * depth / 3.0)
    assert float(value) * share * 30.0 == pytest.approx(expected, rel=1e-9, abs=0.0)


def test_photons_start_as_radiation_does() -> None:
    # A thin target: t / k.
    assert float(tsai_whitis_photons(3.0, 10.0, 1e-4)) == pytest.approx(
        1e-4 / 3.0, rel=1e-3, abs=0.0
    )
    # The removable singularity where 4/3 ln(1 - u) = -7/9.
    u = 1.0 - np.exp(-7.0 / 12.0)
    around = [float(tsai_whitis_photons(u * f, 1.0, 2.0)) for f in (1 - 1e-5, 1.0, 1 + 1e-5)]
    assert around[1] == pytest.approx(0.5 * (around[0] + around[2]), rel=1e-6, abs=0.0)


def test_second_generation_adds_pairs() -> None:
    e = np.array([1.0, 5.0, 15.0, 19.0])
    one = tsai_whitis_electrons(e, 20.0, 2.0, generations=1)
    two = tsai_whitis_electrons(e, 20.0, 2.0)
    assert np.all(two > one)
    # Thin target: 14/9 t^2/2 (1/E - 1/E0) / ... pairs of photons t'/k, before any loss.
    t = 1e-3
    extra = tsai_whitis_electrons(5.0, 20.0, t) - tsai_whitis_electrons(5.0, 20.0, t, generations=1)
    assert float(extra) == pytest.approx(
        7.0 / 9.0 * t**2 * (1.0 / 5.0 - 1.0 / 20.0), rel=0.01, abs=0.0
    )
    with pytest.raises(InputError, match="generations = 3"):
        tsai_whitis_electrons(e, 20.0, 2.0, generations=3)


def test_near_the_beam_energy_the_first_generation_is_the_shower() -> None:
    edges = np.array([16.0, 18.0, 19.0])
    shower = simulate_shower(
        "Pb", 20.0, n_showers=40_000, energy_bins=edges, lpm=False, threshold=8.0
    )
    for low, high, got in zip(edges[:-1], edges[1:], shower.track_length_x0, strict=True):
        e = np.linspace(low, high, 9)
        spectrum = tsai_whitis_track_length_spectrum(e, 20.0)
        # 1.5 % of statistics, and the approximate spectrum, which loses 8 % too little energy.
        assert np.trapezoid(spectrum, e) == pytest.approx(got, rel=0.07, abs=0.0)


def test_rossi() -> None:
    # Above E: 0.437 E0/E; the simulation's spectrum in the middle agrees.
    integral = quad(lambda e: float(rossi_track_length_spectrum(e, 100.0)), 1.0, np.inf)[0]
    assert integral == pytest.approx(43.7)
    shower = simulate_shower(
        "Pb", 100.0, n_showers=500, energy_bins=np.geomspace(2.0, 8.0, 4), lpm=False
    )
    middle = np.sqrt(shower.energy_edges[1:] * shower.energy_edges[:-1])
    assert shower.track_length_spectrum == pytest.approx(
        rossi_track_length_spectrum(middle, 100.0), rel=0.06, abs=0.0
    )
    assert rossi_total_track_length(10.0, 0.01) == pytest.approx(1000.0)


def test_track_length_above_an_energy() -> None:
    # Its limits: all of approximation B, and approximation A's 0.437 E0/E.
    assert float(rossi_track_length_above(1e-9, 10.0, 0.01)) == pytest.approx(
        1000.0, rel=1e-4, abs=0.0
    )
    assert float(rossi_track_length_above(5.0, 1e3, 1e-3)) == pytest.approx(87.4, rel=2e-3, abs=0.0)
    for threshold in (0.004, 0.02):
        shower = simulate_shower("Pb", 5.0, threshold=threshold, n_showers=300)
        expected = rossi_track_length_above(threshold, 5.0, critical_energy("Pb"))
        assert shower.track_length_x0.sum() == pytest.approx(float(expected), rel=0.1, abs=0.0)


def test_shower_maximum() -> None:
    difference = shower_maximum_x0(10.0, 0.01, particle="gamma") - shower_maximum_x0(10.0, 0.01)
    assert difference == pytest.approx(1.0)
