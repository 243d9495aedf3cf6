"""Branching fractions and lifetimes along the mediator's mass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import SPEED_OF_LIGHT_M_S
from darkbeam.errors import InputError
from darkbeam.plotting.labels import channel_label, mass_label
from darkbeam.plotting.style import (
    COLOURS,
    LINES,
    canvas,
    check_ending,
    frame_masses,
    logarithmic,
    place_legend,
    save,
    styled,
)

if TYPE_CHECKING:
    import os

    import xarray as xr
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from darkbeam.decays import Widths

__all__ = ["branching", "decays", "lifetime"]

FloatArray = NDArray[np.float64]
MOST_LINES = 14
FEW_LINES = 8
STACKED_SIZE = (5.4, 6.6)


def branching(
    widths: Widths | xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the branching fractions of a mediator against its mass.

    Where decays to hadrons are open but not computed the plot is shaded: the fractions are then
    those among the channels that are known. Of very many channels the 14 largest are drawn.

    Parameters
    ----------
    widths : Widths or xarray.Dataset
        What `darkbeam.widths` returns, or a result of `darkbeam widths`: partial widths in GeV
        and ``total`` along ``mass_GeV``.
    path, ax
        As for `exclusion`.

    Raises
    ------
    InputError
        There is no total width, or nothing is open.
    """
    model, mass, partial, total = _partial_widths(widths)
    order = np.argsort(mass)
    mass, total = mass[order], total[order]
    partial = {name: values[order] for name, values in partial.items()}
    seen = _shares(partial, total)
    least = min(float(np.nanmin(values)) for values in seen.values())
    smallest = min(float(np.nanmax(values)) for values in seen.values())
    with canvas(path, ax) as (figure, axes):
        handles: list[Artist] = []
        for i, (name, values) in enumerate(seen.items()):
            handles += axes.plot(
                mass,
                values,
                color=COLOURS[i % len(COLOURS)],
                linestyle=LINES[(i + i // len(COLOURS)) % len(LINES)],
                label=channel_label(name),
            )
        unknown = mass[np.isnan(partial.get("hadrons", np.zeros(mass.shape)))]
        if unknown.size:
            span = (unknown[0], unknown[-1]) if unknown.size > 1 else (unknown[0], mass[-1])
            handles.append(
                axes.axvspan(*span, color="0.92", zorder=0, label="hadrons not computed")
            )
        frame_masses(axes, mass)
        if least < 1e-2:
            # two decades below the least of the peaks, not down to every threshold
            low = max(np.floor(np.log10(least)), np.floor(np.log10(smallest)) - 2.0)
            axes.set_ylim(10.0**low, 3.0)
            logarithmic(axes)
        else:
            axes.set_ylim(0.0, 1.05)
            logarithmic(axes, "x")
        axes.set_xlabel(mass_label(model))
        axes.set_ylabel("branching fraction")
        place_legend(axes, handles, ncols=1 if len(handles) <= FEW_LINES else 3)
    return figure


def _shares(partial: dict[str, FloatArray], total: FloatArray) -> dict[str, FloatArray]:
    """Return the branching fractions of the channels that are open, NaN where they are not."""
    seen = {
        name: np.where(width > 0.0, width, np.nan) / np.where(total > 0.0, total, np.nan)
        for name, width in partial.items()
        if np.any(width > 0.0)
    }
    if not seen:
        raise InputError("widths: no channel is open at these masses")
    largest = sorted(seen, key=lambda name: -float(np.nanmax(seen[name])))[:MOST_LINES]
    return {name: values for name, values in seen.items() if name in largest}


def lifetime(
    widths: Widths | xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the mean lifetime of a mediator at rest, as c tau, against its mass.

    Parameters
    ----------
    widths : Widths or xarray.Dataset
        As for `branching`; a result needs ``tau_s``.
    path, ax
        As for `exclusion`.

    Raises
    ------
    InputError
        There is no lifetime, or the mediator is stable at all masses.
    """
    model, mass, tau = _lifetimes(widths)
    order = np.argsort(mass)
    mass, length = mass[order], SPEED_OF_LIGHT_M_S * tau[order]
    finite = np.isfinite(length)
    if not finite.any():
        raise InputError("widths: the mediator is stable at all these masses")
    with canvas(path, ax) as (figure, axes):
        axes.plot(mass, np.where(finite, length, np.nan), color=COLOURS[0])
        frame_masses(axes, mass)
        exponents = np.log10(length[finite])
        axes.set_ylim(
            10.0 ** np.floor(exponents.min() - 0.1), 10.0 ** np.ceil(exponents.max() + 0.1)
        )
        logarithmic(axes)
        axes.set_xlabel(mass_label(model))
        axes.set_ylabel(r"lifetime $c\tau$ [m]")
    return figure


def decays(
    widths: Widths | xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
) -> Figure:
    """Draw branching fractions above the lifetime, on one axis of masses.

    Parameters
    ----------
    widths : Widths or xarray.Dataset
        As for `branching` and `lifetime`.
    path
        As for `exclusion`.

    Raises
    ------
    InputError
        Nothing is open.
    """
    from matplotlib.figure import Figure

    if path is not None:
        check_ending(path)
    with styled():
        figure = Figure(figsize=STACKED_SIZE, layout="constrained")
        upper, lower = figure.subplots(2, sharex=True, height_ratios=(3, 2))
        branching(widths, ax=upper)
        lifetime(widths, ax=lower)
        upper.set_xlabel("")
        if path is not None:
            save(figure, path)
    return figure


def _partial_widths(
    widths: Widths | xr.Dataset,
) -> tuple[str, FloatArray, dict[str, FloatArray], FloatArray]:
    import xarray as xr

    if not isinstance(widths, xr.Dataset):
        mass = np.atleast_1d(widths.mass)
        partial = {name: np.atleast_1d(values) for name, values in widths.partial.items()}
        return "", mass, partial, np.atleast_1d(widths.total)
    if "total" not in widths or "mass_GeV" not in widths.variables:
        raise InputError("widths: a result without 'total' along 'mass_GeV' holds no widths")
    partial = {
        str(name): np.asarray(values.values)
        for name, values in widths.data_vars.items()
        if name not in ("total", "tau_s")
    }
    model = str(widths.attrs.get("model", ""))
    return model, np.asarray(widths["mass_GeV"].values), partial, np.asarray(widths["total"].values)


def _lifetimes(widths: Widths | xr.Dataset) -> tuple[str, FloatArray, FloatArray]:
    import xarray as xr

    if not isinstance(widths, xr.Dataset):
        return "", np.atleast_1d(widths.mass), np.atleast_1d(widths.tau_s)
    if "tau_s" not in widths or "mass_GeV" not in widths.variables:
        raise InputError("widths: a result without 'tau_s' along 'mass_GeV' holds no lifetime")
    model = str(widths.attrs.get("model", ""))
    return model, np.asarray(widths["mass_GeV"].values), np.asarray(widths["tau_s"].values)
