"""Set-ups of the papers' figures, drawn from the experiments that the package computes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from darkbeam.papers.framework import Curve, FigureInfo, Panel, PaperFigure, Settings, Steps

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from darkbeam.plotting.apparatus_drawing import Drawing
    from darkbeam.plotting.apparatus_panels import PanelPlan
    from darkbeam.plotting.apparatus_parts import Part

__all__ = ["set_up_figure"]


def set_up_figure(
    name: str, experiment: str, title: str, shows: str, differences: tuple[str, ...]
) -> FigureInfo:
    """Return a figure that shows the set-up of an experiment, to scale.

    Parameters
    ----------
    name : str
        Paper and number, such as ``S1.F4``.
    experiment : str
        Name of the experiment.
    title, shows, differences
        As in `darkbeam.papers.framework.FigureInfo`.
    """

    def make(_settings: Settings, _steps: Steps) -> tuple[Panel, ...]:
        from darkbeam.experiments import experiment as find
        from darkbeam.plotting.apparatus_drawing import drawing_of

        description = find(experiment).description
        drawing = drawing_of(description)
        keys = ",".join(description.references)
        return tuple(_panel(drawing, plan, experiment, keys) for plan in drawing.panels)

    def picture(_figure: PaperFigure) -> Figure:
        from darkbeam.experiments import experiment as find
        from darkbeam.plotting.apparatus_drawing import draw, drawing_of

        return draw(drawing_of(find(experiment).description))

    return FigureInfo(
        name=name,
        title=title,
        shows=shows,
        conventions=(
            f"the parts of {experiment}'s description: what its signal is computed with",
            "true scale, or the factor by which what is across the beam is stretched on its axis",
        ),
        differences=differences,
        make=make,
        parts=1,
        uses=(),
        picture=picture,
    )


def _panel(drawing: Drawing, plan: PanelPlan, experiment: str, references: str) -> Panel:
    def draw(axes: Axes, _curves: tuple[Curve, ...]) -> None:
        from darkbeam.plotting.apparatus_axes import draw_panel

        draw_panel(axes, plan, drawing.parts, drawing.tracks)

    origin = {"experiment": experiment, "references": references, "stretch": plan.stretch}
    curves = [
        Curve(part.name, _outline(part, plan).assign_attrs(origin, made_of=part.made_of))
        for part in plan.in_view(drawing.parts)
    ]
    return Panel(f"{plan.subject}, {' and '.join(plan.views)}", tuple(curves), draw)


def _outline(part: Part, plan: PanelPlan) -> xr.Dataset:
    """Return the corners of a part, nan across the beam where the description gives no size."""
    import xarray as xr

    columns = {}
    for view in plan.views:
        corners = part.outline(view)
        across = corners[:, 1] if part.spans(view) is not None else np.full(len(corners), np.nan)
        columns["z_m"] = ("corner", corners[:, 0], {"units": "m"})
        columns["y_m" if view == "side" else "x_m"] = ("corner", across, {"units": "m"})
    return xr.Dataset(columns)
