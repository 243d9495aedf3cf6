"""The figures by their names."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from typing import Any

from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.papers.framework import FigureInfo, PaperFigure, Progress, Settings, Steps

__all__ = ["describe_figure", "figure", "figure_names"]

_MODULES = (
    "s0_f1",
    "s1_f2",
    "s1_f4",
    "s1_f5",
    "s1_f6",
    "s1_f7",
    "s1_f9",
    "s1_f10",
    "s1_f11",
    "s1_f12",
    "s1_f13",
    "s2_f31",
    "s2_f32",
    "s2_f33",
    "s2_f41",
    "s3_f3",
)
"""One module for each figure, with its `INFO`."""
_LEAST_POINTS = 2


@lru_cache(maxsize=1)
def _figures() -> dict[str, FigureInfo]:
    found: dict[str, FigureInfo] = {}
    for module in _MODULES:
        info: FigureInfo = import_module(f"darkbeam.papers.{module}").INFO
        found.update(dict.fromkeys((info.name, *info.also), info))
    return found


def figure_names() -> tuple[str, ...]:
    """Return the names of all figures, each once: the same figure may have others too."""
    return tuple(dict.fromkeys(info.name for info in _figures().values()))


def describe_figure(name: str) -> FigureInfo:
    """Return what a figure shows and how it is made.

    Parameters
    ----------
    name : str
        Such as ``"S1.F11"``; capitals do not matter.

    Raises
    ------
    UnknownNameError
        There is no such figure; the near match is named.

    Examples
    --------
    >>> describe_figure("S1.F8").name
    'S0.F1'
    """
    found = {known.upper(): info for known, info in _figures().items()}.get(str(name).upper())
    if found is None:
        raise UnknownNameError(f"figure = {name!r}: none; {suggestion(str(name), _figures())}")
    return found


def figure(name: str, *, progress: Progress | None = None, **settings: Any) -> PaperFigure:
    """Compute a figure of one of the source papers.

    Parameters
    ----------
    name : str
        Such as ``"S1.F11"``; see `figure_names`.
    progress : callable, optional
        Called with what is done and what there is in all.
    **settings
        ``points``, ``processes``, ``moment`` as in `darkbeam.papers.framework.Settings`, if the
        figure has them.

    Returns
    -------
    PaperFigure
        Its curves, ``table()`` and ``draw(path)``.

    Raises
    ------
    UnknownNameError
        There is no such figure or setting.
    InputError
        The figure has no such setting, or the value is out of range.

    Examples
    --------
    >>> fig = figure("S1.F12", points=4)
    >>> [curve.name for curve in fig.panels[0].curves][:2]
    ['20 MeV exact', '20 MeV IWW']
    """
    info = describe_figure(name)
    chosen = _chosen(info, settings)
    steps = Steps(progress, info.parts)
    panels = info.make(chosen, steps)
    if progress is not None:
        progress(info.parts, info.parts)
    return PaperFigure(info, panels, chosen)


def _chosen(info: FigureInfo, settings: dict[str, Any]) -> Settings:
    given = {key: value for key, value in settings.items() if value is not None}
    for key in given:
        if key not in Settings.__dataclass_fields__:
            known = Settings.__dataclass_fields__
            raise UnknownNameError(f"{key}: no such setting of a figure; {suggestion(key, known)}")
        if key not in info.uses:
            words = ", ".join(info.uses) or "none"
            raise InputError(f"{key}: {info.name} has no such setting, but {words}")
    if "points" in given:
        given["points"] = _points(given["points"])
    if "processes" in given:
        from darkbeam.experiments.signal import check_processes

        given["processes"] = check_processes(given["processes"])
    if "moment" in given:
        from darkbeam.moments import moment_data

        data = moment_data(given["moment"])
        if data.lepton != "mu":
            raise InputError(f"moment = {data.name!r}: must be of the muon, is of {data.lepton}")
        given["moment"] = data.name
    return replace(info.defaults, **given)


def _points(value: Any) -> int:
    from darkbeam.units import parse_integer

    return parse_integer(value, name="points", minimum=_LEAST_POINTS)
