"""Parameters of models: their ranges, units and defaults, checked when a model is made."""

from __future__ import annotations

import dataclasses
from abc import ABC
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError, ModelError, UnknownNameError, suggestion

__all__ = ["Choice", "Parameter", "ParameterInfo", "Parameterised", "broadcast_check"]

FloatArray = NDArray[np.float64]
Self = TypeVar("Self", bound="Parameterised")


@dataclasses.dataclass(frozen=True)
class ParameterInfo:
    """What a person should know about a parameter: name, meaning, unit, range, default."""

    name: str
    description: str
    unit: str
    allowed: str
    default: float | str | None
    required: bool = False


class Parameter:
    """A checked field of a frozen dataclass, holding a float or a read-only float64 array.

    Parameters
    ----------
    description : str
        One line for people.
    unit : str
        ``"GeV"`` admits text with a unit ("10 MeV"); ``""`` is a pure number.
    minimum : float
        Lower end of the range.
    inclusive : bool
        Whether the lower end itself is allowed.
    maximum : float
        Upper end of the range, itself allowed.
    default : float, optional
        Default; without one the parameter must be given.
    optional : bool
        Whether None is allowed (and then the default).
    """

    def __init__(
        self,
        description: str,
        *,
        unit: str = "",
        minimum: float = -np.inf,
        inclusive: bool = False,
        maximum: float = np.inf,
        default: float | None = None,
        optional: bool = False,
    ) -> None:
        """Keep the description; the class's docstring explains the arguments."""
        self.description = description
        self.unit = unit
        self.minimum = minimum
        self.inclusive = inclusive
        self.maximum = maximum
        self.default = default
        self.optional = optional
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the field's name."""
        self.name = name

    def __get__(self, instance: object | None, owner: type) -> Any:
        """Return the value; on the class the default, as `dataclasses` expects."""
        if instance is not None:
            return instance.__dict__[self.name]
        if self.default is None and not self.optional:
            raise AttributeError(self.name)
        return self.default

    def __set__(self, instance: object, value: Any) -> None:
        """Check a value and keep it (called once, by the dataclass's constructor)."""
        instance.__dict__[self.name] = self.check(value)

    @property
    def allowed(self) -> str:
        """The range in words."""
        unit = f" {self.unit}" if self.unit else ""
        above = f"{'>=' if self.inclusive else '>'} {self.minimum:g}{unit}"
        below = f"<= {self.maximum:g}{unit}"
        ends = [above] * bool(np.isfinite(self.minimum)) + [below] * bool(np.isfinite(self.maximum))
        return " and ".join(ends) or "finite"

    def info(self) -> ParameterInfo:
        """Return the description of this parameter."""
        required = self.default is None and not self.optional
        return ParameterInfo(
            self.name, self.description, self.unit, self.allowed, self.default, required
        )

    def check(self, value: object) -> float | FloatArray | None:
        """Return `value` as a float or a read-only array, or raise `ModelError`."""
        if value is None and self.optional:
            return None
        if isinstance(value, str):
            value = self._parse(value)
        try:
            if value is None or np.asarray(value).dtype.kind not in "iuf":
                raise TypeError
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise ModelError(
                f"{self.name} must be a number{self._unit_words()} {self.allowed}, got {value!r}"
            ) from None
        with np.errstate(invalid="ignore"):
            above = array >= self.minimum if self.inclusive else array > self.minimum
        good = np.isfinite(array) & above & (array <= self.maximum)
        if array.size == 0:
            raise ModelError(f"{self.name} must not be an empty array")
        if not np.all(good):
            where = "" if array.ndim == 0 else f" at index {int(np.argmin(good.ravel()))}"
            bad = array.ravel()[int(np.argmin(good.ravel()))]
            allowed = "finite" if self.allowed == "finite" else f"finite and {self.allowed}"
            raise ModelError(f"{self.name} must be {allowed}, got {bad:g}{where}")
        if array.ndim == 0:
            return float(array)
        array.setflags(write=False)
        return array

    def _unit_words(self) -> str:
        return f" (in {self.unit}, or text with a unit)" if self.unit else ""

    def _parse(self, text: str) -> float:
        from darkbeam.units import parse_energy, parse_number

        try:
            if self.unit == "GeV":
                return float(parse_energy(text, name=self.name))
            return float(parse_number(text, name=self.name))
        except InputError as error:
            raise ModelError(str(error)) from None


class Choice:
    """A field of a frozen dataclass that holds one of a few words.

    Parameters
    ----------
    description : str
        One line for people.
    options : tuple of str
        What is allowed, in lower case.
    default : str
        One of `options`.
    """

    def __init__(self, description: str, *, options: tuple[str, ...], default: str) -> None:
        """Keep the description; the class's docstring explains the arguments."""
        self.description = description
        self.options = options
        self.default = default
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the field's name."""
        self.name = name

    def __get__(self, instance: object | None, owner: type) -> Any:
        """Return the word; on the class the default, as `dataclasses` expects."""
        return self.default if instance is None else instance.__dict__[self.name]

    def __set__(self, instance: object, value: Any) -> None:
        """Check a word and keep it (called once, by the dataclass's constructor)."""
        word = value.strip().lower() if isinstance(value, str) else value
        if word not in self.options:
            raise ModelError(
                f"{self.name} must be {self.allowed}, got {value!r}; "
                f"{suggestion(str(value), self.options)}"
            )
        instance.__dict__[self.name] = word

    @property
    def allowed(self) -> str:
        """The options in words."""
        return " or ".join(self.options)

    def info(self) -> ParameterInfo:
        """Return the description of this choice."""
        return ParameterInfo(self.name, self.description, "", self.allowed, self.default)


@dataclasses.dataclass(frozen=True, eq=False)
class Parameterised(ABC):  # noqa: B024 - abstract methods come with the subclasses
    """Base of frozen dataclasses made of `Parameter` fields: equality, `replace`, description."""

    @classmethod
    def parameters(cls) -> tuple[ParameterInfo, ...]:
        """Return what each number and choice means and allows, those given by position first."""
        found: dict[str, Parameter | Choice] = {}
        for base in reversed(cls.__mro__):
            found.update({k: v for k, v in vars(base).items() if isinstance(v, Parameter | Choice)})
        by_name = {f.name for f in dataclasses.fields(cls) if f.kw_only}
        return tuple(found[name].info() for name in sorted(found, key=by_name.__contains__))

    @classmethod
    def check_names(cls, given: Mapping[str, object]) -> None:
        """Raise `UnknownNameError`, with the near match, on a parameter that does not exist."""
        known = [f.name for f in dataclasses.fields(cls)]
        for name in given:
            if name not in known:
                raise UnknownNameError(
                    f"{cls.__name__} has no parameter {name!r}; {suggestion(name, known)}"
                )

    def replace(self: Self, **changes: Any) -> Self:
        """Return a copy with some parameters changed, checked anew."""
        self.check_names(changes)
        return dataclasses.replace(self, **changes)

    def __eq__(self, other: object) -> bool:
        """Compare type and all fields, arrays by value."""
        if type(self) is not type(other):
            return NotImplemented
        names = [f.name for f in dataclasses.fields(self)]
        return all(_same(getattr(self, n), getattr(other, n)) for n in names)

    def __hash__(self) -> int:
        """Hash consistent with equality."""
        values = (getattr(self, f.name) for f in dataclasses.fields(self))
        return hash((type(self), *(_hashable(v) for v in values)))


def _same(first: object, second: object) -> bool:
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return np.array_equal(first, second)
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return False
    return bool(first == second)


def _hashable(value: object) -> object:
    if isinstance(value, np.ndarray):
        return (value.shape, value.tobytes())
    return value


def broadcast_check(values: Mapping[str, ArrayLike]) -> None:
    """Raise `ModelError` if parameters given as arrays do not broadcast against each other."""
    try:
        np.broadcast_shapes(*(np.shape(v) for v in values.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {np.shape(v)}" for name, v in values.items())
        raise ModelError(f"shapes of the parameters do not broadcast: {shapes}") from None
