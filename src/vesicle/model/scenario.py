"""A scenario: what the user wants, in the field's words.

Every number with a dimension is text with a unit (``"48 h"``) and is held in one internal unit.
These are the shapes; :mod:`vesicle.model.scenario_file` reads a file into them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from vesicle import units
from vesicle.mechanisms.entering.ligands import LIGANDS
from vesicle.products.composition import FRACTIONS, KINDS, LOADINGS

SCHEMA = "vesicle-scenario/1"


def _reader(like: str, *, above: float | None = None, least: float | None = None) -> BeforeValidator:
    """A field that takes text with a unit that converts to ``like`` and holds the number in it."""

    def read(value: Any) -> float:
        if not isinstance(value, str):
            raise ValueError(f"expected a quantity like '1 {like}'")
        number = units.quantity(value, like).to(like)
        if above is not None and number <= above:
            raise ValueError(f"'{value}' is not above {above:g}; expected a positive quantity like '1 {like}'")
        if least is not None and number < least:
            raise ValueError(f"'{value}' is below {least:g}; expected a quantity like '1 {like}'")
        return number

    return BeforeValidator(read)


def _whole(value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,6}", value):
        raise ValueError(f"'{value}' is not a whole number; write digits only, like 14")
    return int(value)


def _truth(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ValueError(f"'{value}' is neither true nor false (YAML 1.2 reads 'yes' and 'no' as text)")
    return bool(value == "true")


def _file_name(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,80}", value):
        raise ValueError(f"'{value}' is not a name; use letters, digits, _ and - (it names the run folder)")
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value):
        raise ValueError(f"'{value}' is not a name; use letters, digits and _")
    return value


Hours = Annotated[float, _reader("h", least=0.0)]
Span = Annotated[float, _reader("h", above=0.0)]
Cells = Annotated[float, _reader("cell", above=0.0)]
Micrometres = Annotated[float, _reader("um", above=0.0)]
Areas = Annotated[float, _reader("cm2", above=0.0)]
Folds = Annotated[float, _reader("fold", least=0.0)]
Millilitres = Annotated[float, _reader("mL", above=0.0)]
Nanometres = Annotated[float, _reader("nm", above=0.0)]
PerParticle = Annotated[float, _reader("copy/EV", least=0.0)]
PerCell = Annotated[float, _reader("copy/cell", least=0.0)]
Percent = Annotated[float, _reader("%")]
FileName = Annotated[str, BeforeValidator(_file_name)]
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
    receptors: Mapping[str, PerCell] = Field(default_factory=dict)


class Body(_Strict):
    """A whole animal; ``inflamed_tissue`` is the volume of an inflamed piece of tissue and of its healthy twin."""

    kind: Literal["body"]
    species: Literal["mouse"]
    tumour_in_peritoneum: Truth = False
    inflamed_tissue: Millilitres | None = None


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
    """What is given.

    ``cd47`` is relative to a native vesicle (its kind's own when left out), ``diameter`` replaces the measured one of its
    kind, ``drug`` is a small molecule on it, ``drug_copies`` per particle; a free drug is its own particle.
    """

    kind: Literal[KINDS]  # type: ignore[valid-type]
    donor: Donor | None = None
    cargo: tuple[CargoSpec, ...] = ()
    fraction: Literal[FRACTIONS] = "whole"  # type: ignore[valid-type]
    cd47: Folds | None = None
    diameter: Nanometres | None = None
    ligand: Literal[tuple(LIGANDS)] | Literal[""] = ""  # type: ignore[valid-type]
    drug: Word | Literal[""] = ""
    drug_copies: PerParticle = 1.0
    label: Literal["lipid_dye", "protein_reporter", "radiolabel", ""] = ""
    nuclide: Literal["125I", "89Zr", ""] = ""


class DoseSpec(_Strict):
    """When, where and how much of a product."""

    product: Word
    route: Literal["intravenous", "intraperitoneal", "subcutaneous", "intratumoural", "well"]
    amount: str
    per: Literal["dose", "cell"] = "dose"
    equal_cargo_to: str = ""
    start: Hours = 0.0
    every: Span | None = None
    count: Whole = 1


class Assumed(_Strict):
    """Conditions imposed on the recipient to test what follows from them."""

    cytosolic_copies: PerCell | None = None
    acidification: Literal["normal", "blocked"] = "normal"
    inhibitors: tuple[Literal["clathrin", "macropinocytosis", "caveolin", "phagocytosis"], ...] = ()


class ArmSpec(_Strict):
    """One arm of the experiment; ``opsonins`` is the amount on carriers relative to normal plasma."""

    label: str = ""
    recipient: str = ""
    control: str = ""
    doses: tuple[DoseSpec, ...] = ()
    macrophages: Literal["normal", "depleted"] = "normal"
    opsonins: Folds = 1.0
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
    name: FileName
    title: str
    story: str = ""
    mimics: Mimics
    environment: Body | Well = Field(discriminator="kind")
    recipients: Mapping[str, Recipient]
    products: Mapping[str, ProductSpec] = Field(default_factory=dict)
    arms: Mapping[str, ArmSpec]
    duration: Span
    observe_every: Span
    question: Question
    reports: tuple[Report, ...] = ()
    parameters: Mapping[str, str] = Field(default_factory=dict)
    assume: Assumed = Assumed()
    notes: tuple[str, ...] = ()
    _places: Any = PrivateAttr(default=None)

    def where(self, *path: str | int) -> str:
        """``file:line: `` of a key, or the ``--set`` that gave it; empty for a scenario made in Python."""
        return str(self._places.where(*path)) if self._places is not None else ""

    @property
    def content(self) -> str:
        """A hash over the content."""
        text = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
