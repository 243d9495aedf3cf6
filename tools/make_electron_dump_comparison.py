"""Print the tables of docs/experiments/electron-dumps.md: darkbeam beside published edges.

Run as ``python tools/make_electron_dump_comparison.py``, with names of experiments for some of
them. All numbers are ratios to the published edges of a dark photon, at their confidence level.
The first table is darkbeam's; the second goes from the recipe of the reanalyses to it, one
assumption at a time; the third is the window of NA64 at 16.7 MeV and what it depends on.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from darkbeam.constants import HBARC_GEV_M
from darkbeam.decays import widths
from darkbeam.errors import DarkbeamWarning
from darkbeam.experiments import combine, experiment
from darkbeam.experiments.displaced import acceptance_table, production_samples
from darkbeam.experiments.displaced_decay_description import DisplacedDecayDescription
from darkbeam.experiments.experiment import Experiment
from darkbeam.models import DarkPhoton
from darkbeam.production.thick_target import thick_target_sample

REFERENCE = Path(__file__).parents[1] / "tests" / "reference"
PUBLISHED = {
    "E137": ("electron_dump_e137_andreas", 0.95),
    "E141": ("electron_dump_e141_andreas", 0.95),
    "E774": ("electron_dump_e774_andreas", 0.95),
    "KEK": ("electron_dump_kek_andreas", 0.95),
    "Orsay": ("electron_dump_orsay_andreas", 0.95),
    "NA64e-visible": ("na64e_visible_2017-2018_limit", 0.90),
}
BREMSSTRAHLUNG = ("bremsstrahlung",)
BOTH = ("bremsstrahlung", "annihilation")
PHOTON = DarkPhoton(mass=0.01, epsilon=1e-4, dark_matter=None)
X17 = 0.0167

FloatArray = NDArray[np.float64]
Edges = tuple[float, float]


def published(name: str, points: int) -> FloatArray:
    """Return some rows of mass, lower and upper edge."""
    lines = (REFERENCE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    rows = np.array([[float(x) for x in line.split(",")] for line in lines if line[0].isdigit()])
    return rows[np.unique(np.linspace(1, len(rows) - 2, points).astype(int))]


def reach_edges(what: Any, masses: FloatArray, confidence: float) -> list[Edges]:
    """Return the lowest and the highest excluded epsilon at each mass."""
    found = what.reach(PHOTON, mass=masses, confidence=confidence)
    low = found.coupling_lo.values.reshape(masses.size, -1)
    high = found.coupling_hi.values.reshape(masses.size, -1)
    there = np.isfinite(low)
    return [
        (float(a[ok].min()), float(b[ok].max())) if ok.any() else (np.nan, np.nan)
        for a, b, ok in zip(low, high, there, strict=True)
    ]


def recipe_edges(apparatus: Experiment, mass: float, threshold: float, aperture: bool) -> Edges:
    """Return the edges of arXiv:1209.6083's recipe, without or with the aperture of the detector.

    With it, daughters of mediators along the beam must reach the detector, whatever their energy.
    """
    description = apparatus.description
    assert isinstance(description, DisplacedDecayDescription)
    volume, energy = description.decay_volume, description.beam.energy
    # tables of the acceptance resolve six decades of proper time
    slowest = volume.end * energy / (description.dump_end * 5e5)
    made = thick_target_sample(
        description.beam.beam(),
        description.target(),
        mass,
        least_energy=max(threshold, float(np.hypot(max(slowest, 0.3 * mass), mass))),
    )
    seen = on_axis(made.momentum / mass, made.weight, volume.start, volume.end)
    if aperture and description.detector:
        seen_by = description.detector.model_copy(update={"energy_min": 0.0})
        geometry: Any = description.model_copy(update={"detector": seen_by})
        points = production_samples(mass, made.energy, 0.0, made.weight)
        electron = ("0.511 MeV", "0.511 MeV")
        seen = acceptance_table(
            points, geometry, electron, decays=16, cell=8e-3, warn=False
        ).expected
    limit = apparatus.signal_limit(0.95)

    def surplus(log_epsilon: float) -> float:
        epsilon = float(np.exp(log_epsilon))
        total = widths(PHOTON.replace(mass=mass, epsilon=epsilon)).total
        events = apparatus.eot * epsilon**2 * seen(float(total))
        return float(np.log(float(events) / limit + 1e-300))

    return solved(surplus)


def on_axis(
    boost: FloatArray, weight: FloatArray, start: float, end: float
) -> Callable[[float], Any]:
    """Return decays along the beam from start to end, m, as a function of the width, GeV."""

    def seen(total: float) -> float:
        inverse = total / (boost * HBARC_GEV_M)
        return float((np.exp(-start * inverse) - np.exp(-end * inverse)) @ weight)

    return seen


def solved(surplus: Callable[[float], float]) -> Edges:
    """Return where a function of ln epsilon that rises and falls is 0."""
    grid = np.log(np.geomspace(1e-9, 0.3, 60))
    best = grid[np.argmax([surplus(at) for at in grid])]
    if surplus(best) <= 0.0:
        return np.nan, np.nan
    return (
        float(np.exp(brentq(surplus, grid[0], best, xtol=1e-4))),
        float(np.exp(brentq(surplus, best, grid[-1], xtol=1e-4))),
    )


def row(*cells: Any) -> None:
    """Print a row of a Markdown table."""
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def ratio(edges: Edges, low: float, high: float) -> str:
    """Return both edges relative to the published ones."""
    if not np.isfinite(edges[0]):
        return "none"
    return f"{edges[0] / low:.2f}, {edges[1] / high:.2f}"


def parts(name: str, run: str | None = None) -> Any:
    """Return an experiment; for NA64 both of its beams together."""
    if name == "NA64e-visible":
        return combine([experiment(name), experiment(f"{name}-100GeV")])
    return experiment(name, run=run)


def print_edges(names: list[str]) -> None:
    """Print both edges beside the published ones."""
    row("", "m (MeV)", "published", "darkbeam", "lower", "upper")
    row(*["---"] * 6)
    for name in names:
        file, confidence = PUBLISHED[name]
        rows = published(file, 6)
        for (mass, low, high), (a, b) in zip(
            rows, reach_edges(parts(name), rows[:, 0], confidence), strict=True
        ):
            known = (name, f"{1e3 * mass:.3g}", f"{low:.2e}, {high:.2e}")
            if np.isfinite(a):
                row(*known, f"{a:.2e}, {b:.2e}", f"{a / low:.2f}", f"{b / high:.2f}")
            else:
                row(*known, "none", "", "")


def print_steps(names: list[str]) -> None:
    """Print what each assumption does to the edges: lower, upper."""
    row("", "m (MeV)", "recipe", "aperture", "threshold", "bremsstrahlung", "with annihilation")
    row(*["---"] * 7)
    for name in names:
        if name.startswith("NA64"):
            continue
        apparatus = experiment(name)
        description = apparatus.description
        assert isinstance(description, DisplacedDecayDescription)
        assert description.detector is not None
        least = max(description.selection.energy_min, description.detector.energy_min)
        rows = published(PUBLISHED[name][0], 5)
        one = reach_edges(experiment(name, processes=BREMSSTRAHLUNG), rows[:, 0], 0.95)
        two = reach_edges(experiment(name, processes=BOTH), rows[:, 0], 0.95)
        for (mass, low, high), brem, both in zip(rows, one, two, strict=True):
            steps = [
                recipe_edges(apparatus, mass, 0.0, aperture=False),
                recipe_edges(apparatus, mass, 0.0, aperture=True),
                recipe_edges(apparatus, mass, least, aperture=False),
                brem,
                both,
            ]
            row(name, f"{1e3 * mass:.3g}", *(ratio(step, low, high) for step in steps))


def print_window() -> None:
    """Print NA64's window at 16.7 MeV, 1.2e-4 to 6.8e-4, and how it moves."""
    runs = [experiment("NA64e-visible"), experiment("NA64e-visible-100GeV")]

    def changed(share: float = 0.25, longer: float = 0.0, efficiency: float = 1.0) -> Any:
        found = []
        for each in runs:
            d = each.description
            assert isinstance(d, DisplacedDecayDescription)
            volume = d.decay_volume.model_copy(update={"start": d.decay_volume.start + longer})
            selection = d.selection.model_copy(update={"energy_min": share * d.beam.energy})
            made = d.model_copy(
                update={
                    "dump_end": d.dump_end + longer,
                    "decay_volume": volume,
                    "selection": selection,
                    "efficiency": {**d.efficiency, "more": efficiency},
                }
            )
            found.append(Experiment(made, each.exposure, each.processes))
        return combine(found)

    row("16.7 MeV, 90 % C.L.", "lower", "upper")
    row("---", "---", "---")
    row("published (S1 sec. 5.1.3)", "1.2e-04", "6.8e-04")
    cases = {
        "2018 alone": runs[0],
        "2017 alone": runs[1],
        "both": changed(),
        "both, dumps 2 cm longer": changed(longer=0.02),
        "both, dumps 2 cm shorter": changed(longer=-0.02),
        "both, half of the energy in ECAL": changed(share=0.5),
        "both, 0.5 more in efficiency": changed(efficiency=0.5),
        "both, half of the energy, 0.5 more in efficiency": changed(share=0.5, efficiency=0.5),
    }
    for label, what in cases.items():
        low, high = reach_edges(what, np.array([X17]), 0.9)[0]
        row(label, f"{low:.2e}", f"{high:.2e}")


def main() -> None:
    """Print the tables in Markdown."""
    names = sys.argv[1:] or list(PUBLISHED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DarkbeamWarning)
        print_edges(names)
        print()
        print_steps(names)
        if "NA64e-visible" in names:
            print()
            print_window()


if __name__ == "__main__":
    main()
