"""Two-body widths against amplitudes summed over explicit spinors and polarisations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from darkbeam.decays.two_body import (
    scalar_to_fermions,
    scalar_to_scalars,
    vector_to_fermions,
    vector_to_scalars,
)

Matrix = NDArray[np.complex128]

SIGMA = [
    np.array(m, dtype=complex) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])
]
ZERO, ONE = np.zeros((2, 2), dtype=complex), np.eye(2, dtype=complex)
GAMMA0 = np.block([[ONE, ZERO], [ZERO, -ONE]])
GAMMA = [GAMMA0] + [np.block([[ZERO, s], [-s, ZERO]]) for s in SIGMA]
GAMMA5 = np.block([[ZERO, ONE], [ONE, ZERO]])
DIRECTION = np.array([0.48, -0.64, 0.6])


def momentum(mass: float, m1: float, m2: float) -> float:
    return float(np.sqrt((mass**2 - (m1 + m2) ** 2) * (mass**2 - (m1 - m2) ** 2)) / (2 * mass))


def u_spinors(p: NDArray[np.float64], m: float) -> list[Matrix]:
    energy = np.sqrt(m**2 + p @ p)
    small = sum(pi * si for pi, si in zip(p, SIGMA, strict=True)) / (energy + m)
    return [np.sqrt(energy + m) * np.concatenate([c, small @ c]) for c in ONE]


def v_spinors(p: NDArray[np.float64], m: float) -> list[Matrix]:
    energy = np.sqrt(m**2 + p @ p)
    small = sum(pi * si for pi, si in zip(p, SIGMA, strict=True)) / (energy + m)
    return [np.sqrt(energy + m) * np.concatenate([small @ c, c]) for c in ONE]


def width_from_spinors(mass: float, m1: float, m2: float, vertices: list[Matrix]) -> float:
    """Sum |ubar V v|^2 over spins and vertices (one per polarisation), averaged over vertices."""
    p = momentum(mass, m1, m2) * DIRECTION
    total = 0.0
    for vertex in vertices:
        for u in u_spinors(p, m1):
            for v in v_spinors(-p, m2):
                total += abs(u.conj() @ GAMMA0 @ vertex @ v) ** 2
    return total / len(vertices) * np.linalg.norm(p) / (8 * np.pi * mass**2)


POINTS = [(1.0, 0.1, 0.1), (1.0, 0.05, 0.7), (0.3, 0.29, 0.0), (2.5, 1.2, 1.25), (0.106, 0.0, 0.0)]
couplings = st.builds(complex, st.floats(-2, 2), st.floats(-2, 2))


@pytest.mark.parametrize(("mass", "m1", "m2"), POINTS)
@pytest.mark.parametrize(("g_v", "g_a"), [(1, 0), (0, 1), (0.3 - 0.4j, 0.7 + 0.2j), (0.5, -0.5)])
def test_vector_to_fermions(mass: float, m1: float, m2: float, g_v: complex, g_a: complex) -> None:
    # at rest the three polarisations are the unit vectors; epsilon.gamma = -gamma^i
    vertices = [g @ (g_v * np.eye(4) + g_a * GAMMA5) for g in GAMMA[1:]]
    expected = width_from_spinors(mass, m1, m2, vertices)
    found = vector_to_fermions(mass, m1, m2, g_v, g_a)
    assert float(found) == pytest.approx(expected, rel=1e-10, abs=0.0)


@pytest.mark.parametrize(("mass", "m1", "m2"), POINTS)
@pytest.mark.parametrize(("g_s", "g_p"), [(1, 0), (0, 1), (0.3 - 0.4j, 0.7 + 0.2j), (0.5, -0.5j)])
def test_scalar_to_fermions(mass: float, m1: float, m2: float, g_s: complex, g_p: complex) -> None:
    vertex = g_s * np.eye(4) + 1j * g_p * GAMMA5
    expected = width_from_spinors(mass, m1, m2, [vertex])
    assert float(scalar_to_fermions(mass, m1, m2, g_s, g_p)) == pytest.approx(
        expected, rel=1e-10, abs=0.0
    )


@pytest.mark.parametrize(("mass", "m1", "m2"), POINTS)
def test_vector_to_scalars(mass: float, m1: float, m2: float) -> None:
    p = momentum(mass, m1, m2) * DIRECTION
    squared = sum((2 * 0.7 * component) ** 2 for component in p) / 3
    expected = squared * np.linalg.norm(p) / (8 * np.pi * mass**2)
    assert float(vector_to_scalars(mass, m1, m2, 0.7)) == pytest.approx(
        expected, rel=1e-10, abs=0.0
    )


def test_formulas_of_the_leptonic_scalar() -> None:
    # arXiv:2202.04410 eqs. 12-14
    mass, m1, m2, g = 0.9, 0.2, 0.3, 0.6
    p = momentum(mass, m1, m2)
    expected = g**2 * p / (8 * np.pi * mass**2)
    assert float(scalar_to_scalars(mass, m1, m2, g)) == pytest.approx(expected)
    expected = g**2 * p / (4 * np.pi) * (1 - (m1 + m2) ** 2 / mass**2)
    assert float(scalar_to_fermions(mass, m1, m2, g)) == pytest.approx(expected)
    expected = g**2 * p / (8 * np.pi) * (1 - (m1**2 + m2**2) / mass**2)
    assert float(scalar_to_fermions(mass, m1, m2, g / 2, -1j * g / 2)) == pytest.approx(expected)


@given(st.floats(1e-3, 1e3), st.floats(0, 1), st.floats(0, 1), couplings, couplings)
def test_widths_are_symmetric_non_negative_and_quadratic(
    mass: float, m1: float, m2: float, first: complex, second: complex
) -> None:
    for width in (vector_to_fermions, scalar_to_fermions):
        here = width(mass, m1, m2, first, second)
        assert here >= 0.0
        np.testing.assert_allclose(width(mass, m2, m1, first, second), here, rtol=1e-12)
        np.testing.assert_allclose(width(mass, m1, m2, 3 * first, 3 * second), 9 * here, rtol=1e-12)
        np.testing.assert_allclose(
            width(mass, m1, m2, first, 0) + width(mass, m1, m2, 0, second), here, rtol=1e-12
        )


@given(st.floats(1e-3, 1.0), st.floats(0, 1), st.floats(1e-12, 1e-6))
def test_thresholds_are_continuous(m1: float, share: float, above: float) -> None:
    m2 = share * m1
    edge = m1 + m2
    for width in (
        vector_to_fermions(edge * (1 + above), m1, m2, 1, 1),
        scalar_to_fermions(edge * (1 + above), m1, m2, 1, 1),
        vector_to_scalars(edge * (1 + above), m1, m2, 1),
    ):
        assert 0.0 <= float(width) < 3 * edge * np.sqrt(above)
    assert vector_to_fermions(edge * (1 - above), m1, m2, 1, 1) == 0.0
    assert vector_to_fermions(edge * 1e-3, m1, m2, 1, 1) == 0.0


@given(st.floats(1e-6, 1e6))
def test_widths_scale_with_the_mass_at_fixed_ratios(scale: float) -> None:
    base = vector_to_fermions(1.0, 0.2, 0.3, 1, 0.5)
    scaled = vector_to_fermions(scale, 0.2 * scale, 0.3 * scale, 1, 0.5)
    np.testing.assert_allclose(scaled, scale * base, rtol=1e-11)


def test_near_threshold_no_digit_is_lost() -> None:
    # beta = sqrt(1 - 4 m^2/M^2) with M = 2 m (1 + 1e-10): beta^2 = 2e-10 (1 - 1.5e-10 + ...)
    above = 2.0**-33
    found = vector_to_scalars(2.0 * (1.0 + above), 1.0, 1.0, 1.0)
    beta2 = above * (2 + above) / (1 + above) ** 2
    assert float(found) == pytest.approx(
        2.0 * (1 + above) * beta2**1.5 / (48 * np.pi), rel=1e-12, abs=0.0
    )
