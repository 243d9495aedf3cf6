"""The amplitudes of triangle loops against Feynman parameters, high precision and limits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from darkbeam.decays.triangle_loops import (
    charged_scalar_amplitude,
    fermion_pseudoscalar_amplitude,
    fermion_scalar_amplitude,
    w_amplitude,
)

ALL = [
    charged_scalar_amplitude,
    fermion_pseudoscalar_amplitude,
    fermion_scalar_amplitude,
    w_amplitude,
]
TAUS = [1e-6, 0.02, 0.0999, 0.1001, 0.7, 0.999, 1.001, 3.0, 400.0]


def inner_loop(tau: float) -> mp.mpc:
    """Int dx dy 1/(1 - 4 tau x y - i0), 0 < y < 1 - x, the integral over y done by hand."""

    def integrand(x: mp.mpf) -> mp.mpc:
        argument = 1 - 4 * tau * x * (1 - x)
        logarithm = mp.log(abs(argument)) - (mp.pi * 1j if argument < 0 else 0)
        return -logarithm / (4 * tau * x)

    roots = [(1 - mp.sqrt(1 - 1 / mp.mpf(tau))) / 2] if tau > 1 else []
    return mp.quad(integrand, [0, *roots, 0.5, *(1 - r for r in roots), 1])


def closed(tau: float, which: str) -> mp.mpc:
    """The closed forms with 60 digits."""
    t = mp.mpf(tau)
    if t <= 1:
        f = mp.asin(mp.sqrt(t)) ** 2
    else:
        root = mp.sqrt(1 - 1 / t)
        f = -((mp.log((1 + root) / (1 - root)) - mp.pi * 1j) ** 2) / 4
    return {
        "fermion_scalar": 2 * (t + (t - 1) * f) / t**2,
        "fermion_pseudoscalar": 2 * f / t,
        "charged_scalar": -(t - f) / t**2,
        "w": -(2 * t**2 + 3 * t + 3 * (2 * t - 1) * f) / t**2,
    }[which]


@pytest.mark.parametrize("tau", TAUS)
def test_feynman_parameters(tau):
    # Numerators 1 - 4xy of a scalar's fermion loop, 1 of a pseudoscalar's, 2xy of a scalar loop.
    with mp.workdps(30):
        loop = inner_loop(tau)
    numerator_xy = (loop - 0.5) / (4 * tau)
    scalar = 4 * (loop - 4 * numerator_xy)
    assert complex(fermion_pseudoscalar_amplitude(tau)) == pytest.approx(
        complex(4 * loop), rel=1e-9, abs=0.0
    )
    assert complex(fermion_scalar_amplitude(tau)) == pytest.approx(
        complex(scalar), rel=1e-8, abs=0.0
    )
    assert complex(charged_scalar_amplitude(tau)) == pytest.approx(
        complex(8 * numerator_xy), rel=1e-7, abs=0.0
    )


@pytest.mark.parametrize("amplitude", ALL, ids=lambda a: a.__name__)
@pytest.mark.parametrize("tau", [1e-15, 1e-8, 1e-3, *TAUS, 1e4, 1e8, 1e15])
def test_precision_everywhere(amplitude, tau):
    with mp.workdps(60):
        exact = complex(closed(tau, amplitude.__name__.removesuffix("_amplitude")))
    assert complex(amplitude(tau)) == pytest.approx(exact, rel=1e-11, abs=0.0)


@pytest.mark.parametrize(
    ("amplitude", "beta_coefficient"), [*zip(ALL, (1 / 3, 2.0, 4 / 3, -7.0), strict=True)]
)
def test_low_energy_theorem(amplitude, beta_coefficient):
    """A heavy loop is the coefficient of the beta function; 2 is that of the anomaly."""
    assert complex(amplitude(0.0)) == pytest.approx(beta_coefficient, rel=1e-14, abs=0.0)


def test_unitarity_above_threshold():
    """Im A_1/2 by Cutkosky: f fbar -> gamma gamma in the S wave of a scalar, pi beta^2 L/tau."""
    tau = np.array([1.2, 5.0, 60.0])
    beta = np.sqrt(1 - 1 / tau)
    cut = np.pi * beta**2 / tau * np.log((1 + beta) / (1 - beta))
    np.testing.assert_allclose(np.abs(fermion_scalar_amplitude(tau).imag), cut, rtol=1e-12)


def test_the_w_at_the_higgs_boson():
    # A_1 = -8.32 at m_h = 125 GeV: J. R. Ellis, arXiv:1312.5672, and many others.
    assert w_amplitude((125.0 / 160.8) ** 2).real == pytest.approx(-8.32, abs=0.01)
