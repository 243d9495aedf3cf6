"""What every model has in common."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.models.couplings import CouplingTable
from darkbeam.models.parameters import Parameter, ParameterInfo, Parameterised

__all__ = ["Model", "ModelInfo"]


@dataclass(frozen=True)
class ModelInfo:
    """A model's page: what `darkbeam models` prints.

    `references` are keys of the bibliography (`darkbeam.citations.bibtex`); `dark_matter` holds the
    names of the dark matter that the mediator may couple to.
    """

    name: str
    title: str
    lagrangian: str
    coupling_name: str
    parameters: tuple[ParameterInfo, ...]
    references: tuple[str, ...]
    dark_matter: tuple[str, ...] = ()

    @property
    def has_dark_matter(self) -> bool:
        """Whether the model takes dark matter."""
        return bool(self.dark_matter)


@dataclass(frozen=True, eq=False)
class Model(Parameterised):
    """A mediator with its couplings: a frozen dataclass that fills a `CouplingTable`.

    A new model sets the class attributes, adds its parameters and writes `couplings`.

    Parameters
    ----------
    mass : array_like or str
        Mass of the mediator, GeV or text with a unit; every parameter may be an array.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    lagrangian: ClassVar[str] = ""
    coupling_name: ClassVar[str] = ""
    references: ClassVar[tuple[str, ...]] = ()

    mass: Parameter = Parameter("mass of the mediator", unit="GeV", minimum=0.0)

    @abstractmethod
    def couplings(self) -> CouplingTable:
        """Return the coupling table at this point."""

    @property
    def coupling(self) -> float | NDArray[np.float64]:
        """The value of the coupling that limits are set on."""
        value: float | NDArray[np.float64] = getattr(self, self.coupling_name)
        return value

    def with_coupling(self, value: ArrayLike) -> Self:
        """Return a copy with another value of the coupling that limits are set on."""
        changes: dict[str, Any] = {self.coupling_name: value}
        return self.replace(**changes)

    def largest_coupling(self) -> float:
        """Return the largest value that the first coupling may take at all points of the model."""
        for base in type(self).__mro__:
            found = vars(base).get(self.coupling_name)
            if isinstance(found, Parameter):
                return found.maximum
        return np.inf

    @classmethod
    def dark_matter_kinds(cls) -> tuple[str, ...]:
        """Return the names of the dark matter that this mediator may couple to."""
        return ()

    @classmethod
    def info(cls) -> ModelInfo:
        """Return the model's page."""
        return ModelInfo(
            name=cls.name,
            title=cls.title,
            lagrangian=cls.lagrangian,
            coupling_name=cls.coupling_name,
            parameters=cls.parameters(),
            references=cls.references,
            dark_matter=cls.dark_matter_kinds(),
        )
