"""Streams with an event that cannot be taken are parked: their later events are passed over.

What was taken of them before stays, marked stale; everything else goes on. An event cannot be
taken when its bytes are no JSON, when this release does not know its topic, or when a row of it
lacks a part of its key.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from . import composer
from .composer import Facts

TABLE = "stream varchar, version integer, position bigint, topic varchar, error varchar"

PARK = """
    insert into parked_streams
    select stream, version, position, topic, error
    from ({faults})
    where stream not in (select parked_streams.stream from parked_streams)
    qualify row_number() over (partition by stream order by version) = 1
"""
SKIP = """
    delete from batch using parked_streams
    where
        batch.originator_id = parked_streams.stream
        and batch.originator_version >= parked_streams.version
"""


def park(connection: duckdb.DuckDBPyConnection) -> None:
    """Park the streams of the batch's faults, and take parked streams out of the batch."""
    connection.execute(PARK.format(faults=composer.relations()["faults"]))
    connection.execute(SKIP)


def park_misshapen(
    connection: duckdb.DuckDBPyConnection, taken: Callable[[Facts], tuple[str, ...]]
) -> None:
    """Park the streams with rows that lack a part of their key, and take those rows away.

    ``taken`` names the tables that hold a fact table's rows; the first one has all new ones.
    """
    faults = " union all ".join(_misshapen(facts, taken(facts)[0]) for facts in _keyed())
    if not connection.execute(f"from ({faults}) limit 1").fetchone():
        return
    connection.execute(PARK.format(faults=faults))
    for facts in composer.facts():
        for table in taken(facts):
            if facts.of:
                connection.execute(
                    f"delete from {table} using parked_streams"  # noqa: S608 - names are our files' own
                    f" where {_stream(facts)} = parked_streams.stream"
                    f" and {table}.position >= parked_streams.position"
                )


def _keyed() -> list[Facts]:
    return [facts for facts in composer.facts() if facts.key and facts.of]


def _misshapen(facts: Facts, table: str) -> str:
    lacking = " or ".join(f"{column} is null" for column in facts.key)
    return (
        f"select {_stream(facts)} as stream, version, position,"  # noqa: S608 - names are our files' own
        f" null::varchar as topic, 'unknown_shape' as error from {table} where {lacking}"
    )


def _stream(facts: Facts) -> str:
    """Return the SQL of the stream whose fact it is."""
    if facts.of == composer.ANY:
        return "kind || ':' || subject"
    return f"'{facts.of[0]}:' || {facts.of[0]}"
