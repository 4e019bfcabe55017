"""How results look in a terminal. Results go to standard output, progress to standard error."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from vesicle.errors import unknown_name

CHAIN = ("made", "loaded", "released_by_donor", "isolated", "given", "circulating", "at_tumour", "in_reach", "bound", "internalised", "released", "engaged", "taken_by_others")


def _console(stderr: bool = False) -> Any:
    from rich.console import Console

    width = None if sys.stdout.isatty() else 160
    return Console(stderr=stderr, highlight=False, width=width)


@contextmanager
def progress() -> Iterator[Any]:
    """A progress report with the remaining time; plain lines where there is no terminal."""
    if not sys.stderr.isatty():
        yield _lines
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeRemainingColumn(), console=_console(True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(done: int, total: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield report


def _lines(done: int, total: int, what: str) -> None:
    quarter = max(total // 4, 1)
    if done == total or done % quarter == 0:
        print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)


def number(value: float | None, digits: int = 2) -> str:
    """A number for reading; a missing one is 'not reachable'."""
    return "not reachable" if value is None else f"{value:.{digits}g}"


def interval(found: dict[str, Any] | None) -> str:
    """``median (q05 to q95)``; one word where no quantile can be reached."""
    if not found:
        return ""
    if all(found[q] is None for q in ("q05", "q50", "q95")):
        return "not reachable"
    return f"{number(found['q50'])} ({number(found['q05'])} to {number(found['q95'])})"


def run(result: Any) -> None:
    """The custody table, the verdict, the headline numbers and where the report is."""
    console = _console()
    summary = result.summary
    arm = summary["question"]["arm"]
    console.print(f"\n[bold]{summary['title']}[/bold]")
    console.print(custody(summary["arms"][arm], arm))
    console.print(arms(summary))
    for line in verdict_lines(summary):
        console.print(line)
    if result.path is not None:
        console.print(f"\nReport: {result.path / 'report.html'}   (run folder {result.path})", soft_wrap=True)
    console.print("Research use only; not medical advice.")


def custody(arm: dict[str, Any], name: str) -> Any:
    """The custody table of one arm, from made to engaged."""
    from rich.box import SIMPLE
    from rich.table import Table

    cell = "donor cell at the end" if any(row["step"] == "released_by_donor" for row in arm["custody"]) else "recipient cell at the start"
    title = f"Chain of custody, arm '{name}' ({arm['label']}); median (5 to 95 % of draws) per {cell}"
    table = Table(title=title, title_justify="left", box=SIMPLE)
    for column, side in (("step", "left"), ("product", "left"), ("particles", "right"), ("copies", "right"), ("kept", "right"), ("set by", "left")):
        table.add_column(column, justify=side, no_wrap=column not in ("product", "set by"))  # type: ignore[arg-type]
    for row in arm["custody"]:
        if row["step"] in CHAIN:
            columns = (interval(row.get(key)) for key in ("particles_per_cell", "copies_per_cell", "fraction_kept"))
            table.add_row(row["step"].replace("_", " "), row["product"], *columns, ", ".join(row["parameters"]))
    return table


def arms(summary: dict[str, Any]) -> Any:
    """One line per arm: verdict, change, gap."""
    from rich.box import SIMPLE
    from rich.table import Table

    readout = summary["question"]["readout"]
    table = Table(title="Arms; 'arriving' counts particles that reach tumour or floor, per cell and dose", title_justify="left", box=SIMPLE)
    for title in ("arm", "verdict", f"change of {readout}", "gap [orders]", "arriving"):
        table.add_column(title, no_wrap=True)
    for name, arm in summary["arms"].items():
        verdict = arm["verdict"]
        reach = summary["headline"]["by_arm"].get(name) or {}
        change = verdict["change"]
        shown = "" if change.get("q50") is None else f"{change['q50']:+.2g}"
        call = "control" if verdict["in_words"].startswith("control") else verdict["call"]
        table.add_row(name, call, shown, interval(verdict.get("gap_orders")), interval(reach) if reach else "")
    return table


def verdict_lines(summary: dict[str, Any]) -> list[str]:
    """The verdict, the three headline numbers and what the evidence says, as sentences."""
    verdict, question = summary["verdict"], summary["question"]
    head = summary["headline"]
    asked = f"{question['readout']} by {question['change']:+.0%} at {question['at_h']:g} h against {question['control']}"
    low, high = verdict["wilson"]
    chance = f"P = {verdict['probability']:.3g} (Wilson {low:.3g} to {high:.3g}, {verdict['draws']} draws)"
    out = [f"\n[bold]Verdict: {verdict['call']}[/bold] that '{question['arm']}' changes {asked}: {chance}."]
    if verdict.get("limiting_step"):
        out.append(f"Most is lost at: {verdict['limiting_step'].replace('_', ' ')} (in {verdict['limiting_share_of_draws']:.0%} of draws).")
    reach = head["particles_in_reach_per_cell_per_dose"]
    if reach:
        out.append(f"1. Particles per cell and dose ({reach['step'].replace('_', ' ')}): {interval(reach)}.")
    if head["copies_held_per_cell"]:
        out.append(f"2. Guides in AGO per cell: {interval(head['copies_held_per_cell'])}; needed: {interval(head['copies_needed_per_cell'])}.")
        out.append(f"3. Gap: {interval(head['gap_orders'])} orders of magnitude.")
    out += [f"{name}: {arm['verdict']['in_words']}." for name, arm in summary["arms"].items() if arm["verdict"].get("gap_orders")]
    for name, shares in head["left_the_medium"].items():
        out.append(f"Left the medium in {name}: " + "; ".join(f"{time} {interval(found)}" for time, found in shares.items()) + " of the given.")
    hit = verdict.get("hit") or {}
    if hit:
        inside = f", loss in a reached cell {interval(hit['loss_in_reached_cell'])}" if "loss_in_reached_cell" in hit else ""
        out.append(
            f"Cells reached {interval(hit['reached_share'])}{inside}, mean loss over cells {interval(hit.get('mean_over_cells'))}; AGO taken {interval(hit['ago_taken_share'])}."
        )
    out += _closing(verdict)
    deciding = verdict.get("deciding_parameter")
    if deciding:
        source = ", ".join(deciding["records"]) or "rival structure"
        out.append(f"Deciding parameter: {deciding['parameter']} ({source}; share {deciding['share']:.0%}).")
        out.append(f"Unmeasured share {verdict['unmeasured_share']:.0%}, unverified (recalled) share {verdict['unverified_share']:.0%}.")
    out += _permeability(summary)
    for mark in verdict.get("evidence_says", []):
        tail = "unexplained by cytosolic transfer at this dose" if mark["unexplained"] else mark["carry"]
        out.append(f"{mark['reference']} reports: {mark['statement']}. Agreement: {mark['agreement']}; carry: {mark['carry']} -> [bold]{tail}[/bold].")
    return out


def _permeability(summary: dict[str, Any]) -> list[str]:
    """For arms given into blood: what each permeability record gives, and which decides."""
    out = []
    for name, found in summary["headline"]["by_arm"].items():
        if not found.get("by_permeability") or "circulating" in {row["step"] for row in summary["arms"][name]["custody"] if row["parameters"]}:
            continue
        parts = [f"{', '.join(item['records'])}: {interval(item)}" for item in found["by_permeability"]]
        out.append(f"Per cell and dose in {name}, by permeability record: {'; '.join(parts)}. Deciding: {found['deciding_permeability']}.")
    return out


def _closing(verdict: dict[str, Any]) -> list[str]:
    """What would close the gap."""
    out = []
    dose = verdict.get("dose_needed") or {}
    if dose.get("not_reachable_share") == 1:
        out.append("No dose that fits the dose volume would be enough.")
    elif dose.get("factor"):
        share = dose.get("not_reachable_share")
        much = f"more than fits the dose volume in {share:.0%} of {dose['draws']} draws"
        out.append(f"Dose that would be enough: {interval(dose['factor'])} times the given one ({much}).")
    for name, lever in (verdict.get("levers") or {}).items():
        if isinstance(lever, dict) and "needed" in lever:
            closes = {True: "closes the gap alone", False: "cannot close the gap alone", None: "no cap is known"}[lever["closes_alone"]]
            cap = f", cap {number(lever['cap'])}" if lever["cap"] is not None else ""
            out.append(f"  {name.replace('_', ' ')}: now {number(lever['now'])}, needed {number(lever['needed'])}{cap}: {closes}.")
    return out


def heading(text: str) -> None:
    """A line above a table."""
    _console().print(f"\n[bold]{text}[/bold]")


def table(rows: Sequence[dict[str, Any]], columns: Sequence[str], json: bool, if_none: str = "nothing found; try fewer or shorter words.") -> None:
    """Rows as a table, or as JSON."""
    if json:
        print(json_format.dumps(list(rows), indent=1, ensure_ascii=False))
        return
    from rich.table import Table

    shown = Table()
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(_cell(row.get(column, "")) for column in columns))
    if rows:
        _console().print(shown)
    else:
        _console(True).print(if_none)


def sensitivity(found: Any, most: int = 15) -> None:
    """The most telling parameters of every output, with their intervals, and what was left out."""
    document = found.document
    if screening := document.get("screening", {}).get("left_at_nominal"):
        _console().print(f"Morris screening left {screening} of {document['parameters_varied']} parameters at their nominal value.")
    for output, one in document["outputs"].items():
        if not one["parameters"]:
            _console().print(f"{output}: no indices; {one['reason']}.", soft_wrap=True)
            continue
        rows = [{"output": output, **row} for row in one["parameters"][:most]]
        hidden = ("records", "parameter", "output", "status", "spread_status")
        numbers = list(dict.fromkeys(key for row in rows for key in row if key not in hidden and not key.endswith("_half")))
        shown = [{**row, **{key: _with_half(row, key) for key in numbers}} for row in rows]
        table(shown, ("output", "parameter", *numbers, "status", "spread_status"), False)


def _with_half(row: dict[str, Any], key: str) -> str:
    if row.get(key) is None:
        return ""
    half = row.get(f"{key}_half")
    return number(row[key], 3) + (f" \u00b1 {number(half)}" if half is not None else "")


def _cell(value: Any) -> str:
    from rich.markup import escape

    if value is None:
        return ""
    return escape(", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))


def systems(rows: Sequence[dict[str, Any]], json: bool) -> None:
    """What held and what did not, per system; or JSON."""
    if json:
        print(json_format.dumps(list(rows), indent=1, ensure_ascii=False))
        return
    if len(rows) == 1 and rows[0]["numbers"]:
        heading(f"{rows[0]['system']} {rows[0]['title']}")
        table([{**number, "value": _rounded(number["value"])} for number in rows[0]["numbers"]], ("what", "value", "expected", "holds"), json)
        print(f"works: {str(rows[0]['works']).lower()}; without {rows[0]['takes_away']}: {str(rows[0]['twin_works']).lower()}")
        return
    words = {True: "works", False: "does not", None: "not yet"}
    table([{**row, "works": words[row["works"]], "checks": len(row["numbers"]), "reasons": row["reasons"], "twin": words[row["twin_works"]]} for row in rows],
          ("system", "title", "works", "checks", "twin", "reasons"), json)  # fmt: skip
    works = [row for row in rows if row["works"] is not None]
    print(f"{sum(row['works'] for row in works)} of {len(works)} experiments work; {len(rows) - len(works)} systems have none yet.")


def _rounded(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def record(fields: dict[str, Any], json: bool) -> None:
    """One record, field by field, or as JSON."""
    if json:
        print(json_format.dumps(fields, indent=1, ensure_ascii=False))
        return
    console = _console()
    for name, value in fields.items():
        console.print(f"{name:>20}  {_on_one_line(value)}", markup=False, soft_wrap=True)


def _on_one_line(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{k} {v}" for k, v in value.items())
    return "; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def mechanism(name: str, json: bool) -> None:
    """One mechanism with the equations of its module."""
    import inspect

    from vesicle.mechanisms import all_mechanisms

    found = all_mechanisms()
    if name not in found:
        raise unknown_name("mechanism", name, found, advice=f"`vesicle mechanisms` lists all {len(found)}.")
    kind = found[name]
    module = inspect.getmodule(kind)
    fields = {
        "name": name, "chapter": kind.chapter, "system": kind.system, "conserves": kind.conserves, "absent": kind.absent,
        "quantities": list(kind.quantities), "claims": list(kind.claims), "equations": (module.__doc__ or "").strip() if module else "",
    }  # fmt: skip
    record(fields, json)


def tree(fields: dict[str, Any], json: bool) -> None:
    """Nested counts, one level of indent per level, or JSON."""
    if json:
        print(json_format.dumps(fields, indent=1, ensure_ascii=False))
        return
    console = _console()
    for line in _branches(fields, 0):
        console.print(line, markup=False, soft_wrap=True)


def _branches(fields: dict[str, Any], depth: int) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield f"{'  ' * depth}{name}"
            yield from _branches(value, depth + 1)
        else:
            shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            yield f"{'  ' * depth}{name}: {shown}"


def conflicts(found: Sequence[dict[str, Any]], json: bool) -> None:
    """Each conflict with both sides, what separates them, and the experiment that would decide; or JSON."""
    if json:
        print(json_format.dumps(list(found), indent=1, ensure_ascii=False))
        return
    console = _console()
    for conflict in found:
        console.print(f"\n[bold]{conflict['question']}[/bold]")
        for sign, side in conflict["sides"].items():
            shown = "; ".join(f"{claim} ({where})" for claim, where in zip(side["claims"], side["locators"], strict=True))
            console.print(f"  {sign}  {len(side['claims'])} claims: {shown}", markup=False, soft_wrap=True)
        splits = ", ".join(f"{split['covariate']} {split['verdict']}" for split in conflict["splits"])
        console.print(f"  separated by: {splits}", markup=False, soft_wrap=True)
        for remark in conflict["explanation"]:
            console.print(f"  the review explains ({remark['claim']}): {remark['text']}", markup=False, soft_wrap=True)
        console.print(f"  would decide: {conflict['decide']}", markup=False, soft_wrap=True)
    if not found:
        _console(True).print("no conflict on that topic; try fewer words, or none.")


def calibration(found: dict[str, Any], json: bool) -> None:
    """The factors of a calibration before and after, and their correlation."""
    if json:
        print(json_format.dumps(found, indent=1, sort_keys=True))
        return
    from rich.box import SIMPLE
    from rich.table import Table

    console = _console()
    table = Table(box=SIMPLE, title=f"{found['calibration']}: {found['means']}")
    names = [factor["quantity"] for factor in found["factors"]]
    for column in ("factor", "unit", "before", "after", *(f"r{i}" for i in range(1, len(names) + 1))):
        table.add_column(column, no_wrap=True)
    for i, factor in enumerate(found["factors"], start=1):
        correlations = [f"{found['correlation'][factor['quantity']][name]:.2f}" for name in names]
        table.add_row(f"{i} {factor['quantity']}", factor["unit"], interval(factor["before"]), interval(factor["after"]), *correlations)
    table.add_row("  product", found["product"]["unit"], interval(found["product"]["before"]), interval(found["product"]["after"]))
    console.print(table)
    console.print(f"Fitted to {', '.join(datum['id'] for datum in found['data'])}, which are never scored; {found['effective_draws']} of {found['draws']} draws count.")
    word = "agree" if found["agrees"] else "do NOT agree"
    console.print(f"The records ({', '.join(found['recorded']) or 'none'}) {word} with this fit (largest difference {found['largest_difference']:.1%}).")


MODEL_ROWS = 30


def model_run(result: Any, json: bool) -> None:
    """What a model from elsewhere did: start and end of every quantity, warnings, where the folder is."""
    if json:
        sys.stdout.write(json_format.dumps(result.summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
        return
    from rich.box import SIMPLE
    from rich.table import Table

    console, summary = _console(), result.summary
    table = Table(box=SIMPLE, title=f"{summary['model']} to {summary['until']:g} {summary['time_unit'] or '(unit of time not given)'}")
    for column in ("quantity", "start", "end", "lowest", "highest"):
        table.add_column(column, justify="left" if column == "quantity" else "right")
    for name, found in list(summary["quantities"].items())[:MODEL_ROWS]:
        table.add_row(name, *(number(found[key], 4) for key in ("start", "end", "lowest", "highest")))
    console.print(table)
    if len(summary["quantities"]) > MODEL_ROWS:
        console.print(f"... and {len(summary['quantities']) - MODEL_ROWS} more in summary.json")
    console.print(summary["why_no_verdict"], soft_wrap=True)
    for warning in summary["warnings"]:
        console.print(f"Note: {warning}", soft_wrap=True, markup=False)
    if result.path is not None:
        console.print(f"Run folder: {result.path}", soft_wrap=True)
