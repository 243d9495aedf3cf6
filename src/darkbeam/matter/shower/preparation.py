"""Checked input of the shower kernels, and their runs over chunks of events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, log
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.compiled import map_chunks
from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.matter.shower.tables import Tables, build_tables
from darkbeam.matter.targets import LayeredMaterial, TargetLike, target

__all__ = [
    "CHUNK",
    "CUT_FRACTION",
    "KINDS",
    "Setup",
    "check_count",
    "check_edges",
    "check_positive",
    "check_seed",
    "prepare",
    "run_chunks",
]

Array = NDArray[np.float64]

KINDS = {"gamma": 0, "e-": 1, "e+": 2}
MINIMUM_THRESHOLD = 2e-3
MAXIMUM_ENERGY = 1e5
CUT_FRACTION = 0.05
"""Production cut over threshold; see docs/physics/showers.md for what it changes."""
CHUNK = 50
"""Showers that one call of a kernel follows."""
_SCATTER_BELOW = 0.3
_RANGE_OUT_BELOW = 0.05
_RANGE_OUT_STOP = 1e-3
_STACK = 4096


@dataclass(frozen=True)
class Setup:
    """Everything about target and cuts that the kernels need, checked."""

    target: LayeredMaterial
    kind: int
    tables: Tables
    geometry: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
    threshold: float
    cut: float
    stop: float
    scatter: bool

    def settings(
        self,
        *,
        hard: float = inf,
        drop_depth: float = inf,
        score: bool = True,
        positrons: bool = False,
    ) -> Array:
        """Return the kernel's `settings`."""
        return np.array(
            [
                self.threshold,
                self.cut,
                self.stop,
                hard,
                drop_depth,
                inf,
                0.0,
                float(self.scatter),
                float(score),
                float(positrons),
            ]
        )

    @property
    def grid(self) -> tuple[float, float]:
        """Logarithm of the energy grid's start, inverse of its step."""
        energies = self.tables.energies
        return log(energies[0]), 1.0 / log(energies[1] / energies[0])


def check_positive(name: str, value: float, low: float, high: float, unit: str = "GeV") -> float:
    """Return a number if it lies between the limits, both included.

    Raises
    ------
    InputError
        It does not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise InputError(f"{name} = {value!r}: expected a number of {unit}")
    if not (isfinite(value) and low <= value <= high):
        raise InputError(f"{name} = {value:g} {unit}: must be between {low:g} and {high:g} {unit}")
    return float(value)


def check_count(name: str, value: int, low: int = 1) -> int:
    """Return an integer of at least `low`.

    Raises
    ------
    InputError
        It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < low:
        raise InputError(f"{name} = {value!r}: must be an integer of at least {low}")
    return int(value)


def check_seed(seed: int) -> np.uint64:
    """Return the key of the random numbers."""
    if check_count("seed", seed, 0) >= 2**64:
        raise InputError(f"seed = {seed}: must be below 2^64")
    return np.uint64(seed)


def prepare(
    description: TargetLike,
    energy: float,
    particle: str,
    threshold: float,
    *,
    cut: float | None = None,
    range_out: bool | None = None,
    scatter: bool | None = None,
    lpm: bool = True,
) -> Setup:
    """Check the input and tabulate the interactions.

    Raises
    ------
    InputError
        Unknown particle or material, a number out of range.
    """
    made = target(description)
    if particle not in KINDS:
        raise UnknownNameError(
            f"particle = {particle!r}: not a beam of showers; {suggestion(str(particle), KINDS)}"
        )
    energy = check_positive("energy", energy, 2.0 * MINIMUM_THRESHOLD, MAXIMUM_ENERGY)
    threshold = check_positive("threshold", threshold, MINIMUM_THRESHOLD, MAXIMUM_ENERGY)
    if threshold >= energy:
        raise InputError(f"threshold = {threshold:g} GeV: must be below the energy {energy:g} GeV")
    if cut is None:
        cut = max(CUT_FRACTION * threshold, min(_RANGE_OUT_STOP, 0.5 * threshold))
    cut = check_positive("cut", cut, 1e-4, 0.5 * threshold)
    if range_out is None:
        range_out = not made.homogeneous and threshold <= _RANGE_OUT_BELOW
    if scatter is None:
        scatter = threshold < _SCATTER_BELOW
    stop = min(_RANGE_OUT_STOP, threshold) if range_out else threshold
    lowest = min(stop, threshold)
    # Positron annihilation hands out the rest energy as well.
    tables = build_tables(made.materials, lowest, energy * 1.0001 + 2e-3, cut, lpm=lpm)
    geometry = (made.boundaries_x0(), made.material_index(), made.active_layers())
    return Setup(made, KINDS[particle], tables, geometry, threshold, cut, stop, scatter)


def check_edges(name: str, values: ArrayLike, unit: str) -> Array:
    """Return increasing bin edges.

    Raises
    ------
    InputError
        Fewer than two, not finite, or not increasing.
    """
    edges = np.ascontiguousarray(values, dtype=np.float64)
    if edges.ndim != 1 or edges.size < 2 or not np.all(np.isfinite(edges)):
        raise InputError(f"{name}: expected at least two finite edges ({unit})")
    if not np.all(np.diff(edges) > 0.0) or edges[0] < 0.0:
        raise InputError(f"{name}: edges must increase, from 0 or more ({unit})")
    return edges


def run_chunks(
    call: Callable[[int, int, Array], tuple[Any, bool]],
    n: int,
    threads: int | None,
    progress: Callable[[int], None] | None,
    chunk: int = CHUNK,
) -> list[Any]:
    """Run a kernel over chunks of events; one whose stack is too small is run again with more."""

    def work(start: int, stop: int) -> Any:
        size = _STACK
        while True:
            result, full = call(start, stop, np.empty((size, 5)))
            if not full:
                return result
            size *= 4

    return map_chunks(work, n, threads, chunk=chunk, progress=progress)
