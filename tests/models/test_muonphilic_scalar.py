"""The muonphilic scalar (M8): S1 eq. 39."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.models import (
    ComplexScalar,
    Dirac,
    FermionPair,
    Majorana,
    MuonphilicScalar,
    PseudoDirac,
    make_model,
)
from darkbeam.models.couplings import FERMIONS
from darkbeam.models.dark_channels import DarkFermions, DarkScalars


def test_only_the_muon_couples() -> None:
    table = MuonphilicScalar(mass=0.3, g=2e-3).couplings()
    assert table.spin == 0
    assert table.self_conjugate
    for fermion in FERMIONS:
        assert float(table.scalar(fermion)) == (2e-3 if fermion == "mu" else 0.0)
        assert float(table.pseudoscalar(fermion)) == 0.0
    assert table.dark == ()


@given(st.floats(1e-12, 10), st.floats(1e-3, 1e3))
def test_linear_in_the_coupling(g: float, factor: float) -> None:
    model = MuonphilicScalar(mass=1.0, g=g)
    scaled = model.with_coupling(factor * g).couplings().scalar("mu")
    np.testing.assert_allclose(scaled, factor * model.couplings().scalar("mu"), rtol=1e-14)


def test_dark_matter_of_a_real_scalar() -> None:
    # L = -g_d m_phi phi chi* chi, -g_d phi chibar chi, -(g_d/2) phi chibar chi
    alpha_d, g_d = 0.05, np.sqrt(4 * np.pi * 0.05)
    model = MuonphilicScalar(mass=[0.3, 0.6], alpha_d=alpha_d, dark_matter=Dirac(mass_ratio=3))
    (dirac,) = model.couplings().dark
    assert isinstance(dirac, DarkFermions)
    assert float(dirac.scalar) == pytest.approx(g_d)
    np.testing.assert_allclose(dirac.masses[0], [0.1, 0.2])
    (majorana,) = model.replace(dark_matter=Majorana()).couplings().dark
    assert isinstance(majorana, DarkFermions)
    assert majorana.identical
    assert float(majorana.scalar) == pytest.approx(g_d)
    (scalar,) = model.replace(dark_matter=ComplexScalar()).couplings().dark
    assert isinstance(scalar, DarkScalars)
    np.testing.assert_allclose(scalar.coupling, g_d * np.array([0.3, 0.6]))


@pytest.mark.parametrize("kind", [PseudoDirac(), FermionPair()])
def test_other_dark_matter_is_refused(kind: Dirac) -> None:
    with pytest.raises(ModelError, match="may be scalar or dirac or majorana"):
        MuonphilicScalar(mass=0.3, dark_matter=kind)


def test_strong_dark_coupling_is_warned_of_only_with_dark_matter() -> None:
    with pytest.warns(DarkbeamWarning, match="alpha_d = 1.5 is above 1"):
        MuonphilicScalar(mass=0.3, alpha_d=1.5, dark_matter="dirac")
    MuonphilicScalar(mass=0.3, alpha_d=1.5)
    MuonphilicScalar(mass=0.3, alpha_d=1.0, dark_matter="dirac")


def test_by_name() -> None:
    made = make_model("muonphilic-scalar", mass="300 MeV", g="1e-4", dark_matter="dirac")
    assert made == MuonphilicScalar(mass=0.3, g=1e-4, dark_matter=Dirac())
    with pytest.raises(ModelError, match="without dark matter there is no mass_ratio"):
        make_model("muonphilic-scalar", mass=0.3, mass_ratio=3)
