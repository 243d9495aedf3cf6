"""Electromagnetic showers by Monte Carlo, and the analytic approximations by name."""

from __future__ import annotations

from darkbeam.matter.shower.emission import EmissionPoints, deposit_table, emission_points
from darkbeam.matter.shower.simulate import Shower, default_energy_bins, simulate_shower

__all__ = [
    "EmissionPoints",
    "Shower",
    "default_energy_bins",
    "deposit_table",
    "emission_points",
    "simulate_shower",
]
