"""Machine code of kernels on disk: keyed by all that it rests on, and checked before use.

numba's own cache trusts its files, and knows neither the kernels that a kernel calls nor the
constants it reads; a damaged or stale file then computes a wrong number or ends the process.
Here, one kernel for one signature is one file. Its name holds a hash of the key, and its content
is a checksum, the key and numba's compiled result. This module imports numba.
"""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import platform
import sys
import types as python_types
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
from numba.core import caching, compiler, config, serialize, sigutils, types
from numba.core.dispatcher import Dispatcher

from darkbeam import storage

__all__ = ["KernelCache", "compile_lazily"]

_PACKAGE = Path(__file__).resolve().parent
_KEPT_PER_KERNEL = 64
_DEFAULTS = {"nogil": True, "error_model": "numpy", "fastmath": False}
_CODEGEN_SETTINGS = (
    "OPT",
    "BOUNDSCHECK",
    "LOOP_VECTORIZE",
    "SLP_VECTORIZE",
    "DEBUGINFO_DEFAULT",
    "USING_SVML",
)


# numba's internals carry no reliable types.
_njit: Any = numba.njit
_rebuild: Any = compiler.CompileResult._rebuild
_dumps: Any = serialize.dumps
_normalize: Any = sigutils.normalize_signature


class _UncacheableError(Exception):
    """The machine code rests on something that cannot be followed."""


def compile_lazily(function: Any, options: Mapping[str, Any]) -> Any:
    """Return numba's dispatcher for a function, with darkbeam's cache."""
    settings = _DEFAULTS | dict(options)
    dispatcher = _njit(**settings)(function)
    if dispatcher is not function:  # which it is with NUMBA_DISABLE_JIT
        dispatcher._cache = KernelCache(function, settings)
    return dispatcher


class KernelCache(caching._Cache):
    """The cache of one kernel, in the protocol of numba's dispatcher.

    Parameters
    ----------
    function : callable
        The Python function.
    options : mapping
        The options it is compiled with.
    """

    def __init__(self, function: Any, options: Mapping[str, Any]) -> None:
        self._function = function
        self._options = dict(options)
        self._enabled = True

    @property
    def cache_path(self) -> str:
        """Directory that the machine code is kept in."""
        return str(_directory())

    def enable(self) -> None:
        """Use the cache, as is the case from the start."""
        self._enabled = True

    def disable(self) -> None:
        """Neither read nor write from now on."""
        self._enabled = False

    def flush(self) -> None:
        """Forget this kernel's machine code for all signatures."""
        for path in self._files():
            path.unlink(missing_ok=True)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled result for a signature, or None if there is no sound file."""
        target_context.refresh()
        try:
            path, key = self._locate(sig)
            payload = path.read_bytes()
        except (_UncacheableError, OSError):
            return None
        if payload[:32] != hashlib.sha256(payload[32:]).digest() or payload[32:64] != key:
            return None
        # The bytes are those that were written, by these versions; should numba nevertheless
        # refuse them, compiling is always right.
        try:
            return _rebuild(target_context, *pickle.loads(payload[64:]))
        except Exception:
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled result; if that cannot be done, it is compiled again next time."""
        if data.library.has_dynamic_globals or any(not x.can_cache for x in data.lifted):
            return
        try:
            path, key = self._locate(sig)
        except _UncacheableError:
            return
        content = key + _dumps(data._reduce())
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            storage.write_atomically(path, hashlib.sha256(content).digest() + content)
            self._prune()

    def _locate(self, sig: Any) -> tuple[Path, bytes]:
        """Return the file of a signature and the key that must stand in it."""
        if not (self._enabled and storage.cache_enabled()):
            raise _UncacheableError
        key = _Dependencies(self._function, self._options, sig).digest()
        return _directory() / f"{self._stem()}-{key.hex()[:32]}.bin", key

    def _stem(self) -> str:
        name = f"{self._function.__module__}.{self._function.__qualname__}"
        return name.replace("<", "").replace(">", "").removeprefix("darkbeam.")[:150]

    def _files(self) -> list[Path]:
        stem = self._stem()
        return [path for path in _directory().glob(f"{stem}-*.bin") if path.name[:-37] == stem]

    def _prune(self) -> None:
        """Drop the oldest files of this kernel, left by sources that have changed since."""
        files = self._files()
        if len(files) > _KEPT_PER_KERNEL:
            files.sort(key=lambda path: path.stat().st_mtime)
            for path in files[:-_KEPT_PER_KERNEL]:
                path.unlink(missing_ok=True)


class _Dependencies:
    """A hash over all that one kernel's machine code for one signature rests on."""

    def __init__(self, function: Any, options: Mapping[str, Any], sig: Any) -> None:
        self._hash = hashlib.sha256()
        self._seen: set[int] = set()
        self._files: set[Path] = set()
        self._add_function(function, options)
        arguments, result = _normalize(sig)
        for argument in (*arguments, result):
            self._add_type(argument)
        for path in sorted(self._files):
            self._add("file", path.relative_to(_PACKAGE).as_posix(), _file_digest(path))

    def digest(self) -> bytes:
        return self._hash.digest()

    def _add(self, *items: str) -> None:
        for item in items:
            encoded = item.encode()
            self._hash.update(len(encoded).to_bytes(4, "little") + encoded)

    def _add_type(self, kind: Any) -> None:
        if isinstance(kind, types.Dispatcher):
            self._add_dispatcher(kind.dispatcher)
            return
        text = str(kind)
        if " at 0x" in text:
            raise _UncacheableError
        self._add("type", text)

    def _add_dispatcher(self, dispatcher: Any) -> None:
        self._add_function(dispatcher.py_func, dispatcher.targetoptions)

    def _add_function(self, function: Any, options: Mapping[str, Any]) -> None:
        if id(function) in self._seen:
            self._add("again", function.__qualname__)
            return
        self._seen.add(id(function))
        self._add_file(function.__code__.co_filename)
        self._add("function", function.__module__, function.__qualname__)
        self._add_code(function.__code__)
        self._add("options", repr(sorted((k, str(v)) for k, v in options.items())))
        self._add_value("defaults", function.__defaults__)
        code = function.__code__
        for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            self._add_value(name, cell.cell_contents)
        names = _names(code)
        modules: list[Any] = []
        for name in names:
            if name in function.__globals__:
                value = function.__globals__[name]
                self._add_value(name, value)
                modules.append(value)
        self._add_attributes(modules, names)

    def _add_code(self, code: python_types.CodeType) -> None:
        """Add the code in memory: the file may have been edited since it was imported."""
        self._add("code", code.co_code.hex(), *code.co_varnames, *code.co_names)
        for constant in code.co_consts:
            if isinstance(constant, python_types.CodeType):
                self._add_code(constant)
            elif isinstance(constant, frozenset):
                self._add("set", *sorted(map(repr, constant)))
            else:
                self._add("constant", type(constant).__name__, repr(constant))

    def _add_attributes(self, values: list[Any], names: list[str]) -> None:
        """Follow ``module.name`` into the modules of the package."""
        queue = [value for value in values if _is_own_module(value)]
        visited: set[str] = set()
        while queue:
            module = queue.pop()
            if module.__name__ in visited:
                continue
            visited.add(module.__name__)
            for name in names:
                value = vars(module).get(name)
                if _is_own_module(value):
                    self._add_file(value.__file__)
                    queue.append(value)
                elif value is not None:
                    self._add_value(f"{module.__name__}.{name}", value)

    def _add_value(self, name: str, value: Any) -> None:
        if isinstance(value, Dispatcher):
            self._add("kernel", name)
            self._add_dispatcher(value)
        elif isinstance(value, np.ndarray | np.generic) and not value.dtype.hasobject:
            array = np.asarray(value)
            content = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
            self._add("array", name, array.dtype.str, str(array.shape), content)
        elif value is None or isinstance(value, bool | int | float | complex | str | bytes):
            self._add("value", name, type(value).__name__, repr(value))
        elif isinstance(value, tuple | list):
            self._add("sequence", name, str(len(value)))
            for item in value:
                self._add_value(name, item)
        elif isinstance(value, python_types.ModuleType):
            self._add("module", name, value.__name__)
            if _is_own_module(value):
                self._add_file(str(value.__file__))
        elif isinstance(value, type):
            self._add("class", name, value.__module__, value.__qualname__)
            if _is_own_module(sys.modules.get(value.__module__)):
                self._add_file(str(sys.modules[value.__module__].__file__))
        elif isinstance(value, python_types.BuiltinFunctionType | np.ufunc):
            self._add("builtin", name, value.__name__)
        elif isinstance(value, python_types.FunctionType):
            self._add_plain_function(name, value)
        elif type(value).__module__.partition(".")[0] in ("numpy", "numba"):
            self._add("library", name, type(value).__qualname__)
        else:
            raise _UncacheableError

    def _add_plain_function(self, name: str, value: python_types.FunctionType) -> None:
        if value.__module__.partition(".")[0] in ("numpy", "numba", "math"):
            self._add("library", name, value.__module__, value.__qualname__)
        else:
            self._add_function(value, {})

    def _add_file(self, name: str) -> None:
        path = Path(name).resolve()
        if not path.is_relative_to(_PACKAGE):
            raise _UncacheableError
        self._files.add(path)


def _names(code: python_types.CodeType) -> list[str]:
    """Return the global and attribute names that a function uses, nested ones included."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, python_types.CodeType):
            names.update(_names(constant))
    return sorted(names)


def _is_own_module(value: Any) -> bool:
    return isinstance(value, python_types.ModuleType) and (
        value.__name__.partition(".")[0] == "darkbeam"
    )


@cache
def _file_digest(path: Path) -> str:
    """Return the hash of a source file, as it was when this process first asked."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        raise _UncacheableError from None


def _directory() -> Path:
    """Return the directory for this interpreter, these libraries and this processor."""
    return storage.cache_directory() / f"kernels-{_platform_digest()}"


@lru_cache(maxsize=1)
def _platform_digest() -> str:
    from numba.core.registry import cpu_target

    codegen = cpu_target.target_context.codegen()
    facts = [
        "layout 1",
        sys.implementation.cache_tag,
        platform.system(),
        platform.machine(),
        numba.__version__,
        llvmlite.__version__,
        np.__version__,
        codegen.magic_tuple(),
        [(name, getattr(config, name, None)) for name in _CODEGEN_SETTINGS],
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
