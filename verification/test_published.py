"""Published experiments, each judged without the measurements of its own source."""

import pytest

from vesicle.evidence import shipped
from vesicle.runs import documents
from vesicle.runs.execute import execute

EXPERIMENTS = {"D10": "pancreas-kras", "D19": "breast-mir100-well"}


@pytest.mark.parametrize(("experiment", "scenario"), EXPERIMENTS.items())
def test_report_is_judged_without_its_own_measurements(experiment, scenario):
    library = shipped().without(experiment=experiment)
    outcome = execute(scenario, samples=100, library=library)
    for mark in outcome.marks:
        print(experiment, mark["reference"], "agreement:", mark["agreement"], "carry:", mark["carry"], "unexplained:", mark["unexplained"])
    used = {r for item in documents.parameters(outcome) for r in item["records"]}
    own = {m.id for m in shipped().measurements if m.source_experiment == experiment}
    assert not used & own
    assert all(mark["carry"] in ("carried", "not carried", "undetermined") for mark in outcome.marks)
    assert not any(mark["unexplained"] and mark["carry"] != "not carried" for mark in outcome.marks)
