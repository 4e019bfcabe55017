"""SED-ML Level 1 Version 4: the simulation that goes with the models.

One uniform time course on the coarsest grid that holds every output time and the time of the
question, one task per arm, one report per readout with a column per arm, and one plot of the
question's readout. The algorithm is CVODE (KISAO:0000019) at the tolerances of a nominal run.
"""

from __future__ import annotations

import math
from fractions import Fraction
from xml.etree import ElementTree

from vesicle.engines.ode import STRICT_RTOL
from vesicle.errors import LimitError
from vesicle.formats.base import Subject
from vesicle.model.assembly import Model
from vesicle.model.sbml import observable_id

NAMESPACE = "http://sed-ml.org/sed-ml/level1/version4"
MATHML = "http://www.w3.org/1998/Math/MathML"
SBML = "http://www.sbml.org/sbml/level3/version2/core"
CVODE, RELATIVE = "KISAO:0000019", "KISAO:0000209"
TIME = "urn:sedml:symbol:time"
MOST_STEPS = 100_000
FINEST = 10_000
"""Times are told apart to a ten-thousandth of an hour."""


def steps(duration: float, every: float, at: float) -> int:
    """Number of equal steps [0, duration] whose ends include the multiples of ``every`` and ``at``.

    Raises
    ------
    LimitError
        When the times have no common grid of a useful size.
    """
    whole = [Fraction(t).limit_denominator(FINEST) for t in (duration, every, at) if t > 0]
    common = math.lcm(*(t.denominator for t in whole))
    step = math.gcd(*(int(t * common) for t in whole))
    count = int(whole[0] * common) // step
    if count > MOST_STEPS:
        raise LimitError(
            f"the output times {every:g} h and {at:g} h share no grid of at most {MOST_STEPS:,} steps in {duration:g} h; choose rounder times with --set observe_every."
        )
    return count


def document(subject: Subject, models: dict[str, str]) -> bytes:
    """The SED-ML of a subject; ``models`` is arm -> name of its SBML file."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(_tag("sedML"), {"level": "1", "version": "4"})
    root.append(ElementTree.Comment(f" {subject.note} "))
    _models(root, models)
    _simulation(root, subject)
    tasks = _list(root, "Tasks")
    for arm in models:
        ElementTree.SubElement(tasks, _tag("task"), {"id": f"task_{arm}", "modelReference": f"model_{arm}", "simulationReference": "course"})
    _generators(root, subject)
    _outputs(root, subject)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _list(parent: ElementTree.Element, what: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, _tag(f"listOf{what}"))


def _models(root: ElementTree.Element, models: dict[str, str]) -> None:
    group = _list(root, "Models")
    for arm, file in models.items():
        ElementTree.SubElement(group, _tag("model"), {"id": f"model_{arm}", "name": arm, "language": "urn:sedml:language:sbml.level-3.version-2", "source": file})


def _simulation(root: ElementTree.Element, subject: Subject) -> None:
    scenario = subject.scenario
    end = repr(float(scenario.duration))
    times = {"initialTime": "0", "outputStartTime": "0", "outputEndTime": end, "numberOfSteps": str(steps(scenario.duration, scenario.observe_every, scenario.question.at))}
    course = ElementTree.SubElement(_list(root, "Simulations"), _tag("uniformTimeCourse"), {"id": "course", **times})
    algorithm = ElementTree.SubElement(course, _tag("algorithm"), {"kisaoID": CVODE, "name": "CVODE"})
    ElementTree.SubElement(_list(algorithm, "AlgorithmParameters"), _tag("algorithmParameter"), {"kisaoID": RELATIVE, "value": repr(STRICT_RTOL)})


def _generators(root: ElementTree.Element, subject: Subject) -> None:
    group = _list(root, "DataGenerators")
    for arm, model in subject.models.items():
        _generator(group, f"time_{arm}", "time [h]", arm, {"symbol": TIME})
        for item in model.network.observables:
            target = f"/sbml:sbml/sbml:model/sbml:listOfParameters/sbml:parameter[@id='{observable_id(item.id)}']"
            _generator(group, _id(arm, item.id), f"{item.id} [{item.unit}], {arm}", arm, {"target": target, "xmlns:sbml": SBML})


def _generator(group: ElementTree.Element, identity: str, name: str, arm: str, what: dict[str, str]) -> None:
    generator = ElementTree.SubElement(group, _tag("dataGenerator"), {"id": identity, "name": name})
    ElementTree.SubElement(_list(generator, "Variables"), _tag("variable"), {"id": f"v_{identity}", "taskReference": f"task_{arm}", **what})
    math_element = ElementTree.SubElement(generator, "math", {"xmlns": MATHML})
    ElementTree.SubElement(math_element, "ci").text = f" v_{identity} "


def _outputs(root: ElementTree.Element, subject: Subject) -> None:
    group = _list(root, "Outputs")
    for name, arms in _by_readout(subject).items():
        report = ElementTree.SubElement(group, _tag("report"), {"id": f"report_{_word(name)}", "name": name})
        sets = _list(report, "DataSets")
        columns = [(f"time_{arms[0]}", "time"), *((_id(arm, name), arm) for arm in arms)]
        for generator, label in columns:
            ElementTree.SubElement(sets, _tag("dataSet"), {"id": f"set_{_word(name)}_{label}", "label": label, "dataReference": generator})
    asked = subject.scenario.question.readout
    arms = _by_readout(subject).get(asked, [])
    if arms:
        plot = ElementTree.SubElement(group, _tag("plot2D"), {"id": "plot_question", "name": f"{asked} of all arms"})
        curves = _list(plot, "Curves")
        for arm in arms:
            ends = {"xDataReference": f"time_{arm}", "yDataReference": _id(arm, asked)}
            ElementTree.SubElement(curves, _tag("curve"), {"id": f"curve_{arm}", "name": arm, **ends})


def _by_readout(subject: Subject) -> dict[str, list[str]]:
    """Readout -> the arms that have it, in order."""
    out: dict[str, list[str]] = {}
    for arm, model in subject.models.items():
        for item in _readouts(model):
            out.setdefault(item, []).append(arm)
    return out


def _readouts(model: Model) -> list[str]:
    return [item.id for item in model.network.observables]


def _word(name: str) -> str:
    return observable_id(name).removeprefix("obs_")


def _id(arm: str, readout: str) -> str:
    return f"y_{arm}__{_word(readout)}"
