"""A plain simulation of a dump of protons: every particle drawn, nothing steered, one point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import HBARC_GEV_M
from darkbeam.decays import widths
from darkbeam.decays.kinematics import two_body_decay
from darkbeam.experiments.displaced.sources import source_strengths
from darkbeam.experiments.displaced_decay import visible_states
from darkbeam.experiments.displaced_decay_description import DAUGHTERS, DisplacedDecayDescription
from darkbeam.geometry import DecayVolume
from darkbeam.models import Model
from darkbeam.particles import mass as particle_mass
from darkbeam.production.mediator_samples import MediatorSample
from darkbeam.production.meson_decays import MESON_DECAYS
from darkbeam.production.proton_brem import WINDOWS
from darkbeam.production.proton_interactions import interactions_in
from darkbeam.production.proton_sources import brem_sample, decay_sample

FloatArray = NDArray[np.float64]


def plain_events(
    description: DisplacedDecayDescription, model: Model, size: int, seed: int = 1
) -> tuple[float, float]:
    """Return the events per proton and their statistical error, from `size` particles in all."""
    production = description.production
    assert production is not None
    table = model.couplings()
    mass = float(np.asarray(table.mass))
    strengths = source_strengths(description, table, production.sources)
    names = [n for n in strengths if n == "bremsstrahlung" or n in MESON_DECAYS]
    total, square = 0.0, 0.0
    for number, name in enumerate(names):
        made = _source(description, name, mass, size // len(names), seed + number)
        seen = _seen(description, made, model, np.random.default_rng(seed + 100 + number))
        weights = float(strengths[name]) * made.weight * seen
        total += float(weights.sum())
        square += float(np.sum(weights**2))
    return total, float(np.sqrt(square))


def _source(
    description: DisplacedDecayDescription, name: str, mass: float, size: int, seed: int
) -> MediatorSample:
    assert description.production is not None
    production = description.production.of_target(description.target())
    assert production.target is not None
    share, depth = interactions_in(production.target)
    if name != "bremsstrahlung":
        share *= production.multiplicity_factor(MESON_DECAYS[name].meson)
    if name == "bremsstrahlung":
        sample = brem_sample(
            mass,
            description.beam.energy,
            size,
            splitting=production.splitting,
            window=WINDOWS[str(production.window)],
            cutoff=production.cutoff,
            seed=seed,
        )
    else:
        decay = MESON_DECAYS[name]
        sample = decay_sample(production.spectrum(decay.meson), decay, mass, size, seed=seed)
    return MediatorSample(
        mass, sample.energy, sample.angle, share * sample.weight, np.full(size, depth)
    )


def _seen(
    description: DisplacedDecayDescription,
    made: MediatorSample,
    model: Model,
    generator: np.random.Generator,
) -> FloatArray:
    """Return for each mediator the weight with which its one decay is seen."""
    size, volume = len(made), description.decay_volume
    phi = generator.uniform(0.0, 2.0 * np.pi, size)
    direction = np.stack(
        [np.sin(made.angle) * np.cos(phi), np.sin(made.angle) * np.sin(phi), np.cos(made.angle)], 1
    )
    found = widths(model)
    # uniform along the volume, with the exponential as a weight: none is lost in the shield
    z = generator.uniform(volume.start, volume.end, size)
    ahead = direction[:, 2] > 1e-3
    forward = np.where(ahead, direction[:, 2], 1.0)  # backwards: no weight
    flown = (z - made.depth_m) / forward
    rate = float(found.total) * made.mass / (made.momentum * HBARC_GEV_M)
    weight = rate * np.exp(-rate * flown) * (volume.end - volume.start) / forward
    place = direction[:, :2] * flown[:, None]
    weight *= _inside(volume, place, z) & ahead
    weight *= made.energy >= description.selection.energy_min
    momentum = np.column_stack([made.energy, made.momentum[:, None] * direction])
    result = np.zeros(size)
    for state in visible_states(description, made.mass):
        first, second = (0.0 if p == "gamma" else particle_mass(p) for p in DAUGHTERS[state])
        fraction = float(np.nan_to_num(found.partial[state]) / found.total)
        hit = np.ones(size, dtype=bool)
        if description.detector is not None:
            decayed = two_body_decay(
                momentum, made.mass, first, second, seed=int(generator.integers(2**31))
            )
            hits = [_hits(description, daughter, place, z) for daughter in decayed]
            both = description.detector.required == "all"
            hit = hits[0] & hits[1] if both else hits[0] | hits[1]
        result += fraction * hit
    return np.asarray(weight * result)


def _inside(volume: DecayVolume, place: FloatArray, z: FloatArray) -> NDArray[np.bool_]:
    along = ((z - volume.start) / (volume.end - volume.start))[:, None]
    near, far = (np.array(volume.half_sizes(at_end=end)) for end in (False, True))
    first, last = np.array(volume.center), np.array(volume.center_end or volume.center)
    offset = place - (first + along * (last - first))
    half = near + along * (far - near)
    if volume.radius is not None:
        return np.asarray(np.sum((offset / half) ** 2, axis=1) <= 1.0)
    return np.asarray(np.all(np.abs(offset) <= half, axis=1))


def _hits(
    description: DisplacedDecayDescription, daughter: FloatArray, place: FloatArray, z: FloatArray
) -> NDArray[np.bool_]:
    assert description.detector is not None
    hit = (daughter[:, 0] >= description.detector.energy_min) & (daughter[:, 3] > 0.0)
    slope = daughter[:, 1:3] / daughter[:, 3:]
    for plane in description.detector.plane:
        offset = place + slope * (plane.position - z)[:, None] - np.array(plane.center)
        half = np.array(plane.half_sizes())
        if plane.radius is not None:
            hit &= np.sum((offset / half) ** 2, axis=1) <= 1.0
        else:
            hit &= np.all(np.abs(offset) <= half, axis=1)
    return np.asarray(hit)
