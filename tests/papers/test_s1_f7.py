"""S1 figure 7 (sec. 5.1.3): visible decays in NA64, and the window of the X(16.7)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from darkbeam.models.x17 import BERYLLIUM_WINDOW
from darkbeam.papers import figure
from darkbeam.papers.s1_f7 import X_MASS

PUBLISHED = Path(__file__).parents[1] / "reference" / "na64e_visible_2017-2018_limit.csv"


@pytest.mark.slow
def test_s1_f7_na64_excludes_the_lower_part_of_the_window_of_the_x17():
    """S1: 1.2e-4 < epsilon_e < 6.8e-4 is excluded at 16.7 MeV, the rest up to 1.4e-3 is open.

    Some efficiencies of NA64 are not published: the lower edge, which goes with their fourth root,
    may be too low, by no more than a factor of 0.6; the upper one is a matter of lengths.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("darkbeam.papers.s1_f7.DUMPS", ())
        patch.setattr("darkbeam.papers.s1_f7._MASSES", (5e-3, 0.04))
        made = figure("S1.F7", points=6)
    limit = made.curve("NA64e-visible 2017-2018")
    lower, upper = (
        float(np.exp(np.interp(np.log(X_MASS), np.log(limit["mass_GeV"]), np.log(limit[name]))))
        for name in ("coupling_lo", "coupling_hi")
    )
    assert 0.6 * 1.2e-4 < lower < BERYLLIUM_WINDOW[0]
    assert upper == pytest.approx(6.8e-4, rel=0.15)
    assert upper < BERYLLIUM_WINDOW[1]
    rows = [line for line in PUBLISHED.read_text().splitlines() if line[0].isdigit()]
    mass, _, published = np.array([row.split(",") for row in rows], dtype=float).T
    used = (mass > 6e-3) & (mass < 0.022)
    found = np.exp(
        np.interp(np.log(mass[used]), np.log(limit["mass_GeV"]), np.log(limit["coupling_hi"]))
    )
    np.testing.assert_allclose(found, published[used], rtol=0.2)
