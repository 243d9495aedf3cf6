"""The Z' that mixes with photon and Z (M5): S2 (arXiv:2108.05147) sec. 2.2."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import ELEMENTARY_CHARGE, SIN2_THETA_W, Z_MASS
from darkbeam.decays import widths
from darkbeam.errors import ModelError
from darkbeam.models import DarkPhoton
from darkbeam.models.couplings import ELECTRIC_CHARGE, NEUTRINOS
from darkbeam.models.mixed_zprime import MixedZPrime

S2W, C2W = SIN2_THETA_W, 1 - SIN2_THETA_W
G_Z = ELEMENTARY_CHARGE / np.sqrt(S2W * C2W)


def _chiral(model: MixedZPrime, fermion: str) -> tuple[float, float]:
    table = model.couplings()
    vector, axial = float(table.vector(fermion)), float(table.axial(fermion))
    return vector - axial, vector + axial


def _s2(epsilon: float, sin_theta: float, r: float) -> tuple[float, float, float]:
    """S2 eqs. 2.4-2.6 as printed: left- and right-handed lepton, neutrino."""
    e = ELEMENTARY_CHARGE
    left = epsilon * e * (1 - r / (2 * C2W)) / (1 - r) + 0.5 * G_Z * (2 * S2W - 1) * sin_theta
    right = epsilon * e * (1 - r / C2W) / (1 - r) + G_Z * S2W * sin_theta
    neutrino = epsilon * e * (-r / (2 * C2W)) / (1 - r) + 0.5 * G_Z * sin_theta
    return left, right, neutrino


@pytest.mark.parametrize("mass", [1e-3, 0.1, 10.0, 70.0, 120.0, 1e3])
@pytest.mark.parametrize("lepton", ["e", "mu", "tau"])
def test_m5_kinetic_mixing_at_leading_order(mass: float, lepton: str) -> None:
    """S2's epsilon has the other sign: its dark photon couples to electrons with +epsilon e."""
    left, right, neutrino = _s2(-1e-5, 0.0, (mass / Z_MASS) ** 2)
    model = MixedZPrime(mass, epsilon=1e-5)
    assert _chiral(model, lepton) == pytest.approx((left, right), rel=1e-7, abs=0.0)
    assert _chiral(model, f"nu_{lepton}") == pytest.approx((neutrino, 0.0), rel=1e-7, abs=1e-25)


@pytest.mark.parametrize("mass", [1e-3, 0.1, 1.0])
@pytest.mark.parametrize("sin_theta", [1e-5, -3e-6])
def test_m5_both_mixings_at_leading_order(mass: float, sin_theta: float) -> None:
    """S2's mass mixing is for light Z': at 1 GeV it lacks r = 1.2e-4."""
    left, right, neutrino = _s2(-1e-5, sin_theta, (mass / Z_MASS) ** 2)
    model = MixedZPrime(mass, epsilon=1e-5, sin_theta=sin_theta)
    assert _chiral(model, "mu") == pytest.approx((left, right), rel=2e-4, abs=0.0)
    assert _chiral(model, "nu_mu")[0] == pytest.approx(neutrino, rel=2e-4, abs=0.0)


@pytest.mark.parametrize("mass", [1e-3, 30.0, 85.0, 100.0, 1e3])
def test_m5_quarks_by_insertions_of_the_mixing(mass: float) -> None:
    """On the mass shell the mixing -(k/2) V X of a boson V makes V = -k q^2/(q^2 - m_V^2) X.

    B = cos A - sin Z: k is epsilon for the photon and -epsilon tan(theta_W) for the Z; the mass
    mixing makes Z = -sin_theta m_Z^2/(m_Z^2 - q^2) X. V couples by -e Q or -g_Z (T3 - Q sin^2).
    """
    epsilon, sin_theta, r = 1e-6, 2e-6, (mass / Z_MASS) ** 2
    model = MixedZPrime(mass, epsilon=epsilon, sin_theta=sin_theta)
    photon = -epsilon
    z = epsilon * np.sqrt(S2W / C2W) * r / (r - 1) - sin_theta / (1 - r)
    up, down = (2 / 3, 0.5), (-1 / 3, -0.5)
    quarks = {"u": up, "d": down, "s": down, "c": up, "b": down, "t": up}
    for name, (charge, isospin) in quarks.items():
        for side, third in zip(_chiral(model, name), (isospin, 0.0), strict=True):
            expected = -ELEMENTARY_CHARGE * charge * photon - G_Z * (third - S2W * charge) * z
            assert side == pytest.approx(expected, rel=1e-6, abs=0.0)


def test_m5_the_dark_photon_limit() -> None:
    mass = np.array([1e-6, 1e-3, 0.1])
    mixed = MixedZPrime(mass, epsilon=1e-4).couplings()
    dark = DarkPhoton(mass, epsilon=1e-4).couplings()
    for fermion in ELECTRIC_CHARGE:
        # parity is conserved and neutrinos do not couple up to r, the rest up to epsilon^2
        r = (mass / Z_MASS) ** 2
        difference = np.abs(mixed.vector(fermion) - dark.vector(fermion))
        np.testing.assert_array_less(difference, 1e-4 * (r + 1e-4**2))
        np.testing.assert_array_less(np.abs(mixed.axial(fermion)), 1e-4 * r)


def test_m5_the_hypercharge_limit() -> None:
    model = MixedZPrime("1000 TeV", epsilon=1e-3)
    unit = _chiral(model, "e")[1]
    hypercharges = {
        "e": (1 / 2, 1),
        "nu_e": (1 / 2, 0),
        "u": (-1 / 6, -2 / 3),
        "d": (-1 / 6, 1 / 3),
    }
    for fermion, expected in hypercharges.items():
        found = np.array(_chiral(model, fermion)) / unit
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-12)
    # g' Y times the mixing with hypercharge, which is epsilon/cos(theta_W)
    assert unit == pytest.approx(-ELEMENTARY_CHARGE * 1e-3 / C2W, rel=1e-5, abs=0.0)


@given(st.floats(-5, 3.5), st.floats(1e-6, 0.1))
def test_m5_the_z_like_limit(log_mass: float, sin_theta: float) -> None:
    """S2 eq. 2.10, whose limit is epsilon -> 0."""
    mass = 10**log_mass
    if abs((mass / Z_MASS) ** 2 - 1) < 1.1 * sin_theta:
        return
    model = MixedZPrime(mass, epsilon=0.0, sin_theta=sin_theta)
    left, right = _chiral(model, "e")
    neutrino = _chiral(model, "nu_e")[0]
    assert left / right == pytest.approx((S2W - 0.5) / S2W, rel=1e-10, abs=0.0)
    assert neutrino / right == pytest.approx(0.5 / S2W, rel=1e-10, abs=0.0)


def test_the_z_like_boson_decays_to_leptons_as_the_z_does() -> None:
    """Review of Particle Physics: Z to e+ e- 3.3632(42) %, invisible 20.000(55) %."""
    found = widths(MixedZPrime(85.0, epsilon=0.0, sin_theta=1e-3)).partial
    ratio = float(found["nu_nu"] / found["e_e"])
    assert ratio == pytest.approx(20.000 / 3.3632, rel=0.005, abs=0.0)


def test_near_the_pole_of_the_z_it_is_the_z() -> None:
    """At the edge of the excluded interval the state is half Z: couplings g_Z/sqrt(2)."""
    edge = float(MixedZPrime(1.0, epsilon=1e-3).excluded_interval[0])
    model = MixedZPrime(edge * (1 - 1e-9), epsilon=1e-3)
    left = _chiral(model, "nu_e")[0]
    assert left == pytest.approx(G_Z * 0.5 / np.sqrt(2), rel=2e-3, abs=0.0)


def test_the_share_of_dark_matter() -> None:
    mass, epsilon = 85.0, 0.05
    model = MixedZPrime(mass, epsilon=epsilon, alpha_d=0.1, dark_matter="dirac")
    bare = DarkPhoton(mass, epsilon=epsilon, alpha_d=0.1, dark_matter="dirac")
    share = float(model.neutral_bosons.dark_share)
    assert share < 1
    found, full = (float(widths(m).partial["dark"]) for m in (model, bare))
    assert found / full == pytest.approx(share**2, rel=1e-12, abs=0.0)


def test_neutrinos_are_left_handed() -> None:
    table = MixedZPrime(50.0, epsilon=0.1, sin_theta=0.01).couplings()
    for name in NEUTRINOS:
        assert float(table.vector(name)) == -float(table.axial(name)) != 0.0


def test_everything_broadcasts() -> None:
    mass, epsilon = np.array([1e-3, 50.0, 500.0]), np.array([[1e-9], [0.5]])
    table = MixedZPrime(mass, epsilon=epsilon, sin_theta=1e-3, dark_matter="dirac").couplings()
    assert table.shape == (2, 3)
    for i, j in np.ndindex(2, 3):
        single = MixedZPrime(mass[j], epsilon=epsilon[i, 0], sin_theta=1e-3).couplings()
        for fermion in ("e", "nu_mu", "u", "b"):
            assert table.vector(fermion)[i, j] == pytest.approx(float(single.vector(fermion)))
            assert table.axial(fermion)[i, j] == pytest.approx(float(single.axial(fermion)))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"mass": 91.2, "epsilon": 0.01}, "mass must not be between 90.9375 and 91.4376 GeV"),
        ({"mass": [1.0, 91.0], "epsilon": 0.5, "sin_theta": 0.01}, "sin_theta = 0.01.*, got 91$"),
        ({"mass": Z_MASS, "epsilon": 0.0}, "where the Z repels the Z'"),
        ({"mass": 1.0, "epsilon": 0.81}, "epsilon must be finite and >= 0 and <= 0.8, got 0.81"),
        ({"mass": 1.0, "sin_theta": -1.5}, "sin_theta must be finite and >= -1 and <= 1"),
        ({"mass": [1.0, 2.0], "epsilon": [0.1, 0.1, 0.1]}, "do not broadcast"),
    ],
)
def test_what_makes_no_sense_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        MixedZPrime(**values)  # type: ignore[arg-type]


def test_by_name() -> None:
    from darkbeam.models import make_model

    made = make_model("mixed-zprime", mass="1 GeV", epsilon="1e-4", sin_theta="-1e-5")
    assert made == MixedZPrime(1.0, epsilon=1e-4, sin_theta=-1e-5)
    assert made.dark_matter is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("sin_theta", [0.0, 0.05, -0.05])
@pytest.mark.parametrize("mass", [0.1, 60.0, 85.0, 95.0, 300.0])
def test_the_largest_coupling_is_where_the_interval_reaches_the_mass(
    mass: float, sin_theta: float
) -> None:
    largest = MixedZPrime(mass=mass, epsilon=0.0, sin_theta=sin_theta).largest_coupling()
    assert 0.0 < largest <= 0.8
    MixedZPrime(mass=mass, epsilon=largest, sin_theta=sin_theta)
    if largest < 0.8:
        with pytest.raises(ModelError, match="repels"):
            MixedZPrime(mass=mass, epsilon=1.001 * largest, sin_theta=sin_theta)


def test_other_models_have_the_largest_coupling_of_their_parameter() -> None:
    assert DarkPhoton(mass=1.0).largest_coupling() == np.inf
