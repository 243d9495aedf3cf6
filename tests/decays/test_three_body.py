"""Decays of the heavier dark state against spinors summed over phase space, and S1's app. B."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from three_body_reference import rate, scalar_vertex, u_spinors, vector_vertex, width

from darkbeam.constants import ALPHA, ELECTRON_MASS, ELEMENTARY_CHARGE, MUON_MASS, TAU_MASS
from darkbeam.decays.hadrons import hadronic_spectrum
from darkbeam.decays.three_body import EXCITED_CHANNELS, excited_state_widths
from darkbeam.errors import DarkbeamWarning, InputError, ModelError, UnknownNameError
from darkbeam.models import (
    CustomModel,
    DarkPhoton,
    FermionPair,
    LeptonicScalar,
    PseudoDirac,
    ScalarPair,
)
from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.models.dark_channels import DarkFermions, DarkScalars

MASS = {"e": ELECTRON_MASS, "mu": MUON_MASS, "tau": TAU_MASS}


def relative(value, rel=1e-6):
    """Compare relative to the value alone: widths are far below pytest's absolute 1e-12."""
    return pytest.approx(value, rel=rel, abs=0.0)


def dark_photon(mass, light, heavy, epsilon=1e-2, alpha_d=0.1):
    dark_matter = PseudoDirac(mass=light, splitting=np.asarray(heavy) / light - 1)
    return DarkPhoton(mass, epsilon, alpha_d=alpha_d, dark_matter=dark_matter)


def table(pair, mediator, coupling, channel, spin=1, **options):
    return CouplingTable(
        mass=mediator, fermions={pair: coupling}, spin=spin, dark=(channel,), **options
    )


# ---------------------------------------------------------------- the brute-force route

KINEMATICS = [
    (("e", "e"), 0.1, 0.03, 0.05),
    (("mu", "mu"), 1.0, 0.2, 0.5),
    (("mu", "mu"), 0.31, 0.1, 0.4),  # the pole is 3 % above the end
    (("e", "mu"), 0.5, 0.1, 0.4),
    (("e", "mu"), 0.02, 0.1, 0.4),  # a mediator that is too light to make the pair
    (("mu", "tau"), 5.0, 0.01, 2.2),
]
GENERIC = (0.3 - 0.4j, 0.7 + 0.2j)
STRUCTURES = [
    ((1, 0), (0.6, -0.8)),
    ((0, 1), (0.6, -0.8)),
    (GENERIC, (1, 0)),
    (GENERIC, (0, 1)),
    (GENERIC, (0.6, -0.8)),
]


@pytest.mark.parametrize(("pair", "mediator", "light", "heavy"), KINEMATICS)
@pytest.mark.parametrize(("dark", "visible"), STRUCTURES)
def test_vector_currents_of_fermions(pair, mediator, light, heavy, dark, visible):
    channel = DarkFermions("x", (light, heavy), vector=dark[0], axial=dark[1])
    found = excited_state_widths(
        table(pair, mediator, Coupling(vector=visible[0], axial=visible[1]), channel)
    )
    masses = (heavy, light, MASS[pair[0]], MASS[pair[1]])
    expected = width(masses, mediator, vector_vertex(*dark), vector_vertex(*visible))
    both = 1 if pair[0] == pair[1] else 2  # a real mediator makes both charge states
    assert float(found.partial["_".join(pair)]) == relative(both * expected, rel=1e-8)


@pytest.mark.parametrize(("pair", "mediator", "light", "heavy"), KINEMATICS[:4])
@pytest.mark.parametrize("visible", [(1, 0), (0.6, -0.8)])
def test_vector_current_of_scalars(pair, mediator, light, heavy, visible):
    channel = DarkScalars("x", (light, heavy), coupling=0.7)
    found = excited_state_widths(
        table(pair, mediator, Coupling(vector=visible[0], axial=visible[1]), channel)
    )
    masses = (heavy, light, MASS[pair[0]], MASS[pair[1]])
    expected = width(masses, mediator, 0.7, vector_vertex(*visible))
    both = 1 if pair[0] == pair[1] else 2
    assert float(found.partial["_".join(pair)]) == relative(both * expected, rel=1e-8)


@pytest.mark.parametrize(("pair", "mediator", "light", "heavy"), KINEMATICS)
@pytest.mark.parametrize(("dark", "visible"), STRUCTURES)
def test_scalar_currents_of_fermions(pair, mediator, light, heavy, dark, visible):
    channel = DarkFermions("x", (light, heavy), scalar=dark[0], pseudoscalar=dark[1])
    found = excited_state_widths(
        table(
            pair,
            mediator,
            Coupling(scalar=visible[0], pseudoscalar=visible[1]),
            channel,
            spin=0,
            self_conjugate=False,
        )
    )
    masses = (heavy, light, MASS[pair[0]], MASS[pair[1]])
    expected = width(masses, mediator, scalar_vertex(*dark), scalar_vertex(*visible))
    assert float(found.partial["_".join(pair)]) == relative(expected, rel=1e-8)


def test_pseudo_dirac_amplitude_is_that_of_the_whole_charge():
    """L = i g X_mu chi2bar gamma^mu chi1 of Majorana fields: two contractions of i g/2 each."""
    model = dark_photon(1.0, 0.2, 0.5)
    g_d = np.sqrt(4 * np.pi * 0.1)
    masses = (0.5, 0.2, MUON_MASS, MUON_MASS)
    vertices = vector_vertex(g_d, 0), vector_vertex(1e-2 * ELEMENTARY_CHARGE, 0)
    found = float(excited_state_widths(model).partial["mu_mu"])
    assert found == relative(width(masses, 1.0, *vertices), rel=1e-8)


@pytest.mark.parametrize("spin", [1, 0])
def test_a_real_mediator(spin):
    """Two-body decay, summed over the polarisations of the mediator."""
    heavy, light, mediator = 0.9, 0.2, 0.3
    kinds = ("vector", "axial") if spin else ("scalar", "pseudoscalar")
    couplings = dict(zip(kinds, GENERIC, strict=True))
    channel = DarkFermions("x", (light, heavy), **couplings)
    coupling = Coupling(vector=1e-3) if spin else Coupling(scalar=1e-3)
    found = excited_state_widths(table(("e", "e"), mediator, coupling, channel, spin=spin))
    p = np.sqrt((heavy**2 - (light + mediator) ** 2) * (heavy**2 - (light - mediator) ** 2))
    p = p / (2 * heavy)
    u2 = u_spinors(np.array([[heavy, 0, 0, 0]]), heavy)[0]
    u1 = u_spinors(np.array([[np.hypot(light, p), 0, 0, -p]]), light)[0]
    gamma0 = vector_vertex(1, 0)[0]
    energy = np.hypot(mediator, p)
    # covariant components of the three polarisations, or the one vertex of a scalar
    polarisations = np.array([[0, -1, 0, 0], [0, 0, -1, 0], [p, 0, 0, -energy]], dtype=float)
    polarisations[2] /= mediator
    if spin == 1:
        vertices = np.einsum("pm,mij->pij", polarisations, vector_vertex(*GENERIC))
    else:
        vertices = scalar_vertex(*GENERIC)
    amplitudes = np.einsum("ai,pij,bj->abp", u1.conj() @ gamma0, vertices, u2)
    expected = 0.5 * np.sum(np.abs(amplitudes) ** 2) * p / (8 * np.pi * heavy**2)
    assert float(found.partial["mediator"]) == relative(expected, rel=1e-10)
    assert float(found.partial["e_e"]) == 0.0  # it is in the other


# ---------------------------------------------------------------- a second integrand, 20 digits


def exact_vector_width(mediator, light, heavy, lepton):
    """Integrate traces contracted by hand over the Dalitz plane, couplings 1, in mpmath.

    sum |M|^2 / 32 = (p1.k)(p2.k') + (p1.k')(p2.k) + m^2 (p1.p2 - 2 m1 m2) - m1 m2 k.k'.
    """
    big, m1, m2, m = (mp.mpf(float(x)) for x in (mediator, light, heavy, lepton))

    def inner(s):
        root = mp.sqrt(abs(1 - 4 * m**2 / s))  # rounding at the very ends
        p = mp.sqrt(abs((m2**2 - (m1 + mp.sqrt(s)) ** 2) * (m2**2 - (m1 - mp.sqrt(s)) ** 2)))

        def matrix(c):
            # 2 p2.k = (m2^2 - m1^2 + s)/2 +- root p c/2 and so on
            p2k, p2l = ((m2**2 - m1**2 + s + sign * root * p * c) / 4 for sign in (1, -1))
            p1k, p1l = p2k - s / 2, p2l - s / 2
            p12, kl = (m1**2 + m2**2 - s) / 2, s / 2 - m**2
            return p1k * p2l + p1l * p2k + m**2 * (p12 - 2 * m1 * m2) - m1 * m2 * kl

        nodes = (-mp.sqrt(mp.mpf(3) / 5), mp.mpf(0), mp.sqrt(mp.mpf(3) / 5))
        total = (5 * matrix(nodes[0]) + 8 * matrix(nodes[1]) + 5 * matrix(nodes[2])) / 9
        # dGamma = 32/2 |M|^2 / (32 (2 pi)^3 m2^3) ds ds_23, ds_23 = p root dc / 2
        return total * p * root / (s - big**2) ** 2

    threshold, end = 4 * m**2, (m2 - m1) ** 2
    middle = [threshold * (end / threshold) ** (mp.mpf(i) / 6) for i in range(7)]
    return mp.quad(inner, middle) * 16 / (32 * (2 * mp.pi) ** 3 * m2**3) / 2


@pytest.mark.parametrize(
    ("mediator", "light", "heavy", "lepton"),
    [
        (0.1, 1 / 30, 0.14 / 3, "e"),
        (0.1, 0.2, 0.2995, "e"),  # the pole 0.5 % above the end
        (0.1, 0.2, 0.29999, "e"),  # 1e-4
        (10.0, 1.0, 1.0 + 2.00001 * ELECTRON_MASS, "e"),  # at threshold
        (200.0, 1e-4, 100.0, "e"),  # all scales far apart
        (2000.0, 1000.0, 1000.01, "e"),
        (0.211, 0.01, 0.9, "mu"),  # the pole just below the threshold
        (50.0, 3.0, 12.0, "tau"),
    ],
)
def test_leptons_to_eight_digits(mediator, light, heavy, lepton):
    channel = DarkFermions("x", (light, heavy), vector=1.0)
    found = excited_state_widths(table((lepton,) * 2, mediator, Coupling(vector=1.0), channel))
    with mp.workdps(25):
        expected = float(exact_vector_width(mediator, light, heavy, MASS[lepton]))
    assert float(found.partial[f"{lepton}_{lepton}"]) == relative(expected, rel=1e-8)


def test_neutrinos_in_closed_form():
    """Massless pairs, heavy mediator, small splitting: g^2 g_d^2 Delta^5 / 60 pi^3 M^4."""
    light, splitting, mediator = 10.0, 1e-4, 100.0
    channel = DarkFermions("x", (light, light + splitting), vector=0.3)
    coupling = Coupling.chiral(left=0.1)
    found = excited_state_widths(table(("nu_mu", "nu_mu"), mediator, coupling, channel))
    # a left-handed neutrino has half the width of a Dirac fermion of the same vector coupling
    expected = 0.3**2 * 0.1**2 / 2 * splitting**5 / (60 * np.pi**3 * mediator**4)
    assert float(found.partial["nu_nu"]) == relative(expected, rel=3e-5)


def test_couplings_that_run_are_taken_at_the_mass_of_the_pair():
    mediator, light, heavy = 1.0, 0.2, 0.7
    channel = DarkFermions("x", (light, heavy), vector=0.5)

    def running(q2):
        return table(("mu", "mu"), mediator, Coupling(vector=0.1 * np.asarray(q2)), channel)

    at_rest = table(("mu", "mu"), mediator, Coupling(vector=0.1), channel, running=running)
    found = excited_state_widths(at_rest)
    masses = (heavy, light, MUON_MASS, MUON_MASS)
    vertices = vector_vertex(0.5, 0), vector_vertex(0.1, 0)

    def running_rate(s):
        return s**2 * rate(masses, mediator, *vertices, np.array([np.sqrt(s)]))[0]

    expected = quad(running_rate, 4 * MUON_MASS**2, 0.25, epsabs=0.0, epsrel=1e-10)[0]
    assert float(found.partial["mu_mu"]) == relative(expected, rel=1e-7)


# ---------------------------------------------------------------- S1, appendix B (D4, O11)


def eq_117(epsilon, alpha_d, splitting, mediator):
    return 4 * epsilon**2 * ALPHA * alpha_d * splitting**5 / (15 * np.pi * mediator**4)


@pytest.mark.parametrize("light", [1.0, 10.0, 100.0])
def test_s1_117_for_small_splitting(light):
    """D4: electrons, splitting between m_e and both dark masses; corrections of known order."""
    splitting, mediator = 0.1, 30.0
    model = dark_photon(mediator, light, light + splitting)
    ratio = float(excited_state_widths(model).partial["e_e"]) / eq_117(
        1e-2, 0.1, splitting, mediator
    )
    recoil = 1 - 1.5 * splitting / light
    assert ratio == pytest.approx(recoil, abs=3 * (splitting / light) ** 2 + 5e-4)


def exact_at_the_point_of_the_paper():
    """Width at M = 0.1 GeV = 3 m1, Delta = 0.4 m1, alpha_d = 0.1, epsilon = 1e-2, by mpmath."""
    with mp.workdps(25):
        unit = float(exact_vector_width(0.1, 0.1 / 3, 0.14 / 3, ELECTRON_MASS))
    return unit * 4 * np.pi * 0.1 * 1e-4 * 4 * np.pi * ALPHA


def test_s1_117_at_the_point_of_the_paper():
    """O11: at Delta = 0.4 m1 = 0.13 M the exact width is 1.6 times smaller than the formula."""
    found = float(excited_state_widths(dark_photon(0.1, 0.1 / 3, 0.14 / 3)).total)
    assert found == relative(exact_at_the_point_of_the_paper(), rel=1e-8)
    assert 1.5 < eq_117(1e-2, 0.1, 0.4 * 0.1 / 3, 0.1) / found < 1.7


def test_s1_119_kappa_and_s1_121_s1_122_lengths():
    """O11, errata: kappa^-1 = 0.93e6 (printed 0.43e6); 8.1 cm (printed 7.6 cm); 8 m holds."""
    splitting = 0.4 / 3  # over M
    kappa = 4 * 0.1 * splitting**5 / (5 * np.pi)
    assert 1 / kappa == relative(0.93e6, rel=3e-3)
    hbar_c, gamma = 1.97326980e-16, 50.0 / (1.4 * 0.1 / 3)
    formula = gamma * hbar_c / eq_117(1e-2, 0.1, 0.1 * splitting, 0.1)
    assert formula == relative(8.1, rel=2e-3)  # m, at epsilon = 1e-2; 8.1 cm at 0.1
    exact = float(excited_state_widths(dark_photon(0.1, 0.1 / 3, 0.14 / 3)).decay_length_m(50.0))
    expected = gamma * hbar_c / exact_at_the_point_of_the_paper()
    assert exact == relative(expected, rel=1e-6)  # beta = 1 to 4e-7
    assert exact == pytest.approx(12.9, abs=0.05)


def test_s1_119_is_the_ratio_of_the_two_decay_lengths():
    """Eq. 118 over eq. 119: kappa = Gamma(chi2) / Gamma(A' -> e e), up to m_e."""
    mediator, light, splitting = 30.0, 100.0, 0.1
    found = float(excited_state_widths(dark_photon(mediator, light, light + splitting)).total)
    to_electrons = 1e-4 * ALPHA * mediator / 3
    kappa = 4 * 0.1 * splitting**5 / (5 * np.pi * mediator**5)
    assert found / to_electrons == relative(kappa, rel=3e-3)


# ---------------------------------------------------------------- S3, note 60 (D5, D6)


@pytest.mark.parametrize("dark_matter", [ScalarPair, FermionPair])
def test_s3_60_the_heavier_of_a_pair_decays_to_electron_and_muon(dark_matter):
    pair = dark_matter(mass=0.1, splitting=3.0)
    model = LeptonicScalar(1.0, 2e-3, g_d=0.5, dark_matter=pair)
    found = excited_state_widths(model)
    dark = 0.5 * 1.0 if dark_matter is ScalarPair else scalar_vertex(0.5, 0.0)
    masses = (0.4, 0.1, MUON_MASS, ELECTRON_MASS)
    expected = width(masses, 1.0, dark, scalar_vertex(1e-3, 1e-3j))  # mu- e+: phi*, one state
    assert float(found.partial["e_mu"]) == relative(expected, rel=1e-8)
    assert float(found.total) == float(found.partial["e_mu"])


@pytest.mark.parametrize("dark_matter", [ScalarPair, FermionPair])
def test_s3_60_it_is_stable_below_threshold(dark_matter):
    threshold = ELECTRON_MASS + MUON_MASS
    masses = [(0.1, 0.1 + 0.999 * threshold), (0.1, 0.1 + 1.001 * threshold)]
    found = [
        excited_state_widths(LeptonicScalar(1.0, dark_matter=dark_matter.from_masses(*m)))
        for m in masses
    ]
    assert float(found[0].total) == 0.0
    assert float(found[0].tau_s) == np.inf
    assert float(found[1].total) > 0.0


# ---------------------------------------------------------------- hadrons


def test_hadrons_against_a_fine_sum():
    """The defining integral by a sum of a million points, resonances resolved or not present."""
    model = dark_photon(3.0, 0.5, 1.7)
    upper = 1.2
    energy = np.linspace(0.1349, upper, 400_001)
    spectrum = hadronic_spectrum(model.couplings(), energy)
    s, total = energy**2, 2.2
    momentum = np.sqrt(np.abs((upper**2 - s) * (total**2 - s))) / (2 * 1.7)
    current = 2 * 4 * np.pi * 0.1 * (upper**2 - s) * (1 + total**2 / (2 * s))
    integrand = 2 * s / np.pi * momentum / (8 * np.pi * 1.7**2) * current * spectrum
    expected = np.trapezoid(integrand / (s - 9.0) ** 2, energy)
    found = float(excited_state_widths(model).partial["hadrons"])
    assert found == relative(expected, rel=1e-5)


def test_a_narrow_resonance_gives_its_area():
    """The step at the J/psi: sum over s of pi M Gamma_ee ..., from the width of a Breit-Wigner."""
    mass, electron_width, hadronic = 3.0969, 5.53e-6 * 0.957, 0.877
    mediator, light, heavy = 40.0, 5.0, 8.5
    wide = excited_state_widths(dark_photon(mediator, light, heavy))
    energy = np.concatenate([np.linspace(0.1349, 3.09, 200_001), np.linspace(3.104, 3.5, 100_001)])
    model = dark_photon(mediator, light, heavy)

    def kernel(q):
        s = q**2
        p = np.sqrt(np.abs((3.5**2 - s) * (13.5**2 - s))) / (2 * heavy)
        current = 2 * 4 * np.pi * 0.1 * (3.5**2 - s) * (1 + 13.5**2 / (2 * s))
        return 2 * s / np.pi * p / (8 * np.pi * heavy**2) * current / (s - mediator**2) ** 2

    continuum = np.trapezoid(kernel(energy) * hadronic_spectrum(model.couplings(), energy), energy)
    # int dq q Gamma(q) over the peak: eps^2 alpha/3 * 9 pi M^2 Gamma_ee B_had / (2 alpha^2 M) ...
    area = 1e-4 * ALPHA / 3 * mass * 9 / ALPHA**2 * electron_width * hadronic * np.pi / 2
    peak = kernel(np.array(mass)) * area
    found = float(wide.partial["hadrons"])
    assert 0.002 < peak / continuum < 1.0  # it is there to be seen
    assert found == relative(continuum + peak, rel=2e-3)


def test_hadrons_are_zero_closed_and_smooth_in_the_splitting():
    heavy = 0.5 + np.array([0.1, 0.1349, 0.78, 0.7827, 0.79, 1.7, 3.0969, 10.0])
    found = excited_state_widths(dark_photon(30.0, 0.5, heavy)).partial["hadrons"]
    assert np.all(found[:2] == 0.0)
    assert np.all(np.diff(found[2:]) > 0.0)


def test_hadrons_that_are_not_known_are_nan():
    axial = CustomModel(
        mass=1.0,
        fermions={"u": {"axial": 0.5}, "e": {"vector": 1}},
        dark_matter=PseudoDirac(mass=0.1, splitting=[1.0, 3.0]),
    )
    with pytest.warns(DarkbeamWarning, match="NaN"):
        found = excited_state_widths(axial)
    assert found.partial["hadrons"][0] == 0.0
    assert np.isnan(found.partial["hadrons"][1])
    assert found.complete.tolist() == [True, False]
    assert np.isnan(found.branching("hadrons")[1])
    assert np.all(found.total == found.partial["e_e"])
    excited_state_widths(axial, warn=False)


# ---------------------------------------------------------------- properties


@settings(max_examples=25, deadline=None)
@given(
    epsilon=st.floats(1e-6, 1e-2),
    alpha_d=st.floats(1e-3, 1.0),
    scale=st.floats(0.1, 10.0),
)
def test_scalings(epsilon, alpha_d, scale):
    reference = excited_state_widths(dark_photon(2.0, 0.5, 1.5, 1e-3, 0.1))
    other = excited_state_widths(dark_photon(2.0, 0.5, 1.5, epsilon, alpha_d))
    factor = (epsilon / 1e-3) ** 2 * alpha_d / 0.1
    np.testing.assert_allclose(other.total, factor * reference.total, rtol=1e-12)
    # massless pairs: only ratios of masses matter
    channel = [DarkFermions("x", (f * 0.5, f * 0.8), vector=1.0) for f in (1.0, scale)]
    coupling = Coupling.chiral(left=1.0)
    first, second = (
        excited_state_widths(table(("nu_e", "nu_e"), f, coupling, c)).total
        for f, c in zip((1.0, scale), channel, strict=True)
    )
    assert float(second) == relative(scale * float(first), rel=1e-10)


@settings(max_examples=40, deadline=None)
@given(excess=st.floats(-1e-3, 1e-3).filter(lambda x: abs(x) > 1e-12))
def test_thresholds(excess):
    splitting = 2 * MUON_MASS * (1 + excess)
    found = excited_state_widths(dark_photon(5.0, 1.0, 1.0 + splitting))
    assert (float(found.partial["mu_mu"]) > 0.0) == (excess > 0.0)
    assert float(found.partial["e_e"]) > 0.0


def test_the_mediator_becomes_real():
    """Below its mass the pairs, above it the mediator alone and what it cannot decay to."""
    heavy = 0.1 + np.array([0.29, 0.31])
    found = excited_state_widths(dark_photon(0.3, 0.1, heavy))
    assert list(found.partial) == [*EXCITED_CHANNELS, "mediator"]
    assert found.partial["mediator"][0] == 0.0 < found.partial["mediator"][1]
    for channel in ("e_e", "mu_mu", "hadrons"):
        assert found.partial[channel][0] > 0.0 == found.partial[channel][1]
    light_mediator = excited_state_widths(dark_photon(0.05, 0.1, 0.41))
    assert float(light_mediator.partial["e_e"]) == 0.0 < float(light_mediator.partial["mu_mu"])
    # suppressed by the coupling to what is real
    ratio = light_mediator.partial["mu_mu"] / light_mediator.partial["mediator"]
    assert 0.0 < float(ratio) < 1e-4


def test_arrays_broadcast():
    mass = np.array([0.05, 0.5, 5.0])
    epsilon = np.array([[1e-3], [1e-2]])
    dark_matter = PseudoDirac(mass_ratio=3, splitting=1.5)
    model = DarkPhoton(mass, epsilon, dark_matter=dark_matter)
    found = excited_state_widths(model)
    assert found.total.shape == found.tau_s.shape == (2, 3)
    single = excited_state_widths(DarkPhoton(0.5, 1e-2, dark_matter=dark_matter))
    for channel in EXCITED_CHANNELS:
        assert found.partial[channel][1, 1] == relative(float(single.partial[channel]))
    np.testing.assert_array_equal(found.light_mass[1], mass / 3)
    np.testing.assert_allclose(found.heavy_mass[1], 2.5 * mass / 3)


def test_sums_fractions_and_lifetimes():
    found = excited_state_widths(dark_photon(3.0, 0.5, 1.7))
    fractions = [float(found.branching(channel)) for channel in found.partial]
    assert sum(fractions) == relative(1.0)
    assert float(found.tau_s) == relative(6.582119569e-25 / float(found.total), rel=1e-9)
    assert float(found.decay_length_m(1.7)) == 0.0
    np.testing.assert_allclose(
        found.decay_length_m([17.0, 170.0]),
        np.sqrt(np.array([10.0, 100.0]) ** 2 - 1) * 299792458 * found.tau_s,
    )
    with pytest.raises(InputError, match="energy must be finite and at least"):
        found.decay_length_m(1.6)
    with pytest.raises(UnknownNameError, match="did you mean 'mu_mu'"):
        found.branching("mumu")


def test_no_splitting_means_stable():
    found = excited_state_widths(DarkPhoton(0.1, dark_matter=PseudoDirac()))
    assert float(found.total) == 0.0
    assert np.isnan(found.branching("e_e"))


@pytest.mark.parametrize("model", [DarkPhoton(0.1), DarkPhoton(0.1, dark_matter=None)])
def test_dark_matter_of_one_state_is_refused(model):
    with pytest.raises(ModelError, match="dark_matter must be of two states"):
        excited_state_widths(model)
    with pytest.raises(ModelError, match="one dark channel of two different states is needed"):
        excited_state_widths(model.couplings())
    with pytest.raises(ModelError, match="must be a Model or a CouplingTable"):
        excited_state_widths("dark-photon")
