r"""Gauge bosons of baryon number minus lepton number: :math:`B - L` and :math:`B - 3L_e`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from darkbeam.models.charges import Charges
from darkbeam.models.couplings import CHARGED_LEPTONS, NEUTRINOS, QUARKS, Coupling
from darkbeam.models.gauge import TreeMixedBoson
from darkbeam.models.parameters import Choice

__all__ = ["BMinus3E", "BMinusL"]

_BARYON_NUMBER = dict.fromkeys(QUARKS, 1.0 / 3.0)


@dataclass(frozen=True, eq=False)
class _BaryonMinusLepton(TreeMixedBoson):
    """Baryon number minus a lepton number, with or without light right-handed neutrinos."""

    neutrinos: Choice = Choice(
        "light neutrinos: left-handed alone (majorana), or right-handed ones too (dirac)",
        options=("majorana", "dirac"),
        default="majorana",
    )

    def fermion_charges(self) -> Charges:
        """Return the charges of the fermions, in units of g; of Dirac neutrinos a vector's."""
        if self.neutrinos == "majorana":
            return self.charges
        doubled = {
            pair: Coupling(vector=2.0 * np.asarray(left_handed.vector))
            for pair, left_handed in self.charges.items()
            if pair[0] in NEUTRINOS
        }
        return Charges({**self.charges, **doubled})


@dataclass(frozen=True, eq=False)
class BMinusL(_BaryonMinusLepton):
    r"""Gauge boson of :math:`B - L`.

    .. math::

       L = g Z'_\mu \left[\tfrac13\sum_q\bar q\gamma^\mu q - \sum_\ell\bar\ell\gamma^\mu\ell
           - \sum_\nu\bar\nu_L\gamma^\mu\nu_L\right] + \epsilon e Z'_\mu J^\mu_{em}

    Free of anomalies with one right-handed neutrino of charge -1 for each family. S1
    (arXiv:2003.07257) sec. 7, S2 (arXiv:2108.05147) fig. 2.2.

    Parameters
    ----------
    mass : array_like or str
        Mass of the Z', GeV or text with a unit.
    g : array_like
        Gauge coupling, >= 0.
    epsilon : array_like
        Mixing with the photon at low energy, of either sign; the loops diverge and fix none.
    neutrinos : {"majorana", "dirac"}
        ``majorana``: three light left-handed neutrinos, the right-handed ones heavy; ``dirac``: six
        light states, which doubles the width to neutrinos.
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`; without dark matter by default.

    Examples
    --------
    >>> table = BMinusL(mass=0.1, g=1e-3).couplings()
    >>> float(table.nucleon_vector("n")), float(table.vector("e")), float(table.vector("nu_e"))
    (0.001, -0.001, -0.0005)
    """

    name: ClassVar[str] = "b-minus-l"
    title: ClassVar[str] = "gauge boson of baryon minus lepton number"
    lagrangian: ClassVar[str] = (
        "g Z'_mu (1/3 sum_q qbar gamma^mu q - sum_l lbar gamma^mu l - sum_nu nubar gamma^mu P_L nu)"
        " + epsilon e Z'_mu J_em^mu"
    )
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2020hbd", "Ilten:2018crw", "Bauer:2018onh")
    charges: ClassVar[Charges] = Charges(
        _BARYON_NUMBER | dict.fromkeys((*CHARGED_LEPTONS, *NEUTRINOS), -1.0)
    )


@dataclass(frozen=True, eq=False)
class BMinus3E(_BaryonMinusLepton):
    r"""Gauge boson of :math:`B - 3L_e`.

    .. math::

       L = g Z'_\mu \left[\tfrac13\sum_q\bar q\gamma^\mu q - 3\bar e\gamma^\mu e
           - 3\bar\nu_{eL}\gamma^\mu\nu_{eL}\right] + \epsilon e Z'_\mu J^\mu_{em}

    Free of anomalies with one right-handed neutrino of charge -3. S1 (arXiv:2003.07257) sec. 7.

    Parameters
    ----------
    mass, g, epsilon, alpha_d, dark_matter
        As of `BMinusL`.
    neutrinos : {"majorana", "dirac"}
        Whether the electron neutrino has a light right-handed partner.

    Examples
    --------
    >>> float(BMinus3E(mass=0.1, g=1e-3).couplings().vector("e"))
    -0.003
    """

    name: ClassVar[str] = "b-minus-3e"
    title: ClassVar[str] = "gauge boson of baryon number minus three times electron number"
    lagrangian: ClassVar[str] = (
        "g Z'_mu (1/3 sum_q qbar gamma^mu q - 3 ebar gamma^mu e - 3 nubar_e gamma^mu P_L nu_e)"
        " + epsilon e Z'_mu J_em^mu"
    )
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2020hbd",)
    charges: ClassVar[Charges] = Charges(_BARYON_NUMBER | {"e": -3.0, "nu_e": -3.0})
