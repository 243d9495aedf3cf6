"""L_i - L_j: charges of S0 eq. 1, the finite mixing with the photon and its sign."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.errors import ModelError
from darkbeam.models import LeLMu, LeLTau, LMuLTau
from darkbeam.models.couplings import ELECTRIC_CHARGE, FERMIONS
from darkbeam.models.lepton_differences import LeptonDifference

E = math.sqrt(4 * math.pi / 137.035999177)
ALPHA = 1 / 137.035999177
MASSES = {"e": 0.51099895069e-3, "mu": 0.1056583755, "tau": 1.77693}
DIFFERENCES = [(LMuLTau, "mu", "tau"), (LeLMu, "e", "mu"), (LeLTau, "e", "tau")]


@pytest.mark.parametrize(("kind", "plus", "minus"), DIFFERENCES)
def test_m2_the_charges(kind: type[LeptonDifference], plus: str, minus: str) -> None:
    table = kind(mass=0.1, g=2e-3, mixing="none").couplings()
    charges = {plus: 1, minus: -1}
    for fermion in FERMIONS:
        charge = charges.get(fermion.removeprefix("nu_"), 0)
        half = 0.5 if fermion.startswith("nu_") else 1.0  # left-handed: V = -A = 1/2
        assert float(table.vector(fermion)) == pytest.approx(
            2e-3 * half * charge, rel=1e-9, abs=0.0
        )
        axial = -0.5 * charge if fermion.startswith("nu_") else 0.0
        assert float(table.axial(fermion)) == pytest.approx(2e-3 * axial, rel=1e-9, abs=0.0)
    assert table.running is None
    assert not table.couples_to_quarks()


def test_m2_s0_eq_6_and_s1_eq_54() -> None:
    epsilon = float(LMuLTau(mass=0.01, g=1, mixing="constant").photon_mixing())
    assert epsilon == pytest.approx(0.01443, abs=5e-6)  # the papers: 1.43e-2, 1.4e-2
    assert epsilon == pytest.approx(
        E / (6 * math.pi**2) * math.log(1.77693 / 0.1056583755), rel=1e-9, abs=0.0
    )


def test_m2_s0_eq_7() -> None:
    model = LMuLTau(mass=0.001, g=[4.75e-4, 3.95e-4, 5.55e-4])
    middle, low, high = model.photon_mixing()
    # (6.8 +- 1.1)e-6 for (4.75 +- 0.8)e-4
    assert middle == pytest.approx(6.8e-6, abs=0.1e-6)
    assert (high - low) / 2 == pytest.approx(1.1e-6, rel=1e-9, abs=0.06e-6)


def test_m6_s2_eq_2_12_with_its_sign() -> None:
    # g_f = -(alpha/3pi) g_mu Q_f log(m_mu^2/m_tau^2): negative for electrons, 4.37e-3 in size
    table = LMuLTau(mass=0.01, g=1, mixing="constant").couplings()
    logarithm = math.log(MASSES["mu"] ** 2 / MASSES["tau"] ** 2)
    for fermion in ("e", "u", "d", "s", "c", "b", "t"):
        expected = -ALPHA / (3 * math.pi) * ELECTRIC_CHARGE[fermion] * logarithm
        assert float(table.vector(fermion)) == pytest.approx(expected, rel=1e-12, abs=0.0)
    assert float(table.vector("e")) == pytest.approx(-4.37e-3, abs=5e-6)
    assert float(table.nucleon_vector("p")) == pytest.approx(4.37e-3, abs=5e-6)  # g_p = -g_e
    assert float(table.nucleon_vector("n")) == pytest.approx(0, abs=1e-17)
    # the tree couplings receive it too
    assert float(table.vector("mu")) == pytest.approx(1 - 4.37e-3, abs=5e-6)
    assert float(table.vector("tau")) == pytest.approx(-1 - 4.37e-3, abs=5e-6)


@pytest.mark.parametrize(("kind", "plus", "minus"), DIFFERENCES)
@pytest.mark.parametrize("q2", [-30.0, -0.1, -1e-4, 0.0, 2e-7])
def test_m2_the_space_like_mixing_is_the_integral(
    kind: type[LeptonDifference], plus: str, minus: str, q2: float
) -> None:
    first, second = mp.mpf(MASSES[plus]) ** 2, mp.mpf(MASSES[minus]) ** 2
    with mp.workdps(25):
        loop = mp.quad(
            lambda x: (
                x * (1 - x) * mp.log((second - x * (1 - x) * q2) / (first - x * (1 - x) * q2))
            ),
            [0, 0.01, 0.5, 0.99, 1],
        )
    expected = 1e-3 * E / (2 * math.pi**2) * float(loop)
    model = kind(mass=0.1, g=1e-3)
    assert float(model.photon_mixing(q2)) == pytest.approx(expected, rel=1e-12, abs=0.0)
    table = model.couplings().at(q2)
    other = ({"e", "mu", "tau"} - {plus, minus}).pop()
    assert float(table.vector(other)) == pytest.approx(-expected * E, rel=1e-12, abs=0.0)
    assert float(table.vector("u")) == pytest.approx(2 / 3 * expected * E, rel=1e-12, abs=0.0)
    assert float(table.mass) == 0.1


def test_m2_running_and_constant_agree_for_light_bosons() -> None:
    mass = np.array([1e-4, 1e-3, 5e-3])
    running = LMuLTau(mass=mass, g=1).photon_mixing()
    constant = float(LMuLTau(mass=0.1, g=1, mixing="constant").photon_mixing())
    # next order: (m^2/5)(1/m_mu^2 - 1/m_tau^2) over the logarithm
    slope = (MASSES["mu"] ** -2 - MASSES["tau"] ** -2) / (5 * 5.64488)
    np.testing.assert_allclose(running / constant - 1, mass**2 * slope, rtol=1e-3)
    assert float(LMuLTau(mass=0.1, g=1).photon_mixing(0.0)) == pytest.approx(
        constant, rel=1e-14, abs=0.0
    )


def test_m2_on_the_mass_shell_couplings_are_moduli() -> None:
    mass = np.array([0.05, 0.1, 0.2, 0.3, 1.0, 3.0, 10.0])
    model = LMuLTau(mass=mass, g=1)
    expected = []
    for m in mass:
        args = [mp.mpf(MASSES[f]) ** 2 for f in ("tau", "mu")]
        nodes = {0.0, 0.5, 1.0}
        for square in args:
            if m * m > 4 * square:
                beta = float(mp.sqrt(1 - 4 * square / m**2))
                nodes |= {(1 - beta) / 2, (1 + beta) / 2}
        loop = mp.quad(
            lambda x, args=args, m=m: (
                6
                * x
                * (1 - x)
                * (mp.log(args[0] - x * (1 - x) * m * m) - mp.log(args[1] - x * (1 - x) * m * m))
            ),
            sorted(nodes),
        )
        expected.append(complex(loop) * E / (12 * math.pi**2))
    epsilon = np.array(expected)
    np.testing.assert_allclose(model.photon_mixing(), np.abs(epsilon) * np.sign(epsilon.real))
    table = model.couplings()
    np.testing.assert_allclose(np.abs(table.vector("e")), E * np.abs(epsilon))
    np.testing.assert_allclose(np.abs(table.vector("u")), 2 / 3 * E * np.abs(epsilon))
    np.testing.assert_allclose(table.vector("mu"), np.abs(1 - E * epsilon))  # with the tree's
    np.testing.assert_allclose(table.vector("tau"), -np.abs(-1 - E * epsilon))
    assert np.all(np.sign(table.vector("e")) == -np.sign(table.vector("u")))


@given(st.floats(1e-3, 10), st.floats(-1e-2, 1e-2))
def test_a_mixing_at_tree_level_is_added(mass: float, tree: float) -> None:
    constant = LMuLTau(mass=mass, g=1e-2, mixing="constant")
    both = constant.replace(epsilon_tree=tree).photon_mixing()
    assert float(both) == pytest.approx(float(constant.photon_mixing()) + tree, abs=1e-16)
    alone = LMuLTau(mass=mass, g=1e-2, mixing="none", epsilon_tree=tree)
    assert float(alone.photon_mixing()) == tree
    assert float(alone.couplings().vector("e")) == pytest.approx(-E * tree, abs=1e-17)


def test_above_threshold_a_tree_mixing_meets_the_complex_loop() -> None:
    # |eps_tree + eps_1l|, not the sum of the moduli
    loop = LMuLTau(mass=1.0, g=1).photon_mixing()
    both = LMuLTau(mass=1.0, g=1, epsilon_tree=-0.1).photon_mixing()
    assert float(both) < 0
    assert abs(float(both)) > 0.1 - float(loop) + 1e-3


def test_the_table_runs_with_arrays_of_momenta() -> None:
    table = LMuLTau(mass=0.1, g=1e-3).couplings()
    q2 = -np.geomspace(1e-4, 100, 7)
    moved = table.at(q2)
    assert moved.shape == (7,)
    electron = -moved.vector("e")
    assert np.all(np.diff(electron) < 0)  # falls towards large momenta
    np.testing.assert_allclose(moved.at(q2).vector("e"), moved.vector("e"))
    constant = LMuLTau(mass=0.1, mixing="constant").couplings()
    assert constant.at(-1.0) is constant


def test_bad_words_are_refused() -> None:
    with pytest.raises(ModelError, match="mixing must be running or constant or none"):
        LMuLTau(mass=0.1, mixing="runing")
