"""S1 figure 5: the set-up of NA64 for visible decays."""

from __future__ import annotations

from darkbeam.papers.set_ups import set_up_figure

__all__ = ["INFO"]

INFO = set_up_figure(
    "S1.F5",
    "NA64e-visible-100GeV",
    "the set-up of NA64 for visible decays",
    "A sketch of the set-up for 100 GeV electrons. Here its parts that the signal is computed "
    "with, to scale: the dump WCAL, the decay volume, the front of ECAL.",
    (
        "The paper's sketch is not to scale. It has beam counters, magnets, trackers, the "
        "detectors of synchrotron radiation and the hadron calorimeter too, which are not "
        "simulated. The plates of WCAL and the way to ECAL are estimates.",
    ),
)
