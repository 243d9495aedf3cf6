r"""Luminosities of pairs of partons in proton-nucleon collisions.

With :math:`x_{1,2} = \sqrt\tau\,e^{\pm y}` of the beam's and the target's parton, every density is
:math:`x_1a(x_1)\,x_2b(x_2)` plus the exchange of a and b, and a luminosity its integral over y.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DRELL_YAN_QUARKS",
    "Densities",
    "DensityFunction",
    "Partons",
    "fractions",
    "largest_rapidity",
    "luminosities",
    "pair_densities",
]

FloatArray = NDArray[np.float64]
Densities = dict[str, FloatArray]
DensityFunction = Callable[[FloatArray, FloatArray], Mapping[str, FloatArray]]
"""Of x and Q^2 in GeV^2: x f(x, Q^2) of the proton by the names of `PARTONS`."""

DRELL_YAN_QUARKS = ("u", "d", "s", "c")
"""Flavours that fuse."""
_RAPIDITIES = 48  # Gauss-Legendre nodes
_FRACTIONS = 20  # Gauss-Legendre nodes below and above z = 1/2


@dataclass(frozen=True)
class Partons:
    """What meets: a proton's partons and those of a target's mean nucleon.

    Parameters
    ----------
    densities : callable
        Of the proton.
    charge : float
        Z/A, the share of protons among the target's nucleons.
    x_min : float
        Least momentum fraction; others do not contribute.
    """

    densities: DensityFunction
    charge: float
    x_min: float


def largest_rapidity(root: FloatArray, x_min: float) -> FloatArray:
    """Return the largest |y| with both momentum fractions between `x_min` and 1."""
    return np.asarray(np.maximum(np.minimum(-np.log(root), np.log(root / x_min)), 0.0))


def pair_densities(
    root: FloatArray, y: FloatArray, scale_squared: FloatArray, partons: Partons
) -> tuple[Densities, Densities]:
    """Return x1 a(x1) x2 b(x2) + exchange: quark with antiquark, and quark or antiquark with gluon.

    `root` is the square root of tau; 0 outside of the allowed momentum fractions.
    """
    first, second = root * np.exp(y), root * np.exp(-y)
    inside = (first < 1.0) & (second < 1.0) & (first >= partons.x_min) & (second >= partons.x_min)
    fractions_of_both = np.stack(np.broadcast_arrays(first, second))
    both = partons.densities(np.where(inside, fractions_of_both, 0.5), scale_squared)
    beam = {name: density[0] for name, density in both.items()}
    nucleon = _nucleon({name: density[1] for name, density in both.items()}, partons.charge)
    pairs, gluons = {}, {}
    for q in DRELL_YAN_QUARKS:
        anti = q + "bar"
        pair = beam[q] * nucleon[anti] + beam[anti] * nucleon[q]
        gluon = (beam[q] + beam[anti]) * nucleon["g"] + beam["g"] * (nucleon[q] + nucleon[anti])
        pairs[q], gluons[q] = np.where(inside, pair, 0.0), np.where(inside, gluon, 0.0)
    return pairs, gluons


def _nucleon(proton: Mapping[str, FloatArray], charge: float) -> Densities:
    """Return the mean density of a nucleon: a neutron is a proton with u and d exchanged."""
    mean = dict(proton)
    for one, other in (("u", "d"), ("d", "u"), ("ubar", "dbar"), ("dbar", "ubar")):
        mean[one] = charge * proton[one] + (1.0 - charge) * proton[other]
    return mean


def luminosities(
    tau: FloatArray, scale_squared: FloatArray, partons: Partons
) -> tuple[Densities, Densities]:
    """Return L(tau) of quark with antiquark, and of quark with gluon."""
    root = np.sqrt(tau)[..., None]
    nodes, weights = _gauss_legendre(_RAPIDITIES)
    reach = largest_rapidity(root, partons.x_min)
    q2 = np.broadcast_to(scale_squared, tau.shape)[..., None]
    pairs, gluons = pair_densities(root, reach * nodes, q2, partons)
    return (
        {q: np.sum(reach * weights * pairs[q], axis=-1) for q in pairs},
        {q: np.sum(reach * weights * gluons[q], axis=-1) for q in gluons},
    )


def fractions(tau: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights of z from tau to 1: even in ln z below 1/2, crowded at 1 above."""
    nodes, weights = _gauss_legendre(_FRACTIONS)
    nodes, weights = 0.5 * (nodes + 1.0), 0.5 * weights
    low = tau[..., None]
    middle = np.maximum(low, 0.5)
    span = np.log(middle / low)
    small = low * np.exp(span * nodes)
    gap = (1.0 - middle) * nodes**3
    z = np.concatenate([small, 1.0 - gap], axis=-1)
    steps = [small * span * weights, (1.0 - middle) * 3.0 * nodes**2 * weights]
    return z, np.concatenate(steps, axis=-1)


@lru_cache(maxsize=8)
def _gauss_legendre(number: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights between -1 and 1."""
    nodes, weights = np.polynomial.legendre.leggauss(number)
    return nodes, weights
