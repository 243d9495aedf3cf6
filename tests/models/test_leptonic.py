"""Lepton number: S1 eq. 37."""

from __future__ import annotations

import pytest

from darkbeam.models import Leptonic
from darkbeam.models.couplings import CHARGED_LEPTONS, NEUTRINOS, QUARKS


def test_m3_s1_eq_37() -> None:
    table = Leptonic(mass=0.1, g=2e-3).couplings()
    for lepton in CHARGED_LEPTONS:
        assert float(table.vector(lepton)) == 2e-3
        assert float(table.axial(lepton)) == 0.0
    for neutrino in NEUTRINOS:  # nubar_L gamma nu_L = nubar gamma (1 - gamma5)/2 nu
        assert float(table.vector(neutrino)) == pytest.approx(1e-3, rel=1e-12, abs=0.0)
        assert float(table.axial(neutrino)) == pytest.approx(-1e-3, rel=1e-12, abs=0.0)
    assert not table.couples_to_quarks()
    assert not any(table.vector(quark).any() for quark in QUARKS)
