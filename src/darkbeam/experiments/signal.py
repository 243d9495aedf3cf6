"""The signal of a model per particle on target: all ways to make the mediator and to miss it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import HBARC_GEV_M
from darkbeam.decays import Widths, widths
from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.experiments.annihilation_signal import annihilation_yield
from darkbeam.experiments.description import ExperimentDescription
from darkbeam.experiments.missing_energy import SignalSpectrum, SpectraOfMass, emission_table
from darkbeam.experiments.missing_energy_description import MissingEnergyDescription
from darkbeam.experiments.semi_visible import semi_visible_yield, splits
from darkbeam.models import CouplingTable, Model
from darkbeam.production.brem_models import emissions
from darkbeam.production.brem_vertices import Kind

__all__ = ["PROCESSES", "check_processes", "radiated_kinds", "signal_per_particle"]

FloatArray = NDArray[np.float64]

PROCESSES = ("bremsstrahlung", "annihilation", "annihilation-photon")
"""How X is made: radiated by the electrons and positrons of the shower, or by positrons that
annihilate on the electrons of the target, alone or beside a photon."""


def check_processes(
    names: str | Iterable[str], known: Sequence[str] = PROCESSES
) -> tuple[str, ...]:
    """Return processes by their names, or texts such as ``"bremsstrahlung,annihilation"``.

    Parameters
    ----------
    names : str or iterable of str
        Those that are to count.
    known : sequence of str
        All that there are.

    Raises
    ------
    UnknownNameError
        There is no such process; the near match is named.
    InputError
        None is given.
    """
    given = names.split(",") if isinstance(names, str) else list(names)
    wanted = [name.strip() for name in given]
    for name in wanted:
        if name not in known:
            raise UnknownNameError(f"processes: no {name!r}; {suggestion(name, known)}")
    if not wanted:
        raise InputError("processes: none is given")
    return tuple(name for name in known if name in wanted)


def signal_per_particle(
    description: ExperimentDescription,
    model: Model,
    spectra: Sequence[SpectraOfMass],
    processes: Sequence[str] = PROCESSES,
) -> FloatArray:
    """Return the selected events per particle on target, of the shape of the model.

    Parameters
    ----------
    description : ExperimentDescription
        The apparatus.
    model : Model
        On arrays; ``spectra[i]`` belongs to index i of the last axis.
    spectra : sequence of SpectraOfMass
        At unit coupling.
    processes : sequence of str
        Some of `PROCESSES`.
    """
    table = model.couplings()
    found = widths(table, warn=False)
    result = np.zeros(table.shape)
    if "bremsstrahlung" in processes:
        result = result + _radiated(description, table, found, spectra)
    if "annihilation-photon" in processes:
        beside = [one.beside_photon for one in spectra if one.beside_photon is not None]
        if beside:
            result = result + _radiated(description, table, found, beside)
    if "annihilation" in processes and isinstance(description, MissingEnergyDescription):
        emission = emission_table(description)
        result = result + annihilation_yield(description, emission, table, found)
    return result


def radiated_kinds(description: ExperimentDescription, table: CouplingTable) -> tuple[Kind, ...]:
    """Return the kinds of coupling by which the beam radiates X and leaves the right lepton."""
    final = description.final_lepton
    return tuple(e.kind for e in emissions(table, description.beam.particle) if e.final == final)


def _radiated(
    description: ExperimentDescription,
    table: CouplingTable,
    found: Widths,
    spectra: Sequence[SpectraOfMass],
) -> FloatArray:
    """Return the part of spectra that any coupling to the beam's lepton scales, all kinds."""
    result = np.zeros(table.shape)
    for emission in emissions(table, description.beam.particle):
        if emission.final != description.final_lepton or not np.any(emission.strength):
            continue  # a lepton of another flavour is another signature
        of_kind = [one[emission.kind] for one in spectra]
        strength = np.broadcast_to(emission.strength, table.shape)
        result = result + strength * _missed(description, table, found, of_kind)
    return np.asarray(result)


def _missed(
    description: ExperimentDescription,
    table: CouplingTable,
    found: Widths,
    spectra: Sequence[SignalSpectrum],
) -> FloatArray:
    """Return the yield at unit coupling of those mediators whose energy is missing."""
    total = np.broadcast_to(found.total, table.shape)
    # what does not decay at all escapes
    hidden = np.divide(found.invisible, total, out=np.ones(table.shape), where=total > 0)
    unseen = np.array([s.total for s in spectra])
    effective = hidden * unseen
    if splits(table):
        # the heavier of two dark states may decay within sight
        dark = np.broadcast_to(found.partial["dark"], table.shape)
        share = np.divide(dark, total, out=np.zeros(table.shape), where=total > 0)
        effective += share * (semi_visible_yield(description, table, spectra) - unseen)
    masses = np.broadcast_to(np.asarray(table.mass, dtype=np.float64), table.shape)
    for i in np.flatnonzero(np.any(hidden < 1.0 - 1e-6, axis=tuple(range(hidden.ndim - 1)))):
        mass = float(masses[..., i].flat[0])
        escaping = _escaping(description, spectra[int(i)], mass, total[..., i])
        effective[..., i] += (1.0 - hidden[..., i]) * escaping
    return np.asarray(effective)


def _escaping(
    description: ExperimentDescription, spectrum: SignalSpectrum, mass: float, width: FloatArray
) -> FloatArray:
    """Return the yield of those X that leave the apparatus before they decay (visibly)."""
    momentum = np.sqrt(np.maximum(spectrum.energies**2 - mass**2, 0.0))
    per_width = description.escape_length / HBARC_GEV_M * mass / momentum
    result = np.zeros(width.shape)
    # where even the fastest decay within the apparatus, nothing escapes
    some = width * per_width.min(initial=np.inf) < 50.0
    result[some] = np.exp(-width[some][:, None] * per_width) @ spectrum.yields
    return result
