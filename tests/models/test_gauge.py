"""What all gauge models keep: linearity, hermiticity, arrays, mixing, anomalies."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam.errors import ModelError
from darkbeam.models import Dirac, describe_model, make_model
from darkbeam.models.couplings import CHARGED_LEPTONS, ELECTRIC_CHARGE, FERMIONS, NEUTRINOS

LOOP = ("lmu-ltau", "le-lmu", "le-ltau", "muonic-zprime")
TREE = ("b-minus-l", "b-minus-3e", "baryonic", "leptonic")
GAUGE = (*LOOP, *TREE, "generic-zprime")
MODELS = (*GAUGE, "x17", "running-dark-photon")
E = math.sqrt(4 * math.pi / 137.035999177)


@pytest.mark.parametrize("name", GAUGE)
@given(st.floats(1e-3, 0.25), st.floats(1e-9, 1), st.floats(0.01, 100))
@settings(max_examples=20)
def test_couplings_are_linear_in_g(name: str, mass: float, g: float, factor: float) -> None:
    model = make_model(name, mass=mass, g=g)
    once, again = model.couplings(), model.with_coupling(factor * g).couplings()
    for fermion in FERMIONS:
        for kind in ("vector", "axial"):
            value = float(getattr(once, kind)(fermion))
            found = float(getattr(again, kind)(fermion))
            assert found == pytest.approx(factor * value, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("name", MODELS)
def test_couplings_are_real_diagonal_and_spin_one(name: str) -> None:
    table = make_model(name, mass=[0.01, 0.15, 0.3, 5.0]).couplings()
    assert table.spin == 1
    assert table.self_conjugate
    assert all(first == second for first, second in table.pairs())
    for fermion in FERMIONS:  # vector() and axial() refuse complex entries
        assert np.all(np.isfinite(table.vector(fermion)))
        assert np.all(np.isfinite(table.axial(fermion)))
    for neutrino in NEUTRINOS:  # left-handed
        np.testing.assert_array_equal(table.vector(neutrino), -table.axial(neutrino))


@pytest.mark.parametrize("name", MODELS)
def test_arrays_agree_with_one_at_a_time(name: str) -> None:
    scanned = describe_model(name).coupling_name
    masses, couplings = np.array([0.01, 0.25, 3.0]), np.array([1e-4, 1e-2])
    model = make_model(name, mass=masses[:, None]).with_coupling(couplings)
    table = model.couplings()
    assert table.shape == (3, 2)
    for i, j in np.ndindex(3, 2):
        one = make_model(name, **{"mass": masses[i], scanned: couplings[j]}).couplings()
        for fermion in ("e", "mu", "tau", "u", "d", "nu_mu"):
            assert float(table.vector(fermion)[i, j]) == float(one.vector(fermion))


@pytest.mark.parametrize("name", MODELS)
def test_dark_matter_is_taken(name: str) -> None:
    model = make_model(name, mass=0.1, dark_matter="dirac", alpha_d=0.5)
    assert model.dark_matter == Dirac()
    assert pickle.loads(pickle.dumps(model)) == model  # for workers of a cluster
    table = model.couplings()
    assert [channel.name for channel in table.dark] == ["chi chibar"]
    if table.running is not None:
        assert [channel.name for channel in table.at(-0.1).dark] == ["chi chibar"]


@pytest.mark.parametrize("name", GAUGE)
def test_without_dark_matter_by_default(name: str) -> None:
    assert make_model(name, mass=0.1).couplings().dark == ()


@pytest.mark.parametrize("name", GAUGE)
def test_bad_couplings_are_refused(name: str) -> None:
    with pytest.raises(ModelError, match="g must be finite and >= 0, got -1"):
        make_model(name, mass=0.1, g=-1)
    with pytest.raises(ModelError, match="needs a mass"):
        make_model(name)


@pytest.mark.parametrize("name", TREE)
@given(st.floats(-1e-2, 1e-2))
@settings(max_examples=20)
def test_a_tree_mixing_adds_a_dark_photon(name: str, epsilon: float) -> None:
    bare = make_model(name, mass=0.1).couplings()
    mixed = make_model(name, mass=0.1, epsilon=epsilon).couplings()
    for fermion in FERMIONS:
        added = float(mixed.vector(fermion)) - float(bare.vector(fermion))
        assert added == pytest.approx(epsilon * E * ELECTRIC_CHARGE[fermion], abs=1e-17)
        assert float(mixed.axial(fermion)) == float(bare.axial(fermion))
    assert mixed.running is None


# Quantum numbers of one family: (name, multiplicity, colours, weak isospin doublet, hypercharge,
# chirality); right-handed fields count with the opposite sign.
FIELDS = [
    ("lepton", 2, 1, True, Fraction(-1, 2), 1),
    ("charged", 1, 1, False, Fraction(-1), -1),
    ("neutrino", 1, 1, False, Fraction(0), -1),
    ("quark", 6, 3, True, Fraction(1, 6), 1),
    ("up", 3, 3, False, Fraction(2, 3), -1),
    ("down", 3, 3, False, Fraction(-1, 3), -1),
]


def anomalies(name: str, right_handed: tuple[str, ...]) -> dict[str, float]:
    """The six anomalies of a U(1) with vector charges and the given right-handed neutrinos."""
    table = make_model(name, mass=0.1, g=1, **({"mixing": "none"} if name in LOOP else {}))
    couplings = table.couplings()
    found = dict.fromkeys(("SU(3)^2 X", "SU(2)^2 X", "Y^2 X", "Y X^2", "X^3", "gravity^2 X"), 0.0)
    families = zip(CHARGED_LEPTONS, NEUTRINOS, ("u", "c", "t"), ("d", "s", "b"), strict=True)
    for lepton, neutrino, up, down in families:
        # left-handed entries of the table: g_V - g_A
        left = {f: float(couplings.vector(f) - couplings.axial(f)) for f in (lepton, neutrino, up)}
        assert left[lepton] == pytest.approx(left[neutrino], rel=1e-12, abs=0.0)  # weak isospin
        assert float(couplings.vector(down)) == float(couplings.vector(up))
        charge = {"lepton": left[lepton], "charged": left[lepton], "quark": left[up]}
        charge |= {"up": left[up], "down": left[up]}
        charge["neutrino"] = left[neutrino] if neutrino in right_handed else 0.0
        for field, number, colours, doublet, hyper, sign in FIELDS:
            x, y = charge[field], float(hyper)
            weight = sign * number
            found["SU(3)^2 X"] += weight * x * (colours == 3)
            found["SU(2)^2 X"] += weight * x * doublet
            found["Y^2 X"] += weight * y**2 * x
            found["Y X^2"] += weight * y * x**2
            found["X^3"] += weight * x**3
            found["gravity^2 X"] += weight * x
    return found


@pytest.mark.parametrize(
    ("name", "right_handed"),
    [
        ("lmu-ltau", ()),
        ("le-lmu", ()),
        ("le-ltau", ()),
        ("lmu-ltau", NEUTRINOS),
        ("b-minus-l", NEUTRINOS),
        ("b-minus-3e", ("nu_e",)),
    ],
)
def test_anomaly_free_with_these_neutrinos(name: str, right_handed: tuple[str, ...]) -> None:
    for anomaly, value in anomalies(name, right_handed).items():
        assert value == pytest.approx(0.0, abs=1e-12), anomaly


def test_what_is_left_of_the_others() -> None:
    # B - L without right-handed neutrinos: X^3 = gravity^2 X = 3 (-1); B - 3L_e: (-3)^3, -3
    lonely = anomalies("b-minus-l", ())
    assert (lonely["X^3"], lonely["gravity^2 X"]) == pytest.approx((-3, -3))
    assert lonely["SU(2)^2 X"] == pytest.approx(0, abs=1e-12)
    electron = anomalies("b-minus-3e", ())
    assert (electron["X^3"], electron["gravity^2 X"]) == pytest.approx((-27, -3))
    # B and L: 2 x 3 families with SU(2), and as much with hypercharge; no neutrino mends it
    for name, right_handed in (("baryonic", ()), ("leptonic", NEUTRINOS)):
        broken = anomalies(name, right_handed)
        assert broken["SU(2)^2 X"] == pytest.approx(6)
        assert broken["Y^2 X"] == pytest.approx(-1.5)
        assert broken["X^3"] == pytest.approx(0, abs=1e-12)


def test_loops_diverge_for_the_models_whose_mixing_is_a_parameter() -> None:
    # finite if the sum of colours x electric charge x charge vanishes
    def divergence(name: str) -> float:
        model = make_model(name, mass=0.1, g=1, **({"mixing": "none"} if name in LOOP else {}))
        table = model.couplings()
        return sum(
            (3 if f in ("u", "c", "t", "d", "s", "b") else 1) * q * float(table.vector(f))
            for f, q in ELECTRIC_CHARGE.items()
        )

    for name in LOOP:
        assert divergence(name) == pytest.approx(0, abs=1e-14)
    for name in TREE:
        assert abs(divergence(name)) > 0.9
