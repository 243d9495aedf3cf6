"""The signature of displaced decays, with made-up sources whose yields are known exactly."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from darkbeam.constants import ELECTRON_MASS
from darkbeam.decays import widths
from darkbeam.errors import DarkbeamWarning, ExperimentError, InputError, ModelError
from darkbeam.experiments import displaced_decay, experiment
from darkbeam.experiments.displaced import decay_probability
from darkbeam.experiments.displaced_decay import visible_states
from darkbeam.models import Baryonic, BMinusL, DarkPhoton
from darkbeam.production.mediator_samples import MediatorSample

DUMP = """
name = "toy"
title = "made up"
signature = "displaced_decay"
default_run = "a"
final_states = {states}
dump_end = "{dump_end}"
[beam]
particle = "{particle}"
energy = "20 GeV"
[target]
layers = [["Al", "2 m"]]
[decay_volume]
shape = "cylinder"
start = "10 m"
end = "30 m"
radius = "1 m"
{more}
[[run]]
name = "a"
eot = 1e20
efficiency = {{ reconstruction = 0.5 }}
"""
DETECTOR = """
[[detector.plane]]
shape = "disc"
position = "{position}"
radius = "{radius}"
[detector]
energy_min = "{energy_min}"
"""


def toy(tmp_path, *, more="", particle="e-", dump_end="10 m", states='["e_e"]'):
    path = tmp_path / "toy.toml"
    path.write_text(DUMP.format(more=more, particle=particle, dump_end=dump_end, states=states))
    return experiment(path)


@pytest.fixture
def ray(monkeypatch):
    """Mediators of 12 and 18 GeV along the beam, made 1 m deep: 2e-4 and 1e-4 for each electron."""

    def make(description, mass, sources):
        energy, weight = np.repeat([12.0, 18.0], 400), np.repeat([2e-4, 1e-4], 400) / 400
        sample = MediatorSample(mass, energy, np.zeros(800), weight, np.ones(800))
        return {"bremsstrahlung:vector": sample}

    monkeypatch.setattr(displaced_decay, "source_samples", make)
    monkeypatch.setenv("DARKBEAM_NO_CACHE", "1")
    displaced_decay._curves.cache_clear()
    yield
    displaced_decay._curves.cache_clear()


def exact(mass, epsilon):
    """Return the events of the ray in closed form."""
    model = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
    found = widths(model)
    momentum = np.sqrt(np.array([12.0, 18.0]) ** 2 - mass**2)
    seen = decay_probability(9.0, 20.0, momentum, mass, float(found.total))
    fraction = float(found.partial["e_e"] / found.total)
    return 0.5e20 * epsilon**2 * fraction * float(np.array([2e-4, 1e-4]) @ seen)


@pytest.mark.parametrize("epsilon", [1e-12, 1e-7, 1e-6, 1e-5, 3e-5, 1e-4])
@pytest.mark.parametrize("mass", [0.02, 0.3])
def test_events_are_those_of_the_decay_law(tmp_path, ray, mass, epsilon):
    """From long lifetimes, N = g^4, to e^-40: the curves hold what the closed form says."""
    model = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
    events = toy(tmp_path).expected_events(model)
    if exact(mass, epsilon) > 1e-15:
        assert events == pytest.approx(exact(mass, epsilon), rel=2e-3, abs=0.0)
    else:
        assert events < 1e-12


def test_both_edges_are_those_of_the_decay_law(tmp_path, ray):
    """One energy alone: N = a g^4 e^-bg^2 (1 - e^-cg^2) / g^2 at both edges is the limit."""
    one = toy(tmp_path)
    masses = np.array([0.01, 0.02, 0.05])
    found = one.reach(DarkPhoton(mass=0.1, dark_matter=None), masses)
    for i, mass in enumerate(masses):
        for edge in ("coupling_lo", "coupling_hi"):
            assert exact(mass, float(found[edge][i])) == pytest.approx(one.signal_limit(), rel=5e-3)
    assert np.all(found["coupling_lo"] < found["coupling_hi"])


def test_lifetimes_of_zero_and_infinity(tmp_path, ray):
    apparatus = toy(tmp_path)
    short = DarkPhoton(mass=0.5, epsilon=1e-2, dark_matter=None)
    assert float(apparatus.expected_events(short)) == 0.0
    none = DarkPhoton(mass=0.5, epsilon=0.0, dark_matter=None)
    assert float(apparatus.expected_events(none)) == 0.0
    long = [DarkPhoton(mass=0.02, epsilon=e, dark_matter=None) for e in (1e-11, 1e-10)]
    events = [float(apparatus.expected_events(model)) for model in long]
    assert events[1] / events[0] == pytest.approx(1e4, rel=1e-6)


def test_a_detector_that_covers_everything_sees_every_decay(tmp_path, ray):
    model = DarkPhoton(mass=0.02, epsilon=1e-5, dark_matter=None)
    wide = DETECTOR.format(position="31 m", radius="500 m", energy_min="0 GeV")
    covered = toy(tmp_path, more=wide).expected_events(model)
    assert covered == pytest.approx(float(toy(tmp_path).expected_events(model)), rel=1e-6)


def test_a_detector_takes_its_share(tmp_path, ray):
    """Both daughters above 3 GeV: flat in the energy, so 1 - 2 * 3/E of the decays."""
    model = DarkPhoton(mass=0.02, epsilon=1e-8, dark_matter=None)
    wide = DETECTOR.format(position="31 m", radius="500 m", energy_min="3 GeV")
    events = toy(tmp_path, more=wide).expected_events(model)
    momentum = np.array([12.0, 18.0])
    root = np.sqrt(1.0 - (2.0 * ELECTRON_MASS / 0.02) ** 2)
    shares = (1.0 - 6.0 / momentum) / root
    # long lifetimes: each counts by 1/momentum
    weights = np.array([2e-4, 1e-4]) / momentum
    expected = exact(0.02, 1e-8) * (weights @ shares) / weights.sum()
    assert events == pytest.approx(expected, rel=5e-3)


def test_other_models_need_no_new_tables(tmp_path, ray, monkeypatch):
    apparatus = toy(tmp_path)
    masses = np.array([0.01, 0.02])
    apparatus.reach(DarkPhoton(mass=0.1, dark_matter=None), masses)

    def fail(*_):
        raise AssertionError("calculated again")

    monkeypatch.setattr(displaced_decay, "source_samples", fail)
    found = apparatus.reach(BMinusL(mass=0.1), masses)
    assert np.all(np.isfinite(found["coupling_lo"]))


def test_final_states_that_are_open():
    apparatus = experiment("E137").description
    assert visible_states(apparatus, 1e-3) == ()
    assert visible_states(apparatus, 0.3) == ("e_e",)
    apparatus = experiment("SHiP").description
    assert visible_states(apparatus, 0.1) == ("e_e",)
    assert visible_states(apparatus, 0.25) == ("e_e", "mu_mu")
    assert "hadrons" in visible_states(apparatus, 0.3)


def test_a_model_that_no_source_makes_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"baryonic.*beam of e-.*bremsstrahlung"):
        toy(tmp_path).reach(Baryonic(mass=0.1, epsilon=0.0), [0.1])


def test_what_sees_nothing_says_so(tmp_path, ray):
    model = DarkPhoton(mass=0.1, dark_matter=None)
    small = DETECTOR.format(position="300 m", radius="1 mm", energy_min="0 GeV")
    with pytest.warns(DarkbeamWarning, match="toy sees nothing: no decay of the mediators"):
        found = toy(tmp_path, more=small).reach(model, [0.1])
    assert np.all(np.isinf(found["coupling_lo"]))
    with pytest.warns(DarkbeamWarning, match=r"sees nothing: no decay to mu_mu is open at 0.1"):
        toy(tmp_path, states='["mu_mu"]').reach(model, [0.1])


def test_a_mediator_that_decays_to_dark_matter_is_pointed_out(tmp_path, ray):
    with pytest.warns(DarkbeamWarning, match=r"decays to dark states.*--dark-matter none"):
        found = toy(tmp_path).reach(DarkPhoton(mass=0.1), [0.1])
    assert np.all(np.isinf(found["coupling_lo"]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        toy(tmp_path).reach(BMinusL(mass=0.1), [0.1])  # neutrinos are no dark states


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dump_end": "12 m"}, r"toy.toml.*decay_volume.start.*in front of the end of the dump"),
        ({"states": '["e_ee"]'}, r"final_states.*no 'e_ee'.*e_e"),
        ({"states": '["e_e", "e_e"]'}, r"final_states.*once"),
        ({"particle": "mu-"}, r"beam.particle.*a dump takes e-, e\+ or p"),
        ({"particle": "p"}, r"production.*a beam of protons needs it"),
        ({"more": '[selection]\nenergy_min = "30 GeV"'}, r"energy_min.*below the beam's energy"),
        (
            {"more": DETECTOR.format(position="5 m", radius="1 m", energy_min="0 GeV")},
            r"position.*the detector sees nothing",
        ),
    ],
)
def test_files_that_cannot_be(tmp_path, changes, message):
    with pytest.raises(ExperimentError, match=message):
        toy(tmp_path, **changes)


def test_the_generator_of_mesons_can_be_chosen():
    one = experiment("SHiP", generator="pythia6").description
    assert one.production.generator == "Pythia6"
    with pytest.raises(InputError, match="no 'Sibyl'"):
        experiment("SHiP", generator="Sibyl")
    with pytest.raises(InputError, match="E137 has no beam of protons"):
        experiment("E137", generator="Pythia6")


def test_sources_can_be_left_out():
    assert experiment("NuCal", processes="pi0,eta").processes == ("pi0", "eta")
    with pytest.raises(InputError, match="no 'etta'"):
        experiment("NuCal", processes="etta")
