"""Widths of a vector mediator per second, beside what a parameter scan needs."""

from __future__ import annotations

import numpy as np

from benchmarks._harness import Row, timed
from darkbeam.decays import widths
from darkbeam.decays.hadrons import vector_hadron_widths
from darkbeam.models import DarkPhoton

POINTS = 20_000
REQUIRED = 1.0e4
"""Parameter points per second and core that a scan needs."""


def run() -> list[Row]:
    """Time all hadronic channels, and the full set of widths, of dark photons of many masses."""
    low = DarkPhoton(mass=np.geomspace(0.14, 1.6, POINTS), epsilon=1e-4)
    high = DarkPhoton(mass=np.geomspace(2.0, 100.0, POINTS), epsilon=1e-4)
    rows = []
    for name, model in (("exclusive channels", low), ("QCD and resonances", high)):
        table = model.couplings()
        rate = POINTS / timed(lambda table=table: vector_hadron_widths(table, warn=False))
        note = "required points per second"
        rows.append(Row(f"hadronic widths, {name}", rate, "points/s", rate / REQUIRED, note))
    rate = POINTS / timed(lambda: widths(low, warn=False))
    rows.append(
        Row(
            "widths(), all channels",
            rate,
            "points/s",
            rate / REQUIRED,
            "required points per second",
        )
    )
    return rows
