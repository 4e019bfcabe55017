"""miRTarBase: names normalised, negatives kept as negatives, and nothing said that the table does not say."""

import pytest
from tables import read

PUBLISHED = "miRTarBase ID | miRNA | Species (miRNA) | Target Gene | Target Gene (Entrez ID) | Species (Target Gene) | Experiments | Support Type | References (PMID)"
SHARED = "mirtarbase_id | mirna | species_mirna | target_symbol | target_entrez | species_target | experiments | support_type | pmid"
STEMS = "mirna_stem | target_upper | pmids"


def one(folder, mirna="hsa-miR-21-5p", target="PTEN", experiments="", support=""):
    (row,) = read(folder, "mirtarbase", PUBLISHED, f"MIRT1 | {mirna} | Homo sapiens | {target} | 1 | Homo sapiens | {experiments} | {support} | 17179747")
    return row


@pytest.mark.parametrize(("header", "human", "file"), [(PUBLISHED, "Homo sapiens", "MTI.csv"), (SHARED, "hsa", "mirtarbase_strong_hsa.csv.gz")], ids=["as published", "as shared"])
def test_row_of_mirtarbase_has_current_names_and_the_words_of_the_source(tmp_path, header, human, file):
    line = f"MIRT1 | hsa-miR-21 | {human} | WAPAL | 23063 | {human} | Luciferase reporter assay//Western blot | Functional MTI | 17179747"
    assert read(tmp_path, "mirtarbase", header, line, file=file) == [
        {
            "mirna": "hsa-miR-21-5p", "accession": "MIMAT0000076", "target": "WAPL", "evidence": "strong", "functional": "yes",
            "experiments": "Luciferase reporter assay//Western blot", "sites": None, "pmids": "17179747", "as_written": "hsa-miR-21 WAPAL",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "name", "accession"),
    [
        ("hsa-miR-376a*", "hsa-miR-376a-5p", "MIMAT0003386"),
        ("hsa-miR-122", "hsa-miR-122-5p", "MIMAT0000421"),
        ("hsa-miR-146", "hsa-miR-146", ""),  # became miR-146a beside miR-146b
        ("hsa-miR-99999", "hsa-miR-99999", ""),
        ("mmu-miR-21", "mmu-miR-21", ""),
    ],
)
def test_mirna_is_that_of_mirbase_22_or_stays_as_written_without_accession(tmp_path, written, name, accession):
    row = one(tmp_path, mirna=written)
    assert (row["mirna"], row["accession"], row["as_written"]) == (name, accession, f"{written} PTEN")


@pytest.mark.parametrize(
    ("written", "symbol"),
    [("WAPAL", "WAPL"), ("B7-H1", "CD274"), ("Tef", "TEF"), ("COX2", "COX2"), ("NOGENE1", "NOGENE1")],
    ids=["previous symbol", "alias", "as in the mouse", "ambiguous", "unknown"],
)
def test_target_is_the_approved_symbol_or_stays_as_written(tmp_path, written, symbol):
    row = one(tmp_path, target=written)
    assert (row["target"], row["as_written"]) == (symbol, f"hsa-miR-21-5p {written}")


@pytest.mark.parametrize(
    ("support", "functional"),
    [("Functional MTI", "yes"), ("Functional MTI (Weak)", "yes"), ("Non-Functional MTI", "no"), ("Non-Functional MTI (Weak)", "no"), ("", "unknown")],
)
def test_support_type_says_whether_the_target_was_confirmed(tmp_path, support, functional):
    assert one(tmp_path, support=support)["functional"] == functional


@pytest.mark.parametrize(
    ("experiments", "support", "evidence"),
    [
        ("Luciferase reporter assay", "Functional MTI", "strong"),
        ("Microarray//Western blot", "Functional MTI", "strong"),
        ("qRT-PCR", "Functional MTI", "strong"),
        ("HITS-CLIP", "Functional MTI", "weak"),
        ("Luciferase reporter assay", "Functional MTI (Weak)", "weak"),
        ("Luciferase reporter assay", "Non-Functional MTI", "strong"),
        ("", "", "unspecified"),
    ],
)
def test_evidence_is_strong_for_reporter_blot_and_pcr_only(tmp_path, experiments, support, evidence):
    assert one(tmp_path, experiments=experiments, support=support)["evidence"] == evidence


@pytest.mark.parametrize(("mirna", "target"), [("Mus musculus", "Homo sapiens"), ("Homo sapiens", "Mus musculus"), ("mmu", "hsa"), ("hsa", "rno")])
def test_pair_with_another_species_is_left_out(tmp_path, mirna, target):
    assert read(tmp_path, "mirtarbase", SHARED, f"MIRT1 | miR-21 | {mirna} | PTEN | 1 | {target} | Western blot | Functional MTI | 1") == []


def test_library_that_mixes_support_types_knows_of_no_effect(tmp_path):
    (row,) = read(tmp_path, "mirtarbase", "mirna | target_symbol", "hsa-let-7a-2-3p | ABI2", file="mirtarbase_2017_hsa_pairs.csv.gz")
    assert (row["mirna"], row["target"], row["functional"], row["evidence"], row["pmids"]) == ("hsa-let-7a-2-3p", "ABI2", "unknown", "unspecified", "")


@pytest.mark.parametrize(
    ("stem", "name", "accession"),
    [("miR-21", "miR-21", ""), ("let-7a", "let-7a", ""), ("miR-1246", "hsa-miR-1246", "MIMAT0005898"), ("miR-451a", "hsa-miR-451a", "MIMAT0001631")],
)
def test_stem_leads_to_a_mature_only_if_it_has_no_two_arms(tmp_path, stem, name, accession):
    (row,) = read(tmp_path, "mirtarbase", STEMS, f"{stem} | PTEN | 1")
    assert (row["mirna"], row["accession"], row["functional"]) == (name, accession, "unknown")


def test_pubmed_numbers_of_a_stem_are_all_kept(tmp_path):
    assert read(tmp_path, "mirtarbase", STEMS, "miR-1246 | TP53 | 25083871;23622248")[0]["pmids"] == "25083871;23622248"
