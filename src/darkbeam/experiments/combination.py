r"""Several experiments, or several runs of one, as one joint likelihood.

Each exposure is a counting channel of its own, with its own efficiency, background and observed
count; the signal in each is that of the model at the same mass and coupling. A coupling is
excluded where the joint likelihood of the expected events excludes them, whatever function
of the coupling they are in each channel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError
from darkbeam.experiments.cautions import warn_of_unknown_decays
from darkbeam.experiments.experiment import Experiment
from darkbeam.experiments.regions import edges_dataset, excluded_regions
from darkbeam.models import Model
from darkbeam.results import stamp
from darkbeam.statistics import (
    COMBINED_REFERENCES,
    Channel,
    combined_exclusion,
    combined_expected_upper_limit,
    combined_upper_limit,
    histfactory_workspace,
)
from darkbeam.units import parse_grid, parse_number

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Combination", "combine"]

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]

_ACCURACY = 1e-8  # of an edge, relative
_YEARS = re.compile(r"(?P<first>[12][0-9]{3})(?:-(?P<last>[12][0-9]{3}))?")
_SHARED = "signal efficiency"


def combine(
    experiments: Sequence[Experiment],
    *,
    signal_error: float | Sequence[float] = 0.0,
    correlated: bool = False,
) -> Combination:
    """Return experiments and runs as one joint likelihood.

    Parameters
    ----------
    experiments : sequence of Experiment
        As from `darkbeam.experiments.experiment`; they must not share data.
    signal_error : float or sequence of float
        Relative uncertainty of the signal (efficiency, exposure), for all or for each.
    correlated : bool
        Whether these uncertainties are one and the same; by default they are independent.

    Raises
    ------
    InputError
        There is no experiment, one comes twice, or two runs of one experiment overlap in time.

    Examples
    --------
    >>> from darkbeam.experiments import experiment
    >>> both = combine([experiment("NA64e", run="2016-2018"), experiment("NA64e", run="5e12")])
    >>> both.channel_names
    ('NA64e:2016-2018', 'NA64e:5e12')
    """
    given = tuple(experiments)
    if not given:
        raise InputError("experiments: at least one is needed, got none")
    _refuse_shared_data(given)
    errors = list(np.broadcast_to(signal_error, (len(given),))) if np.ndim(signal_error) == 0 else (
        list(np.asarray(signal_error))
    )  # fmt: skip
    if len(errors) != len(given):
        raise InputError(
            f"signal_error: {len(errors)} values for {len(given)} experiments; give one for all or "
            "one for each"
        )
    checked = tuple(parse_number(float(e), name="signal_error", minimum=0.0) for e in errors)
    return Combination(given, checked, correlated)


def _refuse_shared_data(experiments: Sequence[Experiment]) -> None:
    for i, one in enumerate(experiments):
        for other in experiments[:i]:
            if one.name != other.name:
                continue
            if one.run == other.run:
                raise InputError(f"experiments: {one.name}:{one.run} comes twice")
            a, b = _YEARS.fullmatch(one.run), _YEARS.fullmatch(other.run)
            if a and b and _last(a) >= int(b["first"]) and _last(b) >= int(a["first"]):
                raise InputError(
                    f"experiments: {one.name}:{other.run} and {one.name}:{one.run} share data of "
                    "the same years; a combination would count them twice"
                )


def _last(match: re.Match[str]) -> int:
    return int(match["last"] or match["first"])


@dataclass(frozen=True)
class Combination:
    """Several exposures with one joint likelihood. Made by `combine`; immutable."""

    experiments: tuple[Experiment, ...]
    signal_errors: tuple[float, ...]
    correlated: bool = False

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Names of the channels: experiment and run."""
        return tuple(f"{e.name}:{e.run}" for e in self.experiments)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """What was counted, one channel for each exposure."""
        return tuple(
            Channel(
                name,
                each.exposure.observed,
                each.exposure.background,
                each.exposure.background_error,
                signal_error=error,
                signal_group=_SHARED if self.correlated else None,
            )
            for name, each, error in zip(
                self.channel_names, self.experiments, self.signal_errors, strict=True
            )
        )

    def references(self, method: str = "cls") -> tuple[str, ...]:
        """Return keys of the bibliography."""
        keys = [key for each in self.experiments for key in each.references]
        return tuple(dict.fromkeys((*keys, *COMBINED_REFERENCES.get(method, ()))))

    def expected_events(self, model: Model, progress: Progress | None = None) -> FloatArray:
        """Return the expected number of signal events in each channel.

        Parameters
        ----------
        model : Model
            At one point or on arrays.
        progress : callable, optional
            Called with (masses done, masses in all).

        Returns
        -------
        ndarray, shape (..., K)
            The model's shape and one entry for each channel.
        """
        parts = _parts(progress, len(self._kinds))
        by_kind = [
            self.experiments[kind[0]].expected_events(model, part)
            for kind, part in zip(self._kinds, parts, strict=True)
        ]
        return self._spread(by_kind)

    def limit(self, model: Model, *, confidence: float = 0.9, method: str = "cls") -> FloatArray:
        """Return the upper limit on the strength of the model's signal, 1 being the model itself.

        Parameters
        ----------
        model : Model
            At one point or on arrays.
        confidence, method
            As in `darkbeam.statistics.combined_upper_limit`.
        """
        return combined_upper_limit(
            self.channels, self.expected_events(model), confidence=confidence, method=method
        )

    def expected_limit(
        self, model: Model, *, confidence: float = 0.9, method: str = "cls", sigma: float = 0.0
    ) -> FloatArray:
        """Return the limit on the strength that is expected without a signal.

        Parameters
        ----------
        model : Model
            At one point or on arrays.
        confidence, method, sigma
            As in `darkbeam.statistics.combined_expected_upper_limit`.
        """
        return combined_expected_upper_limit(
            self.channels,
            self.expected_events(model),
            confidence=confidence,
            method=method,
            sigma=sigma,
        )

    def workspace(self, model: Model) -> dict[str, Any]:
        """Return the joint likelihood at a model point as a HistFactory workspace for pyhf.

        Parameters
        ----------
        model : Model
            At one point; its signal is that of ``mu`` = 1.

        Raises
        ------
        InputError
            The model is on an array, or gives no event anywhere.
        """
        events = self.expected_events(model)
        if events.size != len(self.experiments):
            raise InputError(f"model: a workspace holds one point, got {events[..., 0].size}")
        return histfactory_workspace(self.channels, events.ravel(), name=model.name)

    def reach(
        self,
        model: Model,
        mass: ArrayLike | str | None = None,
        *,
        confidence: float = 0.9,
        method: str = "cls",
        progress: Progress | None = None,
    ) -> xr.Dataset:
        """Return the couplings that the joint likelihood excludes, by mass.

        Parameters
        ----------
        model : Model
            Its mass and first coupling are replaced; all else is kept.
        mass : array_like or str, optional
            Masses in GeV, or text such as ``"1MeV:1GeV:40"``; by default the model's own.
        confidence, method
            As in `darkbeam.statistics.combined_upper_limit`.
        progress : callable, optional
            Called with (masses done, masses in all).

        Returns
        -------
        xarray.Dataset
            As from `Experiment.reach`; the attribute ``channels`` says what was combined.
        """
        grid = parse_grid(model.mass if mass is None else mass, name="mass")
        alpha = 1.0 - parse_number(
            confidence, name="confidence", minimum=0.0, maximum=1.0, exclusive=True
        )
        parts = _parts(progress, len(self._kinds))
        scanned = model.replace(mass=grid)
        prepared = [
            self.experiments[kind[0]].prepare(scanned, grid, part)
            for kind, part in zip(self._kinds, parts, strict=True)
        ]

        def excess(which: NDArray[np.intp], log_coupling: FloatArray) -> FloatArray:
            """Above 0 where a coupling is allowed; the last axis is that of the masses."""
            point = scanned.replace(mass=grid[which]).with_coupling(np.exp(log_coupling))
            by_kind = [
                self.experiments[kind[0]]._events(point, [found[i] for i in which])
                for kind, found in zip(self._kinds, prepared, strict=True)
            ]
            value = combined_exclusion(self.channels, self._spread(by_kind), method=method)
            return np.asarray(np.log(np.maximum(value, 1e-300) / alpha))

        lower, upper = excluded_regions(
            excess, grid.size, scanned.largest_coupling(), accuracy=_ACCURACY
        )
        warn_of_unknown_decays(scanned, lower[:, 0])
        return self._dataset(model, grid, (lower, upper), confidence, method)

    @cached_property
    def _kinds(self) -> tuple[tuple[int, ...], ...]:
        """Channels that differ in their exposure alone: the signal is computed once for them."""
        kinds: list[list[int]] = []
        for i, each in enumerate(self.experiments):
            for kind in kinds:
                if (
                    replace(each, exposure=self.experiments[kind[0]].exposure)
                    == (self.experiments[kind[0]])
                ):
                    kind.append(i)
                    break
            else:
                kinds.append([i])
        return tuple(tuple(kind) for kind in kinds)

    def _spread(self, by_kind: Sequence[FloatArray]) -> FloatArray:
        """Return the events of all channels, last axis, from those of the first of each kind."""
        shape = np.broadcast_shapes(*(events.shape for events in by_kind))
        result = np.empty((*shape, len(self.experiments)))
        for kind, events in zip(self._kinds, by_kind, strict=True):
            first = self.experiments[kind[0]]
            for i in kind:
                each = self.experiments[i]
                scale = each.eot * each.efficiency / (first.eot * first.efficiency)
                result[..., i] = events * scale
        return result

    def _dataset(
        self,
        model: Model,
        grid: FloatArray,
        edges: tuple[FloatArray, FloatArray],
        confidence: float,
        method: str,
    ) -> xr.Dataset:
        return stamp(
            edges_dataset(grid, *edges),
            experiment=" + ".join(dict.fromkeys(e.name for e in self.experiments)),
            run=" + ".join(e.run for e in self.experiments),
            channels=",".join(self.channel_names),
            exposures=",".join(f"{e.eot:g}" for e in self.experiments),
            signal_errors=",".join(f"{error:g}" for error in self.signal_errors),
            signal_errors_correlated=self.correlated,
            projection=any(e.exposure.projection for e in self.experiments),
            model=model.name,
            model_parameters=repr(model.replace(mass=1.0)),
            coupling=model.coupling_name,
            confidence=confidence,
            method=method,
            references=",".join(dict.fromkeys((*self.references(method), *model.references))),
        )


def _parts(progress: Progress | None, number: int) -> list[Progress | None]:
    """Return the progress of each of several equal parts."""
    if progress is None:
        return [None] * number

    def part(i: int) -> Progress:
        return lambda done, total: progress(i * total + done, number * total)

    return [part(i) for i in range(number)]
