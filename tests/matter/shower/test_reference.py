"""Showers against full simulation: Geant4 11.4.1, tables in tests/reference."""

from pathlib import Path

import numpy as np
import pytest

from darkbeam.matter import LayeredMaterial
from darkbeam.matter.shower import deposit_table, simulate_shower
from darkbeam.matter.targets import TargetLike

REFERENCE = Path(__file__).parents[2] / "reference"
ECAL = LayeredMaterial([("Pb", 1.5), ("polystyrene", 1.5)], repeats=150)


def _rows(name: str) -> list[list[str]]:
    text = (REFERENCE / f"shower_geant4_{name}.csv").read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines() if not line.startswith("#")]


def _tracks(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = [[float(x) for x in row[1:]] for row in _rows(name) if row[0] == "log"]
    table = np.array(rows)
    edges = np.append(table[:, 0], table[-1, 1])
    return edges, table[:, [2, 4]], table[:, [3, 5]]


@pytest.mark.parametrize(
    ("name", "target", "energy", "threshold", "n"),
    [
        ("tracks_pb_100gev", "Pb", 100.0, 1.0, 10_000),
        ("tracks_cal_100gev", ECAL, 100.0, 1.0, 10_000),
        ("tracks_pb_20gev", "Pb", 20.0, 1.0, 20_000),
        ("tracks_w_8gev", "W", 8.0, 0.1, 5_000),
        pytest.param("tracks_pb_10gev", "Pb", 10.0, 0.01, 1_500, marks=pytest.mark.slow),
    ],
)
def test_track_lengths(
    name: str, target: TargetLike, energy: float, threshold: float, n: int
) -> None:
    edges, expected, errors = _tracks(name)
    # The table's edges are rounded to six digits.
    edges[0], edges[-1] = threshold, energy
    shower = simulate_shower(target, energy, threshold=threshold, n_showers=n, energy_bins=edges)
    got = np.stack((shower.electron_x0, shower.positron_x0), axis=1)
    ours = np.stack((shower.electron_err, shower.positron_err), axis=1)
    # 1.8 %: the goal is 3 %; what is left is the bremsstrahlung of Tsai against that of Seltzer
    # and Berger, 2 % at 1 GeV.
    assert got.sum() == pytest.approx(expected.sum(), rel=0.018, abs=0.0)
    # Spectra: groups of three bins, e- and e+ apart, 3 % and three standard errors.
    groups = np.arange(0, len(expected), 3)
    if target is ECAL:
        # The reference counts path by the mean radiation length; near the beam's energy that is
        # too little, as the beam enters lead first.
        groups = groups[:-1]
        got, expected, ours, errors = (a[:-3] for a in (got, expected, ours, errors))
    for column in range(2):
        a = np.add.reduceat(got[:, column], groups)
        b = np.add.reduceat(expected[:, column], groups)
        variance = np.add.reduceat(ours[:, column] ** 2 + errors[:, column] ** 2, groups)
        # Bins of one shower are correlated: twice the independent sum.
        assert np.all(np.abs(a - b) < 0.03 * b + 4.0 * np.sqrt(2.0 * variance))


@pytest.mark.slow
@pytest.mark.parametrize("energy", ["0.5", "1", "2", "5"])
def test_energy_left_in_the_first_radiation_lengths(energy: str) -> None:
    table = np.array([[float(x) for x in r] for r in _rows(f"deposit_cal_{energy}gev")[1:]])
    # The reference measures depth by length, 11.0746 mm to a radiation length.
    depth_mm = 11.0746 * np.array([2.0, 4.0, 6.0])
    depths = np.interp(depth_mm, 1.5 * np.arange(301), ECAL.boundaries_x0())
    n = 1200
    each = deposit_table(ECAL, [float(energy)], depths, n_showers=n)[0]
    for i, upper in enumerate((2, 4, 6)):
        expected = table[:upper, 2].sum()
        error = np.sqrt(np.sum(table[:upper, 3] ** 2)) * 1.7  # depths are correlated
        spread = np.hypot(error, each[i].std() / np.sqrt(n))
        assert each[i].mean() == pytest.approx(expected, abs=0.03 * expected + 3.0 * spread)


@pytest.mark.slow
@pytest.mark.parametrize("energy", ["1", "5"])
def test_visible_energy_and_resolution(energy: str) -> None:
    # header: "whole calorimeter, visible: mean 0.110305, error ..., rms 0.0088, ..."
    text = (REFERENCE / f"shower_geant4_deposit_cal_{energy}gev.csv").read_text(encoding="utf-8")
    line = next(x for x in text.splitlines() if x.startswith("# whole calorimeter, visible"))
    words = dict(part.split()[-2:] for part in line.split(":")[1].split(","))
    shower = simulate_shower(ECAL, float(energy), threshold=0.005, n_showers=1200)
    assert shower.visible_mean == pytest.approx(float(words["mean"]), rel=0.04, abs=0.0)
    resolution = float(words["rms"]) / float(words["mean"])
    assert shower.energy_resolution == pytest.approx(resolution, rel=0.15, abs=0.0)


@pytest.mark.parametrize(("name", "energy"), [("pb_100gev", 100.0), ("pb_20gev", 20.0)])
def test_end_of_the_spectrum(name: str, energy: float) -> None:
    # The top 5 % of the beam energy, where heavy dark photons are made.
    rows = [r[1:] for r in _rows(f"tracks_{name}") if r[0] == "fine"]
    table = np.array([[float(x) for x in row] for row in rows])
    edges = np.append(table[:, 0], energy)
    shower = simulate_shower("Pb", energy, n_showers=10_000, energy_bins=edges)
    spread = np.hypot(table[:, 3], shower.electron_err)
    assert np.all(np.abs(shower.electron_x0 - table[:, 2]) < 0.03 * table[:, 2] + 3.5 * spread)
