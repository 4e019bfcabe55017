"""Antimony, one file per arm: SBML as text that a person can read.

The text is made from the SBML by libAntimony, which writes irreversible reactions with ``=>``
(``->`` would call them reversible, and some tools then refuse to simulate them stochastically).
"""

from __future__ import annotations

import importlib
from typing import Any, ClassVar

from vesicle.errors import ModelError, UnsupportedFeature
from vesicle.formats import sbml_writer
from vesicle.formats.base import Subject, Writer


class Antimony(Writer):
    """See the module."""

    format: ClassVar[str] = "antimony"
    suffix: ClassVar[str] = ".ant"

    def files(self, subject: Subject) -> dict[str, bytes]:
        return {f"{arm}.ant": f"// {subject.note}, arm {arm}\n{text(sbml_writer.document(subject, model).decode())}".encode() for arm, model in subject.models.items()}


def text(document: str) -> str:
    """SBML as Antimony.

    Raises
    ------
    UnsupportedFeature
        If the library is not installed.
    ModelError
        If it refuses the model.
    """
    library = _library()
    library.clearPreviousLoads()
    if library.loadSBMLString(document) < 0:
        raise ModelError(f"libAntimony refuses the model: {library.getLastError().strip()[:200]}")
    try:
        return str(library.getAntimonyString(library.getMainModuleName()))
    finally:
        library.clearPreviousLoads()


def _library() -> Any:
    try:
        return importlib.import_module("antimony")
    except ImportError:
        raise UnsupportedFeature("the format 'antimony' needs the package antimony; install it with `pip install antimony`, or export sbml.") from None
