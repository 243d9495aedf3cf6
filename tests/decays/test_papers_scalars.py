"""Decays of scalar mediators: the formulas and numbers of S3 (arXiv:2202.04410) and of the books.

Ids are those of what the publications contain: M8 muonphilic scalar, M9 leptonic scalar, D5 and D6
its dark matter, O1 widths and lifetimes.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.decays import decay_length_m, widths
from darkbeam.models import (
    ComplexScalar,
    Coupling,
    CouplingTable,
    DarkMatter,
    Dirac,
    FermionPair,
    LeptonicScalar,
    Majorana,
    MuonphilicScalar,
    ScalarPair,
    YukawaScalar,
)

M_E, M_MU = 0.51099895e-3, 0.1056583755  # GeV


def momentum(mass: float, m1: float, m2: float) -> float:
    """S3's p_1, below eq. 13."""
    return float(np.sqrt((mass**2 - (m1 + m2) ** 2) * (mass**2 - (m1 - m2) ** 2)) / (2 * mass))


POINTS = [(0.3, 3.0, 0.0), (0.3, 3.0, 0.7), (1.0, 2.5, 0.3), (5.0, 50.0, 40.0), (0.12, 2.05, 0.02)]


@pytest.mark.parametrize(("mass", "ratio", "splitting"), POINTS)
def test_o1_d5_width_to_two_scalars(mass: float, ratio: float, splitting: float) -> None:
    pair = ScalarPair(mass_ratio=ratio, splitting=splitting)
    found = widths(LeptonicScalar(mass=mass, g_d=0.07, dark_matter=pair))
    m1 = mass / ratio
    p1 = momentum(mass, m1, m1 * (1 + splitting))
    coupling = 0.07 * mass  # GeV, S3's g_phi_s1_s2
    expected = coupling**2 / (8 * np.pi) * p1 / mass**2  # S3 eq. 12
    assert float(found.partial["dark"]) == pytest.approx(expected, rel=1e-12, abs=0.0)
    assert set(found.dark_channels) == {"s1 s2"}


@pytest.mark.parametrize(("mass", "ratio", "splitting"), POINTS)
def test_o1_d6_width_to_two_fermions(mass: float, ratio: float, splitting: float) -> None:
    pair = FermionPair(mass_ratio=ratio, splitting=splitting)
    found = widths(LeptonicScalar(mass=mass, g_d=0.07, dark_matter=pair))
    m1, m2 = mass / ratio, mass / ratio * (1 + splitting)
    p1 = momentum(mass, m1, m2)
    expected = 0.07**2 * p1 / (4 * np.pi) * (1 - (m1 + m2) ** 2 / mass**2)  # S3 eq. 13
    assert float(found.partial["dark"]) == pytest.approx(expected, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("mass", [0.107, 0.2, 3 * M_MU, 1.0, 10.0])
def test_o1_m9_width_to_electron_and_muon(mass: float) -> None:
    found = widths(LeptonicScalar(mass=mass, h=3.3e-3))
    p_e = momentum(mass, M_E, M_MU)
    expected = (3.3e-3) ** 2 * p_e / (8 * np.pi) * (1 - (M_E**2 + M_MU**2) / mass**2)  # S3 eq. 14
    assert float(found.partial["e_mu"]) == pytest.approx(expected, rel=1e-7, abs=0.0)
    for channel in ("e_e", "mu_mu", "nu_nu", "hadrons"):
        assert float(found.partial[channel]) == 0.0


def test_m9_one_charge_state() -> None:
    # phi -> e- mu+ only; a real scalar of the same entry has e+ mu- as well
    model = LeptonicScalar(mass=0.3, h=1e-2, dark_matter=None)
    entry = model.couplings().entry("e", "mu")
    real = CouplingTable(
        mass=0.3,
        spin=0,
        fermions={("e", "mu"): Coupling(scalar=entry.scalar, pseudoscalar=entry.pseudoscalar)},
    )
    both, one = widths(real).partial["e_mu"], widths(model).partial["e_mu"]
    assert float(both) == pytest.approx(2 * float(one), rel=1e-12, abs=0.0)


def test_m9_closed_below_the_muon() -> None:
    found = widths(LeptonicScalar(mass=[0.1, 0.1061], dark_matter=None))
    assert found.total[0] == 0.0
    assert np.isinf(found.tau_s[0])
    assert found.total[1] == 0.0  # 0.10617 GeV is the threshold


def test_o1_m9_d6_the_point_of_the_publication() -> None:
    # m_phi = 3 m_mu, h = 3.3e-3 (S3 eq. 7), g about 0.1, m_phi = 3 m_psi; by hand:
    # g^2 m/(8 pi) (5/9)^(3/2) = 5.222e-5 GeV; h^2 m/(16 pi) (8/9)^2 = 5.426e-8 GeV
    found = widths(LeptonicScalar(mass=3 * M_MU, h=3.3e-3, g_d=0.1))
    assert float(found.partial["dark"]) == pytest.approx(5.222e-5, rel=2e-4, abs=0.0)
    assert float(found.partial["e_mu"]) == pytest.approx(5.426e-8, rel=2e-4, abs=0.0)
    assert float(found.branching("invisible")) > 0.998  # "decays mainly invisibly"
    assert float(found.tau_s) == pytest.approx(6.58212e-25 / 5.2277e-5, rel=2e-4, abs=0.0)


def test_o1_m9_without_dark_matter_it_decays_promptly() -> None:
    # at 100 GeV: beta gamma 315.5, tau = 1.213e-17 s by hand -> 1.15 um
    model = LeptonicScalar(mass=3 * M_MU, h=3.3e-3, dark_matter=None)
    assert float(widths(model).tau_s) == pytest.approx(1.213e-17, rel=5e-4, abs=0.0)
    assert float(decay_length_m(model, 100.0)) == pytest.approx(1.147e-6, rel=1e-3, abs=0.0)


# ----------------------------------------------------------- real scalars


@pytest.mark.parametrize("mass", [0.25, 0.3, 1.0, 20.0])
def test_o1_m8_width_to_muons(mass: float) -> None:
    # -g phi mubar mu: g^2 m beta^3 / (8 pi)
    beta = np.sqrt(1 - 4 * M_MU**2 / mass**2)
    found = widths(MuonphilicScalar(mass=mass, g=1e-3))
    assert float(found.partial["mu_mu"]) == pytest.approx(
        1e-6 * mass * beta**3 / (8 * np.pi), rel=1e-9, abs=0.0
    )
    assert float(found.partial["e_e"]) == float(found.partial["e_mu"]) == 0.0


@pytest.mark.parametrize(("lepton", "mass"), [("e", 0.05), ("mu", 0.3), ("tau", 5.0)])
def test_o1_a_scalar_that_mixes_with_the_higgs(lepton: str, mass: float) -> None:
    # G_F m_f^2 m_S beta^3 sin^2(theta) / (4 sqrt(2) pi), as for the Higgs boson itself
    m_lepton = {"e": M_E, "mu": M_MU, "tau": 1.77693}[lepton]
    beta = np.sqrt(1 - 4 * m_lepton**2 / mass**2)
    expected = 1.1663788e-5 * m_lepton**2 * mass * beta**3 * 1e-6 / (4 * np.sqrt(2) * np.pi)
    for pattern in ("mass", "leptonic"):
        found = widths(YukawaScalar(mass=mass, g=1e-3, pattern=pattern), warn=False)
        assert float(found.partial[f"{lepton}_{lepton}"]) == pytest.approx(
            expected, rel=1e-6, abs=0.0
        )


@given(st.floats(1e-4, 0.2))
def test_thresholds_of_both_parities(above: float) -> None:
    # P wave for a scalar, S wave for a pseudoscalar: their ratio is beta^2
    mass = 2 * M_MU * (1 + above)
    scalar, pseudoscalar = (
        widths(YukawaScalar(mass=mass, kind=kind, pattern="leptonic")).partial["mu_mu"]
        for kind in ("scalar", "pseudoscalar")
    )
    beta2 = 1 - 4 * M_MU**2 / mass**2
    assert float(scalar / pseudoscalar) == pytest.approx(beta2, rel=1e-9, abs=0.0)


BETA = np.sqrt(1 - 4 / 9)


@pytest.mark.parametrize(
    ("kind", "dark_matter", "per_alpha_d"),
    [
        ("scalar", Dirac(mass_ratio=3), BETA**3 / 2),
        ("scalar", Majorana(mass_ratio=3), BETA**3 / 4),
        ("scalar", ComplexScalar(mass_ratio=3), BETA / 4),
        ("pseudoscalar", Dirac(mass_ratio=3), BETA / 2),
        ("pseudoscalar", Majorana(mass_ratio=3), BETA / 4),
    ],
)
def test_o1_widths_to_dark_matter(kind: str, dark_matter: DarkMatter, per_alpha_d: float) -> None:
    # with g_d^2 = 4 pi alpha_d: Dirac alpha_d m beta^3/2; Majorana half of it; trilinear g_d m:
    # (g_d m)^2 beta/(16 pi m) = alpha_d m beta/4; a pseudoscalar has beta for beta^3
    model = YukawaScalar(
        mass=0.6, g=0.0, kind=kind, pattern="leptonic", alpha_d=0.02, dark_matter=dark_matter
    )
    expected = 0.02 * 0.6 * per_alpha_d
    assert float(widths(model).partial["dark"]) == pytest.approx(expected, rel=1e-12, abs=0.0)
