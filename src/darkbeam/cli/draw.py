"""`darkbeam draw`: pictures of experiments, to scale, from their descriptions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkbeam.cli.options import Quiet

__all__ = ["draw"]


def draw(
    names: Annotated[
        list[str], typer.Argument(metavar="EXPERIMENT...", help="Names, or .toml files.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The picture (.png .pdf .svg), of one experiment. [default: NAME.png]",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Experiments as they are described: side and top view to scale, and a list of the parts.

    Where one scale cannot show both, what is across the beam is stretched by
    a factor that the axis states.

    Example: darkbeam draw SHiP -o ship.pdf
    """
    from darkbeam.cli.messages import note
    from darkbeam.cli.output import PICTURE_ENDINGS, check_writable
    from darkbeam.errors import InputError
    from darkbeam.experiments import experiment
    from darkbeam.plotting import apparatus

    if output is not None and len(names) > 1:
        raise InputError(f"--output: for one experiment, got {len(names)}")
    found = [experiment(name) for name in dict.fromkeys(names)]
    paths = [Path(f"{each.name}.png") if output is None else output for each in found]
    for path in paths:
        check_writable(path, PICTURE_ENDINGS)
    for each, path in zip(found, paths, strict=True):
        apparatus(each, path=path)
        note(f"wrote {path}", quiet=quiet)
