import dataclasses
import enum
import errno
import multiprocessing
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam import storage
from darkbeam.errors import DarkbeamWarning


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    directory = tmp_path / "cache"
    monkeypatch.setenv("DARKBEAM_CACHE_DIR", str(directory))
    monkeypatch.delenv("DARKBEAM_NO_CACHE", raising=False)
    monkeypatch.setattr(storage, "_warned", set())
    return directory


class Counted:
    """A computation that counts how often it runs."""

    def __init__(self, **arrays):
        self.arrays = arrays or {"x": np.array([1.0, np.nan, -0.0])}
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return self.arrays


def files(cache):
    return [path for path in cache.rglob("*") if path.is_file()]


def stored_file(cache):
    (path,) = files(cache)
    return path


@dataclasses.dataclass(frozen=True)
class Shape:
    width: float
    name: str = "slab"


@dataclasses.dataclass(frozen=True)
class OtherShape:
    width: float
    name: str = "slab"


class Method(enum.Enum):
    ETL = "etl"
    WW = "ww"


def test_result_is_computed_once_and_comes_back_to_the_bit():
    compute = Counted(
        f=np.array([1.0, np.nan, np.inf, -0.0, 5e-324]),
        i=np.arange(6, dtype=np.int8).reshape(2, 3),
        c=np.array([1 + 2j]),
        scalar=np.float64(0.1),
        empty=np.zeros((0, 3)),
        text=np.array(["a", "bcd"]),
        file=np.array([True, False]),
    )
    first = storage.cached_arrays("shower", {"energy": 100.0}, compute)
    second = storage.cached_arrays("shower", {"energy": 100.0}, compute)
    assert compute.calls == 1
    assert first.keys() == second.keys() == compute.arrays.keys()
    for name, array in compute.arrays.items():
        for result in (first[name], second[name]):
            assert result.dtype == array.dtype
            assert result.shape == array.shape
            assert result.tobytes() == array.tobytes()


def test_stored_file_is_a_plain_numpy_archive(cache):
    storage.cached_arrays("shower", {}, Counted(x=np.array([1.5])))
    with np.load(stored_file(cache)) as archive:
        assert archive["x"].tolist() == [1.5]


def test_changing_the_result_does_not_change_the_cache():
    compute = Counted(x=np.array([1.0]))
    storage.cached_arrays("a", {}, compute)
    storage.cached_arrays("a", {}, compute)["x"][0] = 7.0
    assert storage.cached_arrays("a", {}, compute)["x"][0] == 1.0


DISTINCT = [
    {},
    {"a": 1},
    {"a": 1.0},
    {"a": True},
    {"a": "1"},
    {"a": "True"},
    {"a": None},
    {"a": "None"},
    {"b": 1},
    {"a": 0.1},
    {"a": np.nextafter(0.1, 1.0)},
    {"a": float(np.float32(0.1))},
    {"a": 0.0},
    {"a": -0.0},
    {"a": [1, 2]},
    {"a": [2, 1]},
    {"a": [[1], 2]},
    {"a": np.array([1, 2])},
    {"a": np.array([1.0, 2.0])},
    {"a": np.array([[1.0, 2.0]])},
    {"a": np.array([1.0, 2.0], dtype=np.float32)},
    {"a": {"b": 1}},
    {"a": {"b": 2}},
    {"a": Shape(1.0)},
    {"a": Shape(2.0)},
    {"a": OtherShape(1.0)},
    {"a": Method.ETL},
    {"a": Method.WW},
    {"a": "ETL"},
    {"a": Path("ETL")},
    {"a": [Shape(1.0), Shape(2.0)]},
]


def test_different_inputs_have_different_keys():
    keys = {storage.content_key("k", inputs) for inputs in DISTINCT}
    assert len(keys) == len(DISTINCT)
    assert storage.content_key("k", {}) != storage.content_key("l", {})


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": 0.1}, {"a": np.float64(0.1)}),
        ({"a": 3}, {"a": np.int16(3)}),
        ({"a": (1, 2)}, {"a": [1, 2]}),
        ({"a": np.array([1.0, 2.0])}, {"a": np.array([1.0, 2.0]).astype(">f8")}),
        ({"a": np.arange(6.0).reshape(2, 3)}, {"a": np.arange(6.0).reshape(3, 2, order="F").T}),
        ({"a": Shape(1.0)}, {"a": Shape(1.0, "slab")}),
    ],
)
def test_equal_inputs_have_the_same_key(one, same):
    if isinstance(one["a"], np.ndarray) and one["a"].ndim == 2:
        same = {"a": np.asfortranarray(one["a"])}
    assert storage.content_key("k", one) == storage.content_key("k", same)


@settings(max_examples=50)
@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_floats_share_a_key_only_if_they_agree_to_the_last_bit(a, b):
    same = a.hex() == b.hex()
    assert (storage.content_key("k", {"x": a}) == storage.content_key("k", {"x": b})) == same


@pytest.mark.parametrize(
    "value",
    [object(), {1: 2}, {1, 2}, lambda: 0, np.array([object()]), 1j, Shape],
    ids=["object", "integer key", "set", "function", "array of objects", "complex", "class"],
)
def test_inputs_that_cannot_be_keyed_are_an_error(value):
    with pytest.raises(TypeError, match=r"inputs\['a'\]"):
        storage.content_key("k", {"a": value})


def test_key_is_the_same_in_another_process():
    inputs = {"a": [0.1, "x"], "b": {"c": True}}
    code = f"from darkbeam import storage; print(storage.content_key('k', {inputs!r}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == storage.content_key("k", inputs)


def test_key_changes_with_version_and_sources(monkeypatch):
    before = storage.content_key("k", {})
    monkeypatch.setattr(storage, "package_version", lambda: "99.0")
    version = storage.content_key("k", {})
    monkeypatch.setattr(storage, "source_digest", lambda: "changed")
    assert len({before, version, storage.content_key("k", {})}) == 3


def test_source_digest_sees_every_file(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    for name in ("storage.py", "data/table.csv"):
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(storage, "__file__", str(tmp_path / "storage.py"))
    digests = [storage.source_digest.__wrapped__()]
    (tmp_path / "data/table.csv").write_text("2")
    digests.append(storage.source_digest.__wrapped__())
    (tmp_path / "data/table.csv").rename(tmp_path / "data/other.csv")
    digests.append(storage.source_digest.__wrapped__())
    assert len(set(digests)) == 3
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "storage.pyc").write_text("3")
    assert storage.source_digest.__wrapped__() == digests[-1]


def damage_truncate(content):
    return content[: len(content) // 2]


def damage_flip_first(content):
    return bytes([content[0] ^ 1]) + content[1:]


def damage_flip_middle(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0x40]) + content[middle + 1 :]


def damage_flip_last(content):
    return content[:-1] + bytes([content[-1] ^ 1])


def damage_empty(content):
    return b""


def damage_append(content):
    return content + b"\0"


def damage_noise(content):
    return np.random.default_rng(1).bytes(len(content))


def damage_zeros(content):
    return bytes(len(content))


@pytest.mark.parametrize(
    "damage",
    [
        damage_truncate,
        damage_flip_first,
        damage_flip_middle,
        damage_flip_last,
        damage_empty,
        damage_append,
        damage_noise,
        damage_zeros,
    ],
)
def test_damaged_file_is_computed_again_and_replaced(cache, damage):
    compute = Counted()
    storage.cached_arrays("a", {}, compute)
    path = stored_file(cache)
    sound = path.read_bytes()
    path.write_bytes(damage(sound))
    result = storage.cached_arrays("a", {}, compute)
    assert compute.calls == 2
    np.testing.assert_array_equal(result["x"], compute.arrays["x"])
    assert path.read_bytes() == sound
    storage.cached_arrays("a", {}, compute)
    assert compute.calls == 2


def test_every_single_flipped_bit_is_noticed(cache):
    storage.cached_arrays("a", {}, Counted(x=np.array([1.0])))
    path = stored_file(cache)
    key = path.stem
    sound = path.read_bytes()
    for position in range(len(sound)):
        changed = bytearray(sound)
        changed[position] ^= 1 << (position % 8)
        path.write_bytes(changed)
        assert storage._load(path, key) is None, position
    path.write_bytes(sound)
    assert storage._load(path, key) is not None


def test_file_of_another_key_is_not_trusted(cache):
    storage.cached_arrays("a", {"n": 1}, Counted(x=np.array([1.0])))
    wrong = stored_file(cache).read_bytes()
    (path,) = (p for p in files(cache))
    path.unlink()
    compute = Counted(x=np.array([2.0]))
    storage.cached_arrays("a", {"n": 2}, compute)
    stored_file(cache).write_bytes(wrong)
    assert storage.cached_arrays("a", {"n": 2}, compute)["x"][0] == 2.0
    assert compute.calls == 2


def test_full_disk_still_gives_the_result_with_one_warning(cache, monkeypatch):
    def full(self, content):
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    compute = Counted()
    with pytest.warns(DarkbeamWarning, match="No space left on device") as caught:
        results = [storage.cached_arrays("a", {}, compute) for _ in range(2)]
    assert len(caught) == 1
    assert compute.calls == 2
    for result in results:
        np.testing.assert_array_equal(result["x"], compute.arrays["x"])
    assert files(cache) == []


def test_cache_that_cannot_be_written_falls_back_with_one_warning(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no directory")
    monkeypatch.setenv("DARKBEAM_CACHE_DIR", str(tmp_path / "file" / "cache"))
    compute = Counted()
    with pytest.warns(DarkbeamWarning, match="cannot be written to") as caught:
        results = [storage.cached_arrays("fallback", {}, compute) for _ in range(2)]
    directory = storage.cache_directory()
    assert len(caught) == 1
    assert len(results) == 2
    assert compute.calls == 1
    assert directory.is_dir()
    assert tmp_path not in directory.parents


def test_temporary_fallback_goes_away_with_the_process(tmp_path):
    (tmp_path / "file").touch()
    code = "from darkbeam import storage; print(storage.cache_directory())"
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"DARKBEAM_CACHE_DIR": str(tmp_path / "file"), "TMPDIR": str(tmp_path)},
    )
    directory = Path(run.stdout.strip())
    assert directory.parent == tmp_path
    assert not directory.exists()


def test_default_directory_is_that_of_the_platform(tmp_path, monkeypatch):
    monkeypatch.delenv("DARKBEAM_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert storage.cache_directory().is_relative_to(tmp_path)
    assert storage.cache_directory().name == "darkbeam"


def test_no_cache_reads_and_writes_nothing(cache, monkeypatch):
    monkeypatch.setenv("DARKBEAM_NO_CACHE", "1")
    compute = Counted()
    storage.cached_arrays("a", {}, compute)
    result = storage.cached_arrays("a", {}, compute)
    assert compute.calls == 2
    assert not cache.exists()
    assert isinstance(result["x"], np.ndarray)


def test_computation_that_fails_leaves_nothing(cache):
    def fails():
        raise RuntimeError("physics")

    with pytest.raises(RuntimeError, match="physics"):
        storage.cached_arrays("a", {}, fails)
    assert files(cache) == []


def test_objects_are_no_result():
    with pytest.raises(TypeError, match="x: an array of Python objects"):
        storage.cached_arrays("a", {}, Counted(x=np.array([None])))


def test_clear_cache_removes_only_its_own(cache):
    storage.cached_arrays("a", {}, Counted())
    kernels = cache / "kernels-0"
    kernels.mkdir()
    (kernels / "f.bin").write_bytes(b"123")
    size = sum(path.stat().st_size for path in files(cache))
    (cache / "thesis.tex").write_text("precious")
    (cache / "photos").mkdir()
    assert storage.clear_cache() == size
    assert sorted(path.name for path in cache.iterdir()) == ["photos", "thesis.tex"]
    assert storage.clear_cache() == 0


def _store(number):
    result = storage.cached_arrays(
        "race", {"n": number % 3}, lambda: {"x": np.full(20_000, float(number % 3))}
    )
    return float(result["x"].min()), float(result["x"].max())


def test_processes_that_write_at_once_never_see_half_a_file(cache):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for number, (low, high) in enumerate(pool.map(_store, range(60), chunksize=1)):
            assert low == high == number % 3
    assert len(files(cache)) == 3


def test_atomic_path_keeps_the_old_file_after_an_error(tmp_path):
    target = tmp_path / "result.csv"
    target.write_text("old")

    def fails_halfway():
        with storage.atomic_path(target) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_halfway()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["result.csv"]
    assert target.read_text() == "old"
    with storage.atomic_path(target) as part:
        part.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"


def test_sound_files_are_used_without_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compute = Counted()
        storage.cached_arrays("quiet", {}, compute)
        storage.cached_arrays("quiet", {}, compute)
    assert compute.calls == 1


def test_an_interrupt_waits_for_the_file(monkeypatch, tmp_path):
    """A file is written whole or not begun; the interrupt comes right after."""
    import signal

    monkeypatch.setenv("DARKBEAM_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("DARKBEAM_NO_CACHE", raising=False)
    whole = storage._pack

    def interrupted_pack(arrays, key):
        signal.raise_signal(signal.SIGINT)
        return whole(arrays, key)

    monkeypatch.setattr(storage, "_pack", interrupted_pack)
    with pytest.raises(KeyboardInterrupt):
        storage.cached_arrays("test", {"a": 1}, lambda: {"x": np.ones(3)})
    monkeypatch.setattr(storage, "_pack", whole)
    kept = storage.cached_arrays("test", {"a": 1}, lambda: pytest.fail("was not kept"))
    np.testing.assert_array_equal(kept["x"], np.ones(3))
