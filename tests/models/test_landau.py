"""The running of alpha_d (O2): S1 (arXiv:2003.07257) sec. 2.2, eq. 11."""

from __future__ import annotations

from itertools import pairwise
from math import pi

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from darkbeam.decays import widths
from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import DarkPhoton, PseudoDirac, make_dark_matter
from darkbeam.models.landau import (
    ChargedField,
    FieldContent,
    dark_sector_content,
    dark_sector_names,
    landau_pole,
    largest_alpha_d,
    running_alpha_d,
)

PLANCK = 1.2e19  # GeV, S1
REFERENCE = 0.01  # GeV, S1


@pytest.mark.parametrize(
    ("dark_matter", "at_1_tev", "at_planck"),
    [("pseudo-dirac", 0.2, 0.05), ("majorana", 0.2, 0.05), ("scalar", 0.8, 0.2)],
)
def test_o2_the_published_bounds(dark_matter: str, at_1_tev: float, at_planck: float) -> None:
    found = largest_alpha_d(dark_matter, [1e3, PLANCK], REFERENCE)
    np.testing.assert_allclose(found, [at_1_tev, at_planck], rtol=0.035)  # one digit is printed


def test_o2_the_couplings_that_unification_would_favour() -> None:
    low = running_alpha_d([1 / 30, 1 / 50], "pseudo-dirac", PLANCK, REFERENCE)
    np.testing.assert_allclose(low, [0.02, 0.015], rtol=0.06)


@pytest.mark.parametrize(
    ("dark_matter", "beta_over_alpha2"),
    [("pseudo-dirac", 4 / (3 * pi)), ("majorana", 4 / (3 * pi)), ("scalar", 1 / (3 * pi))],
)
def test_o2_beta_as_the_publication_states_it(dark_matter: str, beta_over_alpha2: float) -> None:
    content = dark_sector_content(dark_matter)
    assert content.beta_coefficient() == pytest.approx(beta_over_alpha2, rel=1e-14, abs=0.0)


def test_o2_equation_11() -> None:
    n_fermion, q_fermion, n_scalar, q_scalar = 3, 0.5, 2, -1.5
    content = FieldContent(
        [
            ChargedField("dirac", charge=q_fermion, number=n_fermion),
            ChargedField("complex-scalar", charge=q_scalar, number=n_scalar),
        ]
    )
    expected = 4 / 3 * (q_fermion**2 * n_fermion + q_scalar**2 * n_scalar / 4) / (2 * pi)
    assert content.beta_coefficient() == pytest.approx(expected, rel=1e-14, abs=0.0)


@pytest.mark.parametrize(
    ("dark_matter", "kind"),
    [("dirac", "dirac"), ("scalar", "complex-scalar"), ("majorana", "majorana")],
)
def test_each_field_runs_as_the_optical_theorem_says(dark_matter: str, kind: str) -> None:
    """Im Pi = width/mass, so 1/alpha_d falls by (2/pi) width/(mass alpha_d) per e-fold."""
    alpha_d = 0.1
    model = DarkPhoton(10.0, alpha_d=alpha_d, dark_matter=make_dark_matter(dark_matter, mass=1e-6))
    width = float(widths(model).partial["dark"])
    expected = 2 / pi * width / (10.0 * alpha_d)
    assert ChargedField(kind).beta_coefficient == pytest.approx(expected, rel=1e-9, abs=0.0)


def test_two_halves_make_a_whole() -> None:
    def coefficient(kind: str, number: int = 1) -> float:
        return ChargedField(kind, number=number).beta_coefficient

    assert coefficient("weyl", 2) == coefficient("majorana", 2) == coefficient("dirac")
    assert coefficient("real-scalar", 2) == coefficient("complex-scalar")


@pytest.mark.parametrize("name", dark_sector_names())
def test_the_dark_sectors_have_no_anomalies(name: str) -> None:
    assert dark_sector_content(name).anomalies() == (0.0, 0.0)


def test_a_single_chiral_fermion_has_anomalies() -> None:
    content = FieldContent([ChargedField("weyl", charge=-2, number=3), ChargedField("dirac")])
    assert content.anomalies() == (-24.0, -6.0)
    # the ratios of hypercharge, of one family without right-handed neutrino
    family = [(1 / 6, 6), (-2 / 3, 3), (1 / 3, 3), (-1 / 2, 2), (1, 1)]
    cubic, linear = FieldContent(
        ChargedField("weyl", charge=y, number=n) for y, n in family
    ).anomalies()
    assert cubic == pytest.approx(0.0, abs=1e-15)
    assert linear == pytest.approx(0.0, abs=1e-15)


WITH_THRESHOLDS = FieldContent(
    [
        ChargedField("dirac", mass="3 MeV"),
        ChargedField("complex-scalar", charge=2, mass="20 GeV"),
        ChargedField("weyl", charge=3, number=2, mass=500.0),
    ]
)


def _slope(content: FieldContent, scale: float) -> float:
    weights = {"dirac": 1.0, "weyl": 0.5, "complex-scalar": 0.25}
    total = sum(
        weights[str(f.kind)] * f.number * f.charge**2 for f in content.fields if scale > f.mass
    )
    return 2 / (3 * pi) * total


def _second(content: FieldContent, scale: float) -> float:
    """Scalars: inclusive radiation of photons raises the pair's rate by 3 alpha/pi, and fermions'
    by 3 alpha/4 pi (Schwinger); so by the optical theorem does the second loop."""
    total = 0.0
    for f in content.fields:
        if scale > f.mass:
            rise = {"complex-scalar": 3 / pi}.get(str(f.kind), 3 / (4 * pi))
            total += f.beta_coefficient * rise * f.charge**2
    return total


@pytest.mark.parametrize("loops", [1, 2])
def test_running_solves_the_renormalisation_group_equation(loops: int) -> None:
    edges = np.log([1e-3, 3e-3, 20.0, 500.0, 2e4])
    alpha = 0.05
    for start, stop in pairwise(edges):
        middle = float(np.exp((start + stop) / 2))
        b = _slope(WITH_THRESHOLDS, middle)
        c = _second(WITH_THRESHOLDS, middle) if loops == 2 else 0.0
        solution = solve_ivp(
            lambda t, a, b=b, c=c: b * a**2 + c * a**3,
            (start, stop), [alpha], rtol=1e-10, atol=1e-14,
        )  # fmt: skip
        alpha = float(solution.y[0, -1])
        found = running_alpha_d(0.05, WITH_THRESHOLDS, 1e-3, np.exp(stop), loops=loops)
        assert float(found) == pytest.approx(alpha, rel=1e-8, abs=0.0)


log_scale = st.floats(-5, 5)


loop_order = st.sampled_from([1, 2])


@given(st.floats(1e-3, 1), log_scale, log_scale, loop_order)
def test_running_there_and_back(alpha_d: float, first: float, second: float, loops: int) -> None:
    there = running_alpha_d(alpha_d, WITH_THRESHOLDS, 10**first, 10**second, loops=loops)
    assume(np.isfinite(there) and there < 10)
    back = running_alpha_d(there, WITH_THRESHOLDS, 10**second, 10**first, loops=loops)
    assert float(back) == pytest.approx(alpha_d, rel=1e-9, abs=0.0)


@given(st.floats(0.02, 3), log_scale, loop_order)
def test_the_pole_is_where_the_coupling_diverges(alpha_d: float, start: float, loops: int) -> None:
    scale = 10**start
    pole = float(landau_pole(alpha_d, WITH_THRESHOLDS, scale, loops=loops))
    assert pole > scale
    assert float(running_alpha_d(alpha_d, WITH_THRESHOLDS, scale, pole * 0.999, loops=loops)) > 3
    assert np.isinf(running_alpha_d(alpha_d, WITH_THRESHOLDS, scale, pole * 1.001, loops=loops))
    bound = float(largest_alpha_d(WITH_THRESHOLDS, pole, scale, loops=loops))
    assert bound == pytest.approx(alpha_d, rel=1e-8, abs=0.0)


@pytest.mark.parametrize(
    ("kind", "second"),
    [("dirac", 4.0), ("weyl", 2.0), ("majorana", 2.0), ("complex-scalar", 4.0), ("real-scalar", 2)],
)
def test_the_second_loop_in_the_usual_normalisation(kind: str, second: float) -> None:
    """Machacek and Vaughn 1983: de/dt = ... + 4 Q^4 e^5/(16 pi^2)^2, fermions and scalars alike."""
    field = ChargedField(kind, charge=-3)
    e5 = second * 3**4 / (16 * pi**2) ** 2
    # alpha = e^2/4 pi: d alpha = e de/2 pi and e^6 = (4 pi alpha)^3
    assert field.two_loop_coefficient == pytest.approx(
        e5 / (2 * pi) * (4 * pi) ** 3, rel=1e-14, abs=0.0
    )


def test_two_loops_lower_the_pole_and_the_bound() -> None:
    for name in dark_sector_names():
        one, two = (float(largest_alpha_d(name, 1e3, 0.01, loops=n)) for n in (1, 2))
        assert 0.5 * one < two < one
        one, two = (float(landau_pole(0.1, name, 0.01, loops=n)) for n in (1, 2))
        assert two < one


def test_heavy_fields_move_the_pole_away() -> None:
    def pole(mass: float) -> float:
        fields = [ChargedField("dirac"), ChargedField("complex-scalar", charge=2, mass=mass)]
        return float(landau_pole(0.2, FieldContent(fields), REFERENCE))

    poles = [pole(mass) for mass in (0.0, 1.0, 100.0, 1e9)]
    assert poles == sorted(poles)
    assert poles[0] == pytest.approx(
        float(landau_pole(0.2, "pseudo-dirac", REFERENCE)), rel=1e-12, abs=0.0
    )
    # the last one is never reached: 1/alpha = (2/3 pi) ln(pole/scale)
    assert poles[-1] == pytest.approx(REFERENCE * np.exp(3 * pi / 2 / 0.2), rel=1e-12, abs=0.0)


@pytest.mark.parametrize(
    "content", [FieldContent(), FieldContent([ChargedField("dirac", charge=0)])]
)
def test_without_charges_nothing_runs(content: FieldContent) -> None:
    assert np.isinf(landau_pole(0.5, content, 1.0))
    assert np.isinf(largest_alpha_d(content, 1e3, 1.0))
    assert float(running_alpha_d(0.5, content, 1.0, 1e9)) == 0.5


def test_without_a_coupling_there_is_no_pole() -> None:
    for loops in (1, 2):
        assert np.isinf(landau_pole(0.0, WITH_THRESHOLDS, 1.0, loops=loops))
        assert float(running_alpha_d(0.0, WITH_THRESHOLDS, 1.0, 1e9, loops=loops)) == 0.0


def test_a_pole_beyond_the_largest_number_is_infinite() -> None:
    assert np.isinf(landau_pole(1e-3, "scalar", 1.0))


def test_everything_broadcasts() -> None:
    alpha_d, scale = np.array([[0.0], [0.1], [0.5]]), np.array([1e-3, 1.0])
    pole = landau_pole(alpha_d, WITH_THRESHOLDS, scale, loops=2)
    assert pole.shape == (3, 2)
    for i, j in np.ndindex(3, 2):
        assert pole[i, j] == landau_pole(alpha_d[i, 0], WITH_THRESHOLDS, scale[j], loops=2)
    assert largest_alpha_d("dirac", [[1e3], [1e4]], scale).shape == (2, 2)
    assert running_alpha_d(0.1, "dirac", [[1e3], [1e4]], scale).shape == (2, 2)


def test_the_content_may_be_dark_matter() -> None:
    assert dark_sector_content(PseudoDirac()) == dark_sector_content("pseudo-dirac")
    assert landau_pole(0.1, PseudoDirac(), 0.01) == landau_pole(0.1, "Pseudo-Dirac", "10 MeV")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: landau_pole(-0.1, "scalar", 1), "alpha_d must be finite and >= 0, got -0.1"),
        (lambda: landau_pole(0.1, "scalar", 0), "scale must be finite and > 0 GeV, got 0"),
        (lambda: running_alpha_d(0.1, "scalar", 1, -1), "at must be finite and > 0 GeV"),
        (lambda: largest_alpha_d("scalar", 1, [0.1, 1]), "pole must be above .* 1 GeV, got 1 GeV"),
        (lambda: landau_pole(0.1, "scalar", 1, loops=3), "loops must be 1 or 2, got 3"),
        (lambda: ChargedField("dirac", number=1.5), "integer >= 1, got 1.5"),
        (lambda: ChargedField("dirac", mass=[1, 2]), "mass of a field must be one number"),
        (lambda: ChargedField("vector"), "kind must be dirac or"),
        (lambda: FieldContent(["dirac"]), "must be ChargedField objects, got 'dirac'"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ModelError, match=message):
        call()


def test_a_sector_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'majorana'"):
        dark_sector_content("majorna")
    with pytest.raises(UnknownNameError, match="scalar-pair"):
        dark_sector_content("scalar-pair")
