r"""Flights of the mediators of a dump into its decay volume: production points, weights, bounds.

The points are those of the analytic yield (`darkbeam.experiments.displaced.sources`): a few
hundred to some thousand energies, angles and depths of each source, each with its number of
mediators. The azimuth is uniform, the origin on the axis. The expected number of decays in the
volume is

.. math:: N = \sum_i w_i \int\frac{d\phi}{2\pi}\,
          \left(e^{-s_1/\lambda_i} - e^{-s_2/\lambda_i}\right) , \qquad
          \lambda_i = \frac{p_i}{m}\frac{\hbar c}{\Gamma} ,

with the distances :math:`s_1(\phi), s_2(\phi)` at which the flight enters and leaves the volume.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkbeam.compiled import map_chunks
from darkbeam.constants import HBARC_GEV_M
from darkbeam.errors import ModelError
from darkbeam.events._displaced_kernels import (
    PER_M,
    Flights,
    fill_places,
    fill_probabilities,
)
from darkbeam.geometry import DecayVolume, azimuths_from_axis, distances_from_axis
from darkbeam.production.mediator_samples import MediatorSample

__all__ = ["DecayPlaces", "FlightTable", "flight_table"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CHUNK = 1024
_AZIMUTHS = 128
# Decays per particle on target below which their sum would lose digits.
_SMALLEST = 1e-290


@dataclass(frozen=True, eq=False)
class DecayPlaces:
    """Decays of some events.

    Attributes
    ----------
    point : ndarray of int, shape (n,)
        Production point in the `FlightTable`.
    azimuth : ndarray, shape (n,)
        Of the flight, rad.
    distance_m : ndarray, shape (n,)
        From production to decay, m.
    """

    point: IntArray
    azimuth: FloatArray
    distance_m: FloatArray


@dataclass(frozen=True, eq=False)
class FlightTable:
    """All production points of a run, and how they decay.

    Attributes
    ----------
    source : ndarray of int, shape (n,)
        Number of the source.
    momentum, angle, depth_m : ndarray, shape (n,)
        GeV, rad, m.
    decays : float
        Expected decays in the volume per particle on target, into anything.
    flights : Flights
        What the kernels take.
    """

    source: IntArray
    momentum: FloatArray
    angle: FloatArray
    depth_m: FloatArray
    decays: float
    flights: Flights

    def places(
        self, first_event: int, count: int, stage: int, seed: int, threads: int | None
    ) -> DecayPlaces:
        """Return where the mediators of some events decay.

        Raises
        ------
        ModelError
            If next to no flight meets the volume.
        """
        chosen, place = np.empty(count, dtype=np.int64), np.empty((count, 2))

        def work(start: int, stop: int) -> None:
            part = slice(start, stop)
            fill_places(
                self.flights, first_event + start, stage, np.uint64(seed), chosen[part],
                place[part],
            )  # fmt: skip

        map_chunks(work, count, threads, chunk=_CHUNK)
        if np.any(chosen < 0):
            raise ModelError(
                f"event {first_event + int(np.argmin(chosen))}: none of 20 million flights ends in "
                "the decay volume"
            )
        return DecayPlaces(chosen, place[:, 0], place[:, 1])


def flight_table(
    samples: Mapping[str, MediatorSample],
    strengths: Mapping[str, float],
    volume: DecayVolume,
    width: float,
    least_energy: float,
    *,
    hint: str = "",
) -> FlightTable:
    """Return the flights of all sources; the numbers of these are their order in `samples`.

    Parameters
    ----------
    samples : mapping of str to MediatorSample
        Production points by source, at least one.
    strengths : mapping of str to float
        Factors of the couplings, in the same order.
    volume : DecayVolume
        Where decays are made.
    width : float
        Total width, GeV.
    least_energy : float
        Of the mediators, GeV.
    hint : str
        Added to the message if all mediators decay before.

    Raises
    ------
    ModelError
        If nothing decays in the volume: no flight meets it, or none lives long enough.
    """
    mass = next(iter(samples.values())).mass
    source = np.repeat(np.arange(len(samples)), [len(sample) for sample in samples.values()])
    energy, angle, depth = (_joined(samples, name) for name in ("energy", "angle", "depth_m"))
    weight = _joined(samples, "weight") * np.array([*strengths.values()])[source]
    kept = (energy >= max(least_energy, mass * (1.0 + 1e-12))) & (weight > 0.0)
    source, energy, angle, depth, weight = (a[kept] for a in (source, energy, angle, depth, weight))
    momentum = np.sqrt((energy - mass) * (energy + mass))
    flights = _flights(angle, depth, weight, mass * width / (momentum * HBARC_GEV_M), volume, mass)
    inside = np.zeros(energy.size)
    fill_probabilities(flights, _AZIMUTHS, inside)
    decays = float(weight @ inside)
    if not decays > _SMALLEST:
        longest = float(1.0 / flights.rays[:, PER_M].min())
        raise ModelError(
            f"model: no mediator of {mass:g} GeV decays in the decay volume from z = "
            f"{volume.start:g} m on: the longest mean flight is {longest:.3g} m"
            f"{hint}"
        )
    return FlightTable(source, momentum, angle, depth, decays, flights)


def _joined(samples: Mapping[str, MediatorSample], name: str) -> FloatArray:
    """Return one property of all points."""
    return np.concatenate([np.asarray(getattr(each, name)) for each in samples.values()])


def _flights(
    angle: FloatArray,
    depth: FloatArray,
    weight: FloatArray,
    per_m: FloatArray,
    volume: DecayVolume,
    mass: float,
) -> Flights:
    """Return the flights with bounds of their decays."""
    first, last = distances_from_axis(volume, angle, depth)
    met = first < last
    if not np.any(met):
        raise ModelError(
            f"model: no mediator of {mass:g} GeV flies into the decay volume from z = "
            f"{volume.start:g} m to {volume.end:g} m"
        )
    rays = np.stack((np.sin(angle), np.cos(angle), depth, per_m, first, last), axis=1)
    length = np.where(met, last - first, 0.0)
    between = -np.exp(-per_m * first) * np.expm1(-per_m * length)
    sums = np.cumsum(weight * between)
    return Flights(rays, sums / (sums[-1] or 1.0), volume.packed(), *azimuths_from_axis(volume))
