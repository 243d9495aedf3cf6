"""Models: a Lagrangian's parameters become a table of couplings."""

from __future__ import annotations

from darkbeam.models.baryon_minus_lepton import BMinus3E, BMinusL
from darkbeam.models.baryonic import Baryonic
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
from darkbeam.models.generic_zprime import GenericZPrime
from darkbeam.models.higgs_portal import higgs_portal_limit, higgs_to_scalars_width
from darkbeam.models.lepton_differences import LeLMu, LeLTau, LMuLTau
from darkbeam.models.leptonic import Leptonic
from darkbeam.models.leptonic_completions import VectorLikeFermion, dimension_five_coupling
from darkbeam.models.leptonic_scalar import LeptonicScalar
from darkbeam.models.mixed_zprime import MixedZPrime
from darkbeam.models.model_files import load_model
from darkbeam.models.muonic_zprime import MuonicZPrime
from darkbeam.models.muonphilic_scalar import MuonphilicScalar
from darkbeam.models.parameters import Choice, Parameter
from darkbeam.models.registry import describe_model, make_model, model_names
from darkbeam.models.running_dark_photon import RunningDarkPhoton
from darkbeam.models.running_mixing import (
    nonabelian_mixing,
    one_fermion_mixing,
    two_fermion_mixing,
)
from darkbeam.models.vacuum_polarisation import (
    opposite_pair_mixing,
    polarisation,
    polarisation_difference,
    real_mixing,
)
from darkbeam.models.x17 import BERYLLIUM_WINDOW, X17, inside_beryllium_window
from darkbeam.models.yukawa_scalar import YukawaScalar

__all__ = [
    "BERYLLIUM_WINDOW",
    "X17",
    "BMinus3E",
    "BMinusL",
    "Baryonic",
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
    "GenericZPrime",
    "LMuLTau",
    "LeLMu",
    "LeLTau",
    "Leptonic",
    "LeptonicScalar",
    "Majorana",
    "MixedZPrime",
    "Model",
    "ModelInfo",
    "MuonicZPrime",
    "MuonphilicScalar",
    "Parameter",
    "PseudoDirac",
    "RunningDarkPhoton",
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
    "inside_beryllium_window",
    "load_model",
    "make_dark_matter",
    "make_model",
    "model_names",
    "nonabelian_mixing",
    "one_fermion_mixing",
    "opposite_pair_mixing",
    "polarisation",
    "polarisation_difference",
    "real_mixing",
    "two_fermion_mixing",
]
