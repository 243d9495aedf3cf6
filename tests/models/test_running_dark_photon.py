"""The dark photon whose mixing runs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from darkbeam.decays import widths
from darkbeam.errors import ModelError
from darkbeam.models import (
    DarkPhoton,
    RunningDarkPhoton,
    one_fermion_mixing,
    two_fermion_mixing,
)
from darkbeam.models.couplings import ELECTRIC_CHARGE

E = math.sqrt(4 * math.pi / 137.035999177)


def test_m7_on_the_mass_shell_it_is_the_dark_photon() -> None:
    mass = np.array([0.01, 0.1, 0.25])
    running = RunningDarkPhoton(mass=mass, epsilon=1e-4, e_prime=2, fermion_mass=1)
    plain = DarkPhoton(mass=mass, epsilon=1e-4)
    for fermion in ("e", "u", "nu_e"):
        np.testing.assert_array_equal(
            running.couplings().vector(fermion), plain.couplings().vector(fermion)
        )
    np.testing.assert_array_equal(widths(running).total, widths(plain).total)


@pytest.mark.parametrize("q2", [-100.0, -1.0, -1e-3, 0.0])
def test_m7_away_from_it_the_loop_is_added(q2: float) -> None:
    one = RunningDarkPhoton(mass=0.1, epsilon=1e-4, e_prime=-0.5, fermion_mass=3)
    expected = 1e-4 + complex(one_fermion_mixing(q2, 3.0, 0.1, -0.5)).real
    table = one.couplings().at(q2)
    for fermion in ("e", "u", "d"):
        unit = E * ELECTRIC_CHARGE[fermion]
        assert float(table.vector(fermion)) == pytest.approx(unit * expected, rel=1e-8, abs=0.0)
    two = one.replace(partner_mass=5)
    expected = 1e-4 + complex(two_fermion_mixing(q2, 3.0, 5.0, -0.5, 0.1)).real
    assert float(two.photon_mixing(q2)) == pytest.approx(expected, rel=1e-9, abs=0.0)


def test_m7_naive_renormalisation_keeps_the_loop_on_the_mass_shell() -> None:
    model = RunningDarkPhoton(
        mass=0.1, epsilon=0, e_prime=0.5, fermion_mass=3, partner_mass=5, renormalisation="naive"
    )
    expected = E * 0.5 / (12 * math.pi**2) * math.log(9 / 25)
    assert float(model.photon_mixing()) == pytest.approx(expected, rel=1e-3, abs=0.0)  # m^2/M^2
    assert float(model.couplings().vector("e")) > 0  # of either sign


def test_bad_loops_are_refused() -> None:
    with pytest.raises(ModelError, match="naive needs partner_mass"):
        RunningDarkPhoton(mass=0.1, renormalisation="naive")
    with pytest.raises(ModelError, match="fermion_mass must be above half the mass"):
        RunningDarkPhoton(mass=2.0, fermion_mass=1.0)
    with pytest.raises(ModelError, match="partner_mass must be above half the mass"):
        RunningDarkPhoton(mass=2.0, partner_mass=0.5)
