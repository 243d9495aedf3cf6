"""A Z' of the muon, with loop-induced couplings to all other charged fermions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from darkbeam.constants import MUON_MASS, TAU_MASS
from darkbeam.errors import ModelError
from darkbeam.models.charges import Charges
from darkbeam.models.couplings import Coupling
from darkbeam.models.gauge import LoopMixedBoson
from darkbeam.models.parameters import Choice, Parameter

__all__ = ["MuonicZPrime"]


@dataclass(frozen=True, eq=False)
class MuonicZPrime(LoopMixedBoson):
    r"""Z' with a vector coupling to muons and any coupling to their neutrinos.

    .. math::

       L = g Z'_\mu \left[\bar\mu\gamma^\mu\mu + r\,\bar\nu_{\mu L}\gamma^\mu\nu_{\mu L}\right]
           + \epsilon e Z'_\mu J^\mu_{em}

    S2 (arXiv:2108.05147) secs. 2.2, 4. A loop of muons mixes the Z' with the photon. What makes it
    finite is the choice of `completion`:

    ``tau``
        The tau lepton couples with -g (its neutrino does not):
        :math:`\epsilon e = -\frac{\alpha}{3\pi} g \ln(m_\mu^2/m_\tau^2)` at :math:`q^2 = 0`,
        eq. 2.12, as in the publication's figures.
    ``cutoff``
        New physics at the scale :math:`\Lambda`, with the effect of a partner of the muon of
        charge -1 and that mass: :math:`\epsilon e = +\frac{\alpha}{3\pi} g \ln(\Lambda^2/m_\mu^2)`.
        The publication's eq. 2.11 is the modulus, as an approximate lower bound; what is not a
        logarithm is not known.

    Parameters
    ----------
    mass : array_like or str
        Mass of the Z', GeV or text with a unit.
    g : array_like
        Coupling to the muon, >= 0: :math:`g_\mu` of S2.
    nu_ratio : array_like
        :math:`r = g_{\nu_\mu}/g_\mu`, of either sign; 1 if weak isospin is respected.
    completion : {"tau", "cutoff"}
        See above.
    cutoff : array_like or str
        :math:`\Lambda`, above the masses of the muon and of the Z', GeV or text with a unit; of
        effect for the completion ``cutoff`` alone.
    mixing, epsilon_tree
        As of `darkbeam.models.LMuLTau`.
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`; without dark matter by default.

    Raises
    ------
    ModelError
        On a value out of range, or a cut-off that is not above the mass of the Z'.

    Examples
    --------
    >>> model = MuonicZPrime(mass="10 MeV", g=1, nu_ratio=0.01, mixing="constant")
    >>> print(f"{model.couplings().vector('e'):.2e}")
    -4.37e-03
    """

    name: ClassVar[str] = "muonic-zprime"
    title: ClassVar[str] = "Z' of the muon, with loop-induced couplings to charged fermions"
    lagrangian: ClassVar[str] = (
        "g Z'_mu (mubar gamma^mu mu + nu_ratio nubar_mu gamma^mu P_L nu_mu)"
        " + epsilon e Z'_mu J_em^mu"
    )
    references: ClassVar[tuple[str, ...]] = ("Coy:2021wfs", "Holdom:1985ag")

    nu_ratio: Parameter = Parameter(
        "coupling to muon neutrinos over that to muons, g_nu/g", default=1.0
    )
    completion: Choice = Choice(
        "what makes the loop of muons finite: taus of charge -1, or new physics at the cut-off",
        options=("tau", "cutoff"),
        default="tau",
    )
    cutoff: Parameter = Parameter(
        "scale of the new physics of completion cutoff", unit="GeV", minimum=MUON_MASS, default=1e3
    )

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        super().__post_init__()
        if self.completion == "cutoff" and np.any(np.asarray(self.cutoff) <= np.asarray(self.mass)):
            raise ModelError(
                f"cutoff must be above the mass of the Z', got {np.min(self.cutoff):g} GeV "
                f"and a mass of {np.max(self.mass):g} GeV"
            )

    def loop_masses(self) -> tuple[ArrayLike, ArrayLike]:
        """Return the masses (GeV) of the muon and of what has the opposite charge."""
        return MUON_MASS, TAU_MASS if self.completion == "tau" else self.cutoff

    def fermion_charges(self) -> Charges:
        """Return the charges of the fermions, in units of g."""
        charges = {"mu": Coupling(vector=1.0), "nu_mu": Coupling.chiral(left=self.nu_ratio)}
        if self.completion == "tau":
            charges["tau"] = Coupling(vector=-1.0)
        return Charges(charges)
