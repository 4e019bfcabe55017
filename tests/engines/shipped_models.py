"""Shipped scenarios assembled once per process; tests of one scenario run in one process (``--dist loadgroup``)."""

import functools

import pytest

from vesicle.evidence import shipped
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load, shipped_names


@functools.cache
def models(name):
    """Every arm of a shipped scenario."""
    return assemble(load(name), shipped())


def unlike(name):
    """Arms of a scenario that differ in structure: one of those whose flows, rules and observables have the same names."""
    found = {}
    for arm, model in models(name).items():
        found.setdefault((frozenset(f.id for f in model.flat.flows), frozenset(r.id for r in model.network.rules), frozenset(o.id for o in model.network.observables)), arm)
    return list(found.values())


EVERY_SCENARIO = pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in shipped_names()])
ARMS = [(name, arm) for name in shipped_names() for arm in load(name).arms]
EVERY_ARM = pytest.mark.parametrize(("name", "arm"), [pytest.param(*one, marks=pytest.mark.xdist_group(one[0]), id="-".join(one)) for one in ARMS])
