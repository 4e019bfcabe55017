"""What the page says where donor cells are cultured instead of vesicles given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from vesicle.report import curves, words
from vesicle.runs.execute import Outcome, control_of

KIND = "culture"
PER_CELL = {True: "per donor cell at that time", False: "per recipient cell at the start of treatment"}
DECIDED = {True: "the change of the readout", False: "the guides held in AGO"}
Data = Mapping[str, Any]


def is_culture(outcome: Outcome) -> bool:
    """Whether the run is of donor cells."""
    return outcome.scenario.environment.kind == KIND


def headline(outcome: Outcome, summary: Data) -> list[dict[str, Any]]:
    """Three numbers: the readout in the arm of the question, in its control, and the change."""
    asked = summary["question"]
    name, arm = asked["readout"], asked["arm"]
    unit = next((o.unit for o in outcome.models[arm].network.observables if o.id == name), "")
    told = [
        (f"{curves.observable_words(outcome, name)}: {curves.label_of(outcome, who)}", summary["arms"][who]["readouts"].get(name))
        for who in (arm, control_of(arm, outcome.scenario))
    ]
    found = [{"value": words.middle(values), "unit": words.unit(unit), "what": what, "interval": _ends(values)} for what, values in told]
    change = summary["verdict"]["change"]
    return [*found, {"value": words.middle(change, "change"), "unit": "at equal draw", "what": "change against the control", "interval": _ends(change, "change")}]


def _ends(found: Data | None, kind: str = "number") -> Markup:
    return Markup("5–95 %: {}").format(words.ends(found, kind)) if found else Markup("")


def panels(outcome: Outcome) -> list[curves.Panel]:
    """Bodies, fusions, release and what is in the medium, for the arm of the question."""
    ensemble = outcome.ensembles[outcome.scenario.question.arm]
    out = []
    for name, title in (
        ("release_rate", "released per cell and hour"),
        ("counted", "counted per cell"),
        ("taken_back", "taken up again per cell"),
        ("vesicles_in_bodies", "in bodies per cell"),
    ):
        bands = [curves.observed(ensemble, f"{name}:{p.id}", p.label.removeprefix("exosomes of the ")) for p in ensemble.model.network.particles if ensemble.has(f"{name}:{p.id}")]
        out.append(curves.Panel(title, tuple(bands or [curves.observed(ensemble, name, "all kinds")])))
    return out
