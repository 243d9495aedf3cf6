"""Bands of couplings that explain a measured moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["BAND_COLOUR", "draw_band", "is_band"]

BAND_COLOUR = "#009E73"
_LEPTONS = {"e": "e", "mu": r"\mu", "tau": r"\tau"}


def is_band(result: xr.Dataset) -> bool:
    """Tell whether a result is one of `g2_band`."""
    return "band" in result.attrs and "sigma" in result.dims


def draw_band(axes: Axes, band: xr.Dataset) -> Artist:
    """Fill the couplings within each number of errors, the narrow band darkest; return the legend.

    A band that takes in the Standard Model reaches down to the frame.
    """
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Patch

    band = band.sortby("mass_GeV").sortby("sigma", ascending=False)
    mass = np.asarray(band["mass_GeV"].values)
    bottom = axes.get_ylim()[0]
    levels = np.asarray(band["sigma"].values)
    for i in range(levels.size):
        lower = np.maximum(band["coupling_lo"].values[i], 0.1 * bottom)
        upper = band["coupling_hi"].values[i]
        axes.fill_between(
            mass, lower, upper, facecolor=to_rgba(BAND_COLOUR, 0.28), edgecolor="none", zorder=0.5
        )
    central = band["coupling"].values
    if np.isfinite(central).any():
        axes.plot(mass, central, color=BAND_COLOUR, linewidth=0.9, zorder=0.6)
    name = str(band.attrs["band"]).replace("-", "\N{EN DASH}")
    lepton = _LEPTONS.get(str(band.attrs.get("lepton", "")), "")
    words = ", ".join(f"{level:g}" for level in levels[::-1])
    label = rf"$(g-2)_{{{lepton}}}$ {name}, {words}$\sigma$"
    return Patch(facecolor=to_rgba(BAND_COLOUR, 0.5), edgecolor=BAND_COLOUR, label=label)
