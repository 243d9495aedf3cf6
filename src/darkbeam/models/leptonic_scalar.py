"""The leptonic scalar: a complex scalar that turns electrons into muons (arXiv:2202.04410)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.models.dark_matter import DarkMatter, FermionPair
from darkbeam.models.dark_sector import ComplexScalarPortal
from darkbeam.models.leptonic_completions import VectorLikeFermion, dimension_five_coupling
from darkbeam.models.parameters import Parameter

__all__ = ["LeptonicScalar"]

_DEFAULT_DARK_MATTER = FermionPair(mass_ratio=3.0)


@dataclass(frozen=True, eq=False)
class LeptonicScalar(ComplexScalarPortal):
    r"""Leptonic scalar: :math:`L = -h\, \bar e_L \mu_R \varphi` + h.c. (arXiv:2202.04410 eq. 2).

    :math:`\bar e_L\mu_R = \bar e\, \tfrac12(1 + \gamma_5)\, \mu`, so that in the table
    :math:`g^S_{e\mu} = h/2` and :math:`i g^P_{e\mu} = h/2`. The scalar carries electron and muon
    number: :math:`\varphi \to e^-\mu^+` only, :math:`\varphi^* \to e^+\mu^-` only, and neither
    couples to one flavour alone.

    Parameters
    ----------
    mass : array_like or str
        Mass of the scalar, GeV or text with a unit.
    h : array_like
        Coupling, >= 0.
    g_d : array_like
        Coupling to dark matter, >= 0: :math:`g_{\varphi\psi_1\psi_2}` of the publication, and
        :math:`g_{\varphi s_1 s_2}` in units of the mass of the scalar.
    dark_matter : FermionPair, ScalarPair, str or None
        Default ``FermionPair(mass_ratio=3)``; None for a scalar without dark matter.

    Raises
    ------
    ModelError
        On a value out of range or arrays that do not broadcast.

    Examples
    --------
    >>> entry = LeptonicScalar(mass="300 MeV", h=3e-3).couplings().entry("e", "mu")
    >>> complex(entry.scalar), complex(1j * entry.pseudoscalar)
    ((0.0015+0j), (0.0015+0j))
    """

    name: ClassVar[str] = "leptonic-scalar"
    title: ClassVar[str] = "complex scalar that turns electrons into muons"
    lagrangian: ClassVar[str] = "-h ebar_L mu_R phi + g_d phi psibar_1 psi_2 + h.c."
    coupling_name: ClassVar[str] = "h"
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2022ttd",)

    h: Parameter = Parameter(
        "coupling to electron and muon", minimum=0.0, inclusive=True, default=1e-3
    )
    dark_matter: DarkMatter | None = field(default=_DEFAULT_DARK_MATTER, kw_only=True)

    @classmethod
    def from_dimension_five(
        cls, mass: ArrayLike | str, h1: float, h2: float, cutoff: float | str, **others: Any
    ) -> Self:
        r"""Return the scalar whose coupling is that of an operator of dimension five.

        :math:`L = -(h_1 h_2/M) (\bar\nu_e, \bar e)_L H \varphi \mu_R` + h.c., eq. 8.

        Parameters
        ----------
        mass : array_like or str
            Mass of the scalar, GeV or text with a unit.
        h1, h2 : float
            Couplings, >= 0.
        cutoff : float or str
            :math:`M`, GeV or text with a unit.
        **others
            Other parameters of the model.
        """
        return cls(mass, dimension_five_coupling(h1, h2, cutoff), **others)

    @classmethod
    def from_vector_like_fermion(
        cls, mass: ArrayLike | str, fermion: VectorLikeFermion, **others: Any
    ) -> Self:
        """Return the scalar whose coupling a heavy vector-like fermion makes, eq. 9.

        Parameters
        ----------
        mass : array_like or str
            Mass of the scalar, GeV or text with a unit.
        fermion : VectorLikeFermion
            The fermion, which knows the coupling and all else that it does.
        **others
            Other parameters of the model.
        """
        return cls(mass, fermion.coupling, **others)

    def couplings(self) -> CouplingTable:
        """Return the coupling table: the entry (e, mu), and the dark channel."""
        half = np.asarray(self.h) / 2.0
        return CouplingTable(
            mass=self.mass,
            fermions={("e", "mu"): Coupling(scalar=half, pseudoscalar=-1j * half)},
            spin=0,
            dark=self.dark_channels(),
            self_conjugate=False,
        )
