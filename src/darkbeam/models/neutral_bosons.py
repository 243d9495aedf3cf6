r"""The photon, the Z and a Z' that mix: the exact mass eigenstates.

Before mixing there are the fields :math:`B, W^3` and :math:`X` (the boson of a U(1) under which
the fermions of the Standard Model are neutral), with

.. math::

   L = -\tfrac14 B^2 - \tfrac14 (W^3)^2 - \tfrac14 X^2
       - \tfrac{\epsilon}{2\cos\theta_W} B^{\mu\nu} X_{\mu\nu}
       + \tfrac12 m_Z^2 Z^2 + \tfrac12 m_X^2 X^2 + \sin\theta\, m_Z^2 Z^\mu X_\mu
       - (g W^3_\mu J_3^\mu + g' B_\mu J_Y^\mu) + e_d X_\mu J_d^\mu

and :math:`Z = \cos\theta_W W^3 - \sin\theta_W B`: S1 (arXiv:2003.07257) eq. 2, S2
(arXiv:2108.05147) eqs. 2.2, 2.3, with :math:`D_\mu = \partial_\mu + i g W_\mu T + i g' B_\mu Y`.
With :math:`\eta = (1 - \epsilon^2/\cos^2\theta_W)^{-1/2}` the fields
:math:`X = \eta x`, :math:`B = B' - \epsilon\eta x/\cos\theta_W` have canonical kinetic terms, the
photon of :math:`B'` and :math:`W^3` is massless and does not mix, and of :math:`(z, x)` the mass
matrix is, in units of :math:`m_Z^2`,

.. math::

   \begin{pmatrix} 1 & a\\ a & d\end{pmatrix},\qquad
   a = \eta(\epsilon\tan\theta_W + \sin\theta),\qquad
   d = \eta^2\frac{m_X^2}{m_Z^2} + a^2 - \eta^2\sin^2\theta .

Given one eigenvalue :math:`r = m_{Z'}^2/m_Z^2`, all else is a closed form without a difference of
large numbers: :math:`(1-r)(d-r) = a^2` gives :math:`d`, the other eigenvalue is
:math:`1 + a^2/(1-r)` and the eigenvector is :math:`(z, x) \propto (-a, 1-r)`.

The Z' is the eigenstate that is mostly X. The levels repel each other: its mass squared is not
within :math:`m_Z^2(1 \pm |a|)`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import ELEMENTARY_CHARGE, SIN2_THETA_W, Z_MASS

__all__ = ["NeutralBosons"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NeutralBosons:
    """The mass eigenstates for a given physical mass of the Z'.

    Parameters
    ----------
    mass : ndarray
        Physical mass of the Z', GeV, outside `excluded_interval`.
    epsilon : ndarray
        Mixing with the photon: cos(theta_W) times the kinetic mixing with hypercharge; its modulus
        is below cos(theta_W).
    sin_theta : ndarray
        Mass mixing with the Z.
    z_mass : float
        Mass of the Z without mixing, GeV.
    sin2_theta_w : float
        Squared sine of the weak mixing angle without mixing.
    charge : float
        Charge of the positron; g = e/sin(theta_W), g' = e/cos(theta_W).
    """

    mass: FloatArray
    epsilon: FloatArray
    sin_theta: FloatArray
    z_mass: float = Z_MASS
    sin2_theta_w: float = SIN2_THETA_W
    charge: float = ELEMENTARY_CHARGE

    @property
    def mass_ratio_squared(self) -> FloatArray:
        r"""The eigenvalue :math:`r = m_{Z'}^2/m_Z^2`."""
        return np.asarray((self.mass / self.z_mass) ** 2)

    @property
    def detuning(self) -> FloatArray:
        """1 - r, without the rounding of r near 1."""
        return np.asarray((self.z_mass - self.mass) * (self.z_mass + self.mass) / self.z_mass**2)

    @property
    def normalisation(self) -> FloatArray:
        r"""The factor :math:`\eta` that makes the kinetic term of X canonical."""
        hypercharge = self.epsilon / np.sqrt(1.0 - self.sin2_theta_w)
        return np.asarray(1.0 / np.sqrt((1.0 - hypercharge) * (1.0 + hypercharge)))

    @property
    def mass_mixing(self) -> FloatArray:
        r"""The off-diagonal element :math:`a` of the mass matrix, in units of m_Z^2."""
        tangent = np.sqrt(self.sin2_theta_w / (1.0 - self.sin2_theta_w))
        return np.asarray(self.normalisation * (self.epsilon * tangent + self.sin_theta))

    @property
    def excluded_interval(self) -> tuple[FloatArray, FloatArray]:
        r"""The masses (GeV) between which there is no Z' because the Z repels it.

        Below :math:`m_Z` the state is mostly X up to :math:`r = 1 - |a|`, above it from
        :math:`r = 1 + |a|` on, and from :math:`1 + a^2` on if that is more (otherwise the other
        state would be a tachyon).
        """
        strength = np.abs(self.mass_mixing)
        lower = self.z_mass * np.sqrt(np.maximum(1.0 - strength, 0.0))
        upper = self.z_mass * np.sqrt(1.0 + np.maximum(strength, strength**2))
        return np.asarray(lower), np.asarray(upper)

    @property
    def exists(self) -> NDArray[np.bool_]:
        """Whether there is a Z' of this mass."""
        lower, upper = self.excluded_interval
        outside = (self.mass <= lower) | (self.mass >= upper)
        return np.asarray(outside & (self.mass != self.z_mass))

    @property
    def lagrangian_mass(self) -> FloatArray:
        """The parameter m_X of the Lagrangian, GeV, that gives the Z' its mass."""
        r, a = self.mass_ratio_squared, self.mass_mixing
        diagonal = r * (1.0 + a**2 / self.detuning)  # d - a^2
        return np.asarray(
            self.z_mass * np.sqrt(diagonal / self.normalisation**2 + self.sin_theta**2)
        )

    @property
    def physical_z_mass(self) -> FloatArray:
        """The mass of the Z as mixing shifts it, GeV."""
        return np.asarray(self.z_mass * np.sqrt(1.0 + self.mass_mixing**2 / self.detuning))

    @property
    def dark_share(self) -> FloatArray:
        """The component of X in the Z': what its coupling to dark matter is multiplied by."""
        return np.asarray(self.normalisation * np.abs(self.detuning) / self._length)

    @property
    def _length(self) -> FloatArray:
        return np.hypot(self.detuning, self.mass_mixing)

    def coupling(self, electric_charge: float, isospin: float) -> FloatArray:
        r"""Return the coupling of the Z' to a chiral fermion.

        .. math::

           g_f = \pm\frac{\eta e}{\sqrt{(1-r)^2 + a^2}} \left[
               \epsilon\left(Q - \frac{r Y}{\cos^2\theta_W}\right)
               + \frac{\sin\theta}{\sin\theta_W\cos\theta_W}
                 \left(T_3 - Q\sin^2\theta_W\right)\right]

        with :math:`Y = Q - T_3` and the upper sign for :math:`r < 1`: it makes the component of X
        positive. Derived here; for small mixing S2 (arXiv:2108.05147) eqs. 2.4-2.6 follow (see
        `MixedZPrime` on signs).

        Parameters
        ----------
        electric_charge : float
            Q.
        isospin : float
            Third component of weak isospin; 0 for a right-handed fermion.

        Returns
        -------
        ndarray
            :math:`g_f` of :math:`L = g_f Z'_\mu \bar f\gamma^\mu f`, without a unit.
        """
        sin2, cos2 = self.sin2_theta_w, 1.0 - self.sin2_theta_w
        hypercharge = electric_charge - isospin
        kinetic = electric_charge - self.mass_ratio_squared * hypercharge / cos2
        weak = (isospin - electric_charge * sin2) / np.sqrt(sin2 * cos2)
        strength = self.charge * self.normalisation * np.sign(self.detuning) / self._length
        return np.asarray(strength * (self.epsilon * kinetic + self.sin_theta * weak))
