"""D23: stem cell exosomes of myeloma patients and of healthy donors on myeloma cells (Roccaro 2013)."""

from judge import Experiment, Line, change, direction, shown

GROWTH = "level:proliferation"

EXPERIMENT = Experiment(
    id="D23",
    title="Marrow stem cell exosomes of patients and of healthy donors",
    reference="X38",
    own=("Roccaro2013",),
    scenario="myeloma-msc-well",
    lines=(
        Line("proliferation, exosomes of healthy donors", change("healthy_exosome", "vehicle", GROWTH), direction("-")),
        Line("proliferation, exosomes of patients", change("patient_exosome", "vehicle", GROWTH), direction("+")),
        Line("proliferation, exosomes of patients over those of healthy donors", change("patient_exosome", "healthy_exosome", GROWTH), direction("+")),
        Line("proliferation, healthy donors, if it came to every cell", change("healthy_delivered", "vehicle", GROWTH), shown()),
        Line("proliferation, patients, if it came to every cell", change("patient_delivered", "vehicle", GROWTH), shown()),
        Line("apoptosis, healthy donors, if it came to every cell", change("healthy_delivered", "vehicle", "level:apoptosis"), shown()),
        Line("apoptosis, patients over healthy donors, if it came to every cell", change("patient_delivered", "healthy_delivered", "level:apoptosis"), shown()),
    ),
    note="Without the records of its own source nobody says how miR-15a and CCL2 differ between the donors; IL-6 is higher and fibronectin lower by independent works, "
    "sizes assumed.",
    not_judged="that miR-15a put back restores the inhibition (no arm gives it), IL-6 and CCL2 in the vesicles (records, not results).",
)
