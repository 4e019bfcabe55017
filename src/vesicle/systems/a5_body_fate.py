"""A5: a multivesicular body fuses or is degraded, with mass conserved."""

from __future__ import annotations

import math

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.model.donor import Donor
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.donor_runs import follow

BALANCE = 1e-6
LITTLE = 0.01


class BodyFates(Experiment):
    """A donor at rest, with its lysosomes blocked, and with fusion blocked."""

    system = "A5"
    asks = "Are bodies and vesicles conserved over the two fates, and does a blocked lysosome raise secretion?"
    takes_away = "the lysosome, from the donor at rest too"
    used = ("C-0007", "C-0177")
    predicts = ("C-0161",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Balance, the share that fuses, and what either block does."""
        rest = follow(Donor(levels={"lysosome": 0.0} if knocked_out else {}), library)
        blocked = follow(Donor(levels={"lysosome": 0.0}), library)
        no_fusion = follow(Donor(levels={"fusion": 0.0}), library)
        share = match(library, "mvb_fusion_share", {}).records[0].value
        measured = match(library, "secretion_fold", {"label": "bafilomycin"}).records[0]
        low, high = measured.range()
        fold = blocked.secretion()[-1] / rest.secretion()[-1]
        factors = math.prod(match(library, name, {}).records[0].value for name in ("mvb_fusion_rate", "ilv_per_mvb", "detached_fraction"))
        return [
            between("secreted at rest over fusions x vesicles per body x share that detaches", rest.secretion()[-1] / factors, 1 - LITTLE, 1 + LITTLE),
            below("made = in bodies + released + tethered + degraded, relative error", max(run.balance() for run in (rest, blocked, no_fusion)), BALANCE),
            above("secretion with blocked lysosomes over rest", fold, 1),
            between("the same against one over the fusing share", fold * share, 1 - LITTLE, 1 + LITTLE),
            between(f"the same against the range of {measured.id} ({measured.status}, not used by the model)", fold, low, high),
            below("secretion without fusion", no_fusion.secretion()[-1], BALANCE),
            above("bodies per cell without fusion over rest", no_fusion.pool("endosome_mvb")[-1] / rest.pool("endosome_mvb")[-1], 1),
        ]
