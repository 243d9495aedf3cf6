"""The dark photon: kinetic mixing with the photon, and dark matter charged under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from darkbeam.constants import ELEMENTARY_CHARGE
from darkbeam.models.couplings import ELECTRIC_CHARGE, Coupling, CouplingTable
from darkbeam.models.dark_matter import DarkMatter, Dirac
from darkbeam.models.dark_sector import VectorPortal
from darkbeam.models.parameters import Parameter

__all__ = ["DarkPhoton"]


@dataclass(frozen=True, eq=False)
class DarkPhoton(VectorPortal):
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
    dark_matter: DarkMatter | None = field(default=Dirac(mass_ratio=3.0), kw_only=True)

    def couplings(self) -> CouplingTable:
        """Return the coupling table: vector couplings epsilon e Q and the dark channel."""
        unit = np.asarray(self.epsilon) * ELEMENTARY_CHARGE
        fermions = {
            name: Coupling(vector=unit * charge)
            for name, charge in ELECTRIC_CHARGE.items()
            if charge != 0.0
        }
        return CouplingTable(mass=self.mass, fermions=fermions, dark=self.dark_channels())
