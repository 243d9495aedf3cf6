"""Sampled collisions against their spectra."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest

from darkbeam.compiled import kernel
from darkbeam.constants import ELECTRON_MASS
from darkbeam.matter.shower._collision_kernels import annihilation, bhabha, compton, moller

SEED = np.uint64(5)
N = 100_000


@kernel
def _sample(which, t, cut, n, seed):  # type: ignore[no-untyped-def]
    shares = np.empty(n)
    block = np.uint64(0)
    for i in range(n):
        if which == 0:
            shares[i], _, block = moller(t, cut, block, np.uint64(1), seed)
        elif which == 1:
            shares[i], _, block = bhabha(t, cut, block, np.uint64(1), seed)
        elif which == 2:
            shares[i], _, block = annihilation(t, block, np.uint64(1), seed)
        else:
            shares[i], _, _, block = compton(t, block, np.uint64(1), seed)
    return shares


def _moller(e: Any, gamma: float) -> Any:
    c = (2.0 * gamma - 1.0) / gamma**2
    return (1.0 - 1.0 / gamma) ** 2 + (1.0 / e - c) / e + (1.0 / (1.0 - e) - c) / (1.0 - e)


def _bhabha(e: Any, gamma: float) -> Any:
    y = 1.0 / (gamma + 1.0)
    b1, b2, b4 = 2.0 - y**2, (1.0 - 2.0 * y) * (3.0 + y**2), (1.0 - 2.0 * y) ** 3
    b3 = b4 + (1.0 - 2.0 * y) ** 2
    beta2 = 1.0 - 1.0 / gamma**2
    return 1.0 / (beta2 * e**2) - b1 / e + b2 - b3 * e + b4 * e**2


def _annihilation(e: Any, gamma: float) -> Any:
    # F. Salvat, PENELOPE-2008, section 3.3, after Heitler: the photons have S(x) + S(1 - x), which
    # is the spectrum of x and 1 - x if x is taken from S.
    return (gamma**2 + 4.0 * gamma + 1.0) / e - 1.0 / e**2 - (gamma + 1.0) ** 2


def _compton(e: Any, kappa: float) -> Any:
    one_cos = (1.0 - e) / (kappa * e)
    return 1.0 / e + e - one_cos * (2.0 - one_cos)


@pytest.mark.parametrize("kinetic", [0.01, 1.0])
@pytest.mark.parametrize(
    ("which", "spectrum"), [(0, _moller), (1, _bhabha), (2, _annihilation), (3, _compton)]
)
def test_sampled_spectra(which: int, spectrum: Callable[[Any, float], Any], kinetic: float) -> None:
    gamma = kinetic / ELECTRON_MASS + 1.0
    cut = 0.05 * kinetic
    shares = _sample(which, kinetic, cut, N, SEED)
    parameter = gamma
    if which == 0:
        low, high = 0.05, 0.5
    elif which == 1:
        low, high = 0.05, 1.0
    elif which == 2:
        root = sqrt((gamma - 1.0) / (gamma + 1.0))
        low, high = 0.5 * (1.0 - root), 0.5 * (1.0 + root)
    else:
        parameter = kinetic / ELECTRON_MASS
        low, high = 1.0 / (1.0 + 2.0 * parameter), 1.0
    assert shares.min() >= low * (1.0 - 1e-12)
    assert shares.max() <= high * (1.0 + 1e-12)
    edges = np.geomspace(low, high, 13)
    fine = np.geomspace(low, high, 12 * 200 + 1)
    middle = np.sqrt(fine[1:] * fine[:-1])
    density = spectrum(middle, parameter) * np.diff(fine)
    expected = np.add.reduceat(density, np.arange(0, 2400, 200))
    expected *= N / expected.sum()
    counted = np.histogram(shares, edges)[0]
    chi2 = np.sum((counted - expected) ** 2 / expected)
    # Eleven degrees of freedom: 45 is exceeded once in 10^5.
    assert chi2 < 45.0
