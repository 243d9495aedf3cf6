"""`darkbeam demo`: the first complete trip, from a dark photon to the exclusion curve of NA64."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from darkbeam.cli.options import Quiet

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["demo"]

QUESTION = "Which dark photons has NA64 excluded, and what will 5e12 electrons reach?"
RUNS = ("2016-2018", "5e12", "1e13")
MASSES = "1MeV:1GeV:40"
ROWS = 12


def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the files go.")
    ] = Path("out"),
    quiet: Quiet = False,
) -> None:
    """Which dark photons has NA64 excluded, and what will 5e12 electrons reach?

    Shows a table and writes na64e.csv, na64e.nc, na64e.pdf and na64e.png.
    """
    from darkbeam import plotting
    from darkbeam.cli.limits import join_runs, prepare
    from darkbeam.cli.messages import note
    from darkbeam.cli.output import COMMAND_LINE, check_writable
    from darkbeam.cli.progress import part_of, progress_bar
    from darkbeam.results import stamp, write_dataset

    output.mkdir(parents=True, exist_ok=True)
    files = {ending: output / f"na64e{ending}" for ending in (".csv", ".nc", ".pdf", ".png")}
    for ending, path in files.items():
        check_writable(path, (ending,))
    print(f"{QUESTION}\n")
    pairs = [prepare("NA64e", run, "dark-photon", MASSES, None, None, None) for run in RUNS]
    with progress_bar("signal of dark photons in NA64", quiet=quiet) as report:
        results = [
            chosen.reach(point, progress=part_of(report, i, len(pairs)))
            for i, (chosen, point) in enumerate(pairs)
        ]
    result = stamp(join_runs(results), command=COMMAND_LINE.get())
    print(_table(result))
    print("\nThe dark photon decays to dark matter; mixings above these are excluded at 90 % C.L.")
    for ending in (".csv", ".nc"):
        write_dataset(result, files[ending])
    for ending in (".pdf", ".png"):
        plotting.exclusion([result], path=files[ending])
    note(f"wrote {', '.join(str(path) for path in files.values())}", quiet=quiet)


def _table(result: xr.Dataset) -> str:
    """Return the least excluded mixing of each run at a dozen masses."""
    import numpy as np

    from darkbeam.cli.output import text_table
    from darkbeam.units import format_energy

    masses = result["mass_GeV"].values
    rows = np.unique(np.linspace(0, masses.size - 1, ROWS).round().astype(int))
    headings = ["mass"]
    for run in result["run"].values:
        one = result.sel(run=run)
        kind = "projected" if bool(one["projection"]) else "excluded"
        headings.append(f"{float(one['eot']):.3g} EOT ({kind})".replace("e+", "e"))
    edges = result["coupling_lo"].transpose("mass_GeV", "run").values
    return text_table(
        headings,
        [
            [
                format_energy(masses[i], 3),
                *(f"{edge:.3g}" if edge < np.inf else "-" for edge in edges[i]),
            ]
            for i in rows
        ],
    )
