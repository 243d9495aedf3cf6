"""Anomalous magnetic moments of charged leptons, and what their measurements say of a model."""

from __future__ import annotations

from darkbeam.moments.anomalous import delta_a
from darkbeam.moments.data import MomentData, moment_data, moment_data_names
from darkbeam.moments.explain import (
    ExplainingCoupling,
    excluded_coupling,
    explaining_coupling,
    g2_band,
    g2_exclusion,
)
from darkbeam.moments.loops import (
    axial_contribution,
    pseudoscalar_contribution,
    scalar_contribution,
    vector_contribution,
)

__all__ = [
    "ExplainingCoupling",
    "MomentData",
    "axial_contribution",
    "delta_a",
    "excluded_coupling",
    "explaining_coupling",
    "g2_band",
    "g2_exclusion",
    "moment_data",
    "moment_data_names",
    "pseudoscalar_contribution",
    "scalar_contribution",
    "vector_contribution",
]
