"""Samples of events of one signature, and what all of them must fulfil."""

from __future__ import annotations

import numpy as np

from darkbeam.events.chain import simulate_events
from darkbeam.events.record import check_block, momentum_imbalance, shell_offset

EMITTER, PARTNER, MEDIATOR, RECOIL, NUCLEUS, PRODUCT = range(6)
ARRAYS = ("pdg_id", "status", "mother", "momentum", "mass", "position")


class Sample:
    """All events of a run in arrays."""

    def __init__(self, experiment, model, n, **options):
        self.experiment = experiment
        self.run = simulate_events(experiment, model, n, **options)
        self.blocks = list(self.run)
        self.information = self.run.information

    def __getattr__(self, name):
        if name in self.blocks[0].columns:
            return np.concatenate([b.columns[name] for b in self.blocks])
        return np.concatenate([getattr(b, name) for b in self.blocks])

    def selected_events(self):
        """Return the events of the exposure that are selected, and the error of their number."""
        share, n = self.selected.mean(), self.selected.size
        made = self.information.expected_events * self.experiment.efficiency
        return made * share, made * np.sqrt(share * (1.0 - share) / n)


def check_events(sample):
    """Check every vertex."""
    for block in sample.blocks:
        check_block(block)
        assert shell_offset(block).max() < 1e-9
        assert momentum_imbalance(block).max() < 1e-9


def arrays(run):
    """Return all arrays of a run."""
    blocks = list(run)
    found = {name: np.concatenate([getattr(b, name) for b in blocks]) for name in ARRAYS}
    for name in blocks[0].columns:
        found[name] = np.concatenate([b.columns[name] for b in blocks])
    return found


def check_determinism(experiment, model, n=300):
    """Check that an event is a function of seed and number alone."""
    reference = arrays(simulate_events(experiment, model, n, seed=3, threads=1))
    for options in ({"threads": 2}, {"block": 77, "threads": 2}):
        other = arrays(simulate_events(experiment, model, n, seed=3, **options))
        for name, array in reference.items():
            assert np.array_equal(array, other[name]), (options, name)
    later = arrays(simulate_events(experiment, model, 50, seed=3, first_event=n - 50))
    assert np.array_equal(later["momentum"], reference["momentum"][-50:])
    different = arrays(simulate_events(experiment, model, n, seed=4))
    aside = [each["momentum"][:, MEDIATOR, 1] for each in (reference, different)]
    assert not np.any(aside[0] == aside[1])


def across(sample):
    """Return the transverse momentum of the recoil lepton to the emitter's direction, GeV."""
    p, k = sample.momentum[:, EMITTER, 1:], sample.momentum[:, RECOIL, 1:]
    return np.linalg.norm(np.cross(p, k), axis=1) / np.linalg.norm(p, axis=1)
