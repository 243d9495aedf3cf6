"""The exceptions of darkbeam: one tree, each also the fitting built-in."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "DarkbeamError",
    "DarkbeamWarning",
    "ExperimentError",
    "InputError",
    "ModelError",
    "UnknownNameError",
    "ValidityError",
    "suggestion",
]


class DarkbeamError(Exception):
    """Base of all errors raised on purpose by darkbeam."""


class InputError(DarkbeamError, ValueError):
    """A value given by the user is malformed or out of its allowed range."""


class UnknownNameError(InputError, LookupError):
    """A name (model, experiment, run, material ...) that does not exist."""


class ModelError(InputError):
    """A model's parameters break the model's own rules."""


class ExperimentError(InputError):
    """An experiment's description is malformed; the text names file and line."""


class ValidityError(InputError):
    """A point lies outside the range where a formula or a table holds."""


class DarkbeamWarning(UserWarning):
    """A result is returned, but something about it should be known."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the tail of an error message: the near match, or all that exists.

    Parameters
    ----------
    name : str
        What the user typed.
    known : iterable of str
        The names that exist.
    """
    names = sorted(known)
    lowered = {n.lower(): n for n in names}
    near = difflib.get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.5)
    if near:
        return f"did you mean {lowered[near[0]]!r}?"
    return "known: " + ", ".join(names)
