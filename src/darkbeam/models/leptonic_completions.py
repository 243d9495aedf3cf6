r"""Where the coupling of the leptonic scalar may come from (arXiv:2202.04410 eqs. 8, 9).

:math:`\bar e_L \mu_R \varphi` is no invariant of the electroweak group. Its invariant form is of
dimension five, and a vector-like fermion of the quantum numbers of the right-handed electron makes
it at tree level.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.models.higgs_portal import HIGGS_VEV
from darkbeam.models.parameters import Parameter, Parameterised, broadcast_check

__all__ = ["HIGGS_EXPECTATION", "VectorLikeFermion", "dimension_five_coupling"]

FloatArray = NDArray[np.float64]

HIGGS_EXPECTATION = HIGGS_VEV / sqrt(2.0)
"""<H> of the Higgs doublet, GeV: 174.10."""


@dataclass(frozen=True, eq=False)
class VectorLikeFermion(Parameterised):
    r"""Heavy vector-like fermion :math:`E`, a singlet of the electroweak isospin, eq. 9.

    .. math::

       L = -(h_1 (\bar\nu_e, \bar e)_L H E_R + h_2 \bar E_L \mu_R \varphi + h.c.) - M \bar E E

    The first term mixes :math:`e_L` with :math:`E_L`. Without the electron's mass the mass terms
    are :math:`-(h_1\langle H\rangle\,\bar e_L + M \bar E_L) E_R`: the bracket is the heavy state,
    with :math:`\tan\theta = h_1\langle H\rangle/M`, and what is orthogonal to it the electron.
    Corrections are of the order :math:`m_e^2/M^2`.

    Parameters
    ----------
    mass : array_like or str
        :math:`M`, GeV or text with a unit; the mass before mixing.
    h1, h2 : array_like
        Couplings, >= 0.

    Examples
    --------
    >>> fermion = VectorLikeFermion(mass="3 TeV", h1=0.1, h2=0.5)
    >>> print(f"{fermion.coupling:.4f} {fermion.mixing_angle:.4f}")
    0.0029 0.0058
    """

    mass: Parameter = Parameter("mass before mixing", unit="GeV", minimum=0.0)
    h1: Parameter = Parameter("coupling to electron and Higgs", minimum=0.0, inclusive=True)
    h2: Parameter = Parameter("coupling to muon and scalar", minimum=0.0, inclusive=True)

    def __post_init__(self) -> None:
        """Check that arrays broadcast."""
        broadcast_check({"mass": self.mass, "h1": self.h1, "h2": self.h2})

    @property
    def mixing_angle(self) -> FloatArray:
        r"""Angle between electron and :math:`E`, both left-handed: atan(h1 <H> / M)."""
        return np.asarray(np.arctan2(self.h1 * HIGGS_EXPECTATION, self.mass))

    @property
    def heavy_mass(self) -> FloatArray:
        """Mass of the heavy state, GeV: sqrt(M^2 + h1^2 <H>^2)."""
        return np.asarray(np.hypot(self.h1 * HIGGS_EXPECTATION, self.mass))

    @property
    def coupling(self) -> FloatArray:
        r"""Coupling h of the leptonic scalar, :math:`h_2 \sin\theta`.

        For :math:`M \gg h_1\langle H\rangle` that of `dimension_five_coupling`; never above
        :math:`h_2`.
        """
        return np.asarray(self.h2 * np.sin(self.mixing_angle))

    @property
    def heavy_coupling(self) -> FloatArray:
        r"""Coupling of the heavy state to muon and scalar, :math:`h_2 \cos\theta`."""
        return np.asarray(self.h2 * np.cos(self.mixing_angle))

    @property
    def z_coupling_shift(self) -> FloatArray:
        r"""What the mixing adds to the Z boson's :math:`g_L^e = -1/2 + \sin^2\theta_W`.

        :math:`\tfrac12\sin^2\theta`: the part :math:`\sin^2\theta` of the electron has no isospin.
        The coupling of the W boson to the electron is :math:`\cos\theta` times its usual one.
        """
        return np.asarray(0.5 * np.sin(self.mixing_angle) ** 2)


def dimension_five_coupling(h1: ArrayLike, h2: ArrayLike, cutoff: ArrayLike | str) -> FloatArray:
    r"""Return :math:`h = h_1 h_2 \langle H\rangle / M` (eq. 8), the limit of a heavy fermion.

    Parameters
    ----------
    h1, h2 : array_like
        Couplings, >= 0, without a unit.
    cutoff : array_like or str
        :math:`M`, GeV or text with a unit.

    Raises
    ------
    ModelError
        On a value out of range or arrays that do not broadcast.
    """
    given = VectorLikeFermion(cutoff, h1, h2)
    return np.asarray(given.h1 * given.h2 * HIGGS_EXPECTATION / given.mass)
