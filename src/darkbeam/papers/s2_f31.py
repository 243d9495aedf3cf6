"""S2 figure 3.1: the dimensionless rate of a beam dump, and its contours."""

from __future__ import annotations

import numpy as np

from darkbeam.papers.framework import Curve, FigureInfo, Panel, Settings, Steps
from darkbeam.papers.sources import grid
from darkbeam.results import stamp

__all__ = ["INFO", "LEVEL", "RATIOS"]

RATIOS = (0.0, 3.0, 10.0, 30.0, 100.0)
LEVEL = 1e-19
_MASS = 0.1
_MOMENTUM, _SHIELD, _DECAY = 200.0, 60.0, 50.0
_MASSES = (1e-3, 10.0)
_COUPLINGS = (1e-9, 1e-3)
_STEPS = 12  # of the coupling for each point that is asked for


def _text(ratio: float) -> str:
    return rf"$g_\nu/g_e = {ratio:g}$"


def _rate(settings: Settings) -> Panel:
    import xarray as xr

    from darkbeam.experiments.displaced.dimensionless_rate import two_channel_rate
    from darkbeam.papers.drawing import lines
    from darkbeam.plotting.style import COLOURS, LINES

    g_e = np.geomspace(*_COUPLINGS, _STEPS * settings.points)
    curves = []
    for i, ratio in enumerate(RATIOS):
        rate = two_channel_rate(g_e, ratio * g_e, _MASS, _MOMENTUM, _SHIELD, _DECAY)
        data = xr.Dataset(
            {"rate": ("g_e", rate, {"units": "1"})},
            coords={"g_e": ("g_e", g_e, {"units": "1"})},
        )
        stamped = stamp(data, mass_GeV=_MASS, g_nu_over_g_e=ratio, references="Coy:2021wfs")
        style = {"color": COLOURS[i], "linestyle": LINES[i]}
        curves.append(Curve(f"g_nu/g_e={ratio:g}", stamped, _text(ratio), style))
    draw = lines(
        "g_e",
        "rate",
        x_label=r"$g_e$",
        y_label=r"$\bar R$",
        x_range=(1e-8, 1e-4),
        y_range=(1e-24, 1e-11),
        levels=((LEVEL, r"$\bar R = 10^{-19}$"),),
    )
    return Panel("rate", tuple(curves), draw, r"$m_{Z\prime} = 100$ MeV")


def _contours(settings: Settings, steps: Steps) -> Panel:
    from darkbeam.experiments.connected_regions import regions_dataset
    from darkbeam.experiments.displaced.dimensionless_rate import (
        excluded_regions,
        two_channel_rate,
    )
    from darkbeam.papers.region_drawing import outlines
    from darkbeam.plotting.style import COLOURS, LINES

    curves = []
    for i, ratio in enumerate(RATIOS):
        steps.part()
        regions = excluded_regions(
            # the ratio is of this turn of the loop
            lambda g, m, r=ratio: two_channel_rate(g, r * g, m, _MOMENTUM, _SHIELD, _DECAY),  # type: ignore[misc]
            LEVEL,
            grid(*_MASSES, settings),
        )
        data = stamp(
            regions_dataset(regions),
            level=LEVEL,
            g_nu_over_g_e=ratio,
            coupling="g_e",
            references="Coy:2021wfs",
        )
        style = {"color": COLOURS[i], "linestyle": LINES[i]}
        curves.append(Curve(f"g_nu/g_e={ratio:g}", data, _text(ratio), style))
    draw = outlines(
        x_label=r"$m_{Z\prime}$ [GeV]", y_label=r"$g_e$", x_range=_MASSES, y_range=(1e-9, 1e-2)
    )
    return Panel("contours", tuple(curves), draw, r"$\bar R = 10^{-19}$")


def _make(settings: Settings, steps: Steps) -> tuple[Panel, ...]:
    return _rate(settings), _contours(settings, steps)


INFO = FigureInfo(
    name="S2.F3.1",
    title="the dimensionless rate R-bar of a beam dump, and its contours",
    shows=(
        "Left: R-bar (eq. 3.8) of a Z' of electrons and neutrinos of 100 MeV by its coupling to "
        "electrons, for some ratios g_nu/g_e. Right: contours R-bar = 1e-19 in the plane of "
        "mass and g_e, inside of which a dump of that sensitivity would see it."
    ),
    conventions=(
        "momentum 200 GeV, shield 60 m, decay region 50 m; massless electrons",
        "g_nu/g_e = 0, 3, 10, 30, 100: the text of the paper names none of its ratios",
    ),
    differences=(),
    make=_make,
    parts=len(RATIOS),
    columns=2,
)
