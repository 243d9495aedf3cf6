"""Materials and mixtures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.errors import InputError
from darkbeam.matter import material, material_names, mixture

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
    assert material(name).radiation_length == pytest.approx(published, rel=1.5e-3, abs=0.0)


def test_plasma_energies_agree_with_the_review() -> None:
    assert material("Pb").plasma_energy == pytest.approx(61.07e-9, rel=1e-3, abs=0.0)
    assert material("water").plasma_energy == pytest.approx(21.47e-9, rel=2e-3, abs=0.0)


@given(scale=st.floats(1e-3, 1e3))
def test_mixture_does_not_depend_on_the_norm(scale: float) -> None:
    one = mixture("quartz", {"Si": 0.467, "O": 0.533}, 2.2)
    other = mixture("quartz", {"Si": 0.467 * scale, "O": 0.533 * scale}, 2.2)
    assert other.radiation_length == pytest.approx(one.radiation_length)
    assert one.radiation_length == pytest.approx(
        27.05, rel=2e-3, abs=0.0
    )  # silicon dioxide, the Review
    assert other.mean_excitation_ev == pytest.approx(one.mean_excitation_ev)


def test_density_effect_follows_the_density() -> None:
    gas, liquid = material("Ar"), material("liquid-argon")
    assert liquid.density_effect.minus_c == pytest.approx(5.2146, abs=0.02)  # Sternheimer 1984
    assert gas.density_effect.minus_c == pytest.approx(11.948)


@pytest.mark.parametrize(
    "make",
    [
        lambda: material(7),  # type: ignore[arg-type]
        lambda: mixture("x", {"C": -1.0}, 1.0),
        lambda: mixture("x", {"C": 1.0}, 0.0),
        lambda: mixture("x", {}, 1.0),
    ],
)
def test_bad_input_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError):
        make()


def test_all_names_work() -> None:
    for name in material_names():
        assert material(name).radiation_length > 5.0
