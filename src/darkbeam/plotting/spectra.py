"""Quantities along the mediator's mass: branching fractions and expected events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import InputError
from darkbeam.plotting.labels import CHANNELS, mass_label
from darkbeam.plotting.style import COLOURS, LINES, canvas, logarithmic, place_legend

if TYPE_CHECKING:
    import os

    import xarray as xr
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from darkbeam.decays import Widths

__all__ = ["branching", "expected_events"]

FloatArray = NDArray[np.float64]


def branching(
    widths: Widths | xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the branching fractions of a mediator against its mass.

    Where decays to hadrons are open but not computed the plot is shaded: the fractions are then
    those among the channels that are known.

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
    seen = {
        name: np.where(width > 0.0, width, np.nan) / np.where(total > 0.0, total, np.nan)
        for name, width in partial.items()
        if np.any(width > 0.0)
    }
    if not seen:
        raise InputError("widths: no channel is open at these masses")
    least = min(float(np.nanmin(values)) for values in seen.values())
    with canvas(path, ax) as (figure, axes):
        handles: list[Artist] = []
        for i, (name, values) in enumerate(seen.items()):
            handles += axes.plot(
                mass,
                values,
                color=COLOURS[i % len(COLOURS)],
                linestyle=LINES[i % len(LINES)],
                label=CHANNELS.get(name, name),
            )
        unknown = mass[np.isnan(partial.get("hadrons", np.zeros(mass.shape)))]
        if unknown.size:
            handles.append(
                axes.axvspan(
                    unknown[0], mass[-1], color="0.92", zorder=0, label="hadrons not computed"
                )
            )
        _frame(axes, mass)
        if least < 1e-2:
            axes.set_ylim(10.0 ** np.floor(np.log10(least)), 3.0)
            logarithmic(axes)
        else:
            axes.set_ylim(0.0, 1.05)
            logarithmic(axes, "x")
        axes.set_xlabel(mass_label(model))
        axes.set_ylabel("branching fraction")
        place_legend(axes, handles)
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
        _frame(axes, mass)
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


def _frame(axes: Axes, mass: FloatArray) -> None:
    low, high = float(mass.min()), float(mass.max())
    axes.set_xlim(*((low, high) if low < high else (0.5 * low, 2.0 * high)))
