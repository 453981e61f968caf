"""How DuckDB reads a store by itself: through its extensions for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import duckdb

from . import tables

CHUNK = 2 * 122_880
"""So many events are read at once: two of DuckDB's row groups, which it writes as they are."""


class Reader(NamedTuple):
    """How DuckDB reads a kind of database: by which extension, as a package brings it.

    ``forms`` are how it turns a state into text, and what it asks the database for; bytes that are
    no text stop the first one, and the second leaves them for the faults.
    """

    kind: str
    forms: tuple[tuple[str, str], ...]

    def named(self, address: str) -> str:
        """Return what the extension calls the database of an address."""
        place = address.partition("://")[2]
        if self.kind == "sqlite":
            return unquote(place.removeprefix("/"))
        return f"postgresql://{place}"

    @property
    def file(self) -> Path:
        """The extension's file."""
        folder = Path(str(files(f"duckdb_extension_{self.kind}_scanner")), "extensions")
        return folder / f"v{duckdb.__version__}" / f"{self.kind}_scanner.duckdb_extension"


READERS = {
    "sqlite:///": Reader(
        "sqlite",
        (("state", "cast(state as text)"), ("try(decode(from_hex(state)))", "hex(state)")),
    ),
    "postgresql+psycopg://": Reader(
        "postgres", (("decode(state)", "state"), ("try(decode(state))", "state"))
    ),
}
"""By how an address begins."""

EVENTS = """
    select
        position, originator_id, originator_version, topic, {decoded} as state, true as fresh
    from {kind}_query(
        'store',
        'select position, originator_id, originator_version, topic, {stored} as state
         from events where position > {after} and position <= {upto}'
    )
"""


def reader_of(address: str) -> Reader | None:
    """Return what reads the store of an address, None where DuckDB cannot."""
    return next((READERS[start] for start in READERS if address.startswith(start)), None)


def attaching(reader: Reader, address: str) -> list[str]:
    """Return the statements that let DuckDB read a store, as ``store``."""
    store = reader.named(address).replace("'", "''")
    file = str(reader.file).replace("'", "''")
    return [f"load '{file}'", f"attach '{store}' as store (type {reader.kind}, read_only)"]


def taking(reader: Reader, last: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the position that each chunk of events ends at, and what puts it into the batch.

    That is said in two ways: where the first one fails the second one is for.
    """
    for after in range(0, last, CHUNK):
        upto = min(after + CHUNK, last)
        yield (
            upto,
            [
                tables.TAKE.format(
                    events=EVENTS.format(
                        kind=reader.kind, decoded=decoded, stored=stored, after=after, upto=upto
                    )
                )
                for decoded, stored in reader.forms
            ],
        )
