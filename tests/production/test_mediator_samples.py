"""Points of production, many and few."""

import numpy as np
import pytest

from darkbeam.errors import InputError
from darkbeam.production.mediator_samples import MediatorSample, compress


def many(number=50_000, mass=0.3):
    generator = np.random.default_rng(3)
    energy = mass + generator.exponential(20.0, number)
    angle = generator.rayleigh(0.01, number)
    weight = generator.uniform(0.5, 1.5, number) / number
    return MediatorSample(mass, energy, angle, weight, generator.uniform(0.0, 2.0, number))


def test_compression_keeps_weight_and_what_decays_far_away():
    sample = many()
    few = compress(sample, cells=(60, 20, 4))
    assert len(few) <= 60 * 20 * 4 < len(sample)
    assert few.total == pytest.approx(sample.total, rel=1e-12)
    for length in (0.01, 0.1, 0.6):
        # survival over a distance in units of momentum over mass, and a cut on the angle
        def survive(s, length=length):
            return np.sum(s.weight * np.exp(-length * 20.0 / s.momentum))

        assert survive(few) == pytest.approx(survive(sample), rel=4e-3)
    assert np.sum(few.weight * few.depth_m) == pytest.approx(
        np.sum(sample.weight * sample.depth_m), rel=1e-12
    )


def test_what_is_too_wide_or_too_soft_is_left_out():
    sample = many()
    few = compress(sample, largest_angle=0.01, least_energy=10.0)
    chosen = (sample.angle <= 0.01) & (sample.energy >= 10.0)
    assert few.total == pytest.approx(sample.weight[chosen].sum(), rel=1e-12)
    assert few.angle.max() <= 0.01
    assert few.energy.min() >= 10.0


def test_nothing_stays_nothing_and_no_cells_are_refused():
    assert len(compress(many(), largest_angle=0.0)) == 0
    with pytest.raises(InputError, match="cells"):
        compress(many(), cells=(0, 1, 1))


def test_depth_is_zero_unless_given():
    sample = MediatorSample(0.1, np.array([1.0, 2.0]), np.zeros(2), np.ones(2))
    assert sample.depth_m.tolist() == [0.0, 0.0]
    assert len(sample) == 2
