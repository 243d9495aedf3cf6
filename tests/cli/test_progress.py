from __future__ import annotations

import sys

from darkbeam.cli.progress import part_of, progress_bar


def test_no_bar_without_a_terminal(capsys):
    with progress_bar("work") as report:
        assert report is None
    assert capsys.readouterr() == ("", "")


def test_a_bar_on_a_terminal_writes_to_stderr_only(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("work") as report:
        assert report is not None
        report(3, 10)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "work" in captured.err
    assert "3/10" in captured.err
    with progress_bar("work", quiet=True) as report:
        assert report is None


def test_parts_make_a_whole():
    seen = []
    for index in range(3):
        report = part_of(lambda *a: seen.append(a), index, 3)
        report(1, 2)
        report(2, 2)
    assert seen == [(1, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]
    assert part_of(None, 0, 3) is None
