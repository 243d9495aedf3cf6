"""Results as tables: written to files and read back without loss.

A result is an `xarray.Dataset` whose variables carry their unit in the attribute ``units``. The
ending of a file's name chooses its form, and each form gives back an identical dataset.

``.csv``
    Lines that begin with ``#`` first: the version, the command, the attributes, the unit of each
    column, and, after ``# dataset:``, a description of the rest in JSON. Then one header row and
    the rows; several dimensions become a long table with one column for each coordinate. Numbers
    are written to the last bit; they may be ``nan`` and ``inf``. A file without the
    description, made by other programs, is read as columns along a dimension ``row``.
``.json``
    An object with the same table as lists, ``data``, beside ``darkbeam`` (the version),
    ``command``, ``units`` and ``dataset`` (the description). It is strict JSON: NaN is ``null``,
    infinities are the texts ``"inf"`` and ``"-inf"``.
``.nc``, ``.h5``
    NetCDF-4, which is HDF5, through `h5netcdf`. An attribute that NetCDF does not know (a truth
    value, a list, a mapping) is kept as a text: ``json:`` and its JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from darkbeam import _result_table as table
from darkbeam._result_text import (
    VERSION_ATTRIBUTE,
    csv_to_dataset,
    dataset_to_csv,
    dataset_to_json,
    json_to_dataset,
    one_line,
)
from darkbeam._version import package_version
from darkbeam.errors import InputError
from darkbeam.storage import atomic_path, write_atomically

if TYPE_CHECKING:
    import os

    import xarray as xr

__all__ = [
    "FILE_ENDINGS",
    "dataset_to_csv",
    "dataset_to_json",
    "read_dataset",
    "stamp",
    "write_dataset",
]

FILE_ENDINGS = (".csv", ".json", ".nc", ".h5")
"""The endings of files that results are written to and read from."""

_JSON_TEXT = "json:"


def stamp(dataset: xr.Dataset, **attributes: Any) -> xr.Dataset:
    """Return a copy of a result that says where it comes from.

    Parameters
    ----------
    dataset : xarray.Dataset
        The result.
    **attributes
        What else it rests on: ``method``, ``model``, ``command``, ... None is left out.

    Returns
    -------
    xarray.Dataset
        With the attribute ``darkbeam_version`` and the given ones.
    """
    given = {name: value for name, value in attributes.items() if value is not None}
    return dataset.assign_attrs({VERSION_ATTRIBUTE: package_version(), **given})


def write_dataset(dataset: xr.Dataset, path: str | os.PathLike[str]) -> None:
    """Write a result to a file, in the form that the ending of its name says.

    The file is there entirely or, after an error, as it was before.

    Parameters
    ----------
    dataset : xarray.Dataset
        The result.
    path : path
        Ends in .csv, .json, .nc or .h5.

    Raises
    ------
    InputError
        The ending is unknown, the file cannot be written, or the result holds what the form
        cannot.
    """
    target = Path(path)
    ending = _ending(target)
    if target.is_dir():
        raise InputError(f"file {str(target)!r}: is a directory")
    if not target.absolute().parent.is_dir():
        raise InputError(f"file {str(target)!r}: there is no directory {str(target.parent)!r}")
    target = target.resolve()  # a link stays one
    try:
        if ending == ".csv":
            write_atomically(target, dataset_to_csv(dataset).encode())
        elif ending == ".json":
            write_atomically(target, dataset_to_json(dataset).encode())
        else:
            with atomic_path(target) as part:
                _write_netcdf(dataset, part)
    except OSError as error:
        raise InputError(f"file {str(path)!r}: cannot be written: {_reason(error)}") from error


def read_dataset(path: str | os.PathLike[str]) -> xr.Dataset:
    """Read a result that `write_dataset` has written.

    Parameters
    ----------
    path : path
        Ends in .csv, .json, .nc or .h5.

    Returns
    -------
    xarray.Dataset
        Identical to what was written, in memory.

    Raises
    ------
    InputError
        There is no such file, its ending is unknown, or it is malformed; the message names the
        line.
    """
    source = Path(path)
    ending = _ending(source)
    readers: dict[str, Callable[[Path], xr.Dataset]] = {
        ".csv": lambda p: csv_to_dataset(_text(p)),
        ".json": lambda p: json_to_dataset(_text(p)),
        ".nc": _read_netcdf,
        ".h5": _read_netcdf,
    }
    try:
        return readers[ending](source)
    except InputError as error:
        raise InputError(f"file {str(path)!r}: {error}") from error
    except OSError as error:
        raise InputError(f"file {str(path)!r}: cannot be read: {_reason(error)}") from error


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in FILE_ENDINGS:
        raise InputError(
            f"file {str(path)!r}: unknown ending {path.suffix!r}, known: {', '.join(FILE_ENDINGS)}"
        )
    return ending


def _reason(error: OSError) -> str:
    return error.strerror or " ".join(str(error).split()) or type(error).__name__


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"line {line}: is not UTF-8 text") from None


def _write_netcdf(dataset: xr.Dataset, path: Path) -> None:
    table.flatten(dataset.isel({dim: slice(0, 1) for dim in dataset.sizes}))  # refuses odd types
    copy = dataset.copy()
    copy.attrs = _netcdf_attributes(dataset.attrs)
    for name in copy.variables:
        copy[name].attrs = _netcdf_attributes(dataset.variables[name].attrs)
        copy[name].encoding = {}
    try:
        copy.to_netcdf(path, engine="h5netcdf")
    except ImportError as error:
        raise InputError(f"NetCDF files need h5netcdf and h5py: {one_line(str(error))}") from error
    except (RuntimeError, ValueError, TypeError) as error:
        raise InputError(f"the result does not fit NetCDF: {one_line(str(error))}") from error


def _read_netcdf(path: Path) -> xr.Dataset:
    import xarray as xr

    with path.open("rb"):  # a missing file is reported as such
        pass
    try:
        # Without decoding: a lifetime in the unit "s" is a number and no time of day.
        dataset = xr.load_dataset(
            path, engine="h5netcdf", decode_times=False, decode_timedelta=False
        )
    except ImportError as error:
        raise InputError(f"NetCDF files need h5netcdf and h5py: {one_line(str(error))}") from error
    except Exception as error:  # whatever the libraries make of a damaged file
        raise InputError(f"is no sound NetCDF file: {one_line(str(error))}") from error
    for name in dataset.variables:
        dataset[name].attrs = _plain_attributes(dataset.variables[name].attrs)
        dataset[name].encoding = {}
    dataset.encoding = {}
    return dataset.assign_attrs(_plain_attributes(dataset.attrs))


def _netcdf_attributes(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    result = {}
    for name, value in attributes.items():
        plain = isinstance(value, str | int | float | np.number) and not isinstance(value, bool)
        if plain and not str(value).startswith(_JSON_TEXT):
            result[name] = value
        else:
            encoded = table.encode_value(value, f"attribute {name!r}")
            result[name] = _JSON_TEXT + json.dumps(encoded, allow_nan=False)
    return result


def _plain_attributes(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    result = {}
    for name, value in attributes.items():
        if isinstance(value, str) and value.startswith(_JSON_TEXT):
            value = table.decode_value(json.loads(value.removeprefix(_JSON_TEXT)))
        elif isinstance(value, np.generic):
            value = value.item()
        result[name] = value
    return result
