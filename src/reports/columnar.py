"""A report as Parquet: one table of every section's rows, named in the file's metadata."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from .issue import Issue

_PREFIX = "guanjia."


def write(issue: Issue) -> bytes:
    """Return the report; what names it is metadata of the schema, ``guanjia.report`` and so on."""
    tables = [block.table() for block in issue.printed()]
    table = pa.concat_tables(tables, promote_options="permissive")
    named = {f"{_PREFIX}{name}": value for name, value in issue.provenance().items()}
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(named), sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read(content: bytes) -> dict[str, str]:
    """Return what names the report in a file; nothing when its metadata do not."""
    found = pq.read_schema(pa.BufferReader(content)).metadata or {}
    texts = {name.decode(): value.decode() for name, value in found.items()}
    return {
        name.removeprefix(_PREFIX): value
        for name, value in texts.items()
        if name.startswith(_PREFIX)
    }
