"""Form factors of scalars: unitarity, pi pi phases, chiral perturbation theory; running QCD."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from darkbeam.decays.scalar_hadrons.form_factors import KAON_MASS, form_factors

PION = 0.13957039


@pytest.fixture(scope="module")
def omnes():
    """Grid in s and the Omnes matrix on it, read from the file by hand."""
    path = files("darkbeam.decays.scalar_hadrons") / "data" / "omnes_isoscalar.csv"
    columns = np.array(
        [
            [float(x) for x in line.split(",")]
            for line in path.read_text().splitlines()
            if not line.startswith("#")
        ]
    ).T
    re_im = {name: columns[1 + 2 * i] + 1j * columns[2 + 2 * i] for i, name in enumerate("abcd")}
    matrix = np.array([[re_im["a"], re_im["c"]], [re_im["b"], re_im["d"]]])
    return columns[0], matrix.transpose(2, 0, 1)


def pi_pi_phase(energy):
    """delta_00, degrees, below 0.85 GeV: R. Garcia-Martin et al., arXiv:1102.2183, eq. A2, CFD."""
    s, s0 = energy**2, 4 * 0.496**2
    momentum = np.sqrt(s / 4 - PION**2)
    w = (np.sqrt(s) - np.sqrt(s0 - s)) / (np.sqrt(s) + np.sqrt(s0 - s))
    series = PION / np.sqrt(s) + 7.14 - 25.3 * w - 33.2 * w**2 - 26.2 * w**3
    cotangent = energy / (2 * momentum) * PION**2 / (s - PION**2 / 2) * series
    return np.degrees(np.arctan2(1, cotangent))


@pytest.mark.parametrize("energy", [0.4, 0.5, 0.6, 0.7, 0.8])
def test_watson(energy):
    """Below the kaons every form factor of the pion has the phase of pi pi scattering."""
    pion, _ = form_factors(energy**2)
    for factor in (pion.gamma, pion.theta, pion.delta):
        phase = np.degrees(np.angle(factor)) % 180
        assert phase == pytest.approx(pi_pi_phase(energy), abs=1.5)


def test_unit_matrix_at_zero(omnes):
    np.testing.assert_allclose(omnes[1][0], np.eye(2), atol=1e-5)


@pytest.mark.parametrize("s", [1.15, 1.3, 1.6, 2.0, 2.5, 3.0, 3.9])
def test_channels_are_states_of_unit_norm(omnes, s):
    """Omega Omega*^-1 = 1 + 2i T Sigma; T_12 = T_21 only in the basis (3/2)^1/2 F_pi, 2^1/2 F_K.

    With the kaon's channel multiplied by c, T_12/T_21 is c^2: it is this that tells 2/sqrt(3) from
    its inverse.
    """
    grid, matrix = omnes
    omega = matrix[np.argmin(abs(grid - s))]
    t_sigma = (omega @ np.linalg.inv(omega.conj()) - np.eye(2)) / 2j
    velocities = np.sqrt(1 - 4 * np.array([PION, 0.4957]) ** 2 / s)
    t_matrix = t_sigma / velocities
    assert t_matrix[0, 1] == pytest.approx(t_matrix[1, 0], rel=0.08, abs=0.0)  # a mean of samples
    assert 0.5 < abs(1 + 2j * t_sigma[0, 0]) <= 1.0  # inelasticity


def test_isospin_norms():
    """Widths by isospin: sum over charges of |F|^2 is that of one state of unit norm each."""
    pions = 1 + 1 / 2  # pi+ pi-, and pi0 pi0 of identical particles
    kaons = 1 + 1  # K+ K- and K0 K0bar
    assert np.sqrt(kaons / pions) == pytest.approx(2 / np.sqrt(3))


def goldstone_masses(light, strange):
    """M_pi^2, M_K^2 to next-to-leading order: Gasser, Leutwyler 1985, eq. 10.7, B_0 = 1."""
    f0, mu, l85, l64 = 0.0803, 0.547862, -0.46e-3, 0.28e-3
    pion, kaon, eta = 2 * light, light + strange, (2 * light + 4 * strange) / 3
    chiral_log = [m2 / (32 * np.pi**2 * f0**2) * np.log(m2 / mu**2) for m2 in (pion, eta)]
    k3 = 8 / f0**2 * l85
    k4 = 16 / f0**2 * l64 * (2 * light + strange)
    return np.array(
        [
            pion * (1 + chiral_log[0] - chiral_log[1] / 3 + 2 * light * k3 + k4),
            kaon * (1 + 2 / 3 * chiral_log[1] + (light + strange) * k3 + k4),
        ]
    )


def quark_masses_of(target):
    """Newton: the quark masses (times B_0) that give the physical mesons."""
    x = np.array([target[0] / 2, target[1] - target[0] / 2])
    for _ in range(30):
        value = goldstone_masses(*x)
        steps = np.diag(1e-6 * x)
        jacobian = np.array([(goldstone_masses(*(x + h)) - value) / h.sum() for h in steps]).T
        x = x - np.linalg.solve(jacobian, value - target)
    return x


def test_feynman_hellmann():
    """Gamma(0) and Delta(0) are m dM^2/dm of the light and of the strange quark."""
    target = np.array([PION**2, KAON_MASS**2])
    light, strange = quark_masses_of(target)
    h = 1e-5
    gamma = goldstone_masses(light * (1 + h), strange) - goldstone_masses(light * (1 - h), strange)
    delta = goldstone_masses(light, strange * (1 + h)) - goldstone_masses(light, strange * (1 - h))
    pion, kaon = form_factors(0.0)
    assert pion.gamma.real == pytest.approx(gamma[0] / (2 * h), rel=5e-3, abs=0.0)
    assert kaon.gamma.real == pytest.approx(gamma[1] / (2 * h), rel=5e-3, abs=0.0)
    assert pion.delta.real == pytest.approx(delta[0] / (2 * h), rel=1e-2, abs=0.0)
    assert kaon.delta.real == pytest.approx(delta[1] / (2 * h), rel=5e-3, abs=0.0)


def test_trace_of_the_energy_momentum_tensor():
    """theta_P = 2 M_P^2 + s for small s, from the mass and the kinetic term."""
    for meson, mass in zip(form_factors(0.0), (PION, KAON_MASS), strict=True):
        assert meson.theta.real == pytest.approx(2 * mass**2, rel=1e-12, abs=0.0)
    step = 0.01
    for now, zero in zip(form_factors(step), form_factors(0.0), strict=True):
        slope = (now.theta - zero.theta).real / step
        assert slope == pytest.approx(1.0, abs=0.05)  # curvature over one step


def test_outside_the_table():
    pion, kaon = form_factors(np.array([-0.1, 0.5, 4.01]))
    for meson in (pion, kaon):
        np.testing.assert_array_equal(np.isnan(meson.theta), [True, False, True])


def test_a_higgs_boson_is_two_ninths():
    pion, _ = form_factors(0.3)
    by_hand = 2 / 9 * pion.theta + 7 / 9 * (pion.gamma + pion.delta)
    assert complex(pion.combine(1.0, 1.0, 3.0)) == pytest.approx(
        complex(by_hand), rel=1e-12, abs=0.0
    )
