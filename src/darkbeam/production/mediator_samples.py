"""Mediators of one source as weighted points in energy, angle and depth, free of couplings."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import InputError

__all__ = ["MediatorSample", "compress"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MediatorSample:
    """Mediators of one source.

    Parameters
    ----------
    mass : float
        Mass of the mediator, GeV.
    energy, angle : ndarray, shape (n,)
        Energy, GeV, and angle to the beam, rad. The azimuth is uniform.
    weight : ndarray, shape (n,)
        Mediators per particle on target, or per inelastic interaction, without couplings.
    depth_m : ndarray, shape (n,)
        Where they are made behind the front of the target, m; 0 by default.
    """

    mass: float
    energy: FloatArray
    angle: FloatArray
    weight: FloatArray
    depth_m: FloatArray = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        """Fill in the depth where it was left out."""
        if self.depth_m.size == 0:
            object.__setattr__(self, "depth_m", np.zeros(self.energy.shape))

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.energy)

    @property
    def total(self) -> float:
        """Sum of the weights."""
        return float(np.sum(self.weight))

    @property
    def momentum(self) -> FloatArray:
        """Momenta, GeV."""
        return np.sqrt(np.maximum(self.energy**2 - self.mass**2, 0.0))


def compress(
    sample: MediatorSample,
    *,
    largest_angle: float = np.pi,
    least_energy: float = 0.0,
    cells: tuple[int, int, int] = (80, 16, 1),
) -> MediatorSample:
    """Return a sample of few points: one for each cell of energy, angle and depth that is met.

    Each point has the weight of its cell and the weighted means of the logarithm of the momentum,
    of the angle and of the depth. What is lost is the spread within a cell.

    Parameters
    ----------
    sample : MediatorSample
        Many points.
    largest_angle : float
        Points at larger angles are left out, rad.
    least_energy : float
        Points of less energy are left out, GeV.
    cells : tuple of three int
        Cells in momentum (even in the root of the logarithm of the largest momentum over it: the
        fastest mediators alone pass a thick shield, and how many do changes fast with momentum); in
        the angle (equally filled with points, for each cell of momentum by itself); and in depth
        (equally filled).

    Raises
    ------
    InputError
        A number of cells is below 1.
    """
    if any(number < 1 for number in cells):
        raise InputError(f"cells = {cells!r}: each number must be at least 1")
    kept = (sample.weight > 0.0) & (sample.angle <= largest_angle) & (sample.energy >= least_energy)
    kept &= sample.energy > sample.mass
    energy, angle = sample.energy[kept], sample.angle[kept]
    weight, depth = sample.weight[kept], sample.depth_m[kept]
    if not weight.size:
        return MediatorSample(sample.mass, energy, angle, weight, depth)
    log_momentum = 0.5 * np.log((energy - sample.mass) * (energy + sample.mass))
    below = np.sqrt(log_momentum.max() - log_momentum)
    place = (below / (below.max() or 1.0) * (cells[0] - 1e-9)).astype(int)
    column = _rank_within(place, angle, cells[1])
    layer = _rank(depth, cells[2]) if cells[2] > 1 else 0
    cell = (place * cells[1] + column) * cells[2] + layer
    total = np.asarray(np.bincount(cell, weight), dtype=np.float64)
    met = total > 0.0
    total = total[met]

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(cell, weight * values)[met] / total)

    momentum = np.exp(mean(log_momentum))
    return MediatorSample(
        sample.mass, np.hypot(momentum, sample.mass), mean(angle), total, mean(depth)
    )


def _rank(values: FloatArray, parts: int) -> NDArray[np.intp]:
    """Return in which of equally filled parts each value lies."""
    edges = np.quantile(values, np.linspace(0.0, 1.0, parts + 1)[1:-1])
    return np.searchsorted(edges, values, side="right")


def _rank_within(group: NDArray[np.intp], values: FloatArray, parts: int) -> NDArray[np.intp]:
    """Return in which of equally filled parts of its own group each value lies."""
    # One key for both: the values as fractions of the whole numbers of their groups.
    order = np.argsort(group + values / (values.max() * 1.001 or 1.0))
    size = np.bincount(group)
    first = np.cumsum(size) - size
    rank = np.empty(group.shape, dtype=np.intp)
    rank[order] = np.arange(group.size) - first[group[order]]
    return rank * parts // size[group]
