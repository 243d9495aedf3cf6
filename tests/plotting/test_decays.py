from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from darkbeam.constants import HBAR_GEV_S
from darkbeam.decays import widths
from darkbeam.errors import InputError
from darkbeam.models import DarkPhoton
from darkbeam.plotting import branching, decays, lifetime

MASS = np.geomspace(1.1e-3, 0.13, 30)


def test_branching_fractions():
    found = widths(DarkPhoton(mass=MASS, epsilon=1e-3, dark_matter=None))
    axes = branching(found).axes[0]
    labels = [line.get_label() for line in axes.lines]
    assert labels == ["$e^{+}e^{-}$"]
    drawn = axes.lines[0].get_ydata()
    open_ = found.total > 0
    assert np.allclose(drawn[open_], found.branching("e_e")[open_], rtol=1e-9, atol=0.0)
    assert np.isnan(drawn[~open_]).all()
    assert axes.get_ylabel() == "branching fraction"
    assert axes.get_yscale() == "linear"


def test_small_fractions_have_a_logarithmic_axis():
    axes = branching(widths(DarkPhoton(mass=MASS, epsilon=1e-3))).axes[0]
    assert axes.get_yscale() == "log"
    assert [line.get_label() for line in axes.lines][-1] == "dark matter"


def with_hadrons(hadrons):
    """Widths as of a leptonic and a hadronic channel, the latter given."""
    known = np.nan_to_num(np.asarray(hadrons, float))
    return xr.Dataset(
        {
            "e_e": ("mass_GeV", np.ones(known.size)),
            "hadrons": ("mass_GeV", hadrons),
            "total": ("mass_GeV", 1.0 + known),
            "tau_s": ("mass_GeV", HBAR_GEV_S / (1.0 + known)),
        },
        coords={"mass_GeV": 0.1 * np.arange(1, 1 + known.size)},
    )


def test_where_hadrons_are_not_known_the_plot_is_shaded():
    axes = branching(with_hadrons([0.0, np.nan, np.nan, 1.0])).axes[0]
    (shade,) = axes.patches
    assert shade.get_x() == pytest.approx(0.2, rel=1e-9, abs=0.0)
    assert shade.get_width() == pytest.approx(0.1, rel=1e-9, abs=0.0)
    assert shade.get_label() == "hadrons not computed"
    assert not branching(with_hadrons([0.0, 1.0])).axes[0].patches


def test_many_channels_are_thinned_to_the_largest():
    shares = {f"c{i}": ("mass_GeV", np.full(2, 0.5**i)) for i in range(20)}
    result = xr.Dataset(shares, coords={"mass_GeV": [0.1, 0.2]})
    result["total"] = ("mass_GeV", np.full(2, 2.0))
    lines = branching(result).axes[0].lines
    assert [line.get_label() for line in lines] == [f"c{i}" for i in range(14)]
    looks = {(line.get_color(), line.get_linestyle(), str(line._dash_pattern)) for line in lines}
    assert len(looks) == 14


def test_the_lifetime_is_drawn_as_c_tau():
    found = widths(DarkPhoton(mass=[0.2, 0.1, 0.05], epsilon=1e-4, dark_matter=None))
    axes = lifetime(found).axes[0]
    # arXiv:2003.07257 eq. 118: c tau = 0.08 mm (1e-4/epsilon)^2 (100 MeV/m)
    assert axes.lines[0].get_xdata()[1] == 0.1
    assert axes.lines[0].get_ydata()[1] == pytest.approx(0.08e-3, rel=0.05, abs=0.0)
    assert "[m]" in axes.get_ylabel()
    with pytest.raises(InputError, match="stable"):
        lifetime(widths(DarkPhoton(mass=1e-5, epsilon=0.0, dark_matter=None)))
    with pytest.raises(InputError, match="without 'tau_s'"):
        lifetime(with_hadrons([0.0, 1.0]).drop_vars("tau_s"))


def test_branching_and_lifetime_stand_above_each_other(tmp_path):
    figure = decays(with_hadrons([0.0, 1.0, 2.0]), path=tmp_path / "both.png")
    upper, lower = figure.axes
    assert upper.get_ylabel() == "branching fraction"
    assert upper.get_xlim() == lower.get_xlim()
    assert (tmp_path / "both.png").stat().st_size > 1000


def test_nothing_open_is_refused():
    with pytest.raises(InputError, match="no channel is open"):
        branching(widths(DarkPhoton(mass=1e-4, epsilon=0.0, dark_matter=None)))
    with pytest.raises(InputError, match="without 'total'"):
        branching(xr.Dataset({"e_e": ("mass_GeV", [1.0])}, coords={"mass_GeV": [1.0]}))
