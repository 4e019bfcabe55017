"""Floating-point errors raise, properties draw the same examples on every run, and no test meets the data of who runs it."""

import os
import signal
import sys
import tempfile

import numpy
import pytest
from hypothesis import settings

numpy.seterr(all="raise", under="ignore")
settings.register_profile("vesicle", deadline=None, derandomize=True)
settings.load_profile("vesicle")

os.environ["VESICLE_HOME"] = tempfile.mkdtemp(prefix="vesicle-nobody-")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user's data folder of the test's own."""
    monkeypatch.setenv("VESICLE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def program(monkeypatch, capsys):
    """Run the program in this process with the words of a command line: (exit code, standard output, standard error)."""
    from vesicle.cli import main as cli

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["vesicle", *words])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # what ends deaf to Ctrl-C is the program, not the tests
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def vesicle(program, monkeypatch, tmp_path):
    """Run the program in this process, in an empty folder: (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    return program
