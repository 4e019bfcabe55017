"""Graded signalling: normalised-Hill gates, held so that a cell at rest stays at rest.

Activities lie between 0 and 1. What one input says (Kraeutler 2010, doi 10.1186/1752-0509-4-157) is

    f(x) = B x^n / (K^n + x^n),   f(0) = 0,  f(EC50) = 1/2,  f(1) = 1

With e = EC50^n the constants are K^n = e/(1 - 2e) and B = 1 + K^n, so that

    f(x) = (1 - e) / (e x^-n + 1 - 2e),     which exists only for e < 1/2

An edge of weight w brings s = w f(x). With the raising inputs a and the lowering ones h of a node, the drive is

    F = ((1 - g) (1 - prod(1 - a)) + g prod(a)) prod(1 - h)        g = 0: any of them is enough (OR), g = 1: all are needed (AND)

and F = prod(1 - h) where nothing raises the node. Inputs that no model holds, as strong as b, are there as well: F' = b + (1 - b) F.
Kraeutler's node relaxes to W F. Here the resting activity r of every node is known (or drawn) before the drive is, and the node answers to the odds of its drive:

    tau dy/dt = Y - y,     Y/(1 - Y) = (r/(1 - r)) (F'/(1 - F')) / (F'_0/(1 - F'_0)),     y(0) = r

with F'_0 the drive at rest. Rest is a fixed point by construction, whatever the weights; the sign of every edge is kept; no drive drives everything
away, full drive gives full activity, and nothing leaves [0, 1], without clipping.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sympy

from vesicle.network.types import Gate

LEAST = 1e-12
"""Added to every activity that is read, so that none is a division by zero."""
MOST_AT_HALF = 0.45
"""Largest EC50^n: the normalised Hill law exists only below one half."""


def half_power(n: sympy.Expr, ec50: sympy.Expr) -> sympy.Expr:
    """e = EC50^n, kept below the bound of the law."""
    return sympy.Min(ec50**n, sympy.Float(MOST_AT_HALF), evaluate=False)


def hill(x: Any, n: Any, half: Any) -> Any:
    """f(x) with ``half`` = EC50^n; for numbers, arrays and expressions alike."""
    return (1 - half) / (half * (x + LEAST) ** (-n) + 1 - 2 * half)


def drive(raising: Sequence[Any], lowering: Sequence[Any], all_needed: Any, background: Any) -> Any:
    """F' from the weighted inputs, ``all_needed`` being the switch g and ``background`` b; for numbers, arrays and expressions alike."""
    held_back = math.prod((1 - h for h in lowering), start=1)
    heard = held_back
    if raising:
        any_of_them = 1 - math.prod((1 - a for a in raising), start=1)
        heard = ((1 - all_needed) * any_of_them + all_needed * math.prod(raising, start=1)) * held_back
    return background + (1 - background) * heard


def odds_of(driven_at_rest: Any, rest: Any) -> Any:
    """q = (r/(1 - r)) / (F'_0/(1 - F'_0)); for numbers, arrays and expressions alike."""
    return rest * (1 - driven_at_rest) / ((1 - rest) * driven_at_rest)


def settled(driven: Any, odds: Any) -> Any:
    """Y, where a node of such odds settles under a drive, Y/(1 - Y) = q F'/(1 - F'); for numbers, arrays and expressions alike."""
    return 1 / (1 + (1 / driven - 1) / odds)


def rates(gate: Gate, activity: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """How fast a gate's node rises and falls [1/h]; their difference is dy/dt."""
    return gate.aim / gate.tau, activity / gate.tau
