"""The progress bar: on stderr, and only if that is a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

__all__ = ["Report", "part_of", "progress_bar"]

Report = Callable[[int, int], None]
"""Called with what is done and what there is in all."""


def part_of(report: Report | None, index: int, parts: int) -> Report | None:
    """Return what reports one of several parts, of equal length, of the whole."""
    if report is None:
        return None
    whole = report
    return lambda done, total: whole(index * total + done, parts * total)


@contextlib.contextmanager
def progress_bar(text: str, *, quiet: bool = False) -> Iterator[Report | None]:
    """Give a function (done, total) that moves the bar; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report
