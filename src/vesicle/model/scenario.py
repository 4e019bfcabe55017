"""A scenario: what the user wants, in the field's words, strictly read.

Every number with a dimension is text with a unit (``"48 h"``). Unknown keys, units and names
are errors that name the line and the nearest valid word; nothing is coerced.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from vesicle import reading, units
from vesicle.errors import InputError, SchemaError, UnitError, nearest, unknown_name
from vesicle.products.composition import FRACTIONS, KINDS, LOADINGS

SCHEMA = "vesicle-scenario/1"
SHIPPED = Path(__file__).parent.parent / "scenarios"
MAX_DOSES = 1000


def _reader(like: str) -> BeforeValidator:
    """A field that takes text with a unit that converts to ``like`` and holds the number in it."""

    def read(value: Any) -> float:
        if not isinstance(value, str):
            raise ValueError(f"expected a quantity like '1 {like}'")
        return units.quantity(value, like).to(like)

    return BeforeValidator(read)


def _whole(value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,6}", value):
        raise ValueError(f"'{value}' is not a whole number; write digits only, like 14")
    return int(value)


def _truth(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ValueError(f"'{value}' is neither true nor false (YAML 1.2 reads 'yes' and 'no' as text)")
    return bool(value == "true")


def _word(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value):
        raise ValueError(f"'{value}' is not a name; use letters, digits and _")
    return value


Hours = Annotated[float, _reader("h")]
Cells = Annotated[float, _reader("cell")]
Micrometres = Annotated[float, _reader("um")]
Areas = Annotated[float, _reader("cm2")]
Folds = Annotated[float, _reader("fold")]
PerCell = Annotated[float, _reader("copy/cell")]
Percent = Annotated[float, _reader("%")]
Whole = Annotated[int, BeforeValidator(_whole)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Word = Annotated[str, BeforeValidator(_word)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mimics(_Strict):
    """The published work that a scenario follows."""

    experiment: str = ""
    reference: str
    claims: tuple[str, ...] = ()
    note: str = ""


class Recipient(_Strict):
    """The cells that are to be changed."""

    cell: str
    species: Literal["human", "mouse", "rat"] = "human"
    disease: str = ""
    tumour_type: str = ""
    genotype: Mapping[str, str] = Field(default_factory=dict)
    cells: Cells | None = None
    growth: Literal["exponential", "exponential_linear"]
    growth_driver: str = ""
    genes: tuple[str, ...] = ()


class Body(_Strict):
    """A whole animal."""

    kind: Literal["body"]
    species: Literal["mouse"]
    tumour_in_peritoneum: Truth = False


class Well(_Strict):
    """A culture well."""

    kind: Literal["well"]
    depth: Micrometres
    area: Areas
    layers: Whole
    floor_layer: Micrometres
    settling: Truth = True


class CargoSpec(_Strict):
    """One guide RNA in a product.

    ``native`` marks what the donor's vesicles carry anyway: copies imposed with ``assume`` do not
    touch it. ``force_match`` gives the recipient the site, to test that a null can break.
    """

    name: str
    type: Literal["siRNA", "miRNA"]
    target: str | None = None
    loading: Literal[LOADINGS]  # type: ignore[valid-type]
    fold: Folds = 1.0
    native: Truth = False
    force_match: Truth = False


class Donor(_Strict):
    """Where vesicles come from."""

    cell: str
    species: str = "human"
    state: str = "native"


class ProductSpec(_Strict):
    """What is given."""

    kind: Literal[KINDS]  # type: ignore[valid-type]
    donor: Donor | None = None
    cargo: tuple[CargoSpec, ...] = ()
    fraction: Literal[FRACTIONS] = "whole"  # type: ignore[valid-type]
    cd47: Folds = 1.0
    label: Literal["lipid_dye", "protein_reporter", "radiolabel", ""] = ""


class DoseSpec(_Strict):
    """When, where and how much of a product."""

    product: Word
    route: Literal["intravenous", "intraperitoneal", "well"]
    amount: str
    per: Literal["dose", "cell"] = "dose"
    equal_cargo_to: str = ""
    start: Hours = 0.0
    every: Hours | None = None
    count: Whole = 1


class Assumed(_Strict):
    """Conditions imposed on the recipient to test what follows from them."""

    cytosolic_copies: PerCell | None = None
    acidification: Literal["normal", "blocked"] = "normal"
    inhibitors: tuple[str, ...] = ()


class ArmSpec(_Strict):
    """One arm of the experiment."""

    label: str = ""
    recipient: str = ""
    control: str = ""
    doses: tuple[DoseSpec, ...] = ()
    macrophages: Literal["normal", "depleted"] = "normal"
    floor: Literal["cells", "perfect_sink"] = "cells"
    assume: Assumed | None = None


class Question(_Strict):
    """What is asked: does an arm change a readout by so much against a control, at a time?"""

    arm: str
    control: str
    readout: str
    change: Percent
    at: Hours


class Report(_Strict):
    """What was published, for the two marks agreement and carry."""

    reference: str
    experiment: str = ""
    arm: str
    control: str
    readout: str
    direction: Literal["+", "-", "0"]
    statement: str


class Scenario(_Strict):
    """The whole of what a user wants; see the module."""

    schema_: Literal["vesicle-scenario/1"] = Field(alias="schema")
    name: str
    title: str
    story: str = ""
    mimics: Mimics
    environment: Body | Well = Field(discriminator="kind")
    recipients: Mapping[str, Recipient]
    products: Mapping[str, ProductSpec] = Field(default_factory=dict)
    arms: Mapping[str, ArmSpec]
    duration: Hours
    observe_every: Hours
    question: Question
    reports: tuple[Report, ...] = ()
    parameters: Mapping[str, str] = Field(default_factory=dict)
    assume: Assumed = Assumed()
    notes: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """A hash over the content."""
        text = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


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
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as problem:
        raise _located(problem, tree, changes) from None
    _check_names(scenario, tree)
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


def _located(problem: ValidationError, tree: reading.Node, changes: Mapping[str, str]) -> InputError:
    """The first problem of a validation as one sentence with its line."""
    first = problem.errors()[0]
    path = tuple(p for p in first["loc"] if p not in ("body", "well"))
    dotted = ".".join(str(p) for p in path)
    node = tree.at(path)
    where = node.where
    parent = tree.at(path[:-1])
    if str(path[-1] if path else "") in parent.key_lines:
        where = f"{parent.file}:{parent.key_lines[str(path[-1])]}: "
    for changed in changes:
        if dotted == changed or dotted.startswith(changed + ".") or changed.startswith(dotted + "."):
            where = f"--set {changed}: "
    kind, message = first["type"], first["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return SchemaError(f"{where}unknown key '{path[-1]}'.{nearest(str(path[-1]), _keys_at(path[:-1]))}")
    if kind == "missing":
        return SchemaError(f"{where}the key '{dotted}' is missing; add it.")
    if kind in ("literal_error", "union_tag_invalid"):
        given, wanted = str(first.get("input")), re.findall(r"'([^']*)'", str(first.get("ctx", {}).get("expected", first.get("ctx", {}).get("expected_tags", ""))))
        if isinstance(first.get("input"), dict):
            given = str(first["input"].get("kind"))
        return SchemaError(f"{where}'{dotted}' is '{given}'.{nearest(given, wanted)}")
    error = first.get("ctx", {}).get("error")
    if isinstance(error, UnitError):
        return UnitError(f"{where}'{dotted}': {error}")
    return SchemaError(f"{where}'{dotted}': {message}.")


def _keys_at(path: tuple[Any, ...]) -> list[str]:
    """The valid keys of the model at a path."""
    model: Any = Scenario
    for step in path:
        fields = {f.alias or name: f for name, f in model.model_fields.items()} if isinstance(model, type) and issubclass(model, BaseModel) else {}
        annotation = fields[str(step)].annotation if str(step) in fields else model
        model = _inner(annotation)
    if model is Body or model is Well or not (isinstance(model, type) and issubclass(model, BaseModel)):
        return sorted({*Body.model_fields, *Well.model_fields})
    return [f.alias or name for name, f in model.model_fields.items()]


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


def _check_names(scenario: Scenario, tree: reading.Node) -> None:
    """Names that point inside the scenario must point at something."""

    def line(*path: str | int) -> str:
        return tree.at(path).where

    def known(kind: str, word: str, names: Any, *path: str | int) -> None:
        if word not in names:
            raise unknown_name(kind, word, names, line(*path).rstrip(": ").rstrip())

    for name in ("products", "arms", "recipients"):
        for key in getattr(scenario, name):
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key):
                raise SchemaError(f"{line(name, key)}'{key}' is not a name; use letters, digits and _.")
    for name, arm in scenario.arms.items():
        if arm.recipient:
            known("recipient", arm.recipient, scenario.recipients, "arms", name, "recipient")
        if arm.control:
            known("arm", arm.control, scenario.arms, "arms", name, "control")
        for i, dose in enumerate(arm.doses):
            known("product", dose.product, scenario.products, "arms", name, "doses", i, "product")
            if dose.equal_cargo_to:
                known("product", dose.equal_cargo_to, scenario.products, "arms", name, "doses", i, "equal_cargo_to")
            _check_dose(dose, scenario, line("arms", name, "doses", i))
    known("arm", scenario.question.arm, scenario.arms, "question", "arm")
    known("arm", scenario.question.control, scenario.arms, "question", "control")
    for i, report in enumerate(scenario.reports):
        known("arm", report.arm, scenario.arms, "reports", i, "arm")
        known("arm", report.control, scenario.arms, "reports", i, "control")
    if scenario.question.at > scenario.duration:
        raise SchemaError(f"{line('question', 'at')}the question asks at {scenario.question.at:g} h, after the end at {scenario.duration:g} h; ask earlier or run longer.")
    if scenario.duration <= 0 or scenario.observe_every <= 0:
        raise SchemaError(f"{line('duration')}duration and observe_every must be longer than zero.")


def _check_dose(dose: DoseSpec, scenario: Scenario, where: str) -> None:
    wanted = ("well",) if scenario.environment.kind == "well" else ("intravenous", "intraperitoneal")
    if dose.route not in wanted:
        raise SchemaError(f"{where}the route '{dose.route}' does not exist in a {scenario.environment.kind}.{nearest(dose.route, wanted)}")
    try:
        amount = units.quantity(dose.amount, "EV")
    except UnitError as problem:
        try:
            amount = units.quantity(dose.amount, "ug")
        except UnitError:
            raise UnitError(f"{where}the dose amount: {problem} Protein mass like '5 ug' is converted with its uncertainty.") from None
    if amount.value < 0:
        raise UnitError(f"{where}the dose amount '{dose.amount}' is below zero; expected a positive amount like '1e9 EV'.")
    if dose.count > MAX_DOSES or dose.count < 1:
        raise SchemaError(f"{where}{dose.count} doses, expected 1 to {MAX_DOSES}.")
    if dose.count > 1 and not dose.every:
        raise SchemaError(f"{where}{dose.count} doses need an interval; add 'every: 48 h'.")
