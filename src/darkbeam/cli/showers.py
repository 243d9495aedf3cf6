"""`darkbeam shower`: electromagnetic showers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from darkbeam.cli.options import BeamText, FormatOption, Output, Plot, Quiet, TargetText, Threads

if TYPE_CHECKING:
    import xarray as xr

    from darkbeam.matter.shower import Shower

__all__ = ["shower"]


def shower(
    beam: BeamText = "e-:100GeV",
    target: TargetText = "Pb",
    threshold: Annotated[
        str,
        typer.Option("--threshold", metavar="ENERGY", help="Follow particles down to this energy."),
    ] = "1GeV",
    number: Annotated[str, typer.Option("-n", metavar="N", help="Number of showers.")] = "1000",
    seed: Annotated[
        str, typer.Option("--seed", metavar="N", help="Key of the random numbers.")
    ] = "1",
    profile: Annotated[
        bool, typer.Option("--profile", help="Give the energy left in each bin of depth instead.")
    ] = False,
    threads: Threads = None,
    form: FormatOption = None,
    output: Output = None,
    plot: Plot = None,
    quiet: Quiet = False,
) -> None:
    """Track length of electrons and positrons per shower, in radiation lengths.

    The target is a material without end ("Pb", "polystyrene") or layers:
    "150 x (1.5 mm Pb + 1.5 mm polystyrene)".
    The same seed gives the same showers on any number of threads.

    Example: darkbeam shower --beam e-:100GeV --target Pb --threshold 1GeV -n 1000 --seed 1
    """
    from darkbeam import plotting
    from darkbeam.cli.inputs import build_target
    from darkbeam.cli.output import Sink
    from darkbeam.cli.progress import progress_bar
    from darkbeam.matter.shower import simulate_shower
    from darkbeam.particles import parse_beam
    from darkbeam.units import parse_energy, parse_integer

    sink = Sink(form, output, plot, quiet)
    beam_ = parse_beam(beam)
    stack = build_target(target)
    least = parse_energy(threshold, name="threshold")
    count = parse_integer(number, name="n", minimum=1)
    key = parse_integer(seed, name="seed", minimum=0)
    with progress_bar("showers", quiet=quiet) as report:
        done = 0

        def advance(new: int) -> None:
            nonlocal done
            done += new
            if report is not None:
                report(done, count)

        found = simulate_shower(
            stack,
            beam_.energy - beam_.mass,
            particle=beam_.particle,
            threshold=least,
            n_showers=count,
            seed=key,
            threads=threads,
            progress=advance,
        )
    draw = plotting.longitudinal_profile if profile else plotting.shower_track_length
    sink.write(
        _profile(found) if profile else _track_length(found),
        draw=lambda dataset, path: draw(dataset, path=path),
        beam=str(beam_),
        target=stack.name,
        threshold_GeV=least,
        n_showers=count,
        seed=key,
        method="Monte Carlo",
    )


def _track_length(found: Shower) -> xr.Dataset:
    import xarray as xr

    low, high = found.energy_edges[:-1], found.energy_edges[1:]
    return xr.Dataset(
        {
            "electron_x0": ("energy_lo_GeV", found.electron_x0, {"units": "X0"}),
            "positron_x0": ("energy_lo_GeV", found.positron_x0, {"units": "X0"}),
            "electron_err": ("energy_lo_GeV", found.electron_err, {"units": "X0"}),
            "positron_err": ("energy_lo_GeV", found.positron_err, {"units": "X0"}),
        },
        coords={
            "energy_lo_GeV": ("energy_lo_GeV", low, {"units": "GeV"}),
            "energy_hi_GeV": ("energy_lo_GeV", high, {"units": "GeV"}),
        },
    )


def _profile(found: Shower) -> xr.Dataset:
    import xarray as xr

    low, high = found.depth_edges_x0[:-1], found.depth_edges_x0[1:]
    return xr.Dataset(
        {
            "deposited_GeV": ("depth_lo_x0", found.deposited, {"units": "GeV"}),
            "deposited_err": ("depth_lo_x0", found.deposited_err, {"units": "GeV"}),
        },
        coords={
            "depth_lo_x0": ("depth_lo_x0", low, {"units": "X0"}),
            "depth_hi_x0": ("depth_lo_x0", high, {"units": "X0"}),
        },
    )
