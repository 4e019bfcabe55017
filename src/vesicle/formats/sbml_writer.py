"""SBML Level 3 Version 2, one file per arm, doses as events."""

from __future__ import annotations

from typing import ClassVar

from vesicle.formats.base import Subject, Writer
from vesicle.model import sbml
from vesicle.model.assembly import Model


class Sbml(Writer):
    """See the module."""

    format: ClassVar[str] = "sbml"
    suffix: ClassVar[str] = ".xml"

    def files(self, subject: Subject) -> dict[str, bytes]:
        return {f"{arm}.xml": document(subject, model) for arm, model in subject.models.items()}


def document(subject: Subject, model: Model) -> bytes:
    """One arm as SBML, with a comment that says what made it."""
    head, declaration, body = sbml.write(model.network, model.flat).partition("?>\n")
    return f"{head}{declaration}<!-- {subject.note}, arm {model.arm} -->\n{body}".encode()
