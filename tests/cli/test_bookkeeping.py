from __future__ import annotations

import numpy as np
import pytest

from darkbeam import storage


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DARKBEAM_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("DARKBEAM_NO_CACHE", raising=False)
    storage.cached_arrays("test", {"n": 1}, lambda: {"a": np.zeros(1000)})
    return tmp_path


def test_show(run, cache):
    text = run("cache", "show").out
    assert str(cache) in text
    assert "1 files, 0.0 MB" in text


def test_clear_leaves_what_is_not_its_own(run, cache):
    (cache / "letter.txt").write_text("dear")
    outcome = run("cache", "clear")
    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.err.startswith("darkbeam: freed 0.0 MB")
    assert [p.name for p in cache.iterdir()] == ["letter.txt"]
