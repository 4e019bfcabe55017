"""D19: natural miR-100 of mesenchymal stem cell exosomes on breast cancer cells (Pakravan 2017)."""

from judge import Experiment, Line, change, direction

EXPERIMENT = Experiment(
    id="D19",
    title="Natural miR-100 of MSC exosomes lowers the mTOR axis",
    reference="Pakravan2017",
    scenario="breast-mir100-well",
    lines=(Line("MTOR mRNA, natural exosomes against medium", change("natural_exosome", "vehicle", "mRNA:MTOR"), direction("-")),),
)
