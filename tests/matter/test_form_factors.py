"""Form factors: limits, published scales, and the compiled copies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.constants import ELECTRON_MASS
from darkbeam.errors import ValidityError
from darkbeam.matter import _form_factor_kernels as kernels
from darkbeam.matter.form_factors import elastic_form_factor, inelastic_form_factor

ATOMS = [(1, 1.008), (13, 26.98), (74, 183.84), (82, 207.2)]


@pytest.mark.parametrize(("Z", "A"), ATOMS)
def test_neutral_far_away_bare_in_between_dark_inside(Z, A):
    t_atom, t_nucleus = (ELECTRON_MASS * Z ** (1 / 3) / 111) ** 2, 0.164 * A ** (-2 / 3)
    assert elastic_form_factor(0, Z, A) == 0
    assert inelastic_form_factor(0, Z) == 0
    # the charge is screened in proportion to t, G_2 to its square
    far = 1e-6 * t_atom
    assert elastic_form_factor(far, Z, A) == pytest.approx(Z**2 * 1e-12, rel=1e-5, abs=0.0)
    between = np.sqrt(t_atom * t_nucleus)
    assert elastic_form_factor(between, Z, A) == pytest.approx(Z**2, rel=3e-3, abs=0.0)
    # half the charge at either scale
    assert elastic_form_factor(t_atom, Z, A) == pytest.approx(Z**2 / 4, rel=1e-5, abs=0.0)
    assert elastic_form_factor(t_nucleus, Z, A) == pytest.approx(Z**2 / 4, rel=1e-5, abs=0.0)
    assert elastic_form_factor(1e3 * t_nucleus, Z, A) < 1.1e-6 * Z**2


def test_radius_of_lead():
    """F = 1 - r^2 t/6 at small t: r = sqrt(6/d) = 7.1 fm; electron scattering gives 5.5 fm."""
    slope = 1 - np.sqrt(elastic_form_factor(1e-4, 82, 208) / 82**2)
    radius_fm = np.sqrt(6 * slope / 1e-4) * 0.1973269804
    assert radius_fm == pytest.approx(7.07, rel=0.02, abs=0.0)  # the parametrisation is that coarse


def test_published_values():
    """Values worked out by hand from eqs A18 and A19 of 0906.0580."""
    # lead, t = 0.001 GeV^2: d = 0.164/35.02 = 4.683e-3, so (1/1.2135)^2 = 0.679
    assert elastic_form_factor(1e-3, 82, 207.2) / 82**2 == pytest.approx(0.679, rel=1e-3, abs=0.0)
    # protons one by one: the magnetic dipole lifts the fall at 0.1 GeV^2
    value = (1 + 0.1 * 6.7841 / (4 * 0.880354)) / (1 + 0.1 / 0.71) ** 4
    assert inelastic_form_factor(0.1, 82) == pytest.approx(82 * value**2, rel=1e-4, abs=0.0)


@given(st.sampled_from(ATOMS), st.floats(1e-16, 1e2))
def test_compiled_copies_agree(atom, t):
    Z, A = atom
    scales = kernels.elastic_screening_t(float(Z)), kernels.elastic_size_t(float(A))
    assert kernels.elastic_g2(t, float(Z), *scales) == pytest.approx(
        float(elastic_form_factor(t, Z, A)), rel=1e-13, abs=0.0
    )
    assert kernels.inelastic_g2(t, float(Z)) == pytest.approx(
        float(inelastic_form_factor(t, Z)), rel=1e-13, abs=0.0
    )


@given(st.sampled_from(ATOMS), st.lists(st.floats(0, 1e3), min_size=2, max_size=6))
def test_charge_is_never_exceeded(atom, ts):
    Z, A = atom
    values = elastic_form_factor(ts, Z, A)
    assert values.shape == (len(ts),)
    assert np.all((values >= 0) & (values <= Z**2))


@pytest.mark.parametrize("bad", [-1e-9, np.nan, [0.1, -0.1]])
def test_impossible_transfers_are_refused(bad):
    with pytest.raises(ValidityError, match="t must"):
        elastic_form_factor(bad, 82, 207.2)
    with pytest.raises(ValidityError, match="t must"):
        inelastic_form_factor(bad, 82)
