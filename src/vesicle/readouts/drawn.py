"""Expressions over the parameters of a site, for the nominal values and for draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import sympy

from vesicle.engines.lean import evaluate
from vesicle.engines.program import draw_matrix
from vesicle.evidence.site import Site
from vesicle.readouts.ensemble import Array


def drawn(site: Site, expressions: Mapping[str, sympy.Expr], draws: int, seed: int = 1) -> dict[str, Array]:
    """(1 + draws,) values of each expression; row 0 is nominal, and sites that ask for the same parameter share it in the same draw."""
    parameters = tuple(site.parameters.values())
    found = evaluate({name: sympy.sympify(e) for name, e in expressions.items()}, parameters, draw_matrix(parameters, seed, [-1, *range(draws)]))
    return {name: np.asarray(values, dtype=float) for name, values in found.items()}


def columns(site: Site, draws: int, seed: int = 1) -> dict[str, Array]:
    """(draws,) values of every parameter of the site, without the nominal ones."""
    matrix = draw_matrix(tuple(site.parameters.values()), seed, list(range(draws)))
    return {name: matrix[:, i] for i, name in enumerate(site.parameters)}


def told(values: Array) -> str:
    """Median with 5 and 95 % points of the draws behind row 0."""
    low, middle, high = np.quantile(values[1:], [0.05, 0.5, 0.95], method="inverted_cdf")
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"
