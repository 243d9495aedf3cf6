"""Models by name, for the command line and for files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.baryon_minus_lepton import BMinus3E, BMinusL
from darkbeam.models.baryonic import Baryonic
from darkbeam.models.base import Model, ModelInfo
from darkbeam.models.dark_matter import DarkMatter, make_dark_matter
from darkbeam.models.dark_photon import DarkPhoton
from darkbeam.models.generic_zprime import GenericZPrime
from darkbeam.models.lepton_differences import LeLMu, LeLTau, LMuLTau
from darkbeam.models.leptonic import Leptonic
from darkbeam.models.leptonic_scalar import LeptonicScalar
from darkbeam.models.mixed_zprime import MixedZPrime
from darkbeam.models.model_files import load_model
from darkbeam.models.muonic_zprime import MuonicZPrime
from darkbeam.models.muonphilic_scalar import MuonphilicScalar
from darkbeam.models.running_dark_photon import RunningDarkPhoton
from darkbeam.models.x17 import X17
from darkbeam.models.yukawa_scalar import YukawaScalar

__all__ = ["describe_model", "make_model", "model_names"]

_MODELS: dict[str, type[Model]] = {
    model.name: model
    for model in (
        DarkPhoton,
        RunningDarkPhoton,
        LMuLTau,
        LeLMu,
        LeLTau,
        BMinusL,
        BMinus3E,
        Baryonic,
        Leptonic,
        GenericZPrime,
        MixedZPrime,
        MuonicZPrime,
        X17,
        MuonphilicScalar,
        YukawaScalar,
        LeptonicScalar,
    )
}

# Parameters of the dark matter that may stand beside those of the model -> their own names.
_DARK_MATTER_PARAMETERS = {"mass_ratio": "mass_ratio", "dm_mass": "mass", "splitting": "splitting"}


def model_names() -> tuple[str, ...]:
    """Return the names of all models."""
    return tuple(_MODELS)


def _find(name: str | Path) -> type[Model]:
    if isinstance(name, Path) or str(name).endswith(".toml"):
        found = load_model(name)
        if found.name in _MODELS:
            raise ModelError(f"{name}: name: {found.name!r} is a model of the package")
        return found
    if name not in _MODELS:
        raise UnknownNameError(f"unknown model {name!r}; {suggestion(str(name), _MODELS)}")
    return _MODELS[name]


def describe_model(name: str | Path) -> ModelInfo:
    """Return a model's page: parameters with ranges, Lagrangian, references.

    Parameters
    ----------
    name : str or Path
        One of `model_names`, or the path of a TOML file.

    Raises
    ------
    UnknownNameError
        On an unknown name, with the near match.
    """
    return _find(name).info()


def make_model(name: str | Path, **parameters: Any) -> Model:
    """Make a model from its name and parameters, each a number, an array or text.

    Parameters
    ----------
    name : str or Path
        One of `model_names`, or the path of a TOML file (see `load_model`).
    **parameters
        The model's own; besides, for models with dark matter, `dark_matter` may be a name
        (one of the model's `dark_matter_kinds`, or none) with `mass_ratio`, `dm_mass` and
        `splitting` beside it. Without a name they change the model's default dark matter.

    Raises
    ------
    UnknownNameError
        On an unknown name of a model or of a parameter, with the near match.
    ModelError
        On a value that the model does not allow, or a mistake in a file.

    Examples
    --------
    >>> make_model("dark-photon", mass="1 GeV", dark_matter="majorana", mass_ratio=2.5).mass
    1.0
    """
    kind = _find(name)
    own = set(kind.__dataclass_fields__)
    extra = set(_DARK_MATTER_PARAMETERS) if kind.dark_matter_kinds() else set()
    for given in parameters:
        if given not in own | extra:
            raise UnknownNameError(
                f"{name} has no parameter {given!r}; {suggestion(given, own | extra)}"
            )
    needs_mass = any(p.name == "mass" and p.required for p in kind.parameters())
    if needs_mass and "mass" not in parameters:
        raise ModelError(f"{name} needs a mass (> 0 GeV)")
    if kind.dark_matter_kinds():
        dark = {_DARK_MATTER_PARAMETERS[k]: parameters.pop(k) for k in extra & set(parameters)}
        parameters["dark_matter"] = _dark_matter(kind, parameters, dark)
    return kind(**parameters)


def _dark_matter(
    kind: type[Model], parameters: dict[str, Any], dark: dict[str, Any]
) -> DarkMatter | None:
    """Return the dark matter that a name, an object or the model's default means."""
    choice = parameters.get("dark_matter", kind.__dataclass_fields__["dark_matter"].default)
    if isinstance(choice, str) and choice.lower() == "none":
        choice = None
    if isinstance(choice, str):
        return make_dark_matter(choice, **dark)
    if choice is None and dark:
        raise ModelError(
            f"without dark matter there is no {sorted(dark)[0]}: "
            f"dark_matter may be {', '.join(kind.dark_matter_kinds())}"
        )
    if dark and isinstance(choice, DarkMatter):
        return choice.replace(**dark)
    return choice  # type: ignore[no-any-return]  # the model itself refuses what is none
