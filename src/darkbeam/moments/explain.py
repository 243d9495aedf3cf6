"""Couplings that explain a measured moment, and couplings that it excludes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError
from darkbeam.models.base import Model
from darkbeam.moments.anomalous import delta_a
from darkbeam.moments.data import MomentData, moment_data

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["ExplainingCoupling", "excluded_coupling", "explaining_coupling", "g2_band"]

FloatArray = NDArray[np.float64]

_SMALLEST, _LARGEST = 1e-14, 1e4
_SCAN_POINTS = 181
_BISECTIONS = 60


@dataclass(frozen=True, eq=False)
class ExplainingCoupling:
    """The coupling that explains a moment, and its band; arrays in the shape of the model.

    Parameters
    ----------
    coupling : ndarray
        Gives the central value; NaN where the model's contribution has the other sign.
    lower, upper : ndarray
        Give the value minus and plus so many errors. The lower is 0 where the band takes in the
        Standard Model, both are NaN where no coupling comes within the band.
    """

    coupling: FloatArray
    lower: FloatArray
    upper: FloatArray


def explaining_coupling(
    model: Model, data: MomentData | str, *, sigma: float = 1.0
) -> ExplainingCoupling:
    r"""Return the model's first coupling that explains a measured moment.

    All other parameters of the model are kept. Where :math:`\Delta a` goes with the square of the
    coupling the answer is a square root; otherwise the smallest coupling above 1e-14 that gives the
    value is searched for.

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
    known = _data(data)
    if not (np.isfinite(sigma) and sigma >= 0.0):
        raise InputError(f"sigma must be finite and >= 0, got {sigma!r}")
    edges = sorted((known.lower(sigma), known.upper(sigma)), key=abs)
    inside = edges[0] * edges[1] <= 0.0
    solve = _Solver(model, known.lepton)
    if not inside:
        near, far = solve(edges[0]), solve(edges[1])
        return ExplainingCoupling(solve(known.value), near, far)
    upper = np.fmax(solve(edges[0]), solve(edges[1]))
    lower = np.where(np.isnan(upper), np.nan, 0.0)
    return ExplainingCoupling(solve(known.value), lower, upper)


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
    known = _data(data)
    if not (np.isfinite(sigma) and sigma >= 0.0):
        raise InputError(f"sigma must be finite and >= 0, got {sigma!r}")
    solve = _Solver(model, known.lepton)
    edges = []
    for limit, sign in ((known.upper(sigma), 1.0), (known.lower(sigma), -1.0)):
        if sign * limit > 0.0:
            edges.append(solve(limit))
        else:
            edges.append(np.where(solve.has_sign(sign), 0.0, np.nan))
    excluded = np.fmin(*edges)
    return np.where(np.isnan(excluded), np.inf, excluded)


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

    from darkbeam.results import stamp
    from darkbeam.units import parse_grid

    known = _data(data)
    grid = parse_grid(model.mass if mass is None else mass, name="mass")
    scanned = model.replace(mass=grid)
    levels = np.atleast_1d(np.asarray(sigma, dtype=np.float64))
    bands = [explaining_coupling(scanned, known, sigma=float(level)) for level in levels]
    dataset = xr.Dataset(
        {
            "coupling": ("mass_GeV", bands[0].coupling, {"units": "1"}),
            "coupling_lo": (("sigma", "mass_GeV"), np.stack([b.lower for b in bands])),
            "coupling_hi": (("sigma", "mass_GeV"), np.stack([b.upper for b in bands])),
        },
        coords={"sigma": levels, "mass_GeV": ("mass_GeV", grid, {"units": "GeV"})},
    )
    return stamp(
        dataset,
        band=known.name,
        lepton=known.lepton,
        model=model.name,
        model_parameters=repr(model.replace(mass=1.0)),
        coupling=model.coupling_name,
        references=",".join((*known.references, *model.references)),
    )


def _data(data: MomentData | str) -> MomentData:
    return data if isinstance(data, MomentData) else moment_data(data)


class _Solver:
    """Finds the smallest first coupling of a model that gives a moment, at each of its points."""

    def __init__(self, model: Model, lepton: str) -> None:
        self._model = model
        self._lepton = lepton
        self._largest = min(_LARGEST, model.largest_coupling())
        size = min(1.0, 0.5 * self._largest)
        self._unit = self._moment(size) / size**2
        self._shape = self._unit.shape
        half, none = self._moment(0.5 * size), self._moment(0.0)
        squared = np.allclose(half, 0.25 * size**2 * self._unit, rtol=1e-12, atol=0.0)
        self._square = bool(squared and not none.any())

    def _moment(self, coupling: ArrayLike) -> FloatArray:
        return delta_a(self._model.with_coupling(coupling), self._lepton)

    def has_sign(self, sign: float) -> NDArray[np.bool_]:
        """Tell where the contribution at unit coupling has a sign."""
        return np.asarray(sign * self._unit > 0.0)

    def __call__(self, target: float) -> FloatArray:
        """Return the coupling that gives `target`, NaN where none does."""
        if self._square:
            with np.errstate(divide="ignore", invalid="ignore"):
                found = np.sqrt(np.where(self._unit * target > 0.0, target / self._unit, np.nan))
                return np.where(found <= self._largest, found, np.nan)
        return self._search(target)

    def _search(self, target: float) -> FloatArray:
        grid = np.geomspace(_SMALLEST, self._largest, _SCAN_POINTS)
        beyond = np.stack([self._moment(np.full(self._shape, g)) >= target for g in grid])
        start = self._moment(np.zeros(self._shape)) >= target
        crossed = beyond != start
        first = crossed.argmax(axis=0)
        outside, inside = np.log(grid[np.maximum(first - 1, 0)]), np.log(grid[first])
        for _ in range(_BISECTIONS):
            middle = 0.5 * (outside + inside)
            passed = (self._moment(np.exp(middle)) >= target) != start
            inside, outside = np.where(passed, middle, inside), np.where(passed, outside, middle)
        return np.where(crossed.any(axis=0), np.exp(inside), np.nan)
