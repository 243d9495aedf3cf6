"""Recoils against relativistic two-body kinematics, and the numbers of S1 48-50 (O14)."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import ELECTRON_MASS
from darkbeam.direct_detection import (
    inelastic_threshold_velocity,
    lightest_detectable_mass,
    max_momentum_transfer,
    max_recoil_energy,
    minimal_velocity,
    reduced_mass,
)
from darkbeam.errors import InputError

masses = st.floats(1e-4, 100.0)


def relativistic_recoil(dm_mass, target, velocity, splitting=0.0):
    """Largest kinetic energy of the target at rest hit by dark matter, by exact kinematics."""
    with mp.workdps(40):
        m, big, v, delta = (mp.mpf(float(x)) for x in (dm_mass, target, velocity, splitting))
        energy = m / mp.sqrt(1 - v**2)
        s = m**2 + big**2 + 2 * big * energy
        root = mp.sqrt(s)

        def momentum(m1, m2):
            return mp.sqrt((s - (m1 + m2) ** 2) * (s - (m1 - m2) ** 2)) / (2 * root)

        p, after = momentum(m, big), momentum(m + delta, big)
        # t = 2 M^2 - 2 (E E' + p p') of the target; T = -t / 2 M
        t = 2 * big**2 - 2 * (mp.sqrt(big**2 + p**2) * mp.sqrt(big**2 + after**2) + p * after)
        return float(-t / (2 * big))


@given(dm_mass=masses, target=masses, share=st.floats(0.0, 0.9))
def test_largest_recoil(dm_mass, target, share):
    velocity = 1e-3
    splitting = share * float(reduced_mass(dm_mass, target)) * velocity**2 / 2
    found = float(max_recoil_energy(dm_mass, target, velocity, splitting=splitting))
    expected = relativistic_recoil(dm_mass, target, velocity, splitting)
    assert found == pytest.approx(expected, rel=1e-4, abs=0.0)


@given(dm_mass=masses, target=masses, share=st.floats(0.0, 0.99))
def test_the_largest_recoil_needs_the_velocity_that_makes_it(dm_mass, target, share):
    velocity = 2e-3
    splitting = share * reduced_mass(dm_mass, target) * velocity**2 / 2
    energy = max_recoil_energy(dm_mass, target, velocity, splitting=splitting)
    found = float(minimal_velocity(energy, dm_mass, target, splitting=splitting))
    assert found == pytest.approx(velocity, rel=1e-9, abs=0.0)


@given(dm_mass=masses, target=masses, splitting=st.floats(1e-12, 1e-8))
def test_the_threshold_is_the_smallest_of_minimal_velocities(dm_mass, target, splitting):
    threshold = float(inelastic_threshold_velocity(dm_mass, target, splitting))
    mass = float(reduced_mass(dm_mass, target))
    energies = mass * splitting / target * np.geomspace(0.5, 2.0, 101)  # q^2 = 2 mu delta
    found = minimal_velocity(energies, dm_mass, target, splitting=splitting)
    assert np.min(found) == pytest.approx(threshold, rel=1e-9, abs=0.0)
    if 1.01 * threshold < 0.1:
        above = max_momentum_transfer(dm_mass, target, 1.01 * threshold, splitting=splitting)
        below = max_momentum_transfer(dm_mass, target, 0.99 * threshold, splitting=splitting)
        assert below == 0.0 < above


def test_s1_48_nuclear_recoil():
    """O14, errata: 29 eV at v = 1e-3; the 190 eV of the paper need 2.5e-3."""
    assert 1e9 * float(max_recoil_energy(0.5, 16.0, 1e-3)) == pytest.approx(29.4, abs=0.1)
    fast = 1e9 * max_recoil_energy([0.5, 0.25], [16.0, 32.0], 2.55e-3)
    assert fast[0] == pytest.approx(190, rel=0.02, abs=0.0)
    # the scaling with the masses that the formula names holds for light dark matter
    assert fast[1] / fast[0] == pytest.approx(1 / 8, rel=0.06, abs=0.0)


def test_s1_49_s1_50_electrons():
    """O14: 3 eV per MeV, and 0.3 MeV per eV of binding energy, at v = 2.5e-3."""
    assert 1e3 * float(lightest_detectable_mass(1e-9, 2.5e-3)) == pytest.approx(
        0.3, rel=0.07, abs=0.0
    )
    assert pytest.approx(0.5 * 1e-3 * 2.45e-3**2, rel=0.01, abs=0.0) == 1e-9 * 3
    assert float(lightest_detectable_mass(3e-9, 2.45e-3)) == pytest.approx(1e-3, rel=0.01, abs=0.0)


def test_pseudo_dirac_is_closed_on_electrons():
    """S1 sec. 3.7: a splitting of a keV is far above mu v^2 / 2 of the halo."""
    assert float(inelastic_threshold_velocity(0.1, ELECTRON_MASS, 1e-6)) == pytest.approx(
        np.sqrt(2e-6 / ELECTRON_MASS), rel=3e-3, abs=0.0
    )
    assert float(max_momentum_transfer(0.1, ELECTRON_MASS, 1e-3, splitting=1e-6)) == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: max_recoil_energy(0.0, 1.0), "dm_mass must be finite and > 0"),
        (lambda: max_recoil_energy(1.0, -1.0), "target_mass must be finite and > 0"),
        (lambda: max_recoil_energy(1.0, 1.0, 0.5), "velocity must be > 0 and <= 0.1"),
        (lambda: max_recoil_energy(1.0, 1.0, np.nan), "velocity must be > 0 and <= 0.1"),
        (lambda: minimal_velocity(0.0, 1.0, 1.0), "recoil_energy must be finite and > 0"),
        (lambda: minimal_velocity(1.0, 1.0, 1.0, splitting=-1), "splitting must be finite"),
        (lambda: lightest_detectable_mass(-1.0), "energy must be finite and > 0"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_arrays_broadcast():
    found = max_recoil_energy(np.array([[0.1], [1.0]]), np.array([1.0, 16.0, 100.0]), 1e-3)
    assert found.shape == (2, 3)
