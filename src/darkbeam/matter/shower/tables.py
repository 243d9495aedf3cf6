"""Tables of interactions per radiation length on a grid in the logarithm of the energy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import AVOGADRO, ELECTRON_MASS
from darkbeam.matter.materials import Material
from darkbeam.matter.shower import electrons
from darkbeam.matter.shower.lpm import lpm_energy
from darkbeam.matter.shower.radiation import (
    bremsstrahlung_k_dsigma_dk,
    pair_dsigma_dx,
    pair_total,
)

__all__ = ["QUANTILES", "Tables", "build_tables"]

Array = NDArray[np.float64]

QUANTILES = 128
"""Number of intervals of equal probability in the tables of sampled spectra."""
_NODES_PER_DECADE = 20
_SPECTRUM_POINTS = 256

BREM, MOLLER, BHABHA, ANNIHILATION, LOSS_ELECTRON, LOSS_POSITRON, LOSS_COLLISION = range(7)
SCATTERING, PAIR, COMPTON, PHOTOELECTRIC = range(7, 11)


@dataclass(frozen=True)
class Tables:
    """What the transport kernel knows of the materials.

    Attributes
    ----------
    energies : ndarray, shape (n,)
        Kinetic energies of the grid, GeV, in constant ratio.
    rates : ndarray, shape (materials, n, 11)
        Per radiation length of the material: interactions by bremsstrahlung, Moller, Bhabha,
        annihilation; restricted loss of electrons and positrons, collision loss (GeV); mean
        1 - cos by scattering; pairs, Compton scatterings, photoelectric absorptions of photons.
    brem : ndarray, shape (materials, n, QUANTILES + 1)
        Quantiles of ln(k/cut) / ln(T/cut).
    pair : ndarray, shape (materials, n, QUANTILES + 1)
        Quantiles of the smaller lepton's share of the energy.
    """

    energies: Array
    rates: Array
    brem: Array
    pair: Array


def _nuclei(item: Material) -> list[tuple[float, int]]:
    x0 = item.radiation_length
    return [(AVOGADRO * w * x0 / e.atomic_weight, i) for i, (e, w) in enumerate(item.elements)]


def _radiated(item: Material, total: Array, k: Array, lpm: bool) -> Array:
    """Photon energy times photons per GeV and radiation length."""
    result = np.zeros(np.broadcast_shapes(total.shape, k.shape))
    for number, i in _nuclei(item):
        result += number * bremsstrahlung_k_dsigma_dk(
            item.elements[i][0],
            total,
            k,
            lpm=lpm_energy(item.radiation_length_cm) if lpm else inf,
            plasma_energy=item.plasma_energy if lpm else 0.0,
        )
    return result


def _quantiles(density: Array, abscissa: Array) -> tuple[Array, Array]:
    """Return integral and quantiles of spectra given on rows of points."""
    steps = 0.5 * (density[:, 1:] + density[:, :-1]) * np.diff(abscissa, axis=1)
    cumulative = np.concatenate((np.zeros((len(density), 1)), np.cumsum(steps, axis=1)), axis=1)
    integral = cumulative[:, -1]
    levels = np.linspace(0.0, 1.0, QUANTILES + 1)
    rows = [
        np.interp(levels, c / c[-1], a) if c[-1] > 0.0 else a[0] + (a[-1] - a[0]) * levels
        for c, a in zip(cumulative, abscissa, strict=True)
    ]
    return integral, np.asarray(rows)


def _brem_table(
    item: Material, kinetic: Array, cut: float, lpm: bool
) -> tuple[Array, Array, Array]:
    """Rate above the cut, energy radiated below it, quantiles."""
    total = (kinetic + ELECTRON_MASS)[:, None]
    u = np.linspace(0.0, 1.0, _SPECTRUM_POINTS + 1)
    # Denser towards the end point, which the logarithm of k squeezes together.
    v = np.broadcast_to(1.0 - (1.0 - u) ** 2 * (0.5 + 0.5 * (1.0 - u)), (len(kinetic), len(u)))
    span = np.log(np.maximum(kinetic / cut, 1.0 + 1e-9))[:, None]
    photon = np.minimum(cut * np.exp(v * span), kinetic[:, None])
    density = _radiated(item, total, photon, lpm) * span
    rate, quantiles = _quantiles(density, v)
    nodes, weights = np.polynomial.legendre.leggauss(16)
    limit = np.minimum(kinetic, cut)[:, None]
    soft = _radiated(item, total, limit * 0.5 * (nodes + 1.0), lpm)
    loss = np.sum(soft * 0.5 * weights, axis=1) * limit[:, 0]
    above = kinetic > cut
    return np.where(above, rate, 0.0), loss, quantiles


def _pair_table(item: Material, k: Array, lpm: bool) -> tuple[Array, Array]:
    low = np.minimum(ELECTRON_MASS / k, 0.5)[:, None]
    u = np.linspace(0.0, 1.0, 129)
    share = low + (0.5 - low) * u**2
    energy = lpm_energy(item.radiation_length_cm) if lpm else inf
    density = np.zeros_like(share)
    rate = np.zeros_like(k)
    for number, i in _nuclei(item):
        e = item.elements[i][0]
        density += number * pair_dsigma_dx(e, k[:, None], share, lpm=energy)
        rate += number * pair_total(e, k, lpm=energy)
    return rate, _quantiles(density, share)[1]


@lru_cache(maxsize=32)
def _material_tables(
    item: Material, lowest: float, highest: float, nodes: int, cut: float, lpm: bool
) -> tuple[Array, Array, Array]:
    kinetic = np.geomspace(lowest, highest, nodes)
    rates = np.zeros((nodes, 11))
    x0 = item.radiation_length
    electron_density = item.electrons_per_gram * x0
    brem, soft, brem_quantiles = _brem_table(item, kinetic, cut, lpm)
    rates[:, BREM] = brem
    rates[:, MOLLER] = electron_density * electrons.moller_total(kinetic, cut)
    rates[:, BHABHA] = electron_density * electrons.bhabha_total(kinetic, cut)
    rates[:, ANNIHILATION] = electron_density * electrons.annihilation_total(kinetic)
    for column, charge in ((LOSS_ELECTRON, -1), (LOSS_POSITRON, 1)):
        loss = electrons.ionisation_loss(item, kinetic, cut=cut, charge=charge)
        rates[:, column] = x0 * loss + soft
    rates[:, LOSS_COLLISION] = x0 * electrons.ionisation_loss(item, kinetic)
    rates[:, SCATTERING] = x0 * electrons.scattering_power(item, kinetic)
    pair, pair_quantiles = _pair_table(item, kinetic, lpm)
    rates[:, PAIR] = pair
    rates[:, COMPTON] = electron_density * electrons.compton_total(kinetic)
    for number, i in _nuclei(item):
        absorbed = electrons.photoelectric_total(item.elements[i][0], kinetic)
        rates[:, PHOTOELECTRIC] += number * absorbed
    return rates, brem_quantiles, pair_quantiles


def build_tables(
    materials: tuple[Material, ...],
    lowest: float,
    highest: float,
    cut: float,
    *,
    lpm: bool = True,
) -> Tables:
    """Tabulate the interactions of electrons and photons in materials.

    Parameters
    ----------
    materials : tuple of Material
        The media.
    lowest, highest : float
        Range of kinetic energy, GeV.
    cut : float
        Energy above which photons and recoil electrons are produced one by one, GeV; softer ones
        make the restricted loss.
    lpm : bool
        Whether to include the suppression of `lpm`.

    Returns
    -------
    Tables
    """
    nodes = max(4, int(np.ceil(_NODES_PER_DECADE * log(highest / lowest) / log(10.0))) + 1)
    made = [_material_tables(m, lowest, highest, nodes, cut, lpm) for m in materials]
    return Tables(
        np.geomspace(lowest, highest, nodes),
        np.stack([rates for rates, _, _ in made]),
        np.stack([brem for _, brem, _ in made]),
        np.stack([pair for _, _, pair in made]),
    )
