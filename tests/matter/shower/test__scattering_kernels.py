"""Sampled scattering angles against the exact distribution, Highland and Rossi."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import j0, j1

from darkbeam.compiled import kernel
from darkbeam.constants import ALPHA, ELECTRON_MASS
from darkbeam.matter.materials import material
from darkbeam.matter.shower._scattering_kernels import deflect
from darkbeam.matter.shower.electrons import scattering_law, scattering_power

EVENTS = 40_000
ENERGY = 20.0


@kernel
def _behind(steps, path, energy, law, seed, out):
    for event in range(out.size):
        mu = 1.0
        block = np.uint64(0)
        for _ in range(steps):
            mu, block = deflect(mu, path / steps, energy, law, block, np.uint64(event), seed)
        out[event] = 1.0 - mu


def _law(name: str) -> np.ndarray:
    medium = material(name)
    strength, screening, end = scattering_law(medium)
    return np.array([strength * medium.radiation_length, screening, end])


def _angles(name: str, path: float, steps: int) -> np.ndarray:
    out = np.empty(EVENTS)
    _behind(steps, path, ENERGY, _law(name), np.uint64(11), out)
    return np.sqrt(2.0 * out)


def _exact_share_below(angle: float, name: str, path: float) -> float:
    """Integrate the transform of Moliere, Z. Naturforsch. 3a (1948) 78, for the kernel's law.

    exp(-N [1 - chi(eta)]) with chi the Hankel transform of single scattering, no Gaussian anywhere.
    """
    strength, screening, end = _law(name) / ENERGY**2
    h = np.concatenate(([0.0], np.geomspace(1e-4 * screening, end, 3000)))
    # smooth in the frequency, unlike what it is integrated with
    nodes = np.geomspace(1e-4, 60.0, 150)
    loss = [
        np.trapezoid((1.0 - j0(k / angle * np.sqrt(2.0 * h))) / (h + screening) ** 2, h)
        for k in nodes
    ]
    y = np.unique(np.concatenate((np.geomspace(1e-4, 1.0, 500), np.linspace(0.02, 60.0, 3000))))
    damping = np.exp(-path * strength * np.exp(np.interp(np.log(y), np.log(nodes), np.log(loss))))
    return float(np.trapezoid(j1(y) * damping, y))


@pytest.mark.parametrize("steps", [1, 20])
@pytest.mark.parametrize(("name", "path"), [("W", 1e-3), ("W", 1.0), ("Al", 0.1)])
def test_distribution_is_that_of_multiple_scattering_without_a_gaussian(name, path, steps):
    """Core and tail: quantiles of the sample are where the exact distribution has them."""
    angles = _angles(name, path, steps)
    for share in (0.3, 0.7, 0.95, 0.99):
        exact = _exact_share_below(float(np.quantile(angles, share)), name, path)
        error = np.sqrt(share * (1.0 - share) / EVENTS)
        assert exact == pytest.approx(share, abs=4.0 * error + 0.002)


@pytest.mark.parametrize(("name", "path"), [("W", 1.0), ("Pb", 0.1), ("Al", 1.0), ("C", 0.01)])
def test_core_is_highlands(name, path):
    """The central two thirds of the projected angle; Highland's fit (PDG 34.3) claims 11 %."""
    turns = np.random.default_rng(3).random(EVENTS)
    projected = np.abs(_angles(name, path, 10) * np.cos(2.0 * np.pi * turns))
    highland = 13.6e-3 / ENERGY * np.sqrt(path) * (1.0 + 0.038 * np.log(path))
    assert np.quantile(projected, 0.6827) == pytest.approx(highland, rel=0.08)


@pytest.mark.parametrize("name", ["W", "Al"])
def test_mean_square_is_rossis(name):
    """Rossi's mean square angle has the whole tail: (E_s/p)^2 per X0, E_s = m sqrt(4 pi/alpha)."""
    constant = ELECTRON_MASS * np.sqrt(4.0 * np.pi / ALPHA)
    assert constant == pytest.approx(0.0212, rel=1e-3)
    rms = np.sqrt(np.mean(_angles(name, 1.0, 10) ** 2))
    assert rms == pytest.approx(constant / ENERGY, rel=0.08)


@pytest.mark.parametrize("name", ["Pb", "water"])
def test_first_moment_is_the_scattering_power(name):
    """The integral of h c/(h + a)^2, where the nucleus cuts it off (not for slow electrons)."""
    strength, screening, end = scattering_law(material(name))
    p2 = ENERGY * (ENERGY + 2.0 * ELECTRON_MASS)
    h = np.geomspace(1e-6 * screening, end, 20_000) / p2
    a = screening / p2
    moment = np.trapezoid(h * h / (h + a) ** 2, np.log(h)) * strength / p2
    tolerance = 1e-3 if name == "Pb" else 0.01  # logarithmic means over the elements
    assert moment == pytest.approx(float(scattering_power(material(name), ENERGY)), rel=tolerance)
