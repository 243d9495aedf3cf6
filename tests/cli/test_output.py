from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from darkbeam.cli.options import Format
from darkbeam.cli.output import (
    PICTURE_ENDINGS,
    RESULT_ENDINGS,
    Sink,
    check_writable,
    dataset_table,
    print_page,
    text_table,
)
from darkbeam.errors import InputError
from darkbeam.plotting import style
from darkbeam.results import FILE_ENDINGS, read_dataset


@pytest.fixture
def result() -> xr.Dataset:
    return xr.Dataset(
        {
            "dark": ("mass_GeV", [1.23456789e-5, np.inf], {"units": "GeV"}),
            "tau_s": ("mass_GeV", [np.nan, 2.0], {"units": "s"}),
        },
        coords={"mass_GeV": ("mass_GeV", [0.001, 1.0], {"units": "GeV"})},
    )


def test_the_endings_are_those_of_the_writers():
    assert RESULT_ENDINGS == FILE_ENDINGS
    assert PICTURE_ENDINGS == style.PICTURE_ENDINGS


def test_a_table_has_units_in_its_heading_and_four_digits(result):
    assert dataset_table(result).splitlines() == [
        "mass_GeV  dark [GeV]  tau_s",
        "--------  ----------  -----",
        "   0.001   1.235e-05    nan",
        "       1         inf      2",
    ]


def test_a_gap_is_a_dash(result):
    result["dark"].attrs["missing"] = np.inf
    result["tau_s"].attrs["missing"] = np.nan
    rows = dataset_table(result).splitlines()[2:]
    assert [row.split() for row in rows] == [["0.001", "1.235e-05", "-"], ["1", "-", "2"]]


def test_texts_stand_to_the_left():
    assert text_table(["a", "name"], [["1", "x"], ["10", "yy"]]).splitlines() == [
        " a  name",
        "--  ----",
        " 1  x",
        "10  yy",
    ]
    assert text_table(["a"], []) == "a\n-"


def test_the_form_on_stdout(result, capsys):
    Sink(Format.csv).write(result)
    text = capsys.readouterr().out
    assert text.startswith("# darkbeam ")
    assert "\nmass_GeV,dark,tau_s\n0.001,1.23456789e-05,nan\n" in text
    Sink(Format.json).write(result)
    assert json.loads(capsys.readouterr().out)["data"]["dark"] == [1.23456789e-05, "inf"]
    Sink().write(result, footnote="so it is")
    assert capsys.readouterr().out.endswith("\n\nso it is\n")


@pytest.mark.parametrize("ending", [".csv", ".json", ".nc", ".h5"])
def test_a_file_replaces_the_table_and_reads_back(result, capsys, tmp_path, ending):
    path = tmp_path / f"result{ending}"
    Sink(file=path).write(result, method="etl")
    captured = capsys.readouterr()
    assert captured == ("", f"darkbeam: wrote {path}\n")
    back = read_dataset(path)
    assert back.attrs["method"] == "etl"
    assert back.drop_attrs(deep=False).identical(result)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_file_and_a_form_give_both(result, capsys, tmp_path):
    Sink(Format.csv, tmp_path / "x.json", quiet=True).write(result)
    captured = capsys.readouterr()
    assert "mass_GeV,dark,tau_s" in captured.out
    assert captured.err == ""


def test_writability_is_checked_without_touching_what_is_there(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("old")
    check_writable(path, [".csv"])
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]


def test_what_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        check_writable(type(tmp_path)("/proc/x.csv"), [".csv"])
    with pytest.raises(InputError, match="unknown ending ''"):
        check_writable(tmp_path / "result", [".csv", ".nc"])


PAGE = {"name": "x", "mass": 0.125, "empty": "", "refs": ["a", "b"], "cuts": {"low": 1, "high": 2}}


def test_a_page_as_text(capsys):
    print_page(PAGE, None)
    assert capsys.readouterr().out.splitlines() == [
        "name  x",
        "mass  0.125",
        "refs  a",
        "      b",
        "cuts  low: 1",
        "      high: 2",
    ]


def test_a_page_as_json_and_csv(capsys):
    print_page(PAGE, Format.json)
    assert json.loads(capsys.readouterr().out) == PAGE
    print_page(PAGE, Format.csv)
    lines = [x for x in capsys.readouterr().out.splitlines() if not x.startswith("#")]
    assert lines[:4] == ["key,value", "name,x", "mass,0.125", "refs,a"]
