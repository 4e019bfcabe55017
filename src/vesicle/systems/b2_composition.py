"""B2: a composition keeps unknown copies unknown, and totals of databases apart."""

from __future__ import annotations

from dataclasses import replace

from vesicle.evidence.claim import names
from vesicle.evidence.library import Library
from vesicle.products.bulk import SYSTEMS, composition, copies, has_known_copies, totals
from vesicle.systems.base import Check, Experiment, above, below, between

MANY, CLASSES = 20, 4
LARGEST = 1000.0  # copies per vesicle: more than any record of a natural molecule, less than any total


class Composition(Experiment):
    """Exosomes in general, and those of mesenchymal stem cells."""

    system = "B2"
    asks = "Is every molecule there with its class and evidence, with copies only where they were measured?"
    takes_away = "the claims on composition"
    used = ("C-0013", "C-0452", "C-0455")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Size of the list, unknown copies, totals kept apart."""
        if knocked_out:
            library = replace(library, claims=tuple(c for c in library.claims if not set(names(c.system)) & set(SYSTEMS)))
        general, stem = composition(library), composition(library, "mesenchymal stem cell")
        known = [c for c in general if has_known_copies(library, c)]
        largest = max((m.value for c in known for m in copies(library, c)), default=0.0)
        counted = totals(library)
        return [
            above("molecules named for exosomes in general", len(general), MANY),
            above("classes of molecule", len({c.kind for c in general}), CLASSES - 1),
            above("molecules more in those of mesenchymal stem cells", len(stem) - len(general), 0),
            above("molecules with unknown copies, share", 1 - len(known) / len(general) if general else 0.0, 0.5),
            between("molecules without a claim", sum(not c.claims for c in general), 0, 0),
            above("totals of databases, kept apart", len(counted), 3),
            below("largest number of copies per vesicle", largest, LARGEST),
            between("totals that stand as copies of a vesicle", sum(t.number in {m.value for c in known for m in copies(library, c)} for t in counted), 0, 0),
        ]
