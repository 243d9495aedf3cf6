"""The muonic Z': S2 eqs. 2.11 and 2.12."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.decays import widths
from darkbeam.errors import ModelError
from darkbeam.models import LMuLTau, MuonicZPrime
from darkbeam.models.couplings import ELECTRIC_CHARGE

ALPHA = 1 / 137.035999177
M_MU, M_TAU = 0.1056583755, 1.77693


def test_m6_eq_2_12_with_taus() -> None:
    table = MuonicZPrime(mass=0.01, g=1, mixing="constant").couplings()
    expected = -ALPHA / (3 * math.pi) * math.log(M_MU**2 / M_TAU**2)
    for fermion in ("e", "u", "d"):
        found = float(table.vector(fermion)) / ELECTRIC_CHARGE[fermion]
        assert found == pytest.approx(expected, rel=1e-12, abs=0.0)
    assert float(table.vector("tau")) == pytest.approx(-1 - expected, rel=1e-9, abs=0.0)
    assert float(table.vector("nu_tau")) == 0.0


@given(st.floats(1, 1e16))
def test_m6_eq_2_11_with_a_cutoff(cutoff: float) -> None:
    model = MuonicZPrime(mass=0.01, g=1, mixing="constant", completion="cutoff", cutoff=cutoff)
    table = model.couplings()
    size = ALPHA / (3 * math.pi) * math.log(cutoff**2 / M_MU**2)
    for fermion in ("e", "tau", "u", "d", "b"):
        charge = ELECTRIC_CHARGE[fermion]
        assert float(table.vector(fermion)) == pytest.approx(charge * size, rel=1e-12, abs=0.0)
    assert float(table.vector("mu")) == pytest.approx(1 - size, rel=1e-9, abs=0.0)


def test_m6_a_cutoff_at_the_tau_is_the_tau() -> None:
    # the same loop; only the tau itself does not couple
    for mass in (0.01, 0.15, 1.0):
        taus = MuonicZPrime(mass=mass, g=1)
        heavy = taus.replace(completion="cutoff", cutoff=M_TAU)
        assert float(taus.photon_mixing()) == float(heavy.photon_mixing())
        assert float(taus.photon_mixing()) == float(LMuLTau(mass=mass, g=1).photon_mixing())


@pytest.mark.parametrize("ratio", [0, 0.001, 0.01, 0.1, 0.2, 1, 2])
def test_m6_neutrinos_of_the_publications_figures(ratio: float) -> None:
    model = MuonicZPrime(mass=0.1, g=1e-3, nu_ratio=ratio)
    table = model.couplings()
    assert float(table.vector("nu_mu")) == pytest.approx(0.5e-3 * ratio, rel=1e-9, abs=0.0)
    assert float(table.axial("nu_mu")) == pytest.approx(-0.5e-3 * ratio, rel=1e-9, abs=0.0)
    # S2 eq. 2.15: Gamma(ee)/Gamma(nu nu) = 2 g_e^2/g_nu^2 for m >> m_e
    found = widths(model, warn=False).partial
    electron = float(table.vector("e"))
    assert float(found["e_e"]) * ratio**2 * 1e-6 == pytest.approx(
        2 * electron**2 * float(found["nu_nu"]), rel=1e-8, abs=1e-40
    )


def test_arrays_of_ratios_and_cutoffs() -> None:
    cutoff = np.array([10.0, 1e3, 1e5])
    model = MuonicZPrime(mass=0.1, nu_ratio=[[0.0], [1.0]], completion="cutoff", cutoff=cutoff)
    assert model.couplings().shape == (2, 3)
    assert np.all(np.diff(model.photon_mixing()) > 0)


def test_bad_cutoffs_are_refused() -> None:
    with pytest.raises(ModelError, match="cutoff must be above the mass of the Z'"):
        MuonicZPrime(mass=2.0, completion="cutoff", cutoff=1.5)
    with pytest.raises(ModelError, match=r"cutoff must be finite and > 0\.105658 GeV"):
        MuonicZPrime(mass=0.01, completion="cutoff", cutoff="50 MeV")
    assert MuonicZPrime(mass=2e3).completion == "tau"  # the cut-off is of no effect
