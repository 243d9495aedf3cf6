"""Targets: layered and homogeneous."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import AVOGADRO
from darkbeam.errors import InputError, UnknownNameError
from darkbeam.matter import LayeredMaterial, element, material, target


def test_nuclei_per_radiation_length_of_lead() -> None:
    # By hand: 6.022e23 x 6.37 / 207.2.
    assert target("Pb").nuclei_per_x0_cm2["Pb"] == pytest.approx(1.851e22, rel=1e-3, abs=0.0)


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
    assert stack.radiation_length == pytest.approx(
        material(name).radiation_length, rel=1e-12, abs=0.0
    )
    assert stack.total_depth_x0 == pytest.approx(
        0.3 * thickness * repeats / material(name).radiation_length_cm
    )


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
    ],
)
def test_bad_input_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError):
        make()
