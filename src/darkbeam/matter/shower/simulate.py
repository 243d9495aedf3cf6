"""Monte Carlo of electromagnetic showers: track lengths, profiles, visible energy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError
from darkbeam.matter.shower.preparation import (
    check_count,
    check_edges,
    check_seed,
    prepare,
    run_chunks,
)
from darkbeam.matter.targets import LayeredMaterial, TargetLike

__all__ = ["Shower", "default_energy_bins", "simulate_shower"]

Array = NDArray[np.float64]


def default_energy_bins(threshold: float, energy: float, n: int = 50) -> Array:
    """Return edges from threshold to beam energy: logarithmic, fine towards the beam energy.

    Up to half the beam energy the bins are of equal ratio; above, they shrink in proportion to
    the distance from the beam energy, down to a thousandth of it.
    """
    if threshold >= 0.5 * energy:
        return energy - (energy - threshold) * np.append(np.geomspace(1.0, 1e-2, n // 2), 0.0)
    low = np.geomspace(threshold, 0.5 * energy, n - n // 3 + 1)
    high = energy * (1.0 - 0.5 * np.append(np.geomspace(1.0, 2e-3, n // 3), 0.0))
    edges = np.concatenate((low, high[1:]))
    edges[-1] = energy
    return edges


@dataclass(frozen=True)
class Shower:
    r"""Means over simulated showers, with the statistical error of each mean.

    Attributes
    ----------
    energy_edges : ndarray, shape (n + 1,)
        Edges of the bins of kinetic energy, GeV.
    electron_x0, positron_x0 : ndarray, shape (n,)
        Track length per shower in each bin, in radiation lengths.
    electron_err, positron_err : ndarray, shape (n,)
        Their standard errors.
    depth_edges_x0 : ndarray, shape (m + 1,)
        Edges of the bins of depth, in radiation lengths.
    deposited, deposited_err : ndarray, shape (m,)
        Energy left per shower in each bin of depth, GeV, and its standard error.
    visible_mean, visible_rms : float
        Energy left in the active layers, GeV: mean and standard deviation over showers.
    deposited_mean : float
        Energy left in the target, GeV.
    leaked_mean : float
        Energy that left the target at its ends, GeV.
    n_showers, seed : int
        Number of showers, key of the random numbers.
    threshold, cut : float
        Energy below which particles are not followed one by one, production cut, GeV.
    particle : str
        Beam particle.
    energy : float
        Beam energy, GeV.
    target : LayeredMaterial
        The target.
    event_electron_x0, event_positron_x0 : ndarray, shape (n_showers, n), or None
        Track lengths of each shower, if asked for.
    event_visible, event_deposited, event_leaked : ndarray, shape (n_showers,), or None
        Energies of each shower, GeV, if asked for.
    """

    energy_edges: Array
    electron_x0: Array
    positron_x0: Array
    electron_err: Array
    positron_err: Array
    depth_edges_x0: Array
    deposited: Array
    deposited_err: Array
    visible_mean: float
    visible_rms: float
    deposited_mean: float
    leaked_mean: float
    n_showers: int
    seed: int
    threshold: float
    cut: float
    particle: str
    energy: float
    target: LayeredMaterial
    event_electron_x0: Array | None = None
    event_positron_x0: Array | None = None
    event_visible: Array | None = None
    event_deposited: Array | None = None
    event_leaked: Array | None = None

    @property
    def energy_resolution(self) -> float:
        """Standard deviation of the visible energy over its mean.

        It is that of sampling and leakage where the threshold is at most 20 MeV; above, the
        sharing of energy among layers is not followed.
        """
        return self.visible_rms / self.visible_mean

    @property
    def track_length_x0(self) -> Array:
        """Track length of electrons and positrons per bin, in radiation lengths."""
        return self.electron_x0 + self.positron_x0

    @property
    def track_length_spectrum(self) -> Array:
        """Track length of electrons and positrons per energy, X0/GeV, as a mean in each bin."""
        return self.track_length_x0 / np.diff(self.energy_edges)


def simulate_shower(
    target: TargetLike,
    energy: float,
    *,
    particle: str = "e-",
    threshold: float = 1.0,
    n_showers: int = 1000,
    seed: int = 1,
    threads: int | None = None,
    energy_bins: ArrayLike | None = None,
    depth_bins: ArrayLike | None = None,
    event_by_event: bool = False,
    cut: float | None = None,
    range_out: bool | None = None,
    lpm: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Shower:
    """Simulate electromagnetic showers in a target.

    Parameters
    ----------
    target : str, Material, LayeredMaterial or sequence of (str, float)
        What the beam enters at depth 0, along the layers' normal; see `matter.target`.
    energy : float
        Kinetic energy of the beam particle, GeV.
    particle : str
        "e-", "e+" or "gamma".
    threshold : float
        Kinetic energy, GeV, down to which all particles are followed, at least 2 MeV. What falls
        below leaves its energy where it is, or along its range (`range_out`).
    n_showers : int
        Number of showers.
    seed : int
        Key of the random numbers: the same seed gives the same showers on any number of threads.
    threads : int, optional
        Number of threads; by default as many as there are processors.
    energy_bins : array_like, optional
        Edges of the bins of kinetic energy, GeV; by default 50 bins from the threshold, see
        `default_energy_bins`.
    depth_bins : array_like, optional
        Edges of the bins of depth, in radiation lengths; by default 0, 0.5 ... 40 or the target's
        end.
    event_by_event : bool
        Whether to keep the track lengths and energies of each shower.
    cut : float, optional
        Production cut for photons and recoil electrons, GeV; by default a twentieth of the
        threshold.
    range_out : bool, optional
        Whether particles below the threshold spread their energy over the layers that they reach;
        by default in layered targets with a threshold of at most 50 MeV.
    lpm : bool
        Whether to include the Landau-Pomeranchuk-Migdal and dielectric suppression.
    progress : callable, optional
        Called with the number of showers newly done.

    Returns
    -------
    Shower

    Raises
    ------
    InputError
        A value is out of its range; the message names it.

    Examples
    --------
    >>> shower = simulate_shower("Pb", 10.0, n_showers=100)
    >>> bool(3.0 < shower.track_length_x0.sum() < 5.0)
    True
    """
    from darkbeam.matter.shower._event_kernels import run_showers

    setup = prepare(target, energy, particle, threshold, cut=cut, range_out=range_out, lpm=lpm)
    n_showers = check_count("n_showers", n_showers)
    key = check_seed(seed)
    edges = (
        default_energy_bins(threshold, energy)
        if energy_bins is None
        else check_edges("energy_bins", energy_bins, "GeV")
    )
    if edges[0] < threshold * (1.0 - 1e-12):
        raise InputError(
            f"energy_bins = {edges[0]:g} GeV ...: must not begin below the threshold "
            f"{threshold:g} GeV"
        )
    if depth_bins is None:
        end = min(40.0, setup.target.total_depth_x0)
        depths = np.linspace(0.0, end, max(2, round(2.0 * end) + 1))
    else:
        depths = check_edges("depth_bins", depth_bins, "X0")
    n, m = edges.size - 1, depths.size - 1
    log0, inverse_step = setup.grid
    tables = setup.tables
    settings = setup.settings()
    energies = np.array([float(energy)])

    def call(start: int, stop: int, stack: Array) -> tuple[Any, bool]:
        track_sums = np.zeros((2, 2, n))
        deposit_sums = np.zeros((2, m))
        kept = stop - start if event_by_event else 0
        event_tracks = np.zeros((kept, 2, n))
        out = np.zeros((stop - start, 10))
        run_showers(
            start,
            stop,
            key,
            setup.kind,
            energies,
            n_showers,
            settings,
            *setup.geometry,
            log0,
            inverse_step,
            tables.rates,
            tables.brem,
            tables.pair,
            stack,
            edges,
            depths,
            track_sums,
            deposit_sums,
            event_tracks,
            np.zeros((0, m)),
            out,
        )
        return (track_sums, deposit_sums, event_tracks, out), bool(out[:, 7].any())

    parts = run_chunks(call, n_showers, threads, progress)
    tracks, tracks_err = _mean_and_error(sum(p[0] for p in parts), n_showers)
    deposited, deposited_err = _mean_and_error(sum(p[1] for p in parts), n_showers)
    out = np.concatenate([p[3] for p in parts])
    events: dict[str, Array] = {}
    if event_by_event:
        each = np.concatenate([p[2] for p in parts])
        events = {
            "event_electron_x0": each[:, 0],
            "event_positron_x0": each[:, 1],
            "event_visible": out[:, 3],
            "event_deposited": out[:, 2],
            "event_leaked": out[:, 4] + out[:, 5],
        }
    return Shower(
        energy_edges=edges,
        electron_x0=tracks[0],
        positron_x0=tracks[1],
        electron_err=tracks_err[0],
        positron_err=tracks_err[1],
        depth_edges_x0=depths,
        deposited=deposited,
        deposited_err=deposited_err,
        visible_mean=float(out[:, 3].mean()),
        visible_rms=float(out[:, 3].std(ddof=1 if n_showers > 1 else 0)),
        deposited_mean=float(out[:, 2].mean()),
        leaked_mean=float((out[:, 4] + out[:, 5]).mean()),
        n_showers=n_showers,
        seed=int(seed),
        threshold=float(threshold),
        cut=setup.cut,
        particle=particle,
        energy=float(energy),
        target=setup.target,
        **events,
    )


def _mean_and_error(sums: Any, n: int) -> tuple[Array, Array]:
    """Return means and their standard errors from sums of values and of squares."""
    mean = sums[0] / n
    variance = np.maximum(sums[1] / n - mean**2, 0.0)
    return mean, np.sqrt(variance / max(n - 1, 1))
