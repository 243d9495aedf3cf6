"""The site builds without a warning, and nothing on it needs the network."""

from __future__ import annotations

import html
import json
import re
import shutil
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


def test_docstrings_become_markdown(site):
    pages = (site / "reference").rglob("index.html")
    assert [
        p.parent.name for p in pages if "math::" in p.read_text() or ":math:" in p.read_text()
    ] == []


def _formulas(page):
    found = re.findall(r'class="arithmatex">(.*?)</(?:span|div)>', page, re.DOTALL)
    return [html.unescape(text).strip()[2:-2] for text in found]


def test_formulas_can_be_set(site, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    formulas = {
        f: p for p in site.rglob("*.html") for f in _formulas(p.read_text(encoding="utf-8"))
    }
    assert len(formulas) > 100
    (tmp_path / "formulas.json").write_text(json.dumps(list(formulas)), encoding="utf-8")
    script = """
const katex = require(process.argv[1]);
for (const f of require(process.argv[2])) {
  try { katex.renderToString(f, { displayMode: true, strict: "ignore" }); }
  catch (error) { console.log(error.message); }
}
"""
    katex = ROOT / "docs" / "js" / "katex.min.js"
    done = subprocess.run(
        [node, "-e", script, str(katex), str(tmp_path / "formulas.json")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
