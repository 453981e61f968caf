"""The tables of a file of views, and how all of them are made from the facts."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import duckdb

from ..domain.messages import TOPICS
from ..domain.recording import UPCASTERS
from . import composer, parking
from .composer import Facts, Kept
from .connection import Target
from .errors import ViewsBroken

META = "definition varchar, position bigint, last varchar, newest timestamptz"
"""What was followed: the event reached, its digest, and the latest ``recorded_at`` of any."""

BATCH = {
    "position": "BIGINT",
    "originator_id": "VARCHAR",
    "originator_version": "INTEGER",
    "topic": "VARCHAR",
    "state": "VARCHAR",
    "fresh": "BOOLEAN",
    "happened_at": "TIMESTAMPTZ",
    "recorded_at": "TIMESTAMPTZ",
}
"""An event as it is worked on; ``fresh`` ones have no facts yet, a time is null if it is none."""

TIMED = """
    select
        * exclude (times),
        try_cast(times[1] as timestamptz) as happened_at,
        try_cast(times[2] as timestamptz) as recorded_at
    from (
        select *, try(json_extract_string(state, ['$.at', '$.recorded_at'])) as times
        from ({events})
    )
"""
"""Events with their times, read once: every fact has them."""

TAKE = f"insert into batch by name {TIMED}"


class Meta(NamedTuple):
    """By which definitions the tables were made, and the event they reach."""

    definition: str
    position: int
    last: str


def read_meta(connection: duckdb.DuckDBPyConnection) -> Meta:
    """Return what the database says of itself; an empty one follows nothing.

    Raises ``ViewsBroken`` for a database that is none of ours.
    """
    try:
        row = connection.execute("select definition, position, last from meta").fetchone()
    except duckdb.CatalogException:
        row = None
    except duckdb.Error:
        msg = "the views cannot be read; rebuild them"
        raise ViewsBroken(msg) from None
    return Meta(*row) if row else Meta("", 0, "")


TOUCHED = "kind varchar, subject varchar, stream_key ubigint"


def definition() -> str:
    """Return a digest of how the tables are made; another one asks for a rebuild."""
    texts = [duckdb.__version__, META, TIMED, parking.TABLE, parking.PARK]
    texts.append(composer.relations()["faults"])
    texts += [table.extract for table in composer.facts()]
    texts += [
        f"{table} {composer.compose(table.name, composer.anew(0))}" for table in composer.kept()
    ]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def open_desk(connection: Target) -> None:
    """Make the temporary tables that a batch is worked on in."""
    empty_batch(connection)
    connection.execute(f"create or replace temp table touched ({TOUCHED})")
    # Spelt out: a bound parameter makes DuckDB import pandas where it is installed.
    names = ", ".join(f"'{topic}'" for topic in known_topics())
    connection.execute(f"create or replace temp table topics as select unnest([{names}]) as topic")


def empty_batch(connection: Target) -> None:
    """Make the batch's table anew: one that is only emptied keeps the room its rows took."""
    columns = ", ".join(f"{name} {kind}" for name, kind in BATCH.items())
    connection.execute(f"create or replace temp table batch ({columns})")


def known_topics() -> list[str]:
    """Return the topics of the events that this release can read."""
    return [*TOPICS, *UPCASTERS]


def create(connection: Target) -> None:
    """Make every table, empty; the desk must be open."""
    connection.execute(f"create or replace table meta ({META})")
    connection.execute(f"insert into meta values ('{definition()}', 0, '', '-infinity')")  # noqa: S608 - a digest
    connection.execute(f"create or replace table parked_streams ({parking.TABLE})")
    for facts in composer.facts():
        connection.execute(f"create or replace table {facts.name} as from ({facts.extract})")
    for table in composer.kept():
        keep(connection, table)


def keep(connection: Target, table: Kept, parts: int = 1) -> None:
    """Make a kept relation anew from the facts; those it reads must have been made.

    In several ``parts`` it takes less memory: a row depends on its own subject alone.
    """
    done = composer.kept().index(table)
    order = f" order by {', '.join(table.sorted_by)}" if table.sorted_by else ""
    for part in range(parts):
        sources = composer.part_of(done, part, parts) if parts > 1 else composer.anew(done)
        rows = f"{keyed(table, composer.compose(table.name, sources))}{order}"
        begin = (
            f"insert into {table.table} by name"
            if part
            else f"create or replace table {table.table} as"
        )
        connection.execute(f"{begin} {rows}")
    view = f"from {table.table} select * exclude (stream_key)"
    connection.execute(f"create or replace view {table.name} as {view}")


def sort(connection: Target, facts: Facts) -> None:
    """Put a fact table's rows in the order in which they are asked for, if it names one."""
    if facts.sorted_by:
        order = ", ".join(facts.sorted_by)
        connection.execute(
            f"create or replace table {facts.name} as from {facts.name} order by {order}"
        )


def keyed(table: Kept, text: str) -> str:
    """Return a kept relation's rows with a number for their stream, quick to find them by."""
    stream = composer.stream_of(table.by)
    return f"select *, hash({stream}) as stream_key from ({text})"  # noqa: S608 - names are our files' own
