r"""Gauge bosons of the differences of two lepton numbers, :math:`L_i - L_j`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numpy.typing import ArrayLike

from darkbeam.constants import ELECTRON_MASS, MUON_MASS, TAU_MASS
from darkbeam.models.charges import Charges
from darkbeam.models.gauge import LoopMixedBoson

__all__ = ["LMuLTau", "LeLMu", "LeLTau", "LeptonDifference"]

_MASSES = {"e": ELECTRON_MASS, "mu": MUON_MASS, "tau": TAU_MASS}
_REFERENCES = ("Foot:1990mn", "He:1990pn", "He:1991qd", "Holdom:1985ag")


def _difference(plus: str, minus: str) -> Charges:
    return Charges({plus: 1, f"nu_{plus}": 1, minus: -1, f"nu_{minus}": -1})


@dataclass(frozen=True, eq=False)
class LeptonDifference(LoopMixedBoson):
    r"""The gauge boson of :math:`L_i - L_j`, free of anomalies with the known fermions alone.

    .. math::

       L = g Z'_\mu \left[\bar\ell_i\gamma^\mu\ell_i + \bar\nu_{iL}\gamma^\mu\nu_{iL}
           - \bar\ell_j\gamma^\mu\ell_j - \bar\nu_{jL}\gamma^\mu\nu_{jL}\right]
           + \epsilon e Z'_\mu J^\mu_{em}

    S0 (arXiv:1801.10448) eq. 1, S1 (arXiv:2003.07257) eq. 38. The mixing with the photon by the
    loop of the two leptons is finite: for :math:`L_\mu - L_\tau`
    :math:`\epsilon = (e g/6\pi^2)\ln(m_\tau/m_\mu) = 0.01443\,g` at :math:`q^2 = 0`.
    """

    lepton_plus: ClassVar[str] = ""
    lepton_minus: ClassVar[str] = ""

    def loop_masses(self) -> tuple[ArrayLike, ArrayLike]:
        """Return the masses (GeV) of the leptons of charge +1 and -1."""
        return _MASSES[self.lepton_plus], _MASSES[self.lepton_minus]


@dataclass(frozen=True, eq=False)
class LMuLTau(LeptonDifference):
    r"""Gauge boson of :math:`L_\mu - L_\tau`, which mixes with the photon by a loop.

    .. math::

       L = g Z'_\mu \left[\bar\mu\gamma^\mu\mu + \bar\nu_{\mu L}\gamma^\mu\nu_{\mu L}
           - \bar\tau\gamma^\mu\tau - \bar\nu_{\tau L}\gamma^\mu\nu_{\tau L}\right]
           + \epsilon e Z'_\mu J^\mu_{em}

    S0 (arXiv:1801.10448) eqs. 1, 6, S1 (arXiv:2003.07257) eqs. 38, 54, S2 (arXiv:2108.05147)
    eq. 2.12; :math:`\epsilon = +0.01443\,g` at :math:`q^2 = 0`: electrons couple with
    :math:`-4.37\cdot10^{-3} g`.

    Parameters
    ----------
    mass : array_like or str
        Mass of the Z', GeV or text with a unit.
    g : array_like
        Gauge coupling, >= 0: :math:`e_\mu` of S0.
    mixing : {"running", "constant", "none"}
        ``running``: the loop at :math:`q^2 = m_{Z'}^2`; it is complex above :math:`2m_\mu`, and
        couplings are then moduli; ``constant``: at :math:`q^2 = 0` (S0 eq. 6); ``none``: without
        the loop.
    epsilon_tree : array_like
        Mixing with the photon at tree level, of either sign, added to that of the loop.
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`; without dark matter by default.

    Examples
    --------
    >>> model = LMuLTau(mass="10 MeV", g=4.75e-4)
    >>> print(f"{model.photon_mixing():.2e}")
    6.86e-06
    """

    name: ClassVar[str] = "lmu-ltau"
    title: ClassVar[str] = "gauge boson of L_mu - L_tau, mixed with the photon by a finite loop"
    lagrangian: ClassVar[str] = (
        "g Z'_mu (mubar gamma^mu mu + nubar_mu gamma^mu P_L nu_mu - (mu -> tau))"
        " + epsilon e Z'_mu J_em^mu"
    )
    references: ClassVar[tuple[str, ...]] = (
        *_REFERENCES,
        "Gninenko:2018tlp",
        "Gninenko:2020hbd",
        "Coy:2021wfs",
    )
    charges: ClassVar[Charges] = _difference("mu", "tau")
    lepton_plus: ClassVar[str] = "mu"
    lepton_minus: ClassVar[str] = "tau"


@dataclass(frozen=True, eq=False)
class LeLMu(LeptonDifference):
    r"""Gauge boson of :math:`L_e - L_\mu`, which mixes with the photon by a loop.

    As `LMuLTau` with electrons for muons and muons for taus; at :math:`q^2 = 0`
    :math:`\epsilon = 0.02726\,g`. The electron in the loop is light: the mixing at
    :math:`q^2 = m_{Z'}^2` differs from that at 0 for every mass of interest.

    Parameters
    ----------
    mass, g, mixing, epsilon_tree, alpha_d, dark_matter
        As of `LMuLTau`.

    Examples
    --------
    >>> float(LeLMu(mass="10 MeV", g=1e-3, mixing="none").couplings().vector("mu"))
    -0.001
    """

    name: ClassVar[str] = "le-lmu"
    title: ClassVar[str] = "gauge boson of L_e - L_mu, mixed with the photon by a finite loop"
    lagrangian: ClassVar[str] = (
        "g Z'_mu (ebar gamma^mu e + nubar_e gamma^mu P_L nu_e - (e -> mu))"
        " + epsilon e Z'_mu J_em^mu"
    )
    references: ClassVar[tuple[str, ...]] = (*_REFERENCES, "Bauer:2018onh")
    charges: ClassVar[Charges] = _difference("e", "mu")
    lepton_plus: ClassVar[str] = "e"
    lepton_minus: ClassVar[str] = "mu"


@dataclass(frozen=True, eq=False)
class LeLTau(LeptonDifference):
    r"""Gauge boson of :math:`L_e - L_\tau`, which mixes with the photon by a loop.

    As `LMuLTau` with electrons for muons; at :math:`q^2 = 0` :math:`\epsilon = 0.04169\,g`.

    Parameters
    ----------
    mass, g, mixing, epsilon_tree, alpha_d, dark_matter
        As of `LMuLTau`.

    Examples
    --------
    >>> print(f"{LeLTau(mass=0.1, g=1, mixing='constant').photon_mixing():.5f}")
    0.04170
    """

    name: ClassVar[str] = "le-ltau"
    title: ClassVar[str] = "gauge boson of L_e - L_tau, mixed with the photon by a finite loop"
    lagrangian: ClassVar[str] = (
        "g Z'_mu (ebar gamma^mu e + nubar_e gamma^mu P_L nu_e - (e -> tau))"
        " + epsilon e Z'_mu J_em^mu"
    )
    references: ClassVar[tuple[str, ...]] = (*_REFERENCES, "Bauer:2018onh")
    charges: ClassVar[Charges] = _difference("e", "tau")
    lepton_plus: ClassVar[str] = "e"
    lepton_minus: ClassVar[str] = "tau"
