"""K02: Table 2 of the second review, each row predicted by the wiring without its own source."""

import numpy as np
from judge import Experiment, Line, direction

from vesicle.systems.immune_panel import Panel, statements


def perform(library, samples):
    """Statement -> (n,) changes of what it reads; zeros where nothing leads to it."""
    panel = Panel(library, draws=samples)
    return {s: np.zeros(samples) if (change := panel.change(s)) is None else change for s in statements()}


def read(statement):
    """What a statement reads."""
    return lambda found: found[statement]


EXPERIMENT = Experiment(
    id="K03",
    title="Stem-cell vesicles on immune cells, Table 2 of the second review",
    reference="xunian2020",
    perform=perform,
    lines=tuple(Line(f"row {s.row} ({s.reference}): {s.read}{' - ' + s.note if s.note else ''}", read(s), direction(s.supported)) for s in statements()),
    note="As if delivery were effective: the strongest cargo of the outside and of the lumen at ten times its half effect in the cell that takes up most. A zero may also mean "
    "that nothing leads there (`no evidence` in vesicle systems E3 to E8). Always naming suppression has 35 of the 40 statements right.",
)
