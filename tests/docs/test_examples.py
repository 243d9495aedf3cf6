"""What the documentation shows runs, and prints what the page says."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pages import PAGES, ROOT, blocks, differences

RUNNABLE = [
    p for p in PAGES if any(b.language in ("python", "bash") for b in blocks(p.read_text()))
]


def _run_python(text: str, namespace: dict[str, object], page: Path, line: int) -> str:
    # the newlines in front make a traceback name the line of the page
    code = compile("\n" * line + text, str(page), "exec")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, namespace)
    return out.getvalue()


def _run_bash(text: str, folder: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "100"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{text}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda p: str(p.relative_to(ROOT)))
def test_examples_run_and_print_what_the_page_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page.read_text(encoding="utf-8")):
        where = f"{page.name}:{block.line}"
        if block.title:
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")
        if block.language == "python":
            printed = _run_python(block.text, namespace, page, block.line)
        elif block.language == "bash":
            printed = _run_bash(block.text, tmp_path)
        else:
            continue
        if block.expected is not None:
            assert not differences(printed, block.expected), f"{where}:\n{printed}"


def test_all_tutorials_and_the_readme_are_run():
    names = {str(p.relative_to(ROOT)) for p in RUNNABLE}
    tutorials = {str(p.relative_to(ROOT)) for p in (ROOT / "docs" / "tutorials").glob("*.md")}
    assert len(tutorials) == 7
    assert {"README.md", "docs/index.md", *tutorials} <= names


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        ("```python\na = 1\n```\n\n```text\n3\n```\n", [("python", "a = 1\n", "3\n")]),
        ("```python\na\n```\nso\n```text\n3\n```\n", [("python", "a\n", None)]),
        ("```bash no-test\nmake\n```\n", []),
        ("```console\n$ darkbeam\n```\n", []),
        ("- so\n\n    ```bash\n    ls\n    ```\n", [("bash", "    ls\n", None)]),
    ],
)
def test_blocks_are_found(page, parts):
    assert [(b.language, b.text, b.expected) for b in blocks(page)] == parts


@pytest.mark.parametrize(
    ("printed", "expected", "same"),
    [
        ("mass 1.000", "mass  1.005\n", True),
        ("mass 1.00", "mass 1.03", False),
        ("mass 1", "lass 1", False),
        ("1 2", "1", False),
        ("----  inf", "--  inf", True),
        ("[1.0, 2.0]", "[1.0, 2.001]", True),
    ],
)
def test_outputs_are_compared(printed, expected, same):
    assert (differences(printed, expected) == []) is same
