"""Where mediators decay and what their daughters must cross: volumes, planes, straight rays."""

from __future__ import annotations

from darkbeam.geometry.description import (
    DecayVolume,
    Detector,
    DetectorPlane,
    Geometry,
    make_geometry,
)
from darkbeam.geometry.paths import path_in_volume
from darkbeam.geometry.reach import azimuths_from_axis, distances_from_axis

__all__ = [
    "DecayVolume",
    "Detector",
    "DetectorPlane",
    "Geometry",
    "azimuths_from_axis",
    "distances_from_axis",
    "make_geometry",
    "path_in_volume",
]
