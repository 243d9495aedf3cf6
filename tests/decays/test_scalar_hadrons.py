"""Hadronic decays of spin-0 mediators: patterns, thresholds, what is not computed, publications."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam.decays.scalar_hadrons import scalar_hadron_widths
from darkbeam.decays.scalar_hadrons.form_factors import form_factors
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
from darkbeam.models.higgs_portal import HIGGS_VEV
from darkbeam.models.yukawa_scalar import QUARK_MASSES

REFERENCE = Path(__file__).parents[1] / "reference" / "scalar_widths_winkler.csv"
V = 246.22  # GeV
PION, PION0, KAON, KAON0 = 0.13957039, 0.1349768, 0.493677, 0.497611
TWO_MESONS = ("pi_pi", "pi0_pi0", "K_K", "K0_K0")


def table(mass, *, kind="scalar", **couplings):
    return CouplingTable(
        mass=mass, spin=0, fermions={f: Coupling(**{kind: g}) for f, g in couplings.items()}
    )


def higgs_like(mass, **parameters):
    return scalar_hadron_widths(YukawaScalar(mass=mass, g=1.0, **parameters).couplings())


def total(widths):
    return sum(widths.values())


# --- below 2 GeV ---


def winkler(channel):
    with REFERENCE.open() as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    rows = [row for row in rows if row["channel"] == channel]
    return np.array([[float(row["mass_gev"]), float(row["width_gev"])] for row in rows]).T


@pytest.mark.parametrize(
    ("lowest", "highest", "factor"),
    # Below the f0(980) both solve the same equations with about the same pi pi phases; above the
    # kaon threshold the scattering amplitudes that went in differ, and so do the widths.
    [(0.30, 0.86, 1.08), (0.86, 0.985, 1.25), (1.01, 1.17, 5.5)],
)
def test_pions_against_winkler(lowest, highest, factor):
    mass, published = winkler("pi_pi")
    inside = (mass > lowest) & (mass < highest)
    found = higgs_like(mass[inside])
    ratio = (found["pi_pi"] + found["pi0_pi0"]) / published[inside]
    assert np.all((ratio > 1 / factor) & (ratio < factor)), ratio


def test_kaons_against_winkler():
    mass, published = winkler("K_K")
    inside = (mass > 1.02) & (mass < 1.42)
    found = higgs_like(mass[inside])
    kaons = found["K_K"] + found["K0_K0"]
    ratio = kaons / published[inside]
    assert np.all((ratio > 0.55) & (ratio < 1.1)), ratio
    pions = found["pi_pi"] + found["pi0_pi0"]
    both = (kaons + pions) / (published[inside] + np.interp(mass[inside], *winkler("pi_pi")))
    assert np.all((both > 0.45) & (both < 1.1)), both


def test_values_by_hand_at_the_edge_of_chiral_perturbation_theory():
    """G_pi = 2/9 (M^2 + 2 m^2) + 7/9 m^2 over v at leading order; rescattering adds to it."""
    mass = 0.2792
    leading = (2 / 9 * (mass**2 + 2 * PION**2) + 7 / 9 * PION**2) / V
    beta = np.sqrt(1 - 4 * PION0**2 / mass**2)
    by_hand = leading**2 * beta / (32 * np.pi * mass)
    assert 1.2 < higgs_like(mass)["pi0_pi0"] / by_hand < 2.2  # (1 + 0.27)^2 at one loop


@pytest.mark.parametrize(
    ("channel", "threshold", "below_other"),
    [("pi_pi", 2 * PION, 1e-4), ("pi0_pi0", 2 * PION0, 0), ("K_K", 2 * KAON, 0)],
)
def test_thresholds_are_those_of_the_real_mesons(channel, threshold, below_other):
    del below_other
    widths = higgs_like(threshold * np.array([0.9999, 1.0, 1.00001, 1.001]))[channel]
    np.testing.assert_array_equal(widths > 0, [False, False, True, True])
    assert widths[2] < 0.15 * widths[3]  # the velocity: sqrt(1e-5/1e-3)


def test_charges():
    widths = higgs_like(np.array([0.6, 1.6]))
    pions = np.sqrt(1 - (2 * PION / 0.6) ** 2) / np.sqrt(1 - (2 * PION0 / 0.6) ** 2)
    assert widths["pi_pi"][0] / widths["pi0_pi0"][0] == pytest.approx(2 * pions, rel=1e-12, abs=0.0)
    assert widths["K_K"][1] / widths["K0_K0"][1] == pytest.approx(1.0, abs=0.01)


def test_patterns_interfere_as_amplitudes_do():
    """The Higgs-like width from the widths of single quarks and of their pairs, polarised."""
    mass = np.array([0.4, 0.75, 0.97])
    parts = {
        "light": dict.fromkeys("ud", (QUARK_MASSES["u"] + QUARK_MASSES["d"]) / 2 / HIGGS_VEV),
        "strange": {"s": QUARK_MASSES["s"] / HIGGS_VEV},
        "heavy": {q: QUARK_MASSES[q] / HIGGS_VEV for q in ("c", "b", "t")},
    }

    def pions(*names):
        couplings = {q: g for name in names for q, g in parts[name].items()}
        return scalar_hadron_widths(table(mass, **couplings))["pi_pi"]

    pairs = pions("light", "strange") + pions("light", "heavy") + pions("strange", "heavy")
    singles = sum(pions(name) for name in parts)
    np.testing.assert_allclose(higgs_like(mass)["pi_pi"], pairs - singles, rtol=1e-9)


def test_only_ratios_to_the_mass_count_for_heavy_quarks():
    mass = np.array([0.5, 1.3])
    top = scalar_hadron_widths(table(mass, t=QUARK_MASSES["t"] / V))
    bottom = scalar_hadron_widths(table(mass, b=QUARK_MASSES["b"] / V))
    for name in TWO_MESONS:
        np.testing.assert_allclose(top[name], bottom[name], rtol=1e-12)


@pytest.mark.parametrize(
    "couplings",
    [{"s": 1e-3}, {"b": 1e-3}, {"c": 1e-3, "b": -2e-3}, dict.fromkeys("udscbt", 1e-3)],
    ids=["strange", "bottom", "opposite", "universal"],
)
def test_total_is_continuous_where_mesons_give_way_to_quarks(couplings):
    below, above = (total(scalar_hadron_widths(table(m, **couplings))) for m in (2.0, 2.0 + 1e-9))
    assert below == pytest.approx(above, rel=1e-6, abs=0.0)


def test_four_pions_open_at_their_threshold():
    widths = higgs_like(np.array([4 * PION - 1e-6, 4 * PION + 1e-3, 1.5]))["other_mesons"]
    np.testing.assert_array_equal(widths > 0, [False, True, True])
    # Of order of Winkler's 5.1e-9 GeV^-2 M^3: his gluons are at leading order, ours at next.
    assert 1 < widths[2] / (5.1e-9 * 1.5**3) < 5


# --- what is not computed ---


def test_leptons_only_are_silent_zeros():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for model in (
            MuonphilicScalar(mass=np.array([0.1, 5.0]), g=1e-3),
            LeptonicScalar(mass=np.array([0.1, 5.0]), h=1e-3),
            YukawaScalar(mass=np.array([0.1, 5.0]), pattern="leptonic", kind="pseudoscalar"),
        ):
            widths = scalar_hadron_widths(model.couplings())
            assert widths.keys() == higgs_like(1.0).keys()
            assert all(np.all(w == 0.0) and w.shape == (2,) for w in widths.values())


def test_higgs_like_scalars_are_known_everywhere():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.all(np.isfinite(total(higgs_like(np.geomspace(1e-3, 1e3, 400)))))


def test_isovector_couplings():
    mass = np.array([0.5, 0.67, 0.69, 1.5, 2.5])
    with pytest.warns(DarkbeamWarning, match="isovector"):
        widths = scalar_hadron_widths(table(mass, u=1e-3, d=-1e-3))
    np.testing.assert_array_equal(np.isnan(widths["pi0_eta"]), [False, False, True, True, False])
    np.testing.assert_array_equal(np.isnan(widths["K_K"]), [False, False, True, True, False])
    with pytest.warns(DarkbeamWarning, match="isovector"):
        assert np.isfinite(scalar_hadron_widths(table(1.0, u=1e-3))["pi_pi"])


def test_pseudoscalars():
    mass = np.array([0.27, 0.29, 2.9, 3.1])
    with pytest.warns(DarkbeamWarning, match="279 MeV to 3 GeV"):
        widths = higgs_like(mass, kind="pseudoscalar")
    np.testing.assert_array_equal(np.isnan(total(widths)), [False, True, True, False])
    assert all(np.all(widths[name] == 0.0) for name in TWO_MESONS)
    assert total(widths)[3] > 0.0


def test_both_parities_add():
    both = CouplingTable(mass=5.0, spin=0, fermions={"b": Coupling(scalar=1e-3, pseudoscalar=2e-3)})
    parts = [scalar_hadron_widths(table(5.0, b=1e-3))]
    parts.append(scalar_hadron_widths(table(5.0, kind="pseudoscalar", b=2e-3)))
    for name, width in scalar_hadron_widths(both).items():
        assert width == pytest.approx(sum(part[name] for part in parts), rel=1e-12, abs=0.0)


def test_only_the_points_that_couple_are_unknown():
    with pytest.warns(DarkbeamWarning):
        widths = scalar_hadron_widths(table(1.0, kind="pseudoscalar", s=np.array([0.0, 1e-3])))
    np.testing.assert_array_equal(np.isnan(total(widths)), [False, True])


@pytest.mark.parametrize(
    ("pair", "threshold"),
    [(("d", "s"), PION0 + KAON), (("u", "c"), 1.8648 + PION0), (("s", "b"), 5.2794 + KAON)],
)
def test_flavour_changing_decays(pair, threshold):
    couplings = CouplingTable(
        mass=threshold + np.array([-0.01, 0.01]), spin=0, fermions={pair: Coupling(scalar=1e-3)}
    )
    with pytest.warns(DarkbeamWarning, match="flavour"):
        width = scalar_hadron_widths(couplings)["flavour_changing"]
    np.testing.assert_array_equal(np.isnan(width), [False, True])


# --- above 2 GeV ---

HIGGS_WIDTH = 4.088e-3  # GeV at 125 GeV; it and the fractions: LHCHXSWG, arXiv:1610.07922
HIGGS = higgs_like(125.0)


def test_higgs_boson_to_bottom():
    assert HIGGS["b_b"] == pytest.approx(0.5824 * HIGGS_WIDTH, rel=0.015, abs=0.0)  # top loops: 1 %


def test_higgs_boson_to_charm():
    assert HIGGS["c_c"] == pytest.approx(0.02891 * HIGGS_WIDTH, rel=0.025, abs=0.0)


def test_higgs_boson_to_leptons():
    tau = scalar_to_fermions(125.0, 1.77693, 1.77693, scalar=1.77693 / V)
    assert tau == pytest.approx(0.06272 * HIGGS_WIDTH, rel=0.015, abs=0.0)  # electroweak: 1 %


def test_higgs_boson_to_gluons():
    # Beyond next-to-leading order: 1 + 0.65 + 0.20 + 0.02 (Baikov, Chetyrkin, hep-ph/0604194) and
    # 5 % of electroweak loops (Actis, Passarino, Sturm, Uccirati, arXiv:0809.1301).
    published = 0.08187 * HIGGS_WIDTH
    beyond = (1 + 0.65 + 0.20 + 0.02) / (1 + 0.65) * 1.05
    assert HIGGS["g_g"] * beyond == pytest.approx(published, rel=0.03, abs=0.0)
    assert HIGGS["g_g"] == pytest.approx(published, rel=0.2, abs=0.0)


def test_pseudoscalar_gluons_from_a_heavy_quark():
    """A heavy loop of a pseudoscalar is 3/2 of a scalar's, and 97/4 stands for 95/4."""
    scalar = scalar_hadron_widths(table(20.0, t=0.7))["g_g"]
    odd = scalar_hadron_widths(table(20.0, kind="pseudoscalar", t=0.7))["g_g"]
    a = 0.153 / np.pi
    corrections = (1 + (97 / 4 - 35 / 6) * a) / (1 + (95 / 4 - 35 / 6) * a)
    assert odd / scalar == pytest.approx(9 / 4 * corrections, rel=2e-3, abs=0.0)


def test_gluons_from_the_low_energy_theorem():
    """L = alpha_s/(12 pi) (g/m) phi G^2 gives alpha_s^2 M^3 (g/m)^2/(72 pi^3) at leading order."""
    mass, alpha = 10.0, 0.17823  # alpha_s: CRunDec 3.1
    leading = alpha**2 * mass**3 * (0.7 / QUARK_MASSES["t"]) ** 2 / (72 * np.pi**3)
    found = scalar_hadron_widths(table(mass, t=0.7))["g_g"]
    lowest, highest = (1 + (95 / 4 - 7 * n / 6) * alpha / np.pi for n in (5, 3))
    assert leading * lowest < found < leading * highest


@pytest.mark.parametrize(
    ("quark", "kind", "threshold"),
    [
        ("c", "scalar", 2 * 1.86484),
        ("c", "pseudoscalar", 1.86484 + 2.00685),
        ("b", "scalar", 2 * 5.27941),
        ("b", "pseudoscalar", 5.27941 + 5.32475),
    ],
)
def test_heavy_flavour_opens_with_mesons(quark, kind, threshold):
    widths = scalar_hadron_widths(
        table(threshold + np.array([-1e-3, 1e-4, 1e-2]), kind=kind, **{quark: 1e-3})
    )[f"{quark}_{quark}"]
    np.testing.assert_array_equal(widths > 0, [False, True, True])
    wave = 3 if kind == "scalar" else 1  # P wave and S wave
    assert widths[2] / widths[1] == pytest.approx(100 ** (wave / 2), rel=0.05, abs=0.0)


def test_chirality_does_not_matter_far_above_the_quarks():
    scalar = scalar_hadron_widths(table(1000.0, b=1e-3))["b_b"]
    odd = scalar_hadron_widths(table(1000.0, kind="pseudoscalar", b=1e-3))["b_b"]
    assert scalar == pytest.approx(odd, rel=1e-3, abs=0.0)


def test_vectors_are_refused():
    with pytest.raises(ModelError, match="spin = 1"):
        scalar_hadron_widths(DarkPhoton(mass=0.5).couplings())


def test_far_beyond_the_running_coupling():
    with pytest.warns(DarkbeamWarning, match="above 1e\\+06 GeV"):
        assert np.isnan(higgs_like(2e6)["g_g"])


# --- everywhere ---


@settings(max_examples=30, deadline=None)
@given(st.floats(0.3, 50.0), st.floats(1e-8, 1.0))
def test_widths_go_with_the_coupling_squared(mass, g):
    unit = higgs_like(mass)
    scaled = scalar_hadron_widths(YukawaScalar(mass=mass, g=g).couplings())
    for name, width in scaled.items():
        assert width == pytest.approx(g**2 * unit[name], rel=1e-12, abs=0.0)


@settings(max_examples=30, deadline=None)
@given(st.floats(1e-3, 100.0), st.sampled_from("scbt"), st.floats(-1.0, 1.0))
def test_no_width_is_negative(mass, quark, sign):
    widths = scalar_hadron_widths(table(mass, **{quark: sign}))
    assert all(width >= 0.0 for width in widths.values())


def test_shapes():
    couplings = table(np.array([0.4, 1.2, 5.0]), s=np.array([[1e-3], [1e-4]]))
    assert all(w.shape == (2, 3) for w in scalar_hadron_widths(couplings).values())


def test_complex_scalar_of_a_phase():
    for mass in (0.9, 3.0):
        one, turned = (
            CouplingTable(
                mass=mass,
                spin=0,
                self_conjugate=False,
                fermions={"s": Coupling(scalar=g), "c": Coupling(scalar=2 * g)},
            )
            for g in (1e-3, 1e-3j)
        )
        assert total(scalar_hadron_widths(one)) == pytest.approx(
            total(scalar_hadron_widths(turned)), rel=1e-12, abs=0.0
        )


def test_amplitudes_fit_the_widths():
    """|G_pi|^2 beta/(16 pi M) with the form factors by hand."""
    mass = 0.8
    pion, _ = form_factors(mass**2)
    amplitude = (2 / 9 * pion.theta + 7 / 9 * (pion.gamma + pion.delta)) / V
    by_hand = abs(amplitude) ** 2 / (16 * np.pi * mass) * np.sqrt(1 - 4 * PION**2 / mass**2)
    assert higgs_like(mass)["pi_pi"] == pytest.approx(by_hand, rel=1e-5, abs=0.0)
