"""Models: a Lagrangian's parameters become a table of couplings."""

from __future__ import annotations

from darkbeam.models.base import Model, ModelInfo
from darkbeam.models.charges import Charges
from darkbeam.models.couplings import Coupling, CouplingTable
from darkbeam.models.custom import CustomModel
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
from darkbeam.models.dark_sector import ComplexScalarPortal, ScalarPortal, VectorPortal
from darkbeam.models.higgs_portal import higgs_portal_limit, higgs_to_scalars_width
from darkbeam.models.leptonic_completions import VectorLikeFermion, dimension_five_coupling
from darkbeam.models.leptonic_scalar import LeptonicScalar
from darkbeam.models.model_files import load_model
from darkbeam.models.muonphilic_scalar import MuonphilicScalar
from darkbeam.models.parameters import Choice, Parameter
from darkbeam.models.registry import describe_model, make_model, model_names
from darkbeam.models.yukawa_scalar import YukawaScalar

__all__ = [
    "Charges",
    "Choice",
    "ComplexScalar",
    "ComplexScalarPortal",
    "Coupling",
    "CouplingTable",
    "CustomModel",
    "DarkChannel",
    "DarkFermions",
    "DarkMatter",
    "DarkPhoton",
    "DarkScalars",
    "DarkWidth",
    "Dirac",
    "FermionPair",
    "LeptonicScalar",
    "Majorana",
    "Model",
    "ModelInfo",
    "MuonphilicScalar",
    "Parameter",
    "PseudoDirac",
    "ScalarPair",
    "ScalarPortal",
    "VectorLikeFermion",
    "VectorPortal",
    "YukawaScalar",
    "dark_matter_names",
    "describe_model",
    "dimension_five_coupling",
    "higgs_portal_limit",
    "higgs_to_scalars_width",
    "load_model",
    "make_dark_matter",
    "make_model",
    "model_names",
]
