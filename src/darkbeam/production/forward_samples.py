r"""Mediators of proton beams put where a detector can see them: few points, small errors.

A detector far behind a dump sees a narrow cone and fast mediators alone. `decay_sample` and
`brem_sample` of `darkbeam.production.proton_sources` fill all of phase space; here the same
distributions are sampled within a largest angle and above a least energy, with exact weights:

* mesons evenly in the logarithm of their momentum, so that the rare fast ones, which decide the
  upper edge of an exclusion, have as many points as the slow ones;
* the polar angle of the decay within the intervals, and its azimuth within the arc, that lead into
  the cone: all three in closed form, so no point is lost and no weight is singular;
* bremsstrahlung at the nodes of a quadrature.

Weights and couplings are those of `darkbeam.production.proton_sources`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from darkbeam import particles
from darkbeam.constants import PROTON_MASS
from darkbeam.errors import InputError, ValidityError
from darkbeam.production.mediator_samples import MediatorSample
from darkbeam.production.meson_decays import MesonDecay
from darkbeam.production.meson_spectra import MesonSpectrum
from darkbeam.production.nucleon_form_factors import OFF_SHELL_CUTOFF
from darkbeam.production.proton_brem import WINDOWS, Window, brem_nodes, proton_brem_kernel
from darkbeam.production.proton_sources import quasi_random_points
from darkbeam.production.vector_dominance import VECTOR_MESONS

__all__ = ["forward_brem_sample", "forward_decay_sample", "forward_mixing_sample"]

FloatArray = NDArray[np.float64]
_TOWARDS_FAST = 1.6
"""Power by which points crowd at fast mediators."""
Interval = tuple[FloatArray, FloatArray]


def forward_decay_sample(
    spectrum: MesonSpectrum,
    decay: MesonDecay,
    mass: float,
    *,
    largest_angle: float = np.pi,
    least_energy: float = 0.0,
    least_angle: float = 0.0,
    points_per_row: int = 128,
    seed: int = 0,
) -> MediatorSample:
    """Return mediators of the decays of a meson, within a cone and above an energy.

    Parameters
    ----------
    spectrum, decay, mass, seed
        As of `darkbeam.production.proton_sources.decay_sample`.
    largest_angle : float
        Of the mediators to the beam, rad.
    least_energy : float
        Of the mediators, GeV.
    least_angle : float
        Of the mediators to the beam, rad: for a detector beside it. Mesons far inside are seldom
        chosen, and what still flies there is left out.
    points_per_row : int
        Points for each row of momentum of the spectrum that can contribute.

    Returns
    -------
    MediatorSample
        With branching ratio one; empty if nothing can be seen.

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
    cone = _checked_cone(largest_angle)
    heavy, light = spectrum.mass, particles.mass(decay.partner)
    rest_energy = (heavy**2 + mass**2 - light**2) / (2.0 * heavy)
    rest_momentum = float(np.sqrt((rest_energy - mass) * (rest_energy + mass)))
    edge = 10.0**spectrum.log10_momentum
    fastest = (np.hypot(edge, heavy) * rest_energy + edge * rest_momentum) / heavy
    width = rest_momentum / rest_energy * heavy / edge[1:]
    rows = fastest[1:] > least_energy
    bounds = least_angle, cone
    chosen = _choose_mesons(spectrum, width, bounds, rows, points_per_row, seed)
    momentum, tilt, weight, u, v = chosen
    energy = np.hypot(momentum, heavy)
    # cos of the decay's angle in the rest frame: all that lead into the cone and above the energy.
    low = heavy * least_energy - energy * rest_energy
    slowest = np.clip(low / (momentum * rest_momentum), -1.0, 1.0)
    ratio = momentum / energy * rest_energy / rest_momentum
    cosine, share = _polar(u, slowest, energy / heavy, ratio, tilt, cone)
    sine = np.sqrt((1.0 - cosine) * (1.0 + cosine))
    along = (energy * rest_momentum * cosine + momentum * rest_energy) / heavy
    across = rest_momentum * sine
    azimuth, arc = _azimuth(v, np.arctan2(across, along), tilt, cone)
    turned = across * np.cos(azimuth)
    x = turned * np.cos(tilt) + along * np.sin(tilt)
    z = along * np.cos(tilt) - turned * np.sin(tilt)
    total = (energy * rest_energy + momentum * rest_momentum * cosine) / heavy
    # Rounding may carry a point on the rim of the cone outside of it.
    angle = np.minimum(np.arctan2(np.hypot(x, across * np.sin(azimuth)), z), cone)
    kept = (share * arc > 0.0) & (angle >= least_angle)
    found = total[kept], angle[kept], (weight * share * arc)[kept]
    return MediatorSample(float(mass), *found)


def forward_mixing_sample(
    spectrum: MesonSpectrum,
    mass: float,
    *,
    largest_angle: float = np.pi,
    least_energy: float = 0.0,
    least_angle: float = 0.0,
    points_per_row: int = 128,
    seed: int = 0,
) -> MediatorSample:
    """Return mediators with the momenta of a rho, omega or phi, within a cone, one per meson.

    Parameters as of `forward_decay_sample`.
    """
    if spectrum.meson not in VECTOR_MESONS:
        raise InputError(f"a mediator mixes with rho, omega, phi, not with {spectrum.meson}")
    if not mass > 0.0:
        raise InputError(f"mass must be above 0 GeV, got {mass!r}")
    cone = _checked_cone(largest_angle)
    edge = 10.0 ** spectrum.log10_momentum[1:]
    rows = np.hypot(edge, mass) > least_energy
    narrow = np.full(edge.shape, 1e-12)
    bounds = least_angle, cone
    chosen = _choose_mesons(spectrum, narrow, bounds, rows, points_per_row, seed)
    momentum, angle, weight, *_ = chosen
    energy = np.hypot(momentum, mass)
    kept = (energy >= least_energy) & (angle <= cone) & (angle >= least_angle)
    return MediatorSample(float(mass), energy[kept], angle[kept], weight[kept])


def forward_brem_sample(
    mass: float,
    beam_energy: float,
    *,
    collider: bool = False,
    largest_angle: float = np.pi,
    least_energy: float = 0.0,
    splitting: str = "quasi-real",
    window: Window = WINDOWS["forward"],
    cutoff: float = OFF_SHELL_CUTOFF,
    cross_section: str = "total",
    nodes: tuple[int, int] = (60, 24),
) -> MediatorSample:
    r"""Return mediators of proton bremsstrahlung, within a cone, at unit coupling to the proton.

    At a collider the splitting and its window are those in the rest frame of the other proton,
    whose beam has :math:`E' = (s - 2m_p^2)/2m_p`; z and pT are the same in both frames, and
    the mediator has :math:`p_z = zp` in the laboratory.

    Parameters
    ----------
    mass : float
        Mass of the mediator, GeV.
    beam_energy : float
        Total energy of the proton, GeV, in the laboratory.
    collider : bool
        Whether the other proton has the same energy and comes from the front, or is at rest.
    largest_angle, least_energy
        As of `forward_decay_sample`.
    splitting, window, cutoff, cross_section
        As of `darkbeam.production.proton_brem.proton_brem_kernel`.
    nodes : tuple of two int
        Nodes in z and in pT.
    """
    cone = _checked_cone(largest_angle)
    beam = float(np.sqrt((beam_energy - PROTON_MASS) * (beam_energy + PROTON_MASS)))
    at_rest = (2.0 * beam_energy**2 - PROTON_MASS**2) / PROTON_MASS if collider else beam_energy

    def reach(z: FloatArray) -> FloatArray:
        """Return the largest pT inside the cone."""
        return z * beam * np.tan(cone) if cone < 0.5 * np.pi else np.full(z.shape, np.inf)

    # Below the least energy at any pT of the window.
    slow = np.sqrt(max(least_energy**2 - mass**2 - window.pt_max**2, 0.0)) / beam
    limits = Window(
        min(max(window.z_min, slow), 0.999 * window.z_max),
        window.z_max,
        window.pt_max,
        window.q_max,
    )
    z, dz, pt2, dpt2 = brem_nodes(np.asarray(mass), at_rest, limits, nodes=nodes, reach=reach)
    kernel = proton_brem_kernel(
        mass,
        at_rest,
        z,
        pt2,
        splitting=splitting,
        window=limits,
        cutoff=cutoff,
        cross_section=cross_section,
    )
    weight = (kernel * dz * dpt2).ravel()
    along, across = (np.broadcast_to(z * beam, pt2.shape)).ravel(), np.sqrt(pt2).ravel()
    energy = np.sqrt(along**2 + across**2 + mass**2)
    kept = (weight > 0.0) & (energy >= least_energy)
    angle = np.arctan2(across, along)
    return MediatorSample(float(mass), energy[kept], angle[kept], weight[kept])


def _choose_mesons(
    spectrum: MesonSpectrum,
    width: FloatArray,
    bounds: tuple[float, float],
    rows: NDArray[np.bool_],
    per_row: int,
    seed: int,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return momenta, angles and weights of mesons, and two more coordinates of each point.

    Each row of momentum has as many points; within a row cells are chosen by their mesons times
    a guess of the share in the cone, from the typical angle `width` of the decay, by row. The cone
    lies between two angles to the beam.
    """
    least, cone = bounds
    lowest, highest = 10.0 ** spectrum.log10_angle[:-1], 10.0 ** spectrum.log10_angle[1:]
    middle = 0.5 * (lowest + highest)
    outside = np.maximum(np.maximum(lowest - cone, least - highest), 0.0) / width[:, None]
    solid = np.minimum(cone, middle + width[:, None]) / np.minimum(width, np.pi)[:, None]
    guess = spectrum.counts * np.minimum(solid**2, 1.0) / (1.0 + outside**2) ** 2
    guess = guess[rows & (guess.sum(axis=1) > 0.0)]
    used = np.flatnonzero(rows & (spectrum.counts.sum(axis=1) > 0.0))
    if not used.size:
        return (np.zeros(0),) * 5
    guess = guess / guess.sum(axis=1, keepdims=True)
    # Rows lie one behind the other, each from n to n + 1.
    steps = np.cumsum(guess, axis=1)
    steps /= steps[:, -1:]
    points = _points(spectrum.counts.shape[0] * per_row, seed)[: used.size * per_row]
    row = np.repeat(np.arange(used.size), per_row)
    offset = (steps + np.arange(used.size)[:, None]).ravel()
    chosen = np.searchsorted(offset, row + points[:, 0] * (1.0 - 1e-12), side="right")
    column = np.clip(chosen - row * guess.shape[1], 0, guess.shape[1] - 1)
    low, high = spectrum.log10_momentum[used[row]], spectrum.log10_momentum[used[row] + 1]
    momentum = 10.0 ** (low + points[:, 1] * (high - low))
    squares = 10.0 ** (2.0 * spectrum.log10_angle)
    squared = squares[column] + points[:, 2] * (squares[column + 1] - squares[column])
    probability = guess[row, column]
    safe = np.where(probability > 0.0, probability, np.inf)
    weight = spectrum.counts[used[row], column] / safe / per_row
    return momentum, np.sqrt(squared), weight, points[:, 3], points[:, 4]


@lru_cache(maxsize=4)
def _points(size: int, seed: int) -> FloatArray:
    """Return points of the unit cube; those of a smaller size are the first of them."""
    points = quasi_random_points(size, 5, seed)
    points.setflags(write=False)
    return points


def _polar(
    u: FloatArray,
    slowest: FloatArray,
    gamma: FloatArray,
    ratio: FloatArray,
    tilt: FloatArray,
    cone: float,
) -> tuple[FloatArray, FloatArray]:
    r"""Return cosines of the decay in the rest frame that can meet the cone, and their share of 2.

    A mediator at the angle psi to its meson can lie in the cone if
    :math:`|\theta - \theta_{max}|\le\psi\le\theta + \theta_{max}` (from 0 if the meson is inside).
    """
    widest = np.minimum(tilt + cone, np.pi)
    # Near the opposite of the cone's axis all angles beyond come back into a wide cone.
    widest = np.where(tilt + cone >= np.pi, np.pi, widest)
    nearest = np.maximum(tilt - cone, 0.0)
    far_high, far_low = _cosines(widest, gamma, ratio)
    near_high, near_low = _cosines(nearest, gamma, ratio)
    # Backward branch, where the boost beats k; forward branch, psi falling to 0 at cos = 1.
    first = np.maximum(near_low, slowest), np.maximum(far_low, slowest)
    second = np.maximum(far_high, slowest), np.maximum(near_high, slowest)
    one, two = np.maximum(first[1] - first[0], 0.0), np.maximum(second[1] - second[0], 0.0)
    # More points at large cosines: fast mediators live long enough to pass a thick shield.
    place = (1.0 - (1.0 - u) ** _TOWARDS_FAST) * (one + two)
    slope = _TOWARDS_FAST * (1.0 - u) ** (_TOWARDS_FAST - 1.0)
    cosine = np.where(place < one, first[0] + place, second[0] + place - one)
    return np.clip(cosine, -1.0, 1.0), 0.5 * (one + two) * slope


def _cosines(psi: FloatArray, gamma: FloatArray, ratio: FloatArray) -> Interval:
    r"""Return the two cosines in the rest frame that give the angle psi to the meson's direction.

    :math:`\tan\psi = k\sin\theta^*/\gamma(k\cos\theta^* + \beta e)` with
    :math:`r` = `ratio` = :math:`\beta e/k` gives, with :math:`t = \gamma\tan\psi`,

    .. math:: \cos\theta^* = \frac{-t^2r \pm\sqrt{1 + t^2(1 - r^2)}}{1 + t^2} .

    For r < 1 there is one (the lower of the pair is the end, -1), for r > 1 there are two up to
    the greatest angle, and -1/r, where they meet, beyond.
    """
    upright = np.abs(psi - 0.5 * np.pi) < 1e-9
    tangent2 = (gamma * np.tan(np.where(upright, 0.5 * np.pi - 1e-9, psi))) ** 2
    root = np.sqrt(np.maximum(1.0 + tangent2 * (1.0 - ratio**2), 0.0))
    high = (root - tangent2 * ratio) / (1.0 + tangent2)
    low = (-root - tangent2 * ratio) / (1.0 + tangent2)
    turning = -1.0 / np.maximum(ratio, 1.0)
    reached = (1.0 + tangent2 * (1.0 - ratio**2) > 0.0) & (psi < 0.5 * np.pi)
    fast = ratio >= 1.0
    forward = np.where(
        fast, np.where(reached, high, turning), np.where(psi < 0.5 * np.pi, high, low)
    )
    backward = np.where(fast, np.where(reached, low, turning), -1.0)
    return np.asarray(forward), np.asarray(backward)


def _azimuth(
    v: FloatArray, psi: FloatArray, tilt: FloatArray, cone: float
) -> tuple[FloatArray, FloatArray]:
    """Return azimuths about the meson's direction that lead into the cone, and their share.

    Azimuth pi points to the beam: x is the meson's plane, so the arc lies about pi.
    """
    if cone >= np.pi:
        return 2.0 * np.pi * v, np.ones(v.shape)
    product = np.sin(tilt) * np.sin(psi)
    difference = tilt - psi
    # 1 - cos(arc) by half angles, without the cancellation of small ones.
    room = 2.0 * np.sin(0.5 * (cone + difference)) * np.sin(0.5 * (cone - difference))
    chord = np.where(product > 0.0, room / np.where(product > 0.0, product, 1.0), np.sign(room) * 2)
    arc = 2.0 * np.arcsin(np.sqrt(np.clip(0.5 * chord, 0.0, 1.0)))
    return np.pi + (2.0 * v - 1.0) * arc, arc / np.pi


def _checked_cone(largest_angle: float) -> float:
    if not 0.0 < largest_angle <= np.pi:
        raise InputError(f"largest_angle must lie in (0, pi] rad, got {largest_angle!r}")
    return float(largest_angle)
