"""`darkbeam widths`: partial widths and lifetimes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from darkbeam.cli.options import (
    DarkMatterName,
    FormatOption,
    Mass,
    MassRatio,
    ModelArgument,
    Output,
    Plot,
    Quiet,
    Settings,
)

if TYPE_CHECKING:
    import xarray as xr

    from darkbeam.models import Model

__all__ = ["widths", "widths_dataset"]

_SILENT = ("unknown", "pseudoscalar_modes", "flavour_changing")  # 0, or NaN: open, not computed


def widths(
    model: ModelArgument,
    mass: Mass = "1MeV:1GeV:40",
    set_: Settings = None,
    dark_matter: DarkMatterName = None,
    mass_ratio: MassRatio = None,
    exclusive: Annotated[
        bool, typer.Option("--exclusive", help="Add a column for each hadronic channel.")
    ] = False,
    form: FormatOption = None,
    output: Output = None,
    plot: Plot = None,
    quiet: Quiet = False,
) -> None:
    """Partial widths in GeV, the total and the lifetime of a mediator.

    Example: darkbeam widths dark-photon --mass 10MeV:1GeV:20 --set epsilon=1e-3
    """
    from darkbeam import plotting
    from darkbeam.cli.inputs import build_model, settings
    from darkbeam.cli.output import Sink

    sink = Sink(form, output, plot, quiet)
    found = build_model(model, mass, settings(set_), dark_matter=dark_matter, mass_ratio=mass_ratio)
    result = widths_dataset(found, exclusive=exclusive)
    unknown = any(bool(column.isnull().any()) for column in result.data_vars.values())
    sink.write(
        result,
        draw=lambda dataset, path: plotting.decays(dataset, path=path),
        footnote="nan: open, but not computed; the total leaves it out" if unknown else "",
    )


def widths_dataset(model: Model, *, exclusive: bool = False) -> xr.Dataset:
    """Return the widths of a model on a grid of masses as a result.

    Parameters
    ----------
    model : Model
        With a one-dimensional array of masses.
    exclusive : bool
        Whether each hadronic channel gets a column.
    """
    import xarray as xr

    from darkbeam.decays import widths as compute
    from darkbeam.decays.widths import CHANNELS

    found = compute(model)
    columns = {name: found.partial[name] for name in CHANNELS}
    columns |= {"total": found.total, "tau_s": found.tau_s}
    columns |= {name: width for name, width in found.partial.items() if name not in CHANNELS}
    if exclusive:
        columns |= {k: w for k, w in found.hadronic_channels.items() if k not in _SILENT or w.any()}
    return xr.Dataset(
        {
            name: ("mass_GeV", values, {"units": "s" if name == "tau_s" else "GeV"})
            for name, values in columns.items()
        },
        coords={"mass_GeV": ("mass_GeV", found.mass, {"units": "GeV"})},
        attrs={"model": model.name},
    )
