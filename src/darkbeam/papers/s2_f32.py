"""S2 figure 3.2: SHiP's dark photons by the recipe, and what it means for a Z' of the muon."""

from __future__ import annotations

from darkbeam.papers.dump_recipe import RATIOS, RECIPE, muonic, ratio_text, recipe_curve
from darkbeam.papers.framework import FigureInfo, Panel, Settings, Steps
from darkbeam.papers.sources import anomaly, grid

__all__ = ["INFO"]

MOMENTA = (300.0, 200.0, 100.0)
_MASSES = (2e-3, 5.0)


def _dark_photons(settings: Settings, steps: Steps) -> Panel:
    from darkbeam.models import DarkPhoton
    from darkbeam.papers.region_drawing import outlines

    photon = DarkPhoton(mass=0.1, dark_matter=None)
    curves = [
        recipe_curve(
            f"SHiP p={momentum:g} GeV",
            "SHiP",
            photon,
            grid(*_MASSES, settings),
            steps,
            text=rf"$p = {momentum:g}$ GeV",
            momentum=momentum,
        )
        for momentum in MOMENTA
    ]
    draw = outlines(
        x_label=r"$m_{A\prime}$ [GeV]",
        y_label=r"$\varepsilon$",
        x_range=_MASSES,
        y_range=(3e-9, 3e-3),
    )
    return Panel("dark photon", tuple(curves), draw, "SHiP, dark photon")


def _muonic(settings: Settings, steps: Steps) -> Panel:
    from darkbeam.papers.region_drawing import outlines

    mass = grid(*_MASSES, settings)
    curves = [anomaly(muonic(0.0), mass, settings)]
    curves += [
        recipe_curve(
            f"SHiP g_nu/g_mu={ratio:g}",
            "SHiP",
            muonic(ratio),
            mass,
            steps,
            text=f"SHiP, {ratio_text(ratio)}",
        )
        for ratio in RATIOS
    ]
    draw = outlines(
        x_label=r"$m_{Z\prime}$ [GeV]",
        y_label=r"$g_\mu$",
        x_range=_MASSES,
        y_range=(3e-9, 1.0),
    )
    return Panel("muonic", tuple(curves), draw, r"SHiP, $Z\prime$ of the muon")


def _make(settings: Settings, steps: Steps) -> tuple[Panel, ...]:
    return _dark_photons(settings, steps), _muonic(settings, steps)


INFO = FigureInfo(
    name="S2.F3.2",
    title="SHiP: dark photons by the recipe, and a Z' of the muon with couplings to neutrinos",
    shows=(
        "Left: SHiP's reach for dark photons as the recipe has it, for three momenta of the "
        "mediators. Right: its reach for a Z' of the muon that couples to electrons and quarks by "
        "a loop, for g_nu/g_mu = 0, 0.2, 2, with the band of the muon's g-2."
    ),
    conventions=RECIPE,
    differences=(
        "R-bar = 0.5, 0.75, 1.5e-20 of the paper are 2.93 times below what its eqs. 3.8, 3.9 give "
        "at its own point, for all three momenta; contours do not notice. The ratios say which "
        "momenta: 300, 200, 100 GeV.",
        "g_nu/g_mu = 2: the lower of the two regions ends at 5.0 MeV (8.5 MeV at the level as "
        "printed), the paper says 80 MeV. g_nu/g_mu = 0.2 takes a factor of 46 to 60 from the "
        "upper edge, the paper says an order of magnitude. With g_e = 0.0144 g_mu, the mixing "
        "without the charge e, in place of its eq. 2.12 (4.37e-3 g_mu) it were 93 MeV and 13.",
    ),
    make=_make,
    parts=len(MOMENTA) + len(RATIOS),
    defaults=Settings(points=60, moment="FNAL2021"),
    uses=("points", "moment"),
    columns=2,
)
