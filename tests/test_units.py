import fractions
import math

import hepunits
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam import units
from darkbeam.errors import InputError

ACCEPTED = {
    "10 MeV": 0.01,
    "10MeV": 0.01,
    " 10  MeV ": 0.01,
    "1e-3 GeV": 0.001,
    "1E-3GeV": 0.001,
    "+2.5 keV": 2.5e-6,
    "1eV": 1e-9,
    "1e3eV": 1e-6,
    ".5 TeV": 500.0,
    "5. GeV": 5.0,
    "0.5": 0.5,
    "1e-3": 1e-3,
    "2 GeV/c^2": 2.0,
    "2 MeV/c": 0.002,
    "2 MeV/c²": 0.002,
    "1 PeV": 1e6,
    0.25: 0.25,
    3: 3.0,
    np.float32(0.5): 0.5,
    np.int16(7): 7.0,
    np.str_("10 MeV"): 0.01,
    fractions.Fraction(1, 4): 0.25,
}

REFUSED = [
    "100 Me",
    "-3 GeV",
    "0",
    "0 GeV",
    "nan",
    "inf",
    "-Infinity",
    "1e999",
    "abc",
    "GeV",
    "",
    "   ",
    "1 2 GeV",
    "1_000 MeV",
    "1,5 GeV",
    "١ GeV",
    "10 GeV GeV",
    "10 cm",
    "0x10",
    math.nan,
    math.inf,
    -1.0,
    0,
    True,
    np.bool_(True),
    None,
    [1.0],
    np.array([1.0]),
    1j,
    b"1 GeV",
    10**400,
]


@pytest.mark.parametrize(("given_value", "expected"), ACCEPTED.items(), ids=repr)
def test_energies_that_are_read(given_value, expected):
    result = units.parse_energy(given_value)
    assert result == expected
    assert type(result) is float


@pytest.mark.parametrize("value", REFUSED, ids=lambda v: repr(v)[:20])
def test_energies_that_are_refused_in_one_line_with_the_name(value):
    with pytest.raises(InputError) as caught:
        units.parse_energy(value, name="m_chi")
    message = str(caught.value)
    assert message.startswith("m_chi = ")
    assert "\n" not in message
    assert len(message) < 250


def test_array_of_no_dimension_is_a_number():
    assert units.parse_energy(np.array(0.5)) == 0.5


@pytest.mark.parametrize(
    ("value", "near"),
    [("100 Me", "MeV"), ("100 mev", "MeV"), ("1 Gev", "GeV"), ("1 gev", "GeV"), ("3 kev", "keV")],
)
def test_wrong_unit_names_the_near_match(value, near):
    with pytest.raises(InputError, match=f"did you mean '{near}'"):
        units.parse_energy(value)


def test_message_states_the_allowed_range():
    with pytest.raises(InputError, match=r"mass = '-3 GeV': must be above 0 GeV$"):
        units.parse_energy("-3 GeV")
    with pytest.raises(InputError, match=r"must be above 0\.001 GeV and at most 2 GeV$"):
        units.parse_energy(3.0, minimum=1e-3, maximum=2.0)
    with pytest.raises(InputError, match=r"must be at least 0 m$"):
        units.parse_length_m("-1 m", allow_zero=True)


def test_bounds_are_exclusive_below_and_inclusive_above():
    assert units.parse_energy(0, allow_zero=True) == 0.0
    assert units.parse_energy("2 GeV", maximum=2.0) == 2.0
    with pytest.raises(InputError):
        units.parse_energy("2 GeV", minimum=2.0)


def test_all_units_agree_with_hepunits():
    for parse, table, base in [
        (units.parse_energy, units.ENERGY_UNITS, hepunits.GeV),
        (units.parse_length_m, units.LENGTH_UNITS, hepunits.m),
        (units.parse_time_s, units.TIME_UNITS, hepunits.s),
    ]:
        for unit in table:
            spelled = {
                "nm": "nanometer",
                "fs": "femtosecond",
                "fm": "fermi",
                "um": "micrometer",
            }.get(unit, unit)
            truth = getattr(hepunits, spelled) / base
            assert parse(f"1 {unit}") == pytest.approx(truth, rel=1e-14, abs=0.0)


def test_micrometre_has_three_spellings():
    assert units.parse_length_m("3 um") == units.parse_length_m("3 µm") == 3e-6
    assert units.parse_length_m("3 μm") == 3e-6


def test_hepunits_value_is_divided_by_the_unit():
    assert units.parse_energy(100 * hepunits.MeV / hepunits.GeV) == 0.1


@given(st.integers(1, 10**9), st.integers(-9, 3))
def test_units_shift_in_decimal_to_the_last_bit(digits, exponent):
    # 105.6583755 MeV must be the float nearest to 0.1056583755, not a product of two roundings.
    truth = float(fractions.Fraction(digits) * fractions.Fraction(10) ** (exponent - 3))
    assert units.parse_energy(f"{digits}e{exponent} MeV") == truth


@given(st.floats(1e-9, 1e9, allow_subnormal=False))
def test_number_and_its_text_agree(value):
    assert units.parse_energy(repr(value)) == units.parse_energy(value) == value


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_with_input_error(text):
    for parse in (units.parse_energy, units.parse_grid, units.parse_number, units.parse_integer):
        try:
            outcome = parse(text)
        except InputError as error:
            outcome = error
        if isinstance(outcome, InputError):
            assert len(str(outcome).splitlines()) == 1
        else:
            assert np.all(np.isfinite(outcome))


@pytest.mark.parametrize(
    ("energy", "text"),
    [
        (0.01, "10 MeV"),
        (1.0, "1 GeV"),
        (0.00051099895069, "510.999 keV"),
        (999.9999999, "1 TeV"),
        (0.9999999, "1 GeV"),
        (1e-12, "0.001 eV"),
        (2e7, "20 PeV"),
        (-3.0, "-3 GeV"),
        (0.0, "0 GeV"),
        (math.inf, "inf GeV"),
    ],
)
def test_format_energy(energy, text):
    assert units.format_energy(energy) == text


@given(st.floats(1e-9, 1e8))
def test_formatted_energy_is_read_back(energy):
    assert units.parse_energy(units.format_energy(energy)) == pytest.approx(
        energy, rel=5.1e-6, abs=0.0
    )
    assert units.parse_energy(units.format_energy(energy, digits=17)) == pytest.approx(
        energy, rel=1e-15, abs=0.0
    )


def test_grid_is_logarithmic_with_exact_ends():
    grid = units.parse_grid("1MeV:1GeV:40")
    assert grid.dtype == np.float64
    assert len(grid) == 40
    assert grid[0] == 0.001
    assert grid[-1] == 1.0
    np.testing.assert_allclose(grid[1:] / grid[:-1], 1000 ** (1 / 39), rtol=1e-13)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1MeV, 20 MeV,3", [0.001, 0.02, 3.0]),
        ("3 MeV", [0.003]),
        (0.5, [0.5]),
        (np.array(0.5), [0.5]),
        (["1 MeV", 2], [0.001, 2.0]),
        (np.array([3.0, 1.0]), [3.0, 1.0]),
        (np.array([1, 2], dtype=np.int8), [1.0, 2.0]),
        (range(1, 3), [1.0, 2.0]),
    ],
    ids=repr,
)
def test_grids_of_values_keep_their_order(text, expected):
    grid = units.parse_grid(text)
    assert grid.tolist() == expected
    assert grid.dtype == np.float64


def test_grid_is_a_copy():
    values = np.array([1.0, 2.0])
    units.parse_grid(values)[0] = 5.0
    assert values[0] == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "1:2",
        "1:2:3:4",
        "1GeV:1MeV:40",
        "1:1:3",
        "0:1:3",
        "-1:1:3",
        "1:2:1",
        "1:2:0",
        "1:2:-3",
        "1:2:2.5",
        "1:2:x",
        "1:2:",
        ":2:3",
        "1:inf:3",
        "1:2:99999999999999999999999999",
        "1:2:1000001",
        "1,,2",
        "1,2,",
        ",",
        "",
        [],
        np.array([]),
        np.ones((2, 2)),
        np.array([1.0, np.nan]),
        [1.0, -1.0],
        None,
        {"a": 1},
    ],
    ids=repr,
)
def test_grids_that_are_refused(text):
    with pytest.raises(InputError, match=r"^m_x") as caught:
        units.parse_grid(text, name="m_x")
    assert "\n" not in str(caught.value)


def test_grid_of_another_quantity():
    grid = units.parse_grid("1cm:1m:3", name="length", parse=units.parse_length_m)
    np.testing.assert_allclose(grid, [0.01, 0.1, 1.0], rtol=1e-14)


def test_number_has_no_unit():
    assert units.parse_number("2.5e12", name="eot") == 2.5e12
    assert units.parse_number(-3) == -3.0
    with pytest.raises(InputError, match=r"eot = '5 GeV': .* without a unit, but has 'GeV'"):
        units.parse_number("5 GeV", name="eot")
    with pytest.raises(InputError, match="must be at least 0 and at most 1"):
        units.parse_number(1.5, minimum=0, maximum=1)
    assert units.parse_number(0.0, minimum=0) == 0.0
    with pytest.raises(InputError, match="must be above 0"):
        units.parse_number(0.0, minimum=0, exclusive=True)


def test_integers():
    assert units.parse_integer("1e6") == 1_000_000
    assert units.parse_integer(np.int64(3)) == 3
    assert units.parse_integer(10**30) == 10**30
    for bad in ("1.5", 2.5, "x", True, math.nan, None):
        with pytest.raises(InputError, match=r"^n = "):
            units.parse_integer(bad)
    with pytest.raises(InputError, match="n = 0: must be at least 1"):
        units.parse_integer(0, minimum=1)
    with pytest.raises(InputError, match="at most 10"):
        units.parse_integer("11", maximum=10)
