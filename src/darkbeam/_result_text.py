"""The text forms of a result, CSV and JSON: writing them and reading them back.

`results` tells what they look like.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from darkbeam import _result_table as table
from darkbeam._version import package_version
from darkbeam.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "VERSION_ATTRIBUTE",
    "csv_to_dataset",
    "dataset_to_csv",
    "dataset_to_json",
    "json_to_dataset",
    "one_line",
]

VERSION_ATTRIBUTE = "darkbeam_version"


def dataset_to_csv(dataset: xr.Dataset) -> str:
    """Return a result as CSV: ``#`` comments, one header row, and the rows.

    Raises
    ------
    InputError
        The result holds what a table cannot.
    """
    flat = table.flatten(dataset)
    buffer = io.StringIO()
    for line in _comments(dataset):
        buffer.write(f"# {line}\n")
    buffer.write(f"# dataset: {_dump(flat.description)}\n")
    columns = [[table.scalar_text(v) for v in c.tolist()] for c in flat.columns.values()]
    names = list(flat.columns)
    _rows(buffer, [names], every=bool(names) and names[0].startswith("#"))
    _rows(buffer, zip(*columns, strict=True), every=any("\r" in t for c in columns for t in c))
    return buffer.getvalue()


def _rows(buffer: io.StringIO, rows: Iterable[Iterable[str]], *, every: bool) -> None:
    """Write rows; in quotes where needed, or every value (csv overlooks a carriage return)."""
    quoting: Any = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    csv.writer(buffer, lineterminator="\n", quoting=quoting).writerows(rows)


def dataset_to_json(dataset: xr.Dataset) -> str:
    """Return a result as strict JSON; the module's description tells the form.

    Raises
    ------
    InputError
        The result holds what a table cannot.
    """
    flat = table.flatten(dataset)
    data: dict[str, list[Any]] = {}
    for name, column in flat.columns.items():
        values = column.tolist()
        if column.dtype.kind == "f":
            values = [_json_number(value) for value in values]
        data[name] = values
    parts = {"darkbeam": _dump(_made_by(dataset))}
    if "command" in dataset.attrs:
        parts["command"] = _dump(str(dataset.attrs["command"]))
    parts["units"] = _dump(_units(dataset))
    parts["data"] = _object({name: _dump(values) for name, values in data.items()}, "  ")
    parts["dataset"] = _dump(flat.description)
    return _object(parts, " ") + "\n"


def _dump(value: Any) -> str:
    return json.dumps(value, allow_nan=False)


def _object(parts: Mapping[str, str], indent: str) -> str:
    """Return a JSON object of values that are JSON already, with one line for each."""
    lines = ",\n".join(f"{indent}{_dump(name)}: {value}" for name, value in parts.items())
    return f"{{\n{lines}\n{indent[:-1]}}}" if lines else "{}"


def csv_to_dataset(text: str) -> xr.Dataset:
    """Return the dataset that CSV holds.

    Raises
    ------
    InputError
        The text is malformed; the message names the line.
    """
    comments, body = _split(text)
    reader = csv.reader(io.StringIO(body, newline=""), strict=True)
    header: list[str] | None = None
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if header is None:
                header = row
                continue
            if not row and header:  # a blank line, as editors leave them at the end
                continue
            line = len(comments) + reader.line_num
            if len(row) != len(header):
                raise InputError(f"line {line}: {len(row)} values, but {len(header)} columns")
            rows.append(row)
            lines.append(line)
    except csv.Error as error:
        raise InputError(f"line {len(comments) + reader.line_num}: {error}") from None
    if header is None:
        raise InputError(f"line {len(comments) + 1}: the header row is missing")
    if len(set(header)) != len(header):
        raise InputError(f"line {len(comments) + 1}: two columns have the same name")
    texts = {name: [row[i] for row in rows] for i, name in enumerate(header)}
    for number, comment in enumerate(comments, 1):
        if comment.startswith("dataset:"):
            description = _description(comment.removeprefix("dataset:"), number)
            columns = {n: _typed(n, v, lines, description) for n, v in texts.items()}
            return _assembled(columns, description, f"line {number}: ")
    return _foreign(texts, comments)


def _split(text: str) -> tuple[list[str], str]:
    """Return the comment lines without their mark, and the text after them."""
    comments = []
    while text.startswith("#"):
        line, _, text = text.partition("\n")
        comments.append(line[1:].strip())
    return comments, text


def _description(text: str, line: int) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"line {line}: the description is damaged: {error.msg}") from None
    if not isinstance(content, dict):
        raise InputError(f"line {line}: the description is damaged: it is no object")
    return content


def _typed(
    name: str, texts: list[str], lines: list[int], description: Mapping[str, Any]
) -> NDArray[Any]:
    """Return a column in its type; an error names the line."""
    try:
        dtype = np.dtype(description["variables"][name]["dtype"])
    except (KeyError, TypeError):
        raise InputError(f"the description does not hold the column {name!r}") from None
    if dtype.kind in "UO":
        return np.array(texts, dtype=dtype)
    readers: dict[str, Callable[[str], Any]] = {
        "f": float,
        "b": {"True": True, "False": False}.__getitem__,
    }
    read = readers.get(dtype.kind, int)
    values = []
    for line, text in zip(lines, texts, strict=True):
        try:
            values.append(dtype.type(read(text)))
        except (ValueError, KeyError, OverflowError):
            kind = {"f": "number", "b": "True or False"}.get(dtype.kind, "integer")
            raise InputError(f"line {line}: {name} = {text!r}: must be {kind}") from None
    return np.array(values, dtype=dtype)


def _assembled(
    columns: Mapping[str, NDArray[Any]], description: Mapping[str, Any], where: str
) -> xr.Dataset:
    try:
        return table.unflatten(columns, description)
    except InputError as error:
        raise InputError(f"{where}{error}") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        text = one_line(str(error))
        raise InputError(f"{where}the description does not fit the table: {text}") from None


def _foreign(texts: Mapping[str, list[str]], comments: list[str]) -> xr.Dataset:
    """Return the columns of a file that other programs made, along a dimension ``row``."""
    import xarray as xr

    units = dict(line.split(": ", 1) for line in comments if ": " in line)
    columns = {}
    for name, values in texts.items():
        attributes = {"units": units[name]} if name in units else {}
        columns[name] = ("row", _guessed(values), attributes)
    return xr.Dataset(columns)


def _guessed(texts: list[str]) -> NDArray[Any]:
    for read in (int, float):
        try:
            return np.array([read(text) for text in texts], dtype=read)
        except (ValueError, OverflowError):
            continue
    return np.array(texts, dtype=np.str_)


def json_to_dataset(text: str) -> xr.Dataset:
    """Return the dataset that JSON holds.

    Raises
    ------
    InputError
        The text is malformed; the message names the line.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"line {error.lineno}: {error.msg}") from None
    if not (isinstance(content, dict) and {"data", "dataset"} <= content.keys()):
        raise InputError("line 1: is no result of darkbeam (no 'data' and 'dataset')")
    description = content["dataset"]
    try:
        columns = {}
        for name, values in content["data"].items():
            dtype = np.dtype(description["variables"][name]["dtype"])
            if dtype.kind == "f":
                values = [float("nan") if v is None else float(v) for v in values]
            columns[name] = np.array(values, dtype=dtype)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"line 1: the data are damaged: {one_line(str(error))}") from None
    return _assembled(columns, description, "line 1: ")


def _made_by(dataset: xr.Dataset) -> str:
    return str(dataset.attrs.get(VERSION_ATTRIBUTE, package_version()))


def _units(dataset: xr.Dataset) -> dict[str, str]:
    names = [*dataset.coords, *dataset.data_vars]
    named = {str(name): dataset.variables[name].attrs.get("units") for name in names}
    return {name: str(unit) for name, unit in named.items() if unit}


def _comments(dataset: xr.Dataset) -> Iterator[str]:
    """Yield the comment lines for a reader; a program reads the description after them."""
    yield f"darkbeam {_made_by(dataset)}"
    attributes = {k: v for k, v in dataset.attrs.items() if k != VERSION_ATTRIBUTE}
    command = attributes.pop("command", None)
    if command is not None:
        yield one_line(f"command: {command}")
    for name, value in attributes.items():
        yield one_line(f"{name}: {value}")
    units = _units(dataset)
    for name, variable in dataset.variables.items():
        if not variable.dims and dataset.sizes:
            value = table.scalar_text(variable.values[()])
            yield one_line(f"{name} = {value} {units.pop(str(name), '')}".rstrip())
    for name, unit in units.items():
        yield one_line(f"{name}: {unit}")


def one_line(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(text.splitlines())


def _json_number(value: float) -> float | str | None:
    if value != value:
        return None
    return value if abs(value) != np.inf else repr(value)
