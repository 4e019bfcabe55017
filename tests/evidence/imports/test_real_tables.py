"""The databases themselves: every row that shall be kept is imported, counted by pandas on its own, and no value changes on the way."""

import csv
from pathlib import Path

import pandas
import pytest

from vesicle.evidence.imports.store import import_table, tables

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"


def every(frame):
    return len(frame)


def human(frame):
    return int((frame[["species_mirna", "species_target"]].isin(["hsa", "Homo sapiens"])).all(axis=1).sum())


def approved(frame):
    return int((frame["Status"] == "Approved").sum())


def numbers(frame):
    return frame.iloc[:, 1:].apply(pandas.to_numeric).stack().dropna()


def above_zero(frame):
    return int((numbers(frame) > 0).sum())


def measured(frame):
    return len(numbers(frame.drop(columns="symbol")))


# importer, file, rows that shall be kept, then something about the values: in SQL, and by pandas
CASES = [
    ("mirtarbase", "mirna_targets/mirtarbase_strong_hsa.csv.gz", human, "count(*) FILTER (functional = 'no')", lambda t: 0),
    ("mirtarbase", "mirna_targets/mti_nonfunctional_hsa.csv.gz", human, "count(*) FILTER (functional = 'no')", len),
    ("mirtarbase", "mirna_targets/mirtarbase_2017_hsa_pairs.csv.gz", every, "count(*) FILTER (functional = 'unknown')", len),
    ("targetscan", "mirna_targets/targetscan_conserved_sites.csv.gz", every, "sum(sites)", lambda t: t.n_sites.astype(int).sum()),
    ("transmir", "mirna_targets/transmir_tf_mirna.csv.gz", every, "sum(sign)", lambda t: t.mor.astype(int).sum()),
    ("hmdd", "mirna_targets/hmdd_v3_mirna_disease.csv.gz", every, "count(*) FILTER (causal = 'yes')", lambda t: (t.causality == "yes").sum()),
    ("omnipath", "signaling/omnipath_signed_signaling.csv.gz", every, "sum(sign)", lambda t: t.sign.astype(int).sum()),
    ("omnipath", "signaling/cosmos_metabolic_edges.csv.gz", every, "sum(sign)", lambda t: t.interaction.astype(int).sum()),
    ("omnipath", "signaling/liana_ligand_receptor.csv.gz", every, "count(*) FILTER (sign = 0)", len),
    ("kegg", "signaling/kegg_signed_edges.csv.gz", every, "sum(sign)", lambda t: t.sign.astype(int).sum()),
    ("collectri", "signaling/collectri_tf_target.csv.gz", every, "sum(sign)", lambda t: t.mor.astype(int).sum()),
    ("dorothea", "signaling/dorothea_hs_ABC.csv.gz", every, "sum(sign)", lambda t: t.mor.astype(float).sum()),
    ("exocarta", "ev_databases/exocarta_v5_protein_mrna.txt.gz", every, "count(DISTINCT experiment)", lambda t: t["EXPERIMENT ID"].nunique()),
    ("vesiclepedia", "ev_databases/vesiclepedia_v5.1_miRNA_details.txt.gz", every, "count(DISTINCT experiment)", lambda t: t["EXPERIMENT ID"].nunique()),
    ("vesiclepedia", "ev_databases/vesiclepedia_v5.1_lipid_details.txt.gz", every, "count(DISTINCT cargo)", lambda t: t["LIPID ID"].str.strip().nunique()),
    ("vesiclepedia-studies", "ev_databases/vesiclepedia_v5.1_experiment_details.txt.gz", every, "count(DISTINCT study)", len),
    ("evmirna", "ev_mirna/cell_source_mean_cpm.csv.gz", above_zero, "sum(value)", lambda t: numbers(t).sum()),
    ("evmirna", "ev_mirna/matrices/PRJNA540915.counts.csv.gz", above_zero, "sum(value)", lambda t: numbers(t).sum()),
    ("evmirna", "ev_mirna/matrices/PRJNA290097.rpm.csv.gz", above_zero, "sum(value)", lambda t: numbers(t).sum()),
    ("evmirna-runs", "ev_mirna/runs.csv.gz", every, "count(DISTINCT study)", lambda t: t.bioproject.nunique()),
    ("evmirna-runs", "ev_mirna/cell_source_groups.csv", every, "count(DISTINCT sample)", len),
    ("hpa", "expression/hpa_blood_cell_nx.tsv.gz", measured, "sum(value)", lambda t: numbers(t.drop(columns="symbol")).sum()),
    ("hgnc", "identifiers/hgnc_entries.tsv.gz", approved, "count(DISTINCT hgnc)", approved),
    ("mirbase-history", "identifiers/mirbase_hsa_name_history.csv.gz", every, "count(DISTINCT accession)", lambda t: t.accession.nunique()),
]


def read_by_pandas(path):
    """All cells as text; a carriage return inside a line ends no line."""
    tabs = ".csv" not in path.name
    quoting = csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL
    return pandas.read_csv(path, sep="\t" if tabs else ",", dtype=str, keep_default_na=False, quoting=quoting, lineterminator="\n")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("importer", "file", "kept", "total", "expected"), CASES, ids=[Path(case[1]).name.split(".")[0] for case in CASES])
def test_real_table_is_imported_whole(importer, file, kept, total, expected):
    if not (DATA / file).exists():
        pytest.skip(f"{importer} IS NOT CHECKED: no {file} in {DATA}; mount the shared data to check the importer against its database")
    frame = read_by_pandas(DATA / file)
    one = import_table(importer, DATA / file)
    rows, found = tables().execute(f"SELECT count(*), {total} FROM read_parquet(?)", [str(one.parquet)]).fetchone()
    assert one.rows == rows == kept(frame)
    assert found == pytest.approx(float(expected(frame)), rel=1e-9)
