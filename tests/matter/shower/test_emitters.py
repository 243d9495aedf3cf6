"""The table of emitters: paths, directions, depths."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.errors import InputError
from darkbeam.matter.shower import simulate_shower
from darkbeam.matter.shower.emitters import emitter_table, real_depth_m
from darkbeam.matter.targets import LayeredMaterial

EDGES = np.array([1.0, 2.0, 4.0, 8.0, 14.0, 18.0, 19.6, 20.0])


@pytest.fixture(scope="module")
def lead():
    return emitter_table("Pb", 20.0, EDGES, n_showers=8000, seed=2)


def test_paths_are_those_of_the_shower(lead):
    """Another kernel's scoring, other random numbers."""
    shower = simulate_shower("Pb", 20.0, threshold=1.0, n_showers=8000, seed=9, energy_bins=EDGES)
    both = shower.electron_x0 + shower.positron_x0
    error = np.hypot(shower.electron_err, shower.positron_err)
    assert np.all(np.abs(lead.path_x0[0, 0] - both) < 4.0 * np.hypot(lead.path_err[0, 0], error))
    apart = np.abs(lead.path_x0[0, 1] - shower.positron_x0)
    assert np.all(apart <= 4.0 * np.hypot(lead.path_err[0, 1], shower.positron_err))


def test_stated_error_is_the_scatter_of_seeds():
    totals, stated = [], []
    for seed in range(12):
        table = emitter_table("Pb", 20.0, [5.0, 20.0], n_showers=500, seed=seed)
        totals.append(table.path_x0[0, 0, 0])
        stated.append(table.path_err[0, 0, 0])
    # twelve seeds know their standard deviation to 20 %
    assert np.std(totals, ddof=1) == pytest.approx(np.mean(stated), rel=0.6)


def test_points_lie_in_their_bin_and_in_order(lead):
    energy = lead.energy[0, 0].reshape(EDGES.size - 1, -1)
    assert np.all((energy >= EDGES[:-1, None]) & (energy <= EDGES[1:, None]))
    assert np.all(np.diff(lead.depth_m[:, 0].mean(axis=3), axis=2) > 0.0)
    assert np.all(np.diff(lead.one_minus_cos, axis=4) >= 0.0)


def test_primaries_scatter_as_rossi_says(lead):
    """20 GeV electrons that have lost little: <theta^2> = (E_s/E)^2 z, with its 10 % of a tail."""
    angle2 = 2.0 * lead.one_minus_cos[0, 0, -1]
    depth_x0 = lead.depth_m[0, 0, -1] / 0.005612
    # the median of a Gaussian is ln 2 of its mean; the tails take 10 to 20 % from the core
    expected = np.log(2.0) * (0.0212 / 20.0) ** 2 * depth_x0.mean(axis=1)
    assert np.all(np.median(angle2, axis=1) < 1.1 * expected)
    assert np.median(angle2, axis=1).sum() == pytest.approx(0.75 * expected.sum(), rel=0.15)


def test_first_radiation_length_holds_the_beam(lead):
    """Electrons above 0.98 of the beam's energy: the share that lost less is 0.02^(4z/3).

    Bethe and Heitler (PDG 34.5.1): mean depth 1/(4/3 ln 50) = 0.19 X0.
    """
    assert lead.depth_m[0, 0, -1].mean() / 0.005612 == pytest.approx(0.19, rel=0.1)


def test_foil():
    """A thousandth of a radiation length: its path, all at the beam's energy, all depths alike."""
    foil = LayeredMaterial([("W", 3.504e-3)])
    table = emitter_table(foil, 10.0, [1.0, 9.0, 9.99, 10.0], n_showers=2000)
    assert table.path_x0[0, 0].sum() == pytest.approx(foil.total_depth_x0, rel=0.01)
    assert table.path_x0[0, 0, -1] > 0.98 * foil.total_depth_x0
    depth = table.depth_m[0, 0, -1]
    assert depth.mean() == pytest.approx(0.5 * 3.504e-6, rel=0.05)  # 2000 points: 1.3 %
    assert depth.max() <= 3.504e-6
    rms = np.sqrt(2.0 * np.mean(table.one_minus_cos[0, 0, -1]))
    assert 0.2e-5 < rms < 0.0212 / 10.0 * np.sqrt(1e-3)


def test_layers_keep_their_own_depth():
    """Behind tungsten, aluminium: depths in metres lie where the material does."""
    stack = LayeredMaterial([("W", 3.5), ("Al", 20.0)])
    table = emitter_table(stack, 10.0, [2.0, 10.0], n_showers=1000)
    assert table.materials == ("W", "Al")
    assert table.depth_m[0].max() <= 3.5e-3
    assert table.depth_m[1, 0].min() >= 3.5e-3
    assert table.depth_m[1, 0].max() <= 23.5e-3
    assert real_depth_m(stack, stack.total_depth_x0) == pytest.approx(23.5e-3)
    assert real_depth_m(stack, 0.5 * 3.5 / 3.504) == pytest.approx(1.75e-3, rel=0.01)


def test_threads_do_not_change_it():
    one = emitter_table("W", 10.0, [1.0, 5.0, 10.0], n_showers=400, threads=1)
    two = emitter_table("W", 10.0, [1.0, 5.0, 10.0], n_showers=400, threads=2)
    assert np.array_equal(one.one_minus_cos, two.one_minus_cos)
    assert np.array_equal(one.path_x0, two.path_x0)


def test_edges_must_reach_the_beam():
    with pytest.raises(InputError, match="reach the energy of the beam"):
        emitter_table("W", 10.0, [1.0, 9.0], n_showers=10)
