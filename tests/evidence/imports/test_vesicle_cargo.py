"""ExoCarta and Vesiclepedia: what was seen in which experiment; names of other species stay as they are."""

import pytest
from tables import read

GENES = "CONTENT ID | CONTENT TYPE | ENTREZ GENE ID | GENE SYMBOL | SPECIES | EXPERIMENT ID | METHODS"
MIRNAS = "CONTENT ID | CONTENT TYPE | MIRNA ID | SPECIES | EXPERIMENT ID | METHODS | Entrez GENE ID | COMMENTS"
LIPIDS = "CONTENT ID | CONTENT TYPE | LIPID ID | SPECIES | EXPERIMENT ID | METHODS"
STUDIES = "EXPERIMENT ID | PUBMED ID | SPECIES | EXPERIMENT DESCRIPTION | SAMPLE | SAMPLE SOURCE | SAMPLE NAME | IDENTIFICATIONS | METHODS | YEAR | ISOLATION METHOD | VESICLE TYPE"
COLUMNS = ("cargo", "cargo_type", "identifier", "species", "experiment", "methods", "as_written")


@pytest.mark.parametrize(
    ("importer", "header", "line", "expected"),
    [
        (
            "exocarta", GENES, "7 | protein | 10015 | ALIX | Homo sapiens | 3 | Mass spectrometry|Western blotting",
            ("PDCD6IP", "protein", "ncbigene:10015", "Homo sapiens", "3", "Mass spectrometry|Western blotting", "ALIX"),
        ),
        (
            "vesiclepedia", GENES, "8 | mRNA | 23063 | WAPAL | Homo sapiens | 12 | Microarray",
            ("WAPL", "mrna", "ncbigene:23063", "Homo sapiens", "12", "Microarray", "WAPAL"),
        ),
        (
            "vesiclepedia", MIRNAS, "9 | mirna | let-7a | Homo sapiens | 15 | miRCURY LNA Array | 387244\r | Clear hit to Entrez gene ID",
            ("hsa-let-7a-5p", "mirna", "ncbigene:387244", "Homo sapiens", "15", "miRCURY LNA Array", "let-7a"),
        ),
        (
            "vesiclepedia", LIPIDS, "2 | lipid | Sphingomyelin (SM) | Homo sapiens | 71 | Thin layer chromatography",
            ("Sphingomyelin (SM)", "lipid", "", "Homo sapiens", "71", "Thin layer chromatography", "Sphingomyelin (SM)"),
        ),
    ],
    ids=["protein", "mRNA", "miRNA", "lipid"],
)  # fmt: skip
def test_cargo_has_its_current_name_and_the_word_of_the_source(tmp_path, importer, header, line, expected):
    assert read(tmp_path, importer, header, line, file="details.txt.gz") == [dict(zip(COLUMNS, expected, strict=True))]


@pytest.mark.parametrize(
    ("header", "line", "name"),
    [
        (GENES, "1 | protein | 16409 | Itgam | Mus musculus | 3 | MS", "Itgam"),
        (MIRNAS, "1 | mirna | let-7a | Mus musculus | 15 | array |  | ", "let-7a"),
        (MIRNAS, "1 | mirna | miR-146 | Homo sapiens | 15 | array |  | ", "miR-146"),
        (GENES, "1 | protein | 4513 | COX2 | Homo sapiens | 3 | MS", "COX2"),
        (GENES, "1 | snoRNA | 1 | WAPAL | Homo sapiens | 3 | MS", "WAPAL"),
    ],
    ids=["gene of the mouse", "miRNA of the mouse", "ambiguous miRNA", "ambiguous gene", "neither protein nor mRNA"],
)
def test_cargo_that_has_no_clear_human_name_stays_as_written(tmp_path, header, line, name):
    (row,) = read(tmp_path, "vesiclepedia", header, line)
    assert (row["cargo"], row["as_written"]) == (name, name)


@pytest.mark.parametrize("number", ["", "NOTFOUND", "-"])
def test_cargo_without_a_gene_number_has_no_identifier(tmp_path, number):
    assert read(tmp_path, "vesiclepedia", MIRNAS, f"1 | mirna | miR-21 | Homo sapiens | 15 | array | {number} | ")[0]["identifier"] == ""


def test_same_cargo_of_two_experiments_is_two_rows(tmp_path):
    rows = read(tmp_path, "exocarta", GENES, "1 | protein | 967 | CD63 | Homo sapiens | 3 | MS", "2 | protein | 967 | CD63 | Homo sapiens | 4 | MS")
    assert [(row["cargo"], row["experiment"]) for row in rows] == [("CD63", "3"), ("CD63", "4")]


def test_experiment_of_vesiclepedia_is_a_study(tmp_path):
    line = "1 | 6307529 | Ovis aries | Fate of the transferrin receptor. | Reticulocytes | ts | Sheep cells | Protein | Blot | 1983 | Centrifugation | Exosomes"
    assert read(tmp_path, "vesiclepedia-studies", STUDIES, line) == [
        {
            "study": "1", "sample": "Sheep cells", "species": "Ovis aries", "source": "Reticulocytes", "disease": "", "state": "", "vesicle_type": "Exosomes",
            "isolation": "Centrifugation", "pmid": "6307529", "title": "Fate of the transferrin receptor.",
        }
    ]  # fmt: skip
