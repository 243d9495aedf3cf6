"""Depths of interactions in layers, against the integral over the target."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

from darkbeam.matter import material
from darkbeam.production.proton_interactions import (
    interaction_length_cm,
    interaction_length_g_cm2,
    interactions_in,
)


def by_integral(layers, repeats=1):
    """Share and mean depth by quadrature of the survival, layer by layer."""
    front, optical, share, moment = 0.0, 0.0, 0.0, 0.0
    for name, thickness_mm in list(layers) * repeats:
        length, thick = 0.01 * interaction_length_cm(name), 1e-3 * thickness_mm

        def rate(z, front=front, optical=optical, length=length):
            return np.exp(-optical - (z - front) / length) / length

        share += quad(rate, front, front + thick)[0]
        moment += quad(lambda z, rate=rate: z * rate(z), front, front + thick)[0]
        optical += thick / length
        front += thick
    return share, moment / share


@pytest.mark.parametrize(
    "layers",
    [[("Be", 500.0)], [("Mo", 580.0), ("W", 780.0)], [("Cu", 30.0), ("water", 5.0), ("Pb", 40.0)]],
)
def test_depth_is_that_of_the_integral(layers):
    assert_allclose(interactions_in(layers), by_integral(layers), rtol=1e-9)


def test_layers_repeat_and_a_thick_target_stops_all():
    from darkbeam.matter import LayeredMaterial

    layers = [("Cu", 30.0), ("water", 5.0)]
    found = interactions_in(LayeredMaterial(layers, repeats=4))
    assert_allclose(found, by_integral(layers, 4), rtol=1e-9)
    share, depth = interactions_in("Fe")
    assert share == 1.0
    assert_allclose(depth, 0.01 * interaction_length_cm("Fe"))


def test_lengths_are_those_of_the_review_of_particle_physics():
    """Water 83.3, CsI 171.5, polyethylene 78.5 and titanium 126.2, none of them in the table."""
    for name, expected in (("water", 83.3), ("CsI", 171.5), ("polyethylene", 78.5), ("Ti", 126.2)):
        assert_allclose(interaction_length_g_cm2(name), expected, rtol=0.03)
    assert_allclose(interaction_length_cm("Fe"), 16.77, rtol=0.01)
    assert_allclose(
        interaction_length_cm("W") * material("W").density, interaction_length_g_cm2("W")
    )
