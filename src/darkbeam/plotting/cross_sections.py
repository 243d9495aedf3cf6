"""Cross sections against the mass of the mediator, and their spectra in x."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import InputError
from darkbeam.plotting.labels import METHODS, mass_label, particle_label
from darkbeam.plotting.style import (
    COLOURS,
    LINES,
    canvas,
    logarithmic,
    place_legend,
    save,
    sign,
    styled,
)
from darkbeam.units import format_energy

if TYPE_CHECKING:
    import os

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["cross_section", "differential"]

FloatArray = NDArray[np.float64]

_METHOD_LINES = {"etl": "-", "iww": "--", "ww": ":"}
_SPECTRUM_SIZE = (7.4, 4.1)


def cross_section(
    result: xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw a total cross section at unit coupling against the mediator's mass.

    Parameters
    ----------
    result : xarray.Dataset
        ``sigma_pb`` along ``mass_GeV``, maybe also along ``calculation``.
    path, ax
        As for `exclusion`.

    Raises
    ------
    InputError
        The result holds no cross section.
    """
    _need(result, "sigma_pb")
    result = result.sortby("mass_GeV")
    mass = np.asarray(result["mass_GeV"].values)
    highest = float(result["sigma_pb"].max())
    if not highest > 0.0:
        raise InputError("result: the cross section vanishes at all these masses")
    with canvas(path, ax) as (figure, axes):
        handles = []
        for i, (name, one) in enumerate(_by_method(result)):
            sigma = np.asarray(one["sigma_pb"].values)
            handles += axes.plot(
                mass,
                np.where(sigma > 0.0, sigma, np.nan),
                color=COLOURS[i % len(COLOURS)],
                linestyle=_METHOD_LINES.get(name, LINES[i % len(LINES)]),
                marker="o" if mass.size < 15 else "",
                label=METHODS.get(name, name),
            )
        low, high = float(mass.min()), float(mass.max())
        axes.set_xlim(*((low, high) if low < high else (0.5 * low, 2.0 * high)))
        logarithmic(axes)
        axes.set_xlabel(mass_label(str(result.attrs.get("model", ""))))
        axes.set_ylabel(r"$\sigma$ at unit coupling [pb]")
        place_legend(axes, handles, title=_process(result), alignment="left")
    return figure


def differential(
    result: xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
) -> Figure:
    """Draw spectra in x = E_X/E_beam: against x, and against 1 - x, which shows the end point.

    Parameters
    ----------
    result : xarray.Dataset
        ``dsigma_dx_pb`` along ``mass_GeV`` and ``x``, maybe also along ``calculation``; with
        ``one_minus_x`` along ``x``.
    path
        As for `exclusion`.

    Raises
    ------
    InputError
        The result holds no spectrum.
    """
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from darkbeam.plotting.style import check_ending

    _need(result, "dsigma_dx_pb")
    result = result.sortby("x")
    if path is not None:
        check_ending(path)
    masses = np.atleast_1d(result["mass_GeV"].values)
    x = np.asarray(result["x"].values)
    rest = np.asarray(result["one_minus_x"].values if "one_minus_x" in result else 1.0 - x)
    with styled():
        figure = Figure(figsize=_SPECTRUM_SIZE, layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        lines: dict[str, Any] = {}
        methods = _by_method(result)
        alone = len(methods) == 1
        for name, one in methods:
            density = one["dsigma_dx_pb"].transpose("mass_GeV", "x").values
            lines[name] = _METHOD_LINES.get(name, "-")
            for i, row in enumerate(np.where(density > 0.0, density, np.nan)):
                line = LINES[i % len(LINES)] if alone else lines[name]
                style = {"color": COLOURS[i % len(COLOURS)], "linestyle": line}
                left.plot(x, row, **style)
                right.plot(rest, row, **style)
        left.set_xlim(0.0 if x.min() < 0.3 else float(x.min()), 1.0)
        left.set_xlabel(r"$x = E_X/E_0$")
        left.set_ylabel(r"$d\sigma/dx$ at unit coupling [pb]")
        right.set_xlim(float(rest[rest > 0.0].max()), float(rest[rest > 0.0].min()))
        right.set_xlabel(r"$1 - x$")
        highest = float(result["dsigma_dx_pb"].max())
        if highest > 0.0:
            low, _ = left.get_ylim()
            left.set_ylim(max(low, 1e-7 * highest), 3.0 * highest)
        logarithmic(left, "y")
        logarithmic(right, "xy")
        symbol = mass_label(str(result.attrs.get("model", ""))).split(" [")[0]
        handles = [
            Line2D(
                [],
                [],
                color=COLOURS[i % len(COLOURS)],
                linestyle=LINES[i % len(LINES)] if alone else "-",
                label=f"{symbol} = {format_energy(mass, 3)}",
            )
            for i, mass in enumerate(masses)
        ]
        handles += [
            Line2D([], [], color="0.4", linestyle=style, label=METHODS.get(name, name))
            for name, style in lines.items()
        ]
        figure.legend(handles=handles, loc="outside upper center", ncols=3, title=_process(result))
        sign(right)
        if path is not None:
            save(figure, path)
    return figure


def _need(result: xr.Dataset, name: str) -> None:
    if name not in result or "mass_GeV" not in result.variables:
        raise InputError(f"result: has no {name!r} along 'mass_GeV'")


def _by_method(result: xr.Dataset) -> list[tuple[str, xr.Dataset]]:
    if "calculation" not in result.dims:
        return [(str(result.attrs.get("method", "etl")), result)]
    return [(str(name), result.sel(calculation=name)) for name in result["calculation"].values]


def _process(result: xr.Dataset) -> str:
    """Return the beam, the target and the cut for a legend's title."""
    words = []
    if "beam" in result.attrs:
        words.append(particle_label(str(result.attrs["beam"])))
    if "target" in result.attrs:
        words.append(f"on {result.attrs['target']}")
    if float(result.attrs.get("x_min", 0.0)) > 0.0:
        words.append(f"($x > {float(result.attrs['x_min']):g}$)")
    return " ".join(words)
