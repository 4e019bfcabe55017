"""Reading a scenario file strictly: every problem is one sentence with its place and the nearest valid word.

Nothing is coerced: unknown keys, units and names are errors, and so is a number without its unit.
Changes given with ``--set path=value`` are applied before the check, and errors in them name them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from vesicle import reading, units
from vesicle.errors import InputError, SchemaError, UnitError, UnknownName, nearest, unknown_name
from vesicle.evidence import genes
from vesicle.model.cargo import EVIDENCE
from vesicle.model.drugs import check_drugs
from vesicle.model.scenario import Body, Culture, DoseSpec, Scenario, Well
from vesicle.products.composition import GUIDES

SHIPPED = Path(__file__).parent.parent / "scenarios"
MAX_DOSES = 1000
FEWEST_LAYERS = 5
BODY_ROUTES = ("intravenous", "intraperitoneal", "subcutaneous", "intratumoural", "oral")
ENVIRONMENTS: dict[str, type[BaseModel]] = {"body": Body, "well": Well, "culture": Culture}


def shipped_names() -> list[str]:
    """The scenarios that come with Vesicle."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def find(name: str) -> Path:
    """The file of a shipped scenario, or the path itself.

    Raises
    ------
    UnknownName
        With the nearest shipped name.
    """
    if name in shipped_names():
        return SHIPPED / f"{name}.yaml"
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return path
    raise unknown_name("scenario", name, shipped_names(), advice="`vesicle scenarios` lists them; a file must end in .yaml.")


def load(name: str, changes: Mapping[str, str] | None = None) -> Scenario:
    """Read a scenario, apply ``--set`` changes, and check every word of it.

    Raises
    ------
    InputError
        One located sentence.
    """
    tree = reading.yaml_tree(find(name))
    return parse(tree, changes or {})


def parse(tree: reading.Node, changes: Mapping[str, str]) -> Scenario:
    """A scenario from a located tree; see :func:`load`."""
    data = tree.plain()
    if not isinstance(data, dict):
        raise SchemaError(f"{tree.where}a scenario is a mapping of keys, like 'name: my-scenario'.")
    for path, value in changes.items():
        _set(data, path, value)
    places = Places(tree, changes)
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as problem:
        raise _located(problem, places) from None
    scenario._places = places
    _check_names(scenario)
    return scenario


def _set(data: dict[str, Any], path: str, value: str) -> None:
    """Put a value at a dotted path, making mappings on the way; lists are reached by position."""
    here: Any = data
    steps = path.split(".")
    for step in steps[:-1]:
        if isinstance(here, list):
            here = here[_position(step, here, path)]
        else:
            if here.get(step) is None:
                here[step] = {}
            here = here[step]
        if not isinstance(here, (dict, list)):
            raise SchemaError(f"--set {path}: '{step}' is a value, not a mapping; name a key of the scenario.")
    if isinstance(here, list):
        here[_position(steps[-1], here, path)] = value
    else:
        here[steps[-1]] = value


def _position(step: str, items: list[Any], path: str) -> int:
    if not step.isdigit() or int(step) >= len(items):
        raise SchemaError(f"--set {path}: '{step}' is no position in a list of {len(items)}; expected 0 to {len(items) - 1}.")
    return int(step)


@dataclass(frozen=True)
class Places:
    """Where every key of a scenario comes from: a line of the file, or a ``--set``."""

    tree: reading.Node
    changes: Mapping[str, str]

    def where(self, *path: str | int) -> str:
        """``file:line: `` or ``--set path: `` for the start of a message."""
        dotted = ".".join(str(step) for step in path)
        for changed in self.changes:
            if dotted == changed or dotted.startswith(changed + ".") or changed.startswith(dotted + "."):
                return f"--set {changed}: "
        parent = self.tree.at(path[:-1])
        if path and str(path[-1]) in parent.key_lines:
            return f"{parent.file}:{parent.key_lines[str(path[-1])]}: "
        return self.tree.at(path).where


def _located(problem: ValidationError, places: Places) -> InputError:
    """The most telling problem of a validation as one sentence with its place.

    An unknown key comes first: it is what a missing key was misspelt as.
    """
    errors = problem.errors()
    first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
    kind, message = first["type"], first["msg"].removeprefix("Value error, ")
    path = tuple(p for p in first["loc"] if p not in ENVIRONMENTS)
    if kind.startswith("union_tag"):
        path = (*path, "kind")
    dotted, where = ".".join(str(p) for p in path), places.where(*path)
    if kind == "extra_forbidden":
        return SchemaError(f"{where}unknown key '{path[-1]}'.{nearest(str(path[-1]), _keys_at(path[:-1], places.tree))}")
    if kind in ("missing", "union_tag_not_found"):
        return SchemaError(f"{where}the key '{dotted}' is missing; add it.")
    if kind in ("literal_error", "union_tag_invalid"):
        return _wrong_word(first, dotted, where)
    if kind in SHAPES:
        return SchemaError(f"{where}'{dotted}' is {_shown(first['input'])}; expected {SHAPES[kind](first['input'], _keys_at(path, places.tree))}.")
    error = first.get("ctx", {}).get("error")
    if isinstance(error, UnitError):
        return UnitError(f"{where}'{dotted}': {error}")
    return SchemaError(f"{where}'{dotted}': {message}.")


def _shown(given: Any) -> str:
    """What stands in the place of another shape."""
    if given is None:
        return "empty"
    return "a list" if isinstance(given, list) else "a table of keys" if isinstance(given, dict) else f"the word '{given}'"


def _a_list(given: Any, _: list[str]) -> str:
    return f"a list, e.g. [{given}]" if isinstance(given, str) and given else "a list, e.g. [a, b]; [] for none"


def _a_table(_: Any, keys: list[str]) -> str:
    return "a table of keys" + (f" such as {', '.join(keys[:6])}" if keys else "")


def _a_text(_: Any, __: list[str]) -> str:
    return "one text"


SHAPES: dict[str, Callable[[Any, list[str]], str]] = {
    "tuple_type": _a_list,
    "dict_type": _a_table,
    "mapping_type": _a_table,
    "model_type": _a_table,
    "model_attributes_type": _a_table,
    "string_type": _a_text,
}
"""Pydantic's word for a wrong shape -> what was expected, from what was given and the keys that may stand there."""


def _wrong_word(error: Any, dotted: str, where: str) -> InputError:
    context, given = error.get("ctx", {}), error.get("input")
    wanted = re.findall(r"'([^']*)'", str(context.get("expected", context.get("expected_tags", ""))))
    word = str(given.get("kind")) if isinstance(given, dict) else str(given)
    return SchemaError(f"{where}'{dotted}' is '{word}'.{nearest(word, wanted)}")


def _keys_at(path: tuple[Any, ...], tree: reading.Node) -> list[str]:
    """The valid keys of the model at a path."""
    model: Any = Scenario
    for step in path:
        fields = {f.alias or name: f for name, f in model.model_fields.items()} if isinstance(model, type) and issubclass(model, BaseModel) else {}
        model = _inner(fields[str(step)].annotation if str(step) in fields else model)
    if path == ("environment",):
        kind = tree.at(("environment", "kind")).text
        model = ENVIRONMENTS.get(kind or "", Body)
    return [f.alias or name for name, f in model.model_fields.items()] if isinstance(model, type) and issubclass(model, BaseModel) else []


def _inner(annotation: Any) -> Any:
    """The model inside Mapping[str, X], tuple[X, ...] or X | None."""
    import typing

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in reversed(typing.get_args(annotation)):
        found = _inner(argument)
        if isinstance(found, type) and issubclass(found, BaseModel):
            return found
    return annotation


def _check_names(scenario: Scenario) -> None:
    """Names that point inside the scenario must point at something."""

    def known(kind: str, word: str, names: Any, *path: str | int) -> None:
        if word not in names:
            raise unknown_name(kind, word, names, scenario.where(*path).removesuffix(": "))

    for name in ("products", "arms", "recipients"):
        for key in getattr(scenario, name):
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key):
                raise SchemaError(f"{scenario.where(name, key)}'{key}' is not a name; use letters, digits and _.")
    _check_environment(scenario)
    _check_targets(scenario)
    for name, arm in scenario.arms.items():
        if arm.recipient:
            known("recipient", arm.recipient, scenario.recipients, "arms", name, "recipient")
        for i, other in enumerate(arm.beside):
            known("recipient", other, scenario.recipients, "arms", name, "beside", i)
        _check_beside(scenario, name)
        if arm.control:
            known("arm", arm.control, scenario.arms, "arms", name, "control")
        for i, dose in enumerate(arm.doses):
            known("product", dose.product, scenario.products, "arms", name, "doses", i, "product")
            if dose.equal_cargo_to:
                known("product", dose.equal_cargo_to, scenario.products, "arms", name, "doses", i, "equal_cargo_to")
            _check_dose(dose, scenario, ("arms", name, "doses", i))
    check_drugs(scenario)
    for key in ("arm", "control"):
        known("arm", getattr(scenario.question, key), scenario.arms, "question", key)
        for i, report in enumerate(scenario.reports):
            known("arm", getattr(report, key), scenario.arms, "reports", i, key)
    if scenario.question.at > scenario.duration:
        place = scenario.where("question", "at")
        raise SchemaError(f"{place}the question asks at {scenario.question.at:g} h, after the end at {scenario.duration:g} h; ask earlier or run longer.")
    well = scenario.environment
    if isinstance(well, Well) and well.layers < FEWEST_LAYERS:
        place = scenario.where("environment", "layers")
        raise SchemaError(f"{place}{well.layers} layers, expected at least {FEWEST_LAYERS} to resolve diffusion.")


def _check_targets(scenario: Scenario) -> None:
    """Targets of guides and of the recipients' own miRNAs are genes (one of a recipient may have any name), or left to the evidence."""
    own = {gene for recipient in scenario.recipients.values() for gene in recipient.genes}
    for name, recipient in scenario.recipients.items():
        for i, mirna in enumerate(recipient.mirnas):
            _check_gene(mirna.target, own, scenario.where("recipients", name, "mirnas", i, "target"))
    for name, product in scenario.products.items():
        for i, cargo in enumerate(product.cargo):
            if cargo.target and cargo.type in GUIDES:
                _check_gene(cargo.target.partition(" ")[0], own, scenario.where("products", name, "cargo", i, "target"))


def _check_gene(word: str, own: Collection[str], where: str) -> None:
    """Refuse a word that is no gene, with the nearest of the scenario's words, else the nearest symbols."""
    if word in own or word == EVIDENCE or genes.candidates(word):
        return
    near = nearest(word, [*own, EVIDENCE])
    if "mean" in near:
        raise UnknownName(f"{where}unknown gene '{word}'.{near}")
    try:
        genes.resolve(word)
    except UnknownName as problem:
        raise UnknownName(f"{where}{problem}") from None


def _check_beside(scenario: Scenario, name: str) -> None:
    """Recipients of one arm are different ones, and cells to take vesicles up; those in suspension need a well."""
    arm = scenario.arms[name]
    here = (arm.recipient or next(iter(scenario.recipients), ""), *arm.beside)
    if len(set(here)) < len(here):
        twice = next(word for word in here if here.count(word) > 1)
        raise SchemaError(f"{scenario.where('arms', name, 'beside')}the arm '{name}' has the recipient '{twice}' twice; name other recipients beside it.")
    if arm.beside and arm.floor != "cells":
        raise SchemaError(
            f"{scenario.where('arms', name, 'beside')}the arm '{name}' has recipients beside the first and 'floor: {arm.floor}', which is without cells; leave one out."
        )
    for word in here:
        if word and scenario.recipients[word].suspended and not isinstance(scenario.environment, Well):
            raise SchemaError(f"{scenario.where('recipients', word, 'suspended')}the recipient '{word}' is suspended in a medium; that needs a well.")


def _check_environment(scenario: Scenario) -> None:
    """A culture has donors and gets nothing; everything else has recipients and no donor cells."""
    if not isinstance(scenario.environment, Culture):
        if not scenario.recipients:
            raise SchemaError(f"{scenario.where('recipients')}the key 'recipients' is missing; add it.")
        for name, arm in scenario.arms.items():
            if arm.donor:
                raise SchemaError(f"{scenario.where('arms', name, 'donor')}the arm '{name}' has donor cells; they exist in an environment of the kind culture only.")
        return
    for name, arm in scenario.arms.items():
        if arm.doses:
            raise SchemaError(f"{scenario.where('arms', name, 'doses')}the arm '{name}' of a culture is given vesicles; donor cells make their own. Leave out 'doses'.")


def _dose_quantity(dose: DoseSpec, where: str) -> units.Quantity:
    """A dose as vesicles, as protein mass, or as moles of the drug in a product."""
    problems = []
    for like in ("EV", "ug", "copy"):
        try:
            return units.quantity(dose.amount, like)
        except UnitError as problem:
            problems.append(problem)
    raise UnitError(f"{where}the dose amount: {problems[0]} Protein mass like '5 ug' is converted with its uncertainty.")


def _check_dose(dose: DoseSpec, scenario: Scenario, path: tuple[str | int, ...]) -> None:
    wanted = ("well",) if scenario.environment.kind == "well" else BODY_ROUTES
    if dose.route not in wanted:
        raise SchemaError(f"{scenario.where(*path, 'route')}the route '{dose.route}' does not exist in a {scenario.environment.kind}.{nearest(dose.route, wanted)}")
    where = scenario.where(*path, "amount")
    amount = _dose_quantity(dose, where)
    if amount.value < 0:
        raise UnitError(f"{where}the dose amount '{dose.amount}' is below zero; expected a positive amount like '1e9 EV'.")
    if not 1 <= dose.count <= MAX_DOSES:
        raise SchemaError(f"{scenario.where(*path, 'count')}{dose.count} doses, expected 1 to {MAX_DOSES}.")
    if dose.count > 1 and not dose.every:
        raise SchemaError(f"{scenario.where(*path, 'count')}{dose.count} doses need an interval; add 'every: 48 h'.")
