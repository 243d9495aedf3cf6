"""A dataset as a table and back: what the CSV and JSON forms of a result share.

The table is long: one row for each point of the grid that the dataset's dimensions span, in the
order of the largest variable. The description beside it holds what a table cannot: dimensions,
types, attributes and scalars. Both together give back an identical dataset.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Table", "decode_value", "encode_value", "flatten", "scalar_text", "unflatten"]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table, all of one length, and its description for programs."""

    columns: dict[str, NDArray[Any]]
    description: dict[str, Any]


def flatten(dataset: xr.Dataset) -> Table:
    """Return a dataset as a table.

    Raises
    ------
    InputError
        A name is no text, a type has no place in a table (complex numbers, dates, objects), or
        an attribute is no text, number, list or array of these.
    """
    sizes = _grid(dataset)
    rows = math.prod(sizes.values())
    columns: dict[str, NDArray[Any]] = {}
    entries: dict[str, Any] = {}
    for name in [*_coordinate_order(dataset, sizes), *dataset.data_vars]:
        if not isinstance(name, str):
            raise InputError(f"result: the name {name!r} of a variable must be a text")
        variable = dataset.variables[name]
        values = np.asarray(variable.values)
        entry = {
            "coordinate": name in dataset.coords,
            "dims": list(variable.dims),
            "dtype": _type_name(name, values),
            "attrs": _encode_attributes(variable.attrs, f"variable {name!r}"),
        }
        if set(variable.dims) == set(sizes) or (variable.dims and rows):
            columns[name] = _spread(values, [str(d) for d in variable.dims], sizes)
        else:  # a scalar beside longer columns, or a grid without points
            entry["values"] = encode_value(values, f"variable {name!r}")
        entries[name] = entry
    description = {
        "dims": sizes,
        "variables": entries,
        "attrs": _encode_attributes(dataset.attrs, "result"),
    }
    return Table(columns, description)


def unflatten(columns: Mapping[str, NDArray[Any]], description: Mapping[str, Any]) -> xr.Dataset:
    """Return the dataset that `flatten` made a table of.

    Raises
    ------
    InputError
        Table and description do not fit each other. A `KeyError`, `TypeError` or `ValueError`
        tells that the description is not one that `flatten` makes.
    """
    import xarray as xr

    sizes = {str(k): int(v) for k, v in description["dims"].items()}
    rows = math.prod(sizes.values())
    variables: dict[bool, dict[str, Any]] = {True: {}, False: {}}
    for name, entry in description["variables"].items():
        dims = list(entry["dims"])
        if "values" in entry:
            values = np.asarray(decode_value(entry["values"]))
        elif name not in columns:
            raise InputError(f"the column {name!r} is missing")
        elif len(columns[name]) != rows:
            raise InputError(f"{len(columns[name])} rows, but the header announces {rows}")
        else:
            values = _gather(columns[name], dims, sizes, name)
        attributes = {k: decode_value(v) for k, v in entry["attrs"].items()}
        typed = values.astype(np.dtype(entry["dtype"]), copy=False)
        variables[bool(entry["coordinate"])][name] = (dims, typed, attributes)
    unknown = [name for name in columns if name not in description["variables"]]
    if unknown:
        raise InputError(f"the column {unknown[0]!r} is not in the header's description")
    attributes = {k: decode_value(v) for k, v in description["attrs"].items()}
    return xr.Dataset(variables[False], coords=variables[True], attrs=attributes)


def encode_value(value: Any, where: str) -> Any:
    """Return an attribute's value as strict JSON: see `results` for the rule.

    Raises
    ------
    InputError
        The value is none that JSON could hold.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        _check_unicode(value, where)
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, list | tuple):
        return [encode_value(item, where) for item in value]
    if isinstance(value, np.ndarray):
        kind = _type_name(where, value)
        flat = [encode_value(item, where) for item in value.ravel().tolist()]
        return {"array": flat, "shape": list(value.shape), "dtype": kind}
    if isinstance(value, Mapping) and all(isinstance(k, str) for k in value):
        return {"map": {k: encode_value(v, where) for k, v in value.items()}}
    raise InputError(
        f"{where}: a {type(value).__name__} cannot be written; attributes are texts, numbers, "
        "lists, arrays and mappings of these"
    )


def decode_value(value: Any) -> Any:
    """Return what `encode_value` was given; tuples come back as lists."""
    if isinstance(value, list):
        return [decode_value(item) for item in value]
    if isinstance(value, dict):
        if "float" in value:
            return float(value["float"])
        if "array" in value:
            flat = [decode_value(item) for item in value["array"]]
            return np.array(flat, dtype=np.dtype(value["dtype"])).reshape(value["shape"])
        return {k: decode_value(v) for k, v in value["map"].items()}
    return value


def scalar_text(value: Any) -> str:
    """Return a number, text or truth value as it stands in a CSV file, exact to the last bit."""
    if isinstance(value, float | np.floating):
        return repr(float(value))
    return str(value)


def _grid(dataset: xr.Dataset) -> dict[str, int]:
    """Return the dimensions and their lengths in the order that rows are written in."""
    for dim in dataset.sizes:
        if not isinstance(dim, str):
            raise InputError(f"result: the name {dim!r} of a dimension must be a text")
    order: list[Any] = []
    for variable in sorted(dataset.data_vars.values(), key=lambda v: -v.ndim):
        order += [dim for dim in variable.dims if dim not in order]
    order += [dim for dim in dataset.sizes if dim not in order]
    return {str(dim): int(dataset.sizes[dim]) for dim in order}


def _coordinate_order(dataset: xr.Dataset, sizes: Mapping[str, int]) -> list[Any]:
    """Return the coordinates: those of the dimensions first, in the order of these."""
    named = [dim for dim in sizes if dim in dataset.coords]
    return named + [name for name in dataset.coords if name not in named]


def _type_name(where: str, values: NDArray[Any]) -> str:
    """Return the name of an array's type, refusing what a table cannot hold."""
    kind = values.dtype.kind
    if kind in "UOT" and all(isinstance(item, str) for item in values.ravel()):
        _check_unicode("".join(values.ravel()), where)
        return "object" if kind != "U" else str(values.dtype.newbyteorder("=").str)
    if kind in "biu" or (kind == "f" and values.dtype.itemsize <= 8):
        return str(values.dtype.newbyteorder("=").str)
    raise InputError(f"{where}: values of type {values.dtype} cannot be written")


def _check_unicode(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{where}: the text {text[error.start]!r} is not Unicode") from None


def _encode_attributes(attributes: Mapping[Any, Any], where: str) -> dict[str, Any]:
    encoded = {}
    for name, value in attributes.items():
        if not isinstance(name, str):
            raise InputError(f"{where}: the name {name!r} of an attribute must be a text")
        encoded[name] = encode_value(value, f"{where}, attribute {name!r}")
    return encoded


def _spread(values: NDArray[Any], dims: list[str], sizes: Mapping[str, int]) -> NDArray[Any]:
    """Return a variable's value in each row."""
    order = [dims.index(dim) for dim in sizes if dim in dims]
    shape = [length if dim in dims else 1 for dim, length in sizes.items()]
    return np.broadcast_to(values.transpose(order).reshape(shape), list(sizes.values())).ravel()


def _gather(
    column: NDArray[Any], dims: list[str], sizes: Mapping[str, int], name: str
) -> NDArray[Any]:
    """Return a variable from its column; it must not vary along other dimensions."""
    grid = column.reshape(list(sizes.values()))
    values = grid[tuple(slice(None) if dim in dims else 0 for dim in sizes)]
    kept = [dim for dim in sizes if dim in dims]
    result = values.transpose([kept.index(dim) for dim in dims])
    if not _same(_spread(result, dims, sizes), column):
        raise InputError(f"the column {name!r} differs between rows of the same {', '.join(dims)}")
    return result


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
