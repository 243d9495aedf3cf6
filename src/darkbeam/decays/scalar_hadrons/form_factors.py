r"""Form factors of a scalar between the vacuum and two pions or kaons, isospin 0.

.. math::

   \Gamma_P(s) = \langle PP| m_u \bar u u + m_d \bar d d |0\rangle , \quad
   \Delta_P(s) = \langle PP| m_s \bar s s |0\rangle , \quad
   \theta_P(s) = \langle PP| \theta^\mu_\mu |0\rangle ,

`P` = pi or K, each charge state by itself. They solve the coupled unitarity relations of pi pi and
K K (J. F. Donoghue, J. Gasser, H. Leutwyler, Nucl. Phys. B343 (1990) 341):

.. math:: \begin{pmatrix} F_\pi \\ \frac{2}{\sqrt3} F_K \end{pmatrix}
          = \Omega(s) \, [\mathbf a + \mathbf b s] , \qquad \Omega(0) = 1 ,

with :math:`\mathbf b = 0` for :math:`\Gamma` and :math:`\Delta`. The factor :math:`2/\sqrt3` is
that between states of isospin 0 of unit norm: :math:`\sqrt2 F_K` and :math:`\sqrt{3/2} F_\pi`.
The Omnes matrix is that of P. J. Blackstone et al., arXiv:2407.13587;
`tools/make_scalar_form_factors.py` tells how it was made from their program (whose own factor for
the kaons is the inverse, :math:`\sqrt3/2`, which the unitarity of these states does not allow).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import CHARGED_KAON_MASS, PION_MASS

__all__ = ["HIGHEST_MASS", "KAON_MASS", "NEUTRAL_KAON_MASS", "MesonFormFactors", "form_factors"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

HIGHEST_MASS = 2.0
"""Mass, GeV, up to which the form factors are used."""
NEUTRAL_KAON_MASS = 0.497611
"""Mass of the neutral kaon, GeV; RPP 2026."""
KAON_MASS = (CHARGED_KAON_MASS + NEUTRAL_KAON_MASS) / 2.0
"""Mass of the kaon in the limit of isospin symmetry, GeV."""

_PION2, _KAON2 = PION_MASS**2, KAON_MASS**2
# Values at s = 0 by the Feynman-Hellmann theorem, m dM^2/dm, from the masses of the Goldstone
# bosons to next-to-leading order (J. Gasser, H. Leutwyler, Nucl. Phys. B250 (1985) 465, eqs. 10.7)
# with the low-energy constants of arXiv:2407.13587: F_0 = 80.3 MeV and, at mu = m_eta,
# 2 L_8 - L_5 = -0.46e-3, 2 L_6 - L_4 = 0.28e-3. At leading order they are 1, 1/2, 0 and 1.
_GAMMA_PION, _GAMMA_KAON = 0.987 * _PION2, 0.566 * _PION2
_DELTA_PION, _DELTA_KAON = 0.094 * _PION2, 1.135 * (_KAON2 - 0.5 * _PION2)
# theta_P = 2 M_P^2 + s + O(s^2, M^4): the trace of the energy-momentum tensor at leading order.
_THETA_SLOPE = 1.0
_NORM = 2.0 / sqrt(3.0)


@dataclass(frozen=True, eq=False)
class MesonFormFactors:
    """Gamma, Delta and theta of one meson, GeV^2, complex arrays."""

    gamma: ComplexArray
    delta: ComplexArray
    theta: ComplexArray

    def combine(
        self, light: ArrayLike, strange: ArrayLike, heavy: ArrayLike
    ) -> NDArray[np.complex128]:
        r"""Return the amplitude of a scalar to two of the mesons, GeV.

        .. math::

           G_P = \kappa_l \Gamma_P + \kappa_s \Delta_P
                 + \tfrac{2}{27} \kappa_h (\theta_P - \Gamma_P - \Delta_P)

        Heavy quarks are integrated out, :math:`m_h \bar h h \to -\alpha_s G^2/(12\pi)`, and
        :math:`\theta^\mu_\mu = -9\alpha_s G^2/(8\pi) + \sum_l m_l \bar l l`, both at leading order:
        M. A. Shifman, A. I. Vainshtein, V. I. Zakharov, Phys. Lett. B78 (1978) 443. For the Higgs
        boson, :math:`\kappa = 1/v` of all and three heavy quarks, this is :math:`\frac29\theta +
        \frac79(\Gamma + \Delta)`.

        Parameters
        ----------
        light, strange, heavy : array_like of complex
            :math:`(g_u + g_d)/(m_u + m_d)`, :math:`g_s/m_s` and the sum of :math:`g_h/m_h` over
            charm, bottom and top, 1/GeV.
        """
        gluons = 2.0 / 27.0 * np.asarray(heavy) * (self.theta - self.gamma - self.delta)
        return np.asarray(
            np.asarray(light) * self.gamma + np.asarray(strange) * self.delta + gluons
        )


@lru_cache(maxsize=1)
def _tables() -> tuple[FloatArray, ComplexArray]:
    """Return the grid in s and the form factors on it, by meson, operator and s."""
    source = files("darkbeam.decays.scalar_hadrons") / "data" / "omnes_isoscalar.csv"
    with source.open(encoding="utf-8") as stream:
        table = np.loadtxt(stream, delimiter=",")
    s = table[:, 0]
    columns = table[:, 1::2] + 1j * table[:, 2::2]
    omega = columns.reshape(s.size, 2, 2).transpose(0, 2, 1)  # the file goes column by column
    norm = np.array([1.0, _NORM])
    slope = np.polynomial.polynomial.polyfit(s[:6], omega[:6].real.reshape(6, 4), 3)[1]
    at_zero = norm * np.array(
        [
            [_GAMMA_PION, _GAMMA_KAON],
            [_DELTA_PION, _DELTA_KAON],
            [2.0 * _PION2, 2.0 * _KAON2],
        ]
    )
    linear = np.zeros((3, 2))
    linear[2] = norm * _THETA_SLOPE - slope.reshape(2, 2) @ at_zero[2]
    constants = at_zero[:, :, None] + linear[:, :, None] * s  # operator, channel, s
    return s, np.einsum("sij,ojs->ois", omega, constants).transpose(1, 0, 2) / norm[:, None, None]


def form_factors(s: ArrayLike) -> tuple[MesonFormFactors, MesonFormFactors]:
    r"""Return the form factors of the pion and of the kaon.

    Parameters
    ----------
    s : array_like
        Mass squared of the pair, GeV^2, from 0 to 4; NaN elsewhere. Below the thresholds they are
        the continuation that loops of virtual mesons ask for.

    Examples
    --------
    >>> pion, kaon = form_factors(0.25)
    >>> print(f"{abs(pion.theta):.2f} GeV^2")
    0.48 GeV^2
    """
    grid, values = _tables()
    point = np.asarray(s, dtype=np.float64)
    inside = (point >= 0.0) & (point <= HIGHEST_MASS**2)
    position = np.where(inside, point, 0.0) / (grid[1] - grid[0])
    below = np.minimum(position.astype(np.intp), grid.size - 2)
    weight = np.where(inside, position - below, np.nan)
    found = values[..., below] * (1.0 - weight) + values[..., below + 1] * weight
    return MesonFormFactors(*found[0]), MesonFormFactors(*found[1])
