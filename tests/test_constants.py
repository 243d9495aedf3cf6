import math
import subprocess
import sys

import hepunits
import particle
import pytest

from darkbeam import constants

PDG_IDS = {
    "ELECTRON_MASS": 11,
    "MUON_MASS": 13,
    "TAU_MASS": 15,
    "PROTON_MASS": 2212,
    "NEUTRON_MASS": 2112,
    "PION_MASS": 211,
    "NEUTRAL_PION_MASS": 111,
    "CHARGED_KAON_MASS": 321,
    "W_MASS": 24,
    "Z_MASS": 23,
}


@pytest.mark.parametrize("name", PDG_IDS)
def test_mass_is_that_of_the_particle_data_group(name):
    entry = particle.Particle.from_pdgid(PDG_IDS[name])
    # An installed `particle` may carry a neighbouring edition: editions agree within errors.
    tolerance = 2.0 * entry.mass_upper / 1000.0
    assert getattr(constants, name) == pytest.approx(entry.mass / 1000.0, abs=tolerance)


def test_conversions_agree_with_hepunits():
    gev, metre, second = hepunits.GeV, hepunits.m, hepunits.s
    rtol = 1e-14  # rounding
    assert (
        pytest.approx(hepunits.constants.hbarc / (gev * metre), rel=rtol, abs=0.0)
        == constants.HBARC_GEV_M
    )
    assert (
        pytest.approx(hepunits.constants.hbar / (gev * second), rel=rtol, abs=0.0)
        == constants.HBAR_GEV_S
    )
    picobarn = 1e-12 * hepunits.barn
    squared = hepunits.constants.hbarc_sq
    assert pytest.approx(squared / gev**2 / picobarn, rel=rtol, abs=0.0) == constants.GEV_M2_TO_PB
    assert (
        pytest.approx(squared / gev**2 / hepunits.cm**2, rel=rtol, abs=0.0)
        == constants.GEV_M2_TO_CM2
    )
    assert hepunits.constants.Avogadro * hepunits.mole == constants.AVOGADRO
    assert (
        pytest.approx(hepunits.constants.c_light / (metre / second), rel=rtol, abs=0.0)
        == constants.SPEED_OF_LIGHT_M_S
    )


def test_codata_2022_values():
    # https://physics.nist.gov/cuu/Constants: printed values with their uncertainty.
    assert pytest.approx(137.035999177, abs=2.1e-8) == 1.0 / constants.ALPHA
    assert (
        pytest.approx(2.8179403205e-13, rel=5e-10, abs=0.0)
        == constants.CLASSICAL_ELECTRON_RADIUS_CM
    )
    assert pytest.approx(0.93149410372, rel=4e-10, abs=0.0) == constants.ATOMIC_MASS_UNIT
    assert pytest.approx(1.1663787e-5, rel=6e-7, abs=0.0) == constants.FERMI_CONSTANT
    assert pytest.approx(0.3893793721e9, rel=1e-9, abs=0.0) == constants.GEV_M2_TO_PB


def test_electron_mass_from_atomic_mass_unit():
    # CODATA 2022: m_e = 5.485799090441e-4 u.
    ratio = constants.ELECTRON_MASS / constants.ATOMIC_MASS_UNIT
    assert ratio == pytest.approx(5.485799090441e-4, rel=4e-10, abs=0.0)


def test_rydberg_energy_follows_from_alpha_and_the_electron_mass():
    # CODATA 2022: h c R_infinity = 13.605693122990(15) eV.
    rydberg_ev = 1e9 * constants.ALPHA**2 * constants.ELECTRON_MASS / 2
    assert rydberg_ev == pytest.approx(13.605693122990, rel=5e-10, abs=0.0)


def test_muon_lifetime_follows_from_the_fermi_constant():
    # 1/tau = G_F^2 m^5/(192 pi^3) f(m_e^2/m^2) (1 + radiative corrections of -0.42 %);
    # PDG: 2.1969811e-6 s. This ties G_F, the muon mass and hbar together.
    x = (constants.ELECTRON_MASS / constants.MUON_MASS) ** 2
    phase_space = 1 - 8 * x + 8 * x**3 - x**4 - 12 * x**2 * math.log(x)
    radiative = 1 + constants.ALPHA / (2 * math.pi) * (25 / 4 - math.pi**2)
    width = (
        constants.FERMI_CONSTANT**2
        * constants.MUON_MASS**5
        / (192 * math.pi**3)
        * phase_space
        * radiative
    )
    assert constants.HBAR_GEV_S / width == pytest.approx(
        2.1969811e-6, rel=1e-4, abs=0.0
    )  # two loops


def test_charge_gives_alpha_back():
    assert constants.ELEMENTARY_CHARGE**2 / (4 * math.pi) == pytest.approx(
        constants.ALPHA, rel=1e-15, abs=0.0
    )


def test_all_are_plain_floats_and_listed():
    public = {name for name in vars(constants) if name.isupper()}
    assert public == set(constants.__all__)
    assert all(type(getattr(constants, name)) is float for name in public)


def test_import_loads_no_table():
    code = (
        "import sys, darkbeam.constants; "
        "print([m for m in ('particle', 'numpy', 'hepunits') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # What the package's own __init__ brings along is not the business of this module.
    package = subprocess.run(
        [sys.executable, "-c", code.replace("darkbeam.constants", "darkbeam")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == package.stdout
    assert "particle" not in run.stdout
