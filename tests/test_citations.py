"""The bibliography: complete, well formed, and holding every key that is used."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from darkbeam.citations import bibtex, reference_keys
from darkbeam.errors import UnknownNameError
from darkbeam.models import describe_model, model_names
from darkbeam.statistics import METHODS, REFERENCES

SOURCE = (files("darkbeam") / "data" / "references.bib").read_text(encoding="utf-8")


def test_every_entry_of_the_file_is_found_once() -> None:
    assert len(reference_keys()) == len(set(reference_keys())) == SOURCE.count("\n@") > 15


@pytest.mark.parametrize("key", reference_keys())
def test_entries_are_well_formed(key: str) -> None:
    entry = bibtex([key])
    assert entry.count("{") == entry.count("}")
    for field in ("author", "title"):
        assert re.search(rf'^    {field} = ".+",?$', entry, re.MULTILINE)
    fields = entry.splitlines()[1:-1]
    assert all(line.endswith(",") for line in fields[:-1])
    assert not fields[-1].endswith(",")
    assert "eprint" in entry or "doi" in entry or "journal" in entry


def test_models_and_experiments_cite_what_exists() -> None:
    for name in model_names():
        assert bibtex(describe_model(name).references)
    assert set(REFERENCES) == set(METHODS)
    for keys in REFERENCES.values():
        assert bibtex(keys)
    for file in (files("darkbeam") / "experiments" / "data").iterdir():
        if file.name.endswith(".toml"):
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            keys = [*content["references"], *(r["reference"] for r in content["run"])]
            assert bibtex(keys)


def test_order_and_repetition() -> None:
    text = bibtex(["Read:2002hq", "Holdom:1985ag", "Read:2002hq"])
    assert re.findall(r"@article\{([^,]+),", text) == ["Read:2002hq", "Holdom:1985ag"]
    assert bibtex("Holdom:1985ag") == bibtex(["Holdom:1985ag"])
    assert bibtex([]) == ""


def test_an_unknown_key_meets_the_near_match() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Holdom:1985ag'"):
        bibtex(["Holdom:1986ag"])
