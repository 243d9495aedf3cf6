r"""All mediators that a beam of protons makes, source by source, for a dump or a collider.

`proton_dump_samples` gives the points of each source at one mass, free of couplings, and
`source_strengths` what a model's couplings make of them:

.. math:: \frac{N}{\rm proton} = \sum_{\rm sources} {\rm strength}\times\sum{\rm weights} .

A strength is a quadratic form in the mediator's vector couplings to u, d and s whose coefficients
depend on its mass alone, so a plane of couplings and masses costs three products of arrays.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import InputError, ModelError, ValidityError
from darkbeam.models.couplings import QUARKS, Coupling, CouplingTable
from darkbeam.production.drell_yan import LEAST_MASS, drell_yan_samples, drell_yan_strengths
from darkbeam.production.forward_samples import (
    forward_brem_sample,
    forward_decay_sample,
    forward_mixing_sample,
)
from darkbeam.production.mediator_samples import MediatorSample, compress
from darkbeam.production.meson_decays import MESON_DECAYS, FormFactor, branching_ratio
from darkbeam.production.meson_spectra import MESONS, MesonSpectrum, beam_energy_of
from darkbeam.production.nucleon_form_factors import FormFactorName, nucleon_form_factor
from darkbeam.production.proton_brem import WINDOWS, Window
from darkbeam.production.proton_interactions import interactions_in
from darkbeam.production.proton_production import (
    DEFAULT_SOURCES,
    MIXINGS,
    SOURCES,
    ProtonProduction,
    generators,
    production_band,
)
from darkbeam.production.vector_dominance import meson_mixing

__all__ = [
    "DEFAULT_SOURCES",
    "MIXING_MASSES",
    "SOURCES",
    "ProtonProduction",
    "generators",
    "production_band",
    "proton_dump_samples",
    "source_strengths",
]

FloatArray = NDArray[np.float64]

MIXING_MASSES = (0.6, 1.1)
"""Masses between which a meson turns into the mediator with its own momentum, GeV."""
_NEAR = 0.07
"""Greatest difference in ln E of a beam from that of its table."""


def proton_dump_samples(
    production: ProtonProduction,
    beam_energy: float,
    mass: float,
    *,
    largest_angle: float = np.pi,
    least_energy: float = 0.0,
    least_angle: float = 0.0,
    seed: int = 0,
) -> dict[str, MediatorSample]:
    """Return the mediators of each source that is open at a mass, free of couplings.

    Parameters
    ----------
    production : ProtonProduction
        What makes them.
    beam_energy : float
        Total energy of a proton, GeV; it must be that of the tables of mesons to 7 %, whose momenta
        are scaled with it at fixed transverse momentum.
    mass : float
        Mass of the mediator, GeV.
    largest_angle : float
        Greatest angle to the beam, rad, that the experiment can see.
    least_energy : float
        Least energy of a mediator, GeV, that it can see.
    least_angle : float
        Least angle to the beam, rad, of what a detector beside the beam can see.
    seed : int
        Where the sequences of points begin.

    Returns
    -------
    dict of str to MediatorSample
        By the names of `ProtonProduction.names`: weights per proton on target (at colliders per
        inelastic collision, in one direction), at branching ratio or mixing one, or at unit
        coupling to the proton or to the quark. About a thousand points each, all at the mean depth
        of interactions.
    """
    if not (np.isfinite(mass) and mass > 0.0):
        raise InputError(f"mass must be above 0 GeV, got {mass!r}")
    stretch = _stretch(production, beam_energy)
    cone = (largest_angle, least_energy, least_angle)
    share, depth = (1.0, 0.0) if production.target is None else interactions_in(production.target)
    made: dict[str, MediatorSample] = {}
    for name, source in production.parts():
        if source == "drell-yan" or not _open(name, source, mass):
            continue
        sample = _sample(production, name, source, beam_energy, mass, cone, seed, stretch)
        if source != "bremsstrahlung":
            number = production.multiplicity_factor(source.removesuffix("-mixing"))
            sample = replace(sample, weight=number * sample.weight)
        made[name] = sample
    if "drell-yan" in production.sources and mass >= LEAST_MASS:
        made |= _fused(production, beam_energy, mass, cone)
    return {
        name: replace(sample, weight=share * sample.weight, depth_m=np.full(len(sample), depth))
        for name, sample in ((name, _beside(each, least_angle)) for name, each in made.items())
        if len(sample)
    }


def source_strengths(production: ProtonProduction, table: CouplingTable) -> dict[str, FloatArray]:
    r"""Return what the couplings of a mediator make of each source.

    Branching ratio (`darkbeam.production.meson_decays.branching_ratio`), mixing (`meson_mixing`),
    or :math:`|F_X(m^2)|^2` (`nucleon_form_factor`), each as
    :math:`\sum_{ij} g_i K_{ij}(m) g_j` over i, j = u, d, s; of quarks that fuse
    :math:`g_V^2 + g_A^2` of each (`darkbeam.production.drell_yan.drell_yan_strengths`).

    Parameters
    ----------
    production : ProtonProduction
        What makes them.
    table : CouplingTable
        Of a vector mediator.

    Returns
    -------
    dict of str to ndarray
        By the names of `ProtonProduction.names`, in the shape of the table; 0 where a source is
        closed. All are 0 for what none of the sources can make, such as a leptophilic mediator.

    Raises
    ------
    ModelError
        For a scalar that couples to quarks: its production by protons is not there.
    """
    if table.spin != 1:
        if table.couples_to_quarks():
            raise ModelError("production of scalars by protons is not available, only of vectors")
        return {name: np.zeros(table.shape) for name in production.names}
    fusion = drell_yan_strengths(table) if "drell-yan" in production.sources else {}
    couplings = [table.vector(quark) for quark in _LIGHT]
    mass, place = np.unique(np.asarray(table.mass), return_inverse=True)
    place = place.reshape(np.shape(table.mass))
    used = [(i, j) for i, j in _PAIRS if couplings[i].any() and couplings[j].any()]
    products = [couplings[i] * couplings[j] for i, j in used]
    strengths: dict[str, FloatArray] = {}
    for name, source in production.parts():
        if source == "drell-yan":
            heavy = np.asarray(table.mass) >= LEAST_MASS
            strengths[name] = np.asarray(heavy * fusion[name.removeprefix("drell-yan ")])
        elif used:
            form = _form(name, source, production.form_factor, mass.tobytes())
            strengths[name] = _sum_of_products(form[..., place], used, products)
        else:
            strengths[name] = np.zeros(table.shape)
    return strengths


def _open(name: str, source: str, mass: float) -> bool:
    if source in MIXINGS:
        return MIXING_MASSES[0] <= mass <= MIXING_MASSES[1]
    return source not in MESONS or mass < MESON_DECAYS[name].threshold


def _sample(
    production: ProtonProduction,
    name: str,
    source: str,
    beam_energy: float,
    mass: float,
    cone: tuple[float, float, float],
    seed: int,
    stretch: float,
) -> MediatorSample:
    """Return few points of one source, for one interaction."""
    angle, energy, least_angle = cone
    if source == "bremsstrahlung":
        window = production.window
        return forward_brem_sample(
            mass,
            beam_energy,
            collider=production.collider,
            largest_angle=angle,
            least_energy=energy,
            splitting=production.splitting,
            window=window if isinstance(window, Window) else WINDOWS[window],
            cutoff=production.cutoff,
            cross_section=production.cross_section,
        )
    spectrum = _scaled(production.spectrum(source.removesuffix("-mixing")), stretch)
    if source in MIXINGS:
        mixed = forward_mixing_sample(
            spectrum,
            mass,
            largest_angle=angle,
            least_energy=energy,
            least_angle=least_angle,
            seed=seed,
        )
        return compress(mixed)
    decay = MESON_DECAYS[name]
    # Points where mediators are: rare decays need not be as exact.
    rare = decay.radiative < _RARE
    decayed = forward_decay_sample(
        spectrum,
        decay,
        mass,
        largest_angle=angle,
        least_energy=energy,
        least_angle=least_angle,
        points_per_row=40 if rare else 128,
        seed=seed,
    )
    return compress(decayed, cells=(60, 8, 1) if rare else (80, 16, 1))


def _fused(
    production: ProtonProduction, beam_energy: float, mass: float, cone: tuple[float, float, float]
) -> dict[str, MediatorSample]:
    """Return what quarks of each flavour make that fuse, forward of a collider's two directions."""
    angle = min(cone[0], 0.5 * np.pi) if production.collider else cone[0]
    samples = drell_yan_samples(
        beam_energy,
        mass,
        target=production.nucleus,
        collider=production.collider,
        size=_FUSED_POINTS,
    )
    return {
        f"drell-yan {quark}": compress(
            _beside(sample, cone[2]), largest_angle=angle, least_energy=cone[1]
        )
        for quark, sample in samples.items()
    }


def _beside(sample: MediatorSample, least_angle: float) -> MediatorSample:
    """Return the points at no less than an angle to the beam."""
    if not least_angle:
        return sample
    kept = sample.angle >= least_angle
    parts = (sample.energy, sample.angle, sample.weight, sample.depth_m)
    return MediatorSample(sample.mass, *(part[kept] for part in parts))


_FUSED_POINTS = (160, 160)
"""Rapidities and transverse momenta: a narrow cone holds a small part of the latter."""
_RARE = 0.015
"""Radiative branching ratio below which a decay has fewer points."""
_LIGHT = QUARKS[:3]
_PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))


def _unit_couplings(mass: FloatArray) -> CouplingTable:
    """Return a table of six vectors, shape (6, masses): one for each of `_PAIRS`, couplings 1."""
    unit = np.array([[float(quark in pair) for quark in range(3)] for pair in _PAIRS])
    columns = {q: Coupling(vector=unit[:, k, None]) for k, q in enumerate(_LIGHT)}
    return CouplingTable(mass=mass, fermions=columns)


@lru_cache(maxsize=512)
def _form(name: str, source: str, form_factor: FormFactorName, masses: bytes) -> FloatArray:
    """Return the quadratic form of a source at masses that are given by the bytes of their array.

    A search for edges asks for the same masses again and again.
    """
    unit = _unit_couplings(np.frombuffer(masses))
    return _quadratic_form(_strength(name, source, unit, form_factor))


def _quadratic_form(values: FloatArray) -> FloatArray:
    """Return K_ij (i < j: twice it), shape (3, 3, masses), from the values at unit couplings.

    Polarisation: 2 K_12 = S(1, 1) - S(1, 0) - S(0, 1).
    """
    form = np.zeros((3, 3, values.shape[1]))
    for k, (i, j) in enumerate(_PAIRS):
        form[i, j] = values[k] if i == j else values[k] - form[i, i] - form[j, j]
    return form


def _sum_of_products(
    form: FloatArray, used: list[tuple[int, int]], products: list[FloatArray]
) -> FloatArray:
    """Return the sum of K_ij g_i g_j; the squares come first."""
    total, squares, term = (np.zeros(products[0].shape) for _ in range(3))
    for (i, j), product in zip(used, products, strict=True):
        np.multiply(form[i, j], product, out=term)
        total += term
        if i == j:
            squares += term
    # What is left of a cancellation is rounding: it is no source.
    total[total <= 1e-14 * squares] = 0.0
    return total


def _strength(
    name: str, source: str, table: CouplingTable, form_factor: FormFactorName
) -> FloatArray:
    if source == "bremsstrahlung":
        return np.asarray(np.abs(nucleon_form_factor(table, form_factor=form_factor)) ** 2)
    if source in MIXINGS:
        low, high = MIXING_MASSES
        near = (np.asarray(table.mass) >= low) & (np.asarray(table.mass) <= high)
        return np.asarray(near * meson_mixing(source.removesuffix("-mixing"), table))
    kind: FormFactor = "point" if form_factor == "point" else "vmd"
    return branching_ratio(name, table, form_factor=kind)


def _stretch(production: ProtonProduction, beam_energy: float) -> float:
    """Return the ratio of the beam's energy to that of the tables."""
    if not (np.isfinite(beam_energy) and beam_energy > 0.0):
        raise InputError(f"beam_energy must be above 0 GeV, got {beam_energy!r}")
    tabulated = beam_energy_of(production.spectra)
    ratio = beam_energy / tabulated
    if abs(np.log(ratio)) > _NEAR:
        raise ValidityError(
            f"beam_energy = {beam_energy:g} GeV: the mesons of {production.spectra} are of protons "
            f"of {tabulated:g} GeV (within 7 %)"
        )
    return float(ratio)


def _scaled(spectrum: MesonSpectrum, ratio: float) -> MesonSpectrum:
    """Return the spectrum with its momenta scaled at fixed transverse momentum."""
    if ratio == 1.0:
        return spectrum
    shift = np.log10(ratio)
    return replace(
        spectrum,
        log10_momentum=spectrum.log10_momentum + shift,
        log10_angle=np.minimum(spectrum.log10_angle - shift, np.log10(np.pi)),
    )
