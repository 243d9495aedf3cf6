from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from darkbeam.errors import InputError
from darkbeam.plotting import cross_section, differential

MASS = np.array([0.01, 0.1, 1.0])
X = np.array([0.1, 0.5, 0.9, 0.999])
ATTRIBUTES = {"model": "dark-photon", "beam": "mu-:160GeV", "target": "Pb", "x_min": 0.5}


@pytest.fixture
def total() -> xr.Dataset:
    return xr.Dataset(
        {"sigma_pb": ("mass_GeV", [1e12, 1e10, 0.0])}, coords={"mass_GeV": MASS}, attrs=ATTRIBUTES
    )


@pytest.fixture
def spectrum() -> xr.Dataset:
    density = 1e9 / MASS[:, None] * X
    return xr.Dataset(
        {"dsigma_dx_pb": (("mass_GeV", "x"), density), "one_minus_x": ("x", 1 - X)},
        coords={"mass_GeV": MASS, "x": X},
        attrs=ATTRIBUTES,
    )


def _both(result: xr.Dataset) -> xr.Dataset:
    joined = xr.concat([result, 2 * result], dim="calculation")
    if "one_minus_x" in result:
        joined["one_minus_x"] = result["one_minus_x"]
    return joined.assign_coords(calculation=["etl", "iww"]).assign_attrs(ATTRIBUTES)


def test_total(total):
    axes = cross_section(total).axes[0]
    assert axes.get_ylabel() == r"$\sigma$ at unit coupling [pb]"
    assert np.array_equal(axes.lines[0].get_ydata(), [1e12, 1e10, np.nan], equal_nan=True)
    title = axes.get_legend().get_title().get_text()
    assert title == r"160 GeV $\mu^{-}$ on Pb ($x > 0.5$)"


def test_methods_differ_in_style_and_name(total):
    axes = cross_section(_both(total)).axes[0]
    assert [line.get_linestyle() for line in axes.lines] == ["-", "--"]
    assert [line.get_label() for line in axes.lines] == ["exact", "improved WW"]


def test_spectrum_shows_both_ends(spectrum):
    figure = differential(spectrum)
    left, right = figure.axes
    assert left.get_xlabel() == r"$x = E_X/E_0$"
    assert right.get_xlabel() == r"$1 - x$"
    assert left.get_ylabel() == r"$d\sigma/dx$ at unit coupling [pb]"
    assert len(left.lines) == len(right.lines) == 3
    assert np.array_equal(right.lines[0].get_xdata(), 1 - X)
    # the end point x = 1 is to the right in both
    assert right.get_xlim()[0] > right.get_xlim()[1]
    assert right.get_xscale() == "log"


def test_spectra_of_two_methods(spectrum):
    figure = differential(_both(spectrum))
    left, _ = figure.axes
    assert len(left.lines) == 6
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.get_texts()] == [
        r"$m_{A\prime}$ = 10 MeV",
        r"$m_{A\prime}$ = 100 MeV",
        r"$m_{A\prime}$ = 1 GeV",
        "exact",
        "improved WW",
    ]
    assert left.lines[0].get_color() == left.lines[3].get_color()
    assert left.lines[0].get_linestyle() != left.lines[3].get_linestyle()


def test_files(total, spectrum, tmp_path):
    cross_section(total, path=tmp_path / "a.svg")
    differential(spectrum, path=tmp_path / "b.png")
    assert {p.name for p in tmp_path.iterdir()} == {"a.svg", "b.png"}


def test_what_is_no_cross_section_is_refused(total, spectrum):
    with pytest.raises(InputError, match="'dsigma_dx_pb'"):
        differential(total)
    with pytest.raises(InputError, match="'sigma_pb'"):
        cross_section(spectrum)
    with pytest.raises(InputError, match="vanishes"):
        cross_section(0 * total)
    with pytest.raises(InputError, match="unknown ending"):
        differential(spectrum, path="x.gif")
