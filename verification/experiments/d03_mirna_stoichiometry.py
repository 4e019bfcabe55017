"""D03: copies of one abundant miRNA per exosome (Chevillet 2014)."""

from judge import Experiment, Line, magnitude, null, shown, value

from vesicle.evidence import shipped
from vesicle.readouts.per_vesicle import share_loaded

READOUT = "copies_per_vesicle:hsa_miR_21_5p"
JACKPOT = shipped().by_id["M-1346"].value


def loaded(jackpot=None):
    """Share of vesicles with at least one copy, copies spread by chance or all in few vesicles."""
    return lambda outcome: share_loaded(value("natural", READOUT)(outcome), jackpot)


EXPERIMENT = Experiment(
    id="D03",
    title="Copies of an abundant miRNA per exosome",
    reference="Chevillet2014",
    scenario="mirna-stoichiometry",
    note="Copies follow from the cytosol that closes into a vesicle and from the ways of sorting; no measured count per vesicle is put in.",
    lines=(
        Line("copies per exosome", value("natural", READOUT), magnitude(1e-4, 0.03)),
        Line("copies per exosome without sorting", value("passive", READOUT), shown()),
        Line("share of exosomes with a copy, spread by chance", loaded(), shown()),
        Line("share of exosomes with a copy, all copies in few", loaded(JACKPOT), shown()),
        Line("copies per exosome without the miRNA", value("absent", READOUT), null(1e-9, by_construction=True)),
    ),
)
