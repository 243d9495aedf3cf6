"""Decay volumes and detectors as data: tables that files hold and that Python makes.

The beam flies along z from the origin; x is horizontal, y vertical. Lengths need their unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, ValidationError, model_validator

from darkbeam.errors import InputError, suggestion
from darkbeam.toml_files import EntryError, Table
from darkbeam.units import parse_energy, parse_length_m

__all__ = [
    "DecayVolume",
    "Detector",
    "DetectorPlane",
    "Geometry",
    "make_geometry",
]

FloatArray = NDArray[np.float64]
Axis = Literal["x", "y", "z"]


def _in_m(value: object, minimum: float) -> float:
    if not isinstance(value, bool) and isinstance(value, int | float) and value == 0:
        return 0.0  # zero is zero in any unit
    if not isinstance(value, str) or not any(c.isalpha() for c in value.replace("e", "")):
        raise InputError(f"length = {value!r}: a length needs its unit, as in '1.5 mm'")
    return parse_length_m(value, name="length", minimum=minimum, allow_zero=True)


def _size(value: object) -> float:
    return _in_m(value, 0.0)


def _position(value: object) -> float:
    return _in_m(value, -np.inf)


def _threshold(value: object) -> float:
    return parse_energy(value, name="energy", allow_zero=True)


Size = Annotated[float, BeforeValidator(_size)]
Position = Annotated[float, BeforeValidator(_position)]
Threshold = Annotated[float, BeforeValidator(_threshold)]
Centre = tuple[Position, Position]

_SIZES: Mapping[str, tuple[str, ...]] = {
    "box": ("width", "height"),
    "cylinder": ("radius",),
    "frustum": ("radius", "radius_end"),
    "pyramid": ("width", "height", "width_end", "height_end"),
    "rectangle": ("width", "height"),
    "disc": ("radius",),
}
"""Shape -> the sizes that it needs, all full widths or radii."""
_AXES = ("x", "y", "z")
_ALL_SIZES = ("width", "height", "radius", "width_end", "height_end", "radius_end")


def _check_sizes(table: Table, shape: str, tapered: bool) -> None:
    """Refuse a size that is missing, not of this shape, or 0 where no cone begins or ends."""
    wanted = _SIZES[shape]
    for name in _ALL_SIZES:
        value = getattr(table, name, None)
        if value is None and name in wanted:
            raise EntryError((name,), f"is missing: a {shape} has {' and '.join(wanted)}")
        if value is not None and name not in wanted:
            raise EntryError((name,), f"a {shape} has {' and '.join(wanted)}, and no {name}")
        if value == 0.0 and not tapered:
            raise EntryError((name,), "must be above 0 m")
    for name in wanted if tapered else ():
        if not name.endswith("_end") and getattr(table, name) + getattr(table, f"{name}_end") == 0:
            raise EntryError((name,), f"{name} and {name}_end must not both be 0 m")


class DecayVolume(Table):
    """[decay_volume]: where a decay counts, a body along the beam from `start` to `end`.

    A ``box`` (width in x, height in y) and a ``cylinder`` (radius) are the same all along; a
    ``pyramid`` and a ``frustum`` (of a cone) widen or narrow evenly to width_end and height_end,
    or radius_end, and may run from `center` to another `center_end`.
    """

    shape: Literal["box", "cylinder", "frustum", "pyramid"]
    start: Position
    end: Position
    center: Centre = (0.0, 0.0)
    center_end: Centre | None = None
    width: Size | None = None
    height: Size | None = None
    radius: Size | None = None
    width_end: Size | None = None
    height_end: Size | None = None
    radius_end: Size | None = None

    @model_validator(mode="after")
    def _consistent(self) -> DecayVolume:
        if self.end <= self.start:
            raise EntryError(
                ("end",), f"end = {self.end:g} m must lie behind start = {self.start:g} m"
            )
        tapered = self.shape in ("frustum", "pyramid")
        _check_sizes(self, self.shape, tapered)
        if self.center_end is not None and not tapered:
            raise EntryError(
                ("center_end",), f"a {self.shape} is straight: use a frustum or a pyramid"
            )
        return self

    def packed(self) -> FloatArray:
        """Return what the kernels take.

        Kind (0 rectangular, 1 circular), start and end in z, centre x, y at the start, at the
        end, half sizes in x, y at the start, at the end; m.
        """
        end = self.center_end or self.center
        return np.array(
            [
                float(self.radius is not None),
                self.start,
                self.end,
                *self.center,
                *end,
                *self.half_sizes(at_end=False),
                *self.half_sizes(at_end=True),
            ]
        )

    def half_sizes(self, *, at_end: bool) -> tuple[float, float]:
        """Return half the extent in x and in y at the start or the end, m."""
        end = "_end" if at_end and self.shape in ("frustum", "pyramid") else ""
        if self.radius is not None:
            radius = cast("float", getattr(self, f"radius{end}"))
            return radius, radius
        width, height = getattr(self, f"width{end}"), getattr(self, f"height{end}")
        return 0.5 * cast("float", width), 0.5 * cast("float", height)

    def corners(self) -> FloatArray:
        """Return the lowest and highest x, y, z of a box around the volume, shape (2, 3), m."""
        near, far = np.array(self.half_sizes(at_end=False)), np.array(self.half_sizes(at_end=True))
        first, last = np.array(self.center), np.array(self.center_end or self.center)
        low = [*np.minimum(first - near, last - far), self.start]
        high = [*np.maximum(first + near, last + far), self.end]
        return np.array([low, high])


class DetectorPlane(Table):
    """[[detector.plane]]: a rectangle or a disc that daughters must cross.

    `normal` is the axis across it and `position` its place on that axis. `center`, and `width` and
    `height`, are along the other two axes in the order x, y, z: (x, y) for the usual plane across
    the beam, (y, z) for a wall beside it, (x, z) for a roof.
    """

    shape: Literal["rectangle", "disc"]
    normal: Axis = "z"
    position: Position
    center: Centre = (0.0, 0.0)
    width: Size | None = None
    height: Size | None = None
    radius: Size | None = None

    @model_validator(mode="after")
    def _consistent(self) -> DetectorPlane:
        _check_sizes(self, self.shape, False)
        return self

    def half_sizes(self) -> tuple[float, float]:
        """Return half the extent along the two other axes, m."""
        if self.radius is not None:
            return self.radius, self.radius
        return 0.5 * cast("float", self.width), 0.5 * cast("float", self.height)

    def packed(self) -> FloatArray:
        """Return what the kernels take.

        Kind (0 rectangle, 1 disc), axis k, position, centre and half sizes along the axes k + 1
        and k + 2, counted round; m.
        """
        half, center = self.half_sizes(), self.center
        axis = _AXES.index(self.normal)
        if self.normal == "y":  # k + 1 is z and k + 2 is x
            half, center = half[::-1], center[::-1]
        return np.array([float(self.radius is not None), axis, self.position, *center, *half])

    def reach_z(self) -> float:
        """Return the largest z of the plane, m."""
        if self.normal == "z":
            return self.position
        return self.center[1] + self.half_sizes()[1]


class Detector(Table):
    """[detector]: the planes behind one another, and what must cross all of them.

    With ``required = "all"`` both daughters must, with ``"any"`` one will do. A daughter below
    `energy_min` (total energy) is not seen. There is no magnetic field.
    """

    plane: tuple[DetectorPlane, ...] = ()
    required: Literal["all", "any"] = "all"
    energy_min: Threshold = 0.0

    def packed(self) -> FloatArray:
        """Return the planes as the kernels take them, shape (n, 7)."""
        return np.array([plane.packed() for plane in self.plane]).reshape(-1, 7)


class Geometry(Table):
    """The tables of a displaced decay: dump, decay volume, detector.

    Without a detector every decay in the volume is seen. `dump_end` is where dump and shield end,
    at z; what decays before is lost.
    """

    dump_end: Position
    decay_volume: DecayVolume
    detector: Detector | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Geometry:
        volume = self.decay_volume
        if volume.start < self.dump_end:
            raise EntryError(
                ("decay_volume", "start"),
                f"the decay volume begins at {volume.start:g} m, in front of the end of the dump "
                f"at {self.dump_end:g} m",
            )
        for number, plane in enumerate(self.detector.plane if self.detector else ()):
            if plane.reach_z() <= volume.start:
                raise EntryError(
                    ("detector", "plane", number, "position"),
                    f"the detector sees nothing: this plane ends at z = {plane.reach_z():g} m, in "
                    f"front of the decay volume, which begins at {volume.start:g} m",
                )
        return self


def make_geometry(entries: Mapping[str, Any]) -> Geometry:
    """Return a geometry from the entries that a file would hold.

    Parameters
    ----------
    entries : mapping
        ``dump_end``, ``decay_volume`` and, if wanted, ``detector``, as in TOML.

    Raises
    ------
    InputError
        One line that names the first entry that is wrong, and why.

    Examples
    --------
    >>> tunnel = {"shape": "cylinder", "start": "60 m", "end": "110 m", "radius": "1 m"}
    >>> make_geometry({"dump_end": "60 m", "decay_volume": tunnel}).decay_volume.end
    110.0
    """
    try:
        return Geometry.model_validate(dict(entries))
    except ValidationError as problem:
        raise InputError(_first_mistake(problem)) from None


def _first_mistake(problem: ValidationError) -> str:
    first = min(problem.errors(), key=lambda each: each["type"] != "extra_forbidden")
    place = [str(part) for part in first["loc"]]
    text = str(first["msg"]).removeprefix("Value error, ")
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, EntryError):
        place += [str(part) for part in cause.entry]
    if first["type"] == "missing":
        text = "is missing"
    if first["type"] == "extra_forbidden":
        tables = (Geometry, DecayVolume, Detector, DetectorPlane)
        known = {name for table in tables for name in table.model_fields}
        text = "no such entry; " + suggestion(place[-1], known)
    return f"{'.'.join(place)}: {text}"
