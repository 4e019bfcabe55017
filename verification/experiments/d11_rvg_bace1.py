"""D11: BACE1 siRNA in RVG exosomes, cortex of the mouse (Alvarez-Erviti 2011)."""

from judge import Experiment, Line, change, direction, magnitude, null, paired, shown, values

BACE1, PROTEIN = "mRNA:BACE1", "protein:BACE1"
TREATED = change("rvg_bace1", "untreated", BACE1)


def lost(arm, readout):
    """(n,) share of a readout that an arm has lost."""
    return lambda outcome: -change(arm, "untreated", readout)(outcome)


def in_brain(arm):
    """(n,) per cent of the given vesicles that pass into the brain, net of those that go back, by the end."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        passed, given = (ensemble.extent(step, arm)[:, -1] for step in ("at_tumour", "given"))
        return paired(ensemble, 100 * passed / given)

    return of


def gain(outcome):
    """(n,) vesicles with RVG in the brain over those without, draw against draw."""
    return in_brain("rvg_bace1")(outcome) / in_brain("plain_bace1")(outcome)


def apart(outcome):
    """(n,) share of protein lost less share of mRNA lost."""
    mrna, protein = values(BACE1, "rvg_bace1")(outcome)[0], values(PROTEIN, "rvg_bace1")(outcome)[0]
    return mrna - protein


EXPERIMENT = Experiment(
    id="D11",
    title="BACE1 siRNA in RVG exosomes, by vein, against the cortex",
    reference="AlvarezErviti2011",
    scenario="brain-bace1",
    lines=(
        Line("BACE1 mRNA, RVG exosomes against nothing", TREATED, direction("-")),
        Line("BACE1 protein, RVG exosomes against nothing", change("rvg_bace1", "untreated", PROTEIN), direction("-")),
        Line("BACE1 mRNA lost at day 3 (reported 0.60)", lost("rvg_bace1", BACE1), magnitude(0.45, 0.75), effect=True),
        Line("BACE1 protein lost less mRNA lost (reported within 0.1; where nothing is lost this says nothing)", apart, shown()),
        Line("BACE1 mRNA, scrambled siRNA in RVG exosomes", change("rvg_scrambled", "untreated", BACE1), null(), treated=TREATED),
        Line("BACE1 mRNA, exosomes without RVG", change("plain_bace1", "untreated", BACE1), null(0.15), treated=TREATED),
        Line("BACE1 mRNA, free siRNA", change("free_bace1", "untreated", BACE1), null(0.15), treated=TREATED),
        Line("vesicles with RVG that pass into the brain, per cent of those given", in_brain("rvg_bace1"), shown()),
        Line("vesicles without RVG that pass into the brain, per cent of those given", in_brain("plain_bace1"), shown()),
        Line("gain of RVG in the brain", gain, shown()),
    ),
    note=(
        "How many receptors of RVG brain endothelium shows and what share it lets through were never measured (M-1644, M-1648), and unmodified vesicles "
        "pass as in Banks 2020 (M-1640). "
        "That aggregates of siRNA enter less than vesicles is assumed (M-1704); with the influx of vesicles the carry is undetermined. "
        "A control is empty where nothing arrives."
    ),
)
