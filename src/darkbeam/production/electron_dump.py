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
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import ALPHA, ELECTRON_MASS, GEV_M2_TO_CM2
from darkbeam.decays.two_body import scalar_to_fermions, vector_to_fermions
from darkbeam.errors import InputError, ValidityError
from darkbeam.matter.electron_momenta import electrons_per_x0_cm2, light_cone_fractions
from darkbeam.matter.elements import element
from darkbeam.matter.materials import Material
from darkbeam.matter.shower.emitters import EmitterTable, emitter_table
from darkbeam.matter.shower.preparation import CUT_FRACTION
from darkbeam.matter.targets import LayeredMaterial, TargetLike
from darkbeam.matter.targets import target as parse_target
from darkbeam.particles import Beam, parse_beam
from darkbeam.production.annihilation import resonance_energy
from darkbeam.production.brem_vertices import Kind, Process, unit_process
from darkbeam.production.bremsstrahlung import UNIT_PB, gauss_legendre
from darkbeam.production.mediator_samples import MediatorSample
from darkbeam.storage import cached_arrays

__all__ = [
    "LEAST_SHARE",
    "annihilation_sample",
    "bremsstrahlung_sample",
    "dump_emitters",
]

FloatArray = NDArray[np.float64]

LEAST_SHARE = 0.01
"""X of less than this share of the beam's energy are left out, whatever is asked for."""

_BINS_PER_DECADE = 18
_TOP = (0.83, 0.86, 0.89, 0.92, 0.945, 0.965, 0.98, 0.99, 0.996, 1.0)
_SHOWERS = (10_000, 100_000)
_ENERGETIC, _AS_MANY = 0.5, 6
_CUT = 5e-4
_SHOWER_ENERGY = 5e5  # showers times beam energy over least energy
_SOFT, _HARD = 6, 10  # nodes in the energy of X
_ORDERS = (8, 16)  # in angle and momentum transfer
_PLACES = 48
_EACH = 7
_HIGH, _MORE = 0.8, 2.2
_BASE = 3
_POSITRONS = 24  # points in each bin of energy
# threads that ask for the same shower wait for the first
_ONE_AT_A_TIME = Lock()


def dump_emitters(
    beam: Beam | str,
    target: TargetLike,
    *,
    least_energy: float = 0.0,
    n_showers: int | None = None,
    seed: int = 1,
    threads: int | None = None,
) -> EmitterTable:
    """Return the electrons and positrons of the showers in a target, from the cache if they are.

    Parameters
    ----------
    beam : Beam or str
        Electrons or positrons, such as ``"e-:20GeV"``.
    target : str, Element, Material, LayeredMaterial or sequence of (str, float)
        As for `darkbeam.matter.target`.
    least_energy : float
        Least energy of the emitters, GeV; no less than `LEAST_SHARE` of the beam's.
    n_showers : int, optional
        Number of showers, with six times as many for emitters of more than half of the beam's
        energy; by default 10 000 to 100 000, more where they are fast.
    seed : int
        Key of the random numbers.
    threads : int, optional
        Number of threads; it does not change the result.

    Raises
    ------
    InputError
        Not a beam of electrons or positrons, or a least energy that is not below the beam's.

    Examples
    --------
    >>> table = dump_emitters("e-:10GeV", [("W", 3.5)], least_energy=2.0, n_showers=500)
    >>> bool(0.2 < table.path_x0[0, 0].sum() < 2.0)
    True
    """
    beam_, least = _checked(beam, least_energy)
    item = parse_target(target)
    if n_showers is None:
        showers = _SHOWER_ENERGY * least / beam_.energy
        n_showers = int(np.clip(round(showers, -3), *_SHOWERS))
    with _ONE_AT_A_TIME:
        return _emitters(beam_, item, least, n_showers, seed, threads)


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
    beam_, least = _checked(beam, least_energy)
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
    beam_, least = _checked(beam, least_energy)
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


@lru_cache(maxsize=16)
def _emitters(
    beam: Beam, item: LayeredMaterial, least: float, n_showers: int, seed: int, threads: int | None
) -> EmitterTable:
    kinetic = beam.energy - beam.mass
    edges = _energy_edges(least - ELECTRON_MASS, kinetic)

    # softer photons are a steady loss: small beside the finest bin below the beam's energy
    cut = max(min(_CUT * kinetic, CUT_FRACTION * float(edges[0])), 1e-4)

    def simulated(start: int, showers: int) -> EmitterTable:
        return emitter_table(
            item,
            kinetic,
            edges[start:],
            particle=beam.particle,
            n_showers=showers,
            seed=seed,
            threads=threads,
            cut=cut,
        )

    def compute() -> dict[str, FloatArray]:
        # energetic ones are few and fast to follow, and decide how far an exclusion reaches
        first = int(np.searchsorted(edges, _ENERGETIC * kinetic))
        made, more = simulated(0, n_showers), simulated(first, _AS_MANY * n_showers)
        names = ("path_x0", "path_err", "energy", "depth_m", "one_minus_cos")
        joined = {}
        for name in names:
            parts = (getattr(made, name)[:, :, :first], getattr(more, name))
            joined[name] = np.concatenate(parts, axis=2)
        return joined

    inputs = {
        "beam": str(beam),
        "target": item,
        "energy_edges": edges,
        "n_showers": n_showers,
        "seed": seed,
    }
    arrays = cached_arrays("electron-dump", inputs, compute)
    return EmitterTable(edges, tuple(m.name for m in item.materials), **arrays)


def _energy_edges(least: float, kinetic: float) -> FloatArray:
    """Return edges in constant ratio, finer towards the beam's energy and at the lower end."""
    end = _TOP[0] * kinetic
    fine = kinetic * np.array(_TOP)
    if least >= end:
        return np.asarray(kinetic - (kinetic - least) * np.array([1.0, 0.7, 0.4, 0.2, 0.05, 0.0]))
    bins = max(1, int(np.ceil(_BINS_PER_DECADE * np.log10(end / least))))
    even = np.geomspace(least, end, bins + 1)
    # X above the least energy open up in the first bin
    start = least * (even[1] / least) ** np.array([0.0, 0.1, 0.4])
    return np.concatenate((start, even[1:], fine[1:]))


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


def _checked(beam: Beam | str, least_energy: float) -> tuple[Beam, float]:
    """Return the beam and the least energy of X."""
    beam_ = parse_beam(beam) if isinstance(beam, str) else beam
    if beam_.particle not in ("e-", "e+"):
        raise InputError(f"beam = {beam_}: expected electrons or positrons")
    if not (np.isfinite(least_energy) and least_energy >= 0.0):
        raise InputError(f"least_energy = {least_energy} GeV: must be finite and at least 0")
    return beam_, max(float(least_energy), LEAST_SHARE * beam_.energy)


def _checked_mass(mass: float) -> FloatArray:
    if not (np.isfinite(mass) and mass > 0.0):
        raise ValidityError(f"mass = {mass} GeV: must be finite and above 0")
    return np.asarray(mass, dtype=np.float64)


def _empty(mass: float) -> MediatorSample:
    none = np.zeros(0)
    return MediatorSample(float(mass), none, none, none, none)
