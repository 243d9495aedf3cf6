"""Plots of results, as for a publication: vector graphics, units, colours that all can tell apart.

Each function draws on its own figure or on the axes given as ``ax``, writes a file if ``path`` is
given (.pdf, .png with 300 dpi, .svg), and returns the `matplotlib.figure.Figure`. The settings of
matplotlib outside stay as they are.
"""

from __future__ import annotations

from darkbeam.plotting.apparatus import apparatus
from darkbeam.plotting.cross_sections import cross_section, differential
from darkbeam.plotting.decays import branching, decays, lifetime
from darkbeam.plotting.exclusion import exclusion
from darkbeam.plotting.exposures import exposure
from darkbeam.plotting.moments import moment
from darkbeam.plotting.muons import muon_loss, muon_track_length
from darkbeam.plotting.neutrinos import n_eff
from darkbeam.plotting.relics import abundance, relic, targets
from darkbeam.plotting.showers import longitudinal_profile, shower_track_length
from darkbeam.plotting.spectra import expected_events

__all__ = [
    "abundance",
    "apparatus",
    "branching",
    "cross_section",
    "decays",
    "differential",
    "exclusion",
    "expected_events",
    "exposure",
    "lifetime",
    "longitudinal_profile",
    "moment",
    "muon_loss",
    "muon_track_length",
    "n_eff",
    "relic",
    "shower_track_length",
    "targets",
]
