"""Couplings at which a model's moment crosses given values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.models.base import Model
from darkbeam.moments.anomalous import delta_a

__all__ = ["CouplingSolver"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_SMALLEST, _LARGEST = 1e-14, 1e4
_SCAN_POINTS = 541  # steps of 8 %: what happens within one is not seen
_BISECTIONS = 60


class CouplingSolver:
    r"""Finds couplings of a model, from zero upwards, by the moment they give; at all its points.

    Where :math:`\Delta a` is a square of the first coupling the answers are square roots. Where it
    is not, as with a second coupling that is fixed, the couplings from 1e-14 to 1e4 (or to the
    largest that the model allows) are scanned in steps of 8 % and crossings bisected.
    """

    def __init__(self, model: Model, lepton: str) -> None:
        self._model = model
        self._lepton = lepton
        self._largest = min(_LARGEST, model.largest_coupling())
        size = min(1.0, 0.5 * self._largest)
        self._unit = self._moment(size) / size**2
        half, none = self._moment(0.5 * size), self._moment(0.0)
        quarter = 0.25 * size**2 * self._unit
        squared = np.allclose(half, quarter, rtol=1e-12, atol=0.0, equal_nan=True)
        self._square = bool(squared and not np.any(np.nan_to_num(none)))
        if not self._square:
            self._couplings = np.concatenate(
                ([0.0], np.geomspace(_SMALLEST, self._largest, _SCAN_POINTS))
            )
            shape = self._unit.shape
            column = self._couplings.reshape(-1, *[1] * len(shape))
            moments = self._moment(column)
            self._moments = np.broadcast_to(moments, (self._couplings.size, *shape))

    def _moment(self, coupling: ArrayLike) -> FloatArray:
        return delta_a(self._model.with_coupling(coupling), self._lepton)

    def value(self, target: float) -> FloatArray:
        """Return the smallest coupling that gives a moment, NaN where none does."""
        if self._square:
            return self._root(target)
        at_zero = self._moments[0] >= target
        return self._first(lambda moment: (moment >= target) != at_zero)

    def band(self, low: float, high: float) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the first interval of couplings whose moments lie in a band.

        The lower end is 0 where the moment lies in the band without the coupling, the upper one is
        inf where it never leaves it; both are NaN where it never gets there.
        """
        if not self._square:
            return self._searched_band(low, high)
        if low <= 0.0 <= high:
            lower, upper = np.where(np.isnan(self._unit), np.nan, 0.0), self._side_root(low, high)
        else:
            near, far = sorted((low, high), key=abs)
            lower, upper = self._root(near), self._root(far)
        endless = np.isnan(upper) & ~np.isnan(lower)
        return lower, np.where(endless, np.inf, upper)

    def beyond(self, low: float, high: float) -> FloatArray:
        """Return the smallest coupling above which the moment is outside of a band; inf if none.

        The band must take in zero; a coupling of 0 says that any is.
        """
        if self._square:
            limit = self._side_root(low, high)
        else:
            limit = self._first(lambda moment: (moment > high) | (moment < low))
            limit = np.where(limit <= _SMALLEST, 0.0, limit)
        return np.where(np.isnan(limit), np.inf, limit)

    def _root(self, target: float) -> FloatArray:
        if target == 0.0:
            return np.where(np.isnan(self._unit), np.nan, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.sqrt(np.where(self._unit * target > 0.0, target / self._unit, np.nan))
            return np.where(found <= self._largest, found, np.nan)

    def _side_root(self, low: float, high: float) -> FloatArray:
        """Return the coupling that reaches the end of a band on the side that it moves to."""
        down = np.where(self._unit < 0.0, self._root(low), np.nan)
        return np.where(self._unit > 0.0, self._root(high), down)

    def _searched_band(self, low: float, high: float) -> tuple[FloatArray, FloatArray]:
        def side(moment: FloatArray) -> NDArray[np.intp]:
            return (moment > high).astype(np.intp) - (moment < low)

        outset = side(self._moments[0])
        lower = self._first(lambda moment: side(moment) != outset)
        lower = np.where(outset == 0, 0.0, lower)
        lower = np.where(np.isnan(self._moments[0]), np.nan, lower)
        # from within the band, or from where it was jumped over between two scanned couplings
        upper = self._first(lambda moment: (side(moment) != 0) & (side(moment) != outset), lower)
        back = self._first(lambda moment: side(moment) == outset, lower)
        upper = np.where(outset == 0, upper, np.fmin(upper, back))
        endless = np.isnan(upper) & ~np.isnan(lower)
        return lower, np.where(endless, np.inf, upper)

    def _first(
        self, condition: Callable[[FloatArray], BoolArray], start: FloatArray | None = None
    ) -> FloatArray:
        """Return the smallest coupling, above `start`, at which a condition on the moment holds."""
        axis = self._couplings.reshape(-1, *[1] * self._unit.ndim)
        met = condition(self._moments)
        if start is not None:
            met &= axis > np.nan_to_num(start, nan=np.inf)
        first = met.argmax(axis=0)
        outside = np.log(np.maximum(self._couplings[np.maximum(first - 1, 0)], 1e-2 * _SMALLEST))
        if start is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                outside = np.fmax(outside, np.log(start))
        inside = np.log(np.maximum(self._couplings[first], 1e-2 * _SMALLEST))
        for _ in range(_BISECTIONS):
            middle = 0.5 * (outside + inside)
            passed = condition(self._moment(np.exp(middle)))
            inside, outside = np.where(passed, middle, inside), np.where(passed, outside, middle)
        return np.where(met.any(axis=0), np.exp(inside), np.nan)
