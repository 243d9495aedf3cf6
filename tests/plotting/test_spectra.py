from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from darkbeam.decays import widths
from darkbeam.errors import InputError
from darkbeam.models import DarkPhoton
from darkbeam.plotting import branching, expected_events

MASS = np.geomspace(1e-3, 0.25, 30)


def test_branching_fractions():
    found = widths(DarkPhoton(mass=MASS, epsilon=1e-3, dark_matter=None))
    axes = branching(found).axes[0]
    labels = [line.get_label() for line in axes.lines]
    assert labels == ["$e^{+}e^{-}$", r"$\mu^{+}\mu^{-}$"]
    drawn = axes.lines[0].get_ydata()
    open_ = found.total > 0
    assert np.allclose(drawn[open_], found.branching("e_e")[open_])
    assert np.isnan(drawn[~open_]).all()
    assert axes.get_ylabel() == "branching fraction"
    assert axes.get_yscale() == "linear"


def test_small_fractions_have_a_logarithmic_axis():
    axes = branching(widths(DarkPhoton(mass=MASS, epsilon=1e-3))).axes[0]
    assert axes.get_yscale() == "log"
    assert [line.get_label() for line in axes.lines][-1] == "dark matter"


def test_where_hadrons_are_not_known_the_plot_is_shaded():
    mass = np.array([0.1, 0.2, 0.3, 0.4])
    found = widths(DarkPhoton(mass=mass, epsilon=1e-3), warn=False)
    axes = branching(found).axes[0]
    (shade,) = axes.patches
    assert shade.get_x() == 0.3
    assert shade.get_label() == "hadrons not computed"
    assert not branching(widths(DarkPhoton(mass=mass[:2]))).axes[0].patches


def test_nothing_open_is_refused():
    with pytest.raises(InputError, match="no channel is open"):
        branching(widths(DarkPhoton(mass=1e-4, dark_matter=None)))
    with pytest.raises(InputError, match="without 'total'"):
        branching(xr.Dataset({"e_e": ("mass_GeV", [1.0])}, coords={"mass_GeV": [1.0]}))


def test_expected_events():
    result = xr.Dataset(
        {"expected_events": ("mass_GeV", [30.0, 2.0, 0.0])},
        coords={"mass_GeV": [0.01, 0.1, 1.0]},
        attrs={"experiment": "NA64e", "run": "2016-2018", "model": "dark-photon"},
    )
    axes = expected_events(result).axes[0]
    assert axes.get_ylabel() == "expected signal events"
    assert axes.get_xlabel() == r"$m_{A\prime}$ [GeV]"
    assert np.array_equal(axes.lines[0].get_ydata(), [30.0, 2.0, np.nan], equal_nan=True)
    assert axes.get_legend().get_texts()[0].get_text() == "NA64e 2016\N{EN DASH}2018"
    with pytest.raises(InputError, match="expected_events"):
        expected_events(result.drop_vars("expected_events"))


def test_no_events_at_all_can_be_drawn():
    result = xr.Dataset({"expected_events": ("mass_GeV", [0.0])}, coords={"mass_GeV": [0.01]})
    assert expected_events(result).axes[0].get_xscale() == "log"
