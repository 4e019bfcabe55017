"""D13: miR-146b exosomes into 9L gliomas of rats (Katakowski 2013)."""

from judge import Experiment, Line, change, direction, fold, magnitude, null

VOLUME = "tumour_volume"

EXPERIMENT = Experiment(
    id="D13",
    title="miR-146b exosomes into 9L gliomas",
    reference="Katakowski2013",
    own=("X95",),
    scenario="glioma-mir146b",
    lines=(
        Line("tumour volume, miR-146b exosomes against vehicle", change("mir146b", "vehicle", VOLUME), direction("-")),
        Line("tumour volume, miR-146b exosomes over vehicle", fold("mir146b", "vehicle", VOLUME), magnitude(0.4, 0.85, near=1.1), effect=True),
        Line("EGFR mRNA, miR-146b exosomes against vehicle", change("mir146b", "vehicle", "mRNA:EGFR"), direction("-")),
        Line("tumour volume, control miRNA exosomes", change("control_mirna", "vehicle", VOLUME), null(), treated=change("mir146b", "vehicle", VOLUME)),
        Line("tumour volume, exosomes of untreated donors", change("native", "vehicle", VOLUME), null(), treated=change("mir146b", "vehicle", VOLUME)),
    ),
    note=(
        "That miR-146b lowers EGFR rests on this work alone, to our knowledge (E-0995, recalled, left out of the core here), and stands in the scenario by its word: "
        "what is judged is dose and carry, not the target. It is followed into EGFR only. "
        "The dose of 50 ug is recalled, the hundredfold overexpression assumed (M-0069 says 5 to 1000)."
    ),
)
