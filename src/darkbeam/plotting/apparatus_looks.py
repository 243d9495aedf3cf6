"""How materials and roles look in pictures of experiments: colours and, for grey print, hatches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["ROLES", "TRACKS", "material_looks", "mixed_looks"]

_PREFERRED: dict[str, tuple[str, str]] = {
    "Pb": ("#7B8794", ""),
    "W": ("#3F4650", ""),
    "Fe": ("#D98A5B", "///"),
    "Mo": ("#56B4E9", "xxx"),
    "Cu": ("#E69F00", "..."),
    "Al": ("#BFD9EC", "---"),
    "Be": ("#7CCFB2", "ooo"),
    "C": ("#9A9A9A", "+++"),
    "polystyrene": ("#FFF3A3", ""),
    "polyvinyltoluene": ("#FFF3A3", "..."),
    "lead-tungstate": ("#CC79A7", ""),
    "liquid-argon": ("#A6DDF0", ""),
    "Si": ("#0072B2", ""),
    "concrete": ("#DDDDD5", "..."),
    "water": ("#CFEAF7", "|||"),
}
_SAME = {"steel": "Fe", "tungsten-copper": "W"}
_OTHERS = (
    ("#B9A0CE", "\\\\\\"),
    ("#009E73", "|||"),
    ("#F0C9A8", "xxx"),
    ("#D55E00", "ooo"),
    ("#A8C686", "///"),
    ("#E5B8D0", "+++"),
    ("#88A2B9", "..."),
    ("#C9C28A", "---"),
)
_HATCH = "#00000066"

ROLES: dict[str, dict[str, Any]] = {
    "shield": {"facecolor": "#EFEFEA", "edgecolor": "#00000033", "hatch": "xx", "linewidth": 0.0},
    "decay volume": {
        "facecolor": "#EAF4FC",
        "edgecolor": "#0072B2",
        "linewidth": 1.0,
        "linestyle": "--",
    },
    "preshower": {"facecolor": "none", "edgecolor": "#D55E00", "linewidth": 1.3},
    "plane": {"color": "#000000", "linewidth": 2.2},
    "magnet": {"color": "#8E3B76", "linewidth": 1.4, "linestyle": "-."},
    "escape": {"color": "#555555", "linewidth": 1.0, "linestyle": ":"},
}
"""Role -> properties of the patch or line."""

TRACKS: tuple[dict[str, Any], ...] = (
    {"color": "#009E73", "linewidth": 1.1, "linestyle": "-"},
    {"color": "#D55E00", "linewidth": 1.1, "linestyle": "--"},
    {"color": "#0072B2", "linewidth": 1.1, "linestyle": (0, (5, 1, 1, 1))},
)


def material_looks(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return properties of patches for the materials of one picture, no two the same.

    Parameters
    ----------
    names : iterable of str
        Materials in the order of their appearance.
    """
    used: set[tuple[str, str]] = set()
    looks: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(names):
        wanted = _PREFERRED.get(_SAME.get(name, name))
        choices = [c for c in (wanted, *_OTHERS) if c is not None and c not in used]
        colour, hatch = choices[0] if choices else _OTHERS[len(used) % len(_OTHERS)]
        used.add((colour, hatch))
        looks[name] = {
            "facecolor": colour,
            "edgecolor": _HATCH if hatch else "none",
            "hatch": hatch or None,
            "linewidth": 0.0,
        }
    return looks


def mixed_looks(looks: dict[str, dict[str, Any]], shares: dict[str, float]) -> dict[str, Any]:
    """Return the look of a stack whose layers are too thin: the mean colour, striped.

    Parameters
    ----------
    looks : dict
        Of its materials.
    shares : dict of str to float
        Thickness of each material in a period.
    """
    from matplotlib.colors import to_hex, to_rgb

    total = sum(shares.values())
    colours = [(to_rgb(looks[name]["facecolor"]), share / total) for name, share in shares.items()]
    red, green, blue = (sum(rgb[i] * share for rgb, share in colours) for i in range(3))
    colour = to_hex((red, green, blue))
    return {"facecolor": colour, "edgecolor": "#00000055", "hatch": "||||", "linewidth": 0.0}
