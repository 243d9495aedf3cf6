"""The running coupling, quark pairs and quarkonia by independent routes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from darkbeam.constants import ALPHA
from darkbeam.decays.hadrons.perturbative import quark_ratio
from darkbeam.decays.hadrons.quarkonia import QUARKONIA, quarkonium_ratio
from darkbeam.decays.strong_coupling import strong_coupling
from darkbeam.errors import ValidityError
from darkbeam.models.couplings import ELECTRIC_CHARGE
from darkbeam.particles import mass as particle_mass

CHARGES = {quark: ELECTRIC_CHARGE[quark] for quark in ("u", "d", "s", "c", "b")}


def test_low_energies_are_refused() -> None:
    with pytest.raises(ValidityError, match=r"1\.5 GeV"):
        quark_ratio(1.0, CHARGES, {})


@pytest.mark.parametrize(("energy", "squares"), [(3.0, 2.0), (40.0, 11.0 / 3.0)])
def test_r_is_the_parton_model_with_its_first_corrections(energy: float, squares: float) -> None:
    """1 + a + 1.6 (1.4) a^2 to third order: the rest is below 2 % at 3 GeV."""
    a = float(strong_coupling(energy)) / np.pi
    n_f = 3 if energy < 3.7 else 5
    expected = squares * (1.0 + a + (1.986 - 0.115 * n_f) * a**2)
    assert quark_ratio(energy, CHARGES, {}) == pytest.approx(expected, rel=0.02, abs=0.0)


def test_singlet_term_has_the_coefficients_of_the_rpp() -> None:
    """Equal and opposite charges differ by the coherent sum alone: -1.24 (sum g)^2 a^3 - ..."""
    energy = 3.0
    a, n_f = float(strong_coupling(energy)) / np.pi, 3
    same = quark_ratio(energy, {"u": 1.0, "d": 1.0}, {})
    opposite = quark_ratio(energy, {"u": 1.0, "d": -1.0}, {})
    expected = 4.0 * (-1.240 * a**3 - (17.828 - 0.575 * n_f) * a**4)
    assert same - opposite == pytest.approx(expected, rel=1e-9, abs=0.0)


def test_axial_and_vector_agree_without_masses_and_part_at_a_threshold() -> None:
    light = [quark_ratio(2.5, {}, {"u": 1.0}), quark_ratio(2.5, {"u": 1.0, "d": 0.0}, {})]
    a = float(strong_coupling(2.5)) / np.pi
    singlet = -1.240 * a**3 - (17.828 - 0.575 * 3) * a**4
    assert light[0] == pytest.approx(light[1] - singlet, rel=1e-12, abs=0.0)
    just_above = quark_ratio(3.80, {}, {"c": 1.0}) / quark_ratio(3.80, {"c": 1.0}, {})
    assert 0.0 < just_above < 0.1


def test_heavy_flavours_open_at_their_mesons() -> None:
    for quark, meson in (("c", "D0"), ("b", "B+")):
        threshold = 2.0 * particle_mass(meson)
        assert quark_ratio(threshold * 0.9999, {quark: 1.0}, {}) == 0.0
        assert quark_ratio(threshold * 1.001, {quark: 1.0}, {}) > 0.0
        assert quark_ratio(threshold * 20.0, {quark: 1.0}, {}) == pytest.approx(
            3.1, rel=0.02, abs=0.0
        )


@pytest.mark.parametrize(
    "name", ["J/psi(1S)", "psi(2S)", "psi(3770)", "Upsilon(1S)", "Upsilon(2S)", "Upsilon(4S)"]
)
def test_quarkonium_masses_are_those_of_the_review(name: str) -> None:
    state = next(s for s in QUARKONIA if s.name == name)
    assert particle_mass(name) == pytest.approx(state.mass, abs=1e-4)


@pytest.mark.parametrize("name", ["J/psi(1S)", "psi(2S)", "Upsilon(1S)", "Upsilon(3S)"])
def test_area_of_a_narrow_peak(name: str) -> None:
    """int R dE = 9 pi Gamma_ee B_had / (2 alpha^2), dressed: the delta function of the peak."""
    state = next(s for s in QUARKONIA if s.name == name)
    polarisation = {"c": 0.957, "b": 0.931}[state.quark]
    expected = 4.5 * np.pi / ALPHA**2 * state.electron_width * state.hadronic_fraction

    def peak(scaled: float) -> float:
        return float(quarkonium_ratio(state.mass + scaled * state.width, CHARGES)) * state.width

    area = sum(quad(peak, a, b)[0] for a, b in ((-30, -3), (-3, 3), (3, 30)))
    inside = 2.0 / np.pi * np.arctan(60.0)
    # The tails of psi(3770) and J/psi under the psi(2S) are 0.6 %.
    assert area == pytest.approx(polarisation * expected * inside, rel=1e-2, abs=0.0)


def test_peaks_scale_with_their_own_quark() -> None:
    assert quarkonium_ratio(3.0969, {"b": 1.0, "u": 1.0}) < 1e-2
    photon = quarkonium_ratio(3.0969, {"c": 2.0 / 3.0})
    assert quarkonium_ratio(3.0969, {"c": -1.0}) == pytest.approx(2.25 * photon)
