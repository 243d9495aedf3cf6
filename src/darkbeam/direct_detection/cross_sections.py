r"""Cross sections of dark matter on free electrons and nucleons, not relativistic, at tree level.

.. math::

   \sigma = \frac{\mu^2}{\pi (q_0^2 + M^2)^2}\, K\, \frac{p'}{p}

with the reduced mass :math:`\mu`, the mass M of the vector mediator, and K by the currents of the
dark matter (:math:`\chi`: V, A) and of the target (T: V, A):

==========  =================================================================================
V times V   :math:`V_\chi^2 V_T^2`
A times A   :math:`A_\chi^2 A_T^2 (3 + 2x + x^2)`, :math:`x = q_0^2/M^2` (longitudinal mediator)
A times V   :math:`A_\chi^2 v^2 (V_T^2/2 + G_T^2\mu^2/m_T^2)`, :math:`G_T = V_T` of electrons
V times A   :math:`V_\chi^2 A_T^2 v^2 (1/2 + \mu^2/m_\chi^2)`, of scalars :math:`1/2`
==========  =================================================================================

Each is the squared amplitude over :math:`16 m_\chi^2 m_T^2`, averaged over the initial spins and
over the angle at the relative velocity v. It follows from the amplitude of Pauli spinors, for the
third :math:`A_\chi\sigma_\chi\cdot[V_T v_\perp - i G_T\,\sigma_T\times q/2m_T]`, with the averages
:math:`v^2/2` of :math:`v_\perp^2 = v^2 - q^2/4\mu^2` and :math:`2\mu^2v^2` of :math:`q^2`.
On nucleons G is the magnetic form factor at rest. :math:`q_0` is :math:`\alpha m_e` for electrons,
as experiments quote it, and 0 for nucleons. For the transition to a dark state heavier by
:math:`\delta`, :math:`p'/p = \sqrt{1 - 2\delta/\mu v^2}` (0 below the threshold), and v^2 in the
table is the mean of the initial and the final one.

S1 (arXiv:2003.07257) eq. 51 is V times V with :math:`m_\chi \gg m_e`, :math:`M \gg \alpha m_e`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import (
    ALPHA,
    ELECTRON_MASS,
    GEV_M2_TO_CM2,
    NEUTRON_MASS,
    PROTON_MASS,
)
from darkbeam.direct_detection.kinematics import (
    STANDARD_VELOCITY,
    check_velocity,
    outgoing_fraction,
    reduced_mass,
)
from darkbeam.errors import DarkbeamWarning, InputError, ModelError, UnknownNameError
from darkbeam.models.base import Model
from darkbeam.models.couplings import CouplingTable
from darkbeam.models.dark_channels import DarkFermions, DarkScalars

__all__ = [
    "REFERENCE_MOMENTUM",
    "coupling_from_sigma_e",
    "dark_matter_form_factor",
    "sigma_e_cm2",
    "sigma_e_from_y",
    "sigma_nucleon_cm2",
    "y_from_sigma_e",
]

FloatArray = NDArray[np.float64]

REFERENCE_MOMENTUM = ALPHA * ELECTRON_MASS
"""Momentum transfer at which cross sections on electrons are quoted, alpha m_e, GeV."""

_NUCLEON_MASSES: Mapping[str, float] = MappingProxyType({"p": PROTON_MASS, "n": NEUTRON_MASS})
_PROTON_ANOMALY, _NEUTRON_ANOMALY = 1.7928473, -1.9130427
"""Anomalous magnetic moments in nuclear magnetons, RPP 2024."""


class _Dark(NamedTuple):
    """The current of the dark matter: lighter mass, splitting, couplings, whether spin 1/2."""

    mass: FloatArray
    splitting: FloatArray
    vector: FloatArray
    axial: FloatArray
    is_fermion: bool


def sigma_e_cm2(
    model: Model | CouplingTable, *, velocity: ArrayLike = STANDARD_VELOCITY
) -> FloatArray:
    r"""Return the reference cross section on electrons, cm^2.

    The cross section on a free electron with the propagator at :math:`q_0 = \alpha m_e`; the rest
    of the dependence on q is `dark_matter_form_factor`. See the module's page for the formula.
    Of a pseudo-Dirac fermion the elastic one is zero at tree level: what is returned is that of
    :math:`\chi_1 e \to \chi_2 e`, which is zero below its threshold.

    Parameters
    ----------
    model : Model or CouplingTable
        A vector mediator with dark matter.
    velocity : array_like
        Relative velocity in units of c. It matters for Majorana and pseudo-Dirac fermions and for
        axial couplings of the electron.

    Returns
    -------
    ndarray
        cm^2, in the broadcast shape of the model and the velocity.

    Raises
    ------
    ModelError
        For a scalar mediator, or a model without dark matter.

    Examples
    --------
    >>> from darkbeam.models import DarkPhoton
    >>> print(f"{sigma_e_cm2(DarkPhoton(mass=0.1, epsilon=1e-4, alpha_d=0.1)):.2e}")
    3.62e-40
    """
    table = _table(model)
    dark = _dark_current(table)
    running = table.at(-(REFERENCE_MOMENTUM**2))
    vector = running.vector("e")
    return _cross_section(
        table, dark, ELECTRON_MASS, (vector, running.axial("e"), vector), REFERENCE_MOMENTUM,
        velocity,
    )  # fmt: skip


def sigma_nucleon_cm2(
    model: Model | CouplingTable,
    nucleon: str = "p",
    *,
    velocity: ArrayLike = STANDARD_VELOCITY,
) -> FloatArray:
    r"""Return the cross section on a nucleon at zero momentum transfer, cm^2.

    By the vector current of the nucleon: charge 2u + d or u + 2d, and its magnetic moment where
    the dark current is axial (strange quarks left out). Axial couplings of the light quarks have no
    nucleon matrix elements here: with an axial dark current they would be the leading
    contribution, and the result is NaN.

    Parameters
    ----------
    model : Model or CouplingTable
        A vector mediator with dark matter.
    nucleon : {"p", "n"}
        Proton or neutron.
    velocity : array_like
        As of `sigma_e_cm2`.

    Returns
    -------
    ndarray
        cm^2, for mediators much heavier than the momentum transfer.

    Raises
    ------
    ModelError
        As `sigma_e_cm2`.
    UnknownNameError
        If there is no such nucleon.
    """
    if nucleon not in _NUCLEON_MASSES:
        raise UnknownNameError(f"nucleon must be 'p' or 'n', got {nucleon!r}")
    table = _table(model)
    dark = _dark_current(table)
    at_rest = table.at(0.0)
    charge = at_rest.nucleon_vector(nucleon)
    magnetic = charge + _anomaly(at_rest, nucleon)
    couplings = (charge, np.zeros_like(charge), magnetic)
    result = _cross_section(table, dark, _NUCLEON_MASSES[nucleon], couplings, 0.0, velocity)
    is_axial = np.zeros(table.shape, dtype=bool)
    for quark in ("u", "d", "s"):
        is_axial = is_axial | (at_rest.axial(quark) != 0.0)
    unknown = np.broadcast_to(is_axial & (dark.axial != 0.0), result.shape)
    if np.any(unknown):
        warnings.warn(
            "scattering by axial currents of quarks and of dark matter is not computed: "
            "the cross section on nucleons is NaN",
            DarkbeamWarning,
            stacklevel=2,
        )
    return np.where(unknown, np.nan, result)


def dark_matter_form_factor(momentum: ArrayLike, mediator_mass: ArrayLike) -> FloatArray:
    r"""Return :math:`F(q) = (M^2 + \alpha^2m_e^2)/(M^2 + q^2)`.

    The cross section at q is that of `sigma_e_cm2` times :math:`F^2`: 1 for a heavy mediator,
    :math:`(\alpha m_e/q)^2` for a light one.

    Parameters
    ----------
    momentum : array_like
        Momentum transfer, GeV, >= 0.
    mediator_mass : array_like
        M, GeV, >= 0, not zero together with the momentum.
    """
    transfer = np.asarray(momentum, dtype=np.float64)
    mass = np.asarray(mediator_mass, dtype=np.float64)
    for name, value in (("momentum", transfer), ("mediator_mass", mass)):
        if not np.all(np.isfinite(value) & (value >= 0.0)):
            raise InputError(f"{name} must be finite and >= 0 GeV, got {value!r}")
    denominator = mass**2 + transfer**2
    if not np.all(denominator > 0.0):
        raise InputError("momentum and mediator_mass must not both be 0 GeV")
    return np.asarray((mass**2 + REFERENCE_MOMENTUM**2) / denominator)


def coupling_from_sigma_e(
    model: Model, sigma_cm2: ArrayLike, *, velocity: ArrayLike = STANDARD_VELOCITY
) -> FloatArray:
    """Return the coupling (`model.coupling_name`) that gives a cross section on electrons.

    Parameters
    ----------
    model : Model
        The model; its own value of the coupling does not matter.
    sigma_cm2 : array_like
        `sigma_e_cm2`, > 0; broadcasts against the model.
    velocity : array_like
        As of `sigma_e_cm2`.

    Returns
    -------
    ndarray
        Coupling; infinite where no coupling gives it (a closed transition).

    Raises
    ------
    ModelError
        If the coupling to electrons is not proportional to the model's coupling.
    """
    wanted = np.asarray(sigma_cm2, dtype=np.float64)
    if not np.all(np.isfinite(wanted) & (wanted > 0.0)):
        raise InputError(f"sigma_cm2 must be finite and > 0, got {sigma_cm2!r}")
    small = 1e-6
    first = sigma_e_cm2(model.with_coupling(small), velocity=velocity)
    second = sigma_e_cm2(model.with_coupling(2.0 * small), velocity=velocity)
    if not np.allclose(second, 4.0 * first, rtol=1e-9, atol=0.0):
        raise ModelError(
            f"{model.name}: the coupling to electrons is not proportional to {model.coupling_name}"
        )
    with np.errstate(divide="ignore"):
        return np.asarray(small * np.sqrt(wanted / first))


def sigma_e_from_y(y: ArrayLike, dm_mass: ArrayLike) -> FloatArray:
    r"""Return the cross section on electrons of a heavy dark photon, cm^2.

    :math:`16\pi\mu^2\alpha y/m_\chi^4` with :math:`y = \epsilon^2\alpha_d(m_\chi/M)^4`, for Dirac
    fermions and complex scalars.

    Parameters
    ----------
    y : array_like
        Without a unit.
    dm_mass : array_like
        Mass of the dark matter, GeV.
    """
    return np.asarray(np.asarray(y, dtype=np.float64) * _sigma_over_y(dm_mass))


def y_from_sigma_e(sigma_cm2: ArrayLike, dm_mass: ArrayLike) -> FloatArray:
    """Return y of a heavy dark photon; the inverse of `sigma_e_from_y`.

    Parameters
    ----------
    sigma_cm2 : array_like
        Cross section on electrons, cm^2.
    dm_mass : array_like
        Mass of the dark matter, GeV.
    """
    return np.asarray(np.asarray(sigma_cm2, dtype=np.float64) / _sigma_over_y(dm_mass))


def _sigma_over_y(dm_mass: ArrayLike) -> FloatArray:
    mass = reduced_mass(dm_mass, ELECTRON_MASS)
    fourth_power = np.asarray(dm_mass, dtype=np.float64) ** 4
    return np.asarray(16.0 * np.pi * ALPHA * mass**2 / fourth_power * GEV_M2_TO_CM2)


def _table(model: Model | CouplingTable) -> CouplingTable:
    if isinstance(model, Model):
        model = model.couplings()
    if not isinstance(model, CouplingTable):
        raise ModelError(f"model must be a Model or a CouplingTable, got {type(model).__name__}")
    if model.spin != 1:
        raise ModelError("direct detection needs a vector mediator, got spin 0")
    return model


def _dark_current(table: CouplingTable) -> _Dark:
    channels = [c for c in table.dark if isinstance(c, DarkFermions | DarkScalars)]
    if len(channels) != 1:
        raise ModelError(f"one kind of dark matter is needed, got {len(channels)}")
    channel = channels[0]
    first, second = (np.asarray(mass, dtype=np.float64) for mass in channel.masses)
    light = np.minimum(first, second)
    splitting = np.abs(first - second)
    if isinstance(channel, DarkScalars):
        coupling = np.abs(np.asarray(channel.coupling))
        return _Dark(light, splitting, coupling, np.zeros(()), False)
    vector = np.abs(np.asarray(channel.vector))
    return _Dark(light, splitting, vector, np.abs(np.asarray(channel.axial)), True)


def _anomaly(table: CouplingTable, nucleon: str) -> FloatArray:
    """Return the anomalous moment of a nucleon for these couplings of u and d quarks.

    By isospin: u carries 2 kappa_p + kappa_n of a proton, d carries kappa_p + 2 kappa_n.
    """
    like = 2.0 * _PROTON_ANOMALY + _NEUTRON_ANOMALY
    unlike = _PROTON_ANOMALY + 2.0 * _NEUTRON_ANOMALY
    up, down = table.vector("u"), table.vector("d")
    majority, minority = (up, down) if nucleon == "p" else (down, up)
    return np.asarray(like * majority + unlike * minority)


def _cross_section(
    table: CouplingTable,
    dark: _Dark,
    target_mass: float,
    couplings: tuple[FloatArray, FloatArray, FloatArray],
    momentum: float,
    velocity: ArrayLike,
) -> FloatArray:
    """Return the cross section of the module's page, cm^2; couplings: V, A and G of the target."""
    vector, axial, magnetic = couplings
    speed = check_velocity(velocity)
    mediator2 = np.asarray(table.mass, dtype=np.float64) ** 2
    mass = reduced_mass(dark.mass, target_mass)
    fraction = np.maximum(outgoing_fraction(mass, speed, dark.splitting), 0.0)
    speed2 = speed**2 * (1.0 + fraction**2) / 2.0
    longitudinal = momentum**2 / mediator2
    dark_spin = (mass / dark.mass) ** 2 if dark.is_fermion else 0.0
    strength = (
        (dark.vector * vector) ** 2
        + (dark.axial * axial) ** 2 * (3.0 + 2.0 * longitudinal + longitudinal**2)
        + dark.axial**2 * speed2 * (vector**2 / 2.0 + (magnetic * mass / target_mass) ** 2)
        + (dark.vector * axial) ** 2 * speed2 * (0.5 + dark_spin)
    )
    propagator = (mediator2 + momentum**2) ** 2
    return np.asarray(mass**2 * strength / (np.pi * propagator) * fraction * GEV_M2_TO_CM2)
