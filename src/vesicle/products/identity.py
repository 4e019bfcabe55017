"""What a single vesicle or a preparation is: its class by size, origin and markers, and the donor that its markers point to.

Bayes' rule over classes k with equal prior chance, from what is known and nothing else:

    P(k | seen) ~ P(diameter | k) P(origin | k) prod_m P(marker m present or absent | k)

The chance of a diameter is the mean over the printed ranges of a class (each source keeps its own), with a share e of vesicles outside all
of them; an origin that claims give for the class has 1 - e, another one e; a marker is found with the recorded chance on the kind that
claims name it for, and with another on the rest. Which marker belongs to what comes from claims on identity (system B1); the chances are records. Where the printed sizes of
classes overlap, size alone decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vesicle.errors import unknown_name
from vesicle.evidence.claim import names
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.evidence.measurement import Measurement

CLASSES = ("exosome", "ectosome", "apoptotic_body")
ORIGINS = {"endosome": "exosome", "plasma membrane": "ectosome", "dying cell": "apoptotic_body"}
ORIGIN_CLAIMS = {"endosome": ("C-0158", "C-0407"), "plasma membrane": ("C-0406",), "dying cell": ("C-0125",)}
DISPUTED_ORIGIN = "C-0004"
DONORS = {"mesenchymal stem cell": "mesenchymal stem cell", "mature dendritic cell": "dendritic cell"}
OTHER = "other donor"
IDENTITY = "B1"
LARGEST, SMALLEST = 5000.0, 20.0  # nm: what instruments for vesicles see, for the share outside every printed range
SURE = 0.9
UNDETERMINED, OVERLAP = "undetermined", "size overlaps"


@dataclass(frozen=True)
class Classification:
    """The outcome.

    Attributes
    ----------
    chances : class or donor -> chance; they sum to one.
    call : the likeliest, or ``undetermined`` when none reaches 0.9.
    warnings : overlaps, contradictions, disputes.
    sources : records and claims that it rests on.
    """

    chances: Mapping[str, float]
    call: str
    warnings: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """The chance of the likeliest."""
        return max(self.chances.values())


def classify(library: Library, diameter: float | None = None, origin: str = "", markers: Mapping[str, bool] | None = None) -> Classification:
    """The class of a vesicle.

    Parameters
    ----------
    diameter : in nm, if measured.
    origin : ``endosome``, ``plasma membrane`` or ``dying cell``, if known.
    markers : name -> whether it was found; markers that were not looked for are left out.

    Raises
    ------
    UnknownName
        For an origin that is none.
    """
    if origin and origin not in ORIGINS:
        raise unknown_name("origin", origin, ORIGINS)
    error = match(library, "classification_error", {}).records[0].value
    weights, warnings, sources = dict.fromkeys(CLASSES, 1.0), [], []
    if diameter is not None:
        for name in CLASSES:
            weights[name] *= _size(library, name, diameter, error)
        holding = [name for name in CLASSES if any(_holds(m, diameter) for m in sizes(library, name))]
        sources += [m.id for name in CLASSES for m in sizes(library, name)]
        if len(holding) > 1:
            warnings.append(f"{OVERLAP}: {diameter:g} nm lies within the printed sizes of {', '.join(holding)}")
        outside = [f"{m.id} ({m.low:g}-{m.high:g} nm)" for m in sizes(library, "exosome") if not _holds(m, diameter)]
        if 0 < len(outside) < len(sizes(library, "exosome")):
            warnings.append(f"sources disagree on exosomes: {diameter:g} nm is outside {', '.join(outside)}")
    if origin:
        for name in CLASSES:
            weights[name] *= 1 - error if ORIGINS[origin] == name else error
        sources += ORIGIN_CLAIMS[origin]
        if origin == "plasma membrane":
            warnings.append(f"{DISPUTED_ORIGIN} says that exosomes too come from the plasma membrane; the endosomal origin is used")
    general = exosome_markers(library)
    for name, found in (markers or {}).items():
        if name in general:
            sources += general[name]
            for kind in CLASSES:
                weights[kind] *= _found(library, found, named=kind == "exosome")
    missing = [name for name, found in (markers or {}).items() if name in general and not found]
    if missing and any(found for name, found in (markers or {}).items() if name in general):
        warnings.append(f"contradictory markers: {', '.join(missing)} of exosomes were looked for and not found beside others that were")
    outcome = _called(weights, warnings, sources)
    by_size_alone = diameter is not None and not origin and not general.keys() & (markers or {}).keys()
    return replace(outcome, call=UNDETERMINED) if by_size_alone and any(w.startswith(OVERLAP) for w in warnings) else outcome


def donor_of(library: Library, markers: Mapping[str, bool]) -> Classification:
    """The donor that the markers of a preparation point to; markers of exosomes in general say nothing about it."""
    general = exosome_markers(library)
    kinds = {kind: donor_markers(library, cell) for kind, cell in DONORS.items()}
    weights, warnings, sources = dict.fromkeys((*DONORS, OTHER), 1.0), [], []
    for name, found in markers.items():
        owners = [kind for kind, known in kinds.items() if name in known and name not in general]
        for kind in weights:
            if owners:
                weights[kind] *= _found(library, found, named=kind in owners)
        sources += [claim for kind in owners for claim in kinds[kind][name]]
    for kind, known in kinds.items():
        lost = [name for name, found in markers.items() if name in known and name not in general and not found]
        seen = [name for name, found in markers.items() if name in known and name not in general and found]
        if lost and seen:
            warnings.append(f"{kind}: {', '.join(seen)} found but {', '.join(lost)} missing")
    return _called(weights, warnings, sources)


def sizes(library: Library, name: str) -> list[Measurement]:
    """The printed ranges of a class, one per source."""
    return [m for m in library.of("vesicle_class_diameter") if m.product == name]


def exosome_markers(library: Library) -> dict[str, list[str]]:
    """Marker -> claims that name it for exosomes in general."""
    return _markers(library, "")


def donor_markers(library: Library, cell: str) -> dict[str, list[str]]:
    """Marker -> claims that name it for vesicles of a donor."""
    return _markers(library, cell)


def _markers(library: Library, cell: str) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for claim in library.claims:
        if IDENTITY in names(claim.system) and (claim.donor.startswith(cell) if cell else not claim.donor):
            for name in names(claim.cargo):
                out.setdefault(name, []).append(claim.id)
    return out


def _holds(record: Measurement, diameter: float) -> bool:
    return record.low is not None and record.high is not None and record.low <= diameter <= record.high


def _size(library: Library, name: str, diameter: float, error: float) -> float:
    """Density of a diameter in a class [1/nm]."""
    ranges = [(m.low or 0.0, m.high or LARGEST) for m in sizes(library, name)]
    inside = sum((low <= diameter <= high) / (high - low) for low, high in ranges) / len(ranges)
    return (1 - error) * inside + error / (LARGEST - SMALLEST)


def _found(library: Library, found: bool, named: bool) -> float:
    chance = match(library, "marker_presence", {"label": "named" if named else "other"}).records[0].value
    return chance if found else 1 - chance


def _called(weights: Mapping[str, float], warnings: list[str], sources: list[str]) -> Classification:
    total = math.fsum(weights.values())
    chances = {name: weight / total for name, weight in weights.items()}
    best = max(chances, key=lambda name: chances[name])
    call = best if chances[best] >= SURE else UNDETERMINED
    return Classification(chances, call, tuple(warnings), tuple(dict.fromkeys(sources)))
