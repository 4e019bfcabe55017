"""Parameters of laws of growth and the records that know them: how a parameter is written as a record, and what the records say as a prior."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vesicle import units
from vesicle.errors import ModelError
from vesicle.evidence import matching
from vesicle.evidence.library import Library
from vesicle.inference.growth.question import TIME, VOLUME, Asked
from vesicle.inference.priors import LogPrior
from vesicle.mechanisms.phenotype.growth_curves import GrowthLaw, LawParameter

UNITS = {"1/time": f"1/{TIME}", "volume/time": f"{VOLUME}/{TIME}", "volume": VOLUME, "1/(time*area)": f"1/({TIME}*mm2)"}
"""Dimension of a parameter of a law -> its unit."""


@dataclass(frozen=True)
class Recorded:
    """How a parameter of a law is written as a record: its quantity, its unit, and x = factor * (the record's number)^power."""

    quantity: str
    unit: str
    factor: float
    power: int = 1

    def number(self, x: float) -> float:
        """The record's number of a parameter."""
        return float((x / self.factor) ** self.power)


def recorded(parameter: LawParameter, library: Library, has_inoculum: bool) -> Recorded:
    """How a parameter of a law is written as a record."""
    unit = UNITS[parameter.dimension]
    if parameter.quantity == "doubling_time":
        return Recorded("doubling_time", TIME, math.log(2), -1)
    if parameter.quantity == "linear_growth_rate":
        density = matching.match(library, "tissue_density", {}).records[0]
        return Recorded("linear_growth_rate", f"g/{TIME}", 1 / units.convert(density.value, density.unit, f"g/{VOLUME}"))
    if parameter.quantity == "gompertz_initial_growth_rate" and not has_inoculum:
        return Recorded("growth_rate_at_first_volume", unit, 1.0)
    if parameter.dimension == "volume":
        return Recorded(parameter.quantity, "uL", units.convert(1.0, "uL", unit))
    return Recorded(parameter.quantity, unit, 1.0)


def priors_of(law: GrowthLaw, asked: Asked, library: Library, checksum: str) -> tuple[dict[int, LogPrior], list[str]]:
    """What the records say about the median of each parameter, without those that were fitted to the same data, and notes."""
    mine = library.without_fitted_to(checksum)
    out, notes = {}, []
    if mine is not library:
        notes.append("records that were fitted to these data are left out of the priors")
    context = {name: value for name, value in (("species", asked.species), ("cell", asked.cell)) if value}
    for k, parameter in enumerate(law.parameters, start=1):
        as_record = recorded(parameter, library, asked.inoculum is not None)
        method = {"method": "in vivo"} if as_record.quantity == "doubling_time" else {}
        try:
            found = matching.parameter(mine, parameter.name, as_record.quantity, as_record.unit, {**context, **method})
        except ModelError:
            notes.append(f"no record answers '{as_record.quantity}' for {asked.cell or 'any cell'}; {parameter.name} has no prior")
            continue
        assert found.spread is not None  # a matched parameter has one
        prior = LogPrior(found.spread, found.records, as_record.factor, as_record.power)
        if not prior.has_width:
            notes.append(f"{', '.join(found.records)} state no range; {parameter.name} has no prior")
            continue
        out[k] = prior
        notes.append(f"prior of {parameter.name}: {', '.join(found.records)} ({found.status}{', borrowed: ' + found.borrowed if found.borrowed else ''})")
    return out, notes
