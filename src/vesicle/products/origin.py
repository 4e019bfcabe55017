"""What the donor and its state say about the copies of a molecule that its vesicles carry by nature.

    miRNA      n = n_all s F      s: its share among the miRNAs of this donor's vesicles, n_all: all miRNAs of a vesicle together
    protein    n = n_own F        copies of that very protein, where somebody counted or assumed them

F is the fold of a state of the donor over the native donor, 1 where nobody compared. A share, or a fold, of another donor says nothing about this one and is
never borrowed, and the species of the body in which vesicles are given plays no part in what they carry. Without a share the number of one abundant miRNA answers, and
without a protein of its own one of its class (:mod:`vesicle.products.composition`).
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from vesicle.evidence.site import Site


@dataclass(frozen=True)
class Origin:
    """The cell that made the vesicles, and its state (native, tumour, hypoxia ...)."""

    cell: str = ""
    state: str = "native"


def has_record(site: Site, quantity: str, label: str, cell: str) -> bool:
    """Whether a measurement of a label holds for a donor: one of this cell, or of any."""
    known = site.library.of(quantity)
    return any(m.label == label and m.role == "input" and m.cell in ("", cell) and m.reference not in site.library.retracted for m in known)


def donor_in_records(site: Site, quantity: str, label: str, cell: str) -> str:
    """A donor as the records of a label name it: itself, else the kind of cell that it is (a mesenchymal stem cell of the marrow is one of them)."""
    named = {m.cell for m in site.library.of(quantity) if m.label == label and m.role == "input" and m.cell}
    return cell if cell in named else max((kind for kind in named if cell.endswith(f" {kind}")), key=len, default=cell)


def state_fold(site: Site, name: str, origin: Origin) -> sympy.Expr:
    """F: copies of a molecule in vesicles of a donor in its state over those of a native one [1]; exactly 1 where nobody compared."""
    label = f"{origin.state}, {name}"
    if not has_record(site, "state_cargo_fold", label, origin.cell):
        return sympy.Integer(1)
    return site.quantity("state_cargo_fold", "1", label=label, cell=origin.cell, species="")


def natural_mirna(site: Site, name: str, origin: Origin) -> sympy.Expr:
    """Copies of a miRNA per vesicle by nature [copy/EV]."""
    if origin.cell and has_record(site, "mirna_share_of_ev", name, origin.cell):
        native = site.quantity("total_mirna_per_ev", "copy/EV", product="exosome") * site.quantity(
            "mirna_share_of_ev", "1", product="exosome", label=name, cell=origin.cell, species=""
        )
    else:
        native = site.quantity("mirna_copies_per_ev", "copy/EV", product="exosome")
    return native * state_fold(site, name, origin)


def natural_copies(site: Site, name: str, kind: str, origin: Origin) -> sympy.Expr:
    """Copies of another molecule per vesicle by nature [copy/EV]; ``kind`` (protein, mRNA, DNA) answers where its name has no record."""
    cell = donor_in_records(site, "cargo_copies_per_ev", name, origin.cell)
    of = {"label": name, "cell": cell, "species": ""} if has_record(site, "cargo_copies_per_ev", name, cell) else {"label": kind}
    native = site.quantity("cargo_copies_per_ev", "copy/EV", product="exosome", **of)
    return native * state_fold(site, name, origin)
