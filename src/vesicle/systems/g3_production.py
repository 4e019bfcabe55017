"""G3: batches of one product in one scenario: a distribution of outcomes, not a point, and how a dose is measured decides its width."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.products.batches import DOSED_BY, VARIES, Batches, batches, variation
from vesicle.readouts.drawn import drawn
from vesicle.readouts.ensemble import Array
from vesicle.systems.base import Check, Experiment, above, between
from vesicle.systems.drug_runs import Runs
from vesicle.systems.well_runs import Wells

WELL, ARM, OUTCOME = "osteosarcoma-mir143-well", "mir143_exosome", "engaged:hsa_miR_143_3p"
DOSE, DIAMETER, CARGO = "dose__mir143_exosome__x_1e5_EV", "ev_diameter__exosome", "total_mirna_per_ev__exosome"
COARSE = {"environment.layers": "5"}
"""Batches are compared with each other, for which five layers of medium do."""
HOURS = 24.0
NUMBER = 24
LATER = 5.0
"""Passages of the donor beyond the first batch: an input."""
DRAWS = 200
SAME = 1e-6


class Production(Experiment):
    """One well with two dozen batches, dosed by count, by protein and by donor cells; then of a donor five passages older."""

    system = "G3"
    asks = "Do donor passage, yield, size and cargo of batches give a distribution of outcomes, and which part of the process sets its width?"
    takes_away = "the differences between batches: every coefficient of variation is zero"
    used = ("C-0797",)
    predicts = ("C-0798",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Distributions by the measure of the dose, passages, what sets the width, and our doubt about it."""
        site = Site(library, {})
        found = drawn(site, variation(site), DRAWS)
        cv = {name: 0.0 if knocked_out and name in VARIES else float(values[0]) for name, values in found.items()}
        wells = Wells(WELL, library, COARSE)
        self.model = wells.model(ARM)
        self.runs = Runs(self.model, HOURS, HOURS)
        self.nominal = {p.id: p.value for p in self.model.network.parameters}
        self.middle = self._outcome(Batches(*(np.ones(1) for _ in range(3))))[0]
        return [*self._by_dose(cv), *self._parts(cv), *self._passages(cv), *_doubt(found)]

    def _outcome(self, made: Batches) -> Array:
        """(n,) copies of the miRNA in AGO per cell after a day, by batch."""
        rows = zip(made.dose, made.diameter, made.cargo, strict=True)
        return np.array([self._run(dose, diameter, cargo) for dose, diameter, cargo in rows])

    def _run(self, dose: float, diameter: float, cargo: float) -> float:
        held = {DOSE: self.nominal[DOSE] * dose, DIAMETER: self.nominal[DIAMETER] * diameter, CARGO: self.nominal[CARGO] * cargo}
        return float(self.runs.at(held=held)[0].amount(OUTCOME)[-1])

    def _by_dose(self, cv: dict[str, float]) -> list[Check]:
        self.outcomes = {way: self._outcome(batches(NUMBER, cv, way)) for way in DOSED_BY}
        out = []
        for way, values in self.outcomes.items():
            low, middle, high = np.quantile(values / self.middle, (0.05, 0.5, 0.95))
            out.append(Check(f"copies in cells by batch over the mean batch, dosed by {way}, q50 (q05 to q95)", f"{middle:.3g} ({low:.3g} to {high:.3g})", "told", True))
            out.append(above(f"95 % over 5 % point, dosed by {way}: a distribution", float(high / low), 1.5))
        widths = {way: spread(values) for way, values in self.outcomes.items()}
        return [
            *out,
            above("spread of outcomes dosed by protein over dosed by count (in logarithms)", widths["protein"] / max(widths["counted vesicles"], SAME), 1),
            Check("outcome of the mean batch, copies per cell in AGO", self.middle, "told: far below what represses (M-0451)", True),
        ]

    def _parts(self, cv: dict[str, float]) -> list[Check]:
        """The width when only one thing varies, dosed by donor cells."""
        widths = {}
        for name in ("yield", "diameter", "cargo"):
            only = {**cv, **{other: 0.0 for other in VARIES if other != name}}
            widths[name] = spread(self._outcome(batches(NUMBER, only, "donor cells")))
        whole = spread(self.outcomes["donor cells"])
        words = ", ".join(f"{name} {width:.2f}" for name, width in widths.items())
        return [
            Check("standard deviation of the logarithm when one thing varies, dosed by donor cells", f"{words}; all {whole:.2f}", "told", True),
            between("sum of squares of the parts over that of the whole, near one for a nearly linear chain", sum(w**2 for w in widths.values()) / max(whole**2, SAME), 0.5, 2),
        ]  # fmt: skip

    def _passages(self, cv: dict[str, float]) -> list[Check]:
        """The same batches of an older donor."""
        older = self._outcome(batches(NUMBER, cv, "donor cells", LATER))
        ratio = float(np.median(older / self.outcomes["donor cells"]))
        inside = float(np.mean(older > np.min(self.outcomes["donor cells"])))
        return [
            Check(f"outcome after {LATER:g} more passages over before, the same batches (folds assumed)", ratio, "told, not judged", True),
            Check("batches of the older donor that lie within the range of the younger, share", inside, "told: one batch does not show the passage", True),
        ]


def spread(values: Array) -> float:
    """Standard deviation of the natural logarithm."""
    return float(np.std(np.log(values), ddof=1))


def _doubt(found: dict[str, Array]) -> list[Check]:
    """How little is known of the coefficients themselves."""
    words = ", ".join(f"{name} {np.quantile(found[name][1:], 0.05):.2g} to {np.quantile(found[name][1:], 0.95):.2g}" for name in VARIES)
    return [Check("coefficients of variation between batches, 5 to 95 %, none of them measured here", words, "told: assumed", True)]
