"""DNA with vesicles: form, length, place, how many vesicles have it, how long it acts.

Copies per vesicle: luminal n = c (share c of the vesicles has one piece), outer n o/(1 - o) with o the share of the preparation's DNA that sits outside. A piece of L base
pairs is 2 L nucleotides; by the recorded capacity of a lumen it fits only where the inner diameter reaches

    d_L = d_in (2 L/L_max)^(1/3),      share that fits = P(diameter > d_L + 2 w) of the log-normal sizes,

which is compared with c. In a nucleus DNA that is not integrated is lost and diluted: left(t) = s + (1 - s) exp(-(ln 2/t_half + mu) t), s the integrated share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from vesicle.errors import unknown_name
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.evidence.site import Site
from vesicle.products.location import LUMEN, OUTER, Located

FORMS = {"genomic": "DNA", "mitochondrial": "mtDNA"}
TRANSIENT, STABLE = "transient", "stable"


@dataclass(frozen=True)
class DNA:
    """DNA of a donor.

    Attributes
    ----------
    name : such as KRAS G12D, or mitochondrial DNA.
    form : genomic or mitochondrial.
    length : base pairs; None as measured for the form.

    Raises
    ------
    UnknownName
        For a form that is none.
    """

    name: str
    form: str = "genomic"
    length: float | None = None
    per_cell: float | None = None

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise unknown_name("form of DNA", self.form, FORMS)

    @property
    def kind(self) -> str:
        """DNA or mtDNA."""
        return FORMS[self.form]


def located(site: Site, dna: DNA) -> tuple[Located, Located]:
    """The DNA of a vesicle in the lumen and on the outer surface."""
    one = site.given("one_piece", 1.0, "copy/EV")
    inside = site.quantity("dna_carrying_share", "1", label=dna.form) * one
    outer = site.quantity("dna_outer_share", "1", label=dna.form)
    return Located(dna.name, dna.kind, LUMEN, inside), Located(dna.name, dna.kind, OUTER, inside * outer / (1 - outer))


def length_of(library: Library, dna: DNA) -> float:
    """Base pairs of a piece."""
    return dna.length if dna.length is not None else match(library, "dna_length", {"label": dna.form}).records[0].value


def fitting_share(library: Library, base_pairs: float) -> float:
    """Share of small vesicles whose lumen could hold a double strand of this length, at the nominal values."""
    inner = _nominal(library, "ev_diameter", "nm") - 2 * _nominal(library, "bilayer_thickness", "nm")
    needed = inner * (2 * base_pairs / _nominal(library, "lumen_rna_capacity", "nt/EV")) ** (1 / 3) + 2 * _nominal(library, "bilayer_thickness", "nm")
    spread = math.log(_nominal(library, "ev_diameter_gsd", "1"))
    return 1 - NormalDist(math.log(_nominal(library, "ev_diameter", "nm")), spread).cdf(math.log(needed))


def left_after(library: Library, hours: float, growth: float = 0.0) -> float:
    """Share of the DNA that reached a nucleus, and of what it expresses, after a time.

    Parameters
    ----------
    growth : rate of dilution by division [1/h].
    """
    half_life = match(library, "dna_expression_half_life", {"label": "genomic"}).records[0].value
    stays = match(library, "dna_integrated_share", {}).records[0].value
    return stays + (1 - stays) * math.exp(-(math.log(2) / half_life + growth) * hours)


def duration(library: Library) -> str:
    """Transient where less than half of the DNA stays for good, else stable."""
    return TRANSIENT if match(library, "dna_integrated_share", {}).records[0].value < 1 / 2 else STABLE


def _nominal(library: Library, quantity: str, unit: str) -> float:
    site = Site(library, {})
    site.quantity(quantity, unit, product="exosome")
    return next(iter(site.parameters.values())).value
