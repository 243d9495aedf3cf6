"""X(16.7): couplings of arXiv:1604.07411, structures and window of S1 sec. 5.1.3."""

from __future__ import annotations

import math

import numpy as np
import pytest

from darkbeam.decays import widths
from darkbeam.errors import ModelError
from darkbeam.models import BERYLLIUM_WINDOW, X17, inside_beryllium_window, make_model

ALPHA = 1 / 137.035999177
E = math.sqrt(4 * math.pi * ALPHA)


def test_m10_the_mass_may_be_left_out() -> None:
    assert make_model("x17").mass == 0.0167
    assert make_model("x17", mass="17.01 MeV", epsilon=5e-4).mass == pytest.approx(
        0.01701, rel=1e-9, abs=0.0
    )


def test_m10_protophobic_quarks() -> None:
    table = X17().couplings()
    # arXiv:1604.07411: eps_u = 3.7e-3, eps_d = -7.4e-3 up to a common sign
    assert abs(float(table.vector("u"))) / E == pytest.approx(3.7e-3, rel=1e-9, abs=0.05e-3)
    assert abs(float(table.vector("d"))) / E == pytest.approx(7.4e-3, abs=0.1e-3)
    assert float(table.vector("u")) * float(table.vector("d")) < 0
    assert float(table.nucleon_vector("p")) == pytest.approx(0, abs=1e-18)
    assert abs(float(table.nucleon_vector("n"))) / E == pytest.approx(0.011, rel=1e-9, abs=0.0)


def test_m10_nucleons_are_as_given() -> None:
    table = X17(epsilon_p=[1e-3, -2e-4], epsilon_n=[-5e-3, 2e-3]).couplings()
    np.testing.assert_allclose(table.nucleon_vector("p"), E * np.array([1e-3, -2e-4]), rtol=1e-12)
    np.testing.assert_allclose(table.nucleon_vector("n"), E * np.array([-5e-3, 2e-3]), rtol=1e-12)
    for heavy, light in (("c", "u"), ("t", "u"), ("s", "d"), ("b", "d")):
        np.testing.assert_array_equal(table.vector(heavy), table.vector(light))


@pytest.mark.parametrize(
    ("structure", "vector", "axial"),
    [
        ("vector", 1, 0),
        ("axial", 0, 1),
        ("v-plus-a", math.sqrt(0.5), math.sqrt(0.5)),
        ("v-minus-a", math.sqrt(0.5), -math.sqrt(0.5)),
    ],
)
def test_m10_structures(structure: str, vector: float, axial: float) -> None:
    model = X17(epsilon=1e-3, structure=structure, epsilon_mu=2e-3)
    table = model.couplings()
    for lepton, epsilon in (("e", 1e-3), ("mu", 2e-3)):
        assert float(table.vector(lepton)) == pytest.approx(E * epsilon * vector, rel=1e-9, abs=0.0)
        assert float(table.axial(lepton)) == pytest.approx(E * epsilon * axial, rel=1e-9, abs=0.0)
    # the right-handed coupling is V + A
    if structure == "v-minus-a":
        assert float(table.vector("e") + table.axial("e")) == pytest.approx(0, abs=1e-18)
    # the same width for all but m_e^2/m^2 = 1e-3
    width = float(widths(model).partial["e_e"])
    assert width == pytest.approx(1e-6 * ALPHA / 3 * 0.0167, rel=6e-3, abs=0.0)
    with pytest.raises(ModelError, match="structure must be vector or axial"):
        X17(structure="tensor")


def test_m10_lifetimes_of_the_window() -> None:
    # S1 sec. 5.1.3: 1e-14 to 1e-12 s for 2e-4 to 1.4e-3; exactly 8.3e-15 to 4.1e-13 s
    long, short = widths(X17(epsilon=BERYLLIUM_WINDOW)).tau_s
    by_hand = 6.582119569e-25 / (ALPHA / 3 * 0.0167 * np.square(BERYLLIUM_WINDOW))
    np.testing.assert_allclose([long, short], by_hand, rtol=1e-5)
    assert long == pytest.approx(4.05e-13, rel=3e-3, abs=0.0)
    assert short == pytest.approx(8.27e-15, rel=3e-3, abs=0.0)


def test_m10_the_window() -> None:
    inside = inside_beryllium_window([1e-4, 2e-4, 2.1e-4, 6.8e-4, -1e-3, 1.4e-3, 2e-3])
    assert inside.tolist() == [False, False, True, True, True, False, False]


def test_neutrinos_couple_if_asked() -> None:
    assert float(widths(X17()).partial["nu_nu"]) == 0.0
    found = float(widths(X17(epsilon_nu=1e-4)).partial["nu_nu"])
    assert found == pytest.approx(3 * (E * 1e-4) ** 2 * 0.0167 / (24 * math.pi), rel=1e-9, abs=0.0)
