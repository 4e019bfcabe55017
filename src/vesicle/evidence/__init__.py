"""What is known: claims, measurements and references, each with its source.

The records live in ``records/``; this room reads them strictly, finds the ones that answer a
question in a context, and never averages a disagreement away.
"""

from vesicle.evidence.library import Library, shipped

__all__ = ["Library", "shipped"]
