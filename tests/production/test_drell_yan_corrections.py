"""Corrections of order alpha_s: against the form of the DIS scheme, known limits, the scale."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

from darkbeam.production.drell_yan_corrections import gluon_correction, quark_correction
from darkbeam.production.parton_luminosities import fractions


def our_moment(power, scale=1.0, tau=1e-12):
    """Integral of D_q(z) z^power over 0 < z < 1: L(tau/z) = z^power."""
    z, step = fractions(np.asarray(tau))
    one = np.asarray(1.0)
    return float(quark_correction(z, step, z**power, one, np.asarray(tau), scale))


def plus(function, power):
    """Integral of z^power with [function(z)]_+."""
    return quad(lambda z: function(z) * (z**power - 1.0), 0.0, 1.0, epsabs=1e-10)[0]


def dis_coefficient_moment(power):
    """Of the quark in F_2/x: W. A. Bardeen et al., Phys. Rev. D 18 (1978) 3998; in C_F alpha_s/2pi.

    2[ln(1-z)/(1-z)]_+ - 3/2 [1/(1-z)]_+ - (1+z) ln(1-z) - (1+z^2)/(1-z) ln z + 3 + 2z
    - (pi^2/3 + 9/2) delta(1-z)
    """
    smooth = quad(
        lambda z: (
            z**power * (-(1 + z) * np.log1p(-z) - (1 + z**2) / (1 - z) * np.log(z) + 3.0 + 2.0 * z)
        ),
        0.0,
        1.0,
    )[0]
    soft = 2.0 * plus(lambda z: np.log1p(-z) / (1 - z), power)
    collinear = -1.5 * plus(lambda z: 1.0 / (1 - z), power)
    return smooth + soft + collinear - np.pi**2 / 3.0 - 4.5


def dis_scheme_moment(power):
    """Altarelli, Ellis, Martinelli (1979): 2(1+z^2)[ln(1-z)/(1-z)]_+ + 3[1/(1-z)]_+ - 6 - 4z
    + (1 + 4 pi^2/3) delta(1-z), in C_F alpha_s/2pi: quarks as deep inelastic scattering sees them.
    """

    def regular(z):
        return 2.0 * np.log1p(-z) * ((1 + z**2) * z**power - 2.0) / (1 - z)

    soft = quad(regular, 0.0, 1.0)[0] + 3.0 * plus(lambda z: 1.0 / (1 - z), power)
    smooth = quad(lambda z: z**power * (-6.0 - 4.0 * z), 0.0, 1.0)[0]
    return soft + smooth + 1.0 + 4.0 * np.pi**2 / 3.0


@pytest.mark.parametrize("power", [0.7, 1.0, 2.0, 5.0])
def test_quarks_of_deep_inelastic_scattering_give_the_famous_k_factor(power):
    """MS-bar minus twice the coefficient of F_2 is the form with 1 + 4 pi^2/3."""
    ours = our_moment(power) / (4.0 / 3.0) - 2.0 * dis_coefficient_moment(power)
    assert_allclose(ours, dis_scheme_moment(power), rtol=1e-3)  # quadrature, 20 nodes


@pytest.mark.parametrize("z", [0.05, 0.3, 0.8])
def test_gluons_too(z):
    """C_g = T_R[(z^2 + (1-z)^2) ln((1-z)/z) - 1 + 8z(1-z)] turns D_g into
    T_R[(z^2 + (1-z)^2) ln(1-z) + 3/2 - 5z + 9/2 z^2] of Altarelli, Ellis, Martinelli."""
    splitting = z**2 + (1 - z) ** 2
    coefficient = 0.5 * (splitting * np.log((1 - z) / z) - 1.0 + 8.0 * z * (1 - z))
    expected = 0.5 * (splitting * np.log(1 - z) + 1.5 - 5.0 * z + 4.5 * z**2)
    assert_allclose(gluon_correction(np.asarray(z)) - coefficient, expected, rtol=1e-12)


@pytest.mark.parametrize("power", [1.0, 2.0, 3.0])
def test_the_scale_moves_the_result_by_twice_the_splitting_function(power):
    """Moments of P_qq/C_F: 3/2 - 2 sum_{k=1}^{n} 1/k - ... = -1/2 + 1/(n(n+1)) - 2 sum_2^n 1/k."""
    n = power + 1.0
    harmonic = sum(1.0 / k for k in range(2, int(n) + 1))
    moment = 4.0 / 3.0 * (-0.5 + 1.0 / (n * (n + 1.0)) - 2.0 * harmonic)
    moved = our_moment(power, 0.5) - our_moment(power)
    assert_allclose(moved, 2.0 * moment * np.log(4.0), rtol=1e-3)
    z = np.array([0.1, 0.6])
    moved = gluon_correction(z, 0.5) - gluon_correction(z)
    assert_allclose(moved, 0.5 * (z**2 + (1 - z) ** 2) * np.log(4.0))


def test_at_threshold_the_lost_part_of_the_plus_distribution_counts():
    """tau = 0.5 with L = 1: int_tau^1 of the same D_q, by quad with the plus terms by hand."""
    tau = 0.5
    z, step = fractions(np.asarray(tau))
    one = np.asarray(1.0)
    ours = float(quark_correction(z, step, np.ones_like(z), one, np.asarray(tau)))
    soft = quad(lambda x: -4.0 * (1 + x) * np.log1p(-x), tau, 1.0)[0] + 4.0 * np.log(0.5) ** 2
    smooth = quad(lambda x: -2.0 * (1 + x**2) / (1 - x) * np.log(x), tau, 1.0)[0]
    expected = 4.0 / 3.0 * (soft + smooth + 2.0 * np.pi**2 / 3.0 - 8.0)
    assert_allclose(ours, expected, rtol=1e-4)
