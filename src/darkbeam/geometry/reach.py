"""Which flights from the beam axis can meet a volume at all: ranges of azimuth and of distance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from darkbeam.geometry.description import DecayVolume

__all__ = ["azimuths_from_axis", "distances_from_axis"]

FloatArray = NDArray[np.float64]

_SMALL = 1e-12


def azimuths_from_axis(volume: DecayVolume) -> tuple[float, float]:
    """Return where the azimuths begin at which the axis sees a volume, in a box, and their range.

    Flights from any point of the axis at other azimuths miss the volume.

    Parameters
    ----------
    volume : DecayVolume
        The volume.

    Returns
    -------
    start, width : float
        rad; all of them, 0 and 2 pi, if the axis runs through the box.

    Examples
    --------
    >>> from darkbeam.geometry import DecayVolume
    >>> sizes = {"start": "1 m", "end": "2 m", "width": "2 m", "height": "2 m"}
    >>> beside = DecayVolume(shape="box", center=("2 m", "0 m"), **sizes)
    >>> start, width = azimuths_from_axis(beside)
    >>> round(start, 4), round(width, 4)
    (-0.7854, 1.5708)
    """
    corners = volume.corners()
    if _from_axis(corners)[0] == 0.0:
        return 0.0, 2.0 * np.pi
    x, y = np.meshgrid(corners[:, 0], corners[:, 1])
    middle = np.arctan2(y.mean(), x.mean())
    apart = (np.arctan2(y, x) - middle + np.pi) % (2.0 * np.pi) - np.pi
    return float(middle + apart.min()), float(apart.max() - apart.min())


def distances_from_axis(
    volume: DecayVolume, theta: FloatArray, z: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return distances between which alone flights from the axis can be in a volume.

    That is between the planes of its ends, and as far from the axis as some part of a box around
    it; so they hold for any azimuth.

    Parameters
    ----------
    volume : DecayVolume
        The volume.
    theta : ndarray, shape (n,)
        Angles to the beam, 0 to pi rad.
    z : ndarray, shape (n,)
        Where on the axis the flights begin, m.

    Returns
    -------
    first, last : ndarray, shape (n,)
        m; last is not above first for a flight that misses.
    """
    corners, sine, cosine = volume.corners(), np.sin(theta), np.cos(theta)
    nearest, farthest = _from_axis(corners)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.sort((corners[:, 2] - z[:, None]) / cosine[:, None], axis=1)
        aside = np.array([nearest, farthest]) / sine[:, None]
    level = (corners[0, 2] <= z) & (z <= corners[1, 2])
    across = np.abs(cosine) < _SMALL
    ends[across] = np.where(level[across, None], [0.0, np.inf], [0.0, -1.0])
    along = sine < _SMALL
    aside[along] = [0.0, np.inf] if nearest == 0.0 else [0.0, -1.0]
    return (
        np.maximum(np.maximum(ends[:, 0], aside[:, 0]), 0.0),
        np.minimum(ends[:, 1], aside[:, 1]),
    )


def _from_axis(corners: FloatArray) -> tuple[float, float]:
    """Return the least and the largest distance of a box from the axis."""
    beside = np.maximum(np.maximum(corners[0, :2], -corners[1, :2]), 0.0)
    beyond = np.maximum(np.abs(corners[0, :2]), np.abs(corners[1, :2]))
    return float(np.hypot(*beside)), float(np.hypot(*beyond))
