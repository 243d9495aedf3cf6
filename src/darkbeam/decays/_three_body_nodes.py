r"""Points and weights of the integrals over the mass of the pair in a three-body decay.

Gauss-Legendre quadrature in variables that remove the square roots at both ends and spread what is
steep near them: the pole of a mediator just outside the range, and the resonances of hadrons.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import NEUTRAL_PION_MASS, PION_MASS
from darkbeam.decays.hadrons.quarkonia import QUARKONIA
from darkbeam.decays.hadrons.vector import BLEND, MAXIMUM_MASS

__all__ = ["Nodes", "hadron_nodes", "pair_nodes"]

FloatArray = NDArray[np.float64]

_PAIR_POINTS = 64
_HADRON_POINTS = 24
_SMALLEST_RATIO = 1e-8  # a massless pair starts at this fraction of the upper end: 1e-16 in s
_SMALLEST_SCALE = 1e-7


class Nodes(NamedTuple):
    """Points along the first axis: energy of the pair (GeV), upper end minus it, weights (GeV)."""

    energy: FloatArray
    gap: FloatArray
    weight: FloatArray


def _unit_interval(points: int, dimensions: int) -> tuple[FloatArray, FloatArray]:
    x, weight = np.polynomial.legendre.leggauss(points)
    shape = (points,) + (1,) * dimensions
    return (0.5 * (1.0 + x)).reshape(shape), (0.5 * weight).reshape(shape)


def pair_nodes(
    masses: tuple[float, float], upper: FloatArray, lighter: FloatArray, pole: FloatArray
) -> Nodes:
    r"""Return the points for a pair of leptons.

    With the threshold :math:`q_0` and :math:`q = q_0\cosh u` the phase space of the pair is
    :math:`\propto\sinh u`. The range of u is halved; in the upper half u = u_max - (u_max/2) z^2,
    so that the momentum of the lighter state, the root of upper - q, is :math:`\propto z`. In both
    halves the variable is the hyperbolic sine of the final one, on the scale of what is steep.

    Parameters
    ----------
    masses : pair of float
        Masses of the pair, GeV.
    upper : ndarray
        Difference of the masses of the two dark states, GeV.
    lighter : ndarray
        Mass of the lighter dark state, GeV.
    pole : ndarray
        Mass of the mediator, GeV: outside the range.

    Returns
    -------
    Nodes
        Shape of the arrays after the axis of the points; zero weights where the pair is closed.
    """
    upper, lighter, pole = np.broadcast_arrays(upper, lighter, pole)
    end = np.where(upper > sum(masses), upper, max(sum(masses), 1.0))
    start = np.maximum(sum(masses), _SMALLEST_RATIO * end)
    largest = 2.0 * np.arcsinh(np.sqrt((end - start) / (2.0 * start)))
    half = 0.5 * largest
    x, weight = _unit_interval(_PAIR_POINTS, upper.ndim)

    # u of the branch point at q = |m_f - m_f'| and of a pole below the threshold
    apart = abs(masses[0] - masses[1]) / start
    lower_scale = np.arccos(np.maximum(apart, np.where(pole < start, pole / start, 0.0)))
    lower_scale = np.maximum(lower_scale, _SMALLEST_SCALE)
    lower_end = np.arcsinh(half / lower_scale)
    lower_u = lower_scale * np.sinh(lower_end * x)
    lower_jacobian = lower_end * np.sqrt(lower_u**2 + lower_scale**2)

    # z of the zero of S - q at q = m_1 + m_2 and of a pole above the upper end
    beyond = np.minimum(2.0 * lighter, np.where(pole > end, pole - end, np.inf))
    slope = np.sqrt((end - start) * (end + start))
    upper_scale = np.sqrt(beyond / np.where(half > 0.0, slope * half, 1.0))
    upper_scale = np.clip(upper_scale, _SMALLEST_SCALE, 1.0)
    upper_end = np.arcsinh(1.0 / upper_scale)
    z = upper_scale * np.sinh(upper_end * x)
    upper_jacobian = 2.0 * half * z * upper_end * np.sqrt(z**2 + upper_scale**2)

    u = np.concatenate([lower_u, largest - half * z**2])
    rest = np.concatenate([largest - lower_u, half * z**2])
    jacobian = np.concatenate([lower_jacobian * weight, upper_jacobian * weight])
    energy = start * np.cosh(u)
    gap = 2.0 * start * np.sinh(0.5 * (largest + u)) * np.sinh(0.5 * rest)
    is_open = upper > sum(masses)
    return Nodes(energy, gap, np.where(is_open, start * np.sinh(u) * jacobian, 0.0))


def _structure() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the energies (GeV) where the spectrum of hadrons is not smooth, and its scales."""
    steps = (3.72968, 3.87169, 4.01370, 10.55882, 10.60415, 10.64948)  # D and B meson pairs
    thresholds = (
        (NEUTRAL_PION_MASS, 0.1),
        (2.0 * PION_MASS, 0.1),
        (3.0 * PION_MASS, 0.1),
        (0.6, 0.1),
        (0.78266, 0.004),  # omega
        (0.9874, 0.01),  # two charged kaons
        (0.9952, 0.01),
        (1.01946, 0.002),  # phi
        (1.3, 0.1),
        *((edge, 0.1) for edge in BLEND),
        *((step, 0.05) for step in steps),
        (MAXIMUM_MASS, 100.0),
    )
    resonances = tuple((state.mass, 0.5 * state.width) for state in QUARKONIA)
    energies, scales = zip(*sorted(thresholds + resonances), strict=True)
    return energies, scales


def hadron_nodes(upper: FloatArray, pole: FloatArray) -> Nodes:
    """Return the points for hadrons: intervals between thresholds and resonances, each halved.

    Parameters
    ----------
    upper, pole : ndarray
        As of `pair_nodes`; above `MAXIMUM_MASS` the range ends there.

    Returns
    -------
    Nodes
        As of `pair_nodes`.
    """
    upper, pole = np.broadcast_arrays(upper, pole)
    energies, scales = _structure()
    x, weight = _unit_interval(_HADRON_POINTS, upper.ndim)
    reach = int(np.searchsorted(energies, float(np.max(upper)))) + 1
    parts: list[tuple[FloatArray, FloatArray]] = []
    beyond = np.where(pole > upper, pole - upper, np.inf)
    for i in range(1, min(reach, len(energies))):
        first = np.minimum(energies[i - 1], upper)
        second = np.minimum(energies[i], upper)
        middle = 0.5 * (second - first)
        scale = np.where(second < upper, scales[i], np.minimum(scales[i], beyond))
        for edge, size, sign in ((first, scales[i - 1], 1.0), (second, scale, -1.0)):
            size = np.maximum(size, _SMALLEST_SCALE * edge)
            end = np.arcsinh(middle / size)
            distance = size * np.sinh(end * x)
            parts.append((edge + sign * distance, np.hypot(distance, size) * end * weight))
    if not parts:
        parts.append((np.broadcast_to(upper, x.shape[:1] + upper.shape), 0.0 * x * upper))
    energy = np.concatenate([part[0] for part in parts])
    return Nodes(energy, np.maximum(upper - energy, 0.0), np.concatenate([p[1] for p in parts]))
