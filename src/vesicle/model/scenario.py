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
from vesicle.mechanisms.phenotype.growth_laws import LAWS
from vesicle.mechanisms.phenotype.resistance.product import WAYS as RESISTANCE
from vesicle.products.composition import CARGO_TYPES, FRACTIONS, KINDS, LOADINGS
from vesicle.products.copies import DISTRIBUTIONS
from vesicle.products.location import PLACES, TREATMENTS

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
Molar = Annotated[float, _reader("copy/mL", least=0.0)]
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


class OwnMirna(_Strict):
    """A miRNA that the recipient makes itself, its target (or ``evidence``), and its copies in AGO per cell (none: as measured for an abundant one)."""

    name: str
    target: str
    copies: PerCell | None = None


class States(_Strict):
    """States of a tumour cell: the share that is dormant at the start."""

    dormant: Percent


class Recipient(_Strict):
    """The cells that are to be changed.

    ``transporters`` gives the level of drug exporters (1: a line selected for it), ``states`` lets cells sleep and die, and ``resistance`` names the ways by which
    they may come to stand more of a drug. ``follows`` names genes and phenotypes whose level is asked for: the signalling between the cargo's targets and them is
    then part of the model. ``vessels`` says what the cells are to vessels: endothelium sprouts, tumour cells make VEGF.
    ``suspended`` cells are spread over the medium of a well, others lie on its floor; ``tissue`` says where the cells are in a body.
    ``state`` says that the cells are no longer as the table of expression holds them (selected for resistance, say); then every gene counts as there.
    With ``share_of`` (such as PBMC) the cells of one preparation are ``cells`` together, shared out among the recipients of an arm that come from it as measured in blood.
    """

    cell: str
    state: str = ""
    species: Literal["human", "mouse", "rat"] = "human"
    disease: str = ""
    tumour_type: str = ""
    genotype: Mapping[str, str] = Field(default_factory=dict)
    cells: Cells | None = None
    share_of: str = ""
    suspended: Truth = False
    tissue: Literal["tumour", "brain"] = "tumour"
    growth: Literal[LAWS]  # type: ignore[valid-type]
    growth_driver: str = ""
    genes: tuple[str, ...] = ()
    receptors: Mapping[str, PerCell] = Field(default_factory=dict)
    mirnas: tuple[OwnMirna, ...] = ()
    signal_receptors: tuple[str, ...] = ()
    transporters: Mapping[str, Folds] = Field(default_factory=dict)
    follows: tuple[str, ...] = ()
    vessels: Literal["endothelium", "tumour", ""] = ""
    states: States | None = None
    resistance: tuple[Literal[tuple(RESISTANCE)], ...] = ()  # type: ignore[valid-type]

    @property
    def expressed_as(self) -> str:
        """Name by which a table of expression is asked; one in a state stands in none."""
        return f"{self.cell} ({self.state})" if self.state else self.cell


class Body(_Strict):
    """A whole animal; ``inflamed_tissue`` is the volume of an inflamed piece of tissue and of its healthy twin."""

    kind: Literal["body"]
    species: Literal["mouse", "rat"]
    tumour_in_peritoneum: Truth = False
    inflamed_tissue: Millilitres | None = None


class Well(_Strict):
    """A culture well; ``oxygen`` is its share of the gas that the cells live in (that of air where nothing is said), for those that answer to it."""

    kind: Literal["well"]
    depth: Micrometres
    area: Areas
    layers: Whole
    floor_layer: Micrometres
    settling: Truth = True
    oxygen: Percent | None = None


class Culture(_Strict):
    """Donor cells in a dish, whose medium is changed at time 0 and collected in the end.

    ``cells`` are there at the change of medium; they divide as ``growth_of`` does in vitro (empty: they do not). Every arm has lived in its
    condition for ``lead_in``. ``isolation`` names how vesicles are collected before they are counted.
    """

    kind: Literal["culture"]
    medium: Millilitres
    cells: Cells
    growth_of: str = ""
    lead_in: Span
    isolation: Literal["none", "ultracentrifugation", "size exclusion"] = "none"


class DonorCargo(_Strict):
    """A molecule of the donor that is followed into its vesicles; copies per cell as measured where none are given."""

    name: str
    kind: Literal["miRNA", "protein", "drug"]
    sequence: str = ""
    per_cell: PerCell | None = None


class DonorState(_Strict):
    """What makes the donor cells of an arm different.

    ``levels`` are those of components (1 at rest, 0 knocked out), ``regulators`` what acts on the cells, ``oxygen`` the share of oxygen in the gas,
    ``states`` its tags, ``engineering`` folds of components or cargo, ``ways`` levels of the ways of sorting, ``cargo`` what is followed.
    """

    cell: str = ""
    levels: Mapping[str, Folds] = Field(default_factory=dict)
    regulators: tuple[str, ...] = ()
    oxygen: Percent | None = None
    states: tuple[str, ...] = ("native",)
    engineering: Mapping[str, Folds] = Field(default_factory=dict)
    ways: Mapping[str, Folds] = Field(default_factory=dict)
    cargo: tuple[DonorCargo, ...] = ()


class CargoSpec(_Strict):
    """One cargo in a product.

    ``target`` is the gene that a guide, an mRNA, a protein or a DNA is about, the miRNA of an anti-miRNA, or the name of a drug; ``evidence`` stands for every
    gene that strong evidence names as a target of a miRNA and that leads to what the recipient ``follows``. ``copies`` are
    those per vesicle, for the loading ``stated``; ``distribution`` is their law over vesicles.

    ``native`` marks what the donor's vesicles carry anyway: copies imposed with ``assume`` do not
    touch it. ``force_match`` gives the recipient the site, to test that a null can break.
    """

    name: str
    type: Literal[CARGO_TYPES]  # type: ignore[valid-type]
    target: str | None = None
    loading: Literal[LOADINGS]  # type: ignore[valid-type]
    fold: Folds = 1.0
    copies: PerParticle | None = None
    distribution: Literal[DISTRIBUTIONS] = "poisson"  # type: ignore[valid-type]
    place: Literal[PLACES] = "lumen"  # type: ignore[valid-type]
    native: Truth = False
    force_match: Truth = False


class SurfaceSpec(_Strict):
    """A ligand on the outside of a product's vesicles; the copies are measured ones unless given."""

    ligand: str
    copies: PerParticle | None = None


class DrugSpec(_Strict):
    """A small-molecule drug on a product's particles and how it got there: a measured way of loading, ``stated`` copies, or ``none`` (a free drug)."""

    name: Word
    loading: Literal["incubation", "electroporation", "sonication", "stated", "none"]
    copies: PerParticle = 1.0


class Solute(_Strict):
    """A molecule dissolved in the medium of a well: one that binds a surface ligand of vesicles, or else a drug that enters cells."""

    name: str
    concentration: Molar
    binds: str = ""


class Donor(_Strict):
    """Where vesicles come from."""

    cell: str
    species: str = "human"
    state: str = "native"


class ProductSpec(_Strict):
    """What is given.

    ``cd47`` is relative to a native vesicle (its kind's own when left out), ``diameter`` replaces the measured one of its
    kind, ``targeting`` is an engineered ligand, ``surface`` what its vesicles show; a free drug is its own particle.
    """

    kind: Literal[KINDS]  # type: ignore[valid-type]
    donor: Donor | None = None
    cargo: tuple[CargoSpec, ...] = ()
    surface: tuple[SurfaceSpec, ...] = ()
    drug: DrugSpec | None = None
    fraction: Literal[FRACTIONS] = "whole"  # type: ignore[valid-type]
    cd47: Folds | None = None
    diameter: Nanometres | None = None
    targeting: Literal[tuple(LIGANDS)] | Literal[""] = ""  # type: ignore[valid-type]
    treatments: tuple[Literal[tuple(TREATMENTS)], ...] = ()  # type: ignore[valid-type]
    label: Literal["lipid_dye", "protein_reporter", "radiolabel", ""] = ""
    nuclide: Literal["125I", "89Zr", ""] = ""


class DoseSpec(_Strict):
    """When, where and how much of a product."""

    product: Word
    route: Literal["intravenous", "intraperitoneal", "subcutaneous", "intratumoural", "oral", "well"]
    amount: str
    per: Literal["dose", "cell"] = "dose"
    equal_cargo_to: str = ""
    start: Hours = 0.0
    every: Span | None = None
    count: Whole = 1


class FreeDrugSpec(_Strict):
    """A drug given as such beside vesicles: to a body by ``dose`` (mass, or mass per body weight), to a well by ``concentration``.

    ``duration`` is that of an infusion; in a well the time after which the medium is changed.
    """

    name: str
    route: Literal["oral", "intravenous", "intraperitoneal", "subcutaneous", "well"]
    dose: str = ""
    concentration: str = ""
    start: Hours = 0.0
    every: Span | None = None
    count: Whole = 1
    duration: Span | None = None


class RadiationSpec(_Strict):
    """Fractions of radiotherapy."""

    dose: str
    start: Hours = 0.0
    every: Span | None = None
    count: Whole = 1


class Assumed(_Strict):
    """Conditions imposed on the recipient to test what follows from them.

    ``cytosolic_copies`` of every guide that is not native sit in every cell, ``surface_copies`` of every ligand are in contact with it; both as from a native donor,
    one in another state brings its fold.
    """

    cytosolic_copies: PerCell | None = None
    surface_copies: PerCell | None = None
    acidification: Literal["normal", "blocked"] = "normal"
    inhibitors: tuple[Literal["clathrin", "macropinocytosis", "caveolin", "phagocytosis"], ...] = ()
    temperature: Literal["37 C", "4 C"] = "37 C"


class ArmSpec(_Strict):
    """One arm of the experiment; ``opsonins`` is the amount on carriers relative to normal plasma.

    ``beside`` names further recipients that share the vesicles; custody and the question's readouts are about ``recipient``. ``blocked`` names nodes of its
    signalling that an inhibitor holds down throughout, in every cell.
    """

    label: str = ""
    recipient: str = ""
    beside: tuple[str, ...] = ()
    control: str = ""
    doses: tuple[DoseSpec, ...] = ()
    macrophages: Literal["normal", "depleted"] = "normal"
    opsonins: Folds = 1.0
    floor: Literal["cells", "perfect_sink", "bare"] = "cells"
    solutes: tuple[Solute, ...] = ()
    drugs: tuple[FreeDrugSpec, ...] = ()
    radiation: tuple[RadiationSpec, ...] = ()
    assume: Assumed | None = None
    donor: DonorState | None = None
    blocked: tuple[str, ...] = ()


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
    environment: Body | Well | Culture = Field(discriminator="kind")
    recipients: Mapping[str, Recipient] = Field(default_factory=dict)
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
    def is_shortened(self) -> bool:
        """Whether a change sets the duration; what the file gives later is then left out."""
        return self.where("duration").startswith("--set ")

    @property
    def content(self) -> str:
        """A hash over the content."""
        text = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
