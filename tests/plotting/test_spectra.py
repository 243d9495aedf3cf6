from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from darkbeam.errors import InputError
from darkbeam.plotting import expected_events


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
