"""The command line as a whole: help, version, and every way of getting it wrong."""

from __future__ import annotations

import pytest
import typer

from darkbeam._version import package_version
from darkbeam.cli import app as app_module
from darkbeam.cli import main

COMMANDS = [
    ("models",),
    ("experiments",),
    ("widths",),
    ("landau",),
    ("excited",),
    ("direct",),
    ("moment",),
    ("relic",),
    ("neff",),
    ("xsec",),
    ("xsec", "brem"),
    ("shower",),
    ("muons",),
    ("reach",),
    ("combine",),
    ("yield",),
    ("eot",),
    ("events",),
    ("brem-library",),
    ("draw",),
    ("figure",),
    ("cite",),
    ("demo",),
    ("cache",),
    ("cache", "show"),
    ("cache", "clear"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_explains_itself(run, command):
    outcome = run(*command, "--help")
    assert outcome.status == 0
    assert outcome.err == ""
    assert "Usage: darkbeam " + " ".join(command) in outcome.out


def test_help_lists_all_commands(run):
    outcome = run("--help")
    for command in COMMANDS:
        assert command[0] in outcome.out


def test_without_arguments_there_is_help(run):
    assert run().out == run("--help").out


def test_no_emoji_creeps_into_help(run):
    for command in COMMANDS:
        text = run(*command, "--help").out
        assert not [c for c in text if ord(c) > 0x1F000]


def test_version(run):
    assert run("--version").out == f"darkbeam {package_version()}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["reac", "NA64e"], "no such command 'reac'. Did you mean 'reach'"),
        (["reach", "NA64e", "--mas", "1"], "no such option: --mas; did you mean '--mass'?"),
        (["reach"], "missing argument 'EXPERIMENT'; see `darkbeam reach --help`"),
        (["reach", "NA64e", "--mass"], "'--mass' requires an argument"),
        (["reach", "NA64e", "--format", "xml"], "'xml' is not one of"),
        (["xsec"], "missing command; see `darkbeam xsec --help`"),
        (["reach", "NA64"], "'NA64': no such experiment; did you mean 'NA64e'?"),
        (["reach", "NA64e", "--run", "2016-218"], "did you mean '2016-2018'?"),
        (["reach", "NA64e", "--model", "dark-foton"], "did you mean 'dark-photon'?"),
        (["reach", "NA64e", "--mass", "1GeV:1MeV:4"], "must be positive and below the last"),
        (["reach", "NA64e", "--mass", "100 Me"], "unknown unit 'Me', did you mean 'MeV'?"),
        (["reach", "NA64e", "--mass", "-3 GeV"], "mass = '-3 GeV': must be above 0 GeV"),
        (["reach", "NA64e", "--mass", "nan"], "mass = 'nan': must be finite"),
        (["reach", "NA64e", "--set", "epsilo=1"], "did you mean 'epsilon'?"),
        (["reach", "NA64e", "--set", "eot"], "must be NAME=VALUE"),
        (["reach", "NA64e", "--set", "mass=1"], "masses are given by --mass"),
        (["reach", "NA64e", "--confidence", "2"], "confidence = '2'"),
        (["yield", "NA64e", "--set", "epsilon=-1e-4"], "epsilon must be finite and >= 0"),
        (["yield", "NA64e", "--set", "eot=0"], "eot = 0: must be positive"),
        (["reach", "./no-such.toml"], "no-such.toml: No such file"),
        (["widths", "dark-photon", "--dark-matter", "dirak"], "did you mean 'dirac'?"),
        (["xsec", "brem", "--target", "Unobtainium"], "no such element"),
        (["xsec", "brem", "--beam", "p:100GeV"], "needs electrons or muons"),
        (["xsec", "brem", "--beam", "e-"], "must be PARTICLE:ENERGY"),
        (["xsec", "brem", "--x-min", "1"], "x-min = '1': must be below 1"),
        (["xsec", "brem", "--x", "0.5"], "--x: only with --differential x"),
        (["shower", "-n", "0"], "n = '0': must be at least 1"),
        (["shower", "--target", "3 mm Pb + brick"], "must be a material such as 'Pb'"),
        (["shower", "--beam", "mu-:100GeV"], "known: e+, e-, gamma"),
        (["muons", "--beam", "e-:100GeV"], "must be mu- or mu+"),
        (["muons", "--depth", "0X0"], "depth = '0X0': must be positive"),
        (["muons", "--depth", "3 kg"], "unknown unit 'kg'"),
        (["muons", "--target", "5 cm Pb", "--depth", "3cm"], "have their thickness"),
        (["muons", "--loss", "--exit"], "no --depth and no --exit"),
        (["muons", "--exit", "--plot", "exit.pdf"], "not --exit"),
        (["cite", "NA64f"], "did you mean 'NA64e'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_error_is_one_line_that_helps(refused, arguments, message):
    assert message in refused(*arguments)


def test_a_malformed_experiment_names_file_and_line(refused, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\ntitle = "x"\nbeam = [\n')
    line = refused("reach", path)
    assert "mine.toml" in line
    assert "line" in line or "mine.toml:" in line


def test_files_are_checked_before_the_work_begins(refused, tmp_path, monkeypatch):
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the computation began")

    monkeypatch.setattr("darkbeam.decays.widths", work)
    command = ("widths", "dark-photon")
    missing = tmp_path / "missing" / "x.csv"
    assert "there is no directory" in refused(*command, "-o", missing)
    assert "known: .csv, .json, .nc, .h5" in refused(*command, "-o", tmp_path / "x.txt")
    assert "known: .pdf, .png, .svg" in refused(*command, "--plot", tmp_path / "x.jpg")
    (tmp_path / "folder.csv").mkdir()
    assert "is a directory" in refused(*command, "-o", tmp_path / "folder.csv")


def test_an_interrupt_is_one_line_with_its_own_status(run, monkeypatch, tmp_path):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("darkbeam.decays.widths", interrupt)
    outcome = run("widths", "dark-photon", "-o", tmp_path / "w.csv")
    assert (outcome.status, outcome.err) == (130, "darkbeam: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_an_abort_of_the_option_parser_counts_as_an_interrupt(run, monkeypatch):
    def abort(*_: object, **__: object) -> None:
        raise typer.Abort

    monkeypatch.setattr("darkbeam.decays.widths", abort)
    assert run("widths", "dark-photon").status == 130


def test_a_defect_is_one_line_and_a_traceback_on_demand(refused, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("darkbeam.decays.widths", fail)
    line = refused("widths", "dark-photon")
    assert "unexpected RuntimeError: two lines" in line
    assert "--debug" in line
    with pytest.raises(RuntimeError):
        main(["widths", "dark-photon", "--debug"])


def test_a_closed_pipe_ends_quietly(run, monkeypatch):
    def gone(arguments: list[str]) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(app_module, "run", gone)
    monkeypatch.setattr("os.dup2", lambda *_: None)
    outcome = run("models")
    assert (outcome.status, outcome.err) == (141, "")


def test_a_warning_is_one_line_and_said_once(run, tmp_path):
    model = tmp_path / "axial.toml"
    model.write_text('name = "axial"\nspin = 1\n[couplings]\nu = { axial = 1.0 }\n')
    options = ("--mass", "0.5,0.6", "--set", "alpha_d=2", "--dark-matter", "dirac")
    outcome = run("widths", model, *options)
    assert outcome.status == 0
    lines = outcome.err.splitlines()
    assert len(lines) == len(set(lines)) == 2
    assert all(line.startswith("darkbeam: warning: ") for line in lines)
    assert any("alpha_d = 2" in line for line in lines)
    assert any("hadrons" in line for line in lines)
