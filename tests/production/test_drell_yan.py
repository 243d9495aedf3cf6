"""Drell-Yan production: matrix element, data, other calculations, kinematics, ranges."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad

from darkbeam.constants import ALPHA, GEV_M2_TO_PB, PROTON_MASS
from darkbeam.errors import InputError, UnknownNameError, ValidityError
from darkbeam.models import Coupling, CouplingTable, DarkPhoton
from darkbeam.production.drell_yan import (
    DRELL_YAN_QUARKS,
    drell_yan_cross_section,
    drell_yan_samples,
    drell_yan_spectrum,
    drell_yan_strengths,
    intrinsic_pt_squared,
)
from darkbeam.production.inelastic import inelastic_cross_section_mb
from darkbeam.production.parton_densities import grv94_densities

REFERENCE = Path(__file__).parents[1] / "reference"
CHARGES = {"u": 2.0 / 3.0, "d": -1.0 / 3.0, "s": -1.0 / 3.0, "c": 2.0 / 3.0}
E605_S = 38.8**2


def table(name):
    """The stored data of an experiment."""
    lines = [x for x in (REFERENCE / name).read_text().splitlines() if not x.startswith("#")]
    return np.genfromtxt(lines, delimiter=",", names=True)


def gamma_matrices():
    """The Dirac representation."""
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    zero = np.zeros((2, 2))
    time = np.kron(np.diag([1, -1]), np.eye(2))
    return [time] + [np.block([[zero, s], [-s, zero]]) for s in pauli]


@pytest.mark.parametrize(("vector", "axial"), [(1.0, 0.0), (0.0, 1.0), (0.6, -0.8)])
def test_the_cross_section_of_quarks_is_pi_g_squared_over_three(vector, axial):
    """Mean of |M|^2 over spins and colours by numeric traces; sigma = pi |M|^2 delta(s - m^2)/s."""
    g = gamma_matrices()
    g5 = 1j * g[0] @ g[1] @ g[2] @ g[3]
    metric = np.diag([1.0, -1.0, -1.0, -1.0])
    p1, p2 = np.array([1.3, 0.0, 0.0, 1.3]), np.array([0.7, 0.0, 0.0, -0.7])
    k = p1 + p2
    mass2 = k @ metric @ k
    first, second = (sum(metric[i, i] * p[i] * g[i] for i in range(4)) for p in (p1, p2))
    low = metric @ k
    squared = 0.0
    for mu in range(4):
        for nu in range(4):
            polarisation = -metric[mu, nu] + low[mu] * low[nu] / mass2
            left = g[mu] @ (vector * np.eye(4) + axial * g5)
            right = (vector * np.eye(4) - axial * g5) @ g[nu]
            squared += polarisation * np.trace(second @ left @ first @ right)
    mean = squared.real / 4.0 * 3.0 / 9.0
    assert_allclose(np.pi * mean / mass2, np.pi / 3.0 * (vector**2 + axial**2), rtol=1e-12)


def test_flat_densities_give_the_logarithm_of_the_energy():
    """x u = 2, x ubar = 3: L = 2 * 2 * 3 ln(1/tau), of both directions."""

    def flat(x, scale_squared):
        values = {"u": 2.0, "ubar": 3.0}
        names = ("u", "d", "s", "c", "ubar", "dbar", "sbar", "cbar", "g")
        return {name: np.full(x.shape, values.get(name, 0.0)) for name in names}

    s = 2.0 * PROTON_MASS * (400.0 + PROTON_MASS)
    ours = drell_yan_cross_section(4.0, 400.0, order="lo", densities=flat)
    expected = np.pi / (3.0 * 16.0) * 12.0 * np.log(s / 16.0) * GEV_M2_TO_PB
    assert_allclose(ours["u"], expected, rtol=1e-10)
    assert ours["d"] == 0.0
    sample = drell_yan_samples(400.0, 4.0, order="lo", densities=flat)["u"]
    assert_allclose(sample.total, expected / (float(inelastic_cross_section_mb(1.0)) * 1e9))


@pytest.mark.parametrize("mass", [1.6, 3.0, 9.0])
def test_leading_order_is_the_integral_of_the_parton_model(mass):
    """sigma = pi/(3s) int dx/x [u(x) ubar(tau/x) + ...], by quad in x, on lead of 82 and 126."""
    s = 2.0 * PROTON_MASS * (400.0 + PROTON_MASS)
    tau, share = mass**2 / s, 82.0 / 207.0

    def integrand(log_x):
        x = np.exp(log_x)
        a, b = grv94_densities(x, mass**2), grv94_densities(tau / x, mass**2)
        up = share * b["u"] + (1 - share) * b["d"]
        anti = share * b["ubar"] + (1 - share) * b["dbar"]
        return a["u"] * anti + a["ubar"] * up

    value = quad(integrand, np.log(tau) + 1e-9, -1e-9, epsrel=1e-6, limit=200)[0]
    expected = np.pi / (3.0 * mass**2) * value * GEV_M2_TO_PB
    ours = drell_yan_cross_section(mass, 400.0, target="Pb", order="lo")["u"]
    assert_allclose(ours, expected, rtol=1e-4)


def test_rapidities_add_up_to_the_cross_section():
    for target, collider, energy in (("Mo", False, 400.0), ("p", True, 6500.0)):
        root = 8.0 / (26.0 if not collider else 13e3)
        y = np.linspace(np.log(root), -np.log(root), 4001)
        spectrum = drell_yan_spectrum(y, 8.0, energy, target=target, collider=collider)
        total = drell_yan_cross_section(8.0, energy, target=target, collider=collider, order="lo")
        for q in DRELL_YAN_QUARKS:
            assert_allclose(np.trapezoid(spectrum[q], y), total[q], rtol=3e-3)


@pytest.mark.parametrize("mass", [1.5, 4.0, 12.0])
def test_next_to_leading_order_is_converged(mass, monkeypatch):
    """Against nodes that are twice as dense."""
    from darkbeam.production import parton_luminosities

    ours = drell_yan_cross_section(mass, 400.0)
    monkeypatch.setattr(parton_luminosities, "_RAPIDITIES", 128)
    monkeypatch.setattr(parton_luminosities, "_FRACTIONS", 60)
    dense = drell_yan_cross_section(mass, 400.0)
    for q in DRELL_YAN_QUARKS:
        assert_allclose(ours[q], dense[q], rtol=1e-3)


def muon_pairs(y, mass, target, order):
    """d2sigma/dM dy of virtual photons, pb/GeV: narrow width, Gamma = alpha M/3, at e = sqrt(4 pi
    alpha): dsigma/dM^2 = sigma Gamma/(pi M^3). The shape in y is that of leading order."""
    shape = drell_yan_spectrum(y, mass, 800.0, target=target)
    born = drell_yan_cross_section(mass, 800.0, target=target, order="lo")
    total = drell_yan_cross_section(mass, 800.0, target=target, order=order)
    photons = sum(
        4.0 * np.pi * ALPHA * CHARGES[q] ** 2 * shape[q] * total[q] / born[q]
        for q in DRELL_YAN_QUARKS
    )
    return photons * ALPHA / (3.0 * np.pi * mass) * 2.0


def test_muon_pairs_on_hydrogen_as_e866_measured_them():
    """hep-ex/0302019, 6.5 % of common error: 10 % in the mean, 12 % from point to point. Without
    corrections too low by the K factor that such data are known for, 1.3 to 1.6."""
    data = table("drell_yan_e866.csv")
    y, mass = data["y"], data["mass_GeV"]
    ratio = {
        order: data["value_nb_GeV2"] / (muon_pairs(y, mass, "p", order) * mass**3 * 1e-3)
        for order in ("lo", "nlo")
    }
    assert_allclose(ratio["nlo"].mean(), 1.0, atol=0.1)
    assert ratio["nlo"].std() < 0.12
    assert 1.3 < ratio["lo"].mean() < 1.6


def test_muon_pairs_on_copper_as_e605_measured_them():
    """Phys. Rev. D 43 (1991) 2815, 15 % of common error: so much up to the Upsilon; above it ours
    are higher, because the antiquarks at x > 0.2 are."""
    data = table("drell_yan_e605.csv")
    y, mass = data["y"], data["mass_GeV"]
    ours = muon_pairs(y, mass, "Cu", "nlo") * E605_S**1.5 * 1e-3
    ratio = data["value_nb_GeV2"] / ours
    assert_allclose(ratio[mass < 9.0].mean(), 1.0, atol=0.15)
    assert 0.7 < ratio[mass > 10.5].mean() < 1.0


def test_up_quarks_find_fewer_antiquarks_than_down_quarks_as_na51_measured():
    """Phys. Lett. B 332 (1994) 244: (pp - pn)/(pp + pn) of muon pairs, -0.09 +- 0.02 +- 0.025 at
    x = 0.18, 450 GeV; the densities know this measurement."""
    mass = 0.18 * np.sqrt(2.0 * PROTON_MASS * 450.0)

    def pairs(target):
        spectrum = drell_yan_spectrum(0.0, mass, 450.0, target=target)
        return sum(CHARGES[q] ** 2 * spectrum[q] for q in DRELL_YAN_QUARKS)

    proton, lead = pairs("p"), pairs("Pb")
    neutron = (lead - 82.0 / 207.0 * proton) * 207.0 / 125.0
    assert_allclose((proton - neutron) / (proton + neutron), -0.09, atol=0.032)


@pytest.mark.parametrize(("order", "low", "high"), [("nlo", 52.0, 60.0), ("lo", 46.0, 51.0)])
def test_the_z_at_13_tev(order, low, high):
    """58.8 nb: 1.981 nb of pairs (ATLAS, arXiv:1603.09222) over a branching ratio of 3.366 %.
    Bottom quarks, which are not there, make about 4 %."""
    sine2 = 0.2312
    unit = np.sqrt(4.0 * np.pi / 128.0 / (sine2 * (1.0 - sine2)))

    def strength(charge, isospin):
        vector, axial = 0.5 * isospin - charge * sine2, 0.5 * isospin
        return unit**2 * (vector**2 + axial**2)

    sigma = drell_yan_cross_section(91.19, 6500.0, collider=True, order=order)
    isospin = {"u": 0.5, "c": 0.5, "d": -0.5, "s": -0.5}
    total = sum(strength(CHARGES[q], isospin[q]) * sigma[q] for q in DRELL_YAN_QUARKS)
    assert low < float(total) * 1e-3 < high


def test_the_corrections_steady_the_scale():
    """From half the mass to twice: less change than at leading order, for light quarks."""
    for mass in (4.0, 8.0):
        spread = {}
        for order in ("lo", "nlo"):
            low, high = (
                drell_yan_cross_section(mass, 400.0, order=order, scale=scale)["u"]
                for scale in (0.5, 2.0)
            )
            spread[order] = abs(float(np.log(high / low)))
        assert spread["nlo"] < 0.6 * spread["lo"]


def test_strengths_are_the_squares_of_the_couplings():
    photon = drell_yan_strengths(DarkPhoton(mass=2.0, epsilon=1e-3).couplings())
    for q in DRELL_YAN_QUARKS:
        assert_allclose(photon[q], 4.0 * np.pi * ALPHA * CHARGES[q] ** 2 * 1e-6, rtol=1e-6)
    chiral = CouplingTable(2.0, {"u": Coupling(vector=0.3, axial=0.4), "e": Coupling(vector=1.0)})
    assert_allclose(drell_yan_strengths(chiral)["u"], 0.25)
    assert_allclose(drell_yan_strengths(chiral)["d"], 0.0)


@pytest.mark.parametrize("target", ["p", "C", "W", "polyethylene"])
def test_weights_are_cross_sections_over_inelastic_ones(target):
    samples = drell_yan_samples(400.0, 2.5, target=target)
    sigma = drell_yan_cross_section(2.5, 400.0, target=target)
    parts = {"p": [(1.0, 1.0)], "C": [(12.011, 1.0)], "W": [(183.84, 1.0)]}
    parts["polyethylene"] = [(12.011, 1.0), (1.008, 2.0)]  # CH2
    nucleons = sum(a * n for a, n in parts[target])
    inelastic = sum(n * inelastic_cross_section_mb(a) for a, n in parts[target]) * 1e9
    for q in DRELL_YAN_QUARKS:
        assert_allclose(samples[q].total, sigma[q] * nucleons / inelastic, rtol=2e-3)


def test_heavy_nuclei_give_more_per_interaction():
    """A over A^0.7: lead beats hydrogen by 207 32.2/1724 and loses some up quarks."""
    gain = 207.2 * 32.2 / 1724.0
    light, heavy = (drell_yan_samples(400.0, 3.0, target=t) for t in ("p", "Pb"))
    up, down = (heavy[q].total / light[q].total / gain for q in ("u", "d"))
    # On neutrons dbar, which is more than ubar, meets the beam's d, and u becomes d.
    assert 0.7 < up < 1.3
    assert 0.7 < down < 1.3


@pytest.mark.parametrize(("energy", "collider"), [(120.0, False), (400.0, False), (7000.0, True)])
def test_no_mediator_has_more_than_the_energy_there_is(energy, collider):
    mass = 2.0
    x_min = 1e-7 if collider else 1e-5
    sample = drell_yan_samples(energy, mass, collider=collider, x_min=x_min)["u"]
    filled = sample.weight > 0.0
    most = energy if collider else energy + PROTON_MASS
    assert np.all(sample.energy[filled] < most)
    assert np.all(sample.energy >= mass)


def test_mediators_of_protons_go_both_ways_alike():
    """Of proton on proton the mean momentum along the beam vanishes in the centre of mass."""
    mass, energy = 3.0, 400.0
    root_s = np.sqrt(2.0 * PROTON_MASS * (energy + PROTON_MASS))
    gamma = (energy + PROTON_MASS) / root_s
    for q in DRELL_YAN_QUARKS:
        sample = drell_yan_samples(energy, mass, size=(400, 20))[q]
        along = sample.momentum * np.cos(sample.angle)
        beta = np.sqrt(1.0 - gamma**-2)
        rest = gamma * (along - beta * sample.energy)
        spread = np.average(np.abs(rest), weights=sample.weight)
        assert abs(np.average(rest, weights=sample.weight)) < 1e-2 * spread


def test_rapidities_of_a_sample_are_those_of_leading_order():
    mass, energy = 2.0, 400.0
    sample = drell_yan_samples(energy, mass, target="Fe", order="nlo")["d"]
    boost = np.arccosh((energy + PROTON_MASS) / np.sqrt(2.0 * PROTON_MASS * (energy + PROTON_MASS)))
    along = sample.momentum * np.cos(sample.angle)
    y = np.arctanh(along / sample.energy) - boost
    fine = np.linspace(-2.62, 2.62, 2001)
    spectrum = drell_yan_spectrum(fine, mass, energy, target="Fe")["d"]
    for cut in (-0.5, 0.5, 1.2):
        above = np.sum(sample.weight[y > cut]) / sample.total
        expected = np.trapezoid(np.where(fine > cut, spectrum, 0.0), fine)
        assert_allclose(above, expected / np.trapezoid(spectrum, fine), atol=1e-2)


@pytest.mark.parametrize(("energy", "collider"), [(800.0, False), (7000.0, True)])
def test_transverse_momenta_have_the_assumed_spread(energy, collider):
    sample = drell_yan_samples(energy, 5.0, collider=collider, size=(200, 200))["u"]
    across = sample.momentum * np.sin(sample.angle)
    mean = np.average(across**2, weights=sample.weight)
    assert_allclose(mean, intrinsic_pt_squared(5.0, collider=collider), rtol=0.03)
    if not collider:
        wide = drell_yan_samples(energy, 5.0, pt_squared=2.0, size=(200, 200))["u"]
        across = wide.momentum * np.sin(wide.angle)
        assert_allclose(np.average(across**2, weights=wide.weight), 2.0, rtol=0.03)


def test_assumed_transverse_momenta():
    """hep-ph/0408092: rms of 0.8 GeV per parton; PYTHIA 8.3 at m = 1.5 GeV: half way from 0.9 to
    1.8 GeV per parton and component."""
    assert_allclose(intrinsic_pt_squared([2.0, 9.0]), 2.0 * 0.64)
    assert_allclose(intrinsic_pt_squared(1.5, collider=True), 4.0 * 1.35**2)
    assert_allclose(intrinsic_pt_squared(1e6, collider=True), 4.0 * 1.8**2, rtol=1e-3)


@pytest.mark.parametrize(
    ("energy", "collider", "angle"),
    [(400.0, False, a) for a in (0.01, 0.05, 0.7, 2.5)]
    + [(7000.0, True, a) for a in (0.1, 0.7, 2.5)],
)
def test_a_cone_holds_what_the_whole_sample_has_in_it(energy, collider, angle):
    size = (400, 400)
    whole = drell_yan_samples(energy, 2.0, collider=collider, size=size)["d"]
    cone = drell_yan_samples(energy, 2.0, collider=collider, size=size, largest_angle=angle)["d"]
    inside = whole.angle < angle
    filled = cone.weight > 0.0
    assert np.all(cone.angle[filled] <= angle * (1.0 + 1e-9))
    assert_allclose(cone.total, np.sum(whole.weight[inside]), rtol=5e-3)
    expected = np.sum((whole.weight * whole.energy)[inside]) / np.sum(whole.weight[inside])
    assert_allclose(np.average(cone.energy, weights=cone.weight), expected, rtol=1e-2)


def test_a_smaller_least_fraction_opens_the_forward_region():
    """At the LHC 2 GeV at a rapidity of 7 needs a parton of x = 1.3e-7."""
    assert drell_yan_spectrum(7.0, 2.0, 7000.0, collider=True)["u"] == 0.0
    assert drell_yan_spectrum(7.0, 2.0, 7000.0, collider=True, x_min=1e-7)["u"] > 0.0
    assert drell_yan_samples(7000.0, 2.0, collider=True, x_min=1e-3)["u"].total == 0.0


@settings(max_examples=40)
@given(mass=st.floats(1.5, 200.0), energy=st.floats(20.0, 1000.0))
def test_cross_sections_are_finite_and_stop_where_the_energy_does(mass, energy):
    sigma = drell_yan_cross_section(mass, energy)
    closed = mass**2 >= 2.0 * PROTON_MASS * (energy + PROTON_MASS)
    for q in DRELL_YAN_QUARKS:
        assert np.isfinite(sigma[q])
        assert sigma[q] >= 0.0
        if closed:
            assert sigma[q] == 0.0


def test_cross_sections_broadcast_and_fall():
    masses = np.array([[2.0, 3.0, 5.0], [8.0, 15.0, 40.0]])
    sigma = drell_yan_cross_section(masses, 400.0)
    assert sigma["u"].shape == (2, 3)
    assert np.all(np.diff(sigma["u"].ravel()) < 0.0)
    assert sigma["u"][1, 2] == 0.0
    one = drell_yan_cross_section(5.0, 400.0)
    assert_allclose(sigma["d"][0, 2], one["d"], rtol=1e-10)
    assert len(drell_yan_samples(400.0, 40.0)["u"]) == 0


@pytest.mark.parametrize("mass", [1.4, 1001.0, np.nan, -2.0])
def test_light_mediators_are_not_made_by_quarks(mass):
    with pytest.raises(ValidityError, match=r"1\.5 to 1000 GeV"):
        drell_yan_cross_section(mass, 400.0)
    with pytest.raises(ValidityError, match=r"1\.5 to 1000 GeV"):
        drell_yan_samples(400.0, mass)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"beam_energy": 0.5}, "beam_energy"),
        ({"target": "W", "collider": True}, "collid"),
        ({"scale": 0.1}, "scale"),
        ({"x_min": 0.0}, "x_min"),
    ],
)
def test_bad_arguments_are_named(changes, word):
    given_arguments = {"beam_energy": 400.0} | changes
    with pytest.raises(InputError, match=word):
        drell_yan_cross_section(2.0, **given_arguments)


def test_bad_choices_of_samples_are_named():
    with pytest.raises(UnknownNameError, match="nlo"):
        drell_yan_cross_section(2.0, 400.0, order="nnlo")
    with pytest.raises(InputError, match="size"):
        drell_yan_samples(400.0, 2.0, size=(0, 10))
    with pytest.raises(InputError, match="pt_squared"):
        drell_yan_samples(400.0, 2.0, pt_squared=-1.0)
    with pytest.raises(InputError, match="largest_angle"):
        drell_yan_samples(400.0, 2.0, largest_angle=0.0)
    with pytest.raises(InputError, match="sigma_inelastic_mb"):
        drell_yan_samples(400.0, 2.0, sigma_inelastic_mb=0.0)
    with pytest.raises(ValidityError, match="TeV"):
        drell_yan_samples(100.0, 2.0, collider=True)
    own = drell_yan_samples(100.0, 2.0, collider=True, sigma_inelastic_mb=40.0)["u"]
    assert_allclose(
        own.total, drell_yan_cross_section(2.0, 100.0, collider=True)["u"] / 40e9, rtol=2e-3
    )
