"""`darkbeam draw`."""

from __future__ import annotations

import pytest


def test_the_picture_is_named_after_the_experiment(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = run("draw", "M3", "LDMX", "M3")
    assert outcome.out == ""
    assert outcome.err == "darkbeam: wrote M3.png\ndarkbeam: wrote LDMX.png\n"
    assert {p.name for p in tmp_path.iterdir()} == {"M3.png", "LDMX.png"}


def test_a_file_of_ones_own_and_another_form(run, tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text(
        'name = "wide"\ntitle = "mine"\nsignature = "scattered_muon"\ndefault_run = "a"\n'
        '[beam]\nparticle = "mu-"\nenergy = "15 GeV"\n'
        '[target]\nlayers = [["W", "10 cm"]]\nescape_length = "3 m"\n'
        '[selection]\nscattered_max = "9 GeV"\ndeposit_max = "2 GeV"\n'
        '[[run]]\nname = "a"\neot = 1e10\n'
    )
    picture = tmp_path / "mine.pdf"
    assert run("draw", own, "-o", picture, "--quiet").err == ""
    assert picture.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["NA64f"], "'NA64f': no such experiment; did you mean 'NA64e'?"),
        (["M3", "-o", "x.jpg"], "known: .pdf, .png, .svg"),
        (["M3", "-o", "missing/x.png"], "there is no directory"),
        (["M3", "LDMX", "-o", "x.png"], "--output: for one experiment, got 2"),
        (["no-such.toml"], "no-such.toml: No such file"),
        ([], "missing argument 'EXPERIMENT...'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_error_is_one_line_that_helps(refused, arguments, message):
    assert message in refused("draw", *arguments)


def test_nothing_is_drawn_if_one_name_is_wrong(refused, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused("draw", "M3", "M33")
    assert list(tmp_path.iterdir()) == []
