"""Prior networks: who acts on whom and with which sign, before any measurement, and what a recipient expresses.

The hand-curated core is always there; copyleft tables and the user's imports stand beside it, each edge with its origin. Nothing is merged: two tables that disagree
are two edges.
"""

from vesicle.evidence.priors.edges import BETWEEN_CELLS, Edge, can_have, core, edges_of, network, regulon, shown_by_claims
from vesicle.evidence.priors.expression import expression_in, recipient, stands_for
from vesicle.evidence.priors.targets import Target, targets_of

__all__ = ["BETWEEN_CELLS", "Edge", "Target", "can_have", "core", "edges_of", "expression_in", "network", "recipient", "regulon", "shown_by_claims", "stands_for", "targets_of"]
