"""Models that stand in TOML files."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from darkbeam.errors import ModelError
from darkbeam.models.base import Model
from darkbeam.models.charges import Charges
from darkbeam.models.couplings import CouplingTable
from darkbeam.models.dark_sector import Portal
from darkbeam.models.parameters import Parameter, ParameterInfo

if TYPE_CHECKING:
    from darkbeam.models.model_description import ModelDescription

__all__ = ["FileModel", "load_model"]

_LAGRANGIANS = {
    "vector": "{g} X_mu sum_ij fbar_i gamma^mu (V_ij + A_ij gamma5) f_j",
    "scalar": "-{g} phi sum_ij fbar_i (S_ij + i P_ij gamma5) f_j",
    "complex-scalar": "-{g} phi sum_ij fbar_i (S_ij + i P_ij gamma5) f_j + h.c.",
}


@dataclasses.dataclass(frozen=True, eq=False)
class FileModel(Portal):
    """Base of the models that `load_model` returns."""

    charges: ClassVar[Charges]
    allowed_dark_matter: ClassVar[tuple[str, ...] | None] = None
    content: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        super().__post_init__()
        if self.dark_matter is not None and self.dark_matter.name not in self.dark_matter_kinds():
            raise ModelError(
                f"{self.name} may have dark matter {', '.join(self.dark_matter_kinds()) or 'none'}"
                f", got {self.dark_matter.name!r}"
            )

    @classmethod
    def dark_matter_kinds(cls) -> tuple[str, ...]:
        """Return the names of the dark matter that the file allows."""
        allowed = cls.allowed_dark_matter
        return super().dark_matter_kinds() if allowed is None else allowed

    @classmethod
    def parameters(cls) -> tuple[ParameterInfo, ...]:
        """Return the parameters; without dark matter there is no coupling to it."""
        found = super().parameters()
        return found if cls.dark_matter_kinds() else tuple(p for p in found if p.name != "alpha_d")

    def couplings(self) -> CouplingTable:
        """Return the coupling table: the coupling constant times the file's charges."""
        return CouplingTable(
            mass=self.mass,
            fermions=self.charges.times(self.coupling),
            spin=self.charges.spin,
            dark=self.dark_channels(),
            self_conjugate=self.charges.self_conjugate,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the content of the file, since the class has no name to be found by."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return _restore, (self.content, fields)


def load_model(path: str | Path) -> type[Model]:
    """Return the model that a TOML file describes, as a class.

    Parameters
    ----------
    path : str or Path
        The file; the documentation lists its entries.

    Returns
    -------
    type
        A subclass of `Model` with the parameters mass, the coupling by the name that the file
        gives it, alpha_d and dark_matter. The same content gives the same class.

    Raises
    ------
    ModelError
        The file cannot be read or holds what is not allowed; the message names file, line and
        entry.
    """
    from darkbeam.models.model_description import ModelDescription
    from darkbeam.toml_files import read_toml

    return _class_of(read_toml(Path(path), ModelDescription, ModelError).model_dump_json())


@lru_cache(maxsize=256)
def _class_of(content: str) -> type[FileModel]:
    from darkbeam.models.model_description import ModelDescription

    description = ModelDescription.model_validate_json(content)
    charges = description.charges()
    parameter = Parameter(
        "coupling constant, in whose units the file gives the couplings",
        minimum=0.0,
        inclusive=True,
        default=1e-3,
    )
    body = {
        "__doc__": description.notes or description.title or description.name,
        "__module__": __name__,
        "__annotations__": {description.coupling: "Parameter"},
        description.coupling: parameter,
        "name": description.name,
        "title": description.title or description.name,
        "lagrangian": description.lagrangian or _lagrangian(description, charges),
        "coupling_name": description.coupling,
        "references": description.references,
        "mediator": charges.mediator,
        "charges": charges,
        "allowed_dark_matter": description.dark_matter,
        "content": content,
    }
    made: type[FileModel] = type("FileModel", (FileModel,), body)
    return dataclasses.dataclass(frozen=True, eq=False)(made)


def _lagrangian(description: ModelDescription, charges: Charges) -> str:
    kind = "scalar" if charges.mediator == "pseudoscalar" else charges.mediator
    return _LAGRANGIANS[kind].format(g=description.coupling)


def _restore(content: str, fields: dict[str, Any]) -> FileModel:
    return _class_of(content)(**fields)
