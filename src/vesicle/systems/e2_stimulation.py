"""E2: an antigen on vesicles of dendritic cells and DNA of treated tumour cells, against what tumour vesicles suppress with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.immunity import MATURE_DENDRITIC, PURIFIED, TUMOUR, TUMOUR_WITH_DNA, Cargo, Culture
from vesicle.systems.base import Check, Experiment, below, told
from vesicle.systems.immune_panel import OPPOSITE, SHARED, Run, leaning, relative, says, sign_of, with_even_folds, without_sources, words

DRAWS, GAIN, NEGLIGIBLE = 40, 100.0, 0.01
COUNTED = 1.0
KINDS = ("t_cell", "dendritic_cell")
DENDRITIC, T_CELLS = "DC_maturation:dendritic_cell", "T_cell_activity:t_cell"
DNA, DONOR = "dsDNA", "dendritic cell"
IMMUNITY, PRESENTED = "C-0489", "C-0616"
TREATED = ("topotecan", "irradiation")


class Stimulation(Experiment):
    """Vesicles with DNA, of untreated, topotecan-treated and irradiated donors, with and without what suppresses; vesicles of mature and immature dendritic cells with a
    peptide that the T cells recognise, at the counted copies, and of tumours on the same cells.
    """

    system = "E2"
    asks = "Do vesicles of mature dendritic cells with an antigen stimulate the T cells that tumour vesicles suppress; does DNA, more after topotecan or irradiation, turn those?"
    takes_away = "the antigen and the DNA"
    used = ("C-0488", "C-0604", PRESENTED, "C-0618", "C-0619")
    predicts = (IMMUNITY,)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """DNA alone, by treatment of the donor; DNA with the surface; maturity of a dendritic donor. That treated donors pack more DNA, and immature ones show less, is put in."""
        self.library = library
        dna = {} if knocked_out else {DNA: TUMOUR_WITH_DNA[DNA]}
        surface = {name: cargo for name, cargo in TUMOUR_WITH_DNA.items() if name != DNA}
        plain, apart = self._change(dna), self._change(dna, library=without_sources(library, self.predicts))
        both, without = self._change({**surface, **dna}, state="topotecan"), self._change(surface)
        packed, even = (
            {name: relative(self._change(dna, state=name, library=one)[DENDRITIC], plain[DENDRITIC]) for name in TREATED} for one in (library, with_even_folds(library))
        )
        raised = sign_of(library, IMMUNITY, "other:antitumor_immunity")
        return [
            says("dendritic cells mature by DNA alone, a hundred times the counted delivery", apart[DENDRITIC], raised),
            says("T cells, by way of dendritic cells, under DNA alone, a hundred times the counted delivery", apart[T_CELLS], raised),
            says("DNA of donors under topotecan turns suppression into stimulation: T cells under DNA and the surface", both[T_CELLS], raised),
            told("T cells under the surface alone", words(without[T_CELLS])),
            told("dendritic cells under the surface alone, and what DNA gives back", f"{words(without[DENDRITIC])}; {words(relative(both[DENDRITIC], without[DENDRITIC]))}"),
            told("dendritic cells under DNA of treated donors, against untreated; the folds restate it", "; ".join(f"{name}: {words(one)}" for name, one in packed.items())),
            told("leanings of these that are left when every fold is 1 (0.1 to 10)", _left(packed, even)),
            *self._presentation(not knocked_out),
        ]

    def _change(self, cargo: dict[str, Cargo], state: str = "", donor: str = "malignant cell", library: Library | None = None) -> dict[str, np.ndarray]:
        run = self._run(Culture(kinds=KINDS, cargo=cargo, donor=donor, state=state, stimuli=("CD3",), imposed=False, gain=GAIN), library)
        return {name: run.change(name) for name in (DENDRITIC, T_CELLS)}

    def _run(self, culture: Culture, library: Library | None = None) -> Run:
        return SHARED.run(culture, library or self.library, DRAWS)

    def _resting(self, cargo: Mapping[str, Cargo], donor: str, specific: bool = True, library: Library | None = None, **other: Any) -> Run:
        """T cells that nothing but the vesicles drives, at the counted copies."""
        return self._run(Culture(**{"kinds": KINDS, "gain": COUNTED, **other}, cargo=cargo, donor=donor, stimuli=(), specific=specific, imposed=False), library)

    def _presentation(self, has_antigen: bool) -> list[Check]:
        """Vesicles of dendritic cells, mature and not, with the peptide and without, on T cells that recognise it; tumour vesicles on the same."""
        mature = self._resting(MATURE_DENDRITIC, DONOR, has_antigen)
        with_it, immature, forgotten, without, tumour, direct, way, more = (
            run.change(T_CELLS)
            for run in (
                mature, self._resting(MATURE_DENDRITIC, DONOR, has_antigen, state="immature"),
                self._resting(MATURE_DENDRITIC, DONOR, has_antigen, state="immature", library=with_even_folds(self.library)),
                self._resting(MATURE_DENDRITIC, DONOR, specific=False),
                self._resting(TUMOUR, "malignant cell"), self._resting(MATURE_DENDRITIC, DONOR, has_antigen, kinds=PURIFIED),
                self._resting(MATURE_DENDRITIC, DONOR, has_antigen, only_in=("dendritic_cell",)), self._resting(MATURE_DENDRITIC, DONOR, has_antigen, gain=GAIN),
            )
        )  # fmt: skip
        polyclonal = [self._run(Culture(kinds=KINDS, cargo=MATURE_DENDRITIC, donor=DONOR, stimuli=("CD3",), imposed=False, gain=gain)) for gain in (COUNTED, GAIN)]
        driven = "; ".join(f"{words(run.change(T_CELLS))} at {gain:g} times the counted delivery" for run, gain in zip(polyclonal, (COUNTED, GAIN), strict=True))
        ways = f"over dendritic cells alone {words(way)}; purified T cells, met by the vesicles themselves {words(direct)}"
        fall, raised = relative(immature, with_it), sign_of(self.library, PRESENTED, "T_cell_activity")
        return [
            says("specific T cells, 300 vesicles of mature dendritic cells per cell", with_it, raised),
            says("maturity of the donor turns the sign: specific T cells, 300 vesicles of immature dendritic cells per cell", immature, OPPOSITE[raised]),
            below("the same without the peptide: largest change of the draws", float(np.max(np.abs(without))), NEGLIGIBLE),
            told("what tumour vesicles do to the same T cells", words(tumour)),
            told("immature against mature donors (the folds restate it, class I has none); every fold 1 (0.1 to 10)", f"{words(fall)}; {words(relative(forgotten, with_it))}"),
            told("the way", f"{ways}; at a hundred times the delivery {words(more)}", "told, not judged; Thery2002: naive T cells need the dendritic cell"),
            told("signals by count in resting T cells", _signals(mature), "told, not judged: signal 1 is within reach of counted vesicles, signal 2 by CD86 is not"),
            told("the same in T cells under anti-CD3", _signals(polyclonal[0])),
            told("T cells under anti-CD3 that do not recognise the peptide", driven, "told, not judged: CD86 goes to CD28 and CTLA4; the sign is open"),
        ]


def _signals(run: Run) -> str:
    """Median engaged receptors, signal, and vesicles for half of it."""
    names = [name.split(":")[1] for name in run.treated if name.startswith("signal:") and name.endswith(":t_cell")]
    middle = {(what, name): float(np.median(run.treated[f"{what}:{name}:t_cell"])) for name in names for what in ("engaged", "signal", "half_held")}
    return "; ".join(
        f"{name}: {middle['engaged', name]:.2g} engaged, signal {middle['signal', name]:.2g}, half takes {middle['half_held', name]:.2g} vesicles per cell" for name in names
    )


def _left(known: Mapping[str, np.ndarray], even: Mapping[str, np.ndarray]) -> str:
    """How many leanings are the same with folds that know no direction."""
    signs = [(leaning(known[name]), leaning(even[name])) for name in known]
    return f"{sum(bool(one) and one == other for one, other in signs)} of {sum(bool(one) for one, _ in signs)}"
