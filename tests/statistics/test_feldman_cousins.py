"""Unified intervals: the published tables, a brute-force construction, coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, poisson

from darkbeam.errors import InputError
from darkbeam.statistics import feldman_cousins_interval

BACKGROUNDS = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0]

# Phys. Rev. D 57 (1998) 3873, table IV: 90 % C.L., upper ends for the backgrounds above.
PUBLISHED_UPPER = {
    0: [2.44, 1.94, 1.61, 1.33, 1.26, 1.18, 1.08, 1.06, 1.01, 0.98],
    1: [4.36, 3.86, 3.36, 2.91, 2.53, 2.19, 1.88, 1.59, 1.39, 1.22],
    2: [5.91, 5.41, 4.91, 4.41, 3.91, 3.45, 3.04, 2.67, 2.33, 1.73],
    3: [7.42, 6.92, 6.42, 5.92, 5.42, 4.92, 4.42, 3.95, 3.53, 2.78],
}
# the same table, no background
PUBLISHED_INTERVALS = {
    0: (0.00, 2.44),
    1: (0.11, 4.36),
    2: (0.53, 5.91),
    3: (1.10, 7.42),
    4: (1.47, 8.60),
    5: (1.84, 9.99),
    6: (2.21, 11.47),
    7: (3.56, 12.53),
    8: (3.96, 13.99),
    9: (4.36, 15.30),
    10: (5.50, 16.50),
}


@pytest.mark.parametrize("observed", PUBLISHED_UPPER)
def test_the_published_upper_ends(observed: int) -> None:
    # The paper works on a grid of 0.005 in mu and prints two digits: up to 0.005 each.
    for background, published in zip(BACKGROUNDS, PUBLISHED_UPPER[observed], strict=True):
        assert feldman_cousins_interval(observed, background)[1] == pytest.approx(
            published, abs=0.006
        )


@pytest.mark.parametrize("observed", PUBLISHED_INTERVALS)
def test_the_published_intervals_without_background(observed: int) -> None:
    expected = pytest.approx(PUBLISHED_INTERVALS[observed], abs=0.0051)
    assert feldman_cousins_interval(observed) == expected


def test_further_published_intervals() -> None:
    assert feldman_cousins_interval(10, 3.0) == pytest.approx((2.63, 13.50), abs=0.0051)
    found = feldman_cousins_interval(7, 3.0, confidence=0.95)
    assert found == pytest.approx((0.29, 10.81), abs=0.0051)


def accepted(signal: float, background: float, level: float) -> set[int]:
    """The acceptance region, built as the paper says: rank, then add until the level is reached."""
    mean = signal + background
    counts = np.arange(0, int(mean + 12 * np.sqrt(mean + 1) + 30))
    best = np.maximum(counts, background)
    ratio = poisson.logpmf(counts, mean) - poisson.logpmf(counts, best)
    order = np.argsort(-ratio, kind="stable")
    total, region = 0.0, set()
    for n in order:
        region.add(int(n))
        total += poisson.pmf(n, mean)
        if total >= level:
            break
    return region


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 15), st.floats(0, 12), st.sampled_from([0.5, 0.6827, 0.9, 0.99]))
def test_a_brute_force_construction_agrees(observed: int, background: float, level: float) -> None:
    low, high = feldman_cousins_interval(observed, background, confidence=level)
    step = 1e-4 * (1 + high)
    assert low <= high
    if low > 0:
        assert observed in accepted(low + step, background, level)
        assert observed not in accepted(low - step, background, level)
    for beyond in np.linspace(high + step, high + 6, 25):
        assert observed not in accepted(float(beyond), background, level)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 15), st.floats(0, 5))
def test_intervals_cover(signal: float, background: float) -> None:
    covered = 0.0
    for n in range(60):
        low, high = feldman_cousins_interval(n, background)
        if low <= signal <= high:
            covered += poisson.pmf(n, signal + background)
        if n > 30 + signal + background:
            break
    assert covered >= 0.9 - 1e-9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 8), st.floats(0, 8), st.floats(0, 2))
def test_the_upper_end_does_not_grow_with_the_background(
    observed: int, background: float, more: float
) -> None:
    here = feldman_cousins_interval(observed, background)[1]
    there = feldman_cousins_interval(observed, background + more)[1]
    assert there <= here * (1 + 1e-3)  # the largest is found to 1e-3


@pytest.mark.parametrize("level", [0.6827, 0.9, 0.95])
def test_large_counts_become_gaussian(level: float) -> None:
    n = 10**6
    low, high = feldman_cousins_interval(n, confidence=level)
    z = norm.ppf(0.5 + level / 2)
    assert high - n == pytest.approx(z * 1e3, rel=0.005, abs=0.0)
    assert n - low == pytest.approx(z * 1e3, rel=0.005, abs=0.0)


def test_far_below_a_large_background() -> None:
    assert 0.0 < feldman_cousins_interval(0, 100.0)[1] < 1.0
    assert feldman_cousins_interval(10**6, 10.0**6)[0] == 0.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2.5,), "n_observed must be an integer"),
        ((0, -1.0), "background must be from 0"),
        ((0, float("inf")), "background must be finite"),
    ],
)
def test_bad_arguments_are_named(arguments: tuple[float, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        feldman_cousins_interval(*arguments)  # type: ignore[arg-type]
