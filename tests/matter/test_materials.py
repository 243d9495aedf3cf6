"""Mixtures and layered targets."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import AVOGADRO
from darkbeam.errors import InputError, UnknownNameError
from darkbeam.matter import LayeredMaterial, element, material, material_names, mixture, target

# Review of Particle Physics, "Atomic and nuclear properties of materials", g/cm^2.
PDG = {
    "polystyrene": 43.79,
    "polyvinyltoluene": 43.90,
    "polyethylene": 44.77,
    "water": 36.08,
    "air": 36.62,
    "concrete": 26.57,
    "lead-tungstate": 7.39,
    "bgo": 7.97,
    "caesium-iodide": 8.39,
    "W": 6.76,
}


@pytest.mark.parametrize(("name", "published"), PDG.items())
def test_radiation_length_agrees_with_the_review(name: str, published: float) -> None:
    assert material(name).radiation_length == pytest.approx(published, rel=1.5e-3)


def test_plasma_energies_agree_with_the_review() -> None:
    assert material("Pb").plasma_energy == pytest.approx(61.07e-9, rel=1e-3)
    assert material("water").plasma_energy == pytest.approx(21.47e-9, rel=2e-3)


def test_nuclei_per_radiation_length_of_lead() -> None:
    # By hand: 6.022e23 x 6.37 / 207.2.
    assert target("Pb").nuclei_per_x0_cm2["Pb"] == pytest.approx(1.851e22, rel=1e-3)


def test_sampling_calorimeter() -> None:
    ecal = LayeredMaterial([("Pb", 1.5), ("polystyrene", 1.5)], repeats=150)
    # NA64's electromagnetic calorimeter is quoted with 40 radiation lengths.
    assert ecal.total_depth_x0 == pytest.approx(40.6, abs=0.3)
    assert ecal.total_depth_cm == pytest.approx(45.0)
    assert ecal.density == pytest.approx((11.35 + 1.06) / 2)
    assert ecal.active == ("polystyrene",)
    assert ecal.total_depth_cm / ecal.radiation_length_cm == pytest.approx(ecal.total_depth_x0)
    # All nuclei on a square centimetre, counted by layer.
    counted = 150 * 0.15 * 11.35 * AVOGADRO / element("Pb").atomic_weight
    assert ecal.nuclei_per_x0_cm2["Pb"] * ecal.total_depth_x0 == pytest.approx(counted)
    edges = ecal.boundaries_x0()
    assert edges.shape == (301,)
    assert edges[-1] == pytest.approx(ecal.total_depth_x0)
    assert np.all(np.diff(edges) > 0.0)
    assert list(ecal.active_layers()[:4]) == [False, True, False, True]
    assert list(ecal.material_index()[:4]) == [0, 1, 0, 1]


def test_homogeneous_targets() -> None:
    endless = target("Pb")
    assert endless.homogeneous
    assert math.isinf(endless.total_depth_x0)
    assert endless.name == "Pb"
    assert endless.nuclei_per_x0_cm2 == pytest.approx(material("Pb").nuclei_per_x0_cm2)
    assert target("W", depth_x0=8.0).total_depth_x0 == pytest.approx(8.0)
    assert target(endless) is endless
    assert hash(target("Pb")) == hash(endless)


@given(
    thickness=st.floats(0.1, 50.0), repeats=st.integers(1, 20), name=st.sampled_from(["Fe", "W"])
)
def test_layers_of_one_material_are_that_material(
    thickness: float, repeats: int, name: str
) -> None:
    stack = LayeredMaterial([(name, thickness), (name, 2.0 * thickness)], repeats=repeats)
    assert stack.radiation_length == pytest.approx(material(name).radiation_length, rel=1e-12)
    assert stack.total_depth_x0 == pytest.approx(
        0.3 * thickness * repeats / material(name).radiation_length_cm
    )


@given(scale=st.floats(1e-3, 1e3))
def test_mixture_does_not_depend_on_the_norm(scale: float) -> None:
    one = mixture("quartz", {"Si": 0.467, "O": 0.533}, 2.2)
    other = mixture("quartz", {"Si": 0.467 * scale, "O": 0.533 * scale}, 2.2)
    assert other.radiation_length == pytest.approx(one.radiation_length)
    assert one.radiation_length == pytest.approx(27.05, rel=2e-3)  # silicon dioxide, the Review
    assert other.mean_excitation_ev == pytest.approx(one.mean_excitation_ev)


def test_density_effect_follows_the_density() -> None:
    gas, liquid = material("Ar"), material("liquid-argon")
    assert liquid.density_effect.minus_c == pytest.approx(5.2146, abs=0.02)  # Sternheimer 1984
    assert gas.density_effect.minus_c == pytest.approx(11.948)


@pytest.mark.parametrize(
    ("name", "near"), [("polystirene", "polystyrene"), ("Pbb", "Pb"), ("tungstn", "tungsten")]
)
def test_unknown_names_suggest_the_near_match(name: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=f"material = '{name}'.*{near[:2]}"):
        target(name)


@pytest.mark.parametrize(
    "make",
    [
        lambda: LayeredMaterial([]),
        lambda: LayeredMaterial([("Pb", 0.0)]),
        lambda: LayeredMaterial([("Pb", math.nan)]),
        lambda: LayeredMaterial([("Pb", math.inf), ("C", 1.0)]),
        lambda: LayeredMaterial([("Pb", 1.0)], repeats=0),
        lambda: LayeredMaterial([("Pb", 1.0)], active=["C"]),
        lambda: target("Pb", depth_x0=-1.0),
        lambda: target(7),  # type: ignore[arg-type]
        lambda: material(7),  # type: ignore[arg-type]
        lambda: mixture("x", {"C": -1.0}, 1.0),
        lambda: mixture("x", {"C": 1.0}, 0.0),
    ],
)
def test_bad_input_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError):
        make()


def test_all_names_work() -> None:
    for name in material_names():
        assert material(name).radiation_length > 5.0
