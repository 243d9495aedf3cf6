"""Regions of the recipe of Coy and Xu for models, against R-bar point by point."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.errors import InputError
from darkbeam.experiments.displaced.dimensionless_rate import (
    ANCHORS,
    DUMPS,
    excluded_regions,
    model_rate,
    normalised_level,
)
from darkbeam.experiments.displaced.recipe_regions import ScalingRate, recipe_regions
from darkbeam.models import DarkPhoton, LMuLTau, MuonicZPrime

MASS = np.array([2e-3, 0.1, 0.2, 0.22, 0.78, 2.5])
COUPLING = np.array([[1e-9], [1e-6], [3e-5]])


@pytest.mark.parametrize("name", ["SHiP", "SeaQuest", "FASER"])
@pytest.mark.parametrize(
    "model",
    [
        DarkPhoton(mass=0.1, dark_matter=None),
        MuonicZPrime(mass=0.1, nu_ratio=0.2, mixing="constant"),
        LMuLTau(mass=0.1),
    ],
    ids=lambda model: model.name,
)
def test_scaled_rates_are_those_of_the_model_at_each_coupling(model, name):
    def made(mass):
        return 1.0 / (1.0 + mass)

    rate = ScalingRate(model, DUMPS[name], relative_cross_section=made)
    expected = model_rate(
        model.replace(mass=MASS).with_coupling(COUPLING),
        DUMPS[name],
        relative_cross_section=made(MASS),
    )
    np.testing.assert_allclose(rate(COUPLING, MASS), expected, rtol=1e-7)
    # again, out of what is known by now, in another order and shape
    np.testing.assert_allclose(rate(1e-6, MASS[::-1]), expected[1, ::-1], rtol=1e-7)


def test_a_mixing_of_its_own_is_refused():
    model = LMuLTau(mass=0.1, epsilon_tree=1e-6)
    with pytest.raises(InputError, match="not all couplings of lmu-ltau go with g"):
        ScalingRate(model, DUMPS["SHiP"])(1e-6, 0.1)


def test_regions_of_a_model_are_those_of_its_rate():
    model = MuonicZPrime(mass=0.1, nu_ratio=2.0, mixing="constant")
    level = float(normalised_level(DUMPS["SHiP"]))
    mass = np.geomspace(2e-3, 8e-3, 3)
    regions = recipe_regions(model, DUMPS["SHiP"], level, mass)

    def plain(coupling, masses):
        return model_rate(model.replace(mass=masses, g=coupling), DUMPS["SHiP"])

    for found, expected in zip(regions, excluded_regions(plain, level, mass), strict=True):
        np.testing.assert_allclose(found.mass, expected.mass)
        np.testing.assert_allclose(found.upper, expected.upper, rtol=1e-6)


@pytest.mark.parametrize("name", ["SHiP", "SeaQuest", "FASER"])
def test_the_contour_goes_through_the_published_point(name):
    # S2 sec. 3.3: the lower edge at 100 MeV, SHiP's at epsilon = 5.28e-8
    mass, epsilon = ANCHORS[name]
    level = float(normalised_level(DUMPS[name], ANCHORS[name]))
    photon = DarkPhoton(mass=0.1, dark_matter=None)
    (region,) = recipe_regions(photon, DUMPS[name], level, [0.05, mass, 0.15])
    at = int(np.argmin(np.abs(region.mass - mass)))
    assert region.mass[at] == mass
    assert region.lower[at] == pytest.approx(epsilon, rel=1e-7)
