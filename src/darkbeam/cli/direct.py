"""`darkbeam direct`: cross sections of direct detection."""

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
    Quiet,
    Settings,
)

if TYPE_CHECKING:
    import xarray as xr

    from darkbeam.models import Model

__all__ = ["direct", "direct_dataset"]


def direct(
    model: ModelArgument,
    mass: Mass = "1MeV:1GeV:40",
    velocity: Annotated[
        str | None,
        typer.Option(
            "--velocity",
            metavar="NUMBER",
            help="Velocity of the dark matter in units of c. [default: 1e-3]",
        ),
    ] = None,
    set_: Settings = None,
    dark_matter: DarkMatterName = None,
    mass_ratio: MassRatio = None,
    form: FormatOption = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Cross sections of dark matter on electrons and nucleons, for direct detection.

    Example: darkbeam direct dark-photon --mass 10MeV:1GeV:20 --dark-matter scalar
    """
    from darkbeam.cli.inputs import build_model, settings
    from darkbeam.cli.output import Sink
    from darkbeam.direct_detection import STANDARD_VELOCITY
    from darkbeam.units import parse_number

    sink = Sink(form, output, None, quiet)
    speed = STANDARD_VELOCITY
    if velocity is not None:
        speed = float(parse_number(velocity, name="--velocity"))
    found = build_model(model, mass, settings(set_), dark_matter=dark_matter, mass_ratio=mass_ratio)
    result = direct_dataset(found, speed)
    sink.write(result, footnote=_footnote(result))


def direct_dataset(model: Model, velocity: float) -> xr.Dataset:
    """Return the cross sections on a grid of masses as a result.

    Parameters
    ----------
    model : Model
        A vector mediator with dark matter and a one-dimensional array of masses.
    velocity : float
        In units of c.
    """
    import numpy as np
    import xarray as xr

    from darkbeam.direct_detection import sigma_e_cm2, sigma_nucleon_cm2

    sigma = {"sigma_e_cm2": sigma_e_cm2(model, velocity=velocity)}
    for nucleon in ("p", "n"):
        name = f"sigma_{nucleon}_cm2"
        sigma[name] = sigma_nucleon_cm2(model, nucleon, velocity=velocity)
    mediator = np.asarray(model.mass, dtype=np.float64)
    (channel,) = model.couplings().dark
    lighter = np.minimum(*channel.masses)  # type: ignore[union-attr]
    return xr.Dataset(
        {"dm_mass_GeV": ("mass_GeV", np.broadcast_to(lighter, mediator.shape), {"units": "GeV"})}
        | {name: ("mass_GeV", values, {"units": "cm2"}) for name, values in sigma.items()},
        coords={"mass_GeV": ("mass_GeV", mediator, {"units": "GeV"})},
        attrs={"model": model.name, "velocity": velocity},
    )


def _footnote(result: xr.Dataset) -> str:
    if bool(result["sigma_p_cm2"].isnull().any()):
        return "nan: by axial currents of quarks, not computed"
    names = ("sigma_e_cm2", "sigma_p_cm2", "sigma_n_cm2")
    if not any(bool(result[name].any()) for name in names):
        return "closed: at this velocity the heavier dark state cannot be made"
    return ""
