"""Displaced decays: mediators that leave a dump and decay in a volume in front of a detector."""

from __future__ import annotations

from darkbeam.experiments.displaced.acceptance import (
    Method,
    acceptance_table,
    acceptance_tables,
    displaced_yield,
)
from darkbeam.experiments.displaced.decay_probability import ProperTimeTable, decay_probability
from darkbeam.experiments.displaced.samples import ProductionSamples, production_samples

__all__ = [
    "Method",
    "ProductionSamples",
    "ProperTimeTable",
    "acceptance_table",
    "acceptance_tables",
    "decay_probability",
    "displaced_yield",
    "production_samples",
]
