"""`darkbeam cite`: the literature that a result rests on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from darkbeam.errors import InputError, UnknownNameError, suggestion

__all__ = ["cite", "keys_of"]

RESULT_ENDINGS = (".csv", ".json", ".nc", ".h5")


def cite(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...", help="Models, experiments, results (files) or citation keys."
        ),
    ] = None,
) -> None:
    """BibTeX of what models, experiments and results rest on; without a name, of darkbeam.

    Example: darkbeam cite NA64e dark-photon reach.csv
    """
    from darkbeam import citations

    keys = [key for name in names or () for key in keys_of(name)]
    entries = [citations.bibtex(keys), _software()] if keys else [_software()]
    print("\n".join(entries), end="")


def _software() -> str:
    """Return the BibTeX entry of darkbeam itself."""
    from darkbeam._version import package_version

    version = package_version()
    return (
        f"@software{{darkbeam:{version},\n"
        "    title = {{darkbeam: from a dark-sector model to its exclusion plot}},\n"
        "    author = {{The darkbeam developers}},\n"
        f"    version = {{{version}}}\n"
        "}\n"
    )


def keys_of(name: str) -> list[str]:
    """Return the keys of the bibliography that a model, an experiment or a result names.

    Raises
    ------
    UnknownNameError
        There is nothing of that name; the message gives the near match.
    InputError
        A file cannot be read or names no references.
    """
    from darkbeam import citations
    from darkbeam.experiments import experiment, experiment_names
    from darkbeam.models import describe_model, model_names

    if name in model_names() or _is_model_file(name):
        return list(describe_model(name).references)
    entries = citations.reference_keys()
    if name in entries:
        return [name]
    if name in experiment_names() or name.endswith(".toml"):
        found = experiment(name)
        return _unique(key for run in found.run_names for key in found.with_run(run).references)
    if Path(name).suffix.lower() in RESULT_ENDINGS:
        return _keys_of_result(name)
    known = [*model_names(), *experiment_names(), *entries]
    raise UnknownNameError(
        f"cite {name!r}: no such model, experiment, result or citation key; "
        f"{suggestion(name, known)}"
    )


def _is_model_file(name: str) -> bool:
    """Tell whether a TOML file lists couplings; what is wrong with others, their reader says."""
    if not name.endswith(".toml"):
        return False
    try:
        return "couplings" in tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def _keys_of_result(name: str) -> list[str]:
    from darkbeam.results import read_dataset

    text = str(read_dataset(name).attrs.get("references", ""))
    if not text:
        raise InputError(f"file {name!r}: names no references")
    return text.split(",")


def _unique(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(keys))
