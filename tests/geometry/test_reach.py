"""Ranges of azimuth and distance that hold a volume, against the paths of many rays in it."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.geometry import (
    DecayVolume,
    azimuths_from_axis,
    distances_from_axis,
    path_in_volume,
)

TAPERED = {"width": "1 m", "height": "2 m", "width_end": "3 m", "height_end": "1 m"}
VOLUMES = {
    "around": DecayVolume(shape="cylinder", start="10 m", end="30 m", radius="1 m"),
    "beside": DecayVolume(
        shape="pyramid", start="10 m", end="14 m", center=("-2 m", "1 m"),
        center_end=("-3 m", "-1 m"), **TAPERED,
    ),
    "above": DecayVolume(
        shape="box", start="5 m", end="15 m", center=("0 m", "20 m"), width="10 m", height="10 m"
    ),
    "at the source": DecayVolume(
        shape="box", start="-5 m", end="15 m", center=("3 m", "1 m"), width="2 m", height="4 m"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VOLUMES)
def test_no_ray_meets_the_volume_elsewhere(name):
    """And both ranges are filled, but for the corners of the box around the volume."""
    volume, rng = VOLUMES[name], np.random.default_rng(5)
    n = 200_000
    theta = np.arccos(rng.uniform(-1.0, 1.0, n)) * rng.choice([0.1, 0.5, 1.0], n)
    phi, z = rng.uniform(-np.pi, np.pi, n), rng.uniform(0.0, 2.0, n)
    origin = np.column_stack((np.zeros((n, 2)), z))
    start, length = path_in_volume(volume, theta, phi, origin=origin)
    first, last = distances_from_axis(volume, theta, z)
    met = length > 0.0
    assert met.sum() > 100
    assert np.all(first[met] <= start[met] * (1.0 + 1e-9))
    assert np.all(last[met] >= (start + length)[met] * (1.0 - 1e-9))
    low, width = azimuths_from_axis(volume)
    turned = (phi[met] - low) % (2.0 * np.pi)
    assert np.all(turned <= width + 1e-9)
    assert np.ptp(turned) > 0.7 * width


def test_rays_along_and_across_the_axis():
    angles, z = np.array([0.0, np.pi / 2, np.pi]), np.array([0.0, 12.0, 12.0])
    first, last = distances_from_axis(VOLUMES["around"], angles, z)
    np.testing.assert_allclose(first, [10.0, 0.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(last, [30.0, np.sqrt(2.0), 2.0])  # a box around the cylinder
    first, last = distances_from_axis(VOLUMES["above"], angles, z)
    assert last[0] <= first[0]  # along the axis, below the box
    assert last[2] <= first[2]
    np.testing.assert_allclose([first[1], last[1]], [15.0, np.hypot(5.0, 25.0)])
