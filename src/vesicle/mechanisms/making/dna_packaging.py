"""DNA in the lumen: a share of the vesicles closes around one piece.

    pieces in vesicles of route r appear at  c B_r,      B_r vesicles of route r made per hour, k_made of :mod:`vesicle.mechanisms.making.budding`

c is the share of vesicles that carry the form (genomic, mitochondrial). How pieces come to the place of budding is not known, so no pool of the cell is drained and c is no
concentration times a volume; DNA on the outer surface sits down after release and belongs to the product (:mod:`vesicle.products.dna`).
"""

from __future__ import annotations

from typing import ClassVar

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.budding import MVB_PLACE, made_rate
from vesicle.mechanisms.making.loading import observables
from vesicle.network.expressions import symbol
from vesicle.network.flat import passenger_species
from vesicle.network.types import Part, Particle, Reaction, Species, join
from vesicle.products.cargo import identity
from vesicle.products.dna import DNA


class DnaPackaging(Mechanism):
    """Genomic or mitochondrial DNA in a share of the vesicles."""

    name: ClassVar[str] = "dna_packaging"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "B4"
    conserves: ClassVar[str] = "pieces of DNA: cut off = in vesicles + tethered + degraded with them"
    claims: ClassVar[tuple[str, ...]] = ("C-0483", "C-0484")
    quantities: ClassVar[tuple[str, ...]] = ("dna_carrying_share",)
    absent: ClassVar[str] = "vesicles close without DNA"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The DNA among ``site.settings['cargo']``, for the vesicles of one route."""
        part = Part()
        for dna in site.settings.get("cargo", ()):
            if isinstance(dna, DNA):
                part = join(part, self._one(site, particle, dna))
        return part

    def _one(self, site: Site, particle: Particle, dna: DNA) -> Part:
        name = identity(dna)
        pools = tuple(f"{where}__{name}" for where in ("in_cytosol", "lost", "made_anew"))
        rate = site.quantity("dna_carrying_share", "1", label=dna.form) * site.given("one_piece", 1.0, "copy/EV") * symbol(made_rate(particle))
        cut = Reaction(f"load__{name}__{particle.id}", {passenger_species(particle.id, name, MVB_PLACE): 1, pools[2]: 1}, rate)
        return Part(species=tuple(Species(pool, name, "donor", "copy") for pool in pools), reactions=(cut,), observables=observables(name, particle))
