"""B - L and B - 3L_e: charges, and the neutrinos."""

from __future__ import annotations

import pytest

from darkbeam.decays import widths
from darkbeam.errors import ModelError
from darkbeam.models import BMinus3E, BMinusL
from darkbeam.models.couplings import CHARGED_LEPTONS, NEUTRINOS, QUARKS

PI = 3.141592653589793


@pytest.mark.parametrize(
    ("kind", "leptons"), [(BMinusL, CHARGED_LEPTONS), (BMinus3E, ("e",))], ids=["B-L", "B-3e"]
)
def test_m3_charges(kind: type[BMinusL], leptons: tuple[str, ...]) -> None:
    table = kind(mass=0.1, g=3e-3).couplings()
    charge = -3e-3 if kind is BMinusL else -9e-3
    for quark in QUARKS:
        assert float(table.vector(quark)) == pytest.approx(1e-3, rel=1e-12, abs=0.0)
    for lepton, neutrino in zip(CHARGED_LEPTONS, NEUTRINOS, strict=True):
        expected = charge if lepton in leptons else 0.0
        assert float(table.vector(lepton)) == pytest.approx(expected, rel=1e-12, abs=0.0)
        assert float(table.axial(lepton)) == 0.0
        assert float(table.vector(neutrino)) == pytest.approx(expected / 2, rel=1e-12, abs=0.0)
        assert float(table.axial(neutrino)) == pytest.approx(-expected / 2, rel=1e-12, abs=0.0)
    # a neutral atom feels its neutrons: B - L of hydrogen is 0, B - 3L_e is -2
    hydrogen = float(table.nucleon_vector("p") + table.vector("e"))
    assert hydrogen == pytest.approx(0.0 if kind is BMinusL else -6e-3, abs=1e-17)


@pytest.mark.parametrize(("kind", "sum_of_squares"), [(BMinusL, 3), (BMinus3E, 9)])
def test_m3_widths_to_neutrinos(kind: type[BMinusL], sum_of_squares: int) -> None:
    # g^2 m/(24 pi) for each left-handed neutrino, twice that for a Dirac neutrino
    unit = 1e-6 * 0.1 / (24 * PI)
    for neutrinos, states in (("majorana", 1), ("dirac", 2)):
        found = widths(kind(mass=0.1, g=1e-3, neutrinos=neutrinos), warn=False)
        expected = states * sum_of_squares * unit
        assert float(found.partial["nu_nu"]) == pytest.approx(expected, rel=1e-12, abs=0.0)


def test_dirac_neutrinos_are_vectors() -> None:
    table = BMinusL(mass=0.1, g=1e-3, neutrinos="dirac").couplings()
    for neutrino in NEUTRINOS:
        assert float(table.vector(neutrino)) == pytest.approx(-1e-3, rel=1e-12, abs=0.0)
        assert float(table.axial(neutrino)) == 0.0
    # the left-handed coupling g_V - g_A is the same
    assert float(table.vector("e")) == float(BMinusL(mass=0.1, g=1e-3).couplings().vector("e"))
    with pytest.raises(ModelError, match="neutrinos must be majorana or dirac"):
        BMinusL(mass=0.1, neutrinos="weyl")
