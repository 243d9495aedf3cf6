r"""Mediators of proton beams as weighted samples of energy and angle, and their rates by source.

A sample is free of couplings: its weights add up to the number of mediators per inelastic
interaction at branching ratio one (decays), at mixing one, or at unit coupling to the proton
(bremsstrahlung); the couplings come in by `source_rates`, so one sample serves every model.
The points are quasi-random and the same at every call with the same `seed`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from darkbeam import particles
from darkbeam.constants import PROTON_MASS
from darkbeam.errors import InputError, ValidityError
from darkbeam.models.couplings import CouplingTable
from darkbeam.production.mediator_samples import MediatorSample
from darkbeam.production.meson_decays import FormFactor, MesonDecay, branching_ratio, decays_of
from darkbeam.production.meson_spectra import MESONS, MesonSpectrum
from darkbeam.production.nucleon_form_factors import OFF_SHELL_CUTOFF
from darkbeam.production.proton_brem import (
    WINDOWS,
    Window,
    mediator_energy,
    proton_brem_kernel,
)
from darkbeam.production.vector_dominance import VECTOR_MESONS, meson_mixing

__all__ = [
    "brem_sample",
    "decay_sample",
    "mixing_sample",
    "quasi_random_points",
    "source_rates",
]

FloatArray = NDArray[np.float64]


def decay_sample(
    spectrum: MesonSpectrum, decay: MesonDecay, mass: float, size: int = 100_000, *, seed: int = 0
) -> MediatorSample:
    """Return mediators of the decays of a meson, with branching ratio one.

    The decay is isotropic in the meson's rest frame: exact for pi0, eta and eta', and for rho,
    omega and phi that are not polarised. Energy and momentum are conserved in each.

    Parameters
    ----------
    spectrum : MesonSpectrum
        Of the meson that `decay` is of.
    decay : MesonDecay
        From `darkbeam.production.meson_decays.MESON_DECAYS`.
    mass : float
        Mass of the mediator, GeV.
    size : int
        Number of points.
    seed : int
        Where the sequence of points begins.

    Raises
    ------
    ValidityError
        The mediator is too heavy for the decay.
    """
    if spectrum.meson != decay.meson:
        raise InputError(f"decay {decay.name!r} needs a spectrum of {decay.meson}")
    if not 0.0 < mass < decay.threshold:
        raise ValidityError(
            f"mass = {mass:g} GeV: {decay.name} needs 0 < mass < {decay.threshold:.4g} GeV"
        )
    points = quasi_random_points(size, 5, seed)
    momentum, angle = spectrum.sample(points[:, :3])
    heavy, light = spectrum.mass, particles.mass(decay.partner)
    rest_energy = (heavy**2 + mass**2 - light**2) / (2.0 * heavy)
    rest_momentum = np.sqrt((rest_energy - mass) * (rest_energy + mass))
    cosine, azimuth = 2.0 * points[:, 3] - 1.0, 2.0 * np.pi * points[:, 4]
    energy = np.sqrt(momentum**2 + heavy**2)
    along = rest_momentum * cosine
    boosted = (energy * along + momentum * rest_energy) / heavy
    across = rest_momentum * np.sqrt(1.0 - cosine**2)
    # Turn from the meson's direction to the beam's; the meson lies in the plane of x and z.
    x = across * np.cos(azimuth) * np.cos(angle) + boosted * np.sin(angle)
    y = across * np.sin(azimuth)
    z = boosted * np.cos(angle) - across * np.cos(azimuth) * np.sin(angle)
    total = (energy * rest_energy + momentum * along) / heavy
    weight = np.full(size, spectrum.multiplicity / size)
    return MediatorSample(float(mass), total, np.arctan2(np.hypot(x, y), z), weight)


def mixing_sample(
    spectrum: MesonSpectrum, mass: float, size: int = 100_000, *, seed: int = 0
) -> MediatorSample:
    """Return mediators with the momenta of a rho, omega or phi, one per meson.

    Parameters as of `decay_sample`.
    """
    if spectrum.meson not in VECTOR_MESONS:
        raise InputError(f"a mediator mixes with rho, omega, phi, not with {spectrum.meson}")
    if not mass > 0.0:
        raise InputError(f"mass must be above 0 GeV, got {mass!r}")
    momentum, angle = spectrum.sample(quasi_random_points(size, 3, seed))
    weight = np.full(size, spectrum.multiplicity / size)
    return MediatorSample(float(mass), np.sqrt(momentum**2 + mass**2), angle, weight)


def brem_sample(
    mass: float,
    beam_energy: float,
    size: int = 100_000,
    *,
    splitting: str = "quasi-real",
    window: Window = WINDOWS["forward"],
    cutoff: float = OFF_SHELL_CUTOFF,
    seed: int = 0,
) -> MediatorSample:
    """Return mediators of proton bremsstrahlung at unit coupling, without the form factor.

    Parameters
    ----------
    mass, size, seed
        As of `decay_sample`.
    beam_energy, splitting, window, cutoff
        As of `darkbeam.production.proton_brem.proton_brem_kernel`.

    Returns
    -------
    MediatorSample
        Points even in z and in ln H; those outside of the window have no weight.
    """
    points = quasi_random_points(size, 2, seed)
    span = window.z_max - window.z_min
    z = window.z_min + points[:, 0] * span
    still = (1.0 - z) * mass**2 + (z * PROTON_MASS) ** 2
    stretch = np.log1p(window.pt_max**2 / still)
    pt2 = still * np.expm1(points[:, 1] * stretch)
    kernel = proton_brem_kernel(
        mass, beam_energy, z, pt2, splitting=splitting, window=window, cutoff=cutoff
    )
    weight = kernel * (still + pt2) * stretch * span / size
    along = z * np.sqrt(beam_energy**2 - PROTON_MASS**2)
    energy = mediator_energy(z, pt2, mass, beam_energy)
    return MediatorSample(float(mass), energy, np.arctan2(np.sqrt(pt2), along), weight)


def source_rates(
    table: CouplingTable, spectra: dict[str, MesonSpectrum], *, form_factor: FormFactor = "vmd"
) -> dict[str, FloatArray]:
    """Return the mediators per inelastic interaction from each decay and each mixing.

    Parameters
    ----------
    table : CouplingTable
        Couplings and masses of a vector mediator.
    spectra : dict of str to MesonSpectrum
        By meson, such as `load_meson_spectra` gives; what is missing is left out.
    form_factor : {"vmd", "point"}
        As of `darkbeam.production.meson_decays.branching_ratio`.

    Returns
    -------
    dict of str to ndarray
        ``"pi0->gamma X"``, ...: branching ratio times multiplicity; ``"rho mixing"``, ...: mixing
        times multiplicity. Mixing and the time-like form factor of proton bremsstrahlung describe
        partly the same mediators near the rho: do not add them there.
    """
    rates: dict[str, FloatArray] = {}
    for meson in MESONS:
        if meson not in spectra:
            continue
        number = spectra[meson].multiplicity
        for decay in decays_of(meson):
            fraction = branching_ratio(decay, table, form_factor=form_factor)
            rates[decay.name] = np.asarray(number * fraction)
        if meson in VECTOR_MESONS:
            rates[f"{meson} mixing"] = np.asarray(number * meson_mixing(meson, table))
    return rates


def quasi_random_points(size: int, dimensions: int, seed: int) -> FloatArray:
    """Return a Kronecker sequence in the unit cube, its steps powers of a generalised golden mean.

    The mean g solves g^(d+1) = g + 1: M. Roberts, "The unreasonable effectiveness of quasirandom
    sequences" (2018).

    Parameters
    ----------
    size, dimensions : int
        Shape of what is returned.
    seed : int
        Shifts the beginning.
    """
    if size < 1:
        raise InputError(f"size must be at least 1, got {size!r}")
    mean = 2.0
    for _ in range(64):
        mean = (1.0 + mean) ** (1.0 / (dimensions + 1.0))
    steps = mean ** -np.arange(1.0, dimensions + 1.0)
    shift = np.random.default_rng(seed).random(dimensions)
    return np.asarray((shift + np.arange(1, size + 1)[:, None] * steps) % 1.0)
