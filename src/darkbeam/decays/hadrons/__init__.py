"""Decays of vector mediators to hadrons, from the couplings to quarks."""

from __future__ import annotations

from darkbeam.decays.hadrons.vector import (
    BLEND,
    HADRON_CHANNELS,
    MATCHING_MASS,
    MAXIMUM_MASS,
    hadronic_spectrum,
    r_ratio,
    vector_hadron_widths,
)

__all__ = [
    "BLEND",
    "HADRON_CHANNELS",
    "MATCHING_MASS",
    "MAXIMUM_MASS",
    "hadronic_spectrum",
    "r_ratio",
    "vector_hadron_widths",
]
