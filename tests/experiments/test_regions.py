"""Excluded regions of made-up signals, whose edges are known in closed form."""

import numpy as np
import pytest
from scipy.special import lambertw

from darkbeam.experiments.regions import edges_dataset, excluded_regions


def regions(events, number=1, limit=2.3, **options):
    """Regions where events(mass index, coupling) exceed the limit."""

    def excess(which, log_coupling):
        found = events(which, np.exp(log_coupling))
        return np.log(limit) - np.log(np.maximum(found, 1e-300))

    return excluded_regions(excess, number, options.pop("largest", np.inf), **options)


def test_two_edges_of_a_displaced_decay():
    """N = a g^4 exp(-g^2/b): both edges by Lambert's function."""
    a, b = 1e26, 1e-10
    lower, upper = regions(lambda i, g: a * g**4 * np.exp(-(g**2) / b))
    argument = -np.sqrt(2.3 / a) / (2.0 * b)
    exact = [np.sqrt(-2.0 * b * lambertw(argument, k).real) for k in (0, -1)]
    assert [lower[0, 0], upper[0, 0]] == pytest.approx(exact, rel=1e-8)
    assert lower.shape == (1, 1)


def test_two_regions_are_kept_apart_and_in_order():
    lower, upper = regions(
        lambda i, g: 100.0 * (((g > 1e-7) & (g < 1e-6)) | ((g > 1e-3) & (g < 2e-3) & (i == 1))),
        number=2,
    )
    assert lower == pytest.approx(np.array([[1e-7, np.inf], [1e-7, 1e-3]]), rel=1e-8)
    assert upper == pytest.approx(np.array([[1e-6, np.inf], [1e-6, 2e-3]]), rel=1e-8)
    dataset = edges_dataset(np.array([0.1, 0.2]), lower, upper)
    assert dataset["coupling_lo"].dims == ("mass_GeV", "region")
    assert dataset["region"].values.tolist() == [1, 2]


def test_an_island_between_two_steps_is_found():
    centre, size = 3.33e-6, 1.02
    lower, upper = regions(
        lambda i, g: (
            2.4 * np.exp(-((np.log(g / centre)) ** 2) * np.log(2.4 / 2.3) / np.log(size) ** 2)
        )
    )
    assert [lower[0, 0], upper[0, 0]] == pytest.approx([centre / size, centre * size], rel=1e-7)


def test_nothing_and_everything():
    lower, upper = regions(lambda i, g: 0.0 * g)
    assert np.all(np.isinf(lower))
    assert np.all(np.isinf(upper))
    lower, upper = regions(lambda i, g: 1e12 * g**2, largest=0.1)
    assert lower[0, 0] == pytest.approx(np.sqrt(2.3e-12), rel=1e-8)
    assert np.isinf(upper[0, 0])
