"""One-loop amplitude of four photons from the worldline formalism, one of them massive.

The integrand after partial integration is that of C. Schubert, Phys. Rept. 355 (2001) 73, section
8.4: cycles of field strengths and tails, with the replacement rule for a spinor in the loop. The
overall factor is left out. Momenta are incoming, the metric is (-, +, +, +), the decaying particle
is number 0 and has mass 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations, product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
METRIC = np.diag([-1.0, 1.0, 1.0, 1.0])
MASSIVE = [np.eye(4)[i] for i in (1, 2, 3)]


def dot(a: Array, b: Array) -> float:
    return float(a @ METRIC @ b)


def field(k: Array, polarisation: Array) -> Array:
    return np.outer(k, polarisation) - np.outer(polarisation, k)


def trace(*fields: Array) -> float:
    matrix = np.eye(4)
    for one in fields:
        matrix = matrix @ one @ METRIC
    return float(np.trace(matrix))


def gauss(n: int) -> tuple[Array, Array]:
    x, w = np.polynomial.legendre.leggauss(n)
    return (x + 1) / 2, w / 2


class Loop:
    """Nodes on the loop, proper time scaled out, and the worldline Green's functions there."""

    def __init__(self, order: int) -> None:
        x, w = gauss(order)
        a, b, c = np.array(list(product(x, repeat=3))).T
        weight = np.prod(list(product(w, repeat=3)), axis=1) * a**2 * b
        points = [np.array([*p, 0 * a]) for p in permutations((a, a * b, a * b * c))]
        u = np.concatenate(points, axis=1)
        self.weight = np.tile(weight, 6)
        apart = u[:, None] - u[None, :]
        self.fermion = np.sign(apart)
        self.boson = np.abs(apart) - apart**2
        self.slope = np.sign(apart) - 2 * apart

    def scale(self, momenta: Sequence[Array]) -> Array:
        """Return S of the denominator (m^2 - S)^2 that the integral over proper time leaves."""
        return sum(
            self.boson[i, j] * dot(momenta[i], momenta[j]) for i, j in combinations(range(4), 2)
        )

    def integrand(self, momenta: Sequence[Array], polarisations: Sequence[Array]) -> Array:
        fields = [field(k, e) for k, e in zip(momenta, polarisations, strict=True)]
        slope, fermion = self.slope, self.fermion
        ek = [[dot(e, k) for k in momenta] for e in polarisations]

        def cycle(*order: int) -> Array:
            links = list(zip(order, order[1:] + order[:1], strict=True))
            around = np.prod([slope[i, j] for i, j in links], axis=0)
            spin = np.prod([fermion[i, j] for i, j in links], axis=0)
            return (
                (around - spin) * trace(*(fields[i] for i in order)) / (2 if len(order) == 2 else 1)
            )

        def tail(a: int) -> Array:
            return sum(slope[a, r] * ek[a][r] for r in range(4))

        def two_tails(a: int, b: int) -> Array:
            total = tail(a) * tail(b) - slope[a, b] * ek[a][b] * slope[b, a] * ek[b][a]
            others = [r for r in range(4) if r not in (a, b)]
            bracket = sum(
                slope[a, r] * dot(momenta[a], momenta[r])
                - slope[b, r] * dot(momenta[b], momenta[r])
                for r in others
            )
            return total + slope[a, b] * dot(polarisations[a], polarisations[b]) / 2 * bracket

        result = cycle(0, 1, 2, 3) + cycle(0, 1, 3, 2) + cycle(0, 2, 1, 3)
        result = result + sum(
            cycle(*(i for i in range(4) if i != out)) * tail(out) for out in range(4)
        )
        for a, b in combinations(range(4), 2):
            c, d = (i for i in range(4) if i not in (a, b))
            result = result + cycle(a, b) * (two_tails(c, d) + cycle(c, d) / 2)
        return self.weight * result


def euler_heisenberg(momenta: Sequence[Array], polarisations: Sequence[Array]) -> float:
    """Multilinear part of (F F)^2 + 7/4 (F F~)^2, with (F F~)^2 = 4 F^4 - 2 (F F)^2."""
    fields = [field(k, e) for k, e in zip(momenta, polarisations, strict=True)]
    total = 0.0
    for a, b, c, d in permutations(fields):
        squared = trace(a, b) * trace(c, d)
        total += squared + 7 / 4 * (4 * trace(a, b, c, d) - 2 * squared)
    return total


def decays(order: int) -> list[tuple[float, list[Array], list[Array]]]:
    """Weight, momenta and polarisations of X -> 3 gamma over phase space and all spins."""
    found = []
    for (x1, w1), (z, w2) in product(zip(*gauss(order), strict=True), repeat=2):
        x2 = 1 - x1 + x1 * z
        cosine = 1 - 2 * (x1 + x2 - 1) / (x1 * x2)
        sine = np.sqrt(1 - cosine**2)
        k1, k2 = x1 / 2 * np.array([1, 1, 0, 0]), x2 / 2 * np.array([1, cosine, sine, 0])
        parent = np.array([1.0, 0, 0, 0])
        photons = [-k1, -k2, -(parent - k1 - k2)]
        transverse = [(MASSIVE[2], np.r_[0, np.cross([0, 0, 1], k[1:] / -k[0])]) for k in photons]
        for massive, *rest in product(MASSIVE, *transverse):
            found.append((x1 * w1 * w2, [parent, *photons], [massive, *rest]))
    return found


def growth_series(loop_order: int, phase_space_order: int, terms: int) -> Array:
    """Return the coefficients of (M/m)^(2k) in the width, the leading one divided out."""
    loop, total = Loop(loop_order), np.zeros(terms)
    for weight, momenta, polarisations in decays(phase_space_order):
        integrand, scale = loop.integrand(momenta, polarisations), loop.scale(momenta)
        amplitude = np.array([(k + 1) * np.sum(integrand * scale**k) for k in range(terms)])
        total += weight * np.convolve(amplitude, amplitude)[:terms]
    return total / total[0]


def growth(loop_order: int, phase_space_order: int, ratio: float) -> float:
    """Return the width over its limit for small masses at (M/m)^2 = ratio, below 4."""
    loop, exact, leading = Loop(loop_order), 0.0, 0.0
    for weight, momenta, polarisations in decays(phase_space_order):
        integrand, scale = loop.integrand(momenta, polarisations), loop.scale(momenta)
        exact += weight * np.sum(integrand / (1 - ratio * scale) ** 2) ** 2
        leading += weight * np.sum(integrand) ** 2
    return exact / leading
