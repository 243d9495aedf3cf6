"""Names of parts above a panel, side by side, each with a line to its part."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from darkbeam.plotting.apparatus_panels import PanelPlan
from darkbeam.plotting.apparatus_parts import Part

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LINE", "label_space", "labels", "place_names", "spread", "text_width"]

LINE = 0.155
"""Height of a line of small text, inches."""
_SIZE = 8.0  # points
_NAME_LINE = 0.125
_WRAP = 18  # characters
_LEADER = 0.12  # inches between the axes and the names
_PADDING = 0.08
_PLANE_AT = 0.85  # of its length, off the middle of the volume that it covers


@lru_cache(maxsize=512)
def text_width(text: str, size: float) -> float:
    """Return the width of a text in inches."""
    from matplotlib.textpath import TextPath

    if not text.strip():
        return 0.0
    return float(TextPath((0.0, 0.0), text, size=size).get_extents().width) / 72.0


def spread(
    wanted: Sequence[float], widths: Sequence[float], low: float, high: float
) -> list[float]:
    """Return middles of intervals in order, near to those wanted, that do not overlap.

    Parameters
    ----------
    wanted : sequence of float
        Middles, rising.
    widths : sequence of float
        Widths of the intervals; their sum must not exceed high - low.
    low, high : float
        Where the first may begin and the last may end.
    """
    places: list[float] = []
    edge = low
    for middle, width in zip(wanted, widths, strict=True):
        places.append(max(middle, edge + 0.5 * width))
        edge = places[-1] + 0.5 * width
    edge = high
    for i in range(len(places) - 1, -1, -1):
        places[i] = min(places[i], edge - 0.5 * widths[i])
        edge = places[i] - 0.5 * widths[i]
    return places


def labels(plan: PanelPlan, parts: Sequence[Part]) -> list[tuple[float, str, Part]]:
    """Return where along z, in inches from the left, which name is wanted, from left to right.

    Names are wrapped; where they do not fit beside each other there are the numbers of the list.
    """
    scale = plan.inches_per_m()
    found = []
    for number, part in enumerate(parts, start=1):
        begin, end = max(part.z[0], plan.z[0]), min(part.z[1], plan.z[1])
        if begin > end or not _of_interest(plan, part):
            continue
        at = begin + (_PLANE_AT if part.role == "plane" else 0.5) * (end - begin)
        found.append(((at - plan.z[0]) * scale, str(number), part))
    found.sort(key=lambda each: (each[0], each[1]))
    if len(found) < 2 and not plan.whole:
        return []
    named = [(at, textwrap.fill(part.name, _WRAP), part) for at, _, part in found]
    if sum(_width(text) for _, text, _ in named) <= plan.width:
        return named
    return found


def _of_interest(plan: PanelPlan, part: Part) -> bool:
    """Tell whether a panel names a part: not what is shown there only in passing."""
    if plan.whole:
        return True
    inside = part.z[0] >= plan.z[0] and part.z[1] <= plan.z[1]
    return inside or part.role == "matter"


def _width(text: str) -> float:
    return max(text_width(line, _SIZE) for line in text.split("\n")) + _PADDING


def label_space(plan: PanelPlan, parts: Sequence[Part]) -> float:
    """Return the height that the names above a panel take, inches."""
    lines = max((text.count("\n") + 1 for _, text, _ in labels(plan, parts)), default=0)
    return _LEADER + _NAME_LINE * lines if lines else 0.0


def place_names(axes: Axes, plan: PanelPlan, parts: Sequence[Part]) -> None:
    """Write the names of the parts above a panel, with lines to them."""
    wanted = labels(plan, parts)
    widths = [_width(text) for _, text, _ in wanted]
    places = spread([at for at, _, _ in wanted], widths, 0.0, plan.width)
    for place, (at, text, part) in zip(places, wanted, strict=True):
        z = plan.z[0] + at / plan.inches_per_m()
        axes.annotate(
            text,
            xy=(z, _top(part, plan, z)),
            xycoords="data",
            xytext=(place / plan.width, 1.0 + _LEADER / plan.height),
            textcoords="axes fraction",
            ha="center",
            va="bottom",
            fontsize=_SIZE,
            linespacing=0.95,
            arrowprops={
                "arrowstyle": "-",
                "linewidth": 0.5,
                "color": "0.35",
                "shrinkA": 0.0,
                "shrinkB": 0.0,
                "relpos": (0.5, 0.0),
            },
            annotation_clip=False,
        )


def _top(part: Part, plan: PanelPlan, z: float) -> float:
    """Return the upper edge of a part at some z, within the panel."""
    if part.role in ("magnet", "escape"):
        return plan.across[1]
    outline = part.outline(plan.views[0], plan.open_half)[:, 1]
    begin, end = part.z
    if begin == end or part.round_face:
        top = float(outline.max())
    else:
        top = float(outline[3] + (outline[2] - outline[3]) * (z - begin) / (end - begin))
    return min(top, plan.across[1])
