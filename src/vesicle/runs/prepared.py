"""One arm made ready to run, kept from one process to the next.

A kept arm is named by a hash over everything it follows from: the code and the records of this
package, the scenario file, the changes, the arm, and the user's own evidence. It is JSON with
its own checksum (program, tape of the constants, nominal values), never code; one that is torn,
of another schema or of other content is made anew. Kept arms lie in ``programs/`` of the user's
data folder and may be removed at any time. Reading one needs neither evidence nor symbolic algebra.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from vesicle.engines.base import Program, Values
from vesicle.engines.recipe import Recipe
from vesicle.engines.tape import Tape
from vesicle.home import home

SCHEMA = "vesicle-program/1"
PACKAGE = Path(__file__).parent.parent
CONTENT = (".py", ".tsv", ".yaml")
MOST_KEPT = 64


@dataclass(frozen=True)
class Prepared:
    """One arm, ready to run.

    Attributes
    ----------
    scenario, arm : names.
    program : what all draws share.
    recipe : how the numbers of a draw follow from its parameters.
    nominal : (n_parameter,) nominal values, in the order of the recipe's parameters.
    units, labels : observable -> unit and words.
    """

    scenario: str
    arm: str
    program: Program
    recipe: Recipe
    nominal: tuple[float, ...]
    units: Mapping[str, str]
    labels: Mapping[str, str]

    def values(self) -> Values:
        """The numbers of the nominal draw."""
        return self.recipe.values(np.array([self.nominal]))[0]


def prepare_arm(scenario: str, arm: str = "", changes: Mapping[str, str] | None = None, until: str | None = None, keep: bool = True) -> Prepared:
    """An arm of a scenario (the question's by default), from what was kept or made anew.

    Parameters
    ----------
    keep : whether a kept arm may be used and a new one is kept.

    Raises
    ------
    UnknownName
        For an arm that the scenario does not have.
    """
    name = _key(scenario, arm, changes or {}, until) if keep else None
    found = _read(place() / f"{name}.json", name) if name else None
    if found is None:
        found = _make(scenario, arm, changes or {}, until)
        if name:
            _write(place() / f"{name}.json", name, found)
    return found


def place() -> Path:
    """Where kept arms lie; may not exist."""
    return home() / "programs"


def _make(scenario: str, arm: str, changes: Mapping[str, str], until: str | None) -> Prepared:
    from vesicle.engines.program import compile_model, draw_matrix, output_times, recipe
    from vesicle.errors import unknown_name
    from vesicle.evidence.own import current
    from vesicle.model.assembly import assemble
    from vesicle.runs.execute import prepare

    found = prepare(scenario, changes, until)
    chosen = arm or found.question.arm
    if chosen not in found.arms:
        raise unknown_name("arm", chosen, found.arms)
    model = assemble(found, current(), (chosen,))[chosen]
    program, lean = compile_model(model, output_times(found.duration, found.observe_every, (found.question.at,)))
    parameters = model.network.parameters
    nominal = draw_matrix(parameters, 0, [-1], model.network.arm.set)[0]
    observables = model.network.observables
    return Prepared(
        found.name, chosen, program, recipe(lean, parameters), tuple(float(v) for v in nominal),
        {o.id: o.unit for o in observables}, {o.id: o.label for o in observables},
    )  # fmt: skip


def _key(scenario: str, arm: str, changes: Mapping[str, str], until: str | None) -> str | None:
    """The hash that names an arm; None for a scenario that is no file."""
    shipped = PACKAGE / "scenarios" / f"{scenario}.yaml"
    try:
        text = (shipped if shipped.is_file() else Path(scenario)).read_bytes()
    except OSError:
        return None
    asked = json.dumps([scenario, arm, sorted(changes.items()), until, _own_evidence()])
    return hashlib.sha256(b"|".join((_package().encode(), text, asked.encode()))).hexdigest()


@functools.cache
def _package() -> str:
    """A hash over the code, the records and the scenarios of this package."""
    digest = hashlib.sha256()
    for path in sorted(p for p in PACKAGE.rglob("*") if p.suffix in CONTENT or p.name == "VERSION"):
        digest.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _own_evidence() -> list[tuple[str, int, int]]:
    """Name, size and time of every file of the user's own evidence."""
    return sorted((str(p), s.st_size, s.st_mtime_ns) for p in (home() / "evidence").rglob("*") if (s := p.stat()) and p.is_file())


def _read(path: Path, name: str) -> Prepared | None:
    """The arm in a file; None when there is none that holds."""
    try:
        document = json.loads(path.read_bytes())
        text = document["content"]
        if (document["schema"], document["key"], document["sha256"]) != (SCHEMA, name, hashlib.sha256(text.encode()).hexdigest()):
            return None
        return _from_plain(json.loads(text))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _from_plain(plain: dict[str, Any]) -> Prepared:
    program = Program(**{item.name: _tuples(plain["program"][item.name]) for item in fields(Program)})
    return Prepared(
        plain["scenario"], plain["arm"], program,
        Recipe(Tape(**{name: _tuples(value) for name, value in plain["recipe"]["tape"].items()}), plain["recipe"]["constants"], plain["recipe"]["initials"]),
        tuple(plain["nominal"]), plain["units"], plain["labels"],
    )  # fmt: skip


def _tuples(value: Any) -> Any:
    return tuple(_tuples(child) for child in value) if isinstance(value, list) else value


def _write(path: Path, name: str, prepared: Prepared) -> None:
    """Keep an arm; where that is not possible nothing is kept and the run goes on."""
    try:
        text = json.dumps(asdict(prepared), allow_nan=False)
        document = json.dumps({"schema": SCHEMA, "key": name, "sha256": hashlib.sha256(text.encode()).hexdigest(), "content": text})
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(document)
        os.replace(scratch, path)
        _prune(path.parent)
    except (OSError, ValueError, TypeError):
        return


def _prune(folder: Path) -> None:
    """Remove the oldest beyond the most that are kept."""
    kept = sorted((p for p in folder.iterdir() if p.suffix in (".json", ".part")), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in kept[MOST_KEPT:]:
        path.unlink(missing_ok=True)
