"""An experiment: expected events, excluded couplings, and the exposure that a search needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.experiments.cautions import warn_of_matter, warn_of_unknown_decays
from darkbeam.experiments.description import ExperimentDescription, Run
from darkbeam.experiments.displaced_decay_description import with_generator
from darkbeam.experiments.regions import edges_dataset, excluded_regions
from darkbeam.experiments.signal import PROCESSES, check_processes
from darkbeam.experiments.signatures import read_description, signature_of
from darkbeam.models import Model
from darkbeam.results import stamp
from darkbeam.statistics import upper_limit
from darkbeam.units import parse_grid, parse_integer, parse_number

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["EXPOSURE_SETTINGS", "Experiment", "experiment", "experiment_names"]

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]

_ACCURACY = 1e-7  # of an edge, relative
EXPOSURE_SETTINGS = (
    "eot",
    "observed",
    "background",
    "background_error",
    "processes",
    "generator",
)
"""What of an experiment can be overridden."""


def experiment_names() -> tuple[str, ...]:
    """Return the names of the experiments that come with the package."""
    folder = resources.files("darkbeam.experiments") / "data"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def experiment(name: str | Path, run: str | None = None, **overrides: Any) -> Experiment:
    """Return an experiment by its name or from a TOML file of one's own.

    Parameters
    ----------
    name : str or Path
        A name as in `experiment_names`, or a path that ends in ``.toml``.
    run : str, optional
        One of the experiment's exposures; by default the file's ``default_run``.
    **overrides
        ``eot``, ``observed``, ``background``, ``background_error`` replace those of the run;
        ``processes``, a name or several of those that make the signal, such as those of
        `darkbeam.experiments.signal.PROCESSES` or the ``sources`` of a dump of protons, leaves out
        the others; ``generator``, that of the mesons in a dump of protons.

    Raises
    ------
    UnknownNameError
        No such experiment, run or override (the near match is named).
    ExperimentError
        The file is malformed: path, line and entry are named.

    Examples
    --------
    >>> experiment("NA64e", run="2016-2018").eot
    284000000000.0
    """
    description = _describe(str(name))
    chosen = description.find_run(run)
    if "generator" in overrides:
        description = with_generator(description, str(overrides.pop("generator")))
    own = signature_of(description).processes(description)
    known = tuple(dict.fromkeys((*own, *PROCESSES)))
    processes = check_processes(overrides.pop("processes", own), known)
    for key, value in overrides.items():
        if key not in EXPOSURE_SETTINGS:
            raise UnknownNameError(
                f"{key}: no such setting of a run; {suggestion(key, EXPOSURE_SETTINGS)}"
            )
        chosen = _override(chosen, key, value)
    return Experiment(description, chosen, processes)


def _describe(name: str) -> ExperimentDescription:
    if name.endswith(".toml"):
        return read_description(Path(name))
    return _builtin(name)


@lru_cache(maxsize=32)
def _builtin(name: str) -> ExperimentDescription:
    names = experiment_names()
    if name not in names:
        raise UnknownNameError(
            f"experiment = {name!r}: no such experiment; {suggestion(name, names)}"
        )
    with resources.as_file(resources.files("darkbeam.experiments") / "data") as folder:
        return read_description(folder / f"{name}.toml")


def _override(run: Run, key: str, value: Any) -> Run:
    if key == "observed":
        return run.model_copy(update={key: parse_integer(value, name=key, minimum=0)})
    number = parse_number(value, name=key, minimum=0.0)
    if number == 0.0 and key == "eot":
        raise InputError("eot = 0: must be positive")
    return run.model_copy(update={key: number})


@dataclass(frozen=True)
class Experiment:
    """An apparatus with one of its exposures.

    Made by `experiment`; immutable. `with_run` and `replace_exposure` return changed copies.
    """

    description: ExperimentDescription
    exposure: Run
    processes: tuple[str, ...] = PROCESSES

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return self.description.name

    @property
    def title(self) -> str:
        """What it is, in a line."""
        return self.description.title

    @property
    def run(self) -> str:
        """Name of the exposure."""
        return self.exposure.name

    @property
    def run_names(self) -> tuple[str, ...]:
        """Names of all exposures."""
        return tuple(r.name for r in self.description.run)

    @property
    def eot(self) -> float:
        """Particles on target."""
        return self.exposure.eot

    @property
    def efficiency(self) -> float:
        """Product of the published efficiencies of what is not simulated."""
        factors = {**self.description.efficiency, **self.exposure.efficiency}
        return float(np.prod(list(factors.values())))

    @property
    def references(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        keys = [*self.description.references, self.exposure.reference]
        return tuple(dict.fromkeys(k for k in keys if k))

    def with_run(self, run: str) -> Experiment:
        """Return the same apparatus with another of its exposures."""
        return replace(self, exposure=self.description.find_run(run))

    def info(self) -> dict[str, Any]:
        """Return the whole description as plain data: what `darkbeam experiments` prints."""
        return self.description.model_dump(mode="json", by_alias=True)

    def signal_limit(self, confidence: float = 0.9, method: str = "cls") -> float:
        """Return the upper limit on the number of signal events of this exposure.

        Parameters
        ----------
        confidence : float
            Confidence level.
        method : str
            As in `darkbeam.statistics.upper_limit`.
        """
        return upper_limit(
            self.exposure.observed,
            self.exposure.background,
            self.exposure.background_error,
            confidence=confidence,
            method=method,
        )

    def prepare(
        self, model: Model, masses: FloatArray, progress: Progress | None = None
    ) -> Sequence[Any]:
        """Return what is seen at each mass, free of couplings.

        What the model needs is computed now. Finished masses are on disk: an interrupted run goes
        on where it stopped.

        Parameters
        ----------
        model : Model
            Says which couplings there are.
        masses : ndarray, shape (n,)
            GeV.
        progress : callable, optional
            Called with (masses done, masses in all).
        """
        warn_of_matter(self.description, masses)
        return signature_of(self.description).prepare(self.description, masses, model, progress)

    def expected_events(self, model: Model, progress: Progress | None = None) -> FloatArray:
        """Return the expected number of signal events.

        Parameters
        ----------
        model : Model
            At one point or on arrays of masses and couplings.
        progress : callable, optional
            Called with (masses done, masses in all).

        Returns
        -------
        ndarray
            Events in the exposure after all selections, of the shape of the model's parameters.
        """
        table = model.couplings()
        masses = np.broadcast_to(np.asarray(model.mass, dtype=np.float64), table.shape)
        distinct, inverse = np.unique(masses, return_inverse=True)
        prepared = self.prepare(model, distinct, progress)
        flat = [prepared[int(i)] for i in inverse.ravel()]
        point = model.replace(
            mass=masses.ravel(),
            **{
                model.coupling_name: np.broadcast_to(
                    np.asarray(model.coupling, dtype=np.float64), masses.shape
                ).ravel()
            },
        )
        return self._events(point, flat).reshape(masses.shape)

    def eot_needed(
        self, model: Model, confidence: float = 0.9, progress: Progress | None = None
    ) -> FloatArray:
        """Return the particles on target that exclude a model if nothing is seen (O12).

        Without background, so that the limit is -ln(1 - confidence) events: 2.303 at 90 %.

        Parameters
        ----------
        model : Model
            At one point or on arrays.
        confidence : float
            Confidence level.
        progress : callable, optional
            Called with (masses done, masses in all).
        """
        limit = upper_limit(0, confidence=confidence)
        with np.errstate(divide="ignore"):
            needed: FloatArray = limit * self.eot / self.expected_events(model, progress)
        return needed

    def reach(
        self,
        model: Model,
        mass: ArrayLike | str | None = None,
        *,
        confidence: float = 0.9,
        method: str = "cls",
        progress: Progress | None = None,
    ) -> xr.Dataset:
        """Return the excluded couplings (or, for a projection, those within reach) by mass.

        Parameters
        ----------
        model : Model
            Its mass and first coupling are replaced; all else is kept.
        mass : array_like or str, optional
            Masses in GeV, or text such as ``"1MeV:1GeV:40"``; by default the model's own.
        confidence, method
            As in `signal_limit`.
        progress : callable, optional
            Called with (masses done, masses in all).

        Returns
        -------
        xarray.Dataset
            ``coupling_lo``, ``coupling_hi`` along ``mass_GeV``: excluded between the two; the
            lower is inf where nothing is excluded, the upper where the region has no upper edge.
            Where some mass has more than one excluded region, there is a second dimension
            ``region``.
        """
        grid = parse_grid(model.mass if mass is None else mass, name="mass")
        scanned = model.replace(mass=grid)
        prepared = self.prepare(scanned, grid, progress)
        limit = self.signal_limit(confidence, method)

        def excess(which: NDArray[np.intp], log_coupling: FloatArray) -> FloatArray:
            """Above 0 where a coupling is allowed; the last axis is that of the masses."""
            point = scanned.with_coupling(np.exp(log_coupling))
            if not np.array_equal(which, np.arange(grid.size)):
                point = point.replace(mass=grid[which])
            events = self._events(point, [prepared[i] for i in which])
            return np.asarray(np.log(limit) - np.log(np.maximum(events, 1e-300)))

        lower, upper = excluded_regions(
            excess, grid.size, scanned.largest_coupling(), accuracy=_ACCURACY
        )
        warn_of_unknown_decays(scanned, lower[:, 0])
        return self._dataset(model, grid, (lower, upper), confidence, method, limit)

    def _dataset(
        self,
        model: Model,
        grid: FloatArray,
        edges: tuple[FloatArray, FloatArray],
        confidence: float,
        method: str,
        limit: float,
    ) -> xr.Dataset:
        return stamp(
            edges_dataset(grid, *edges),
            experiment=self.name,
            run=self.run,
            projection=self.exposure.projection,
            model=model.name,
            model_parameters=repr(model.replace(mass=1.0)),
            coupling=model.coupling_name,
            confidence=confidence,
            method=method,
            eot=self.eot,
            signal_events_limit=limit,
            efficiency_not_simulated=self.efficiency,
            signature=self.description.signature,
            beam=self.description.beam.particle,
            **self._production(),
            processes=",".join(self._processes()),
            references=",".join((*self.references, *model.references)),
        )

    def _production(self) -> dict[str, Any]:
        """Return what a result says of how the mediators are made."""
        production = getattr(self.description, "production", None)
        if production is None:
            return {"cross_section": "exact tree level, elastic form factor"}
        return {
            "collider": bool(getattr(self.description, "collider", False)),
            "meson_spectra": f"{production.spectra}:{production.generator}",
            "meson_multiplicities": production.multiplicities,
            "proton_splitting": production.splitting,
        }

    def _processes(self) -> tuple[str, ...]:
        """Return those of the processes that make this experiment's signature."""
        own = signature_of(self.description).processes(self.description)
        return tuple(p for p in self.processes if p in own)

    def _events(self, model: Model, prepared: Sequence[Any]) -> FloatArray:
        """Return expected events; prepared[i] belongs to index i of the model's last axis."""
        signal = signature_of(self.description).signal(
            self.description, model, prepared, self._processes()
        )
        return np.asarray(self.eot * self.efficiency * signal)
