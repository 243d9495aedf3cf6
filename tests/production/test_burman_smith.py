"""Pions of some hundred MeV protons: the fit by another spline, isospin, the pions of LSND."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import dblquad

from darkbeam.constants import PROTON_MASS
from darkbeam.errors import InputError, UnknownNameError, ValidityError
from darkbeam.production.burman_smith import (
    burman_smith,
    burman_smith_per_energy,
    neutral_pion_share,
)
from darkbeam.production.fitted_spectra import fitted_pions

KNOTS = (0, 0, 0, 30, 70, 180, 180, 180)
COULOMB = 1.0 / 1.602176634e-19


def spline(order, index, degrees):
    """Return a basis spline by the recursion of Cox and de Boor."""
    if order == 0:
        return 1.0 if KNOTS[index] <= degrees < KNOTS[index + 1] else 0.0
    low, high = KNOTS[index + order] - KNOTS[index], KNOTS[index + order + 1] - KNOTS[index + 1]
    rising = (degrees - KNOTS[index]) / low * spline(order - 1, index, degrees) if low else 0.0
    falling = (KNOTS[index + order + 1] - degrees) / high if high else 0.0
    return rising + falling * spline(order - 1, index + 1, degrees)


@pytest.mark.parametrize(("atomic_number", "heavy"), [(6, False), (8, False), (29, True)])
def test_written_out_by_hand(atomic_number, heavy):
    """In MeV and degrees, each constant in its place; extrapolated from 585 and 730 to 800 MeV."""
    fall = (29.9 - 26.0 if heavy else 34.2 - 28.9) * 215 / 145 + (26.0 if heavy else 28.9)
    width = (166.0 - 135.0 if heavy else 150.0 - 130.0) * 215 / 145 + (135.0 if heavy else 130.0)
    tilt = (atomic_number - 12) / 10
    heights = (27 - 4 * (70 / 145) ** 2, 18.2, 8.0, 13 + tilt, 9 + tilt - 115 / 20)
    logs = [log(atomic_number) ** k for k in range(4)]
    norm = np.dot((0.8851, -0.1015, 0.1459, -0.0265), logs) * np.cbrt(atomic_number)
    for degrees in (0.0, 12.0, 30.0, 55.0, 70.0, 130.0):
        amplitude = sum(h * spline(2, i, degrees) for i, h in enumerate(heights))
        mean, spread = 48 + 330 * np.exp(-degrees / fall), width * np.exp(-degrees / 85)
        for kinetic in (20.0, 150.0, 400.0, 640.0):
            bell = np.exp(-((kinetic - mean) ** 2) / (2 * spread**2))
            expected = norm * amplitude * bell / (1 + np.exp((kinetic - 610.0) / 25))
            found = burman_smith_per_energy(1e-3 * kinetic, np.radians(degrees), 0.8, atomic_number)
            assert_allclose(found, expected, rtol=1e-10)


def test_no_pion_has_more_energy_than_there_is():
    energy = np.array([0.659, 0.661, 0.8])
    value = burman_smith_per_energy(energy, 0.1, 0.8, 6)
    assert value[0] > 0.0
    assert np.all(value[1:] == 0.0)


def test_differential_in_momentum_is_the_same_number_of_pions():
    """Over T and the solid angle, or over p and the angle; neutral ones 6/11 for carbon of A 12."""
    beam = 0.73 + PROTON_MASS
    direct, _ = dblquad(
        lambda t, e: 2e3 * np.pi * np.sin(t) * 1e-3 * float(burman_smith_per_energy(e, t, 0.73, 6)),
        *(0.0, 0.5904),
        *(0.0, np.pi),
        epsrel=1e-4,
    )
    for pion, share in (("pi+", 1.0), ("pi0", 6.0 / 11.0)):
        p, dp = np.linspace(0.0, 0.75, 1501, retstep=True)
        t, dt = np.linspace(0.0, np.pi, 721, retstep=True)
        total = np.sum(burman_smith(p[:, None], t, beam, pion, 6, 12.0)) * dp * dt
        assert_allclose(total, share * direct, rtol=2e-3)


def pions_by_isospin(target):
    """Return pi+, pi0, pi- of p + (p or n) -> N Delta -> N N pi by Clebsch-Gordan coefficients.

    Twice the projection of isospin names a particle: of the Delta 3, 1, -1, -3, of the pion 2, 0,
    -2. Squares of <1/2 a; 3/2 b | 1 a + b> for the pair, of <1/2 n; 1 k | 3/2 n + k> for the decay.
    """
    half = 1.0 if target == "p" else 0.5  # of a proton and a neutron half is isospin 1
    deltas = {3: 3 / 4, 1: 1 / 4} if target == "p" else {1: 1 / 2, -1: 1 / 2}
    made = np.zeros(3)
    for delta, weight in deltas.items():
        for k, pion in enumerate((2, 0, -2)):
            if abs(delta - pion) == 1:
                decay = 1.0 if abs(delta) == 3 else (2 / 3 if pion == 0 else 1 / 3)
                made[k] += half * weight * decay
    return made


@pytest.mark.parametrize(("z", "n"), [(6, 6), (1, 0), (29, 34.546), (74, 109.84)])
def test_neutral_pions_of_a_delta_by_clebsch_gordan_coefficients(z, n):
    positive, neutral, _ = z * pions_by_isospin("p") + n * pions_by_isospin("n")
    assert_allclose(neutral_pion_share(z, z + n), neutral / positive, rtol=1e-12)


def test_isospin_alone_makes_neutral_pions_the_mean_on_as_many_neutrons():
    """On an isoscalar nucleus, whatever is in between: pi0 = (pi+ + pi-)/2; 6/11 has it."""
    positive, neutral, negative = pions_by_isospin("p") + pions_by_isospin("n")
    assert_allclose(neutral, 0.5 * (positive + negative), rtol=1e-12)
    assert_allclose(neutral_pion_share(8, 16), 6.0 / 11.0, rtol=1e-12)
    assert neutral_pion_share(8, 16, "equal") == 1.0


@given(z=st.integers(1, 92), extra=st.floats(0.0, 146.0))
def test_neutral_pions_are_between_those_of_protons_and_of_neutrons(z, extra):
    assert 0.2 - 1e-12 <= neutral_pion_share(z, z + extra) <= 4.0


def stopped_pions_per_proton():
    """Return pi+ that decay at rest per proton at LSND, from two published fluences.

    10.58e13 nu_e/cm^2 of mu+ at rest 29.8 m away in 1994-1997 (23,955 C; nucl-ex/0105068), as in
    public code for GLoBES; 1.26e14 at 30 m in all years (28,896 C; hep-ex/0104049), from memory.
    """
    found = []
    for fluence, distance_cm, coulomb in ((10.58e13, 2980.0, 23955.0), (1.26e14, 3e3, 28896.0)):
        protons = coulomb * COULOMB
        found.append(fluence * 4.0 * np.pi * distance_cm**2 / protons)
    return found


def test_as_many_pions_as_lsnd_had_neutrinos():
    """0.079 pi+ stop and decay for each proton: of those made, the rest flies off or is absorbed.

    In the water and copper of the beam stop, 0.15 and 0.11 in an interaction.
    """
    first, second = stopped_pions_per_proton()
    assert_allclose(first, second, rtol=0.02)
    for nucleus in ("O", "Cu"):
        positive = fitted_pions(f"1.738GeV-{nucleus}", "Burman-Smith-equal").multiplicity
        assert first < positive < 2.0 * first


def test_as_many_neutral_pions_as_others_take():
    """0.06 for each proton on LSND's target in BdNMC's parameter files; all protons interact."""
    assert fitted_pions("1.738GeV-Cu", "Burman-Smith").multiplicity == pytest.approx(0.06, rel=0.15)


def test_outside_of_the_fit_is_refused():
    with pytest.raises(ValidityError, match="proton_kinetic = 1 GeV: the fit holds from"):
        burman_smith_per_energy(0.1, 0.1, 1.0, 6)
    with pytest.raises(ValidityError, match="atomic_number = 1"):
        burman_smith_per_energy(0.1, 0.1, 0.8, 1)
    with pytest.raises(UnknownNameError, match="unknown pion 'pi-'"):
        burman_smith(0.1, 0.1, 1.738, "pi-")
    with pytest.raises(UnknownNameError, match="did you mean 'delta'"):
        neutral_pion_share(6, 12, "Delta")
    with pytest.raises(InputError, match="atomic_number = 7"):
        neutral_pion_share(7, 6)
    with pytest.raises(ValidityError, match=r"Burman-Smith holds from 1.523 to 1.748 GeV"):
        fitted_pions("70GeV-Fe", "Burman-Smith")
    with pytest.raises(UnknownNameError, match="no fit 'BMTP'"):
        fitted_pions("70GeV-Fe", "BMTP")
