"""S1 figure 9: the set-up of NA64 with muons."""

from __future__ import annotations

from darkbeam.papers.set_ups import set_up_figure

__all__ = ["INFO"]

INFO = set_up_figure(
    "S1.F9",
    "NA64mu",
    "the set-up of NA64 with muons",
    "A sketch of the proposed set-up. Here the one of 2022, its parts that the signal is computed "
    "with, to scale.",
    (
        "The paper's sketch is not to scale, and of the proposal: two spectrometers, straw tubes, "
        "hodoscopes S1 to S5. The set-up of 2022 has the trigger counters S4 and S_mu beside the "
        "deflected beam.",
        "Not shown, for they are not simulated: the spectrometer and counters in front of the "
        "target. Distances are estimates where the experiment's file says so.",
    ),
)
