"""Print the tables of docs/experiments/proton-dumps.md: darkbeam beside published edges.

Run as ``python tools/make_proton_dump_comparison.py [NAME ...]``, for all comparisons or some by
their names, which ``--list`` prints. A table has the ratios of our lower and upper edge to the
published ones by mass: of the shipped experiment, with each assumption of the publication in its
place, with all of them, and then with the other generators of mesons.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.experiments import Experiment, experiment
from darkbeam.models import DarkPhoton
from darkbeam.production.proton_dump import ProtonProduction, production_band

FOLDER = Path(__file__).parents[1] / "tests" / "reference"
FloatArray = NDArray[np.float64]
Change = Callable[[Experiment], Experiment]


@dataclass(frozen=True)
class Comparison:
    """One published curve, and what its authors assumed in place of the shipped experiment.

    Attributes
    ----------
    experiment, run : str
        What is compared.
    reference : str
        Name of the published edges in tests/reference.
    confidence : float
        Of our edges.
    assumptions : dict of str to callable
        What was assumed, in words, and the change of the experiment.
    trials : dict of str to callable
        What would explain a difference that is left, each on top of all assumptions.
    masses : tuple of float
        GeV; where the publication has no edge (or one of the two is beyond its end), it is nan.
    """

    experiment: str
    reference: str
    masses: tuple[float, ...]
    run: str | None = None
    confidence: float = 0.9
    assumptions: Mapping[str, Change] = field(default_factory=dict)
    trials: Mapping[str, Change] = field(default_factory=dict)


def produced(**entries: Any) -> Change:
    """Return a change of [production]."""

    def change(one: Experiment) -> Experiment:
        made = one.description.production.model_copy(update=entries)
        return _described(one, production=made)

    return change


def selected(**entries: Any) -> Change:
    """Return a change of [selection]."""

    def change(one: Experiment) -> Experiment:
        return _described(one, selection=one.description.selection.model_copy(update=entries))

    return change


def described(**entries: Any) -> Change:
    """Return a change of the file's own entries."""
    return lambda one: _described(one, **entries)


def sources(*names: str) -> Change:
    """Return a change of the sources that count."""
    return lambda one: replace(one, processes=names)


def exposed(**entries: Any) -> Change:
    """Return a change of the run."""
    return lambda one: replace(one, exposure=one.exposure.model_copy(update=entries))


def number_of_events(number: float) -> Change:
    """Return a change after which the edges at 90 % CL are contours of this number of events."""

    def change(one: Experiment) -> Experiment:
        factor = -np.log(0.1) / number
        entries = {"eot": one.eot * factor, "observed": 0, "background": 0.0}
        return exposed(**entries, background_error=0.0)(one)

    return change


def widened(one: Experiment, radius: float) -> Experiment:
    """Return the experiment with another radius of decay volume and detector."""
    new = {"radius": radius}
    detector = one.description.detector
    planes = tuple(plane.model_copy(update=new) for plane in detector.plane)
    return _described(
        one,
        decay_volume=one.description.decay_volume.model_copy(update=new),
        detector=detector.model_copy(update={"plane": planes}),
    )


def centred(one: Experiment) -> Experiment:
    """Return the experiment with decay volume and detector on the beam's axis."""
    middle = {"center": (0.0, 0.0)}
    detector = one.description.detector
    planes = tuple(plane.model_copy(update=middle) for plane in detector.plane)
    return _described(
        one,
        decay_volume=one.description.decay_volume.model_copy(update=middle),
        detector=detector.model_copy(update={"plane": planes}),
    )


OWN_MESONS = {"the generator's own numbers of mesons": produced(multiplicities="generator")}


def moved(start: float, end: float) -> Change:
    """Return a change of the decay volume's start and end; the planes move with its end."""

    def change(one: Experiment) -> Experiment:
        volume = one.description.decay_volume
        there = volume.model_copy(update={"start": start, "end": end})
        detector = one.description.detector
        if detector is not None:
            planes = tuple(
                plane.model_copy(update={"position": plane.position + end - volume.end})
                for plane in detector.plane
            )
            detector = detector.model_copy(update={"plane": planes})
        return _described(one, dump_end=start, decay_volume=there, detector=detector)

    return change


def _described(one: Experiment, **entries: Any) -> Experiment:
    return replace(one, description=one.description.model_copy(update=entries))


BLUMLEIN_COUNTS = {
    "3 GeV, 5 events over 3.5": lambda one: exposed(observed=5, background=3.5)(
        selected(energy_min=3.0)(one)
    ),
}
BLUMLEIN_TRIALS = {
    "a radius of 2.6 m": lambda one: widened(one, 2.6),
    "2.3 events without efficiency": lambda one: number_of_events(2.303)(
        exposed(efficiency={})(one)
    ),
}
NO_FORM_FACTOR = {"no form factor": produced(form_factor="point")}
COMPARISONS: Mapping[str, Comparison] = {
    "NuCal, pi0": Comparison(
        "NuCal",
        "nucal_blumlein_pi0_limit",
        (0.003, 0.01, 0.03, 0.06, 0.09, 0.12),
        confidence=0.95,
        assumptions={"pi0 alone": sources("pi0"), **BLUMLEIN_COUNTS},
        trials=BLUMLEIN_TRIALS,
    ),
    "NuCal, bremsstrahlung": Comparison(
        "NuCal",
        "nucal_blumlein_brem_limit",
        (0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
        confidence=0.95,
        assumptions={
            "bremsstrahlung alone": sources("bremsstrahlung"),
            **BLUMLEIN_COUNTS,
            "splitting of Bluemlein and Brunner": produced(splitting="blumlein-brunner"),
        },
        trials=BLUMLEIN_TRIALS,
    ),
    "NuCal, all": Comparison(
        "NuCal",
        "nucal_tsai_limit",
        (0.003, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.6, 0.77),
        trials={**OWN_MESONS, **NO_FORM_FACTOR},
    ),
    "CHARM, eta": Comparison(
        "CHARM",
        "charm_gninenko_limit",
        (0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.45),
        assumptions={
            "eta and eta' alone": sources("eta", "eta'"),
        },
        trials={"on the axis": centred, **NO_FORM_FACTOR},
    ),
    "CHARM, all": Comparison(
        "CHARM",
        "charm_tsai_limit",
        (0.003, 0.01, 0.03, 0.1, 0.15, 0.2),
        trials={**OWN_MESONS, "at most 50 GeV": selected(energy_max=50.0)},
    ),
    "NA62, mu mu": Comparison(
        "NA62",
        "na62_mumu_2021_limit",
        (0.23, 0.26, 0.3, 0.36, 0.44, 0.5),
        assumptions={"mu mu alone": described(final_states=("mu_mu",))},
        trials={**OWN_MESONS, **NO_FORM_FACTOR},
    ),
    "NA62, 1e18": Comparison(
        "NA62",
        "na62_tsai_reach",
        (0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.77),
        run="1e18",
        trials={"142 m and 75 m": moved(142.0, 217.0), **OWN_MESONS, **NO_FORM_FACTOR},
    ),
    "SeaQuest": Comparison(
        "SeaQuest",
        "seaquest_reach",
        (0.015, 0.04, 0.1, 0.2, 0.3, 0.5, 0.7, 0.77, 0.9, 1.1),
        assumptions={
            "10 events": number_of_events(10.0),
            "splitting of Bluemlein and Brunner": produced(splitting="blumlein-brunner"),
        },
        trials=OWN_MESONS,
    ),
    "FASER": Comparison(
        "FASER",
        "faser_run3_reach",
        (0.01, 0.015, 0.02, 0.08, 0.09, 0.1, 0.11),
        assumptions={"3 events": number_of_events(3.0)},
    ),
    "FASER2": Comparison(
        "FASER2",
        "faser2_reach",
        (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.35),
        assumptions={"3 events": number_of_events(3.0)},
        trials=NO_FORM_FACTOR,
    ),
    "FASER, 2022": Comparison(
        "FASER-2022", "faser_2022_limit", (0.0115, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08)
    ),
    "SHiP, mesons": Comparison(
        "SHiP",
        "ship_alekhin_mesons_reach",
        (0.01, 0.03, 0.1, 0.2, 0.3, 0.4),
        assumptions={
            "mesons alone": sources("pi0", "eta", "eta'", "omega"),
            "64 m and 48 m": moved(64.0, 112.0),
        },
    ),
    "SHiP, bremsstrahlung": Comparison(
        "SHiP",
        "ship_alekhin_brem_reach",
        (0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 0.77, 1.0, 1.4),
        assumptions={
            "bremsstrahlung alone": sources("bremsstrahlung"),
            "64 m and 48 m": moved(64.0, 112.0),
            "splitting of Bluemlein and Brunner": produced(splitting="blumlein-brunner"),
            "window of FairShip": produced(window="fairship"),
        },
        trials=NO_FORM_FACTOR,
    ),
    "NOMAD": Comparison(
        "NOMAD",
        "nomad_limit",
        (0.003, 0.01, 0.03, 0.06, 0.09),
        assumptions={"pi0 alone": sources("pi0")},
        trials={"at most 50 GeV": selected(energy_max=50.0)},
    ),
    "PS191": Comparison(
        "PS191", "ps191_limit", (0.1, 0.11, 0.12, 0.128), assumptions={"pi0 alone": sources("pi0")}
    ),
}


def published(reference: str, masses: Iterable[float]) -> tuple[FloatArray, FloatArray]:
    """Return published edges at masses, interpolated in the logarithms; nan beyond their range."""
    table = np.loadtxt(FOLDER / f"{reference}.csv", delimiter=",", skiprows=0, comments=("#", "m"))
    wanted = np.log(np.asarray(tuple(masses)))
    known, lower, upper = np.log(table).T
    return tuple(  # type: ignore[return-value]
        np.exp(np.interp(wanted, known, edge, left=np.nan, right=np.nan)) for edge in (lower, upper)
    )


def edges(one: Experiment, masses: Iterable[float], confidence: float) -> FloatArray:
    """Return lower and upper edge of the largest excluded region by mass, shape (2, masses)."""
    grid = np.asarray(tuple(masses))
    photon = DarkPhoton(mass=0.1, epsilon=1e-6, dark_matter=None)
    reach = one.reach(photon, grid, confidence=confidence)
    both = np.stack([reach["coupling_lo"].values, reach["coupling_hi"].values])
    if both.ndim == 2:
        return both
    span = np.where(np.isfinite(both[0]), np.log(both[1] / both[0]), -1.0)
    largest = np.argmax(span, axis=-1)[None, :, None]
    return np.take_along_axis(both, np.broadcast_to(largest, (2, grid.size, 1)), axis=-1)[..., 0]


def ratios(comparison: Comparison, one: Experiment) -> FloatArray:
    """Return ours over published, lower and upper edge; nan where one of them is missing."""
    ours = edges(one, comparison.masses, comparison.confidence)
    theirs = np.stack(published(comparison.reference, comparison.masses))
    return np.where(np.isfinite(ours), ours / theirs, np.nan)


def shipped(comparison: Comparison) -> Experiment:
    """Return the experiment as it is."""
    return experiment(comparison.experiment, run=comparison.run)


def assumed(comparison: Comparison) -> Experiment:
    """Return the experiment with all of the publication's assumptions."""
    one = shipped(comparison)
    for change in comparison.assumptions.values():
        one = change(one)
    return one


def by_generator(one: Experiment) -> dict[str, Experiment]:
    """Return the experiment with each table of mesons of its beam."""
    made: ProtonProduction = one.description.production.of_target(None)
    return {
        name: produced(
            spectra=other.spectra, generator=other.generator, other_mesons=other.other_mesons
        )(one)
        for name, other in production_band(made).items()
        if (other.spectra, other.generator) != (made.spectra, made.generator)
    }


def variants(comparison: Comparison) -> dict[str, Experiment]:
    """Return what is tabulated: as shipped, each assumption alone, all of them, generators."""
    one = shipped(comparison)
    found = {"as shipped": one}
    if len(comparison.assumptions) > 1:
        found |= {name: change(one) for name, change in comparison.assumptions.items()}
    if comparison.assumptions:
        found[" + ".join(comparison.assumptions)] = assumed(comparison)
    best = assumed(comparison)
    found |= {f"all that, and {name}": change(best) for name, change in comparison.trials.items()}
    return found | {f"all that by {name}": other for name, other in by_generator(best).items()}


def main(names: list[str]) -> None:
    """Print the tables in Markdown."""
    if names == ["--list"]:
        print("\n".join(COMPARISONS))
        return
    for name in names or COMPARISONS:
        comparison = COMPARISONS[name]
        print(f"\n**{name}** ({comparison.reference}, {100 * comparison.confidence:.0f} % CL)\n")
        print("| | " + " | ".join(f"{1e3 * m:g} MeV" for m in comparison.masses) + " |")
        print("|---" * (len(comparison.masses) + 1) + "|")
        for words, one in variants(comparison).items():
            both = ratios(comparison, one).T
            print(f"| {words} | " + " | ".join(f"{a:.2f}, {b:.2f}" for a, b in both) + " |")


if __name__ == "__main__":
    main(sys.argv[1:])
