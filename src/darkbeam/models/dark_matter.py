r"""Dark matter that a vector mediator couples to with strength :math:`e_d = \sqrt{4\pi\alpha_d}`.

===============  ============================================================================
`ComplexScalar`  :math:`L = |(\partial_\mu - i e_d A'_\mu)\chi|^2`, S1 eq. 43
`Dirac`          :math:`L = e_d A'_\mu \bar\chi\gamma^\mu\chi`, S1 eq. 3
`Majorana`       :math:`L = (e_d/2) A'_\mu \bar\chi\gamma^\mu\gamma_5\chi`, S1 sec. 5.1.1
`PseudoDirac`    :math:`L = i e_d A'_\mu \bar\chi_2\gamma^\mu\chi_1`, S1 app. B
===============  ============================================================================

S1 is arXiv:2003.07257. The last two are what a charged Weyl fermion and a charged Dirac fermion
become when Majorana masses split them; a pseudo-Dirac pair of vanishing splitting is `Dirac`.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.dark_channels import DarkChannel, DarkFermions, DarkScalars
from darkbeam.models.parameters import Parameter, Parameterised

__all__ = [
    "ComplexScalar",
    "DarkMatter",
    "Dirac",
    "Majorana",
    "PseudoDirac",
    "dark_matter_names",
    "make_dark_matter",
]

FloatArray = NDArray[np.float64]
DEFAULT_MASS_RATIO = 3.0


@dataclass(frozen=True, eq=False)
class DarkMatter(Parameterised):
    """A dark matter particle; its mass is given either as such or relative to the mediator's.

    Parameters
    ----------
    mass_ratio : array_like, optional
        Mass of the mediator over the mass of the (lighter) dark matter particle; 3 if neither
        this nor `mass` is given.
    mass : array_like or str, optional
        Mass of the (lighter) dark matter particle, GeV or text with a unit.

    Raises
    ------
    ModelError
        If both are given, or one is not positive and finite.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2020hbd",)

    mass_ratio: Parameter = Parameter(
        "mass of the mediator over mass of the dark matter", minimum=0.0, optional=True
    )
    mass: Parameter = Parameter("mass of the dark matter", unit="GeV", minimum=0.0, optional=True)

    def __post_init__(self) -> None:
        """Settle which of the two masses defines the particle."""
        if self.mass is not None and self.mass_ratio is not None:
            raise ModelError(
                f"give mass_ratio or mass of the dark matter, not both: got {self.mass_ratio!r}"
                f" and {self.mass!r}"
            )
        if self.mass is None and self.mass_ratio is None:
            object.__setattr__(self, "mass_ratio", DEFAULT_MASS_RATIO)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some parameters changed; a new `mass` drops the old ratio."""
        if changes.get("mass") is not None:
            changes.setdefault("mass_ratio", None)
        elif changes.get("mass_ratio") is not None:
            changes.setdefault("mass", None)
        return super().replace(**changes)

    def masses(self, mediator_mass: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the masses (GeV) of the two particles that the mediator decays to.

        Parameters
        ----------
        mediator_mass : array_like
            Mass of the mediator, GeV.
        """
        mediator = np.asarray(mediator_mass, dtype=np.float64)
        if self.mass is None:
            mass = mediator / self.mass_ratio
        else:
            mass = np.broadcast_to(
                self.mass, np.broadcast_shapes(mediator.shape, np.shape(self.mass))
            )
        mass = np.asarray(mass, dtype=np.float64)
        return mass, mass

    @abstractmethod
    def channel(self, mediator_mass: ArrayLike, coupling: ArrayLike) -> DarkChannel:
        """Return the decay channel of a vector mediator, with `coupling` = e_d."""


@dataclass(frozen=True, eq=False)
class ComplexScalar(DarkMatter):
    """Complex scalar of charge 1."""

    name: ClassVar[str] = "scalar"
    title: ClassVar[str] = "complex scalar"

    def channel(self, mediator_mass: ArrayLike, coupling: ArrayLike) -> DarkChannel:
        """Return the channel chi chi*."""
        return DarkScalars("chi chi*", self.masses(mediator_mass), coupling=coupling)


@dataclass(frozen=True, eq=False)
class Dirac(DarkMatter):
    """Dirac fermion of charge 1."""

    name: ClassVar[str] = "dirac"
    title: ClassVar[str] = "Dirac fermion"

    def channel(self, mediator_mass: ArrayLike, coupling: ArrayLike) -> DarkChannel:
        """Return the channel chi chibar."""
        return DarkFermions("chi chibar", self.masses(mediator_mass), vector=coupling)


@dataclass(frozen=True, eq=False)
class Majorana(DarkMatter):
    """Majorana fermion with the axial coupling e_d/2."""

    name: ClassVar[str] = "majorana"
    title: ClassVar[str] = "Majorana fermion"

    def channel(self, mediator_mass: ArrayLike, coupling: ArrayLike) -> DarkChannel:
        """Return the channel chi chi: two contractions make the amplitude's coupling e_d."""
        return DarkFermions("chi chi", self.masses(mediator_mass), axial=coupling, identical=True)


@dataclass(frozen=True, eq=False)
class PseudoDirac(DarkMatter):
    """Two Majorana fermions with an off-diagonal coupling.

    Parameters
    ----------
    mass_ratio, mass
        As of `DarkMatter`, of the lighter state chi1 (the dark matter).
    splitting : array_like
        (m_chi2 - m_chi1) / m_chi1, a pure number >= 0. S1 app. B writes Delta for the
        difference itself: its point Delta = 0.4 m_chi1 is ``splitting=0.4``.
    """

    name: ClassVar[str] = "pseudo-dirac"
    title: ClassVar[str] = "pseudo-Dirac fermion"

    splitting: Parameter = Parameter(
        "mass difference over the lighter mass, (m_chi2 - m_chi1) / m_chi1",
        minimum=0.0,
        inclusive=True,
        default=0.0,
    )

    def masses(self, mediator_mass: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the masses (GeV) of chi1 and chi2."""
        light, _ = super().masses(mediator_mass)
        return light, np.asarray(light * (1.0 + self.splitting), dtype=np.float64)

    def channel(self, mediator_mass: ArrayLike, coupling: ArrayLike) -> DarkChannel:
        """Return the channel chi1 chi2 (one state: both are their own antiparticles)."""
        return DarkFermions("chi1 chi2", self.masses(mediator_mass), vector=coupling)


_KINDS: dict[str, type[DarkMatter]] = {
    kind.name: kind for kind in (ComplexScalar, Dirac, Majorana, PseudoDirac)
}


def dark_matter_names() -> tuple[str, ...]:
    """Return the names that `make_dark_matter` knows."""
    return tuple(_KINDS)


def make_dark_matter(name: str, **parameters: Any) -> DarkMatter:
    """Make dark matter from its name: scalar, dirac, majorana or pseudo-dirac.

    Raises
    ------
    UnknownNameError
        On an unknown name or parameter, with the near match.
    """
    if not isinstance(name, str) or name.lower() not in _KINDS:
        raise UnknownNameError(f"unknown dark matter {name!r}; {suggestion(str(name), _KINDS)}")
    kind = _KINDS[name.lower()]
    kind.check_names(parameters)
    return kind(**parameters)
