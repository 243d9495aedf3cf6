"""Points of the paths of electrons and positrons, evenly in each bin of energy.

A record is a tuple of: the law of scattering of each material; edges of bins in kinetic energy;
path since the last point, path between points and sum of paths, each by material, charge and bin;
the points; and the number of points that were met (more than were kept if there is no room).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel
from darkbeam.matter.shower._rng_kernels import uniforms
from darkbeam.matter.shower._scattering_kernels import deflect

__all__ = ["no_record", "note_step"]

Array = NDArray[np.float64]
Record = tuple[Array, Array, Array, Array, Array, Array, NDArray[np.int64]]

_ONE = np.uint64(1)


@kernel
def no_record() -> Record:
    """Return a record that keeps nothing."""
    none = np.zeros((0, 0, 0))
    nothing = np.zeros((0, 0))
    return nothing, np.zeros(0), none, none, none, nothing, np.zeros(1, dtype=np.int64)


@kernel
def note_step(
    record: Record,
    m: int,
    kind: int,
    t: float,
    lost: float,
    step: float,
    counted: float,
    z: float,
    z1: float,
    mu: float,
    block: np.uint64,
    event: np.uint64,
    seed: np.uint64,
) -> np.uint64:
    """Add the counted part of a step to the record; return the running block.

    The step goes from kinetic energy t and depth z to z1 in direction mu. It counts in the bin of
    a random one of its points, where the direction is what scattering up to there has left.
    """
    law, edges, since, spacing, sums, points, met = record
    block += _ONE
    a, _, _, _ = uniforms(block, event, seed)
    share = a * counted / step
    energy = t - share * lost
    low, high = 0, edges.size - 1
    if energy < edges[0] or energy > edges[high]:
        return block
    while high - low > 1:
        middle = (low + high) >> 1
        if edges[middle] <= energy:
            low = middle
        else:
            high = middle
    c = kind - 1
    sums[m, c, low] += counted
    since[m, c, low] += counted
    gap = spacing[m, c, low]
    if since[m, c, low] < gap:
        return block
    times = float(int(since[m, c, low] / gap))
    since[m, c, low] -= times * gap
    row = met[0]
    met[0] += 1
    if row >= points.shape[0]:
        return block
    here, block = deflect(
        mu, max(share * step, 1e-300), t - 0.5 * share * lost, law[m], block, event, seed
    )
    points[row, 0] = m
    points[row, 1] = c
    points[row, 2] = low
    points[row, 3] = times * gap
    points[row, 4] = energy
    points[row, 5] = z + share * (z1 - z)
    points[row, 6] = 1.0 - here
    return block
