"""The commands put together, and how one of them is run."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from darkbeam.cli import (
    annihilation,
    bookkeeping,
    combine,
    cross_sections,
    demonstration,
    direct,
    draw,
    events,
    excited,
    figure,
    information,
    landau,
    limits,
    moment,
    muons,
    neff,
    output,
    references,
    relic,
    showers,
    widths,
)
from darkbeam.cli.messages import warnings_in_one_line

__all__ = ["app", "run"]

app = typer.Typer(
    name="darkbeam",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich help costs a quarter of a second
    context_settings={"help_option_names": ["-h", "--help"]},
)
_HELP = frozenset({"-h", "--help"})
_xsec = typer.Typer(help="Cross sections of the processes that make dark particles.")
_cache = typer.Typer(help="What is kept on disk between runs: show it or clear it.")


def _version(wanted: bool) -> None:
    if wanted:
        from darkbeam._version import package_version

        typer.echo(f"darkbeam {package_version()}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; goes anywhere.")
    ] = False,
) -> None:
    """From a dark-sector model to its exclusion plot at beam dumps and fixed targets.

    Masses and energies take units ("10 MeV"); a bare number is GeV.
    Lists of masses: 1MeV:1GeV:40 (40 points, equal steps in the logarithm)
    or 10MeV,50MeV,0.1.
    """


app.command("models")(information.models)
app.command("experiments")(information.experiments)
app.command("widths")(widths.widths)
app.command("excited")(excited.excited)
app.command("direct")(direct.direct)
app.command("moment")(moment.moment)
app.command("neff")(neff.neff)
app.command("landau")(landau.landau)
app.command("relic")(relic.relic)
app.add_typer(_xsec, name="xsec")
_xsec.command("brem")(cross_sections.brem)
_xsec.command("annihilation")(annihilation.annihilation)
app.command("shower")(showers.shower)
app.command("muons")(muons.muons)
app.command("reach")(limits.reach)
app.command("combine")(combine.combine)
app.command("yield")(limits.expected_yield)
app.command("eot")(limits.eot)
app.command("events")(events.events)
app.command("brem-library")(events.brem_library)
app.command("draw")(draw.draw)
app.command("figure")(figure.figure)
app.command("cite")(references.cite)
app.command("demo")(demonstration.demo)
app.add_typer(_cache, name="cache")
_cache.command("show")(bookkeeping.cache_show)
_cache.command("clear")(bookkeeping.cache_clear)


@_xsec.callback()
def _xsec_root() -> None:
    """Cross sections of the processes that make dark particles."""


def _help_text(command: Any, arguments: Sequence[str]) -> str:
    """Return the help of the command that the words lead to.

    Without parsing the line, which would load a validation library for each option.
    """
    context = command.context_class(command, info_name="darkbeam", **command.context_settings)
    for word in arguments:
        if word in _HELP:
            break
        following = getattr(command, "commands", {}).get(word)
        if following is None:
            if getattr(command, "commands", None) and not word.startswith("-"):
                command.resolve_command(context, [word])  # says what is near to an unknown name
            continue
        command = following
        context = command.context_class(command, info_name=word, parent=context)
    return str(command.get_help(context))


def run(arguments: Sequence[str]) -> int:
    """Run a command line, without the program's name; return the exit status.

    Errors are raised as they are; `darkbeam.cli.main` makes one line of them.
    """
    command = typer.main.get_command(app)
    if not arguments or not _HELP.isdisjoint(arguments):
        typer.echo(_help_text(command, arguments))
        return 0
    output.COMMAND_LINE.set(shlex.join(["darkbeam", *arguments]))
    with warnings_in_one_line():
        try:
            status = command.main(args=list(arguments), prog_name="darkbeam", standalone_mode=False)
        except typer.Abort:
            raise KeyboardInterrupt from None
        except SystemExit:  # what the option parser makes of a closed stdout
            raise BrokenPipeError from None
    return status if isinstance(status, int) else 0
