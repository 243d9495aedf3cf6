"""Drawing of connected regions, which may be several for one curve, beside bands and limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from darkbeam.papers.drawing import Draw
from darkbeam.papers.framework import Curve
from darkbeam.plotting.bands import BAND_COLOUR, draw_band, is_band
from darkbeam.plotting.style import COLOURS, LINES, logarithmic, place_legend, sign

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["REGION_COLOURS", "outlines"]

REGION_COLOURS = tuple(colour for colour in COLOURS if colour != BAND_COLOUR)
"""Colours that are told apart from that of bands."""


def outlines(
    *,
    x_label: str,
    y_label: str,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    keys: Sequence[tuple[str, Mapping[str, Any]]] = (),
    also: Callable[[Axes], None] | None = None,
) -> Draw:
    """Return what draws regions of mass and coupling by their outlines, and bands filled.

    A curve is a table of `darkbeam.experiments.connected_regions.regions_dataset`, a reach along
    ``mass_GeV``, or a band. What is no projection is filled. Regions are open where they go on
    beyond the range of masses.

    Parameters
    ----------
    x_label, y_label : str
        Labels of the axes.
    x_range, y_range : (float, float)
        Ranges of the axes.
    keys : sequence of (str, mapping)
        Texts and line properties that the legend has besides; curves without a text are not in it.
    also : callable, optional
        Draws what else is shown, on the axes.
    """

    def draw(axes: Axes, curves: tuple[Curve, ...]) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        axes.set_xlim(*x_range)
        axes.set_ylim(*y_range)
        logarithmic(axes)
        bands = [curve for curve in curves if is_band(curve.data)]
        others = [curve for curve in curves if not is_band(curve.data)]
        handles: list[Any] = [draw_band(axes, curve.data) for curve in bands]
        colours = REGION_COLOURS if bands else COLOURS
        for i, curve in enumerate(others):
            style = {
                "color": colours[i % len(colours)],
                "linestyle": LINES[i % len(LINES)],
                **curve.style,
            }
            fill = to_rgba(
                style["color"], 0.0 if curve.data.attrs.get("projection", True) else 0.22
            )
            for mass, lower, upper in _pieces(curve.data):
                outline = _outline(mass, lower, upper, x_range, y_range)
                axes.plot(*outline, zorder=3, **style)
                if fill[-1]:
                    inside = np.isfinite(outline[0])
                    axes.fill(*(v[inside] for v in outline), facecolor=fill, zorder=1)
            if curve.label and fill[-1]:
                edge = {"edgecolor": style["color"], "linestyle": style["linestyle"]}
                handles.append(Patch(facecolor=fill, linewidth=1.5, label=curve.label, **edge))
            elif curve.label:
                handles.append(Line2D([], [], label=curve.label, **style))
        handles += [Line2D([], [], label=words, **style) for words, style in keys]
        if also is not None:
            also(axes)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        place_legend(axes, handles)
        sign(axes)

    return draw


def _pieces(data: xr.Dataset) -> list[tuple[Any, Any, Any]]:
    """Return mass, lower and upper edge of each region."""
    if "region" in data.dims:
        return [
            piece
            for i in range(data.sizes["region"])
            for piece in _pieces(data.isel(region=i, drop=True))
        ]
    if "region" in data:
        number = data["region"].values
    else:
        # along the mass, in one piece wherever something is excluded
        data = data.sortby("mass_GeV")
        inside = np.isfinite(data["coupling_lo"].values)
        number = np.where(inside, np.cumsum(~inside), np.nan)
    columns = [data[name].values for name in ("mass_GeV", "coupling_lo", "coupling_hi")]
    return [
        tuple(column[number == one] for column in columns)
        for one in np.unique(number[np.isfinite(number)])
    ]


def _outline(
    mass: Any, lower: Any, upper: Any, x_range: tuple[float, float], y_range: tuple[float, float]
) -> tuple[Any, Any]:
    """Return the outline of a region: up its left end, along the top, down its right end."""
    top = np.minimum(upper, 100.0 * y_range[1])  # beyond the frame
    x = np.concatenate([mass, mass[::-1], mass[:1]])
    y = np.concatenate([lower, top[::-1], lower[:1]])
    if mass[0] <= x_range[0] * (1.0 + 1e-9):
        x, y = x[:-1], y[:-1]  # it goes on beyond the frame
    if mass[-1] >= x_range[1] * (1.0 - 1e-9):
        x, y = np.insert(x, mass.size, np.nan), np.insert(y, mass.size, np.nan)
    return x, y
