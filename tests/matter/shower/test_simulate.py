"""Showers: accounting, reproducibility, scaling, input."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam.errors import InputError, UnknownNameError
from darkbeam.matter import LayeredMaterial
from darkbeam.matter.shower import default_energy_bins, simulate_shower
from darkbeam.matter.shower.analytic import critical_energy, shower_maximum_x0

ECAL = LayeredMaterial([("Pb", 1.5), ("polystyrene", 1.5)], repeats=150)
ELECTRON = 0.51099895069e-3


@pytest.mark.parametrize("particle", ["e-", "e+", "gamma"])
@pytest.mark.parametrize(
    ("description", "energy", "threshold"),
    [("Pb", 20.0, 1.0), ("W", 2.0, 0.01), (ECAL, 1.0, 0.005), ([("Pb", 20.0)], 5.0, 0.05)],
)
def test_energy_is_conserved_shower_by_shower(
    description: Any, energy: float, threshold: float, particle: str
) -> None:
    shower = simulate_shower(
        description,
        energy,
        particle=particle,
        threshold=threshold,
        n_showers=60,
        event_by_event=True,
    )
    assert shower.event_deposited is not None
    assert shower.event_leaked is not None
    # A positron brings its own mass and that of the electron it meets.
    brought = energy + (2.0 * ELECTRON if particle == "e+" else 0.0)
    assert shower.event_deposited + shower.event_leaked == pytest.approx(
        brought, rel=1e-10, abs=0.0
    )
    assert shower.deposited.sum() <= shower.deposited_mean * (1.0 + 1e-12)


def test_result_does_not_depend_on_threads_or_order() -> None:
    kwargs: dict[str, Any] = {"threshold": 0.2, "n_showers": 333, "seed": 11}
    one = simulate_shower("Pb", 10.0, threads=1, **kwargs)
    two = simulate_shower("Pb", 10.0, threads=2, **kwargs)
    for name in ("electron_x0", "positron_x0", "electron_err", "deposited", "deposited_err"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
    assert one.visible_mean == two.visible_mean
    other = simulate_shower("Pb", 10.0, threshold=0.2, n_showers=333, seed=12)
    assert not np.array_equal(one.electron_x0, other.electron_x0)


def test_a_shower_is_the_same_in_a_longer_run() -> None:
    few = simulate_shower("Pb", 10.0, n_showers=60, event_by_event=True)
    many = simulate_shower("Pb", 10.0, n_showers=170, event_by_event=True)
    assert few.event_electron_x0 is not None
    assert many.event_electron_x0 is not None
    assert np.array_equal(few.event_electron_x0, many.event_electron_x0[:60])


def test_errors_are_those_of_the_mean() -> None:
    shower = simulate_shower("Pb", 10.0, n_showers=400, event_by_event=True)
    each = shower.event_positron_x0
    assert each is not None
    assert shower.positron_x0 == pytest.approx(each.mean(axis=0))
    assert shower.positron_err == pytest.approx(each.std(axis=0, ddof=1) / 20.0, abs=1e-12)


def test_a_beam_electron_below_all_radiation_walks_straight() -> None:
    # In a very thin layer nothing happens but a path of its thickness.
    shower = simulate_shower(
        [("Pb", 1e-4)], 50.0, n_showers=200, energy_bins=[1.0, 25.0, 50.0], lpm=False
    )
    thickness = shower.target.total_depth_x0
    assert shower.electron_x0.sum() == pytest.approx(thickness, rel=1e-3, abs=0.0)
    assert shower.leaked_mean == pytest.approx(50.0, rel=1e-3, abs=0.0)


@given(st.floats(4.0, 60.0))
@settings(max_examples=5, deadline=None)
def test_track_length_is_proportional_to_the_energy(energy: float) -> None:
    # Rossi: T(> E) = 0.437 E_0 / E for E << E_0; a tenth is enough to be within 10 %.
    shower = simulate_shower("Pb", energy, threshold=energy / 20.0, n_showers=300, lpm=False)
    total = shower.track_length_x0.sum() * (energy / 20.0) / energy
    # Ionisation of 10 MeV per radiation length takes its share at low thresholds.
    assert total == pytest.approx(0.437, rel=0.08, abs=0.0)


def test_shower_maximum_is_where_the_review_puts_it() -> None:
    # The Review's fit is to EGS4 showers in iron, good to about half a radiation length.
    edges = np.arange(0.0, 30.0, 0.5)
    for energy, n in ((5.0, 500), (50.0, 100)):
        shower = simulate_shower("Fe", energy, threshold=0.01, n_showers=n, depth_bins=edges)
        middle = edges[:-1] + 0.25
        near = shower.deposited > 0.8 * shower.deposited.max()
        top = np.polynomial.Polynomial.fit(middle[near], shower.deposited[near], 2).deriv().roots()
        expected = shower_maximum_x0(energy, critical_energy("Fe"))
        assert float(top[0]) == pytest.approx(expected, abs=0.7)


def test_photon_showers_lie_deeper() -> None:
    depth = {}
    for particle in ("e-", "gamma"):
        shower = simulate_shower("Pb", 20.0, particle=particle, threshold=0.05, n_showers=300)
        middle = 0.5 * (shower.depth_edges_x0[1:] + shower.depth_edges_x0[:-1])
        depth[particle] = np.sum(middle * shower.deposited) / shower.deposited.sum()
    # The Review: the centre of gravity moves by about one radiation length, 9/7 + 0.8 of one.
    assert 0.5 < depth["gamma"] - depth["e-"] < 1.3


def test_suppression_matters_at_high_energy() -> None:
    # At 100 GeV and below a total of 1 % only; at 10 TeV in lead soft radiation is gone.
    edges = [50.0, 9_000.0, 10_000.0]
    on, off = (
        simulate_shower("Pb", 1e4, threshold=50.0, n_showers=300, energy_bins=edges, lpm=lpm)
        for lpm in (True, False)
    )
    assert on.electron_x0[1] > 1.3 * off.electron_x0[1]


def test_layers_agree_with_their_mean_material() -> None:
    layered = simulate_shower(ECAL, 20.0, n_showers=6000)
    lead = simulate_shower("Pb", 20.0, n_showers=6000)
    error = np.hypot(np.hypot(layered.electron_err, layered.positron_err).sum(), 0.02)
    difference = layered.track_length_x0.sum() - lead.track_length_x0.sum()
    assert abs(difference) < 0.01 * lead.track_length_x0.sum() + error


def test_thin_layers_of_one_material_are_the_material() -> None:
    layers = LayeredMaterial([("Pb", 1.0), ("Pb", 2.3)], repeats=60)
    stack = simulate_shower(layers, 10.0, threshold=0.1, n_showers=1500, seed=3)
    block = simulate_shower("Pb", 10.0, threshold=0.1, n_showers=1500, seed=4)
    for name in ("electron_x0", "positron_x0"):
        one, two = getattr(stack, name).sum(), getattr(block, name).sum()
        assert one == pytest.approx(two, rel=0.012, abs=0.0)
    assert stack.deposited[:40].sum() == pytest.approx(
        block.deposited[:40].sum(), rel=0.01, abs=0.0
    )


def test_resolution_improves_with_energy() -> None:
    resolution = [
        simulate_shower(ECAL, e, threshold=0.005, n_showers=400).energy_resolution
        for e in (0.5, 4.0)
    ]
    # Sampling statistics: as the root of the energy, within the statistics of 400 showers.
    assert resolution[0] / resolution[1] == pytest.approx(np.sqrt(8.0), rel=0.2, abs=0.0)


def test_cut_does_not_matter() -> None:
    # 20000 showers each: see docs/physics/showers.md for half and a fifth of the default cut.
    default, fine = (
        simulate_shower("Pb", 50.0, n_showers=4000, cut=cut).track_length_x0.sum()
        for cut in (None, 0.02)
    )
    assert default == pytest.approx(fine, rel=0.006, abs=0.0)


def test_default_bins() -> None:
    edges = default_energy_bins(1.0, 100.0)
    assert edges[0] == pytest.approx(1.0)
    assert edges[-1] == 100.0
    assert edges.size == 51
    assert np.all(np.diff(edges) > 0.0)
    assert 100.0 - edges[-2] < 0.2
    close = default_energy_bins(80.0, 100.0)
    assert close[0] == pytest.approx(80.0)
    assert close[-1] == 100.0


def test_spectrum_is_track_length_per_energy() -> None:
    shower = simulate_shower("Pb", 10.0, n_showers=100)
    widths = np.diff(shower.energy_edges)
    assert np.sum(shower.track_length_spectrum * widths) == pytest.approx(
        shower.electron_x0.sum() + shower.positron_x0.sum()
    )


def test_progress_counts_all_showers() -> None:
    seen: list[int] = []
    simulate_shower("Pb", 5.0, n_showers=130, progress=seen.append)
    assert sum(seen) == 130


@pytest.mark.parametrize(
    ("kwargs", "says"),
    [
        ({"energy": -1.0}, "energy = -1 GeV"),
        ({"energy": float("nan")}, "energy = nan"),
        ({"energy": True}, "energy = True"),
        ({"threshold": 1e-5}, "threshold = 1e-05 GeV"),
        ({"threshold": 20.0}, "below the energy"),
        ({"n_showers": 0}, "n_showers = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"seed": 2**64}, "below 2"),
        ({"threads": 0}, "threads = 0"),
        ({"cut": 0.9}, "cut = 0.9"),
        ({"energy_bins": [2.0, 1.0]}, "energy_bins"),
        ({"energy_bins": [0.1, 1.0]}, "must not begin below the threshold"),
        ({"depth_bins": [1.0]}, "depth_bins"),
    ],
)
def test_bad_input(kwargs: dict[str, Any], says: str) -> None:
    call: dict[str, Any] = {"energy": 10.0, "n_showers": 10, **kwargs}
    energy = call.pop("energy")
    with pytest.raises(InputError, match=says):
        simulate_shower("Pb", energy, **call)


def test_unknown_names() -> None:
    with pytest.raises(UnknownNameError, match="particle = 'mu-'"):
        simulate_shower("Pb", 10.0, particle="mu-")
    with pytest.raises(UnknownNameError, match="material = 'Pbb'"):
        simulate_shower("Pbb", 10.0)
