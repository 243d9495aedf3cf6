"""Statistics of counting experiments: upper limits, intervals, expected limits."""

from __future__ import annotations

from darkbeam.statistics.feldman_cousins import feldman_cousins_interval
from darkbeam.statistics.limits import (
    METHODS,
    REFERENCES,
    cls_value,
    expected_upper_limit,
    upper_limit,
)

__all__ = [
    "METHODS",
    "REFERENCES",
    "cls_value",
    "expected_upper_limit",
    "feldman_cousins_interval",
    "upper_limit",
]
