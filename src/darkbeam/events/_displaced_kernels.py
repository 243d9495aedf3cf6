"""Compiled kernels of where mediators from a dump decay: within a volume, by the decay law."""

from __future__ import annotations

from math import cos, exp, expm1, log1p, pi, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel
from darkbeam.events._vertex_kernels import stage_key
from darkbeam.geometry._ray_kernels import interval_in_volume
from darkbeam.matter.shower._rng_kernels import uniforms

__all__ = ["PER_M", "Flights", "decays_between", "fill_places", "fill_probabilities"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_MOST_TRIALS = 20_000_000
_LINEAR = 1e-9
_GOLDEN = 0.6180339887498949

SINE, COSINE, DEPTH, PER_M, FIRST, LAST = range(6)
"""Columns of `Flights.rays`."""


class Flights(NamedTuple):
    """Straight flights of mediators from the axis, and bounds of where they can decay.

    Attributes
    ----------
    rays : ndarray, shape (n, 6)
        Sine and cosine of the angle to the beam; depth of the origin, m; decays per metre; and the
        distances, m, between which alone a flight can be in the volume, whatever its azimuth.
    cumulative : ndarray, shape (n,)
        Sums of weight times the probability to decay between these, over all of it.
    volume : ndarray
        The volume, as `darkbeam.geometry.DecayVolume.packed` has it.
    azimuth, width : float
        Where the azimuths begin that can meet the volume, and their range, rad.
    """

    rays: FloatArray
    cumulative: FloatArray
    volume: FloatArray
    azimuth: float
    width: float


@kernel
def decays_between(per_m: float, first: float, last: float) -> float:
    """Return the probability to decay between two distances."""
    if not first < last:
        return 0.0
    return -exp(-per_m * first) * expm1(-per_m * (last - first))


@kernel
def direct(ray: FloatArray, phi: float, n: FloatArray) -> None:
    """Fill the direction of a flight at an azimuth."""
    n[0], n[1], n[2] = ray[SINE] * cos(phi), ray[SINE] * sin(phi), ray[COSINE]


@kernel
def fill_probabilities(flights: Flights, azimuths: int, out: FloatArray) -> None:
    """Fill the probability of each flight to decay in the volume, the mean over all azimuths.

    Even azimuths are turned from flight to flight, so that their sum is more even than each.
    """
    n, origin = np.empty(3), np.zeros(3)
    for i in range(out.size):
        ray = flights.rays[i]
        out[i] = 0.0
        if not ray[FIRST] < ray[LAST]:
            continue
        origin[2] = ray[DEPTH]
        turned = (i + 0.5) * _GOLDEN % 1.0
        for j in range(azimuths):
            direct(ray, flights.azimuth + flights.width * (j + turned) / azimuths, n)
            low, high = interval_in_volume(flights.volume, origin, n)
            out[i] += decays_between(ray[PER_M], low, high)
        out[i] *= flights.width / (2.0 * pi * azimuths)


@kernel
def fill_places(
    flights: Flights,
    first_event: int,
    stage: int,
    seed: np.uint64,
    chosen: IntArray,
    place: FloatArray,
) -> None:
    """Fill which flight it is, its azimuth and the distance to its decay, shape (n, 2).

    A flight, a distance between its bounds and an azimuth are drawn until the place is in the
    volume: no bound on anything else is needed. `chosen` is -1 where that fails.
    """
    key = stage_key(stage, seed)
    n, origin = np.empty(3), np.zeros(3)
    last = flights.cumulative.size - 1
    for i in range(chosen.size):
        event = np.uint64(first_event + i)
        chosen[i] = -1
        for trial in range(_MOST_TRIALS):
            a, b, c, _ = uniforms(np.uint64(trial), event, key)
            k = min(int(np.searchsorted(flights.cumulative, a, side="right")), last)
            ray = flights.rays[k]
            phi = flights.azimuth + flights.width * b
            origin[2] = ray[DEPTH]
            direct(ray, phi, n)
            low, high = interval_in_volume(flights.volume, origin, n)
            if not low < high:
                continue
            length = ray[LAST] - ray[FIRST]
            within = ray[PER_M] * length
            distance = ray[FIRST] + c * length
            if within > _LINEAR:
                distance = ray[FIRST] - log1p(c * expm1(-within)) / ray[PER_M]
            if low <= distance <= high:
                chosen[i], place[i, 0], place[i, 1] = k, phi, distance
                break
