"""Models in TOML files: round trip, dark matter, mistakes with their lines."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkbeam.errors import ModelError, UnknownNameError
from darkbeam.models import (
    CustomModel,
    Dirac,
    FermionPair,
    describe_model,
    load_model,
    make_model,
)
from darkbeam.models.couplings import FERMIONS

GOOD = """\
name = "mine"
title = "a mediator of muons"
spin = 1
coupling = "gm"
references = ["Gninenko:2020hbd"]
dark_matter = ["dirac", "scalar"]

[couplings]
mu = 1
nu_mu = 1
tau = { left = -1, right = 0.5 }
"e mu" = { vector = [0.1, 0.2] }

[couplings.c]
axial = 0.3
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_what_the_file_says(path: Path) -> None:
    model = load_model(path)(mass="10 MeV", gm=1e-3)
    table = model.couplings()
    assert float(table.vector("mu")) == 1e-3
    assert float(table.vector("nu_mu")) == -float(table.axial("nu_mu")) == 0.5e-3
    assert float(table.vector("tau")) == pytest.approx(-0.25e-3)
    assert float(table.axial("tau")) == pytest.approx(0.75e-3)
    assert complex(table.entry("e", "mu").vector) == pytest.approx(1e-4 + 2e-4j)
    assert float(table.axial("c")) == pytest.approx(0.3e-3)
    assert not any(table.vector(f).any() for f in ("e", "u", "nu_e"))
    assert (model.name, model.coupling_name, model.coupling) == ("mine", "gm", 1e-3)
    assert model.with_coupling(2e-3).coupling == 2e-3


def test_by_path_where_a_name_stands(path: Path) -> None:
    by_name = make_model(str(path), mass="10 MeV", gm="1e-3", dark_matter="dirac", mass_ratio="4")
    assert by_name == load_model(path)(0.01, 1e-3, dark_matter=Dirac(mass_ratio=4))
    page = describe_model(str(path))
    assert (page.name, page.title, page.coupling_name) == ("mine", "a mediator of muons", "gm")
    assert [p.name for p in page.parameters] == ["mass", "gm", "alpha_d"]
    assert page.dark_matter == ("dirac", "scalar")
    assert page.references == ("Gninenko:2020hbd",)
    with pytest.raises(UnknownNameError, match="did you mean 'gm'"):
        make_model(path, mass=1, gmm=1)


def test_one_content_is_one_class(path: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "copy.toml", GOOD)
    assert load_model(path) is load_model(other)
    model = load_model(path)(mass=[0.1, 0.2], gm=1e-3, dark_matter="dirac")
    copy = pickle.loads(pickle.dumps(model))
    assert copy == model
    assert hash(copy) == hash(model)


def test_dark_matter_that_the_file_leaves_out(path: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="mine may have dark matter dirac, scalar, got 'majorana'"):
        make_model(path, mass=1, dark_matter="majorana")
    none = write(tmp_path / "none.toml", GOOD.replace('["dirac", "scalar"]', "[]"))
    assert [p.name for p in describe_model(none).parameters] == ["mass", "gm"]
    assert not describe_model(none).has_dark_matter
    with pytest.raises(ModelError, match="dark matter none, got 'dirac'"):
        load_model(none)(mass=1, dark_matter="dirac")
    with pytest.raises(UnknownNameError, match="no parameter 'mass_ratio'"):
        make_model(none, mass=1, mass_ratio=3)


def test_a_complex_scalar(tmp_path: Path) -> None:
    file = write(
        tmp_path / "phi.toml",
        'name = "phi"\nspin = 0\nself_conjugate = false\ncouplings."e mu" = { right = 1 }\n',
    )
    model = load_model(file)(mass=0.3, g=2e-3, dark_matter=FermionPair())
    assert not model.couplings().self_conjugate
    assert complex(model.couplings().entry("e", "mu").pseudoscalar) == -1e-3j
    assert describe_model(file).dark_matter == ("scalar-pair", "fermion-pair")
    assert "h.c." in describe_model(file).lagrangian


finite = st.floats(-100, 100).map(lambda x: round(x, 6))
entries = st.one_of(
    st.fixed_dictionaries({"vector": finite, "axial": finite}),
    st.fixed_dictionaries({"left": finite, "right": finite}),
    st.fixed_dictionaries({"charge": finite}),
)


@given(st.dictionaries(st.sampled_from(FERMIONS), entries, min_size=1), st.floats(1e-9, 1))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip(tmp_path: Path, charges: dict[str, dict[str, float]], g: float) -> None:
    lines = [
        f"{name} = {{ {', '.join(f'{k} = {v!r}' for k, v in given.items())} }}"
        for name, given in charges.items()
    ]
    text = 'name = "any"\nspin = 1\n[couplings]\n' + "\n".join(lines)
    table = load_model(write(tmp_path / "any.toml", text))(mass=1.0, g=g).couplings()
    expected = CustomModel(1.0, g, fermions=charges).couplings()
    for name in FERMIONS:
        np.testing.assert_array_equal(table.vector(name), expected.vector(name))
        np.testing.assert_array_equal(table.axial(name), expected.axial(name))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("mu = 1\nnu", "muu = 1\nnu", 9, "couplings.muu: unknown fermion 'muu'; did you mean 'mu'"),
        (
            "right = 0.5",
            "rigt = 0.5",
            11,
            "couplings.tau.rigt: no such entry; did you mean 'right'",
        ),
        ("right = 0.5", 'right = "x"', 11, "couplings.tau.right: must be a number, or [real"),
        ("right = 0.5", "right = true", 11, "must be a number"),
        (
            "right = 0.5",
            "right = inf",
            11,
            "couplings of tau: right must be finite, got (inf",
        ),
        ("right = 0.5", "axial = 0.5", 11, "couplings.tau: couplings of tau: give charge, or left"),
        ("mu = 1\nnu", "mu = [0, 1]\nnu", 9, "complex conjugates"),
        ("axial = 0.3", "scalar = 0.3", 14, "spin-1 mediator has no scalar coupling"),
        ('"e mu"', '"e nu_e"', 12, "couplings.e nu_e: a neutral mediator cannot couple"),
        ("spin = 1", "spin = 2", 3, "spin: "),
        ("spin = 1", "spinn = 1", 3, "spinn: no such entry; did you mean 'spin'"),
        ("spin = 1\n", "", 1, "spin: is missing"),
        ("spin = 1", "spin = 1\nself_conjugate = false", 4, "self_conjugate: must be true"),
        ('"gm"', '"mass"', 4, "coupling: 'mass' means something else already"),
        ('"gm"', '"alpha_d"', 4, "coupling: 'alpha_d' means something else already"),
        ('"gm"', '"g m"', 4, "coupling: 'g m' is no name"),
        ('"scalar"]', '"scalarr"]', 6, "dark_matter: 'scalarr': did you mean 'scalar'"),
        ('"scalar"]', '"fermion-pair"]', 6, "dark_matter: 'fermion-pair'"),
        ('"mine"', '"my model"', 1, "name: "),
        ("[couplings]", "[couplings", 8, "not valid TOML"),
    ],
)
def test_a_mistake_names_its_line(path: Path, old: str, new: str, line: int, words: str) -> None:
    assert GOOD.count(old) == 1
    write(path, GOOD.replace(old, new))
    with pytest.raises(ModelError) as caught:
        load_model(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}: ")
    assert words in message
    assert "\n" not in message


def test_names_of_the_package_are_taken(path: Path) -> None:
    write(path, GOOD.replace('"mine"', '"dark-photon"'))
    with pytest.raises(ModelError, match="'dark-photon' is a model of the package"):
        make_model(path, mass=1)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file"):
        make_model(str(tmp_path / "none.toml"), mass=1)


@pytest.mark.parametrize(
    "bad", [{"mass": 0}, {"mass": 1, "gm": -1}, {"mass": [1, 2], "gm": [1] * 3}]
)
def test_parameters_are_checked(path: Path, bad: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        load_model(path)(**bad)
