"""Databases that a user imports: one file per format, each turning its lines into normalised rows.

An importer says what the columns of a published table are called and what one line means; reading, storing,
checksums and search are the same for all (:mod:`vesicle.evidence.imports.store`). Importers are found over this
room, others by the entry point ``vesicle.readers``.
"""

from vesicle.evidence.imports.base import KINDS, Importer, Kind
from vesicle.evidence.imports.registry import all_importers

__all__ = ["KINDS", "Importer", "Kind", "all_importers"]
