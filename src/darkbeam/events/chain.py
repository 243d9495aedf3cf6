"""Simulated events of an experiment, in blocks: each event a function of seed and number alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from darkbeam.errors import InputError, ModelError, suggestion
from darkbeam.events import (
    displaced_decay,
    flavour_change,
    missing_energy,
    missing_momentum,
    scattered_muon,
)
from darkbeam.events.record import EventBlock, RunInformation
from darkbeam.experiments import Experiment
from darkbeam.experiments.signal import PROCESSES, check_processes
from darkbeam.experiments.signatures import signature_of
from darkbeam.models import Model

__all__ = ["SIMULATORS", "EventRun", "Simulator", "simulate_events"]

_BLOCK = 8192


class Simulator(Protocol):
    """What makes the events of one signature, everything prepared."""

    @property
    def information(self) -> RunInformation:
        """What the run is."""

    def events(self, first_event: int, count: int) -> EventBlock:
        """Make some events, by their numbers."""


SIMULATORS: Mapping[str, Callable[..., Simulator]] = {
    "missing_energy": missing_energy.prepare_missing_energy,
    "flavour_change": flavour_change.prepare_flavour_change,
    "missing_momentum": missing_momentum.prepare_missing_momentum,
    "scattered_muon": scattered_muon.prepare_scattered_muon,
    "displaced_decay": displaced_decay.prepare_displaced_decay,
}
"""What makes events, by the signature of the experiment."""


@dataclass(frozen=True, eq=False)
class EventRun:
    """Events of a run: iterate over it for blocks of them, made as they are asked for.

    Attributes
    ----------
    simulator : Simulator
        What makes the events.
    events : int
        Number of events.
    first_event : int
        Number of the first.
    block : int
        Number of events in a block.
    """

    simulator: Simulator
    events: int
    first_event: int = 0
    block: int = _BLOCK

    @property
    def information(self) -> RunInformation:
        """What the run is, and what the analytic calculation expects."""
        return self.simulator.information

    def __len__(self) -> int:
        """Return the number of simulated events."""
        return self.events

    def __iter__(self) -> Iterator[EventBlock]:
        """Make the blocks one after the other."""
        end = self.first_event + self.events
        for first in range(self.first_event, end, self.block):
            made = self.simulator.events(first, min(self.block, end - first))
            yield made


def simulate_events(
    experiment: Experiment,
    model: Model,
    n: int,
    *,
    seed: int = 0,
    threads: int | None = None,
    block: int = _BLOCK,
    first_event: int = 0,
    shower_threshold: float = 1.0,
    least_energy: float | None = None,
    processes: str | Sequence[str] | None = None,
) -> EventRun:
    """Prepare a run of events of weight one; they are made when it is iterated over.

    Parameters
    ----------
    experiment : Experiment
        What `darkbeam.experiments.experiment` returns; its exposure counts for the expected
        numbers of events alone.
    model : Model
        At one point: scalars.
    n : int
        Number of events, of all that the simulation makes, selected or not.
    seed : int
        Key of the random numbers, 0 to 2^64 - 1.
    threads : int, optional
        Number of threads; by default all processors. Events do not depend on it.
    block : int
        Number of events in a block, which is what is in memory at a time; events do not depend
        on it.
    first_event : int
        Number of the first event: to go on with a run, or to share one among machines.
    shower_threshold : float
        Kinetic energy, GeV, down to which the shower of an active dump is followed.
    least_energy : float, optional
        Least energy of X, GeV; by default what can pass the selection.
    processes : str or sequence of str, optional
        Some of `darkbeam.experiments.signal.PROCESSES`, or of a proton dump's sources; by default
        the experiment's.

    Returns
    -------
    EventRun

    Raises
    ------
    ModelError
        If the model is no single point, or the experiment does not make its mediator.
    InputError
        If there is no simulation for the experiment's signature, or a number is out of range.

    Examples
    --------
    >>> from darkbeam.experiments import experiment
    >>> from darkbeam.models import DarkPhoton
    >>> run = simulate_events(experiment("NA64e"), DarkPhoton(mass=0.1, epsilon=1e-4), 100, seed=7)
    >>> sum(len(block) for block in run)
    100
    """
    signature = experiment.description.signature
    if signature not in SIMULATORS:
        raise InputError(
            f"{experiment.name}: no events are simulated for the signature {signature!r}; "
            f"{suggestion(signature, SIMULATORS)}"
        )
    own = signature_of(experiment.description).processes(experiment.description)
    known = tuple(dict.fromkeys((*own, *PROCESSES)))
    chosen = experiment.processes if processes is None else check_processes(processes, known)
    _count("n", n, 0)
    _count("first_event", first_event, 0)
    _count("block", block, 1)
    _count("seed", seed, 0)
    if int(seed) >= 2**64 or int(first_event) + int(n) >= 2**62:
        raise InputError("seed must be below 2^64, and the number of the last event below 2^62")
    if model.couplings().shape != ():
        raise ModelError("model: events are simulated at one point, with scalar parameters")
    simulator = SIMULATORS[signature](
        experiment,
        model,
        n=int(n),
        seed=int(seed),
        first_event=int(first_event),
        threads=threads,
        shower_threshold=float(shower_threshold),
        least_energy=least_energy,
        processes=tuple(p for p in known if p in chosen),
    )
    return EventRun(simulator, int(n), int(first_event), int(block))


def _count(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not hasattr(value, "__index__") or int(value) < least:
        raise InputError(f"{name} = {value!r}: must be an integer of at least {least}")
