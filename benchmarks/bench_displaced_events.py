"""Events of displaced decays per second, and selected events beside the analytic number."""

from __future__ import annotations

import time

import numpy as np

from benchmarks._harness import Row, timed
from darkbeam.compiled import thread_count
from darkbeam.events.chain import simulate_events
from darkbeam.experiments import experiment
from darkbeam.models import DarkPhoton

_GOAL = 1e5
_N = 200_000
_POINTS = (
    ("SHiP", 0.1, 1e-7),
    ("SHiP", 0.5, 3e-8),
    ("NuCal", 0.1, 1e-6),
    ("E137", 0.02, 1e-6),
    ("FASER", 0.05, 3e-5),
)


def run() -> list[Row]:
    """Measure dumps of protons and of electrons, and a collider."""
    rows = []
    for name, mass, epsilon in _POINTS:
        model = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
        apparatus = experiment(name)
        start = time.perf_counter()
        made = simulate_events(apparatus, model, _N, seed=1)
        prepared = time.perf_counter() - start
        each = timed(lambda made=made: [len(block) for block in made], repeats=2) / _N  # type: ignore[misc]
        share = float(np.mean([np.mean(b.columns["selected"]) for b in made]))
        error = np.sqrt((1.0 - share) / (share * _N))
        about = made.information
        ratio = about.expected_events * apparatus.efficiency * share / about.selected_events
        note = f"the goal, 1e5 per second; {thread_count()} threads, prepared in {prepared:.1f} s"
        label = f"{name}, {mass:g} GeV"
        rows.append(Row(label, 1.0 / each, "events/s", 1.0 / each / _GOAL, note))
        rows.append(
            Row(f"{label}, selected", ratio, "of analytic", None, f"statistical error {error:.4f}")
        )
    return rows
