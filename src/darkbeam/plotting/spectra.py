"""Expected events along the mediator's mass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from darkbeam.errors import InputError
from darkbeam.plotting.labels import mass_label
from darkbeam.plotting.style import COLOURS, canvas, frame_masses, logarithmic, place_legend

if TYPE_CHECKING:
    import os

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


__all__ = ["expected_events"]


def expected_events(
    result: xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the expected number of signal events against the mediator's mass.

    Parameters
    ----------
    result : xarray.Dataset
        ``expected_events`` along ``mass_GeV``.
    path, ax
        As for `exclusion`.

    Raises
    ------
    InputError
        The result holds no events.
    """
    if "expected_events" not in result:
        raise InputError("result: has no 'expected_events'")
    result = result.sortby("mass_GeV")
    mass = np.asarray(result["mass_GeV"].values)
    events = np.asarray(result["expected_events"].values)
    positive = events[events > 0.0]
    words = [str(result.attrs[key]) for key in ("experiment", "run") if key in result.attrs]
    with canvas(path, ax) as (figure, axes):
        style: dict[str, Any] = {"color": COLOURS[0], "marker": "o" if mass.size < 15 else ""}
        (line,) = axes.plot(mass, np.where(events > 0.0, events, np.nan), **style)
        line.set_label(" ".join(words).replace("-", "\N{EN DASH}"))
        frame_masses(axes, mass)
        if positive.size:
            axes.set_ylim(
                10.0 ** np.floor(np.log10(positive.min() / 1.2)),
                10.0 ** np.ceil(np.log10(positive.max() * 1.2)),
            )
        logarithmic(axes, "xy" if positive.size else "x")
        axes.set_xlabel(mass_label(str(result.attrs.get("model", ""))))
        axes.set_ylabel("expected signal events")
        if words:
            place_legend(axes, [line])
    return figure
