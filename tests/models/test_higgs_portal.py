"""Higgs -> phi phi* (M9): S3, the text below eq. 8."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam import particles
from darkbeam.decays.two_body import scalar_to_scalars
from darkbeam.errors import ModelError
from darkbeam.models import higgs_portal_limit, higgs_to_scalars_width


@given(st.floats(1e-3, 80), st.floats(0, 1))
def test_m9_the_width_is_that_of_the_amplitude_lambda_v(mass: float, coupling: float) -> None:
    vev = 246.2197  # (sqrt(2) G_F)^(-1/2)
    expected = scalar_to_scalars(particles.mass("h"), mass, mass, coupling * vev)
    found = higgs_to_scalars_width(mass, coupling)
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-300)


def test_m9_the_published_bound() -> None:
    # S3: lambda <= 0.01 from the limit of its time, B(h -> invisible) < 0.19 (CMS 2018)
    assert float(higgs_portal_limit(0.3, invisible_fraction=0.19)) == pytest.approx(
        0.01, rel=0.03, abs=0.0
    )


def test_the_bound_is_the_width_turned_round() -> None:
    mass = np.array([0.1, 10.0, 60.0])
    limit = higgs_portal_limit(mass, invisible_fraction=0.107, higgs_width=4.1e-3)
    width = higgs_to_scalars_width(mass, limit)
    np.testing.assert_allclose(width / (width + 4.1e-3), 0.107, rtol=1e-12)


def test_closed_above_half_of_the_higgs_mass() -> None:
    assert float(higgs_to_scalars_width(62.6, 1.0)) == 0.0
    assert np.isinf(higgs_portal_limit([62.6, 100.0])).all()


def test_bad_values() -> None:
    for fraction in (0.0, 1.0, float("nan")):
        with pytest.raises(ModelError, match="invisible_fraction must be above 0 and below 1"):
            higgs_portal_limit(0.1, invisible_fraction=fraction)
    with pytest.raises(ModelError, match="mass must be finite and > 0"):
        higgs_to_scalars_width(-1.0, 0.1)
