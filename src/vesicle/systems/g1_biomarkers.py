"""G1: mutant DNA and a protein of vesicles as markers of the pancreas: ranked hypotheses, false positives at prevalence, and abstention."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.network.expressions import symbol
from vesicle.products.diagnosis import NONE, UNDETERMINED, Diagnosis, Panel, chances, hypotheses, positives, rank, share
from vesicle.readouts.drawn import columns, drawn, told
from vesicle.readouts.ensemble import Array, rank_shares
from vesicle.systems.base import Check, Experiment, above, below, between

DRAWS = 1000
CANCER, PANCREATITIS = "pancreatic cancer", "chronic pancreatitis"
KRAS, TP53, ANY_KRAS, GPC1 = "KRAS G12D DNA", "TP53 R273H DNA", "KRAS codon 12 or 13 DNA", "glypican-1 on vesicles"
FREE_KRAS = "KRAS codon 12 or 13 free DNA"
ADULTS, DIABETES, CLINIC = "general adults", "new-onset diabetes over 50", "referred with a pancreatic mass or symptoms"
TESTED = 10_000
ALMOST_NONE = 1e-9


class Biomarkers(Experiment):
    """Panels in three settings, from persons off the street to a clinic."""

    system = "G1"
    asks = "Does a panel give ranked hypotheses with uncertainty, are false positives counted at the prevalence, and is nothing called where records are missing or disagree?"
    takes_away = "the false positives: nobody without the disease has the marker"
    used = ("C-0485",)
    predicts = ("C-0110", "C-0324")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Settings, panels, missing records, two laboratories that disagree."""
        self.library, self.perfect = library, knocked_out
        return [*self._screened(), *self._ranked(), *self._abstains(), *self._disagrees()]

    def _drawn(self, markers: dict[str, bool], setting: str) -> tuple[Diagnosis, dict[str, Array], Site]:
        """Chances over draws; the twin sets the share of every other hypothesis to almost none."""
        panel, site = Panel(markers, setting), Site(self.library, {})
        wanted = chances(site, panel)
        if self.perfect:
            others = [share(site, marker, name) for marker in markers for name in hypotheses(self.library, panel)[0] if name != CANCER]
            zero = {s: site.given("no_false_positive", ALMOST_NONE, "1") for s in others}
            wanted = {name: e.xreplace(zero) for name, e in wanted.items()}
        found = drawn(site, wanted, DRAWS)
        return rank(found, hypotheses(self.library, panel)[1]), found, site

    def _screened(self) -> list[Check]:
        """One marker in three settings: true and false positives of ten thousand."""
        out = []
        for setting in (ADULTS, DIABETES, CLINIC):
            site = Site(self.library, {})
            true, false = positives(site, KRAS, setting, CANCER)
            if self.perfect:
                false = symbol(str(site.given("no_false_positive", ALMOST_NONE, "1")))
            n = drawn(site, {"true": true * TESTED, "false": false * TESTED, "ppv": true / (true + false)}, DRAWS)
            words = f"{told(n['true'])} true, {told(n['false'])} false; of the positives {told(n['ppv'])} have it"
            out.append(Check(f"{KRAS} in {TESTED} {setting}: positives, q50 (q05 to q95)", words, "told, not judged", True))
            if setting == ADULTS:
                out += [
                    above("false positives for each true one, in general adults", float(np.median(n["false"][1:] / n["true"][1:])), 10),
                    below(
                        "share of positive general adults who have the cancer, 95 % point: a marker of a disease is no screening test", float(np.quantile(n["ppv"][1:], 0.95)), 0.05
                    ),
                ]
        return out

    def _ranked(self) -> list[Check]:
        """The likeliest hypothesis by setting, and what a second marker does."""
        adults, _, _ = self._drawn({KRAS: True}, ADULTS)
        clinic, one, _ = self._drawn({KRAS: True}, CLINIC)
        without, absent, _ = self._drawn({KRAS: False}, CLINIC)
        return [
            Check("general adults with the marker: likeliest", _line(adults), NONE, next(iter(adults.ranked)) != CANCER and adults.call != CANCER),
            Check("clinic with the marker: ranked", _line(clinic), "cancer and pancreatitis both, no call", clinic.call == UNDETERMINED),
            above("chance of cancer in the clinic with the marker over without it, median", float(np.median(one[CANCER][1:] / absent[CANCER][1:])), 1),
            Check("clinic without the marker: ranked", _line(without), "told, not judged", True),
        ]

    def _abstains(self) -> list[Check]:
        """Where no record says how often a marker is found with a hypothesis, that hypothesis is not judged and nothing is called."""
        two, _, _ = self._drawn({KRAS: True, TP53: True}, CLINIC)
        protein, _, _ = self._drawn({GPC1: True}, ADULTS)
        return [
            Check("both mutations in the clinic: not judged for want of records", ", ".join(two.not_judged) or "none", PANCREATITIS, PANCREATITIS in two.not_judged),
            Check("call in that case", two.call, UNDETERMINED, two.call == UNDETERMINED),
            Check("glypican-1 in general adults: not judged", ", ".join(protein.not_judged) or "none", f"{NONE} among them", NONE in protein.not_judged),
            Check("call in that case", protein.call, UNDETERMINED, protein.call == UNDETERMINED),
        ]

    def _disagrees(self) -> list[Check]:
        """Glypican-1 by two laboratories; and vesicle DNA against what is printed of it."""
        _, found, site = self._drawn({GPC1: True}, CLINIC)
        ratio = drawn(site, {"lr": share(site, GPC1, CANCER) / share(site, GPC1, PANCREATITIS)}, DRAWS)["lr"]
        shares = rank_shares(columns(site, DRAWS), np.log(ratio[1:]))
        decider, (weight, _) = next(iter(shares.items()))
        healthy = Site(self.library, {})
        gain = self._gain()
        sites = {name: share(healthy, name, NONE) for name in (KRAS, ANY_KRAS)}
        numbers = drawn(healthy, sites, DRAWS)
        return [
            above(
                "likelihood ratio of glypican-1, cancer against pancreatitis, 95 % over 5 % point: laboratories disagree",
                float(np.quantile(ratio[1:], 0.95) / np.quantile(ratio[1:], 0.05)),
                3,
            ),
            Check("what decides it", f"{decider} ({weight:.0%})", "told, not judged", True),
            between("chances sum to one", float(sum(values[0] for values in found.values())), 1 - 1e-9, 1 + 1e-9),
            Check(
                "healthy persons with the marker, by the two assays of mutant KRAS",
                "; ".join(f"{name}: {told(values)}" for name, values in numbers.items()),
                "told, not judged",
                True,
            ),
            above("likelihood ratio of mutant KRAS in vesicle DNA over that in free DNA of the same persons (one work), median", float(np.median(gain[1:])), 1),
            Check("the same over draws: what C-0110 and C-0324 say of all such markers, in one", told(gain), "told, not judged", True),
        ]

    def _gain(self) -> Array:
        """Likelihood ratio of mutant KRAS for cancer, vesicle DNA over free DNA."""
        site = Site(self.library, {})
        vesicles, free = (share(site, marker, CANCER) / share(site, marker, NONE) for marker in (ANY_KRAS, FREE_KRAS))
        return drawn(site, {"gain": vesicles / free}, DRAWS)["gain"]


def _line(d: Diagnosis) -> str:
    ranked = ", ".join(f"{name} {middle:.2g} ({low:.2g} to {high:.2g})" for name, (middle, low, high) in d.ranked.items())
    return f"{ranked}; call: {d.call}"
