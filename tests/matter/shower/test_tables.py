"""The tables of the transport kernel against the cross sections they are made of."""

import numpy as np
import pytest

from darkbeam.constants import AVOGADRO, ELECTRON_MASS
from darkbeam.matter import element, material
from darkbeam.matter.shower import tables as tb
from darkbeam.matter.shower.radiation import bremsstrahlung_k_dsigma_dk, pair_total

NODES, WEIGHTS = np.polynomial.legendre.leggauss(400)
CUT = 0.05
MADE = tb.build_tables((material("Pb"), material("polystyrene")), 1.0, 100.0, CUT, lpm=False)


def _moments(kinetic: float) -> tuple[float, float]:
    """Rate and energy of photons above the cut per radiation length of lead, by quadrature."""
    lead = element("Pb")
    span = np.log(kinetic / CUT)
    k = CUT * np.exp(0.5 * (NODES + 1.0) * span)
    density = bremsstrahlung_k_dsigma_dk(lead, kinetic + ELECTRON_MASS, k)
    density *= AVOGADRO / lead.A * lead.radiation_length * 0.5 * span * WEIGHTS
    return float(density.sum()), float((density * k).sum())


def test_shapes_and_grid() -> None:
    n = MADE.energies.size
    assert MADE.rates.shape == (2, n, 11)
    assert MADE.brem.shape == MADE.pair.shape == (2, n, tb.QUANTILES + 1)
    assert np.diff(np.log(MADE.energies)) == pytest.approx(np.log(100.0) / (n - 1))
    assert np.all(MADE.rates >= 0.0)


@pytest.mark.parametrize("i", [0, 17, 40])
def test_brem_rate_and_sampled_energy(i: int) -> None:
    kinetic = float(MADE.energies[i])
    rate, radiated = _moments(kinetic)
    assert MADE.rates[0, i, tb.BREM] == pytest.approx(rate, rel=2e-3, abs=0.0)
    v = MADE.brem[0, i]
    assert v[0] == 0.0
    assert v[-1] == pytest.approx(1.0)
    # Mean of a photon's energy, uniform in its logarithm between the quantiles.
    span = np.log(kinetic / CUT)
    k = CUT * np.exp(v * span)
    mean = np.mean(np.diff(k) / (np.diff(v) * span))
    assert mean * rate == pytest.approx(radiated, rel=3e-3, abs=0.0)


def test_soft_and_hard_radiation_make_the_whole() -> None:
    lead = material("Pb")
    other = tb.build_tables((lead,), 1.0, 100.0, 5.0 * CUT, lpm=False)
    for i in (5, 30):
        kinetic = float(MADE.energies[i])
        hard = _moments(kinetic)[1]
        both = MADE.rates[0, i, tb.LOSS_ELECTRON] + hard
        span = np.log(5.0)
        k = CUT * np.exp(0.5 * (NODES + 1.0) * span)
        item = element("Pb")
        density = bremsstrahlung_k_dsigma_dk(item, kinetic + ELECTRON_MASS, k) * k
        between = np.sum(density * WEIGHTS) * 0.5 * span
        between *= AVOGADRO / item.A * item.radiation_length
        difference = other.rates[0, i, tb.LOSS_ELECTRON] - MADE.rates[0, i, tb.LOSS_ELECTRON]
        # A little more: recoil electrons between the cuts as well, 0.6 MeV per unit of ln(cut).
        assert difference == pytest.approx(between + 1e-3 * span, rel=0.01, abs=0.0)
        assert both > kinetic


def test_pair_rates_of_a_mixture_add_up() -> None:
    medium = material("polystyrene")
    expected = sum(
        AVOGADRO * w / e.A * medium.radiation_length * pair_total(e, MADE.energies)
        for e, w in medium.elements
    )
    assert MADE.rates[1, :, tb.PAIR] == pytest.approx(expected)


def test_suppression_lowers_rates_at_high_energy_only() -> None:
    with_lpm = tb.build_tables((material("Pb"),), 1.0, 100.0, CUT)
    ratio = with_lpm.rates[0, :, tb.BREM] / MADE.rates[0, :, tb.BREM]
    assert ratio[0] == pytest.approx(1.0, abs=2e-3)
    assert 0.7 < ratio[-1] < 0.85
    assert with_lpm.rates[0, :, tb.PAIR] == pytest.approx(
        MADE.rates[0, :, tb.PAIR], rel=5e-3, abs=0.0
    )
