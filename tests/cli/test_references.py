from __future__ import annotations

import re

import xarray as xr

from darkbeam._version import package_version
from darkbeam.results import write_dataset


def _keys(text: str) -> list[str]:
    return re.findall(r"^@\w+\{([^,]+),", text, re.MULTILINE)


def test_a_model_and_an_experiment(run):
    outcome = run("cite", "NA64e", "dark-photon")
    keys = _keys(outcome.out)
    assert {"NA64:2017vtt", "NA64:2019imj", "NA64:2023wbi", "Holdom:1985ag"} <= set(keys)
    assert len(keys) == len(set(keys))
    assert keys[-1] == f"darkbeam:{package_version()}"


def test_darkbeam_itself(run):
    outcome = run("cite")
    assert _keys(outcome.out) == [f"darkbeam:{package_version()}"]
    assert outcome.out.count("{") == outcome.out.count("}")


def test_a_result_and_a_key(run, tmp_path):
    path = tmp_path / "r.csv"
    write_dataset(xr.Dataset({"a": ("n", [1.0])}, attrs={"references": "Holdom:1985ag"}), path)
    assert _keys(run("cite", path).out)[0] == "Holdom:1985ag"
    assert _keys(run("cite", "NA64:2019imj").out)[0] == "NA64:2019imj"


def test_a_result_without_references_and_no_file(refused, tmp_path):
    path = tmp_path / "r.csv"
    write_dataset(xr.Dataset({"a": ("n", [1.0])}), path)
    assert "names no references" in refused("cite", path)
    assert "No such file" in refused("cite", tmp_path / "none.nc")


def test_a_model_in_a_file(run, refused, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\nspin = 1\nreferences = ["Gninenko:2020hbd"]\ncouplings.e = 1\n')
    assert _keys(run("cite", path).out)[0] == "Gninenko:2020hbd"
    path.write_text('name = "mine"\nspin = 1\ncouplings.ee = 1\n')
    assert "did you mean 'e'" in refused("cite", path)
