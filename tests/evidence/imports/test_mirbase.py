"""miRBase: every name of an accession, with versions or without."""

from tables import read, write

from vesicle.evidence.imports.store import find_importer
from vesicle.reading import open_table


def test_name_history_keeps_the_versions_of_a_name(tmp_path):
    header = "accession | name | first_version | last_version"
    rows = read(tmp_path, "mirbase-history", header, "MIMAT0000076 | hsa-miR-21 | v6 | v17", "MIMAT0000076 | hsa-miR-21-5p | v18 | v22", file="history.csv.gz")
    assert [(row["accession"], row["name"], row["first_version"], row["last_version"]) for row in rows] == [
        ("MIMAT0000076", "hsa-miR-21", "v6", "v17"),
        ("MIMAT0000076", "hsa-miR-21-5p", "v18", "v22"),
    ]


def test_aliases_without_a_header_are_one_row_a_name(tmp_path):
    importer = find_importer("mirbase-aliases")
    path = write(tmp_path, "MIMAT0000076 | hsa-miR-21;hsa-miR-21-5p;", "MI0000077 | hsa-mir-21;", file="aliases.txt")
    assert list(importer.rows(open_table(path, importer.layout))) == [
        ("MIMAT0000076", "hsa-miR-21", "", ""),
        ("MIMAT0000076", "hsa-miR-21-5p", "", ""),
        ("MI0000077", "hsa-mir-21", "", ""),
    ]
