"""Streams with an event that cannot be taken are parked: their later events are passed over.

What was taken of them before stays, marked stale; everything else goes on. An event cannot be
taken when its bytes are no JSON, when this release does not know its topic, or when a row of it
lacks a part of its key.
"""

from __future__ import annotations

from collections.abc import Callable

from . import composer
from .composer import Facts
from .connection import Target

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


def park() -> str:
    """Return what parks the streams of the batch's faults; ``SKIP`` takes them out of the batch."""
    return PARK.format(faults=composer.relations()["faults"])


def misshapen(table_of: Callable[[Facts], str]) -> str:
    """Return what finds the streams with rows that lack a part of their key.

    ``table_of`` names the table that holds a fact table's new rows.
    """
    keyed = [facts for facts in composer.facts() if facts.key and facts.of]
    return " union all ".join(_misshapen(facts, table_of(facts)) for facts in keyed)


def park_misshapen(
    connection: Target, faults: str, tables_of: Callable[[Facts], list[str]]
) -> None:
    """Park the streams of the faults that ``misshapen`` finds, and take their rows away.

    ``tables_of`` names the tables that hold a fact table's rows.
    """
    connection.execute(PARK.format(faults=faults))
    for facts in composer.facts():
        for table in tables_of(facts) if facts.of else ():
            connection.execute(
                f"delete from {table} using parked_streams"  # noqa: S608 - names are our files' own
                f" where {composer.stream_of(facts.of)} = parked_streams.stream"
                f" and {table}.position >= parked_streams.position"
            )


def _misshapen(facts: Facts, table: str) -> str:
    lacking = " or ".join(f"{column} is null" for column in facts.key)
    stream = composer.stream_of(facts.of)
    return (
        f"select {stream} as stream, version, position,"  # noqa: S608 - names are our files' own
        f" null::varchar as topic, 'unknown_shape' as error from {table} where {lacking}"
    )
