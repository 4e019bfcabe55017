"""Make the shipped tables that are too large to write by hand, with Vesicle's own importers.

    python curation/build_tables.py DATA      DATA holds identifiers/, signaling/ and expression/

Writes ``gene_names.parquet`` (HGNC, permissive) and, under ``copyleft/``, ``dorothea.parquet`` (GPL-3.0) and ``expression.parquet``
(Human Protein Atlas, CC-BY-SA): the samples that ``expression_samples.tsv`` names.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow
import pyarrow.parquet

from vesicle import reading
from vesicle.evidence.imports import KINDS, all_importers

RECORDS = Path(__file__).resolve().parents[1] / "src" / "vesicle" / "evidence" / "records"
GENE_COLUMNS = ("symbol", "hgnc", "aliases", "previous", "entrez", "ensembl")
NO_PRODUCT = ("pseudogene", "fragile site", "phenotype only", "region")


def rows(importer: str, path: Path) -> list[dict[str, object]]:
    reader = all_importers()[importer]
    columns = list(KINDS[reader.makes].columns)
    return [dict(zip(columns, row, strict=True)) for row in reader.rows(reading.open_table(path, reader.layout))]


def write(path: Path, columns: Iterable[str], records: list[dict[str, object]], types: dict[str, pyarrow.DataType]) -> None:
    table = pyarrow.table({name: pyarrow.array([record[name] for record in records], types.get(name, pyarrow.string())) for name in columns})
    pyarrow.parquet.write_table(table, path, compression="zstd", compression_level=19)
    print(f"{path.name}: {len(records):,} rows, {path.stat().st_size / 1e6:.1f} MB")


def samples() -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    with (RECORDS / "expression_samples.tsv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["sample"]:
                out.setdefault(row["table"], set()).add(row["sample"])
    return out


def main(data: Path) -> None:
    genes = [row for row in rows("hgnc", data / "identifiers/hgnc_entries.tsv.gz") if row["locus"] not in NO_PRODUCT]
    write(RECORDS / "gene_names.parquet", GENE_COLUMNS, sorted(genes, key=lambda row: str(row["symbol"])), {})
    edges = rows("dorothea", data / "signaling/dorothea_hs_ABC.csv.gz")
    write(RECORDS / "copyleft/dorothea.parquet", KINDS["signed_edge"].columns, edges, {"sign": pyarrow.int32()})
    values = []
    for table, wanted in samples().items():
        values += [row for row in rows("hpa", data / f"expression/hpa_{table}_nx.tsv.gz") if row["sample"] in wanted]
    values.sort(key=lambda row: (str(row["sample"]), str(row["gene"])))
    write(RECORDS / "copyleft/expression.parquet", ("gene", "sample", "value", "unit"), values, {"value": pyarrow.float32()})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
