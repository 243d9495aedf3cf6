"""A dark photon whose mixing with the photon runs by loops of heavy charged fermions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import ModelError
from darkbeam.models.couplings import CouplingTable
from darkbeam.models.dark_photon import DarkPhoton
from darkbeam.models.gauge import mixed_with_photon
from darkbeam.models.parameters import Choice, Parameter
from darkbeam.models.running_mixing import one_fermion_mixing, two_fermion_mixing
from darkbeam.models.vacuum_polarisation import real_mixing

__all__ = ["RunningDarkPhoton"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RunningDarkPhoton(DarkPhoton):
    r"""Dark photon with :math:`L = \epsilon(p^2)\, e A'_\mu J^\mu_{em}` + dark matter.

    :math:`\epsilon(p^2) = \epsilon + \epsilon_{1l}(p^2)` with the loop of one fermion of charges
    :math:`(e, e')`, or of two with :math:`(e, e')` and :math:`(e, -e')`: S1 (arXiv:2003.07257)
    eqs. 14-18. Renormalised ``on-shell``, :math:`\epsilon_{1l}(m_{A'}^2) = 0`: production and decay
    of a dark photon are those of `DarkPhoton`, and the exchange of one, :math:`p^2 < 0`, is not.
    With ``naive`` the finite loop of two fermions is added as it is.

    Parameters
    ----------
    mass : array_like or str
        Mass of the dark photon, GeV or text with a unit.
    epsilon : array_like
        Mixing with the photon without the loop, >= 0.
    e_prime : array_like
        Coupling of the fermion in the loop to the dark photon, of either sign.
    fermion_mass : array_like or str
        Mass of that fermion, which has electric charge, GeV or text with a unit.
    partner_mass : array_like or str, optional
        Mass of a second fermion of opposite coupling.
    renormalisation : {"on-shell", "naive"}
        See above; ``naive`` needs a partner, as one fermion alone leaves an infinite constant.
    alpha_d, dark_matter
        As of `DarkPhoton`.

    Raises
    ------
    ModelError
        On a value out of range, ``naive`` without a partner, or a dark photon that may decay to
        the fermions in the loop.

    Examples
    --------
    >>> model = RunningDarkPhoton(mass=0.1, epsilon=1e-6, e_prime=1, fermion_mass=1)
    >>> print(f"{model.photon_mixing():.3e} {model.photon_mixing(-1.0):.3e}")
    1.000e-06 4.696e-04
    """

    name: ClassVar[str] = "running-dark-photon"
    title: ClassVar[str] = "dark photon whose mixing runs by loops of charged fermions"
    lagrangian: ClassVar[str] = "epsilon(p^2) e A'_mu J_em^mu + e_d A'_mu J_dark^mu"

    e_prime: Parameter = Parameter(
        "coupling of the fermion in the loop to the dark photon", default=0.3
    )
    fermion_mass: Parameter = Parameter(
        "mass of the charged fermion in the loop", unit="GeV", minimum=0.0, default=200.0
    )
    partner_mass: Parameter = Parameter(
        "mass of a second fermion of opposite coupling", unit="GeV", minimum=0.0, optional=True
    )
    renormalisation: Choice = Choice(
        "loop that vanishes on the mass shell, or the finite loop of two fermions as it is",
        options=("on-shell", "naive"),
        default="on-shell",
    )

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        super().__post_init__()
        if self.renormalisation == "naive" and self.partner_mass is None:
            raise ModelError("renormalisation = naive needs partner_mass: one loop is not finite")
        for name in ("fermion_mass", "partner_mass"):
            loop_mass = getattr(self, name)
            if loop_mass is not None and np.any(2.0 * np.asarray(loop_mass) <= self.mass):
                raise ModelError(
                    f"{name} must be above half the mass of the dark photon, got "
                    f"{np.min(loop_mass):g} GeV and {np.max(self.mass):g} GeV"
                )

    def photon_mixing(self, q2: ArrayLike | None = None) -> FloatArray:
        r"""Return :math:`\epsilon(p^2)`.

        Parameters
        ----------
        q2 : array_like, optional
            :math:`p^2`, GeV^2; by default :math:`m_{A'}^2`. Above the threshold of the loop the
            modulus, with the sign of the real part.
        """
        return real_mixing(self._complex_mixing(q2))

    def _complex_mixing(self, q2: ArrayLike | None) -> NDArray[np.complex128]:
        momentum2 = np.square(self.mass) if q2 is None else np.asarray(q2, dtype=np.float64)
        if self.partner_mass is None:
            loop = one_fermion_mixing(momentum2, self.fermion_mass, self.mass, self.e_prime)
        else:
            shell = self.mass if self.renormalisation == "on-shell" else None
            masses = (self.fermion_mass, self.partner_mass)
            loop = two_fermion_mixing(momentum2, *masses, self.e_prime, shell)
        return np.asarray(np.asarray(self.epsilon) + loop)

    def couplings(self) -> CouplingTable:
        """Return the coupling table on the mass shell; it runs."""
        return self._table(None)

    def _table(self, q2: ArrayLike | None) -> CouplingTable:
        return CouplingTable(
            mass=self.mass,
            fermions=mixed_with_photon({}, self._complex_mixing(q2)),
            dark=self.dark_channels(),
            running=self._table,
        )
