"""S1 figure 4: the set-up of NA64 for invisible decays."""

from __future__ import annotations

from darkbeam.papers.set_ups import set_up_figure

__all__ = ["INFO"]

INFO = set_up_figure(
    "S1.F4",
    "NA64e",
    "the set-up of NA64 for invisible decays",
    "A sketch of the set-up. Here its parts that the signal is computed with, to scale.",
    (
        "The paper's sketch is not to scale. It has beam counters, magnets (7 T m), the vacuum "
        "vessel of 16 m, the detectors of synchrotron radiation, the veto and four modules of the "
        "hadron calorimeter too; they are not simulated, their published efficiencies are factors. "
        "Where visible decays are seen no more is the end of the hadron calorimeter.",
    ),
)
