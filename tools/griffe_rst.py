"""Turn what docstrings write as reStructuredText into what the site's Markdown understands.

Formulas (``:math:``, ``.. math::``) become those of arithmatex, simple tables those of Markdown,
single back-quotes code. mkdocstrings loads this file; see mkdocs.yml.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

_INLINE = re.compile(r":math:`(.+?)`", re.DOTALL)
_BLOCK = re.compile(
    r"^(?P<indent> *)\.\. math::(?P<first>[^\n]*)(?P<rest>(?:\n(?:(?P=indent) +[^\n]*| *))*)",
    re.MULTILINE,
)
_RULE = re.compile(r"^=+(?: +=+)+$")


def to_markdown(text: str) -> str:
    """Return a docstring with its formulas and tables in Markdown."""
    text = _BLOCK.sub(_display, text)
    text = _INLINE.sub(lambda match: rf"\({' '.join(match[1].split())}\)", text)
    return _tables(text)


def _display(match: re.Match[str]) -> str:
    lines = [match["first"], *match["rest"].splitlines()]
    formula = " ".join(line.strip() for line in lines if line.strip())
    indent = match["indent"]
    return f"\n{indent}$$\n{indent}{formula}\n{indent}$$\n\n"


def _tables(text: str) -> str:
    lines = text.splitlines()
    rules = [i for i, line in enumerate(lines) if _RULE.match(line)]
    if len(rules) < 2:
        return text
    first, last = rules[0], rules[-1]
    starts = [match.start() for match in re.finditer("=+", lines[first])]
    ends = [*starts[1:], None]
    rows = [
        "| " + " | ".join(_cell(line[a:b]) for a, b in zip(starts, ends, strict=True)) + " |"
        for line in lines[first + 1 : last]
        if not _RULE.match(line)
    ]
    if len(rules) == 2:  # no heading
        rows.insert(0, "|" + "  |" * len(starts))
    rows.insert(1, "|" + "---|" * len(starts))
    return "\n".join([*lines[:first], *rows, *lines[last + 1 :]])


def _cell(text: str) -> str:
    return text.strip().replace("|", r"\vert ")


class RestructuredText(griffe.Extension):
    """Rewrite each docstring when it is collected."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of one object."""
        if obj.docstring is not None:
            obj.docstring.value = to_markdown(obj.docstring.value)
