"""Makes the tables of a new store."""

from __future__ import annotations

from sqlalchemy.schema import CreateIndex, CreateTable

from .database import Database
from .keys import MasterKey
from .schema import SCHEMA_VERSION, Statement, meta, metadata


def fill(database: Database, master: MasterKey) -> None:
    """Make tables and triggers in an empty database, and note whose key it is.

    Joins the open transaction, or makes one.
    """
    dialect = database.dialect
    with database.transaction() as cursor:
        for table in metadata.sorted_tables:
            cursor.execute(str(CreateTable(table).compile(dialect=dialect)))
            for index in table.indexes:
                cursor.execute(str(CreateIndex(index).compile(dialect=dialect)))
        for trigger in database.TRIGGERS:
            cursor.execute(trigger)
        insert = Statement(meta.insert(), dialect)
        insert.run(cursor, name="schema", value=SCHEMA_VERSION)
        insert.run(cursor, name="key_check", value=master.check())
