"""The muonphilic scalar: a real scalar with a Yukawa coupling to muons alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.models.dark_sector import ScalarPortal
from darkbeam.models.parameters import Parameter

__all__ = ["MuonphilicScalar"]


@dataclass(frozen=True, eq=False)
class MuonphilicScalar(ScalarPortal):
    r"""Muonphilic scalar: :math:`L = -g \phi \bar\mu\mu` (arXiv:2003.07257 eq. 39).

    Below :math:`2 m_\mu` its decay to fermions is closed: what is left is dark matter and, by a
    loop of muons, two photons.

    Parameters
    ----------
    mass : array_like or str
        Mass of the scalar, GeV or text with a unit.
    g : array_like
        Yukawa coupling to the muon, >= 0.
    alpha_d, dark_matter
        As of `darkbeam.models.ScalarPortal`; without dark matter by default.

    Examples
    --------
    >>> float(MuonphilicScalar(mass="300 MeV", g=2e-3).couplings().scalar("mu"))
    0.002
    """

    name: ClassVar[str] = "muonphilic-scalar"
    title: ClassVar[str] = "scalar with a Yukawa coupling to muons"
    lagrangian: ClassVar[str] = "-g phi mubar mu"
    coupling_name: ClassVar[str] = "g"
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2020hbd", "Chen:2017awl")

    g: Parameter = Parameter(
        "Yukawa coupling to the muon", minimum=0.0, inclusive=True, default=1e-3
    )

    def couplings(self) -> CouplingTable:
        """Return the coupling table: the muon's scalar coupling and the dark channel."""
        fermions = {"mu": Coupling(scalar=self.g)}
        return CouplingTable(mass=self.mass, fermions=fermions, spin=0, dark=self.dark_channels())
