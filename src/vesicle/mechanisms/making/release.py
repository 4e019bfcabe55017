"""What becomes of a multivesicular body: fusion with the plasma membrane, or the lysosome; and who regulates it.

A body lives t_MVB. At rest a share phi of the bodies fuses, the others are degraded with all they hold:

    k_fus = m_fus phi/t_MVB,     k_lys = m_lys (1 - phi)/t_MVB

Vesicles leave with their body. Of those set free by a fusion a share d leaves the surface, the rest stays tethered. Mass is
conserved: made = in bodies + released + tethered + degraded.

A regulator is measured as a fold F of the output, but acts on one step. Where that step is fusion, its multiplier follows once from the donor at rest:

    m = F (1 - phi)/(1 - F phi),    because m phi/(m phi + 1 - phi) = F phi

which has no solution when F >= 1/phi (more would fuse than there are); the multiplier is then held at the largest that leaves a
share of the bodies to the lysosome, and the fold falls short.
A stimulus whose fold was seen in single fusions is itself the multiplier (:mod:`vesicle.mechanisms.making.stimuli`). Fusion needs SNAP23.
A block of lysosomes needs no fold: k_lys = 0 lets every body fuse, 1/phi of the output at rest.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.budding import MVB_PLACE
from vesicle.mechanisms.making.endosomes import BODY
from vesicle.mechanisms.making.regulation import acting, fold, level
from vesicle.mechanisms.making.stimuli import present
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Place, Reaction, Rule, Transfer

OUTSIDE = "donor_medium"


class BodyFate(Mechanism):
    """Fusion or lysosome, with conserved mass."""

    name: ClassVar[str] = "body_fate"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "A5"
    conserves: ClassVar[str] = "vesicles: made = in bodies + released + tethered + degraded"
    claims: ClassVar[tuple[str, ...]] = ("C-0007", "C-0154", "C-0161", "C-0173", "C-0177", "C-0178")
    quantities: ClassVar[tuple[str, ...]] = ("mvb_lifetime", "mvb_fusion_share", "detached_fraction", "secretion_fold", "least_lysosomal_share")
    absent: ClassVar[str] = "bodies keep what they hold"

    def contribute(self, site: Site, particle: Particle) -> Part:
        share, life = site.quantity("mvb_fusion_share", "1"), site.quantity("mvb_lifetime", "h")
        lysosome = site.given("lysosome_level", level(site, "lysosome", "RAB7A"), "1")
        fuse, degrade = symbol("k_fusion"), symbol("k_lysosome")
        off = site.quantity("detached_fraction", "1")
        return Part(
            rules=(Rule("k_fusion", "1/h", self.fusion(site)), Rule("k_lysosome", "1/h", lysosome * (1 - share) / life)),
            places=(Place(MVB_PLACE, "site"), Place(OUTSIDE, "medium")),
            reactions=(Reaction("body_fusion", {BODY: -1}, fuse * symbol(BODY)), Reaction("body_degradation", {BODY: -1}, degrade * symbol(BODY))),
            transfers=(
                Transfer(f"set_free__{particle.id}", particle.id, MVB_PLACE, OUTSIDE, fuse * off, step="released_by_donor"),
                Transfer(f"tether__{particle.id}", particle.id, MVB_PLACE, None, fuse * (1 - off), sink="tethered"),
                Transfer(f"degrade__{particle.id}", particle.id, MVB_PLACE, None, degrade, sink="degraded"),
            ),
        )

    def fusion(self, site: Site, acute: bool = True) -> sympy.Expr:
        """k_fus, with the acute stimuli or before them."""
        share, life = site.quantity("mvb_fusion_share", "1"), site.quantity("mvb_lifetime", "h")
        return self._multiplier(site, share, acute) * share / life

    def _multiplier(self, site: Site, share: sympy.Expr, acute: bool) -> sympy.Expr:
        """The multiplier of fusion: levels of what fusion needs, and everything that acts on it."""
        needed: sympy.Expr = site.given("fusion_level", level(site, "fusion", "SNAP23"), "1")
        least = site.quantity("least_lysosomal_share", "1")
        folds = [(fold(site, name), True) for name in acting(site, "fusion")]
        folds += [s.asked(site, share) for s in present(site, None if acute else False)]
        for asked, of_output in folds:
            needed = needed * (asked * (1 - share) / sympy.Max(least, 1 - asked * share) if of_output else asked)
        return needed
