"""Widths of whole models: S1 eqs. 8-10, dark matter kinds, bookkeeping."""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.decays import decay_length_m, widths
from darkbeam.errors import DarkbeamWarning, InputError, ModelError, UnknownNameError
from darkbeam.models import (
    ComplexScalar,
    Coupling,
    CouplingTable,
    DarkFermions,
    DarkMatter,
    DarkPhoton,
    DarkScalars,
    DarkWidth,
    Dirac,
    Majorana,
    MuonphilicScalar,
    PseudoDirac,
    YukawaScalar,
)

ALPHA = 1 / 137.035999177
M_E, M_MU = 0.51099895e-3, 0.1056583755
COLUMNS = ["e_e", "mu_mu", "tau_tau", "e_mu", "nu_nu", "hadrons", "dark"]


def test_channels_stand_in_the_order_of_the_columns() -> None:
    assert list(widths(DarkPhoton(mass=0.1)).partial) == COLUMNS


@pytest.mark.parametrize("mass", [2e-3, 0.05, 0.25])
def test_the_visible_width_is_equation_9(mass: float) -> None:
    found = widths(DarkPhoton(mass=mass, epsilon=2e-3))
    for channel, lepton in (("e_e", M_E), ("mu_mu", M_MU)):
        r2 = (lepton / mass) ** 2
        expected = 0.0
        if r2 < 0.25:
            expected = (2e-3) ** 2 * ALPHA / 3 * mass * (1 + 2 * r2) * math.sqrt(1 - 4 * r2)
        assert float(found.partial[channel]) == pytest.approx(expected, rel=1e-7, abs=0.0)


def test_the_invisible_widths_are_equations_8_and_10() -> None:
    mass, m_chi, alpha_d = 0.1, 0.1 / 3, 0.3
    r2 = (m_chi / mass) ** 2
    dirac = widths(DarkPhoton(mass=mass, alpha_d=alpha_d, dark_matter=Dirac(mass=m_chi)))
    expected = alpha_d / 3 * mass * (1 + 2 * r2) * math.sqrt(1 - 4 * r2)
    assert float(dirac.partial["dark"]) == pytest.approx(expected, rel=1e-12, abs=0.0)
    scalar = widths(DarkPhoton(mass=mass, alpha_d=alpha_d, dark_matter=ComplexScalar(mass=m_chi)))
    expected = alpha_d / 12 * mass * (1 - 4 * r2) ** 1.5
    assert float(scalar.partial["dark"]) == pytest.approx(expected, rel=1e-12, abs=0.0)


def test_a_light_majorana_particle_decays_like_a_charged_weyl_fermion() -> None:
    """One left-handed Weyl fermion of charge e_d, that is half of a Dirac fermion's width."""
    light = Majorana(mass_ratio=1e4)
    found = widths(DarkPhoton(mass=0.1, alpha_d=0.2, dark_matter=light)).partial["dark"]
    weyl = Coupling.chiral(left=math.sqrt(4 * math.pi * 0.2))
    expected = widths(CouplingTable(0.1, {"nu_e": weyl})).partial["nu_nu"]
    assert float(found) == pytest.approx(float(expected), rel=1e-6, abs=0.0)
    dirac = widths(DarkPhoton(mass=0.1, alpha_d=0.2, dark_matter=Dirac(mass_ratio=1e4)))
    assert float(found) == pytest.approx(0.5 * float(dirac.partial["dark"]), rel=1e-6, abs=0.0)


@given(st.floats(2.01, 1e3))
def test_majorana_is_twice_the_scalar_at_any_mass(mass_ratio: float) -> None:
    """Both are p-wave: alpha_d M beta^3 / 6 against / 12."""
    majorana = widths(DarkPhoton(mass=0.1, dark_matter=Majorana(mass_ratio=mass_ratio)))
    scalar = widths(DarkPhoton(mass=0.1, dark_matter=ComplexScalar(mass_ratio=mass_ratio)))
    np.testing.assert_allclose(majorana.partial["dark"], 2 * scalar.partial["dark"], rtol=1e-10)


@given(st.floats(2.1, 100), st.floats(0, 1e-6))
def test_pseudo_dirac_becomes_dirac(mass_ratio: float, splitting: float) -> None:
    split = PseudoDirac(mass_ratio=mass_ratio, splitting=splitting)
    pseudo = widths(DarkPhoton(mass=0.1, dark_matter=split)).partial["dark"]
    dirac = widths(DarkPhoton(mass=0.1, dark_matter=Dirac(mass_ratio=mass_ratio))).partial["dark"]
    np.testing.assert_allclose(pseudo, dirac, rtol=2e-5)


def test_pseudo_dirac_closes_where_both_states_no_longer_fit() -> None:
    def dark(splitting: float) -> float:
        split = PseudoDirac(mass_ratio=3, splitting=splitting)
        return float(widths(DarkPhoton(mass=0.15, dark_matter=split)).partial["dark"])

    assert dark(0.999) > 0.0 == dark(1.001) == dark(1.5)
    values = [dark(x) for x in np.linspace(0, 0.999, 11)]
    assert all(a > b for a, b in itertools.pairwise(values))


def test_left_handed_neutrinos_have_half_the_width_of_a_massless_dirac_pair() -> None:
    g = 0.01
    table = CouplingTable(0.02, {f"nu_{f}": Coupling.chiral(left=g) for f in ("e", "mu", "tau")})
    expected = 3 * g**2 * 0.02 / (24 * math.pi)
    assert float(widths(table).partial["nu_nu"]) == pytest.approx(expected, rel=1e-14, abs=0.0)


def test_a_real_mediator_decays_to_both_charge_states_a_complex_one_to_one() -> None:
    # arXiv:2202.04410: L = -h ebar_L mu_R phi + h.c.
    lfv = {("e", "mu"): Coupling(scalar=0.1, pseudoscalar=-0.1j)}
    one = widths(CouplingTable(1.0, lfv, spin=0, self_conjugate=False)).partial["e_mu"]
    two = widths(CouplingTable(1.0, lfv, spin=0)).partial["e_mu"]
    p = 0.5 * (1 - M_MU**2)  # m_e neglected
    assert float(one) == pytest.approx(
        0.2**2 * p / (8 * math.pi) * (1 - M_MU**2), rel=1e-5, abs=0.0
    )
    assert float(two) == pytest.approx(2 * float(one), rel=1e-14, abs=0.0)


def test_further_flavour_changing_channels_appear_if_they_couple() -> None:
    found = widths(CouplingTable(3.0, {("tau", "e"): Coupling(vector=0.1)})).partial
    assert float(found["e_tau"]) > 0.0
    assert [name for name in found if name in COLUMNS] == COLUMNS


def test_dark_channels_of_every_kind_add_up() -> None:
    masses = (0.1, 0.2)
    channels = (
        DarkFermions("psi1 psi2", masses, vector=0.3, conjugate=True),
        DarkFermions("n n", (0.1, 0.1), axial=0.4, identical=True),
        DarkScalars("s1 s2*", masses, coupling=0.5),
        DarkWidth("glueballs", lambda mass: 1e-3 * mass),
    )
    found = widths(CouplingTable(np.array([1.0, 2.0]), dark=channels))
    parts = found.dark_channels
    np.testing.assert_allclose(sum(parts.values()), found.partial["dark"], rtol=1e-14)
    np.testing.assert_allclose(parts["glueballs"], [1e-3, 2e-3])
    single = DarkFermions("psi1 psi2", masses, vector=0.3)
    alone = widths(CouplingTable(np.array([1.0, 2.0]), dark=(single,))).partial["dark"]
    np.testing.assert_allclose(parts["psi1 psi2"], 2 * alone, rtol=1e-14)
    with pytest.raises(ModelError, match="spin-0"):
        widths(CouplingTable(1.0, spin=0, dark=(single,)))


KINDS = st.sampled_from([ComplexScalar(), Dirac(), Majorana(), PseudoDirac(splitting=0.1), None])


@given(st.floats(2e-3, 0.279), st.floats(1e-8, 1.0), st.floats(0, 1), KINDS)
def test_branching_fractions_add_up_to_one(
    mass: float, epsilon: float, alpha_d: float, kind: DarkMatter | None
) -> None:
    found = widths(DarkPhoton(mass=mass, epsilon=epsilon, alpha_d=alpha_d, dark_matter=kind))
    assert sum(float(found.branching(c)) for c in found.partial) == pytest.approx(
        1, rel=1e-12, abs=0.0
    )
    both = float(found.branching("visible")) + float(found.branching("invisible"))
    assert both == pytest.approx(1, rel=1e-12, abs=0.0)
    assert found.complete.all()


@given(st.floats(1e-3, 0.279), st.floats(1e-6, 1e-2), st.floats(1.1, 10), KINDS)
def test_widths_go_with_the_square_of_the_coupling(
    mass: float, epsilon: float, factor: float, kind: DarkMatter | None
) -> None:
    model = DarkPhoton(mass=mass, epsilon=epsilon, alpha_d=0.1, dark_matter=kind)
    here, there = widths(model), widths(model.with_coupling(factor * epsilon))
    np.testing.assert_allclose(there.visible, factor**2 * here.visible, rtol=1e-12)
    np.testing.assert_allclose(there.partial["dark"], here.partial["dark"], rtol=0)


def test_arrays_give_what_single_points_give() -> None:
    masses = np.geomspace(5e-4, 0.27, 7)
    found = widths(DarkPhoton(mass=masses[:, None], epsilon=[1e-4, 1e-2]))
    assert found.total.shape == (7, 2)
    for i, mass in enumerate(masses):
        alone = widths(DarkPhoton(mass=mass, epsilon=1e-2))
        for channel, width in alone.partial.items():
            assert found.partial[channel].shape == (7, 2)
            assert float(found.partial[channel][i, 1]) == pytest.approx(
                float(width), rel=1e-14, abs=0.0
            )


def test_hadrons_are_nan_with_one_warning_never_a_silent_zero() -> None:
    """Axial currents of light quarks have no form factors below the matching to QCD."""
    couplings = {"u": Coupling(axial=1e-3), "e": Coupling(vector=1e-3)}
    table = CouplingTable(mass=[0.1, 0.279, 1.0, 2.0], fermions=couplings)
    with pytest.warns(DarkbeamWarning) as caught:
        found = widths(table)
    assert len(caught) == 1
    np.testing.assert_array_equal(np.isnan(found.partial["hadrons"]), [False, False, True, False])
    np.testing.assert_array_equal(found.complete, [True, True, False, True])
    assert np.all(np.isfinite(found.total))
    assert found.total[2] == found.partial["e_e"][2]
    assert np.isnan(found.branching("hadrons")[2])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        widths(table, warn=False)


def test_hadrons_are_the_sum_of_their_channels() -> None:
    masses = np.array([0.2, 0.5, 0.7755, 1.02, 1.7, 3.0, 10.0])
    found = widths(DarkPhoton(mass=masses, epsilon=1e-3, dark_matter=None))
    parts = found.hadronic_channels
    np.testing.assert_allclose(sum(parts.values()), found.partial["hadrons"], rtol=1e-14)
    # e+e- -> pi+pi- reaches 1.3 microbarn at the rho: R = 1.3 / 0.144 = 9
    ratio = parts["pi_pi"][2] / found.partial["e_e"][2]
    assert ratio == pytest.approx(9.0, rel=0.08, abs=0.0)
    # above the matching the perturbative 2 (1 + alpha_s/pi): 2.2 at 3 GeV
    assert found.partial["hadrons"][5] / found.partial["e_e"][5] == pytest.approx(
        2.2, rel=0.05, abs=0.0
    )


def test_a_muonphilic_scalar_below_its_threshold_decays_to_photons() -> None:
    """Not to nothing: the loop of muons is its only way, c tau of centimetres for g = 1e-3."""
    found = widths(MuonphilicScalar(mass=[0.1, 0.3], g=1e-3))
    assert np.all(found.partial["gamma_gamma"] > 0.0)
    assert float(found.branching("gamma_gamma")[0]) == 1.0
    assert float(found.branching("gamma_gamma")[1]) < 1e-4


def test_the_loop_of_the_w_counts_for_a_share_of_the_higgs_boson() -> None:
    """At 0.1 GeV it cancels that of the heavy quarks to a part in a thousand: e e is all."""
    higgs_like = YukawaScalar(mass=0.1, g=1e-3)
    assert float(widths(higgs_like).branching("gamma_gamma")) < 1e-3
    with pytest.warns(DarkbeamWarning, match="W and Z are not computed"):
        at_125 = widths(YukawaScalar(mass=125.2, g=1.0))
    assert not at_125.complete
    assert np.isnan(at_125.partial["weak_bosons"])
    # LHC Higgs working group, arXiv:1610.07922: 9.3 keV to photons, 2.37 MeV to b quarks
    assert float(at_125.partial["gamma_gamma"]) == pytest.approx(9.3e-6, rel=0.03, abs=0.0)
    assert float(at_125.hadronic_channels["b_b"]) == pytest.approx(2.37e-3, rel=0.03, abs=0.0)


def test_a_mediator_of_leptons_only_has_no_hadrons() -> None:
    found = widths(CouplingTable(1.0, {"mu": Coupling(vector=0.1)}))
    assert float(found.partial["hadrons"]) == 0.0


def test_lifetime_and_decay_length() -> None:
    """S1 eq. 118: 0.8 mm (gamma/10) (1e-4/epsilon)^2 (100 MeV/m)."""
    model = DarkPhoton(mass=0.1, epsilon=1e-4, dark_matter=None)
    assert float(decay_length_m(model, 1.0)) == pytest.approx(0.8e-3, rel=0.02, abs=0.0)
    found = widths(model)
    beta_gamma = math.sqrt(10.0**2 - 1)
    expected = beta_gamma * 299792458.0 * float(found.tau_s)
    assert float(decay_length_m(model, 1.0)) == pytest.approx(expected, rel=1e-12, abs=0.0)
    assert float(decay_length_m(model, 0.1)) == 0.0
    assert decay_length_m(model, [1.0, 2.0]).shape == (2,)


def test_lifetimes_of_the_muonic_boson() -> None:
    """S0: e_mu = 4.75e-4, two neutrino flavours: c tau gamma = 1.65 m at (1 MeV, 50 GeV)."""
    pair = {n: Coupling.chiral(left=4.75e-4) for n in ("nu_mu", "nu_tau")}
    light, heavy = CouplingTable(1e-3, pair), CouplingTable(0.2, pair)
    assert float(widths(light).tau_s) == pytest.approx(1.1e-13, rel=0.02, abs=0.0)
    assert float(widths(heavy).tau_s) == pytest.approx(5.5e-16, rel=0.02, abs=0.0)
    assert float(decay_length_m(light, 50.0)) == pytest.approx(1.65, rel=0.01, abs=0.0)


def test_a_stable_mediator_lives_for_ever() -> None:
    stable = DarkPhoton(mass=1e-4, epsilon=0.0, dark_matter=Dirac(mass_ratio=1))
    found = widths(stable)
    assert float(found.total) == 0.0
    assert math.isinf(float(found.tau_s))
    assert math.isnan(float(found.branching("e_e")))
    assert math.isinf(float(decay_length_m(stable, 1.0)))


@pytest.mark.parametrize("energy", [0.05, float("nan"), float("inf"), -1.0])
def test_an_energy_below_the_mass_is_refused(energy: float) -> None:
    with pytest.raises(InputError, match="energy must be finite and at least"):
        decay_length_m(DarkPhoton(mass=0.1), energy)


def test_unknown_channels_and_models_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'hadrons'"):
        widths(DarkPhoton(mass=0.1)).branching("hadron")
    with pytest.raises(ModelError, match="must be a Model or a CouplingTable, got str"):
        widths("dark-photon")  # type: ignore[arg-type]
