"""Results to draw, of the shape that the package makes."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

MASS = np.geomspace(1e-3, 1.0, 25)


@pytest.fixture
def reach():
    """Make the reach of a run with a given exposure: epsilon = 7.5e-6 at 1 MeV."""

    def make(run: str, eot: float, *, projection: bool = False, **attributes) -> xr.Dataset:
        lower = 7.5e-6 * MASS / MASS[0] * np.sqrt(2.84e11 / eot)
        return xr.Dataset(
            {
                "coupling_lo": ("mass_GeV", lower),
                "coupling_hi": ("mass_GeV", np.full(MASS.size, np.inf)),
            },
            coords={"mass_GeV": MASS},
            attrs={
                "experiment": "NA64e",
                "run": run,
                "eot": eot,
                "projection": projection,
                "model": "dark-photon",
                "coupling": "epsilon",
                "confidence": 0.9,
                **attributes,
            },
        )

    return make


@pytest.fixture
def island(reach):
    """Make a region with a lower and an upper edge that ends within the masses."""
    region = reach("visible", 1e9)
    inside = (MASS > 2e-3) & (MASS < 0.05)
    region["coupling_lo"] = ("mass_GeV", np.where(inside, 1e-5, np.inf))
    region["coupling_hi"] = ("mass_GeV", np.where(inside, 1e-5 * 0.06 / MASS, np.inf))
    return region
