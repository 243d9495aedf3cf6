"""The mass eigenstates against the raw kinetic and mass matrices of (B, W3, X)."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.linalg import eigh

from darkbeam.constants import ELEMENTARY_CHARGE, SIN2_THETA_W, Z_MASS
from darkbeam.models.neutral_bosons import NeutralBosons

# electric charge, isospin of every kind of chiral fermion
FERMIONS = {
    "e_L": (-1.0, -0.5),
    "e_R": (-1.0, 0.0),
    "nu_L": (0.0, 0.5),
    "u_L": (2 / 3, 0.5),
    "u_R": (2 / 3, 0.0),
    "d_L": (-1 / 3, -0.5),
    "d_R": (-1 / 3, 0.0),
}
MP = mp.mp.clone()
MP.dps = 80


def _bosons(mass, epsilon, sin_theta) -> NeutralBosons:  # type: ignore[no-untyped-def]
    return NeutralBosons(np.asarray(mass), np.asarray(epsilon), np.asarray(sin_theta))


def _matrices(epsilon, sin_theta, m_x2, m_z2, sin, cos):  # type: ignore[no-untyped-def]
    """Read kinetic and mass matrix of (B, W3, X) off the Lagrangian; Z = cos W3 - sin B."""
    kinetic = [[1, 0, epsilon / cos], [0, 1, 0], [epsilon / cos, 0, 1]]
    mixing = sin_theta * m_z2
    mass = [
        [sin * sin * m_z2, -sin * cos * m_z2, -sin * mixing],
        [-sin * cos * m_z2, cos * cos * m_z2, cos * mixing],
        [-sin * mixing, cos * mixing, m_x2],
    ]
    return kinetic, mass


class _Exact:
    """The eigenstate of a given mass, in eighty digits, from a determinant and a null vector."""

    def __init__(self, mass: float, epsilon: float, sin_theta: float) -> None:
        eps, theta = MP.mpf(epsilon), MP.mpf(sin_theta)
        self.sin = MP.sqrt(MP.mpf(SIN2_THETA_W))
        self.cos = MP.sqrt(1 - MP.mpf(SIN2_THETA_W))
        m_z2, value = MP.mpf(Z_MASS) ** 2, MP.mpf(mass) ** 2

        def secular(m_x2):  # type: ignore[no-untyped-def]
            kinetic, mass_matrix = _matrices(eps, theta, m_x2, m_z2, self.sin, self.cos)
            return MP.matrix(mass_matrix) - value * MP.matrix(kinetic)

        # det(M - m^2 K) is linear in m_X^2
        at_zero, at_one = MP.det(secular(0)), MP.det(secular(1))
        self.m_x2 = at_zero / (at_zero - at_one)
        matrix = secular(self.m_x2)
        # B and W3 that belong to X = 1, from the first two rows
        upper = MP.matrix([[matrix[0, 0], matrix[0, 1]], [matrix[1, 0], matrix[1, 1]]])
        photon_free = MP.lu_solve(upper, MP.matrix([-matrix[0, 2], -matrix[1, 2]]))
        self.fields = [photon_free[0], photon_free[1], MP.mpf(1)]
        kinetic, _ = _matrices(eps, theta, self.m_x2, m_z2, self.sin, self.cos)
        norm = sum(
            self.fields[i] * kinetic[i][j] * self.fields[j] for i in range(3) for j in range(3)
        )
        self.fields = [field / MP.sqrt(norm) for field in self.fields]

    def coupling(self, charge: float, isospin: float) -> float:
        """Return minus (g W3 T3 + g' B Y), the covariant derivative being d + i g W + ...."""
        thirds = MP.mpf(round(3 * charge)) / 3
        unit = MP.mpf(ELEMENTARY_CHARGE)
        b, w3, _ = self.fields
        hypercharge = thirds - MP.mpf(isospin)
        return float(-(unit / self.sin * w3 * MP.mpf(isospin) + unit / self.cos * b * hypercharge))


POINTS = [
    (mass, epsilon, sin_theta)
    for mass in (1e-6, 1e-3, 1.0, 60.0, 91.0, 91.187899, 91.4, 130.0, 1e3)
    for epsilon in (1e-9, 1e-4, 0.5)
    for sin_theta in (0.0, 1e-7, -0.02)
    if abs((mass / Z_MASS) ** 2 - 1) > abs(0.55 * epsilon + sin_theta) * 1.25
]


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_m5_couplings_to_ten_digits(point: tuple[float, float, float]) -> None:
    bosons, exact = _bosons(*point), _Exact(*point)
    assert bool(bosons.exists)
    found = [float(bosons.coupling(*quantum_numbers)) for quantum_numbers in FERMIONS.values()]
    expected = [exact.coupling(*quantum_numbers) for quantum_numbers in FERMIONS.values()]
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    assert float(bosons.dark_share) == pytest.approx(float(exact.fields[2]), rel=1e-10, abs=0.0)
    assert float(bosons.lagrangian_mass) == pytest.approx(
        float(MP.sqrt(exact.m_x2)), rel=1e-10, abs=0.0
    )


def _forward(m_x, epsilon, sin_theta):  # type: ignore[no-untyped-def]
    """Return masses squared and fields of the three eigenstates for a Lagrangian mass."""
    sin, cos = np.sqrt(SIN2_THETA_W), np.sqrt(1 - SIN2_THETA_W)
    kinetic, mass = _matrices(epsilon, sin_theta, m_x**2, Z_MASS**2, sin, cos)
    values, fields = eigh(np.array(mass), np.array(kinetic))
    return values, fields


def _mostly_x(fields):  # type: ignore[no-untyped-def]
    """Return the index of the eigenstate with the largest component of X."""
    return int(np.argmax(np.abs(fields[2])))


points = st.tuples(st.floats(5.0, 500.0), st.floats(0.0, 0.5), st.floats(-0.05, 0.05))


@given(points)
def test_m5_the_inverse_of_a_numeric_diagonalisation(point: tuple[float, float, float]) -> None:
    m_x, epsilon, sin_theta = point
    values, fields = _forward(m_x, epsilon, sin_theta)
    assume(np.all(values > -1e-6))
    chosen = _mostly_x(fields)
    mass, other = np.sqrt(values[chosen]), np.sqrt(values[3 - chosen])
    assume(chosen in (1, 2) and mass > 2.0 and abs(mass - Z_MASS) > 0.01)
    bosons = _bosons(mass, epsilon, sin_theta)
    assume(bool(bosons.exists))
    assert float(bosons.lagrangian_mass) == pytest.approx(m_x, rel=1e-6, abs=0.0)
    assert float(bosons.physical_z_mass) == pytest.approx(other, rel=1e-6, abs=0.0)
    # the photon stays massless, and couples to the electric charge alone
    assert abs(values[0]) < 1e-8 * Z_MASS**2
    sin, cos = np.sqrt(SIN2_THETA_W), np.sqrt(1 - SIN2_THETA_W)
    sign = np.sign(fields[2, chosen])
    for charge, isospin in FERMIONS.values():
        currents = np.array([(charge - isospin) / cos, isospin / sin, 0.0]) * ELEMENTARY_CHARGE
        to_all = -currents @ fields
        assert abs(to_all[0]) == pytest.approx(ELEMENTARY_CHARGE * abs(charge), abs=1e-7)
        found = float(bosons.coupling(charge, isospin))
        assert found == pytest.approx(sign * to_all[chosen], rel=1e-6, abs=1e-7)


@pytest.mark.parametrize(("epsilon", "sin_theta"), [(0.01, 0.0), (0.3, 0.0), (0.05, -0.2)])
def test_the_mass_of_what_is_mostly_x_jumps_over_the_excluded_interval(
    epsilon: float, sin_theta: float
) -> None:
    masses = []
    for m_x in np.linspace(60, 130, 3501):
        values, fields = _forward(m_x, epsilon, sin_theta)
        masses.append(np.sqrt(values[_mostly_x(fields)]))
    steps = np.diff(masses)
    jump = int(np.argmax(steps))
    lower, upper = _bosons(1.0, epsilon, sin_theta).excluded_interval
    assert masses[jump] == pytest.approx(float(lower), abs=0.05)
    assert masses[jump + 1] == pytest.approx(float(upper), abs=0.05)
    assert bool(_bosons(lower, epsilon, sin_theta).exists)
    assert bool(_bosons(upper, epsilon, sin_theta).exists)
    assert not bool(_bosons((lower + upper) / 2, epsilon, sin_theta).exists)


def test_without_mixing_the_lagrangian_has_the_physical_masses() -> None:
    bosons = _bosons([1e-3, 50.0, 500.0], 0.0, 0.0)
    np.testing.assert_allclose(bosons.lagrangian_mass, bosons.mass, rtol=1e-15)
    np.testing.assert_allclose(bosons.physical_z_mass, Z_MASS, rtol=1e-15)
    np.testing.assert_allclose(bosons.dark_share, 1.0, rtol=1e-15)


def test_strong_mass_mixing_leaves_no_light_boson() -> None:
    bosons = _bosons([1e-3, 80.0, 140.0, 200.0], 0.0, 1.2)
    lower, upper = bosons.excluded_interval
    assert float(lower) == 0.0
    assert float(upper) == pytest.approx(Z_MASS * np.sqrt(1 + 1.2**2))
    assert bosons.exists.tolist() == [False, False, False, True]
    # just above the edge the other state is massless, and below it a tachyon
    edge = _bosons(upper * (1 + 1e-9), 0.0, 1.2)
    assert float(edge.physical_z_mass) < 0.01
