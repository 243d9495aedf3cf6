"""An experiment as data: what stands in its TOML file, checked, with the line of each mistake."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from darkbeam.errors import (
    DarkbeamError,
    ExperimentError,
    InputError,
    UnknownNameError,
    suggestion,
)
from darkbeam.matter import LayeredMaterial, material
from darkbeam.particles import Beam, parse_beam
from darkbeam.units import parse_energy, parse_length_m

__all__ = [
    "BeamDescription",
    "Calorimeter",
    "ExperimentDescription",
    "Preshower",
    "Run",
    "Selection",
    "read_description",
]


def _in_gev(value: object) -> float:
    return parse_energy(value, name="energy")


def _in_gev_or_zero(value: object) -> float:
    return parse_energy(value, name="energy", allow_zero=True)


def _in_m(value: object) -> float:
    if not isinstance(value, str) or not any(c.isalpha() for c in value.replace("e", "")):
        raise InputError(f"length = {value!r}: a length needs its unit, as in '1.5 mm'")
    return parse_length_m(value, name="length")


Energy = Annotated[float, BeforeValidator(_in_gev)]
EnergyOrZero = Annotated[float, BeforeValidator(_in_gev_or_zero)]
LengthM = Annotated[float, BeforeValidator(_in_m)]
Fraction = Annotated[float, Field(gt=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BeamDescription(_Table):
    """[beam]: particle and energy."""

    particle: str
    energy: Energy

    @model_validator(mode="after")
    def _known(self) -> BeamDescription:
        if self.beam().lepton != "e":
            raise ValueError(
                f"particle = {self.particle!r} must be e- or e+ for an active dump, in which "
                "the beam makes an electromagnetic shower"
            )
        return self

    def beam(self) -> Beam:
        """Return the beam."""
        return parse_beam(f"{self.particle}:{self.energy!r}GeV")


class Calorimeter(_Table):
    """[calorimeter]: the active target by its layers, its resolution, and what lies behind."""

    layers: tuple[tuple[str, LengthM], ...] = Field(min_length=1)
    repeats: int = Field(default=1, ge=1)
    resolution_stochastic: NotNegative = 0.0
    resolution_constant: NotNegative = 0.0
    escape_length: LengthM

    def target(self) -> LayeredMaterial:
        """Return the target."""
        return LayeredMaterial([(m, 1e3 * t) for m, t in self.layers], repeats=self.repeats)

    @field_validator("layers")
    @classmethod
    def _known(cls, layers: tuple[tuple[str, LengthM], ...]) -> tuple[tuple[str, LengthM], ...]:
        for name, _ in layers:
            material(name)
        return layers


class Preshower(_Table):
    """[preshower]: the first radiation lengths of the calorimeter, read out on their own."""

    depth_x0: Positive
    resolution_stochastic: NotNegative = 0.0


class Selection(_Table):
    """[selection]: energies that an event must show."""

    calorimeter_max: Energy
    calorimeter_trigger: Energy | None = None
    preshower_min: EnergyOrZero = 0.0
    preshower_trigger: EnergyOrZero = 0.0
    hcal_max: Energy | None = None

    @property
    def calorimeter_limit(self) -> float:
        """The tighter of trigger and offline cut on the calorimeter, GeV."""
        return min(self.calorimeter_max, self.calorimeter_trigger or self.calorimeter_max)

    @property
    def preshower_limit(self) -> float:
        """The tighter of trigger and offline cut on the preshower, GeV."""
        return max(self.preshower_min, self.preshower_trigger)


class Run(_Table):
    """[[run]]: an exposure with what was seen in it, or a projection."""

    name: str
    eot: Positive
    observed: int = Field(default=0, ge=0)
    background: NotNegative = 0.0
    background_error: NotNegative = 0.0
    projection: bool = False
    efficiency: dict[str, Fraction] = Field(default_factory=dict)
    reference: str = ""
    notes: str = ""


class ExperimentDescription(_Table):
    """A whole file."""

    name: str
    title: str
    signature: Literal["missing_energy"]
    references: tuple[str, ...] = ()
    default_run: str
    notes: str = ""
    beam: BeamDescription
    calorimeter: Calorimeter
    preshower: Preshower | None = None
    selection: Selection
    efficiency: dict[str, Fraction] = Field(default_factory=dict)
    run: tuple[Run, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> ExperimentDescription:
        names = [r.name for r in self.run]
        if len(set(names)) < len(names):
            raise ValueError("run names must differ")
        if self.default_run not in names:
            raise ValueError(
                f"default_run = {self.default_run!r} is no run; "
                + suggestion(self.default_run, names)
            )
        if self.selection.calorimeter_max >= self.beam.energy:
            raise ValueError("selection.calorimeter_max must lie below the beam's energy")
        if self.selection.preshower_limit > 0 and self.preshower is None:
            raise ValueError("selection.preshower_min needs a [preshower]")
        return self

    def find_run(self, name: str | None) -> Run:
        """Return a run by name; the default one for None."""
        wanted = self.default_run if name is None else name
        for run in self.run:
            if run.name == wanted:
                return run
        raise UnknownNameError(
            f"run = {wanted!r}: {self.name} has no such run; "
            + suggestion(wanted, [r.name for r in self.run])
        )


def read_description(path: Path) -> ExperimentDescription:
    """Read and check an experiment's TOML file.

    Raises
    ------
    ExperimentError
        The file cannot be read, is no TOML, or holds what is not allowed: one line that names
        the file, the line in it, the entry and what is wrong.
    """
    try:
        content = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a UTF-8 text"
        raise ExperimentError(f"{path}: {reason}") from None
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ExperimentError(_toml_message(path, content, str(error))) from None
    try:
        return ExperimentDescription.model_validate(data)
    except ValidationError as error:
        raise ExperimentError(_validation_message(path, content, error)) from None


def _toml_message(path: Path, content: str, message: str) -> str:
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line = int(found.group(1)) if found else len(content.splitlines())
    return f"{path}:{line}: not valid TOML: {message.split(' (at ')[0]}"


def _validation_message(path: Path, content: str, error: ValidationError) -> str:
    first = error.errors()[0]
    place = tuple(p for p in first["loc"] if isinstance(p, str | int) and p != "float")
    text = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "value_error" and isinstance(first.get("input"), dict):
        # checks across entries begin with the name of the one to change
        place = (*place, *text.split(" ")[0].rstrip(":").split("."))
    entry = ".".join(str(p) for p in place) or "file"
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, DarkbeamError):
        text = str(cause)
    if first["type"] == "extra_forbidden":
        text = "no such entry; " + suggestion(str(place[-1]), _fields_at(place[:-1]))
    elif first["type"] == "missing":
        text = "is missing"
    return f"{path}:{_line_of(content, place)}: {entry}: {text}"


def _fields_at(place: tuple[str | int, ...]) -> list[str]:
    model: Any = ExperimentDescription
    tables: dict[str, Any] = {
        "beam": BeamDescription,
        "calorimeter": Calorimeter,
        "preshower": Preshower,
        "selection": Selection,
        "run": Run,
    }
    for key in place:
        model = tables.get(str(key), model)
    return list(model.model_fields)


def _line_of(content: str, place: tuple[str | int, ...]) -> int:
    """Return the line of an entry: of its key, else of its table, else the first."""
    lines = content.splitlines()
    table = str(place[0]) if place else ""
    index = place[1] if len(place) > 1 and isinstance(place[1], int) else 0
    keys = [str(p) for p in place if isinstance(p, str)]
    current, count, best = "", -1, 1
    is_header: Callable[[str], re.Match[str] | None] = re.compile(
        r"^\s*\[\[?\s*([\w.-]+)\s*\]\]?"
    ).match
    for number, line in enumerate(lines, start=1):
        header = is_header(line)
        if header:
            current = header.group(1)
            count = count + 1 if current == table else count
            if current == table and count == index:
                best = number
            continue
        key = re.match(r"^\s*([\w-]+)\s*=", line)
        if not key or key.group(1) not in keys:
            continue
        if (current == "" and key.group(1) == table) or (
            current == table and count == index and key.group(1) != table
        ):
            return number
    return best
