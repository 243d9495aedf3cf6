r"""Where protons interact in a target: once each, after an exponential depth.

Only the first inelastic interaction of a proton makes mediators here; the cascade of its
secondaries in a thick dump adds to them, mostly soft ones, and is left out.
"""

from __future__ import annotations

import numpy as np

from darkbeam.constants import AVOGADRO
from darkbeam.matter.elements import Element
from darkbeam.matter.materials import Material, material
from darkbeam.matter.targets import LayeredMaterial, TargetLike, target
from darkbeam.production.inelastic import inelastic_cross_section_mb

__all__ = ["interaction_length_cm", "interaction_length_g_cm2", "interactions_in", "main_material"]

_CM2_TO_MB = 1e27


def interaction_length_g_cm2(item: str | Material | Element) -> float:
    r"""Return the nuclear interaction length of a material, g/cm^2.

    From the cross sections of `darkbeam.production.inelastic`, which are those of the Review of
    Particle Physics at some 100 GeV; mixtures by Bragg's rule.

    Examples
    --------
    >>> round(interaction_length_g_cm2("Fe"), 1)
    132.1
    """
    atoms = [(share / e.atomic_weight, e.atomic_weight) for e, share in material(item).elements]
    cross_section_mb = sum(n * float(inelastic_cross_section_mb(a)) for n, a in atoms)
    return _CM2_TO_MB / (AVOGADRO * cross_section_mb)


def interaction_length_cm(item: str | Material | Element) -> float:
    """Return the nuclear interaction length of a material, cm."""
    return interaction_length_g_cm2(item) / material(item).density


def interactions_in(layers: TargetLike) -> tuple[float, float]:
    """Return the share of protons that interact in a target, and the mean depth of those, m.

    Parameters
    ----------
    layers : target
        As of `darkbeam.matter.target`: a material without end, or layers with thickness in mm.

    Examples
    --------
    >>> share, depth = interactions_in([("Fe", 1000.0)])
    >>> round(share, 3), round(depth, 3)
    (0.997, 0.165)
    """
    stack = target(layers)
    share, moment, front, survived = 0.0, 0.0, 0.0, 1.0
    for item, thickness_mm in _one_by_one(stack):
        length = 0.01 * interaction_length_cm(item)
        thickness = 1e-3 * thickness_mm
        here = survived * -np.expm1(-thickness / length)
        left = survived * np.exp(-thickness / length)
        # Integral of z exp(-z/length) dz/length over the layer, from its front.
        within = survived * length - left * (length + thickness) if left > 0.0 else here * length
        share += here
        moment += front * here + within
        front += thickness
        survived = left
    return float(share), float(moment / share)


def main_material(layers: TargetLike) -> Material:
    """Return the material of a target in which most protons interact.

    Examples
    --------
    >>> main_material([("Mo", 580.0), ("W", 780.0)]).name
    'Mo'
    """
    found: dict[Material, float] = {}
    optical = 0.0
    for item, thickness_mm in _one_by_one(target(layers)):
        depth = 0.1 * thickness_mm / interaction_length_cm(item)
        share = float(np.exp(-optical) * -np.expm1(-depth))
        found[item] = found.get(item, 0.0) + share
        optical += depth
    return max(found, key=lambda item: found[item])


def _one_by_one(stack: LayeredMaterial) -> list[tuple[Material, float]]:
    return list(stack.layers) * stack.repeats
