"""Floating-point errors raise, properties draw the same examples on every run, and no test meets the data of who runs it."""

import os
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
