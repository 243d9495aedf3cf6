"""Elastic scattering of electrons with its single-scattering tail, for angles that count."""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import kernel
from darkbeam.matter.shower._rng_kernels import uniforms
from darkbeam.matter.shower._scoring_kernels import turn

__all__ = ["deflect"]

Array = NDArray[np.float64]

_M = 0.51099895069e-3
_ONE = np.uint64(1)
# Mean number of collisions of a step that are followed one by one: the hardest.
_SINGLE = 2.0


@kernel
def deflect(
    mu: float,
    path: float,
    t: float,
    law: Array,
    block: np.uint64,
    event: np.uint64,
    seed: np.uint64,
) -> tuple[float, np.uint64]:
    """Return the direction cosine behind a path at a kinetic energy, and the running block.

    A collision has the cross section d sigma/dh = c/(h + a)^2 in h = 1 - cos up to a largest one.
    The hardest collisions, two in the mean, are sampled one by one; the others, each a small part
    of the whole, make a deflection that is exponential in h.

    Parameters
    ----------
    mu : float
        Direction cosine before.
    path : float
        Radiation lengths.
    t : float
        Kinetic energy, GeV.
    law : float64[3]
        c per radiation length times (p beta)^2, a times p^2, the largest h times p^2, GeV^2.
    """
    p2 = t * (t + 2.0 * _M)
    strength = path * law[0] * (t + _M) * (t + _M) / (p2 * p2)
    screening = law[1] / p2
    end = 1.0 / (min(2.0, law[2] / p2) + screening)
    limit = max(1.0 / (_SINGLE / strength + end), screening)
    soft = strength * (log(limit / screening) - 1.0 + screening / limit)
    if soft > 0.0:
        block += _ONE
        a, b, _, _ = uniforms(block, event, seed)
        mu = turn(mu, max(1.0 + soft / (1.0 + 0.5 * soft) * log(a), -1.0), b)
    span = 1.0 / limit - end
    mean = strength * span
    reached = 0.0
    while True:
        block += _ONE
        a, b, c, _ = uniforms(block, event, seed)
        reached -= log(a)
        if reached > mean:
            return mu, block
        mu = turn(mu, 1.0 - (1.0 / (end + span * b) - screening), c)
