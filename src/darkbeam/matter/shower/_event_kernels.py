"""Loops over showers: averages, event by event, emission points, and emitters."""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel
from darkbeam.matter.shower._emitter_kernels import Record, no_record
from darkbeam.matter.shower._rng_kernels import uniforms
from darkbeam.matter.shower._transport_kernels import shower_event

__all__ = ["run_emission", "run_emitters", "run_showers"]

Array = NDArray[np.float64]

# A block of random numbers that no shower reaches.
_CHOICE = np.uint64(1 << 62)
_ONE = np.uint64(1)


@kernel
def run_showers(
    start: int,
    stop: int,
    seed: np.uint64,
    kind: int,
    energies: Array,
    per_energy: int,
    settings: Array,
    boundaries: Array,
    layer_material: NDArray[np.int64],
    layer_active: NDArray[np.bool_],
    log0: float,
    inverse_step: float,
    rates: Array,
    brem: Array,
    pair: Array,
    stack: Array,
    energy_edges: Array,
    depth_edges: Array,
    track_sums: Array,
    deposit_sums: Array,
    event_tracks: Array,
    event_deposits: Array,
    event_out: Array,
) -> None:
    """Follow the showers `start` ... `stop` - 1; shower e has energy ``energies[e // per_energy]``.

    Sums of values and of squares go to `track_sums` (2, 2, n) and `deposit_sums` (2, m); what an
    event left goes to `event_tracks` and `event_deposits` (unless they are empty) and `event_out`.
    """
    n = energy_edges.size - 1
    m = depth_edges.size - 1
    tracks = np.zeros((2, n))
    deposits = np.zeros(m)
    record = no_record()
    for e in range(start, stop):
        for j in range(n):
            tracks[0, j] = 0.0
            tracks[1, j] = 0.0
        for j in range(m):
            deposits[j] = 0.0
        shower_event(
            np.uint64(e),
            seed,
            kind,
            energies[e // per_energy],
            settings,
            boundaries,
            layer_material,
            layer_active,
            log0,
            inverse_step,
            rates,
            brem,
            pair,
            stack,
            energy_edges,
            tracks,
            depth_edges,
            deposits,
            event_out[e - start],
            record,
        )
        for c in range(2):
            for j in range(n):
                value = tracks[c, j]
                track_sums[0, c, j] += value
                track_sums[1, c, j] += value * value
                if event_tracks.shape[0] > 0:
                    event_tracks[e - start, c, j] = value
        for j in range(m):
            value = deposits[j]
            deposit_sums[0, j] += value
            deposit_sums[1, j] += value * value
            if event_deposits.shape[0] > 0:
                event_deposits[e - start, j] = value


@kernel
def run_emission(
    start: int,
    stop: int,
    seed: np.uint64,
    kind: int,
    energy: float,
    settings: Array,
    boundaries: Array,
    layer_material: NDArray[np.int64],
    layer_active: NDArray[np.bool_],
    log0: float,
    inverse_step: float,
    rates: Array,
    brem: Array,
    pair: Array,
    stack: Array,
    depth_edges: Array,
    points: Array,
) -> None:
    """Choose one emission point in each of the showers `start` ... `stop` - 1.

    Rows of `points`: hard path, energy, depth and kind of the emitter, energy left before the
    preshower's end, 1 if the stack was too small; zeros where nothing may emit.
    """
    first = np.empty(settings.size)
    second = np.empty(settings.size)
    for j in range(settings.size):
        first[j] = settings[j]
        second[j] = settings[j]
    first[5] = inf
    first[6] = 1.0
    first[8] = 0.0
    second[6] = 0.0
    second[8] = 1.0
    out = np.empty(10)
    no_edges = np.zeros(2)
    no_tracks = np.zeros((2, 0))
    deposits = np.zeros(depth_edges.size - 1)
    record = no_record()
    last = stack.shape[0] - 1
    for e in range(start, stop):
        event = np.uint64(e)
        row = points[e - start]
        for j in range(row.size):
            row[j] = 0.0
        for again in range(2):
            if again == 1 and row[0] <= 0.0:
                break
            for j in range(deposits.size):
                deposits[j] = 0.0
            shower_event(
                event,
                seed,
                kind,
                energy,
                first if again == 0 else second,
                boundaries,
                layer_material,
                layer_active,
                log0,
                inverse_step,
                rates,
                brem,
                pair,
                stack,
                no_edges,
                no_tracks,
                depth_edges,
                deposits,
                out,
                record,
            )
            if again == 0:
                row[0] = out[6]
                row[5] = out[7]
                a, _, _, _ = uniforms(_CHOICE, event, seed)
                second[5] = a * out[6]
            else:
                row[1] = stack[last, 0] if out[9] > 0.0 else energy
                row[2] = stack[last, 1] if out[9] > 0.0 else 0.0
                row[3] = stack[last, 2] if out[9] > 0.0 else kind
                for j in range(deposits.size):
                    row[4] += deposits[j]
                row[5] = max(row[5], out[7])


@kernel
def run_emitters(
    start: int,
    stop: int,
    seed: np.uint64,
    kind: int,
    energy: float,
    settings: Array,
    boundaries: Array,
    layer_material: NDArray[np.int64],
    layer_active: NDArray[np.bool_],
    log0: float,
    inverse_step: float,
    rates: Array,
    brem: Array,
    pair: Array,
    stack: Array,
    record: Record,
) -> bool:
    """Record the showers `start` ... `stop` - 1; return whether the stack was too small.

    The first point of each bin lies at a random place before the first distance between points.
    """
    since, spacing = record[2], record[3]
    place = np.uint64(0)
    for m in range(since.shape[0]):
        for c in range(since.shape[1]):
            for b in range(since.shape[2]):
                a, _, _, _ = uniforms(_CHOICE + place, np.uint64(start), seed)
                since[m, c, b] = a * spacing[m, c, b] if spacing[m, c, b] < inf else 0.0
                place += _ONE
    no_edges = np.zeros(2)
    no_tracks = np.zeros((2, 0))
    no_deposits = np.zeros(1)
    out = np.empty(10)
    full = False
    for e in range(start, stop):
        shower_event(
            np.uint64(e),
            seed,
            kind,
            energy,
            settings,
            boundaries,
            layer_material,
            layer_active,
            log0,
            inverse_step,
            rates,
            brem,
            pair,
            stack,
            no_edges,
            no_tracks,
            no_edges,
            no_deposits,
            out,
            record,
        )
        full = full or out[7] > 0.0
    return full
