"""A model as data: what stands in its TOML file."""

from __future__ import annotations

from keyword import iskeyword
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from darkbeam.errors import InputError, ModelError, UnknownNameError, suggestion
from darkbeam.models.charges import Charges
from darkbeam.models.dark_matter import dark_matter_names
from darkbeam.toml_files import EntryError, Table

__all__ = ["CouplingEntry", "ModelDescription"]


def _number(value: object) -> tuple[float, float]:
    """Return real and imaginary part of a number or of [real, imaginary]."""
    parts = value if isinstance(value, list | tuple) else (value, 0.0)
    good = [p for p in parts if isinstance(p, int | float) and not isinstance(p, bool)]
    if len(parts) != 2 or len(good) != 2:
        raise ModelError(f"must be a number, or [real, imaginary], got {value!r}")
    return float(parts[0]), float(parts[1])


Number = Annotated[tuple[float, float], BeforeValidator(_number)]


class CouplingEntry(Table):
    """The coupling to one fermion or pair, in units of the coupling constant."""

    charge: Number | None = None
    left: Number | None = None
    right: Number | None = None
    vector: Number | None = None
    axial: Number | None = None
    scalar: Number | None = None
    pseudoscalar: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return value if isinstance(value, dict | CouplingEntry) else {"charge": value}

    def values(self) -> dict[str, complex]:
        """Return the entries that are given."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: complex(*value) for name, value in given.items() if value is not None}


class ModelDescription(Table):
    """A whole file."""

    name: str = Field(pattern=r"^[A-Za-z][\w.-]*$")
    title: str = ""
    spin: Literal[1, 0]
    coupling: str = "g"
    lagrangian: str = ""
    references: tuple[str, ...] = ()
    notes: str = ""
    self_conjugate: bool = True
    dark_matter: tuple[str, ...] | None = None
    couplings: dict[str, CouplingEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> ModelDescription:
        self._check_coupling_name()
        if self.spin == 1 and not self.self_conjugate:
            raise EntryError(("self_conjugate",), "must be true for a vector mediator")
        for pair, entry in self.couplings.items():
            self._check_charges({pair: entry.values()}, pair)
        self._check_charges({p: entry.values() for p, entry in self.couplings.items()})
        possible = dark_matter_names(self.charges().mediator)
        for kind in self.dark_matter or ():
            if kind not in possible:
                raise EntryError(("dark_matter",), f"{kind!r}: {suggestion(kind, possible)}")
        return self

    def _check_coupling_name(self) -> None:
        from darkbeam.models.model_files import FileModel

        if not self.coupling.isidentifier() or iskeyword(self.coupling):
            raise EntryError(("coupling",), f"{self.coupling!r} is no name")
        if hasattr(FileModel, self.coupling) or self.coupling == "mass":
            raise EntryError(("coupling",), f"{self.coupling!r} means something else already")

    def _check_charges(self, given: dict[str, Any], *pair: str) -> None:
        try:
            Charges(given, self.spin, self_conjugate=self.self_conjugate)
        except (UnknownNameError, ModelError, InputError) as error:
            raise EntryError(("couplings", *pair), str(error)) from None

    def charges(self) -> Charges:
        """Return the couplings in units of the coupling constant."""
        given = {pair: entry.values() for pair, entry in self.couplings.items()}
        return Charges(given, self.spin, self_conjugate=self.self_conjugate)
