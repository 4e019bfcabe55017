"""EVmiRNA: values as the matrix holds them, with the unit that the file's name tells, and the runs beside them."""

import pytest
from tables import read

from vesicle.errors import InputError, SchemaError


def matrix(folder, *lines, header="miRNA | SRR1 | SRR2", file="PRJNA1.counts.csv.gz"):
    return read(folder, "evmirna", header, *lines, file=file)


def test_matrix_is_one_row_for_each_mirna_and_sample(tmp_path):
    rows = matrix(tmp_path, "hsa-miR-21 | 5 | 7.5")
    common = {"mirna": "hsa-miR-21-5p", "accession": "MIMAT0000076", "unit": "counts", "as_written": "hsa-miR-21"}
    assert rows == [{**common, "sample": "SRR1", "value": 5.0}, {**common, "sample": "SRR2", "value": 7.5}]


@pytest.mark.parametrize("zero", ["0", "0.0", "0.00", ""])
def test_zero_of_a_matrix_is_no_row(tmp_path, zero):
    assert [row["sample"] for row in matrix(tmp_path, f"hsa-miR-21-5p | {zero} | 3")] == ["SRR2"]


@pytest.mark.parametrize(
    ("file", "unit"),
    [
        ("PRJNA540915.counts.csv.gz", "counts"),
        ("PRJNA290097.rpm.csv.gz", "rpm"),
        ("cell_source_mean_cpm.csv.gz", "cpm"),
        ("PRJDB2585_expression_count.csv", "counts"),
        ("PRJDB2585_expression.csv", "as in the table"),
    ],
)
def test_unit_of_a_matrix_follows_from_the_name_of_its_file(tmp_path, file, unit):
    assert matrix(tmp_path, "hsa-miR-21-5p | 1 | 0", file=file)[0]["unit"] == unit


@pytest.mark.parametrize("written", ["hsa-miR-146", "hsa-mir-99999-5p"])
def test_mirna_of_a_matrix_that_is_not_clear_stays_as_written_without_accession(tmp_path, written):
    (row,) = matrix(tmp_path, f"{written} | 1 | 0")
    assert (row["mirna"], row["accession"], row["as_written"]) == (written, "", written)


def test_matrix_of_r_has_no_name_over_its_mirnas(tmp_path):
    assert [row["sample"] for row in matrix(tmp_path, "hsa-miR-21-5p | 1 | 2", header=" | SRR1 | SRR2")] == ["SRR1", "SRR2"]


@pytest.mark.parametrize("value", ["-5", "-0.5", "NA", "1e999", "five"])
def test_value_that_is_no_number_from_zero_is_refused_with_its_place(tmp_path, value):
    with pytest.raises(InputError, match=r"PRJNA1\.counts\.csv\.gz:2: column 'SRR2': "):
        matrix(tmp_path, f"hsa-miR-21-5p | 1 | {value}")


@pytest.mark.parametrize("header", ["run | SRR1 | SRR2", "SRR1 | miRNA | SRR2"])
def test_matrix_whose_first_column_is_not_the_mirna_is_refused(tmp_path, header):
    with pytest.raises(InputError, match="the first column is '.*', expected 'mirna'"):
        matrix(tmp_path, "1 | 2 | 3", header=header)


@pytest.mark.parametrize(
    ("header", "line", "file"),
    [
        ("BioProject | Run | EV_type | Source | disease | Disease_stage/treatment | URL", "PRJ1 | SRR1 | sEV | Plasma | CRC | stage II | x", "PRJ1_metadata.csv"),
        ("bioproject | run | ev_type | source | disease | disease_stage_or_treatment | in_matrix", "PRJ1 | SRR1 | sEV | Plasma | CRC | stage II | 1", "runs.csv.gz"),
    ],
    ids=["as published", "as shared"],
)
def test_run_of_evmirna_is_a_study_of_human_vesicles(tmp_path, header, line, file):
    assert read(tmp_path, "evmirna-runs", header, line, file=file) == [
        {
            "study": "PRJ1", "sample": "SRR1", "species": "Homo sapiens", "source": "Plasma", "disease": "CRC", "state": "stage II", "vesicle_type": "sEV",
            "isolation": "", "pmid": "", "title": "",
        }
    ]  # fmt: skip


def test_group_of_runs_is_a_sample_without_vesicle_type(tmp_path):
    (row,) = read(tmp_path, "evmirna-runs", "group | bioproject | source | disease | treatment | n_runs", "PRJ1_1 | PRJ1 | HUVEC | - | TNF | 3")
    assert (row["study"], row["sample"], row["state"], row["vesicle_type"]) == ("PRJ1", "PRJ1_1", "TNF", "")


@pytest.mark.parametrize(("importer", "header"), [("evmirna", "mirna | run"), ("hpa", "symbol | GeneID | liver")])
def test_formula_in_the_name_of_a_wide_table_is_refused(tmp_path, importer, header):
    with pytest.raises(SchemaError, match=r"table\.tsv:2: .*formula"):
        read(tmp_path, importer, header, " | ".join(["=1+1", "ENSG1", "2"][: header.count("|")] + ["1"]))
