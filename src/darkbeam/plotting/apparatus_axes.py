"""One panel of the picture of an experiment: its parts as patches, in metres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from darkbeam.plotting.apparatus_looks import ROLES, TRACKS, material_looks, mixed_looks
from darkbeam.plotting.apparatus_panels import PanelPlan, shows_layers
from darkbeam.plotting.apparatus_parts import Part, Track, View

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_panel", "legend_handles"]

FloatArray = NDArray[np.float64]

_ALONG_BEAM = 0.4  # line width of the axis of the beam
_TOOTH = 0.07  # inches
_DEPTH = 0.025
_AXIS = {"side": "y", "top": "x"}


def draw_panel(
    axes: Axes,
    plan: PanelPlan,
    parts: Sequence[Part],
    tracks: Sequence[Track] = (),
    title_above: float = 0.05,
) -> None:
    """Draw a panel of the set-up on axes whose box has the size of the plan.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        What is drawn on; both axes are in m.
    plan : PanelPlan
        Ranges and scales.
    parts, tracks : sequence
        All that there is.
    title_above : float
        Inches between the axes and the title.
    """
    view = plan.views[0]
    looks = material_looks(name for part in parts for name, _ in part.layers)
    axes.set_xlim(*plan.z)
    axes.set_ylim(*plan.across)
    axes.set_aspect(plan.stretch)
    _label(axes, plan, title_above)
    axes.axhline(0.0, color="0.5", linewidth=_ALONG_BEAM, linestyle=(0, (8, 3, 1, 3)), zorder=1.2)
    for part in plan.in_view(parts):
        _draw_part(axes, plan, part, view, looks)
    names = list(dict.fromkeys(track.name for track in tracks))
    for track in tracks if plan.whole else ():
        style = TRACKS[names.index(track.name) % len(TRACKS)]
        axes.plot(track.z, track.across(view), zorder=4, **style)


def _label(axes: Axes, plan: PanelPlan, above: float) -> None:
    """Write what the panel shows, its axes with units, and its scale."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    view = "side and top alike" if len(plan.views) > 1 else f"{plan.views[0]} view"
    letters = ", ".join(_AXIS[each] for each in sorted(plan.views, reverse=True))
    true = plan.stretch == 1
    scale = "true scale" if true else f"{letters} stretched {plan.stretch} times"
    axes.set_title(f"{plan.subject}, {view}, {scale}", fontsize=9, loc="left", pad=72.0 * above)
    along = _unit(plan.z)
    across = along if true else _unit(plan.across)
    axes.set_xlabel(f"z [{along[0]}]", fontsize=9, labelpad=1.0)
    stretch = "" if true else rf" $(\times\,{plan.stretch})$"
    axes.set_ylabel(f"{letters} [{across[0]}]{stretch}", fontsize=9)
    number = max(2, int(plan.height / 0.22))
    for axis, unit, most in ((axes.xaxis, along, 9), (axes.yaxis, across, number)):
        most = min(most, 7 if axis is axes.yaxis else max(3, int(plan.width / 0.7)))
        axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(_in_unit(unit[1])))
    axes.tick_params(labelsize=8, top=False, right=False)
    axes.minorticks_off()


def _unit(span: tuple[float, float]) -> tuple[str, float]:
    """Return the unit that suits a range, and how many of it are in a metre."""
    size = max(abs(span[0]), abs(span[1]))
    if size >= 2.0:
        return "m", 1.0
    if size >= 0.03:
        return "cm", 1e2
    return ("mm", 1e3) if size >= 1e-4 else ("µm", 1e6)


def _in_unit(factor: float) -> Any:
    return lambda value, _position: f"{value * factor:.6g}".replace("-", "\N{MINUS SIGN}")


def _draw_part(
    axes: Axes, plan: PanelPlan, part: Part, view: View, looks: dict[str, dict[str, Any]]
) -> None:
    from matplotlib.patches import Polygon

    style = ROLES.get(part.role, {})
    if part.role in ("magnet", "escape"):
        axes.axvline(part.z[0], zorder=3.0, **style)
        return
    if part.role == "preshower":
        _draw_preshower(axes, plan, part, style)
        return
    outline = part.outline(view, plan.open_half)
    if part.role == "plane":
        _draw_plane(axes, outline, style)
        return
    torn = part.spans(view) is None
    shape = _torn(outline, plan) if torn else outline
    body: dict[str, Any] = {"zorder": 2.0 if part.role == "matter" else 1.5, **style}
    if part.role == "matter" and not shows_layers(part, plan):
        body |= mixed_looks(looks, _shares(part.layers))
    elif part.role == "matter":
        body |= {"facecolor": "none"}
    patch = Polygon(shape, closed=True, label=part.name, **body)
    axes.add_patch(patch)
    if part.role == "matter":
        if shows_layers(part, plan):
            _draw_layers(axes, plan, part, outline, patch, looks)
        closed = np.append(np.arange(len(shape)), 0)
        line = "-" if part.placed else ":"
        axes.plot(*shape[closed].T, color="black", linewidth=0.8, linestyle=line, zorder=2.4)


def _draw_preshower(axes: Axes, plan: PanelPlan, part: Part, style: dict[str, Any]) -> None:
    """Mark the depth of the preshower, where all of it is in the panel."""
    from matplotlib.patches import Polygon

    if part.z[1] < plan.z[1]:
        outline = part.outline(plan.views[0], 0.88 * plan.open_half)
        axes.add_patch(Polygon(outline, closed=True, zorder=2.6, label=part.name, **style))


def _shares(layers: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Return the thickness of each material in a period."""
    shares: dict[str, float] = {}
    for name, thickness in layers:
        shares[name] = shares.get(name, 0.0) + thickness
    return shares


def _draw_plane(axes: Axes, outline: FloatArray, style: dict[str, Any]) -> None:
    """Draw a plane: a line across the beam or along it, or its face if that is seen."""
    from matplotlib.patches import Polygon

    along, across = np.ptp(outline, axis=0)
    if along > 0.0 and across > 0.0:
        face = {"facecolor": "#00000018", "edgecolor": style["color"], "linewidth": 1.2}
        axes.add_patch(Polygon(outline, closed=True, zorder=3.0, **face))
        return
    ends = outline[[0, 2]]
    axes.plot(*ends.T, solid_capstyle="butt", zorder=3.2, **style)


def _torn(outline: FloatArray, plan: PanelPlan) -> FloatArray:
    """Return an outline whose edges along the beam are torn: there its size is not known."""
    tooth = _TOOTH / plan.inches_per_m()
    depth = _DEPTH / (plan.inches_per_m() * plan.stretch)
    begin, end = float(outline[0, 0]), float(outline[1, 0])
    number = int(np.clip(round((end - begin) / tooth), 1, 200))
    along = np.linspace(begin, end, 2 * number + 1)
    zigzag = depth * np.where(np.arange(along.size) % 2, 1.0, -1.0)
    low = np.stack((along, outline[0, 1] + zigzag), axis=-1)
    high = np.stack((along, outline[3, 1] + zigzag), axis=-1)
    return np.concatenate((low, high[::-1]))


def _draw_layers(
    axes: Axes,
    plan: PanelPlan,
    part: Part,
    outline: FloatArray,
    patch: Any,
    looks: dict[str, dict[str, Any]],
) -> None:
    """Draw each layer that is in view; those of one material together."""
    from matplotlib.collections import PolyCollection

    low, high = float(outline[:, 1].min()), float(outline[:, 1].max())
    margin = 0.5 * (high - low)
    names, edges = part.boundaries()
    for material in dict.fromkeys(names):
        boxes = [
            [(a, low - margin), (b, low - margin), (b, high + margin), (a, high + margin)]
            for name, a, b in zip(names, edges[:-1], edges[1:], strict=True)
            if name == material and b > plan.z[0] and a < plan.z[1]
        ]
        layers = PolyCollection(boxes, zorder=2.0, label=material, **looks[material])
        axes.add_collection(layers, autolim=False)
        layers.set_clip_path(patch)


def legend_handles(
    parts: Sequence[Part], tracks: Sequence[Track], panels: Sequence[PanelPlan]
) -> list[Any]:
    """Return what the legend explains: materials, what else is drawn, and torn edges."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    looks = material_looks(name for part in parts for name, _ in part.layers)
    shown = [
        (part, shows_layers(part, panel))
        for panel in panels
        for part in panel.in_view(parts)
        if part.layers
    ]
    alone = {name for part, single in shown if single for name, _ in part.layers}
    handles: list[Any] = [
        Patch(label=name, **{**look, "linewidth": 0.5, "edgecolor": "black"})
        for name, look in looks.items()
        if name in alone
    ]
    for layers in dict.fromkeys(part.layers for part, single in shown if not single):
        shares = _shares(layers)
        label = "layers of " + " and ".join(shares)
        handles.append(Patch(label=label, **{**mixed_looks(looks, shares), "linewidth": 0.5}))
    words = {
        "shield": "dump and shield: decays are lost",
        "decay volume": "decay volume",
        "preshower": "preshower",
        "plane": "plane that must be crossed",
        "magnet": "middle of the magnet",
        "escape": "visible decays are seen up to here",
    }
    for role in dict.fromkeys(part.role for part in parts):
        style = ROLES.get(role)
        if style is not None:
            kind: Any = Patch if "facecolor" in style else Line2D
            handles.append(kind(*(() if kind is Patch else ([], [])), label=words[role], **style))
    for number, name in enumerate(dict.fromkeys(track.name for track in tracks)):
        handles.append(Line2D([], [], label=name, **TRACKS[number % len(TRACKS)]))
    if any(part.x is None and part.role in ("matter", "shield") for part in parts):
        torn = Line2D(
            [],
            [],
            color="black",
            linewidth=0.7,
            marker=cast("Any", "$\\wedge\\!\\wedge\\!\\wedge$"),
        )
        torn.set(
            linestyle="none", markersize=14.0, label="torn edge: arbitrary, size not described"
        )
        handles.append(torn)
    return handles
