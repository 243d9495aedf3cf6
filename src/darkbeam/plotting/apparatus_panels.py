"""Which panels the picture of an experiment has, and their scales.

A panel has the same scale along and across the beam where that can be read. Where it cannot, what
is across the beam is stretched by a whole factor, which the axis states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from darkbeam.plotting.apparatus_parts import Across, Part, Span, Track, View

__all__ = ["WIDTH", "PanelPlan", "plan_panels", "shows_layers"]

WIDTH = 6.6
"""Width of the widest panel, inches."""
_GAP = 0.95  # between two panels side by side, inches
_HALF = 0.5 * (WIDTH - _GAP)
_LOWEST, _READABLE, _USUAL, _HIGHEST = 0.3, 0.6, 0.75, 2.9  # heights of panels, inches
_STRETCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
_NARROWEST = 0.42 * WIDTH
_BEAM = 0.16  # share of the width in front of the target, where the beam is drawn
_MARGIN = 0.05
_ZOOM_BELOW = 0.35  # of the whole length: what is shorter has a panel of its own
_PERIODS = 6
_THINNEST = 0.014  # inches that a layer needs in the mean to be drawn on its own
_OPEN = 0.12  # half size of what has none, as a share of the range
_BODIES = ("matter", "shield")
_SAME_SIZE = 1e-9
_VIEWS: tuple[View, ...] = ("side", "top")


@dataclass(frozen=True)
class PanelPlan:
    """One panel: what it shows, its ranges in m, its size in inches.

    Attributes
    ----------
    subject : str
        What it shows.
    views : tuple of str
        ``"side"``, ``"top"``, or both where they are the same.
    z, across : (float, float)
        Ranges along and across the beam, m.
    stretch : int
        How many times larger the scale across the beam is.
    width, height : float
        Of the axes, inches.
    open_half : float
        Half the size that is drawn where the description gives none, m.
    row : int
        Panels of one row stand side by side.
    """

    subject: str
    views: tuple[View, ...]
    z: Span
    across: Span
    stretch: int
    width: float
    height: float
    open_half: float
    row: int = 0

    @property
    def whole(self) -> bool:
        """Whether it shows everything."""
        return self.subject == "whole set-up"

    def inches_per_m(self) -> float:
        """Return the scale along the beam."""
        return self.width / (self.z[1] - self.z[0])

    def in_view(self, parts: Sequence[Part]) -> list[Part]:
        """Return the parts that lie within the range in z."""
        return [part for part in parts if part.z[1] >= self.z[0] and part.z[0] <= self.z[1]]


def plan_panels(parts: Sequence[Part], tracks: Sequence[Track] = ()) -> tuple[PanelPlan, ...]:
    """Return the panels: the whole from the side and from above, and what is small in it."""
    end = max(part.z[1] for part in parts)
    begin = min(0.0, *(part.z[0] for part in parts))
    length = end - begin
    whole = (begin - _BEAM * length, end + _MARGIN * length)
    rows: list[list[PanelPlan]] = [
        [plan] for plan in _views(parts, "whole set-up", whole, WIDTH, tracks)
    ]
    target = next((part for part in parts if part.layers), None)
    near = [] if target is None else _target_zooms(target, parts, length)
    far = _detector_zooms(parts, length)
    rows += [near + far] if len(near) == len(far) == 1 else [row for row in (near, far) if row]
    return tuple(replace(plan, row=number) for number, row in enumerate(rows) for plan in row)


def shows_layers(part: Part, plan: PanelPlan) -> bool:
    """Tell whether the layers of a part are thick enough in a panel to be drawn one by one."""
    number = len(part.layers) * part.repeats
    return number == 1 or (part.z[1] - part.z[0]) * plan.inches_per_m() > _THINNEST * number


def _target_zooms(target: Part, parts: Sequence[Part], length: float) -> list[PanelPlan]:
    thickness = target.z[1] - target.z[0]
    zooms: list[PanelPlan] = []
    if thickness < _ZOOM_BELOW * length:
        frame = (target.z[0] - 0.2 * thickness, target.z[1] + 0.2 * thickness)
        zooms += _views([target], target.name, frame, _HALF)[:1]
    last = zooms[0] if zooms else _views(parts, "", (0.0, length), WIDTH)[0]
    if target.repeats > 1 and not shows_layers(target, last):
        shown = min(_PERIODS, target.repeats) * thickness / target.repeats
        frame = (target.z[0] - 0.1 * shown, target.z[0] + shown)
        zooms += _views([target], "first layers", frame, _HALF)[:1]
    return zooms


def _detector_zooms(parts: Sequence[Part], length: float) -> list[PanelPlan]:
    behind = [part for part in parts if part.role in ("decay volume", "plane")]
    if not any(part.role == "decay volume" for part in behind):
        return []
    begin, end = min(p.z[0] for p in behind), max(p.z[1] for p in behind)
    extent = end - begin
    if extent > _ZOOM_BELOW * length:
        return []
    frame = (begin - _MARGIN * extent, end + _MARGIN * extent)
    return _views(behind, "decay volume", frame, _HALF, axis=False)


def _views(
    parts: Sequence[Part],
    subject: str,
    z: Span,
    width: float,
    tracks: Sequence[Track] = (),
    *,
    axis: bool = True,
) -> list[PanelPlan]:
    """Return a panel for each view, or one for both where they do not differ.

    With `axis` they reach to the axis of the beam.
    """
    ranges = [_range(parts, view, z, width, bool(tracks), axis) for view in _VIEWS]
    stretch = max(_stretch(high - low, z, width) for low, high in ranges)
    side, top = (
        _one_view(parts, subject, view, z, width, across, stretch)
        for view, across in zip(_VIEWS, ranges, strict=True)
    )
    same = all(_same(part.x, part.y) for part in parts) and all(t.x == t.y for t in tracks)
    return [replace(side, views=_VIEWS)] if same else [side, top]


def _same(x: Across | None, y: Across | None) -> bool:
    if x is None or y is None:
        return x is y
    return bool(np.allclose(x, y, rtol=_SAME_SIZE, atol=0.0))


def _known(parts: Sequence[Part], view: View) -> list[float]:
    """Return all edges across the beam that the description gives."""
    return [edge for part in parts for span in part.spans(view) or () for edge in span]


def _range(
    parts: Sequence[Part], view: View, z: Span, width: float, opens: bool, axis: bool
) -> Span:
    """Return what a panel must show across the beam, m; `opens` for lines that spread."""
    length = z[1] - z[0]
    edges = _known(parts, view)
    if not edges:
        half = 0.13 * length if opens else 0.5 * _USUAL * length / width
        return -half, half
    low, high = min(edges), max(edges)
    if axis:
        low, high = min(0.0, low), max(0.0, high)
    if any(part.spans(view) is None and part.role in _BODIES for part in parts):
        room = 1.3 * _OPEN * (high - low)
        low, high = min(low, -room), max(high, room)
    margin = _MARGIN * max(high - low, 0.02 * length)
    return low - margin, high + margin


def _stretch(size: float, z: Span, width: float) -> int:
    """Return the least factor across the beam that makes a size readable."""
    true = size * width / (z[1] - z[0])
    for stretch in _STRETCHES:
        if stretch * true >= (_LOWEST if stretch == 1 else _READABLE):
            return stretch
    return _STRETCHES[-1]


def _one_view(
    parts: Sequence[Part],
    subject: str,
    view: View,
    z: Span,
    width: float,
    across: Span,
    stretch: int,
) -> PanelPlan:
    low, high = across
    size, height = high - low, stretch * (high - low) * width / (z[1] - z[0])
    if height > _HIGHEST:
        width, height = width * _HIGHEST / height, _HIGHEST
        if width < _NARROWEST:  # room on both sides, at the same scale
            more = (z[1] - z[0]) * (_NARROWEST / width - 1.0)
            z, width = (z[0] - 0.3 * more, z[1] + 0.7 * more), _NARROWEST
    elif height < _USUAL:
        size, height = size * _USUAL / height, _USUAL
    middle = 0.5 * (low + high)
    open_half = (_OPEN if _known(parts, view) or stretch > 1 else 2.0 * _OPEN) * (high - low)
    shown = (middle - 0.5 * size, middle + 0.5 * size)
    return PanelPlan(subject, (view,), z, shown, stretch, width, height, open_half)
