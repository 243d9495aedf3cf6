import csv
import errno
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam import results
from darkbeam._version import package_version
from darkbeam.errors import InputError

TEXT_ENDINGS = (".csv", ".json")
BINARY_ENDINGS = (".nc", ".h5")


def assert_identical(result, truth):
    """Identical to xarray, and in what xarray overlooks: types, signs of zero, order."""
    xr.testing.assert_identical(result, truth)
    for name, variable in truth.variables.items():
        assert result[name].dtype == variable.dtype
        if variable.dtype.kind == "f":
            number = ~np.isnan(variable.values)  # the sign of NaN means nothing
            signs = [np.signbit(v.values)[number] for v in (result[name], variable)]
            np.testing.assert_array_equal(*signs)
    assert list(result.data_vars) == list(truth.data_vars)
    assert list(result.attrs) == list(truth.attrs)


@pytest.fixture
def reach():
    """One dimension, as most commands print it."""
    return xr.Dataset(
        {
            "coupling_lo": ("mass_GeV", [1e-5, 0.1 + 0.2, np.nan], {"units": "1"}),
            "coupling_hi": ("mass_GeV", [math.inf, -0.0, 5e-324]),
            "events": ("mass_GeV", np.array([3, -1, 2**62])),
            "excluded": ("mass_GeV", [True, False, True]),
            "run": ("mass_GeV", ["2016", 'with "quotes", comma', ""]),
            "background": ((), 0.53, {"units": "events"}),
        },
        coords={"mass_GeV": ("mass_GeV", [0.001, 0.01, 1.0], {"units": "GeV"})},
        attrs={"command": "darkbeam reach NA64e", "confidence": 0.9, "method": "cls"},
    )


@pytest.fixture
def spectrum():
    """Two dimensions, and variables along one of them in another order."""
    rng = np.random.default_rng(1)
    return xr.Dataset(
        {
            "sigma_pb": ("mass_GeV", [10.0, 1.0], {"units": "pb"}),
            "dsigma_dx_pb": (("mass_GeV", "x"), rng.normal(size=(2, 3)), {"units": "pb"}),
            "turned": (("x", "mass_GeV"), rng.integers(-5, 5, (3, 2))),
        },
        coords={
            "mass_GeV": ("mass_GeV", [0.01, 0.1], {"units": "GeV"}),
            "x": [0.5, 0.7, 0.9],
            "dm_mass_GeV": ("mass_GeV", [0.003, 0.03], {"units": "GeV"}),
        },
    )


def round_trip(dataset, path):
    results.write_dataset(dataset, path)
    return results.read_dataset(path)


@pytest.mark.parametrize("ending", results.FILE_ENDINGS)
def test_files_give_back_an_identical_dataset(reach, spectrum, tmp_path, ending):
    for dataset in (reach, spectrum, xr.Dataset(), xr.Dataset({"x": 1.5}, attrs={"a": "b"})):
        assert_identical(round_trip(dataset, tmp_path / f"r{ending}"), dataset)
    assert [path.name for path in tmp_path.iterdir()] == [f"r{ending}"]


ATTRIBUTES = {
    "text": "a: b # c\nd é",
    "like json": 'json:{"a": 1}',
    "empty": "",
    "int": 3,
    "big": 2**62,
    "float": 0.1,
    "nan": [math.nan],
    "inf": -math.inf,
    "true": True,
    "none": None,
    "list": [1, "a", [2.5, None]],
    "map": {"a": {"float": 1.0}, "array": [1]},
    "array": np.array([[1.5, np.inf]]),
    "texts": ["x", "y"],
    "units": "GeV",
    "darkbeam_version": "0.0.1",
}


@pytest.mark.parametrize("ending", results.FILE_ENDINGS)
def test_attributes_of_all_kinds_come_back(tmp_path, ending):
    dataset = xr.Dataset(
        {"y": ("x", [1.0, 2.0], ATTRIBUTES)}, coords={"x": ("x", [1, 2], ATTRIBUTES)}
    ).assign_attrs(ATTRIBUTES)
    result = round_trip(dataset, tmp_path / f"r{ending}")
    for attributes in (result.attrs, result["y"].attrs, result["x"].attrs):
        assert list(attributes) == list(ATTRIBUTES)
        for name, value in ATTRIBUTES.items():
            np.testing.assert_equal(attributes[name], value)
            assert type(attributes[name]) is type(value)


@pytest.mark.parametrize("ending", results.FILE_ENDINGS)
@pytest.mark.parametrize(
    "dtype", ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?", "U3", "O"]
)
def test_types_come_back(tmp_path, ending, dtype):
    values = np.array([0, 1, 1], dtype=dtype) if dtype != "O" else np.array(["a", "bcd"], object)
    if dtype in ("f4", "f8"):
        values = np.array([0.1, np.finfo(dtype).max, np.finfo(dtype).smallest_subnormal], dtype)
    if dtype in ("i8", "u8"):
        values = np.array([np.iinfo(dtype).min, np.iinfo(dtype).max], dtype)
    dataset = xr.Dataset({"v": ("n", values)})
    result = round_trip(dataset, tmp_path / f"r{ending}")
    if not (dtype in ("O", "U3") and ending in BINARY_ENDINGS):  # NetCDF has one kind of text
        assert result["v"].dtype == values.dtype
    assert result["v"].values.tolist() == values.tolist()


@pytest.mark.parametrize("ending", results.FILE_ENDINGS)
def test_grids_without_points_come_back(tmp_path, ending):
    dataset = xr.Dataset(
        {"a": (("x", "y"), np.zeros((0, 3))), "b": ("y", [1.0, 2.0, 3.0])}, coords={"y": [1, 2, 3]}
    )
    assert_identical(round_trip(dataset, tmp_path / f"r{ending}"), dataset)


floats = st.floats(allow_nan=True, allow_infinity=True, width=64)
integers = st.integers(-(2**63), 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
# NumPy drops zeros at the end of a text; h5netcdf has rules of its own for names.
names = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1)


@st.composite
def datasets(draw):
    """Datasets of up to two dimensions with columns of all kinds."""
    sizes = draw(st.dictionaries(st.sampled_from(["x", "y"]), st.integers(1, 3), max_size=2))
    variables = {}
    for name in draw(st.lists(names, max_size=4, unique=True)):
        dims = draw(st.permutations(sorted(sizes)))
        dims = dims[: draw(st.integers(0, len(dims)))]
        count = math.prod(sizes[d] for d in dims)
        kind = draw(st.sampled_from([floats, integers, texts, st.booleans()]))
        values = np.array(draw(st.lists(kind, min_size=count, max_size=count)))
        attributes = draw(st.dictionaries(texts, texts | floats | integers, max_size=2))
        if name not in ("x", "y"):
            variables[name] = (dims, values.reshape([sizes[d] for d in dims]), attributes)
    used = {d for dims, _, _ in variables.values() for d in dims}
    coordinates = {
        d: draw(st.lists(floats, min_size=n, max_size=n)) for d, n in sizes.items() if d in used
    }
    attributes = draw(st.dictionaries(texts, texts | floats | integers, max_size=3))
    return xr.Dataset(variables, coords=coordinates, attrs=attributes)


@settings(deadline=None, max_examples=100)
@given(datasets())
def test_any_dataset_comes_back_from_text_to_the_last_bit(tmp_path_factory, dataset):
    folder = tmp_path_factory.getbasetemp()
    for ending in TEXT_ENDINGS:
        assert_identical(round_trip(dataset, folder / f"any{ending}"), dataset)


def test_csv_is_a_table_under_a_comment_header(reach):
    text = results.dataset_to_csv(results.stamp(reach))
    lines = text.splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert comments[0] == f"# darkbeam {package_version()}"
    assert "# command: darkbeam reach NA64e" in comments
    assert "# mass_GeV: GeV" in comments
    assert "# method: cls" in comments
    assert "# background = 0.53 events" in comments
    assert lines[: len(comments)] == comments
    assert lines[len(comments)] == "mass_GeV,coupling_lo,coupling_hi,events,excluded,run"
    assert lines[len(comments) + 1] == "0.001,1e-05,inf,3,True,2016"
    assert lines[len(comments) + 2].startswith("0.01,0.30000000000000004,-0.0,-1,False,")
    assert text.endswith("\n")
    rows = list(csv.reader(io.StringIO("\n".join(lines[len(comments) :]))))
    assert [len(row) for row in rows] == [6, 6, 6, 6]


def test_csv_is_read_by_numpy_without_darkbeam(spectrum):
    table = np.loadtxt(io.StringIO(results.dataset_to_csv(spectrum)), delimiter=",", skiprows=7)
    np.testing.assert_array_equal(table[:, 4], spectrum["dsigma_dx_pb"].values.ravel())


def test_two_dimensions_become_a_long_table(spectrum):
    lines = results.dataset_to_csv(spectrum).splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    assert rows[0] == "mass_GeV,x,dm_mass_GeV,sigma_pb,dsigma_dx_pb,turned"
    table = list(csv.DictReader(rows))
    assert len(table) == 6
    for row in table:
        point = spectrum.sel(mass_GeV=float(row["mass_GeV"]), x=float(row["x"]))
        for name in ("dm_mass_GeV", "sigma_pb", "dsigma_dx_pb", "turned"):
            assert float(row[name]) == float(point[name])


def test_comments_never_break_the_table(tmp_path):
    dataset = xr.Dataset(
        {"#n": ("#n", ["#a", "b\nc", "d\re"])}, attrs={"command": "a\nmass_GeV,b\n", "x\ny": "1\r2"}
    )
    path = tmp_path / "r.csv"
    assert_identical(round_trip(dataset, path), dataset)
    comments = [line for line in path.read_text().split("\n") if line.startswith("# ")]
    assert len(comments) == 4


def test_json_is_strict_and_plain(reach):
    def refuse(constant):
        raise AssertionError(constant)

    content = json.loads(results.dataset_to_json(reach), parse_constant=refuse)
    assert content["darkbeam"] == package_version()
    assert content["command"] == "darkbeam reach NA64e"
    assert content["units"]["mass_GeV"] == "GeV"
    assert next(iter(content["data"])) == "mass_GeV"
    assert content["data"]["mass_GeV"] == [0.001, 0.01, 1.0]
    assert content["data"]["coupling_lo"] == [1e-5, 0.1 + 0.2, None]
    assert content["data"]["coupling_hi"] == ["inf", 0.0, 5e-324]
    assert content["data"]["events"] == [3, -1, 2**62]
    assert content["data"]["excluded"] == [True, False, True]


def test_netcdf_is_read_by_xarray_without_darkbeam(reach, tmp_path):
    results.write_dataset(reach, tmp_path / "r.nc")
    plain = xr.load_dataset(tmp_path / "r.nc")
    assert plain["mass_GeV"].attrs["units"] == "GeV"
    assert plain.attrs["method"] == "cls"
    np.testing.assert_array_equal(plain["coupling_hi"], reach["coupling_hi"])


def test_lifetime_in_seconds_stays_a_number(tmp_path):
    dataset = xr.Dataset({"tau_s": ("m", [1e-13, 1.0], {"units": "s"})})
    assert_identical(round_trip(dataset, tmp_path / "r.nc"), dataset)


def test_stamp_adds_version_and_method_to_a_copy(reach):
    stamped = results.stamp(reach, method="etl", model="dark-photon", run=None)
    assert stamped.attrs["darkbeam_version"] == package_version()
    assert stamped.attrs["method"] == "etl"
    assert stamped.attrs["model"] == "dark-photon"
    assert "run" not in stamped.attrs
    assert reach.attrs["method"] == "cls"


def test_table_tells_the_version_that_made_it(reach):
    old = reach.assign_attrs(darkbeam_version="0.0.1")
    assert results.dataset_to_csv(old).startswith("# darkbeam 0.0.1\n")
    assert json.loads(results.dataset_to_json(old))["darkbeam"] == "0.0.1"


def test_file_of_another_program_is_read_as_columns(tmp_path):
    path = tmp_path / "limit.csv"
    path.write_bytes(
        b"\xef\xbb\xbf# digitised by hand\n# m: GeV\n"
        b"m,eps,n,name\r\n0.1,1e-3,1,a\r\n0.2,inf,2,b\r\n\r\n"
    )
    dataset = results.read_dataset(path)
    assert dict(dataset.sizes) == {"row": 2}
    assert dataset["m"].attrs == {"units": "GeV"}
    assert dataset["eps"].values.tolist() == [1e-3, math.inf]
    assert dataset["n"].dtype == np.int64
    assert dataset["name"].values.tolist() == ["a", "b"]


def spoil(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n0.01,", "\n0.01x,", r"line 11: mass_GeV = '0\.01x': must be number"),
        (",-1,", ",-1.5,", r"line 11: events = '-1\.5': must be integer"),
        (",-1,", ",9999999999999999999999,", r"line 11: events = '9+': must be integer"),
        ("False", "Fals", "line 11: excluded = 'Fals': must be True or False"),
        (",-1,", ",", "line 11: 5 values, but 6 columns"),
        (",-1,", ",-1,0,", "line 11: 7 values, but 6 columns"),
        ("events,", "excluded,", "line 9: two columns have the same name"),
        ("events,", "evts,", "does not hold the column 'evts'"),
        ('"dims": {"mass_GeV": 3}', '"dims": {"mass_GeV": 4}', "3 rows, but .* announces 4"),
        ("# dataset: {", "# dataset: {{", "line 8: the description is damaged"),
        ('"dims"', '"dimensions"', "line 8: the description does not fit"),
        ('"dtype": "<i8"', '"dtype": "<q7"', "does not hold the column|description"),
        ("# dataset: {", "# dataset: [{", "line 8: the description is damaged"),
    ],
)
def test_malformed_csv_is_reported_with_its_line(reach, tmp_path, old, new, message):
    text = results.dataset_to_csv(reach)
    assert text.splitlines()[8].startswith("mass_GeV,")
    path = tmp_path / "bad.csv"
    path.write_text(spoil(text, old, new))
    with pytest.raises(InputError, match=message) as caught:
        results.read_dataset(path)
    assert str(caught.value).startswith(f"file {str(path)!r}: ")
    assert "\n" not in str(caught.value)


def test_truncated_csv_is_noticed(reach, spectrum, tmp_path):
    path = tmp_path / "cut.csv"
    for dataset in (reach, spectrum):
        text = results.dataset_to_csv(dataset)
        for length in range(0, len(text) - 12, 7):
            path.write_text(text[:length])
            try:
                result = results.read_dataset(path)
            except InputError:
                continue
            # Cut within the comments it is what other programs write: no values at all.
            assert not result.equals(dataset)
            assert all(size == 0 for size in result.sizes.values())


def test_column_edited_into_a_contradiction_is_noticed(spectrum, tmp_path):
    lines = results.dataset_to_csv(spectrum).splitlines()
    lines[-1] = lines[-1].replace(",1.0,", ",2.0,")
    path = tmp_path / "edited.csv"
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match="'sigma_pb' differs between rows of the same mass_GeV"):
        results.read_dataset(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "line 1: the header row is missing"),
        ("a.csv", b"# only\n# comments\n", "line 3: the header row is missing"),
        ("a.csv", b"a,b\n1,\xff\n", "line 2: is not UTF-8 text"),
        ("a.csv", b'a,b\n1,"2\n', "line "),
        ("a.json", b"", "line 1: "),
        ("a.json", b'{\n"data": 1,\n}', "line 3: "),
        ("a.json", b"[1, 2]", "is no result of darkbeam"),
        ("a.json", b'{"data": {"x": [1]}, "dataset": {}}', "the data are damaged"),
        ("a.json", b'{"data": [1], "dataset": {}}', "the data are damaged"),
        ("a.nc", b"no netcdf", "is no sound NetCDF file"),
        ("a.h5", b"", "is no sound NetCDF file"),
    ],
)
def test_malformed_files(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        results.read_dataset(path)
    assert str(caught.value).startswith(f"file {str(path)!r}: ")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("ending", results.FILE_ENDINGS)
def test_missing_file(tmp_path, ending):
    with pytest.raises(InputError, match="cannot be read: No such file or directory"):
        results.read_dataset(tmp_path / f"none{ending}")


@pytest.mark.parametrize("name", ["r.txt", "r", "r.csv.gz", ".csv"])
def test_unknown_ending_names_the_known_ones(reach, tmp_path, name):
    for call in (lambda p: results.write_dataset(reach, p), results.read_dataset):
        with pytest.raises(InputError, match=r"unknown ending .* known: \.csv, \.json, \.nc, \.h5"):
            call(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", results.FILE_ENDINGS)
def test_paths_that_cannot_be_written(reach, tmp_path, ending):
    (tmp_path / f"folder{ending}").mkdir()
    with pytest.raises(InputError, match="is a directory"):
        results.write_dataset(reach, tmp_path / f"folder{ending}")
    with pytest.raises(InputError, match="there is no directory"):
        results.write_dataset(reach, tmp_path / "none" / f"r{ending}")


@pytest.mark.parametrize("ending", TEXT_ENDINGS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_full_or_protected_disk_leaves_the_old_file(reach, tmp_path, monkeypatch, ending, code):
    path = tmp_path / f"r{ending}"
    results.write_dataset(reach, path)
    old = path.read_bytes()

    def full(self, content):
        self.touch()
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=f"cannot be written: {os.strerror(code)}"):
        results.write_dataset(reach.drop_vars("run"), path)
    assert path.read_bytes() == old
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("HDF5 says no")]
)
def test_netcdf_that_fails_halfway_leaves_the_old_file(reach, tmp_path, monkeypatch, error):
    def full(self, path, **options):
        Path(path).write_bytes(b"half")
        raise error

    path = tmp_path / "r.nc"
    path.write_bytes(b"old")
    monkeypatch.setattr(xr.Dataset, "to_netcdf", full)
    with pytest.raises(InputError, match=r"No space left on device|HDF5 says no"):
        results.write_dataset(reach, path)
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_missing_library_is_named(reach, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    monkeypatch.setitem(sys.modules, "h5netcdf", None)
    with pytest.raises(InputError, match=r"h5py|h5netcdf"):
        results.write_dataset(reach, tmp_path / "r.nc")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX")
def test_links_and_permissions_are_those_of_ordinary_files(reach, tmp_path):
    (tmp_path / "real.csv").touch()
    (tmp_path / "link.csv").symlink_to("real.csv")
    results.write_dataset(reach, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert_identical(results.read_dataset(tmp_path / "real.csv"), reach)
    (tmp_path / "plain").touch()
    results.write_dataset(reach, tmp_path / "new.csv")
    assert (tmp_path / "new.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("ending", results.FILE_ENDINGS)
@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        (xr.Dataset({"z": ("x", [1j])}), "z: values of type complex128"),
        (xr.Dataset({"t": ("x", np.array(["2020"], "M8[s]"))}), "t: values of type datetime64"),
        (xr.Dataset({"o": ("x", np.array([None], object))}), "o: values of type object"),
        (xr.Dataset({"a": 1.0}, attrs={"f": object()}), "'f': a object cannot be written"),
        (xr.Dataset({"a": 1.0}, attrs={"f": "\ud800"}), "is not Unicode"),
        (xr.Dataset({3: 1.0}), "name 3 of a variable must be a text"),
    ],
)
def test_what_has_no_place_in_a_table_is_refused(tmp_path, ending, dataset, message):
    with pytest.raises(InputError, match=message):
        results.write_dataset(dataset, tmp_path / f"r{ending}")
    assert list(tmp_path.iterdir()) == []


def test_importing_the_module_does_not_import_xarray():
    code = "import sys, darkbeam.results; assert not {'xarray', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
