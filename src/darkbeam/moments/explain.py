"""Couplings that explain a measured moment, and couplings that it excludes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError
from darkbeam.models.base import Model
from darkbeam.moments._solver import CouplingSolver
from darkbeam.moments.anomalous import FORMULA_REFERENCES
from darkbeam.moments.data import MomentData, moment_data

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "ExplainingCoupling",
    "excluded_coupling",
    "explaining_coupling",
    "g2_band",
    "g2_exclusion",
]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ExplainingCoupling:
    """The coupling that explains a moment, and its band; arrays in the shape of the model.

    Parameters
    ----------
    coupling : ndarray
        Gives the central value; NaN where none does: the contribution has the other sign, or the
        model allows no coupling so large.
    lower, upper : ndarray
        Give the value minus and plus so many errors, whichever comes first is the lower. It is 0
        where the band takes in the moment without this coupling; the upper is inf where no coupling
        leaves the band; both are NaN where none comes within it.
    """

    coupling: FloatArray
    lower: FloatArray
    upper: FloatArray


def explaining_coupling(
    model: Model, data: MomentData | str, *, sigma: float = 1.0
) -> ExplainingCoupling:
    r"""Return the model's first coupling that explains a measured moment.

    All other parameters of the model are kept. Where :math:`\Delta a` goes with the square of the
    coupling the answer is a square root; otherwise the smallest coupling that gives the value is
    searched for, in steps of 8 % from 1e-14 to 1e4 or the largest that the model allows.

    Parameters
    ----------
    model : Model
        Its first coupling is replaced.
    data : MomentData or str
        A data set or its name.
    sigma : float
        Half width of the band in errors, >= 0.

    Returns
    -------
    ExplainingCoupling

    Raises
    ------
    InputError
        If `sigma` is negative or not finite.
    UnknownNameError
        On an unknown data set.

    Examples
    --------
    A light muonic boson against the anomaly of 2021, as arXiv:2108.05147 has it:

    >>> from darkbeam.models import make_model
    >>> muonic = make_model("muonic-zprime", mass="1 MeV", mixing="none")
    >>> found = explaining_coupling(muonic, "FNAL2021")
    >>> f"{float(found.coupling):.2e}"
    '4.52e-04'
    """
    known = _checked(data, sigma)
    solver = CouplingSolver(model, known.lepton)
    lower, upper = solver.band(known.lower(sigma), known.upper(sigma))
    return ExplainingCoupling(solver.value(known.value), lower, upper)


def excluded_coupling(model: Model, data: MomentData | str, *, sigma: float = 2.0) -> FloatArray:
    r"""Return the coupling above which the model's contribution is excluded.

    Above it the contribution overshoots the measured value by `sigma` errors: value + sigma error
    for a model that adds to the moment, value - sigma error for one that takes from it. If that
    edge lies on the other side of zero, any contribution is excluded and the coupling is 0.

    Parameters
    ----------
    model, data
        As of `explaining_coupling`.
    sigma : float
        Number of errors, >= 0.

    Returns
    -------
    ndarray
        The coupling; inf where the model does not contribute.
    """
    known = _checked(data, sigma)
    solver = CouplingSolver(model, known.lepton)
    return solver.beyond(min(known.lower(sigma), 0.0), max(known.upper(sigma), 0.0))


def g2_band(
    model: Model,
    data: MomentData | str = "FNAL2021",
    *,
    mass: ArrayLike | str | None = None,
    sigma: float | Sequence[float] = (1.0, 2.0),
) -> xr.Dataset:
    """Return the band of couplings that explain a moment, for `darkbeam.plot.exclusion`.

    Parameters
    ----------
    model : Model
        Its mass and first coupling are replaced; all else is kept.
    data : MomentData or str
        A data set or its name.
    mass : array_like or str, optional
        Masses in GeV, or text such as ``"1MeV:1GeV:40"``; by default the model's own.
    sigma : float or sequence of float
        Half widths of the bands in errors.

    Returns
    -------
    xarray.Dataset
        ``coupling`` along ``mass_GeV``; ``coupling_lo`` and ``coupling_hi`` along ``sigma`` too.
    """
    import xarray as xr

    scanned, attributes = _scan(model, data, mass)
    levels = np.atleast_1d(np.asarray(sigma, dtype=np.float64))
    bands = [explaining_coupling(scanned, data, sigma=float(level)) for level in levels]
    dataset = xr.Dataset(
        {
            "coupling": ("mass_GeV", bands[0].coupling, {"units": "1"}),
            "coupling_lo": (("sigma", "mass_GeV"), np.stack([b.lower for b in bands])),
            "coupling_hi": (("sigma", "mass_GeV"), np.stack([b.upper for b in bands])),
        },
        coords={"sigma": levels, "mass_GeV": ("mass_GeV", scanned.mass, {"units": "GeV"})},
    )
    return _stamped(dataset, **attributes)


def g2_exclusion(
    model: Model,
    data: MomentData | str = "WP2025",
    *,
    mass: ArrayLike | str | None = None,
    sigma: float = 2.0,
) -> xr.Dataset:
    """Return the couplings that a measured moment excludes, for `darkbeam.plot.exclusion`.

    Parameters
    ----------
    model, data, mass
        As of `g2_band`.
    sigma : float
        Number of errors, as of `excluded_coupling`.

    Returns
    -------
    xarray.Dataset
        ``coupling_lo`` and ``coupling_hi`` (inf) along ``mass_GeV``, as of `Experiment.reach`.
    """
    import xarray as xr

    scanned, attributes = _scan(model, data, mass)
    lower = excluded_coupling(scanned, data, sigma=sigma)
    dataset = xr.Dataset(
        {
            "coupling_lo": ("mass_GeV", lower, {"units": "1"}),
            "coupling_hi": ("mass_GeV", np.full(lower.shape, np.inf), {"units": "1"}),
        },
        coords={"mass_GeV": ("mass_GeV", scanned.mass, {"units": "GeV"})},
    )
    return _stamped(dataset, sigma=float(sigma), **attributes)


def _scan(
    model: Model, data: MomentData | str, mass: ArrayLike | str | None
) -> tuple[Model, dict[str, str]]:
    """Return the model on a grid of masses, and what its result says of itself."""
    from darkbeam.units import parse_grid

    known = _data(data)
    grid = parse_grid(model.mass if mass is None else mass, name="mass")
    attributes = {
        "data": known.name,
        "lepton": known.lepton,
        "model": model.name,
        "model_parameters": repr(model.replace(mass=1.0)),
        "coupling": model.coupling_name,
        "references": ",".join((*known.references, *model.references, *FORMULA_REFERENCES)),
    }
    return model.replace(mass=grid), attributes


def _stamped(dataset: xr.Dataset, **attributes: Any) -> xr.Dataset:
    from darkbeam.results import stamp

    return stamp(dataset, **attributes)


def _data(data: MomentData | str) -> MomentData:
    return data if isinstance(data, MomentData) else moment_data(data)


def _checked(data: MomentData | str, sigma: float) -> MomentData:
    if not (np.isfinite(sigma) and sigma >= 0.0):
        raise InputError(f"sigma must be finite and >= 0, got {sigma!r}")
    return _data(data)
