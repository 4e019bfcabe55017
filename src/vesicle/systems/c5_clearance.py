"""C5: exposure of carriers in one mouse, the printed order under its conditions, and the vesicles that blood holds of its own."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.model.blood_pool import BloodDonors
from vesicle.readouts.ensemble import rank_shares
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.blood_levels import follow_blood, levels, missing_orders, published
from vesicle.systems.body_runs import Stays, bodies, depleted, stays
from vesicle.systems.nominal import followed

CARRIERS, LABELS = "mouse-carriers", "mouse-biodistribution"
ORDER = ("exosome", "liposome", "naked_sirna")
CONDITIONS = {
    "as measured": ("exosome", "liposome"),
    "no opsonins on exosomes, as the reviews say": ("exosome_no_opsonins", "liposome"),
    "three times the opsonins on liposomes": ("exosome", "liposome_opsonised"),
    "no opsonins on exosomes, three times on liposomes": ("exosome_no_opsonins", "liposome_opsonised"),
    "exosomes without CD47": ("exosome_no_cd47", "liposome"),
    "liposomes with PEG": ("exosome", "peg_liposome"),
}
"""Condition -> the two arms that are compared in it."""
ENDOGENOUS = "half-life of unlabelled endogenous vesicles only (no lactadherin)"
LABEL_SOURCE = "D07"
MOST, ALWAYS = 0.5, 0.99
DEPLETION = 3.0
DOSES = ("protein_reporter", "high")
ENGINE = 0.01
"""The engine stops after a day, lets the tumour grow and fills phagocytes by 1e9 of 1e12; all three are below this share for exosomes."""
SETTLED = 0.001


class Clearance(Experiment):
    """Five carriers in one mouse, conditions changed one at a time; then blood without a dose, in man and mouse."""

    system = "C5"
    asks = "Does the printed order exosome, liposome, naked RNA hold, under which condition, and does the body's own level in blood follow from its cells?"
    takes_away = "phagocytes: macrophages are depleted in every arm, and blood eliminates nothing"
    used = ("C-0029", "C-0031", "C-0053")
    predicts = ("C-0026", "C-0028", "C-0773")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Exposure, order by condition, what moves it, saturation and depletion, then the level in blood."""
        models = bodies(library, CARRIERS, depleted(CARRIERS) if knocked_out else {})
        found = stays(models)
        run = followed(models["exosome"], 24.0, 24.0)
        engine = run.amount("exposure:all")[-1] / run.extent("given", "exosome")[-1]
        return [
            *_exposures(found),
            *_order(library, found),
            *_movers(found),
            between("exposure of exosomes by residence over that of the engine, one day", found.exposure("exosome")[0] / engine, 1 - ENGINE, 1 + ENGINE),
            *_dose_and_depletion(library, knocked_out),
            *_blood(library, knocked_out),
        ]


def _shown(values: np.ndarray) -> str:
    low, middle, high = np.quantile(values[1:], [0.05, 0.5, 0.95], method="inverted_cdf")
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def _exposures(found: Stays) -> list[Check]:
    """What every arm does, as intervals over draws: reported, whatever it is."""
    out = []
    for arm in found.arms:
        entered = found.arms[arm].entering("tumour_interstitium")
        out.append(_reported(f"{arm}: hours in blood per particle given, q50 (q05 to q95)", _shown(found.exposure(arm))))
        out.append(_reported(f"{arm}: entries into the tumour's interstitium per particle given", _shown(entered)))
    return out


def _reported(what: str, value: str | float) -> Check:
    return Check(what, value, "reported, whatever it is", True)


def held(found: Stays, exosome: str, liposome: str) -> float:
    """Share of draws in which exposure falls from exosome to liposome to naked RNA."""
    first, second, third = (found.exposure(arm)[1:] for arm in (exosome, liposome, "naked_sirna"))
    return float(np.mean((first > second) & (second > third)))


def _order(library: Library, found: Stays) -> list[Check]:
    out = [_verdict(name, held(found, *arms)) for name, arms in CONDITIONS.items()]
    without = stays(bodies(library.without(experiment=LABEL_SOURCE), CARRIERS, arms=ORDER))
    out.append(_verdict(ENDOGENOUS, held(without, "exosome", "liposome")))
    needed = found.exposure("liposome") / found.exposure("exosome")
    out.append(_reported("fold by which exosomes would have to stay longer to equal liposomes, q50 (q05 to q95)", _shown(needed)))
    columns = {name: values[1:] for arm in ORDER for name, values in found.arms[arm].parameters.items()}
    name, (share, correlation) = next(iter(rank_shares(columns, np.log10(needed[1:])).items()))
    out.append(_reported("what decides exosome against liposome", f"{name} ({share:.0%} of the spread, rank correlation {correlation:+.2f})"))
    naked = float(np.mean(found.exposure("exosome")[1:] > found.exposure("naked_sirna")[1:]))
    out.append(_reported("exosomes stay longer in blood than intact naked siRNA, share of draws", f"{naked:.2f}"))
    return out


def _verdict(condition: str, share: float) -> Check:
    call = "held" if share >= 0.8 else ("not held" if share <= 0.2 else "undecided")
    return _reported(f"order exosome > liposome > naked RNA by exposure, {condition}", f"{call}: in {share:.0%} of the draws")


def _movers(found: Stays) -> list[Check]:
    """Each condition moves exposure with its sign, in (nearly) every draw."""

    def share(larger: str, smaller: str) -> float:
        return float(np.mean(found.exposure(larger)[1:] > found.exposure(smaller)[1:]))

    pairs = {
        "PEG keeps liposomes in blood": ("peg_liposome", "liposome"),
        "PEG liposomes stay longer than naked siRNA": ("peg_liposome", "naked_sirna"),
        "CD47 keeps exosomes in blood": ("exosome", "exosome_no_cd47"),
        "CD47 on liposomes keeps them in blood": ("liposome_cd47", "liposome"),
        "opsonins take liposomes out": ("liposome", "liposome_opsonised"),
    }
    out = [above(f"{what}, share of draws", share(*arms), ALWAYS) for what, arms in pairs.items()]
    kept = found.exposure("exosome_subcutaneous")[0] / found.exposure("exosome")[0]
    out.append(below("exposure after injection under the skin over by vein", kept, 1))
    out.append(above("share of intravenous exosomes that phagocytes take up: the route of uptake that they are said to escape", found.phagocytosed("exosome")[0], MOST))
    out.append(below("the same without opsonins: less, not none", found.phagocytosed("exosome_no_opsonins")[0], found.phagocytosed("exosome")[0]))
    return out


def _dose_and_depletion(library: Library, knocked_out: bool) -> list[Check]:
    """Phagocytes fill up with the dose, and their loss is what prolongs exposure."""
    models = bodies(library, LABELS, depleted(LABELS) if knocked_out else {}, arms=(*DOSES, "macrophages_depleted"))
    low, high = (followed(models[arm], 24.0, 24.0).amount("exposure:all")[-1] for arm in DOSES)
    without = stays({arm: models[arm] for arm in ("protein_reporter", "macrophages_depleted")}, draws=1)
    ratio = without.exposure("macrophages_depleted")[0] / without.exposure("protein_reporter")[0]
    return [
        above("exposure per particle at 1e12 over 1e9", float(high / low) / 1e3, 1 + ENGINE),
        above("exposure without macrophages over with them", ratio, DEPLETION),
    ]


def _blood(library: Library, knocked_out: bool) -> list[Check]:
    """The level at rest in man and mouse, against what is published and never enters."""
    low, high = published(library)
    out = []
    for species in ("human", "mouse"):
        found = levels(library, BloodDonors(species))
        q05, q50, q95 = (found.quantile(q) for q in (0.05, 0.5, 0.95))
        out += [_reported(f"{species} plasma, vesicles per mL, {name}", value) for name, value in (("q05", q05), ("q50", q50), ("q95", q95))]
        out.append(_reported(f"{species} plasma, deciding parameter", found.deciding))
        out.append(_reported(f"{species} plasma, q50 against the middle of the reported human range, orders", float(np.log10(q50 / np.sqrt(low * high)))))
        if species == "human":
            out.append(above(f"human plasma, q95 against the lower end of the reported {low:.0e} to {high:.0e} per mL", q95, low))
            out.append(below("human plasma, q05 against the upper end", q05, high))
        else:
            missing = missing_orders(library, found)
            record = library.of("endogenous_ev_secretion_into_blood")[0]
            for name, q in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
                out.append(_reported(f"mouse, measured secretion into blood ({record.id}) over that of its cells, orders, {name}", float(np.quantile(missing, q))))
    run = follow_blood(library, BloodDonors("human", elimination=0.0 if knocked_out else 1.0), 96.0, 48.0)
    level = run.amount("plasma_level")
    out.append(between("human plasma, level after four days over that after two", float(level[2] / level[1]), 1 - SETTLED, 1 + SETTLED))
    half = match(library, "blood_half_life", {"species": "mouse", "product": "exosome"})
    out.append(_reported("half-lives behind it, records", ", ".join(f"{m.id} ({m.value:g} {m.unit}, {m.status})" for m in half.records)))
    return out
