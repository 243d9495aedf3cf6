"""darkbeam: from a dark-sector model to its exclusion plot.

>>> import darkbeam as db
>>> model = db.DarkPhoton(mass="100 MeV", epsilon=1e-4)
>>> bool(db.widths(model).branching("invisible") > 0.999)
True

Names are loaded when they are first used, so that ``import darkbeam`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from darkbeam import plotting as plot
    from darkbeam.decays.result import Widths
    from darkbeam.decays.widths import decay_length_m, widths
    from darkbeam.errors import (
        DarkbeamError,
        DarkbeamWarning,
        ExperimentError,
        InputError,
        ModelError,
        UnknownNameError,
        ValidityError,
    )
    from darkbeam.experiments.experiment import Experiment, experiment, experiment_names
    from darkbeam.matter import LayeredMaterial, element, material, target
    from darkbeam.matter.shower import Shower, simulate_shower
    from darkbeam.models import (
        ComplexScalar,
        DarkPhoton,
        Dirac,
        Majorana,
        Model,
        PseudoDirac,
        describe_model,
        make_model,
        model_names,
    )
    from darkbeam.particles import Beam, parse_beam
    from darkbeam.results import read_dataset, write_dataset
    from darkbeam.statistics import upper_limit

    __version__: str

_HOME = {
    "darkbeam.decays": ("Widths", "decay_length_m", "widths"),
    "darkbeam.errors": (
        "DarkbeamError",
        "DarkbeamWarning",
        "ExperimentError",
        "InputError",
        "ModelError",
        "UnknownNameError",
        "ValidityError",
    ),
    "darkbeam.experiments": ("Experiment", "experiment", "experiment_names"),
    "darkbeam.matter": ("LayeredMaterial", "element", "material", "target"),
    "darkbeam.matter.shower": ("Shower", "simulate_shower"),
    "darkbeam.models": (
        "ComplexScalar",
        "DarkPhoton",
        "Dirac",
        "Majorana",
        "Model",
        "PseudoDirac",
        "describe_model",
        "make_model",
        "model_names",
    ),
    "darkbeam.particles": ("Beam", "parse_beam"),
    "darkbeam.results": ("read_dataset", "write_dataset"),
    "darkbeam.statistics": ("upper_limit",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Beam",
    "ComplexScalar",
    "DarkPhoton",
    "DarkbeamError",
    "DarkbeamWarning",
    "Dirac",
    "Experiment",
    "ExperimentError",
    "InputError",
    "LayeredMaterial",
    "Majorana",
    "Model",
    "ModelError",
    "PseudoDirac",
    "Shower",
    "UnknownNameError",
    "ValidityError",
    "Widths",
    "__version__",
    "decay_length_m",
    "describe_model",
    "element",
    "experiment",
    "experiment_names",
    "make_model",
    "material",
    "model_names",
    "parse_beam",
    "plot",
    "read_dataset",
    "simulate_shower",
    "target",
    "upper_limit",
    "widths",
    "write_dataset",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    from importlib import import_module

    if name == "__version__":
        from darkbeam._version import package_version

        value: Any = package_version()
    elif name == "plot":
        value = import_module("darkbeam.plotting")
    elif name in _MODULE_OF:
        value = getattr(import_module(_MODULE_OF[name]), name)
    else:
        raise AttributeError(f"module 'darkbeam' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
