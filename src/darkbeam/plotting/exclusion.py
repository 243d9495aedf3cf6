"""Excluded regions and projections in the plane of mass and coupling."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import InputError
from darkbeam.plotting.bands import (
    BAND_COLOUR,
    draw_band,
    draw_target,
    is_band,
    is_moment_exclusion,
    is_target,
    moment_label,
)
from darkbeam.plotting.labels import coupling_label, mass_label
from darkbeam.plotting.style import COLOURS, LINES, canvas, logarithmic, place_legend, scientific

if TYPE_CHECKING:
    import os

    import xarray as xr
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["exclusion"]

FloatArray = NDArray[np.float64]

_ALL_EXCLUDED = (1e-6, 1.0)  # what is shown if every coupling is excluded


def exclusion(
    datasets: xr.Dataset | Sequence[xr.Dataset],
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
    labels: Sequence[str] | None = None,
    projections: Collection[str] | None = None,
    coupling_range: tuple[float, float] | None = None,
) -> Figure:
    """Draw excluded regions, filled, and projections, as lines.

    Parameters
    ----------
    datasets : xarray.Dataset or sequence of these
        Results of `Experiment.reach`: ``coupling_lo`` and ``coupling_hi`` along ``mass_GeV``, and
        along ``region`` where there is more than one; those with a dimension ``run`` hold several.
        Results of `g2_band` are drawn as bands, those of `g2_exclusion` with their number of
        errors in place of a confidence level, those of `thermal_line` as lines.
    path : path, optional
        File to write, .pdf, .png or .svg.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on.
    labels : sequence of str, optional
        One for each curve in place of experiment, run and exposure; bands keep their names.
    projections : collection of str, optional
        Names of the runs that are projections; by default what the results say of themselves.
    coupling_range : (float, float), optional
        Range of the vertical axis.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        A result is no exclusion, results are for different couplings, or the labels do not match.

    Examples
    --------
    >>> import xarray as xr
    >>> limit = xr.Dataset(
    ...     {"coupling_lo": ("mass_GeV", [1e-5, 1e-4]), "coupling_hi": ("mass_GeV", [np.inf] * 2)},
    ...     coords={"mass_GeV": [0.001, 0.01]},
    ... )
    >>> exclusion(limit).axes[0].get_xlabel()
    '$m_{X}$ [GeV]'
    """
    given = _sequence(datasets)
    bands = [result for result in given if is_band(result)]
    targets = [result for result in given if is_target(result)]
    others = [result for result in given if not (is_band(result) or is_target(result))]
    curves = [curve for result in others for curve in _curves(result)]
    if not given:
        raise InputError("datasets: an empty list; must hold at least one result")
    if labels is not None and len(labels) != len(curves):
        raise InputError(f"labels: {len(labels)} given for {len(curves)} curves")
    drawn = [*curves, *bands, *targets]
    kinds = {(str(c.attrs.get("model", "")), _coupling(c)) for c in drawn}
    if len({coupling for _, coupling in kinds}) > 1:
        raise InputError("datasets: results for different couplings cannot share one axis")
    model, coupling = min(kinds)
    levels = {_confidence(curve) for curve in curves if not is_moment_exclusion(curve)}
    low, high = coupling_range or _range(drawn)
    with canvas(path, ax) as (figure, axes):
        axes.set_xlim(*_mass_range(drawn))
        axes.set_ylim(low, high)
        logarithmic(axes)
        handles: list[Artist] = [draw_band(axes, band) for band in bands]
        handles += [draw_target(axes, t, LINES[i % len(LINES)]) for i, t in enumerate(targets)]
        counts = {False: 0, True: 0}
        colours = [c for c in COLOURS if not (bands and c == BAND_COLOUR)]
        for i, curve in enumerate(curves):
            future = _is_projection(curve, projections)
            text = labels[i] if labels is not None else _label(curve, future, levels)
            style = {"color": colours[i % len(colours)], "line": _line(future, counts[future])}
            counts[future] += 1
            handles.append(_draw(axes, curve, future, text, style, (low, high)))
        axes.set_xlabel(mass_label(model))
        axes.set_ylabel(coupling_label(model, coupling))

        def make_room() -> None:
            if coupling_range is None:
                axes.set_ylim(0.1 * low, high)

        title = _title(levels)
        place_legend(axes, handles, make_room=make_room, title=title, alignment="left")
    return figure


def _sequence(datasets: xr.Dataset | Sequence[xr.Dataset]) -> Sequence[xr.Dataset]:
    return datasets if isinstance(datasets, list | tuple) else [datasets]  # type: ignore[list-item]


def _curves(result: xr.Dataset) -> list[xr.Dataset]:
    """Return a result for each run, checked, with what varies by run among its attributes."""
    for name in ("coupling_lo", "coupling_hi", "mass_GeV"):
        if name not in result.variables:
            raise InputError(f"datasets: a result without {name!r} is no exclusion")
    if "mass_GeV" in result.dims:
        result = result.sortby("mass_GeV")
    if "run" not in result.dims:
        return [result]
    curves = []
    for run in result["run"].values:
        one = result.sel(run=run)
        own = {str(k): v.item() for k, v in one.data_vars.items() if v.ndim == 0}
        curves.append(one.assign_attrs({**own, "run": str(run)}))
    return curves


def _is_projection(curve: xr.Dataset, projections: Collection[str] | None) -> bool:
    if projections is not None:
        return str(curve.attrs.get("run", "")) in projections
    return bool(curve.attrs.get("projection", False))


def _coupling(curve: xr.Dataset) -> str:
    """Return the coupling's name; it stands elsewhere if a column is called so."""
    return str(curve.attrs.get("coupling", curve.attrs.get("coupling_name", "g")))


def _confidence(curve: xr.Dataset) -> float:
    return float(curve.attrs.get("confidence", 0.9))


def _label(curve: xr.Dataset, future: bool, levels: Collection[float]) -> str:
    if is_moment_exclusion(curve):
        return moment_label(curve, [curve.attrs["sigma"]])
    run = str(curve.attrs.get("run", ""))
    words = [str(curve.attrs.get("experiment", "")), run.replace("-", "\N{EN DASH}")]
    if "eot" in curve.attrs:
        eot = float(curve.attrs["eot"])
        if _number(run) == eot:
            words[1] = ""
        words.append(rf"(${scientific(eot)}$ {_unit(curve)})")
    if future:
        words.append("projection")
    if len(levels) > 1:
        words.append(_title([_confidence(curve)]))
    return " ".join(word for word in words if word)


def _unit(curve: xr.Dataset) -> str:
    """Return what an exposure counts: electrons, muons, protons on target, or collisions."""
    if curve.attrs.get("collider", False):
        return "collisions"
    beam = str(curve.attrs.get("beam", "e-"))
    return {"mu-": "MOT", "mu+": "MOT", "p": "POT"}.get(beam, "EOT")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _title(levels: Collection[float]) -> str:
    return f"{100 * next(iter(levels)):g}% C.L." if len(levels) == 1 else ""


def _line(future: bool, count: int) -> Any:
    """Return the line style: projections never have a solid line."""
    return LINES[1 + count % (len(LINES) - 1)] if future else "-"


def _draw(
    axes: Axes,
    curve: xr.Dataset,
    future: bool,
    label: str,
    style: dict[str, Any],
    limits: tuple[float, float],
) -> Artist:
    """Draw one region by its outline, filled if it is excluded; return what the legend shows."""
    from matplotlib.colors import to_rgba
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    edge = {"color": style["color"], "linestyle": style["line"]}
    fill = to_rgba(style["color"], 0.22)
    for region in range(curve.sizes.get("region", 1)):
        one = curve.isel(region=region) if "region" in curve.dims else curve
        _draw_region(axes, one, edge, None if future else fill, limits)
    if future:
        return Line2D([], [], label=label, **edge)
    return Patch(facecolor=fill, edgecolor=style["color"], linewidth=1.5, label=label)


def _draw_region(
    axes: Axes,
    curve: xr.Dataset,
    edge: dict[str, Any],
    fill: Any | None,
    limits: tuple[float, float],
) -> None:
    """Draw the outline of what lies between two edges, and fill it unless `fill` is None."""
    mass, lower, upper = (
        np.asarray(curve[name].values, dtype=np.float64)
        for name in ("mass_GeV", "coupling_lo", "coupling_hi")
    )
    for part in _pieces(np.isfinite(lower) & (upper > lower)):
        m, low = mass[part], np.maximum(lower[part], 0.01 * limits[0])  # down from the frame
        high = np.minimum(upper[part], 10.0 * limits[1])  # beyond the frame
        outline_m = np.concatenate((m, m[::-1]))
        outline_c = np.concatenate((low, high[::-1]))
        if fill is not None:
            axes.fill(outline_m, outline_c, facecolor=fill, edgecolor="none", zorder=1)
        axes.plot(m, low, **edge, zorder=3)
        if np.any(np.isfinite(upper[part])):
            axes.plot(m, np.where(np.isfinite(upper[part]), high, np.nan), **edge, zorder=3)
            for end in (0, -1):
                if part[end] not in (0, mass.size - 1) and np.isfinite(upper[part][end]):
                    axes.plot([m[end]] * 2, [low[end], high[end]], **edge, zorder=3)


def _pieces(inside: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Return the runs of consecutive points where something is excluded."""
    where = np.flatnonzero(inside)
    return [p for p in np.split(where, np.flatnonzero(np.diff(where) > 1) + 1) if p.size]


def _mass_range(curves: Sequence[xr.Dataset]) -> tuple[float, float]:
    low = min(float(curve["mass_GeV"].min()) for curve in curves)
    high = max(float(curve["mass_GeV"].max()) for curve in curves)
    return (low, high) if low < high else (0.5 * low, 2.0 * high)


def _range(curves: Sequence[xr.Dataset]) -> tuple[float, float]:
    """Return whole decades around the edges of the regions."""
    names = ("coupling_lo", "coupling_hi", "coupling")
    edges = np.concatenate([c[name].values.ravel() for c in curves for name in names if name in c])
    edges = edges[np.isfinite(edges) & (edges > 0.0)]
    if not edges.size:
        if any((curve["coupling_hi"] > curve["coupling_lo"]).any() for curve in curves):
            return _ALL_EXCLUDED
        raise InputError("datasets: nothing is excluded at any mass")
    low = 10.0 ** np.floor(np.log10(edges.min() / 1.1))
    high = 10.0 ** np.ceil(np.log10(edges.max() * 3.0))
    return float(low), float(high)
