"""Three-body decays 2 -> 1 a b from explicit spinors: the truth that the closed forms are held to.

Nothing here knows a squared matrix element. The amplitude is the product of two currents and the
propagator, summed over spins number by number:

    M = J^mu P_mu_nu j^nu / (s - M^2),  P_mu_nu = -g_mu_nu + q_mu q_nu / M^2   (vector)
    dGamma = sum |M|^2 / (2 m2) ds/(2 pi) p/(4 pi m2) k/(4 pi sqrt s) dcos/2

The squared amplitude is a polynomial of second degree in cos(theta) of the pair's rest frame, so
four Gauss points are exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np

SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ZERO, ONE = np.zeros((2, 2)), np.eye(2)
GAMMA0 = np.block([[ONE, ZERO], [ZERO, -ONE]]).astype(complex)
GAMMA = np.array([GAMMA0, *(np.block([[ZERO, s], [-s, ZERO]]) for s in SIGMA)])
GAMMA5 = np.block([[ZERO, ONE], [ONE, ZERO]]).astype(complex)
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
COSINES, COSINE_WEIGHTS = np.polynomial.legendre.leggauss(4)

Array = Any


def u_spinors(p: Array, m: float) -> Array:
    """Return the two spinors (second axis) of particles of four-momenta p."""
    root = np.sqrt(p[:, :1] + m)
    small = np.einsum("ni,ijk->nkj", p[:, 1:], SIGMA) / (p[:, :1, None] + m)
    large = np.broadcast_to(ONE, small.shape)
    return root[:, None] * np.concatenate([large, small], axis=2)


def v_spinors(p: Array, m: float) -> Array:
    """Return the two spinors of antiparticles of four-momenta p."""
    found = u_spinors(p, m)
    return np.concatenate([found[:, :, 2:], found[:, :, :2]], axis=2)


def vector_vertex(vector: complex, axial: complex) -> Array:
    """Return gamma^mu (g_V + g_A gamma5)."""
    return GAMMA @ (vector * np.eye(4) + axial * GAMMA5)


def scalar_vertex(scalar: complex, pseudoscalar: complex) -> Array:
    """Return (g_S + i g_P gamma5) as the one component of a current."""
    return (scalar * np.eye(4) + 1j * pseudoscalar * GAMMA5)[None]


def current(left: Array, vertex: Array, right: Array) -> Array:
    """Return lbar Gamma r with the indices: event, spins of left and right (joined), component."""
    found = np.einsum("nai,mij,nbj->nabm", left.conj() @ GAMMA0, vertex, right)
    return found.reshape(len(left), -1, vertex.shape[0])


def momentum(total: Array, m1: Array, m2: Array) -> Array:
    """Return the momentum of a two-body decay."""
    square = (total - m1 - m2) * (total + m1 + m2) * (total - m1 + m2) * (total + m1 - m2)
    return np.sqrt(np.maximum(square, 0.0)) / (2 * total)


def kinematics(masses: tuple[float, ...], energy: Array, cosine: Array) -> tuple[Array, ...]:
    """Return p2, p1, k_a, k_b in the rest frame of the heavier state."""
    heavy, light, *pair = masses
    p, k = momentum(heavy, light, energy), momentum(energy, *pair)
    gamma, boost = np.hypot(energy, p) / energy, p / energy
    zero = np.zeros_like(energy)

    def boosted(mass: float, sign: float) -> Array:
        e, x, z = np.hypot(mass, k), sign * k * np.sqrt(1 - cosine**2), sign * k * cosine
        return np.stack([gamma * e + boost * z, x, zero, gamma * z + boost * e], axis=1)

    p2 = np.stack([zero + heavy, zero, zero, zero], axis=1)
    p1 = np.stack([np.hypot(light, p), zero, zero, -p], axis=1)
    return p2, p1, boosted(pair[0], 1.0), boosted(pair[1], -1.0)


def rate(
    masses: tuple[float, float, float, float],
    mediator: float,
    dark: Array | complex,
    visible: Array,
    energies: Array,
) -> Array:
    """Return dGamma/ds at energies of the pair; `dark` is a vertex, or a coupling of scalars.

    masses: heavier, lighter dark state, particle and antiparticle of the pair.
    """
    heavy, light, *pair = masses
    energy, cosine = (x.ravel() for x in np.meshgrid(energies, COSINES, indexing="ij"))
    p2, p1, k_a, k_b = kinematics(masses, energy, cosine)
    j = current(u_spinors(k_a, pair[0]), visible, v_spinors(k_b, pair[1]))
    is_vector = visible.shape[0] == 4
    if isinstance(dark, np.ndarray):
        big, spins = current(u_spinors(p1, light), dark, u_spinors(p2, heavy)), 2
    else:
        big = (dark * (p1 + p2) if is_vector else np.full((len(p1), 1), dark))[:, None, :]
        spins = 1
    if is_vector:
        q = (p2 - p1) @ METRIC
        propagator = -METRIC + q[:, :, None] * q[:, None, :] / mediator**2
    else:
        propagator = np.ones((len(p1), 1, 1))
    amplitude = np.einsum("nam,nmk,nbk->nab", big, propagator, j)
    squared = np.sum(np.abs(amplitude) ** 2, axis=(1, 2)) / spins / (energy**2 - mediator**2) ** 2
    average = 0.5 * squared.reshape(-1, len(COSINES)) @ COSINE_WEIGHTS
    p, k = momentum(heavy, light, energies), momentum(energies, *pair)
    return average * p * k / (2 * heavy * 2 * np.pi * 4 * np.pi * heavy * 4 * np.pi * energies)


def width(
    masses: tuple[float, float, float, float],
    mediator: float,
    dark: Array | complex,
    visible: Array,
    points: int = 400,
) -> float:
    """Return the width: `rate` integrated, with the square roots at both ends taken out."""
    x, weight = np.polynomial.legendre.leggauss(points)
    x, weight = 0.5 * (1 + x), 0.5 * weight
    lower, ratio = masses[2] + masses[3], np.log((masses[0] - masses[1]) / (masses[2] + masses[3]))
    # log(energy) = log(lower) + ratio (3 x^2 - 2 x^3): slope 0 at both ends
    energy = lower * np.exp(ratio * x * x * (3 - 2 * x))
    jacobian = 2 * energy * energy * ratio * 6 * x * (1 - x)
    return float(np.sum(weight * jacobian * rate(masses, mediator, dark, visible, energy)))
