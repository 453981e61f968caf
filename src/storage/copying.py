"""Copies a store into another database, row by row and unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Table, bindparam, select, tuple_
from sqlalchemy.engine.interfaces import DBAPICursor

from .address import kind, parsed
from .database import Database
from .errors import CopyDiffers, StoreUnsupported
from .keys import MasterKey
from .making import fill
from .schema import Statement, meta, metadata
from .sqlite import is_in_memory
from .store import SqlStore

PAGE = 1000

Row = tuple[Any, ...]


def copy(source: SqlStore, url: str, key_file: Path) -> int:
    """Copy everything into a new store at ``url``, for the same key; return the last position.

    Nobody writes to the source meanwhile. The copy is read again and compared before it is
    committed. Raises CopyDiffers, and what ``SqlStore.create`` raises; then nothing was made.
    """
    address = parsed(url)
    if is_in_memory(address):
        msg = "a copy in memory would be gone at once"
        raise StoreUnsupported(msg)
    database = kind(address)
    master = MasterKey.read_file(key_file)
    with database.claimed(address), closing(database.connect(address)) as target:
        with source.database.transaction() as there, target.transaction() as here:
            fill(target, master)
            for table in metadata.sorted_tables:
                if table is not meta:
                    _copy(table, source.database, there, target, here)
                if _digest(table, source.database, there) != _digest(table, target, here):
                    raise CopyDiffers(table.name)
        return source.last_position()


def _copy(
    table: Table, source: Database, there: DBAPICursor, target: Database, here: DBAPICursor
) -> None:
    insert = Statement(table.insert(), target.dialect)
    names = table.columns.keys()
    for page in _pages(table, source, there):
        insert.run_many(here, [dict(zip(names, row, strict=True)) for row in page])


def _pages(table: Table, database: Database, cursor: DBAPICursor) -> Iterator[list[Row]]:
    """Yield all rows, page by page in the order of the primary key."""
    key = list(table.primary_key.columns)
    ordered = select(table).order_by(*key).limit(PAGE)
    after = tuple_(*(bindparam(column.name, type_=column.type) for column in key))
    page = Statement(ordered, database.dialect).run(cursor).fetchall()
    following = Statement(ordered.where(tuple_(*key) > after), database.dialect)
    places = [table.columns.keys().index(column.name) for column in key]
    while page:
        yield [tuple(row) for row in page]
        last = {column.name: page[-1][place] for column, place in zip(key, places, strict=True)}
        page = following.run(cursor, **last).fetchall()


def _digest(table: Table, database: Database, cursor: DBAPICursor) -> tuple[int, int]:
    """Return the number of rows and a sum of hashes: databases order text each their own way."""
    count = total = 0
    for page in _pages(table, database, cursor):
        count += len(page)
        total += sum(int.from_bytes(hashlib.sha256(repr(row).encode()).digest()) for row in page)
    return count, total % 2**256
