"""LSND: its file, a direct sum over many mediators, and the published edge."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from darkbeam.decays import widths
from darkbeam.errors import DarkbeamWarning
from darkbeam.events import simulate_events
from darkbeam.experiments import experiment
from darkbeam.experiments.displaced.sources import source_strengths
from darkbeam.experiments.displaced_decay_description import (
    DisplacedSelection,
    with_generator,
)
from darkbeam.models import DarkPhoton
from darkbeam.production.fitted_spectra import fitted_pions
from darkbeam.production.meson_decays import MESON_DECAYS
from darkbeam.production.proton_sources import decay_sample

REFERENCE = Path(__file__).parents[1] / "reference" / "lsnd_limit.csv"
DECAY = "pi0->gamma X"
HBAR_C = 1.973269804e-16  # GeV m


@pytest.fixture(scope="module")
def lsnd():
    return experiment("LSND")


def changed(one, **tables):
    """Return the experiment with other entries in some of its tables."""
    description = one.description
    update = {
        name: getattr(description, name).model_copy(update=entries)
        for name, entries in tables.items()
    }
    return replace(one, description=description.model_copy(update=update))


def photon(mass, epsilon):
    return DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)


def test_volume_holds_the_carbon_of_the_analyses(lsnd):
    """3.34e30 nuclei of carbon in CH2 of 0.85 g/cm^3; centre as in BdNMC's files."""
    volume = lsnd.description.decay_volume
    size = np.pi * volume.radius**2 * (volume.end - volume.start)
    assert size == pytest.approx(3.34e30 * 14.027 / 6.02214e23 / 0.85e6, rel=0.02)
    assert 0.5 * (volume.start + volume.end) == pytest.approx(29.8)
    assert volume.center == pytest.approx((0.0, -4.65))


def test_protons_are_the_charge_of_1993_to_1995(lsnd):
    assert lsnd.eot == pytest.approx(14772 / 1.602176634e-19, rel=2e-3)


def in_cylinder(angle, depth, azimuth):
    """Return z where rays from the axis enter and leave LSND, by the quadratic equation."""
    slope, centre = np.tan(angle), -4.65
    half = slope * np.sin(azimuth) * centre
    root = half**2 - slope**2 * (centre**2 - 2.03**2)
    swing = np.sqrt(np.maximum(root, 0.0))
    enter = np.maximum((half - swing) / slope**2, 26.25 - depth)
    leave = np.minimum((half + swing) / slope**2, 33.35 - depth)
    return enter, np.where(root > 0.0, np.maximum(leave, enter), enter)


def events_by_many(one, mass, epsilon, size=400_000, turns=16):
    """Return the events of mediators over all of phase space, each at many azimuths."""
    sample = decay_sample(
        fitted_pions("1.738GeV-Cu", "Burman-Smith"), MESON_DECAYS[DECAY], mass, size
    )
    window = (sample.energy > 0.06) & (sample.energy < 0.2)
    window &= (sample.angle > 0.07) & (sample.angle < 0.27)
    angle = np.repeat(sample.angle[window], turns)
    momentum = np.repeat(sample.momentum[window], turns)
    azimuth = np.random.default_rng(7).uniform(0.0, 2.0 * np.pi, angle.size)
    enter, leave = in_cylinder(angle, 0.3598, azimuth)
    model = photon(mass, epsilon)
    length = momentum / mass / float(widths(model, warn=False).total) * HBAR_C * np.cos(angle)
    chance = np.exp(-enter / length) - np.exp(-leave / length)
    strength = float(source_strengths(one.description, model.couplings(), ("pi0",))[DECAY])
    weight = np.repeat(sample.weight[window], turns) / turns
    return one.eot * one.efficiency * strength * float(np.sum(weight * chance))


@pytest.mark.parametrize(("mass", "epsilon"), [(0.005, 2e-7), (0.03, 6e-7), (0.0558, 6e-8)])
def test_events_by_many_mediators(lsnd, mass, epsilon):
    """Nothing is shared with the engine but spectrum, branching ratio and decay law.

    5 %: the square edges of the window in energy fall within cells of merged points.
    """
    direct = events_by_many(lsnd, mass, epsilon)
    assert lsnd.expected_events(photon(mass, epsilon)) == pytest.approx(direct, rel=0.05)


def test_events_of_long_lived_mediators_go_with_the_fourth_power(lsnd):
    events = lsnd.expected_events(photon(0.02, np.array([1e-9, 3e-9])))
    assert events[1] / events[0] == pytest.approx(81.0, rel=1e-3)


def test_nothing_comes_above_the_mass_of_the_pion(lsnd):
    assert lsnd.expected_events(photon(0.130, 1e-7)) > 0.0
    with pytest.warns(DarkbeamWarning, match="0.136 GeV is too heavy for pi0"):
        assert lsnd.expected_events(photon(0.136, 1e-7)) == 0.0


def test_neutral_pions_as_many_as_positive_ones_by_name(lsnd):
    """On copper (29 protons, 34.546 neutrons) a Delta makes 0.604 of the positive ones."""
    description = with_generator(lsnd.description, "Burman-Smith-equal")
    equal = replace(lsnd, description=description).expected_events(photon(0.03, 1e-8))
    share = (2 * 29 + 4 * 34.546) / (10 * 29 + 34.546)
    assert lsnd.expected_events(photon(0.03, 1e-8)) == pytest.approx(share * equal, rel=1e-3)


def test_window_in_energy_takes_what_lies_inside(lsnd):
    """Two windows that meet see what one sees that is as wide: 5 %, for some 200 points in each."""
    model, parts = photon(0.03, 1e-8), []
    for limits in ({"energy_max": 0.12}, {"energy_min": 0.12}):
        parts.append(changed(lsnd, selection=limits).expected_events(model))
    assert all(part > 0.0 for part in parts)
    assert sum(parts) == pytest.approx(lsnd.expected_events(model), rel=0.05)


def test_events_outside_of_the_window_are_not_selected(lsnd):
    """All decays above 60 MeV are events. 2 % of statistics, 3 % of points at the end of it."""
    model = photon(0.03, 1e-7)
    run = simulate_events(lsnd, model, 6000, seed=3)
    columns = [block.columns for block in run]
    energy = np.concatenate([c["mediator_energy_GeV"] for c in columns])
    selected = np.concatenate([c["selected"] for c in columns]).astype(bool)
    assert np.array_equal(selected, (energy >= 0.06) & (energy <= 0.2))
    assert 0.5 < selected.mean() < 0.8
    seen = selected.mean() * run.information.expected_events * lsnd.efficiency
    assert lsnd.expected_events(model) == pytest.approx(seen, rel=0.05)


def test_window_must_be_in_order():
    with pytest.raises(ValueError, match="must lie above"):
        DisplacedSelection(energy_min="0.2 GeV", energy_max="100 MeV")


# The published edge.


def published():
    return np.loadtxt(REFERENCE, delimiter=",", comments=("#", "m")).T


def lower_edge(one, mass):
    return one.reach(photon(mass, 1e-6)).coupling_lo.item()


def test_published_edge_goes_on_above_the_pion():
    """It is not from decays of pi0 as they are: they end at 0.135 GeV."""
    mass, _ = published()
    assert mass[-1] > 1.4 * 0.13498


def test_published_edge_is_that_of_pions_without_phase_space(lsnd):
    """Without (1 - m^2/m_pi^2)^3 and without a window in energy ours is theirs to 25 %.

    A flat number of events over a factor of three in mass, where phase space falls 30 times, shows
    that they have no such factor. The limit is where the shipped file excludes, at 30 MeV.
    """
    limit = float(lsnd.expected_events(photon(0.03, lower_edge(lsnd, 0.03))))
    everything = changed(lsnd, selection={"energy_min": 0.0, "energy_max": None})
    events = []
    for mass, edge in list(zip(*published(), strict=True))[:9:2]:
        phase_space = (1.0 - (mass / 0.1349768) ** 2) ** 3
        events.append(everything.expected_events(photon(mass, edge)) / phase_space)
    flat = np.array(events)
    np.testing.assert_allclose((limit / flat) ** 0.25, 1.0, atol=0.25)
    assert flat.max() / flat.min() < 1.35


@pytest.mark.slow
def test_shipped_edge_is_above_the_published_one(lsnd):
    """Not met: 1.35 to 1.6 of theirs from 39 to 65 MeV, for the two reasons above."""
    ratios = [
        lower_edge(lsnd, mass) / edge for mass, edge in list(zip(*published(), strict=True))[:5]
    ]
    assert np.all((np.array(ratios) > 1.3) & (np.array(ratios) < 1.65))
