r"""What gauge bosons of a new U(1) have in common: charges, and mixing with the photon.

.. math::

   L = Z'_\mu \Big[ g \sum_f \bar f\gamma^\mu (q^V_f + q^A_f\gamma_5) f
       + \epsilon e J^\mu_{em} \Big] ,

neutrinos left-handed. :math:`\epsilon` multiplies the electromagnetic current, as for the dark
photon: it is a coupling, after the kinetic terms are diagonal, of the sign relative to g that this
Lagrangian says.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ELEMENTARY_CHARGE
from darkbeam.models.charges import Charges
from darkbeam.models.couplings import ELECTRIC_CHARGE, Coupling, CouplingTable
from darkbeam.models.dark_sector import VectorPortal
from darkbeam.models.parameters import Choice, Parameter
from darkbeam.models.vacuum_polarisation import opposite_pair_mixing, real_mixing

__all__ = ["GaugeBoson", "LoopMixedBoson", "TreeMixedBoson", "mixed_with_photon"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
Pair = tuple[str, str]


def mixed_with_photon(
    fermions: Mapping[Pair, Coupling], epsilon: ArrayLike
) -> dict[Pair, Coupling]:
    r"""Return couplings with :math:`\epsilon e Q_f` added to each vector coupling.

    Parameters
    ----------
    fermions : mapping
        Pairs of fermions -> `Coupling`.
    epsilon : array_like of complex
        Coupling to the electromagnetic current in units of e. If it is complex, the entry of a
        fermion is the modulus of its sum, as rates are, with the sign of the real part.
    """
    mixed = dict(fermions)
    unit = np.asarray(epsilon) * ELEMENTARY_CHARGE
    if not np.any(unit):
        return mixed
    for name, charge in ELECTRIC_CHARGE.items():
        if charge != 0.0:
            own = mixed.get((name, name), Coupling())
            total = np.asarray(own.vector) + unit * charge
            mixed[name, name] = Coupling(vector=real_mixing(total), axial=own.axial)
    return mixed


@dataclass(frozen=True, eq=False)
class GaugeBoson(VectorPortal):
    r"""A vector boson with a gauge coupling g, charges, and possibly mixing with the photon.

    A subclass sets `charges` (or overrides `fermion_charges`) and says what `photon_mixing` is.

    Parameters
    ----------
    mass : array_like or str
        Mass of the boson, GeV or text with a unit.
    g : array_like
        Gauge coupling, >= 0.
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`; without dark matter by default.
    """

    coupling_name: ClassVar[str] = "g"
    charges: ClassVar[Charges] = Charges({})

    g: Parameter = Parameter("gauge coupling", minimum=0.0, inclusive=True, default=1e-3)

    def fermion_charges(self) -> Charges:
        """Return the charges of the fermions, in units of g."""
        return self.charges

    def photon_mixing(self, q2: ArrayLike | None = None) -> FloatArray:
        r"""Return :math:`\epsilon`, the coupling to the electromagnetic current in units of e.

        Parameters
        ----------
        q2 : array_like, optional
            Momentum transfer squared, GeV^2; by default that of the mass shell.

        Returns
        -------
        ndarray
            Above the threshold of a fermion in a loop the modulus, with the sign of the real part.
        """
        return real_mixing(self._complex_mixing(q2))

    def _complex_mixing(self, q2: ArrayLike | None) -> ComplexArray:
        """Return the mixing with the phase that open pairs in a loop give it."""
        return np.zeros((), dtype=np.complex128)

    @property
    def runs(self) -> bool:
        """Whether the couplings depend on the momentum transfer."""
        return False

    def couplings(self) -> CouplingTable:
        """Return the coupling table on the mass shell: charges, mixing and the dark channel."""
        return self._table(None)

    def _table(self, q2: ArrayLike | None) -> CouplingTable:
        fermions = self.fermion_charges().times(self.g)
        return CouplingTable(
            mass=self.mass,
            fermions=mixed_with_photon(fermions, self._complex_mixing(q2)),
            dark=self.dark_channels(),
            running=self._table if self.runs else None,
        )


@dataclass(frozen=True, eq=False)
class TreeMixedBoson(GaugeBoson):
    r"""A gauge boson whose mixing with the photon is a free parameter.

    The sum of (electric charge times charge) over the fermions is not zero for these: the loops
    diverge, so that the mixing at low energy is for experiment to tell. Its size is naturally
    :math:`e g/16\pi^2` (times logarithms).

    Parameters
    ----------
    mass, g, alpha_d, dark_matter
        As of `GaugeBoson`.
    epsilon : array_like
        Mixing with the photon at low energy, tree and loops together, of either sign.
    """

    epsilon: Parameter = Parameter("mixing with the photon at low energy", default=0.0)

    def _complex_mixing(self, q2: ArrayLike | None) -> ComplexArray:
        return np.asarray(self.epsilon, dtype=np.complex128)


@dataclass(frozen=True, eq=False)
class LoopMixedBoson(GaugeBoson):
    r"""A gauge boson that mixes with the photon by a loop of two leptons of opposite charges.

    With charges +1 of lepton i and -1 of lepton j under g
    (:math:`Q_i = Q_j = -1`, hence the sign),

    .. math::

       \epsilon(q^2) = \epsilon_{tree} - \frac{e g}{12\pi^2}\;
       6\int_0^1 dx\, x(1-x) \ln\frac{m_i^2 - x(1-x)q^2}{m_j^2 - x(1-x)q^2} .

    Parameters
    ----------
    mass, g, alpha_d, dark_matter
        As of `GaugeBoson`.
    mixing : {"running", "constant", "none"}
        ``running``: :math:`\epsilon(q^2)`, on the mass shell :math:`\epsilon(m_{Z'}^2)`, which is
        complex above the threshold of a lepton (see `mixed_with_photon`); ``constant``: the
        value at :math:`q^2 = 0` everywhere, as in the publications; ``none``: without the loop.
    epsilon_tree : array_like
        Mixing with the photon at tree level, of either sign, added to that of the loop.
    """

    mixing: Choice = Choice(
        "mixing with the photon by the loop of leptons: at the boson's q^2, at q^2 = 0, or none",
        options=("running", "constant", "none"),
        default="running",
    )
    epsilon_tree: Parameter = Parameter("mixing with the photon at tree level", default=0.0)

    @abstractmethod
    def loop_masses(self) -> tuple[ArrayLike, ArrayLike]:
        """Return the masses (GeV) of the leptons of charge +1 and -1 in the loop."""

    @property
    def runs(self) -> bool:
        """Whether the couplings depend on the momentum transfer."""
        return bool(self.mixing == "running")

    def _complex_mixing(self, q2: ArrayLike | None) -> ComplexArray:
        tree = np.asarray(self.epsilon_tree, dtype=np.complex128)
        if self.mixing == "none":
            return tree
        momentum2: ArrayLike = 0.0
        if self.runs:
            momentum2 = np.square(self.mass) if q2 is None else q2
        electric_charge = ELECTRIC_CHARGE["mu"]
        loop = opposite_pair_mixing(
            momentum2, *self.loop_masses(), electric_charge * np.asarray(self.g)
        )
        return np.asarray(tree + loop)
