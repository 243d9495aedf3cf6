"""Scalars and pseudoscalars with any pattern of Yukawa couplings."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from particle import Particle

from darkbeam import particles
from darkbeam.errors import ModelError
from darkbeam.models import ComplexScalar, Dirac, YukawaScalar, make_model
from darkbeam.models.couplings import CHARGED_LEPTONS, FERMIONS, NEUTRINOS, QUARKS
from darkbeam.models.yukawa_scalar import QUARK_MASSES

COUPLED = (*CHARGED_LEPTONS, *QUARKS)
VEV = 246.22  # GeV, (sqrt(2) G_F)^(-1/2)


def test_quark_masses_are_those_of_the_review() -> None:
    for quark, mass in QUARK_MASSES.items():
        assert mass == pytest.approx(1e-3 * Particle.from_name(quark).mass, rel=1e-6, abs=0.0)


def mass_of(fermion: str) -> float:
    return QUARK_MASSES[fermion] if fermion in QUARK_MASSES else particles.mass(fermion)


@pytest.mark.parametrize("fermion", COUPLED)
def test_the_higgs_like_pattern(fermion: str) -> None:
    # a scalar that mixes with the Higgs boson by theta: L = -sin(theta) (m_f/v) phi fbar f
    table = YukawaScalar(mass=0.3, g=1e-3).couplings()
    assert float(table.scalar(fermion)) == pytest.approx(
        1e-3 * mass_of(fermion) / VEV, rel=2e-5, abs=0.0
    )
    assert float(table.pseudoscalar(fermion)) == 0.0


def test_the_leptonic_and_the_universal_pattern() -> None:
    leptonic = YukawaScalar(mass=0.3, g=0.5, pattern="leptonic").couplings()
    assert not leptonic.couples_to_quarks()
    assert float(leptonic.scalar("mu")) == pytest.approx(
        0.5 * 0.1056583755 / VEV, rel=2e-5, abs=0.0
    )
    universal = YukawaScalar(mass=0.3, g=0.5, pattern="universal").couplings()
    assert {float(universal.scalar(f)) for f in COUPLED} == {0.5}
    for table in (leptonic, universal):
        assert not any(table.scalar(f).any() for f in NEUTRINOS)


@given(
    st.dictionaries(st.sampled_from(COUPLED), st.floats(-5, 5), min_size=1),
    st.floats(0, 1),
    st.sampled_from(["scalar", "pseudoscalar"]),
)
def test_custom_couplings_are_as_given_and_linear(
    charges: dict[str, float], g: float, kind: str
) -> None:
    named = {f"y_{f}": value for f, value in charges.items()}
    if not any(charges.values()):
        with pytest.raises(ModelError, match="all are 0"):
            YukawaScalar(mass=1.0, pattern="custom", **named)
        return
    table = YukawaScalar(mass=1.0, g=g, kind=kind, pattern="custom", **named).couplings()
    for fermion in FERMIONS:
        expected = g * charges.get(fermion, 0.0)
        found = (float(table.scalar(fermion)), float(table.pseudoscalar(fermion)))
        assert found == ((expected, 0.0) if kind == "scalar" else (0.0, expected))


def test_parity_binds_the_dark_matter() -> None:
    g_d = math.sqrt(4 * math.pi * 0.1)
    (channel,) = YukawaScalar(mass=1, kind="pseudoscalar", dark_matter=Dirac()).couplings().dark
    assert float(channel.pseudoscalar) == pytest.approx(g_d)  # type: ignore[union-attr]
    assert channel.scalar == 0.0  # type: ignore[union-attr]
    with pytest.raises(ModelError, match="may be dirac or majorana"):
        YukawaScalar(mass=1, kind="pseudoscalar", dark_matter=ComplexScalar())


def test_arrays_broadcast() -> None:
    model = YukawaScalar(
        mass=np.ones((3, 1)), g=[0.1, 0.2], pattern="custom", y_e=np.ones((3, 1)), alpha_d=0.1
    )
    assert model.couplings().scalar("e").shape == (3, 2)
    with pytest.raises(ModelError, match="do not broadcast"):
        YukawaScalar(mass=[1.0, 2.0], pattern="custom", y_e=[1.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"y_mu": 1}, "y_mu is of pattern = custom, got pattern = mass"),
        ({"pattern": "custom"}, "all are 0"),
        ({"pattern": "lepton"}, "did you mean 'leptonic'"),
        ({"kind": "scalr"}, "did you mean 'scalar'"),
        ({"g": -1}, "g must be finite and >= 0"),
    ],
)
def test_bad_values_are_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        make_model("yukawa-scalar", mass=1, **given)


def test_by_name_as_from_a_command_line() -> None:
    made = make_model(
        "yukawa-scalar", mass="1 GeV", kind="pseudoscalar", pattern="custom", y_b="-0.5", g="1e-3"
    )
    assert made == YukawaScalar(mass=1, g=1e-3, kind="pseudoscalar", pattern="custom", y_b=-0.5)
    assert float(made.couplings().pseudoscalar("b")) == -5e-4
