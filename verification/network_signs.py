"""Does the compiled network call signs that people gave who knew nothing of it? Two oracles, and no claim of a review.

    python verification/network_signs.py GO_Biological_Process_2023.gmt.gz FOLDER_OF_BNET [--write docs/explanation/network_signs.md]

Gene Ontology: a gene that is annotated to positive regulation of a process and not to the negative one raises it, and the other way round; one of both says nothing.
Published Boolean models: the nodes of a gene are held at 1 and at 0 in the same random starts, inputs and orders of update, those of several genes at 0 and left free, and

    d = mean over starts of the phenotype in the one - mean in the other        a sign where |d| > 0.05

Models that disagree say nothing.

Two questions to the network. One gene: it is lowered as far as the nominal miRNA can, its own edge to the phenotype is taken away. Several genes: those targets of one
miRNA of the core that a model holds are lowered together, with draws of how far, nothing taken away. A sign is called where 80 % of the draws agree. Beside
it stands a habit: always the sign that is the more frequent among the genes that were called.
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

from vesicle.errors import VesicleError
from vesicle.evidence import genes
from vesicle.evidence.library import Library, shipped
from vesicle.evidence.matching import match
from vesicle.evidence.priors.circuits import NOT_SIGNALLING, between, signalling
from vesicle.evidence.priors.edges import Edge, core, core_nodes
from vesicle.mechanisms.acting.reach import in_cell
from vesicle.model.signalling import steps_of
from vesicle.prediction.ensemble import DrawnSite, levels

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
    "P16": "CDKN2A", "P38": "MAPK14", "P38MAPK": "MAPK14", "JNK": "MAPK8", "CMYC": "MYC", "RB": "RB1", "PRB": "RB1", "E2F": "E2F1", "CYCLIND": "CCND1",
    "CYCLIND1": "CCND1", "CYCLINB": "CCNB1", "CASPASE3": "CASP3", "CASPASE8": "CASP8", "CASPASE9": "CASP9", "BCLXL": "BCL2L1", "NFKB": "RELA", "IKB": "NFKBIA", "IKK": "IKBKB",
    "BCATENIN": "CTNNB1", "BETACATENIN": "CTNNB1", "TGFB": "TGFB1", "TGFBETA": "TGFB1", "TGFBR": "TGFBR1", "TGFR": "TGFBR1", "SMAD": "SMAD3", "TNFA": "TNF", "COX2": "PTGS2",
    "HIF1": "HIF1A", "FOXO": "FOXO3", "GSK3": "GSK3B", "MTORC1": "MTOR", "S6K": "RPS6KB1", "P70": "RPS6KB1", "P70S6KAB": "RPS6KB1", "FAK": "PTK2", "SNAIL": "SNAI1",
    "SLUG": "SNAI2", "ECADHERIN": "CDH1", "WNT": "WNT3A", "VEGF": "VEGFA", "CFLIP": "CFLAR", "SMAC": "DIABLO", "PUMA": "BBC3", "BIM": "BCL2L11", "IAP": "XIAP", "JAK": "JAK2",
    "PKC": "PRKCA", "PLCG": "PLCG1", "HER2": "ERBB2", "HER3": "ERBB3", "SOS": "SOS1", "GLI": "GLI1", "WIP1": "PPM1D", "NICD": "NOTCH1", "P73": "TP73",
    "P63": "TP63", "P14ARF": "CDKN2A", "IL8": "CXCL8", "UPA": "PLAU", "UPAR": "PLAUR", "TRAIL": "TNFSF10", "CDK46": "CDK4 CDK6", "TNFR": "TNFRSF1A",
    "ASK1": "MAP3K5", "SPRY": "SPRY2",
}  # fmt: skip
"""Names that models use for a family or a protein -> genes that stand for it."""

Rule = Callable[[Mapping[str, int]], int]
Genes = tuple[str, ...]
Signs = dict[tuple[Genes, str], int]
"""Sign of the effect of genes on a phenotype: +1 where they raise it."""


@dataclass(frozen=True)
class Called:
    """Genes asked of one phenotype: their sign by the oracle, and by the network (0 for no call)."""

    genes: Genes
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
def go_signs(path: Path) -> Signs:
    """Signs of genes of exactly one of the two terms."""
    terms: dict[str, set[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            name, _, *members = line.rstrip("\n").split("\t")
            if found := re.search(r"\((GO:\d+)\)$", name):
                terms[found[1]] = {member for member in members if member}
    signs: Signs = {}
    for phenotype, (raising, lowering) in TERMS.items():
        up, down = terms.get(raising, set()), terms.get(lowering, set())
        signs |= {((gene,), phenotype): 1 for gene in up - down} | {((gene,), phenotype): -1 for gene in down - up}
    return signs


@dataclass(frozen=True)
class Boolean:
    """A Boolean model: nodes, rules, which of its nodes are a phenotype, and which stand for a gene of the core."""

    nodes: tuple[str, ...]
    rules: Mapping[str, Rule]
    read: Mapping[str, list[str]]
    of_gene: Mapping[str, list[str]]

    def mean(self, held: Iterable[str], value: bool) -> dict[str, float]:
        """Mean of each phenotype over the last steps, over random starts and inputs (one bit each), every node updated with probability one half per step."""
        drawn, fixed = random.Random(SEED), set(held)
        state = {node: drawn.getrandbits(STARTS) for node in self.nodes} | {"true": ALL, "false": 0} | dict.fromkeys(fixed, ALL if value else 0)
        seen = dict.fromkeys(self.read, 0.0)
        for step in range(STEPS):
            turns = [drawn.getrandbits(STARTS) for _ in self.rules]
            fresh = {node: (rule(state) & turn) | (state[node] & ~turn) for (node, rule), turn in zip(self.rules.items(), turns, strict=True)}
            state |= {node: now for node, now in fresh.items() if node not in fixed}
            if step >= STEPS - READ:
                for phenotype, ones in self.read.items():
                    seen[phenotype] += sum(state[one].bit_count() for one in ones) / (len(ones) * STARTS * READ)
        return seen

    def alone(self) -> Signs:
        """What each gene does, held at 1 against held at 0."""
        signs: Signs = {}
        for gene, held in self.of_gene.items():
            signs |= _signs((gene,), self.mean(held, True), self.mean(held, False))
        return signs

    def together(self, sets: Iterable[Genes]) -> Signs:
        """What several genes do, left free against held at 0; of each set what this model holds, where that is two nodes or more."""
        signs: Signs = {}
        free = self.mean((), False)
        for some in {tuple(gene for gene in one if gene in self.of_gene) for one in sets}:
            held = {node for gene in some for node in self.of_gene[gene]}
            if len(some) > 1 and len(held) > 1:
                signs |= _signs(some, free, self.mean(held, False))
        return signs


def _signs(some: Genes, more: Mapping[str, float], less: Mapping[str, float]) -> Signs:
    return {(some, p): 1 if more[p] > less[p] else -1 for p in more if abs(more[p] - less[p]) > SEEN}


def read_boolean(text: str) -> Boolean | None:
    """A model from its bnet file; none where it has no phenotype."""
    rows = [line.split(",", 1) for line in text.splitlines() if line.strip() and not line.startswith(("#", "targets"))]
    rules = {name.strip(): rule.strip().replace("!", "~") for name, rule in rows if name.strip() != rule.strip()}
    read = {p: [n for n in rules if re.sub(r"_b?\d+$", "", n.removeprefix("v_").lower()) in words] for p, words in NODES.items()}
    read = {phenotype: found for phenotype, found in read.items() if found}
    if not read:
        return None
    phenotypes = {node for found in read.values() for node in found}
    nodes = tuple(sorted({*rules, *(word for rule in rules.values() for word in re.findall(r"\bv_\w+", rule))}))
    of_gene: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        for gene in genes_of(node) if node not in phenotypes else ():
            of_gene[gene].append(node)
    return Boolean(nodes, {node: _compiled(rule) for node, rule in rules.items()}, read, of_gene)


def _compiled(rule: str) -> Rule:
    code = compile(rule, "rule", "eval")
    return lambda state: eval(code, {"__builtins__": {}}, state) & ALL  # noqa: S307 - files that the user names, of and, or, not


def genes_of(node: str) -> Genes:
    """The genes of the core that a node of a Boolean model stands for; none where its name is of no such gene."""
    name = re.sub(r"(_b\d+|_P|_A|_N|_n|_\d)+$", "", node.removeprefix("v_"))
    if family := FAMILIES.get(name.replace("_", "").upper()):
        return tuple(gene for gene in family.split() if gene in core_nodes())
    try:
        found = genes.resolve(name).symbol
    except VesicleError:
        return ()
    return (found,) if found in core_nodes() else ()


def boolean_signs(folder: Path, sets: Iterable[Genes]) -> tuple[Signs, Signs, int]:
    """Signs of genes alone and of sets together over all models of a folder that do not disagree, and the number of models with a phenotype."""
    models = [model for path in sorted(folder.glob("*.bnet")) if (model := read_boolean(path.read_text(encoding="utf-8")))]
    sets = list(sets)
    return agreed(model.alone() for model in models), agreed(model.together(sets) for model in models), len(models)


def agreed(votes: Iterable[Signs]) -> Signs:
    """Signs that nobody contradicts."""
    found: dict[tuple[Genes, str], set[int]] = defaultdict(set)
    for one in votes:
        for key, sign in one.items():
            found[key].add(sign)
    return {key: signs.pop() for key, signs in found.items() if len(signs) == 1}


# ---------------------------------------------------------------- questions
def targets() -> list[Genes]:
    """What the core says each of its miRNAs targets."""
    found: dict[str, set[str]] = defaultdict(set)
    for edge in core():
        if edge.kind == "mirna_target":
            found[edge.source].add(edge.target)
    return [tuple(sorted(found[mirna])) for mirna in sorted(found)]


def speaking() -> set[str]:
    """Genes that have a signed edge to anything."""
    return {e.source for e in core() if e.sign and e.kind not in NOT_SIGNALLING}


def asked(library: Library, signs: Signs, samples: int = SAMPLES) -> list[Called]:
    """Every gene of the core that an oracle signs, lowered alone, without its own edge to the phenotype."""
    left = 1 - match(library, "mirna_max_repression", {}).records[0].value
    found, can_speak = [], speaking()
    for ((gene,), phenotype), sign in sorted(signs.items()):
        if gene in can_speak:
            own = {e.id for e in core() if (e.source, e.target) == (gene, phenotype)}
            found.append(_called((gene,), phenotype, sign, levels(library, {gene: left}, (phenotype,), CELLS.get(phenotype, ANY), samples, dropped=own)))
    return found


def asked_together(library: Library, signs: Signs, samples: int = SAMPLES, added: Mapping[str, Iterable[Edge]] | None = None) -> list[Called]:
    """Every set of targets that an oracle signs, lowered together; ``added`` are further edges by phenotype."""
    site, more = DrawnSite(library, samples), added or {}
    found = []
    for (some, phenotype), sign in sorted(signs.items()):
        left = {gene: 1 - in_cell(site, "mirna_max_repression", "1", label=gene) for gene in some}
        theirs = [e for e in more.get(phenotype, ()) if e.source in some]
        found.append(_called(some, phenotype, sign, levels(library, left, (phenotype,), ANY, samples, added=theirs)))
    return found


def _called(some: Genes, phenotype: str, sign: int, found) -> Called:
    chain = found.chain(phenotype)
    return Called(some, phenotype, sign, -found.sign(phenotype), bool(found.circuit.edges), chain.words if chain else "")


def annotated(library: Library, signs: Signs, only_silent: bool) -> dict[str, list[Edge]]:
    """Signs of single genes as edges to the phenotype, where the core has none; with ``only_silent`` where it has no way at all."""
    edges = signalling()
    found: dict[str, list[Edge]] = defaultdict(list)
    for phenotype in NODES:
        heard = {e.source for e in between({e.source for e in edges}, (phenotype,), steps_of(library) if only_silent else 1, edges)}
        for ((gene,), node), sign in signs.items():
            if node == phenotype and gene in core_nodes() and gene not in heard:
                found[phenotype].append(Edge(gene, phenotype, sign, "phenotype", "GO", f"GO {gene} {phenotype}"))
    return found


# ---------------------------------------------------------------- page
HEAD = ["| phenotype | asked | hits | wrong | undecided | no way | right of the called | habit, on the called |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]


def table(answers: Iterable[Called]) -> list[str]:
    """Rows of markdown by phenotype, and over all."""
    by: dict[str, list[Called]] = defaultdict(list)
    for answer in answers:
        by[answer.phenotype].append(answer)
    rows = [row(p, by[p]) for p in TERMS if p in by]
    return [*HEAD, *rows, row("all", [a for p in TERMS for a in by.get(p, [])])]


def row(name: str, answers: list[Called]) -> str:
    """One row; the habit is that of each phenotype."""
    count = Counter(a.outcome for a in answers)
    called = [a for a in answers if a.called]
    habit = sum(max(Counter(a.true for a in called if a.phenotype == p).values()) for p in {a.phenotype for a in called})
    share = [f"{100 * one / len(called):.0f} %" if called else "-" for one in (count["hit"], habit)]
    return f"| {name} | {len(answers)} | {count['hit']} | {count['wrong']} | {count['undecided']} | {count['no way']} | {share[0]} | {share[1]} |"


def against(signs: Signs) -> tuple[int, list[str]]:
    """How many edges of the core from a gene to a phenotype an oracle signs too, and those with the other sign."""
    both = [(e, signs[(e.source,), e.target]) for e in core() if e.sign and ((e.source,), e.target) in signs]
    return len(both), [f"{e.source} on {e.target} ({e.id}, {e.status}, core {'+' if e.sign > 0 else '-'})" for e, sign in both if sign != e.sign]


def wrong(answers: Iterable[Called]) -> list[str]:
    """Contradictions, with the way that the network goes."""
    return [f"- {'+'.join(a.genes)} {'raises' if a.true > 0 else 'lowers'} {a.phenotype}; the network: {a.chain}" for a in answers if a.outcome == "wrong"]


def page(library: Library, go: Signs, boolean: tuple[Signs, Signs, int]) -> str:
    """The page in markdown."""
    alone, together, models = boolean
    by_go, by_models, sets = asked(library, go), asked(library, alone), asked_together(library, together)
    shared = [go[key] == alone[key] for key in go if key in alone]
    direct, other = against(go)
    silent, every = (asked_together(library, together, added=annotated(library, go, only)) for only in (True, False))
    return "\n".join([
        "# Signs of the network, against oracles that know nothing of it", "",
        "Written by `verification/network_signs.py`; how it is asked stands there, what follows from it in [signalling](signalling.md).",
        "Gene Ontology annotations (CC-BY 4.0, geneontology.org, as Enrichr's GO_Biological_Process_2023) and published Boolean models (collection biodivine-boolean-models)",
        "are read, not shipped.", "",
        "## One gene, Gene Ontology", "", *table(by_go), "",
        f"Edges of the core from a gene straight to a phenotype that GO signs too: {direct}; with the other sign {len(other)}: {'; '.join(other) or 'none'}.", "",
        f"## One gene, {models} Boolean models", "", *table(by_models), "",
        f"On genes that both oracles sign they agree in {sum(shared)} of {len(shared)}: that is how right anybody can be here.", "",
        "## Targets of one miRNA together, Boolean models", "", *table(sets), "",
        "With GO's signs as further edges of targets that have no way to the phenotype, and of all that have no direct edge:", "",
        *HEAD, row("no way", silent), row("no direct edge", every), "",
        "## Contradictions", "", "Gene Ontology:", "", *wrong(by_go), "", "Boolean models, one gene:", "", *wrong(by_models), "",
    ])  # fmt: skip


def main() -> None:
    """Ask both oracles and print, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("go", type=Path, help="gene sets of GO, GMT, gzip")
    parser.add_argument("boolean", type=Path, help="folder of bnet files")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    text = page(shipped(), go_signs(given.go), boolean_signs(given.boolean, targets()))
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
