"""Showers: track length by energy, and energy left by depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import InputError
from darkbeam.plotting.labels import particle_label
from darkbeam.plotting.style import COLOURS, LINES, canvas, logarithmic, place_legend

if TYPE_CHECKING:
    import os

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from darkbeam.matter.shower import Shower

__all__ = ["longitudinal_profile", "shower_track_length"]

FloatArray = NDArray[np.float64]
Columns = tuple[str, dict[str, FloatArray]]


def shower_track_length(
    shower: Shower | xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the differential track length of electrons and positrons, X0 per GeV and shower.

    Parameters
    ----------
    shower : Shower or xarray.Dataset
        What `darkbeam.simulate_shower` returns, or a result of `darkbeam shower`.
    path, ax
        As for `exclusion`.

    Raises
    ------
    InputError
        The result holds no track lengths.
    """
    title, columns = _track_length(shower)
    low, high = columns["energy_lo_GeV"], columns["energy_hi_GeV"]
    edges, width = np.append(low, high[-1]), high - low
    with canvas(path, ax) as (figure, axes):
        handles = []
        top, bottom = 0.0, np.inf
        for i, (name, symbol) in enumerate((("electron", "$e^{-}$"), ("positron", "$e^{+}$"))):
            value = columns[f"{name}_x0"] / width
            error = columns[f"{name}_err"] / width
            style: dict[str, Any] = {"color": COLOURS[i]}
            steps = np.append(value, value[-1])
            handles += axes.step(
                edges, steps, where="post", linestyle=LINES[i], label=symbol, **style
            )
            middle = np.sqrt(low * high)
            seen = value > 0.0
            axes.errorbar(
                middle[seen], value[seen], yerr=error[seen], fmt="none", elinewidth=0.8, **style
            )
            top = max(top, float(value.max()))
            bottom = min(bottom, float(value[seen].min()) if seen.any() else np.inf)
        axes.set_xlim(edges[0], 1.1 * edges[-1])  # what has not yet radiated is at the end
        if top > 0.0:
            bottom = max(bottom, 1e-6 * top)
            axes.set_ylim(10.0 ** np.floor(np.log10(bottom)), 10.0 ** np.ceil(np.log10(1.2 * top)))
        logarithmic(axes, "xy" if top > 0.0 else "x")
        axes.set_xlabel("kinetic energy [GeV]")
        axes.set_ylabel(r"track length $dT/dE$ [$X_0$/GeV]")
        place_legend(axes, handles, title=title, alignment="left")
    return figure


def longitudinal_profile(
    shower: Shower | xr.Dataset,
    *,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the energy that a shower leaves by depth, GeV per X0.

    Parameters
    ----------
    shower : Shower or xarray.Dataset
        What `darkbeam.simulate_shower` returns, or a result of `darkbeam shower --profile`.
    path, ax
        As for `exclusion`.

    Raises
    ------
    InputError
        The result holds no profile.
    """
    title, columns = _profile(shower)
    low, high = columns["depth_lo_x0"], columns["depth_hi_x0"]
    edges, width = np.append(low, high[-1]), high - low
    value, error = columns["deposited_GeV"] / width, columns["deposited_err"] / width
    with canvas(path, ax) as (figure, axes):
        (line,) = axes.step(
            edges, np.append(value, value[-1]), where="post", color=COLOURS[0], label="per shower"
        )
        axes.errorbar(
            0.5 * (low + high), value, yerr=error, fmt="none", elinewidth=0.8, color=COLOURS[0]
        )
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(0.0, 1.12 * float(value.max()) or 1.0)
        axes.set_xlabel("depth [$X_0$]")
        axes.set_ylabel("energy left $dE/dt$ [GeV/$X_0$]")
        place_legend(axes, [line], title=title, alignment="left")
    return figure


def _track_length(shower: Shower | xr.Dataset) -> Columns:
    tracks = ("electron_x0", "positron_x0", "electron_err", "positron_err")
    names = ("energy_lo_GeV", "energy_hi_GeV", *tracks)
    found = _from_dataset(shower, names)
    if found is not None:
        return found
    edges = shower.energy_edges
    values = {name: np.asarray(getattr(shower, name)) for name in tracks}
    return _title(shower), {"energy_lo_GeV": edges[:-1], "energy_hi_GeV": edges[1:], **values}


def _profile(shower: Shower | xr.Dataset) -> Columns:
    names = ("depth_lo_x0", "depth_hi_x0", "deposited_GeV", "deposited_err")
    found = _from_dataset(shower, names)
    if found is not None:
        return found
    edges = shower.depth_edges_x0
    values = {
        "deposited_GeV": np.asarray(shower.deposited),
        "deposited_err": np.asarray(shower.deposited_err),
    }
    return _title(shower), {"depth_lo_x0": edges[:-1], "depth_hi_x0": edges[1:], **values}


def _from_dataset(shower: Shower | xr.Dataset, names: tuple[str, ...]) -> Columns | None:
    """Return the columns of a result, or None if it is a `Shower`."""
    import xarray as xr

    if not isinstance(shower, xr.Dataset):
        return None
    for name in names:
        if name not in shower.variables:
            raise InputError(f"shower: the result has no {name!r}")
    words = []
    if "beam" in shower.attrs:
        words.append(particle_label(str(shower.attrs["beam"])))
    if "target" in shower.attrs:
        words.append(f"in {shower.attrs['target']}")
    columns = {name: np.asarray(shower[name].values, dtype=np.float64) for name in names}
    return " ".join(words), columns


def _title(shower: Shower | xr.Dataset) -> str:
    beam = particle_label(f"{shower.particle}:{shower.energy:g}GeV")
    return f"{beam} in {shower.target.name}"
