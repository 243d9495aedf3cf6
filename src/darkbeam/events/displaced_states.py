"""What mediators behind a dump decay to: final states with their daughters and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from darkbeam.decays import Widths
from darkbeam.experiments.displaced_decay_description import DAUGHTERS
from darkbeam.particles import mass as particle_mass

__all__ = ["FinalState", "final_states"]

_PDG = {"e-": 11, "mu-": 13, "tau-": 15, "pi-": -211, "gamma": 22}


@dataclass(frozen=True)
class FinalState:
    """What X decays to.

    Attributes
    ----------
    name : str
        Of `darkbeam.experiments.displaced_decay_description.DAUGHTERS`.
    share : float
        Branching fraction.
    numbers : tuple of two int
        Of the daughters.
    masses : tuple of two float
        GeV.
    """

    name: str
    share: float
    numbers: tuple[int, int]
    masses: tuple[float, float]


def final_states(names: Sequence[str], found: Widths) -> tuple[FinalState, ...]:
    """Return what X decays to among these names, at one point of a model.

    Of e mu each charge has half.

    Parameters
    ----------
    names : sequence of str
        Final states that are open.
    found : Widths
        Of X.
    """
    states = []
    for name in names:
        partial = found.partial.get(name)
        share = 0.0 if partial is None else float(np.nan_to_num(partial)) / float(found.total)
        if not share > 0.0:
            continue
        first, second = (_numbered(daughter) for daughter in DAUGHTERS[name])
        numbers, masses = (first[0], second[0]), (first[1], second[1])
        if abs(numbers[0]) != abs(numbers[1]):
            share *= 0.5
            states.append(FinalState(name, share, (-numbers[0], -numbers[1]), masses))
        states.append(FinalState(name, share, numbers, masses))
    return tuple(states)


def _numbered(name: str) -> tuple[int, float]:
    """Return the number and the mass of a daughter, GeV."""
    mass = 0.0 if name == "gamma" else particle_mass(name)
    if name.endswith("+"):
        return -_PDG[f"{name[:-1]}-"], mass
    return _PDG[name], mass
