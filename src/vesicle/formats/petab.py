"""PEtab version 1: one estimation problem per arm, in a folder of its own.

Arms are problems and not conditions, because they differ in structure (other particles, other
species), which a condition cannot say. What each file holds:

- parameters: every parameter of the arm. What is measured is estimated: bounds are the 5 and 95 %
  points of its spread, the scale is log10 where the spread is logarithmic. A prior is written where
  PEtab has the same law (one log-normal, normal, uniform or log-uniform component); a mixture of
  sources or a logit-normal has bounds only. Switches between rival structures stay at their nominal value.
- observables: every readout. The noise is ``noiseParameter1``, which each measurement brings.
- measurements: a user's own data, or no rows. Nothing is simulated and called data.

A log-normal whose two sides differ is written with the mean of both, ln(high/low) / (2 z), z = 1.645.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from vesicle.formats import sbml_writer
from vesicle.formats.base import Subject, Writer
from vesicle.model.assembly import Model
from vesicle.model.sbml import observable_id
from vesicle.network.spread import Z95, Component, Spread
from vesicle.network.types import Parameter

PARAMETERS = (
    "parameterId", "parameterName", "parameterScale", "lowerBound", "upperBound", "nominalValue", "estimate",
    "objectivePriorType", "objectivePriorParameters",
)  # fmt: skip
OBSERVABLES = ("observableId", "observableName", "observableFormula", "observableTransformation", "noiseFormula", "noiseDistribution")
MEASUREMENTS = ("observableId", "simulationConditionId", "measurement", "time", "noiseParameters")
DATA = ("arm", "readout", "time_h", "value", "sd")
"""Columns of a user's own data."""
GRID = 400
_LOGARITHMIC = ("lognormal", "loguniform")


class Petab(Writer):
    """See the module."""

    format: ClassVar[str] = "petab"

    def files(self, subject: Subject) -> dict[str, bytes]:
        out: dict[str, bytes] = {}
        for arm, model in subject.models.items():
            rows = [row for row in subject.data if row["arm"] == arm]
            out |= {f"{arm}/{name}": content for name, content in _problem(subject, model, rows).items()}
        return out


def _problem(subject: Subject, model: Model, rows: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    set_here = model.network.arm.set
    parameters = [_parameter(p, set_here.get(p.id)) for p in model.network.parameters]
    observables = [
        (_id(o.id), f"{o.id} [{o.unit}]", observable_id(o.id), "lin", f"noiseParameter1_{_id(o.id)}", "normal") for o in model.network.observables
    ]  # fmt: skip
    measured = [(_id(row["readout"]), model.arm, repr(row["value"]), repr(row["time_h"]), repr(row["sd"])) for row in rows]
    return {
        "problem.yaml": _yaml(subject, model).encode(),
        "model.xml": sbml_writer.document(subject, model),
        "parameters.tsv": _table(PARAMETERS, parameters),
        "conditions.tsv": _table(("conditionId", "conditionName"), [(model.arm, subject.scenario.arms[model.arm].label or model.arm)]),
        "observables.tsv": _table(OBSERVABLES, observables),
        "measurements.tsv": _table(MEASUREMENTS, measured),
    }


def _yaml(subject: Subject, model: Model) -> str:
    files = ("sbml_files: [model.xml]", "condition_files: [conditions.tsv]", "observable_files: [observables.tsv]", "measurement_files: [measurements.tsv]")
    body = "\n    ".join(files)
    return f"# {subject.note}, arm {model.arm}\nformat_version: 1\nparameter_file: parameters.tsv\nproblems:\n  - {body}\n"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in (columns, *rows)).encode()


def _id(readout: str) -> str:
    return observable_id(readout).replace("obs_", "y_", 1)


def _parameter(parameter: Parameter, held: float | None) -> tuple[str, ...]:
    """One line of the parameter table."""
    name = f"{parameter.id} [{parameter.unit}]" + (f" {', '.join(parameter.records)}" if parameter.records else "")
    nominal = parameter.value if held is None else held
    if held is not None or not is_estimated(parameter):
        return (parameter.id, name, "lin", "", "", repr(float(nominal)), "0", "", "")
    assert parameter.spread is not None
    low, high = bounds(parameter.spread)
    scale = "log10" if low > 0 and all(c.kind in _LOGARITHMIC for c in parameter.spread.components) else "lin"
    return (parameter.id, name, scale, repr(low), repr(high), repr(float(nominal)), "1", *prior(parameter.spread))


def is_estimated(parameter: Parameter) -> bool:
    """Whether data may move it: it has a spread of its own, and is no switch and no variability between subjects."""
    if parameter.spread is None or parameter.level != "uncertainty" or parameter.quantity == "rival":
        return False
    low, high = bounds(parameter.spread)
    return low < high


def bounds(spread: Spread) -> tuple[float, float]:
    """The 5 and 95 % points of a mixture, from equally likely points of each component."""
    probabilities = [(i + 0.5) / GRID for i in range(GRID)]
    if len(spread.components) == 1:
        only = spread.components[0]
        return only.at(0.05), only.at(0.95)
    points = sorted((c.at(p), c.weight / GRID) for c in spread.components for p in probabilities)
    return _quantile(points, 0.05), _quantile(points, 0.95)


def _quantile(points: Sequence[tuple[float, float]], probability: float) -> float:
    total, wanted = 0.0, probability * sum(weight for _, weight in points)
    for value, weight in points:
        total += weight
        if total >= wanted:
            return value
    return points[-1][0]


def prior(spread: Spread) -> tuple[str, str]:
    """PEtab's name and numbers of a law that it shares; two empty cells otherwise."""
    if len(spread.components) != 1 or spread.components[0].kind not in _PRIORS:
        return "", ""
    only = spread.components[0]
    kind, first, second = _PRIORS[only.kind](only)
    return kind, f"{first!r};{second!r}"


_PRIORS: dict[str, Any] = {
    "lognormal": lambda c: ("logNormal", math.log(c.median), math.log(c.high / c.low) / (2 * Z95)),
    "normal": lambda c: ("normal", c.median, (c.high - c.low) * c.scale / (2 * Z95)),
    "uniform": lambda c: ("uniform", _ends(c)[0], _ends(c)[1]),
    "loguniform": lambda c: ("parameterScaleUniform", math.log10(_ends(c)[0]), math.log10(_ends(c)[1])),
}


def _ends(component: Component) -> tuple[float, float]:
    return component.low * component.scale, component.high * component.scale
