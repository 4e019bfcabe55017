"""Judged experiments as a page and as a table: truly judged first, then unexplained effects, failures, calibration."""

from __future__ import annotations

from collections.abc import Sequence

from judge import BY_CONSTRUCTION, EMPTY, MARKS, NOT_CARRIED, REPEATS, UNSCORED, Judgement, Marked

COLUMNS = ("experiment", "line", "kind", "mark", "counts as", "expected", "q05", "q50", "q95")


def table(judgements: Sequence[Judgement]) -> str:
    """The results as markdown: truly judged first, then unexplained effects, failures, calibration."""
    truly = [j for j in judgements if j.counts_as == "judged"]
    partly = [j for j in judgements if j.counts_as == "partly"]
    unexplained = [j for j in judgements if j.unexplained]
    absent = [(j, m) for j in judgements for m in j.absent]
    failed = [(j, m) for j in judgements for m in j.failures]
    calibration = [j for j in judgements if j.counts_as == "calibration"]
    lines = [m for j in judgements for m in j.judged]
    counted = ", ".join(f"{sum(m.mark == mark for m in lines)} {mark}" for mark in MARKS)
    draws = sorted({j.samples for j in judgements})
    out = [
        "# Published experiments, judged",
        "",
        f"Written by `python verification/judge.py` ({', '.join(map(str, draws))} draws). Each experiment is judged without the measurements of its own source;",
        "no parameter is moved to pass a line.",
        "",
        f"1. Truly judged: {len(truly)} experiments ({_ids(truly)}), and {len(partly)} in part ({_ids(partly)}); {len(lines)} lines: {counted}. {_passes(lines)}",
        f"2. Unexplained effects (the chain cannot carry what is reported): {len(unexplained)} ({_ids(unexplained)}).",
        f"   Of their lines {len(absent)} fail because nothing comes through:" + _listed(absent),
        f"3. Failures that no want of carry explains: {len(failed)} of {len(absent) + len(failed)} failed lines" + _listed(failed),
        f"4. Calibration, never scored: {len(calibration)} ({_ids(calibration)}).",
        "",
        *_two_marks(judgements),
    ]
    for j in judgements:
        out += _section(j)
    return "\n".join(out) + "\n"


def _passes(lines: Sequence[Marked]) -> str:
    """How much of what passed says something."""
    passed = [m for m in lines if m.mark == "pass"]
    controls = [m for m in passed if m.is_control]
    built = sum(m.line.expects.words.startswith(BY_CONSTRUCTION) for m in controls)
    empty, repeats = (sum(m.mark == mark for m in lines) for mark in (EMPTY, REPEATS))
    wide = sum(m.says_little for m in passed)
    return (
        f"Of {len(passed)} passes {len(controls)} are negative controls ({built} of them null by construction) and {wide} are magnitudes whose interval says little; "
        f"{empty} more controls were empty (the treated arm is null as well), and {repeats} lines repeat the draws of another and are not counted again."
    )


def _listed(lines: Sequence[tuple[Judgement, Marked]]) -> str:
    """A list below an item."""
    return "".join(f"\n   - {j.experiment.id}: {m.line.what} ({_ends(m)}; expected {m.line.expects.words})" for j, m in lines)


def _two_marks(judgements: Sequence[Judgement]) -> list[str]:
    """Agreement and carry of every experiment, which are never mixed."""
    rows = ["| experiment | agreement of its judged lines | carry | counts as |", "| --- | --- | --- | --- |"]
    for j in judgements:
        counted = ", ".join(f"{n} {mark}" for mark in MARKS if (n := sum(m.mark == mark for m in j.judged)))
        rows.append(f"| {j.experiment.id} {j.experiment.title} | {counted or 'none'} | {_carry(j)} | {j.counts_as} |")
    return [*rows, ""]


def _carry(j: Judgement) -> str:
    """Marks of the reports, each once."""
    return ", ".join(f"{mark} (unexplained)" if mark == NOT_CARRIED and j.unexplained else mark for mark in dict.fromkeys(j.carry))


def _ids(judgements: Sequence[Judgement]) -> str:
    return ", ".join(j.experiment.id for j in judgements) or "none"


def _ends(marked: Marked) -> str:
    low, middle, high = marked.interval
    return f"{middle:.3g}, {low:.3g} to {high:.3g}"


def _section(j: Judgement) -> list[str]:
    head = [f"## {j.experiment.id} {j.experiment.title} ({j.experiment.reference}): {j.counts_as}", ""]
    if j.experiment.calibration:
        head += [f"Calibration: {j.experiment.calibration}", ""]
    if j.kept:
        head += [f"Own records kept, because nothing else gives the quantity: {', '.join(j.kept)}.", ""]
    head += [f"Carry: {_carry(j)}.", ""]
    if j.experiment.note:
        head += [j.experiment.note, ""]
    if j.experiment.not_judged:
        head += [f"Not judged: {j.experiment.not_judged}", ""]
    rows = ["| line | kind | expected | median (5 to 95 %) | mark | counts as |", "| --- | --- | --- | --- | --- | --- |"]
    for m in j.lines:
        little = "; says little" if m.says_little else ""
        rows.append(f"| {m.line.what} | {m.line.expects.kind} | {m.line.expects.words} | {_ends(m)} | {m.mark}{little} | {_counts(j, m)} |")
    return [*head, *rows, ""]


def _counts(j: Judgement, marked: Marked) -> str:
    if j.experiment.calibration:
        return "calibration"
    if marked.line.expects.kind in UNSCORED:
        return "shown"
    return f"calibration ({', '.join(marked.calibration)})" if marked.calibration else "judged"


def tsv(judgements: Sequence[Judgement]) -> str:
    """One line a row, tab-separated."""
    rows = ["\t".join(COLUMNS)]
    for j in judgements:
        for m in j.lines:
            numbers = [repr(v) for v in m.interval]
            rows.append("\t".join([j.experiment.id, m.line.what, m.line.expects.kind, m.mark, _counts(j, m), m.line.expects.words, *numbers]))
    return "\n".join(rows) + "\n"
