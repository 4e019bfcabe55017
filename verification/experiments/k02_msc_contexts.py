"""K02: one network compiler, ten reports on exosomes of mesenchymal stem cells with both signs; each predicted without its own work.

What is asked is the direction of the network once the cargo is in the cell, not whether it gets there (D22, D23 and the scenario ``msc-context`` tell that). A miRNA holds
every target that strong evidence names, at the repression that a miRNA can reach; a surface protein of a donor in a state moves its receptor by the fold of the records.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from judge import Expected, Experiment, Line, shown

from vesicle.prediction.ensemble import SURE, DrawnSite, levels, silenced
from vesicle.readouts.verdict import NO_DIFFERENCE

MARROW, FAT, CORD = "bone marrow mesenchymal stem cell", "adipose mesenchymal stem cell", "umbilical cord mesenchymal stem cell"
LEAST_SHARE = 0.01
"""A miRNA counts as carried where it is at least this share of the reads, when a report names none."""
AGAINST_GROWTH = ("apoptosis", "dormancy")


@dataclass(frozen=True)
class Context:
    """A report: works that say it, what is carried (empty: what the records hold of the donor), the recipient, the node and its sign; the fold of a state moves ``receptors``."""

    what: str
    works: tuple[str, ...]
    donor: str
    recipient: str
    node: str
    sign: int
    cargo: tuple[str, ...] = ()
    receptors: Mapping[str, str] | None = None

    @property
    def promotes(self) -> int:
        """+1 where the report says more tumour, -1 where it says less."""
        return -self.sign if self.node in AGAINST_GROWTH else self.sign


CONTEXTS = (
    Context("miR-16 of marrow exosomes on breast cancer: VEGF falls", ("X46", "N65"), MARROW, "breast cancer cell", "VEGFA", -1, ("hsa-miR-16-5p",)),
    Context("miR-410 of cord exosomes on lung adenocarcinoma: proliferation rises", ("X39",), CORD, "lung adenocarcinoma cell", "proliferation", 1, ("hsa-miR-410-3p",)),
    Context("miR-222/223 of marrow exosomes on breast cancer: dormancy rises", ("X53",), MARROW, "breast cancer cell", "dormancy", 1, ("hsa-miR-222-3p", "hsa-miR-223-3p")),
    Context("miR-222 of marrow exosomes on leukaemia: proliferation falls", ("X31",), MARROW, "acute myeloid leukemia cell", "proliferation", -1, ("hsa-miR-222-3p",)),
    Context("miR-145 of fat exosomes on prostate cancer: apoptosis rises", ("X34",), FAT, "prostate cancer cell", "apoptosis", 1, ("hsa-miR-145-5p",)),
    Context("fat exosomes on ovarian cancer: proliferation falls", ("X35", "N66"), FAT, "ovarian cancer cell", "proliferation", -1),
    Context("marrow exosomes on gastric cancer: VEGF rises", ("X37",), MARROW, "gastric cancer cell", "VEGFA", 1),
    Context("miR-23b of marrow exosomes on breast cancer: dormancy rises", ("X60",), MARROW, "breast cancer cell", "dormancy", 1, ("hsa-miR-23b-3p",)),
    Context("miR-15a of healthy marrow exosomes on myeloma: proliferation falls", ("X38",), MARROW, "multiple myeloma cell", "proliferation", -1, ("hsa-miR-15a-5p",)),
    Context(
        "patients' marrow exosomes over healthy ones on myeloma: proliferation rises", ("X38",), MARROW, "multiple myeloma cell", "proliferation", 1,
        receptors={"IL6R": "tumour, IL6", "CCR2": "tumour, CCL2", "ITGA5": "tumour, FN1"},
    ),
)  # fmt: skip
OPPOSITE = (("hsa-miR-23b-3p", "proliferation", "breast cancer cell", "multiple myeloma cell"), ("hsa-miR-16-5p", "apoptosis", "acute myeloid leukemia cell", "hepatoma cell"))
"""Cargo, node and two recipients in which the network turns opposite ways."""


def carried(library, donor):
    """miRNAs that are at least a share of the reads of a donor's vesicles."""
    return tuple(m.label for m in library.of("mirna_share_of_ev") if m.cell == donor and m.value >= LEAST_SHARE)


def moved(context, library, samples):
    """(n,) change of the node, without the context's own works."""
    for key in context.works:
        library = library.without(reference=key)
    if context.receptors:
        site = DrawnSite(library.without(experiment="D23"), samples)
        held = {gene: site.quantity("state_cargo_fold", "1", label=label, cell=context.donor) for gene, label in context.receptors.items()}
    else:
        held = silenced(library, context.cargo or carried(library, context.donor), (context.node,), context.recipient, samples=samples)
    return levels(library, held, (context.node,), context.recipient, samples=samples).draws(context.node) - 1


def perform(library, samples):
    """Name of a context, or (cargo, node, recipient) -> (n,) change."""
    found = {context.what: moved(context, library, samples) for context in CONTEXTS}
    for cargo, node, *cells in OPPOSITE:
        for cell in cells:
            held = silenced(library, (cargo,), (node,), cell, samples=samples)
            found[cargo, node, cell] = levels(library, held, (node,), cell, samples=samples).draws(node) - 1
    return found


def share(draws, sign):
    """Share of the draws that move in a sense."""
    return float(np.mean(np.nan_to_num(draws) * sign > 1e-8))


def called(sign):
    """At least 80 % of the draws have the sign and 5 % or more; near: 80 % have the sign, of any size; fail: 80 % have the other."""

    def mark(draws):
        if float(np.mean(np.nan_to_num(draws) * sign >= NO_DIFFERENCE)) >= SURE:
            return "pass"
        return "near" if share(draws, sign) >= SURE else "fail" if share(draws, -sign) >= SURE else "not called"

    return Expected("direction", f"{'rises' if sign > 0 else 'falls'} by {NO_DIFFERENCE:.0%} in {SURE:.0%} of draws (near: by any size)", mark)


def right(found):
    """(1,) contexts in which more draws have the reported sign than the other."""
    return np.array([float(sum(share(found[c.what], c.sign) > share(found[c.what], -c.sign) for c in CONTEXTS))])


def trivial(sign):
    """(1,) contexts that a predictor gets right which says of every exosome that it promotes (or holds back) tumours."""
    return lambda found: np.array([float(sum(c.promotes == sign for c in CONTEXTS))])


def better(found):
    """(1,) contexts beyond the better trivial predictor."""
    return right(found) - max(trivial(1)(found), trivial(-1)(found))


def beats():
    """More contexts than either trivial predictor; near: as many."""
    return Expected("order", "more than either trivial predictor", lambda draws: "pass" if draws[0] > 0 else "near" if draws[0] == 0 else "fail")


EXPERIMENT = Experiment(
    id="K02",
    title="Exosomes of mesenchymal stem cells in ten contexts",
    reference="synthesis",
    perform=perform,
    lines=(
        *(Line(c.what, lambda found, c=c: found[c.what], called(c.sign)) for c in CONTEXTS),
        Line("contexts with the reported sign in most of the deciding draws", right, shown()),
        Line("contexts right by 'always against the tumour'", trivial(-1), shown()),
        Line("contexts right by 'always for the tumour'", trivial(1), shown()),
        Line("contexts right beyond the better trivial predictor", better, beats()),
        *(Line(f"{cargo}, {node} of a {cell}", lambda found, key=(cargo, node, cell): found[key], shown()) for cargo, node, *cells in OPPOSITE for cell in cells),
    ),
    note="Each context is predicted without edges and records that only its own works show. Of A2780 no expression is stored, so the ovarian line that stands for it answers; "
    "SGC-7901 is stood for by stomach. A report whose cargo acts through a target that only it names cannot be predicted so.",
)
