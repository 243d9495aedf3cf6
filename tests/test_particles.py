import dataclasses
import subprocess
import sys

import particle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam import constants, particles
from darkbeam.errors import InputError, UnknownNameError

PDG_IDS = {
    "e": 11,
    "e-": 11,
    "e+": -11,
    "electron": 11,
    "positron": -11,
    "mu": 13,
    "mu+": -13,
    "muon": 13,
    "tau-": 15,
    "tau+": -15,
    "p": 2212,
    "proton": 2212,
    "p~": -2212,
    "n": 2112,
    "pi+": 211,
    "pi-": -211,
    "pi0": 111,
    "eta": 221,
    "eta'": 331,
    "rho": 113,
    "omega": 223,
    "phi": 333,
    "K+": 321,
    "K-": -321,
    "K_L": 130,
    "K_S": 310,
    "J/psi": 443,
    "D(s)+": 431,
    "D0": 421,
    "W": 24,
    "W-": -24,
    "Z": 23,
    "higgs": 25,
    "gamma": 22,
    "photon": 22,
}


@pytest.mark.parametrize("name", PDG_IDS)
def test_mass_and_charge_are_those_of_the_particle_data_group(name):
    entry = particle.Particle.from_pdgid(PDG_IDS[name])
    assert particles.mass(name) == pytest.approx(entry.mass / 1000.0, rel=1e-6, abs=0.0)
    assert particles.charge(name) == entry.charge


@pytest.mark.parametrize(("name", "pdg_id"), [("nu_e", 12), ("nu_mu", 14), ("nu_tau", 16)])
def test_neutrinos_are_massless(name, pdg_id):
    assert particles.mass(name) == 0.0
    assert particles.charge(name) == 0
    assert particles.canonical_name(name) == particle.Particle.from_pdgid(pdg_id).name


def test_every_alias_is_a_particle():
    for alias in particles._ALIASES:
        assert particles.mass(alias) >= 0.0


def test_there_is_one_electron_mass():
    assert particles.mass("e-") == particles.mass("positron") == constants.ELECTRON_MASS
    assert particles.mass("mu") == constants.MUON_MASS


def test_names_ignore_spaces_and_the_case_of_words():
    assert particles.canonical_name(" Electron ") == "e-"
    assert particles.canonical_name("MUON") == "mu-"


@pytest.mark.parametrize(
    ("name", "near"), [("electorn", "electron"), ("Pi0", "pi0"), ("nu_t", "nu_"), ("mu_", "mu")]
)
def test_unknown_name_suggests_the_near_one(name, near):
    with pytest.raises(UnknownNameError, match=f"'{name}', did you mean '{near}"):
        particles.mass(name)


@pytest.mark.parametrize("name", ["", "xx", "u", "t", 11, None])
def test_what_is_no_particle_of_known_mass_and_integer_charge(name):
    with pytest.raises(InputError) as caught:
        particles.mass(name)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "name", "energy", "lepton", "charge"),
    [
        ("e-:100GeV", "e-", 100.0, "e", -1),
        ("e-:100", "e-", 100.0, "e", -1),
        ("e+ : 100 GeV", "e+", 100.0, "e", 1),
        ("electron:5GeV", "e-", 5.0, "e", -1),
        ("mu:160GeV", "mu-", 160.0, "mu", -1),
        ("mu+:0.2TeV", "mu+", 200.0, "mu", 1),
        ("p:400GeV", "p", 400.0, None, 1),
        ("pi-:200GeV", "pi-", 200.0, None, -1),
    ],
)
def test_beams(text, name, energy, lepton, charge):
    beam = particles.parse_beam(text)
    assert (beam.particle, beam.energy) == (name, energy)
    assert (beam.lepton, beam.charge) == (lepton, charge)
    assert beam.mass == particles.mass(name)
    assert beam.momentum**2 + beam.mass**2 == pytest.approx(energy**2, rel=1e-14, abs=0.0)
    assert particles.parse_beam(beam) is beam


@given(
    st.sampled_from(["e-", "e+", "mu-", "mu+", "p"]),
    st.floats(1.0, 1e7),
)
def test_beam_text_is_read_back(name, energy):
    beam = particles.Beam(name, energy)
    assert particles.parse_beam(str(beam)) == beam


def test_beam_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        particles.Beam("e-", 100.0).energy = 1.0


def test_beam_takes_spellings_and_texts():
    assert particles.Beam("electron", "100 GeV") == particles.Beam("e-", 100.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("e-:100 Me", "did you mean 'MeV'"),
        ("elektron:5GeV", "did you mean 'electron'"),
        ("x:1GeV", "unknown particle 'x', known: "),
        ("e-", "must be PARTICLE:ENERGY"),
        ("e-:5GeV:3", "must be PARTICLE:ENERGY"),
        ("", "must be PARTICLE:ENERGY"),
        (5, "must be PARTICLE:ENERGY"),
        ("e-:", "must be a number with a unit"),
        (":5GeV", "unknown particle ''"),
        ("e-:-5GeV", "must be above 0 GeV"),
        ("e-:nan", "must be finite"),
        ("mu-:50MeV", "50 MeV: must be above the mass of mu-, 105.658 MeV"),
        ("Z:100GeV", "there are no such beams; known: e-"),
        ("nu_e:1GeV", "there are no such beams"),
    ],
)
def test_beams_that_are_refused_in_one_line(text, message):
    with pytest.raises(InputError) as caught:
        particles.parse_beam(text)
    shown = str(caught.value)
    assert shown.startswith(f"beam = {text!r}: ")
    assert message in shown
    assert "\n" not in shown


def test_leptons_do_not_load_the_table():
    code = (
        "import sys; from darkbeam import particles; particles.parse_beam('mu-:160GeV').mass;"
        "assert 'particle' not in sys.modules; particles.mass('eta'); "
        "assert 'particle' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
