"""Decays: widths, branching fractions, lifetimes and decay lengths from a coupling table."""

from __future__ import annotations

from darkbeam.decays.result import Widths
from darkbeam.decays.widths import decay_length_m, widths

__all__ = ["Widths", "decay_length_m", "widths"]
