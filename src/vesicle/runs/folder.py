"""The run folder: written under a temporary name, then renamed; whole or absent.

``run.json`` names the run; a folder that holds another run is refused, the same run is
replaced. Nothing else in Vesicle writes run folders.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from vesicle import reading
from vesicle.errors import StoreError, VesicleError

NAME = "run.json"
CHECKPOINT = "checkpoint"
ARGUMENTS = "arguments.json"


class RunFolder:
    """A run folder in the making.

    Parameters
    ----------
    path : where the finished folder will stand.
    identity : hash that names the run.

    Raises
    ------
    StoreError
        If something else stands there.
    """

    def __init__(self, path: Path, identity: str):
        self.path, self.identity = path, identity
        refuse_other(path, identity)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        except OSError as problem:
            raise StoreError(f"{path.parent}: cannot be written ({problem.strerror}); choose another folder with --out.") from None

    def store(self, name: str, content: bytes) -> None:
        """Put one file into the folder."""
        try:
            (self._temporary / name).write_bytes(content)
        except OSError as problem:
            self.abandon()
            raise StoreError(f"{self.path / name}: cannot be written ({problem.strerror}); free some space or choose another folder.") from None

    def commit(self) -> Path:
        """Put the folder in its place, replacing the same run; another run may have come there since the beginning.

        Raises
        ------
        StoreError
        """
        try:
            refuse_other(self.path, self.identity)
        except StoreError:
            self.abandon()
            raise
        try:
            os.chmod(self._temporary, 0o755)
            if self.path.exists():
                old = self.path.with_name(f".{self.path.name}.old")
                shutil.rmtree(old, ignore_errors=True)
                self.path.rename(old)
                self._replace(old)
                shutil.rmtree(old, ignore_errors=True)
            else:
                self._temporary.rename(self.path)
        except OSError as problem:
            self.abandon()
            raise StoreError(f"{self.path}: cannot be put in place ({problem.strerror}); close programs that use it and run again.") from None
        return self.path

    def _replace(self, old: Path) -> None:
        """Move the new folder in; when that fails the old one comes back."""
        try:
            self._temporary.rename(self.path)
        except OSError:
            old.rename(self.path)
            raise

    def abandon(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._temporary, ignore_errors=True)


def refuse_other(path: Path, identity: str) -> None:
    """Refuse a place where something else than this run stands.

    Raises
    ------
    StoreError
    """
    if not path.exists():
        return
    if not path.is_dir():
        raise StoreError(f"{path}: a file stands there, expected a folder or nothing; choose another name with --out.")
    if any(path.iterdir()) and read_identity(path) != identity:
        raise StoreError(f"{path}: holds another run or other files, which are not overwritten; choose another folder with --out or remove it.")


def read_identity(path: Path) -> str | None:
    """The identity of the run in a folder, or None."""
    try:
        document = json.loads(reading.read_text(path / NAME))
        return str(document["identity"])
    except (VesicleError, ValueError, KeyError, TypeError):
        return None


def checkpoint_of(path: Path) -> Path:
    """Where an unfinished run of this folder keeps its finished tasks."""
    return path.with_name(f".{path.name}.{CHECKPOINT}")


def begin(path: Path, arguments: dict[str, Any]) -> Path:
    """Open the checkpoint folder of a run and note how it was started.

    Raises
    ------
    StoreError
        If the place cannot be written.
    """
    place = checkpoint_of(path)
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / ARGUMENTS).write_text(json.dumps(arguments, sort_keys=True), encoding="utf-8")
    except OSError as problem:
        raise StoreError(f"{path.parent}: cannot be written ({problem.strerror}); choose another folder with --out.") from None
    return place


def interrupted(path: Path) -> dict[str, Any] | None:
    """How the unfinished run of a folder was started, or None."""
    try:
        return dict(json.loads(reading.read_text(checkpoint_of(path) / ARGUMENTS)))
    except (VesicleError, ValueError):
        return None


def forget_checkpoint(path: Path) -> None:
    """Remove the finished tasks of a run that is complete."""
    shutil.rmtree(checkpoint_of(path), ignore_errors=True)
