import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from darkbeam import compiled
from darkbeam.errors import InputError

SOURCES = Path(compiled.__file__).parent
LOW_LAYERS = ("__init__", "_version", "errors", "constants", "storage", "compiled", "_kernel_cache")

CONSTANTS = "SCALE = 2.0\n"
KERNELS = """
import math
import numpy as np
from darkbeam.compiled import kernel
from darkbeam.toy import numbers

NODES = np.array([1.0, 2.0, 3.0])
OFFSET = 0.25

@kernel(inline="always")
def scaled(x):
    return numbers.SCALE * x

@kernel
def summed(a):
    total = 0.0
    for i in range(a.size):
        total += scaled(a[i]) + OFFSET
    return total

@kernel
def quadrature(x):
    total = 0.0
    for node in NODES:
        total += math.sqrt(node) * x
    return total

@kernel(fastmath=True)
def inverse(x):
    return 1.0 / x

def product_with(function):
    @kernel
    def product(x):
        return function(x) * x
    return product

square_scaled = product_with(scaled)
inverse_times = product_with(inverse)
"""
DRIVER = """
import json, sys
import numpy as np
{before}
from darkbeam.toy import _kernels as k
calls = {
    "summed": (k.summed, np.array([1.0, 2.0])),
    "quadrature": (k.quadrature, 2.0),
    "inverse": (k.inverse, 4.0),
    "square_scaled": (k.square_scaled, 3.0),
    "inverse_times": (k.inverse_times, 5.0),
}
values = {name: f(x) for name, (f, x) in calls.items()}
hits = {name: sum(f.stats.cache_hits.values()) for name, (f, x) in calls.items()}
misses = {name: sum(f.stats.cache_misses.values()) for name, (f, x) in calls.items()}
print(json.dumps({"values": values, "hits": hits, "misses": misses}))
"""
NAMES = ("summed", "quadrature", "inverse", "square_scaled", "inverse_times")
TRUTH = {
    "summed": 6.5,
    "quadrature": 2.0 * (1.0 + 2.0**0.5 + 3.0**0.5),
    "inverse": 0.25,
    "square_scaled": 18.0,
    "inverse_times": 1.0,
}
ALL, NONE = dict.fromkeys(NAMES, 1), dict.fromkeys(NAMES, 0)


class Toy:
    """A copy of the low layers with a few kernels, run in processes of its own."""

    def __init__(self, folder):
        self.package = folder / "site" / "darkbeam"
        self.cache = folder / "cache"
        (self.package / "toy").mkdir(parents=True)
        for name in LOW_LAYERS:
            shutil.copy(SOURCES / f"{name}.py", self.package)
        self.write("__init__", "")
        self.write("numbers", CONSTANTS)
        self.write("_kernels", KERNELS)

    def write(self, name, text):
        (self.package / "toy" / f"{name}.py").write_text(text)

    def start(self, before="", **environment):
        settings = {
            **os.environ,
            "PYTHONPATH": str(self.package.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DARKBEAM_CACHE_DIR": str(self.cache),
            **environment,
        }
        settings.pop("DARKBEAM_NO_CACHE", None) if "DARKBEAM_NO_CACHE" not in environment else None
        code = DRIVER.replace("{before}", before)
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code],
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process):
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        report = json.loads(output)
        report["stderr"] = errors
        return report

    def run(self, before="", **environment):
        return self.finish(self.start(before, **environment))

    def files(self):
        return sorted(path for path in self.cache.rglob("*") if path.is_file())

    def listing(self):
        return sorted((str(p), p.stat().st_mtime_ns) for p in self.package.parent.rglob("*"))


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A toy package whose kernels are all on disk."""
    toy = Toy(tmp_path_factory.mktemp("toy"))
    before = toy.listing()
    report = toy.run()
    assert report["values"] == pytest.approx(TRUTH, rel=1e-15, abs=0.0)
    assert (report["hits"], report["misses"]) == (NONE, ALL)
    assert toy.listing() == before  # nothing is written beside the sources
    return toy


@pytest.fixture
def toy(warm, tmp_path):
    """A copy of the cache of the warm package, for a test to spoil."""
    copy = Toy.__new__(Toy)
    copy.package, copy.cache = tmp_path / "site" / "darkbeam", tmp_path / "cache"
    shutil.copytree(warm.package, copy.package)
    shutil.copytree(warm.cache, copy.cache)
    return copy


def test_second_process_compiles_nothing(warm):
    report = warm.run()
    assert report["values"] == pytest.approx(TRUTH, rel=1e-15, abs=0.0)
    assert (report["hits"], report["misses"]) == (ALL, NONE)


def test_each_kernel_has_one_file_and_no_other_is_left(warm):
    assert len(warm.files()) == len(NAMES)
    assert all(path.suffix == ".bin" for path in warm.files())


def test_damaged_files_are_compiled_again_and_rewritten(toy):
    import hashlib
    import pickle

    paths = toy.files()
    sound = [path.read_bytes() for path in paths]
    middle = len(sound[1]) // 2
    paths[0].write_bytes(sound[0][:-100])
    paths[1].write_bytes(sound[1][:middle] + bytes([sound[1][middle] ^ 4]) + sound[1][middle + 1 :])
    paths[2].write_bytes(sound[3])  # sound, but the machine code of another kernel
    paths[3].write_bytes(b"")
    wrong = sound[4][32:64] + pickle.dumps(("not", "machine code"))  # under a right checksum
    paths[4].write_bytes(hashlib.sha256(wrong).digest() + wrong)
    report = toy.run()
    assert report["values"] == pytest.approx(TRUTH, rel=1e-15, abs=0.0)
    assert (report["hits"], report["misses"]) == (NONE, ALL)
    assert report["stderr"] == ""
    assert toy.files() == paths
    again = toy.run()
    assert again["values"] == report["values"]
    assert again["hits"] == ALL


def test_changed_constant_of_another_module_is_never_missed(toy):
    toy.write("numbers", "SCALE = 5.0\n")
    report = toy.run()
    assert report["values"]["summed"] == 15.5
    assert report["values"]["square_scaled"] == 45.0
    # What does not rest on it is not compiled again.
    assert report["hits"] == {**NONE, "quadrature": 1, "inverse": 1, "inverse_times": 1}


def test_changed_callee_and_options_are_never_missed(toy):
    toy.write("_kernels", KERNELS.replace("numbers.SCALE * x", "numbers.SCALE * x + 1.0"))
    report = toy.run()
    assert report["values"]["summed"] == 8.5
    assert report["values"]["square_scaled"] == 21.0
    assert report["values"]["inverse"] == 0.25


def test_global_that_depends_on_the_run_is_part_of_the_key(toy):
    before = "import darkbeam.toy._kernels as m; m.NODES = np.array([4.0])"
    assert toy.run(before)["values"]["quadrature"] == 4.0
    report = toy.run()
    assert report["values"]["quadrature"] == pytest.approx(TRUTH["quadrature"], rel=1e-15, abs=0.0)
    assert report["hits"] == ALL


def test_sources_edited_after_import_do_not_spoil_the_cache(toy):
    # The process has imported the old code and finds the new file when it compiles.
    path = toy.package / "toy" / "_kernels.py"
    edit = f"p = {str(path)!r}; t = open(p).read().replace('1.0 / x', '2.0 / x')"
    before = f"import darkbeam.toy._kernels; {edit}; open(p, 'w').write(t)"
    assert toy.run(before)["values"]["inverse"] == 0.25
    assert toy.run()["values"]["inverse"] == 0.5


def test_two_processes_may_compile_at_once(toy):
    shutil.rmtree(toy.cache)
    for report in [toy.finish(process) for process in (toy.start(), toy.start())]:
        assert report["values"] == pytest.approx(TRUTH, rel=1e-15, abs=0.0)
    assert len(toy.files()) == len(NAMES)
    assert toy.run()["hits"] == ALL


def test_cache_that_cannot_be_written_is_no_obstacle(toy, tmp_path):
    (tmp_path / "file").touch()
    before = "import warnings; warnings.simplefilter('ignore', UserWarning)"
    report = toy.run(before, DARKBEAM_CACHE_DIR=str(tmp_path / "file" / "cache"))
    assert report["values"] == pytest.approx(TRUTH, rel=1e-15, abs=0.0)
    assert report["misses"] == ALL
    assert report["stderr"] == ""


def test_full_disk_is_no_obstacle(toy):
    shutil.rmtree(toy.cache)
    before = (
        "import pathlib, errno\n"
        "def full(self, content): self.touch(); raise OSError(errno.ENOSPC, 'full')\n"
        "pathlib.Path.write_bytes = full"
    )
    report = toy.run(before)
    assert report["values"] == pytest.approx(TRUTH, rel=1e-15, abs=0.0)
    assert report["stderr"] == ""
    assert toy.files() == []


def test_no_cache_reads_and_writes_nothing(toy):
    held = [path.read_bytes() for path in toy.files()]
    report = toy.run(DARKBEAM_NO_CACHE="1")
    assert (report["hits"], report["misses"]) == (NONE, ALL)
    assert [path.read_bytes() for path in toy.files()] == held


def test_importing_the_module_does_not_import_numba():
    code = (
        "import sys, darkbeam.compiled; assert 'numba' not in sys.modules;"
        "darkbeam.compiled.kernel(fastmath=True); assert 'numba' not in sys.modules;"
        "darkbeam.compiled.kernel(lambda x: x); assert 'numba' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_kernel_outside_the_package_works_and_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("DARKBEAM_CACHE_DIR", str(tmp_path))

    @compiled.kernel
    def double(x):
        """Twice x."""
        return 2.0 * x

    assert double(1.5) == 3.0
    assert double.__doc__ == "Twice x."
    assert double.__name__ == "double"
    assert not list(tmp_path.rglob("*.bin"))


def test_kernels_divide_like_numpy_and_keep_to_ieee():
    @compiled.kernel
    def quotient(x, y):
        return x / y

    @compiled.kernel
    def is_nan(x):
        return x != x

    assert quotient(1.0, 0.0) == float("inf")
    assert is_nan(float("nan"))
    options = quotient.targetoptions
    assert options["nogil"] is True
    assert options["fastmath"] is False


def test_plain_python_with_jit_disabled():
    code = "from darkbeam.compiled import kernel; print(kernel(lambda x: [x])(1))"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[1]\n"


def test_option_cache_is_refused():
    with pytest.raises(TypeError, match="'cache'"):
        compiled.kernel(cache=True)


@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 1000])
@pytest.mark.parametrize("threads", [None, 1, 3])
def test_chunks_cover_every_item_once_in_order(n, threads):
    chunks = compiled.map_chunks(range, n, threads)
    assert [i for chunk in chunks for i in chunk] == list(range(n))


def test_chunks_do_not_depend_on_the_number_of_threads():
    bounds = [
        compiled.map_chunks(lambda start, stop: (start, stop), 12345, threads)
        for threads in (1, 2, 7)
    ]
    assert bounds[0] == bounds[1] == bounds[2]
    assert compiled.map_chunks(lambda a, b: b - a, 10, 2, chunk=4) == [4, 4, 2]


def test_threads_work_at_the_same_time():
    # Each call waits for the other: with one thread the barrier would break.
    barrier = threading.Barrier(2, timeout=60)
    compiled.map_chunks(lambda start, stop: barrier.wait(), 2, threads=2)


def test_progress_is_told_in_order_and_adds_up():
    seen = []
    compiled.map_chunks(lambda start, stop: None, 10, 2, chunk=4, progress=seen.append)
    assert seen == [4, 4, 2]


@pytest.mark.parametrize("threads", [1, 2])
def test_error_in_a_thread_is_raised_and_ends_the_work(threads):
    started = []

    def fails(start, stop):
        started.append(start)
        raise ZeroDivisionError("in chunk")

    with pytest.raises(ZeroDivisionError, match="in chunk"):
        compiled.map_chunks(fails, 10_000, threads, chunk=1)
    assert len(started) < 10_000


@pytest.mark.parametrize("bad", [{"n": -1}, {"n": 1, "threads": 0}, {"n": 1, "chunk": 0}])
def test_numbers_out_of_range(bad):
    with pytest.raises(InputError, match=r" = -?[01]: "):
        compiled.map_chunks(range, **bad)
