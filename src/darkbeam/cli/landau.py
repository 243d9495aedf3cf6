"""`darkbeam landau`: up to which scale a dark coupling makes sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from darkbeam.cli.options import FormatOption, Output, Quiet

if TYPE_CHECKING:
    import xarray as xr

    from darkbeam.models.landau import ChargedField, FieldContent

__all__ = ["landau"]

DEFAULT_DARK_MATTER = "pseudo-dirac"
DEFAULT_POLE = "1TeV,1.2e19"
REFERENCES = "Gninenko:2020hbd,Davoudiasl:2015hxa"


def landau(
    mass: Annotated[
        str,
        typer.Option(
            "--mass", metavar="A:B:N|A,B,C", help="Masses of the A', where alpha_d is defined."
        ),
    ] = "10MeV",
    pole: Annotated[
        str | None,
        typer.Option(
            "--pole",
            metavar="A:B:N|A,B,C",
            help="Scales of the Landau pole: the largest alpha_d for each. "
            f"[default: {DEFAULT_POLE}, the Planck mass in GeV]",
        ),
    ] = None,
    alpha_d: Annotated[
        str | None,
        typer.Option(
            "--alpha-d", metavar="A:B:N|A,B,C", help="Couplings: the scale of the pole for each."
        ),
    ] = None,
    dark_matter: Annotated[
        str | None,
        typer.Option(
            "--dark-matter",
            metavar="KIND",
            help="Dark matter with its Higgs field: scalar, dirac, majorana, pseudo-dirac. "
            f"[default: {DEFAULT_DARK_MATTER}]",
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            metavar="KIND[:CHARGE[:MASS]]",
            help="A field of the sector in place of --dark-matter: dirac, weyl, majorana, "
            "complex-scalar, real-scalar; repeatable.",
        ),
    ] = None,
    loops: Annotated[
        int, typer.Option("--loops", min=1, max=2, help="Order of the beta function.")
    ] = 1,
    form: FormatOption = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Largest alpha_d without a Landau pole below a scale, or the pole of an alpha_d.

    Example: darkbeam landau --dark-matter scalar --mass 10MeV --pole 1TeV
    """
    from darkbeam.cli.output import Sink
    from darkbeam.errors import InputError

    if pole is not None and alpha_d is not None:
        raise InputError("--pole and --alpha-d: give one of them")
    if dark_matter is not None and field:
        raise InputError("--dark-matter and --field: give one of them")
    sink = Sink(form, output, None, quiet)
    content, attributes = _content(dark_matter, field)
    if alpha_d is None:
        result = _bounds(content, mass, pole or DEFAULT_POLE, loops)
    else:
        result = _poles(content, mass, alpha_d, loops)
    doubtful = alpha_d is None and bool((result["alpha_d"] > 1.0).any())
    footnote = "above 1 a coupling is not perturbative: no order is a guide" if doubtful else ""
    sink.write(result, footnote=footnote, references=REFERENCES, loops=loops, **attributes)


def _content(dark_matter: str | None, fields: list[str] | None) -> tuple[FieldContent, Any]:
    """Return the charged fields, and what the result says of them."""
    from darkbeam.models.landau import FieldContent, dark_sector_content

    if fields:
        return FieldContent(_field(text) for text in fields), {"fields": ", ".join(fields)}
    name = dark_matter or DEFAULT_DARK_MATTER
    return dark_sector_content(name), {"dark_matter": name}


def _field(text: str) -> ChargedField:
    from darkbeam.errors import InputError
    from darkbeam.models.landau import ChargedField

    words = [word.strip() for word in text.split(":")]
    if len(words) > 3 or not all(words):
        raise InputError(
            f"--field {text!r}: must be KIND, KIND:CHARGE or KIND:CHARGE:MASS, "
            "such as complex-scalar:2:10GeV"
        )
    given: dict[str, Any] = dict(zip(("kind", "charge", "mass"), words, strict=False))
    return ChargedField(**given)


def _bounds(content: FieldContent, mass: str, pole: str, loops: int) -> xr.Dataset:
    import xarray as xr

    from darkbeam.models.landau import largest_alpha_d
    from darkbeam.units import parse_grid

    masses, poles = parse_grid(mass), parse_grid(pole, name="pole")
    bound = largest_alpha_d(content, poles, masses[:, None], loops=loops)
    return xr.Dataset(
        {"alpha_d": (("mass_GeV", "pole_GeV"), bound)},
        coords={
            "mass_GeV": ("mass_GeV", masses, {"units": "GeV"}),
            "pole_GeV": ("pole_GeV", poles, {"units": "GeV"}),
        },
    )


def _poles(content: FieldContent, mass: str, alpha_d: str, loops: int) -> xr.Dataset:
    import xarray as xr

    from darkbeam.models.landau import landau_pole
    from darkbeam.units import parse_grid, parse_number

    masses, couplings = parse_grid(mass), parse_grid(alpha_d, name="alpha_d", parse=parse_number)
    pole = landau_pole(couplings, content, masses[:, None], loops=loops)
    return xr.Dataset(
        {"pole_GeV": (("mass_GeV", "alpha_d"), pole, {"units": "GeV"})},
        coords={
            "mass_GeV": ("mass_GeV", masses, {"units": "GeV"}),
            "alpha_d": ("alpha_d", couplings),
        },
    )
