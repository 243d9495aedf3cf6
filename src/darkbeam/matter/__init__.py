"""Matter: elements, materials, layered targets; showers are in `darkbeam.matter.shower`."""

from __future__ import annotations

from darkbeam.matter.elements import DensityEffect, Element, element, element_names
from darkbeam.matter.materials import Material, material, material_names, mixture
from darkbeam.matter.targets import LayeredMaterial, target

__all__ = [
    "DensityEffect",
    "Element",
    "LayeredMaterial",
    "Material",
    "element",
    "element_names",
    "material",
    "material_names",
    "mixture",
    "target",
]
