"""What only a process of its own shows: signals, pipes, exit statuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

PROGRAM = [sys.executable, "-m", "darkbeam"]


def test_an_error(tmp_path):
    done = subprocess.run(
        [*PROGRAM, "reach", "NA64"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_an_interrupt_leaves_nothing_half_written(tmp_path):
    arguments = ["shower", "-n", "100000000", "-o", "x.csv", "--threads", "1"]
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    # Late enough to be in the work, if the machine is quick; early is just as good a test.
    timer = threading.Timer(4.0, process.send_signal, [signal.SIGINT])
    timer.start()
    try:
        out, err = process.communicate(timeout=120)
    finally:
        timer.cancel()
        process.kill()
    assert (process.returncode, out, err) == (130, "", "darkbeam: interrupted\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
def test_a_reader_that_leaves_early_is_no_error():
    command = [*PROGRAM, "widths", "dark-photon", "--mass", "1MeV:100MeV:20000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 141
    process.stderr.close()
