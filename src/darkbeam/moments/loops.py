r"""Anomalous magnetic moment of a charged lepton from a neutral mediator at one loop.

With m the mass of the lepton, :math:`m_f` that of the lepton in the loop, M that of the mediator,
:math:`\epsilon = m_f/m` and :math:`\lambda = m/M`, each squared coupling contributes

.. math::

   \Delta a = \frac{|g|^2 \lambda^2}{8\pi^2} \int_0^1 dx
   \frac{P(x)}{(1-x)(1 - \lambda^2 x) + \epsilon^2\lambda^2 x} ,

=============  ==========================================================================
vector         :math:`2x(1-x)(x - 2 + 2\epsilon) + \lambda^2 x^2 (1-\epsilon)^2 (1-x+\epsilon)`
axial          the same with :math:`\epsilon \to -\epsilon` in P
scalar         :math:`x^2 (1 - x + \epsilon)`
pseudoscalar   :math:`x^2 (1 - x - \epsilon)`
=============  ==========================================================================

J. P. Leveille, Nucl. Phys. B 137 (1978) 63; F. Jegerlehner and A. Nyffeler, arXiv:0902.3360;
M. Lindner, M. Platscher and F. S. Queiroz, arXiv:1610.06587. The vector is a massive one whose
longitudinal part counts (unitary gauge): axial and flavour-changing couplings then grow as
:math:`(m \pm m_f)^2/M^2` as M goes to zero. Vector and axial, and scalar and pseudoscalar
couplings do not interfere in the magnetic moment.

If :math:`m > m_f + M` the lepton decays to the pair; the integral is then its principal value, the
real part of the form factor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError

__all__ = [
    "axial_contribution",
    "pseudoscalar_contribution",
    "scalar_contribution",
    "vector_contribution",
]

FloatArray = NDArray[np.float64]
LARGEST_RATIO = 1e8


def vector_contribution(
    mediator_mass: ArrayLike, lepton_mass: ArrayLike, internal_mass: ArrayLike | None = None
) -> FloatArray:
    r"""Return :math:`\Delta a/|g_V|^2` of a vector coupling.

    Parameters
    ----------
    mediator_mass : array_like
        M, GeV.
    lepton_mass : array_like
        m, mass of the lepton whose moment it is, GeV.
    internal_mass : array_like, optional
        :math:`m_f`, GeV; by default m. Like M it may be up to 1e8 times m, or m so much times it.

    Returns
    -------
    ndarray
        Without a unit, to 1e-10 relative (where it does not pass through zero).

    Raises
    ------
    InputError
        If a mass is not positive and finite, or a ratio is out of range.

    Examples
    --------
    The limit of a light vector is Schwinger's 1/(8 pi^2):

    >>> float(vector_contribution(1e-7, 0.1).round(6)), round(1 / (8 * np.pi**2), 6)
    (0.012665, 0.012665)
    """
    return _contribution(0, mediator_mass, lepton_mass, internal_mass)


def axial_contribution(
    mediator_mass: ArrayLike, lepton_mass: ArrayLike, internal_mass: ArrayLike | None = None
) -> FloatArray:
    r"""Return :math:`\Delta a/|g_A|^2` of an axial coupling; see `vector_contribution`."""
    return _contribution(1, mediator_mass, lepton_mass, internal_mass)


def scalar_contribution(
    mediator_mass: ArrayLike, lepton_mass: ArrayLike, internal_mass: ArrayLike | None = None
) -> FloatArray:
    r"""Return :math:`\Delta a/|g_S|^2` of a scalar coupling; see `vector_contribution`."""
    return _contribution(2, mediator_mass, lepton_mass, internal_mass)


def pseudoscalar_contribution(
    mediator_mass: ArrayLike, lepton_mass: ArrayLike, internal_mass: ArrayLike | None = None
) -> FloatArray:
    r"""Return :math:`\Delta a/|g_P|^2` of a pseudoscalar coupling; see `vector_contribution`."""
    return _contribution(3, mediator_mass, lepton_mass, internal_mass)


def _contribution(
    structure: int,
    mediator_mass: ArrayLike,
    lepton_mass: ArrayLike,
    internal_mass: ArrayLike | None,
) -> FloatArray:
    from darkbeam.moments._loop_kernels import GRID, loop_integrals

    internal = lepton_mass if internal_mass is None else internal_mass
    given = {
        "lepton_mass": np.asarray(lepton_mass, dtype=np.float64),
        "internal_mass": np.asarray(internal, dtype=np.float64),
        "mediator_mass": np.asarray(mediator_mass, dtype=np.float64),
    }
    for name, value in given.items():
        if not np.all(np.isfinite(value) & (value > 0.0)):
            raise InputError(f"{name} must be finite and > 0 GeV, got {value!r}")
    arrays = np.broadcast_arrays(*given.values())
    for name, array in zip(("internal_mass", "mediator_mass"), arrays[1:], strict=True):
        ratio = array / arrays[0]
        if np.any((ratio > LARGEST_RATIO) | (ratio < 1.0 / LARGEST_RATIO)):
            raise InputError(
                f"{name} must be within a factor {LARGEST_RATIO:.0e} of the lepton's mass, "
                f"got {ratio.min():.3g} to {ratio.max():.3g} times it"
            )
    lepton, within, mediator = (np.ascontiguousarray(a).ravel() for a in arrays)
    out = np.empty(lepton.size)
    loop_integrals(structure, lepton, within, mediator, GRID, out)
    return out.reshape(arrays[0].shape)
