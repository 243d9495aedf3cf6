r"""The Higgs boson's invisible decay to a light complex scalar, and what it says of their coupling.

:math:`L = -\lambda H^\dagger H \varphi^*\varphi` with :math:`H = (0, (h + v)/\sqrt 2)` holds the
vertex :math:`-\lambda v\, h\, \varphi^*\varphi`. It is no coupling to fermions: it shifts the mass
of :math:`\varphi` and lets the Higgs boson decay to pairs of it (arXiv:2202.04410, below eq. 8).
"""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam import particles
from darkbeam.constants import FERMI_CONSTANT
from darkbeam.errors import ModelError

__all__ = ["HIGGS_VEV", "HIGGS_WIDTH", "higgs_portal_limit", "higgs_to_scalars_width"]

FloatArray = NDArray[np.float64]

HIGGS_VEV = 1.0 / sqrt(sqrt(2.0) * FERMI_CONSTANT)
"""Vacuum expectation value v of the Higgs field, GeV: 246.22; <H> is v/sqrt(2) = 174.10."""
HIGGS_WIDTH = 4.1e-3
"""Total width of the Higgs boson in the Standard Model, GeV, to 2 % (arXiv:1610.07922)."""
INVISIBLE_LIMIT = 0.107
"""Upper limit (95 % C.L.) on the invisible branching fraction, ATLAS (arXiv:2301.10731)."""


def higgs_to_scalars_width(mass: ArrayLike, coupling: ArrayLike) -> FloatArray:
    r"""Return the width of :math:`h \to \varphi\varphi^*`, GeV.

    .. math::

       \Gamma = \frac{\lambda^2 v^2}{16\pi m_h} \sqrt{1 - \frac{4 m_\varphi^2}{m_h^2}}

    arXiv:2202.04410, below eq. 8; tree level. A real scalar with
    :math:`L = -\tfrac12 \lambda H^\dagger H \phi^2` has half of it.

    Parameters
    ----------
    mass : array_like
        Mass of the scalar, GeV.
    coupling : array_like
        :math:`\lambda`, without a unit.

    Returns
    -------
    ndarray
        GeV; 0 at and beyond half of the Higgs boson's mass.

    Examples
    --------
    >>> float(higgs_to_scalars_width(0.1, 0.01).round(6))
    0.000964
    """
    higgs_mass = particles.mass("h")
    velocity = np.sqrt(np.maximum(1.0 - (2.0 * _positive(mass) / higgs_mass) ** 2, 0.0))
    return np.asarray((np.asarray(coupling) * HIGGS_VEV) ** 2 * velocity / (16.0 * pi * higgs_mass))


def higgs_portal_limit(
    mass: ArrayLike,
    *,
    invisible_fraction: ArrayLike = INVISIBLE_LIMIT,
    higgs_width: float = HIGGS_WIDTH,
) -> FloatArray:
    r"""Return the largest :math:`|\lambda|` that a limit on invisible Higgs decays allows.

    With all other widths those of the Standard Model, an invisible fraction :math:`B` is the width
    :math:`\Gamma_\mathrm{SM} B/(1 - B)`. Holds where the scalars escape or decay invisibly.

    Parameters
    ----------
    mass : array_like
        Mass of the scalar, GeV.
    invisible_fraction : array_like
        Upper limit on the branching fraction, between 0 and 1; default: ATLAS, 95 % C.L.
    higgs_width : float
        Width to all else, GeV.

    Returns
    -------
    ndarray
        Without a unit; infinite at and beyond half of the Higgs boson's mass.

    Raises
    ------
    ModelError
        If the fraction is not between 0 and 1.

    Examples
    --------
    >>> float(higgs_portal_limit(0.3).round(4))
    0.0071
    """
    fraction = np.asarray(invisible_fraction, dtype=np.float64)
    if not np.all((fraction > 0.0) & (fraction < 1.0)):
        raise ModelError(f"invisible_fraction must be above 0 and below 1, got {fraction}")
    allowed = higgs_width * fraction / (1.0 - fraction)
    at_one = higgs_to_scalars_width(mass, 1.0)
    with np.errstate(divide="ignore"):
        return np.sqrt(allowed / at_one)


def _positive(mass: ArrayLike) -> FloatArray:
    value = np.asarray(mass, dtype=np.float64)
    if not np.all(np.isfinite(value) & (value > 0.0)):
        raise ModelError(f"mass must be finite and > 0 GeV, got {mass!r}")
    return value
