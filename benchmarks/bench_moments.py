"""Anomalous moments per second, beside a loop over scipy.integrate.quad."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import quad

from benchmarks._harness import Row, timed
from darkbeam.constants import MUON_MASS, TAU_MASS
from darkbeam.models import CustomModel, LMuLTau
from darkbeam.moments import delta_a, explaining_coupling

POINTS = 50_000
QUAD_POINTS = 20
REQUIRED = 1.0e5
"""Points per second and core that a scan of parameters needs."""


def _by_quad(mediator: float, internal: float, precision: float) -> float:
    """The defining integral of a vector coupling as one would write it."""
    squared, ratio = (MUON_MASS / mediator) ** 2, internal / MUON_MASS

    def integrand(x: float) -> float:
        numerator = 2 * x * (1 - x) * (x - 2 + 2 * ratio)
        numerator += squared * x**2 * (1 - ratio) ** 2 * (1 - x + ratio)
        return numerator / ((1 - x) * (1 - squared * x) + ratio**2 * squared * x)

    value, _ = quad(integrand, 0.0, 1.0, epsabs=0.0, epsrel=precision, limit=200)
    return squared * value / (8 * math.pi**2)


def run() -> list[Row]:
    """Time delta_a of muons with muons and taus in the loop."""
    rows = []
    masses = np.geomspace(1e-3, 100.0, POINTS)
    few = np.geomspace(1e-3, 100.0, QUAD_POINTS)
    for words, fermions, internal in (
        ("muon in the loop", {"mu": 1}, MUON_MASS),
        ("tau in the loop", {"mu tau": {"vector": 1}}, TAU_MASS),
    ):
        model = CustomModel(mass=masses, g=1e-3, fermions=fermions)
        rate = POINTS / timed(lambda model=model: delta_a(model))
        rows.append(Row(f"delta_a, {words}", rate, "points/s", rate / REQUIRED, "100 000 per s"))
        for precision in (1e-8, 1e-10):
            slow = timed(lambda m=internal, p=precision: [_by_quad(x, m, p) for x in few])
            each = slow / QUAD_POINTS
            note = f"a loop over quad at {precision:g}; ours: 1e-10 or better"
            rows.append(Row(f"delta_a, {words}", rate, "points/s", rate * each, note))
    model = LMuLTau(mass=masses)
    rate = POINTS / timed(lambda: explaining_coupling(model, "FNAL2021"))
    rows.append(Row("explaining_coupling, lmu-ltau", rate, "points/s"))
    return rows
