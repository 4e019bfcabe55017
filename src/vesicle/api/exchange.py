"""What a scenario or a run looks like to other tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vesicle import reading, units
from vesicle.errors import InputError, SchemaError, VesicleError, unknown_name
from vesicle.evidence.own import current
from vesicle.formats.base import RunWriter, Subject, Writer
from vesicle.formats.petab import DATA
from vesicle.formats.placing import put_file, put_folder
from vesicle.formats.registry import writer
from vesicle.model.assembly import assemble
from vesicle.model.scenario import Scenario
from vesicle.runs import folder
from vesicle.runs.execute import prepare


def export(
    source: str | Path,
    format: str,
    out: str | Path | None = None,
    *,
    arm: str | None = None,
    changes: Mapping[str, str] | None = None,
    data: str | Path | None = None,
) -> list[dict[str, Any]]:
    """Write a scenario, or what a run folder was made from, in another tool's format.

    Parameters
    ----------
    source : a shipped scenario, a YAML file, or a run folder.
    format : sbml, antimony, omex, petab or ro-crate.
    out : where to; by default the name of the scenario in this folder (``ro-crate`` lies in its run folder).
    arm : one arm; all arms by default.
    changes : dotted path -> value, as with ``--set``.
    data : own measurements for ``petab``, a table of arm, readout, time_h, value, sd.

    Returns
    -------
    ``file``, ``bytes`` and ``sha256`` of each file written.

    Raises
    ------
    InputError
        For a format, arm or source that does not exist.
    StoreError
        If the place holds what Vesicle did not write, or cannot be written; then nothing was.
    """
    chosen = writer(format)
    run = Path(source) if (Path(source) / folder.NAME).is_file() else None
    if isinstance(chosen, RunWriter):
        if run is None:
            raise InputError(f"{source}: --format {format} describes a run folder and this is none; make one with `vesicle run ... --out DIR` and name it.")
        if arm or changes or data:
            raise InputError(f"--format {format} describes the run as it is; leave out --arm, --set and --data.")
        name, content = chosen.file(run)
        return put_file(Path(out) if out else run / name, content)
    assert isinstance(chosen, Writer)
    scenario = _of_run(run, changes or {}) if run else prepare(str(source), changes or {}, None)
    if arm is not None and arm not in scenario.arms:
        raise unknown_name("arm", arm, scenario.arms, "--arm")
    models = assemble(scenario, current(), (arm,) if arm else ())
    kept = {name: model for name, model in models.items() if arm in (None, name)}
    rows = _data(Path(data), {name: {o.id for o in model.network.observables} for name, model in kept.items()}) if data else ()
    if rows and format != "petab":
        raise InputError(f"--data belongs to --format petab; {format} holds no measurements.")
    return _put(chosen, Subject(scenario, kept, arm is not None, rows), Path(out) if out else None)


def _put(chosen: Writer, subject: Subject, out: Path | None) -> list[dict[str, Any]]:
    files = chosen.files(subject)
    if len(files) == 1 and chosen.suffix:
        return put_file(out or Path(subject.name + chosen.suffix), next(iter(files.values())))
    return put_folder(out or Path(f"{subject.name}-{chosen.format}"), files)


def _of_run(run: Path, changes: Mapping[str, str]) -> Scenario:
    """The scenario that a run folder was made from, changed; it and its records must be as they were."""
    try:
        made = json.loads(reading.read_text(run / folder.NAME))
        source, old, content, records = made["source"], dict(made["changes"]), made["scenario_hash"], made["evidence_version"]
    except (VesicleError, ValueError, KeyError, TypeError):
        raise SchemaError(f"{run / folder.NAME}: is not what a run writes; name a folder that `vesicle run` made, or the scenario.") from None
    try:
        scenario = prepare(source, old, None)
    except InputError as problem:
        raise SchemaError(f"{run}: the scenario '{source}' that it was made from cannot be read any more ({problem})") from None
    library = current()
    if scenario.content != content or records != f"{library.version}+{library.content}":
        raise SchemaError(f"{run}: the scenario or the records have changed since this run; run it again, or name the scenario to export what it is now.")
    return prepare(source, {**old, **changes}, None) if changes else scenario


def _data(path: Path, known: Mapping[str, set[str]]) -> tuple[dict[str, Any], ...]:
    """A user's measurements, checked."""
    out = []
    for row in reading.rows(path, DATA):
        if row["arm"] not in known:
            raise unknown_name("arm", row["arm"], known, row.where.removesuffix(": "))
        if row["readout"] not in known[row["arm"]]:
            raise unknown_name("readout", row["readout"], known[row["arm"]], row.where.removesuffix(": "))
        time, value, sd = (_number(row, name) for name in DATA[2:])
        if time < 0 or sd <= 0:
            raise SchemaError(f"{row.where}time_h {row['time_h']} and sd {row['sd']}: expected a time from zero on and an sd above zero.")
        out.append({"arm": row["arm"], "readout": row["readout"], "time_h": time, "value": value, "sd": sd})
    return tuple(out)


def _number(row: reading.Row, column: str) -> float:
    return units.number(row[column], f"{row.where}column '{column}': ")
