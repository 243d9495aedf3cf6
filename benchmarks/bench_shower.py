"""Electromagnetic showers per second, and what they cost in plain Python."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks._harness import Row, timed
from darkbeam.compiled import thread_count
from darkbeam.matter import LayeredMaterial
from darkbeam.matter.shower import deposit_table, emission_points, simulate_shower

# The same transport, uncompiled: seconds for each of a few showers after the tables are made.
_PLAIN = """
import time, warnings
warnings.simplefilter("ignore")
from darkbeam.matter.shower import simulate_shower
simulate_shower("Pb", 100.0, n_showers=1, threads=1)
start = time.perf_counter()
simulate_shower("Pb", 100.0, n_showers=10, threads=1)
print((time.perf_counter() - start) / 10)
"""


def _plain_python() -> float:
    done = subprocess.run(
        [sys.executable, "-c", _PLAIN],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def run() -> list[Row]:
    """Measure showers of 100 GeV electrons."""
    ecal = LayeredMaterial([("Pb", 1.5), ("polystyrene", 1.5)], repeats=150)
    n = 4000
    rows = []
    one = timed(lambda: simulate_shower("Pb", 100.0, n_showers=n, threads=1), repeats=3) / n
    plain = _plain_python()
    rows.append(
        Row("100 GeV, Pb, 1 GeV, one thread", 1.0 / one, "showers/s", plain / one, "plain Python")
    )
    threads = thread_count()
    for name, target in (("Pb", "Pb"), ("Pb/scintillator", ecal)):
        each = timed(lambda target=target: simulate_shower(target, 100.0, n_showers=n)) / n
        rows.append(
            Row(
                f"100 GeV, {name}, 1 GeV, all threads",
                1.0 / each,
                "showers/s",
                1e-4 / each,
                f"the goal, 10000 per second; {threads} threads",
            )
        )
    each = timed(lambda: simulate_shower("Pb", 10.0, threshold=0.01, n_showers=500)) / 500
    rows.append(Row("10 GeV, Pb, 10 MeV, all threads", 1.0 / each, "showers/s"))
    points = timed(lambda: emission_points(ecal, 100.0, minimum_energy=50.0, n_showers=1000))
    rows.append(
        Row("emission points, 5 MeV, 4 X0", 1000 / points, "points/s", note=f"{threads} threads")
    )
    table = timed(lambda: deposit_table(ecal, [1.0, 5.0, 20.0], [4.0], n_showers=300))
    rows.append(Row("deposits above 4 X0, 1-20 GeV", 900 / table, "showers/s"))
    return rows
