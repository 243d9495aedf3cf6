"""Set-ups in figures: their tables hold what the files of the experiments say (S1.F4, F5, F9)."""

from __future__ import annotations

import numpy as np
import pytest

from darkbeam.papers import figure


def corners(made, panel, part, column):
    return made.curve(part, panel=panel)[column].values


def test_s1_f4_the_calorimeter_of_40_radiation_lengths():
    """S1 4.1: 40 X0, of which 4 are the preshower; 150 x 3 mm by the file."""
    made = figure("S1.F4")
    whole = made.panels[0].name
    z = corners(made, whole, "electromagnetic calorimeter", "z_m")
    assert (z.min(), z.max()) == pytest.approx((0.0, 0.45))
    assert np.isnan(corners(made, whole, "electromagnetic calorimeter", "y_m")).all()
    end = corners(made, whole, "preshower", "z_m").max()
    assert end / 0.45 == pytest.approx(4.0 / 40.6, rel=0.01)


def test_s1_f5_the_decay_volume_begins_behind_the_dump():
    made = figure("S1.F5")
    whole = made.panels[0].name
    dump = corners(made, whole, "target", "z_m").max()
    volume = corners(made, whole, "decay volume", "z_m")
    plane = corners(made, whole, "detector plane", "z_m")
    assert dump < volume.min() < volume.max() == plane.max()
    assert "Banerjee:2018vgk" in made.table().attrs["references"]


def test_s1_f9_counters_beside_the_deflected_beam():
    """Near edges of S4 and S_mu 65 and 152 mm from the axis of undeflected muons."""
    made = figure("S1.F9")
    top = next(p.name for p in made.panels if p.name == "whole set-up, top")
    assert corners(made, top, "S4", "x_m").min() == pytest.approx(0.065)
    assert corners(made, top, "S_mu", "x_m").min() == pytest.approx(0.152)


def test_the_picture_is_that_of_the_experiment(tmp_path):
    """One pair of axes for each panel, of the sizes that the scale asks for."""
    made = figure("S1.F5")
    picture = made.draw(tmp_path / "f.svg")
    assert (tmp_path / "f.svg").read_bytes().startswith(b"<?xml")
    assert len(picture.axes) == len(made.panels)
    assert picture.texts[0].get_text().startswith("NA64e-visible-100GeV: ")
