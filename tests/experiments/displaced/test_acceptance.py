"""Displaced yields against closed forms, and against a plain simulation that shares no code."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam.constants import HBARC_GEV_M, MUON_MASS
from darkbeam.errors import DarkbeamWarning, InputError, ValidityError
from darkbeam.experiments.displaced import (
    acceptance_table,
    acceptance_tables,
    decay_probability,
    displaced_yield,
    production_samples,
)
from darkbeam.geometry import make_geometry

TUNNEL = {"shape": "cylinder", "start": "60 m", "end": "110 m", "radius": "3 m"}
PYRAMID = {
    "shape": "pyramid",
    "start": "30 m",
    "end": "50 m",
    "width": "2 m",
    "height": "3 m",
    "width_end": "4 m",
    "height_end": "6 m",
    "center": ["0.5 m", 0],
}
PLANES = [
    {"shape": "rectangle", "position": "52 m", "width": "4 m", "height": "6 m"},
    {"shape": "disc", "position": "56 m", "radius": "3 m", "center": ["0.4 m", "-0.3 m"]},
]
SIDE = {
    "dump_end": "1 m",
    "decay_volume": {
        "shape": "box",
        "start": "5 m",
        "end": "15 m",
        "width": "10 m",
        "height": "10 m",
        "center": ["31 m", "-2 m"],
    },
    "detector": {
        "plane": [
            {
                "shape": "rectangle",
                "normal": "x",
                "position": "36 m",
                "center": ["-2 m", "11 m"],
                "width": "10 m",
                "height": "8 m",
            }
        ]
    },
}


def geometry(volume=PYRAMID, planes=PLANES, dump_end="1 m", **detector):
    tables = {"dump_end": dump_end, "decay_volume": volume}
    if planes:
        tables["detector"] = {"plane": planes, **detector}
    return make_geometry(tables)


def beam(n=400, mass=0.4, seed=1, azimuth=True, lowest=5.0, angle=0.02):
    rng = np.random.default_rng(seed)
    phi = rng.uniform(0, 2 * np.pi, n)
    energy, theta = lowest + rng.exponential(20.0, n), rng.uniform(0, angle, n)
    return production_samples(
        mass, energy, theta, rng.uniform(0.5, 1.5, n), phi=phi if azimuth else None
    )


def sideways(n=400, mass=0.3):
    rng = np.random.default_rng(2)
    energy, theta = 0.5 + rng.exponential(3.0, n), rng.uniform(0.9, 1.6, n)
    return production_samples(mass, energy, theta, phi=rng.uniform(-0.5, 0.4, n))


def plain(samples, setup, masses, width, n, seed=5):
    """Simulate decays one by one with 4-vectors, places of decay included: yield and its error.

    Places are drawn uniformly from the least to the largest distance that matters, with the
    exponential as a weight; matrices boost; conditions are asked at the place of the decay.
    """
    rng = np.random.default_rng(seed)
    volume, detector = setup.decay_volume, setup.detector
    pick = rng.integers(len(samples), size=n)
    M, E, theta = samples.mass, samples.energy[pick], samples.theta[pick]
    phi = rng.uniform(0, 2 * np.pi, n) if samples.phi is None else samples.phi[pick]
    direction = np.array(
        [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)]
    ).T
    p = np.sqrt(E**2 - M**2)
    far = np.linalg.norm(np.max(np.abs(volume.corners()), axis=0))
    near = np.linalg.norm(np.clip(0.0, *volume.corners()))
    s = rng.uniform(near, far, n)
    length = p / M * HBARC_GEV_M / width
    weight = samples.weight[pick] * len(samples) * (far - near) * np.exp(-s / length) / length
    place = s[:, None] * direction
    weight = weight * within(volume, place)
    # isotropic at rest, about fixed axes
    cosine, azimuth = rng.uniform(-1, 1, n), rng.uniform(0, 2 * np.pi, n)
    sine = np.sqrt(1 - cosine**2)
    m1, m2 = masses
    e1 = (M**2 + m1**2 - m2**2) / (2 * M)
    k = np.sqrt(e1**2 - m1**2)
    at_rest = k * np.array([sine * np.cos(azimuth), sine * np.sin(azimuth), cosine]).T
    seen = []
    for sign, energy in ((1, e1), (-1, M - e1)):
        along = np.sum(at_rest * direction, axis=1) * sign
        boosted = sign * at_rest + direction * (
            (E / M - 1) * along + p / M * np.full(n, energy)
        ).reshape(-1, 1)
        lab_energy = E / M * energy + p / M * along
        good = lab_energy >= detector.energy_min
        for plane in detector.plane:
            good &= crosses(plane, place, boosted)
        seen.append(good)
    both = detector.required == "all"
    weight = weight * (seen[0] & seen[1] if both else seen[0] | seen[1])
    return weight.mean(), weight.std() / np.sqrt(n)


def within(volume, place):
    x, y, z = place.T
    along = (z - volume.start) / (volume.end - volume.start)
    (near_x, near_y), (far_x, far_y) = (volume.half_sizes(at_end=end) for end in (False, True))
    x, y = x - volume.center[0], y - volume.center[1]
    a, b = near_x + (far_x - near_x) * along, near_y + (far_y - near_y) * along
    inside = (np.abs(x) <= a) & (np.abs(y) <= b) if volume.radius is None else np.hypot(x, y) <= a
    return inside & (along >= 0) & (along <= 1)


def crosses(plane, place, momentum):
    k = "xyz".index(plane.normal)
    others = [i for i in range(3) if i != k]
    time = (plane.position - place[:, k]) / momentum[:, k]
    hit = place + time[:, None] * momentum
    first, second = (hit[:, i] - c for i, c in zip(others, plane.center, strict=True))
    if plane.radius is not None:
        return (time > 0) & (np.hypot(first, second) <= plane.radius)
    return (time > 0) & (2 * np.abs(first) <= plane.width) & (2 * np.abs(second) <= plane.height)


def compare_with_plain(samples, setup, masses, widths, n, accuracy):
    table = acceptance_table(samples, setup, masses, decays=256)
    for width in widths:
        expected, error = plain(samples, setup, masses, width, n)
        assert error < accuracy * expected, "the plain simulation says too little"
        spread = np.hypot(error, table.error(width))
        assert abs(table.expected(width) - expected) < 4 * spread, (width, expected)


CASES = [
    (beam(), geometry(), (MUON_MASS, MUON_MASS), (1e-17, 3e-15)),
    (beam(), geometry(required="any", energy_min="6 GeV"), (MUON_MASS, 0.2), (1e-17, 3e-15)),
    (beam(azimuth=False), geometry(energy_min="2 GeV"), (0.0, 0.0), (1e-17, 3e-15)),
    (sideways(), make_geometry(SIDE), (0.1, 0.1), (1e-18, 2e-16)),
]


@pytest.mark.parametrize(("samples", "setup", "masses", "widths"), CASES)
def test_against_a_plain_simulation(samples, setup, masses, widths):
    compare_with_plain(samples, setup, masses, widths, 200_000, 0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("samples", "setup", "masses", "widths"), CASES)
def test_against_a_plain_simulation_to_half_a_percent(samples, setup, masses, widths):
    compare_with_plain(samples, setup, masses, widths, 6_000_000, 0.01)


@pytest.mark.parametrize("azimuth", [True, False])
@pytest.mark.parametrize("required", ["all", "any"])
def test_random_angles_and_a_quadrature_agree(required, azimuth):
    samples = beam(n=60, azimuth=azimuth)
    setup = geometry(required=required, energy_min="2 GeV")
    masses = (MUON_MASS, MUON_MASS)
    widths = np.geomspace(1e-19, 1e-14, 6)
    random = acceptance_table(samples, setup, masses, decays=4096)
    nodes = acceptance_table(samples, setup, masses, method="quadrature", nodes=(32, 32, 12))
    np.testing.assert_allclose(random.expected(widths), nodes.expected(widths), rtol=4e-3)
    assert np.all(random.error(widths) < 2e-3 * random.expected(widths))


def test_the_statistical_error_is_that_of_repeated_runs():
    samples, setup, width = beam(n=40), geometry(), 1e-17
    tables = [
        acceptance_table(samples, setup, (0.1, 0.1), decays=16, seed=seed) for seed in range(60)
    ]
    spread = np.std([table.expected(width) for table in tables], ddof=1)
    said = np.sqrt(np.mean([table.error(width) ** 2 for table in tables]))
    assert said == pytest.approx(spread, rel=0.35)  # 60 runs: 9 %


@settings(max_examples=30, deadline=None)
@given(
    log_width=st.floats(-22, -13),
    energy=st.floats(1.0, 400.0),
    mass=st.floats(0.01, 0.9),
    theta=st.floats(0.0, 0.04),
)
def test_without_a_detector_a_ray_gives_the_probability_on_its_path(log_width, energy, mass, theta):
    setup = geometry(TUNNEL, None)
    samples = production_samples(mass, energy, theta, 2.0, phi=0.3)
    length = min(110 / np.cos(theta), 3 / max(np.sin(theta), 1e-9)) - 60 / np.cos(theta)
    width, p = 10.0**log_width, np.sqrt(energy**2 - mass**2)
    expected = 2 * decay_probability(60 / np.cos(theta), length, p, mass, width)
    for method in ("monte-carlo", "quadrature"):
        found = displaced_yield(samples, setup, (0.0, 0.0), width, method=method, decays=8)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_azimuth_does_not_matter_where_the_volume_is_round_about_the_beam():
    setup = geometry(TUNNEL, None)
    thetas, energies = np.linspace(0.0, 0.06, 50), np.linspace(10.0, 90.0, 50)
    table = acceptance_table(production_samples(0.2, energies, thetas), setup, (0, 0))
    fixed = acceptance_table(production_samples(0.2, energies, thetas, phi=1.0), setup, (0, 0))
    widths = np.geomspace(1e-19, 3e-14, 8)
    np.testing.assert_allclose(table.expected(widths), fixed.expected(widths), rtol=3e-4)


def test_a_detector_that_covers_all_sees_every_decay():
    # daughters slower at rest (beta = 0.4 and 0.6) than the mediator: all fly forward
    huge = {"shape": "rectangle", "position": "120 m", "width": "100 km", "height": "100 km"}
    samples = beam(mass=0.4)
    widths = np.geomspace(1e-20, 1e-14, 5)
    bare = displaced_yield(samples, geometry(TUNNEL, None), (0.16, 0.2), widths)
    covered = displaced_yield(samples, geometry(TUNNEL, [huge]), (0.16, 0.2), widths)
    np.testing.assert_allclose(covered, bare, rtol=1e-12)


def test_yields_at_the_limits_of_the_lifetime():
    samples, setup = beam(), geometry()
    table = acceptance_table(samples, setup, (0.1, 0.1))
    assert table.expected(0.0) == 0.0
    assert table.expected(1e-3) == 0.0
    assert table.expected(1e-30) == pytest.approx(1e-30 * table.long_lived_slope, rel=1e-12)
    # made in the volume: each is seen at once, whatever the length of the volume
    inside = production_samples(0.1, 50.0, 0.0, 3.0, phi=0.0, origin=(0, 0, 61))
    assert displaced_yield(inside, geometry(TUNNEL, None), (0, 0), 1e-3) == pytest.approx(3.0)


def test_a_threshold_on_both_massless_daughters_takes_its_share_of_a_flat_spectrum():
    # E = E_X (1 + cos)/2, flat: both above t for 1 - 2 t/E_X, one above t for 2 - 2 t/E_X or 1
    disc = {"shape": "disc", "position": "120 m", "radius": "10 km"}
    samples = production_samples(0.05, 40.0, 0.0, phi=0.0)
    width = 1e-18
    bare = displaced_yield(samples, geometry(TUNNEL, None), (0, 0), width)
    for threshold, both, one in ((0, 1, 1), (10, 0.5, 1), (19, 0.05, 1), (30, 0, 0.5)):
        for required, share in (("all", both), ("any", one)):
            setup = geometry(TUNNEL, [disc], energy_min=f"{threshold} GeV", required=required)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                found = displaced_yield(samples, setup, (0, 0), width, decays=8192)
                nodes = {"method": "quadrature", "nodes": (3, 8, 1)}
                exact = displaced_yield(samples, setup, (0, 0), width, **nodes)
            assert found / bare == pytest.approx(share, abs=2e-3)
            # the nodes do not run across a threshold; rounding of p against E: 1e-6
            assert exact / bare == pytest.approx(share, abs=2e-6)
            assert bool(caught) == (share == 0)


def test_the_opening_angle_of_massless_daughters_against_a_disc():
    # X of gamma decays at z0 on the axis; tan(theta) = sin/(gamma (cos + beta)) must be below
    # r/d for both: |cos| below the root of that, so a share |cos|. A short volume fixes z0.
    short = {"shape": "cylinder", "start": "60 m", "end": "60.001 m", "radius": "3 m"}
    disc = {"shape": "disc", "position": "70 m", "radius": "0.5 m"}
    mass, energy = 0.5, 20.0
    samples = production_samples(mass, energy, 0.0, phi=0.0)
    gamma, beta = energy / mass, np.sqrt(1 - (mass / energy) ** 2)
    cosines = np.linspace(0, 1, 200_001)
    backward = np.sqrt(1 - cosines**2) / (gamma * (beta - cosines))
    share = np.mean((backward > 0) & (backward <= 0.05))
    found = [
        displaced_yield(samples, geometry(short, planes), (0, 0), 1e-18, decays=4096)
        for planes in ([disc], None)
    ]
    assert found[0] / found[1] == pytest.approx(share, abs=1e-3)


def test_one_daughter_of_two_is_seen_more_often_than_both_and_less_than_always():
    small = [{"shape": "disc", "position": "52 m", "radius": "0.4 m"}]
    samples, widths = beam(), np.array([1e-18, 1e-15])
    bare, either, both = (
        acceptance_table(samples, setup, (0.1, 0.1)).expected(widths)
        for setup in (geometry(planes=None), geometry(planes=small, required="any"),
                      geometry(planes=small))
    )  # fmt: skip
    assert np.all(both > 0.0)
    assert np.all(both < either)
    assert np.all(either < bare)


def test_a_roof_is_a_wall_with_x_and_y_exchanged():
    wall = SIDE["detector"]["plane"][0]
    mirrored = {
        "dump_end": "1 m",
        "decay_volume": {**SIDE["decay_volume"], "center": ["-2 m", "31 m"]},
        "detector": {"plane": [{**wall, "normal": "y"}]},
    }
    samples = sideways()
    other = production_samples(
        samples.mass, samples.energy, samples.theta, phi=np.pi / 2 - samples.phi
    )
    wide, roof = (
        acceptance_table(each, make_geometry(entries), (0.1, 0.1), decays=512)
        for each, entries in ((samples, SIDE), (other, mirrored))
    )
    width = 1e-17
    assert roof.expected(width) == pytest.approx(wide.expected(width), rel=1e-2)
    assert roof.error(width) < 2e-3 * roof.expected(width)


def test_the_same_on_any_number_of_threads_and_other_with_another_seed():
    samples, setup = beam(), geometry()
    one = acceptance_table(samples, setup, (0.1, 0.1), threads=1)
    two = acceptance_table(samples, setup, (0.1, 0.1), threads=2)
    np.testing.assert_array_equal(one.heights, two.heights)
    other = acceptance_table(samples, setup, (0.1, 0.1), seed=1)
    assert not np.array_equal(one.heights, other.heights)


def test_yields_add_and_scale_with_weights():
    samples, setup, width = beam(), geometry(), 1e-16
    double = production_samples(
        samples.mass, samples.energy, samples.theta, 2 * samples.weight, phi=samples.phi
    )
    once = displaced_yield(samples, setup, (0.1, 0.1), width)
    twice = displaced_yield(double, setup, (0.1, 0.1), width)
    assert twice == pytest.approx(2 * once, rel=1e-12)


def test_moving_all_along_the_beam_shortens_the_flight_only():
    moved = {**TUNNEL, "start": "50 m", "end": "100 m"}
    at_origin = production_samples(0.1, 30.0, 0.01, phi=0.2)
    downstream = production_samples(0.1, 30.0, 0.01, phi=0.2, origin=(0, 0, 10))
    found = displaced_yield(downstream, geometry(TUNNEL, None), (0, 0), 1e-15)
    expected = displaced_yield(at_origin, geometry(moved, None), (0, 0), 1e-15)
    assert found == pytest.approx(expected, rel=1e-9)


def test_nothing_seen_is_said_with_the_reason():
    wide = production_samples(0.1, 30.0, 0.5)
    with pytest.warns(DarkbeamWarning, match="none of the 1 sample crosses the decay volume"):
        table = acceptance_table(wide, geometry(), (0, 0))
    assert table.empty
    assert table.expected(1e-15) == 0.0
    with pytest.warns(DarkbeamWarning, match="both daughters in the detector's planes with .* 99"):
        acceptance_table(beam(), geometry(energy_min="99 GeV"), (0, 0))
    weightless = production_samples(0.1, 30.0, 0.0, 0.0)
    with pytest.warns(DarkbeamWarning, match="weights of the 1 sample are all 0"):
        acceptance_table(weightless, geometry(), (0, 0))


def test_what_is_refused():
    samples, setup = beam(), geometry()
    with pytest.raises(ValidityError, match=r"mass = 0\.4 GeV: must exceed .* 0\.4 GeV"):
        acceptance_table(samples, setup, (0.2, "200 MeV"))
    for options, message in (
        ({"method": "guess"}, "method"),
        ({"decays": 12}, "decays = 12: must be a multiple of 8"),
        ({"decays": 0}, "decays = 0"),
        ({"nodes": (0, 1, 1)}, "nodes = 0"),
        ({"seed": -1}, "seed"),
    ):
        with pytest.raises(InputError, match=message):
            acceptance_table(samples, setup, (0, 0), **options)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.1, [1.0, 0.05], 0.0), "energy = 0.05: must be finite and above the mass"),
        ((0.1, 1.0, -0.1), "theta = -0.1"),
        ((0.1, 1.0, 0.1, -1.0), "weight = -1"),
        ((0.1, [1.0, 2.0], [0.1, 0.2, 0.3]), "lists of one length"),
        ((0.1, np.ones((2, 2)), 0.1), "lists of one length"),
        (("100 m", 1.0, 0.1), "mass"),
    ],
)
def test_samples_that_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        production_samples(*arguments)
    with pytest.raises(InputError, match="origin"):
        production_samples(0.1, 1.0, 0.0, origin=(0, 0))


def test_groups_have_the_tables_that_they_have_alone():
    first, second = beam(300, seed=1), beam(500, seed=2)
    joint = acceptance_tables(
        [first, second], geometry(), (MUON_MASS, MUON_MASS), method="quadrature", nodes=(8, 8, 1)
    )
    for table, samples in zip(joint, (first, second), strict=True):
        alone = displaced_yield(
            samples,
            geometry(),
            (MUON_MASS, MUON_MASS),
            [1e-18, 1e-15],
            method="quadrature",
            nodes=(8, 8, 1),
        )
        assert table.expected([1e-18, 1e-15]) == pytest.approx(alone, rel=1e-3, abs=0.0)
    with pytest.raises(InputError, match="one mass"):
        acceptance_tables([first, beam(10, mass=0.5)], geometry(), (0.0, 0.0))
    with pytest.raises(InputError, match="none are given"):
        acceptance_tables([], geometry(), (0.0, 0.0))


def test_one_even_sequence_agrees_with_independent_angles_and_has_less_noise():
    samples, daughters, width = beam(1500, azimuth=False), (MUON_MASS, MUON_MASS), 1e-17
    exact = float(displaced_yield(samples, geometry(), daughters, width, decays=512))
    deviations = {1: [], 8: []}
    for replicas, found in deviations.items():
        for seed in range(8):
            table = acceptance_table(
                samples, geometry(), daughters, decays=8, replicas=replicas, seed=seed
            )
            found.append(float(table.expected(width)) / exact - 1.0)
    even, random = (np.sqrt(np.mean(np.square(d))) for d in deviations.values())
    assert even < 0.01
    assert even < 0.7 * random
    with pytest.raises(InputError, match="no statistical error"):
        acceptance_table(samples, geometry(), daughters, decays=8, replicas=1).error(width)


def test_slow_and_fast_mediators_together_do_not_decay_before_they_arrive():
    """Proper times over eight decades: what decays at once is still lost in front of the volume."""
    momentum = np.array([1e-5, 300.0])
    samples = production_samples(0.4, np.hypot(momentum, 0.4), 0.0)
    tunnel = {"shape": "cylinder", "start": "2 m", "end": "3 m", "radius": "1 m"}
    setup = make_geometry({"dump_end": "2 m", "decay_volume": tunnel})
    table = acceptance_table(samples, setup, (0.0, 0.0), decays=8)
    widths = np.geomspace(1e-20, 1e-10, 6)
    exact = sum(decay_probability(2.0, 1.0, p, 0.4, widths) for p in momentum)
    np.testing.assert_allclose(table.expected(widths), exact, rtol=2e-3, atol=1e-15)
    assert table.expected(1e-6) == 0.0
