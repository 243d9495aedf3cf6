"""The picture of an experiment put together: head, rows of panels, legend, list of parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from darkbeam.errors import UnknownNameError
from darkbeam.experiments.displaced_decay_description import DisplacedDecayDescription
from darkbeam.plotting.apparatus_axes import draw_panel, legend_handles
from darkbeam.plotting.apparatus_labels import LINE, label_space, place_names, text_width
from darkbeam.plotting.apparatus_panels import WIDTH, PanelPlan, plan_panels
from darkbeam.plotting.apparatus_parts import Part, Track, length_text, parts_of, tracks_of
from darkbeam.plotting.labels import particle_label
from darkbeam.units import format_energy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from darkbeam.experiments.description import ExperimentDescription

__all__ = ["Drawing", "draw", "drawing_of"]

_LEFT, _RIGHT, _GAP = 0.8, 0.3, 0.95  # inches
_HEAD = 0.72
_TICKS = 0.45  # below each panel
_TITLE = 0.2  # above each panel
_TEXT, _TITLE_POINTS = 8.0, 11.0  # points
_BOLD = 1.13  # how much wider bold letters are, at most
_ACCENTS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}
_EDGE, _COLUMN = 0.25, 0.2


@dataclass(frozen=True)
class Drawing:
    """What a picture shows. Made by `drawing_of`.

    Attributes
    ----------
    title, beam : str
        The head of the picture.
    references : tuple of str
        Where the papers stand.
    parts : tuple of Part
        What stands where.
    tracks : tuple of Track
        Lines.
    panels : tuple of PanelPlan
        What is shown in which scale.
    collider : bool
        Whether beams collide at z = 0.
    """

    title: str
    beam: str
    references: tuple[str, ...]
    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    panels: tuple[PanelPlan, ...]
    collider: bool = False


def drawing_of(description: ExperimentDescription) -> Drawing:
    """Return what the picture of an experiment shows."""
    parts, tracks = parts_of(description), tracks_of(description)
    beam = description.beam
    collider = isinstance(description, DisplacedDecayDescription) and description.collider
    energy = format_energy(beam.energy, 4).replace(" ", "")
    words = particle_label(f"{beam.particle}:{energy}")
    return Drawing(
        f"{description.name}: {description.title}",
        re.sub(r"(\d)([A-Za-z]+ )", r"\1 \2", words),
        tuple(_short_reference(key) for key in description.references),
        parts,
        tracks,
        plan_panels(parts, tracks),
        collider,
    )


def draw(drawing: Drawing) -> Figure:
    """Draw what a picture shows on a new figure."""
    from matplotlib.figure import Figure as NewFigure

    rows = _rows(drawing)
    heights = [_row_height(drawing, row) for row in rows]
    table = _part_rows(drawing)
    handles = legend_handles(drawing.parts, drawing.tracks, drawing.panels)
    legend_height = LINE * (1.3 + -(-len(handles) // 3))
    list_height = LINE * (1.2 + len(table))
    height = _HEAD + sum(heights) + legend_height + list_height + 0.1
    width = _LEFT + WIDTH + _RIGHT
    figure = NewFigure(figsize=(width, height))
    _head(figure, drawing, width, height)
    top = height - _HEAD
    for row, row_height in zip(rows, heights, strict=True):
        _draw_row(figure, drawing, row, top, (width, height))
        top -= row_height
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(_EDGE / width, top / height),
        ncols=3,
        fontsize=_TEXT,
        handlelength=2.4,
        handleheight=1.1,
        columnspacing=1.2,
        borderaxespad=0.0,
    )
    _write_parts(figure, table, top - legend_height, (width, height))
    return figure


def _rows(drawing: Drawing) -> list[list[PanelPlan]]:
    numbers = sorted({panel.row for panel in drawing.panels})
    return [[panel for panel in drawing.panels if panel.row == n] for n in numbers]


def _row_height(drawing: Drawing, row: Sequence[PanelPlan]) -> float:
    return max(panel.height + _TITLE + label_space(panel, drawing.parts) + _TICKS for panel in row)


def _draw_row(
    figure: Figure,
    drawing: Drawing,
    row: Sequence[PanelPlan],
    top: float,
    size: tuple[float, float],
) -> None:
    from darkbeam.plotting.style import sign

    width, height = size
    left = _LEFT
    above = max(_TITLE + label_space(panel, drawing.parts) for panel in row)
    for panel in row:
        bottom = top - above - panel.height
        box = (left / width, bottom / height, panel.width / width, panel.height / height)
        axes = figure.add_axes(box)
        names = label_space(panel, drawing.parts)
        draw_panel(axes, panel, drawing.parts, drawing.tracks, names + 0.05)
        place_names(axes, panel, drawing.parts)
        if panel.whole:
            _draw_beam(axes, drawing, panel)
        if panel is drawing.panels[0]:
            sign(axes)
        left += 0.5 * (WIDTH - _GAP) + _GAP


def _draw_beam(axes: Any, drawing: Drawing, panel: PanelPlan) -> None:
    """Draw an arrow that ends where the beam hits the target, or the beams each other."""
    begin = panel.z[0]
    axes.annotate(
        "",
        xy=(0.0, 0.0),
        xytext=(begin + 0.12 * (0.0 - begin), 0.0),
        arrowprops={"arrowstyle": "-|>", "color": "black", "linewidth": 1.2, "shrinkB": 0.0},
        zorder=6,
    )
    axes.annotate(
        drawing.beam,
        (begin, 0.0),
        xytext=(4, 3),
        textcoords="offset points",
        fontsize=_TEXT,
        zorder=6,
    )
    if drawing.collider:
        axes.plot([0.0], [0.0], marker="*", color="black", markersize=7, zorder=6)


def _head(figure: Figure, drawing: Drawing, width: float, height: float) -> None:
    room = (width - 2.0 * _EDGE) / (_BOLD * text_width(drawing.title, 1.0))
    points = min(_TITLE_POINTS, room)
    figure.text(_EDGE / width, 1.0 - 0.24 / height, drawing.title, fontsize=points, weight="bold")
    where = "z = 0: collisions" if drawing.collider else "z = 0: front of the target"
    text = f"beam {drawing.beam}   ·   {where}"
    separator = "   ·   "
    for reference in drawing.references:
        longer = text + separator + reference
        if text_width(longer, 8.5) < width - 2.0 * _EDGE:
            text, separator = longer, "; "
    figure.text(_EDGE / width, 1.0 - 0.45 / height, text, fontsize=8.5, color="0.25")


def _short_reference(key: str) -> str:
    """Return where a paper stands, such as "NA64, arXiv:1710.00971"; the key if it is not known."""
    from darkbeam.citations import bibtex

    try:
        entry = bibtex([key])
    except UnknownNameError:
        return key
    fields = dict(re.findall(r'^\s*(\w+)\s*=\s*"(.*)",?$', entry, re.MULTILINE))
    names = fields.get("author", "").split(" and ")
    first = names[0].split(",")[0] + (" et al." if len(names) > 1 else "")
    who = _plain(fields.get("collaboration", first))
    if "eprint" in fields:
        return f"{who}, arXiv:{fields['eprint']}"
    journal = " ".join(fields.get(name, "") for name in ("journal", "volume", "pages"))
    return f"{who}, {journal.strip()} ({fields.get('year', '')})".replace("--", "–")


def _plain(name: str) -> str:
    r"""Return a name without the marks of BibTeX, such as Blümlein for ``Bl{\"u}mlein``."""
    with_ring = re.sub(r"\\(AA|aa)\b ?", lambda m: "Å" if m[1] == "AA" else "å", name)
    composed = re.sub(
        rf"\\([{''.join(_ACCENTS)}])\{{?(\w)\}}?",
        lambda m: unicodedata.normalize("NFC", m[2] + _ACCENTS[m[1]]),
        with_ring,
    )
    return re.sub(r"[{}\\]", "", composed)


def _part_rows(drawing: Drawing) -> list[tuple[str, str, str, str]]:
    rows = [("part", "along z", "across (x × y)", "made of")]
    for number, part in enumerate(drawing.parts, start=1):
        begin, end = part.z
        where = f"{length_text(begin) if begin else 0} to {length_text(end)}"
        if begin == end:
            where = f"at {length_text(begin)}"
        if not part.placed:
            where = f"{length_text(end - begin)} long, place not described"
        unknown = "" if part.role in ("magnet", "escape") else "not described"
        rows.append((f"{number}  {part.name}", where, part.across or unknown, part.made_of))
    return rows


def _write_parts(
    figure: Figure, rows: Sequence[tuple[str, ...]], top: float, size: tuple[float, float]
) -> None:
    """Write the list of parts, each column as wide as it needs to be."""
    width, height = size
    columns = list(zip(*rows, strict=True))
    needed = sum(max(text_width(cell, _TEXT) for cell in column) + _COLUMN for column in columns)
    points = min(_TEXT, _TEXT * (width - 2.0 * _EDGE) / needed)
    left = _EDGE
    for column in columns:
        for number, cell in enumerate(column):
            figure.text(
                left / width,
                (top - LINE * (number + 1)) / height,
                cell,
                fontsize=points,
                weight="bold" if number == 0 else "normal",
            )
        left += max(text_width(cell, points) for cell in column) + _COLUMN
