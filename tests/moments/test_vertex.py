"""The formulas against the one-loop vertex, integrated numerically from the Feynman rules."""

from __future__ import annotations

import numpy as np
import pytest
import vertex_reference

from darkbeam.constants import MUON_MASS, TAU_MASS
from darkbeam.models import Coupling, CouplingTable
from darkbeam.moments import delta_a, loops

CONTRIBUTIONS = {
    "vector": (loops.vector_contribution, vertex_reference.vector, (1, 0)),
    "axial": (loops.axial_contribution, vertex_reference.vector, (0, 1)),
    "scalar": (loops.scalar_contribution, vertex_reference.scalar, (1, 0)),
    "pseudoscalar": (loops.pseudoscalar_contribution, vertex_reference.scalar, (0, 1)),
}


@pytest.mark.parametrize("kind", CONTRIBUTIONS)
@pytest.mark.parametrize(
    ("mediator", "internal"), [(0.3, 1.0), (3.0, 1.0), (2.0, 16.8), (1.5, 0.3), (1.3, 0.005)]
)
def test_every_structure_from_the_vertex(kind, mediator, internal):
    formula, reference, couplings = CONTRIBUTIONS[kind]
    expected = reference(1.0, internal, mediator, *couplings)
    # the quadrature of the reference is good to 5e-6
    assert float(formula(mediator, 1.0, internal)) == pytest.approx(expected, rel=1e-5, abs=0.0)


def test_complex_flavour_changing_couplings_do_not_interfere():
    """Vector and axial couplings at once, with phases, a tau in the muon's loop."""
    g_v, g_a, mediator = 0.3 * np.exp(0.7j), 0.2 * np.exp(-1.1j), 0.9
    table = CouplingTable(mediator, {("mu", "tau"): Coupling(vector=g_v, axial=g_a)})
    expected = vertex_reference.vector(MUON_MASS, TAU_MASS, mediator, g_v, g_a)
    assert float(delta_a(table)) == pytest.approx(expected, rel=1e-4, abs=0.0)


def test_a_complex_scalar_from_the_vertex():
    """Entry (mu, tau) emits the scalar, entry (tau, mu) its antiparticle: two vertices."""
    mediator = 0.9
    there = Coupling(scalar=0.3 * np.exp(0.7j), pseudoscalar=0.2j)
    back = Coupling(scalar=0.1, pseudoscalar=-0.25 * np.exp(0.2j))
    table = CouplingTable(
        mediator, {("mu", "tau"): there, ("tau", "mu"): back}, spin=0, self_conjugate=False
    )
    masses = (MUON_MASS, TAU_MASS, mediator)
    expected = vertex_reference.scalar(*masses, complex(there.scalar), complex(there.pseudoscalar))
    # the conjugate of taubar (S + i P gamma5) mu is mubar (S* + i P* gamma5) tau
    conjugate = back.conjugate()
    couplings = complex(conjugate.scalar), complex(conjugate.pseudoscalar)
    expected += vertex_reference.scalar(*masses, *couplings)
    assert float(delta_a(table)) == pytest.approx(expected, rel=1e-4, abs=0.0)
