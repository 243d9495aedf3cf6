"""Reading and writing quantities: "10 MeV" in, GeV inside, "10 MeV" out.

A text is a number, an optional space and a unit; a bare number is in GeV, metres or seconds.
All units are powers of ten of these, so they are shifted in decimal and "105.6583755 MeV" is
``0.1056583755`` to the last bit.

Numbers made with `hepunits` are plain floats in MeV, millimetres and nanoseconds and carry no mark
of it: divide by the unit that is wanted, ``parse_energy(mass / hepunits.GeV)``.
"""

from __future__ import annotations

import numbers
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import InputError, suggestion

__all__ = [
    "ENERGY_UNITS",
    "LENGTH_UNITS",
    "TIME_UNITS",
    "format_energy",
    "parse_energy",
    "parse_grid",
    "parse_integer",
    "parse_length_m",
    "parse_number",
    "parse_time_s",
]

ENERGY_UNITS: Mapping[str, int] = {"eV": -9, "keV": -6, "MeV": -3, "GeV": 0, "TeV": 3, "PeV": 6}
"""Units of energy, mass and momentum: the power of ten that one is in GeV."""
LENGTH_UNITS: Mapping[str, int] = {
    "fm": -15,
    "nm": -9,
    "um": -6,
    "mm": -3,
    "cm": -2,
    "m": 0,
    "km": 3,
}
"""Units of length: the power of ten that one is in metres."""
TIME_UNITS: Mapping[str, int] = {"fs": -15, "ps": -12, "ns": -9, "us": -6, "ms": -3, "s": 0}
"""Units of time: the power of ten that one is in seconds."""

_QUANTITY = re.compile(
    r"""\s* (?P<mantissa> [+-]? (?: [0-9]+ \.? [0-9]* | \. [0-9]+ ))
        (?: [eE] (?P<exponent> [+-]? [0-9]{1,6} ))?
        \s* (?P<unit> .*? ) \s*""",
    re.VERBOSE | re.DOTALL,
)
_NOT_FINITE = re.compile(r"\s*[+-]?(?:nan|inf|infinity)\s*", re.IGNORECASE)
_NATURAL_UNITS = re.compile(r"/c(?:\^?2|²)?$")
_LONGEST_GRID = 1_000_000


def parse_energy(
    value: Any,
    *,
    name: str = "mass",
    minimum: float = 0.0,
    maximum: float = np.inf,
    allow_zero: bool = False,
) -> float:
    """Return an energy, a mass or a momentum in GeV.

    Parameters
    ----------
    value : str or number
        ``"10 MeV"``, ``"10MeV"``, ``"1e-3 GeV"``, ``"0.5 GeV/c^2"``, or a number in GeV (also
        as a text or as a NumPy scalar).
    name : str
        The parameter that an error message speaks of.
    minimum : float
        Lower bound in GeV; the value must lie above it.
    maximum : float
        Upper bound in GeV, itself allowed.
    allow_zero : bool
        Whether `minimum` itself is allowed too.

    Returns
    -------
    float
        The energy in GeV.

    Raises
    ------
    InputError
        The value is no finite energy, has another unit, or is out of range.

    Examples
    --------
    >>> parse_energy("10 MeV")
    0.01
    """
    number = _quantity(value, name, ENERGY_UNITS, "GeV")
    _check_range(number, value, name, minimum, maximum, not allow_zero, "GeV")
    return number


def parse_length_m(
    value: Any,
    *,
    name: str = "length",
    minimum: float = 0.0,
    maximum: float = np.inf,
    allow_zero: bool = False,
) -> float:
    """Return a length in metres, from ``"35 cm"`` or a number of metres; see `parse_energy`."""
    number = _quantity(value, name, LENGTH_UNITS, "m")
    _check_range(number, value, name, minimum, maximum, not allow_zero, "m")
    return number


def parse_time_s(
    value: Any,
    *,
    name: str = "time",
    minimum: float = 0.0,
    maximum: float = np.inf,
    allow_zero: bool = False,
) -> float:
    """Return a time in seconds, from ``"10 ps"`` or a number of seconds; see `parse_energy`."""
    number = _quantity(value, name, TIME_UNITS, "s")
    _check_range(number, value, name, minimum, maximum, not allow_zero, "s")
    return number


def parse_number(
    value: Any,
    *,
    name: str = "value",
    minimum: float = -np.inf,
    maximum: float = np.inf,
    exclusive: bool = False,
) -> float:
    """Return a finite number without a unit.

    Parameters
    ----------
    value : str or number
        A number, or a text that is one.
    name : str
        The parameter that an error message speaks of.
    minimum, maximum : float
        The allowed range.
    exclusive : bool
        Whether the lower bound itself is not allowed.

    Raises
    ------
    InputError
        The value is no finite number, has a unit, or is out of range.
    """
    number = _quantity(value, name, {}, "")
    _check_range(number, value, name, minimum, maximum, exclusive, "")
    return number


def parse_integer(
    value: Any, *, name: str = "n", minimum: int | None = None, maximum: int | None = None
) -> int:
    """Return an integer, from ``1000``, ``"1000"``, ``1e3`` or ``"1e3"``.

    Raises
    ------
    InputError
        The value is no integer or lies outside `minimum` to `maximum`.
    """
    low = -np.inf if minimum is None else minimum
    high = np.inf if maximum is None else maximum
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        integer = int(value)
    else:
        number = _quantity(value, name, {}, "")
        integer = round(number)
        if integer != number:
            raise InputError(f"{name} = {value!r}: must be an integer")
    if not low <= integer <= high:
        raise InputError(f"{name} = {value!r}: must be {_range_text(low, high, False, '')}")
    return integer


def parse_grid(
    text: Any,
    *,
    name: str = "mass",
    minimum: float = 0.0,
    maximum: float = np.inf,
    parse: Callable[..., float] = parse_energy,
) -> NDArray[np.float64]:
    """Return a list of values, such as the masses of a scan in GeV.

    Parameters
    ----------
    text : str, number or sequence
        ``"A:B:N"`` is N points from A to B, equally spaced in the logarithm; ``"A,B,C"`` are the
        values themselves, in this order; one value is itself; a sequence or array holds values.
    name : str
        The parameter that an error message speaks of.
    minimum, maximum : float
        Allowed range of each value, as in `parse_energy`.
    parse : callable
        What reads one value: `parse_energy`, `parse_length_m`, `parse_time_s` or `parse_number`.

    Returns
    -------
    ndarray of float64
        The values, one-dimensional, at least one.

    Raises
    ------
    InputError
        The text is malformed, a value is not allowed, or A is not below B.

    Examples
    --------
    >>> parse_grid("1MeV:1GeV:4")
    array([0.001, 0.01 , 0.1  , 1.   ])
    """

    def one(value: Any) -> float:
        return parse(value, name=name, minimum=minimum, maximum=maximum)

    if isinstance(text, str):
        if ":" in text:
            return _logarithmic(text, name, one)
        items: list[Any] = text.split(",") if "," in text else [text]
    elif isinstance(text, np.ndarray):
        if text.ndim > 1:
            raise InputError(f"{name}: an array of {text.ndim} dimensions; must have one")
        items = list(np.atleast_1d(text))
    elif isinstance(text, list | tuple | range):
        items = list(text)
    else:
        items = [text]
    if not items:
        raise InputError(f"{name}: an empty list; must have at least one value")
    return np.array([one(item) for item in items], dtype=np.float64)


def format_energy(energy: float, digits: int = 6) -> str:
    """Return an energy in GeV as a text with the unit that suits it.

    Parameters
    ----------
    energy : float
        Energy in GeV.
    digits : int
        Number of significant digits, at most.

    Examples
    --------
    >>> format_energy(0.01)
    '10 MeV'
    """
    number = float(energy)
    if number == 0.0 or not np.isfinite(number):
        return f"{number:g} GeV"
    text = ""
    for unit, power in ENERGY_UNITS.items():
        text = f"{_shift(f'{number:.{digits - 1}e}', -power):.{digits}g}"
        if abs(float(text)) < 1000.0:
            return f"{text} {unit}"
    return f"{text} PeV"


def _logarithmic(text: str, name: str, one: Callable[[Any], float]) -> NDArray[np.float64]:
    parts = text.split(":")
    if len(parts) != 3:
        raise InputError(f"{name} = {text!r}: a range is FIRST:LAST:NUMBER, such as 1MeV:1GeV:40")
    if not re.fullmatch(r"\s*[0-9]+\s*", parts[2], re.ASCII):
        raise InputError(
            f"{name} = {text!r}: the number of points {parts[2]!r} must be an integer of at least 2"
        )
    count = int(parts[2]) if len(parts[2]) < 20 else _LONGEST_GRID + 1
    if not 2 <= count <= _LONGEST_GRID:
        raise InputError(
            f"{name} = {text!r}: the number of points must be from 2 to {_LONGEST_GRID}"
        )
    first, last = one(parts[0]), one(parts[1])
    if not 0.0 < first < last:
        raise InputError(
            f"{name} = {text!r}: the first value {parts[0].strip()!r} must be positive and below "
            f"the last, {parts[1].strip()!r}"
        )
    return np.geomspace(first, last, count)


def _quantity(value: Any, name: str, units: Mapping[str, int], default: str) -> float:
    """Return a number in the default unit; `units` is empty for a pure number."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, str):
        number = _read(value, name, units, default)
    elif isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        kind = f"a number or a text like {'10 ' + default!r}" if units else "a number"
        raise InputError(f"{name} = {_shown(value)}: must be {kind}")
    else:
        try:
            number = float(value)
        except OverflowError:
            number = np.inf
    if not np.isfinite(number):
        raise InputError(f"{name} = {_shown(value)}: must be finite")
    return number


def _read(text: str, name: str, units: Mapping[str, int], default: str) -> float:
    shown = f"{name} = {_shown(text)}"
    if _NOT_FINITE.fullmatch(text):
        raise InputError(f"{shown}: must be finite")
    match = _QUANTITY.fullmatch(text)
    if match is None:
        example = f"a number with a unit, such as '10 {default}'" if units else "a number"
        raise InputError(f"{shown}: must be {example}")
    unit = match["unit"]
    power = 0
    if unit and not units:
        raise InputError(f"{shown}: must be a number without a unit, but has {unit!r}")
    if unit:
        unit = unit.replace("µ", "u").replace("μ", "u")
        if units is ENERGY_UNITS:
            unit = _NATURAL_UNITS.sub("", unit)
        if unit not in units:
            near = suggestion(unit[:40], units)
            if near.startswith("did"):
                near += f" (known: {', '.join(units)})"
            raise InputError(f"{shown}: unknown unit {match['unit'][:40]!r}, {near}")
        power = units[unit]
    return _shift(f"{match['mantissa']}e{match['exponent'] or 0}", power)


def _shift(text: str, power: int) -> float:
    """Return the number of a text ``<mantissa>e<exponent>`` times a power of ten, exactly."""
    mantissa, _, exponent = text.partition("e")
    return float(f"{mantissa}e{int(exponent) + power}")


def _check_range(
    number: float,
    value: Any,
    name: str,
    minimum: float,
    maximum: float,
    exclusive: bool,
    unit: str,
) -> None:
    if number < minimum or number > maximum or (exclusive and number == minimum):
        allowed = _range_text(minimum, maximum, exclusive, unit)
        raise InputError(f"{name} = {_shown(value)}: must be {allowed}")


def _range_text(minimum: float, maximum: float, exclusive: bool, unit: str) -> str:
    suffix = f" {unit}" if unit else ""
    low = f"{'above' if exclusive else 'at least'} {minimum:.6g}{suffix}"
    high = f"at most {maximum:.6g}{suffix}"
    if minimum == -np.inf:
        return high
    return low if maximum == np.inf else f"{low} and {high}"


def _shown(value: Any) -> str:
    """Return a value for a message: short, and in one line."""
    if isinstance(value, np.generic):
        value = value.item()
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
