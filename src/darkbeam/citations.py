"""The bibliography: BibTeX of the papers that models, methods and experiments rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from darkbeam.errors import UnknownNameError, suggestion

__all__ = ["bibtex", "reference_keys"]

_ENTRY = re.compile(r"^@\w+\{([^,\s]+),.*?^\}$", re.MULTILINE | re.DOTALL)


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, str]:
    """Return key -> BibTeX entry, in the order of the file."""
    text = (files("darkbeam") / "data" / "references.bib").read_text(encoding="utf-8")
    return MappingProxyType({match[1]: match[0] for match in _ENTRY.finditer(text)})


def reference_keys() -> tuple[str, ...]:
    """Return the keys of all entries of the bibliography."""
    return tuple(_entries())


def bibtex(keys: Iterable[str]) -> str:
    """Return the BibTeX entries of some keys, each once, ready to be written to a file.

    Parameters
    ----------
    keys : iterable of str
        Keys as models and experiments name them, e.g. ``"NA64:2019imj"``; one string is one key.

    Returns
    -------
    str
        Entries in the order asked for, a blank line between them, a newline at the end.

    Raises
    ------
    UnknownNameError
        On a key that the bibliography lacks, with the near match.

    Examples
    --------
    >>> print(bibtex(["Holdom:1985ag"]).splitlines()[0])
    @article{Holdom:1985ag,
    """
    wanted = dict.fromkeys([keys] if isinstance(keys, str) else keys)
    known = _entries()
    for key in wanted:
        if key not in known:
            raise UnknownNameError(f"unknown reference {key!r}; {suggestion(str(key), known)}")
    return "".join(f"{known[key]}\n\n" for key in wanted).rstrip("\n") + "\n" * bool(wanted)
