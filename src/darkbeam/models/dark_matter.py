r"""Dark matter that a mediator couples to with the strength :math:`g_d = \sqrt{4\pi\alpha_d}`.

===============  =====================================================================
`ComplexScalar`  vector :math:`|(\partial_\mu - i g_d X_\mu)\chi|^2`;
                 scalar :math:`-g_d m_\phi\,\phi\,\chi^*\chi`
`Dirac`          vector :math:`g_d X_\mu\bar\chi\gamma^\mu\chi`;
                 spin 0 :math:`-g_d\,\phi\,\bar\chi\Gamma\chi`
`Majorana`       vector :math:`(g_d/2) X_\mu\bar\chi\gamma^\mu\gamma_5\chi`;
                 spin 0 :math:`-(g_d/2)\,\phi\,\bar\chi\Gamma\chi`
`PseudoDirac`    vector :math:`i g_d X_\mu\bar\chi_2\gamma^\mu\chi_1`
`ScalarPair`     complex scalar :math:`g_d m_\varphi\,\varphi\,s_1 s_2` + h.c.
`FermionPair`    complex scalar :math:`g_d\,\varphi\,\bar\psi_1\psi_2` + h.c.
===============  =====================================================================

:math:`\Gamma` is 1 for a scalar and :math:`i\gamma_5` for a pseudoscalar.
S1 (arXiv:2003.07257) eqs. 43, 3, sec. 5.1.1, app. B for the vectors, where :math:`g_d` is called
:math:`e_d`; S3 (arXiv:2202.04410) eqs. 10, 11 for the pairs. The Majorana and the pseudo-Dirac
fermion are what a charged Weyl and a charged Dirac fermion become when Majorana masses split them;
a pseudo-Dirac pair of vanishing splitting is `Dirac`.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.dark_channels import DarkChannel, DarkFermions, DarkScalars
from darkbeam.models.parameters import Parameter, Parameterised

__all__ = [
    "ComplexScalar",
    "DarkMatter",
    "Dirac",
    "FermionPair",
    "Majorana",
    "Mediator",
    "PseudoDirac",
    "ScalarPair",
    "dark_matter_names",
    "make_dark_matter",
]

FloatArray = NDArray[np.float64]
DEFAULT_MASS_RATIO = 3.0

Mediator = Literal["vector", "scalar", "pseudoscalar", "complex-scalar"]
"""What a mediator is to its dark matter."""

_REAL_MEDIATORS: tuple[Mediator, ...] = ("vector", "scalar", "pseudoscalar")


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
    mediators: ClassVar[tuple[Mediator, ...]] = ()
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

    def channel(
        self, mediator_mass: ArrayLike, coupling: ArrayLike, mediator: Mediator = "vector"
    ) -> DarkChannel:
        r"""Return the decay of a mediator to this dark matter.

        Parameters
        ----------
        mediator_mass : array_like
            Mass of the mediator, GeV.
        coupling : array_like
            :math:`g_d`, without a unit.
        mediator : str
            What the mediator is: one of the class's `mediators`.

        Raises
        ------
        ModelError
            If there is no such coupling.
        """
        if mediator not in self.mediators:
            raise ModelError(
                f"a {mediator} mediator has no coupling to dark matter {self.name!r}; "
                f"it may be {' or '.join(dark_matter_names(mediator))}"
            )
        return self._channel(np.asarray(mediator_mass), np.asarray(coupling), mediator)

    @abstractmethod
    def _channel(
        self, mediator_mass: FloatArray, coupling: FloatArray, mediator: Mediator
    ) -> DarkChannel:
        """Return the decay channel; `mediator` is one of the class's."""


@dataclass(frozen=True, eq=False)
class ComplexScalar(DarkMatter):
    """Complex scalar of charge 1; to a real scalar it couples by g_d times the mediator's mass.

    A pseudoscalar mediator does not couple to it: that would break parity.
    """

    name: ClassVar[str] = "scalar"
    title: ClassVar[str] = "complex scalar"
    mediators: ClassVar[tuple[Mediator, ...]] = ("vector", "scalar")

    def _channel(
        self, mediator_mass: FloatArray, coupling: FloatArray, mediator: Mediator
    ) -> DarkChannel:
        amplitude = coupling if mediator == "vector" else coupling * mediator_mass
        return DarkScalars("chi chi*", self.masses(mediator_mass), coupling=amplitude)


@dataclass(frozen=True, eq=False)
class Dirac(DarkMatter):
    """Dirac fermion of charge 1, or with the Yukawa coupling g_d."""

    name: ClassVar[str] = "dirac"
    title: ClassVar[str] = "Dirac fermion"
    mediators: ClassVar[tuple[Mediator, ...]] = _REAL_MEDIATORS

    def _channel(
        self, mediator_mass: FloatArray, coupling: FloatArray, mediator: Mediator
    ) -> DarkChannel:
        # Named one by one: the type checker cannot see through **{kind: coupling}.
        masses, name = self.masses(mediator_mass), "chi chibar"
        if mediator == "vector":
            return DarkFermions(name, masses, vector=coupling)
        if mediator == "scalar":
            return DarkFermions(name, masses, scalar=coupling)
        return DarkFermions(name, masses, pseudoscalar=coupling)


@dataclass(frozen=True, eq=False)
class Majorana(DarkMatter):
    """Majorana fermion with half of g_d: axial, scalar or pseudoscalar.

    Two contractions make the coupling of the amplitude g_d.
    """

    name: ClassVar[str] = "majorana"
    title: ClassVar[str] = "Majorana fermion"
    mediators: ClassVar[tuple[Mediator, ...]] = _REAL_MEDIATORS

    def _channel(
        self, mediator_mass: FloatArray, coupling: FloatArray, mediator: Mediator
    ) -> DarkChannel:
        masses, name = self.masses(mediator_mass), "chi chi"
        if mediator == "vector":
            return DarkFermions(name, masses, axial=coupling, identical=True)
        if mediator == "scalar":
            return DarkFermions(name, masses, scalar=coupling, identical=True)
        return DarkFermions(name, masses, pseudoscalar=coupling, identical=True)


@dataclass(frozen=True, eq=False)
class _TwoStates(DarkMatter):
    """Dark matter of two states; `mass_ratio` and `mass` are those of the lighter one."""

    splitting: Parameter = Parameter(
        "mass difference over the lighter mass, (m_2 - m_1) / m_1",
        minimum=0.0,
        inclusive=True,
        default=0.0,
    )

    @classmethod
    def from_masses(cls, light: float, heavy: float) -> Self:
        """Return the dark matter whose two masses (GeV) are these.

        Raises
        ------
        ModelError
            If the second is below the first, or one is not positive.
        """
        lighter = cls(mass=light)
        return lighter.replace(splitting=cls(mass=heavy).mass / lighter.mass - 1.0)

    def masses(self, mediator_mass: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the masses (GeV) of the lighter and the heavier state."""
        light, _ = super().masses(mediator_mass)
        return light, np.asarray(light * (1.0 + self.splitting), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class PseudoDirac(_TwoStates):
    """Two Majorana fermions with an off-diagonal vector coupling.

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
    mediators: ClassVar[tuple[Mediator, ...]] = ("vector",)

    def _channel(
        self, mediator_mass: FloatArray, coupling: FloatArray, mediator: Mediator
    ) -> DarkChannel:
        # one state: both are their own antiparticles
        return DarkFermions("chi1 chi2", self.masses(mediator_mass), vector=coupling)


@dataclass(frozen=True, eq=False)
class ScalarPair(_TwoStates):
    r"""Two complex scalars that share the charge of a complex scalar mediator.

    :math:`L = g_{\varphi s_1 s_2}\,\varphi s_1 s_2` + h.c. (S3 eq. 10); its coupling has the
    dimension of a mass and is :math:`g_d m_\varphi` here. The conjugate decay is that of
    :math:`\varphi^*`.

    Parameters
    ----------
    mass_ratio, mass
        As of `DarkMatter`, of the lighter state.
    splitting : array_like
        (m_2 - m_1) / m_1, a pure number >= 0; `from_masses` takes the two masses instead.
    """

    name: ClassVar[str] = "scalar-pair"
    title: ClassVar[str] = "two complex scalars"
    mediators: ClassVar[tuple[Mediator, ...]] = ("complex-scalar",)
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2022ttd",)

    def _channel(
        self, mediator_mass: FloatArray, coupling: FloatArray, mediator: Mediator
    ) -> DarkChannel:
        masses = self.masses(mediator_mass)
        return DarkScalars("s1 s2", masses, coupling=coupling * mediator_mass)


@dataclass(frozen=True, eq=False)
class FermionPair(_TwoStates):
    r"""Two Dirac fermions whose charges differ by that of a complex scalar mediator.

    :math:`L = g_d\,\varphi\bar\psi_1\psi_2` + h.c. (S3 eq. 11). The conjugate decay is that of
    :math:`\varphi^*`.

    Parameters
    ----------
    mass_ratio, mass
        As of `DarkMatter`, of the lighter state.
    splitting : array_like
        (m_2 - m_1) / m_1, a pure number >= 0; `from_masses` takes the two masses instead.
    """

    name: ClassVar[str] = "fermion-pair"
    title: ClassVar[str] = "two Dirac fermions"
    mediators: ClassVar[tuple[Mediator, ...]] = ("complex-scalar",)
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2022ttd",)

    def _channel(
        self, mediator_mass: FloatArray, coupling: FloatArray, mediator: Mediator
    ) -> DarkChannel:
        return DarkFermions("psi1 psi2bar", self.masses(mediator_mass), scalar=coupling)


_KINDS: dict[str, type[DarkMatter]] = {
    kind.name: kind
    for kind in (ComplexScalar, Dirac, Majorana, PseudoDirac, ScalarPair, FermionPair)
}


def dark_matter_names(mediator: Mediator | None = None) -> tuple[str, ...]:
    """Return the names that `make_dark_matter` knows, all or those that a mediator couples to."""
    return tuple(n for n, kind in _KINDS.items() if mediator in (None, *kind.mediators))


def make_dark_matter(name: str, **parameters: Any) -> DarkMatter:
    """Make dark matter from its name, one of `dark_matter_names`.

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
