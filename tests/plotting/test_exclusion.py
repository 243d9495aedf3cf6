from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from darkbeam.errors import InputError
from darkbeam.plotting import exclusion
from darkbeam.plotting.style import COLOURS


def _legend(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_axes_and_legend(reach):
    figure = exclusion([reach("2016-2018", 2.84e11), reach("5e12", 5e12, projection=True)])
    axes = figure.axes[0]
    assert axes.get_xlabel() == r"$m_{A\prime}$ [GeV]"
    assert axes.get_ylabel() == r"kinetic mixing $\varepsilon$"
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlim() == pytest.approx((1e-3, 1.0))
    assert axes.get_legend().get_title().get_text() == "90% C.L."
    assert _legend(figure) == [
        "NA64e 2016\N{EN DASH}2018 ($2.84\\times 10^{11}$ EOT)",
        "NA64e ($5\\times 10^{12}$ EOT) projection",
    ]


def test_what_is_excluded_is_filled_and_a_projection_is_a_broken_line(reach):
    past, future = reach("2016-2018", 2.84e11), reach("5e12", 5e12, projection=True)
    axes = exclusion([past, future]).axes[0]
    (fill,) = axes.patches
    assert to_hex(fill.get_facecolor()) == COLOURS[0].lower()
    first, second = axes.lines
    assert np.array_equal(first.get_ydata(), past["coupling_lo"])
    assert np.array_equal(second.get_ydata(), future["coupling_lo"])
    assert first.get_linestyle() == "-"
    assert second.get_linestyle() != "-"
    assert first.get_color() != second.get_color()
    # The region of missing energy has no upper edge: the fill leaves the frame.
    assert fill.get_path().vertices[:, 1].max() > axes.get_ylim()[1]


def test_projections_by_name(reach):
    runs = [reach("a", 1e11, projection=True), reach("b", 1e12)]
    axes = exclusion(runs, projections=["b"]).axes[0]
    assert len(axes.patches) == 1
    assert [line.get_linestyle() == "-" for line in axes.lines] == [True, False]


def test_one_result_with_several_runs_is_the_same_picture(reach):
    runs = [reach("2016-2018", 2.84e11), reach("5e12", 5e12, projection=True)]
    joined = xr.concat([r.drop_attrs() for r in runs], dim="run").assign_coords(
        run=["2016-2018", "5e12"]
    )
    joined["eot"] = ("run", [2.84e11, 5e12])
    joined["projection"] = ("run", [False, True])
    joined.attrs = {k: v for k, v in runs[0].attrs.items() if k not in ("run", "eot", "projection")}
    one, other = exclusion(joined), exclusion(runs)
    assert _legend(one) == _legend(other)
    for a, b in zip(one.axes[0].lines, other.axes[0].lines, strict=True):
        assert np.array_equal(a.get_xydata(), b.get_xydata())


def test_two_regions_at_one_mass_are_filled_apart(reach):
    one = reach("2016-2018", 2.84e11)
    low = np.stack([one["coupling_lo"].values, 100.0 * one["coupling_lo"].values], axis=1)
    two = one.drop_vars(["coupling_lo", "coupling_hi"]).assign(
        coupling_lo=(("mass_GeV", "region"), low), coupling_hi=(("mass_GeV", "region"), 3.0 * low)
    )
    axes = exclusion([two]).axes[0]
    assert len(axes.patches) == 2
    assert {to_hex(p.get_facecolor()) for p in axes.patches} == {COLOURS[0].lower()}
    assert len(_legend(axes.figure)) == 1
    highest = [p.get_path().vertices[:, 1].max() for p in axes.patches]
    assert highest == pytest.approx(3.0 * low.max(axis=0))


@pytest.mark.parametrize(
    ("attributes", "unit"),
    [
        ({"beam": "p"}, "POT"),
        ({"beam": "mu-"}, "MOT"),
        ({"beam": "e+"}, "EOT"),
        ({"beam": "p", "collider": True}, "collisions"),
    ],
)
def test_an_exposure_is_named_after_its_particles(reach, attributes, unit):
    figure = exclusion([reach("2016-2018", 2.84e11).assign_attrs(attributes)])
    assert _legend(figure)[0].endswith(f"$ {unit})")


def test_an_island_is_closed(island):
    axes = exclusion(island).axes[0]
    (fill,) = axes.patches
    inside = np.isfinite(island["coupling_lo"].values)
    mass = island["mass_GeV"].values[inside]
    vertices = fill.get_path().vertices
    assert vertices[:, 0].min() == mass[0]
    assert vertices[:, 0].max() == mass[-1]
    # lower edge, upper edge, and the two ends
    assert len(axes.lines) == 4
    upper = island["coupling_hi"].values[inside]
    assert axes.get_ylim()[0] < 1e-5
    assert axes.get_ylim()[1] > upper.max()


def test_a_region_in_two_pieces(reach):
    region = reach("x", 1e11)
    region["coupling_lo"][10] = np.inf
    axes = exclusion(region).axes[0]
    assert len(axes.patches) == 2
    assert sum(line.get_xdata().size for line in axes.lines) == 24


def test_the_legend_covers_no_curve(reach):
    runs = [reach(f"{e:g}", e, projection=e > 1e12) for e in (2.84e11, 5e12, 1e13)]
    figure = exclusion(runs)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    box = axes.get_legend().get_window_extent()
    for line in axes.lines:
        points = axes.transData.transform(line.get_xydata())
        assert not any(box.contains(x, y) for x, y in points)
    for patch in axes.patches:
        path = patch.get_path().transformed(patch.get_transform())
        assert not path.contains_points(box.corners()).any()


def test_the_order_of_the_masses_does_not_matter(reach):
    one = reach("a", 1e11)
    drawn = exclusion(one.isel(mass_GeV=slice(None, None, -1))).axes[0].lines[0]
    assert np.array_equal(drawn.get_xydata(), exclusion(one).axes[0].lines[0].get_xydata())


def test_labels_and_range(reach):
    figure = exclusion(
        [reach("a", 1e11), reach("b", 1e12)], labels=["one", "two"], coupling_range=(1e-8, 1.0)
    )
    assert _legend(figure) == ["one", "two"]
    assert figure.axes[0].get_ylim() == (1e-8, 1.0)


def test_different_confidence_levels_are_said_for_each(reach):
    figure = exclusion([reach("a", 1e11), reach("b", 1e12, confidence=0.95)])
    assert figure.axes[0].get_legend().get_title().get_text() == ""
    assert [text.endswith(("90% C.L.", "95% C.L.")) for text in _legend(figure)] == [True, True]


def test_other_models_have_other_labels(reach):
    axes = exclusion(reach("a", 1e11, model="b-minus-l", coupling="g")).axes[0]
    assert axes.get_xlabel() == r"$m_{Z\prime}$ [GeV]"
    assert axes.get_ylabel() == "coupling $g$"


def test_what_is_no_exclusion_is_refused(reach):
    with pytest.raises(InputError, match="without 'coupling_lo'"):
        exclusion(xr.Dataset({"x": ("mass_GeV", [1.0])}))
    with pytest.raises(InputError, match="at least one result"):
        exclusion([])
    with pytest.raises(InputError, match="1 given for 2 curves"):
        exclusion([reach("a", 1e11), reach("b", 1e12)], labels=["one"])
    with pytest.raises(InputError, match="different couplings"):
        exclusion([reach("a", 1e11), reach("b", 1e12, model="b-minus-l", coupling="g")])
    empty = reach("a", 1e11)
    empty["coupling_lo"][:] = np.inf
    with pytest.raises(InputError, match="nothing is excluded"):
        exclusion(empty)
