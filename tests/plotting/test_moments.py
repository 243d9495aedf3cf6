from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from darkbeam.errors import InputError
from darkbeam.models import CustomModel
from darkbeam.moments import g2_band, g2_exclusion
from darkbeam.plotting import exclusion, moment

MASS = [0.01, 0.1, 1.0]


def result(values):
    return xr.Dataset(
        {"delta_a": ("mass_GeV", values)},
        coords={"mass_GeV": MASS},
        attrs={"lepton": "mu", "coupling": "g", "value": 1e-3},
    )


def test_what_is_taken_away_is_dashed():
    axes = moment(result([1e-9, -2e-9, -1e-10])).axes[0]
    adds, takes = axes.lines
    assert np.array_equal(adds.get_ydata(), [1e-9, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(takes.get_ydata(), [np.nan, 2e-9, 1e-10], equal_nan=True)
    assert takes.get_linestyle() == "--"
    assert axes.get_ylabel() == r"$|\Delta a_{\mu}|$"
    assert axes.get_legend().get_title().get_text() == "$g = 0.001$"


def test_nothing_to_draw_is_refused():
    with pytest.raises(InputError, match="adds nothing"):
        moment(result([0.0, 0.0, 0.0]))
    with pytest.raises(InputError, match="without 'delta_a'"):
        moment(xr.Dataset())


def band():
    model = CustomModel(mass=0.1, fermions={"mu": 1})
    return g2_band(model, "FNAL2021", mass=MASS, sigma=(1, 2))


def limit():
    return xr.Dataset(
        {"coupling_lo": ("mass_GeV", [1e-3] * 3), "coupling_hi": ("mass_GeV", [np.inf] * 3)},
        coords={"mass_GeV": MASS},
        attrs={"coupling": "g", "experiment": "toy"},
    )


def test_a_band_stands_beside_a_limit():
    axes = exclusion([limit(), band()]).axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == [r"$(g-2)_{\mu}$ FNAL2021, 1, 2$\sigma$", "toy"]
    wide, narrow = axes.collections
    heights = [np.ptp(np.log(c.get_paths()[0].vertices[:, 1])) for c in (wide, narrow)]
    assert heights[0] > heights[1]
    assert axes.get_legend().get_title().get_text() == "90% C.L."


def test_a_band_alone_has_no_confidence_level():
    axes = exclusion(band()).axes[0]
    assert axes.get_legend().get_title().get_text() == ""
    assert np.allclose(axes.lines[0].get_ydata(), band()["coupling"].values, rtol=1e-9, atol=0.0)


def test_another_coupling_cannot_share_the_axis():
    other = limit().assign_attrs(coupling="epsilon")
    with pytest.raises(InputError, match="different couplings"):
        exclusion([other, band()])


def test_what_a_moment_excludes_has_errors_and_no_confidence_level():
    """Two standard deviations are not 90 % C.L."""
    model = CustomModel(mass=0.1, fermions={"mu": 1})
    excluded = g2_exclusion(model, "WP2025", mass=MASS, sigma=2)
    alone = exclusion(excluded).axes[0].get_legend()
    assert alone.get_title().get_text() == ""
    assert [text.get_text() for text in alone.get_texts()] == [r"$(g-2)_{\mu}$ WP2025, 2$\sigma$"]
    beside = exclusion([limit(), excluded]).axes[0].get_legend()
    assert beside.get_title().get_text() == "90% C.L."
    labels = [text.get_text() for text in beside.get_texts()]
    assert labels == ["toy", r"$(g-2)_{\mu}$ WP2025, 2$\sigma$"]


def test_a_band_without_an_end_reaches_the_frame():
    one = band()
    one["coupling_lo"][:] = 0.0
    one["coupling_hi"][:] = np.inf
    axes = exclusion(one, coupling_range=(1e-5, 1e-2)).axes[0]
    heights = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert heights.min() < 1e-5
    assert 1e-2 < heights.max() < np.inf


def test_the_commands_result_is_drawn_as_a_band():
    """One width, its value among the attributes, the coupling's name beside the column."""
    one = band().isel(sigma=0, drop=True).assign_attrs(sigma=1.0)
    one.attrs["coupling_name"] = one.attrs.pop("coupling")
    axes = exclusion([one, limit()]).axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == [r"$(g-2)_{\mu}$ FNAL2021, 1$\sigma$", "toy"]
    assert np.allclose(axes.lines[0].get_ydata(), band()["coupling"].values, rtol=1e-9, atol=0.0)


def test_where_every_coupling_is_excluded_the_region_fills_the_frame():
    """An axial vector takes from the moment, the anomaly of 2021 asks for more."""
    axial = CustomModel(mass=0.1, fermions={"mu": {"axial": 1}})
    everything = g2_exclusion(axial, "FNAL2021", mass=MASS, sigma=2)
    assert np.all(everything["coupling_lo"] == 0.0)
    axes = exclusion(everything).axes[0]
    low, high = axes.get_ylim()
    heights = axes.patches[0].get_path().vertices[:, 1]
    assert 0.0 < heights.min() < low
    assert heights.max() > high
