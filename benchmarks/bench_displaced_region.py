"""A whole excluded region, 60 masses with both edges, beside a plain simulation of 1e6."""

from __future__ import annotations

import os
import time
from unittest import mock

import numpy as np

from benchmarks._harness import Row
from benchmarks._plain_decays import plain_events
from darkbeam.compiled import thread_count
from darkbeam.experiments import displaced_decay, experiment
from darkbeam.models import BMinusL, DarkPhoton

_MASSES = np.geomspace(5e-3, 0.8, 60)
_PLAIN = 1_000_000


def run() -> list[Row]:
    """Measure the regions of dumps of protons, of electrons, and at a collider."""
    rows = [row for name in ("SHiP", "NuCal", "FASER", "E137", "E141") for row in _region(name)]
    return [*rows, *_beside_plain("SHiP", 0.05, 3e-8), *_beside_plain("NuCal", 0.05, 3e-7)]


def _region(name: str) -> list[Row]:
    """Return the times of a first and of a further model, kernels compiled, without the cache."""
    apparatus = experiment(name)
    photon, other = DarkPhoton(mass=0.1, dark_matter=None), BMinusL(mass=0.1)
    # compiled code and, of electrons, the shower; all else is made anew below
    apparatus.reach(photon, _MASSES[:2])
    with mock.patch.dict(os.environ, {"DARKBEAM_NO_CACHE": "1"}):
        displaced_decay._curves.cache_clear()
        start = time.perf_counter()
        apparatus.reach(photon, _MASSES)
        first = time.perf_counter() - start
        further = []
        for _ in range(3):
            start = time.perf_counter()
            apparatus.reach(other, _MASSES)
            further.append(time.perf_counter() - start)
    displaced_decay._curves.cache_clear()
    note = f"60 masses, both edges, {thread_count()} threads"
    return [
        Row(f"{name}: region", first, "s", None, note),
        Row(f"{name}: of a further model", min(further), "s", first / min(further), "of the first"),
    ]


def _beside_plain(name: str, mass: float, epsilon: float) -> list[Row]:
    apparatus = experiment(name)
    description = apparatus.description
    assert isinstance(description, displaced_decay.DisplacedDecayDescription)
    model = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
    start = time.perf_counter()
    plain, error = plain_events(description, model, _PLAIN)
    elapsed = time.perf_counter() - start
    here = float(apparatus.expected_events(model)) / (apparatus.eot * apparatus.efficiency)
    return [
        Row(
            f"{name}: plain simulation",
            elapsed,
            "s",
            None,
            f"1e6 particles, one mass, one coupling; yield {plain:.4g} +- {error:.2g}",
        ),
        Row(f"{name}: yield over the plain one", here / plain, "", None, f"+- {error / plain:.4f}"),
    ]
