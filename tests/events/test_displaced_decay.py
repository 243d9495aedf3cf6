"""Events of displaced decays: made-up sources with known yields, and experiments of each kind."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyhepmc
import pylhe
import pytest
from scipy import stats
from signature_events import Sample, arrays, check_determinism, check_events
from typer.testing import CliRunner

from darkbeam.cli.app import app
from darkbeam.constants import ELECTRON_MASS, HBARC_GEV_M, MUON_MASS
from darkbeam.decays import widths
from darkbeam.errors import InputError, ModelError, UnknownNameError
from darkbeam.events import displaced_decay, simulate_events, write_events
from darkbeam.events.displaced_decay import BEAM, FIRST, MEDIATOR, REST, SECOND, TARGET
from darkbeam.events.displaced_states import final_states
from darkbeam.events.record import momentum_imbalance, shell_offset
from darkbeam.experiments import experiment
from darkbeam.experiments.displaced import (
    acceptance_table,
    decay_probability,
    production_samples,
)
from darkbeam.geometry import path_in_volume
from darkbeam.models import Baryonic, DarkPhoton
from darkbeam.production.mediator_samples import MediatorSample

LEAST_P = 1e-3
DUMP = """
name = "toy"
title = "made up"
signature = "displaced_decay"
default_run = "a"
final_states = ["e_e", "mu_mu"]
dump_end = "10 m"
[beam]
particle = "e-"
energy = "20 GeV"
[target]
layers = [["Be", "0.5 m"], ["Al", "1.5 m"]]
[decay_volume]
{volume}
{detector}
[[run]]
name = "a"
eot = 1e20
efficiency = {{ reconstruction = 0.5 }}
"""
TUNNEL = 'shape = "cylinder"\nstart = "10 m"\nend = "30 m"\nradius = "1 m"'
BESIDE = """
shape = "pyramid"
start = "10 m"
end = "14 m"
center = ["-2 m", "1 m"]
center_end = ["-3 m", "1.5 m"]
width = "1 m"
height = "2 m"
width_end = "3 m"
height_end = "2 m"
"""
WALL = """
[[detector.plane]]
shape = "rectangle"
normal = "x"
position = "-4.5 m"
center = ["1.5 m", "18 m"]
width = "4 m"
height = "12 m"
[[detector.plane]]
shape = "disc"
position = "16 m"
center = ["-3.5 m", "1.5 m"]
radius = "2 m"
[detector]
required = "any"
energy_min = "3 GeV"
"""
SHIP = DarkPhoton(mass=0.1, epsilon=1e-7, dark_matter=None)


def toy(tmp_path, volume=TUNNEL, detector=""):
    path = tmp_path / "toy.toml"
    path.write_text(DUMP.format(volume=volume, detector=detector))
    return experiment(path)


def sources(monkeypatch, *samples):
    """Let the sources be these, for events alone."""
    names = ("bremsstrahlung:vector", "annihilation:vector")
    made = dict(zip(names, samples, strict=False))
    monkeypatch.setattr(displaced_decay, "source_samples", lambda *_: made)
    # the analytic number has a test of its own
    monkeypatch.setattr("darkbeam.experiments.Experiment.expected_events", lambda *_: 1.0)


@pytest.fixture
def ray(monkeypatch):
    """Along the beam: 12 GeV from 1 m deep by bremsstrahlung, 18 GeV from 0.2 m the other way."""

    def make(mass):
        one, two = (
            MediatorSample(mass, *np.array([[e], [0.0], [w], [z]]))
            for e, w, z in ((12.0, 2e-4, 1.0), (18.0, 1e-4, 0.2))
        )
        sources(monkeypatch, one, two)

    return make


@pytest.fixture(scope="module")
def ship():
    return Sample(experiment("SHiP"), SHIP, 60_000, seed=11)


def exact(model):
    """Return the decays of both rays per electron, in closed form."""
    mass, found = float(model.mass), widths(model)
    momentum = np.sqrt(np.array([12.0, 18.0]) ** 2 - mass**2)
    seen = decay_probability(
        np.array([9.0, 9.8]), 20.0, momentum, mass, float(found.total)
    ) * np.array([2e-4, 1e-4])
    visible = sum(float(np.nan_to_num(found.partial[s])) for s in ("e_e", "mu_mu"))
    return float(model.epsilon) ** 2 * visible / float(found.total) * seen


@pytest.mark.parametrize(("mass", "epsilon"), [(0.02, 1e-9), (0.02, 3e-5), (0.3, 1e-5)])
def test_expected_events_and_sources_are_those_of_the_decay_law(tmp_path, ray, mass, epsilon):
    """From long lifetimes, where 1 - exp(-x) is x, to short ones; the sources in proportion."""
    ray(mass)
    model = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
    made = Sample(toy(tmp_path), model, 20_000, seed=2)
    expected = exact(model)
    assert made.information.expected_events == pytest.approx(1e20 * expected.sum(), rel=1e-9)
    share = expected[1] / expected.sum()
    assert made.source.mean() == pytest.approx(
        share, abs=4.0 * np.sqrt(share * (1 - share) / 20_000)
    )
    assert np.array_equal(made.mediator_energy_GeV.round(9), np.where(made.source, 18.0, 12.0))
    assert np.array_equal(made.production_z_m, np.where(made.source, 0.2, 1.0))
    check_events(made)
    assert np.all(made.selected)


@pytest.mark.parametrize("epsilon", [1e-10, 1.5e-5, 4e-5])
def test_proper_times_follow_the_exponential_law(tmp_path, ray, epsilon):
    """Restricted to the volume, and read from the record: its lengths, its times, its momenta."""
    mass = 0.02
    ray(mass)
    model = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
    made = Sample(toy(tmp_path), model, 20_000, seed=3)
    width = float(widths(model).total)
    flown = made.position[:, FIRST] - made.position[:, MEDIATOR]
    x = made.momentum[:, MEDIATOR]
    tau = 1e-3 * flown[:, 2] * mass / x[:, 3]
    np.testing.assert_allclose(1e-3 * flown[:, 3] * mass / x[:, 0], tau, rtol=1e-12)
    start = np.where(made.source, 9.8, 9.0)
    first, last = start * mass / x[:, 3], (start + 20.0) * mass / x[:, 3]
    rate = width / HBARC_GEV_M
    uniform = np.expm1(-rate * (tau - first)) / np.expm1(-rate * (last - first))
    assert stats.kstest(uniform, "uniform").pvalue > LEAST_P
    assert np.array_equal(made.decay_z_m, 1e-3 * made.position[:, FIRST, 2])
    assert np.all((made.decay_z_m >= 10.0) & (made.decay_z_m <= 30.0))


def test_decays_are_isotropic_at_rest(tmp_path, ray):
    ray(0.02)
    made = Sample(toy(tmp_path), SHIP.replace(mass=0.02), 20_000, seed=5)
    x, first = made.momentum[:, MEDIATOR], made.momentum[:, FIRST]
    root = np.sqrt(1.0 - (2.0 * ELECTRON_MASS / 0.02) ** 2)
    cosine = (2.0 * first[:, 0] - x[:, 0]) / (x[:, 3] * root)
    assert stats.kstest(0.5 * (1.0 + cosine), "uniform").pvalue > LEAST_P
    azimuth = np.arctan2(first[:, 2], first[:, 1]) / (2.0 * np.pi) + 0.5
    assert stats.kstest(azimuth, "uniform").pvalue > LEAST_P


def test_final_states_have_their_branching_fractions(tmp_path, ray):
    ray(0.25)
    model = DarkPhoton(mass=0.25, epsilon=1e-7, dark_matter=None)
    made = Sample(toy(tmp_path), model, 20_000, seed=5)
    found = widths(model)
    share = float(found.partial["mu_mu"] / (found.partial["mu_mu"] + found.partial["e_e"]))
    assert made.final_state.mean() == pytest.approx(share, abs=4.0 * 0.5 / np.sqrt(20_000))
    muons = made.final_state == 1
    assert np.all(made.pdg_id[muons, FIRST:] == [13, -13])
    assert np.all(made.pdg_id[~muons, FIRST:] == [11, -11])
    assert np.all(made.mass[muons, FIRST:] == MUON_MASS)
    assert made.information.settings["final_states"] == "0 e_e, 1 mu_mu"


def test_both_charges_of_two_flavours():
    """The partial width is that of both charges; one state that is closed is no state."""
    found = SimpleNamespace(partial={"e_mu": 3.0, "e_e": 0.0, "hadrons": np.nan}, total=4.0)
    one, two = final_states(("e_mu", "e_e", "hadrons", "tau_tau"), found)
    assert one.share == two.share == pytest.approx(0.375)
    assert {one.numbers, two.numbers} == {(11, -13), (-11, 13)}
    assert one.masses == two.masses == (ELECTRON_MASS, MUON_MASS)


def test_every_vertex_conserves_momentum(ship):
    """The hard one with the pseudoparticle; both to a few units in the last place."""
    check_events(ship)
    for block in ship.blocks:
        assert momentum_imbalance(block).max() < 1e-12
        assert shell_offset(block).max() < 1e-12
    assert np.all(ship.pdg_id[:, [BEAM, TARGET, MEDIATOR, REST]] == [2212, 1000420960, 55, 90])
    assert np.all(ship.mass[:, REST] > 80.0)  # a nucleus of molybdenum and what it met
    assert ship.information.target_pdg == 0


def test_decays_are_in_the_volume(ship):
    """A pyramid of 1.5 m x 4.3 m to 5 m x 10 m from 60 m to 110 m, widening evenly."""
    x, y, z = 1e-3 * ship.position[:, FIRST, :3].T
    assert z.min() >= 60.0
    assert z.max() <= 110.0
    along = (z - 60.0) / 50.0
    wide, high = 0.75 + along * 1.75, 2.15 + along * 2.85
    assert np.all((np.abs(x) <= wide) & (np.abs(y) <= high))
    assert np.mean((np.abs(x) > 0.9 * wide) | (np.abs(y) > 0.9 * high)) > 0.01  # it is filled
    # straight from the axis
    px, py, pz = ship.momentum[:, MEDIATOR, 1:].T
    depth = 1e-3 * ship.position[:, MEDIATOR, 2]
    np.testing.assert_allclose(x, px / pz * (z - depth), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(y, py / pz * (z - depth), rtol=1e-9, atol=1e-12)


def test_what_is_seen_of_the_daughters(ship):
    """Two straw trackers of 5 m x 10 m, 1 GeV each, both daughters."""
    both = np.ones(ship.selected.shape, dtype=bool)
    for name, particle in (("first", FIRST), ("second", SECOND)):
        p, start = ship.momentum[:, particle], 1e-3 * ship.position[:, particle]
        seen = p[:, 0] >= 1.0
        for number, z in ((1, 110.76), (2, 120.16)):
            flown = z - start[:, 2]
            x = start[:, 0] + flown * p[:, 1] / p[:, 3]
            y = start[:, 1] + flown * p[:, 2] / p[:, 3]
            ahead = p[:, 3] > 0.0
            inside = ahead & (np.abs(x) < 2.5) & (np.abs(y) < 5.0)
            assert np.array_equal(getattr(ship, f"{name}_in_plane_{number}"), inside)
            np.testing.assert_allclose(
                getattr(ship, f"{name}_plane_{number}_x_m")[ahead], x[ahead], rtol=1e-9, atol=1e-9
            )
            assert np.all(np.isnan(getattr(ship, f"{name}_plane_{number}_y_m")[~ahead]))
            seen &= inside
        both &= seen
    assert np.array_equal(ship.selected, both)
    assert 0.3 < both.mean() < 0.9


def test_selected_events_of_a_proton_dump_are_the_analytic_ones(ship):
    """Statistics of events 0.3 per cent; of the analytic number, 8 decays a point, 1 per cent."""
    number, error = ship.selected_events()
    assert error < 0.004 * number
    assert number == pytest.approx(ship.information.selected_events, rel=0.02)


def test_sources_add_up(ship):
    parts = {
        name: simulate_events(experiment("SHiP"), SHIP, 1, processes=name).information
        for name in ("pi0", "eta", "bremsstrahlung")
    }
    total = ship.information.expected_events
    names = ship.information.settings["sources"].split(", ")
    for name, part in parts.items():
        numbers = [i for i, each in enumerate(names) if each.split(" ")[1].startswith(name)]
        share = np.mean(np.isin(ship.source, numbers))
        assert part.settings["processes"] == name
        assert share == pytest.approx(part.expected_events / total, abs=4.0 * 0.5 / 60_000**0.5)


def test_a_volume_and_a_wall_beside_the_beam(tmp_path, monkeypatch):
    """Decays against the closed form on even azimuths, what is seen against the table of yields."""
    energy = np.repeat([6.0, 9.0, 15.0], 60)
    angle = np.tile(np.linspace(0.05, 0.4, 60), 3)
    depth = np.full(energy.size, 0.4)
    sources(monkeypatch, MediatorSample(0.02, energy, angle, np.full(180, 1e-6), depth))
    apparatus = toy(tmp_path, BESIDE, WALL)
    model = DarkPhoton(mass=0.02, epsilon=1e-5, dark_matter=None)
    made = Sample(apparatus, model, 60_000, seed=4)
    check_events(made)
    found, volume = widths(model), apparatus.description.decay_volume
    width, origin = float(found.total), np.column_stack((np.zeros((180, 2)), depth))
    phi = 2.0 * np.pi * (np.arange(2000) + 0.5) / 2000
    start, length = path_in_volume(volume, angle[:, None], phi, origin=origin[:, None])
    momentum = np.sqrt(energy**2 - 0.02**2)[:, None]
    decays = 1e-6 * decay_probability(start, length, momentum, 0.02, width).mean(axis=1).sum()
    rate = 1e20 * 1e-10 * float(found.partial["e_e"]) / width
    assert made.information.expected_events == pytest.approx(rate * decays, rel=2e-3)
    table = acceptance_table(
        production_samples(0.02, energy, angle, 1e-6, origin=origin),
        apparatus.description.geometry,
        (ELECTRON_MASS, ELECTRON_MASS),
        decays=2048,
    )
    share = float(table.expected(width)) / decays
    assert 0.1 < share < 0.9
    error = np.hypot(0.5 / np.sqrt(60_000), float(table.error(width)) / decays)
    assert made.selected.mean() == pytest.approx(share, abs=5.0 * error)
    assert error < 0.01 * share
    x, y, z = 1e-3 * made.position[:, FIRST, :3].T
    along = (z - 10.0) / 4.0
    assert np.all(np.abs(x + 2.0 + along) <= 0.5 + along + 1e-9)
    assert np.all(np.abs(y - 1.0 - 0.5 * along) <= 1.0 + 1e-9)
    assert np.array_equal(made.selected, made.first_seen | made.second_seen)
    assert "first_plane_1_y_m" in made.information.column_units  # along the wall: y and z


def test_two_beams_of_protons(tmp_path):
    faser = experiment("FASER")
    made = Sample(faser, DarkPhoton(mass=0.05, epsilon=3e-5, dark_matter=None), 500, seed=1)
    check_events(made)
    energy = faser.description.beam.energy
    assert np.all(made.momentum[:, [BEAM, TARGET], 0] == energy)
    np.testing.assert_array_equal(made.momentum[:, BEAM, 3], -made.momentum[:, TARGET, 3])
    number, error = made.selected_events()
    assert abs(number - made.information.selected_events) < 5.0 * error + 0.02 * number
    write_events(made.run, tmp_path / "x.lhe")
    file = pylhe.LHEFile.fromfile(tmp_path / "x.lhe")
    assert len(list(file.events)) == 500  # all of them: that closes the file
    about = file.init.initInfo
    assert (about.beamA, about.beamB) == (2212, 2212)
    assert about.energyA == about.energyB == energy


def test_nuclei_and_cross_section(tmp_path, ray):
    """Beryllium down to 0.5 m, then aluminium; events = electrons x nuclei per area x sigma."""
    ray(0.02)
    model = SHIP.replace(mass=0.02, epsilon=1e-6)
    made = Sample(toy(tmp_path), model, 500, seed=1)
    nuclei = np.where(made.production_z_m < 0.5, 1000040090, 1000130270)
    assert np.array_equal(made.pdg_id[:, TARGET], nuclei)
    per_cm2 = 6.02214e23 * (1.848 * 50.0 / 9.0122 + 2.699 * 150.0 / 26.982)
    information = made.information
    assert information.expected_events == pytest.approx(
        1e20 * per_cm2 * 1e-36 * information.cross_section_pb, rel=1e-3
    )


def test_least_energy(tmp_path, ray):
    ray(0.02)
    made = Sample(toy(tmp_path), SHIP.replace(mass=0.02), 200, seed=1, least_energy=15.0)
    assert np.all(made.source == 1)
    assert made.information.settings["least_energy_GeV"] == 15.0


def test_events_depend_on_seed_and_number_alone():
    check_determinism(experiment("SHiP"), SHIP)


def test_files_and_the_command_line(tmp_path):
    path = tmp_path / "x.hepmc"
    options = ["--mass", "100MeV", "--set", "epsilon=1e-7", "--dark-matter", "none"]
    options += ["-n", "40", "--seed", "9"]
    outcome = CliRunner().invoke(app, ["events", "SHiP", *options, "-o", str(path), "-q"])
    assert outcome.exit_code == 0, outcome.output
    one = arrays(simulate_events(experiment("SHiP"), SHIP, 40, seed=9))
    with pyhepmc.open(path) as file:
        events = list(file)
    assert len(events) == 40
    for i, event in enumerate(events):
        assert [p.pid for p in event.particles] == one["pdg_id"][i].tolist()
        assert [p.momentum.e for p in event.particles] == one["momentum"][i, :, 0].tolist()
        assert event.attributes["decay_z_m"].astype(float) == one["decay_z_m"][i]
        place = event.particles[FIRST].production_vertex.position
        assert [place.x, place.y, place.z, place.t] == one["position"][i, FIRST].tolist()
    assert "0 pi0->gamma X" in events[0].run_info.attributes["sources"].astype(str)


@pytest.mark.parametrize(
    ("name", "model", "message"),
    [
        (
            "E137",
            DarkPhoton(mass=1e-3, epsilon=1e-5),
            "has no decay to e_e, the final states of E137",
        ),
        ("E137", DarkPhoton(mass=0.1, epsilon=0.0), "no coupling by which E137 makes"),
        ("E137", Baryonic(mass=0.1, epsilon=0.0), "no coupling by which E137 makes"),
        ("SHiP", DarkPhoton(mass=300.0, epsilon=1e-3), "too heavy"),
        (
            "SHiP",
            DarkPhoton(mass=0.5, epsilon=0.1, dark_matter=None),
            r"decays in the decay volume from z = 60 m on: the longest mean flight is \S+ m$",
        ),
        ("SHiP", DarkPhoton(mass=0.1, epsilon=1e-7), "100 % of decays are invisible; without dark"),
    ],
)
def test_what_cannot_be_made(name, model, message):
    with pytest.raises(ModelError, match=message) as caught:
        simulate_events(experiment(name), model, 10)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_asked_for(tmp_path, monkeypatch):
    ship = experiment("SHiP")
    with pytest.raises(InputError, match=r"least_energy = 1 GeV: must lie between.*2 GeV"):
        simulate_events(ship, SHIP, 10, least_energy=1.0)
    with pytest.raises(UnknownNameError, match="processes: no 'pi'"):
        simulate_events(ship, SHIP, 10, processes="pi")
    aside = MediatorSample(0.02, *np.array([[12.0], [0.7], [1e-4], [1.0]]))
    sources(monkeypatch, aside)
    with pytest.raises(ModelError, match="flies into the decay volume from z = 10 m"):
        simulate_events(toy(tmp_path), SHIP.replace(mass=0.02), 10)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mass", "epsilon"),
    [("E137", 0.02, 1e-6), ("E137", 0.25, 2e-8), ("NuCal", 0.1, 1e-6), ("SHiP", 0.5, 3e-8)],
)
def test_selected_events_of_experiments(name, mass, epsilon):
    model = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
    made = Sample(experiment(name), model, 200_000, seed=3)
    number, error = made.selected_events()
    assert error < 0.005 * number
    assert number == pytest.approx(made.information.selected_events, rel=0.02)
