"""Elements against the Review of Particle Physics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import ALPHA
from darkbeam.errors import InputError, UnknownNameError
from darkbeam.matter import element, element_names
from darkbeam.matter.elements import coulomb_correction

# Review of Particle Physics, "Atomic and nuclear properties of materials", g/cm^2.
PDG_RADIATION_LENGTHS = {
    "H": 63.04,
    "He": 94.32,
    "Li": 82.78,
    "Be": 65.19,
    "C": 42.70,
    "N": 37.99,
    "O": 34.24,
    "Ne": 28.93,
    "Al": 24.01,
    "Si": 21.82,
    "Ar": 19.55,
    "Ti": 16.16,
    "Fe": 13.84,
    "Cu": 12.86,
    "Ge": 12.25,
    "Ag": 8.97,
    "Sn": 8.82,
    "Xe": 8.48,
    "W": 6.76,
    "Pt": 6.54,
    "Au": 6.46,
    "Pb": 6.37,
    "U": 6.00,
}


@pytest.mark.parametrize(("symbol", "published"), PDG_RADIATION_LENGTHS.items())
def test_radiation_length_agrees_with_the_review(symbol: str, published: float) -> None:
    # rtol: the table is rounded to four digits, atomic weights have moved in the last one.
    assert element(symbol).radiation_length == pytest.approx(published, rel=1.2e-3, abs=0.0)


def test_coulomb_correction_agrees_with_its_series() -> None:
    for z in (1, 13, 26, 82, 92):
        a2 = (ALPHA * z) ** 2
        terms = sum(1.0 / (n * (n * n + a2)) for n in range(1, 20001))
        series = a2 * (terms + 0.5 / 20001**2)
        assert coulomb_correction(z) == pytest.approx(series, rel=3e-4, abs=0.0)


def test_nuclear_masses() -> None:
    # The nucleus of lead 208 weighs 193.687 GeV; natural lead 207.2/207.977 of it.
    assert element("Pb").nuclear_mass == pytest.approx(193.687 * 207.2 / 207.977, rel=2e-4, abs=0.0)
    assert element("H").nuclear_mass == pytest.approx(0.93827, rel=2e-4, abs=0.0)


def test_names_spellings_and_numbers() -> None:
    assert element("lead") is element("Pb") is element(82) is element("pb")
    assert element("aluminum").symbol == element("Aluminium").symbol == "Al"
    # Co is cobalt and CO no element; n is nitrogen only by its capital or lower-case symbol.
    assert element("Co").Z == 27
    assert len(element_names()) > 70


@pytest.mark.parametrize("name", ["Pbb", "", "vibranium"])
def test_unknown_elements_suggest(name: str) -> None:
    with pytest.raises(UnknownNameError, match="element = "):
        element(name)


def test_wrong_types_and_numbers() -> None:
    with pytest.raises(InputError):
        element(True)
    with pytest.raises(UnknownNameError, match="1 to 92"):
        element(200)


@given(st.sampled_from(element_names()))
def test_every_row_is_plausible(symbol: str) -> None:
    item = element(symbol)
    assert 0.38 < item.Z / item.atomic_weight < 1.0
    # Bloch: I is about 10 eV Z for heavy elements, and twice that at most for light ones.
    assert 8.0 < item.mean_excitation_ev / item.Z < 22.0
    effect = item.density_effect
    assert effect.x0 < effect.x1
    # -C = 2 ln(I / plasma energy) + 1 by Sternheimer.
    from math import log, sqrt

    plasma = 28.816 * sqrt(item.density * item.Z / item.atomic_weight)
    if item.Z > 2 or item.Z == 2:
        assert effect.minus_c == pytest.approx(
            2.0 * log(item.mean_excitation_ev / plasma) + 1.0, abs=0.04
        )
