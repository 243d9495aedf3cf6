"""What a figure of a paper is: panels of curves, a table of all their numbers, a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from darkbeam.papers.tables import long_table

if TYPE_CHECKING:
    import os

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "PAPERS",
    "Curve",
    "FigureInfo",
    "Panel",
    "PaperFigure",
    "Progress",
    "Settings",
    "Steps",
]

Progress = Callable[[int, int], None]

PAPERS = {
    "S0": ("Gninenko:2018tlp", "arXiv:1801.10448"),
    "S1": ("Gninenko:2020hbd", "arXiv:2003.07257"),
    "S2": ("Coy:2021wfs", "arXiv:2108.05147"),
    "S3": ("Gninenko:2022ttd", "arXiv:2202.04410"),
}
"""The source papers: key of the bibliography and preprint."""

_PANEL_SIZE = (5.4, 4.1)  # inches
# Fixed margins in inches, wide enough for any label: to measure all texts takes most of the time.
_MARGINS = {"left": 0.8, "right": 0.5, "bottom": 0.6, "top": 0.35}
_RESOLUTION = 1000  # steps of the progress of one part


@dataclass(frozen=True)
class Settings:
    """What of a figure's computation may be chosen.

    Parameters
    ----------
    points : int
        Masses on each curve.
    processes : tuple of str
        How the mediator is made in electron beams: ``bremsstrahlung``, ``annihilation``.
    moment : str
        Data set of the muon's anomalous moment.
    """

    points: int = 40
    processes: tuple[str, ...] = ("bremsstrahlung",)
    moment: str = "BNL2006"


@dataclass(frozen=True)
class Curve:
    """One curve, band or region.

    Parameters
    ----------
    name : str
        Unique in its panel; stands in the table.
    data : xarray.Dataset
        Its numbers, with units, and what they rest on as attributes.
    label : str
        Text of the legend; by default the name.
    style : mapping
        Properties of the line, if not those of the plot.
    """

    name: str
    data: xr.Dataset
    label: str = ""
    style: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Text of the legend."""
        return self.label or self.name


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Parameters
    ----------
    name : str
        Short name; stands in the table.
    curves : tuple of Curve
        What is shown.
    draw : callable
        Draws the curves on axes: ``draw(axes, curves)``.
    title : str
        Text above the axes.
    """

    name: str
    curves: tuple[Curve, ...]
    draw: Callable[[Axes, tuple[Curve, ...]], None]
    title: str = ""


@dataclass(frozen=True)
class FigureInfo:
    """A figure of a paper and how it is made.

    Parameters
    ----------
    name : str
        Paper and number, such as ``S1.F11``.
    title : str
        What it shows, in a line.
    shows : str
        What the paper's figure shows, and what of it is computed here.
    conventions : tuple of str
        Choices that follow the paper where the package's default is another.
    differences : tuple of str
        Where the result differs from what the paper says, with numbers and the reason.
    make : callable
        ``make(settings, steps)`` returns the panels.
    parts : int
        Number of parts of the computation, for the progress.
    defaults : Settings
        Settings if nothing else is asked for.
    uses : tuple of str
        Names of the settings that this figure has.
    columns : int
        Panels side by side.
    also : tuple of str
        Other names of the same figure.
    picture : callable, optional
        Draws the whole figure, where its panels are not of one size.
    """

    name: str
    title: str
    shows: str
    conventions: tuple[str, ...]
    differences: tuple[str, ...]
    make: Callable[[Settings, Steps], tuple[Panel, ...]]
    parts: int
    defaults: Settings = field(default_factory=Settings)
    uses: tuple[str, ...] = ("points",)
    columns: int = 1
    also: tuple[str, ...] = ()
    picture: Callable[[PaperFigure], Figure] | None = None

    @property
    def references(self) -> tuple[str, ...]:
        """Keys of the papers that have this figure."""
        names = (self.name, *self.also)
        return tuple(dict.fromkeys(PAPERS[name.split(".")[0]][0] for name in names))


class Steps:
    """The progress of a computation of several parts, each as long as the others."""

    def __init__(self, report: Progress | None, parts: int) -> None:
        """Keep what reports the whole."""
        self._report = report
        self._parts = parts
        self._begun = 0

    def part(self) -> Progress | None:
        """Begin the next part; return what reports its progress."""
        report, index = self._report, min(self._begun, self._parts - 1)
        self._begun += 1
        if report is None:
            return None
        whole = self._parts * _RESOLUTION
        report(index * _RESOLUTION, whole)
        return lambda done, total: report(int((index + done / total) * _RESOLUTION), whole)


@dataclass(frozen=True)
class PaperFigure:
    """A computed figure. Made by `darkbeam.papers.figure`.

    Parameters
    ----------
    info : FigureInfo
        What it is.
    panels : tuple of Panel
        The panels with their curves.
    settings : Settings
        How it was computed.
    """

    info: FigureInfo
    panels: tuple[Panel, ...]
    settings: Settings

    def curve(self, name: str, panel: str | None = None) -> xr.Dataset:
        """Return the numbers of one curve.

        Parameters
        ----------
        name : str
            Name of the curve.
        panel : str, optional
            Name of the panel; by default the first that has such a curve.

        Raises
        ------
        UnknownNameError
            There is none; the near match is named.
        """
        from darkbeam.errors import UnknownNameError, suggestion

        shown = [p for p in self.panels if panel in (None, p.name)]
        for one in shown:
            for curve in one.curves:
                if curve.name == name:
                    return curve.data
        if not shown:
            known = [p.name for p in self.panels]
            raise UnknownNameError(f"panel = {panel!r}: none; {suggestion(str(panel), known)}")
        known = [curve.name for one in shown for curve in one.curves]
        raise UnknownNameError(f"curve = {name!r}: none; {suggestion(name, known)}")

    def table(self) -> xr.Dataset:
        """Return all numbers as one long table: ``panel``, ``curve``, and what varies along it.

        What each curve rests on stands in the attribute ``curves``, by panel and curve.
        """
        from darkbeam.results import stamp

        table = long_table([(p.name, c.name, c.data) for p in self.panels for c in p.curves])
        keys = [*self.info.references, *str(table.attrs["references"]).split(",")]
        return stamp(
            table,
            figure=self.info.name,
            title=self.info.title,
            conventions=list(self.info.conventions),
            differences=list(self.info.differences),
            references=",".join(dict.fromkeys(key for key in keys if key)),
        )

    def write_data(self, path: str | os.PathLike[str]) -> None:
        """Write the table to a file: .csv, .json, .nc or .h5."""
        from darkbeam.results import write_dataset

        write_dataset(self.table(), path)

    def draw(self, path: str | os.PathLike[str] | None = None) -> Figure:
        """Draw the figure; write it to a file (.pdf, .png, .svg) if one is given."""
        from matplotlib.figure import Figure as NewFigure

        from darkbeam.plotting.style import check_ending, save, styled

        if path is not None:
            check_ending(path)
        if self.info.picture is not None:
            with styled():
                figure = self.info.picture(self)
                if path is not None:
                    save(figure, path)
            return figure
        columns = self.info.columns
        rows = -(-len(self.panels) // columns)
        with styled():
            size = (_PANEL_SIZE[0] * columns, _PANEL_SIZE[1] * rows)
            figure = NewFigure(figsize=size)
            figure.subplots_adjust(**_margins(rows, columns))
            grid = figure.subplots(rows, columns, squeeze=False)
            for panel, axes in zip(self.panels, grid.flat, strict=False):
                if panel.title:
                    axes.set_title(panel.title, fontsize="medium")
                panel.draw(axes, panel.curves)
            for axes in grid.flat[len(self.panels) :]:
                axes.remove()
            if path is not None:
                save(figure, path)
        return figure


def _margins(rows: int, columns: int) -> dict[str, float]:
    """Return what `subplots_adjust` takes: the same margins around each panel."""
    width, height = _PANEL_SIZE
    across, down = _MARGINS["left"] + _MARGINS["right"], _MARGINS["bottom"] + _MARGINS["top"]
    return {
        "left": _MARGINS["left"] / (width * columns),
        "right": 1.0 - _MARGINS["right"] / (width * columns),
        "bottom": _MARGINS["bottom"] / (height * rows),
        "top": 1.0 - _MARGINS["top"] / (height * rows),
        "wspace": across / (width - across),
        "hspace": down / (height - down),
    }
