"""Putting an export in its place: whole or not at all, and never over what somebody else wrote.

One file is replaced only when it carries the mark of Vesicle. A folder holds ``vesicle-export.json``
with the checksum of every file; it is replaced only while that still describes all of it, so a
file that was edited or added keeps the folder from being replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vesicle import reading
from vesicle.errors import StoreError, VesicleError
from vesicle.formats.base import MARK

MANIFEST = "vesicle-export.json"
SCHEMA = "vesicle-export/1"


def put_file(path: Path, content: bytes) -> list[dict[str, Any]]:
    """Write one file.

    Raises
    ------
    StoreError
        If something of somebody else stands there, or the place cannot be written.
    """
    if path.exists() and (not path.is_file() or MARK.encode() not in reading.read_bytes(path)):
        raise StoreError(f"{path}: was not written by Vesicle and is not overwritten; choose another name with --out.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.chmod(scratch, 0o644)
            os.replace(scratch, path)
        finally:
            Path(scratch).unlink(missing_ok=True)
    except OSError as problem:
        raise _unwritable(path, problem) from None
    return [_entry(str(path), content)]


def put_folder(path: Path, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Write a folder of files with its manifest.

    Raises
    ------
    StoreError
        If something of somebody else stands there, or the place cannot be written.
    """
    _refuse_other(path)
    manifest = json.dumps({"schema": SCHEMA, "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}}, indent=1, sort_keys=True)
    scratch = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        for name, content in {**files, MANIFEST: manifest.encode() + b"\n"}.items():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            (scratch / name).write_bytes(content)
        os.chmod(scratch, 0o755)
        _rename(scratch, path)
    except OSError as problem:
        raise _unwritable(path, problem) from None
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
    return [_entry(str(path / name), content) for name, content in files.items()]


def must_be_placeable(path: Path) -> None:
    """Refuse, before anything is computed, a folder that :func:`put_folder` would refuse in the end.

    Raises
    ------
    StoreError
        If something of somebody else stands there, or the place cannot be written.
    """
    _refuse_other(path)
    standing = next((folder for folder in path.absolute().parents if folder.exists()), path)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=standing):
            pass
    except OSError as problem:
        raise _unwritable(path, problem) from None


def _refuse_other(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path}: a file stands there, expected a folder or nothing; choose another name with --out.")
    if path.exists() and not _is_ours(path):
        raise StoreError(f"{path}: holds other files than Vesicle wrote there, or edited ones, and is not overwritten; choose another name with --out.")


def _rename(scratch: Path, path: Path) -> None:
    """Move the new folder in; when that fails the old one comes back."""
    if not path.exists():
        scratch.rename(path)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}.old.", dir=path.parent)) / "old"
    try:
        path.rename(old)
        try:
            scratch.rename(path)
        except OSError:
            old.rename(path)
            raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)


def _is_ours(path: Path) -> bool:
    """Whether a folder is empty, or holds exactly what its manifest says."""
    if not path.is_dir():
        return False
    here = {p.relative_to(path).as_posix(): p for p in path.rglob("*") if not p.is_dir()}
    if not here:
        return True
    try:
        document = json.loads(reading.read_text(path / MANIFEST))
        listed = dict(document["files"]) if document["schema"] == SCHEMA else {}
    except (VesicleError, ValueError, KeyError, TypeError):
        return False
    here.pop(MANIFEST)
    return {name: hashlib.sha256(p.read_bytes()).hexdigest() for name, p in here.items()} == listed


def _entry(name: str, content: bytes) -> dict[str, Any]:
    return {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _unwritable(path: Path, problem: OSError) -> StoreError:
    return StoreError(f"{path}: cannot be written ({problem.strerror or problem}); choose another place with --out.")
