"""`darkbeam excited`: decays of the heavier of two dark states."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

__all__ = ["excited", "excited_dataset"]

PREFERRED_DARK_MATTER = "pseudo-dirac"


def excited(
    model: ModelArgument,
    mass: Mass = "1MeV:1GeV:40",
    set_: Settings = None,
    dark_matter: DarkMatterName = None,
    mass_ratio: MassRatio = None,
    form: FormatOption = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Decays of the heavier dark state to the lighter and leptons or hadrons.

    The dark matter is pseudo-dirac unless another kind is given; --set splitting=0.4 is
    the difference of the masses over the lighter one.

    Example: darkbeam excited dark-photon --mass 10MeV:1GeV:20 --set splitting=0.4
    """
    from darkbeam.cli.inputs import build_model, settings
    from darkbeam.cli.output import Sink
    from darkbeam.models import describe_model

    sink = Sink(form, output, None, quiet)
    values = settings(set_)
    kinds = describe_model(model).dark_matter
    if dark_matter is None and "dark_matter" not in values and PREFERRED_DARK_MATTER in kinds:
        dark_matter = PREFERRED_DARK_MATTER
    found = build_model(model, mass, values, dark_matter=dark_matter, mass_ratio=mass_ratio)
    result = excited_dataset(found)
    sink.write(result, footnote=_footnote(result))


def excited_dataset(model: Model) -> xr.Dataset:
    """Return the widths of the heavier dark state on a grid of masses as a result.

    Parameters
    ----------
    model : Model
        With a one-dimensional array of masses and dark matter of two states.
    """
    import xarray as xr

    from darkbeam.decays import EXCITED_CHANNELS, excited_state_widths

    found = excited_state_widths(model)
    columns = {"dm_mass_GeV": found.light_mass}
    columns |= {name: found.partial[name] for name in EXCITED_CHANNELS}
    columns |= {"total": found.total, "tau_s": found.tau_s}
    others = {k: width for k, width in found.partial.items() if k not in columns and width.any()}
    columns |= others
    return xr.Dataset(
        {
            name: ("mass_GeV", values, {"units": "s" if name == "tau_s" else "GeV"})
            for name, values in columns.items()
        },
        coords={"mass_GeV": ("mass_GeV", found.mediator_mass, {"units": "GeV"})},
        attrs={"model": model.name},
    )


def _footnote(result: xr.Dataset) -> str:
    if any(bool(column.isnull().any()) for column in result.data_vars.values()):
        return "nan: open, but not computed; the total leaves it out"
    if not bool(result["total"].any()):
        return "stable: nothing is open; --set splitting=NUMBER sets the difference of the masses"
    return ""
