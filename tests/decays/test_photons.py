"""Decays to photons: loops against theorems, known particles and a one-loop calculation."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldline_reference import (
    Loop,
    decays,
    euler_heisenberg,
    growth,
    growth_series,
)

from darkbeam.constants import ALPHA, ELECTRON_MASS, MUON_MASS, PION_MASS, TAU_MASS
from darkbeam.decays.photons import _THREE_PHOTON_SERIES, photon_pair_width, three_photon_width
from darkbeam.decays.two_body import scalar_to_fermions
from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.models import (
    Coupling,
    CouplingTable,
    DarkPhoton,
    LeptonicScalar,
    MuonphilicScalar,
    YukawaScalar,
)
from darkbeam.models.yukawa_scalar import QUARK_MASSES


def scalar(mass, **couplings):
    return CouplingTable(
        mass=mass, spin=0, fermions={f: Coupling(scalar=g) for f, g in couplings.items()}
    )


def vector(mass, **couplings):
    return CouplingTable(mass=mass, fermions={f: Coupling(vector=g) for f, g in couplings.items()})


# --- two photons ---


def test_higgs_boson():
    # LHC Higgs cross section working group, arXiv:1610.07922: 4.088 MeV x 2.270e-3 at 125 GeV.
    width = photon_pair_width(YukawaScalar(mass=125.0, g=1.0).couplings(), w_coupling=1.0)
    assert width == pytest.approx(
        4.088e-3 * 2.270e-3, rel=0.02, abs=0.0
    )  # QCD and electroweak: 1.5 %


def test_neutral_pion():
    """Steinberger's pion: N_c (4/9 - 1/9) = 1, so any heavy lepton with g = m/f_pi will do."""
    mass, decay_constant = 0.1349768, 0.0922
    table = CouplingTable(
        mass=mass,
        spin=0,
        fermions={"tau": Coupling(pseudoscalar=TAU_MASS / decay_constant)},
    )
    # PrimEx II, Science 368 (2020) 506: 7.80 +- 0.12 eV; the anomaly without corrections 7.76 eV.
    assert photon_pair_width(table) * 1e9 == pytest.approx(7.80, abs=0.12)


def test_muonphilic_scalar_far_below_the_muon():
    """The low-energy theorem: alpha/(4 pi) (4/3) (g/m_mu) phi F^2/2 gives the width by hand."""
    mass, g = 1e-3, 1e-3
    strength = ALPHA / (6 * np.pi) * g / MUON_MASS  # L = strength phi F^2
    by_hand = strength**2 * mass**3 / (4 * np.pi)
    table = MuonphilicScalar(mass=mass, g=g).couplings()
    assert photon_pair_width(table) == pytest.approx(by_hand, rel=1e-4, abs=0.0)  # + 7 M^2/(60 m^2)


def test_two_photons_and_the_muon_pair():
    """Above its threshold the muon pair wins by alpha^2."""
    table = MuonphilicScalar(mass=0.4, g=1e-3).couplings()
    pair = scalar_to_fermions(0.4, MUON_MASS, MUON_MASS, scalar=1e-3)
    assert 0 < photon_pair_width(table) < 1e-4 * pair


def test_parities_do_not_interfere():
    mass = np.array([0.05, 0.3, 2.5])
    both = CouplingTable(
        mass=mass, spin=0, fermions={"mu": Coupling(scalar=1e-3, pseudoscalar=2e-3)}
    )
    only = CouplingTable(mass=mass, spin=0, fermions={"mu": Coupling(pseudoscalar=2e-3)})
    parts = photon_pair_width(scalar(mass, mu=1e-3)) + photon_pair_width(only)
    np.testing.assert_allclose(photon_pair_width(both), parts, rtol=1e-13)


def test_complex_scalar_of_a_phase():
    """The phase of a complex scalar may be turned away."""
    tables = [
        CouplingTable(mass=0.1, spin=0, self_conjugate=False, fermions={"e": Coupling(scalar=g)})
        for g in (1e-3, 1e-3j)
    ]
    assert photon_pair_width(tables[0]) == pytest.approx(
        photon_pair_width(tables[1]), rel=1e-14, abs=0.0
    )


def test_no_loop_changes_flavour():
    assert photon_pair_width(LeptonicScalar(mass=0.05, h=1e-3).couplings()) == 0.0


def test_light_quarks_are_mesons():
    """Far below the pion: d ln m_P^2/d phi of pion and kaon, a third each, by hand."""
    pion2 = PION_MASS**2
    g, m_sum = 1e-6, (2.16 + 4.70) * 1e-3
    relative = 2 * g / m_sum
    amplitude = relative * (0.987 * pion2 / PION_MASS**2 + 0.566 * pion2 / 0.493677**2) / 6
    by_hand = ALPHA**2 * 1e-9 / (256 * np.pi**3) * amplitude**2
    assert photon_pair_width(scalar(1e-3, u=g, d=g)) == pytest.approx(by_hand, rel=1e-3, abs=0.0)


@given(st.floats(1e-3, 50.0), st.floats(1e-8, 1.0))
def test_width_goes_with_the_coupling_squared(mass, g):
    unit = photon_pair_width(YukawaScalar(mass=mass, g=1.0).couplings())
    assert photon_pair_width(YukawaScalar(mass=mass, g=g).couplings()) == pytest.approx(
        g**2 * unit, rel=1e-12, abs=0.0
    )


def test_couplings_to_w_broadcast():
    table = YukawaScalar(mass=np.array([0.1, 1.0]), g=1e-3).couplings()
    assert photon_pair_width(table, w_coupling=np.zeros((3, 1))).shape == (3, 2)


@pytest.mark.parametrize("quark", ["u", "s", "b"])
def test_pseudoscalar_mixing_with_mesons_is_not_computed(quark):
    table = CouplingTable(
        mass=np.array([0.02, 0.1, 2.9, 3.1]),
        spin=0,
        fermions={quark: Coupling(pseudoscalar=1e-3)},
    )
    with pytest.warns(DarkbeamWarning, match=r"two photons.*from 30 MeV to 3 GeV"):
        width = photon_pair_width(table)
    np.testing.assert_array_equal(np.isnan(width), [False, True, True, False])


@pytest.mark.parametrize(("quark", "anomaly_ratio"), [("t", 6 * 4 / 9), ("b", 6 / 9)])
def test_heavy_quarks_make_an_axion(quark, anomaly_ratio):
    """g = alpha/(2 pi f) (E/N - 1.92), Gamma = g^2 M^3/(64 pi), f = m/g_P: RPP, axions."""
    mass, relative = 1e-3, 1e-3
    table = CouplingTable(
        mass=mass, spin=0, fermions={quark: Coupling(pseudoscalar=relative * QUARK_MASSES[quark])}
    )
    to_photons = ALPHA / (2 * np.pi) * relative * (anomaly_ratio - 1.92)
    assert photon_pair_width(table) == pytest.approx(
        to_photons**2 * mass**3 / (64 * np.pi), rel=1e-6, abs=0.0
    )


def test_light_quarks_mix_with_the_neutral_pion():
    """At leading order only the pion: amplitude 2/f_pi times B f_pi (g_u - g_d)/m_pi^2."""
    mass, g = 1e-3, 1e-6
    table = CouplingTable(
        mass=mass,
        spin=0,
        fermions={"u": Coupling(pseudoscalar=g), "d": Coupling(pseudoscalar=-g)},
    )
    amplitude = 2 * (2 * g) / (QUARK_MASSES["u"] + QUARK_MASSES["d"])
    leading = ALPHA**2 * mass**3 / (256 * np.pi**3) * amplitude**2
    # 1.92 instead of (2/3)(4 + z)/(1 + z) = 2.04, z = m_u/m_d, at that order: 10 % for these.
    assert photon_pair_width(table) == pytest.approx(leading, rel=0.15, abs=0.0)


def test_leptons_only_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = YukawaScalar(mass=0.0167, kind="pseudoscalar", pattern="leptonic").couplings()
        assert photon_pair_width(table) > 0.0


def test_spins():
    with pytest.raises(ModelError, match="Landau"):
        photon_pair_width(DarkPhoton(mass=1e-3).couplings())
    with pytest.raises(ModelError, match="two photons"):
        three_photon_width(scalar(1e-3, e=1e-3))


# --- three photons ---


def leading_coefficient():
    """17/(2^7 3^6 5^3): phase space and spins of the Euler-Heisenberg Lagrangian, numerically.

    L = [(F F)^2 + 7/4 (F F~)^2]/(16 pi^2 90 m^4) with F the sum of e F of the photon and g F of the
    vector; Gamma = (1/2M)(1/3 spins)(1/6 photons) sum |M|^2 M^2/(128 pi^3) dx1 dx2.
    """
    total = sum(w * euler_heisenberg(k, e) ** 2 for w, k, e in decays(5))
    squared = total / (16 * np.pi**2 * 90) ** 2 / (2 * 3 * 6) / (128 * np.pi**3)
    return squared * (4 * np.pi) ** 4 * np.pi**3  # e^6 g^2 = (4 pi)^4 alpha^3 alpha'


def test_euler_heisenberg_coefficient():
    # Pospelov, Ritz, Voloshin, arXiv:0807.3279.
    assert leading_coefficient() == pytest.approx(17 / (2**7 * 3**6 * 5**3), rel=1e-12, abs=0.0)


def test_small_masses():
    mass, epsilon = 1e-5, 1e-3
    alpha_prime = ALPHA * epsilon**2
    by_hand = leading_coefficient() * ALPHA**3 * alpha_prime / np.pi**3 * mass**9 / ELECTRON_MASS**8
    width = three_photon_width(DarkPhoton(mass=mass, epsilon=epsilon).couplings())
    assert width == pytest.approx(by_hand, rel=3e-4, abs=0.0)  # 0.47 (M/m_e)^2


def test_reference_is_gauge_invariant_and_has_the_right_limit():
    loop = Loop(10)
    for _, momenta, polarisations in decays(2)[::7]:
        scale = loop.scale(momenta)
        full = np.sum(loop.integrand(momenta, polarisations) / (1 - 3 * scale) ** 2)
        heavy = np.sum(loop.integrand(momenta, polarisations))
        assert heavy == pytest.approx(-euler_heisenberg(momenta, polarisations) / 180, abs=1e-9)
        shifted = [polarisations[0], momenta[1], *polarisations[2:]]
        longitudinal = np.sum(loop.integrand(momenta, shifted) / (1 - 3 * scale) ** 2)
        assert abs(longitudinal) < 1e-4 * max(abs(full), 0.05)


def test_published_series():
    # McDermott, Patel, Ramani, arXiv:1705.00619.
    published = [1, Fraction(335, 714), Fraction(128941, 839664), Fraction(44787, 1026256)]
    found = growth_series(8, 6, 4)
    np.testing.assert_allclose(found, [float(c) for c in published], rtol=1e-8)


@pytest.mark.parametrize(("ratio", "rtol"), [(2.0, 1e-3), (3.0, 5e-3)])
def test_growth_towards_the_pair_threshold(ratio, rtol):
    mass = ELECTRON_MASS * np.sqrt(ratio)
    leading = leading_coefficient() * ALPHA**3 * mass**9 / ELECTRON_MASS**8 / np.pi**3 / (4 * np.pi)
    width = three_photon_width(vector(mass, e=1.0))
    assert width / leading == pytest.approx(growth(6, 4, ratio), rel=rtol, abs=0.0)


@pytest.mark.slow
@pytest.mark.parametrize(("ratio", "rtol"), [(3.5, 5e-3), (3.8, 2e-2)])
def test_growth_close_to_the_pair_threshold(ratio, rtol):
    mass = ELECTRON_MASS * np.sqrt(ratio)
    leading = leading_coefficient() * ALPHA**3 * mass**9 / ELECTRON_MASS**8 / np.pi**3 / (4 * np.pi)
    width = three_photon_width(vector(mass, e=1.0))
    assert width / leading == pytest.approx(growth(13, 8, ratio), rel=rtol, abs=0.0)


@pytest.mark.slow
def test_whole_series():
    """Every coefficient of the module up to the 18th; the last are within their quadrature."""
    np.testing.assert_allclose(_THREE_PHOTON_SERIES[:18], growth_series(11, 8, 18), rtol=2e-3)


def test_only_below_the_lightest_pair():
    mass = np.array([1.0e-3, 1.03e-3, 0.1, 0.22])
    electron = three_photon_width(vector(mass, e=1e-3, mu=1e-3))
    muon = three_photon_width(vector(mass, mu=1e-3))
    np.testing.assert_array_equal(electron > 0, [True, False, False, False])
    np.testing.assert_array_equal(muon > 0, [True, True, True, False])


def test_muons_scale_like_electrons():
    ratio = MUON_MASS / ELECTRON_MASS
    muon = three_photon_width(vector(0.8e-3 * ratio, mu=1e-3))
    electron = three_photon_width(vector(0.8e-3, e=1e-3))
    assert muon == pytest.approx(ratio * electron, rel=1e-10, abs=0.0)


def test_axial_couplings_are_of_the_wrong_parity():
    table = CouplingTable(mass=0.8e-3, fermions={"e": Coupling(axial=1e-3)})
    assert three_photon_width(table) == 0.0
