"""Anomalous magnetic moments along the mediator's mass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from darkbeam.errors import InputError
from darkbeam.plotting.labels import coupling_symbol, mass_label
from darkbeam.plotting.style import (
    COLOURS,
    canvas,
    frame_masses,
    logarithmic,
    place_legend,
    scientific,
)

if TYPE_CHECKING:
    import os

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["moment"]

_LEPTONS = {"e": "e", "mu": r"\mu", "tau": r"\tau"}


def moment(
    result: xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the size of what a mediator adds to an anomalous moment against its mass.

    Where it takes from the moment the line is dashed.

    Parameters
    ----------
    result : xarray.Dataset
        A result of `darkbeam moment`: ``delta_a`` along ``mass_GeV``.
    path, ax
        As for `exclusion`.

    Raises
    ------
    InputError
        The result holds no moment, or it is zero everywhere.
    """
    if "delta_a" not in result or "mass_GeV" not in result.variables:
        raise InputError("result: without 'delta_a' along 'mass_GeV' it holds no moment")
    result = result.sortby("mass_GeV")
    mass, values = (np.asarray(result[name].values) for name in ("mass_GeV", "delta_a"))
    if not values.any():
        raise InputError("result: the mediator adds nothing to the moment")
    lepton = _LEPTONS.get(str(result.attrs.get("lepton", "")), "")
    attributes = result.attrs
    with canvas(path, ax) as (figure, axes):
        handles = []
        for sign, line, words in ((1.0, "-", r"$\Delta a > 0$"), (-1.0, "--", r"$\Delta a < 0$")):
            part = np.where(sign * values > 0.0, np.abs(values), np.nan)
            if np.isfinite(part).any():
                handles += axes.plot(mass, part, color=COLOURS[0], linestyle=line, label=words)
        frame_masses(axes, mass)
        exponents = np.log10(np.abs(values[values != 0.0]))
        axes.set_ylim(10.0 ** np.floor(exponents.min()), 10.0 ** np.ceil(exponents.max() + 0.01))
        logarithmic(axes)
        axes.set_xlabel(mass_label(str(attributes.get("model", ""))))
        axes.set_ylabel(rf"$|\Delta a_{{{lepton}}}|$")
        title = ""
        if "value" in attributes:
            symbol = coupling_symbol(str(attributes.get("coupling", "")))
            title = rf"${symbol} = {scientific(float(attributes['value']))}$"
        place_legend(axes, handles, title=title, alignment="left")
    return figure
