"""What a benchmark module hands over (``run() -> list[Row]``) and how it is printed.

Absolute speeds depend on the machine and its load; ratios of things timed in the same run do not.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Callable
from dataclasses import dataclass

import benchmarks


@dataclass(frozen=True)
class Row:
    """One measured number.

    ``ratio`` is how many times better it is than what ``note`` compares it with, if anything.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    note: str = ""


def timed(work: Callable[[], object], *, least_seconds: float = 0.5, repeats: int = 3) -> float:
    """Return the seconds per call of `work`: the best of `repeats` batches, after a warm-up."""
    work()
    calls, best = 1, float("inf")
    for _ in range(repeats):
        while True:
            start = time.perf_counter()
            for _ in range(calls):
                work()
            elapsed = time.perf_counter() - start
            if elapsed >= least_seconds / repeats:
                break
            calls *= 2
        best = min(best, elapsed / calls)
    return best


def names() -> list[str]:
    """Return the names of the benchmarks: the modules called bench_NAME beside this file."""
    found = (info.name for info in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name.removeprefix("bench_") for name in found if name.startswith("bench_"))


def run(name: str) -> list[Row]:
    """Return the rows of one benchmark."""
    rows: list[Row] = importlib.import_module(f"benchmarks.bench_{name}").run()
    return rows


def table(rows: list[Row]) -> str:
    """Return the rows as an aligned table."""
    cells = [("quantity", "value", "unit", "ratio", "compared with / note")]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.3g} x"
        cells.append((row.name, f"{row.value:.4g}", row.unit, ratio, row.note))
    widths = [max(len(line[i]) for line in cells) for i in range(4)]
    lines = [
        f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:<{widths[2]}}  {d:>{widths[3]}}  {e}".rstrip()
        for a, b, c, d, e in cells
    ]
    return "\n".join(lines)
