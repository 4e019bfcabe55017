"""K03: Table 2 of the second review, each row predicted by the wiring without its own source."""

from dataclasses import replace

import numpy as np
from judge import Experiment, Line, direction

from vesicle.systems.immune_panel import Panel, no_way, statements


def perform(library, samples):
    """Statement -> (n,) changes of what it reads; zeros where nothing leads to it."""
    panel = Panel(library, draws=samples)
    return {s: np.zeros(samples) if (change := panel.change(s)) is None else change for s in statements()}


def read(statement):
    """What a statement reads."""
    return lambda found: found[statement]


def answered(sign):
    """The sign of a change; that nothing leads there is no evidence, so it answers no zero, and a sign that is expected is missed."""
    expected = direction(sign)
    return expected if sign != "0" else replace(expected, mark=lambda draws: "not called" if no_way(draws) else expected.mark(draws))


EXPERIMENT = Experiment(
    id="K03",
    title="Stem-cell vesicles on immune cells, Table 2 of the second review",
    reference="xunian2020",
    perform=perform,
    lines=tuple(Line(f"row {s.row} ({s.reference}): {s.read}{' - ' + s.note if s.note else ''}", read(s), answered(s.supported)) for s in statements()),
    note="As if delivery were effective: the strongest cargo of the outside and of the lumen at ten times its half effect in the cell that takes up most. A zero to which nothing "
    "leads is not called (`no evidence` in vesicle systems E3 to E8). Always naming suppression has 35 of the 40 statements right.",
)
