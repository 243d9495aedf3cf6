"""The signatures that experiments look for: what of a file and what of the code each one takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import ExperimentError, suggestion
from darkbeam.experiments import (
    flavour_change,
    missing_energy,
    missing_momentum,
    scattered_muon,
)
from darkbeam.experiments.annihilation_photon_signal import photon_spectrum
from darkbeam.experiments.description import ExperimentDescription
from darkbeam.experiments.displaced.sources import processes_of
from darkbeam.experiments.displaced_decay import displaced_signal, prepare_displaced
from darkbeam.experiments.displaced_decay_description import DisplacedDecayDescription
from darkbeam.experiments.flavour_change_description import FlavourChangeDescription
from darkbeam.experiments.missing_energy import SignalSpectrum, SpectraOfMass
from darkbeam.experiments.missing_energy_description import MissingEnergyDescription
from darkbeam.experiments.missing_momentum_description import MissingMomentumDescription
from darkbeam.experiments.scattered_muon_description import ScatteredMuonDescription
from darkbeam.experiments.signal import PROCESSES, radiated_kinds, signal_per_particle
from darkbeam.models import Model
from darkbeam.production.brem_vertices import Kind
from darkbeam.toml_files import EntryError, read_toml

__all__ = ["SIGNATURES", "Signature", "read_description", "signature_of"]

FloatArray = NDArray[np.float64]


Progress = Callable[[int, int], None]
Processes = Callable[[Any], tuple[str, ...]]


@dataclass(frozen=True)
class Signature:
    """One way to look for X.

    Attributes
    ----------
    description : type
        What a file with this signature holds.
    prepare : callable
        Of description, masses, model and progress: what is seen at each mass, free of couplings.
    signal : callable
        Of description, model, what was prepared and the processes: events per particle on target,
        of the shape of the model, whose last axis is that of the masses.
    processes : callable
        Of description: the names of all ways to make the signal.
    """

    description: type[ExperimentDescription]
    prepare: Callable[[Any, FloatArray, Model, Progress | None], Sequence[Any]]
    signal: Callable[[Any, Model, Sequence[Any], Sequence[str]], FloatArray]
    processes: Processes


Spectrum = Callable[[Any, float, Kind], SignalSpectrum]


def _lost(
    description: type[ExperimentDescription],
    spectrum: Spectrum,
    beside_photon: Spectrum | None = None,
) -> Signature:
    """Return a signature of an X that is missed.

    `spectrum` is the selected spectrum of X that the beam radiates, per particle on target at unit
    coupling, by mass and kind of coupling; `beside_photon` the same of positrons that annihilate
    to X and a photon, where annihilation makes the same signature.
    """

    def prepare(
        description: ExperimentDescription,
        masses: FloatArray,
        model: Model,
        progress: Progress | None,
    ) -> tuple[SpectraOfMass, ...]:
        kinds = radiated_kinds(description, model.couplings())
        result = []
        for i, mass in enumerate(masses):
            one = _spectra(description, float(mass), spectrum, beside_photon)
            for kind in kinds:
                _ = one[kind]
            result.append(one)
            if progress is not None:
                progress(i + 1, masses.size)
        return tuple(result)

    names = PROCESSES if beside_photon else PROCESSES[:1]
    return Signature(description, prepare, signal_per_particle, lambda _: names)


def _spectra(
    description: ExperimentDescription, mass: float, spectrum: Spectrum, photon: Spectrum | None
) -> SpectraOfMass:
    """Return the spectra at one mass, made when they are asked for."""
    return SpectraOfMass(
        lambda kind: spectrum(description, mass, kind),
        photon and SpectraOfMass(lambda kind: photon(description, mass, kind)),
    )


SIGNATURES: Mapping[str, Signature] = {
    "missing_energy": _lost(
        MissingEnergyDescription, missing_energy.signal_spectrum, photon_spectrum
    ),
    "missing_momentum": _lost(MissingMomentumDescription, missing_momentum.signal_spectrum),
    "scattered_muon": _lost(ScatteredMuonDescription, scattered_muon.signal_spectrum),
    "flavour_change": _lost(FlavourChangeDescription, flavour_change.signal_spectrum),
    "displaced_decay": Signature(
        DisplacedDecayDescription, prepare_displaced, displaced_signal, processes_of
    ),
}
"""Signatures by the name that files give them."""


def signature_of(description: ExperimentDescription) -> Signature:
    """Return the signature of an experiment."""
    return SIGNATURES[description.signature]


def read_description(path: Path) -> ExperimentDescription:
    """Read and check an experiment's TOML file.

    Raises
    ------
    ExperimentError
        The file cannot be read, is no TOML, or holds what is not allowed: one line that names
        the file, the line in it, the entry and what is wrong.
    """
    return read_toml(path, _schema, ExperimentError)


def _schema(data: Mapping[str, Any]) -> type[ExperimentDescription]:
    name = data.get("signature")
    if name is None:
        raise EntryError(("signature",), "is missing")
    if name not in SIGNATURES:
        raise EntryError(("signature",), f"no {name!r}; {suggestion(str(name), list(SIGNATURES))}")
    return SIGNATURES[name].description
