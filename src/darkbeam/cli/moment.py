"""`darkbeam moment`: anomalous magnetic moments, and the couplings that explain them."""

from __future__ import annotations

from enum import StrEnum
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

__all__ = ["moment"]


class Lepton(StrEnum):
    """Leptons whose moment may be asked for."""

    mu = "mu"
    e = "e"
    tau = "tau"


def moment(
    model: ModelArgument,
    lepton: Annotated[
        Lepton | None, typer.Option("--lepton", help="Whose moment. [default: mu]")
    ] = None,
    mass: Mass = "1MeV:1GeV:40",
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="DATA",
            help="The coupling that explains BNL2006, FNAL2021, FNAL2023, WP2025, Cs2018, Rb2020.",
        ),
    ] = None,
    exclude: Annotated[
        str | None,
        typer.Option("--exclude", metavar="DATA", help="The coupling above which it is excluded."),
    ] = None,
    sigma: Annotated[
        str | None,
        typer.Option(
            "--sigma",
            metavar="NUMBER",
            help="Errors on either side of the band [default: 1], or of the exclusion [2].",
        ),
    ] = None,
    set_: Settings = None,
    dark_matter: DarkMatterName = None,
    mass_ratio: MassRatio = None,
    form: FormatOption = None,
    output: Output = None,
    plot: Plot = None,
    quiet: Quiet = False,
) -> None:
    """What a mediator adds to a lepton's anomalous magnetic moment.

    Example: darkbeam moment lmu-ltau --mass 1MeV:1GeV:20 --explain FNAL2021
    """
    from darkbeam import plotting
    from darkbeam.cli.inputs import build_model, settings
    from darkbeam.cli.output import Sink
    from darkbeam.errors import InputError

    if explain is not None and exclude is not None:
        raise InputError("--explain and --exclude: give one of them")
    if sigma is not None and explain is None and exclude is None:
        raise InputError("--sigma: only with --explain or --exclude")
    sink = Sink(form, output, plot, quiet)
    found = build_model(model, mass, settings(set_), dark_matter=dark_matter, mass_ratio=mass_ratio)
    if explain is not None:
        result = _explained(found, explain, _number(sigma, 1.0), lepton)
        sink.write(
            result,
            draw=lambda dataset, path: plotting.exclusion(dataset, path=path),
            footnote=_gaps(result),
        )
    elif exclude is not None:
        sink.write(
            _excluded(found, exclude, _number(sigma, 2.0), lepton),
            draw=lambda dataset, path: plotting.exclusion(dataset, path=path),
        )
    else:
        sink.write(
            _moments(found, str(lepton or Lepton.mu)),
            draw=lambda dataset, path: plotting.moment(dataset, path=path),
        )


def _number(text: str | None, default: float) -> float:
    from darkbeam.units import parse_number

    return default if text is None else float(parse_number(text, name="--sigma"))


def _check_lepton(data: str, lepton: Lepton | None) -> None:
    from darkbeam.errors import InputError
    from darkbeam.moments import moment_data

    known = moment_data(data)
    if lepton is not None and known.lepton != lepton:
        raise InputError(f"{known.name} is a measurement of {known.lepton}, not of {lepton.value}")


def _moments(model: Model, lepton: str) -> xr.Dataset:
    import numpy as np
    import xarray as xr

    from darkbeam.moments import delta_a
    from darkbeam.moments.anomalous import FORMULA_REFERENCES

    value = np.asarray(model.coupling)
    attributes = {"value": float(value)} if value.ndim == 0 else {}
    return xr.Dataset(
        {"delta_a": ("mass_GeV", delta_a(model, lepton))},
        coords={"mass_GeV": ("mass_GeV", np.asarray(model.mass), {"units": "GeV"})},
        attrs={
            "model": model.name,
            "lepton": lepton,
            "coupling": model.coupling_name,
            "references": ",".join((*model.references, *FORMULA_REFERENCES)),
            **attributes,
        },
    )


def _explained(model: Model, data: str, sigma: float, lepton: Lepton | None) -> xr.Dataset:
    from darkbeam.moments import g2_band

    _check_lepton(data, lepton)
    band = g2_band(model, data, sigma=sigma).isel(sigma=0, drop=True)
    result = band[["coupling", "coupling_lo", "coupling_hi"]]
    for name in result.data_vars:
        result[name].attrs["missing"] = float("nan")
    # the column is called coupling: what it is a value of stands beside
    return result.assign_attrs(coupling_name=result.attrs.pop("coupling"), sigma=sigma)


def _gaps(result: xr.Dataset) -> str:
    if not bool(result["coupling"].isnull().any()):
        return ""
    return "-: no coupling gives it: the contribution has the wrong sign, is none or is too small"


def _excluded(model: Model, data: str, sigma: float, lepton: Lepton | None) -> xr.Dataset:
    from darkbeam.moments import g2_exclusion

    _check_lepton(data, lepton)
    return g2_exclusion(model, data, sigma=sigma)
