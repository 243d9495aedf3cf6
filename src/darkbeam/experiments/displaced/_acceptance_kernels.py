"""Compiled kernels of two-body decays in a volume and of the planes that daughters cross.

For given angles of a decay all conditions on its place are linear or quadratic in the distance s
that the mediator has flown, and each holds on one interval. So the place is never sampled: a decay
with given angles is seen on one interval of s, or on two where one daughter will do, and the
exponential law is integrated over it in closed form afterwards.
"""

from __future__ import annotations

from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel
from darkbeam.decays._kinematics_kernels import emit, rest_momentum
from darkbeam.geometry._ray_kernels import interval_in_volume, interval_seen
from darkbeam.matter.shower._rng_kernels import uniforms

FloatArray = NDArray[np.float64]
Interval = tuple[float, float]

# The counter's upper word: no other use of the same seed and event meets these numbers.
_BLOCK = np.uint64(0x64700000) << np.uint64(32)

# A lattice of three dimensions, shifted at random: it is even in each angle and in pairs of them.
# The rates are powers of 1/rho, rho^3 = rho + 1.
_RATE_1 = 0.7548776662466927
_RATE_2 = 0.5698402909980532

# A sequence in three dimensions that is even over samples that lie close in a list: powers of 1/s,
# s^4 = s + 1.
_STEP_1 = 0.8191725133961645
_STEP_2 = 0.6710436067037893
_STEP_3 = 0.5497004779019703


@kernel
def add_step(x: float, weight: float, edges: FloatArray, difference: FloatArray) -> None:
    """Add a step at x to a function that is kept by its means over cells, as their differences."""
    last = edges.size - 1
    if x <= edges[0]:
        difference[0] += weight
        return
    if x >= edges[last]:
        return
    k = np.searchsorted(edges, x, side="right") - 1
    inside = (edges[k + 1] - x) / (edges[k + 1] - edges[k])
    difference[k] += weight * inside
    difference[k + 1] += weight * (1.0 - inside)


@kernel
def seen(
    daughter: FloatArray,
    planes: FloatArray,
    energy_min: float,
    origin: FloatArray,
    n: FloatArray,
    bounds: Interval,
) -> Interval:
    """Return where a daughter of this momentum is seen: it crosses all planes."""
    if daughter[0] < energy_min:
        return 0.0, -1.0
    for i in range(planes.shape[0]):
        bounds = interval_seen(planes[i], origin, n, daughter, bounds)
        if bounds[0] >= bounds[1]:
            return 0.0, -1.0
    return bounds


@kernel
def join(first: Interval, second: Interval) -> tuple[float, float, float, float]:
    """Return the union of two intervals, as two that do not overlap."""
    if first[0] >= first[1]:
        return second[0], second[1], 0.0, -1.0
    if second[0] >= second[1]:
        return first[0], first[1], 0.0, -1.0
    if second[0] > first[1] or first[0] > second[1]:
        return first[0], first[1], second[0], second[1]
    return min(first[0], second[0]), max(first[1], second[1]), 0.0, -1.0


@kernel
def score(
    sample: FloatArray,
    masses: tuple[float, float, float],
    angles: tuple[float, float, float],
    weight: float,
    volume: FloatArray,
    planes: FloatArray,
    energy_min: float,
    follow: int,
    edges: FloatArray,
    work: FloatArray,
    difference: FloatArray,
) -> bool:
    """Add a decay with given angles; return whether the mediator crosses the volume.

    `sample` holds momentum, sine and cosine of theta, proper time per metre, the origin; `angles`
    (1 + cos)/2 and azimuth of the first daughter, and the azimuth of the mediator. `follow` is
    0 without a detector, 1 where one daughter will do, 2 where both must be seen.
    """
    n, parent, first, second = work[0], work[1], work[2], work[3]
    origin = sample[4:7]
    forward, azimuth, phi = angles
    n[0], n[1], n[2] = sample[1] * cos(phi), sample[1] * sin(phi), sample[2]
    bounds = interval_in_volume(volume, origin, n)
    if bounds[0] >= bounds[1]:
        return False
    low, high = bounds
    low_2, high_2 = 0.0, -1.0
    if follow > 0:
        for k in range(3):
            parent[1 + k] = sample[0] * n[k]
        emit(parent, masses[0], masses[1], masses[2], forward, azimuth, first, second)
        one = seen(first, planes, energy_min, origin, n, bounds)
        if follow == 2:
            if one[0] < one[1]:
                one = seen(second, planes, energy_min, origin, n, one)
            low, high = one
        else:
            other = seen(second, planes, energy_min, origin, n, bounds)
            low, high, low_2, high_2 = join(one, other)
    if low < high:
        add_step(low * sample[3], weight, edges, difference)
        add_step(high * sample[3], -weight, edges, difference)
    if low_2 < high_2:
        add_step(low_2 * sample[3], weight, edges, difference)
        add_step(high_2 * sample[3], -weight, edges, difference)
    return True


@kernel
def fill_random(
    samples: FloatArray,
    phis: FloatArray,
    masses: tuple[float, float, float],
    volume: FloatArray,
    planes: FloatArray,
    energy_min: float,
    follow: int,
    edges: FloatArray,
    decays: int,
    first_sample: np.uint64,
    seed: np.uint64,
    span: tuple[float, float],
    out: FloatArray,
) -> int:
    """Fill differences with decays at random angles, each replica on its own.

    `samples` are as of `score`, then the weight and the number of the sample's group; `out` has
    the groups first, then the replicas; where there is one, all angles are of one even sequence.
    `phis` is empty where the azimuth of the mediator is random too: then it is within `span`,
    where it begins and its range, beyond which nothing is met.
    Returns how many of the mediators crossed the volume.
    """
    work = np.empty((4, 4))
    crossings = 0
    even = out.shape[1] == 1
    shift = uniforms(_BLOCK, np.uint64(0), seed)
    for i in range(samples.shape[0]):
        share = samples[i, 7] / decays
        if phis.size == 0:
            share *= span[1] / (2.0 * pi)
        group = int(samples[i, 8])
        number = first_sample + np.uint64(i)
        for row in range(out.shape[1]):
            u, v, w = 0.0, 0.0, 0.0
            if not even:
                u, v, w, _ = uniforms(_BLOCK + np.uint64(row), number, seed)
            for j in range(decays):
                if even:
                    k = float(number) * decays + j
                    forward = (shift[0] + k * _STEP_1) % 1.0
                    azimuth = 2.0 * pi * ((shift[1] + k * _STEP_2) % 1.0)
                    phi = span[0] + span[1] * ((shift[2] + k * _STEP_3) % 1.0)
                else:
                    forward = (j + u) / decays
                    azimuth = 2.0 * pi * ((v + j * _RATE_1) % 1.0)
                    phi = span[0] + span[1] * ((w + j * _RATE_2) % 1.0)
                if phis.size > 0:
                    phi = phis[i]
                crosses = score(
                    samples[i],
                    masses,
                    (forward, azimuth, phi),
                    share,
                    volume,
                    planes,
                    energy_min,
                    follow,
                    edges,
                    work,
                    out[group, row],
                )
                if crosses:
                    crossings += 1
                elif phis.size > 0:
                    break
    return crossings


@kernel
def thresholds(
    momentum: float, masses: tuple[float, float, float], energy_min: float
) -> tuple[float, float]:
    """Return the two values of (1 + cos)/2 at which a daughter has the least energy, in order.

    The energies in the laboratory are linear in it: what is seen jumps there, and a quadrature
    must not run across. Values out of range are moved to its ends.
    """
    mass, m1, m2 = masses
    k = rest_momentum(mass, m1, m2)
    swing = 2.0 * momentum * k
    if energy_min <= 0.0 or swing <= 0.0:
        return 0.0, 1.0
    energy = sqrt(momentum * momentum + mass * mass)
    first = (energy_min * mass - energy * sqrt(k * k + m1 * m1)) / swing + 0.5
    second = (energy * sqrt(k * k + m2 * m2) - energy_min * mass) / swing + 0.5
    first, second = min(max(first, 0.0), 1.0), min(max(second, 0.0), 1.0)
    return min(first, second), max(first, second)


@kernel
def fill_nodes(
    samples: FloatArray,
    phis: FloatArray,
    masses: tuple[float, float, float],
    volume: FloatArray,
    planes: FloatArray,
    energy_min: float,
    follow: int,
    edges: FloatArray,
    nodes: FloatArray,
    out: FloatArray,
) -> int:
    """Fill differences with decays at the nodes of a quadrature, as one replica.

    Else as `fill_random`; `nodes` has the angles as in `score` and the weight in each row. Returns
    how many of the mediators crossed the volume.
    """
    work = np.empty((4, 4))
    crossings = 0
    for i in range(samples.shape[0]):
        group = int(samples[i, 8])
        below, above = thresholds(samples[i, 0], masses, energy_min)
        for segment in range(3):
            low = (0.0, below, above)[segment]
            width = (below, above, 1.0)[segment] - low
            if width <= 0.0:
                continue
            for j in range(nodes.shape[0]):
                phi = nodes[j, 2]
                if phis.size > 0:
                    phi = phis[i]
                crosses = score(
                    samples[i],
                    masses,
                    (low + width * nodes[j, 0], nodes[j, 1], phi),
                    samples[i, 7] * width * nodes[j, 3],
                    volume,
                    planes,
                    energy_min,
                    follow,
                    edges,
                    work,
                    out[group, 0],
                )
                if crosses:
                    crossings += 1
                elif phis.size > 0:
                    break
    return crossings
