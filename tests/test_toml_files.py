"""TOML files of users: the line and the entry of each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field, model_validator

from darkbeam.errors import ModelError
from darkbeam.toml_files import EntryError, Table, read_toml


class Colour(Table):
    red: float = 0.0
    green: float = 0.0


class Shelf(Table):
    depth: float
    colours: dict[str, Colour] = Field(default_factory=dict)


class House(Table):
    name: str
    shelf: tuple[Shelf, ...] = ()
    door: Shelf | None = None

    @model_validator(mode="after")
    def _deep(self) -> House:
        for index, shelf in enumerate(self.shelf):
            if shelf.depth < 0:
                raise EntryError(("shelf", index, "depth"), "is below 0")
        return self


GOOD = """\
name = "mine"
# [[shelf]] in a comment is none

[[shelf]]
depth = 1.0

[[shelf]]
depth = 2.0
colours.wall = { red = 0.5, green = 0.1 }
colours."old door" = { red = 0.5 }

[shelf.colours.'new door']
red = 0.1
green = 0.2

[door]
depth = 3.0
[door.colours.frame]
red = 1.0
"""


def message(tmp_path: Path, text: str) -> str:
    path = tmp_path / "house.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_toml(path, House, ModelError)
    return str(caught.value).removeprefix(f"{path}:")


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text(GOOD, encoding="utf-8")
    house = read_toml(path, House, ModelError)
    assert house.shelf[1].colours["new door"].green == 0.2
    assert house.door is not None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"mine"', "3", "1: name: "),
        ("depth = 1.0", "depth = 'x'", "5: shelf.0.depth: "),
        ("depth = 2.0", "depth = 'x'", "8: shelf.1.depth: "),
        ("depth = 2.0", "", "7: shelf.1.depth: is missing"),
        ("depth = 2.0", "dept = 2.0", "8: shelf.1.dept: no such entry; did you mean 'depth'?"),
        ("depth = 2.0", "depth = -2.0", "8: shelf.1.depth: is below 0"),
        ("green = 0.1", "gren = 0.1", "9: shelf.1.colours.wall.gren: no such entry; did you mean"),
        (
            "depth = 3.0",
            "depth = 3.0\nqqq = 1",
            "18: door.qqq: no such entry; known: colours, depth",
        ),
        ('"old door" = { red = 0.5 }', '"old door" = 1', "10: shelf.1.colours.old door: "),
        ("green = 0.2", "green = []", "14: shelf.1.colours.new door.green: "),
        ("red = 1.0", "red = []", "19: door.colours.frame.red: "),
        ("[door]", "[door", "16: not valid TOML: "),
    ],
)
def test_mistakes_have_lines(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert GOOD.count(old) == 1
    found = message(tmp_path, GOOD.replace(old, new))
    assert found.startswith(expected)
    assert "\n" not in found


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file"):
        read_toml(tmp_path / "none.toml", House, ModelError)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="UTF-8"):
        read_toml(tmp_path / "binary.toml", House, ModelError)
