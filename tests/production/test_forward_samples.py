"""Samples within a cone: against decays that fill all of phase space, and boosts by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from darkbeam.constants import PROTON_MASS
from darkbeam.errors import InputError, ValidityError
from darkbeam.particles import mass as particle_mass
from darkbeam.production.forward_samples import (
    forward_brem_sample,
    forward_decay_sample,
    forward_mixing_sample,
)
from darkbeam.production.mediator_samples import compress
from darkbeam.production.meson_decays import MESON_DECAYS
from darkbeam.production.meson_spectra import MesonSpectrum, meson_spectrum
from darkbeam.production.proton_brem import Window
from darkbeam.production.proton_sources import brem_sample, decay_sample

PION_DECAY = MESON_DECAYS["pi0->gamma X"]


def one_cell(meson, momentum, angle, width=1e-9):
    """A spectrum of mesons that all have one momentum and angle."""
    return MesonSpectrum(
        meson,
        np.log10(momentum) + np.array([0.0, width]),
        np.log10(angle) + np.array([0.0, width]),
        np.ones((1, 1)),
        1.0,
        1,
        "",
        "",
        "",
        np.nan,
    )


def inside(sample, cone, energy):
    """Number, mean energy and mean angle within a cone and above an energy."""
    kept = (sample.angle <= cone) & (sample.energy >= energy)
    weight = sample.weight[kept]
    total = weight.sum()
    if total == 0.0:
        return np.zeros(3)
    return np.array([total, weight @ sample.energy[kept], weight @ sample.angle[kept]])


def surviving(sample, cone, energy, length):
    """Decays after a length in units of the flight at momentum = mass."""
    kept = (sample.angle <= cone) & (sample.energy >= energy)
    path = length * sample.mass / sample.momentum[kept]
    return np.sum(sample.weight[kept] * np.exp(-path))


# momentum, angle of the eta; mass of the mediator, cone: mediators slower and faster than the
# eta's rest frame (two momenta at one angle), cones of all widths, the eta inside and outside.
CELLS = [
    (momentum, tilt, mass, cone)
    for momentum, scale in ((0.05, 1.0), (0.4, 1.0), (6.0, 0.1), (900.0, 1e-3))
    for tilt in (0.02, 0.7, 2.4)
    for mass in (0.05, 0.3, 0.53)
    for cone in (0.5, 1.8)
    for tilt, cone in ((tilt * scale, min(cone * scale, 3.0)),)
]


@pytest.mark.parametrize("row", range(0, len(CELLS), 12))
def test_a_cone_has_what_all_of_phase_space_has_in_it(row):
    decay = MESON_DECAYS["eta->gamma X"]
    for momentum, tilt, mass, cone in CELLS[row : row + 12]:
        eta = one_cell("eta", momentum, tilt)
        heavy = particle_mass("eta")
        share = (heavy**2 + mass**2) / (2.0 * heavy**2)
        threshold = 0.9 * share * np.hypot(momentum, heavy)
        everything = decay_sample(eta, decay, mass, 20_000)
        for energy in (0.0, threshold):
            focused = forward_decay_sample(
                eta,
                decay,
                mass,
                largest_angle=cone,
                least_energy=energy,
                points_per_row=6_000,
            )
            assert np.all(focused.angle <= cone)
            assert np.all(focused.energy >= energy * (1.0 - 1e-12))
            expected = inside(everything, cone, energy)
            # Fluctuation of the plain sample: some points of 20,000.
            close = 5e-3 * expected + 1.5e-3 * np.array([1.0, np.hypot(momentum, heavy), cone])
            found = inside(focused, cone, energy)
            assert np.all(np.abs(found - expected) < close), (momentum, tilt, mass, cone, energy)


def test_no_weight_is_wasted_or_singular():
    """All points lie in the cone, and none has more than its row and the whole decay."""
    sample = forward_decay_sample(
        meson_spectrum("pi0", "13.6TeV-pp"),
        PION_DECAY,
        0.05,
        largest_angle=3e-4,
        least_energy=100.0,
    )
    assert np.all(sample.weight > 0.0)
    effective = sample.total**2 / np.sum(sample.weight**2)
    assert effective > 0.1 * len(sample)


def test_the_whole_sphere_has_all_mesons():
    spectrum = meson_spectrum("omega", "400GeV-p")
    sample = forward_decay_sample(spectrum, MESON_DECAYS["omega->pi0 X"], 0.3)
    assert_allclose(sample.total, spectrum.multiplicity, rtol=4e-3)
    mixed = forward_mixing_sample(spectrum, 0.75)
    assert_allclose(mixed.total, spectrum.multiplicity, rtol=4e-3)


# Cone, least energy and length of shield over that of the fastest mediators' flight.
PLACES = {
    "SHiP": ("400GeV-p", 0.05, 2.0),
    "DarkQuest": ("120GeV-p", 0.1, 1.0),
    "NuCal": ("70GeV-p", 0.02, 3.0),
    "FASER": ("13.6TeV-pp", 3e-4, 100.0),
}
DECAYS = {"pi0->gamma X": 0.09, "eta->gamma X": 0.3, "omega->pi0 X": 0.5}


@pytest.mark.slow
@pytest.mark.parametrize("place", list(PLACES))
@pytest.mark.parametrize("name", list(DECAYS))
def test_few_points_give_the_yields_of_a_million(place, name):
    """At both edges: long-lived (weight m/p), and shields of some lengths of flight."""
    beam, cone, energy = PLACES[place]
    decay, mass = MESON_DECAYS[name], DECAYS[name]
    spectrum = meson_spectrum(decay.meson, beam)
    few = compress(
        forward_decay_sample(spectrum, decay, mass, largest_angle=cone, least_energy=energy)
    )
    assert len(few) < 1500
    million = decay_sample(spectrum, decay, mass, 1_000_000)
    top = 10.0 ** spectrum.log10_momentum[-1] / mass
    for exponent in (0.0, 0.1, 1.0, 3.0):
        expected = surviving(million, cone, energy, exponent * top)
        kept = (million.angle <= cone) & (million.energy >= energy)
        survive = np.exp(-exponent * top * mass / million.momentum[kept])
        noise = np.sqrt(np.sum(survive**2)) / np.sum(survive)
        found = surviving(few, cone, energy, exponent * top)
        # Quasi-random points of the million scatter less than random ones would.
        assert abs(found / expected - 1.0) < 0.01 + 2.0 * noise, exponent


def test_more_points_change_yields_behind_a_thick_shield_by_a_percent():
    """Where a million plain points are too few: exponents of 8 for the fastest."""
    spectrum = meson_spectrum("eta", "400GeV-p")
    decay = MESON_DECAYS["eta->gamma X"]
    arguments = {"largest_angle": 0.05, "least_energy": 2.0}
    few = compress(forward_decay_sample(spectrum, decay, 0.3, **arguments))
    many = forward_decay_sample(spectrum, decay, 0.3, points_per_row=6000, seed=3, **arguments)
    for exponent in (0.0, 2.0, 8.0):
        ratio = surviving(few, 1.0, 0.0, exponent * 400.0 / 0.3) / surviving(
            many, 1.0, 0.0, exponent * 400.0 / 0.3
        )
        assert abs(ratio - 1.0) < 0.02


@pytest.mark.parametrize(("mass", "cone", "energy"), [(0.05, 0.01, 50.0), (0.9, 0.003, 120.0)])
def test_bremsstrahlung_in_a_cone_is_that_of_all(mass, cone, energy):
    few = forward_brem_sample(mass, 400.0, largest_angle=cone, least_energy=energy)
    assert len(few) <= 1440
    plain = brem_sample(mass, 400.0, 400_000)
    assert_allclose(inside(few, cone, energy), inside(plain, cone, energy), rtol=0.01)
    top = 360.0 / mass
    for exponent in (1.0, 10.0):
        assert_allclose(
            surviving(few, cone, energy, exponent * top),
            surviving(plain, cone, energy, exponent * top),
            rtol=0.02,
        )


def test_a_collider_is_a_dump_seen_from_the_other_proton():
    """The same mediators, boosted from the rest frame of the other proton to the laboratory."""
    mass, beam = 0.5, 6800.0
    gamma, beta_gamma = beam / PROTON_MASS, np.sqrt((beam / PROTON_MASS) ** 2 - 1.0)
    there = gamma * beam + beta_gamma * np.sqrt(beam**2 - PROTON_MASS**2)
    window = Window(0.1, 0.9, 1.0, 0.25)
    at_rest = forward_brem_sample(mass, there, window=window)
    assert at_rest.energy.max() > 8e7
    along = np.sqrt(at_rest.momentum**2 - (at_rest.momentum * np.sin(at_rest.angle)) ** 2)
    # E - p_z cancels to 1e-9 of either: by (m^2 + pT^2)/(E + p_z) instead.
    pt = at_rest.momentum * np.sin(at_rest.angle)
    light_cone = (mass**2 + pt**2) / (at_rest.energy + along)
    plus = (at_rest.energy + along) / (gamma + beta_gamma)
    minus = light_cone * (gamma + beta_gamma)
    energy = 0.5 * (plus + minus)
    here = forward_brem_sample(mass, beam, collider=True, window=window)
    assert_allclose(here.energy, energy, rtol=1e-5)
    assert_allclose(here.momentum * np.sin(here.angle), pt, rtol=1e-6)
    assert_allclose(here.weight, at_rest.weight, rtol=1e-9)


def test_faser_sees_bremsstrahlung_in_its_cone():
    sample = forward_brem_sample(0.1, 6800.0, collider=True, largest_angle=2e-4, least_energy=500.0)
    everything = forward_brem_sample(0.1, 6800.0, collider=True, nodes=(300, 300))
    assert_allclose(inside(sample, 2e-4, 500.0), inside(everything, 2e-4, 500.0), rtol=0.01)
    assert sample.angle.max() <= 2e-4


def test_nothing_is_seen_above_the_beam():
    spectrum = meson_spectrum("pi0", "120GeV-p")
    assert len(forward_decay_sample(spectrum, PION_DECAY, 0.05, least_energy=130.0)) == 0
    assert len(forward_brem_sample(0.05, 120.0, least_energy=130.0)) == 0
    rho = meson_spectrum("rho", "120GeV-p")
    assert len(forward_mixing_sample(rho, 0.7, least_energy=130.0)) == 0
    soft = forward_mixing_sample(rho, 0.7, least_energy=20.0, largest_angle=0.02)
    assert soft.energy.min() >= 20.0
    assert soft.angle.max() <= 0.02


def test_bad_input_is_named():
    spectrum = meson_spectrum("pi0", "120GeV-p")
    with pytest.raises(InputError, match="largest_angle"):
        forward_decay_sample(spectrum, PION_DECAY, 0.05, largest_angle=0.0)
    with pytest.raises(ValidityError, match=r"pi0->gamma X needs 0 < mass < 0\.135"):
        forward_decay_sample(spectrum, PION_DECAY, 0.2)
    with pytest.raises(InputError, match="needs a spectrum of eta"):
        forward_decay_sample(spectrum, MESON_DECAYS["eta->gamma X"], 0.2)
    with pytest.raises(InputError, match="not with pi0"):
        forward_mixing_sample(spectrum, 0.7)


@pytest.mark.parametrize(
    ("meson", "beam", "mass"), [("pi0", "13.6TeV-pp", 0.02), ("eta", "400GeV-p", 0.3)]
)
def test_a_ring_beside_the_beam_has_what_all_of_phase_space_has_there(meson, beam, mass):
    """3 %: some thousand of the 4e5 points of the plain sample lie in the ring."""
    spectrum, decay = meson_spectrum(meson, beam), MESON_DECAYS[f"{meson}->gamma X"]
    least, most, energy = (0.34, 0.97, 2.0) if beam.endswith("pp") else (0.006, 0.0135, 5.0)
    plain = decay_sample(spectrum, decay, mass, 400_000)
    kept = (plain.angle >= least) & (plain.angle <= most) & (plain.energy >= energy)
    limits = {"largest_angle": most, "least_angle": least, "least_energy": energy}
    ring = forward_decay_sample(spectrum, decay, mass, **limits)
    assert ring.angle.min() >= least
    assert ring.total == pytest.approx(plain.weight[kept].sum(), rel=0.03)
    mean = plain.weight[kept] @ plain.energy[kept] / plain.weight[kept].sum()
    assert ring.weight @ ring.energy / ring.total == pytest.approx(mean, rel=0.03)
