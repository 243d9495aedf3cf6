"""A Z' that couples to fermions by its kinetic and mass mixing with photon and Z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from darkbeam.constants import SIN2_THETA_W, Z_MASS
from darkbeam.errors import ModelError
from darkbeam.models.couplings import ELECTRIC_CHARGE, NEUTRINOS, Coupling, CouplingTable
from darkbeam.models.dark_sector import FloatArray, VectorPortal
from darkbeam.models.neutral_bosons import NeutralBosons
from darkbeam.models.parameters import Parameter, broadcast_check

__all__ = ["MixedZPrime"]


@dataclass(frozen=True, eq=False)
class MixedZPrime(VectorPortal):
    r"""Z' with kinetic mixing with hypercharge and mass mixing with the Z, at any mass.

    .. math::

       L = -\frac{\epsilon}{2\cos\theta_W} B^{\mu\nu} Z'_{\mu\nu}
           + \sin\theta\, m_Z^2 Z^\mu Z'_\mu + e_d Z'_\mu J_d^\mu

    S2 (arXiv:2108.05147) eqs. 2.2, 2.3, diagonalised exactly (`NeutralBosons`). For small mixing
    the eigenstate couples to a chiral fermion by

    .. math::

       g_f = \frac{\epsilon e\,(Q - rY/\cos^2\theta_W)
             + g_Z \sin\theta\,(T_3 - Q\sin^2\theta_W)}{1 - r} ,\qquad r = m_{Z'}^2/m_Z^2 :

    the dark photon for :math:`r \to 0`, hypercharge for :math:`r \to \infty`, the Z for
    :math:`\epsilon = 0`. S2 eqs. 2.4-2.6 have the other sign of :math:`\epsilon` and leave out
    :math:`1/(1-r)` at :math:`\sin\theta`.

    Parameters
    ----------
    mass : array_like or str
        Mass of the Z', the physical one, GeV or text with a unit. It cannot lie within
        `excluded_interval` about the mass of the Z.
    epsilon : array_like
        Mixing with the photon, 0 to 0.8: the hypercharge mixing times cos(theta_W).
    sin_theta : array_like
        Mass mixing with the Z, of either sign.
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`, of the boson before mixing; without dark matter by
        default.

    Raises
    ------
    ModelError
        On a value out of range, or a mass within the excluded interval.

    Examples
    --------
    >>> model = MixedZPrime(mass="50 GeV", epsilon=1e-3)
    >>> print(f"{model.couplings().vector('e'):.3e} {model.couplings().axial('e'):.3e}")
    -3.060e-04 4.233e-05
    """

    name: ClassVar[str] = "mixed-zprime"
    title: ClassVar[str] = "Z' by kinetic and mass mixing with photon and Z"
    lagrangian: ClassVar[str] = (
        "-(epsilon / (2 cos theta_W)) B^munu Z'_munu + sin_theta m_Z^2 Z^mu Z'_mu"
        " + e_d Z'_mu J_dark^mu"
    )
    coupling_name: ClassVar[str] = "epsilon"
    references: ClassVar[tuple[str, ...]] = (
        "Coy:2021wfs",
        "Holdom:1985ag",
        "Babu:1997st",
        "Bauer:2018onh",
    )

    # the kinetic terms are positive below cos(theta_W) = 0.877
    epsilon: Parameter = Parameter(
        "mixing with the photon", minimum=0.0, inclusive=True, maximum=0.8, default=1e-3
    )
    sin_theta: Parameter = Parameter(
        "mass mixing with the Z", minimum=-1.0, inclusive=True, maximum=1.0, default=0.0
    )

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        broadcast_check({"mass": self.mass, "epsilon": self.epsilon, "sin_theta": self.sin_theta})
        self._check_mass()
        super().__post_init__()

    def _check_mass(self) -> None:
        exists = self.neutral_bosons.exists
        if np.all(exists):
            return
        values = np.broadcast_arrays(
            self.mass, self.epsilon, self.sin_theta, *self.excluded_interval
        )
        first = int(np.argmin(exists))
        mass, epsilon, sin_theta, lower, upper = (float(v.flat[first]) for v in values)
        raise ModelError(
            f"mass must not be between {lower:.6g} and {upper:.6g} GeV, where the Z repels the Z' "
            f"(epsilon = {epsilon:g}, sin_theta = {sin_theta:g}), got {mass:g}"
        )

    @property
    def neutral_bosons(self) -> NeutralBosons:
        """The mass eigenstates: mass of the Z, Lagrangian mass and so on."""
        return NeutralBosons(
            mass=np.asarray(self.mass),
            epsilon=np.asarray(self.epsilon),
            sin_theta=np.asarray(self.sin_theta),
        )

    @property
    def excluded_interval(self) -> tuple[FloatArray, FloatArray]:
        """The masses (GeV) between which there is no Z' because the Z repels it."""
        return self.neutral_bosons.excluded_interval

    def largest_coupling(self) -> float:
        r"""Return the largest epsilon at which the Z' exists at all masses of the model.

        :math:`|\eta(\epsilon\tan\theta_W + \sin\theta)| < |1 - r|` with
        :math:`\eta^{-2} = 1 - \epsilon^2/\cos^2\theta_W`: the edge of `excluded_interval`.
        """
        tangent2 = SIN2_THETA_W / (1.0 - SIN2_THETA_W)
        gap2 = (1.0 - (np.asarray(self.mass) / Z_MASS) ** 2) ** 2
        mixing = np.asarray(self.sin_theta)
        linear = np.sqrt(tangent2) * mixing
        square = tangent2 + gap2 / (1.0 - SIN2_THETA_W)
        edge = (np.sqrt(linear**2 + square * (gap2 - mixing**2)) - linear) / square
        return float(min(super().largest_coupling(), (1.0 - 1e-9) * np.min(edge)))

    @property
    def dark_coupling(self) -> FloatArray:
        r"""The coupling to dark matter, :math:`\sqrt{4\pi\alpha_d}` times the share of X."""
        return np.asarray(super().dark_coupling * self.neutral_bosons.dark_share)

    def couplings(self) -> CouplingTable:
        """Return the coupling table: vector and axial couplings and the dark channel."""
        bosons = self.neutral_bosons
        fermions = {}
        for name, charge in ELECTRIC_CHARGE.items():
            isospin = 0.5 if charge >= 0.0 else -0.5  # upper component of a doublet, or lower
            left = bosons.coupling(charge, isospin)
            right = 0.0 if name in NEUTRINOS else bosons.coupling(charge, 0.0)
            fermions[name] = Coupling.chiral(left=left, right=right)
        return CouplingTable(mass=self.mass, fermions=fermions, dark=self.dark_channels())
