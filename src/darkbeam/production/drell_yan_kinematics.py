r"""Momenta of Drell-Yan mediators: the transverse momentum that is assumed, angles, cones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import PROTON_MASS

__all__ = ["boost_rapidity", "intrinsic_pt_squared", "sample_momenta"]

FloatArray = NDArray[np.float64]
_FIXED_TARGET_RMS = 0.8  # GeV per parton
_SOFT_WIDTH, _HARD_WIDTH, _HALF_SCALE = 0.9, 1.8, 1.5  # GeV, per parton and component
_GOLDEN = (5.0**0.5 - 1.0) / 2.0


def intrinsic_pt_squared(mass: ArrayLike, *, collider: bool = False) -> FloatArray:
    r"""Return the mean square of the mediator's transverse momentum, GeV^2, that is assumed.

    Two partons, each with a Gaussian transverse momentum. Fixed target: rms 0.8 GeV per parton, as
    fitted to Drell-Yan pairs of 200 to 800 GeV beams by U. D'Alesio and F. Murgia, hep-ph/0408092.
    Colliders: :math:`\sigma = (Q_h\sigma_s + m\sigma_h)/(Q_h + m)` per parton and component with
    0.9 and 1.8 GeV and :math:`Q_h` = 1.5 GeV, the defaults of PYTHIA 8.3 (arXiv:2203.11601), whose
    shower would come on top.

    Parameters
    ----------
    mass : array_like
        Of the mediator, GeV.
    collider : bool
        Whether two beams collide.
    """
    m = np.asarray(mass, dtype=np.float64)
    if not collider:
        return np.full(m.shape, 2.0 * _FIXED_TARGET_RMS**2)
    width = (_HALF_SCALE * _SOFT_WIDTH + m * _HARD_WIDTH) / (_HALF_SCALE + m)
    return np.asarray(4.0 * width**2)


def boost_rapidity(s: float, beam_energy: float) -> float:
    """Return the rapidity of the centre of mass in the rest frame of the target."""
    return float(np.arccosh((beam_energy + PROTON_MASS) / np.sqrt(s)))


def sample_momenta(
    y: FloatArray,
    number: int,
    mass: float,
    s: float,
    spread: float,
    boost: float,
    largest_angle: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return energies and angles for rapidities of the centre of mass, `number` of each.

    The third array is the share of each rapidity that lies within the largest angle.
    """
    # What recoils has at least no mass: E <= (s + m^2)/(2 sqrt(s)).
    most = (s + mass**2) / (2.0 * np.sqrt(s)) / np.cosh(y)
    room = np.maximum(most**2 - mass**2, 0.0)
    rapidity_sinh = np.sinh(y + boost)
    low, high = _cone(rapidity_sinh, mass, largest_angle)
    # cumulative distribution of pT^2 at the edges of the cone
    edges = [np.expm1(-np.minimum(edge, room) / spread) for edge in (low, high)]
    whole = np.expm1(-room / spread)
    part = np.divide(edges[1] - edges[0], whole, out=np.zeros_like(y), where=whole < 0.0)
    within = ((np.arange(1, y.size + 1) * _GOLDEN) % 1.0)[:, None]
    quantile = (np.arange(number) + within) / number
    inside = edges[0][:, None] + quantile * (edges[1] - edges[0])[:, None]
    pt2 = -spread * np.log1p(np.maximum(inside, -1.0 + 1e-15))
    across = np.sqrt(mass**2 + pt2)
    angle = np.arctan2(np.sqrt(pt2), across * rapidity_sinh[:, None])
    return (across * np.cosh((y + boost)[:, None])).ravel(), angle.ravel(), part


def _cone(
    rapidity_sinh: FloatArray, mass: float, largest_angle: float
) -> tuple[FloatArray, FloatArray]:
    """Return the least and greatest pT^2 with which a rapidity lies within an angle.

    tan(theta) = pT/(sqrt(m^2 + pT^2) sinh y): forward there is a greatest pT, backward a least one.
    """
    product = (rapidity_sinh * np.tan(largest_angle)) ** 2
    edge = np.full_like(product, np.inf)
    np.divide(mass**2 * product, 1.0 - product, out=edge, where=product < 1.0)
    nothing, all_ = np.zeros_like(edge), np.full_like(edge, np.inf)
    if largest_angle >= np.pi:
        return nothing, all_
    if largest_angle < 0.5 * np.pi:
        return nothing, np.where(rapidity_sinh > 0.0, edge, 0.0)
    return np.where(rapidity_sinh > 0.0, 0.0, edge), all_
