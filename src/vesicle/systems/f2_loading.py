"""F2: which payload goes into vesicles by which method, how many copies, what fits; what is refused, by which claim."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vesicle.errors import InputError
from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.products.loading import FEASIBLE, REFUSED, UNKNOWN, Attempt, feasibility, load
from vesicle.readouts.drawn import drawn, told
from vesicle.readouts.ensemble import Array
from vesicle.systems.base import Check, Experiment, above, below, between

DRAWS = 400
MSC, HEK = "mesenchymal stem cell", "HEK293"
OFFERED = 1e4
"""Molecules of a drug or protein offered per vesicle: an input, no measurement."""
ATTEMPTS = {
    "KRAS siRNA, electroporation": Attempt("KRAS G12D siRNA", "siRNA", MSC, "electroporation"),
    "miR-379, donor transfection": Attempt("hsa-miR-379-5p", "miRNA", MSC, "donor transfection"),
    "siRNA, cholesterol": Attempt("KRAS G12D siRNA", "siRNA", MSC, "cholesterol co-incubation", offered=OFFERED),
    "paclitaxel, incubation": Attempt("paclitaxel", "small_molecule", MSC, "incubation"),
    "paclitaxel, sonication": Attempt("paclitaxel", "small_molecule", MSC, "sonication"),
    "porphyrin, incubation": Attempt("porphyrin", "small_molecule", MSC, "incubation", offered=OFFERED),
    "porphyrin, saponin": Attempt("porphyrin", "small_molecule", MSC, "saponin", offered=OFFERED),
    "protein, electroporation": Attempt("catalase", "protein", MSC, "electroporation", offered=OFFERED),
    "TRAIL, donor transfection": Attempt("TRAIL", "protein", MSC, "donor transfection"),
}
CRE = Attempt("WW-tagged Cre recombinase", "protein", HEK, "WW tag")
PEMETREXED = Attempt("pemetrexed", "small_molecule", MSC, "donor preloading")
PLASMID = Attempt("plasmid", "DNA", MSC, "electroporation", offered=10.0, length=8000.0)
REFUSING = "C-0422"
UNHEARD = Attempt("catalase", "protein", MSC, "chemical transfection", offered=10.0)


class Loading(Experiment):
    """Nine loadings with their interval and caps; a switch with and without its regulator; three that do not work."""

    system = "F2"
    asks = "Do payload, donor and method give feasibility with a reason, copies with an interval, and no more than fits?"
    takes_away = "NDFIP1, and the claim that MSC do not take pemetrexed up"
    used = ("C-0422", "C-0763", "C-0764")
    predicts = ("C-0048", "C-0805")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Numbers, switch, refusals, artefact, and two claims that the numbers judge."""
        found = {name: _numbers(library, attempt) for name, attempt in ATTEMPTS.items()}
        base = replace(library, claims=tuple(c for c in library.claims if c.id != REFUSING)) if knocked_out else library
        return [*_told(found), *_switch(library, regulator=not knocked_out), *_refused(base), *_caps(found), *_artefact(found)]


def _numbers(library: Library, attempt: Attempt) -> dict[str, Array]:
    """(1 + n,) copies, caps, share whole, aggregates of one loading."""
    site = Site(library, {})
    loaded = load(site, attempt)
    return drawn(site, {"copies": loaded.copies, "lumen": loaded.lumen, "membrane": loaded.membrane, "whole": loaded.whole, "aggregates": loaded.aggregates}, DRAWS)


def _told(found: dict[str, dict[str, Array]]) -> list[Check]:
    out = []
    for name, n in found.items():
        words = f"{told(n['copies'])} copies; lumen holds {n['lumen'][0]:.3g}, membrane {n['membrane'][0]:.3g}; {n['whole'][0]:.0%} of vesicles stay whole"
        out.append(Check(f"{name}: per vesicle, q50 (q05 to q95)", words, "told, not judged", True))
    return out


def _switch(library: Library, regulator: bool) -> list[Check]:
    """WW-Cre with NDFIP1 against without, and against Cre without the tag."""
    on = _numbers(library, Attempt(CRE.payload, CRE.payload_class, CRE.donor, CRE.method, has_regulator=regulator))
    off = _numbers(library, Attempt(CRE.payload, CRE.payload_class, CRE.donor, CRE.method, has_regulator=False))
    untagged = _numbers(library, Attempt(CRE.payload, CRE.payload_class, CRE.donor, CRE.method, has_tag=False))
    return [
        above(
            f"WW-Cre with NDFIP1 over without, 5 % point of draws (fold assumed; {told(on['copies'])} copies)", float(np.quantile(on["copies"][1:] / off["copies"][1:], 0.05)), 1.5
        ),
        between("WW-Cre without NDFIP1 over Cre without the tag", float(off["copies"][0] / untagged["copies"][0]), 1, 1),
    ]


def _refused(library: Library) -> list[Check]:
    refused, plasmid, unheard = (feasibility(library, a) for a in (PEMETREXED, PLASMID, UNHEARD))
    try:
        load(Site(library, {}), PEMETREXED)
        message = "loaded"
    except InputError as error:
        message = str(error)
    nucleic = feasibility(library, ATTEMPTS["miR-379, donor transfection"])
    return [
        Check("drug that MSC do not take up, by way of the donor", f"{refused.outcome}: {refused.reason} ({', '.join(refused.sources)})", f"{REFUSED} by {REFUSING}",
              refused.outcome == REFUSED and refused.sources == (REFUSING,)),
        Check("asking for its copies", message, "an error with the claim", REFUSING in message),
        Check("plasmid of 8,000 base pairs", f"{plasmid.outcome}: {plasmid.reason} ({', '.join(plasmid.sources)})", f"{REFUSED}: does not fit", plasmid.outcome == REFUSED),
        Check("protein by a reagent for nucleic acids", f"{unheard.outcome}: {unheard.reason}", UNKNOWN, unheard.outcome == UNKNOWN),
        Check("miRNA by way of MSC", f"{nucleic.outcome}, {nucleic.reason} ({', '.join(nucleic.sources)})", f"{FEASIBLE} with C-0423",
              nucleic.outcome == FEASIBLE and "C-0423" in nucleic.sources),
    ]  # fmt: skip


def _caps(found: dict[str, dict[str, Array]]) -> list[Check]:
    """Nothing holds more than fits; where the cap decides is told."""
    passive, active = found["porphyrin, incubation"], found["porphyrin, saponin"]
    still, sonicated = found["paclitaxel, incubation"], found["paclitaxel, sonication"]
    largest = max(float(np.max(n["copies"] / (n["lumen"] + n["membrane"]))) for n in found.values())
    capped = {name: float(np.mean(n["copies"][1:] >= _cap(name, n)[1:] * (1 - 1e-9))) for name, n in found.items()}
    return [
        below("copies over what lumen and membrane hold together, largest of all draws and loadings", largest, 1 + 1e-9),
        Check("share of draws in which the cap decides", ", ".join(f"{name} {share:.0%}" for name, share in capped.items() if share > 0) or "none", "told, not judged", True),
        above("porphyrin by saponin over incubation, 5 % point of draws", float(np.quantile(active["copies"][1:] / passive["copies"][1:], 0.05)), 1),
        above("paclitaxel by sonication over incubation, nominal: the order that its own work reports", float(sonicated["copies"][0] / still["copies"][0]), 1),
        Check("paclitaxel by sonication, as its work reports it, over what a membrane dissolves", told(sonicated["copies"] / sonicated["membrane"]),
              "told: above 1 it is not in the membrane, or not in vesicles", True),
        below("paclitaxel by incubation over all that fits, 5 % point: a high load is still to be reached (C-0805)",
              float(np.quantile(still["copies"][1:] / (still["lumen"] + still["membrane"])[1:], 0.05)), 0.1),
    ]  # fmt: skip


def _cap(name: str, n: dict[str, Array]) -> Array:
    if "cholesterol" in name or "TRAIL" in name:
        return n["membrane"]
    return n["lumen"] + n["membrane"] if "paclitaxel" in name or "porphyrin" in name else n["lumen"]


def _artefact(found: dict[str, dict[str, Array]]) -> list[Check]:
    """Electroporation: aggregates beside the vesicles, and a way without liposomes, against C-0048."""
    electro = found["KRAS siRNA, electroporation"]
    return [
        above("aggregates per vesicle after electroporation, nominal", float(electro["aggregates"][0]), 0),
        Check("the same over draws", told(electro["aggregates"]), "told, not judged", True),
        above(
            "siRNA per vesicle by electroporation over draws, 95 % point, against one: liposomes are not needed as C-0048 says", float(np.quantile(electro["copies"][1:], 0.95)), 1
        ),
        below("the same, 5 % point: nor is electroporation known to do it", float(np.quantile(electro["copies"][1:], 0.05)), 1),
    ]
