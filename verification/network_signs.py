"""Does the compiled network call signs that curators who knew nothing of it gave? Two oracles, and no claim of a review.

    python verification/network_signs.py ../shared/data/gene_sets/GO_Biological_Process_2023.gmt.gz ../shared/data/models/boolean [--write docs/explanation/network_signs.md]

Gene Ontology: a gene that is annotated to positive regulation of a process and not to the negative one raises it, and the other way round; one of both says nothing.
Published Boolean models: every node whose rule does not read the phenotype's name is held at 1 and then at 0 in the same random starts, inputs and update orders, and

    d = mean over starts of the phenotype with 1 - mean with 0         sign where |d| > 0.05

Models that disagree on a gene say nothing of it.

The question to the network: the gene is lowered as far as a miRNA can, its own edge to the phenotype is taken away, and a sign is called where 80 % of the draws
agree. A hit is a fall for a gene that raises. Beside it stands the habit of always saying the more frequent sign, on the same called genes.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vesicle.evidence import genes
from vesicle.evidence.library import Library, shipped
from vesicle.evidence.matching import match
from vesicle.evidence.priors.circuits import NOT_SIGNALLING
from vesicle.evidence.priors.edges import core, core_nodes
from vesicle.errors import VesicleError
from vesicle.prediction.ensemble import levels

TERMS = {
    "proliferation": ("GO:0008284", "GO:0008285"),
    "apoptosis": ("GO:0043065", "GO:0043066"),
    "cell_cycle": ("GO:0045787", "GO:0045786"),
    "migration": ("GO:0030335", "GO:0030336"),
    "EMT": ("GO:0010718", "GO:0010719"),
    "angiogenesis": ("GO:0045766", "GO:0016525"),
    "vascular_permeability": ("GO:0043117", "GO:0043116"),
    "T_cell_activity": ("GO:0050870", "GO:0050868"),
    "B_cell_activity": ("GO:0050871", "GO:0050869"),
    "NK_activity": ("GO:0045954", "GO:0045953"),
    "mast_cell_activity": ("GO:0033005", "GO:0033004"),
    "other:inflammation": ("GO:0050729", "GO:0050728"),
    "other:senescence": ("GO:2000774", "GO:2000773"),
}
"""Phenotype -> terms of what raises and what lowers it."""
CELLS = {
    "T_cell_activity": "any T cell", "B_cell_activity": "any B cell", "NK_activity": "any natural killer cell", "mast_cell_activity": "any mast cell",
    "vascular_permeability": "any endothelial cell",
}  # fmt: skip
ANY = "any cell"
SAMPLES, SEED = 100, 1
STARTS, STEPS, READ, SEEN = 256, 40, 15, 0.05
ALL = (1 << STARTS) - 1
NODES = {"proliferation": ("proliferation", "growth"), "apoptosis": ("apoptosis", "apoptosis_phenotype"), "migration": ("migration", "cellmigration"), "EMT": ("emt",)}
"""Phenotype -> what Boolean models call it."""
FAMILIES = {
    "AKT": "AKT1", "ERK": "MAPK1 MAPK3", "MEK": "MAP2K1", "MEK12": "MAP2K1", "RAF": "RAF1", "RAS": "KRAS", "PI3K": "PIK3CA", "P53": "TP53", "P21": "CDKN1A", "P27": "CDKN1B",
    "P16": "CDKN2A", "P38": "MAPK14", "P38MAPK": "MAPK14", "JNK": "MAPK8", "CMYC": "MYC", "MDM2": "MDM2", "RB": "RB1", "PRB": "RB1", "E2F": "E2F1", "CYCLIND": "CCND1",
    "CYCLIND1": "CCND1", "CYCLINB": "CCNB1", "CASPASE3": "CASP3", "CASPASE8": "CASP8", "CASPASE9": "CASP9", "BCLXL": "BCL2L1", "NFKB": "RELA", "IKB": "NFKBIA", "IKK": "IKBKB",
    "BCATENIN": "CTNNB1", "BETACATENIN": "CTNNB1", "TGFB": "TGFB1", "TGFBETA": "TGFB1", "TGFBR": "TGFBR1", "TGFR": "TGFBR1", "SMAD": "SMAD3", "TNFA": "TNF", "COX2": "PTGS2",
    "HIF1": "HIF1A", "FOXO": "FOXO3", "GSK3": "GSK3B", "MTORC1": "MTOR", "S6K": "RPS6KB1", "P70": "RPS6KB1", "P70S6KAB": "RPS6KB1", "FAK": "PTK2", "SNAIL": "SNAI1",
    "SLUG": "SNAI2", "ECADHERIN": "CDH1", "WNT": "WNT3A", "VEGF": "VEGFA", "CFLIP": "CFLAR", "SMAC": "DIABLO", "PUMA": "BBC3", "BIM": "BCL2L11", "IAP": "XIAP", "JAK": "JAK2",
    "PKC": "PRKCA", "PLCG": "PLCG1", "HER2": "ERBB2", "HER3": "ERBB3", "SOS": "SOS1", "GLI": "GLI1", "SIRT1": "SIRT1", "WIP1": "PPM1D", "NICD": "NOTCH1", "P73": "TP73",
    "P63": "TP63", "P14ARF": "CDKN2A", "IL8": "CXCL8", "UPA": "PLAU", "UPAR": "PLAUR", "TRAIL": "TNFSF10", "CDK46": "CDK4 CDK6", "TNFR": "TNFRSF1A", "ASK1": "MAP3K5", "SPRY": "SPRY2",
}  # fmt: skip
"""Names that models use for a family or a protein -> genes that stand for it."""

Signs = Mapping[tuple[str, str], int]
Rule = Callable[[Mapping[str, int]], int]


@dataclass(frozen=True)
class Called:
    """One gene asked of one phenotype: the sign that it has by the oracle, and by the network (0 for no call)."""

    gene: str
    phenotype: str
    true: int
    called: int
    has_way: bool
    chain: str = ""

    @property
    def outcome(self) -> str:
        """``hit``, ``wrong``, ``undecided`` or ``no way``."""
        if not self.called:
            return "undecided" if self.has_way else "no way"
        return "hit" if self.called == self.true else "wrong"


# ---------------------------------------------------------------- oracles
def go_signs(path: Path) -> dict[tuple[str, str], int]:
    """(gene, phenotype) -> sign, for genes of exactly one of the two terms."""
    terms: dict[str, set[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            name, _, *members = line.rstrip("\n").split("\t")
            if found := re.search(r"\((GO:\d+)\)$", name):
                terms[found[1]] = {member for member in members if member}
    signs = {}
    for phenotype, (raising, lowering) in TERMS.items():
        up, down = terms.get(raising, set()), terms.get(lowering, set())
        signs |= {(gene, phenotype): 1 for gene in up - down} | {(gene, phenotype): -1 for gene in down - up}
    return signs


def boolean_signs(folder: Path) -> tuple[dict[tuple[str, str], int], int]:
    """(gene, phenotype) -> sign over all models of a folder that do not disagree, and how many models say anything."""
    votes: dict[tuple[str, str], list[int]] = defaultdict(list)
    speaking = 0
    for path in sorted(folder.glob("*.bnet")):
        found = signs_of_model(path)
        speaking += bool(found)
        for key, sign in found.items():
            votes[key].append(sign)
    return {key: one[0] for key, one in votes.items() if len(set(one)) == 1}, speaking


def signs_of_model(path: Path) -> dict[tuple[str, str], int]:
    """(gene, phenotype) -> sign in one Boolean model; nothing where it has no phenotype."""
    rules = rules_of(path.read_text(encoding="utf-8"))
    read = {p: [n for n in rules if re.sub(r"_b?\d+$", "", n.removeprefix("v_").lower()) in words] for p, words in NODES.items()}
    read = {phenotype: nodes for phenotype, nodes in read.items() if nodes}
    if not read:
        return {}
    phenotypes = {node for nodes in read.values() for node in nodes}
    nodes = sorted(set(rules) | {word for rule in rules.values() for word in re.findall(r"v_\w+", rule)})
    groups: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        for gene in core_nodes().keys() & set(genes_of(node)) if node not in phenotypes else ():
            groups[gene].append(node)
    signs = {}
    functions = {node: compiled(rule) for node, rule in rules.items()}
    for gene, held in groups.items():
        on, off = (simulated(functions, nodes, held, value, read) for value in (True, False))
        signs |= {(gene, p): 1 if on[p] > off[p] else -1 for p in read if abs(on[p] - off[p]) > SEEN}
    return signs


def rules_of(text: str) -> dict[str, str]:
    """Node -> rule of a bnet file, in Python's words for whole numbers taken bit by bit; an input has none."""
    rows = [line.split(",", 1) for line in text.splitlines() if line.strip() and not line.startswith(("#", "targets"))]
    found = {name.strip(): rule.strip().replace("!", "~") for name, rule in rows}
    return {name: rule for name, rule in found.items() if rule != name}


def simulated(rules: Mapping[str, Rule], nodes: list[str], held: Iterable[str], value: bool, read: Mapping[str, list[str]]) -> dict[str, float]:
    """Mean of each phenotype over the last steps, over random starts and inputs (one bit each), every node updated with probability one half per step."""
    drawn = random.Random(SEED)
    state = {node: drawn.getrandbits(STARTS) for node in nodes} | {"true": ALL, "false": 0}
    fixed = set(held)
    state |= dict.fromkeys(fixed, ALL if value else 0)
    seen = dict.fromkeys(read, 0.0)
    for step in range(STEPS):
        turns = [drawn.getrandbits(STARTS) for _ in rules]
        fresh = {node: (rule(state) & turn) | (state[node] & ~turn) for (node, rule), turn in zip(rules.items(), turns, strict=True)}
        state |= {node: now for node, now in fresh.items() if node not in fixed}
        if step >= STEPS - READ:
            for phenotype, ones in read.items():
                seen[phenotype] += sum(state[one].bit_count() for one in ones) / (len(ones) * STARTS * READ)
    return seen


def compiled(rule: str) -> Rule:
    """A rule as a function of the state of all nodes."""
    code = compile(rule, "rule", "eval")
    return lambda state: eval(code, {"__builtins__": {}}, state) & ALL  # noqa: S307


def genes_of(node: str) -> tuple[str, ...]:
    """The genes that a node of a Boolean model stands for; none where its name is of no gene."""
    name = re.sub(r"(_b\d+|_P|_A|_N|_n|_\d)+$", "", node.removeprefix("v_"))
    family = FAMILIES.get(name.replace("_", "").upper())
    if family:
        return tuple(family.split())
    try:
        return (genes.resolve(name).symbol,)
    except VesicleError:
        return ()


# ---------------------------------------------------------------- questions
def asked(library: Library, signs: Signs, samples: int = SAMPLES) -> list[Called]:
    """Every gene of the core that an oracle signs, lowered in the compiled circuit without its own edge to the phenotype."""
    left = 1 - match(library, "mirna_max_repression", {}).records[0].value
    speaking = {e.source for e in core() if e.sign and e.kind not in NOT_SIGNALLING}
    return [one_asked(library, gene, p, sign, left, samples) for (gene, p), sign in sorted(signs.items()) if gene in speaking]


def one_asked(library: Library, gene: str, phenotype: str, sign: int, left: float, samples: int) -> Called:
    """One question."""
    direct = {e.id for e in core() if (e.source, e.target) == (gene, phenotype)}
    found = levels(library, {gene: left}, (phenotype,), CELLS.get(phenotype, ANY), samples, dropped=direct)
    chain = found.chain(phenotype)
    return Called(gene, phenotype, sign, -found.sign(phenotype), bool(found.circuit.edges), chain.words if chain else "")


def direct_edges(signs: Signs) -> list[tuple[str, str, str, str, int, int]]:
    """Edges of the core from a gene to a phenotype that an oracle signs too: id, gene, phenotype, status, its sign and the oracle's."""
    return [(e.id, e.source, e.target, e.status, e.sign, signs[e.source, e.target]) for e in core() if e.sign and (e.source, e.target) in signs]


# ---------------------------------------------------------------- page
def table(answers: Iterable[Called]) -> list[str]:
    """Rows of markdown by phenotype."""
    by: dict[str, list[Called]] = defaultdict(list)
    for answer in answers:
        by[answer.phenotype].append(answer)
    rows = ["| phenotype | genes | hits | wrong | undecided | no way | habit on the called |", "| --- | --- | --- | --- | --- | --- | --- |"]
    every = [a for p in TERMS for a in by.get(p, [])]
    habits = 0
    for p in (p for p in TERMS if p in by):
        habit = max(Counter(a.true for a in by[p] if a.called).values(), default=0)
        habits += habit
        rows.append(_row(p, by[p], habit))
    return [*rows, _row("all", every, habits)]


def _row(name: str, answers: list[Called], habit: int) -> str:
    count = Counter(a.outcome for a in answers)
    called = count["hit"] + count["wrong"]
    return f"| {name} | {len(answers)} | {count['hit']} | {count['wrong']} | {count['undecided']} | {count['no way']} | {habit} of {called} |"


def main() -> None:
    """Ask both oracles and print, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("go", type=Path)
    parser.add_argument("boolean", type=Path)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    library, go = shipped(), go_signs(given.go)
    boolean, models = boolean_signs(given.boolean)
    text = page(library, go, boolean, models)
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    else:
        print(text)


def page(library: Library, go: Signs, boolean: Signs, models: int) -> str:
    """The page in markdown."""
    by_go, by_boolean = asked(library, go), asked(library, boolean)
    both = [(go[key], boolean[key]) for key in go if key in boolean]
    direct = direct_edges(go)
    against = [f"{gene} on {p} ({identity}, {status}: core {'+' if mine > 0 else '-'}, GO {'+' if theirs > 0 else '-'})" for identity, gene, p, status, mine, theirs in direct if mine != theirs]
    wrong = [f"- {a.gene}, {a.phenotype} ({'+' if a.true > 0 else '-'}): {a.chain}" for a in by_go if a.outcome == "wrong"]
    return "\n".join([
        f"direct {len(direct)} against: {'; '.join(against)}", "", *table(by_go), "", f"models {models}; GO and Boolean on same: {sum(a == b for a, b in both)} of {len(both)}", "", *table(by_boolean),
        "", *wrong, "", *(f"- B {a.gene}, {a.phenotype} ({'+' if a.true > 0 else '-'}): {a.chain}" for a in by_boolean if a.outcome == "wrong"), "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
