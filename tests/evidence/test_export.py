"""Every export is read back by a reader that knows nothing of Vesicle."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial

import pytest
import records
from records import library, reference

from vesicle import reading
from vesicle.evidence import shipped
from vesicle.evidence.export import FORMATS, TSV_COLUMNS, cx2, graphml, indra, indra_json, json_schema, jsonl, left_out, network, sif, tsv
from vesicle.evidence.library import Library

NS = {"g": "http://graphml.graphdrawing.org/xmlns"}
claim = partial(records.claim, quote="a quote", as_written="A statement.", checked_how="abstract")
HOSTILE = "A<b>&\"c'\x00\x08\n\t\x85\u2028\ufffe\ud800]]>"
KINDS = {"object": dict, "string": str}


def hostile() -> Library:
    cells = dict.fromkeys(("locator", "quote", "donor", "cargo", "note", "as_supported"), HOSTILE)
    return library(claim("C-1", **cells, targets=f"{HOSTILE}:+;T:-", phenotypes="p&q:0"), references=(reference("N1", doi=f"10.1/{HOSTILE}"),))


def errors(schema: dict, value: object) -> list[str]:
    """The few words of JSON Schema that the claim schema uses, checked by hand."""
    out = []
    if "const" in schema and value != schema["const"]:
        out.append(f"{value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        out.append(f"{value!r} is not in the enum")
    if "type" in schema and not isinstance(value, KINDS[schema["type"]]):
        return [*out, f"{value!r} is no {schema['type']}"]
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        out.append("too short")
    if isinstance(value, dict):
        out += [f"{key} is missing" for key in schema.get("required", ()) if key not in value]
        for key, child in value.items():
            out += errors(schema.get("propertyNames", {}), key)
            known = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            out += [f"{key} is unknown"] if known is False else errors(known, child)
    return out


def aspects(text: str) -> dict:
    return {name: elements for part in json.loads(text) for name, elements in part.items()}


def drawn(text: str) -> tuple[list[dict], list[dict]]:
    """Nodes and edges of a GraphML text, as dictionaries."""
    root = ET.fromstring(text.encode("utf-8"))
    declared = {key.get("id") for key in root.findall("g:key", NS)}
    parts = []
    for tag in ("node", "edge"):
        elements = root.findall(f"g:graph/g:{tag}", NS)
        assert {d.get("key") for e in elements for d in e} <= declared
        parts.append([{**e.attrib, **{d.get("key", ""): d.text or "" for d in e}} for e in elements])
    return parts[0], parts[1]


def test_tsv_has_exactly_the_published_columns():
    assert " ".join(TSV_COLUMNS) == (
        "id source locator reference donor donor_state cargo_type cargo recipient disease targets pathways phenotypes drug setting quote mismatch_kind as_supported confidence"
    )


def test_tsv_is_read_back_by_the_csv_module_cell_by_cell():
    read = list(csv.DictReader(io.StringIO(tsv(shipped())), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert read == [{column: getattr(c, column) for column in TSV_COLUMNS} for c in shipped().claims]


def test_tsv_passes_our_own_door():
    assert len(list(reading.iter_rows(tsv(shipped()), "out.tsv", TSV_COLUMNS))) == len(shipped().claims)


def test_jsonl_has_one_object_per_claim_with_signed_lists_as_objects():
    read = [json.loads(line) for line in jsonl(shipped()).splitlines()]
    assert [r["id"] for r in read] == [c.id for c in shipped().claims]
    assert all(r["targets"] == c.signed("targets") and r["quote"] == c.quote and r["note"] == c.note for r, c in zip(read, shipped().claims, strict=True))


def test_every_line_conforms_to_the_schema():
    schema = json_schema()
    assert [e for line in jsonl(shipped()).splitlines() for e in errors(schema, json.loads(line))] == []
    assert schema["$id"] == "vesicle-claim/1"
    assert schema["$schema"].endswith("2020-12/schema")
    json.dumps(schema)


@pytest.mark.parametrize("change", [{"id": ""}, {"targets": {"VEGFA": "?"}}, {"targets": {"": "+"}}, {"setting": "dream"}, {"schema": "vesicle-claim/2"}, {"extra": ""}])
def test_schema_refuses_what_is_no_claim(change):
    good = json.loads(jsonl(library(claim("C-1"))))
    assert errors(json_schema(), good) == []
    assert len(errors(json_schema(), {**good, **change})) == 1


def test_indra_says_every_effect_of_a_cargo_on_a_target_once():
    made = library(
        claim("C-1", cargo="miR-205;miR-31", targets="UBE2N:-;other:X:+;Y:0", reference="N1;N2"), claim("C-2", targets="TNF:-"), claim("C-3", cargo="miR-1"),
        references=(reference("N1", pmid="12", doi="10.1/x"), reference("N2", pmid="not_checked", doi="not_checked")),
    )  # fmt: skip
    said = [(s["type"], s["subj"]["name"], s["obj"]["name"]) for s in json.loads(indra_json(made))]
    assert said == [("DecreaseAmount", "miR-205", "UBE2N"), ("DecreaseAmount", "miR-31", "UBE2N"), ("IncreaseAmount", "miR-205", "X"), ("IncreaseAmount", "miR-31", "X")]
    assert left_out(made) == {"zero_sign": 2, "without_cargo": 1}


def test_indra_evidence_carries_claim_quote_and_known_references_only():
    references = (reference("N1", pmid="12", doi="10.1/x", retraction="retracted 2020"), reference("N2", pmid="not_checked", doi="not_checked"))
    (statement,) = indra(library(claim("C-1", cargo="miR-1", targets="T:+", reference="N1;N2", mismatch_kind="sign"), references=references))
    first, second = statement["evidence"]
    assert (first["source_api"], first["source_id"], first["text"], first["epistemics"]) == ("vesicle", "C-1", "a quote", {"direct": False})
    assert (first["text_refs"], second["text_refs"]) == ({"PMID": "12", "DOI": "10.1/x"}, {})
    assert (first["annotations"]["retracted"], second["annotations"]["retracted"]) == (True, False)
    assert first["annotations"]["mismatch_kind"] == "sign"
    assert statement["subj"] == {"name": "miR-1", "db_refs": {"TEXT": "miR-1"}}


def test_indra_covers_every_shipped_claim_with_cargo_and_signed_target():
    expected = {c.id for c in shipped().claims if c.cargo and {"+", "-"} & set(c.signed("targets").values())}
    statements = json.loads(indra_json(shipped()))
    assert {s["evidence"][0]["source_id"] for s in statements} == expected
    assert len({s["id"] for s in statements}) == len(statements)


def test_network_starts_at_the_cargo_and_else_at_the_donor():
    made = library(claim("C-1", donor="MSC [CL:1]", cargo="miR-1", targets="T:-"), claim("C-2", donor="MSC [CL:1]", phenotypes="angiogenesis:+"), claim("C-3", targets="T:+"))
    nodes, edges = network(made)
    assert [(nodes[e.source].name, e.sign, nodes[e.target].name, e.claims) for e in edges] == [("MSC", "+", "angiogenesis", ("C-2",)), ("miR-1", "-", "T", ("C-1",))]
    assert [n.identifiers for n in nodes if n.name == "MSC"] == [("CL:1",)]


def test_opposite_claims_stay_two_edges_and_equal_ones_share_one():
    made = library(*(claim(f"C-{n}", cargo="X", targets=f"T:{sign}") for n, sign in enumerate("+-+0")))
    assert [(e.sign, e.claims) for e in network(made)[1]] == [("+", ("C-0", "C-2")), ("-", ("C-1",)), ("0", ("C-3",))]


def test_delivered_target_belongs_to_itself():
    nodes, edges = network(library(claim("C-1", cargo="MMP2;NT5E", targets="MMP2:+;NT5E:+")))
    assert [(e.source, e.target) for e in edges] == [(0, 0), (1, 1)]
    assert nodes[0].kinds == ("cargo", "target")


def test_claims_that_do_not_hold_or_rest_on_retracted_work_are_marked_on_their_edge():
    made = library(
        claim("C-1", cargo="X", targets="T:+"), claim("C-2", cargo="X", targets="T:+", mismatch_kind="negation"), claim("C-3", cargo="X", targets="T:+", reference="N1"),
        references=(reference("N1", retraction="retracted 2020"),),
    )  # fmt: skip
    assert network(made)[1][0].doubted == ("C-2", "C-3")
    assert drawn(graphml(made))[1][0]["edge_doubted"] == "C-2;C-3"


def test_cx2_declares_and_counts_what_it_holds():
    nodes, edges = network(shipped())
    read = aspects(cx2(shipped()))
    assert [(e["s"], e["t"], e["v"]["sign"], tuple(e["v"]["claims"])) for e in read["edges"]] == [(e.source, e.target, e.sign, e.claims) for e in edges]
    assert [(n["id"], n["v"]["name"]) for n in read["nodes"]] == [(n.id, n.name) for n in nodes]
    assert all(m["elementCount"] == len(read[m["name"]]) for m in read["metaData"])
    declared = read["attributeDeclarations"][0]
    assert all(set(element["v"]) == set(declared[aspect]) for aspect in ("nodes", "edges") for element in read[aspect])
    assert list(json.loads(cx2(shipped()))[0]) == ["CXVersion", "hasFragments"]
    assert read["status"] == [{"error": "", "success": True}]


def test_graphml_holds_the_same_network():
    nodes, edges = network(shipped())
    points, lines = drawn(graphml(shipped()))
    assert [(p["id"], p["node_name"]) for p in points] == [(f"n{n.id}", n.name) for n in nodes]
    assert [(e["source"], e["target"], e["edge_sign"], e["edge_claims"]) for e in lines] == [(f"n{e.source}", f"n{e.target}", e.sign, ";".join(e.claims)) for e in edges]
    assert {end for e in lines for end in (e["source"], e["target"])} == {p["id"] for p in points}


def test_sif_holds_the_same_edges():
    nodes, edges = network(shipped())
    read = [line.split("\t") for line in sif(shipped()).splitlines()]
    assert read == [[nodes[e.source].name, e.interaction, nodes[e.target].name] for e in edges]


def test_every_effect_of_a_shipped_claim_with_cargo_or_donor_is_in_the_network():
    expected = {c.id for c in shipped().claims if (c.cargo or c.donor) and (c.targets or c.phenotypes)}
    assert {name for e in network(shipped())[1] for name in e.claims} == expected


@pytest.mark.parametrize("name", FORMATS)
def test_same_base_gives_the_same_bytes_even_from_a_copy(name):
    assert FORMATS[name](shipped()).encode() == FORMATS[name](replace(shipped())).encode()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("base", [shipped, hostile])
def test_no_control_character_comes_out(name, base):
    text = FORMATS[name](base())
    text.encode("utf-8")
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", text) == []


def test_hostile_text_changes_no_structure():
    rows = list(csv.reader(io.StringIO(tsv(hostile())), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [len(row) for row in rows] == [len(TSV_COLUMNS)] * 2
    assert len(jsonl(hostile()).splitlines()) == 1
    points, lines = drawn(graphml(hostile()))
    assert (len(points), len(lines)) == tuple(map(len, network(hostile())))
    assert any(p["node_name"].startswith("A<b>&\"c'") and p["node_name"].endswith("]]>") for p in points)
    assert all(line.count("\t") == 2 for line in sif(hostile()).splitlines())


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "schema"])
def test_empty_base_is_still_well_formed(name):
    text = FORMATS[name](library())
    assert {"tsv": lambda t: t.split("\t")[0], "graphml": lambda t: drawn(t)[0] == []}.get(name, lambda t: t.strip() in ("", "[]") or aspects(t)["nodes"] == [])(text)
