"""Models: a Lagrangian's parameters become a table of couplings."""

from __future__ import annotations

from darkbeam.models.base import Model, ModelInfo
from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.models.dark_channels import DarkChannel, DarkFermions, DarkScalars, DarkWidth
from darkbeam.models.dark_matter import (
    ComplexScalar,
    DarkMatter,
    Dirac,
    FermionPair,
    Majorana,
    PseudoDirac,
    ScalarPair,
    dark_matter_names,
    make_dark_matter,
)
from darkbeam.models.dark_photon import DarkPhoton
from darkbeam.models.registry import describe_model, make_model, model_names

__all__ = [
    "ComplexScalar",
    "Coupling",
    "CouplingTable",
    "DarkChannel",
    "DarkFermions",
    "DarkMatter",
    "DarkPhoton",
    "DarkScalars",
    "DarkWidth",
    "Dirac",
    "FermionPair",
    "Majorana",
    "Model",
    "ModelInfo",
    "PseudoDirac",
    "ScalarPair",
    "dark_matter_names",
    "describe_model",
    "make_dark_matter",
    "make_model",
    "model_names",
]
