r"""Where protons interact in a target: once each, after an exponential depth.

Only the first inelastic interaction of a proton makes mediators here; the cascade of its
secondaries in a thick dump adds to them, mostly soft ones, and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from darkbeam.matter.elements import Element
from darkbeam.matter.materials import Material, material
from darkbeam.matter.targets import LayeredMaterial, TargetLike, target

__all__ = ["interaction_length_cm", "interaction_length_g_cm2", "interactions_in"]

_MEASURED: Mapping[str, float] = MappingProxyType(
    {
        "H": 52.0,
        "Be": 77.8,
        "C": 85.8,
        "N": 89.7,
        "O": 90.2,
        "Al": 107.2,
        "Si": 108.4,
        "Ar": 119.7,
        "Fe": 132.1,
        "Cu": 137.3,
        "W": 191.9,
        "Pb": 199.6,
    }
)
"""Nuclear interaction lengths, g/cm^2: Review of Particle Physics."""


def interaction_length_g_cm2(item: str | Material | Element) -> float:
    r"""Return the nuclear interaction length of a material, g/cm^2.

    That of the Review of Particle Physics (inelastic, some 100 GeV), or
    :math:`37.8\,A^{0.312}` for elements that are not in the table here, which is within 1.5 % of
    the listed ones from aluminium on. Mixtures by Bragg's rule.

    Examples
    --------
    >>> round(interaction_length_g_cm2("Fe"), 1)
    132.1
    """
    shares = material(item).elements
    per_gram = sum(fraction / _of_element(element) for element, fraction in shares)
    return float(sum(fraction for _, fraction in shares) / per_gram)


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


def _one_by_one(stack: LayeredMaterial) -> list[tuple[Material, float]]:
    return list(stack.layers) * stack.repeats


def _of_element(element: Element) -> float:
    known = _MEASURED.get(element.symbol)
    return known if known is not None else float(37.8 * element.atomic_weight**0.312)
