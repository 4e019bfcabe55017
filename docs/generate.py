"""Write the generated documents, so that page and code cannot part.

    python docs/generate.py            write docs/reference/mechanisms.md and the marked parts of the records' README
    python docs/generate.py --check    write nothing; exit with 1 and name what is out of date

Equations come from the docstrings of ``src/vesicle/mechanisms``, numbers from the records.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from vesicle.evidence import Library, shipped
from vesicle.evidence.export import schema_json
from vesicle.evidence.imports import all_importers
from vesicle.evidence.measurement import ROLES, STATUSES, Measurement
from vesicle.evidence.priors.statistics import core_stats
from vesicle.evidence.sources import shipped_sources
from vesicle.mechanisms import all_mechanisms
from vesicle.mechanisms.base import Mechanism
from vesicle.mechanisms.travelling import diffusion
from vesicle.products import composition

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "vesicle"
PAGE = ROOT / "docs" / "reference" / "mechanisms.md"
RECORDS = SOURCE / "evidence" / "records"
CHAPTERS = ("making", "travelling", "entering", "acting", "signalling", "phenotype", "immune", "drug")
BUILT_IN = "vesicle.mechanisms."
ASKING = re.compile(r'(?:\.quantity\(|in_cell\(site, )"(\w+)"')
STRONGEST_FIRST = ("found", "calibrated", "computed", "recalled", "assumed")


def asked() -> dict[str, set[str]]:
    """Quantity -> who asks for it: mechanisms by name, everything else by module."""
    found: dict[str, set[str]] = {}
    for name, kind in all_mechanisms().items():
        for quantity in kind.quantities:
            found.setdefault(quantity, set()).add(name)
    for room in ("mechanisms", "products", "model"):
        for path in sorted((SOURCE / room).rglob("*.py")):
            for quantity in ASKING.findall(path.read_text(encoding="utf-8")):
                found.setdefault(quantity, set())
                if not found[quantity] or room != "mechanisms":
                    found[quantity].add(f"{room}.{path.stem}")
    return dict(sorted(found.items()))


def answering(library: Library, quantity: str) -> list[Measurement]:
    """The records of a quantity that may enter a model."""
    return [m for m in library.of(quantity) if m.role == "input" and m.distribution != "none"]


def context(record: Measurement) -> str:
    """What the record is about, in a few words."""
    return ", ".join(record.context.values())


def row(*cells: object) -> str:
    """One line of a Markdown table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(head: Iterable[str], rows: Iterable[str]) -> list[str]:
    """A Markdown table."""
    titles = list(head)
    return [row(*titles), row(*("---" for _ in titles)), *rows, ""]


def mechanisms_page(library: Library) -> str:
    """The page of all mechanisms: equations, conservation, records."""
    by_module: dict[str, list[type[Mechanism]]] = {}
    for kind in all_mechanisms().values():
        if kind.__module__.startswith(BUILT_IN):
            by_module.setdefault(kind.__module__, []).append(kind)
    lines = [
        "# Mechanisms",
        "",
        "<!-- Written by docs/generate.py from the docstrings and the records; edit those, then run the script. -->",
        "",
        "Every process that this version simulates, with its equations as they stand in the code, what it conserves, and the records that may answer each quantity it asks for.",
        "Values are medians; ranges are 5 to 95 %, and those marked *assumed* rest on no source. Of several records the context of the run chooses",
        "(see [the records' README](../../src/vesicle/evidence/records/README.md)); `vesicle evidence show M-0037` prints one whole.",
        "",
    ]
    for chapter in CHAPTERS:
        modules = {name: kinds for name, kinds in sorted(by_module.items()) if kinds[0].chapter == chapter}
        if modules:
            lines += [f"## {chapter.capitalize()}", ""]
        for name, kinds in modules.items():
            lines += [f"### {name.removeprefix(BUILT_IN)}", "", inspect.cleandoc(sys.modules[name].__doc__ or ""), ""]
            for kind in kinds:
                lines += mechanism_section(library, kind)
    lines += ["## Shared equations", "", "### travelling.diffusion", "", inspect.cleandoc(diffusion.__doc__ or ""), ""]
    lines += ["## Products", "", "### products.composition", "", inspect.cleandoc(composition.__doc__ or ""), ""]
    declared = {q for kind in all_mechanisms().values() for q in kind.quantities}
    lines += ["Quantities that products, the assembly and shared equations ask for:", "", *records_table(library, [q for q in asked() if q not in declared])]
    return "\n".join(lines).rstrip() + "\n"


def mechanism_section(library: Library, kind: type[Mechanism]) -> list[str]:
    """One mechanism: what it is, what it keeps, and its records."""
    return [
        f"#### {kind.name}",
        "",
        inspect.cleandoc(kind.__doc__ or ""),
        "",
        f"- system: {kind.system}",
        f"- conserves: {kind.conserves}",
        f"- left out: {kind.absent}",
        *([f"- claims: {', '.join(kind.claims)}"] if kind.claims else []),
        "",
        *records_table(library, kind.quantities),
    ]


def records_table(library: Library, quantities: Iterable[str]) -> list[str]:
    """One line per answering record of each quantity."""
    lines = []
    for quantity in quantities:
        records = answering(library, quantity)
        if not records:
            lines.append(row(f"`{quantity}`", "none", "", "", "", "", ""))
        for m in records:
            lines.append(row(f"`{quantity}`", m.id, f"{m.value:g} {m.unit}".removesuffix(" 1"), spread(m), context(m), m.status, m.reference))
    return table(("quantity", "record", "value", "5 to 95 %", "context", "status", "reference"), lines)


def spread(record: Measurement) -> str:
    """The range of a record in words."""
    if record.distribution == "fixed":
        return "fixed"
    low, high = record.range()
    ends = "ends " if record.distribution in ("uniform", "loguniform") else ""
    return f"{ends}{low:.3g} to {high:.3g}" + (" (assumed)" if record.has_assumed_spread else "")


def counts(library: Library) -> list[str]:
    """How many records there are, by status and role."""
    numbers = Counter((m.status, m.role) for m in library.measurements)
    lines = [row(status, *(numbers[status, role] for role in ROLES), sum(numbers[status, role] for role in ROLES)) for status in STATUSES]
    lines.append(row("all", *(sum(numbers[status, role] for status in STATUSES) for role in ROLES), len(library.measurements)))
    inputs = [m for m in library.measurements if m.role == "input"]
    unsourced, unchecked = sum(m.has_assumed_spread for m in inputs), sum(r.checked_how == "not_checked" for r in library.references)
    return [
        *table(("status", *ROLES, "all"), lines),
        f"{len({m.quantity for m in library.measurements})} quantities. Of the {len(inputs)} inputs, {unsourced} have a spread that rests on no source.",
        f"{len(library.claims)} claims. Of the {len(library.references)} references, {unchecked} were checked by nobody yet.",
        "",
    ]


def standing(records: list[Measurement]) -> str:
    """How well a quantity is supported over all its contexts."""
    if not records:
        return "**missing**"
    if all(m.distribution == "fixed" for m in records):
        return f"{min((m.status for m in records), key=STRONGEST_FIRST.index)}; a fixed number, not drawn"
    statuses = {m.status for m in records}
    if statuses == {"assumed"}:
        return "**unparametrised** (assumed prior)"
    best = next(s for s in STRONGEST_FIRST if s in statuses)
    guessed = [context(m) or "any context" for m in records if m.status == "assumed"]
    return best + (f"; assumed for {' / '.join(guessed)}" if guessed else "")


def needs(library: Library) -> list[str]:
    """Every quantity that is asked for, who asks, its records and how it stands."""
    lines = []
    for quantity, askers in asked().items():
        records = answering(library, quantity)
        lines.append(row(f"`{quantity}`", ", ".join(sorted(askers)), ", ".join(f"{m.id} {m.status}" for m in records) or "none", standing(records)))
    return table(("quantity", "asked by", "records with role input", "standing"), lines)


def dropped() -> list[str]:
    """What was left out of the library, and why."""
    rows = (line.split("\t") for line in (RECORDS / "dropped.tsv").read_text(encoding="utf-8").splitlines()[1:])
    return table(("entry", "why it was dropped"), (row(name, reason) for name, reason in rows))


def shipped_tables() -> list[str]:
    """Every shipped file with its origin, class, terms and change."""
    head = ("file", "what it is", "origin", "class", "terms", "change")
    return table(head, (row(f"`{s.file}`", s.what, s.origin, s.licence_class, s.terms, s.change) for s in shipped_sources().values()))


def importable() -> list[str]:
    """Every format that `vesicle evidence import` reads."""
    head = ("name", "database", "makes", "class", "terms as stated")
    return table(head, (row(f"`{name}`", f"[{i.title}]({i.homepage})" if i.homepage else i.title, f"`{i.makes}`", i.licence_class, i.terms) for name, i in all_importers().items()))


def core_counts() -> list[str]:
    """The core in numbers."""
    found = core_stats()
    kinds = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in sorted(found["edges_per_kind"].items(), key=lambda item: -item[1]))
    return [
        f"{found['edges']} edges between {found['nodes']} nodes, {found['nodes_named_by_the_reviews']} of them named by the reviews as cargo or target: {kinds}.",
        f"{found['edges_with_pmid']} edges carry a PubMed number. {found['edges_per_status']['recalled']} rest on knowledge of the field alone (`recalled`).",
        f"{found['sign_corrections']} signs of other tables are corrected.",
        "",
    ]


def between(text: str, marker: str, lines: list[str]) -> str:
    """The text with the part between two marks replaced."""
    start, end = f"<!-- generated: {marker} -->\n", f"<!-- end of {marker} -->"
    before, _, rest = text.partition(start)
    after = rest.partition(end)[2]
    return f"{before}{start}\n" + "\n".join(lines).rstrip() + f"\n\n{end}{after}"


def documents() -> dict[Path, str]:
    """Every generated document with the text it should have."""
    library = shipped()
    readme = RECORDS / "README.md"
    text = readme.read_text(encoding="utf-8")
    for marker, lines in (("counts", counts(library)), ("needs", needs(library)), ("dropped", dropped()), ("core", core_counts())):
        text = between(text, marker, lines)
    sources, imports = RECORDS / "SOURCES.md", ROOT / "docs" / "how-to" / "import_databases.md"
    return {
        PAGE: mechanisms_page(library),
        readme: text,
        sources: between(sources.read_text(encoding="utf-8"), "files", shipped_tables()),
        imports: between(imports.read_text(encoding="utf-8"), "formats", importable()),
        ROOT / "docs" / "reference" / "claim.schema.json": schema_json(library),
    }


def stale() -> list[str]:
    """The generated documents that differ from what the code and the records say."""
    return [str(path.relative_to(ROOT)) for path, text in documents().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> int:
    """Write, or with ``--check`` compare."""
    if "--check" in sys.argv[1:]:
        old = stale()
        for name in old:
            print(f"{name}: out of date; run `python docs/generate.py`.", file=sys.stderr)
        return 1 if old else 0
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
