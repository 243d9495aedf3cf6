"""Anomalous magnetic moments of charged leptons, and what their measurements say of a model."""

from __future__ import annotations

from darkbeam.moments.anomalous import delta_a
from darkbeam.moments.data import MomentData, moment_data, moment_data_names
from darkbeam.moments.explain import (
    ExplainingCoupling,
    excluded_coupling,
    explaining_coupling,
    g2_band,
)

__all__ = [
    "ExplainingCoupling",
    "MomentData",
    "delta_a",
    "excluded_coupling",
    "explaining_coupling",
    "g2_band",
    "moment_data",
    "moment_data_names",
]
