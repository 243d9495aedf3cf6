"""Direct detection: kinematics of recoils, and cross sections on electrons and nucleons."""

from __future__ import annotations

from darkbeam.direct_detection.cross_sections import (
    coupling_from_sigma_e,
    dark_matter_form_factor,
    sigma_e_cm2,
    sigma_e_from_y,
    sigma_nucleon_cm2,
    y_from_sigma_e,
)
from darkbeam.direct_detection.kinematics import (
    STANDARD_VELOCITY,
    inelastic_threshold_velocity,
    lightest_detectable_mass,
    max_momentum_transfer,
    max_recoil_energy,
    minimal_velocity,
    reduced_mass,
)

__all__ = [
    "STANDARD_VELOCITY",
    "coupling_from_sigma_e",
    "dark_matter_form_factor",
    "inelastic_threshold_velocity",
    "lightest_detectable_mass",
    "max_momentum_transfer",
    "max_recoil_energy",
    "minimal_velocity",
    "reduced_mass",
    "sigma_e_cm2",
    "sigma_e_from_y",
    "sigma_nucleon_cm2",
    "y_from_sigma_e",
]
