"""What S2 (Coy, Xu, arXiv:2108.05147) says of its figures of beam dumps, and where it is not so.

Inventory: S2.F3.1, S2.F3.2, S2.F3.3, S2.F4.1, O8. Published curves of dark photons are the truth
that the recipe is held against: it has one number of each of them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import brentq, minimize_scalar

from darkbeam.constants import ALPHA
from darkbeam.experiments import experiment
from darkbeam.experiments.displaced.dimensionless_rate import DUMPS
from darkbeam.models import DarkPhoton
from darkbeam.moments import g2_band
from darkbeam.papers import figure
from darkbeam.papers.dump_recipe import full_curve, muonic, recipe_curve, relative_production
from darkbeam.papers.framework import Curve, Panel, Steps
from darkbeam.papers.region_drawing import outlines

REFERENCE = Path(__file__).parents[1] / "reference"
MUON = 0.1056584  # GeV
METRE = 1 / 1.973269804e-16  # GeV^-1
E = np.sqrt(4 * np.pi * ALPHA)
LOOP = 0.01443  # epsilon of g_mu = 1 by S2 eq. 2.12 with today's masses (S0 eq. 6)


def published(name):
    """Return mass, lower and upper edge in epsilon."""
    return np.loadtxt(REFERENCE / name, delimiter=",", skiprows=_header(name)).T


def _header(name):
    lines = (REFERENCE / name).read_text().splitlines()
    return 1 + next(i for i, line in enumerate(lines) if not line.startswith("#"))


def edges(name, model, mass, momentum=None):
    """Return the edges of the recipe at given masses."""
    curve = recipe_curve("c", name, model, np.asarray(mass), Steps(None, 1), momentum=momentum)
    data = curve.data
    found = {
        float(m): (float(low), float(high))
        for m, low, high in zip(
            data["mass_GeV"].values,
            data["coupling_lo"].values,
            data["coupling_hi"].values,
            strict=True,
        )
    }
    return np.array([found.get(float(m), (np.nan, np.nan)) for m in mass]).T


def survival(x):
    """Return R-bar lambda_sh by x = lambda_sh (g_e^2 + g_nu^2/2) for no neutrinos: eq. 3.8."""
    return x * np.exp(-x) * -np.expm1(-x * 50 / 60)


PEAK = minimize_scalar(lambda x: -survival(x), bounds=(0, 10), method="bounded").x
PHOTON = DarkPhoton(mass=0.1, dark_matter=None)


@pytest.fixture(scope="module")
def ship():
    """Without full yields, which take a simulation for each mass."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("darkbeam.papers.s2_f32.SOURCES", ())
        patch.setattr("darkbeam.papers.s2_f32.FULL_RATIOS", ())
        return figure("S2.F3.2", points=12)


@pytest.fixture(scope="module")
def others():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("darkbeam.papers.s2_f33.FULL_RATIOS", ())
        return figure("S2.F3.3", points=12)


def test_s2_f3_1_contours_lie_on_eq_3_8():
    made = figure("S2.F3.1", points=12)
    for ratio in (0, 3, 10, 30, 100):
        data = made.curve(f"g_nu/g_e={ratio}", panel="contours")
        mass = data["mass_GeV"].values
        unit = METRE * mass**2 / (12 * np.pi * 200.0)  # eq. 3.9
        for edge in (data["coupling_lo"].values, data["coupling_hi"].values):
            total = edge**2 * (1 + ratio**2 / 2)
            rate = edge**4 / total * np.exp(-60 * unit * total) * -np.expm1(-50 * unit * total)
            np.testing.assert_allclose(rate, 1e-19, rtol=1e-5)


def test_s2_f3_1_contours_shrink_vertically_and_horizontally():
    made = figure("S2.F3.1", points=12)
    curves = {r: made.curve(f"g_nu/g_e={r}", panel="contours") for r in (0, 3, 10, 30, 100)}
    at_10_mev = {
        r: [np.interp(0.01, c["mass_GeV"], c[name]) for name in ("coupling_lo", "coupling_hi")]
        for r, c in curves.items()
    }
    assert at_10_mev[100][0] == pytest.approx(at_10_mev[0][0], rel=0.1)  # S2: "less impact"
    assert at_10_mev[100][1] < 0.03 * at_10_mev[0][1]
    # the largest mass in closed form: r^2 max[x e^-x (1 - e^-5x/6)] = R-bar lambda_sh
    for ratio in (10, 30, 100):
        shield = (1 + ratio**2 / 2) ** -2 * survival(PEAK) / 1e-19
        largest = np.sqrt(shield * 12 * np.pi * 200.0 / (60 * METRE))
        assert curves[ratio]["mass_GeV"].values[-1] == pytest.approx(largest, rel=1.1e-3)


def test_s2_f3_2_the_dark_photons_of_ship_come_back():
    """S2 3.3: eq. 3.15 describes SHiP "rather accurately". One point of the curve went in.

    Bremsstrahlung of Bluemlein and Brunner with a dipole, as SHiP has it; the upper edge says of
    which momentum those are that survive the shield.
    """
    mass, low, high = published("ship_brem_dipole_reach.csv")
    middle = edges("SHiP", PHOTON, mass)
    light, heavy = mass <= 0.5, (mass > 0.5) & (mass <= 1.5)
    np.testing.assert_allclose(middle[0][light], low[light], rtol=0.05)
    np.testing.assert_allclose(middle[0][heavy], low[heavy], rtol=0.15)
    assert np.all((middle[1] / high)[mass < 1.8] < 1.02)
    assert np.all((middle[1] / high)[mass < 1.8] > 0.74)
    fast = edges("SHiP", PHOTON, mass, momentum=300.0)
    np.testing.assert_allclose(fast[1][light][2:], high[light][2:], rtol=0.07)
    # by construction, for each momentum
    np.testing.assert_allclose(edges("SHiP", PHOTON, [0.05, 0.1], 100.0)[0][1], 5.28e-8, rtol=1e-6)


def test_s2_f3_2_levels_for_the_three_momenta(ship):
    """S2 prints 0.5, 0.75, 1.5e-20. The ratios are right, the size is 2.93 times larger."""
    levels = [ship.curve(f"SHiP p={p} GeV").attrs["level"] for p in (300, 200, 100)]
    np.testing.assert_allclose(np.array(levels) / levels[1], [0.5 / 0.75, 1.0, 2.0], rtol=1e-3)
    assert levels[1] / 0.75e-20 == pytest.approx(2.93, abs=0.01)


def test_s2_f3_2_two_regions_at_twice_the_coupling_to_neutrinos(ship):
    numbers = {r: ship.curve(f"SHiP g_nu/g_mu={r}")["region"].values.max() for r in (0, 0.2, 2)}
    assert numbers == {0: 1.0, 0.2: 1.0, 2: 2.0}
    split = ship.curve("SHiP g_nu/g_mu=2")
    first = split["mass_GeV"].values[split["region"].values == 1.0]
    second = split["mass_GeV"].values[split["region"].values == 2.0]
    assert first[-1] == pytest.approx(4.98e-3, rel=5e-3)  # S2: 80 MeV
    assert second[0] == pytest.approx(2 * MUON, rel=2e-3)


def two_channel_edge(nu_ratio, mass, electron):
    """Return the upper edge in g_mu by eq. 3.8, at the level as S2 prints it."""
    unit = METRE * mass**2 / (12 * np.pi * 200.0)

    def excess(log_g):
        g = np.exp(log_g)
        total = g**2 * (electron**2 + nu_ratio**2 / 2)
        rate = (electron * g) ** 4 / total * np.exp(-60 * unit * total)
        return np.log(rate * -np.expm1(-50 * unit * total) / 0.75e-20)

    peak = 0.5 * np.log(PEAK / (60 * unit * (electron**2 + nu_ratio**2 / 2)))
    return np.exp(brentq(excess, peak, peak + 3.0)) if excess(peak) > 0 else None


def test_s2_f3_2_reads_as_if_electrons_coupled_with_the_mixing_itself(ship):
    """S2: g_nu = 0.2 g_mu lowers the upper bound "by an order of magnitude", 2 leaves 80 MeV.

    With its eq. 2.12, g_e = 4.37e-3 g_mu, it is a factor of 52 and 8.5 MeV. With 0.0144 g_mu, the
    mixing without the charge e, both come out: a factor of 13, and 93 MeV.
    """
    drop = {
        g_e: two_channel_edge(0.0, 0.05, g_e) / two_channel_edge(0.2, 0.05, g_e)
        for g_e in (E * LOOP, LOOP)
    }
    assert drop[E * LOOP] == pytest.approx(52, rel=0.02)
    assert drop[LOOP] == pytest.approx(13, rel=0.03)
    assert two_channel_edge(2.0, 0.01, E * LOOP) is None
    assert two_channel_edge(2.0, 0.08, LOOP) is not None
    assert two_channel_edge(2.0, 0.1, LOOP) is None
    upper = {
        r: np.interp(
            0.05, *(ship.curve(f"SHiP g_nu/g_mu={r}")[n] for n in ("mass_GeV", "coupling_hi"))
        )
        for r in (0, 0.2)
    }
    assert upper[0] / upper[0.2] == pytest.approx(drop[E * LOOP], rel=0.1)


@pytest.mark.parametrize(
    ("name", "file", "largest", "lower", "upper"),
    [
        ("SeaQuest", "seaquest_reach.csv", 0.45, 0.15, (0.9, 1.05)),
        # the spectrum is softer than 3.5 TeV: the recipe lets too many through the rock
        ("FASER", "faser2_reach.csv", 0.23, 0.15, (1.0, 1.75)),
    ],
)
def test_s2_sec_3_3_seaquest_and_faser_come_back(name, file, largest, lower, upper):
    """S2: "we successfully reproduce the anticipated dark photon results", again by one point."""
    mass, low, high = published(file)
    used = mass < largest
    found = edges(name, PHOTON, mass[used])
    np.testing.assert_allclose(found[0], low[used], rtol=lower)
    ratio = found[1] / high[used]
    assert np.all((ratio > upper[0]) & (ratio < upper[1]))


def test_s2_f3_3_faser_reaches_what_explains_g2_for_small_couplings_to_neutrinos(others):
    """S2: "the FASER sensitivity still cannot reach the green band". It does for g_nu = 0.

    Without neutrinos and below 2 m_mu the Z' is a dark photon of epsilon = 0.01443 g_mu, which
    FASER 2 would see, and which FASER has excluded from 20 to 75 MeV with the data of 2022.
    """
    for name in ("faser2_reach.csv", "faser_2022_limit.csv"):
        mass, low, high = published(name)
        used = (mass > 0.02) & (mass < 0.076)
        band = g2_band(muonic(0.0), "FNAL2021", mass=mass[used])
        epsilon = LOOP * band["coupling"].values
        assert np.all((low[used] < epsilon) & (epsilon < high[used]))
    for ratio, reached in ((0, 0.16), (0.2, 0.009)):
        region = others.curve(f"FASER g_nu/g_mu={ratio}")
        first = region.isel(point=np.flatnonzero(region["region"].values == 1.0))
        mass = first["mass_GeV"].values
        band = g2_band(muonic(ratio), "FNAL2021", mass=mass)["coupling"].values
        inside = (first["coupling_lo"].values < band) & (band < first["coupling_hi"].values)
        assert mass[inside].max() == pytest.approx(reached, rel=0.2)
    assert others.curve("FASER g_nu/g_mu=2").sizes["point"] == 0


@pytest.mark.parametrize(
    ("ratio", "name", "reached"), [(0.01, "SHiP", 0.09), (0.001, "SHiP", 0.14)]
)
def test_s2_f4_1_what_small_couplings_to_neutrinos_leave_of_g2(ratio, name, reached):
    """S2 sec. 5: for g_nu/g_mu <= 0.01 SHiP and SeaQuest rule out what is lighter than 100 MeV."""
    mass = np.array([5e-3, 0.02, 0.05, 0.08, 0.1, 0.12, 0.2])
    band = g2_band(muonic(ratio), "FNAL2021", mass=mass)["coupling"].values
    low, high = edges(name, muonic(ratio), mass)
    inside = (low < band) & (band < high)
    assert np.array_equal(inside, mass < reached)
    low, high = edges("SeaQuest", muonic(ratio), mass)
    assert np.all(((low < band) & (band < high))[mass <= 0.1])


def test_relative_production_is_one_at_100_mev_and_falls_where_pions_close():
    for name in DUMPS:
        assert relative_production(name, 0.1) == pytest.approx(1.0, rel=1e-12)
    # SHiP: bremsstrahlung alone, a dipole above 0.71 GeV^2 and nothing of pions
    assert relative_production("SHiP", 0.01) == pytest.approx(1.0, abs=0.02)
    # pi0 -> gamma A' dominates below 100 MeV: (1 - m^2/m_pi^2)^3 is 0.092 at 100 MeV
    assert 5.0 < relative_production("SeaQuest", 0.01) < 1 / 0.092
    before, after = relative_production("FASER", [0.13, 0.14])
    assert after < before


@pytest.mark.slow
def test_s2_f4_1_has_all_that_the_package_has():
    made = figure("S2.F4.1", points=5)
    assert [panel.name for panel in made.panels] == [
        f"g_nu/g_mu={ratio:g}" for ratio in (1.0, 0.1, 0.01, 0.001)
    ]
    names = [[curve.name for curve in panel.curves] for panel in made.panels]
    dumps = ["SHiP", "SeaQuest", "SHiP full", "SeaQuest full"]
    assert names == [["g-2 FNAL2021", *dumps, "NA64mu 1e12"]] * 4
    # a light Z' of muons that leaves NA64 costs muons the same, whatever it decays to
    limits = [
        made.curve("NA64mu 1e12", panel.name)["coupling_lo"].values[0] for panel in made.panels
    ]
    np.testing.assert_allclose(limits, limits[0], rtol=0.02)


@pytest.mark.slow
def test_full_yields_are_the_reach_of_the_experiments():
    mass = np.array([3e-3, 6e-3, 0.012])
    curve = full_curve("c", "SHiP", muonic(2.0), mass, Steps(None, 1))
    assert curve.data.attrs["experiment"] == "SHiP"
    reach = experiment("SHiP").reach(muonic(2.0), mass[:1])
    assert curve.data["coupling_lo"].values[0] == pytest.approx(
        float(reach["coupling_lo"].values[0])
    )
    # more is made than by bremsstrahlung alone, so the region goes on to a larger mass: to 3 %
    end = curve.data["mass_GeV"].values[-1]
    assert 1.5 * 4.98e-3 < end < 2.0 * 4.98e-3
    outside = experiment("SHiP").reach(muonic(2.0), np.array([1.05 * end]))
    assert not np.isfinite(outside["coupling_lo"].values).any()


@pytest.mark.slow
def test_s2_f3_3_the_full_yield_of_faser_reaches_the_band_too():
    mass = np.array([0.02, 0.1])
    band = g2_band(muonic(0.0), "FNAL2021", mass=mass)["coupling"].values
    free = full_curve("c", "FASER", muonic(0.0), mass, Steps(None, 1)).data
    ends = free.isel(point=[0, -1])
    assert np.array_equal(ends["mass_GeV"].values, mass)
    assert np.all((ends["coupling_lo"].values < band) & (band < ends["coupling_hi"].values))
    # with neutrinos the recipe, all of half the beam's momentum, reaches to 62 MeV: too far
    assert not full_curve("c", "FASER", muonic(0.2), mass, Steps(None, 1)).data.sizes["point"]


@pytest.mark.parametrize(("projection", "filled"), [(True, 0), (False, 1)])
def test_what_is_no_projection_is_filled(projection, filled):
    from matplotlib.figure import Figure

    limit = xr.Dataset(
        {"coupling_lo": ("mass_GeV", [1e-6, 1e-6]), "coupling_hi": ("mass_GeV", [1e-4, 1e-4])},
        coords={"mass_GeV": [0.1, 0.2]},
        attrs={"projection": projection},
    )
    axes = Figure().add_subplot()
    draw = outlines(x_label="m", y_label="g", x_range=(0.01, 1.0), y_range=(1e-8, 1e-2))
    draw(axes, (Curve("c", limit, "text"),))
    assert len(axes.patches) == filled


def test_a_reach_is_drawn_region_by_region_and_in_pieces_of_mass():
    from matplotlib.figure import Figure

    lower = np.array([[1e-6, 1e-4], [1e-6, np.inf], [np.inf, np.inf], [1e-5, np.inf]])
    reach = xr.Dataset(
        {
            "coupling_lo": (("mass_GeV", "region"), lower),
            "coupling_hi": (("mass_GeV", "region"), 10 * lower),
        },
        coords={"mass_GeV": [0.1, 0.2, 0.3, 0.4], "region": [1, 2]},
    )
    axes = Figure().add_subplot()
    draw = outlines(x_label="m", y_label="g", x_range=(0.01, 1.0), y_range=(1e-8, 1e-2))
    draw(axes, (Curve("c", reach, "text"),))
    spans = [
        (float(np.min(line.get_xdata())), float(np.max(line.get_xdata()))) for line in axes.lines
    ]
    assert spans == [(0.1, 0.2), (0.4, 0.4), (0.1, 0.1)]


def test_outlines_are_closed_where_regions_end_and_open_at_the_frame():
    from matplotlib.figure import Figure

    data = xr.Dataset(
        {
            "region": ("point", [1.0, 1.0, 2.0, 2.0]),
            "mass_GeV": ("point", [0.1, 0.2, 0.3, 1.0]),
            "coupling_lo": ("point", [1e-6, 1e-6, 1e-5, 1e-5]),
            "coupling_hi": ("point", [1e-4, 1e-4, np.inf, np.inf]),
        }
    )
    curve = Curve("c", data, "text")
    draw = outlines(x_label="m", y_label="g", x_range=(0.1, 2.0), y_range=(1e-8, 1e-2))
    axes = Figure().add_subplot()
    draw(axes, (curve,))
    first, second = ([np.asarray(v) for v in line.get_data()] for line in axes.lines)
    assert Panel("p", (curve,), draw).curves[0].text == "text"
    # the first begins at the frame: there is no wall; it ends with one from 1e-6 to 1e-4
    assert first[0].tolist() == [0.1, 0.2, 0.2, 0.1]
    assert first[1].tolist() == [1e-6, 1e-6, 1e-4, 1e-4]
    # the second is closed, and its top is beyond the frame
    assert second[0].tolist() == [0.3, 1.0, 1.0, 0.3, 0.3]
    assert second[1][2] > 1e-2
