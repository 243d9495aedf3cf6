"""Decays: widths, branching fractions, lifetimes and decay lengths from a coupling table."""

from __future__ import annotations

from darkbeam.decays.result import Widths
from darkbeam.decays.three_body import (
    EXCITED_CHANNELS,
    ExcitedStateWidths,
    excited_state_widths,
)
from darkbeam.decays.widths import decay_length_m, widths

__all__ = [
    "EXCITED_CHANNELS",
    "ExcitedStateWidths",
    "Widths",
    "decay_length_m",
    "excited_state_widths",
    "widths",
]
