"""`darkbeam models` and `darkbeam experiments`: what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from darkbeam.cli.messages import one_line
from darkbeam.cli.options import DarkMatterName, FormatOption, MassRatio, Output, Settings

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["experiments", "models"]


def models(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Show one model's page; also a .toml file."),
    ] = None,
    mass: Annotated[
        str | None,
        typer.Option("--mass", metavar="MASS", help="Where the page shows the couplings."),
    ] = None,
    set_: Settings = None,
    dark_matter: DarkMatterName = None,
    mass_ratio: MassRatio = None,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """Models, their parameters and references; a model's couplings and decays at a point.

    Example: darkbeam models lmu-ltau --mass 10MeV --set g=4e-4
    """
    from darkbeam.cli.output import Sink, print_page
    from darkbeam.models import describe_model, model_names

    if name is not None:
        from darkbeam.cli.inputs import build_point, settings
        from darkbeam.cli.model_page import model_page

        _no_file(output)
        point = build_point(
            name, mass, settings(set_), dark_matter=dark_matter, mass_ratio=mass_ratio
        )
        print_page(model_page(name, point), form)
        return
    _only_for_a_page(mass, set_, dark_matter, mass_ratio)
    pages = [describe_model(each) for each in model_names()]
    Sink(form, output).write(
        _listing(
            [page.name for page in pages],
            title=[page.title for page in pages],
            coupling=[page.coupling_name for page in pages],
            parameters=[", ".join(p.name for p in page.parameters) for page in pages],
            references=[", ".join(page.references) for page in pages],
        )
    )


def _only_for_a_page(*options: object) -> None:
    from darkbeam.errors import InputError

    if any(option is not None for option in options):
        raise InputError("--mass, --set, --dark-matter, --mass-ratio: only with a model's NAME")


def experiments(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Show one experiment's page; also a .toml file."),
    ] = None,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """Experiments, their exposures and references.

    Example: darkbeam experiments NA64e
    """
    from darkbeam.cli.output import Sink, print_page
    from darkbeam.experiments import experiment, experiment_names

    if name is not None:
        _no_file(output)
        print_page(_experiment_page(_without_gaps(experiment(name).info())), form)
        return
    known = [experiment(each) for each in experiment_names()]
    Sink(form, output).write(
        _listing(
            [each.name for each in known],
            title=[each.title for each in known],
            runs=[", ".join(each.run_names) for each in known],
            default_run=[each.run for each in known],
            references=[", ".join(each.references) for each in known],
        )
    )


def _experiment_page(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return an experiment's description with its runs last, and the units it is in."""
    page = {key: value for key, value in info.items() if key != "run"}
    if isinstance(page.get("notes"), str):
        page["notes"] = one_line(page["notes"])
    units = "energies in GeV, lengths in m, depths in radiation lengths"
    return {**page, "units": units, "runs": info.get("run", [])}


def _no_file(output: object) -> None:
    from darkbeam.errors import InputError

    if output is not None:
        raise InputError("--output: only for the whole list; use --format for one page")


def _without_gaps(value: Any) -> Any:
    """Return nested data without the entries that say nothing."""
    if isinstance(value, Mapping):
        kept = {key: _without_gaps(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", {}, [])}
    if isinstance(value, list | tuple):
        return [_without_gaps(item) for item in value]
    return value


def _listing(names: Sequence[str], **columns: Sequence[str]) -> xr.Dataset:
    import xarray as xr

    return xr.Dataset(
        {key: ("name", list(values)) for key, values in columns.items()},
        coords={"name": list(names)},
    )
