"""Where the daughters of a decay cross the planes of a detector, on straight lines."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.geometry import Detector, DetectorPlane

__all__ = ["DAUGHTER_NAMES", "crossing_units", "crossings"]

FloatArray = NDArray[np.float64]

DAUGHTER_NAMES = ("first", "second")
"""Of the two daughters in the order of the record: the negative one is the first."""
_AXES = "xyz"


def crossings(
    daughter: str, detector: Detector, position: FloatArray, momentum: FloatArray
) -> dict[str, NDArray[Any]]:
    """Return where a daughter crosses each plane, as columns of events.

    Two places (m) along the axes of each plane, nan where the daughter flies away from it; whether
    it is within the plane; and whether it is seen, that is, crosses all with energy enough.

    Parameters
    ----------
    daughter : str
        Its name.
    detector : Detector
        The planes.
    position : ndarray, shape (n, 3)
        Of the decay, m.
    momentum : ndarray, shape (n, 4)
        GeV.
    """
    columns: dict[str, NDArray[Any]] = {}
    seen = momentum[:, 0] >= detector.energy_min
    for number, plane in enumerate(detector.plane, start=1):
        across, *along = _plane_axes(plane)
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = (plane.position - position[:, across]) / momentum[:, 1 + across]
        met = np.isfinite(distance) & (distance >= 0.0)
        apart = []
        for axis, centre in zip(along, plane.center, strict=True):
            at = position[:, axis] + np.where(met, distance, np.nan) * momentum[:, 1 + axis]
            columns[f"{daughter}_plane_{number}_{_AXES[axis]}_m"] = at
            apart.append(at - centre)
        inside = _within(plane, *apart)
        columns[f"{daughter}_in_plane_{number}"] = inside
        seen = seen & inside
    columns[f"{daughter}_seen"] = seen
    return columns


def crossing_units(detector: Detector | None) -> dict[str, str]:
    """Return the units of these columns of both daughters, by their names, in order."""
    units = {}
    for daughter in DAUGHTER_NAMES if detector is not None else ():
        assert detector is not None
        for number, plane in enumerate(detector.plane, start=1):
            for axis in _plane_axes(plane)[1:]:
                units[f"{daughter}_plane_{number}_{_AXES[axis]}_m"] = "m"
            units[f"{daughter}_in_plane_{number}"] = "1"
        units[f"{daughter}_seen"] = "1"
    return units


def _plane_axes(plane: DetectorPlane) -> tuple[int, int, int]:
    """Return the axis across a plane, and the two along it in the order x, y, z."""
    across = _AXES.index(plane.normal)
    first, second = (axis for axis in range(3) if axis != across)
    return across, first, second


def _within(plane: DetectorPlane, x: FloatArray, y: FloatArray) -> NDArray[np.bool_]:
    """Tell which places, from the centre of a plane, are within it; nan is not."""
    if plane.radius is not None:
        return np.asarray(x**2 + y**2 <= plane.radius**2)
    half_x, half_y = plane.half_sizes()
    return np.asarray((np.abs(x) <= half_x) & (np.abs(y) <= half_y))
