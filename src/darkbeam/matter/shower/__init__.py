"""Electromagnetic showers by Monte Carlo."""

from __future__ import annotations

from darkbeam.matter.shower.simulate import Shower, simulate_shower

__all__ = ["Shower", "simulate_shower"]
