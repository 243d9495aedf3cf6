"""From options to models, experiments and targets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from darkbeam.errors import InputError, UnknownNameError, suggestion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from darkbeam.matter import LayeredMaterial
    from darkbeam.models import Model

__all__ = [
    "build_model",
    "build_point",
    "build_target",
    "parameter_names",
    "settings",
    "split_settings",
]

_DARK_MATTER = ("dm_mass", "splitting")


def settings(texts: Iterable[str] | None) -> dict[str, str]:
    """Return the values of ``--set name=value`` by name.

    Raises
    ------
    InputError
        A text has no ``=``, or a name comes twice.
    """
    values: dict[str, str] = {}
    for text in texts or ():
        name, separator, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not separator or not name or not value.strip():
            raise InputError(f"--set {text!r}: must be NAME=VALUE, such as epsilon=1e-4")
        if name in values:
            raise InputError(f"--set {text!r}: {name} is set twice")
        values[name] = value.strip()
    return values


def parameter_names(model: str) -> tuple[str, ...]:
    """Return the names that ``--set`` takes for a model."""
    from darkbeam.models import describe_model

    page = describe_model(model)
    names = [p.name for p in page.parameters if p.name != "mass"]
    if page.has_dark_matter:
        names += ["dark_matter", "mass_ratio", *_DARK_MATTER]
    return tuple(names)


def split_settings(
    model: str, values: dict[str, str], others: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values that are the model's, and those that are one of `others`.

    Raises
    ------
    UnknownNameError
        A name is neither; the message gives the near match.
    """
    own = parameter_names(model)
    rest = tuple(others)
    for name in values:
        if name not in own and name not in rest:
            _refuse(name, [*own, *rest])
    mine = {name: value for name, value in values.items() if name in own}
    return mine, {name: value for name, value in values.items() if name not in own}


def _refuse(name: str, known: Iterable[str]) -> None:
    if name == "mass":
        raise InputError("--set mass: masses are given by --mass")
    raise UnknownNameError(f"--set: no parameter {name!r}; {suggestion(name, known)}")


def build_model(
    name: str,
    mass: str | NDArray[np.float64],
    values: dict[str, str],
    *,
    dark_matter: str | None = None,
    mass_ratio: str | None = None,
) -> Model:
    """Return the model that the options describe, on the grid of masses.

    Raises
    ------
    InputError
        A value is malformed or out of range, or an option contradicts a setting.
    """
    from darkbeam.models import make_model
    from darkbeam.units import parse_grid

    mine, _ = split_settings(name, values, ())
    parameters: dict[str, Any] = dict(mine)
    for option, key, value in (
        ("--dark-matter", "dark_matter", dark_matter),
        ("--mass-ratio", "mass_ratio", mass_ratio),
    ):
        if value is None:
            continue
        if key in mine:
            raise InputError(f"{option} and --set {key}: give one of them")
        if key not in parameter_names(name):
            raise InputError(f"{option}: the model {name!r} has no dark matter")
        parameters[key] = value
    return make_model(name, mass=parse_grid(mass), **parameters)


DEFAULT_POINT = "100MeV"


def build_point(
    name: str,
    mass: str | None,
    values: dict[str, str],
    *,
    dark_matter: str | None = None,
    mass_ratio: str | None = None,
) -> Model:
    """Return the model at one mass: the one given, the model's own default, or 100 MeV.

    Raises
    ------
    InputError
        As `build_model`, or there are several masses.
    """
    from darkbeam.models import describe_model

    own = next(p.default for p in describe_model(name).parameters if p.name == "mass")
    where = mass or (DEFAULT_POINT if own is None else f"{own}")
    model = build_model(name, where, values, dark_matter=dark_matter, mass_ratio=mass_ratio)
    if model.mass.size != 1:
        raise InputError(f"--mass {mass!r}: one mass is needed here, got {model.mass.size}")
    return model.replace(mass=float(model.mass[0]))


_LAYERS = re.compile(r"(?:(?P<repeats>[0-9]+)\s*[x*]\s*)?\(?(?P<layers>[^()]+)\)?")
_LAYER = re.compile(r"\s*(?P<thickness>[0-9.eE]+\s*[a-z]*m)\s+(?P<material>\S.*?)\s*")


def build_target(text: str) -> LayeredMaterial:
    """Return a target from a material's name or from layers, the text of `LayeredMaterial.name`.

    Raises
    ------
    InputError
        The text is malformed or names an unknown material.
    """
    from darkbeam.matter import target
    from darkbeam.units import parse_length_m

    if not re.search(r"[0-9]\s*[a-z]*m\b", text):
        return target(text)
    match = _LAYERS.fullmatch(text.strip())
    found = [_LAYER.fullmatch(part) for part in match["layers"].split("+")] if match else [None]
    layers = []
    for layer in found:
        if layer is None:
            raise InputError(
                f"target = {text!r}: must be a material such as 'Pb', or layers such as "
                "'150 x (1.5 mm Pb + 1.5 mm polystyrene)'"
            )
        thickness = parse_length_m(layer["thickness"], name="thickness")
        layers.append((layer["material"], 1e3 * thickness))
    repeats = int(match["repeats"] or 1) if match else 1
    return target(layers, repeats=repeats)
