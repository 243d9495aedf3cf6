r"""Events of mediators that leave a dump and decay in the volume behind it.

The source of a mediator is chosen by its rate, and its energy, angle and depth are those of a
production point of that source, at a uniform azimuth. It flies straight, decays in the volume by
the exponential law, into one of the experiment's final states by its branching fraction, to two
bodies, isotropically at rest; the daughters fly straight on. All events are decays in the volume,
of weight one. `selected` is the detector's requirement and the least energy.

The record has the beam particle and a nucleus of the target, to conserve momentum, and in place of
all else that they make one pseudoparticle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import HBARC_GEV_M
from darkbeam.decays import Widths, widths
from darkbeam.decays.kinematics import two_body_decay
from darkbeam.errors import InputError, ModelError
from darkbeam.events.assembly import uniform_numbers
from darkbeam.events.displaced_detector import DAUGHTER_NAMES, crossing_units, crossings
from darkbeam.events.displaced_flights import DecayPlaces, FlightTable, flight_table
from darkbeam.events.displaced_states import FinalState, final_states
from darkbeam.events.displaced_target import DumpTarget, dump_target
from darkbeam.events.record import (
    DECAYED,
    FINAL,
    INCOMING,
    NO_MOTHER,
    EventBlock,
    RunInformation,
)
from darkbeam.experiments import Experiment
from darkbeam.experiments.displaced.sources import (
    least_mediator_energy,
    processes_of,
    source_samples,
    source_strengths,
)
from darkbeam.experiments.displaced_decay import visible_states
from darkbeam.experiments.displaced_decay_description import DisplacedDecayDescription
from darkbeam.models import Model

__all__ = [
    "BEAM",
    "FIRST",
    "MEDIATOR",
    "REST",
    "REST_PDG",
    "SECOND",
    "TARGET",
    "DisplacedDecaySimulator",
    "prepare_displaced_decay",
]

FloatArray = NDArray[np.float64]

BEAM, TARGET, MEDIATOR, REST, FIRST, SECOND = range(6)
"""Places of the particles of an event."""
REST_PDG = 90
"""Number of the pseudoparticle that stands for all but X; 81 to 100 are free for such use."""

_PLACES, _STATE, _DECAY = 0x6470, 0x6471, 0x6472
_COLUMNS = {
    "source": "1",
    "final_state": "1",
    "mediator_energy_GeV": "GeV",
    "production_z_m": "m",
    "decay_z_m": "m",
    "first_energy_GeV": "GeV",
    "second_energy_GeV": "GeV",
}


@dataclass(frozen=True, eq=False)
class DisplacedDecaySimulator:
    """A run of events; see `darkbeam.events.chain.Simulator`.

    Attributes
    ----------
    information : RunInformation
        What the run is.
    description : DisplacedDecayDescription
        The apparatus.
    target : DumpTarget
        Beam and nuclei.
    flights : FlightTable
        Production points and their flights.
    states : tuple of FinalState
        Decays that can be seen.
    mediator : tuple of int and float
        Number and mass of X, GeV.
    seed : int
        Key of the random numbers.
    threads : int or None
        Number of threads.
    """

    information: RunInformation
    description: DisplacedDecayDescription
    target: DumpTarget
    flights: FlightTable
    states: tuple[FinalState, ...]
    mediator: tuple[int, float]
    seed: int
    threads: int | None

    def events(self, first_event: int, count: int) -> EventBlock:
        """Make the events of some numbers.

        Parameters
        ----------
        first_event, count : int
            Number of the first, and how many.
        """
        seed, threads, flights = self.seed, self.threads, self.flights
        places = flights.places(first_event, count, _PLACES, seed, threads)
        drawn = uniform_numbers(first_event, count, _STATE, seed, threads)[:, 0]
        shares = np.cumsum([state.share for state in self.states])
        state = np.searchsorted(shares, drawn * shares[-1], side="right")
        state = np.minimum(state, len(self.states) - 1)
        x = self._mediators(places)
        daughter_mass = np.array([each.masses for each in self.states])[state]
        pair = two_body_decay(
            x, self.mediator[1], daughter_mass[:, 0], daughter_mass[:, 1], seed=seed,
            first_event=first_event, stage=_DECAY, threads=threads,
        )  # fmt: skip
        block = self._record(first_event, places, x, pair, state)
        return replace(block, columns=self._columns(block, places, state))

    def _mediators(self, places: DecayPlaces) -> FloatArray:
        """Return the four-momenta of X."""
        momentum = self.flights.momentum[places.point]
        across = momentum * np.sin(self.flights.angle[places.point])
        along = momentum * np.cos(self.flights.angle[places.point])
        energy = np.hypot(momentum, self.mediator[1])
        x, y = across * np.cos(places.azimuth), across * np.sin(places.azimuth)
        return np.stack((energy, x, y, along), axis=1)

    def _record(
        self,
        first_event: int,
        places: DecayPlaces,
        x: FloatArray,
        pair: tuple[FloatArray, FloatArray],
        state: NDArray[np.int64],
    ) -> EventBlock:
        """Return the events without columns."""
        n = len(x)
        depth = self.flights.depth_m[places.point]
        nucleus, at_rest, nuclear_mass = self.target.nuclei_at(depth)
        beam = np.broadcast_to(self.target.beam, (n, 4))
        rest = beam + at_rest - x
        momentum = np.stack((beam, at_rest, x, rest, *pair), axis=1)
        pdg, mass = np.empty((n, 6), dtype=np.int64), np.empty((n, 6))
        numbers = np.array([each.numbers for each in self.states])[state]
        pdg[:, FIRST:] = numbers
        mass[:, FIRST:] = np.array([each.masses for each in self.states])[state]
        pdg[:, BEAM], mass[:, BEAM] = self.target.beam_pdg, self.target.beam_mass
        pdg[:, TARGET], mass[:, TARGET] = nucleus, nuclear_mass
        pdg[:, MEDIATOR], mass[:, MEDIATOR] = self.mediator
        pdg[:, REST] = REST_PDG
        mass[:, REST] = np.sqrt(np.maximum(rest[:, 0] ** 2 - np.sum(rest[:, 1:] ** 2, axis=1), 0.0))
        status = np.tile([INCOMING, INCOMING, DECAYED, FINAL, FINAL, FINAL], (n, 1))
        mother = np.tile([NO_MOTHER, NO_MOTHER, BEAM, BEAM, MEDIATOR, MEDIATOR], (n, 1))
        position = np.zeros((n, 6, 4))
        position[:, :, 2] = position[:, :, 3] = 1e3 * depth[:, None]
        size = self.flights.momentum[places.point]
        flight = (1e3 * places.distance_m / size)[:, None] * x[:, [1, 2, 3, 0]]
        position[:, FIRST:] += flight[:, None, :]
        return EventBlock(first_event, pdg, status, mother, momentum, mass, position)

    def _columns(
        self, block: EventBlock, places: DecayPlaces, state: NDArray[np.int64]
    ) -> dict[str, NDArray[Any]]:
        """Return the numbers of the events: where X was made and decays, and what is seen."""
        position = 1e-3 * block.position[:, FIRST, :3]
        names = list(dict.fromkeys(each.name for each in self.states))
        number = np.array([names.index(each.name) for each in self.states])
        x = block.momentum[:, MEDIATOR, 0]
        columns: dict[str, NDArray[Any]] = {
            "source": self.flights.source[places.point],
            "final_state": number[state],
            "mediator_energy_GeV": x,
            "production_z_m": self.flights.depth_m[places.point],
            "decay_z_m": position[:, 2],
            "first_energy_GeV": block.momentum[:, FIRST, 0],
            "second_energy_GeV": block.momentum[:, SECOND, 0],
        }
        detector, selected = self.description.detector, self.description.selection.accepts(x)
        if detector is not None:
            for daughter, particle in zip(DAUGHTER_NAMES, (FIRST, SECOND), strict=True):
                columns |= crossings(daughter, detector, position, block.momentum[:, particle])
            one, two = (columns[f"{daughter}_seen"] for daughter in DAUGHTER_NAMES)
            selected &= one & two if detector.required == "all" else one | two
        columns["selected"] = selected
        return {name: np.ascontiguousarray(column) for name, column in columns.items()}


def prepare_displaced_decay(
    experiment: Experiment,
    model: Model,
    *,
    n: int,
    seed: int,
    first_event: int,
    threads: int | None,
    shower_threshold: float,
    least_energy: float | None,
    processes: tuple[str, ...],
) -> DisplacedDecaySimulator:
    """Prepare a run; parameters as in `darkbeam.events.chain.simulate_events`.

    The default of `least_energy` is what can be selected, and no less is made. The showers are
    those of the analytic yield: `shower_threshold` is not used.

    Raises
    ------
    ModelError
        If no decay in the volume can be seen: X is not made, has no open decay to a final state of
        the experiment, or does not reach the volume.
    """
    description = cast(DisplacedDecayDescription, experiment.description)
    mass = float(np.asarray(model.mass))
    low = _least_energy(description, least_energy)
    used = tuple(p for p in processes_of(description) if p in processes)
    table = model.couplings()
    strengths = source_strengths(description, table, used)
    if not strengths:
        raise ModelError(
            f"model: {model.name} has no coupling by which {experiment.name} makes its mediator "
            f"({', '.join(used) or 'no process is left'})"
        )
    found = widths(table, warn=False)
    states = _open_states(description, mass, found)
    samples = source_samples(description, mass, list(strengths))
    if not samples:
        raise ModelError(
            f"model: a mediator of {mass:g} GeV is too heavy for {', '.join(used)} with a beam of "
            f"{description.beam.energy:g} GeV, or always below {low:g} GeV"
        )
    flights = flight_table(
        samples,
        {name: float(strengths[name]) for name in samples},
        description.decay_volume,
        float(found.total),
        low,
        hint=_dark_decays(found),
    )
    target = dump_target(description)
    information = _information(
        replace(experiment, processes=used), model, target, flights, states, tuple(samples),
        n=n, seed=seed, first_event=first_event, least_energy=low, width=float(found.total),
    )  # fmt: skip
    number = 55 if table.spin == 1 else 54
    return DisplacedDecaySimulator(
        information, description, target, flights, states, (number, mass), seed, threads
    )


def _least_energy(description: DisplacedDecayDescription, given: float | None) -> float:
    least = least_mediator_energy(description)
    if given is None:
        return least
    if not least <= given < description.beam.energy:
        raise InputError(
            f"least_energy = {given:g} GeV: must lie between the least that can be selected, "
            f"{least:g} GeV, and the beam's energy, {description.beam.energy:g} GeV"
        )
    return float(given)


def _dark_decays(found: Widths) -> str:
    """Return a remark for those who forgot that a model decays to its dark matter by default."""
    share = float(found.invisible / found.total)
    if share < 0.5:
        return ""
    return (
        f", and {100.0 * share:.3g} % of decays are invisible; without dark matter "
        "(dark_matter=None, --dark-matter none) it lives longer"
    )


def _open_states(
    description: DisplacedDecayDescription, mass: float, found: Widths
) -> tuple[FinalState, ...]:
    if not float(found.total) > 0.0:
        raise ModelError(f"model: a mediator of {mass:g} GeV does not decay with these couplings")
    states = final_states(visible_states(description, mass), found)
    if not states:
        raise ModelError(
            f"model: a mediator of {mass:g} GeV has no decay to "
            f"{', '.join(description.final_states)}, the final states of {description.name}"
        )
    return states


def _information(
    experiment: Experiment,
    model: Model,
    target: DumpTarget,
    flights: FlightTable,
    states: tuple[FinalState, ...],
    sources: tuple[str, ...],
    *,
    n: int,
    seed: int,
    first_event: int,
    least_energy: float,
    width: float,
) -> RunInformation:
    description = cast(DisplacedDecayDescription, experiment.description)
    visible = sum(state.share for state in states)
    names = list(dict.fromkeys(state.name for state in states))
    return RunInformation(
        experiment=experiment.name,
        run=experiment.run,
        model=repr(model),
        seed=seed,
        beam_pdg=target.beam_pdg,
        beam_energy_GeV=description.beam.energy,
        events=n,
        expected_events=experiment.eot * visible * flights.decays,
        selected_events=float(experiment.expected_events(model)),
        cross_section_pb=visible * flights.decays * target.pb_per_particle,
        first_event=first_event,
        target_pdg=target.target_pdg,
        target_mass_GeV=target.target_mass,
        target_energy_GeV=description.beam.energy if description.collider else 0.0,
        column_units={**_COLUMNS, **crossing_units(description.detector), "selected": "1"},
        settings={
            "least_energy_GeV": least_energy,
            "processes": ",".join(experiment.processes),
            "sources": _numbered_names(sources),
            "final_states": _numbered_names(names),
            "visible_branching_fraction": visible,
            "proper_decay_length_m": HBARC_GEV_M / width,
            "efficiency_not_simulated": experiment.efficiency,
        },
        references=(*experiment.references, *model.references),
        notes=(
            "every event is a decay in the decay volume to a final state of the experiment; "
            "expected_events is their number in the exposure",
            "selected: the daughters cross the planes of the detector with the energies asked for",
            "selected_events holds the efficiencies that are not simulated",
            f"particle {REST_PDG} stands for all but X that beam and target make; it is not "
            "followed, and the parent of X is part of it",
            "hadrons are followed as two charged pions",
        ),
    )


def _numbered_names(names: Sequence[str]) -> str:
    return ", ".join(f"{i} {name}" for i, name in enumerate(names))
