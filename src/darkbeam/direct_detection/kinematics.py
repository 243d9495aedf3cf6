r"""Kinematics of dark matter that scatters off a target at rest, not relativistic.

Velocities are in units of that of light. With the reduced mass :math:`\mu` and the splitting
:math:`\delta` of an inelastic target or dark matter (zero for elastic scattering) the momentum
transfer q obeys :math:`\mu v^2/2 \ge \delta` and

.. math:: v \ge \frac{1}{q}\left(\frac{q^2}{2\mu} + \delta\right),

from which the rest follows. Corrections are of the order of :math:`v^2` and :math:`\delta/m`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError

__all__ = [
    "STANDARD_VELOCITY",
    "inelastic_threshold_velocity",
    "lightest_detectable_mass",
    "max_momentum_transfer",
    "max_recoil_energy",
    "minimal_velocity",
    "reduced_mass",
]

FloatArray = NDArray[np.float64]

STANDARD_VELOCITY = 1e-3
"""Velocity of dark matter in the halo that is assumed where none is given, in units of c."""


def reduced_mass(dm_mass: ArrayLike, target_mass: ArrayLike) -> FloatArray:
    r"""Return :math:`\mu = m_\chi m_T/(m_\chi + m_T)`, GeV.

    Parameters
    ----------
    dm_mass, target_mass : array_like
        Masses, GeV.
    """
    first, second = _positive(dm_mass, "dm_mass"), _positive(target_mass, "target_mass")
    return np.asarray(first * second / (first + second))


def max_momentum_transfer(
    dm_mass: ArrayLike,
    target_mass: ArrayLike,
    velocity: ArrayLike = STANDARD_VELOCITY,
    *,
    splitting: ArrayLike = 0.0,
) -> FloatArray:
    r"""Return the largest momentum transfer, :math:`\mu v (1 + \sqrt{1 - 2\delta/\mu v^2})`, GeV.

    Parameters
    ----------
    dm_mass, target_mass : array_like
        Masses of the dark matter and the target, GeV.
    velocity : array_like
        Relative velocity in units of c.
    splitting : array_like
        Energy lost to the heavier dark state, GeV, >= 0.

    Returns
    -------
    ndarray
        GeV; 0 below the threshold.
    """
    mass = reduced_mass(dm_mass, target_mass)
    speed = check_velocity(velocity)
    root = outgoing_fraction(mass, speed, splitting)
    return np.where(root >= 0.0, mass * speed * (1.0 + root), 0.0)


def max_recoil_energy(
    dm_mass: ArrayLike,
    target_mass: ArrayLike,
    velocity: ArrayLike = STANDARD_VELOCITY,
    *,
    splitting: ArrayLike = 0.0,
) -> FloatArray:
    r"""Return the largest energy of the recoil, :math:`q_{\max}^2/2m_T`, GeV.

    Elastic: :math:`2\mu^2v^2/m_T`, S1 (arXiv:2003.07257) eq. 48, whose 190 eV at 500 MeV on a
    nucleus of 16 GeV holds for :math:`v = 2.5\times10^{-3}`; at :math:`10^{-3}` it is 29 eV.

    Parameters
    ----------
    dm_mass, target_mass, velocity, splitting
        As of `max_momentum_transfer`.

    Returns
    -------
    ndarray
        GeV; 0 below the threshold.

    Examples
    --------
    >>> print(f"{1e9 * max_recoil_energy(0.5, 16.0, 1e-3):.0f} eV")
    29 eV
    """
    momentum = max_momentum_transfer(dm_mass, target_mass, velocity, splitting=splitting)
    return np.asarray(momentum**2 / (2.0 * np.asarray(target_mass, dtype=np.float64)))


def minimal_velocity(
    recoil_energy: ArrayLike,
    dm_mass: ArrayLike,
    target_mass: ArrayLike,
    *,
    splitting: ArrayLike = 0.0,
) -> FloatArray:
    r"""Return the smallest velocity that makes a recoil, :math:`(q/2\mu) + \delta/q`.

    Parameters
    ----------
    recoil_energy : array_like
        :math:`q^2/2m_T`, GeV, > 0.
    dm_mass, target_mass, splitting
        As of `max_momentum_transfer`.

    Returns
    -------
    ndarray
        In units of c; above 1 means never.
    """
    energy, target = _positive(recoil_energy, "recoil_energy"), np.asarray(target_mass)
    momentum = np.sqrt(2.0 * target * energy)
    mass = reduced_mass(dm_mass, target_mass)
    return np.asarray(momentum / (2.0 * mass) + _splitting(splitting) / momentum)


def inelastic_threshold_velocity(
    dm_mass: ArrayLike, target_mass: ArrayLike, splitting: ArrayLike
) -> FloatArray:
    r"""Return the velocity that makes the heavier dark state, at least :math:`\sqrt{2\delta/\mu}`.

    Parameters
    ----------
    dm_mass, target_mass, splitting
        As of `max_momentum_transfer`.

    Returns
    -------
    ndarray
        In units of c; above 1 means never.
    """
    return np.asarray(np.sqrt(2.0 * _splitting(splitting) / reduced_mass(dm_mass, target_mass)))


def lightest_detectable_mass(
    energy: ArrayLike, velocity: ArrayLike = STANDARD_VELOCITY
) -> FloatArray:
    r"""Return the lightest dark matter that can spend an energy on a bound electron, GeV.

    All of :math:`m_\chi v^2/2` can be taken, since the atom absorbs the momentum: S1
    (arXiv:2003.07257) eqs. 49, 50, whose 3 eV per MeV holds for :math:`v = 2.5\times10^{-3}`.

    Parameters
    ----------
    energy : array_like
        Binding energy or threshold, GeV, > 0.
    velocity : array_like
        In units of c.
    """
    return np.asarray(2.0 * _positive(energy, "energy") / check_velocity(velocity) ** 2)


def outgoing_fraction(mass: FloatArray, velocity: FloatArray, splitting: ArrayLike) -> FloatArray:
    r"""Return the final over the initial relative momentum; -1 below the threshold."""
    left = 1.0 - 2.0 * _splitting(splitting) / (mass * velocity**2)
    return np.where(left >= 0.0, np.sqrt(np.maximum(left, 0.0)), -1.0)


def check_velocity(velocity: ArrayLike) -> FloatArray:
    """Return a velocity as an array; InputError unless it is in (0, 0.1]."""
    value = np.asarray(velocity, dtype=np.float64)
    if not np.all((value > 0.0) & (value <= 0.1)):
        raise InputError(
            f"velocity must be > 0 and <= 0.1 (units of c; not relativistic), got {velocity!r}"
        )
    return value


def _positive(value: ArrayLike, name: str) -> FloatArray:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(np.isfinite(array) & (array > 0.0)):
        raise InputError(f"{name} must be finite and > 0 GeV, got {value!r}")
    return array


def _splitting(value: ArrayLike) -> FloatArray:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(np.isfinite(array) & (array >= 0.0)):
        raise InputError(f"splitting must be finite and >= 0 GeV, got {value!r}")
    return array
