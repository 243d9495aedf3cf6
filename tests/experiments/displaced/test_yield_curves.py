"""Curves of yields against the tables that they are made of."""

import numpy as np
import pytest

from darkbeam.experiments.displaced import ProperTimeTable
from darkbeam.experiments.displaced.yield_curves import yield_curves


def table(nearest, farthest, cells=400, power=-1.0):
    """F falls as a power between two proper times; in one cell from 0 on if the first is 0."""
    edges = np.geomspace(max(nearest, 1e-6 * farthest), farthest, cells + 1)
    if nearest == 0.0:
        edges = np.concatenate([[0.0], edges])
    middles = np.maximum(edges[1:], edges[1])
    return ProperTimeTable(edges, (middles / middles[-1]) ** power * np.ones((1, edges.size - 1)))


def events(curves, width, source, state):
    strengths = np.zeros((len(curves.sources), width.size))
    partial = np.zeros((len(curves.states), width.size))
    strengths[curves.sources.index(source)] = 1.0
    partial[curves.states.index(state)] = width
    return curves.events(width, strengths, partial)


def test_curves_are_the_tables_from_long_lifetimes_to_forty_before_the_first_decay():
    first = table(1e12, 1e15)
    later = ProperTimeTable(first.edges, np.where(first.edges[:-1] > 1e14, first.heights, 0.0))
    curves = yield_curves(["a", "b"], ["e_e"], [[first, later]])
    width = np.geomspace(1e-22, 40.0 / 1e12, 333)
    found = events(curves, width, "a", "e_e")
    assert found == pytest.approx(first.expected(width), rel=1.5e-3, abs=0.0)
    found, exact = events(curves, width, "b", "e_e"), later.expected(width)
    some = exact > 1e-17
    assert found[some] == pytest.approx(exact[some], rel=1.5e-3, abs=0.0)
    assert np.all(found[~some] < 2e-17)


def test_states_have_cells_of_their_own():
    near, far = table(1e10, 1e12), table(1e13, 1e15)
    curves = yield_curves(["a"], ["e_e", "mu_mu"], [[near], [far]])
    width = np.geomspace(1e-19, 1e-11, 50)
    for state, one in (("e_e", near), ("mu_mu", far)):
        exact = one.expected(width)
        seen = exact > 1e-15
        found = events(curves, width, "a", state)[seen]
        assert found == pytest.approx(exact[seen], rel=1.5e-3, abs=0.0)


def test_what_decays_at_once_where_it_is_seen_is_all_seen():
    prompt = table(0.0, 1e15, power=0.0)
    curves = yield_curves(["a"], ["e_e"], [[prompt]])
    width = np.array([1e-16, 1e-12, 1e-8, 1e-3])
    assert events(curves, width, "a", "e_e") == pytest.approx(prompt.expected(width), rel=2e-3)
    assert events(curves, width, "a", "e_e")[-1] == pytest.approx(1.0, rel=1e-3)


def test_nothing_is_nothing():
    nothing = ProperTimeTable(np.array([0.0, 1.0]), np.zeros((1, 1)))
    assert yield_curves(["a"], ["e_e"], [[nothing]]).empty
    assert yield_curves([], [], []).empty
    one = yield_curves(["a", "b"], ["e_e"], [[table(1e12, 1e13), table(1e12, 1e13, power=-2.0)]])
    assert not one.empty
    assert np.all(events(one, np.array([0.0]), "a", "e_e") == 0.0)
