"""How the tests of the command line run a command, and an experiment whose answer is known."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from darkbeam.cli import main


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def columns(self) -> dict[str, list[str]]:
        """The columns of CSV on stdout, as texts."""
        return read_columns(self.out)


def read_columns(text: str) -> dict[str, list[str]]:
    """Read CSV as any program would: without the comments, one header row."""
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    return {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}


@pytest.fixture
def run(capsys):
    """Run a command in this process."""

    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        status = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return call


@pytest.fixture
def refused(run):
    """Run a command that must fail: one line on stderr, status 2, nothing on stdout."""

    def call(*arguments: str) -> str:
        outcome = run(*arguments)
        assert outcome.status == 2
        assert outcome.out == ""
        lines = outcome.err.splitlines()
        assert len(lines) == 1, outcome.err
        assert lines[0].startswith("darkbeam: error: ")
        return lines[0]

    return call


SIGNAL = 1e-7  # selected events per electron at epsilon = 1 and 1 GeV


@pytest.fixture
def known_signal(monkeypatch):
    """Give NA64e a signal of SIGNAL (1 GeV / m)^2, so that its reach is known in closed form."""
    from darkbeam.experiments.missing_energy import SignalSpectrum, SpectraOfMass

    module = sys.modules["darkbeam.experiments.experiment"]

    def prepare(self, model, masses, progress=None):
        found = []
        for i, mass in enumerate(masses):
            one = SignalSpectrum(np.array([80.0]), np.array([SIGNAL / mass**2]))
            found.append(SpectraOfMass(lambda kind, one=one: one))
            if progress is not None:
                progress(i + 1, len(masses))
        return tuple(found)

    monkeypatch.setattr(module.Experiment, "prepare", prepare)
    signal = sys.modules["darkbeam.experiments.signal"]
    monkeypatch.setattr(signal, "emission_table", lambda _: None)
    monkeypatch.setattr(signal, "annihilation_yield", lambda *parts: np.zeros(parts[2].shape))
