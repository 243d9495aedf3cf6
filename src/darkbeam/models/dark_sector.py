"""What mediators have in common: dark matter that they couple to."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from dataclasses import dataclass
from math import pi
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.models.base import Model
from darkbeam.models.dark_channels import DarkChannel
from darkbeam.models.dark_matter import (
    DarkMatter,
    Mediator,
    dark_matter_names,
    make_dark_matter,
)
from darkbeam.models.parameters import Parameter, broadcast_check

__all__ = ["ComplexScalarPortal", "DarkSector", "Portal", "ScalarPortal", "VectorPortal"]

FloatArray = NDArray[np.float64]
PERTURBATIVE_ALPHA_D = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class DarkSector(Model):
    r"""A mediator that may couple to dark matter; a subclass says how strongly.

    Parameters
    ----------
    mass : array_like or str
        Mass of the mediator, GeV or text with a unit.
    dark_matter : DarkMatter, str or None
        Kind of dark matter, None for a model without.

    Raises
    ------
    ModelError
        On a value out of range, arrays that do not broadcast, or dark matter that this mediator
        cannot couple to.
    """

    mediator: ClassVar[Mediator] = "vector"

    dark_matter: DarkMatter | None = None

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        if isinstance(self.dark_matter, str):
            object.__setattr__(self, "dark_matter", make_dark_matter(self.dark_matter))
        if not isinstance(self.dark_matter, DarkMatter | None):
            kinds = ", ".join(self.dark_matter_kinds())
            raise ModelError(f"dark_matter must be {kinds} or None, got {self.dark_matter!r}")
        sizes: dict[str, ArrayLike] = {p.name: getattr(self, p.name) for p in self.parameters()}
        sizes = {n: v for n, v in sizes.items() if v is not None and not isinstance(v, str)}
        if self.dark_matter is not None:
            sizes["dark matter masses"] = self.dark_matter_masses()[1]
        broadcast_check(sizes)
        if self.dark_matter is not None:
            self.dark_channels()  # the mediator must be of the right kind
            strength = float(np.max(np.square(self.dark_coupling))) / (4.0 * pi)
            if strength > PERTURBATIVE_ALPHA_D * (1.0 + 1e-12):
                warnings.warn(
                    f"alpha_d = {strength:g} is above {PERTURBATIVE_ALPHA_D:g}: "
                    "tree-level dark widths and cross sections are not reliable there",
                    DarkbeamWarning,
                    stacklevel=3,
                )

    @classmethod
    def dark_matter_kinds(cls) -> tuple[str, ...]:
        """Return the names of the dark matter that this mediator may couple to."""
        return dark_matter_names(cls.mediator)

    @property
    @abstractmethod
    def dark_coupling(self) -> FloatArray:
        r"""The coupling to dark matter, :math:`g_d = \sqrt{4\pi\alpha_d}`."""

    def mediator_kind(self) -> Mediator:
        """Return what the mediator is to its dark matter."""
        return self.mediator

    def dark_matter_masses(self) -> tuple[FloatArray, FloatArray]:
        """Return the masses (GeV) of the two dark particles; ModelError without dark matter."""
        if self.dark_matter is None:
            raise ModelError(f"this {self.name} has no dark matter (dark_matter=None)")
        try:
            return self.dark_matter.masses(self.mass)
        except ValueError:
            raise ModelError(
                f"mass {np.shape(self.mass)} and the dark matter's parameters do not broadcast"
            ) from None

    def dark_channels(self) -> tuple[DarkChannel, ...]:
        """Return the decays to dark matter, for the coupling table."""
        if self.dark_matter is None:
            return ()
        return (self.dark_matter.channel(self.mass, self.dark_coupling, self.mediator_kind()),)


@dataclass(frozen=True, eq=False, kw_only=True)
class Portal(DarkSector):
    r"""A mediator whose coupling to dark matter is given as a fine-structure constant.

    Parameters
    ----------
    mass, dark_matter
        As of `DarkSector`.
    alpha_d : array_like
        :math:`g_d^2 / 4\pi`, >= 0. Above 1 the tree level is doubtful: a `DarkbeamWarning`.
    """

    alpha_d: Parameter = Parameter(
        "dark fine-structure constant, coupling to dark matter squared over 4 pi",
        minimum=0.0,
        inclusive=True,
        default=0.1,
    )

    @property
    def dark_coupling(self) -> FloatArray:
        r"""The coupling to dark matter, :math:`g_d = \sqrt{4\pi\alpha_d}`."""
        return np.sqrt(4.0 * pi * np.asarray(self.alpha_d))


@dataclass(frozen=True, eq=False, kw_only=True)
class VectorPortal(Portal):
    r"""A vector mediator that may couple to dark matter of charge 1 with :math:`g_d = e_d`."""

    mediator: ClassVar[Mediator] = "vector"


@dataclass(frozen=True, eq=False, kw_only=True)
class ScalarPortal(Portal):
    r"""A real spin-0 mediator that may couple to dark matter by :math:`g_d`."""

    mediator: ClassVar[Mediator] = "scalar"


@dataclass(frozen=True, eq=False, kw_only=True)
class ComplexScalarPortal(DarkSector):
    r"""A complex spin-0 mediator that may couple to pairs of dark particles.

    Parameters
    ----------
    mass, dark_matter
        As of `DarkSector`.
    g_d : array_like
        Coupling to the pair, >= 0; to scalars it is :math:`g_d` times the mass of the mediator.
    """

    mediator: ClassVar[Mediator] = "complex-scalar"

    g_d: Parameter = Parameter("coupling to dark matter", minimum=0.0, inclusive=True, default=0.1)

    @property
    def dark_coupling(self) -> FloatArray:
        """The coupling to dark matter, g_d."""
        return np.asarray(self.g_d, dtype=np.float64)

    @property
    def alpha_d(self) -> float | FloatArray:
        """The coupling to dark matter as a fine-structure constant, g_d^2/(4 pi)."""
        value: float | FloatArray = self.g_d**2 / (4.0 * pi)
        return value
