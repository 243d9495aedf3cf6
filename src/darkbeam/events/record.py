"""What an event is: particles, their mothers and places, in arrays of many events; and a run.

Conventions: GeV; mm, and mm/c for time; z along the beam with 0 at the front of the target; the
numbers of particles and nuclei are the Particle Data Group's (Review of Particle Physics, chapter
"Monte Carlo particle numbering scheme"), status codes are HepMC's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError

__all__ = [
    "DECAYED",
    "FINAL",
    "INCOMING",
    "EventBlock",
    "EventSource",
    "RunInformation",
    "check_block",
    "momentum_imbalance",
    "nucleus_number",
    "shell_offset",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

INCOMING, FINAL, DECAYED = 4, 1, 2
"""Status codes of HepMC: at the hard vertex before it, in the final state, decayed."""

NO_MOTHER = -1
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class EventBlock:
    """Some events of a run: n events of at most k particles each.

    Incoming particles come first, and a mother stands before its products.

    Attributes
    ----------
    first_event : int
        Number of the first event within the run.
    pdg_id : ndarray of int, shape (n, k)
        Number of each particle; 0 where there is none. Nuclei are 10LZZZAAAI with the atomic
        weight rounded.
    status : ndarray of int, shape (n, k)
        4 incoming at the hard vertex, 1 final, 2 decayed.
    mother : ndarray of int, shape (n, k)
        Place of the mother among the event's particles: of what leaves the hard vertex the first
        incoming one, of decay products what decayed; -1 of incoming particles.
    momentum : ndarray, shape (n, k, 4)
        (E, p_x, p_y, p_z), GeV.
    mass : ndarray, shape (n, k)
        GeV; not taken from the momentum, whose rounding would leave nothing of it at high energy.
    position : ndarray, shape (n, k, 4)
        Where the particle was made: (x, y, z, t) in mm and mm/c. That of an incoming particle is
        the hard vertex.
    columns : mapping of str to ndarray, each of shape (n,)
        Numbers of the event as a whole, by names that end in their unit; floats, integers or
        booleans.

    Raises
    ------
    InputError
        If the shapes do not agree.
    """

    first_event: int
    pdg_id: IntArray
    status: IntArray
    mother: IntArray
    momentum: FloatArray
    mass: FloatArray
    position: FloatArray
    columns: Mapping[str, NDArray[Any]] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Check the shapes."""
        shape = self.pdg_id.shape
        if len(shape) != 2:
            raise InputError(f"pdg_id has shape {shape}: must be (events, particles)")
        expected = {
            "status": shape,
            "mother": shape,
            "mass": shape,
            "momentum": (*shape, 4),
            "position": (*shape, 4),
        }
        for name, wanted in expected.items():
            if (found := getattr(self, name).shape) != wanted:
                raise InputError(f"{name} has shape {found}: must be {wanted}")
        for name, column in self.columns.items():
            if not name.isidentifier():
                raise InputError(f"column {name!r}: must be a name of letters, digits and _")
            if column.shape != shape[:1]:
                raise InputError(f"column {name!r} has shape {column.shape}: must be {shape[:1]}")

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.pdg_id)

    @property
    def event_numbers(self) -> IntArray:
        """Number of each event within the run, shape (n,)."""
        return np.arange(self.first_event, self.first_event + len(self), dtype=np.int64)

    def part(self, start: int, stop: int) -> EventBlock:
        """Return the events start ... stop - 1 of the block, as views."""
        cut = slice(max(start, 0), min(stop, len(self)))
        return EventBlock(
            self.first_event + cut.start,
            self.pdg_id[cut],
            self.status[cut],
            self.mother[cut],
            self.momentum[cut],
            self.mass[cut],
            self.position[cut],
            {name: column[cut] for name, column in self.columns.items()},
        )


@dataclass(frozen=True)
class RunInformation:
    """What a run of the simulation was asked for, and what the analytic calculation expects.

    Attributes
    ----------
    experiment, run : str
        Names of the experiment and of its exposure.
    model : str
        The model with its parameters, as text.
    seed : int
        Key of the random numbers.
    beam_pdg : int
        Number of the beam particle.
    beam_energy_GeV : float
        Total energy of the beam.
    events : int
        Number of events that were asked for.
    expected_events : float
        All X made above the limits of the simulation in the exposure, before the selection.
    selected_events : float
        The same after the selection, from the analytic calculation.
    cross_section_pb : float
        Cross section per nucleus (mean over the emitting particles and the target's elements).
    first_event : int
        Number of the first event.
    target_pdg : int
        Number of the nucleus at rest that is hit; 0 if there are several kinds. Of a collider, the
        particle of the other beam.
    target_mass_GeV : float
        Its mass, GeV.
    target_energy_GeV : float
        Total energy of the other beam of a collider, GeV; 0 for a target at rest.
    column_units : mapping of str to str
        Units of the events' columns.
    settings : mapping
        Further numbers and words that the events depend on.
    references : tuple of str
        INSPIRE keys of what the events rest on.
    notes : tuple of str
        What a reader of the file should know.
    version : str
        Version of darkbeam; by default the one that runs.
    """

    experiment: str
    run: str
    model: str
    seed: int
    beam_pdg: int
    beam_energy_GeV: float  # noqa: N815
    events: int
    expected_events: float
    selected_events: float
    cross_section_pb: float
    first_event: int = 0
    target_pdg: int = 0
    target_mass_GeV: float = 0.0  # noqa: N815
    target_energy_GeV: float = 0.0  # noqa: N815
    column_units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    settings: Mapping[str, str | float | int] = field(default_factory=lambda: MappingProxyType({}))
    references: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    version: str = ""

    def __post_init__(self) -> None:
        """Fill in the version."""
        if not self.version:
            from darkbeam._version import package_version

            object.__setattr__(self, "version", package_version())

    def attributes(self) -> dict[str, str | float | int]:
        """Return all of it under flat names, for the header of a file."""
        names = (
            "experiment", "run", "model", "seed", "first_event", "events", "beam_pdg",
            "beam_energy_GeV", "target_pdg", "target_mass_GeV", "expected_events",
            "selected_events", "cross_section_pb",
        )  # fmt: skip
        flat: dict[str, str | float | int] = {name: getattr(self, name) for name in names}
        if self.target_energy_GeV > 0.0:
            flat["target_energy_GeV"] = self.target_energy_GeV
        flat |= self.settings
        flat |= {f"unit_{name}": unit for name, unit in self.column_units.items()}
        if self.references:
            flat["references"] = ",".join(dict.fromkeys(self.references))
        flat |= {f"note_{i}": text for i, text in enumerate(self.notes, start=1)}
        return flat


class EventSource(Protocol):
    """What can be written to a file: blocks of events, in order, and what they are."""

    @property
    def information(self) -> RunInformation:
        """What the run is."""

    def __iter__(self) -> Iterator[EventBlock]:
        """Make the blocks one after the other."""


def nucleus_number(Z: ArrayLike, A: ArrayLike) -> IntArray:
    """Return the PDG number 10LZZZAAAI of nuclei in their ground state; A is rounded.

    Examples
    --------
    >>> int(nucleus_number(82, 207.2))
    1000822070
    """
    return np.asarray(
        1_000_000_000 + 10_000 * np.asarray(Z, dtype=np.int64) + 10 * np.rint(A).astype(np.int64),
        dtype=np.int64,
    )


def momentum_imbalance(block: EventBlock) -> FloatArray:
    """Return by how much four-momentum is not conserved in each event.

    Of all vertices, the hard one and each decay, the largest difference of any component between
    what comes in and what goes out, over the energy that comes in; shape (n,).
    """
    present = block.pdg_id != 0
    incoming = present & (block.status == INCOMING)
    worst = np.zeros(len(block))
    hard = np.sum(block.momentum * incoming[..., None], axis=1)
    first = np.argmax(incoming, axis=1)
    for place in range(block.pdg_id.shape[1]):
        is_hard = incoming[:, place] & (first == place)
        decays = present[:, place] & (block.status[:, place] == DECAYED)
        before = np.where(is_hard[:, None], hard, block.momentum[:, place])
        children = present & ~incoming & (block.mother == place)
        after = np.sum(block.momentum * children[..., None], axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.max(np.abs(before - after), axis=1) / before[:, 0]
        worst = np.where(is_hard | decays, np.fmax(worst, share), worst)
    return worst


def shell_offset(block: EventBlock) -> FloatArray:
    """Return by how much particles are off their mass shell: the largest of each event.

    It is |E - sqrt(p^2 + m^2)| / E; shape (n,).
    """
    energy = block.momentum[..., 0]
    squared = np.sum(block.momentum[..., 1:] ** 2, axis=-1) + block.mass**2
    present = block.pdg_id != 0
    offset = np.abs(energy - np.sqrt(squared)) / np.where(present, energy, 1.0)
    return np.asarray(np.max(np.where(present, offset, 0.0), axis=1, initial=0.0))


def check_block(block: EventBlock, tolerance: float = _TOLERANCE) -> None:
    """Raise if an event is no event: off shell, not conserving momentum, or ill connected.

    Raises
    ------
    InputError
        The message names the first such event.
    """
    present = block.pdg_id != 0
    incoming = present & (block.status == INCOMING)
    known = np.isin(block.status, (INCOMING, FINAL, DECAYED))
    _refuse(block, np.any(present & ~known, axis=1), "has a status other than 1, 2 and 4")
    _refuse(block, ~np.any(incoming, axis=1), "has no incoming particle")
    _refuse(
        block,
        np.any(incoming & (block.mother != NO_MOTHER), axis=1),
        "has an incoming particle with a mother",
    )
    _refuse(block, _ill_connected(block, present, incoming), "has a particle without its mother")
    late = np.maximum.accumulate(present & ~incoming, axis=1) & incoming
    _refuse(block, np.any(late, axis=1), "has an incoming particle behind others")
    finite = np.isfinite(block.momentum).all(axis=2) & np.isfinite(block.position).all(axis=2)
    _refuse(block, np.any(present & ~finite, axis=1), "has a number that is not finite")
    _refuse(block, ~(shell_offset(block) <= tolerance), "has a particle off its mass shell")
    _refuse(block, ~(momentum_imbalance(block) <= tolerance), "does not conserve momentum")


def _ill_connected(
    block: EventBlock, present: NDArray[np.bool_], incoming: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which events have a product whose mother is absent, later, or has not decayed."""
    places = np.arange(block.pdg_id.shape[1])
    mother = np.clip(block.mother, 0, len(places) - 1)
    status = np.take_along_axis(np.where(present, block.status, 0), mother, axis=1)
    first = np.argmax(incoming, axis=1)[:, None]
    right = (status == DECAYED) | ((status == INCOMING) & (mother == first))
    right &= (block.mother >= 0) & (block.mother < places)  # a mother stands before its products
    return np.asarray(np.any(present & ~incoming & ~right, axis=1))


def _refuse(block: EventBlock, wrong: NDArray[np.bool_], what: str) -> None:
    if np.any(wrong):
        number = block.first_event + int(np.argmax(wrong))
        raise InputError(f"event {number}: {what}")
