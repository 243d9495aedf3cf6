from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from darkbeam.errors import InputError
from darkbeam.matter.shower import simulate_shower
from darkbeam.plotting import longitudinal_profile, shower_track_length


@pytest.fixture(scope="module")
def shower():
    return simulate_shower("Pb", 10.0, n_showers=20, threads=1)


def test_track_length_per_energy(shower):
    axes = shower_track_length(shower).axes[0]
    assert axes.get_xlabel() == "kinetic energy [GeV]"
    assert axes.get_ylabel() == r"track length $dT/dE$ [$X_0$/GeV]"
    electron, positron = (line for line in axes.lines if line.get_label().startswith("$e"))
    width = np.diff(shower.energy_edges)
    assert np.allclose(electron.get_ydata()[:-1] * width, shower.electron_x0, rtol=1e-9, atol=0.0)
    assert np.allclose(positron.get_ydata()[:-1] * width, shower.positron_x0, rtol=1e-9, atol=0.0)
    assert electron.get_linestyle() != positron.get_linestyle()
    assert axes.get_legend().get_title().get_text() == "10 GeV $e^{-}$ in Pb"


def test_profile_holds_the_energy(shower):
    axes = longitudinal_profile(shower).axes[0]
    assert axes.get_xlabel() == "depth [$X_0$]"
    line = axes.lines[0]
    energy = np.sum(line.get_ydata()[:-1] * np.diff(line.get_xdata()))
    assert energy == pytest.approx(shower.deposited.sum())


def test_a_result_draws_like_the_shower_itself(shower):
    result = xr.Dataset(
        {
            name: ("energy_lo_GeV", getattr(shower, name))
            for name in ("electron_x0", "positron_x0", "electron_err", "positron_err")
        },
        coords={
            "energy_lo_GeV": shower.energy_edges[:-1],
            "energy_hi_GeV": ("energy_lo_GeV", shower.energy_edges[1:]),
        },
        attrs={"beam": "e-:10GeV", "target": "Pb"},
    )
    one, other = shower_track_length(result).axes[0], shower_track_length(shower).axes[0]
    assert np.array_equal(one.lines[0].get_xydata(), other.lines[0].get_xydata())
    assert one.get_legend().get_title().get_text() == other.get_legend().get_title().get_text()


def test_other_results_are_refused():
    empty = xr.Dataset({"x": ("n", [1.0])})
    with pytest.raises(InputError, match="'energy_lo_GeV'"):
        shower_track_length(empty)
    with pytest.raises(InputError, match="'depth_lo_x0'"):
        longitudinal_profile(empty)
