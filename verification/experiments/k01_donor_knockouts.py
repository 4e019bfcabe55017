"""K01: parts of the donor cell taken away one at a time, from many works."""

from judge import Experiment, Line, change, direction, disputed, fold, magnitude, null, order, value, values

from vesicle.evidence import shipped


def published(record):
    """The range of a record, as a magnitude."""
    return magnitude(*shipped().by_id[record].range())


def left(arm):
    """Fold of what is released against the unperturbed donor."""
    return fold(arm, "rest", "released")


EXPERIMENT = Experiment(
    id="K01",
    title="Knock-outs in the donor",
    reference="synthesis",
    scenario="donor-knockouts",
    note="A knock-out is complete and a published knock-down is not. Ranges are recalled, not read. Each line is calibration where it moves with the record that its work gave.",
    lines=(
        Line("without SAND1 (MON1A, MON1B): released", value("sand1_lost", "released"), null(by_construction=True)),
        Line("without SNAP23: released", value("snap23_lost", "released"), null(by_construction=True)),
        Line("without any of the three routes: released", value("all_routes_lost", "released"), null(by_construction=True)),
        Line("without HIF1A in air", change("hif1a_lost", "rest", "released"), null()),
        Line("RAB27A knocked down", left("rab27a_low"), published("M-0059"), own=("M-0059",)),
        Line("without ESCRT-0 (HGS)", left("escrt_0_lost"), published("M-1350")),
        Line("without ESCRT-I (TSG101)", left("escrt_1_lost"), published("M-1351")),
        Line("SMPD3 blocked (GW4869)", left("smpd3_lost"), published("M-0060"), own=("M-1038",)),
        Line("without tetraspanins", left("tetraspanins_lost"), published("M-1354")),
        Line("lysosomes blocked", change("lysosome_blocked", "rest", "released"), direction("+")),
        Line("lysosomes blocked, fold", left("lysosome_blocked"), published("M-0042")),
        Line("ESCRT-I and SMPD3, SMPD3, none lost", values("released", "escrt_smpd3_lost", "smpd3_lost", "rest"), order("both < SMPD3 < none")),
        Line("without VPS4", left("vps4_lost"), disputed("less (M-1353) and more (M-1352) are published")),
        Line("without RAB7A", left("rab7_lost"), disputed("needed for maturation, and without effect in HeLa")),
    ),
)
