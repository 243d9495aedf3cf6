"""The version of the installed package, read when it is asked for."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["package_version"]


@lru_cache(maxsize=1)
def package_version() -> str:
    """Return the version of darkbeam, such as ``"0.1.0"``.

    A copy of the sources that was never installed has no version: ``"0+unknown"``.
    """
    from importlib import metadata

    try:
        return metadata.version("darkbeam")
    except metadata.PackageNotFoundError:
        return "0+unknown"
