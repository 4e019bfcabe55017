"""Join the curated chapters into ``core_edges.tsv`` and ``core_nodes.tsv``.

    python curation/core/build.py DATA        DATA holds mirna_targets/, signaling/ as the READMEs there describe them

The curators chose the pairs and signs; tables only confirm. A PubMed number is carried where a curator saw it beside the pair, or where a table has
the same pair with the same sign: at most three per edge, looked up pair by pair. Which it was stands in ``checked_how``. An edge keeps its id from run to run.
"""

from __future__ import annotations

import collections
import csv
import gzip
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
RECORDS = HERE.parents[1] / "src" / "vesicle" / "evidence" / "records"
COLUMNS = ("id", "source", "target", "sign", "kind", "context", "pmids", "status", "checked_how", "note", "chapter")
MOST = 3
PHENOTYPE_OF = {"thrombin_generation": "other:coagulation"}


def table(data: Path, name: str):
    with gzip.open(data / name, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def looked_up(data: Path) -> dict[tuple[str, str, str], list[str]]:
    """(source, target, sign) -> PubMed numbers of the tables, best supported first."""
    found: dict[tuple[str, str, str], list[tuple[int, str]]] = collections.defaultdict(list)
    for row in table(data, "mirna_targets/mirtarbase_strong_hsa.csv.gz"):
        words = row["experiments"].lower()
        rank = -("luciferase" in words or "reporter" in words) - ("blot" in words)
        found[row["mirna"], row["target_symbol"], "-"].append((rank, row["pmid"]))
    for row in table(data, "signaling/dorothea_curated_with_pmids.csv.gz"):
        sign = {"1.0": "+", "-1.0": "-"}.get(row["mor"])
        if sign:
            found[row["tf"], row["target"], sign] += [(0, word) for word in re.split(r"[;,| ]+", row["pubmed_id"])]
    return {key: list(dict.fromkeys(number for _, number in sorted(pairs, key=lambda p: p[0]) if number.isdigit())) for key, pairs in found.items()}


def negatives(data: Path) -> dict[str, str]:
    """miRTarBase id -> PubMed number of the tested and unconfirmed pairs."""
    return {row["mirtarbase_id"]: row["pmid"] for row in table(data, "mirna_targets/mti_nonfunctional_hsa.csv.gz")}


def agreeing(data: Path) -> dict[tuple[str, str, str], list[str]]:
    """(source, target, sign) -> the tables of interactions that have the pair with this sign."""
    found: dict[tuple[str, str, str], list[str]] = collections.defaultdict(list)
    tables = {
        "OmniPath": ("omnipath_signed_signaling", "source", "sign"), "KEGG": ("kegg_signed_edges", "source", "sign"),
        "CollecTRI": ("collectri_tf_target", "source", "mor"), "DoRothEA": ("dorothea_curated_with_pmids", "tf", "mor"),
    }  # fmt: skip
    for name, (file, source, sign) in tables.items():
        for row in table(data, f"signaling/{file}.csv.gz"):
            value = float(row[sign] or 0)
            key = (row[source], row["target"], "+" if value > 0 else "-")
            if value and name not in found[key]:
                found[key].append(name)
    for row in table(data, "mirna_targets/mirtarbase_strong_hsa.csv.gz"):
        key = (row["mirna"], row["target_symbol"], "-")
        if "miRTarBase" not in found[key]:
            found[key].append("miRTarBase")
    for row in table(data, "mirna_targets/transmir_tf_mirna.csv.gz"):
        found[row["source"], row["target"], "+" if float(row["mor"]) > 0 else "-"].append("TransmiR")
    return found


def plain(text: str) -> str:
    """A remark without words that only the curators understood."""
    text = re.sub(r"http://[\d.]+:\d+/(\d+) \(copy of the PubMed page\)", r"PubMed page \1 (a copy)", text)
    text = re.sub(r"under the old name (\S+); lookup\.py misses it because names are not updated to v22", r"under its old name \1", text)
    text = text.replace("(mti_nonfunctional_hsa.csv.gz row ", "(miRTarBase, not functional, ")
    text = text.replace("lookup.py does not hold the pair", "the pair is in none of the tables").replace("lookup.py holds it", "miRTarBase has it")
    return text.replace("not in lookup.py", "in none of the other tables").strip()


def joined(chapters: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Every pair once; chapters that both have it must agree on its sign."""
    edges: dict[tuple[str, str], dict[str, str]] = {}
    for path in sorted(chapters.glob("*.tsv")):
        with path.open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
                row = {name: plain(cell) for name, cell in row.items()}
                row["target"] = PHENOTYPE_OF.get(row["target"], row["target"])
                if row["target"].startswith("other:") and row["kind"] != "phenotype":
                    row["kind"] = "phenotype"
                key = (row["source"], row["target"])
                before = edges.get(key)
                if before is None:
                    edges[key] = {**row, "chapter": path.stem}
                    continue
                if before["sign"] != row["sign"]:
                    raise SystemExit(f"{key}: {before['chapter']} has {before['sign']}, {path.stem} has {row['sign']}")
                edges[key] = better(before, {**row, "chapter": path.stem})
    return edges


def better(one: dict[str, str], two: dict[str, str]) -> dict[str, str]:
    """Of two curations of a pair the better founded one, with the remarks of both."""
    order = ("search", "seen", "recalled")

    def worth(row: dict[str, str]) -> tuple[int, bool]:
        return next(n for n, word in enumerate(order) if row["checked_how"].startswith(word)), row["pmid"] == "not_checked"

    first, second = sorted((one, two), key=worth)
    for name in ("context", "note"):
        parts = dict.fromkeys(part.strip() for row in (first, second) for part in row[name].split("; ") if part.strip())
        first[name] = "; ".join(parts) if name == "note" or (one["context"] and two["context"]) else ""
    first["chapter"] = ";".join(dict.fromkeys((one["chapter"], two["chapter"])))
    return first


def with_numbers(row: dict[str, str], tables: dict, tested: dict[str, str], confirming: dict, looked: dict) -> dict[str, str]:
    """The row with its PubMed numbers, status and how it was checked."""
    seen = [word for word in row["pmid"].split(";") if word.isdigit()]
    how = row["checked_how"]
    key = (row["source"], row["target"], row["sign"])
    if how.startswith("seen in a table") and row["kind"] != "not_functional":
        how = f"same sign in {', '.join(dict.fromkeys(confirming[key]))}" if confirming.get(key) else "same pair in a table"
    if row["kind"] == "not_functional" and (number := re.search(r"MIRT\d+", how)):
        seen, how = [tested[number[0]]], f"{how}; PubMed number from that row"
    elif not seen and looked.get(key, ("",))[0]:
        seen, how = [looked[key][0]], f"{how}; {looked[key][1]}"
    elif not seen and row["sign"] in "+-" and (seen := tables.get(key, [])[:MOST]):
        source = "miRTarBase" if row["kind"] == "mirna_target" else "DoRothEA, curated"
        how = f"{how}; PubMed number looked up in {source}, paper not read"
    if key in looked and looked[key][2]:
        row["note"] = "; ".join(filter(None, (row["note"], f"but: {looked[key][2]}")))
    row |= {"pmids": ";".join(seen) or "not_checked", "checked_how": how}
    row["status"] = "found" if seen or how.startswith("search") else "recalled"
    return row


def searched() -> dict[tuple[str, str, str], tuple[str, str, str]]:
    """(source, target, sign) -> PubMed number (or empty), where it was seen, and remarks, from the later look-ups in ``pmids/``."""
    found = {}
    for path in sorted((HERE / "pmids").glob("*.tsv")):
        for row in rows(path):
            number = row["pmid"] if row["pmid"].isdigit() else ""
            found[row["source"], row["target"], row["sign"]] = (number, plain(row["checked_how"]), plain(row["note"]))
    for row in rows(RECORDS / "sign_corrections.tsv"):
        key = (row["source"], row["target"], row["right"])
        if row["reference"].startswith("PMID:") and not found.get(key, ("",))[0]:
            found[key] = (row["reference"].removeprefix("PMID:"), row["checked_how"], "")
    return found


def nodes(edges: list[dict[str, str]]) -> list[dict[str, str]]:
    """Every node with its kind, identifier, label, and whether the reviews name it."""
    from vesicle.evidence import genes, names

    terms = {row["name"]: row for row in rows(RECORDS / "terms.tsv")}
    named = {name for row in rows(RECORDS / "claims.tsv") for field in ("cargo", "targets") for name in named_in(row[field])}
    out = []
    for name in sorted({row[end] for row in edges for end in ("source", "target")}):
        if number := genes.hgnc(name):
            kind, curie, label = "gene", number, name
        elif (found := names.candidates(name)) and len(found) == 1:
            kind, curie, label = "miRNA", f"miRBase:{found[0].accession}", found[0].name
        elif name in terms:
            kind, curie, label = terms[name]["kind"], terms[name]["curie"], terms[name]["label"]
        else:
            kind, curie, label = "phenotype", "none", name.removeprefix("other:").replace("_", " ")
        out.append({"name": name, "kind": kind, "curie": curie, "label": label, "in_reviews": "yes" if name in named else "no"})
    return out


def named_in(cell: str) -> list[str]:
    return [re.sub(r":[-+0]$", "", part).strip() for part in cell.split(";") if part]


def rows(path: Path):
    with path.open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)


def write(path: Path, columns: tuple[str, ...], records: list[dict[str, str]]) -> None:
    lines = ["\t".join(columns), *("\t".join(record[name] for name in columns) for record in records)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(data: Path) -> None:
    path = RECORDS / "core_edges.tsv"
    old = {(row["source"], row["target"]): row["id"] for row in rows(path)} if path.exists() else {}
    last = max((int(name[2:]) for name in old.values()), default=0)
    tables, tested, confirming, looked = looked_up(data), negatives(data), agreeing(data), searched()
    edges = [with_numbers(row, tables, tested, confirming, looked) for row in joined(HERE).values()]
    for row in edges:
        if (row["source"], row["target"]) in old:
            row["id"] = old[row["source"], row["target"]]
        else:
            last += 1
            row["id"] = f"E-{last:04d}"
    edges.sort(key=lambda row: row["id"])
    write(path, COLUMNS, edges)
    write(RECORDS / "core_nodes.tsv", ("name", "kind", "curie", "label", "in_reviews"), nodes(edges))
    print(f"{len(edges)} edges, {sum(row['pmids'] != 'not_checked' for row in edges)} with PubMed numbers")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
