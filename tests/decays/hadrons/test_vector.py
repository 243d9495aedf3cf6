"""Hadronic widths of vector mediators: what is known, what is not, and the joints."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkbeam.decays.hadrons import (
    BLEND,
    HADRON_CHANNELS,
    MATCHING_MASS,
    MAXIMUM_MASS,
    hadronic_spectrum,
    r_ratio,
    vector_hadron_widths,
)
from darkbeam.decays.hadrons.exclusive import EXCLUSIVE_CHANNELS
from darkbeam.decays.hadrons.perturbative import quark_ratio
from darkbeam.errors import DarkbeamWarning, InputError, ModelError
from darkbeam.models import DarkPhoton
from darkbeam.models.couplings import Coupling, CouplingTable


def table(mass: object, **vector: float) -> CouplingTable:
    fermions = {quark: Coupling(vector=value) for quark, value in vector.items()}
    return CouplingTable(mass=mass, fermions=fermions)  # type: ignore[arg-type]


def total(couplings: CouplingTable, *, warn: bool = True) -> np.ndarray:
    return np.asarray(sum(vector_hadron_widths(couplings, warn=warn).values()))


def test_channels_are_complete_and_in_the_shape_of_the_table() -> None:
    couplings = DarkPhoton(mass=np.array([[0.1], [0.9], [2.5]]), epsilon=[1e-4, 1e-3]).couplings()
    widths = vector_hadron_widths(couplings)
    assert list(widths) == list(HADRON_CHANNELS)
    assert set(EXCLUSIVE_CHANNELS) < set(HADRON_CHANNELS)
    assert {width.shape for width in widths.values()} == {(3, 2)}
    np.testing.assert_allclose(
        total(couplings)[:, 1], 100.0 * total(couplings)[:, 0], rtol=1e-12, atol=0.0
    )


def test_width_of_the_dark_photon_is_r_times_muons() -> None:
    """Gamma = epsilon^2 alpha m R / 3, arXiv:2003.07257 eq. 9."""
    mass, epsilon = np.array([0.5, 0.77, 1.02, 1.5, 1.7, 3.3, 12.0]), 3e-4
    expected = epsilon**2 / 137.035999177 * mass * r_ratio(mass) / 3.0
    np.testing.assert_allclose(
        total(DarkPhoton(mass=mass, epsilon=epsilon).couplings()), expected, rtol=1e-9
    )


def test_nothing_below_the_pion_nor_without_quarks() -> None:
    assert total(table(0.13, u=1.0, d=-1.0)) == 0.0
    assert total(CouplingTable(mass=1.0, fermions={"mu": Coupling(vector=1.0)})) == 0.0
    assert total(table(0.2, b=1.0, c=1.0)) == 0.0


@given(u=st.floats(-1, 1), d=st.floats(-1, 1), s=st.floats(-1, 1), edge=st.sampled_from(BLEND))
def test_width_is_continuous_at_the_joints(u: float, d: float, s: float, edge: float) -> None:
    below, above = total(table(np.array([edge - 1e-7, edge + 1e-7]), u=u, d=d, s=s))
    assert below == pytest.approx(above, rel=1e-4, abs=1e-9)


def test_exclusive_channels_fade_into_the_inclusive_width() -> None:
    mass = np.array([BLEND[0] - 1e-3, MATCHING_MASS, BLEND[1] + 1e-3])
    widths = vector_hadron_widths(table(mass, u=2 / 3, d=-1 / 3, s=-1 / 3))
    exclusive = np.asarray(sum(widths[c] for c in EXCLUSIVE_CHANNELS))
    assert widths["qcd"][0] == 0.0
    assert exclusive[2] == 0.0
    assert 0.4 < exclusive[1] / (exclusive[1] + widths["qcd"][1]) < 0.6


def test_blend_is_the_cubic_of_the_documentation() -> None:
    """f(1/4) = 5/32: smooth at both ends."""
    mass = BLEND[0] + 0.25 * (BLEND[1] - BLEND[0])
    quarks = quark_ratio(mass, {"u": 1.0}, {}) * mass / (12.0 * np.pi)
    found = vector_hadron_widths(table(mass, u=1.0))["qcd"]
    assert found == pytest.approx(5.0 / 32.0 * float(quarks), rel=1e-9, abs=0.0)


@pytest.mark.parametrize(
    ("mass", "known"), [(0.40, True), (0.5, False), (1.79, False), (1.9, True)]
)
def test_axial_light_quarks_never_give_a_partial_sum(mass: float, known: bool) -> None:
    couplings = CouplingTable(mass=mass, fermions={"d": Coupling(vector=0.1, axial=0.2)})
    if known:
        assert np.isfinite(total(couplings))
        return
    with pytest.warns(DarkbeamWarning, match="axial"):
        widths = vector_hadron_widths(couplings)
    assert np.isnan(widths["unknown"])
    assert np.isfinite(widths["pi_pi_pi0"])  # the vector part is there for who wants it
    assert np.isnan(total(couplings, warn=False))


def test_axial_couplings_above_the_joint_count_like_vector_ones() -> None:
    vector = total(table(2.5, d=0.3))
    axial = total(CouplingTable(mass=2.5, fermions={"d": Coupling(axial=0.3)}))
    assert axial == pytest.approx(vector, rel=2e-3, abs=0.0)


def test_axial_heavy_quarks_do_not_spoil_the_light_ones() -> None:
    quarks = {"u": Coupling(vector=0.1), "c": Coupling(axial=1.0)}
    assert np.isfinite(total(CouplingTable(mass=1.0, fermions=quarks)))


@pytest.mark.parametrize(
    ("pair", "closed", "opened"),
    [(("d", "s"), 0.63, 0.64), (("u", "c"), 1.99, 2.01), (("s", "b"), 5.7, 5.8)],
)
def test_flavour_changing_couplings_are_not_ignored(
    pair: tuple[str, str], closed: float, opened: float
) -> None:
    fermions = {pair: Coupling(vector=1e-3), "u": Coupling(vector=0.1)}
    masses = np.array([closed, opened])
    with pytest.warns(DarkbeamWarning, match="flavour-changing"):
        found = total(CouplingTable(mass=masses, fermions=fermions))
    np.testing.assert_array_equal(np.isnan(found), [False, True])


def test_top_threshold() -> None:
    with pytest.warns(DarkbeamWarning, match="top"):
        found = total(table(np.array([100.0, MAXIMUM_MASS + 1.0]), u=0.1))
    np.testing.assert_array_equal(np.isnan(found), [False, True])


def test_warn_false_is_silent() -> None:
    couplings = CouplingTable(mass=[1.0, 400.0], fermions={"d": Coupling(axial=0.2)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vector_hadron_widths(couplings, warn=False)


def test_scalar_mediators_are_refused() -> None:
    scalar = CouplingTable(mass=1.0, fermions={"u": Coupling(scalar=0.1)}, spin=0)
    with pytest.raises(ModelError, match="vector mediator"):
        vector_hadron_widths(scalar)


def test_spectrum_is_the_width_at_another_mass() -> None:
    energies = np.array([0.5, 1.0195, 2.2])
    at_energies = total(table(energies, u=0.3, d=0.1, s=-0.2))
    np.testing.assert_allclose(
        hadronic_spectrum(table(10.0, u=0.3, d=0.1, s=-0.2), energies), at_energies, rtol=1e-12
    )


def test_spectrum_follows_running_couplings() -> None:
    def at(q2: object) -> CouplingTable:
        return table(1.0, u=1.0) if np.max(np.asarray(q2)) < 1.0 else table(1.0, u=2.0)

    running = CouplingTable(mass=1.0, fermions={"u": Coupling(vector=1.0)}, running=at)
    ratio = hadronic_spectrum(running, 1.2) / hadronic_spectrum(table(1.0, u=1.0), 1.2)
    assert ratio == pytest.approx(4.0)


@pytest.mark.parametrize("energy", [0.0, -1.0, np.nan, np.inf])
def test_spectrum_refuses_bad_energies(energy: float) -> None:
    with pytest.raises(InputError, match="sqrt_s"):
        hadronic_spectrum(table(1.0, u=1.0), energy)
