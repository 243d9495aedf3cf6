"""Validation of the arguments that the functions of this package share."""

from __future__ import annotations

from math import isfinite
from numbers import Real

from darkbeam.errors import InputError

MAX_COUNT = 1e9


def checked_count(value: object) -> int:
    """Return an observed number of events as an integer, or raise InputError."""
    number = _number("n_observed", value)
    if number < 0.0 or number > MAX_COUNT or number != int(number):
        raise InputError(f"n_observed must be an integer from 0 to {MAX_COUNT:g}, got {value!r}")
    return int(number)


def checked_mean(name: str, value: object) -> float:
    """Return a mean number of events or its uncertainty, or raise InputError."""
    number = _number(name, value)
    if number < 0.0 or number > MAX_COUNT:
        raise InputError(f"{name} must be from 0 to {MAX_COUNT:g} events, got {value!r}")
    return number


def checked_background(mean: object, error: object) -> tuple[float, float]:
    """Return mean and uncertainty of the background, or raise InputError."""
    background = checked_mean("background", mean)
    uncertainty = checked_mean("background_error", error)
    if background == 0.0 and uncertainty > 0.0:
        raise InputError(
            f"background_error must be 0 where background is 0, got {error!r}: "
            "a background that may be above zero needs a mean above zero"
        )
    return background, uncertainty


def checked_confidence(value: object) -> float:
    """Return a confidence level, or raise InputError."""
    number = _number("confidence", value)
    if not 0.0 < number < 1.0:
        raise InputError(f"confidence must be between 0 and 1 (0.90 is 90 %), got {value!r}")
    return number


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(f"{name} must be a number, got {value!r}")
    number = float(value)
    if not isfinite(number):
        raise InputError(f"{name} must be finite, got {value!r}")
    return number
