"""The one door for strangers' files: bytes, text, rows, database tables, YAML trees and XML, each with limits.

Nothing here knows what a file means; it only makes sure that what comes in is finite, text,
well formed and located, so that the room that owns the meaning can complain about a line.
``rows`` reads Vesicle's own tables, ``open_table`` those of databases.
"""

from vesicle.reading.databases import Layout, Line, Table, checksum, open_table
from vesicle.reading.files import MAX_BYTES, decode, read_bytes, read_text
from vesicle.reading.limited import answer, limit_this_process
from vesicle.reading.rows import MAX_CELL, Row, check_cell, iter_rows, rows, table_text
from vesicle.reading.trees import MAX_DEPTH, MAX_YAML_BYTES, Node, yaml_text, yaml_tree
from vesicle.reading.xml import MAX_XML_BYTES, MAX_XML_DEPTH, Document, looks_like_xml, xml_bytes, xml_document

__all__ = [
    "MAX_BYTES", "MAX_CELL", "MAX_DEPTH", "MAX_XML_BYTES", "MAX_XML_DEPTH", "MAX_YAML_BYTES", "Document", "Layout", "Line", "Node", "Row", "Table",
    "answer", "check_cell", "checksum", "decode", "iter_rows", "limit_this_process", "looks_like_xml", "open_table", "read_bytes", "read_text", "rows", "table_text",
    "xml_bytes", "xml_document", "yaml_text", "yaml_tree",
]  # fmt: skip
