"""Retraction Watch: notices by DOI and PubMed number; titles and reasons are text, however they begin."""

import pytest
from tables import read

from vesicle.errors import InputError

HEADER = (  # as published: the header, too, ends with a comma
    "Record ID | Title | Subject | Institution | Journal | Publisher | Country | Author | URLS | ArticleType | RetractionDate | RetractionDOI | RetractionPubMedID"
    " | OriginalPaperDate | OriginalPaperDOI | OriginalPaperPubMedID | RetractionNature | Reason | Paywalled | Notes | "
)


def notice(folder, title="A work", doi="10.1/a", pmid="2", nature="Retraction", reason="Rogue Editor;", notice_doi="10.1/n", notice_pmid="3"):
    line = f"1 | {title} | S | I | J | P | C | A | U | T | 8/16/2023 0:00 | {notice_doi} | {notice_pmid} | 9/24/2021 0:00 | {doi} | {pmid} | {nature} | {reason} | No | N | "
    (row,) = read(folder, "retraction-watch", HEADER, line, file="retraction_watch.csv")
    return row


def test_notice_has_both_works_its_nature_date_and_reason(tmp_path):
    assert notice(tmp_path) == {
        "title": "A work", "doi": "10.1/a", "pmid": "2", "nature": "Retraction", "date": "8/16/2023 0:00", "notice_doi": "10.1/n", "notice_pmid": "3",
        "reason": "Rogue Editor;",
    }  # fmt: skip


@pytest.mark.parametrize("nature", ["Retraction", "Correction", "Expression of concern", "Reinstatement"])
def test_every_nature_of_notice_is_kept(tmp_path, nature):
    assert notice(tmp_path, nature=nature)["nature"] == nature


@pytest.mark.parametrize("text", ["", "0", "unavailable", "Unavailable"])
def test_work_without_number_or_doi_has_none(tmp_path, text):
    row = notice(tmp_path, doi=text, pmid=text, notice_doi=text, notice_pmid=text)
    assert [row[name] for name in ("doi", "pmid", "notice_doi", "notice_pmid")] == [""] * 4


@pytest.mark.parametrize("text", ["10.1155/ABC", "https://doi.org/10.1155/abc", "http://dx.doi.org/10.1155/Abc", "doi:10.1155/abc", " 10.1155/abc "])
def test_doi_is_written_in_one_way(tmp_path, text):
    assert notice(tmp_path, doi=text)["doi"] == "10.1155/abc"


@pytest.mark.parametrize("title", ['"Smart" exosomes', "'Omics' of vesicles (review)", "+TiO2 in cells", "=x", "a, b", "of two\nlines"])
def test_title_is_text_however_it_begins(tmp_path, title):
    assert notice(tmp_path, title=title)["title"] == title.replace("\n", " ")


def test_reason_may_begin_with_a_plus(tmp_path):
    assert notice(tmp_path, reason="+Duplication of Image;+Unreliable Results;")["reason"] == "+Duplication of Image;+Unreliable Results;"


def test_table_without_the_doi_of_the_work_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"table\.tsv:1: column 'OriginalPaperDOI' is missing"):
        read(tmp_path, "retraction-watch", HEADER.replace("OriginalPaperDOI", "DOI"), " | ".join("x" * 21))
