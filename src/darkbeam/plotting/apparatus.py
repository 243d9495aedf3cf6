"""A picture of an experiment from its description: side and top view, to scale, with its parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from darkbeam.plotting.style import check_ending, save, styled

if TYPE_CHECKING:
    import os

    from matplotlib.figure import Figure

    from darkbeam.experiments import Experiment
    from darkbeam.experiments.description import ExperimentDescription

__all__ = ["apparatus"]


def apparatus(
    experiment: str | Path | Experiment | ExperimentDescription,
    *,
    path: str | os.PathLike[str] | None = None,
) -> Figure:
    """Draw an experiment to scale, from the side and from above, with a list of its parts.

    Where one scale cannot show both directions, what is across the beam is stretched, and the
    axis says how many times. Edges are torn where the description gives no size.

    Parameters
    ----------
    experiment : str, Path, Experiment or ExperimentDescription
        A name as in `darkbeam.experiments.experiment_names`, a TOML file, or what these give.
    path : str or Path, optional
        A file to write: .pdf, .png or .svg.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UnknownNameError
        There is no such experiment; the near match is named.
    ExperimentError
        The file is malformed.
    InputError
        The picture's ending is unknown, or it cannot be written.
    """
    from darkbeam.experiments import experiment as find
    from darkbeam.plotting.apparatus_drawing import draw, drawing_of

    if path is not None:
        check_ending(path)
    found: Any = find(experiment) if isinstance(experiment, str | Path) else experiment
    drawing = drawing_of(getattr(found, "description", found))
    with styled():
        figure = draw(drawing)
        if path is not None:
            save(figure, path)
    return figure
