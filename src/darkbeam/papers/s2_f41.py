"""S2 figure 4.1: beam dumps and the muon's anomalous moment, for four couplings to neutrinos."""

from __future__ import annotations

from typing import Any

from darkbeam.papers.dump_recipe import (
    FULL,
    KEYS,
    RECIPE,
    full_curve,
    muonic,
    ratio_text,
    recipe_curve,
)
from darkbeam.papers.framework import Curve, FigureInfo, Panel, Settings, Steps
from darkbeam.papers.sources import MUON_ACCEPTANCE, anomaly, grid, muon_reach

__all__ = ["INFO", "RATIOS"]

RATIOS = (1.0, 0.1, 0.01, 0.001)
DUMPS = ("SHiP", "SeaQuest")
FULL_DUMPS = DUMPS
_MASSES = (2e-3, 5.0)
_MUON_RUN = "1e12"


def _panel(ratio: float, settings: Settings, steps: Steps) -> Panel:
    from darkbeam.papers.drawing import exposure_text
    from darkbeam.papers.region_drawing import REGION_COLOURS, outlines

    mass = grid(*_MASSES, settings)
    model = muonic(ratio)
    curves = [anomaly(model, mass, settings)]
    colours = dict(zip(DUMPS, REGION_COLOURS, strict=False))
    for name in DUMPS:
        style: dict[str, Any] = {"color": colours[name], "linestyle": "-"}
        curves.append(recipe_curve(name, name, model, mass, steps, text=name, **style))
    for name in FULL_DUMPS:
        style = {"color": colours[name], "linestyle": "--"}
        curves.append(full_curve(f"{name} full", name, model, mass, steps, **style))
    muons = muon_reach(model, mass, steps, run=_MUON_RUN)
    text = rf"NA64$\mu$, {exposure_text(float(_MUON_RUN), 'MOT')}"
    style = {"color": REGION_COLOURS[len(DUMPS)], "linestyle": "-."}
    curves.append(Curve(f"NA64mu {_MUON_RUN}", muons, text, style))
    draw = outlines(
        x_label=r"$m_{Z\prime}$ [GeV]",
        y_label=r"$g_\mu$",
        x_range=_MASSES,
        y_range=(1e-11, 1.0),
        keys=KEYS,
    )
    return Panel(f"g_nu/g_mu={ratio:g}", tuple(curves), draw, ratio_text(ratio))


def _make(settings: Settings, steps: Steps) -> tuple[Panel, ...]:
    return tuple(_panel(ratio, settings, steps) for ratio in RATIOS)


INFO = FigureInfo(
    name="S2.F4.1",
    title="a Z' of the muon: SHiP, SeaQuest and the muon's g-2 for four couplings to neutrinos",
    shows=(
        "Reach of SHiP and SeaQuest for a Z' of the muon, g_nu/g_mu = 1, 0.1, 0.01, 0.001, "
        "by the recipe of S2, with the band of the muon's g-2; a projection of NA64 with muons is "
        "added. Not computed: BaBar, CMS, Borexino, CCFR, BBN and CMB, DUNE, COHERENT."
    ),
    conventions=(*RECIPE, *FULL, MUON_ACCEPTANCE),
    differences=(
        "What explains g-2 (central value) is covered from the left up to 0.141, 0.091, 0.015 GeV "
        "by SHiP and 0.188, 0.124, 0.024 GeV by SeaQuest for g_nu/g_mu = 0.001, 0.01, 0.1, and "
        "below 2 MeV for 1; by the full yield up to 0.149, 0.096, 0.016 and 0.197, 0.127, 0.021. "
        "The paper says about 100 MeV for 0.01 and less.",
        "At the upper edge the momentum decides: mediators with three quarters of the beam's "
        "momentum would raise it by a quarter.",
    ),
    make=_make,
    parts=len(RATIOS) * (2 * len(DUMPS) + 1),
    defaults=Settings(points=50, moment="FNAL2021"),
    uses=("points", "moment"),
    columns=2,
)
