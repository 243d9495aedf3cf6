"""The decorator of compiled kernels, and their parallel use.

A kernel is a function of floats and arrays that numba compiles. Its machine code is kept in
darkbeam's cache directory, never beside the sources, so that a read-only installation starts as
fast as any other; see `storage` for the rules of the cache.

Importing this module does not import numba; decorating a function does.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, overload

from darkbeam.errors import InputError

__all__ = ["kernel", "map_chunks", "thread_count"]

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_CHUNKS = 64


@overload
def kernel(function: F, /) -> F: ...
@overload
def kernel(function: None = None, /, **options: Any) -> Callable[[F], F]: ...
def kernel(function: F | None = None, /, **options: Any) -> F | Callable[[F], F]:
    """Compile a function to machine code when it is first called, and keep that on disk.

    Used as ``@kernel`` or ``@kernel(inline="always")``. A kernel releases the interpreter lock
    (``nogil``), divides as NumPy does (``error_model="numpy"``: 1/0 is inf and no exception) and
    keeps to IEEE arithmetic (``fastmath=False``), unless an option says otherwise.

    Parameters
    ----------
    function : callable
        A function of floats and arrays that calls only other kernels, `math` and `numpy`.
    **options
        Options of ``numba.njit``, such as ``inline`` or ``fastmath``; but for ``cache``, which
        is darkbeam's own.

    Returns
    -------
    callable
        The compiled function, with the same signature.

    Notes
    -----
    Machine code on disk is used only if nothing it rests on has changed: the source files of the
    kernel and of every kernel it calls, the values of the globals and closures they read, the
    options, the versions of Python, numba, llvmlite and numpy, and the processor. A damaged file
    is compiled again. Kernels outside the package are compiled in every process.
    """
    if "cache" in options:
        raise TypeError("kernel() keeps machine code by its own rules and takes no option 'cache'")

    def decorate(target: F) -> F:
        from darkbeam import _kernel_cache

        return _kernel_cache.compile_lazily(target, options)  # type: ignore[no-any-return]

    return decorate if function is None else decorate(function)


def thread_count() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_chunks(
    function: Callable[[int, int], T],
    n: int,
    threads: int | None = None,
    *,
    chunk: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[T]:
    """Run a function over the ranges that 0 ... n-1 falls into, in threads.

    The threads work at the same time where the function is a `kernel` or calls one.

    Parameters
    ----------
    function : callable
        Called as ``function(start, stop)`` for each range.
    n : int
        Number of items, such as simulated events.
    threads : int, optional
        Number of threads; by default as many as there are processors for this process.
    chunk : int, optional
        Length of a range. The default depends on `n` alone, so that sums over the results
        are the same to the last bit for any number of threads.
    progress : callable, optional
        Called in this thread with the length of each range as it is done, in order.

    Returns
    -------
    list
        What the function returned, in the order of the ranges.

    Raises
    ------
    InputError
        A number is out of range. What the function raises is raised; ranges not begun by then
        are given up.

    Examples
    --------
    >>> map_chunks(lambda start, stop: stop - start, 10, threads=2, chunk=4)
    [4, 4, 2]
    """
    if n < 0:
        raise InputError(f"n = {n}: the number of items must not be negative")
    if threads is not None and threads < 1:
        raise InputError(f"threads = {threads}: must be at least 1")
    if chunk is not None and chunk < 1:
        raise InputError(f"chunk = {chunk}: must be at least 1")
    step = chunk or max(1, -(-n // _CHUNKS))
    ranges = [(start, min(start + step, n)) for start in range(0, n, step)]
    workers = min(threads or thread_count(), len(ranges))
    report = progress or (lambda _: None)
    results: list[T] = []
    if workers <= 1:
        for start, stop in ranges:
            results.append(function(start, stop))
            report(stop - start)
        return results

    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(workers)
    try:
        futures = [pool.submit(function, *bounds) for bounds in ranges]
        for (start, stop), future in zip(ranges, futures, strict=True):
            results.append(future.result())
            report(stop - start)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return results
