"""The electrons and positrons of the showers in a dump, by energy, depth and direction."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import ELECTRON_MASS
from darkbeam.errors import InputError
from darkbeam.matter.shower.emitters import EmitterTable, emitter_table
from darkbeam.matter.shower.preparation import CUT_FRACTION
from darkbeam.matter.targets import LayeredMaterial, TargetLike
from darkbeam.matter.targets import target as parse_target
from darkbeam.particles import Beam, parse_beam
from darkbeam.storage import cached_arrays

__all__ = ["LEAST_SHARE", "checked_beam", "dump_emitters"]

FloatArray = NDArray[np.float64]

LEAST_SHARE = 0.01
"""X of less than this share of the beam's energy are left out, whatever is asked for."""

_BINS_PER_DECADE = 18
_TOP = (0.83, 0.86, 0.89, 0.92, 0.945, 0.965, 0.98, 0.99, 0.996, 1.0)
_SHOWERS = (10_000, 100_000)
_ENERGETIC, _AS_MANY = 0.5, 6
_CUT = 5e-4
_SHOWER_ENERGY = 5e5  # showers times beam energy over least energy
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
    beam_, least = checked_beam(beam, least_energy)
    item = parse_target(target)
    if n_showers is None:
        showers = _SHOWER_ENERGY * least / beam_.energy
        n_showers = int(np.clip(round(showers, -3), *_SHOWERS))
    with _ONE_AT_A_TIME:
        return _emitters(beam_, item, least, n_showers, seed, threads)


def checked_beam(beam: Beam | str, least_energy: float) -> tuple[Beam, float]:
    """Return the beam and the least energy of X, at least `LEAST_SHARE` of the beam's."""
    beam_ = parse_beam(beam) if isinstance(beam, str) else beam
    if beam_.particle not in ("e-", "e+"):
        raise InputError(f"beam = {beam_}: expected electrons or positrons")
    if not (np.isfinite(least_energy) and least_energy >= 0.0):
        raise InputError(f"least_energy = {least_energy} GeV: must be finite and at least 0")
    return beam_, max(float(least_energy), LEAST_SHARE * beam_.energy)


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
