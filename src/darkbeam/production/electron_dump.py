r"""Mediators made by the electromagnetic shower of an electron beam in a target.

Each electron and positron of the shower radiates X as in `darkbeam.production.bremsstrahlung`;
each positron annihilates to X on the electrons of the target, as in
`darkbeam.production.annihilation_yield` for a narrow X:

.. math::

   N_{brem} = \sum_i n_i \int dE\, T(E)\, \sigma_i(E) , \qquad
   N_{ann} = \frac{n_e K}{2 m_e} \int d\xi\, f(\xi)\, T_+(E_+/\xi) , \qquad
   K = (2J+1)\, \frac{4\pi^2 M \Gamma_{ee}}{M^2 - 4 m_e^2}

with :math:`E_+ = M^2/2m_e - m_e`, T the path of electrons and positrons per energy (radiation
lengths per GeV) and :math:`n_i, n_e` nuclei and electrons per area in one radiation length. Depth
and direction are those of the emitter (`darkbeam.matter.shower.emitters`), to which the angle of X
to it is added at a random azimuth. Weights are mediators per beam particle at a coupling e
(epsilon = 1) to the electron. See docs/physics/electron-dumps.md.
"""

from __future__ import annotations

from functools import lru_cache
from math import pi

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import ALPHA, ELECTRON_MASS, GEV_M2_TO_CM2
from darkbeam.decays.two_body import scalar_to_fermions, vector_to_fermions
from darkbeam.errors import InputError, ValidityError
from darkbeam.matter.electron_momenta import electrons_per_x0_cm2, light_cone_fractions
from darkbeam.matter.elements import element
from darkbeam.matter.materials import Material
from darkbeam.matter.shower.emitters import EmitterTable
from darkbeam.matter.targets import TargetLike
from darkbeam.matter.targets import target as parse_target
from darkbeam.particles import Beam
from darkbeam.production.annihilation import resonance_energy
from darkbeam.production.brem_vertices import Kind, Process, unit_process
from darkbeam.production.bremsstrahlung import UNIT_PB, gauss_legendre
from darkbeam.production.dump_emitters import checked_beam, dump_emitters
from darkbeam.production.mediator_samples import MediatorSample

__all__ = ["annihilation_sample", "bremsstrahlung_sample"]

FloatArray = NDArray[np.float64]

_SOFT, _HARD = 6, 10  # nodes in the energy of X
_ORDERS = (8, 16)  # in angle and momentum transfer
_PLACES = 48
_EACH = 7
_HIGH, _MORE = 0.8, 2.2
_BASE = 3
_POSITRONS = 24  # points in each bin of energy


def bremsstrahlung_sample(
    beam: Beam | str,
    target: TargetLike,
    mass: float,
    kind: Kind = "vector",
    *,
    least_energy: float = 0.0,
    each: int = _EACH,
    emitters: EmitterTable | None = None,
) -> MediatorSample:
    """Return the mediators that electrons and positrons of a shower radiate.

    Parameters
    ----------
    beam : Beam or str
        Electrons or positrons, such as ``"e-:20GeV"``.
    target : str, Element, Material, LayeredMaterial or sequence of (str, float)
        As for `darkbeam.matter.target`.
    mass : float
        Mass of X, GeV.
    kind : {"vector", "axial", "scalar", "pseudoscalar"}
        Coupling of X to the electron.
    least_energy : float
        X of less energy are left out, GeV; no less than `LEAST_SHARE` of the beam's.
    each : int
        Points of each cell of the energies of emitter and X, rounded up to a prime number.
    emitters : EmitterTable, optional
        The shower, down to the least energy or below; by default that of `dump_emitters`.

    Returns
    -------
    MediatorSample
        Per beam particle at coupling e to the electron; empty where the channel is closed.

    Raises
    ------
    InputError, ValidityError
        As in `dump_emitters` and `darkbeam.production.bremsstrahlung.total_cross_section`.

    Examples
    --------
    >>> shower = dump_emitters("e-:10GeV", "W", least_energy=2.0, n_showers=500)
    >>> made = bremsstrahlung_sample("e-:10GeV", "W", 0.01, least_energy=2.0, emitters=shower)
    >>> bool(made.energy.min() > 2.0), bool(made.angle.mean() < 0.05)
    (True, True)
    """
    beam_, least = checked_beam(beam, least_energy)
    item = parse_target(target)
    process = unit_process(ELECTRON_MASS, ELECTRON_MASS, kind, _checked_mass(mass))
    if each < 1:
        raise InputError(f"each = {each}: must be at least 1")
    if least >= beam_.energy or mass >= beam_.energy:
        return _empty(mass)
    table = emitters or dump_emitters(beam_, item, least_energy=least)
    rows = [
        _radiated(material, table, m, least, process, float(mass), int(each))
        for m, material in enumerate(item.materials)
    ]
    energy, apart, depth, weight = np.concatenate(rows).T
    return MediatorSample(float(mass), energy, _angle(apart), weight, depth)


def annihilation_sample(
    beam: Beam | str,
    target: TargetLike,
    mass: float,
    kind: Kind = "vector",
    *,
    least_energy: float = 0.0,
    emitters: EmitterTable | None = None,
) -> MediatorSample:
    """Return the mediators from annihilation of positrons of a shower on electrons, on shell.

    X goes on in the direction of the positron, with its energy and an electron's mass. Electrons
    move in their atoms, which smears the energy of the positrons that meet the resonance.

    Parameters
    ----------
    beam, target, mass, kind, least_energy, emitters
        As in `bremsstrahlung_sample`.

    Returns
    -------
    MediatorSample
        Per beam particle at coupling e to the electron; empty where no positron of the shower
        meets the resonance.

    Raises
    ------
    InputError, ValidityError, UnknownNameError
        As in `bremsstrahlung_sample`.

    Examples
    --------
    >>> shower = dump_emitters("e-:10GeV", "W", least_energy=2.0, n_showers=500)
    >>> made = annihilation_sample("e-:10GeV", "W", 0.06, least_energy=2.0, emitters=shower)
    >>> bool(2.0 < np.average(made.energy, weights=made.weight) < 6.0)  # 3.5 GeV at rest
    True
    """
    beam_, least = checked_beam(beam, least_energy)
    item = parse_target(target)
    unit_process(ELECTRON_MASS, ELECTRON_MASS, kind, _checked_mass(mass))
    if mass <= 2.0 * ELECTRON_MASS or least >= beam_.energy:
        return _empty(mass)
    resonance = float(resonance_energy(mass))
    widest = max(float(light_cone_fractions(m).fraction[-1]) for m in item.materials)
    narrowest = min(float(light_cone_fractions(m).fraction[0]) for m in item.materials)
    if resonance > widest * beam_.energy or resonance < narrowest * least:
        return _empty(mass)
    table = emitters or dump_emitters(beam_, item, least_energy=least)
    strength = _narrow_strength(float(mass), kind) * GEV_M2_TO_CM2 / (2.0 * ELECTRON_MASS)
    parts = [
        _annihilated(material, table, m, least, resonance, strength)
        for m, material in enumerate(item.materials)
    ]
    energy, apart, depth, weight = np.concatenate(parts, axis=1)
    return MediatorSample(float(mass), energy, _angle(apart), weight, depth)


def _radiated(
    material: Material,
    table: EmitterTable,
    m: int,
    least: float,
    process: Process,
    mass: float,
    each: int,
) -> FloatArray:
    from darkbeam.production import _electron_dump_kernels as kernels

    struck = [(element(symbol), n) for symbol, n in material.nuclei_per_x0_cm2.items()]
    nuclei = np.array([(e.nuclear_mass, e.Z, e.A) for e, _ in struck], dtype=np.float64)
    kinetic = table.energy[m, 0]
    generators = _generators(table, each)
    rows = np.empty(((_SOFT + _HARD) * int(generators[:, 0].sum()), 4))
    filled = kernels.radiate(
        kinetic.mean(axis=(1, 2)) + ELECTRON_MASS,
        table.path_x0[m, 0],
        kinetic,
        table.depth_m[m, 0],
        table.one_minus_cos[m, 0],
        float(least),
        process,
        mass,
        nuclei,
        np.array([1e-36 * UNIT_PB * n for _, n in struck]),
        (*_unit_rule(_SOFT), *_unit_rule(_HARD)),
        _rules(),
        _polynomial_integrals(),
        generators,
        rows,
    )
    return rows[:filled]


@lru_cache(maxsize=4)
def _unit_rule(order: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights on (0, 1)."""
    nodes, weights = gauss_legendre(order)
    return 0.5 * (1.0 + nodes), 0.5 * weights


def _generators(table: EmitterTable, each: int) -> NDArray[np.int64]:
    """Return, for each bin, the number of points of a cell and the generators of their lattice.

    More points where the longest-lived X come from: what decays far behind the dump in spite of a
    short life has nearly all of the beam's energy.
    """
    top = table.energy_edges[:-1] > _HIGH * table.energy_edges[-1]
    fine = _prime(int(_MORE * each))
    rows = {n: (n, *(pow(_BASE, k, n) for k in range(5))) for n in (_prime(each), fine)}
    return np.array([rows[fine if high else _prime(each)] for high in top])


def _prime(least: int) -> int:
    """Return the least prime number from 7 on whose lattice has five generators that differ."""
    n = max(int(least), 7)
    while any(n % k == 0 for k in range(2, int(n**0.5) + 1)) or n == 13:
        n += 1
    return n


def _rules() -> tuple[FloatArray, ...]:
    """Return the rules that the cross section's kernels take; that of the energy is not used."""
    angle, transfer = _ORDERS
    return (*gauss_legendre(angle), *gauss_legendre(angle), *gauss_legendre(transfer))


@lru_cache(maxsize=1)
def _polynomial_integrals() -> FloatArray:
    """Return integrals from -1 to places of equal distance of the nodes' Lagrange polynomials."""
    nodes, _ = gauss_legendre(_ORDERS[0])
    ends = np.linspace(-1.0, 1.0, _PLACES + 1)
    columns = []
    for i, node in enumerate(nodes):
        others = np.delete(nodes, i)
        curve = np.poly1d(others, r=True) / np.prod(node - others)
        columns.append(curve.integ()(ends) - curve.integ()(-1.0))
    return np.ascontiguousarray(np.array(columns).T)


def _narrow_strength(mass: float, kind: Kind) -> float:
    """Return the integral of the cross section over s for a coupling e and no width, natural."""
    masses = (mass, ELECTRON_MASS, ELECTRON_MASS)
    charge = np.sqrt(4.0 * pi * ALPHA)
    coupling = (charge, 0.0) if kind in ("vector", "scalar") else (0.0, charge)
    spin_one = kind in ("vector", "axial")
    width = (vector_to_fermions if spin_one else scalar_to_fermions)(*masses, *coupling)
    momentum2 = 0.25 * mass**2 - ELECTRON_MASS**2
    return float((3 if spin_one else 1) * pi**2 * mass * width / momentum2)


def _annihilated(
    material: Material,
    table: EmitterTable,
    m: int,
    least: float,
    resonance: float,
    strength: float,
) -> FloatArray:
    """Return energy, 1 - cos, depth and weight of X made in one material."""
    electrons = light_cone_fractions(material)
    path = table.path_x0[m, 1]
    # as in `annihilation_yield`: s = 2 m^2 + 2 m E xi with the total energy
    edges = table.energy_edges + ELECTRON_MASS
    density = path / np.diff(edges) * electrons_per_x0_cm2(material) * strength
    low, high = electrons.below(resonance / edges[1:]), electrons.below(resonance / edges[:-1])
    weight = density * (high - low)
    met = np.flatnonzero(weight > 0.0)
    _, groups, each = table.energy.shape[2:]
    # additive recurrence in two dimensions, turned for each bin
    number = np.arange(_POSITRONS) + 0.5 + _POSITRONS * met[:, None]
    g = (number * 0.7548776662466927 % 1.0 * groups).astype(int)
    a = (number * 0.5698402909980532 % 1.0 * each).astype(int)
    levels = low[met, None] + (high - low)[met, None] * (np.arange(_POSITRONS) + 0.5) / _POSITRONS
    xi = np.interp(levels, electrons.cumulative, electrons.fraction)
    energy = resonance / xi + ELECTRON_MASS
    at = (m, 1, met[:, None], g, a)
    rows = (
        energy,
        table.one_minus_cos[at],
        table.depth_m[at],
        np.repeat(weight[met, None] / _POSITRONS, _POSITRONS, axis=1),
    )
    found = np.array([row.ravel() for row in rows])
    return found[:, found[0] >= least]


def _angle(one_minus_cos: FloatArray) -> FloatArray:
    return np.asarray(2.0 * np.arcsin(np.sqrt(0.5 * one_minus_cos)))


def _checked_mass(mass: float) -> FloatArray:
    if not (np.isfinite(mass) and mass > 0.0):
        raise ValidityError(f"mass = {mass} GeV: must be finite and above 0")
    return np.asarray(mass, dtype=np.float64)


def _empty(mass: float) -> MediatorSample:
    none = np.zeros(0)
    return MediatorSample(float(mass), none, none, none, none)
