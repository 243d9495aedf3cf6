r"""X(16.7): the protophobic boson proposed for the anomaly in decays of excited beryllium-8."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ELEMENTARY_CHARGE
from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.models.dark_sector import VectorPortal
from darkbeam.models.parameters import Choice, Parameter

__all__ = ["BERYLLIUM_WINDOW", "X17", "inside_beryllium_window"]

FloatArray = NDArray[np.float64]

BERYLLIUM_WINDOW = (2e-4, 1.4e-3)
"""Coupling to electrons, in units of e, that the anomaly of beryllium-8 leaves: S1
(arXiv:2003.07257) sec. 5.1.3; arXiv:1604.07411."""

_HALF = sqrt(0.5)
_VECTOR_AND_AXIAL = {
    "vector": (1.0, 0.0),
    "axial": (0.0, 1.0),
    "v-plus-a": (_HALF, _HALF),
    "v-minus-a": (_HALF, -_HALF),
}


def inside_beryllium_window(epsilon: ArrayLike) -> NDArray[np.bool_]:
    """Tell whether a coupling to electrons lies in the window of the beryllium anomaly.

    Parameters
    ----------
    epsilon : array_like
        Coupling to electrons in units of e, of either sign.

    Returns
    -------
    ndarray of bool
        Whether 2e-4 < abs(epsilon) < 1.4e-3.
    """
    size = np.abs(np.asarray(epsilon, dtype=np.float64))
    return np.asarray((size > BERYLLIUM_WINDOW[0]) & (size < BERYLLIUM_WINDOW[1]))


@dataclass(frozen=True, eq=False)
class X17(VectorPortal):
    r"""X(16.7): a vector boson that couples to neutrons and electrons, hardly to protons.

    .. math::

       L = e X_\mu \Big[\epsilon\, \bar e\gamma^\mu (c_V + c_A\gamma_5) e
           + \epsilon_\mu\, \bar\mu\gamma^\mu (c_V + c_A\gamma_5) \mu
           + \epsilon_\nu \sum_\nu \bar\nu_L\gamma^\mu\nu_L
           + \sum_q \epsilon_q \bar q\gamma^\mu q\Big]

    with :math:`c_V^2 + c_A^2 = 1`: (1, 0) vector, (0, 1) axial, :math:`(1, \pm1)/\sqrt2` for
    V+-A (a right- or left-handed electron with :math:`\sqrt2\epsilon`). So for every structure the
    width to electrons is :math:`\epsilon^2\alpha m_X/3` up to :math:`m_e^2/m_X^2`, and a bound from
    rates of massless electrons reads the same. Quarks have
    :math:`\epsilon_u = (2\epsilon_p - \epsilon_n)/3`,
    :math:`\epsilon_d = (2\epsilon_n - \epsilon_p)/3`, all families alike, so that
    :math:`2\epsilon_u + \epsilon_d = \epsilon_p`.

    Parameters
    ----------
    mass : array_like or str
        Mass, GeV or text with a unit; default 16.7 MeV.
    epsilon : array_like
        Coupling to electrons in units of e, >= 0; see `BERYLLIUM_WINDOW`.
    structure : {"vector", "axial", "v-plus-a", "v-minus-a"}
        Lorentz structure of the coupling to charged leptons.
    epsilon_p, epsilon_n : array_like
        Couplings to protons and neutrons in units of e, of either sign. The default
        :math:`\epsilon_n = 0.011`, :math:`\epsilon_p = 0` is the fit of arXiv:1604.07411 with
        conserved isospin; arXiv:1608.03591 has 0.002 to 0.01 and :math:`|\epsilon_p|` up to 0.0012.
    epsilon_mu, epsilon_nu : array_like
        Couplings to muons and to left-handed neutrinos of all families, of either sign.
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`; without dark matter by default.

    Examples
    --------
    >>> table = X17(epsilon=1e-3, structure="v-minus-a").couplings()
    >>> print(f"{table.vector('e'):.4e} {table.axial('e'):.4e}")
    2.1413e-04 -2.1413e-04
    """

    name: ClassVar[str] = "x17"
    title: ClassVar[str] = "protophobic boson X(16.7) of the beryllium anomaly"
    lagrangian: ClassVar[str] = (
        "e X_mu (epsilon ebar gamma^mu (V + A gamma5) e"
        " + epsilon_mu mubar gamma^mu (V + A gamma5) mu"
        " + sum_q epsilon_q qbar gamma^mu q + epsilon_nu sum_nu nubar gamma^mu P_L nu)"
    )
    coupling_name: ClassVar[str] = "epsilon"
    references: ClassVar[tuple[str, ...]] = (
        "Feng:2016jff",
        "Feng:2016ysn",
        "Gninenko:2020hbd",
    )

    mass: Parameter = Parameter("mass of the boson", unit="GeV", minimum=0.0, default=0.0167)
    epsilon: Parameter = Parameter(
        "coupling to electrons in units of e", minimum=0.0, inclusive=True, default=1e-3
    )
    structure: Choice = Choice(
        "Lorentz structure of the coupling to charged leptons",
        options=tuple(_VECTOR_AND_AXIAL),
        default="vector",
    )
    epsilon_p: Parameter = Parameter("coupling to protons in units of e", default=0.0)
    epsilon_n: Parameter = Parameter("coupling to neutrons in units of e", default=0.011)
    epsilon_mu: Parameter = Parameter("coupling to muons in units of e", default=0.0)
    epsilon_nu: Parameter = Parameter("coupling to neutrinos in units of e", default=0.0)

    def couplings(self) -> CouplingTable:
        """Return the coupling table: leptons, quarks, and the dark channel."""
        vector, axial = _VECTOR_AND_AXIAL[self.structure]
        proton, neutron = np.asarray(self.epsilon_p), np.asarray(self.epsilon_n)
        up = ELEMENTARY_CHARGE * (2.0 * proton - neutron) / 3.0
        down = ELEMENTARY_CHARGE * (2.0 * neutron - proton) / 3.0
        fermions = {quark: Coupling(vector=up) for quark in ("u", "c", "t")}
        fermions |= {quark: Coupling(vector=down) for quark in ("d", "s", "b")}
        for lepton, strength in (("e", self.epsilon), ("mu", self.epsilon_mu)):
            unit = ELEMENTARY_CHARGE * np.asarray(strength)
            fermions[lepton] = Coupling(vector=vector * unit, axial=axial * unit)
        neutrino = Coupling.chiral(left=ELEMENTARY_CHARGE * np.asarray(self.epsilon_nu))
        fermions |= dict.fromkeys(("nu_e", "nu_mu", "nu_tau"), neutrino)
        return CouplingTable(mass=self.mass, fermions=fermions, dark=self.dark_channels())
