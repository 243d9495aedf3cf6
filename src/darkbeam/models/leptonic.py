"""The gauge boson of lepton number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from darkbeam.models.charges import Charges
from darkbeam.models.couplings import CHARGED_LEPTONS, NEUTRINOS
from darkbeam.models.gauge import TreeMixedBoson

__all__ = ["Leptonic"]


@dataclass(frozen=True, eq=False)
class Leptonic(TreeMixedBoson):
    r"""Gauge boson of lepton number, universal in flavour.

    .. math::

       L = g Z'_\mu \sum_{\ell = e,\mu,\tau} \left[\bar\ell\gamma^\mu\ell
           + \bar\nu_{\ell L}\gamma^\mu\nu_{\ell L}\right] + \epsilon e Z'_\mu J^\mu_{em}

    S1 (arXiv:2003.07257) eq. 37. Not free of anomalies: it needs further charged fermions. Quarks
    couple by the mixing alone.

    Parameters
    ----------
    mass : array_like or str
        Mass of the Z', GeV or text with a unit.
    g : array_like
        Gauge coupling, >= 0.
    epsilon : array_like
        Mixing with the photon at low energy, of either sign; the loops diverge and fix none.
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`; without dark matter by default.

    Examples
    --------
    >>> table = Leptonic(mass=0.1, g=1e-3).couplings()
    >>> float(table.vector("tau")), float(table.vector("nu_tau")), float(table.vector("u"))
    (0.001, 0.0005, 0.0)
    """

    name: ClassVar[str] = "leptonic"
    title: ClassVar[str] = "gauge boson of lepton number"
    lagrangian: ClassVar[str] = (
        "g Z'_mu sum_l (lbar gamma^mu l + nubar_l gamma^mu P_L nu_l) + epsilon e Z'_mu J_em^mu"
    )
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2020hbd",)
    charges: ClassVar[Charges] = Charges(dict.fromkeys((*CHARGED_LEPTONS, *NEUTRINOS), 1.0))
