"""Sampling of collisions with atomic electrons; each takes and returns the running block."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np

from darkbeam.compiled import kernel
from darkbeam.matter.shower._rng_kernels import uniforms

__all__ = ["annihilation", "bhabha", "compton", "moller"]

_M = 0.51099895069e-3
_ONE = np.uint64(1)


@kernel
def compton(
    k: float, block: np.uint64, event: np.uint64, seed: np.uint64
) -> tuple[float, float, float, np.uint64]:
    """Return the photon's remaining share, 1 - cos of its angle, its azimuth in turns, the block.

    Klein and Nishina's spectrum by the composition of J.C. Butcher and H. Messel, Nucl. Phys. 20
    (1960) 15: (1/share + share) by inversion, the rest by rejection.
    """
    kappa = k / _M
    least = 1.0 / (1.0 + 2.0 * kappa)
    logarithmic = -log(least)
    linear = 0.5 * (1.0 - least * least)
    while True:
        block += _ONE
        a, b, c, d = uniforms(block, event, seed)
        if a * (logarithmic + linear) < logarithmic:
            share = exp(-logarithmic * b)
        else:
            share = sqrt(least * least + (1.0 - least * least) * b)
        one_cos = (1.0 - share) / (kappa * share)
        if c < 1.0 - share * one_cos * (2.0 - one_cos) / (1.0 + share * share):
            return share, one_cos, d, block


@kernel
def moller(
    t: float, cut: float, block: np.uint64, event: np.uint64, seed: np.uint64
) -> tuple[float, float, np.uint64]:
    """Return the slower electron's share of the kinetic energy, an azimuth in turns, the block.

    1/share^2 by inversion between cut/t and 1/2, the rest of Moller's formula, at most 2.25, by
    rejection; see `electrons.moller_total`.
    """
    least = cut / t
    gamma = t / _M + 1.0
    c1 = (2.0 * gamma - 1.0) / (gamma * gamma)
    c2 = (1.0 - 1.0 / gamma) ** 2
    while True:
        block += _ONE
        a, b, c, _ = uniforms(block, event, seed)
        share = least / (1.0 - a * (1.0 - 2.0 * least))
        rest = share / (1.0 - share)
        weight = c2 * share * share + 1.0 - c1 * share + rest * rest - c1 * share * rest
        if 2.25 * b < weight:
            return share, c, block


@kernel
def bhabha(
    t: float, cut: float, block: np.uint64, event: np.uint64, seed: np.uint64
) -> tuple[float, float, np.uint64]:
    """Return the electron's share of the kinetic energy, an azimuth in turns, the block.

    1/share^2 by inversion between cut/t and 1, the rest of Bhabha's formula by rejection; see
    `electrons.bhabha_total`.
    """
    least = cut / t
    gamma = t / _M + 1.0
    y = 1.0 / (gamma + 1.0)
    b1 = 2.0 - y * y
    b2 = (1.0 - 2.0 * y) * (3.0 + y * y)
    b4 = (1.0 - 2.0 * y) ** 3
    b3 = (1.0 - 2.0 * y) ** 2 + b4
    top = 1.0 / (1.0 - 1.0 / (gamma * gamma))
    while True:
        block += _ONE
        a, b, c, _ = uniforms(block, event, seed)
        share = least / (1.0 - a * (1.0 - least))
        weight = top + share * (-b1 + share * (b2 + share * (-b3 + share * b4)))
        if top * b < weight:
            return share, c, block


@kernel
def annihilation(
    t: float, block: np.uint64, event: np.uint64, seed: np.uint64
) -> tuple[float, float, np.uint64]:
    """Return one photon's share of t + 2m, an azimuth in turns, the block.

    Heitler's spectrum: 1/share by inversion, the rest by rejection; see
    `electrons.annihilation_total`.
    """
    gamma = t / _M + 1.0
    root = sqrt((gamma - 1.0) / (gamma + 1.0))
    least = 0.5 * (1.0 - root)
    ratio = log((1.0 + root) / (1.0 - root))
    plus2 = (gamma + 1.0) * (gamma + 1.0)
    while True:
        block += _ONE
        a, b, c, _ = uniforms(block, event, seed)
        share = least * exp(a * ratio)
        if b < 1.0 - share + (2.0 * gamma * share - 1.0) / (share * plus2):
            return share, c, block
