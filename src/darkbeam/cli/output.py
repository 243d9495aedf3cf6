"""Where results go: a table or CSV or JSON on stdout, files, pictures."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from darkbeam.cli.messages import note
from darkbeam.cli.options import Format
from darkbeam.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["COMMAND_LINE", "PICTURE_ENDINGS", "Sink", "check_writable", "print_page", "text_table"]

COMMAND_LINE: ContextVar[str] = ContextVar("command_line", default="darkbeam")
"""The command line that is being run, for the header of results."""

RESULT_ENDINGS = (".csv", ".json", ".nc", ".h5")
PICTURE_ENDINGS = (".pdf", ".png", ".svg")
DIGITS = 4


@dataclass(frozen=True)
class Sink:
    """What the user wants done with a result; made, and so checked, before the work begins.

    Parameters
    ----------
    form : Format or None
        Form on stdout; None is a table, or nothing if there is a file.
    file, picture : Path or None
        Files to write.
    quiet : bool
        Whether to leave out notes.

    Raises
    ------
    InputError
        A file has an unknown ending or could not be written.
    """

    form: Format | None = None
    file: Path | None = None
    picture: Path | None = None
    quiet: bool = False

    def __post_init__(self) -> None:
        """Check that the files can be written."""
        if self.file is not None:
            check_writable(self.file, RESULT_ENDINGS)
        if self.picture is not None:
            check_writable(self.picture, PICTURE_ENDINGS)

    def write(
        self,
        result: xr.Dataset,
        *,
        draw: Callable[[xr.Dataset, Path], object] | None = None,
        footnote: str = "",
        shown: xr.Dataset | None = None,
        **attributes: Any,
    ) -> None:
        """Write a result to all places that were asked for.

        Parameters
        ----------
        result : xarray.Dataset
            The result.
        draw : callable, optional
            Draws the result to a file.
        footnote : str
            What a person should know who reads the table.
        shown : xarray.Dataset, optional
            What the table for a person shows in place of `result`.
        **attributes
            What else the result should say of itself.
        """
        from darkbeam.results import dataset_to_csv, dataset_to_json, stamp, write_dataset

        stamped = stamp(result, command=COMMAND_LINE.get(), **attributes)
        if self.file is not None:
            write_dataset(stamped, self.file)
            note(f"wrote {self.file}", quiet=self.quiet)
        if self.picture is not None and draw is not None:
            draw(stamped, self.picture)
            note(f"wrote {self.picture}", quiet=self.quiet)
        form = self.form or (Format.table if self.file is None else None)
        if form is Format.csv:
            print(dataset_to_csv(stamped), end="")
        elif form is Format.json:
            print(dataset_to_json(stamped), end="")
        elif form is Format.table:
            print(dataset_table(stamped if shown is None else shown))
            if footnote:
                print(f"\n{footnote}")


def check_writable(path: Path, endings: Sequence[str]) -> None:
    """Raise `InputError` now if a file could not be written after a long computation."""
    if path.suffix.lower() not in endings:
        raise InputError(
            f"file {str(path)!r}: unknown ending {path.suffix!r}, known: {', '.join(endings)}"
        )
    folder = path.absolute().parent
    if path.is_dir():
        raise InputError(f"file {str(path)!r}: is a directory")
    if not folder.is_dir():
        raise InputError(f"file {str(path)!r}: there is no directory {str(path.parent)!r}")
    try:
        if path.exists():
            with path.open("ab"):
                pass
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InputError(
            f"file {str(path)!r}: cannot be written: {error.strerror or error}"
        ) from error


def dataset_table(result: xr.Dataset) -> str:
    """Return a result as an aligned table with the unit of each column in its heading.

    A number that the variable's attribute ``missing`` names is shown as ``-``.
    """
    from darkbeam._result_table import flatten

    columns = flatten(result).columns
    headings, cells = [], []
    for name, column in columns.items():
        attributes = result.variables[name].attrs
        unit = str(attributes.get("units", ""))
        known = (
            not unit or unit in ("1", "dimensionless") or name.lower().endswith(f"_{unit.lower()}")
        )
        headings.append(name if known else f"{name} [{unit}]")
        gap = attributes.get("missing")
        cells.append(["-" if _same(value, gap) else _cell(value) for value in column.tolist()])
    return text_table(headings, list(zip(*cells, strict=True)))


def _same(value: Any, gap: Any) -> bool:
    return gap is not None and bool(value == gap or (value != value and gap != gap))


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    return str(value)


def text_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an aligned table, numbers to the right and texts to the left."""
    widths = [
        max(len(heading), *(len(row[i]) for row in rows)) if rows else len(heading)
        for i, heading in enumerate(headings)
    ]
    numeric = [all(_is_number(row[i]) for row in rows) for i in range(len(headings))]

    def line(cells: Sequence[str]) -> str:
        aligned = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        ]
        return "  ".join(aligned).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([line(headings), rule, *(line(row) for row in rows)])


def _is_number(text: str) -> bool:
    if text == "-":
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def print_page(page: Mapping[str, Any], form: Format | None) -> None:
    """Print what is known of one thing: names with a text, a number or a list of these.

    As a table it is for reading; CSV has the columns ``key`` and ``value``, one row for each item
    of a list.
    """
    if form is Format.json:
        print(json.dumps(page, indent=1, ensure_ascii=False, default=str))
        return
    flat = [(key, item) for key, value in page.items() for item in _items(value)]
    if form is Format.csv:
        from darkbeam._version import package_version

        buffer = io.StringIO()
        buffer.write(f"# darkbeam {package_version()}\n# command: {COMMAND_LINE.get()}\n")
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerows([("key", "value"), *flat])
        print(buffer.getvalue(), end="")
        return
    width = max((len(key) for key, _ in flat), default=0)
    last = ""
    for key, item in flat:
        print(f"{'' if key == last else key:<{width}}  {item}".rstrip())
        last = key


def _items(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}: {', '.join(_items(item))}" for name, item in value.items()]
    if isinstance(value, list | tuple):
        return [
            ", ".join(_items(item)) if isinstance(item, Mapping) else _cell(item) for item in value
        ]
    return [] if value is None or value == "" else [_cell(value)]
