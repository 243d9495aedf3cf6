"""The coupling table: hermiticity, chirality, broadcasting, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import Coupling, CouplingTable, DarkScalars

finite = st.floats(-1e3, 1e3)
complexes = st.builds(complex, finite, finite)


@given(complexes, complexes)
def test_a_pair_given_once_gets_its_hermitian_conjugate(vector: complex, axial: complex) -> None:
    table = CouplingTable(1.0, {("e", "mu"): Coupling(vector=vector, axial=axial)})
    assert complex(table.entry("mu", "e").vector) == vector.conjugate()
    assert complex(table.entry("mu", "e").axial) == axial.conjugate()


@given(complexes, complexes)
def test_the_matrix_of_couplings_is_hermitian(scalar: complex, pseudoscalar: complex) -> None:
    entry = Coupling(scalar=scalar, pseudoscalar=pseudoscalar)
    table = CouplingTable(
        1.0, {("tau", "mu"): entry, "e": Coupling(scalar=0.3), "mu": Coupling(scalar=-1)}, spin=0
    )
    names = ("e", "mu", "tau")
    for kind in ("scalar", "pseudoscalar"):
        matrix = np.array(
            [[complex(getattr(table.entry(i, j), kind)) for j in names] for i in names]
        )
        np.testing.assert_array_equal(matrix, matrix.conj().T)


def test_conflicting_conjugates_are_refused() -> None:
    one = Coupling(vector=0.1 + 0.2j)
    with pytest.raises(ModelError, match="complex conjugates"):
        CouplingTable(1.0, {("e", "mu"): one, ("mu", "e"): one})
    CouplingTable(1.0, {("e", "mu"): one, ("mu", "e"): one.conjugate()})


def test_a_complex_diagonal_coupling_is_refused_for_a_real_mediator_only() -> None:
    with pytest.raises(ModelError, match="complex conjugates"):
        CouplingTable(1.0, {"e": Coupling(scalar=1j)}, spin=0)
    table = CouplingTable(1.0, {"e": Coupling(scalar=1j)}, spin=0, self_conjugate=False)
    with pytest.raises(ModelError, match="read it by entry"):
        table.scalar("e")


def test_a_complex_scalar_keeps_the_two_orders_apart() -> None:
    # L = -h ebar_L mu_R phi + h.c.: P_R = (1 + gamma5)/2, so g_S = h/2 and i g_P = h/2.
    h = 0.3
    lfv = Coupling(scalar=h / 2, pseudoscalar=-1j * h / 2)
    table = CouplingTable(1.0, {("e", "mu"): lfv}, spin=0, self_conjugate=False)
    assert table.entry("mu", "e").is_zero()
    assert list(table.pairs()) == [("e", "mu")]


def test_chiral_couplings_project() -> None:
    """g_V + g_A gamma5 acting on the left- and right-handed eigenvalues -1, +1 of gamma5."""
    coupling = Coupling.chiral(left=0.7, right=-0.2)
    assert complex(coupling.vector - coupling.axial) == pytest.approx(0.7)
    assert complex(coupling.vector + coupling.axial) == pytest.approx(-0.2)
    neutrino = Coupling.chiral(left=1.0)
    assert complex(neutrino.vector) == -complex(neutrino.axial) == 0.5


def test_pairs_lists_each_unordered_pair_once_and_skips_zeros() -> None:
    table = CouplingTable(
        1.0,
        {("mu", "e"): Coupling(vector=1j), "tau": Coupling(), "d": Coupling(axial=2.0)},
    )
    assert list(table.pairs()) == [("e", "mu"), ("d", "d")]
    assert table.couples_to_quarks()


def test_couplings_broadcast_against_an_array_of_masses() -> None:
    table = CouplingTable(np.ones((3, 1)), {"e": Coupling(vector=np.arange(4.0))})
    assert table.shape == (3, 4)
    assert table.vector("e").shape == (3, 4)
    assert table.axial("e").shape == (3, 4)
    assert not table.vector("mu").any()
    with pytest.raises(ModelError, match="broadcast"):
        CouplingTable(np.ones(3), {"e": Coupling(vector=np.ones(4))})


def test_the_nucleons_carry_the_sum_of_their_quarks() -> None:
    table = CouplingTable(1.0, {"u": Coupling(vector=2 / 3), "d": Coupling(vector=-1 / 3)})
    assert float(table.nucleon_vector("p")) == pytest.approx(1.0)
    assert float(table.nucleon_vector("n")) == pytest.approx(0.0, abs=1e-15)
    with pytest.raises(UnknownNameError, match="'p' or 'n'"):
        table.nucleon_vector("pi")


def test_a_running_table_is_asked_at_q2() -> None:
    def running(q2: object) -> CouplingTable:
        return CouplingTable(1.0, {"e": Coupling(vector=float(q2))})  # type: ignore[arg-type]

    table = CouplingTable(1.0, {"e": Coupling(vector=1.0)}, running=running)
    assert float(table.at(0.25).vector("e")) == 0.25
    fixed = CouplingTable(1.0)
    assert fixed.at(0.25) is fixed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mass": 0.0}, "above 0 GeV"),
        ({"mass": float("nan")}, "above 0 GeV"),
        ({"mass": 1.0, "spin": 2}, "spin must be 0 or 1"),
        ({"mass": 1.0, "spin": 1, "self_conjugate": False}, "self_conjugate"),
        ({"mass": 1.0, "fermions": {"e": Coupling(scalar=1.0)}}, "no scalar coupling"),
        ({"mass": 1.0, "spin": 0, "fermions": {"e": Coupling(axial=1.0)}}, "no axial coupling"),
        ({"mass": 1.0, "fermions": {("e", "nu_e"): Coupling(vector=1.0)}}, "charge"),
        ({"mass": 1.0, "fermions": {("u", "nu_e"): Coupling(vector=1.0)}}, "charge"),
        ({"mass": 1.0, "dark": (DarkScalars("s", (0.1, 0.1)),) * 2}, "different names"),
        ({"mass": 1.0, "fermions": {"muon": Coupling(vector=1.0)}}, "did you mean 'mu'"),
    ],
)
def test_bad_tables_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises((ModelError, UnknownNameError), match=message):
        CouplingTable(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "strong", None])
def test_bad_couplings_are_refused(bad: object) -> None:
    with pytest.raises(ModelError, match="vector coupling"):
        Coupling(vector=bad)  # type: ignore[arg-type]


def test_entries_cannot_be_changed() -> None:
    table = CouplingTable(1.0, {"e": Coupling(vector=np.ones(2))})
    with pytest.raises(ValueError, match="read-only"):
        table.entry("e").vector[0] = 2.0  # type: ignore[index]
    with pytest.raises(TypeError):
        table.fermions["e", "e"] = Coupling()  # type: ignore[index]


def test_a_share_of_the_w_is_of_scalars() -> None:
    assert CouplingTable(1.0, spin=0, w_boson=[0.1, 0.2]).shape == (2,)
    with pytest.raises(ModelError, match="w_boson is of scalars"):
        CouplingTable(1.0, w_boson=0.1)
