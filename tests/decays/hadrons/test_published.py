"""R against the compilation of the RPP, widths against DarkCast, DeLiVeR and FORESEE."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from darkbeam.constants import ELECTRON_MASS, ELEMENTARY_CHARGE, HBARC_GEV_M, MUON_MASS
from darkbeam.decays.hadrons import r_ratio, vector_hadron_widths
from darkbeam.decays.hadrons.exclusive import exclusive_ratios
from darkbeam.decays.two_body import vector_to_fermions
from darkbeam.models import DarkPhoton
from darkbeam.models.couplings import Coupling, CouplingTable

REFERENCE = Path(__file__).parents[2] / "reference"


def columns(name: str) -> np.ndarray:
    return np.genfromtxt(REFERENCE / name, delimiter=",", comments="#", skip_header=0)[1:]


def test_columns_reads_all_rows() -> None:
    assert columns("r_ratio_rpp2020.csv").shape == (100, 2)


# (from, to, greatest and mean deviation): within 0.5 % of the energy the narrow omega and phi
# change R by tens of per cent; between the psi the resonances interfere; from 15 GeV on single
# measurements scatter by 10 to 20 %.
REGIONS = [
    (0.38, 0.765, 0.06, 0.025),
    (0.77, 0.80, 0.06, 0.035),
    (0.80, 0.99, 0.06, 0.03),
    (1.01, 1.03, 0.05, 0.02),
    (1.04, 1.68, 0.07, 0.035),
    (1.68, 2.0, 0.08, 0.06),
    (2.0, 3.70, 0.05, 0.025),
    (3.70, 4.50, 0.25, 0.10),
    (4.50, 15.0, 0.13, 0.04),
    (15.0, 36.0, 0.21, 0.11),
]


@pytest.mark.parametrize(("low", "high", "greatest", "mean"), REGIONS)
def test_r_of_the_review(low: float, high: float, greatest: float, mean: float) -> None:
    energy, measured = columns("r_ratio_rpp2020.csv").T
    here = (energy >= low) & (energy < high)
    assert here.sum() >= 3
    deviation = np.abs(r_ratio(energy[here]) / measured[here] - 1.0)
    assert deviation.max() < greatest
    assert deviation.mean() < mean


def test_total_width_of_a_baryonic_mediator_against_deliver() -> None:
    """10 % everywhere, resonances included: the same currents, other constants, omega -> 2 pi."""
    mass, width = columns("deliver_baryonic_hadrons.csv").T
    quarks = {quark: Coupling(vector=1.0 / 3.0) for quark in "udscb"}
    found = sum(vector_hadron_widths(CouplingTable(mass=mass, fermions=quarks)).values())
    np.testing.assert_allclose(found, width, rtol=0.10)


def test_baryon_minus_lepton_number_has_the_same_hadrons() -> None:
    """The quarks of B - L carry 1/3, as those of B do: leptons apart the widths agree."""
    fermions = {quark: Coupling(vector=1.0 / 3.0) for quark in "udscb"}
    leptons = {lepton: Coupling(vector=-1.0) for lepton in ("e", "mu", "tau")}
    mass = np.array([0.7, 1.1, 2.5])
    both = CouplingTable(mass=mass, fermions=fermions | leptons)
    alone = CouplingTable(mass=mass, fermions=fermions)
    for channel, width in vector_hadron_widths(both).items():
        np.testing.assert_array_equal(width, vector_hadron_widths(alone)[channel])


def test_channels_against_darkcast() -> None:
    """pi pi to 7 %; 3 pi by the omega to 5 % on the peak, to 18 % where phi and rho' interfere."""
    lines = (REFERENCE / "darkcast_channel_ratios.csv").read_text().splitlines()
    rows = [line.split(",") for line in lines if not line.startswith(("#", "channel"))]
    for channel, text_mass, text_ratio in rows:
        mass, ratio = float(text_mass), float(text_ratio)
        if channel == "pi_pi":
            found = exclusive_ratios(mass, 2 / 3, -1 / 3, -1 / 3)["pi_pi"]
            assert found == pytest.approx(ratio, rel=0.07, abs=0.0), mass
        else:
            found = exclusive_ratios(mass, 1 / 6, 1 / 6, 0.0)["pi_pi_pi0"]
            assert found == pytest.approx(ratio, rel=0.05 if mass < 0.85 else 0.18, abs=0.0), mass


def test_lifetime_of_the_dark_photon_against_foresee() -> None:
    """Leptons to 0.1 % below the pions; with pions, 6 % of the width is theirs: 1 %."""
    mass, ctau = columns("foresee_dark_photon_ctau.csv").T
    charged = ELEMENTARY_CHARGE
    leptons = vector_to_fermions(mass, ELECTRON_MASS, ELECTRON_MASS, charged, 0.0)
    leptons = leptons + vector_to_fermions(mass, MUON_MASS, MUON_MASS, charged, 0.0)
    hadrons = np.asarray(
        sum(vector_hadron_widths(DarkPhoton(mass=mass, epsilon=1.0).couplings()).values())
    )
    found = HBARC_GEV_M / (leptons + hadrons)
    low = mass < 0.27
    np.testing.assert_allclose(found[low], ctau[low], rtol=1e-3)
    np.testing.assert_allclose(found[~low], ctau[~low], rtol=1e-2)


def test_branching_fraction_of_b_minus_l_against_foresee() -> None:
    """12 % below 0.91 and above 1.36 GeV; between omega and phi 21 % (DeLiVeR agrees with us to 2).

    From 1.04 to 1.36 GeV it follows the method of DarkCast, which makes all kaon pairs by the phi.

    The charge of a kaon under B is zero, so rho, omega and phi interfere to nothing far below the
    phi and nearly so above. Counted as DarkCast counts them (all of the photon's K K with the
    strange coupling) our hadrons agree with it there to 20 %.
    """
    mass, fraction = columns("foresee_b_minus_l_hadrons.csv").T
    published = fraction / (1.0 - fraction) * 3.5  # leptons: e, mu and three left-handed neutrinos
    ours = exclusive_ratios(mass, 1 / 3, 1 / 3, 1 / 3)
    photon = exclusive_ratios(mass, 2 / 3, -1 / 3, -1 / 3)
    total = np.asarray(sum(ours.values()))
    kaons = (mass > 1.04) & (mass < 1.36)
    between = (mass > 0.91) & (mass < 1.0)
    apart = ~(kaons | between)
    np.testing.assert_allclose(total[apart], published[apart], rtol=0.12)
    np.testing.assert_allclose(total[between], published[between], rtol=0.21)
    by_phi = total + sum(photon[c] - ours[c] for c in ("K_K", "K0_K0"))
    assert np.all(total[kaons] < published[kaons])
    np.testing.assert_allclose(by_phi[kaons], published[kaons], rtol=0.21)
