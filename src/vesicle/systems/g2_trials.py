"""G2: trials as records that say what was read, and when it was true."""

from __future__ import annotations

from vesicle.evidence.claim import Claim, names
from vesicle.evidence.library import Library
from vesicle.evidence.trials import NOT_CHECKED, Trial, find, trials
from vesicle.systems.base import Check, Experiment, above, between

SYSTEM = "G2"
NAMED = ("NCT01294072", "NCT03608631", "Dai2008", "NCT01159288")
COUNT_CLAIM = "C-0789"


class Trials(Experiment):
    """The table asked by payload and by disease, against what the claims say of the same trials."""

    system = SYSTEM
    asks = "Can trials be asked for by payload or disease, with phase, status and the date at which that was true, and does the table agree with what the reviews print?"
    takes_away = "the dates: a status without the day at which it was true"
    used = ("C-0049", "C-0790", "C-0793")
    predicts = ("C-0795",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Named trials, dates, questions, agreement, and what nobody looked up."""
        known = trials()
        dated = [t for t in known if not knocked_out and t.as_of != NOT_CHECKED and f"as of {t.as_of}" in t.as_dict()["status"]]
        undated = [t.id for t in known if t.as_of == NOT_CHECKED]
        by_id = {t.id: t for t in known}
        return [
            Check("trials that the reviews name and the table lacks", ", ".join(name for name in NAMED if name not in by_id) or "none", "none", not set(NAMED) - set(by_id)),
            above("trials whose status is shown with a date", len(dated), len(known) - len(undated) - 0.5),
            Check("trials of which no date is known", ", ".join(undated) or "none", "told, not judged", True),
            Check("found by payload 'KRAS'", _ids(find(payload="KRAS")), "NCT03608631", _ids(find(payload="KRAS")) == "NCT03608631"),
            Check("found by disease 'colorectal'", _ids(find(disease="colorectal")), "Dai2008", _ids(find(disease="colorectal")) == "Dai2008"),
            *_agreement(library, by_id),
            *_missing(library, known),
        ]


def _agreement(library: Library, by_id: dict[str, Trial]) -> list[Check]:
    """What a claim prints of a trial against what was read of it."""
    curcumin, claim = by_id["NCT01294072"], library.by_id["C-0795"]
    assert isinstance(claim, Claim)
    start = curcumin.started
    return [
        Check(f"start of NCT01294072 by C-0795 ({claim.effect_size})", start, "2011", start.startswith("2011") and start in claim.effect_size),
        Check("donor of NCT01294072, which the review counts among MSC exosomes", curcumin.donor, "not MSC by the registry", "mesenchymal" not in curcumin.donor),
        between(
            "claims of the system that name a trial and are linked from its record, share",
            _linked(library, by_id.values()), 1, 1,
        ),
    ]  # fmt: skip


def _linked(library: Library, known: object) -> float:
    """Share of the claims with a trial number or a trial's report that the table links."""
    linked = {claim for t in known for claim in t.claims}  # type: ignore[attr-defined]
    numbers = [t.registry for t in trials()]
    naming = [c.id for c in library.claims if SYSTEM in names(c.system) and any(number in c.as_written or number in c.quote for number in numbers)]
    return sum(c in linked for c in naming) / len(naming)


def _missing(library: Library, known: tuple[Trial, ...]) -> list[Check]:
    """What stands open: counts of a registry that nobody can redo, outcomes that nobody read."""
    claim = library.by_id[COUNT_CLAIM]
    assert isinstance(claim, Claim)
    open_ = [t.id for t in known if not t.is_told]
    msc = [t for t in known if "mesenchymal" in t.donor]
    return [
        Check(f"trials of MSC vesicles in the table; {COUNT_CLAIM} counts {claim.effect_size} without a citation that shows it ({claim.mismatch_kind})", float(len(msc)),
              "told: the count is not confirmed", True),
        Check("trials without an outcome that was read", ", ".join(open_), "told, not judged", True),
    ]  # fmt: skip


def _ids(found: list[Trial]) -> str:
    return ", ".join(t.id for t in found)
