"""Repeated denials, counted until their number is recorded as an event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from ..domain.ports import Tally
from .database import Database
from .schema import Statement, denials


class SqlTallies:
    """Implements the domain's ``Tallies``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        dialect = database.dialect
        self._select = Statement(select(denials).order_by(denials.c.first_at), dialect)
        self._insert = Statement(denials.insert(), dialect)
        self._delete = Statement(
            denials.delete().where(denials.c.key == bindparam("dropped")), dialect
        )

    def all(self) -> list[Tally]:
        """Return every tally, the oldest first."""
        with self._database.reading() as cursor:
            rows = self._select.run(cursor).fetchall()
        return [
            Tally(key, denial, count, datetime.fromisoformat(first), datetime.fromisoformat(last))
            for key, denial, count, first, last in rows
        ]

    def put(self, tally: Tally) -> None:
        """Keep a tally in place of the one of its key, in the transaction that is open."""
        with self._database.transaction() as cursor:
            self._delete.run(cursor, dropped=tally.key)
            self._insert.run(
                cursor,
                key=tally.key,
                denial=tally.denial,
                count=tally.count,
                first_at=tally.first_at.isoformat(),
                last_at=tally.last_at.isoformat(),
            )

    def drop(self, key: str) -> None:
        """Forget a tally, in the transaction that is open."""
        with self._database.transaction() as cursor:
            self._delete.run(cursor, dropped=key)
