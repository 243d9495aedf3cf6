"""Baryon number."""

from __future__ import annotations

import math

import pytest

from darkbeam.models import Baryonic
from darkbeam.models.couplings import CHARGED_LEPTONS, NEUTRINOS, QUARKS

E = math.sqrt(4 * math.pi / 137.035999177)


def test_m3_quarks_have_a_third() -> None:
    table = Baryonic(mass=0.1, g=3e-3).couplings()
    assert {float(table.vector(quark)) for quark in QUARKS} == {1e-3}
    assert float(table.nucleon_vector("p")) == pytest.approx(3e-3, rel=1e-12, abs=0.0)
    assert float(table.nucleon_vector("n")) == pytest.approx(3e-3, rel=1e-12, abs=0.0)
    for lepton in (*CHARGED_LEPTONS, *NEUTRINOS):
        assert float(table.vector(lepton)) == 0.0


def test_mixing_gives_leptons_and_splits_the_nucleons() -> None:
    g = 1e-3
    epsilon = E * g / (16 * math.pi**2)
    table = Baryonic(mass=0.1, g=g, epsilon=epsilon).couplings()
    assert float(table.vector("mu")) == pytest.approx(-epsilon * E, rel=1e-9, abs=0.0)
    split = float(table.nucleon_vector("p") - table.nucleon_vector("n"))
    assert split == pytest.approx(epsilon * E, rel=1e-9, abs=0.0)
