"""All sources of a proton beam: weights, strengths, and models that no source can make."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from darkbeam.errors import InputError, ModelError, ValidityError
from darkbeam.models import X17, Baryonic, DarkPhoton, LeptonicScalar
from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.production.drell_yan import drell_yan_samples
from darkbeam.production.meson_decays import MESON_DECAYS, branching_ratio
from darkbeam.production.meson_spectra import meson_spectrum
from darkbeam.production.nucleon_form_factors import nucleon_form_factor
from darkbeam.production.proton_brem import proton_brem_yield
from darkbeam.production.proton_dump import (
    ProtonProduction,
    proton_dump_samples,
    source_strengths,
)
from darkbeam.production.proton_interactions import interactions_in
from darkbeam.production.vector_dominance import meson_mixing

SHIP = ProtonProduction("400GeV-p")
MIXED = ProtonProduction("400GeV-p", sources=("rho-mixing", "omega-mixing", "phi-mixing"))


def test_only_open_sources_have_points():
    for mass in (0.02, 0.2, 0.6, 0.97):
        made = proton_dump_samples(SHIP, 400.0, mass)
        expected = {name for name, decay in MESON_DECAYS.items() if decay.threshold > mass}
        assert set(made) == expected | {"bremsstrahlung"}
        assert sum(len(sample) for sample in made.values()) < 15_000
    assert set(proton_dump_samples(MIXED, 400.0, 0.7)) == set(MIXED.sources)
    assert proton_dump_samples(MIXED, 400.0, 0.3) == {}


def test_quarks_fuse_above_their_least_mass():
    """Weights and strengths of each flavour; a collider's are those of one direction."""
    mass = 3.0
    made = proton_dump_samples(SHIP, 400.0, mass)
    assert {name for name in made if "->" in name} == set()
    table = CouplingTable(
        mass=[1.4, mass], fermions={"u": Coupling(vector=0.3, axial=0.4), "c": Coupling(axial=2.0)}
    )
    strengths = source_strengths(SHIP, table)
    assert_allclose(strengths["drell-yan u"], [0.0, 0.25])
    assert_allclose(strengths["drell-yan c"], [0.0, 4.0])
    assert strengths["drell-yan d"].tolist() == [0.0, 0.0]
    whole = drell_yan_samples(400.0, mass)
    for quark, sample in whole.items():
        assert_allclose(made[f"drell-yan {quark}"].total, sample.total, rtol=1e-3)
    lhc = ProtonProduction("13.6TeV-pp", sources=("drell-yan",))
    both = drell_yan_samples(6800.0, 20.0, collider=True)
    for quark, sample in both.items():
        forward = proton_dump_samples(lhc, 6800.0, 20.0)[f"drell-yan {quark}"]
        assert_allclose(forward.total, 0.5 * sample.total, rtol=5e-3)
        assert forward.angle.max() <= 0.5 * np.pi


def test_a_narrow_cone_has_its_share_of_fused_quarks():
    cone = 0.004
    found = proton_dump_samples(SHIP, 400.0, 3.0, largest_angle=cone, least_energy=20.0)
    fine = drell_yan_samples(400.0, 3.0, size=(600, 600))["u"]
    kept = (fine.angle <= cone) & (fine.energy >= 20.0)
    assert_allclose(found["drell-yan u"].total, fine.weight[kept].sum(), rtol=0.02)


def test_yields_are_multiplicities_times_branching_ratios_and_that_of_radiation():
    mass = 0.1
    made = proton_dump_samples(SHIP, 400.0, mass)
    table = DarkPhoton(mass=mass, epsilon=1e-4).couplings()
    strengths = source_strengths(SHIP, table)
    for name in ("pi0->gamma X", "eta->gamma X", "omega->pi0 X"):
        number = meson_spectrum(name.split("-")[0], "400GeV-p").multiplicity
        expected = number * branching_ratio(name, table)
        assert_allclose(made[name].total * strengths[name], expected, rtol=0.005)
    radiated = made["bremsstrahlung"].total * strengths["bremsstrahlung"]
    assert_allclose(radiated, proton_brem_yield(table, 400.0), rtol=1e-3)


def test_strengths_are_those_of_each_source():
    """For couplings without a pattern, in a plane of masses and couplings."""
    mass = np.geomspace(0.01, 2.0, 40)
    size = np.geomspace(1e-8, 1e-2, 30)[:, None]
    table = CouplingTable(
        mass=mass,
        fermions={
            "u": Coupling(vector=0.7 * size),
            "d": Coupling(vector=-0.2 * size, axial=0.1),
            "s": Coupling(vector=1.3 * size),
            "e": Coupling(vector=1.0),
        },
    )
    for form_factor in ("vmd", "dipole", "point"):
        production = ProtonProduction("400GeV-p", form_factor=form_factor)
        found = source_strengths(production, table)
        assert list(found) == list(production.names)
        assert all(strength.shape == (30, 40) for strength in found.values())
        kind = "point" if form_factor == "point" else "vmd"
        for name in MESON_DECAYS:
            expected = branching_ratio(name, table, form_factor=kind)
            assert_allclose(found[name], expected, rtol=1e-10)
        proton = nucleon_form_factor(table, form_factor=form_factor)
        assert_allclose(found["bremsstrahlung"], np.abs(proton) ** 2, rtol=1e-10)
    near = (mass >= 0.6) & (mass <= 1.1)
    for name, found in source_strengths(MIXED, table).items():
        expected = near * meson_mixing(name.removesuffix("-mixing"), table)
        assert_allclose(found, expected, rtol=1e-10)


def test_masses_may_have_the_full_shape():
    mass, epsilon = np.meshgrid([0.05, 0.3, 0.8], [1e-6, 1e-5])
    full = source_strengths(SHIP, DarkPhoton(mass=mass, epsilon=epsilon).couplings())
    broad = DarkPhoton(mass=mass[0], epsilon=epsilon[:, :1]).couplings()
    for name, strength in source_strengths(SHIP, broad).items():
        assert_allclose(full[name], strength, rtol=1e-12)
    single = source_strengths(SHIP, DarkPhoton(mass=0.3, epsilon=1e-6).couplings())
    assert_allclose([full[name][0, 1] for name in full], list(single.values()), rtol=1e-12)


def test_what_no_source_can_make_has_no_strength():
    strengths = source_strengths(SHIP, LeptonicScalar(mass=0.05, h=1e-3).couplings())
    assert set(strengths) == set(SHIP.names)
    assert not any(np.any(strength) for strength in strengths.values())
    lepton = CouplingTable(mass=[0.1, 0.2], fermions={"mu": Coupling(vector=1e-3)})
    found = source_strengths(SHIP, lepton)
    assert all(strength.tolist() == [0.0, 0.0] for strength in found.values())


def test_cancelled_amplitudes_are_no_rounding():
    """A boson of baryon number is isoscalar: no omega -> pi0 X, no rho -> eta X."""
    table = Baryonic(mass=[0.05, 0.2], g=1e-3, epsilon=0.0).couplings()
    found = source_strengths(SHIP, table)
    for name in ("omega->pi0 X", "rho->eta X"):
        assert found[name].tolist() == [0.0, 0.0]
    assert np.all(found["rho->pi0 X"] > 0.0)
    # A neutral proton does not radiate, whatever the digits of its quarks' couplings.
    up = np.random.default_rng(1).random(200)
    quarks = {"u": Coupling(vector=up), "d": Coupling(vector=-6.0 * (up / 3.0))}
    pointlike = ProtonProduction("400GeV-p", form_factor="point", sources=("bremsstrahlung",))
    radiated = source_strengths(pointlike, CouplingTable(mass=0.1, fermions=quarks))
    assert not np.any(radiated["bremsstrahlung"])
    # Protophobic: rho and omega cancel but for the difference of their propagators.
    x17 = X17(mass=0.0167, epsilon_p=0.0, epsilon_n=1e-3).couplings()
    expected = branching_ratio("pi0->gamma X", x17)
    assert_allclose(source_strengths(SHIP, x17)["pi0->gamma X"], expected, rtol=1e-8)


def test_scalars_of_quarks_are_refused():
    table = CouplingTable(mass=0.2, spin=0, fermions={"u": Coupling(scalar=1e-4)})
    with pytest.raises(ModelError, match="scalars by protons is not available"):
        source_strengths(SHIP, table)


def test_protons_interact_once_in_the_depth_of_the_target():
    layers = [("Be", 300.0)]
    thin = ProtonProduction("400GeV-p", target=layers, sources=("pi0", "bremsstrahlung"))
    free = ProtonProduction("400GeV-p", sources=("pi0", "bremsstrahlung"))
    share, depth = interactions_in(layers)
    assert 0.4 < share < 0.6
    for name, sample in proton_dump_samples(thin, 400.0, 0.05).items():
        assert_allclose(sample.total, share * proton_dump_samples(free, 400.0, 0.05)[name].total)
        assert_allclose(sample.depth_m, depth)


def test_a_table_serves_energies_nearby_at_fixed_transverse_momentum():
    """LHC tables of 13.6 TeV at 14 TeV: momenta 3 % higher, as many mesons, the same pT."""
    lhc = ProtonProduction("13.6TeV-pp", sources=("eta",))
    now, later = (
        proton_dump_samples(lhc, energy, 0.2)["eta->gamma X"] for energy in (6800.0, 7000.0)
    )
    assert_allclose(later.total, now.total, rtol=1e-6)
    mean = np.average(later.energy, weights=later.weight) / np.average(
        now.energy, weights=now.weight
    )
    assert_allclose(mean, 7000.0 / 6800.0, rtol=0.005)
    fast = [np.average((s.momentum * s.angle)[s.energy > 300.0]) for s in (now, later)]
    assert_allclose(fast[1], fast[0], rtol=0.02)
    with pytest.raises(ValidityError, match=r"beam_energy = 6000 GeV.*protons of 6800 GeV"):
        proton_dump_samples(lhc, 6000.0, 0.2)
    with pytest.raises(ValidityError, match="within 7 %"):
        proton_dump_samples(SHIP, 450.0, 0.2)


def test_bad_masses_are_named():
    with pytest.raises(InputError, match="mass must be above 0"):
        proton_dump_samples(SHIP, 400.0, 0.0)
    with pytest.raises(InputError, match="beam_energy"):
        proton_dump_samples(SHIP, np.nan, 0.1)


def test_multiplicities_as_measured():
    """NA27 has 0.30 eta for 3.87 pi0; SIBYLL's pi0 stay, the others follow them."""
    own = ProtonProduction("400GeV-p", sources=("pi0", "eta", "eta'", "omega"))
    like_na27 = replace(own, multiplicities="NA27")
    ratio = own.spectrum("eta").multiplicity / own.spectrum("pi0").multiplicity
    expected = 0.30 / 3.87 / ratio
    made, scaled = (proton_dump_samples(one, 400.0, 0.05) for one in (own, like_na27))
    for name in ("eta->gamma X", "eta'->gamma X"):
        assert scaled[name].total == pytest.approx(expected * made[name].total, rel=1e-12)
    assert scaled["pi0->gamma X"].total == made["pi0->gamma X"].total
    omega = 0.390 / own.spectrum("omega").multiplicity * own.spectrum("pi0").multiplicity / 3.87
    assert scaled["omega->pi0 X"].total == pytest.approx(
        omega * made["omega->pi0 X"].total, rel=1e-12
    )
    with pytest.raises(InputError, match=r"multiplicities.*NA27"):
        replace(own, multiplicities="NA72")
