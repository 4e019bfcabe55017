"""Terms: every name of the claims has one, and its identifier is in the ontology with that label."""

import csv
import gzip
import re

import pytest
from tables import SHARED

from vesicle import reading
from vesicle.evidence import genes, shipped
from vesicle.evidence.claim import identified, names
from vesicle.evidence.library import RECORDS
from vesicle.evidence.names import resolve
from vesicle.evidence.terms import COLUMNS, FIELDS, curie, identifiers, named, terms

ROWS = reading.rows(RECORDS / "terms.tsv", COLUMNS)
TERMS = list(terms().values())
IDENTIFIERS = {
    "CHEBI": r"[1-9]\d*", "CL": r"\d{7}", "Cellosaurus": r"CVCL_[0-9A-Z]{4}", "EFO": r"\d{7}", "GO": r"\d{7}", "HGNC": r"[1-9]\d*", "MONDO": r"\d{7}", "SO": r"\d{7}",
    "UBERON": r"\d{7}", "fplx": r"\w+", "mesh": r"[CD]\d{6,9}", "miRBase": r"MIMAT\d{7}",
}  # fmt: skip
ONTOLOGIES = {"CL": "ontologies/cl.tsv.gz", "GO": "ontologies/go.tsv.gz", "MONDO": "ontologies/mondo.tsv.gz", "UBERON": "ontologies/uberon.tsv.gz"}
CLAIMS = shipped().claims


def of(registry: str) -> list:
    found = [term for term in TERMS if term.curie.startswith(f"{registry}:")]
    assert found
    return found


def table(file: str, columns: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """A table of ../shared/data, or a skip that says what is not being checked."""
    path = SHARED / file
    if not path.exists():
        pytest.skip(f"IDENTIFIERS ARE NOT CHECKED AGAINST {path.name}: no {path}; mount ../shared/data to check every label")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        if ".tsv" in file:
            return list(csv.DictReader(stream, columns or None, delimiter="\t", quoting=csv.QUOTE_NONE))
        return list(csv.DictReader(stream, columns or None))


@pytest.mark.parametrize("field", FIELDS)
def test_every_name_of_the_claims_has_a_term(field):
    said = {name for claim in CLAIMS for name in named(claim, field)}
    assert said
    assert said - terms().keys() == set()


def test_no_name_stands_twice():
    assert len(ROWS) == len(TERMS)


def test_identifier_is_well_formed_or_none():
    assert [t.name for t in TERMS if t.curie != "none" and not re.fullmatch(IDENTIFIERS.get(t.curie.partition(":")[0], ""), t.curie.partition(":")[2])] == []


def test_identifier_has_a_label():
    assert [t.name for t in TERMS if (t.curie == "none") is bool(t.label)] == []


def test_term_says_how_it_was_checked_and_why_it_has_no_identifier():
    assert [t.name for t in TERMS if not t.checked_how or (t.curie == "none" and not t.note)] == []


def test_identifier_in_a_claim_is_that_of_the_term():
    said = {identified(part) for claim in CLAIMS for field in ("donor", "recipient", "disease") for part in names(getattr(claim, field))}
    assert [(name, number) for name, number in said if number and number.removeprefix("Cellosaurus:") != curie(name).removeprefix("Cellosaurus:")] == []


def test_gene_has_its_approved_symbol_and_number():
    assert [t.name for t in of("HGNC") if genes.hgnc(t.label) != t.curie] == []


def test_mirna_has_its_current_name_and_accession():
    assert [t.name for t in of("miRBase") if (resolve(t.label).name, f"miRBase:{resolve(t.label).accession}") != (t.label, t.curie)] == []


@pytest.mark.parametrize("registry", ONTOLOGIES)
def test_identifier_is_in_the_ontology_with_that_label(registry):
    labels = {row["id"]: row["label"] for row in table(ONTOLOGIES[registry]) if row.get("deprecated", "0") == "0"}
    assert [t.name for t in of(registry) if labels.get(t.curie) != t.label] == []


def test_gene_is_in_the_table_of_hgnc_with_that_symbol():
    symbols = {row["HGNC ID"]: row["Approved symbol"] for row in table("identifiers/hgnc_entries.tsv.gz") if row["Status"] == "Approved"}
    assert [t.name for t in of("HGNC") if symbols.get(t.curie) != t.label] == []


def test_family_is_in_the_table_of_famplex():
    known = {row["name"] for row in table("signaling/famplex_entities.csv.gz", ("name",))}
    assert [t.name for t in of("fplx") if t.curie.removeprefix("fplx:") not in known or t.curie != f"fplx:{t.label}"] == []


def test_chemical_that_was_looked_up_by_name_has_the_number_of_that_name():
    numbers = {(row["pref_name"], row["chebi_id"]) for row in table("identifiers/chembl_name_chebi.csv.gz")}
    looked_up = [(t, re.search(r"chembl_name_chebi \((.*?)\);", t.checked_how)) for t in of("CHEBI")]
    assert [t.name for t, found in looked_up if found and (found[1], t.curie.removeprefix("CHEBI:")) not in numbers] == []


def test_identifiers_of_a_claim_are_those_of_its_names():
    claim = next(c for c in CLAIMS if c.donor == "mesenchymal stem cell [CL:0000134]" and c.cargo)
    found = identifiers(claim)
    assert found["mesenchymal stem cell"] == "CL:0000134"
    assert set(found) <= {name for field in FIELDS for name in named(claim, field)}


@pytest.mark.parametrize("name", ["no such name", "bioactive molecule"])
def test_name_without_an_identifier_has_an_empty_one(name):
    assert curie(name) == ""
