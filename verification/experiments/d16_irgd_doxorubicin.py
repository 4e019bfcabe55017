"""D16: doxorubicin in iRGD exosomes against MDA-MB-231 tumours (Tian 2014)."""

from judge import Experiment, Line, change, direction, fold, null, order, shown, values

VOLUME, EXPOSURE = "tumour_volume", "drug_exposure:doxorubicin"


def smaller(outcome):
    """(n_arm, n) one over the volume: free drug, without ligand, with ligand."""
    return 1 / values(VOLUME, "free_drug", "plain_drug", "irgd_drug")(outcome)


EXPERIMENT = Experiment(
    id="D16",
    title="Doxorubicin in iRGD exosomes, by vein",
    reference="Tian2014",
    scenario="breast-irgd-doxorubicin",
    lines=(
        Line("tumour volume, iRGD exosomes with drug against vehicle", change("irgd_drug", "vehicle", VOLUME), direction("-")),
        Line("tumour volume, free drug against vehicle", change("free_drug", "vehicle", VOLUME), direction("-")),
        Line("tumour shrinks: free drug < exosomes without ligand < iRGD exosomes", smaller, order("rises in this order")),
        Line("tumour volume, iRGD exosomes against exosomes without ligand", change("irgd_drug", "plain_drug", VOLUME), direction("-")),
        Line("tumour volume, iRGD exosomes against free drug", change("irgd_drug", "free_drug", VOLUME), direction("-")),
        Line("tumour volume, empty iRGD exosomes", change("irgd_empty", "vehicle", VOLUME), null(by_construction=True), treated=change("irgd_drug", "vehicle", VOLUME)),
        Line("free drug at cancer cells, iRGD exosomes over free drug", fold("irgd_drug", "free_drug", EXPOSURE), shown()),
        Line("free drug at cancer cells, iRGD over no ligand", fold("irgd_drug", "plain_drug", EXPOSURE), shown()),
    ),
    note=(
        "Everything reported is recalled. The 15 to 25 % of loading is the share of offered drug that was taken up, which the model does not compute, so it is no line. "
        "In the model phagocytes take most exosomes and give a share of the drug back (M-1702, assumed); a free drug leaves vessels by itself."
    ),
)
