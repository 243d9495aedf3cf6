"""Read the fenced blocks of a page: which are run, and what they must print."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *(p for p in sorted((ROOT / "docs").rglob("*.md")) if "reference" not in p.parts),
]
LANGUAGES = ("python", "bash", "toml", "text")

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)(?P<rest>[^\n]*)\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, title and text, the line it begins in, what it must print."""

    language: str
    title: str
    text: str
    line: int
    expected: str | None = None


def blocks(page: str) -> list[Block]:
    """Return the blocks that take part in a run, in their order.

    ``python`` and ``bash`` are run; a ``text`` block right after one is what it prints; a block
    with ``title="NAME"`` is written to the file NAME; ``no-test`` leaves one out.
    """
    found: list[Block] = []
    end = -1
    for match in _FENCE.finditer(page):
        language, rest = match["language"], match["rest"]
        if language not in LANGUAGES or "no-test" in rest:
            continue
        line = page.count("\n", 0, match.start()) + 1
        if language == "text":
            if found and not page[end : match.start()].strip():
                last = found.pop()
                found.append(Block(last.language, last.title, last.text, last.line, match["body"]))
            continue
        title = _TITLE.search(rest)
        found.append(Block(language, title[1] if title else "", match["body"], line))
        end = match.end()
    return found


def differences(printed: str, expected: str, tolerance: float = 0.01) -> list[str]:
    """Return the words in which two texts differ; numbers may do so by `tolerance`, relatively.

    One per cent: a seeded Monte Carlo gives the same to the last bit on one machine, and may take
    another branch in a few showers of thousands where a compiler rounds differently.
    """
    got, wanted = printed.split(), expected.split()
    if len(got) != len(wanted):
        return [f"{len(got)} words printed, {len(wanted)} expected"]
    return [
        f"{a} for {b}"
        for a, b in zip(got, wanted, strict=True)
        if a != b and not _close(a, b, tolerance) and set(a + b) != {"-"}
    ]


def _close(first: str, second: str, tolerance: float) -> bool:
    try:
        a, b = (float(word.strip("[](),")) for word in (first, second))
    except ValueError:
        return False
    return math.isclose(a, b, rel_tol=tolerance)
