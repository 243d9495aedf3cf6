r"""Counter-based random numbers: Philox4x32-10.

J.K. Salmon, M.A. Moraes, R.O. Dror, D.E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
Proc. SC11 (2011). A block of four 32-bit words is a function of a 64-bit key (the seed) and a
128-bit counter (the event and the block's place in its sequence), so that an event's numbers
depend on nothing that was simulated before it.
"""

from __future__ import annotations

import numpy as np

from darkbeam.compiled import kernel

__all__ = ["philox", "uniforms"]

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_SCALE = 2.0**-32


@kernel(inline="always")
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of a block, each in a uint64.

    Parameters
    ----------
    c0, c1, c2, c3 : uint64
        The counter, least significant word first, each below 2^32.
    k0, k1 : uint64
        The key, each below 2^32.
    """
    for _ in range(10):
        product0 = _MULTIPLIER_0 * c0
        product1 = _MULTIPLIER_1 * c2
        c0 = (product1 >> _SHIFT) ^ c1 ^ k0
        c1 = product1 & _MASK
        c2 = (product0 >> _SHIFT) ^ c3 ^ k1
        c3 = product0 & _MASK
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


@kernel
def uniforms(
    block: np.uint64, event: np.uint64, seed: np.uint64
) -> tuple[float, float, float, float]:
    """Return four numbers in (0, 1), never 0 or 1, of a block of an event's sequence.

    Parameters
    ----------
    block, event, seed : uint64
        Number of the block in the event, number of the event, key of the run.
    """
    a, b, c, d = philox(
        block & _MASK,
        block >> _SHIFT,
        event & _MASK,
        event >> _SHIFT,
        seed & _MASK,
        seed >> _SHIFT,
    )
    return (
        (np.float64(a) + 0.5) * _SCALE,
        (np.float64(b) + 0.5) * _SCALE,
        (np.float64(c) + 0.5) * _SCALE,
        (np.float64(d) + 0.5) * _SCALE,
    )
