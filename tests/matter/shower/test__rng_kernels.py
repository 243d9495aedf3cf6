"""The random numbers against the published test vectors of Philox4x32-10."""

import numpy as np
import pytest

from darkbeam.compiled import kernel
from darkbeam.matter.shower._rng_kernels import philox, uniforms

# Random123 distribution, file kat_vectors: counter, key, result.
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@kernel
def _block(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    return philox(c0, c1, c2, c3, k0, k1)


@kernel
def _sequence(event, seed, n):  # type: ignore[no-untyped-def]
    result = np.empty((n, 4))
    for i in range(n):
        a, b, c, d = uniforms(np.uint64(i), event, seed)
        result[i, 0] = a
        result[i, 1] = b
        result[i, 2] = c
        result[i, 3] = d
    return result


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(
    counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    got = _block(*(np.uint64(x) for x in (*counter, *key)))
    assert tuple(int(x) for x in got) == answer


def test_moments_and_correlations() -> None:
    n = 100_000
    u = _sequence(np.uint64(7), np.uint64(2024), n).ravel()
    assert u.min() > 0.0
    assert u.max() < 1.0
    # Five standard errors of each moment of a uniform number.
    for power in (1, 2, 3):
        error = np.sqrt(1 / (2 * power + 1) - 1 / (power + 1) ** 2) / np.sqrt(u.size)
        assert np.mean(u**power) == pytest.approx(1 / (power + 1), abs=5 * error)
    centred = u - 0.5
    for lag in (1, 2, 3, 4, 5, 8):
        correlation = np.mean(centred[lag:] * centred[:-lag]) * 12.0
        assert abs(correlation) < 5.0 / np.sqrt(u.size)


def test_events_and_seeds_are_independent() -> None:
    n = 20_000
    first = _sequence(np.uint64(1), np.uint64(1), n).ravel() - 0.5
    for event, seed in ((2, 1), (1, 2), (1 << 40, 1), (1, 1 << 40)):
        other = _sequence(np.uint64(event), np.uint64(seed), n).ravel() - 0.5
        assert abs(np.mean(first * other)) * 12.0 < 5.0 / np.sqrt(first.size)
