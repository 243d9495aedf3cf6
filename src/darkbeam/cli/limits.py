"""`darkbeam reach`, `yield` and `eot`: what an experiment excludes, sees and needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from darkbeam.cli.options import (
    Confidence,
    DarkMatterName,
    FormatOption,
    LimitMethod,
    LimitMethodOption,
    Mass,
    MassRatio,
    ModelOption,
    Output,
    Plot,
    Quiet,
    Run,
    Settings,
)

if TYPE_CHECKING:
    import xarray as xr

    from darkbeam.experiments import Experiment
    from darkbeam.models import Model

__all__ = ["eot", "expected_yield", "join_runs", "reach"]

ExperimentArgument = Annotated[
    str,
    typer.Argument(
        metavar="EXPERIMENT", help="Name, see `darkbeam experiments`, or path of a .toml file."
    ),
]
DEFAULT_MASSES = "1MeV:1GeV:40"


def reach(
    experiment: ExperimentArgument,
    model: ModelOption = "dark-photon",
    mass: Mass = DEFAULT_MASSES,
    run: Annotated[
        list[str] | None,
        typer.Option("--run", metavar="NAME", help="One of the experiment's runs; repeatable."),
    ] = None,
    confidence: Confidence = "0.9",
    method: LimitMethodOption = LimitMethod.cls,
    set_: Settings = None,
    dark_matter: DarkMatterName = None,
    mass_ratio: MassRatio = None,
    form: FormatOption = None,
    output: Output = None,
    plot: Plot = None,
    quiet: Quiet = False,
) -> None:
    """Couplings that are excluded, or that a projected exposure will reach, by mass.

    Excluded is what lies between coupling_lo and coupling_hi (inf: no upper
    edge). Several runs make a long table with the run as its first column.
    `--set` takes parameters of the model and of the run: eot, observed,
    background, background_error; processes=NAME,NAME leaves out other ways
    to make the signal, generator=NAME takes another's mesons in proton dumps.

    Example: darkbeam reach NA64e --mass 1MeV:1GeV:40 --run 2016-2018 --plot reach.pdf
    """
    from darkbeam import plotting
    from darkbeam.cli.output import Sink
    from darkbeam.cli.progress import part_of, progress_bar
    from darkbeam.units import parse_number

    sink = Sink(form, output, plot, quiet)
    level = parse_number(confidence, name="confidence", minimum=0.0, maximum=1.0, exclusive=True)
    runs: list[str | None] = [*dict.fromkeys(run)] if run else [None]
    pairs = [prepare(experiment, each, model, mass, set_, dark_matter, mass_ratio) for each in runs]
    with progress_bar(pairs[0][0].name, quiet=quiet) as report:
        results = [
            chosen.reach(
                point,
                confidence=level,
                method=method.value,
                progress=part_of(report, i, len(pairs)),
            )
            for i, (chosen, point) in enumerate(pairs)
        ]
    result = results[0] if len(results) == 1 else join_runs(results)
    shown, gaps = _for_reading(result)
    sink.write(
        result,
        draw=lambda dataset, path: plotting.exclusion([dataset], path=path),
        shown=shown,
        footnote="-: no coupling is excluded" if gaps else "",
    )


def expected_yield(
    experiment: ExperimentArgument,
    model: ModelOption = "dark-photon",
    mass: Mass = DEFAULT_MASSES,
    run: Run = None,
    set_: Settings = None,
    dark_matter: DarkMatterName = None,
    mass_ratio: MassRatio = None,
    form: FormatOption = None,
    output: Output = None,
    plot: Plot = None,
    quiet: Quiet = False,
) -> None:
    """Expected number of signal events after all selections.

    Example: darkbeam yield NA64e --mass 1MeV:1GeV:20 --set epsilon=1e-4 --set eot=5e12
    """
    from darkbeam import plotting
    from darkbeam.cli.output import Sink
    from darkbeam.cli.progress import progress_bar

    sink = Sink(form, output, plot, quiet)
    chosen, point = prepare(experiment, run, model, mass, set_, dark_matter, mass_ratio)
    with progress_bar(chosen.name, quiet=quiet) as report:
        events = chosen.expected_events(point, progress=report)
    sink.write(
        _along_mass(point, chosen, expected_events=(events, "1")),
        draw=lambda dataset, path: plotting.expected_events(dataset, path=path),
    )


def eot(
    experiment: ExperimentArgument,
    model: ModelOption = "dark-photon",
    mass: Mass = DEFAULT_MASSES,
    run: Run = None,
    confidence: Confidence = "0.9",
    set_: Settings = None,
    dark_matter: DarkMatterName = None,
    mass_ratio: MassRatio = None,
    form: FormatOption = None,
    output: Output = None,
    plot: Plot = None,
    quiet: Quiet = False,
) -> None:
    """Particles on target that exclude a model if nothing is seen and no background expected.

    Without a coupling (--set epsilon=...) it is that of the dark matter's thermal target.

    Example: darkbeam eot NA64e --dark-matter pseudo-dirac --mass 10MeV:300MeV:10
    """
    from darkbeam import plotting
    from darkbeam.cli.inputs import settings
    from darkbeam.cli.output import Sink
    from darkbeam.cli.progress import progress_bar
    from darkbeam.units import parse_number

    sink = Sink(form, output, plot, quiet)
    level = parse_number(confidence, name="confidence", minimum=0.0, maximum=1.0, exclusive=True)
    chosen, point = prepare(experiment, run, model, mass, set_, dark_matter, mass_ratio)
    is_given = point.coupling_name in settings(set_)
    with progress_bar(chosen.name, quiet=quiet) as report:
        if is_given or getattr(point, "dark_matter", None) is None:
            needed = chosen.eot_needed(point, confidence=level, progress=report)
            result = _along_mass(point, chosen, eot=(needed, "1")).assign_attrs(confidence=level)
        else:
            from darkbeam.experiments import thermal_exposure

            result = thermal_exposure(chosen, point, confidence=level, progress=report)
    sink.write(result, draw=lambda dataset, path: plotting.exposure(dataset, path=path))


def prepare(
    experiment: str,
    run: str | None,
    model: str,
    mass: str,
    set_: Sequence[str] | None,
    dark_matter: str | None,
    mass_ratio: str | None,
) -> tuple[Experiment, Model]:
    """Return the experiment and the model that the options describe."""
    from darkbeam.cli.inputs import build_model, settings, split_settings
    from darkbeam.experiments import EXPOSURE_SETTINGS
    from darkbeam.experiments import experiment as find

    mine, overrides = split_settings(model, settings(set_), EXPOSURE_SETTINGS)
    chosen = find(experiment, run=run, **overrides)
    return chosen, build_model(model, mass, mine, dark_matter=dark_matter, mass_ratio=mass_ratio)


def join_runs(results: Sequence[xr.Dataset]) -> xr.Dataset:
    """Return the reach of several runs as one result along the dimension ``run``.

    What differs between the runs, such as their exposure, becomes a variable along it.
    """
    import xarray as xr

    names = [str(result.attrs["run"]) for result in results]
    bare = [result.drop_attrs(deep=False) for result in results]
    joined = xr.concat(bare, dim=xr.Variable("run", names)).assign_coords(run=names)
    common: dict[str, Any] = {}
    for key, first in results[0].attrs.items():
        values = [result.attrs.get(key) for result in results]
        if key == "references":
            keys = [name for value in values for name in str(value).split(",")]
            common[key] = ",".join(dict.fromkeys(keys))
        elif all(value == first for value in values):
            common[key] = first
        elif key != "run":
            joined[key] = ("run", values)
    return joined.assign_attrs(common)


def _for_reading(result: xr.Dataset) -> tuple[xr.Dataset, bool]:
    """Return the edges alone, with gaps where nothing is excluded, and whether there are any."""
    import numpy as np

    edges = result[["coupling_lo", "coupling_hi"]]
    excluded = np.isfinite(edges["coupling_lo"])
    shown = edges.where(excluded)
    for name in edges:
        shown[name].attrs["missing"] = np.nan
    return shown, not bool(excluded.all())


def _along_mass(model: Model, chosen: Experiment, **columns: tuple[Any, str]) -> xr.Dataset:
    import numpy as np
    import xarray as xr

    masses = np.asarray(model.mass)
    return xr.Dataset(
        {
            name: ("mass_GeV", np.broadcast_to(values, masses.shape), {"units": unit})
            for name, (values, unit) in columns.items()
        },
        coords={"mass_GeV": ("mass_GeV", masses, {"units": "GeV"})},
        attrs={
            "experiment": chosen.name,
            "run": chosen.run,
            "eot": chosen.eot,
            "model": model.name,
            "model_parameters": repr(model.replace(mass=1.0)),
            "coupling": model.coupling_name,
            "references": ",".join((*chosen.references, *model.references)),
        },
    )
