"""The site builds without a warning, and nothing on it needs the network."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from pages import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("mkdocs")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--strict", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_pages_load_nothing_from_elsewhere(site):
    loads = re.compile(
        r'<(?:script|img)[^>]+src="(https?:[^"]+)"|<link[^>]+stylesheet"[^>]+href="(http[^"]+)"'
    )
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    outside = {m.group(0) for p in pages for m in loads.finditer(p.read_text(encoding="utf-8"))}
    assert outside == set()


def test_public_names_are_in_the_reference(site):
    import darkbeam

    text = "".join(p.read_text(encoding="utf-8") for p in (site / "reference").rglob("*.html"))
    functions = [n for n in darkbeam.__all__ if n not in ("plot", "__version__")]
    missing = [n for n in functions if not re.search(rf'id="darkbeam\.[\w.]*\b{n}"', text)]
    assert missing == []
