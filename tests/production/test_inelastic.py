"""Inelastic cross sections: measured values, growth with the nucleus, ranges."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from darkbeam.errors import ValidityError
from darkbeam.production.inelastic import (
    inelastic_cross_section_mb,
    proton_collision_cross_section_mb,
)


def test_nuclei_grow_as_the_power_0_71_of_their_mass():
    """A. S. Carroll et al., Phys. Lett. B 80 (1979) 319: sigma ~ A^0.71 above lithium."""
    a = np.array([9.0, 27.0, 64.0, 120.0, 184.0, 238.0])
    slope = np.polyfit(np.log(a), np.log(inelastic_cross_section_mb(a)), 1)[0]
    assert_allclose(slope, 0.71, atol=0.015)


def test_interaction_lengths_of_nuclei_that_are_not_in_the_table():
    """Review of Particle Physics: titanium 126.2, silicon 108.4, gold 196.3 g/cm^2."""
    for weight, length in ((47.867, 126.2), (28.085, 108.4), (196.97, 196.3)):
        ours = weight / (6.02214e23 * float(inelastic_cross_section_mb(weight)) * 1e-27)
        assert_allclose(ours, length, rtol=1e-2)


def test_the_proton_is_the_inelastic_part_of_the_total_cross_section():
    """At 200 GeV 38.9 mb are total and 6.8 mb elastic (Review of Particle Physics)."""
    assert_allclose(inelastic_cross_section_mb(1.0), 38.9 - 6.8, rtol=0.02)


def test_collisions_of_13_tev_agree_with_atlas():
    """78.1 +- 2.9 mb, arXiv:1606.02625; the table is of TOTEM."""
    assert_allclose(proton_collision_cross_section_mb(13e3), 78.1, atol=2.9)
    energies = proton_collision_cross_section_mb([7e3, 8e3, 13e3, 13.6e3, 14e3])
    assert np.all(np.diff(energies) > 0.0)
    assert_allclose(energies[-1], 80.3, rtol=5e-3)


@pytest.mark.parametrize("weight", [0.5, 300.0, np.nan])
def test_no_such_nucleus(weight):
    with pytest.raises(ValidityError, match="mass_number"):
        inelastic_cross_section_mb(weight)


@pytest.mark.parametrize("energy", [900.0, 100e3, np.nan])
def test_no_such_collider(energy):
    with pytest.raises(ValidityError, match="TeV"):
        proton_collision_cross_section_mb(energy)
