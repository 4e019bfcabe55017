"""What is written out, and what a writer is.

A writer turns a :class:`Subject` into files, as bytes by name. Equal subjects give equal bytes:
no clock, no order of chance. Nothing here touches a disk.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from vesicle._version import VERSION
from vesicle.model.assembly import Model
from vesicle.model.scenario import Scenario

MARK = "written by Vesicle"
"""In every single file, so that it can be told from a file of somebody else."""


@dataclass(frozen=True)
class Subject:
    """What is to be written.

    Attributes
    ----------
    scenario : the scenario with its changes.
    models : arm -> its network; one where an arm was chosen.
    one_arm : whether an arm was chosen.
    data : rows of a user's measurements, for the formats that hold some.
    """

    scenario: Scenario
    models: Mapping[str, Model]
    one_arm: bool = False
    data: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def name(self) -> str:
        """A name for files: the scenario, and the arm when one was chosen."""
        return f"{self.scenario.name}-{next(iter(self.models))}" if self.one_arm else self.scenario.name

    @property
    def note(self) -> str:
        """One line that says what made a file."""
        return f"{MARK} {VERSION}: scenario {self.scenario.name} ({self.scenario.content})"


class Format(ABC):
    """One format; a subclass with a ``format`` is found by the registry.

    Attributes
    ----------
    format : its name at the command line.
    suffix : of the file it makes when there is one.
    """

    format: ClassVar[str]
    suffix: ClassVar[str] = ""


class Writer(Format):
    """A format for scenarios."""

    @abstractmethod
    def files(self, subject: Subject) -> dict[str, bytes]:
        """Path inside the export -> content; one entry makes a file, more make a folder."""


class RunWriter(Format):
    """A format that describes a run folder and lies in it."""

    @abstractmethod
    def file(self, run: Path) -> tuple[str, bytes]:
        """The name of the file in the run folder, and its content."""
