"""Regions joined from intervals, against shapes whose outlines are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam.errors import InputError
from darkbeam.experiments.connected_regions import connected_regions, regions_dataset


def discs(*circles):
    """Return intervals of discs (log mass, log coupling, radius) that do not overlap."""

    def intervals(masses):
        low, high = [], []
        for x, y, radius in circles:
            half2 = radius**2 - (np.log(masses) - x) ** 2
            half = np.sqrt(np.maximum(half2, 0.0))
            low.append(np.where(half2 > 0.0, np.exp(y - half), np.inf))
            high.append(np.where(half2 > 0.0, np.exp(y + half), np.inf))
        order = np.argsort(low, axis=0)
        return tuple(np.take_along_axis(np.array(e), order, 0).T for e in (low, high))

    return intervals


GRID = np.exp(np.linspace(-3.0, 3.0, 25))  # steps of 1/4


@given(x=st.floats(-1.5, 1.5), y=st.floats(-5.0, 5.0), radius=st.floats(0.3, 1.2))
@settings(max_examples=25, deadline=None)
def test_a_disc_ends_where_it_ends(x, y, radius):
    (region,) = connected_regions(discs((x, y, radius)), GRID, accuracy=1e-4)
    ends = np.log(region.mass[[0, -1]])
    assert ends == pytest.approx([x - radius, x + radius], abs=1.1e-4)
    for edge in (region.lower, region.upper):
        distance = np.hypot(np.log(region.mass) - x, np.log(edge) - y)
        assert distance == pytest.approx(radius, rel=1e-9)
        assert np.all(np.abs(np.diff(np.log(edge)))[1:-1] < 0.2)  # as smooth as the picture


def test_regions_beside_and_above_each_other_stay_apart():
    circles = ((-1.5, 0.0, 1.0), (1.5, 0.0, 1.0), (1.4, 4.0, 1.0))
    regions = connected_regions(discs(*circles), GRID)
    assert len(regions) == 3
    centres = [(np.log(r.mass).mean() > 0.0, np.log(r.lower).max() > 1.0) for r in regions]
    assert centres == [(False, False), (True, True), (True, False)]


def test_a_ring_splits_and_merges():
    def ring(masses):
        x2 = np.log(masses) ** 2
        outer, inner = (np.sqrt(np.maximum(r**2 - x2, 0.0)) for r in (2.0, 1.0))
        hole, some = x2 < 1.0, x2 < 4.0
        low = np.stack([np.where(some, -outer, np.inf), np.where(hole, inner, np.inf)], axis=-1)
        high = np.stack(
            [np.where(hole, -inner, np.where(some, outer, np.inf)), np.where(hole, outer, np.inf)],
            axis=-1,
        )
        return np.exp(low), np.exp(high)

    left, below, above, right = connected_regions(ring, GRID, accuracy=1e-4)
    assert np.log([left.mass[-1], right.mass[0]]) == pytest.approx([-1.0, 1.0], abs=2e-4)
    for arc in (below, above):
        assert np.log(arc.mass[[0, -1]]) == pytest.approx([-1.0, 1.0], abs=2e-4)
    assert np.all(below.upper < 1.0)
    assert np.all(above.lower > 1.0)


def test_a_step_of_the_edge_is_found_between_masses():
    def step(masses):
        lower = np.where(masses < 1.234, 1e-3, 1e-5)
        return lower[:, None], np.full((masses.size, 1), np.inf)

    (region,) = connected_regions(step, GRID, accuracy=1e-3)
    jump = int(np.argmax(region.lower < 1e-4))
    assert region.mass[jump - 1] < 1.234 <= region.mass[jump]
    assert region.mass[jump] / region.mass[jump - 1] <= 1.001
    assert np.all(np.isinf(region.upper))


def test_intervals_that_do_not_overlap_are_not_joined():
    def apart(masses):
        light = masses < 1.0
        low = np.where(light, 1.0, 10.0)[:, None]
        return low, 2.0 * low

    first, second = connected_regions(apart, GRID)
    assert first.mass[-1] < 1.0 <= second.mass[0]


def test_the_table_holds_every_point_of_every_region():
    regions = connected_regions(discs((-1.5, 0.0, 1.0), (1.5, 0.0, 1.0)), GRID)
    table = regions_dataset(regions)
    for number, region in enumerate(regions, start=1):
        rows = table.isel(point=np.flatnonzero(table["region"].values == number))
        assert np.array_equal(rows["mass_GeV"].values, region.mass)
        assert np.array_equal(rows["coupling_hi"].values, region.upper)
    assert regions_dataset(()).sizes["point"] == 0


@pytest.mark.parametrize("mass", [[1.0], [2.0, 1.0], [0.0, 1.0]])
def test_masses_must_rise(mass):
    with pytest.raises(InputError, match="mass: at least two masses"):
        connected_regions(discs((0.0, 0.0, 1.0)), mass)
