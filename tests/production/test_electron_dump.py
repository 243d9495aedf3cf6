"""Mediators from showers against integrals and events that other modules make."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy.integrate import quad
from scipy.special import gammainc

from darkbeam.constants import ALPHA, ELECTRON_MASS
from darkbeam.errors import InputError, UnknownNameError, ValidityError
from darkbeam.matter import LayeredMaterial, element, material
from darkbeam.matter.shower import emission_points, simulate_shower
from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.production import electron_dump as dump
from darkbeam.production._electron_dump_kernels import angle_sum
from darkbeam.production.annihilation import resonance_energy
from darkbeam.production.annihilation_yield import annihilation_luminosity, annihilation_yield
from darkbeam.production.brem_events import sample_bremsstrahlung
from darkbeam.production.brem_vertices import KINDS
from darkbeam.production.bremsstrahlung import (
    angular_distribution,
    energy_rule,
    total_cross_section,
)
from darkbeam.production.dump_emitters import dump_emitters

BEAM, LEAST = "e-:20GeV", 2.0
PB = 1e-36  # cm^2


@pytest.fixture(scope="module")
def aluminium():
    return dump_emitters(BEAM, "Al", least_energy=LEAST, n_showers=10_000)


def test_path_near_the_beam_energy_is_heitlers(aluminium):
    """Path above a share of the beam's energy: radiation alone, P(z) = gammainc(bz, -ln share).

    W. Heitler, The Quantum Theory of Radiation, with b = 4/3 (complete screening); ionisation and
    the true shape of the spectrum take a few per cent.
    """
    share = aluminium.energy_edges / 20.0
    for least in share[(share > 0.9) & (share < 0.995)]:
        expected = quad(lambda z, e=least: gammainc(4.0 * z / 3.0, -np.log(e)), 1e-9, 20.0)[0]
        got = aluminium.path_x0[0, 0][share[:-1] >= least * (1.0 - 1e-9)].sum()
        assert got == pytest.approx(expected, rel=0.04)


def made(mass, kind="vector", *, emitters, **options):
    return dump.bremsstrahlung_sample(
        BEAM, "Al", mass, kind, least_energy=LEAST, emitters=emitters, **options
    )


@pytest.mark.parametrize("mass", [0.001, 0.05, 0.6])
def test_total_is_track_length_times_cross_section(aluminium, mass):
    """Another scoring of another shower, and another quadrature."""
    edges = np.concatenate((np.geomspace(LEAST, 16.0, 16), [17.0, 18.0, 19.0, 19.7, 20.0]))
    shower = simulate_shower(
        "Al", 20.0, threshold=LEAST, n_showers=8000, seed=77, energy_bins=edges
    )
    # in each bin the mean over the energy, uniform
    inner = (edges[:-1, None] + np.diff(edges)[:, None] * (np.arange(8) + 0.5) / 8).ravel()
    sigma = total_cross_section(
        BEAM, element("Al"), mass, energy=inner + ELECTRON_MASS, x_min=LEAST / (inner + 1e-3)
    ).sigma_pb.reshape(-1, 8)
    number = PB * material("Al").nuclei_per_x0_cm2["Al"]
    parts = number * sigma.mean(axis=1)
    expected = parts @ shower.track_length_x0
    # all bins vary as if together, which overstates the error
    error = parts @ (shower.electron_err + shower.positron_err)
    got = made(mass, emitters=aluminium).total
    assert got == pytest.approx(expected, abs=3.0 * error, rel=0.01)


@pytest.mark.parametrize(("mass", "kind"), [(0.001, "vector"), (0.3, "scalar"), (0.02, "axial")])
def test_survivors_of_a_long_dump(aluminium, mass, kind):
    """exp(-L/E) singles out X of nearly the beam's energy: against nodes at each emitter."""
    sample = made(mass, kind, emitters=aluminium)
    lengths = np.array([3.0, 10.0, 30.0])
    exact = np.zeros(3)
    number = PB * material("Al").nuclei_per_x0_cm2["Al"]
    for b in range(aluminium.energy_edges.size - 1):
        emitters = np.sort(aluminium.energy[0, 0, b].ravel())[16::32] + ELECTRON_MASS
        if emitters[-1] < 8.0:
            continue
        residuals, sigma = energy_rule(
            ELECTRON_MASS, element("Al"), mass, emitters, 0.5 * emitters[0], kind=kind, order=24
        )
        e_x = np.maximum(emitters[:, None] - residuals, 0.1)
        surviving = np.exp(-lengths[:, None, None] * (20.0 / e_x - 1.0))
        path = aluminium.path_x0[0, 0, b]
        exact += number * path * np.sum(sigma * surviving, axis=(1, 2)) / emitters.size
    got = np.exp(-lengths[:, None] * (20.0 / sample.energy - 1.0)) @ sample.weight
    assert got == pytest.approx(exact, rel=0.02)


def events_of(table, mass, kind, count, cut):
    """Exact events at emitters of a table, rotated by their angle to the beam."""
    rng = np.random.default_rng(4)
    energies = table.energy[0, 0].reshape(len(table.path_x0[0, 0]), -1) + ELECTRON_MASS
    grid = np.geomspace(cut * 1.0005, energies.max(), 200)
    sigma = total_cross_section(
        BEAM, element("Al"), mass, energy=grid, x_min=np.minimum(cut / grid, 0.9999), kind=kind
    ).sigma_pb
    weights = table.path_x0[0, 0][:, None] * np.interp(energies, grid, sigma, left=0.0)
    cumulative = np.cumsum(weights.ravel())
    steps = (np.arange(count) + rng.random(count)) / count * cumulative[-1]
    chosen = np.minimum(np.searchsorted(cumulative, steps), cumulative.size - 1)
    chosen = chosen[energies.ravel()[chosen] > max(1.003 * cut, mass + 0.003 * cut)]
    made_ = sample_bremsstrahlung(
        "e-", "Al", mass, energies.ravel()[chosen], seed=8, least_energy=cut, kind=kind
    ).mediator
    theta = np.arctan2(np.hypot(made_[:, 1], made_[:, 2]), made_[:, 3])
    tilt = 2.0 * np.arcsin(np.sqrt(0.5 * table.one_minus_cos[0, 0].ravel()[chosen]))
    azimuth = 2.0 * np.pi * rng.random(chosen.size)
    along = np.cos(tilt) * np.cos(theta) - np.sin(tilt) * np.sin(theta) * np.cos(azimuth)
    across = np.hypot(
        np.cos(tilt) * np.sin(theta) * np.cos(azimuth) + np.sin(tilt) * np.cos(theta),
        np.sin(theta) * np.sin(azimuth),
    )
    return made_[:, 0], np.arctan2(across, along), table.depth_m[0, 0].ravel()[chosen]


def compare_with_events(table, mass, kind, count, tolerance):
    sample = made(mass, kind, emitters=table)
    share = sample.weight / sample.total
    drawn = events_of(table, mass, kind, count, LEAST)
    for values, events in zip((sample.energy, sample.angle, sample.depth_m), drawn, strict=True):
        for level in (0.05, 0.3, 0.7, 0.95):
            edge = np.quantile(events, level)
            error = 4.0 * np.sqrt(level * (1.0 - level) / count)
            assert share[values < edge].sum() == pytest.approx(level, abs=tolerance + error)
    # small angles at high energy together: what a far detector sees
    energy, angle, _ = drawn
    hit = (energy > 10.0) & (angle < 3e-3)
    error = 4.0 / np.sqrt(hit.sum())
    seen = share[(sample.energy > 10.0) & (sample.angle < 3e-3)].sum()
    assert seen == pytest.approx(hit.mean(), rel=0.02 + error)


def test_energies_angles_and_depths_are_those_of_events(aluminium):
    compare_with_events(aluminium, 0.05, "vector", 20_000, 0.008)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mass", "kind"),
    [(0.001, "vector"), (0.01, "pseudoscalar"), (0.3, "vector"), (0.3, "scalar"), (1.0, "axial")],
)
def test_events_of_other_masses_and_kinds(aluminium, mass, kind):
    compare_with_events(aluminium, mass, kind, 200_000, 0.01)


def test_foil_is_its_thickness_times_the_cross_section():
    """A foil of 1e-3 X0: one emitter, at the beam's energy and in its direction."""
    sigma = total_cross_section("e-:10GeV", element("W"), 0.05, x_min=0.1).sigma_pb
    number = PB * material("W").nuclei_per_x0_cm2["W"]
    totals = []
    for thickness_mm in (3.504e-3, 2 * 3.504e-3):
        foil = LayeredMaterial([("W", thickness_mm)])
        shower = dump_emitters("e-:10GeV", foil, least_energy=1.0, n_showers=10_000)
        sample = dump.bremsstrahlung_sample(
            "e-:10GeV", foil, 0.05, least_energy=1.0, emitters=shower
        )
        totals.append(sample.total)
        assert sample.depth_m.max() <= 1e-3 * thickness_mm
        mean = np.average(sample.depth_m, weights=sample.weight)
        assert mean == pytest.approx(0.5e-3 * thickness_mm, rel=0.04)
    # radiation before emission takes 0.1 % from a foil twice as thick
    assert totals[0] == pytest.approx(number * sigma * foil.total_depth_x0 / 2.0, rel=5e-3)
    assert totals[1] / totals[0] == pytest.approx(2.0, rel=4e-3)


def test_angles_from_a_foil_are_those_of_the_cross_section():
    """Multiple scattering, 0.03 mrad, is nothing beside angles of m_X/E = 5 mrad."""
    foil = LayeredMaterial([("Al", 0.02)])
    shower = dump_emitters("e-:10GeV", foil, least_energy=8.0, n_showers=4000)
    sample = dump.bremsstrahlung_sample(
        "e-:10GeV", foil, 0.05, least_energy=8.0, emitters=shower, each=60
    )
    nodes, weights = np.polynomial.legendre.leggauss(12)
    # x from 0.8 to the end, even in ln(1 - x): the last 1e-5 holds little
    rest = np.exp(np.log(1e-5) + 0.5 * (1.0 + nodes) * np.log(0.2 / 1e-5))

    def density(theta):
        spectrum = angular_distribution("e-:10GeV", element("Al"), 0.05, 1.0 - rest, theta)
        return float(weights @ (rest * spectrum))

    whole = quad(density, 0.0, 0.2, limit=200, points=[1e-3, 1e-2])[0]
    for edge in (1e-3, 3e-3, 1e-2):
        expected = quad(density, 0.0, edge, limit=200)[0] / whole
        got = sample.weight[sample.angle < edge].sum() / sample.total
        assert got == pytest.approx(expected, abs=0.012)


def test_depths_are_those_of_emission_points(aluminium):
    """Mean depth of production: points that another kernel chooses, one in each shower."""
    points = emission_points(
        "Al", 20.0, minimum_energy=LEAST, threshold=1.0, n_showers=8000, preshower_x0=0.01, seed=31
    )
    sigma = total_cross_section(
        BEAM,
        element("Al"),
        0.05,
        energy=points.energy + ELECTRON_MASS,
        x_min=np.minimum(LEAST / points.energy, 0.99),
    ).sigma_pb
    weights = points.weight_x0 * sigma
    depth = 1e-2 * material("Al").radiation_length_cm * points.depth_x0
    expected = np.average(depth, weights=weights)
    error = np.sqrt(np.sum((weights * (depth - expected)) ** 2)) / weights.sum()
    sample = made(0.05, emitters=aluminium)
    got = np.average(sample.depth_m, weights=sample.weight)
    assert got == pytest.approx(expected, abs=4.0 * error)
    assert error < 0.03 * expected


def test_each_layer_has_its_own_nuclei():
    """Two foils of the same thickness in X0: yields as their nuclei and cross sections."""
    stack = LayeredMaterial([("W", 3.504e-3), ("Al", 88.97e-3)])
    shower = dump_emitters("e-:10GeV", stack, least_energy=2.0, n_showers=10_000)
    sample = dump.bremsstrahlung_sample("e-:10GeV", stack, 0.05, least_energy=2.0, emitters=shower)
    behind = sample.depth_m > 3.504e-6
    expected = 1.0
    for symbol, power in (("Al", 1), ("W", -1)):
        sigma = total_cross_section("e-:10GeV", element(symbol), 0.05, x_min=0.2).sigma_pb
        number = material(symbol).nuclei_per_x0_cm2[symbol]
        expected *= float(sigma * number) ** power
    ratio = sample.weight[behind].sum() / sample.weight[~behind].sum()
    assert ratio == pytest.approx(expected, rel=0.01)


def test_compounds_count_all_elements():
    """Water: a foil radiates on hydrogen and oxygen, each as often as its cross section says."""
    foil = LayeredMaterial([("water", 0.36)])
    shower = dump_emitters("e-:10GeV", foil, least_energy=2.0, n_showers=10_000)
    sample = dump.bremsstrahlung_sample("e-:10GeV", foil, 0.02, least_energy=2.0, emitters=shower)
    expected = 0.0
    for symbol, number in material("water").nuclei_per_x0_cm2.items():
        sigma = total_cross_section("e-:10GeV", element(symbol), 0.02, x_min=0.2).sigma_pb
        expected += PB * number * float(sigma) * foil.total_depth_x0
    assert sample.total == pytest.approx(expected, rel=5e-3)


def coupled(mass, kind, coupling):
    spin = 1 if kind in ("vector", "axial") else 0
    return CouplingTable(mass=mass, fermions={"e": Coupling(**{kind: coupling})}, spin=spin)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mass", [0.06, 0.1])
def test_annihilation_is_that_of_a_narrow_resonance(aluminium, kind, mass):
    """The same shower; the Breit-Wigner formula for a width of 1e-8 of the mass."""
    luminosity = annihilation_luminosity("Al", aluminium.energy_edges, aluminium.path_x0[0, 1])
    coupling = 1e-4 * np.sqrt(4.0 * np.pi * ALPHA)
    table = coupled(mass, kind, coupling)
    expected = 1e8 * annihilation_yield(table, luminosity, final_state="all")
    sample = dump.annihilation_sample(
        BEAM, "Al", mass, kind, least_energy=LEAST, emitters=aluminium
    )
    assert sample.total == pytest.approx(float(expected), rel=5e-3)


def test_annihilation_in_another_shower(aluminium):
    """Within the statistical error of both."""
    edges = np.geomspace(LEAST, 20.0, 60)
    shower = simulate_shower("Al", 20.0, threshold=LEAST, n_showers=8000, energy_bins=edges, seed=5)
    luminosity = annihilation_luminosity("Al", edges, shower.positron_x0)
    table = coupled(0.07, "vector", 1e-4 * np.sqrt(4.0 * np.pi * ALPHA))
    expected = 1e8 * float(annihilation_yield(table, luminosity, final_state="all"))
    sample = dump.annihilation_sample(BEAM, "Al", 0.07, least_energy=LEAST, emitters=aluminium)
    resonance = float(resonance_energy(0.07))
    near = (edges[:-1] > 0.9 * resonance) & (edges[1:] < 1.1 * resonance)
    share = np.sqrt(np.sum(shower.positron_err[near] ** 2)) / shower.positron_x0[near].sum()
    assert share < 0.04
    assert sample.total == pytest.approx(expected, rel=4.0 * share)


def test_annihilation_energy_is_smeared_about_the_resonance(aluminium):
    """Aluminium's electrons move by a few per cent; X has the positron's energy and direction."""
    sample = dump.annihilation_sample(BEAM, "Al", 0.07, least_energy=LEAST, emitters=aluminium)
    resonance = float(resonance_energy(0.07)) + ELECTRON_MASS
    order = np.argsort(sample.energy)
    cumulative = np.cumsum(sample.weight[order]) / sample.total
    median = sample.energy[order][np.searchsorted(cumulative, 0.5)]
    assert median == pytest.approx(resonance, rel=0.02)
    spread = np.average((sample.energy / resonance - 1.0) ** 2, weights=sample.weight) ** 0.5
    assert 0.01 < spread < 0.15
    assert np.all(sample.energy >= LEAST)


def test_positron_beam_annihilates_at_its_own_energy():
    """X of 0.14 GeV needs 19.2 GeV: a beam of positrons has them, one of electrons hardly."""
    foil = LayeredMaterial([("C", 10.0)])
    totals = {}
    for particle in ("e+", "e-"):
        beam = f"{particle}:20GeV"
        shower = dump_emitters(beam, foil, least_energy=10.0, n_showers=4000)
        totals[particle] = dump.annihilation_sample(
            beam, foil, 0.14, least_energy=10.0, emitters=shower
        ).total
    assert totals["e+"] > 100.0 * totals["e-"]


@pytest.mark.parametrize("mass", [25.0, 20.0])
def test_closed_bremsstrahlung_is_empty(aluminium, mass):
    sample = made(mass, emitters=aluminium)
    assert len(sample) == 0
    assert sample.total == 0.0


@pytest.mark.parametrize("mass", [1e-3, 0.01, 0.4])
def test_closed_annihilation_is_empty(aluminium, mass):
    """Below the pair's mass; resonance below the least energy; above the beam's."""
    sample = dump.annihilation_sample(BEAM, "Al", mass, least_energy=LEAST, emitters=aluminium)
    assert len(sample) == 0


def test_samples_are_functions_of_their_input(aluminium):
    one, two = (made(0.1, emitters=aluminium) for _ in range(2))
    assert_array_equal(one.angle, two.angle)
    assert_array_equal(one.weight, two.weight)
    again = dump_emitters(BEAM, "Al", least_energy=LEAST, n_showers=10_000, threads=1)
    assert_array_equal(again.energy, aluminium.energy)


def test_sample_is_within_its_kinematics(aluminium):
    for mass in (0.001, 0.5, 2.5):
        sample = made(mass, emitters=aluminium)
        assert np.all(sample.energy >= max(LEAST, mass) * (1.0 - 1e-12))
        assert np.all(sample.energy < 20.0)
        assert np.all(sample.weight > 0.0)
        assert np.all((sample.angle >= 0.0) & (sample.depth_m >= 0.0))
        assert 1000 < len(sample) < 10_000


@given(st.floats(1e-6, 3.0), st.floats(1e-6, 3.0), st.floats(0.0, 1.0, exclude_max=True))
def test_angle_sum_is_a_rotation(first, second, turns):
    """Against the spherical law by vectors; chords keep precision at small angles."""
    h1, h2 = 2.0 * np.sin(0.5 * first) ** 2, 2.0 * np.sin(0.5 * second) ** 2
    azimuth = 2.0 * np.pi * (turns + 0.5)  # at 0 the second deflection takes back the first
    axis = np.array([np.sin(first), 0.0, np.cos(first)])
    # the deflected direction, in the frame of the axis and then in that of the beam
    x, y, z = np.sin(second) * np.cos(azimuth), np.sin(second) * np.sin(azimuth), np.cos(second)
    seen = np.array([x * np.cos(first) + z * axis[0], y, z * axis[2] - x * np.sin(first)])
    expected = 0.5 * (seen[0] ** 2 + seen[1] ** 2 + (seen[2] - 1.0) ** 2)
    assert angle_sum(h1, h2, turns) == pytest.approx(expected, rel=1e-6, abs=1e-9 * max(h1, h2))


def test_mistakes_are_named(aluminium):
    with pytest.raises(InputError, match="expected electrons or positrons"):
        dump_emitters("p:20GeV", "Al")
    with pytest.raises(InputError, match="least_energy"):
        dump.bremsstrahlung_sample(BEAM, "Al", 0.1, least_energy=-1.0)
    with pytest.raises(UnknownNameError, match="vector"):
        made(0.1, "vectr", emitters=aluminium)
    with pytest.raises(UnknownNameError, match="vector"):
        dump.annihilation_sample(BEAM, "Al", 0.1, "vectr", emitters=aluminium)
    with pytest.raises(ValidityError, match="mass"):
        made(0.0, emitters=aluminium)
