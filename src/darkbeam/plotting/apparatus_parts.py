"""The parts of an experiment as its description has them: where each stands, how large it is.

z is along the beam, x horizontal, y vertical, in m; z = 0 is the front of the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from darkbeam.experiments.description import ExperimentDescription
from darkbeam.experiments.displaced_decay_description import DisplacedDecayDescription
from darkbeam.experiments.flavour_change_description import FlavourChangeDescription
from darkbeam.experiments.missing_energy_description import ActiveDump
from darkbeam.experiments.missing_momentum_description import MissingMomentumDescription
from darkbeam.experiments.scattered_muon_description import ScatteredMuonDescription
from darkbeam.geometry import DecayVolume, DetectorPlane, Geometry
from darkbeam.matter import LayeredMaterial
from darkbeam.units import format_energy

__all__ = ["Across", "Part", "Role", "Track", "View", "length_text", "parts_of", "tracks_of"]

FloatArray = NDArray[np.float64]
View = Literal["side", "top"]
Role = Literal["matter", "shield", "decay volume", "plane", "magnet", "escape", "preshower"]
Span = tuple[float, float]
Across = tuple[Span, Span]

# A muon of p GeV is deflected by 0.299792458 B L/p rad, B L in T m.
_BENDING = 0.299792458
_CIRCLE = np.linspace(0.0, 2.0 * np.pi, 73)
_LEAST_CM, _LEAST_MM = 0.02, 1e-4
_MOST_LAYERS = 3  # that are told one by one


@dataclass(frozen=True)
class Part:
    """A body, a plane or a place along the beam.

    Parameters
    ----------
    name : str
        What it is.
    role : str
        How it is drawn.
    z : (float, float)
        Where it begins and ends, m; the same for a plane across the beam.
    x, y : ((float, float), (float, float)), optional
        Lowest and highest value where it begins and where it ends, m; None where the description
        gives none.
    layers : tuple of (str, float)
        Materials and thicknesses in m of one period, along z.
    repeats : int
        Number of periods.
    made_of, across : str
        Material and size across the beam, in words.
    placed : bool
        Whether the description says where it stands.
    round_face : bool
        Whether it is a disc that stands along the beam.
    """

    name: str
    role: Role
    z: Span
    x: Across | None = None
    y: Across | None = None
    layers: tuple[tuple[str, float], ...] = ()
    repeats: int = 1
    made_of: str = ""
    across: str = ""
    placed: bool = True
    round_face: bool = False

    def spans(self, view: View) -> Across | None:
        """Return lowest and highest value across the beam at begin and end; None if unknown."""
        return self.y if view == "side" else self.x

    def outline(self, view: View, open_half: float = 0.0) -> FloatArray:
        """Return the corners (z, y) seen from the side, or (z, x) from above, shape (n, 2), m.

        Parameters
        ----------
        view : {"side", "top"}
            Which projection.
        open_half : float
            Half the size to draw where the description gives none, m.
        """
        spans = self.spans(view) or ((-open_half, open_half),) * 2
        (low, high), (low_end, high_end) = spans
        begin, end = self.z
        if self.round_face and low < high:
            middle, half = 0.5 * (begin + end), 0.5 * (end - begin)
            along = middle + half * np.cos(_CIRCLE)
            return np.stack((along, 0.5 * (low + high) + half * np.sin(_CIRCLE)), axis=-1)
        return np.array([[begin, low], [end, low_end], [end, high_end], [begin, high]])

    def boundaries(self) -> tuple[list[str], FloatArray]:
        """Return the material of each layer, and the layers' boundaries in z, m."""
        names = [name for name, _ in self.layers] * self.repeats
        steps = np.tile([thickness for _, thickness in self.layers], self.repeats)
        return names, self.z[0] + np.concatenate(([0.0], np.cumsum(steps)))


@dataclass(frozen=True)
class Track:
    """A line to show: a muon's way, the edge of an aperture.

    Parameters
    ----------
    name : str
        What it is; lines of one name look the same.
    z : tuple of float
        Points along the beam, m.
    x, y : tuple of float
        And across it, m.
    """

    name: str
    z: tuple[float, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]

    def across(self, view: View) -> tuple[float, ...]:
        """Return the points across the beam, m."""
        return self.y if view == "side" else self.x


def length_text(length_m: float) -> str:
    """Return a length with the unit that suits it.

    Examples
    --------
    >>> length_text(0.0003504), length_text(0.45), length_text(480.0)
    ('0.3504 mm', '45 cm', '480 m')
    """
    size = abs(length_m)
    unit, metres = ("m", 1.0) if size >= 1.0 or size == 0.0 else ("cm", 0.01)
    if 0.0 < size < _LEAST_CM:
        unit, metres = ("mm", 1e-3) if size >= _LEAST_MM else ("µm", 1e-6)
    return f"{length_m / metres:.4g} {unit}".replace("-", "\N{MINUS SIGN}")


def parts_of(description: ExperimentDescription) -> tuple[Part, ...]:
    """Return the parts of an experiment, what stands behind others first.

    Parameters
    ----------
    description : ExperimentDescription
        Of any signature.
    """
    parts: list[Part] = []
    if isinstance(description, ActiveDump):
        parts = _active_dump(description)
    elif isinstance(description, ScatteredMuonDescription):
        parts = _muon_spectrometer(description)
    elif isinstance(description, MissingMomentumDescription):
        parts = [_target(description.thin_target.target())]
    elif isinstance(description, DisplacedDecayDescription):
        target = None if description.collider else description.target()
        return tuple(displaced_parts(description.geometry, target))
    parts.append(_escape(description.escape_length))
    return tuple(parts)


def tracks_of(description: ExperimentDescription) -> tuple[Track, ...]:
    """Return the lines that belong to an experiment's picture."""
    if isinstance(description, MissingMomentumDescription):
        return _aperture(description)
    if isinstance(description, ScatteredMuonDescription) and description.spectrometer.magnet:
        return _muons(description)
    return ()


def displaced_parts(geometry: Geometry, target: LayeredMaterial | None) -> list[Part]:
    """Return the parts of a search for displaced decays.

    Parameters
    ----------
    geometry : Geometry
        End of the dump, decay volume, detector.
    target : LayeredMaterial or None
        What the beam hits, from z = 0; None where beams collide there.
    """
    parts = [] if target is None else [_target(target)]
    begin = parts[0].z[1] if parts else 0.0
    if geometry.dump_end > begin:
        parts.insert(
            0,
            Part("dump and shield", "shield", (begin, geometry.dump_end), made_of="not described"),
        )
    parts.append(_decay_volume(geometry.decay_volume))
    planes = geometry.detector.plane if geometry.detector else ()
    for number, plane in enumerate(planes, start=1):
        name = "detector plane" if len(planes) == 1 else f"plane {number}"
        parts.append(_detector_plane(plane, name))
    return parts


def _layered(name: str, material: LayeredMaterial, begin: float, half: float | None = None) -> Part:
    layers = tuple((item.name, 1e-3 * thickness) for item, thickness in material.layers)
    layers, periods = _period(layers)
    repeats = periods * material.repeats
    across = ((-half, half), (-half, half)) if half else None
    return Part(
        name,
        "matter",
        (begin, begin + 0.01 * material.total_depth_cm),
        across,
        across,
        layers,
        repeats,
        f"{_layers_text(layers, repeats)}, {material.total_depth_x0:.3g} $X_0$",
        f"{length_text(2.0 * half)} × {length_text(2.0 * half)}" if half else "",
    )


def _period(layers: tuple[tuple[str, float], ...]) -> tuple[tuple[tuple[str, float], ...], int]:
    """Return the shortest sequence of layers that is repeated, and how often."""
    number = len(layers)
    for length in range(1, number):
        if number % length == 0 and layers == layers[:length] * (number // length):
            return layers[:length], number // length
    return layers, 1


def _layers_text(layers: Sequence[tuple[str, float]], repeats: int) -> str:
    if len(layers) > _MOST_LAYERS:
        materials = " and ".join(dict.fromkeys(name for name, _ in layers))
        text = f"{len(layers)} layers of {materials}"
    else:
        text = " + ".join(f"{length_text(thickness)} {name}" for name, thickness in layers)
    return text if repeats == 1 else f"{repeats} × ({text})"


def _target(material: LayeredMaterial) -> Part:
    return _layered("target", material, 0.0)


def _escape(z: float) -> Part:
    return Part("visible decays are seen up to here", "escape", (z, z))


def _active_dump(description: ActiveDump) -> list[Part]:
    calorimeter = description.target()
    parts = [_layered("electromagnetic calorimeter", calorimeter, 0.0)]
    if description.preshower is not None:
        depth = description.preshower.depth_x0
        end = 0.01 * depth * calorimeter.radiation_length_cm
        parts.append(Part("preshower", "preshower", (0.0, end), made_of=f"first {depth:g} $X_0$"))
    if isinstance(description, FlavourChangeDescription) and description.muon_filter is not None:
        muon_filter = description.muon_filter
        layers = muon_filter.target()
        begin = muon_filter.end - 0.01 * layers.total_depth_cm
        parts.append(_layered("muon filter", layers, begin, muon_filter.half_width))
    return parts


def _muon_spectrometer(description: ScatteredMuonDescription) -> list[Part]:
    target = _target(description.target())
    behind = target.z[1]
    parts = [target]
    spectrometer = description.spectrometer
    if spectrometer.magnet:
        z = behind + spectrometer.magnet
        field = f"{spectrometer.field_integral:g} T m"
        parts.append(Part("middle of the magnet", "magnet", (z, z), made_of=field))
    for plane in description.plane:
        z = behind + plane.distance
        width, height = plane.size
        x = (plane.offset - 0.5 * width, plane.offset + 0.5 * width)
        y = (-0.5 * height, 0.5 * height)
        across = f"{length_text(width)} × {length_text(height)}"
        if plane.offset:
            across += f" at x = {length_text(plane.offset)}"
        parts.append(Part(plane.name, "plane", (z, z), (x, x), (y, y), across=across))
    if description.calorimeter is not None:
        last = max([behind, *(part.z[1] for part in parts)])
        calorimeter = _layered("calorimeter", description.calorimeter.target(), last)
        parts.append(
            Part(
                calorimeter.name,
                "matter",
                calorimeter.z,
                layers=calorimeter.layers,
                repeats=calorimeter.repeats,
                made_of=calorimeter.made_of,
                placed=False,
            )
        )
    return parts


def _decay_volume(volume: DecayVolume) -> Part:
    (x1, y1), (x2, y2) = volume.center, volume.center_end or volume.center
    (a1, b1), (a2, b2) = volume.half_sizes(at_end=False), volume.half_sizes(at_end=True)
    return Part(
        "decay volume",
        "decay volume",
        (volume.start, volume.end),
        ((x1 - a1, x1 + a1), (x2 - a2, x2 + a2)),
        ((y1 - b1, y1 + b1), (y2 - b2, y2 + b2)),
        across=_size_text(volume) + _center_text(volume.center),
    )


def _size_text(shape: DecayVolume | DetectorPlane) -> str:
    """Return the size across the beam at the front and, if it is another, at the end."""
    ends = [_face_text(shape.radius, shape.width, shape.height)]
    if isinstance(shape, DecayVolume) and shape.shape in ("frustum", "pyramid"):
        ends.append(_face_text(shape.radius_end, shape.width_end, shape.height_end))
    return " to ".join(dict.fromkeys(ends))


def _face_text(radius: float | None, width: float | None, height: float | None) -> str:
    if radius is not None:
        return f"radius {length_text(radius)}"
    return f"{length_text(cast('float', width))} × {length_text(cast('float', height))}"


def _center_text(center: Span) -> str:
    if center == (0.0, 0.0):
        return ""
    return f" around x, y = {length_text(center[0])}, {length_text(center[1])}"


def _detector_plane(plane: DetectorPlane, name: str) -> Part:
    first, second = (
        (middle - half, middle + half)
        for middle, half in zip(plane.center, plane.half_sizes(), strict=True)
    )
    at = (plane.position, plane.position)
    size = _size_text(plane)
    if plane.normal == "z":
        across = size + _center_text(plane.center)
        return Part(name, "plane", at, (first, first), (second, second), across=across)
    # the pair is (y, z) for a wall beside the beam, (x, z) for a roof
    side = f"{size} at {plane.normal} = {length_text(plane.position)}"
    if plane.center[0]:
        side += f", {'y' if plane.normal == 'x' else 'x'} = {length_text(plane.center[0])}"
    x, y = (at, first) if plane.normal == "x" else (first, at)
    return Part(
        name, "plane", second, (x, x), (y, y), across=side, round_face=plane.shape == "disc"
    )


def _aperture(description: MissingMomentumDescription) -> tuple[Track, ...]:
    """Return the edges of the tracker's aperture, straight from the middle of the target."""
    begin = 0.5 * 0.01 * description.target().total_depth_cm
    length = description.escape_length - begin
    slope_x, slope_y = description.tracker.aperture
    name = f"aperture of the tracker: slopes up to {slope_x:g} in x, {slope_y:g} in y"
    return tuple(
        Track(
            name,
            (begin, description.escape_length),
            (0.0, sign * slope_x * length),
            (0.0, sign * slope_y * length),
        )
        for sign in (-1.0, 1.0)
    )


def _muons(description: ScatteredMuonDescription) -> tuple[Track, ...]:
    """Return the ways of muons that go straight into the magnet: the beam's and scattered ones."""
    spectrometer, cuts = description.spectrometer, description.selection
    end = description.active_length
    magnet = end + spectrometer.magnet
    last = max([magnet, *(end + plane.distance for plane in description.plane)])
    energies = [description.beam.energy, cuts.scattered_max, cuts.scattered_min]
    tracks = []
    for energy in energies:
        if energy <= 0.0:
            continue
        slope = _BENDING * spectrometer.field_integral / energy
        name = f"muon of {format_energy(energy, 3)}"
        x = (0.0, 0.0, slope * (last - magnet))
        tracks.append(Track(name, (0.0, magnet, last), x, (0.0, 0.0, 0.0)))
    return tuple(tracks)
