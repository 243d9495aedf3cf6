"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "BeamText",
    "Confidence",
    "DarkMatterName",
    "Format",
    "FormatOption",
    "LimitMethod",
    "LimitMethodOption",
    "Mass",
    "MassRatio",
    "ModelArgument",
    "ModelOption",
    "Output",
    "Plot",
    "Quiet",
    "Run",
    "Settings",
    "TargetText",
    "Threads",
]

_RESULT = "Result"
_MODEL = "Model"


class Format(StrEnum):
    """Forms of a result on stdout."""

    table = "table"
    csv = "csv"
    json = "json"


class LimitMethod(StrEnum):
    """Methods of an upper limit on the number of signal events."""

    cls = "cls"
    feldman_cousins = "feldman-cousins"
    bayesian = "bayesian"
    classical = "classical"


Mass = Annotated[
    str,
    typer.Option(
        "--mass", metavar="A:B:N|A,B,C", help="Masses of the mediator, such as 1MeV:1GeV:40."
    ),
]
ModelArgument = Annotated[
    str, typer.Argument(metavar="MODEL", help="Name of a model: see `darkbeam models`.")
]
ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="MODEL",
        help="Name of a model: see `darkbeam models`.",
        rich_help_panel=_MODEL,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Value of a parameter, with a unit if it has one; repeatable.",
        rich_help_panel=_MODEL,
    ),
]
DarkMatterName = Annotated[
    str | None,
    typer.Option(
        "--dark-matter",
        metavar="KIND",
        help="scalar, dirac, majorana, pseudo-dirac; or none: see the model's page.",
        rich_help_panel=_MODEL,
    ),
]
MassRatio = Annotated[
    str | None,
    typer.Option(
        "--mass-ratio",
        metavar="NUMBER",
        help="Mass of the mediator over the mass of the dark matter.",
        rich_help_panel=_MODEL,
    ),
]
Run = Annotated[
    str | None,
    typer.Option("--run", metavar="NAME", help="One of the experiment's exposures."),
]
Confidence = Annotated[
    str, typer.Option("--confidence", metavar="NUMBER", help="Confidence level, between 0 and 1.")
]
LimitMethodOption = Annotated[
    LimitMethod, typer.Option("--method", help="How the limit on the signal is set.")
]
BeamText = Annotated[
    str, typer.Option("--beam", metavar="PARTICLE:ENERGY", help="Such as e-:100GeV, mu-:160GeV.")
]
TargetText = Annotated[
    str, typer.Option("--target", metavar="MATERIAL", help="Symbol or name of the target.")
]
Threads = Annotated[
    int | None,
    typer.Option("--threads", help="Number of threads; by default one for each processor."),
]
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format", help="Form of the result on stdout. [default: table]", rich_help_panel=_RESULT
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write the result to a file (.csv .json .nc .h5) instead.",
        rich_help_panel=_RESULT,
    ),
]
Plot = Annotated[
    Path | None,
    typer.Option(
        "--plot",
        metavar="FILE",
        help="Draw the result (.pdf .png .svg).",
        rich_help_panel=_RESULT,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", help="No progress bar, no notes on stderr.", rich_help_panel=_RESULT
    ),
]
