"""What is drawn of an experiment stands where the description puts it, and can be read."""

from __future__ import annotations

import io
import itertools
from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PolyCollection
from matplotlib.patches import Polygon
from matplotlib.text import Text

from darkbeam.errors import ExperimentError, InputError, UnknownNameError
from darkbeam.experiments import experiment, experiment_names
from darkbeam.geometry import make_geometry
from darkbeam.matter import LayeredMaterial
from darkbeam.plotting import apparatus
from darkbeam.plotting.apparatus_axes import draw_panel
from darkbeam.plotting.apparatus_drawing import _short_reference, drawing_of
from darkbeam.plotting.apparatus_labels import labels, spread, text_width
from darkbeam.plotting.apparatus_looks import material_looks
from darkbeam.plotting.apparatus_panels import plan_panels
from darkbeam.plotting.apparatus_parts import displaced_parts, length_text, parts_of, tracks_of
from darkbeam.plotting.style import styled

# one of each signature with a beam of its own
KINDS = ("NA64e", "NA64mu", "LDMX", "NA64e-lfv")
REST = tuple(name for name in experiment_names() if name not in KINDS)
EVERY = [*KINDS, *(pytest.param(name, marks=pytest.mark.slow) for name in REST)]


def described(name):
    return experiment(name).description


@pytest.fixture
def axes():
    """Axes that a panel can be drawn on."""
    from matplotlib.figure import Figure

    with styled():
        yield lambda plan: Figure(figsize=(9, 6)).add_axes(
            (0.1, 0.1, plan.width / 9.0, plan.height / 6.0)
        )


OFF_AXIS = {
    "shape": "pyramid",
    "start": "60 m",
    "end": "110 m",
    "width": "1.5 m",
    "height": "4 m",
    "width_end": "5 m",
    "height_end": "10 m",
    "center": ["2 m", "0 m"],
    "center_end": ["3 m", "-1 m"],
}
PLANES = [
    {"shape": "rectangle", "position": "112 m", "width": "5 m", "height": "8 m"},
    {
        "shape": "disc",
        "normal": "x",
        "position": "9 m",
        "center": ["-1 m", "90 m"],
        "radius": "4 m",
    },
    {
        "shape": "rectangle",
        "normal": "y",
        "position": "7 m",
        "center": ["1 m", "80 m"],
        "width": "6 m",
        "height": "30 m",
    },
]


@pytest.fixture(scope="module")
def hidden_valley():
    """Parts of a set-up beside its beam, with planes across, beside and above it."""
    geometry = make_geometry(
        {"dump_end": "50 m", "decay_volume": OFF_AXIS, "detector": {"plane": PLANES}}
    )
    return displaced_parts(geometry, LayeredMaterial([("Mo", 600.0), ("W", 800.0)]))


def outlines(axes, role_label):
    return [p.get_xy()[:-1] for p in axes.patches if p.get_label() == role_label]


def test_a_decay_volume_is_drawn_at_its_corners(hidden_valley, axes):
    """Side: y, top: x, at both ends; by hand from the entries of the table."""
    plans = plan_panels(hidden_valley)
    expected = {
        "side": [(60.0, -2.0), (110.0, -6.0), (110.0, 4.0), (60.0, 2.0)],
        "top": [(60.0, 1.25), (110.0, 0.5), (110.0, 5.5), (60.0, 2.75)],
    }
    for plan in (p for p in plans if p.whole):
        ax = axes(plan)
        draw_panel(ax, plan, hidden_valley)
        (found,) = outlines(ax, "decay volume")
        np.testing.assert_allclose(found, expected[plan.views[0]])


def test_target_and_shield_end_where_they_are_described_to(hidden_valley, axes):
    plan = plan_panels(hidden_valley)[0]
    ax = axes(plan)
    draw_panel(ax, plan, hidden_valley)
    for name, begin, end in (("target", 0.0, 1.4), ("dump and shield", 1.4, 50.0)):
        (found,) = outlines(ax, name)
        assert (found[:, 0].min(), found[:, 0].max()) == pytest.approx((begin, end))


def test_planes_across_beside_and_above_the_beam(hidden_valley):
    across, wall, roof = hidden_valley[-3:]
    assert across.z == (112.0, 112.0)
    assert np.ptp(across.outline("side")[:, 1]) == pytest.approx(8.0)
    assert np.ptp(across.outline("top")[:, 1]) == pytest.approx(5.0)
    # the disc beside the beam is a circle from the side, a line from above
    circle = wall.outline("side")
    assert np.hypot(circle[:, 0] - 90.0, circle[:, 1] + 1.0) == pytest.approx(4.0)
    line = wall.outline("top")
    assert (line[:, 0].min(), line[:, 0].max()) == (86.0, 94.0)
    assert line[:, 1] == pytest.approx(9.0)
    assert roof.outline("side")[:, 1] == pytest.approx(7.0)
    face = roof.outline("top")
    assert (face.min(axis=0) == (65.0, -2.0)).all()
    assert (face.max(axis=0) == (95.0, 4.0)).all()


def test_layers_are_drawn_where_they_are(axes):
    """NA64e: 1.5 mm of lead, 1.5 mm of scintillator, from z = 0; six of each are in view."""
    description = described("NA64e")
    parts = parts_of(description)
    plan = next(p for p in plan_panels(parts) if p.subject == "first layers")
    ax = axes(plan)
    draw_panel(ax, plan, parts)
    found = {
        c.get_label(): np.array([p.vertices[:, 0] for p in c.get_paths()])
        for c in ax.collections
        if isinstance(c, PolyCollection)
    }
    assert set(found) == {"Pb", "polystyrene"}
    begins = 3e-3 * np.arange(6)
    lead, plastic = (found[name][:6] for name in ("Pb", "polystyrene"))
    np.testing.assert_allclose(lead.min(axis=1), begins, atol=1e-12)
    np.testing.assert_allclose(lead.max(axis=1), begins + 1.5e-3, atol=1e-12)
    np.testing.assert_allclose(plastic.min(axis=1), begins + 1.5e-3, atol=1e-12)
    np.testing.assert_allclose(plastic.max(axis=1), begins + 3e-3, atol=1e-12)


def test_layers_that_repeat_are_told_as_such():
    layers = LayeredMaterial([("W", 3.0), ("polystyrene", 2.0)] * 34)
    geometry = make_geometry({"dump_end": "1 m", "decay_volume": {**OFF_AXIS}})
    target = displaced_parts(geometry, layers)[1]
    assert target.made_of.startswith("34 × (3 mm W + 2 mm polystyrene), ")
    assert target.z == pytest.approx((0.0, 0.17))


def test_the_preshower_ends_after_its_radiation_lengths():
    """4 X0 by the boundaries of the layers in X0, which the drawing does not use."""
    description = described("NA64e")
    part = next(p for p in parts_of(description) if p.role == "preshower")
    target = description.target()
    z = np.arange(301) * 1.5e-3
    depth = np.interp(part.z[1], z, target.boundaries_x0())
    assert depth == pytest.approx(4.0, abs=0.27)  # a layer of lead has 0.27 X0


def test_muons_are_bent_as_the_field_does_it():
    """p_T = 0.3 B L: 1.4 T m bend 10 GeV by 42 mrad, 7 m from the magnet to the last counter."""
    tracks = {t.name: t for t in tracks_of(described("NA64mu"))}
    assert set(tracks) == {"muon of 160 GeV", "muon of 80 GeV", "muon of 10 GeV"}
    assert tracks["muon of 10 GeV"].x[-1] == pytest.approx(0.3 * 1.4 / 10.0 * 7.0, rel=1e-3)
    assert tracks["muon of 160 GeV"].x[-1] == pytest.approx(0.3 * 1.4 / 160.0 * 7.0, rel=1e-3)
    assert set(itertools.chain(*(t.y for t in tracks.values()))) == {0.0}


def test_counters_of_na64mu_stand_beside_the_beam():
    counter = next(p for p in parts_of(described("NA64mu")) if p.name == "S4")
    assert counter.z == pytest.approx((7.95, 7.95))  # behind the target of 0.45 m
    assert counter.outline("top")[:, 1].min() == pytest.approx(0.065)
    assert counter.outline("side")[:, 1].max() == pytest.approx(0.1)


def test_the_aperture_of_a_tracker_has_its_slopes():
    one, other = tracks_of(described("LDMX"))
    assert (one.y[1] - one.y[0]) / (one.z[1] - one.z[0]) == pytest.approx(-1.03)
    assert (other.x[1] - other.x[0]) / (other.z[1] - other.z[0]) == pytest.approx(0.52)


@pytest.mark.parametrize("name", EVERY)
def test_scales_are_what_the_axes_say(name, axes):
    drawing = drawing_of(described(name))
    for plan in drawing.panels:
        ax = axes(plan)
        draw_panel(ax, plan, drawing.parts, drawing.tracks)
        ax.apply_aspect()
        origin, along, across = ax.transData.transform([(0, 0), (1, 0), (0, 1)])
        ratio = (across[1] - origin[1]) / (along[0] - origin[0])
        assert ratio == pytest.approx(plan.stretch, rel=1e-6)
        stated = rf"\times\,{plan.stretch}" in ax.get_ylabel()
        assert stated == (plan.stretch > 1)
        assert ("true scale" in ax.get_title(loc="left")) == (plan.stretch == 1)
        # the box has the size that was planned: the scale is not that of a smaller one
        assert ax.get_window_extent().height / ax.figure.dpi == pytest.approx(plan.height, 1e-3)


@pytest.mark.parametrize("name", experiment_names())
def test_whatever_is_described_is_in_view(name):
    drawing = drawing_of(described(name))
    views = [plan for plan in drawing.panels if plan.whole]
    assert {view for plan in views for view in plan.views} == {"side", "top"}
    for plan, part in itertools.product(views, drawing.parts):
        for view in plan.views:
            outline = part.outline(view, plan.open_half)
            assert plan.z[0] <= outline[:, 0].min() <= outline[:, 0].max() <= plan.z[1]
            if part.spans(view) is not None:
                assert plan.across[0] <= outline[:, 1].min()
                assert outline[:, 1].max() <= plan.across[1]


@pytest.mark.parametrize("name", EVERY)
def test_names_stand_beside_each_other(name):
    drawing = drawing_of(described(name))
    for plan in drawing.panels:
        texts = [text for _, text, _ in labels(plan, drawing.parts)]
        widest = [max(text_width(line, 8.0) for line in text.split("\n")) for text in texts]
        assert sum(widest) <= plan.width
        if plan.whole:
            assert len(texts) == len(drawing.parts)


@given(st.lists(st.tuples(st.floats(0.0, 6.0), st.floats(0.05, 0.6)), min_size=1, max_size=10))
def test_spread_intervals_stay_in_order_and_apart(entries):
    wanted = sorted(at for at, _ in entries)
    widths = [width for _, width in entries]
    places = spread(wanted, widths, 0.0, 6.0)
    edges = [(p - 0.5 * w, p + 0.5 * w) for p, w in zip(places, widths, strict=True)]
    assert edges[0][0] >= -1e-9
    assert edges[-1][1] <= 6.0 + 1e-9
    assert all(b[0] >= a[1] - 1e-9 for a, b in itertools.pairwise(edges))


def test_what_is_free_stays_where_it_is_wanted():
    assert spread([1.0, 3.0], [0.5, 0.5], 0.0, 6.0) == [1.0, 3.0]


def test_no_two_materials_look_the_same():
    names = ["Pb", "W", "Fe", "steel", "Au", "Ni", "Ta", "polystyrene", "Al", "U"]
    looks = material_looks(names)
    assert len({(look["facecolor"], look["hatch"]) for look in looks.values()}) == len(names)


def test_torn_edges_tell_of_sizes_that_are_not_described(axes):
    """The muon filter of NA64e-lfv is 60 cm wide, its calorimeter has no size."""
    parts = parts_of(described("NA64e-lfv"))
    plan = plan_panels(parts)[0]
    ax = axes(plan)
    draw_panel(ax, plan, parts)
    (known,) = outlines(ax, "muon filter")
    np.testing.assert_allclose(np.unique(known[:, 1]), [-0.3, 0.3])
    np.testing.assert_allclose(np.unique(known[:, 0]), [5.0 - 144 * 0.029, 5.0])
    (torn,) = outlines(ax, "electromagnetic calorimeter")
    assert len(torn) > 4


@pytest.mark.parametrize(
    ("length", "text"),
    [(480.0, "480 m"), (0.45, "45 cm"), (3.504e-4, "0.3504 mm"), (4.06e-6, "4.06 µm"), (0, "0 m")],
)
def test_lengths_have_their_unit(length, text):
    assert length_text(length) == text


def test_references_are_short_and_plain():
    assert _short_reference("NA64:2017vtt") == "NA64, arXiv:1710.00971"
    assert _short_reference("my own: 1") == "my own: 1"
    assert "\\" not in _short_reference("Akesson:2022vza")


def _check_texts(experiment_or_name):
    """Draw an experiment as a picture: no warning, no text on another or beyond the page."""
    with styled():
        figure = apparatus(experiment_or_name)
        figure.savefig(io.BytesIO(), format="png", dpi=60)
        figure.dpi = 60
        texts = [*figure.texts, *figure.legends[0].get_texts()]
        for ax in figure.axes:
            texts += [*ax.texts, ax._left_title]
        texts = [t for t in texts if t.get_text().strip()]
        boxes = [Text.get_window_extent(t) for t in texts]  # of annotations without their lines
    page = figure.bbox.padded(2.0)
    for text, box in zip(texts, boxes, strict=True):
        assert page.containsx(box.x0), text.get_text()
        assert page.containsx(box.x1), text.get_text()
        assert page.containsy(box.y0), text.get_text()
    for (one, box), (other, beside) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        overlap = box.padded(-1.0).overlaps(beside.padded(-1.0))
        assert not overlap, f"{one.get_text()!r} lies on {other.get_text()!r}"


def test_texts_can_be_read():
    _check_texts("NA64e-lfv")


@pytest.mark.slow
def test_many_parts_and_a_long_title_can_be_read(tmp_path):
    """Numbers take the place of names."""
    path = tmp_path / "many.toml"
    plane = '[[plane]]\nname = "a counter of scintillating fibres, number {0}"\n'
    plane += 'distance = "{1:.1f} m"\nsize = ["2 m", "1 m"]\noffset = "{0} m"\n'
    path.write_text(
        f'name = "many"\ntitle = "{"counters behind counters " * 6}"\n'
        'signature = "scattered_muon"\ndefault_run = "a"\n'
        '[beam]\nparticle = "mu-"\nenergy = "15 GeV"\n'
        '[target]\nlayers = [["W", "10 cm"]]\nescape_length = "9 m"\n'
        '[selection]\nscattered_max = "9 GeV"\ndeposit_max = "2 GeV"\n'
        '[[run]]\nname = "a"\neot = 1e10\n'
        + "".join(plane.format(i, 0.5 + 0.4 * i) for i in range(16))
    )
    _check_texts(path)
    drawing = drawing_of(experiment(path).description)
    found = [text for _, text, _ in labels(drawing.panels[0], drawing.parts)]
    assert sorted(found, key=int) == [str(i) for i in range(1, 19)]


@pytest.mark.slow
@pytest.mark.parametrize("name", experiment_names())
def test_texts_of_every_experiment_can_be_read(name):
    _check_texts(name)


def test_files_and_mistakes(tmp_path):
    path = tmp_path / "m3.svg"
    apparatus("M3", path=path)
    assert path.read_bytes().startswith(b"<?xml")
    with pytest.raises(UnknownNameError, match="did you mean 'M3'"):
        apparatus("M33")
    with pytest.raises(InputError, match=r"known: \.pdf, \.png, \.svg"):
        apparatus("M3", path=tmp_path / "m3.jpg")
    with pytest.raises(InputError, match="cannot be written"):
        apparatus("M3", path=tmp_path / "none" / "m3.png")
    with pytest.raises(ExperimentError, match="No such file"):
        apparatus(tmp_path / "mine.toml")


def test_an_experiment_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\ntitle = "a wide one"\nsignature = "missing_energy"\ndefault_run = "a"\n'
        'references = ["me:2026"]\n[beam]\nparticle = "e-"\nenergy = "50 GeV"\n'
        '[calorimeter]\nlayers = [["lead-tungstate", "20 cm"]]\nescape_length = "3 m"\n'
        '[selection]\ncalorimeter_max = "25 GeV"\n[[run]]\nname = "a"\neot = 1e10\n'
    )
    texts = [t.get_text() for t in apparatus(path).texts]
    assert "mine: a wide one" in texts
    assert any("50 GeV" in t and "me:2026" in t for t in texts)
    assert any(t.startswith("20 cm lead-tungstate, ") for t in texts)


def test_parts_made_of_one_polygon_only(hidden_valley, axes):
    """A circle seen face on has its radius in the picture too."""
    plan = plan_panels(hidden_valley)[0]
    ax = axes(plan)
    draw_panel(ax, plan, hidden_valley)
    faces = [p.get_xy() for p in ax.patches if isinstance(p, Polygon) and len(p.get_xy()) > 70]
    (circle,) = [f for f in faces if np.ptp(f[:, 0]) == pytest.approx(8.0)]
    area = 0.5 * abs(np.dot(circle[:-1, 0], circle[1:, 1]) - np.dot(circle[1:, 0], circle[:-1, 1]))
    assert area == pytest.approx(pi * 16.0, rel=5e-3)
