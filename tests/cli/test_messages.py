from __future__ import annotations

import errno
import warnings

import pytest

from darkbeam.cli.messages import error_line, note, one_line, warnings_in_one_line
from darkbeam.errors import DarkbeamWarning, ModelError


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ModelError("epsilon must\nbe > 0"), "darkbeam: error: epsilon must be > 0"),
        (
            OSError(errno.ENOSPC, "No space left on device", "x.csv"),
            "darkbeam: error: 'x.csv': No space left on device",
        ),
        (OSError("odd"), "darkbeam: error: odd"),
    ],
)
def test_error_line(error, line):
    assert error_line(error) == line


def test_one_line():
    assert one_line(" a\n\tb  c ") == "a b c"


def test_notes_go_to_stderr_and_can_be_left_out(capsys):
    note("wrote x")
    note("wrote y", quiet=True)
    assert capsys.readouterr() == ("", "darkbeam: wrote x\n")


def test_warnings_are_shown_once_and_the_settings_come_back(capsys):
    before = warnings.showwarning
    with warnings_in_one_line():
        for _ in range(3):
            warnings.warn("some\nthing", DarkbeamWarning, stacklevel=1)
    assert capsys.readouterr().err == "darkbeam: warning: some thing\n"
    assert warnings.showwarning is before
