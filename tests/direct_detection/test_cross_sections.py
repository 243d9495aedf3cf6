"""Cross sections against relativistic amplitudes of explicit spinors, and S1 51, 52 (O14)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam.constants import (
    ALPHA,
    ELECTRON_MASS,
    ELEMENTARY_CHARGE,
    GEV_M2_TO_CM2,
    NEUTRON_MASS,
    PROTON_MASS,
)
from darkbeam.direct_detection import (
    coupling_from_sigma_e,
    dark_matter_form_factor,
    sigma_e_cm2,
    sigma_e_from_y,
    sigma_nucleon_cm2,
    y_from_sigma_e,
)
from darkbeam.errors import DarkbeamWarning, InputError, ModelError, UnknownNameError
from darkbeam.models import (
    X17,
    BMinusL,
    CustomModel,
    DarkPhoton,
    MuonphilicScalar,
    PseudoDirac,
    RunningDarkPhoton,
    make_dark_matter,
)
from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.models.dark_channels import DarkFermions, DarkScalars

SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ZERO, ONE = np.zeros((2, 2)), np.eye(2)
GAMMA0 = np.block([[ONE, ZERO], [ZERO, -ONE]]).astype(complex)
GAMMA = np.array([GAMMA0, *(np.block([[ZERO, s], [-s, ZERO]]) for s in SIGMA)])
GAMMA5 = np.block([[ZERO, ONE], [ONE, ZERO]]).astype(complex)
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
VELOCITY = 3e-3


def relative(value, rel=1e-6):
    """Compare relative to the value alone: cross sections are far below pytest's 1e-12."""
    return pytest.approx(value, rel=rel, abs=0.0)


def spinors(p, m):
    small = np.einsum("i,ijk->jk", p[1:], SIGMA) / (p[0] + m)
    return np.array([np.sqrt(p[0] + m) * np.concatenate([c, small @ c]) for c in ONE])


def current(after, before, m_after, m_before, vector, axial, pauli=0.0):
    """ubar(p') [gamma^mu (V + A gamma5) + i sigma^{mu nu} q_nu F/2m] u(p), q = p' - p."""
    q = METRIC @ (after - before)
    vertex = GAMMA @ (vector * np.eye(4) + axial * GAMMA5)
    if pauli:
        commutator = np.einsum("mij,njk->mnik", GAMMA, GAMMA)
        sigma = 0.5j * (commutator - commutator.transpose(1, 0, 2, 3))
        vertex = vertex + 1j * pauli / (2 * m_before) * np.einsum("mnij,n->mij", sigma, q)
    left, right = spinors(after, m_after).conj() @ GAMMA0, spinors(before, m_before)
    return np.einsum("ai,mij,bj->abm", left, vertex, right).reshape(-1, 4)


def squared_amplitude(masses, p, after, cosine, mediator, dark, target):
    """Spin-averaged |M|^2 in the centre of mass; dark: (V, A) or a scalar's coupling."""
    m1, m2, m = masses
    sine = np.sqrt(1 - cosine**2)
    k1 = np.array([np.hypot(m1, p), 0, 0, p])
    k2 = np.array([np.hypot(m2, after), after * sine, 0, after * cosine])
    e1 = np.array([np.hypot(m, p), 0, 0, -p])
    e2 = np.array([np.hypot(m, after), -after * sine, 0, -after * cosine])
    j = current(e2, e1, m, m, *target)
    if isinstance(dark, tuple):
        big, spins = current(k2, k1, m2, m1, *dark), 4
    else:
        big, spins = np.array([dark * (k1 + k2)]), 2
    q = METRIC @ (k1 - k2)
    t = q @ METRIC @ q
    amplitude = big @ (-METRIC + np.outer(q, q) / mediator**2) @ j.T / (t - mediator**2)
    return np.sum(np.abs(amplitude) ** 2) / spins, -t


def exact(masses, velocity, mediator, dark, target):
    """The total cross section in cm^2, at any velocity."""
    m1, m2, m = masses
    s = m1**2 + m**2 + 2 * m * m1 / np.sqrt(1 - velocity**2)
    p = m * m1 * velocity / np.sqrt(1 - velocity**2) / np.sqrt(s)
    # p'^2 from p^2 without cancellation
    less = (m2 - m1) * (m2 + m1)
    after2 = p**2 - less * (s + m**2 - m1**2) / (2 * s) + less**2 / (4 * s)
    after = np.sqrt(after2)
    cosines, weights = np.polynomial.legendre.leggauss(6)
    total = sum(
        weight * squared_amplitude(masses, p, after, cosine, mediator, dark, target)[0]
        for cosine, weight in zip(cosines, weights, strict=True)
    )
    return 2 * np.pi * total / (64 * np.pi**2 * s) * after / p * GEV_M2_TO_CM2


def fermions(mass, vector=0.0, axial=0.0, heavier=0.0):
    return DarkFermions("x", (mass, mass + heavier), vector=vector, axial=axial)


def table(mediator, coupling, channel, fermion="e"):
    return CouplingTable(mass=mediator, fermions={fermion: coupling}, dark=(channel,))


# ---------------------------------------------------------------- amplitudes of spinors


@pytest.mark.parametrize("mass", [1e-4, ELECTRON_MASS, 0.1])
@pytest.mark.parametrize("dark", [(0.7, 0.0), (0.0, 0.7), (0.3, 0.4)])
@pytest.mark.parametrize("target", [(0.5, 0.0), (0.0, 0.5), (0.2, -0.6)])
def test_fermions_on_electrons(mass, dark, target):
    channel = fermions(mass, *dark)
    coupling = Coupling(vector=target[0], axial=target[1])
    found = float(sigma_e_cm2(table(1.0, coupling, channel), velocity=VELOCITY))
    expected = exact((mass, mass, ELECTRON_MASS), VELOCITY, 1.0, dark, target)
    assert found == relative(expected, 1e-4)  # v^2 = 1e-5


@pytest.mark.parametrize("mass", [1e-4, ELECTRON_MASS, 0.1])
@pytest.mark.parametrize("target", [(0.5, 0.0), (0.0, 0.5)])
def test_scalars_on_electrons(mass, target):
    channel = DarkScalars("x", (mass, mass), coupling=0.7)
    coupling = Coupling(vector=target[0], axial=target[1])
    found = float(sigma_e_cm2(table(1.0, coupling, channel), velocity=VELOCITY))
    expected = exact((mass, mass, ELECTRON_MASS), VELOCITY, 1.0, 0.7, target)
    assert found == relative(expected, 1e-4)


@pytest.mark.parametrize("share", [0.1, 0.7, 0.95])
@pytest.mark.parametrize(("dark", "target"), [((0.7, 0.0), (0.5, 0.0)), ((0.0, 0.7), (0.5, 0.0))])
def test_transitions_to_the_heavier_state(share, dark, target):
    mass = 2e-3
    mu = mass * ELECTRON_MASS / (mass + ELECTRON_MASS)
    splitting = share * mu * VELOCITY**2 / 2
    channel = fermions(mass, *dark, heavier=splitting)
    coupling = Coupling(vector=target[0], axial=target[1])
    found = float(sigma_e_cm2(table(1.0, coupling, channel), velocity=VELOCITY))
    expected = exact((mass, mass + splitting, ELECTRON_MASS), VELOCITY, 1.0, dark, target)
    assert found == relative(expected, 1e-3)  # v^2 over what is left of the energy


@pytest.mark.parametrize("nucleon", ["p", "n"])
@pytest.mark.parametrize("dark", [(0.7, 0.0), (0.0, 0.7)])
def test_fermions_on_nucleons_with_their_magnetic_moment(nucleon, dark):
    """The dark photon sees the anomalous moments 1.793 and -1.913 (RPP)."""
    mass, mediator, epsilon = 0.3, 50.0, 0.1
    channel = fermions(mass, *dark)
    photon = DarkPhoton(mediator, epsilon, dark_matter=None).couplings()
    model = CouplingTable(mass=mediator, fermions=photon.fermions, dark=(channel,))
    charge = epsilon * ELEMENTARY_CHARGE
    target = (charge, 0.0, 1.7928 * charge) if nucleon == "p" else (0.0, 0.0, -1.9130 * charge)
    target_mass = PROTON_MASS if nucleon == "p" else NEUTRON_MASS
    found = float(sigma_nucleon_cm2(model, nucleon, velocity=VELOCITY))
    expected = exact((mass, mass, target_mass), VELOCITY, mediator, dark, target)
    if nucleon == "n" and dark[0]:
        assert found == 0.0
        on_proton = float(sigma_nucleon_cm2(model, "p", velocity=VELOCITY))
        assert expected < 10 * VELOCITY**2 * on_proton  # what is left out: a magnetic moment
    else:
        assert found == relative(expected, 2e-4)


@pytest.mark.parametrize("nucleon", ["p", "n"])
def test_the_anomalous_moment_of_baryon_number_is_the_isoscalar_one(nucleon):
    """kappa_p + kappa_n = 1.793 - 1.913 for both: B is of isospin 0."""
    third = Coupling(vector=0.1 / 3)
    channel = fermions(0.3, 0.0, 0.7)
    model = CouplingTable(mass=50.0, fermions={"u": third, "d": third}, dark=(channel,))
    mass = PROTON_MASS if nucleon == "p" else NEUTRON_MASS
    target = (0.1, 0.0, 0.1 * (1.7928 - 1.9130))
    expected = exact((0.3, 0.3, mass), VELOCITY, 50.0, (0.0, 0.7), target)
    found = float(sigma_nucleon_cm2(model, nucleon, velocity=VELOCITY))
    assert found == relative(expected, 2e-4)


@pytest.mark.parametrize("mediator", [1e-6, 4e-6, 1e-4])
@pytest.mark.parametrize(("dark", "target"), [((0.7, 0.0), (0.5, 0.0)), ((0.0, 0.7), (0.0, 0.5))])
def test_light_mediators_at_the_reference_momentum(mediator, dark, target):
    """The squared amplitude where q = alpha m_e, longitudinal part of the mediator included."""
    mass, velocity = 5e-3, 0.01
    mu = mass * ELECTRON_MASS / (mass + ELECTRON_MASS)
    p, q = mu * velocity, ALPHA * ELECTRON_MASS
    cosine = 1 - q**2 / (2 * p**2)
    squared, transfer2 = squared_amplitude(
        (mass, mass, ELECTRON_MASS), p, p, cosine, mediator, dark, target
    )
    assert transfer2 == relative(q**2, 1e-3)
    expected = mu**2 * squared / (16 * np.pi * mass**2 * ELECTRON_MASS**2) * GEV_M2_TO_CM2
    model = table(mediator, Coupling(vector=target[0], axial=target[1]), fermions(mass, *dark))
    assert float(sigma_e_cm2(model, velocity=velocity)) == relative(expected, 1e-3)


def test_form_factor():
    q = ALPHA * ELECTRON_MASS
    assert float(dark_matter_form_factor(q, 0.3)) == 1.0
    np.testing.assert_allclose(dark_matter_form_factor([q / 3, 9 * q], 1.0), 1.0, atol=1e-8)
    np.testing.assert_allclose(dark_matter_form_factor([q / 3, 9 * q], 0.0), [9.0, 1 / 81])
    for bad in ((-1.0, 1.0), (0.0, np.nan), (0.0, 0.0)):
        with pytest.raises(InputError, match=r"momentum|mediator_mass"):
            dark_matter_form_factor(*bad)


# ---------------------------------------------------------------- S1, sec. 3.7


@pytest.mark.parametrize("kind", ["dirac", "scalar"])
def test_s1_51(kind):
    """O14: 16 pi m_e^2 alpha epsilon^2 alpha_D / M^4 for heavy dark matter, scalar or fermion."""
    model = DarkPhoton(3.0, 1e-4, alpha_d=0.5, dark_matter=make_dark_matter(kind, mass_ratio=3))
    formula = 16 * np.pi * ELECTRON_MASS**2 * ALPHA * 1e-8 * 0.5 / 3.0**4 * 0.3893794e-27
    assert float(sigma_e_cm2(model)) == relative(formula, 2e-3)  # 2 m_e / m_chi


def test_s1_52_majorana():
    """O14, erratum: k_M is 3 v^2/2 on electrons for m_chi >> m_e, not 2 v^2 m_e^2/m^2.

    By the spinors above: v^2/2 by the velocity, v^2 by the spin of the electron.
    """
    mass, velocity = 1.0, 1e-3
    majorana = DarkPhoton(3.0, 1e-4, dark_matter=make_dark_matter("majorana", mass_ratio=3))
    dirac = majorana.replace(dark_matter="dirac")
    found = float(sigma_e_cm2(majorana, velocity=velocity) / sigma_e_cm2(dirac))
    assert found == relative(1.5 * velocity**2, 2e-3)
    masses = (mass, mass, ELECTRON_MASS)
    g_d, g_e = np.sqrt(4 * np.pi * 0.1), 1e-4 * ELEMENTARY_CHARGE
    by_spinors = exact(masses, VELOCITY, 3.0, (0.0, g_d), (g_e, 0.0))
    assert by_spinors == relative(float(sigma_e_cm2(majorana, velocity=VELOCITY)), 1e-3)


def test_s1_pseudo_dirac_is_closed():
    """Sec. 3.7: no elastic scattering at tree level, and the transition is forbidden."""
    model = DarkPhoton(0.3, 1e-4, dark_matter=PseudoDirac(mass_ratio=3, splitting=1e-4))
    assert float(sigma_e_cm2(model)) == 0.0
    assert float(sigma_nucleon_cm2(model)) == 0.0
    dirac = DarkPhoton(0.3, 1e-4)
    unsplit = DarkPhoton(0.3, 1e-4, dark_matter=PseudoDirac(mass_ratio=3))
    assert float(sigma_e_cm2(unsplit)) == float(sigma_e_cm2(dirac))
    # mu v^2 / 2 of a proton is 45 eV here: a splitting of 20 eV leaves 3/4 of the momentum
    open_ = DarkPhoton(0.3, 1e-4, dark_matter=PseudoDirac(mass_ratio=3, splitting=2e-7))
    mu = 0.1 * PROTON_MASS / (0.1 + PROTON_MASS)
    ratio = float(sigma_nucleon_cm2(open_) / sigma_nucleon_cm2(dirac))
    assert ratio == relative(np.sqrt(1 - 2 * 0.1 * 2e-7 / (mu * 1e-6)))
    assert float(sigma_e_cm2(open_)) == 0.0


# ---------------------------------------------------------------- models


def test_nucleons_by_their_charges():
    photon = DarkPhoton(0.3, 1e-4)
    baryons = BMinusL(0.3, 1e-4, dark_matter="dirac")
    assert float(sigma_nucleon_cm2(photon, "n")) == 0.0
    mu = 0.1 * PROTON_MASS / (0.1 + PROTON_MASS)
    expected = 16 * np.pi * mu**2 * ALPHA * 1e-8 * 0.1 / 0.3**4 * GEV_M2_TO_CM2
    assert float(sigma_nucleon_cm2(photon)) == relative(expected)
    ratio = float(sigma_nucleon_cm2(baryons, "n") / sigma_nucleon_cm2(baryons, "p"))
    assert ratio == relative(1.0, 1e-3)
    assert float(sigma_nucleon_cm2(baryons) / sigma_nucleon_cm2(photon)) == relative(
        1 / ELEMENTARY_CHARGE**2
    )


def test_couplings_that_run_are_taken_at_the_momentum_transfer():
    model = RunningDarkPhoton(100.0, 1e-5, dark_matter="dirac")
    mixing = float(model.photon_mixing(-((ALPHA * ELECTRON_MASS) ** 2)))
    assert abs(mixing / 1e-5 - 1) > 0.1
    fixed = DarkPhoton(100.0, abs(mixing))
    assert float(sigma_e_cm2(model)) == relative(float(sigma_e_cm2(fixed)))


@settings(max_examples=25, deadline=None)
@given(sigma=st.floats(1e-45, 1e-32), mass=st.floats(1e-3, 10.0))
def test_the_coupling_that_gives_a_cross_section(sigma, mass):
    for kind in ("dirac", "majorana", "scalar"):
        model = DarkPhoton(mass, dark_matter=make_dark_matter(kind, mass_ratio=3))
        coupling = coupling_from_sigma_e(model, sigma)
        assert float(sigma_e_cm2(model.with_coupling(coupling))) == relative(sigma)


@settings(max_examples=25, deadline=None)
@given(y=st.floats(1e-15, 1e-6), ratio=st.floats(2.0, 10.0), mass=st.floats(1e-2, 1.0))
def test_y(y, ratio, mass):
    """y = epsilon^2 alpha_d (m_chi / M)^4 alone fixes the cross section of a heavy mediator."""
    epsilon = np.sqrt(y / 0.1) * ratio**2
    model = DarkPhoton(ratio * mass, epsilon, dark_matter=make_dark_matter("dirac", mass=mass))
    assert float(sigma_e_from_y(y, mass)) == relative(float(sigma_e_cm2(model)))
    assert float(y_from_sigma_e(sigma_e_from_y(y, mass), mass)) == relative(y)


def test_a_coupling_that_no_value_gives():
    closed = DarkPhoton(0.3, dark_matter=PseudoDirac(splitting=0.1))
    with np.errstate(all="raise", divide="ignore"):
        assert float(coupling_from_sigma_e(closed, 1e-40)) == np.inf
    with pytest.raises(InputError, match="sigma_cm2 must be finite and > 0"):
        coupling_from_sigma_e(closed, 0.0)
    with pytest.raises(ModelError, match="not proportional to epsilon"):
        coupling_from_sigma_e(RunningDarkPhoton(0.3, dark_matter="dirac"), 1e-40)


def test_axial_quarks_are_not_computed():
    model = CustomModel(
        mass=0.3, fermions={"u": {"axial": 1}, "e": {"vector": 1}}, dark_matter="majorana"
    )
    with pytest.warns(DarkbeamWarning, match="NaN"):
        assert np.isnan(sigma_nucleon_cm2(model))
    assert float(sigma_e_cm2(model)) > 0.0
    # without an axial dark current they only add what the velocity suppresses
    assert float(sigma_nucleon_cm2(model.replace(dark_matter="dirac"))) == 0.0


def test_arrays_broadcast():
    model = DarkPhoton(np.array([0.1, 0.2]), np.array([[1e-4], [1e-3], [1e-2]]))
    assert sigma_e_cm2(model).shape == sigma_nucleon_cm2(model, "p").shape == (3, 2)
    assert sigma_e_cm2(DarkPhoton(0.1), velocity=np.array([1e-3, 2e-3])).shape == (2,)


def test_what_is_refused():
    with pytest.raises(ModelError, match="needs a vector mediator"):
        sigma_e_cm2(MuonphilicScalar(0.1, dark_matter="dirac"))
    with pytest.raises(ModelError, match="one kind of dark matter is needed, got 0"):
        sigma_e_cm2(X17())
    with pytest.raises(ModelError, match="must be a Model or a CouplingTable"):
        sigma_e_cm2("dark-photon")
    with pytest.raises(UnknownNameError, match="nucleon must be 'p' or 'n'"):
        sigma_nucleon_cm2(DarkPhoton(0.1), "d")
    with pytest.raises(InputError, match="velocity"):
        sigma_e_cm2(DarkPhoton(0.1), velocity=0.2)
