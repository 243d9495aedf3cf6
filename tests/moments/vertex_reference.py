r"""The magnetic moment from the one-loop vertex itself: Dirac matrices and Euclidean integration.

Nothing here knows a formula of the literature but Feynman rules. With the vertex

.. math::

   \Gamma^\mu(p, q) = \pm \int \frac{d^4k_E}{(2\pi)^4}
   \frac{G S(p + q/2 - k) \gamma^\mu S(p - q/2 - k) \bar G}{k^2 - M^2} ,
   \qquad S(v) = (v\!\!/ - m_f)^{-1},

(+ for vectors in Feynman gauge, :math:`G \ldots \bar G = \gamma^\alpha(\ldots) \ldots
\gamma_\alpha(\ldots)`, - for scalars) the terms of order q between spinors of mass m are 1 + F_2
times those of the tree vertex. A massive vector has its Goldstone boson beside it, of couplings
:math:`(m - m_f) g_V/M` (scalar) and :math:`(m + m_f) g_A/M` (pseudoscalar).
"""

from __future__ import annotations

import numpy as np

SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ZERO, ONE = np.zeros((2, 2)), np.eye(2)
GAMMA = np.array(
    [np.block([[ONE, ZERO], [ZERO, -ONE]])]
    + [np.block([[ZERO, s], [-s, ZERO]]) for s in SIGMA]
)  # fmt: skip
GAMMA5 = np.block([[ZERO, ONE], [ONE, ZERO]])
METRIC = np.array([1.0, -1.0, -1.0, -1.0])
UP = np.array([1.0, 0.0, 0.0, 0.0])
# An average over directions that is exact for the cubic polynomials met here.
DIRECTIONS = np.concatenate((np.eye(3), -np.eye(3)))


def moment(vertex, slope, m):
    """Return F_2 of Gamma = vertex + q_nu slope: components (0, 1) of mu and (nu, mu) = (2, 1)."""
    project = 0.5 * (GAMMA[0] + np.eye(4))

    def magnetic(first, second):
        boost = GAMMA[2] / (4 * m)
        spin = boost @ first @ project - project @ first @ boost + project @ second @ project
        return UP @ GAMMA[0] @ spin @ UP

    tree = magnetic(GAMMA[1], np.zeros((4, 4)))
    pauli = 0.5 * (GAMMA[2] @ GAMMA[1] - GAMMA[1] @ GAMMA[2]) / (2 * m)
    # i sigma^{1 2} q_2/(2m) must count as the tree does
    assert np.isclose(magnetic(np.zeros((4, 4)), pauli), tree, rtol=1e-14, atol=0.0)
    charge = UP @ GAMMA[0] @ project @ vertex[0] @ project @ UP
    return magnetic(vertex[1], slope) / tree - charge


def loop(m, m_f, mediator, couplings, points=(60, 40)):
    """Return F_2 of a sum over pairs (G, G-bar) of vertices, one each; m < m_f + M."""
    share = m_f / (m_f + mediator)  # of the momentum with the fermion: no pole is met on the way
    nodes, weights = np.polynomial.legendre.leggauss(points[0])
    low, high = np.log(min(m_f, mediator)) - 7.0, np.log(max(m, m_f, mediator)) + 12.0
    k = np.exp(0.5 * (high - low) * (nodes + 1) + low)  # tails fall as k^4 and k^-2
    dk = 0.5 * (high - low) * weights * k
    angles, steps = np.polynomial.legendre.leggauss(points[1])
    theta, dtheta = 0.5 * np.pi * (angles + 1), 0.5 * np.pi * steps
    k, theta = k[:, None, None], theta[None, :, None]
    measure = dk[:, None] * k[..., 0] ** 3 * 4 * np.pi * np.sin(theta[..., 0]) ** 2 * dtheta
    measure = measure / (2 * np.pi) ** 4
    direction = DIRECTIONS.T[:, None, None, :]
    momentum = np.concatenate(
        (
            np.broadcast_to(share * m - 1j * k * np.cos(theta), (1, k.size, theta.size, 6)),
            -k * np.sin(theta) * direction + 0j,
        )
    )
    square = np.einsum("a,aijk,aijk->ijk", METRIC, momentum, momentum)
    slash = np.einsum("a,aijk,abc->ijkbc", METRIC, momentum, GAMMA)
    propagator = (slash + m_f * np.eye(4)) / (square - m_f**2)[..., None, None]
    boson = (1 - share) * m + 1j * k * np.cos(theta)
    boson = boson**2 - (k * np.sin(theta)) ** 2 - mediator**2
    weight = measure[..., None] / boson / len(DIRECTIONS)

    def integrate(*inner):
        product = propagator
        for matrix in inner:
            product = product @ matrix @ propagator
        summed = np.einsum("ijk,ijkbc->bc", weight + 0j * product[..., 0, 0], product)
        return sum(first @ summed @ second for first, second in couplings)

    vertex = [integrate(GAMMA[0]), integrate(GAMMA[1])]
    slope = 0.5 * (integrate(GAMMA[1], GAMMA[2]) - integrate(GAMMA[2], GAMMA[1]))
    value = moment(vertex, slope, m)
    assert abs(value.imag) <= 1e-6 * abs(value.real)
    return value.real


def scalar(m, m_f, mediator, g_s, g_p):
    """Return Delta a of L = -phi lbar (g_S + i g_P gamma5) f + h.c. for a real field phi."""
    out = g_s * np.eye(4) + 1j * g_p * GAMMA5
    back = np.conj(g_s) * np.eye(4) + 1j * np.conj(g_p) * GAMMA5
    return -loop(m, m_f, mediator, [(out, back)])


def vector(m, m_f, mediator, g_v, g_a):
    """Return Delta a of L = X_mu lbar gamma^mu (g_V + g_A gamma5) f + h.c."""
    out, back = (v * np.eye(4) + a * GAMMA5 for v, a in ((g_v, g_a), np.conj((g_v, g_a))))
    pairs = [(s * g @ out, g @ back) for s, g in zip(METRIC, GAMMA, strict=True)]
    yukawas = (m - m_f) / mediator * g_v, (m + m_f) / mediator * g_a
    goldstone = scalar(m, m_f, mediator, *yukawas) if any(yukawas) else 0.0
    return loop(m, m_f, mediator, pairs) + goldstone
