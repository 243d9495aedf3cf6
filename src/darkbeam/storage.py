"""What is kept on disk between runs: where it lies, how it is keyed, and how it is trusted.

What costs time in darkbeam depends on masses and apparatus only, so it is computed once and kept.
Two rules make that safe. The key of a result is a hash of *everything* it depends on: the inputs
to the last bit and the sources of the package. And a file is used only if its checksum is right;
a damaged one is computed again and replaced, without a word.

Environment
-----------
``DARKBEAM_CACHE_DIR``
    The directory to use instead of the user's cache directory.
``DARKBEAM_NO_CACHE``
    Set to ``1``: nothing is read from the cache and nothing is written to it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkbeam._version import package_version
from darkbeam.errors import DarkbeamWarning

__all__ = [
    "atomic_path",
    "cache_directory",
    "cache_enabled",
    "cached_arrays",
    "clear_cache",
    "content_key",
    "source_digest",
    "write_atomically",
]

# The comment of a zip file, preceded by its length in two bytes.
_SEAL = (71).to_bytes(2, "little") + b"sha256="
_SEAL_LENGTH = len(_SEAL) + 64
_NO_PHYSICS = frozenset({"__pycache__", "cli", "plotting"})
_warned: set[str] = set()


def cache_enabled() -> bool:
    """Tell whether results may be kept on disk: false if ``DARKBEAM_NO_CACHE`` is set."""
    return os.environ.get("DARKBEAM_NO_CACHE", "") in ("", "0")


def cache_directory() -> Path:
    """Return the directory of the cache, which exists and can be written to.

    It is ``DARKBEAM_CACHE_DIR`` if that is set, else the user's cache directory as the platform
    defines it. If that cannot be written to, it is a temporary directory that goes away with the
    process, and a `DarkbeamWarning` says so.
    """
    chosen = os.environ.get("DARKBEAM_CACHE_DIR", "")
    if chosen:
        path = Path(chosen).expanduser().absolute()
    else:
        import platformdirs

        path = Path(platformdirs.user_cache_dir("darkbeam", appauthor=False))
    reason = _why_unwritable(path)
    if not reason:
        return path
    fallback = _temporary_directory()
    _warn_once(
        f"the cache directory {str(path)!r} cannot be written to ({reason}); results are kept in "
        f"{str(fallback)!r} for this run only (set DARKBEAM_CACHE_DIR to another directory)"
    )
    return fallback


def cached_arrays(
    kind: str,
    inputs: Mapping[str, Any],
    compute: Callable[[], Mapping[str, NDArray[Any]]],
) -> dict[str, NDArray[Any]]:
    """Return named arrays from the cache, or compute them and keep them.

    Parameters
    ----------
    kind : str
        What is computed, such as ``"shower"``: the name of a sub-directory.
    inputs : mapping
        All that the result depends on: numbers, strings, booleans, None, enumerations, paths,
        arrays, dataclasses, and lists, tuples and mappings of these. Two inputs share a result
        only if they agree to the last bit.
    compute : callable
        Called without arguments if the cache has no sound file; returns arrays by name.

    Returns
    -------
    dict of str to ndarray
        The arrays. They are the caller's own: changing them does not change the cache.

    Raises
    ------
    TypeError
        An input cannot be keyed, or an array cannot be stored (arrays of Python objects).
    """
    key = content_key(kind, inputs)
    if not cache_enabled():
        return _checked(compute())
    path = cache_directory() / f"arrays-{package_version()}" / kind / f"{key}.npz"
    stored = _load(path, key)
    if stored is not None:
        return stored
    arrays = _checked(compute())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _interrupt_later():
            write_atomically(path, _pack(arrays, key))
    except OSError as error:
        _warn_once(
            f"a result could not be kept in the cache {str(path.parent)!r}: "
            f"{error.strerror or error}; it will be computed again next time"
        )
    return arrays


def clear_cache() -> int:
    """Remove what darkbeam has kept on disk; return the number of bytes that were freed.

    Only darkbeam's own sub-directories go; other files in the directory are left alone.
    """
    import shutil

    freed = 0
    for folder in cache_directory().iterdir():
        if folder.is_dir() and folder.name.startswith(("arrays-", "kernels-")):
            freed += sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
            shutil.rmtree(folder, ignore_errors=True)
    return freed


def content_key(kind: str, inputs: Mapping[str, Any]) -> str:
    """Return the hash, in hexadecimal, that a result of this kind and these inputs is kept under.

    It covers the kind, the inputs to the last bit, the version and the sources of the package.
    """
    import json

    content = [kind, package_version(), source_digest(), _canonical(inputs, "inputs")]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


@lru_cache(maxsize=1)
def source_digest() -> str:
    """Return a hash over the sources and data of the package, in hexadecimal.

    All but what people touch (command line, plots), which no result rests on. A changed formula
    or table thus never meets a result of the old one, whatever the version number says. Computed
    once in a process, in a few milliseconds.
    """
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in _NO_PHYSICS and not f.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                path = Path(folder, name)
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Give the path of a file to write; when that is done, it takes the place of `path`.

    So `path` is there entirely or not at all, also if two processes write it, or the disk is
    full; after an exception nothing is left behind and an older file stays as it was.
    """
    part = path.with_name(f".{path.name[:100]}.{os.urandom(6).hex()}.part")
    try:
        yield part
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file by way of `atomic_path`.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    with atomic_path(path) as part:
        part.write_bytes(content)


@contextlib.contextmanager
def _interrupt_later() -> Iterator[None]:
    """Hold an interrupt back for the milliseconds that a file takes, then let it through."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[tuple[int, FrameType | None]] = []
    usual = signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if held and callable(usual):
            usual(*held[0])


@lru_cache(maxsize=8)
def _why_unwritable(path: Path) -> str:
    """Return why a directory cannot be used, or an empty text; tried once in a process."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


@lru_cache(maxsize=1)
def _temporary_directory() -> Path:
    """Create this process's own private directory, removed when the process ends."""
    import atexit
    import shutil

    path = Path(tempfile.mkdtemp(prefix="darkbeam-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _warn_once(text: str) -> None:
    """Warn the user of this module's caller, the first time that this text comes up."""
    if text not in _warned:
        _warned.add(text)
        warnings.warn(text, DarkbeamWarning, stacklevel=3)


def _canonical(value: Any, where: str) -> Any:
    """Return a value as lists and texts that are equal only if the values are."""
    import dataclasses
    import enum

    if value is None or isinstance(value, bool | np.bool_):
        return ["const", str(value)]
    if isinstance(value, enum.Enum):
        return ["enum", type(value).__qualname__, value.name]
    if isinstance(value, str):
        return ["str", str(value)]
    if isinstance(value, int | np.integer):
        return ["int", str(int(value))]
    if isinstance(value, float | np.floating):
        return ["float", repr(float(value))]
    if isinstance(value, os.PathLike):
        return ["path", os.fspath(value)]
    if isinstance(value, np.ndarray):
        return _canonical_array(value, where)
    if isinstance(value, list | tuple):
        return ["list", [_canonical(v, f"{where}[{i}]") for i, v in enumerate(value)]]
    if isinstance(value, Mapping):
        if not all(isinstance(k, str) for k in value):
            raise TypeError(f"{where}: the keys of a cached result's inputs must be texts")
        return ["map", [[k, _canonical(value[k], f"{where}[{k!r}]")] for k in sorted(value)]]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [
            [f.name, _canonical(getattr(value, f.name), f"{where}.{f.name}")]
            for f in dataclasses.fields(value)
        ]
        return ["dataclass", type(value).__module__, type(value).__qualname__, fields]
    raise TypeError(f"{where}: a {type(value).__name__} cannot be part of a cached result's key")


def _canonical_array(array: NDArray[Any], where: str) -> Any:
    if array.dtype.hasobject:
        raise TypeError(f"{where}: an array of Python objects cannot be part of a key")
    dtype = array.dtype.newbyteorder("<")
    content = np.ascontiguousarray(array, dtype=dtype).tobytes()
    return ["array", dtype.str, list(array.shape), hashlib.sha256(content).hexdigest()]


def _checked(arrays: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return the computed arrays as they will be stored."""
    result = {}
    for name, value in arrays.items():
        array = np.asarray(value)
        if array.dtype.hasobject:
            raise TypeError(f"{name}: an array of Python objects cannot be cached")
        result[name] = array
    return result


def _pack(arrays: Mapping[str, NDArray[Any]], key: str) -> bytes:
    """Return a NumPy archive whose comment is the checksum of the rest and of the key."""
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    content = buffer.getvalue()
    # A zip file ends with the length of its comment, here still 0, and the comment.
    return content[:-2] + _seal(content, key)


def _load(path: Path, key: str) -> dict[str, NDArray[Any]] | None:
    """Return the arrays of a file, or None if it is missing or not what was once written."""
    import io

    try:
        sealed = path.read_bytes()
    except OSError:
        return None
    content = sealed[:-_SEAL_LENGTH] + b"\0\0"
    if sealed[-_SEAL_LENGTH:] != _seal(content, key):
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _seal(content: bytes, key: str) -> bytes:
    return _SEAL + hashlib.sha256(key.encode() + content).hexdigest().encode()
