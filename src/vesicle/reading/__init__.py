"""The one door for strangers' files: bytes, text, rows, database tables and YAML trees, each with limits.

Nothing here knows what a file means; it only makes sure that what comes in is finite, text,
well formed and located, so that the room that owns the meaning can complain about a line.
``rows`` reads Vesicle's own tables, ``open_table`` those of databases.
"""

from vesicle.reading.databases import Layout, Line, Table, checksum, open_table
from vesicle.reading.files import MAX_BYTES, decode, read_bytes, read_text
from vesicle.reading.rows import MAX_CELL, Row, iter_rows, rows, table_text
from vesicle.reading.trees import MAX_DEPTH, MAX_YAML_BYTES, Node, yaml_text, yaml_tree

__all__ = [
    "MAX_BYTES", "MAX_CELL", "MAX_DEPTH", "MAX_YAML_BYTES", "Layout", "Line", "Node", "Row", "Table",
    "checksum", "decode", "iter_rows", "open_table", "read_bytes", "read_text", "rows", "table_text", "yaml_text", "yaml_tree",
]  # fmt: skip
