"""The tables of a file of views, and how all of them are made from the facts."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import duckdb

from ..domain.messages import TOPICS
from ..domain.recording import UPCASTERS
from . import composer, parking
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
}
"""An event as it is worked on; ``fresh`` ones have no facts yet."""


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


def definition() -> str:
    """Return a digest of how the tables are made; another one asks for a rebuild."""
    texts = [META, parking.TABLE, parking.PARK, composer.relations()["faults"]]
    texts += [table.extract for table in composer.facts()]
    texts += [composer.compose(table.name, composer.anew(0)) for table in composer.kept()]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def open_desk(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables that a batch is worked on in."""
    columns = ", ".join(f"{name} {kind}" for name, kind in BATCH.items())
    connection.execute(f"create or replace temp table batch ({columns})")
    connection.execute("create or replace temp table touched (kind varchar, subject varchar)")
    connection.execute(
        "create or replace temp table topics as select unnest(?) as topic", [known_topics()]
    )


def known_topics() -> list[str]:
    """Return the topics of the events that this release can read."""
    return [*TOPICS, *UPCASTERS]


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every table, empty; the desk must be open."""
    connection.execute(f"create or replace table meta ({META})")
    connection.execute("insert into meta values (?, 0, '', '-infinity')", [definition()])
    connection.execute(f"create or replace table parked_streams ({parking.TABLE})")
    for facts in composer.facts():
        connection.execute(f"create or replace table {facts.name} as from ({facts.extract})")
    for table in composer.kept():
        keep(connection, table.name)


def keep(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make a kept relation anew from the facts; those it reads must have been made."""
    done = [table.name for table in composer.kept()].index(name)
    text = composer.compose(name, composer.anew(done))
    connection.execute(f"create or replace table {name} as {text}")
