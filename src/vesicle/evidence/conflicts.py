"""Where claims disagree: one question, comparable exosomes, opposite or zero signs.

A question is an outcome (a phenotype, target or pathway) asked of one class of donor cell.
Claims that name no donor answer no question, because nothing says that their exosomes are
comparable. Both sides are shown and nothing is averaged: for each covariate it is said whether
it separates the sides. A separation is an observation over few papers, not a cause; `decide`
names the experiment that would test it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from vesicle.evidence.audit import is_doubted, retracted_works
from vesicle.evidence.claim import Claim, identified
from vesicle.evidence.claim import names as listed
from vesicle.evidence.library import Library

SIGNS = ("+", "-", "0")
# One spelling for two; applied to every word that is compared.
SPELLINGS = {"tumour": "tumor", "leukaemia": "leukemia", "signalling": "signaling", "haem": "hem", "oedema": "edema", "polaris": "polariz", "immunis": "immuniz"}
# Outcome -> phenotypes that ask the same thing; those in ON_TUMOUR only where the recipient is a tumour.
TOPICS = {
    "tumour growth": ("tumor_growth", "tumor_progression", "disease_progression", "tumor_cell_growth"),
    "angiogenesis": ("angiogenesis",),
    "metastasis": ("metastasis",),
}
ON_TUMOUR = {"proliferation": "tumour growth", "growth": "tumour growth", "cell_growth": "tumour growth"}
# Phenotypes of single cells: what they mean depends on whose they are, so the recipient's class is part of the question.
OF_A_CELL = ("proliferation", "growth", "cell_growth", "apoptosis", "cell_cycle", "migration", "invasion")
# Words by which a review's sentence is about an outcome; every group must match. Others: the words of their name.
ABOUT = {"tumour growth": ("growth|proliferat|progress", "tumor|cancer|malignan|myeloma|leukemi"), "angiogenesis": ("angiogen|neovascular",)}
# Further words under which a user may ask for an outcome or a donor class.
ALSO_CALLED = {
    "tumour growth": "progression proliferation cancer",
    "angiogenesis": "angiogenic vessel",
    "mesenchymal stem cell": "MSC BMSC stromal",
    "tumour cell": "cancer",
}
SKIPPED_WORDS = frozenset(["a", "an", "and", "by", "exosome", "exosomes", "ev", "evs", "in", "of", "on", "or", "the", "to"])
# Class of a cell by the first row with a matching word; anything else is comparable with its own name only.
CELL_CLASSES = (
    ("mesenchymal stem cell", r"mesenchymal|bone marrow stromal|\b[a-z]*msc\b"),
    ("fibroblast", r"fibroblast"),
    ("liver stem cell", r"liver stem"),
    ("embryonic stem cell", r"embryonic stem"),
    ("tumour cell", r"tumor|cancer|carcinoma|leukemi|lymphoma|myeloma|glioma|glioblastoma|sarcoma|hepatoma|malignan|melanoma|\b(cml|aml|all|cll) |blast\b"),
    ("tumour cell", r"\b(lama-?84|k-?562|nb4|hela|hepg2|a2780|sk-?ov-?3|mcf-?7|mda-mb-\d+|bt-?474|a549|u87)\b"),
    ("endothelial cell", r"endotheli|huvec"),
    ("immune cell", r"\b[tb][- ]cell|t-helper|dendritic|macrophage|monocyte|natural killer|\bnk\b|mast cell|mononuclear|lymphocyte|neutrophil|myeloid"),
)
TUMOUR_STATES = ("tumour", "drug_resistant")
TISSUES = ("bone marrow", "adipose", "umbilical cord", "cord blood", "embryonic", "placenta", "liver", "menstrual", "dental", "skin")
# Names that do not tell one thing from another; a claim with only these is unknown in that covariate.
GENERAL = re.compile(
    r"((human|murine) )?(cancer|tumor|malignant|stem|mesenchymal stem|recipient|target|donor|healthy)?( cells?( lines?)?| tissue)?|neoplasm|tumor xenograft( cell)?"
    r"|(.* )?(mi|si|m|t)?rnas?( \(.*\))?|proteins?|lipids?|dna|small molecules?|drugs?|several|various",
    re.IGNORECASE,
)
# A review says that results disagree; and gives a reason. Read in the quote and in our sentence, the second also in the note.
DISAGREES = re.compile(r"conflicting|contradictory|disput|disagree|debat|controvers|inconsisten|promotion or inhibition|both to enhance|views conflict|opposing", re.IGNORECASE)
REASONS = re.compile(
    r"\b(may|might|could) (be|have been) due to|may (\w+ )*explain|reasons? (given|offered)|(largely|mostly|likely|probably) depend|\bdepend(s|ing|ent) (mostly |largely )?on",
    re.IGNORECASE,
)
VERDICTS = ("fully", "partly", "not", "unknown")
# Names whose change changes the other as well, so that an experiment cannot hold one of them still.
TIED = {"recipient": "disease", "disease": "recipient"}
# Words of a topic up to this length must be a word of the question, not its beginning.
SHORT_WORD = 2


@dataclass(frozen=True)
class Side:
    """The claims with one sign. ``locators`` go with ``claims``; the other fields list each name once.

    ``disputed`` are the claims that the audit would list, because their citation or wording does
    not hold or rests on a retracted work: they are shown, and marked.
    """

    sign: str
    claims: tuple[str, ...]
    locators: tuple[str, ...]
    donors: tuple[str, ...]
    cargos: tuple[str, ...]
    recipients: tuple[str, ...]
    diseases: tuple[str, ...]
    references: tuple[str, ...]
    laboratories: tuple[str, ...]
    disputed: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """Whether a covariate separates the sides.

    Attributes
    ----------
    verdict : ``fully`` (no value stands on two sides, every side has one), ``partly``,
        ``not`` (every value stands on two sides) or ``unknown`` (fewer than two sides have one).
    values : sign -> value -> number of claims.
    known, separated : share of the claims with a value; with values of their own side only.
    repeated : values that two or more references give; without any, each paper has its own
        value and even a full separation shows nothing yet.
    """

    covariate: str
    verdict: str
    values: dict[str, dict[str, int]]
    known: float
    separated: float
    repeated: int


@dataclass(frozen=True)
class Remark:
    """What a review itself says about the disagreement."""

    claim: str
    source: str
    locator: str
    text: str
    note: str


@dataclass(frozen=True)
class Conflict:
    """One question with its sides, the covariates that split them (best first), and what would decide it.

    ``stated`` are the reviews' own statements that results disagree, ``explanation`` the reasons they give.
    """

    question: str
    outcome: str
    donor_class: str
    sides: dict[str, Side]
    splits: tuple[Split, ...]
    stated: tuple[Remark, ...]
    explanation: tuple[Remark, ...]
    decide: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain


def conflicts(library: Library, topic: str = "") -> list[Conflict]:
    """Every question that comparable exosomes answer with different signs.

    Parameters
    ----------
    topic : words that outcome and donor class must contain, in either spelling, such as
        ``tumour growth`` or ``MSC exosomes and angiogenesis``; empty for all.

    Returns
    -------
    The conflicts with most claims on their second largest side first.
    """
    names = _Names(library)
    found = [_conflict(names, question, sides) for question, sides in _questions(library).items() if len(sides) > 1 and _is_asked(question, topic)]
    return sorted(found, key=lambda c: (-sorted((len(s.claims) for s in c.sides.values()), reverse=True)[1], c.question))


Question = tuple[str, str]  # (outcome, donor class)
Answers = dict[str, tuple[Claim, ...]]  # sign -> claims


def _questions(library: Library) -> dict[Question, Answers]:
    """(outcome, donor class) -> sign -> claims."""
    found: dict[Question, dict[str, list[Claim]]] = {}
    for claim in library.claims:
        for outcome, sign in sorted(_outcomes(claim)):
            for donor in donor_classes(claim):
                found.setdefault((outcome, donor), {}).setdefault(sign, []).append(claim)
    return {question: {sign: tuple(sides[sign]) for sign in SIGNS if sign in sides} for question, sides in found.items()}


def _outcomes(claim: Claim) -> set[tuple[str, str]]:
    """(outcome, sign) of everything that a claim says is raised, lowered or unchanged."""
    phenotypes = {(_phenotype(claim, name.removeprefix("other:")), sign) for name, sign in claim.signed("phenotypes").items()}
    targets = {(f"target {name.removeprefix('other:')}", sign) for name, sign in claim.signed("targets").items()}
    return phenotypes | targets | {(f"pathway {name.removeprefix('other:')}", sign) for name, sign in claim.signed("pathways").items()}


def _phenotype(claim: Claim, name: str) -> str:
    """The outcome that a phenotype of a claim is about."""
    for topic, members in TOPICS.items():
        if name in members:
            return topic
    if name not in OF_A_CELL:
        return name
    recipient = _recipient_class(claim)
    if recipient == "tumour cell" and name in ON_TUMOUR:
        return ON_TUMOUR[name]
    return f"{name} of {recipient}"


def _recipient_class(claim: Claim) -> str:
    """Class of the recipient; an unclassed one in a claim about a disease is taken for its tumour."""
    classed = cell_class(listed(claim.recipient)[0]) if claim.recipient else ""
    if classed in {name for name, _ in CELL_CLASSES}:
        return classed
    return "tumour cell" if claim.disease else classed or "unnamed cell"


def donor_classes(claim: Claim) -> tuple[str, ...]:
    """Classes of the donors of a claim; none where no donor is named."""
    classes = {cell_class(part) for part in listed(claim.donor)}
    known = {name for name, _ in CELL_CLASSES}
    if claim.donor_state in TUMOUR_STATES and not classes & known:
        return ("tumour cell",) if classes else ()
    return tuple(sorted(classes))


def cell_class(name: str) -> str:
    """Class of a cell by its name, or the name itself."""
    text = _spelled(identified(name)[0])
    return next((word for word, pattern in CELL_CLASSES if re.search(pattern, text)), identified(name)[0])


def _spelled(text: str) -> str:
    """Lower case in one spelling."""
    text = text.casefold()
    for british, american in SPELLINGS.items():
        text = text.replace(british, american)
    return text


def _is_asked(question: Question, topic: str) -> bool:
    """Whether every word of the topic begins a word of the question; one or two letters must be the word."""
    asked = [word for word in re.findall(r"[\w-]+", _spelled(topic)) if word not in SKIPPED_WORDS]
    outcome, donor = question
    words = set(re.findall(r"[^\W_]+", _spelled(" ".join((*question, ALSO_CALLED.get(outcome, ""), ALSO_CALLED.get(donor, ""))))))
    parts = [part for word in asked for part in re.findall(r"[^\W_]+", word)]
    return all(part in words or (len(part) > SHORT_WORD and any(word.startswith(part) for word in words)) for part in parts)


class _Names:
    """Reads covariates and remarks of the claims of one library; two names with one identifier are one value."""

    def __init__(self, library: Library) -> None:
        self.laboratories = {r.key: r.laboratory for r in library.references if r.laboratory not in ("", "not_checked")}
        self.retracted = retracted_works(library)
        self.disagreements = [c for c in library.claims if DISAGREES.search(f"{c.quote} {c.as_written}")]
        self.reasons = [c for c in library.claims if REASONS.search(f"{c.quote} {c.as_written} {c.note}")]
        self.preferred: dict[str, str] = {}
        for claim in library.claims:
            for part in (p for field in (claim.donor, claim.recipient, claim.disease) for p in listed(field)):
                name, identifier = identified(part)
                if identifier:
                    self.preferred.setdefault(identifier, name)

    def all(self, field: str) -> list[str]:
        """Names in a field, without identifiers."""
        parts = [identified(part) for part in listed(field)]
        return [self.preferred[identifier] if identifier else name for name, identifier in parts]

    def telling(self, field: str) -> frozenset[str]:
        """Names in a field that tell one thing from another."""
        return frozenset(name for name in self.all(field) if not GENERAL.fullmatch(_spelled(name)))

    def laboratory(self, claim: Claim) -> frozenset[str]:
        """Laboratories of the cited works."""
        return frozenset(self.laboratories[key] for key in claim.references if key in self.laboratories)

    def is_disputed(self, claim: Claim) -> bool:
        """Whether citation or wording does not hold."""
        return is_doubted(claim, self.retracted)


def _tissue(names: _Names, claim: Claim) -> frozenset[str]:
    """Tissue of the donor where its name says one, else the name of the cell, unless that is general."""
    found = (next((tissue for tissue in TISSUES if tissue in name.casefold()), name) for name in names.telling(claim.donor))
    return frozenset(found)


def _cargo(names: _Names, claim: Claim) -> frozenset[str]:
    """Cargo names without species and arm, which the reviews often leave out."""
    return frozenset(re.sub(r"^hsa-|-[35]p$", "", name) for name in names.telling(claim.cargo))


def _word(text: str, unless: str = "") -> frozenset[str]:
    return frozenset({text} if text and text != unless else ())


Covariate = Callable[[_Names, Claim], frozenset[str]]
# In the order in which ties are broken; the laboratory comes last, for it explains nothing by itself.
COVARIATES: dict[str, Covariate] = {
    "donor tissue": _tissue,
    "donor state": lambda names, claim: _word(claim.donor_state),
    "cargo": _cargo,
    "disease": lambda names, claim: names.telling(claim.disease),
    "recipient": lambda names, claim: names.telling(claim.recipient),
    "setting": lambda names, claim: _word(claim.setting, unless="review_statement"),
    "laboratory": lambda names, claim: names.laboratory(claim),
}


def _conflict(names: _Names, question: Question, answers: Answers) -> Conflict:
    outcome, donor = question
    splits = tuple(sorted((_split_by(names, covariate, answers) for covariate in COVARIATES), key=_rank))
    stated, explanation = _remarks(names, question)
    label = outcome.replace("_", " ")
    return Conflict(
        question=f"{donor} exosomes and {label}",
        outcome=outcome,
        donor_class=donor,
        sides={sign: _side(names, sign, claims) for sign, claims in answers.items()},
        splits=splits,
        stated=stated,
        explanation=explanation,
        decide=_decide(names, donor, label, splits, answers),
    )


def _rank(split: Split) -> tuple[int, bool, float, int]:
    """Best separation first, the laboratory after the covariates that biology knows."""
    return VERDICTS.index(split.verdict), split.covariate == "laboratory", -split.separated, list(COVARIATES).index(split.covariate)


def _side(names: _Names, sign: str, claims: tuple[Claim, ...]) -> Side:
    def listed(field: Callable[[Claim], Iterable[str]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for claim in claims for name in field(claim)))

    return Side(
        sign=sign,
        claims=tuple(c.id for c in claims),
        locators=tuple(f"{c.source}: {c.locator}" for c in claims),
        donors=listed(lambda c: names.all(c.donor)),
        cargos=listed(lambda c: names.all(c.cargo)),
        recipients=listed(lambda c: names.all(c.recipient)),
        diseases=listed(lambda c: names.all(c.disease)),
        references=listed(lambda c: c.references),
        laboratories=listed(lambda c: sorted(names.laboratory(c))),
        disputed=tuple(c.id for c in claims if names.is_disputed(c)),
    )


def _split_by(names: _Names, covariate: str, answers: Answers) -> Split:
    """How one covariate lies over the sides."""
    read = COVARIATES[covariate]
    known = [(sign, claim, values) for sign, claims in answers.items() for claim in claims if (values := read(names, claim))]
    counts = {sign: Counter(v for s, _, values in known if s == sign for v in sorted(values)) for sign in answers}
    held_by = Counter(value for counter in counts.values() for value in counter)
    given = {(value, claim.reference or claim.id) for _, claim, values in known for value in values}
    total = sum(map(len, answers.values()))
    return Split(
        covariate=covariate,
        verdict=_verdict(counts, held_by),
        values={sign: dict(counter.most_common()) for sign, counter in counts.items()},
        known=round(len(known) / total, 3),
        separated=round(sum(all(held_by[v] == 1 for v in values) for _, _, values in known) / total, 3),
        repeated=sum(number > 1 for number in Counter(value for value, _ in given).values()),
    )


def _verdict(counts: Mapping[str, Counter[str]], held_by: Counter[str]) -> str:
    sides = [counter for counter in counts.values() if counter]
    if len(sides) < 2:
        return "unknown"
    shared = sum(number > 1 for number in held_by.values())
    if shared == len(held_by):
        return "not"
    return "fully" if not shared and len(sides) == len(counts) else "partly"


def _remarks(names: _Names, question: Question) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """Where the reviews state the disagreement, and the reasons they give there or elsewhere for this outcome.

    A claim that answers the question with a sign belongs to a side; it is no explanation.
    """
    outcome, donor = question
    stated = [c for c in names.disagreements if _is_comparable(c, donor) and _is_about(c, outcome)]
    places = {_paragraph(c) for c in stated}
    reasons = [c for c in names.reasons if _is_comparable(c, donor) and (_is_about(c, outcome) or _paragraph(c) in places)]
    return _remark(stated), _remark(c for c in reasons if outcome not in dict(_outcomes(c)))


def _is_comparable(claim: Claim, donor: str) -> bool:
    return not claim.donor or donor in donor_classes(claim)


def _remark(claims: Iterable[Claim]) -> tuple[Remark, ...]:
    return tuple(Remark(c.id, c.source, c.locator, c.as_written, c.note) for c in claims)


def _paragraph(claim: Claim) -> tuple[str, str]:
    return claim.source, claim.locator.replace("(continued)", "").strip().casefold()


def _is_about(claim: Claim, outcome: str) -> bool:
    """Whether the sentence names the outcome."""
    text = _spelled(f"{claim.quote} {claim.as_written}")
    bare = re.sub(r"^(target|pathway) ", "", outcome)
    groups = ABOUT.get(outcome) or tuple(rf"\b{re.escape(_spelled(word))}" for word in re.split(r"[_ ]", bare) if word not in ("", "of", "cell"))
    return all(re.search(group, text) for group in groups)


def _decide(names: _Names, donor: str, outcome: str, splits: tuple[Split, ...], answers: Answers) -> str:
    """The experiment in which only the best separating covariate differs."""
    separating = [split for split in splits if split.verdict in ("fully", "partly")]
    if not separating:
        repeat = "repeat one experiment of each side together in one laboratory"
        return f"Nothing recorded separates the sides: {repeat}, with {donor} exosomes of stated donor, cargo, dose and recipient, and read {outcome}."
    best, *rest = [split.covariate for split in separating]
    fixed = [covariate for covariate in rest if covariate != TIED.get(best)]
    held = f"with {_listed(fixed)} held the same" if fixed else "with all else the same"
    tied = f" (the {TIED[best]} changes with it)" if TIED.get(best) in rest else ""
    return f"Give {donor} exosomes that differ in {best} only{tied}, {_arms(names, best, fixed, answers)}, {held}, and read {outcome}."


def _arms(names: _Names, best: str, fixed: list[str], answers: Answers) -> str:
    """Two claims of opposite sides that differ in one covariate and agree in most others, as arms of an experiment."""
    read = COVARIATES[best]
    valued = {sign: [c for c in claims if read(names, c)] for sign, claims in answers.items()}
    first, second = [sign for sign in answers if valued[sign]][:2]
    one, other = max(((a, b) for a in valued[first] for b in valued[second]), key=lambda pair: _closeness(names, read, fixed, *pair))
    return f"{_own(read(names, one), read(names, other))} ({one.id}, {first}) against {_own(read(names, other), read(names, one))} ({other.id}, {second})"


def _closeness(names: _Names, read: Covariate, fixed: list[str], one: Claim, other: Claim) -> tuple[bool, int, int]:
    """How well two claims would compare: they differ in the covariate, hold what they say, and share the others."""
    differs = not read(names, one) & read(names, other)
    sound = -names.is_disputed(one) - names.is_disputed(other)
    values = [(COVARIATES[covariate](names, one), COVARIATES[covariate](names, other)) for covariate in fixed]
    return differs, sound, sum(bool(a & b) - bool(a and b and not a & b) for a, b in values)


def _own(values: frozenset[str], others: frozenset[str]) -> str:
    """The values of one arm, without those that both have."""
    return _listed(sorted(values - others or values))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
