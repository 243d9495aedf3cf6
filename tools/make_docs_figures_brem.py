"""Draw the two pictures of docs/physics/dark-bremsstrahlung.md into docs/img.

Run from the root of the repository: ``python tools/make_docs_figures_brem.py``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.lines import Line2D

from darkbeam.matter import element
from darkbeam.plotting import style
from darkbeam.production import bremsstrahlung as brem
from darkbeam.production import weizsaecker_williams as ww

IMAGES = Path(__file__).parents[1] / "docs" / "img"
LEAD = element("Pb")


def _mass_label(mass: float) -> str:
    return f"{mass:g} GeV" if mass >= 1 else f"{1e3 * mass:g} MeV"


def _legend(ax, masses, **options):
    lines = [Line2D([], [], color="k"), Line2D([], [], color="k", ls="--")]
    first = ax.legend(lines, ["exact tree level", "improved WW"], loc=options.pop("methods"))
    ax.add_artist(first)
    colours = [Line2D([], [], color=c) for c in style.COLOURS[: len(masses)]]
    ax.legend(colours, [_mass_label(m) for m in masses], title="$m_X$", **options)


def muons(path: Path) -> None:
    """Draw d sigma/dx for muons of 160 GeV on lead."""
    masses = (0.01, 0.1, 0.2, 0.5, 1.0)
    x = np.concatenate([np.geomspace(0.002, 0.05, 60), np.linspace(0.055, 0.95, 180)])
    y = np.concatenate([1 - x, np.geomspace(0.05, 7e-4, 120)[1:]])
    x = 1 - y
    with style.canvas(path) as (_, ax):
        for mass, colour in zip(masses, style.COLOURS, strict=False):
            exact = brem.energy_distribution("mu-:160GeV", LEAD, mass, x, one_minus_x=y)
            iww = ww.energy_distribution("mu-:160GeV", LEAD, mass, x, one_minus_x=y)
            ax.plot(x, np.where(exact > 0, exact, np.nan), color=colour)
            ax.plot(x, np.where(iww > 0, iww, np.nan), color=colour, ls="--")
        ax.set_xlim(0, 1)
        ax.set_ylim(3e3, 1e12)
        style.logarithmic(ax, "y")
        ax.set_xlabel(r"$x = E_X/E_\mu$")
        ax.set_ylabel(r"$\mathrm{d}\sigma/\mathrm{d}x$  [pb],  $\epsilon = 1$")
        ax.set_title(r"$\mu^-$, 160 GeV, on lead", fontsize=11, y=0.9, x=0.25)
        _legend(ax, masses, methods="upper right", loc="lower right", ncols=2)


def electrons(path: Path) -> None:
    """Draw (1 - x) d sigma/dx for electrons of 100 GeV on lead, down to the end point."""
    masses = (0.001, 0.01, 0.1, 1.0)
    y = np.geomspace(4e-6, 0.99, 500)
    with style.canvas(path) as (_, ax):
        for mass, colour in zip(masses, style.COLOURS, strict=False):
            exact = y * brem.energy_distribution("e-:100GeV", LEAD, mass, 0.0, one_minus_x=y)
            iww = y * ww.energy_distribution("e-:100GeV", LEAD, mass, 0.0, one_minus_x=y)
            ax.plot(y, np.where(exact > 0, exact, np.nan), color=colour)
            ax.plot(y, np.where(iww > 0, iww, np.nan), color=colour, ls="--")
        ax.set_xlim(1, 4e-6)
        ax.set_ylim(3e4, 1e15)
        style.logarithmic(ax, "xy")
        ax.set_xlabel(r"$1 - x$  (the end point is on the right)")
        ax.set_ylabel(r"$(1-x)\,\mathrm{d}\sigma/\mathrm{d}x$  [pb],  $\epsilon = 1$")
        ax.set_title(r"$e^-$, 100 GeV, on lead", fontsize=11, y=0.9, x=0.22)
        _legend(ax, masses, methods=(0.03, 0.02), loc="upper right", ncols=2)


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    muons(IMAGES / "brem-muon-x.png")
    electrons(IMAGES / "brem-electron-x.png")
