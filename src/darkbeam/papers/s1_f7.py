"""S1 figure 7: visible decays of dark photons in NA64, and the window of the X(16.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkbeam.papers.framework import Curve, FigureInfo, Panel, Settings, Steps
from darkbeam.papers.sources import grid
from darkbeam.results import stamp

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["INFO", "X_MASS"]

X_MASS = 0.0167  # GeV
RUNS = ("NA64e-visible-100GeV", "NA64e-visible")
DUMPS = ("E141", "E774", "Orsay")
_MASSES = (1.2e-3, 0.1)


def _window(axes: Axes) -> None:
    """Mark the couplings that the anomaly of beryllium-8 leaves the X(16.7)."""
    from darkbeam.models.x17 import BERYLLIUM_WINDOW

    axes.plot([X_MASS] * 2, BERYLLIUM_WINDOW, color="black", linewidth=4.0, zorder=5)
    axes.annotate(
        "X(16.7)",
        (X_MASS, BERYLLIUM_WINDOW[1]),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        fontsize="small",
        zorder=5,
    )


def _make(settings: Settings, steps: Steps) -> tuple[Panel, ...]:
    from darkbeam.experiments import combine, experiment
    from darkbeam.models import DarkPhoton
    from darkbeam.papers.dump_recipe import reach_regions
    from darkbeam.papers.region_drawing import outlines

    model = DarkPhoton(mass=0.01, dark_matter=None)
    mass = grid(*_MASSES, settings)
    steps.part()
    both = reach_regions(combine([experiment(name) for name in RUNS]), model, mass)
    curves = [Curve(f"{RUNS[1]} 2017-2018", stamp(both, projection=False), "NA64e, 2017 and 2018")]
    for name in DUMPS:
        steps.part()
        curves.append(Curve(name, reach_regions(experiment(name), model, mass), name))
    draw = outlines(
        x_label=r"$m_{A\prime}$ [GeV]",
        y_label=r"$\varepsilon$",
        x_range=_MASSES,
        y_range=(1e-6, 1.0),
        also=_window,
    )
    return (Panel("mixing", tuple(curves), draw),)


INFO = FigureInfo(
    name="S1.F7",
    title="visible decays of dark photons: NA64 and past dumps, with the window of the X(16.7)",
    shows=(
        "Mixing of a dark photon that decays to electrons excluded by NA64 with 5.4e10 electrons "
        "of 100 GeV (2017) and 3e10 of 150 GeV (2018) together, and by the dumps E141, E774 and "
        "Orsay; the bar is the coupling to electrons, 2e-4 to 1.4e-3, of an X(16.7) that explains "
        "the anomaly of beryllium-8. Not computed: KLOE, NA48/2, BaBar, HADES, the electron's g-2."
    ),
    conventions=(
        "90 % C.L.; NA64 as a joint likelihood of two counts without an event",
        "efficiencies of the shapes of showers and of the counters behind the first calorimeter "
        "are not in it: no published number at hand",
    ),
    differences=(
        "At 16.7 MeV NA64 excludes 0.79e-4 to 7.2e-4, the paper 1.2e-4 to 6.8e-4. From 3 to 22 MeV "
        "the lower edge is 0.63 to 0.9 of the published one, the upper edge 1.07 to 1.15. An "
        "efficiency that is not in it raises the lower edge with its fourth root.",
        "As in the paper the window of the X(16.7) is excluded up to 7e-4 and open to 1.4e-3.",
        "Orsay: the lower edge falls where positrons of the shower annihilate to a dark photon "
        "above the required energy, from 28 MeV on; older analyses have no annihilation.",
    ),
    make=_make,
    parts=1 + len(DUMPS),
    defaults=Settings(points=25),
)
