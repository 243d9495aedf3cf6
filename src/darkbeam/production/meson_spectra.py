r"""Spectra of light mesons from protons, as tables of event generators.

A table is the mean number of mesons per inelastic interaction in cells of momentum and angle to the
beam; at 13.6 TeV in the centre of mass, for one of the two directions. The choice of the generator
is an uncertainty, so tables of more than one exist and `multiplicity_band` gives their range.
Files and how they are made: `production/data/README.md`, `tools/make_meson_spectra.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam import particles
from darkbeam.errors import InputError, UnknownNameError, suggestion

__all__ = [
    "MESONS",
    "MesonSpectrum",
    "beam_energy_of",
    "load_meson_spectra",
    "meson_spectrum",
    "multiplicity_band",
    "spectrum_tables",
]

FloatArray = NDArray[np.float64]

MESONS = ("pi0", "eta", "eta'", "rho", "omega", "phi")
"""Mesons that a table may hold."""


@dataclass(frozen=True, eq=False)
class MesonSpectrum:
    """The spectrum of one meson.

    Parameters
    ----------
    meson : str
        Its name, one of `MESONS`.
    log10_momentum, log10_angle : ndarray
        Edges of the cells: log10 of the momentum in GeV, and of the angle to the beam in rad.
    counts : ndarray, shape (momenta, angles)
        Mean number of mesons per inelastic interaction and cell.
    mean_energy : float
        Mean energy of a meson, GeV, before it was put into cells (of both directions at colliders).
    entries : int
        How many mesons the generator made: the statistical error is its square root.
    generator, beam, source : str
        Where the table is from.
    sigma_inelastic_mb : float
        The generator's inelastic cross section; NaN where it gives none.
    """

    meson: str
    log10_momentum: FloatArray
    log10_angle: FloatArray
    counts: FloatArray
    mean_energy: float
    entries: int
    generator: str
    beam: str
    source: str
    sigma_inelastic_mb: float

    def __post_init__(self) -> None:
        """Check the shapes and signs."""
        shape = (self.log10_momentum.size - 1, self.log10_angle.size - 1)
        if self.counts.shape != shape:
            raise InputError(f"counts must have shape {shape}, got {self.counts.shape}")
        if not (np.all(np.isfinite(self.counts)) and np.all(self.counts >= 0.0)):
            raise InputError("counts must be finite and not negative")

    @property
    def mass(self) -> float:
        """Mass of the meson, GeV."""
        return particles.mass(self.meson)

    @property
    def multiplicity(self) -> float:
        """Mesons per inelastic interaction."""
        return float(np.sum(self.counts))

    def density(self, momentum: ArrayLike, angle: ArrayLike) -> FloatArray:
        """Return d2N/dp dtheta per inelastic interaction, 1/(GeV rad), integrated over azimuth.

        Constant in ln p and in theta^2 within a cell; 0 outside of the table.

        Parameters
        ----------
        momentum, angle : array_like
            Momentum, GeV, and angle to the beam, rad; both above 0.
        """
        p, theta = np.broadcast_arrays(
            np.asarray(momentum, dtype=np.float64), np.asarray(angle, dtype=np.float64)
        )
        if not (np.all(p > 0.0) and np.all(theta > 0.0)):
            raise InputError("momentum and angle must be above 0")
        row, in_rows = _cell(self.log10_momentum, np.log10(p))
        column, in_columns = _cell(self.log10_angle, np.log10(theta))
        width_p = np.log(10.0) * np.diff(self.log10_momentum)[row]
        squares = 10.0 ** (2.0 * self.log10_angle)
        width_t = np.diff(squares)[column]
        value = self.counts[row, column] * 2.0 * theta / (p * width_p * width_t)
        return np.asarray(np.where(in_rows & in_columns, value, 0.0))

    def sample(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return momenta (GeV) and angles (rad) of mesons for points of the unit cube.

        Parameters
        ----------
        points : ndarray, shape (n, 3)
            Uniform in (0, 1): random or quasi-random numbers. The first one chooses the cell.

        Returns
        -------
        tuple of ndarray, shape (n,)
            All with the same weight, `multiplicity` / n.
        """
        total = np.cumsum(self.counts.ravel())
        chosen = np.searchsorted(total, points[:, 0] * total[-1], side="right")
        # Rounding may point past the last cell that is not empty.
        chosen = np.minimum(chosen, np.flatnonzero(self.counts.ravel())[-1])
        row, column = np.divmod(chosen, self.counts.shape[1])
        low, high = self.log10_momentum[row], self.log10_momentum[row + 1]
        momentum = 10.0 ** (low + points[:, 1] * (high - low))
        squares = 10.0 ** (2.0 * self.log10_angle)
        squared = squares[column] + points[:, 2] * (squares[column + 1] - squares[column])
        return momentum, np.sqrt(squared)


def spectrum_tables() -> dict[str, tuple[str, ...]]:
    """Return the beams that tables exist for, and the generators of each.

    Examples
    --------
    >>> spectrum_tables()["400GeV-p"]
    ('Pythia6', 'Sibyll23e')
    """
    found: dict[str, list[str]] = {}
    for generator, beam in sorted(_names()):
        found.setdefault(beam, []).append(generator)
    return {beam: tuple(generators) for beam, generators in sorted(found.items())}


def beam_energy_of(beam: str) -> float:
    """Return the energy of a proton, GeV, in the frame of a table, by the name of its beam.

    Examples
    --------
    >>> beam_energy_of("400GeV-Mo"), beam_energy_of("13.6TeV-pp")
    (400.0, 6800.0)
    """
    energy, _, other = beam.partition("-")
    number, unit = energy[:-3], energy[-3:]
    if unit not in ("GeV", "TeV") or not other:
        raise InputError(f"beam {beam!r}: the name must be such as '400GeV-p' or '13.6TeV-pp'")
    factor = (1.0 if unit == "GeV" else 1e3) * (0.5 if other == "pp" else 1.0)
    return float(number) * factor


def meson_spectrum(meson: str, beam: str, generator: str = "Sibyll23e") -> MesonSpectrum:
    """Return the spectrum of a meson.

    Parameters
    ----------
    meson : str
        One of `MESONS`.
    beam : str
        One of `spectrum_tables`, such as ``"400GeV-p"``: 400 GeV protons on protons at rest.
    generator : str
        One that has this beam.

    Raises
    ------
    UnknownNameError
        There is no such table, or it has no such meson.

    Examples
    --------
    >>> round(meson_spectrum("eta", "400GeV-p").multiplicity, 1)
    0.8
    """
    tables = spectrum_tables()
    if beam not in tables:
        raise UnknownNameError(f"no meson spectra of beam {beam!r}, {suggestion(beam, tables)}")
    if generator not in tables[beam]:
        tail = suggestion(generator, tables[beam])
        raise UnknownNameError(f"no meson spectra of {beam} by {generator!r}, {tail}")
    spectra = _shipped(generator, beam)
    if meson not in spectra:
        tail = suggestion(meson, spectra)
        raise UnknownNameError(f"{generator} has no spectrum of {meson!r} at {beam}, {tail}")
    return spectra[meson]


def multiplicity_band(meson: str, beam: str) -> tuple[float, float]:
    """Return the least and the greatest multiplicity of a meson among the generators.

    Parameters as of `meson_spectrum`.
    """
    tables = spectrum_tables()
    if beam not in tables:
        raise UnknownNameError(f"no meson spectra of beam {beam!r}, {suggestion(beam, tables)}")
    found = [_shipped(g, beam) for g in tables[beam]]
    values = [spectra[meson].multiplicity for spectra in found if meson in spectra]
    if not values:
        raise UnknownNameError(f"no spectrum of {meson!r} at {beam}, {suggestion(meson, MESONS)}")
    return min(values), max(values)


def load_meson_spectra(path: str | Path) -> dict[str, MesonSpectrum]:
    """Return the spectra of a file in the format of `tools/make_meson_spectra.py`.

    Parameters
    ----------
    path : str or Path
        An ``.npz`` file with `log10_momentum`, `log10_angle`, `sigma_inelastic_mb`, `source` and,
        for each meson, `MESON.density` (counts per cell), `MESON.mean_energy`, `MESON.entries`.
        Its name is ``meson_spectra_GENERATOR_BEAM.npz``.
    """
    file = Path(path)
    generator, beam = _split(file.name)
    with np.load(file) as stored:
        missing = [k for k in ("log10_momentum", "log10_angle", "source") if k not in stored]
        if missing:
            raise InputError(f"{file.name}: no {', '.join(missing)} in the file")
        return {
            meson: MesonSpectrum(
                meson,
                np.asarray(stored["log10_momentum"], dtype=np.float64),
                np.asarray(stored["log10_angle"], dtype=np.float64),
                np.asarray(stored[f"{meson}.density"], dtype=np.float64),
                float(stored[f"{meson}.mean_energy"]),
                int(stored[f"{meson}.entries"]),
                generator,
                beam,
                str(stored["source"]),
                float(stored["sigma_inelastic_mb"]),
            )
            for meson in MESONS
            if f"{meson}.density" in stored
        }


@lru_cache(maxsize=16)
def _shipped(generator: str, beam: str) -> dict[str, MesonSpectrum]:
    name = f"data/meson_spectra_{generator}_{beam}.npz"
    with as_file(files("darkbeam.production").joinpath(name)) as path:
        return load_meson_spectra(path)


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, str], ...]:
    names = (entry.name for entry in files("darkbeam.production").joinpath("data").iterdir())
    return tuple(
        _split(name)
        for name in names
        if name.startswith("meson_spectra_") and name.endswith(".npz")
    )


def _split(name: str) -> tuple[str, str]:
    parts = name.removesuffix(".npz").split("_", 3)
    if len(parts) != 4 or parts[:2] != ["meson", "spectra"]:
        raise InputError(f"{name}: the name must be meson_spectra_GENERATOR_BEAM.npz")
    return parts[2], parts[3]


def _cell(edges: FloatArray, value: FloatArray) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    index = np.searchsorted(edges, value, side="right") - 1
    inside = (index >= 0) & (index < edges.size - 1)
    return np.clip(index, 0, edges.size - 2).astype(np.int64), np.asarray(inside)
