"""The dark photon: kinetic mixing with the photon, and dark matter charged under it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import pi
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ELEMENTARY_CHARGE
from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.models.base import Model
from darkbeam.models.couplings import ELECTRIC_CHARGE, Coupling, CouplingTable
from darkbeam.models.dark_channels import DarkChannel
from darkbeam.models.dark_matter import DarkMatter, Dirac, make_dark_matter
from darkbeam.models.parameters import Parameter, broadcast_check

__all__ = ["DarkPhoton"]

FloatArray = NDArray[np.float64]
PERTURBATIVE_ALPHA_D = 1.0


@dataclass(frozen=True, eq=False)
class DarkPhoton(Model):
    r"""Dark photon A': L = epsilon e A'_mu J_em^mu + dark matter.

    Every charged fermion gets the vector coupling :math:`\epsilon e Q`
    (arXiv:2003.07257 eq. 7; Holdom 1986), nothing else couples.

    Parameters
    ----------
    mass : array_like or str
        Mass of the dark photon, GeV or text with a unit ("10 MeV").
    epsilon : array_like
        Mixing with the photon, >= 0 (the hypercharge mixing times cos(theta_W)).
    alpha_d : array_like
        :math:`e_d^2 / 4\pi`, >= 0. Above 1 the tree level is doubtful: a `DarkbeamWarning`.
    dark_matter : DarkMatter, str or None
        Default ``Dirac(mass_ratio=3)``; None for a dark photon without dark matter.

    Raises
    ------
    ModelError
        On a value out of range or arrays that do not broadcast.

    Examples
    --------
    >>> model = DarkPhoton(mass="100 MeV", epsilon=1e-3)
    >>> float(model.couplings().vector("e").round(9))
    -0.000302822
    """

    name: ClassVar[str] = "dark-photon"
    title: ClassVar[str] = "dark photon (kinetic mixing with the photon)"
    lagrangian: ClassVar[str] = "epsilon e A'_mu J_em^mu + e_d A'_mu J_dark^mu"
    coupling_name: ClassVar[str] = "epsilon"
    references: ClassVar[tuple[str, ...]] = ("Holdom:1985ag", "Gninenko:2020hbd")

    epsilon: Parameter = Parameter(
        "mixing with the photon", minimum=0.0, inclusive=True, default=1e-3
    )
    alpha_d: Parameter = Parameter(
        "dark fine-structure constant e_d^2/(4 pi)", minimum=0.0, inclusive=True, default=0.1
    )
    dark_matter: DarkMatter | None = Dirac(mass_ratio=3.0)

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        if isinstance(self.dark_matter, str):
            object.__setattr__(self, "dark_matter", make_dark_matter(self.dark_matter))
        if not isinstance(self.dark_matter, DarkMatter | None):
            raise ModelError(
                "dark_matter must be ComplexScalar, Dirac, Majorana, PseudoDirac or None, "
                f"got {self.dark_matter!r}"
            )
        sizes: dict[str, ArrayLike] = {n: getattr(self, n) for n in ("mass", "epsilon", "alpha_d")}
        if self.dark_matter is not None:
            sizes["dark matter masses"] = self.dark_matter_masses()[1]
        broadcast_check(sizes)
        if np.any(np.asarray(self.alpha_d) > PERTURBATIVE_ALPHA_D):
            warnings.warn(
                f"alpha_d = {np.max(self.alpha_d):g} is above {PERTURBATIVE_ALPHA_D:g}: "
                "tree-level dark widths and cross sections are not reliable there",
                DarkbeamWarning,
                stacklevel=3,
            )

    def dark_matter_masses(self) -> tuple[FloatArray, FloatArray]:
        """Return the masses (GeV) of the two dark particles; ModelError without dark matter."""
        if self.dark_matter is None:
            raise ModelError("this dark photon has no dark matter (dark_matter=None)")
        try:
            return self.dark_matter.masses(self.mass)
        except ValueError:
            raise ModelError(
                f"mass {np.shape(self.mass)} and the dark matter's parameters do not broadcast"
            ) from None

    def couplings(self) -> CouplingTable:
        """Return the coupling table: vector couplings epsilon e Q and the dark channel."""
        unit = np.asarray(self.epsilon) * ELEMENTARY_CHARGE
        fermions = {
            name: Coupling(vector=unit * charge)
            for name, charge in ELECTRIC_CHARGE.items()
            if charge != 0.0
        }
        dark: tuple[DarkChannel, ...] = ()
        if self.dark_matter is not None:
            dark_coupling = np.sqrt(4.0 * pi * np.asarray(self.alpha_d))
            dark = (self.dark_matter.channel(self.mass, dark_coupling),)
        return CouplingTable(mass=self.mass, fermions=fermions, dark=dark)
