"""Calibration: perform a recorded one again and compare, or fit a scenario or laws of growth to data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vesicle import units
from vesicle.errors import InputError, Interrupted, unknown_name
from vesicle.evidence.own import current
from vesicle.runs.pool import Progress, silent
from vesicle.streams import check_seed

GROWTH = "growth"
"""In place of a scenario: laws of tumour growth."""
MOST_STARTS = 200

AGREES = 0.02
"""Largest relative difference between a recorded point and the same fit made again: rounding to four digits, and numbers of another release of numpy."""


def fit(name: str = "secretion") -> dict[str, Any]:
    """Perform a calibration again from its priors and data, and say whether the records agree.

    Returns
    -------
    Factors before and after with 5, 50 and 95 % points, their correlation, the product before and after, the data, and ``recorded``.

    Raises
    ------
    UnknownName
        With the nearest calibration.
    InputError
        For laws of growth, which are fitted to data only.
    """
    from vesicle.inference import calibration

    if name == GROWTH:
        raise InputError("fit growth: laws of growth are fitted to a table of volumes, expected DATA behind 'growth', like `vesicle fit growth volumes.tsv`.")
    library = current()
    what = calibration.act(name)
    found = calibration.calibrate(what, library)
    out = calibration.as_table(what, library, found)
    stands = calibration.recorded(library, name)
    measured = {m.id: m for m in library.measurements}
    worst = 0.0
    for factor in stands.factors if stands else ():
        record = measured[factor.record]
        points = (*record.range(), record.value)
        again = (found.quantiles[factor.prior][0], found.quantiles[factor.prior][2], found.quantiles[factor.prior][1])
        worst = max(worst, *(abs(a / b - 1) for a, b in zip(points, again, strict=True)))
    return {**out, "recorded": [f.record for f in stands.factors] if stands else [], "largest_difference": worst, "agrees": bool(stands) and worst < AGREES}


@dataclass(frozen=True)
class Fit:
    """A fit to data.

    Attributes
    ----------
    document : the content of ``fit.json``.
    rows : what it found as records without ids, in the columns of ``measurements.tsv``.
    written : files that were written.
    """

    document: dict[str, Any]
    rows: list[dict[str, str]]
    written: list[dict[str, Any]]


def fit_data(
    scenario: str,
    data: str | Path,
    *,
    free: Sequence[str] = (),
    laws: Sequence[str] = (),
    arms: Sequence[str] = (),
    error: str = "",
    priors: bool = False,
    inoculum: str = "",
    species: str = "",
    cell: str = "",
    time_unit: str = "",
    value_unit: str = "",
    starts: int = 3,
    seed: int = 1,
    held_out: int = 1,
    changes: Mapping[str, str] | None = None,
    out: str | Path | None = None,
    first_id: str = "",
    experiment: str = "",
    laboratory: str = "",
    progress: Progress = silent,
) -> Fit:
    """Fit to a table of courses; with ``out`` write ``fit.json``, ``calibrated.tsv`` and ``report.html`` into a folder, whole or not at all.

    Parameters
    ----------
    scenario : ``growth`` for laws of tumour growth, else a scenario: with ``free`` its parameters are fitted to its observables, without, laws of growth with the
        species and the cell of its recipient as context.
    data : see :mod:`vesicle.formats.time_courses`.
    free : ids of parameters of the scenario.
    laws : laws of growth; four by default.
    arms : arms of the table; all by default.
    error : ``both``, ``proportional`` or ``additive``; both for growth, proportional for a scenario.
    priors : whether the records of the parameters go into the fit, or only bound it.
    inoculum : time and volume from which every tumour began, like ``0 d=1 mm3``; by default the first volume of each subject is free.
    time_unit, value_unit : of columns that state none.
    held_out : how many last values of each subject are predicted from the others.
    first_id : id of the first row of ``calibrated.tsv``; the next free ``U-`` id by default.
    experiment, laboratory : written into the rows; the experiment is the name of the file by default.

    Raises
    ------
    InputError
        With the place in the table, or the option.
    SolverError
    StoreError
        If the folder cannot be written or holds something else; said before the fit.
    Interrupted
        On Ctrl-C; then nothing was written.
    """
    from vesicle.formats.placing import must_be_placeable
    from vesicle.inference.calibrated_rows import check_word, rows_of

    _must_fit_together(free, laws, inoculum, error, starts, held_out)
    check_seed(seed)
    for option, text in (("--experiment", experiment), ("--laboratory", laboratory)):
        check_word(text, option)
    stated = {"given_time_unit": time_unit, "given_value_unit": value_unit, "arms": tuple(arms)}
    common = {"priors": priors, "starts": starts, "seed": seed, "held_out": held_out}
    letters, number = _first(first_id)
    if out is not None:
        must_be_placeable(Path(out))
    try:
        if free:
            document = _of_scenario(scenario, Path(data), stated, {**common, "free": tuple(free), "error": error or "proportional"}, changes or {}, progress)
        else:
            own = {**_context(scenario, changes or {}, species, cell), "error": error or "both", "laws": tuple(laws), "inoculum": _inoculum(inoculum)}
            document = _of_growth(Path(data), stated, {**common, **own}, progress)
        rows, document["rows_left_out"] = rows_of(document, current(), experiment, laboratory)
        return Fit(document, rows, _write(Path(out), document, rows, letters, number) if out is not None else [])
    except KeyboardInterrupt:
        raise Interrupted("the fit was stopped and nothing was written; run the same command again.") from None


def _must_fit_together(free: Sequence[str], laws: Sequence[str], inoculum: str, error: str, starts: int, held_out: int) -> None:
    """Refuse options that no fit has, alone or together."""
    from vesicle.inference import fitting

    if error and error not in fitting.ERRORS:
        raise unknown_name("error", error, fitting.ERRORS, "--error")
    if not 1 <= starts <= MOST_STARTS:
        raise InputError(f"--starts {starts}: expected 1 to {MOST_STARTS}.")
    if held_out < 0:
        raise InputError(f"--held-out {held_out}: expected 0 or more last values.")
    if free and (laws or inoculum):
        raise InputError("--law and --inoculum belong to laws of growth, --free to parameters of a scenario; leave out one of them.")


def _of_growth(path: Path, stated: dict[str, Any], settings: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from vesicle.formats.time_courses import read_courses
    from vesicle.inference import growth

    courses = read_courses(path, growth.TIME, growth.VOLUME, **stated)
    settings = {**settings, "laws": tuple(dict.fromkeys(settings["laws"])) or growth.LAWS}
    return growth.fit_growth(courses, growth.Asked(**settings), current(), progress)


def _of_scenario(scenario: str, path: Path, stated: dict[str, Any], settings: dict[str, Any], changes: Mapping[str, str], progress: Progress) -> dict[str, Any]:
    from vesicle.formats.time_courses import read_courses
    from vesicle.inference import scenario_fit
    from vesicle.runs.execute import prepare

    found, library = prepare(scenario, changes, None), current()
    courses = read_courses(path, scenario_fit.TIME, "", value_units=scenario_fit.readout_units(found, library), **stated)
    return scenario_fit.fit_scenario(found, courses, scenario_fit.Asked(**settings), library, progress)


def _context(scenario: str, changes: Mapping[str, str], species: str, cell: str) -> dict[str, str]:
    """Species and cell of the records that a fit of growth asks for: as given, else those of the scenario."""
    if scenario == GROWTH:
        return {"species": species, "cell": cell}
    from vesicle.model.settings import species_of
    from vesicle.runs.execute import prepare

    found = prepare(scenario, changes, None)
    cells = [recipient.cell for recipient in found.recipients.values()]
    return {"species": species or species_of(found), "cell": cell or (cells[0] if cells else "")}


def _inoculum(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    time, equals, volume = text.partition("=")
    if not equals:
        raise InputError(f"--inoculum '{text}': expected a time, an equals sign and a volume, like '0 d=1 mm3'.")
    size = units.quantity(volume, "mm3", "--inoculum: ").to("mm3")
    if size <= 0:
        raise InputError(f"--inoculum '{text}': expected a volume above zero.")
    return units.quantity(time, "d", "--inoculum: ").to("d"), size


def _first(text: str) -> tuple[str, int]:
    """Letters and number of the first id."""
    if not text:
        numbers = [int(name[2:]) for name in current().by_id if name.startswith("U-") and name[2:].isdecimal()]
        return "U-", max(numbers, default=0) + 1
    match = re.fullmatch(r"([A-Z]-)(\d{1,6})", text)
    if match is None:
        raise InputError(f"--first-id '{text}': expected a letter, a dash and a number, like 'U-0001'.")
    return match.group(1), int(match.group(2))


def _write(path: Path, document: dict[str, Any], rows: Sequence[Mapping[str, str]], letters: str, number: int) -> list[dict[str, Any]]:
    from vesicle.formats.placing import put_folder
    from vesicle.inference.calibrated_rows import table
    from vesicle.report.fits import build
    from vesicle.runs.documents import as_json

    return put_folder(path, {"fit.json": as_json(document), "calibrated.tsv": table(rows, letters, number), "report.html": build(document, rows)})
