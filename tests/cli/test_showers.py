from __future__ import annotations

import numpy as np

from darkbeam.matter.shower import simulate_shower

SHOWER = ("shower", "--beam", "e-:20GeV", "--target", "Pb", "-n", "50", "--format", "csv")


def test_track_lengths(run):
    outcome = run(*SHOWER, "--threshold", "1GeV", "--seed", "7")
    assert (outcome.status, outcome.err) == (0, "")
    columns = outcome.columns
    assert list(columns) == [
        "energy_lo_GeV",
        "energy_hi_GeV",
        "electron_x0",
        "positron_x0",
        "electron_err",
        "positron_err",
    ]
    low, high = (np.array(columns[f"energy_{end}_GeV"], float) for end in ("lo", "hi"))
    assert low[0] == 1.0
    assert np.array_equal(low[1:], high[:-1])
    # A beam's energy is its total one, a shower's its kinetic one.
    expected = simulate_shower("Pb", 20.0 - 0.00051099895069, n_showers=50, seed=7)
    assert np.allclose(
        np.array(columns["electron_x0"], float), expected.electron_x0, rtol=1e-9, atol=0.0
    )
    assert np.allclose(
        np.array(columns["positron_err"], float), expected.positron_err, rtol=1e-9, atol=0.0
    )
    assert "# seed: 7" in outcome.out
    assert "# electron_x0: X0" in outcome.out


def test_the_seed_decides_and_the_number_of_threads_does_not(run):
    one = run(*SHOWER, "--seed", "3", "--threads", "1").columns
    two = run(*SHOWER, "--seed", "3", "--threads", "2").columns
    other = run(*SHOWER, "--seed", "4").columns
    assert one == two
    assert one["electron_x0"] != other["electron_x0"]


def test_profile_and_plot(run, tmp_path):
    picture = tmp_path / "profile.svg"
    outcome = run(*SHOWER, "--profile", "--plot", picture)
    columns = outcome.columns
    assert list(columns) == ["depth_lo_x0", "depth_hi_x0", "deposited_GeV", "deposited_err"]
    # all energy but what leaks is left somewhere
    assert 19.0 < sum(map(float, columns["deposited_GeV"])) < 20.001
    assert picture.exists()
