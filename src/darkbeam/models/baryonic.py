"""The gauge boson of baryon number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from darkbeam.models.charges import Charges
from darkbeam.models.couplings import QUARKS
from darkbeam.models.gauge import TreeMixedBoson

__all__ = ["Baryonic"]


@dataclass(frozen=True, eq=False)
class Baryonic(TreeMixedBoson):
    r"""Gauge boson of baryon number.

    .. math::

       L = \frac g3 Z'_\mu \sum_q \bar q\gamma^\mu q + \epsilon e Z'_\mu J^\mu_{em}

    Not free of anomalies (with weak isospin and hypercharge): it needs further charged fermions.
    Leptons couple by the mixing alone; of natural size it is :math:`e g/16\pi^2`, and below the
    thresholds of hadrons it decides how the boson decays.

    Parameters
    ----------
    mass : array_like or str
        Mass of the Z', GeV or text with a unit.
    g : array_like
        Gauge coupling, >= 0; a proton or a neutron couples with g, a quark with g/3.
    epsilon : array_like
        Mixing with the photon at low energy, of either sign; the loops diverge and fix none.
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`; without dark matter by default.

    Examples
    --------
    >>> print(f"{Baryonic(mass=0.1, g=1e-3).couplings().nucleon_vector('p'):.4f}")
    0.0010
    """

    name: ClassVar[str] = "baryonic"
    title: ClassVar[str] = "gauge boson of baryon number"
    lagrangian: ClassVar[str] = "(g/3) Z'_mu sum_q qbar gamma^mu q + epsilon e Z'_mu J_em^mu"
    references: ClassVar[tuple[str, ...]] = ("Ilten:2018crw", "Tulin:2014tya")
    charges: ClassVar[Charges] = Charges(dict.fromkeys(QUARKS, 1.0 / 3.0))
