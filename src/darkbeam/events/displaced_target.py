"""What a beam meets in the record of a displaced decay: nuclei of a dump, or another beam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import AVOGADRO
from darkbeam.events.radiators import PB_TO_CM2
from darkbeam.events.record import nucleus_number
from darkbeam.experiments.displaced_decay_description import DisplacedDecayDescription
from darkbeam.matter import LayeredMaterial
from darkbeam.matter.elements import Element
from darkbeam.matter.materials import Material
from darkbeam.production.inelastic import proton_collision_cross_section_mb

__all__ = ["DumpTarget", "dump_target"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_BEAMS = {"e-": 11, "e+": -11, "p": 2212}
_MB_TO_PB = 1e9


@dataclass(frozen=True, eq=False)
class DumpTarget:
    """Beam and target of a record.

    Attributes
    ----------
    beam : ndarray, shape (4,)
        Four-momentum of the beam particle, GeV.
    beam_pdg, beam_mass
        Its number and mass, GeV.
    ends_m : ndarray, shape (k,)
        Where the layers end; a single inf for a collider.
    numbers : ndarray of int, shape (k,)
        Number of the nucleus in each layer: the element with most of its mass.
    momenta : ndarray, shape (k, 4)
        Four-momenta of these, GeV: at rest, or the other beam.
    masses : ndarray, shape (k,)
        GeV.
    target_pdg, target_mass
        As of `darkbeam.events.record.RunInformation`.
    pb_per_particle : float
        Cross section per nucleus, pb, of what one beam particle makes one of.
    """

    beam: FloatArray
    beam_pdg: int
    beam_mass: float
    ends_m: FloatArray
    numbers: IntArray
    momenta: FloatArray
    masses: FloatArray
    target_pdg: int
    target_mass: float
    pb_per_particle: float

    def nuclei_at(self, depth_m: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return number, four-momentum and mass of the nuclei at some depths.

        Parameters
        ----------
        depth_m : ndarray, shape (n,)
            m.
        """
        layer = np.minimum(np.searchsorted(self.ends_m, depth_m), self.ends_m.size - 1)
        return self.numbers[layer], self.momenta[layer], self.masses[layer]


def dump_target(description: DisplacedDecayDescription) -> DumpTarget:
    """Return beam and target of an experiment."""
    beam = description.beam.beam()
    ahead = np.array([beam.energy, 0.0, 0.0, beam.momentum])
    number = _BEAMS[beam.particle]
    if description.collider:
        inelastic = float(proton_collision_cross_section_mb(2.0 * beam.energy))
        return DumpTarget(
            ahead, number, beam.mass, np.array([np.inf]), np.array([number]),
            ahead[None] * (1.0, 1.0, 1.0, -1.0), np.array([beam.mass]), number, beam.mass,
            _MB_TO_PB * inelastic,
        )  # fmt: skip
    layers = description.target()
    steps = [(item, 1e-3 * t) for item, t in layers.layers] * layers.repeats
    nuclei = [_main_element(item) for item, _ in steps]
    numbers = np.array([int(nucleus_number(e.Z, e.atomic_weight)) for e in nuclei])
    masses = np.array([e.nuclear_mass for e in nuclei])
    momenta = np.zeros((masses.size, 4))
    momenta[:, 0] = masses
    one = len({symbol for item, _ in steps for symbol, _ in item.fractions}) == 1
    return DumpTarget(
        ahead,
        number,
        beam.mass,
        np.cumsum([t for _, t in steps]),
        numbers,
        momenta,
        masses,
        int(numbers[0]) if one else 0,
        float(masses[0]) if one else 0.0,
        1.0 / (PB_TO_CM2 * _nuclei_per_cm2(layers)),
    )


def _main_element(item: Material) -> Element:
    return max(item.elements, key=lambda pair: pair[1])[0]


def _nuclei_per_cm2(layers: LayeredMaterial) -> float:
    """Return the nuclei of all elements that a straight line through the target meets, 1/cm^2."""
    return layers.repeats * sum(
        0.1
        * thickness
        * item.density
        * AVOGADRO
        * sum(w / e.atomic_weight for e, w in item.elements)
        for item, thickness in layers.layers
    )
