"""D7: four ways of resistance, each by its own path, and how a transporter spreads; counted, with what is not carried said."""

from __future__ import annotations

import math

import numpy as np

from vesicle.engines.base import Trajectory
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.phenotype.resistance.transporter import PUMP
from vesicle.model.assembly import assemble
from vesicle.model.resistant import Mixture, Resisting, assemble_mixture, assemble_resisting
from vesicle.model.scenario_file import load
from vesicle.systems.base import Check, Experiment, above, below, between, told
from vesicle.systems.given_networks import Followed, at_rest

DRUG, WELL, ARM, BARE = "doxorubicin", "surface-signal-well", "decoy", "bare_exosome"
WAYS = ("export", "survival", "transporter")
WEEK = 168.0
EXACT = 1e-12
FEW = 0.05
DRAWS = 100
APOPTOSIS_HALF, INDUCED = 0.5, 10.0
"""Levels that are given, until a network of the recipient gives them: apoptosis at half, the pump's own synthesis at ten times that of rest."""


class DrugResistance(Experiment):
    """Cells in doxorubicin with export, survival signals and induction; vesicles with CD20 in rituximab; resistant and sensitive cells in one medium."""

    system = "D7"
    asks = "Does each way of resistance shift the response by its own path, does nothing shift without vesicles, does resistance spread, and what do the counts carry?"
    takes_away = "the vesicles and their signals: none leave, none show CD20, no level moves"
    used = ("C-0182", "C-0187", "C-0192", "C-0305", "C-0538", "C-0539")
    told = ("C-0180",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Each way alone with its null, the product, and the spread with its counts."""
        self.library, self.without = library, knocked_out
        return [*self._export(), *self._decoy(), *self._levels(), *self._spread(), *self._counts(), *self._certain()]

    def _factors(self, ways: tuple[str, ...], leave: bool, **levels: float) -> dict[str, float]:
        return at_rest(assemble_resisting(Resisting(DRUG, ways, levels, leave), self.library))

    def _export(self) -> list[Check]:
        name, halving = f"ic50_shift_by:export:{DRUG}", f"vesicles_to_halve:{DRUG}"
        found = self._factors(("export",), not self.without)
        none = self._factors(("export",), leave=False)
        lost = self._factors(("export",), not self.without, ABCA3=0.0)
        over = 1 / (found[name] - 1) if found[name] > 1 else math.inf
        return [
            above(f"export: IC50 of {DRUG} with vesicles over without, less one", found[name] - none[name], 0),
            above("the same, less what is left without ABCA3", found[name] - lost[name], 0),
            not_carried(f"vesicles per cell and hour that would halve the drug in a cell ({found[halving]:.3g}), over those that leave: not carried at measured rates", over, 1),
        ]

    def _decoy(self) -> list[Check]:
        shifts = [self._antibody(product) for product in (BARE if self.without else "", BARE)]
        return [
            above("decoy: IC50 of rituximab with CD20 vesicles over without, as dosed in the well", shifts[0] / shifts[1], 1 + EXACT),
            between("the same with vesicles that show no CD20", shifts[1], 1 - EXACT, 1 + EXACT),
        ]

    def _antibody(self, product: str) -> float:
        """Factor of the IC50 of rituximab at the end of the well."""
        scenario = load(WELL, {f"arms.{ARM}.doses.0.product": product} if product else {})
        recipients = {name: cell.model_copy(update={"resistance": ("decoy",)}) for name, cell in scenario.recipients.items()}
        question = scenario.question.model_copy(update={"arm": ARM, "control": ARM, "readout": "cells"})
        arms = {ARM: scenario.arms[ARM].model_copy(update={"control": ""})}
        model = assemble(scenario.model_copy(update={"recipients": recipients, "question": question, "arms": arms, "reports": ()}), self.library)[ARM]
        return float(Followed(model, scenario.duration).run().amount("resistance:rituximab")[-1])

    def _levels(self) -> list[Check]:
        """Survival and induction, whose levels are given."""
        here = {} if self.without else {"apoptosis": APOPTOSIS_HALF, PUMP: INDUCED}
        found, rest = (
            self._factors(("export", "survival", "transporter"), not self.without, **here),
            self._factors(("survival", "transporter"), leave=False, apoptosis=1.0, ABCB1=1.0),
        )
        by = {way: found[f"ic50_shift_by:{way}:{DRUG}"] for way in ("export", "survival", "transporter")}
        return [
            above(f"survival: IC50 with apoptosis at {APOPTOSIS_HALF:g} of rest (given) over rest", by["survival"], 1),
            above(f"transporter: IC50 with {PUMP} at {INDUCED:g} times rest (given) over rest; a parent has little to multiply", by["transporter"], 1),
            between("both at rest", rest[f"resistance:{DRUG}"], 1 - EXACT, 1 + EXACT),
        ]

    def _spread(self) -> list[Check]:
        """A mixed culture, one week."""
        self.culture = Followed(assemble_mixture(Mixture(drug=DRUG), self.library), WEEK)
        self.leave = float(not self.without)
        run, none = self.culture.run(vesicles_leave=self.leave), self.culture.run(vesicles_leave=0.0)
        induced = self.culture.run(vesicles_leave=self.leave, induction=INDUCED)
        gained, by_induction = run.amount("ic50_shift") - 1, float(induced.amount("ic50_shift")[-1] - 1)
        self.run = run
        return [
            above("spread: IC50 of sensitive cells beside resistant ones after a week, over the start, less one", float(gained[-1]), 0),
            above("the same at the end, less that at half of the week", float(gained[-1] - gained[len(gained) // 2]), 0),
            between("the same without vesicles, over the start", float(none.amount("ic50_shift")[-1]), 1 - EXACT, 1 + EXACT),
            above(f"gain with synthesis induced {INDUCED:g}-fold in cells that a vesicle reached (given), less that by transfer alone", by_induction - float(gained[-1]), 0),
            told("vesicles make recipients resistant (C-0180), by transfer alone in a week", f"IC50 x {1 + gained[-1]:.6g}: rises, and less than any assay sees"),
        ]

    def _counts(self) -> list[Check]:
        """What arrives against what it takes."""
        brought, own = last(self.run, "brought_per_cell"), self._record("transporter_copies_resistant", PUMP)
        needed = self._record("transporter_copies_sensitive", PUMP) + own / (self._record("transporter_resistance", f"{PUMP}/{DRUG}") - 1)
        gap = math.log10(needed / brought) if brought > 0 else math.inf
        fused = match(self.library, "cytosolic_release_fraction", {"product": "exosome"}).records[0].value
        per_vesicle = last(self.run, "copies_per_vesicle")
        mrna = last(self.run, "pump_translated") / last(self.run, "sensitive_cells")
        return [
            above("vesicles of resistant cells that a sensitive cell takes up in a day", last(self.run, "taken_per_cell_and_day"), 0),
            told(f"copies of {PUMP} on one of them", per_vesicle),
            not_carried(
                f"copies that double the IC50 ({needed:.3g} per cell) over copies brought ({brought:.3g}), in orders of magnitude: not carried by transfer of the protein", gap, 0
            ),
            not_carried("the same if every vesicle taken up fused", gap + math.log10(fused), 0),
            below("copies made from mRNA that vesicles brought, over copies that it takes", mrna / needed, 1),
        ]

    def _record(self, quantity: str, label: str) -> float:
        return match(self.library, quantity, {"label": label}).records[0].value

    def _certain(self) -> list[Check]:
        """Over draws of all records: does transfer ever carry, and does the IC50 always rise."""
        got = self.culture.over_draws(DRAWS, lambda run: last(run, "brought_over_needed"), vesicles_leave=self.leave)
        return [
            above(f"share of {DRAWS} draws in which the IC50 of sensitive cells rises at all", float(np.mean(got > 0)), 1 - FEW),
            below(f"share of {DRAWS} draws in which transfer alone doubles it", float(np.mean(got >= 1)), FEW),
        ]


def not_carried(what: str, gap: float, bound: float) -> Check:
    """Holds when more is needed than is brought, by so much; where nothing is brought, nothing is carried."""
    return above(what, gap, bound) if math.isfinite(gap) else Check(what, "nothing is brought", f"more than {bound:g}", True)


def last(run: Trajectory, observable: str) -> float:
    """An observable at the end."""
    return float(run.amount(observable)[-1])
