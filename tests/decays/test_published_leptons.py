"""Widths to leptons and neutrinos against a published code, to a part in a thousand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from darkbeam.decays import widths
from darkbeam.models import BMinusL, DarkPhoton, LMuLTau, Model

REFERENCE = Path(__file__).parents[1] / "reference" / "hazma_lepton_widths.csv"
LINES = [line for line in REFERENCE.read_text().splitlines() if not line.startswith("#")]
ROWS = list(csv.DictReader(LINES))


def model(name: str, mass: float) -> Model:
    if name == "b-minus-l":
        return BMinusL(mass=mass, g=1e-3)
    if name == "dark-photon":
        return DarkPhoton(mass=mass, epsilon=1e-3, dark_matter=None)
    return LMuLTau(mass=mass, g=1e-3, mixing="none")


def test_all_three_models_are_there() -> None:
    assert {row["model"] for row in ROWS} == {"b-minus-l", "dark-photon", "lmu-ltau"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['model']}-{row['mass_GeV']}")
def test_widths_of_hazma(row: dict[str, str]) -> None:
    found = widths(model(row["model"], float(row["mass_GeV"])), warn=False)
    for channel in ("e_e", "mu_mu", "nu_nu"):
        width = float(found.partial[channel])
        assert width == pytest.approx(float(row[channel]), rel=1e-3, abs=0.0), channel
