r"""Targets: a material without end, or a stack of layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import cast

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import AVOGADRO
from darkbeam.errors import InputError
from darkbeam.matter.elements import Element
from darkbeam.matter.materials import Material, material

__all__ = ["LayeredMaterial", "TargetLike", "target"]


@dataclass(frozen=True)
class LayeredMaterial:
    """A target along the beam: layers of materials, the sequence repeated.

    Parameters
    ----------
    layers : sequence of (str or Material, float)
        Material and thickness in mm of each layer of one period. One layer of infinite thickness
        is a homogeneous target.
    repeats : int
        Number of periods.
    active : sequence of str, optional
        Names of the materials whose energy is seen; by default the detector media among them,
        or everything where there is none.

    Raises
    ------
    InputError
        No layer, a thickness that is not positive, an infinite one among several, repeats below
        1, or an active material that is not among the layers.

    Examples
    --------
    >>> ecal = LayeredMaterial([("Pb", 1.5), ("polystyrene", 1.5)], repeats=150)
    >>> round(ecal.total_depth_x0, 1)
    40.6
    """

    layers: tuple[tuple[Material, float], ...]
    repeats: int = 1
    active: tuple[str, ...] = ()

    def __init__(
        self,
        layers: Sequence[tuple[str | Material | Element, float]],
        repeats: int = 1,
        active: Sequence[str] | None = None,
    ) -> None:
        """Check the layers and keep them."""
        made = tuple((material(name), float(thickness)) for name, thickness in layers)
        if not made:
            raise InputError("layers = []: a target needs at least one layer")
        for item, thickness in made:
            if not thickness > 0.0:
                raise InputError(f"thickness = {thickness} mm of {item.name!r}: must be positive")
        if isinstance(repeats, bool) or not isinstance(repeats, int) or repeats < 1:
            raise InputError(f"repeats = {repeats!r}: must be an integer of at least 1")
        if any(t == inf for _, t in made) and (len(made) > 1 or repeats > 1):
            raise InputError("thickness = inf: only for a single layer")
        names = {item.name for item, _ in made}
        if active is None:
            seen = {item.name for item, _ in made if item.active}
            chosen = tuple(sorted(seen or names))
        else:
            chosen = tuple(sorted(material(name).name for name in active))
            for name in chosen:
                if name not in names:
                    raise InputError(f"active = {name!r}: not among the layers ({sorted(names)})")
        object.__setattr__(self, "layers", made)
        object.__setattr__(self, "repeats", repeats)
        object.__setattr__(self, "active", chosen)

    @property
    def name(self) -> str:
        """A short description, such as "Pb" or "150 x (1.5 mm Pb + 1.5 mm polystyrene)"."""
        if self.homogeneous and self.layers[0][1] == inf:
            return self.layers[0][0].name
        parts = " + ".join(f"{t:g} mm {m.name}" for m, t in self.layers)
        return parts if self.repeats == 1 else f"{self.repeats} x ({parts})"

    @property
    def homogeneous(self) -> bool:
        """Whether there is one material only."""
        return len({m for m, _ in self.layers}) == 1

    @property
    def materials(self) -> tuple[Material, ...]:
        """The different materials, in order of appearance."""
        return tuple(dict.fromkeys(m for m, _ in self.layers))

    def _weights(self) -> tuple[tuple[Material, float], ...]:
        """Share of each layer in the mass per area of a period."""
        if self.homogeneous:
            return ((self.layers[0][0], 1.0),)
        masses = [(m, m.density * t) for m, t in self.layers]
        total = sum(x for _, x in masses)
        return tuple((m, x / total) for m, x in masses)

    @property
    def density(self) -> float:
        """Mean density, g/cm^3."""
        if self.homogeneous:
            return self.layers[0][0].density
        return sum(m.density * t for m, t in self.layers) / sum(t for _, t in self.layers)

    @property
    def radiation_length(self) -> float:
        """Mean radiation length, g/cm^2."""
        return 1.0 / sum(w / m.radiation_length for m, w in self._weights())

    @property
    def radiation_length_cm(self) -> float:
        """Mean radiation length, cm."""
        return self.radiation_length / self.density

    @property
    def total_depth_cm(self) -> float:
        """Thickness, cm; inf for a homogeneous target without end."""
        return self.repeats * sum(t for _, t in self.layers) / 10.0

    @property
    def total_depth_x0(self) -> float:
        """Thickness in radiation lengths."""
        return self.repeats * sum(0.1 * t / m.radiation_length_cm for m, t in self.layers)

    @property
    def nuclei_per_x0_cm2(self) -> dict[str, float]:
        """Number of nuclei of each element per cm^2 in one radiation length of the mean target."""
        x0 = self.radiation_length
        nuclei: dict[str, float] = {}
        for item, weight in self._weights():
            for e, fraction in item.elements:
                number = AVOGADRO * weight * fraction * x0 / e.atomic_weight
                nuclei[e.symbol] = nuclei.get(e.symbol, 0.0) + number
        return nuclei

    def boundaries_x0(self) -> NDArray[np.float64]:
        """Depths of the layers' boundaries in radiation lengths, from 0, one more than layers."""
        period = [0.1 * t / m.radiation_length_cm for m, t in self.layers]
        steps = np.tile(np.asarray(period), self.repeats)
        return np.concatenate(([0.0], np.cumsum(steps)))

    def material_index(self) -> NDArray[np.int64]:
        """Index into `materials` for each layer."""
        kinds = self.materials
        period = [kinds.index(m) for m, _ in self.layers]
        return np.tile(np.asarray(period, dtype=np.int64), self.repeats)

    def active_layers(self) -> NDArray[np.bool_]:
        """Whether each layer is active."""
        period = [m.name in self.active for m, _ in self.layers]
        return np.tile(np.asarray(period, dtype=np.bool_), self.repeats)


Layers = Sequence[tuple[str | Material | Element, float]]
TargetLike = str | Element | Material | LayeredMaterial | Layers


def target(
    description: TargetLike, *, repeats: int = 1, depth_x0: float | None = None
) -> LayeredMaterial:
    """Return a target: a material without end, or a stack of layers.

    Parameters
    ----------
    description : str, Element, Material, LayeredMaterial or sequence of (str, float)
        A material's name, or layers with thickness in mm.
    repeats : int
        Number of periods, for layers.
    depth_x0 : float, optional
        Thickness in radiation lengths of a target given by a material; by default endless.

    Raises
    ------
    UnknownNameError
        No such material; the message suggests a near match.
    InputError
        A number is out of range.

    Examples
    --------
    >>> round(target("W").radiation_length, 2)
    6.76
    """
    if isinstance(description, LayeredMaterial):
        return description
    if isinstance(description, str | Element | Material):
        item = material(description)
        if depth_x0 is None:
            return LayeredMaterial([(item, inf)])
        if not depth_x0 > 0.0:
            raise InputError(f"depth_x0 = {depth_x0}: must be positive")
        return LayeredMaterial([(item, 10.0 * depth_x0 * item.radiation_length_cm)])
    if isinstance(description, str) or not isinstance(description, Sequence):
        raise InputError(f"target = {description!r}: expected a material's name or layers")
    return LayeredMaterial(cast(Layers, description), repeats)
