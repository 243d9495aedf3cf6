"""Experiments with proton beams: their files, a direct sum over mediators, published edges."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from darkbeam.constants import ELECTRON_MASS
from darkbeam.decays import widths
from darkbeam.errors import ModelError
from darkbeam.experiments import experiment
from darkbeam.experiments.displaced import (
    acceptance_table,
    decay_probability,
    production_samples,
)
from darkbeam.experiments.displaced.sources import (
    processes_of,
    source_samples,
    source_strengths,
)
from darkbeam.geometry import path_in_volume
from darkbeam.models import DarkPhoton, LMuLTau
from darkbeam.production.meson_decays import MESON_DECAYS
from darkbeam.production.meson_fits import bmpt
from darkbeam.production.meson_spectra import MesonSpectrum, meson_spectrum
from darkbeam.production.proton_sources import decay_sample

REFERENCE = Path(__file__).parents[1] / "reference"
TOOL = Path(__file__).parents[2] / "tools" / "make_proton_dump_comparison.py"
COLLIDERS = {"FASER": 150, "FASER2": 3000, "FASER-2022": 27, "MATHUSLA": 3000, "CODEX-b": 300}
DUMPS = ("SHiP", "SeaQuest", "NuCal", "CHARM", "NA62", "PS191", "NOMAD")
CURVES = (
    "charm_gninenko_limit",
    "charm_tsai_limit",
    "faser_2022_limit",
    "faser_run3_reach",
    "faser2_reach",
    "na62_mumu_2021_limit",
    "na62_tsai_reach",
    "nomad_limit",
    "nucal_blumlein_brem_limit",
    "nucal_blumlein_pi0_limit",
    "nucal_tsai_limit",
    "ps191_limit",
    "seaquest_reach",
    "ship_alekhin_brem_reach",
    "ship_alekhin_mesons_reach",
)


@pytest.fixture(scope="module")
def tool():
    """The comparison that the documentation's tables are made with."""
    spec = importlib.util.spec_from_file_location("proton_dump_comparison", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


# Files.


@pytest.mark.parametrize(("name", "luminosity"), COLLIDERS.items())
def test_collisions_are_luminosity_times_cross_section(name, luminosity):
    """1/fb is 1e15/b; 79.5 mb is between the 79 and 80 mb measured at 13 and 13.6 TeV."""
    assert experiment(name).eot == pytest.approx(luminosity * 1e15 * 0.0795, rel=3e-3)


@pytest.mark.parametrize(
    ("name", "energy", "protons", "start", "length"),
    [
        ("SHiP", 400, 2e20, 60, 50),  # S2 table 1
        ("SeaQuest", 120, 1.44e18, 5, 1),  # S2 table 1
        ("NuCal", 70, 1.71e18, 64, 23),  # darkcast, ALPINIST
        ("CHARM", 400, 2.4e18, 480, 35),  # ALPINIST
        ("NA62", 400, 1.4e17, 105 - 23.07, 75),  # arXiv:2303.08666
        ("PS191", 19.2, 8.6e18, 128, 12),
        ("NOMAD", 450, 4.1e19, 835, 7.5),  # darkcast
    ],
)
def test_exposures_and_lengths_are_the_published_ones(name, energy, protons, start, length):
    one = experiment(name)
    volume = one.description.decay_volume
    assert one.description.beam.energy == energy
    assert one.eot == protons
    assert volume.start == pytest.approx(start)
    assert volume.end - volume.start == pytest.approx(length)


@pytest.mark.parametrize(
    ("name", "on_axis"),
    [
        (name, name not in ("CHARM", "PS191", "MATHUSLA", "CODEX-b"))
        for name in (*DUMPS, *COLLIDERS)
    ],
)
def test_only_some_see_the_axis_of_the_beam(name, on_axis):
    _, length = path_in_volume(experiment(name).description.decay_volume, 0.0)
    assert (length > 0.0) == on_axis


@pytest.mark.parametrize("name", CURVES)
def test_published_edges_enclose_a_region(name):
    mass, lower, upper = np.loadtxt(REFERENCE / f"{name}.csv", delimiter=",", comments=("#", "m")).T
    assert np.all(np.diff(mass) > 0.0)
    assert np.all(lower < upper)
    assert len(mass) >= 10


# A second route: no table of proper times, no kernel of the acceptance.


def plain_sum(one, model, mass):
    """Return the expected events by a sum over the mediators that were made."""
    description = one.description
    table = model.couplings()
    strengths = source_strengths(description, table, processes_of(description))
    decays = widths(model, warn=False)
    total = float(decays.total)
    visible = sum(float(decays.partial[state]) for state in description.final_states) / total
    events = 0.0
    for name, sample in source_samples(description, mass, tuple(strengths)).items():
        depth = np.column_stack([0 * sample.depth_m, 0 * sample.depth_m, sample.depth_m])
        start, length = path_in_volume(description.decay_volume, sample.angle, 0.0, origin=depth)
        chance = decay_probability(start, length, sample.momentum, mass, total)
        kept = sample.energy >= description.selection.energy_min
        events += float(strengths[name]) * float(np.sum((sample.weight * chance)[kept]))
    return one.eot * one.efficiency * visible * events


@pytest.mark.parametrize("name", ["FASER", "FASER2"])
@pytest.mark.parametrize("epsilon", [1e-6, 3e-5])
def test_events_are_a_sum_over_mediators(name, epsilon):
    """Of a cylinder around the beam without a detector: 1 % for interpolation in the width.

    At the larger mixing most decay before the volume, so that the exponential is tested too.
    """
    one = experiment(name)
    model = DarkPhoton(mass=0.05, epsilon=epsilon, dark_matter=None)
    assert one.expected_events(model) == pytest.approx(plain_sum(one, model, 0.05), rel=0.01)


def fitted_pions(beam_energy, mass_number, interaction_mb):
    """Return the spectrum of pi0 by the fit of Bonesini et al. to data (hep-ph/0101163)."""
    log_p, log_theta = np.linspace(-1.0, np.log10(beam_energy), 81), np.linspace(-4.0, 0.0, 61)
    p, theta = (10 ** (0.5 * (edges[1:] + edges[:-1])) for edges in (log_p, log_theta))
    cell = np.diff(10**log_p)[:, None] * np.diff(10**log_theta)[None, :]
    density = bmpt(p[:, None], theta[None, :], beam_energy, "pi0", mass_number) / interaction_mb
    counts = np.nan_to_num(density * cell)
    return MesonSpectrum(
        "pi0", log_p, log_theta, counts, 1.0, 1, "fit", "Fe", "hep-ph/0101163", interaction_mb
    )


def events_of_nucal(one, spectrum, epsilon, mass=0.05):
    """Return the pi0 decays of many mediators over all of phase space that NuCal would see.

    Here the mediator itself must meet the last plane, which its light daughters then do too.
    """
    decay = MESON_DECAYS["pi0->gamma X"]
    sample = decay_sample(spectrum, decay, mass, 400_000)
    model = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
    width = float(widths(model, warn=False).total)
    strength = float(source_strengths(one.description, model.couplings(), ("pi0",))[decay.name])
    kept = (sample.energy >= 10.0) & (sample.angle < np.arctan(1.3 / 86.8))
    chance = decay_probability(63.83, 23.0, sample.momentum[kept], mass, width)
    return one.eot * one.efficiency * strength * np.sum(sample.weight[kept] * chance)


@pytest.mark.parametrize("epsilon", [2e-7, 1e-5])
@pytest.mark.parametrize("table", [("70GeV-p", "Sibyll23e"), ("70GeV-Fe", "UrQMD34")])
def test_events_of_nucal_by_many_mediators(tool, table, epsilon):
    """Nothing is shared with the engine but spectrum, branching ratio and decay law.

    The interactions are 17 cm deep in the iron. 4 %, and 12 % at the upper edge, where of 4e5
    mediators only the few fastest count: there 12 % of the events are 0.5 % of the mixing.
    """
    beam, generator = table
    one = tool.produced(spectra=beam, generator=generator, sources=("pi0",))(experiment("NuCal"))
    one = replace(one, processes=("pi0",))
    model = DarkPhoton(mass=0.05, epsilon=epsilon, dark_matter=None)
    direct = events_of_nucal(one, meson_spectrum("pi0", beam, generator), epsilon)
    assert one.expected_events(model) == pytest.approx(direct, rel=0.04 if epsilon < 1e-6 else 0.12)


def test_generator_of_protons_on_iron_agrees_with_a_fit_to_data(tool):
    """UrQMD and the fit of Bonesini et al. to data (702 mb are 132.1 g/cm2 of iron).

    15 % in the number of events, which is 4 % of the lower edge. Sibyll on protons has 45 % more.
    """
    one = tool.produced(spectra="70GeV-Fe", generator="UrQMD34", sources=("pi0",))(
        experiment("NuCal")
    )
    one = replace(one, processes=("pi0",))
    model = DarkPhoton(mass=0.05, epsilon=2e-7, dark_matter=None)
    fit = events_of_nucal(one, fitted_pions(70.0, 55.8, 702.0), 2e-7)
    assert one.expected_events(model) == pytest.approx(fit, rel=0.15)


def test_events_of_long_lived_mediators_go_with_the_fourth_power(tool):
    """Production and width both go with the square of the mixing."""
    one = experiment("FASER")
    model = DarkPhoton(mass=0.03, epsilon=np.array([1e-8, 2e-8]), dark_matter=None)
    events = one.expected_events(model)
    assert events[1] / events[0] == pytest.approx(16.0, rel=1e-3)


def test_contour_of_ten_events_is_that_of_a_smaller_exposure(tool):
    """Edges at 90 % CL without background are where 2.303 events are expected."""
    one = tool.number_of_events(10.0)(experiment("FASER"))
    lower, upper = tool.edges(one, (0.03,), 0.9)
    for edge in (*lower, *upper):
        model = DarkPhoton(mass=0.03, epsilon=edge, dark_matter=None)
        assert experiment("FASER").expected_events(model) == pytest.approx(10.0, rel=1e-2)


def test_what_does_not_couple_to_quarks_comes_by_its_mixing_alone():
    """L_mu - L_tau: without mixing no proton makes it, and the error says so."""
    with pytest.raises(ModelError, match="no coupling by which a beam of p"):
        experiment("FASER").expected_events(LMuLTau(mass=0.1, g=1e-6, mixing="none"))
    assert experiment("FASER").expected_events(LMuLTau(mass=0.1, g=3e-4, mixing="constant")) > 0.0


@pytest.mark.parametrize(("name", "ring"), [("MATHUSLA", (0.33, 0.97)), ("CODEX-b", (1.04, 1.44))])
def test_detectors_beside_the_beam_see_what_flies_there(name, ring):
    """Few of the mediators do: 4e5 of them, followed one by one, against the thousand points.

    30 % in the number of events: of the points, and of the some thousand of the 4e5 in the ring.
    """
    one, mass = replace(experiment(name), processes=("pi0",)), 0.02
    decay = MESON_DECAYS["pi0->gamma X"]
    made = decay_sample(meson_spectrum("pi0", "13.6TeV-pp"), decay, mass, 400_000)
    least = 2.0 * one.description.detector.energy_min
    kept = (made.angle > ring[0]) & (made.angle < ring[1]) & (made.energy > least)
    points = production_samples(mass, made.energy[kept], made.angle[kept], made.weight[kept])
    geometry = one.description.geometry
    table = acceptance_table(points, geometry, 2 * (ELECTRON_MASS,), decays=16, threads=1)
    model = DarkPhoton(mass=mass, epsilon=1e-8, dark_matter=None)
    strength = source_strengths(one.description, model.couplings(), ("pi0",))[decay.name]
    direct = one.eot * float(strength) * table.expected(widths(model, warn=False).total)
    assert direct > 0.0
    assert one.expected_events(model) == pytest.approx(direct, rel=0.3)


# Published edges. The goals are 25 % of the lower edge and 15 % of the upper one; what they were
# compared with, and what is not met and why: docs/experiments/proton-dumps.md.


def compare(tool, name, masses, change=None):
    """Return ours over published, lower and upper edge, with all that was assumed there."""
    comparison = replace(tool.COMPARISONS[name], masses=masses)
    one = (tool.assumed if change is None else change)(comparison)
    return tool.ratios(comparison, one)


GOALS = {
    "FASER": (0.01, 0.015, 0.02, 0.08, 0.09, 0.1, 0.11),
    "FASER2": (0.01, 0.03, 0.06, 0.1, 0.15, 0.2),
    "NuCal, all": (0.003, 0.03, 0.1, 0.2),
    "CHARM, all": (0.003, 0.03, 0.1, 0.15, 0.2),
    "SeaQuest": (0.015, 0.04, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.1),
    "SHiP, bremsstrahlung": (0.03, 0.2, 0.4),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", GOALS)
def test_published_edges_where_production_is_known(tool, name):
    lower, upper = compare(tool, name, GOALS[name])
    np.testing.assert_allclose(lower, 1.0, atol=0.25)
    np.testing.assert_allclose(upper, 1.0, atol=0.15)


@pytest.mark.slow
def test_shipped_nucal_and_charm_need_no_assumption_for_pions(tool):
    """Mediators of pi0: nothing is put in the place of what the files hold."""
    for name in ("NuCal, all", "CHARM, all"):
        lower, upper = compare(tool, name, (0.003, 0.03, 0.1), tool.shipped)
        np.testing.assert_allclose(lower, 1.0, atol=0.25)
        np.testing.assert_allclose(upper, 1.0, atol=0.15)


@pytest.mark.slow
def test_too_many_eta_would_miss_charm_above_the_pion(tool):
    """Sibyll makes 2.3 times the eta for each pi0 that NA27 measured: 0.88 would become 0.68."""
    comparison = replace(tool.COMPARISONS["CHARM, all"], masses=(0.2,))
    (measured,), _ = tool.ratios(comparison, tool.assumed(comparison))
    own = comparison.trials["the generator's own numbers of mesons"](tool.assumed(comparison))
    (generated,), _ = tool.ratios(comparison, own)
    assert generated < 0.75 < 0.8 < measured


@pytest.mark.slow
@pytest.mark.parametrize("name", ["NuCal, pi0", "NuCal, bremsstrahlung"])
def test_blumlein_and_brunner_have_one_more_factor_in_both_sources(tool, name):
    """Not met: 1.4 to 1.6 of their lower edge, at every mass and from pi0 and protons alike.

    So it is not the spectra. The upper edge, which the number of events hardly moves, is met.
    """
    lower, upper = compare(tool, name, (0.01, 0.06, 0.1))
    assert np.all((lower > 1.35) & (lower < 1.75))
    np.testing.assert_allclose(upper, 1.0, atol=0.17)


@pytest.mark.slow
def test_upper_edge_of_na62_is_met_and_its_lower_one_lacks_efficiency(tool):
    """What the selection of NA62 loses is not known here: we see more, as we must."""
    lower, upper = compare(tool, "NA62, mu mu", (0.26, 0.3, 0.36, 0.44))
    np.testing.assert_allclose(upper, 1.0, atol=0.15)
    assert np.all((lower > 0.5) & (lower < 0.8))


@pytest.mark.slow
def test_anchor_of_ship_is_bremsstrahlung_alone(tool):
    """S2 takes epsilon = 5.28e-8 at 100 MeV as SHiP's lower edge (sec. 3.3; S2.F3.2).

    Radiation alone gives that with FairShip's window and splitting; the decays of mesons, which
    the same publication has too, reach three times lower.
    """
    one = experiment("SHiP")
    alone = tool.sources("bremsstrahlung")(one)
    for change in ({"splitting": "blumlein-brunner"}, {"window": "fairship"}):
        alone = tool.produced(**change)(alone)
    (radiated,), _ = tool.edges(alone, (0.1,), 0.9)
    (everything,), _ = tool.edges(one, (0.1,), 0.9)
    assert radiated == pytest.approx(5.28e-8, rel=0.25)
    assert everything < 0.4 * 5.28e-8


@pytest.mark.slow
def test_heaviest_dark_photon_of_ship(tool):
    """3.3 GeV in the abstract of arXiv:2011.05115 (0.8 to 3.3 GeV); by Drell-Yan alone; 15 %."""
    lower, upper = tool.edges(experiment("SHiP"), (0.85 * 3.3, 1.15 * 3.3), 0.9)
    assert lower[0] < upper[0]
    assert np.isinf(lower[1])


@pytest.mark.slow
def test_upper_bound_on_charms_showers_is_not_in_published_edges(tool):
    """With at most 50 GeV the upper edge of Tsai et al. would be missed by far, without it is met.

    Of pions it is 0.62 of the one without: mediators up to 400 GeV, beside the beam.
    """
    comparison = replace(tool.COMPARISONS["CHARM, all"], masses=(0.03,))
    one = tool.assumed(comparison)
    _, (free,) = tool.ratios(comparison, one)
    _, (bounded,) = tool.ratios(comparison, comparison.trials["at most 50 GeV"](one))
    assert abs(free - 1.0) < 0.15
    assert bounded < 0.7
