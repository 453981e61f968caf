"""A history imported, against the rows it writes written by executemany."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from guanjia.domain.application import Application
from guanjia.history import import_ndjson
from guanjia.history.run import BATCH

from .measuring import Row, at_least, interleave, medians, per
from .workload import ZONE, create, write_history

TABLES = ("events", "receipts", "vault_keys", "vault_values")


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the row about the import."""
    rounds, size = (3, 70) if quick else (5, 400)
    history = folder / "history.ndjson"
    lines = write_history(history, size)
    names = count()

    def ours() -> Path:
        place = folder / f"imported-{next(names)}"
        with create(place) as store:
            import_ndjson(Application(store, ZONE), history, rejects=place / "rejects.ndjson")
        return place

    rows, schema = _written(ours() / "events.db")

    def floor() -> None:
        path = folder / f"floor-{next(names)}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            for sql in schema:
                connection.execute(sql)
            _write(connection, rows, lines // BATCH + 1)

    took = medians(interleave({"floor": floor, "ours": ours}, rounds))
    yield at_least(
        "bulk history import, against the SQLite executemany floor",
        took["floor"] / took["ours"],
        0.6,
        rounds,
        f"{lines} lines, {per(took['ours'], lines)} against {per(took['floor'], lines)} a line; the"
        " floor writes the same rows (events, receipts, vault) in as many transactions and does"
        " nothing else: no parsing, rules, clocks or encryption",
    )
    for place in folder.glob("imported-*"):
        shutil.rmtree(place)


def _written(path: Path) -> tuple[dict[str, list[Any]], list[str]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = {table: connection.execute(f"select * from {table}").fetchall() for table in TABLES}
        schema = connection.execute(
            "select sql from sqlite_master where type in ('table', 'index') and sql is not null"
        ).fetchall()
    return rows, [sql for (sql,) in schema]


def _write(connection: sqlite3.Connection, rows: dict[str, list[Any]], batches: int) -> None:
    for batch in range(batches):
        connection.execute("BEGIN IMMEDIATE")
        for table, all_rows in rows.items():
            size = -(-len(all_rows) // batches)
            part = all_rows[batch * size : (batch + 1) * size]
            if part:
                marks = ", ".join("?" * len(part[0]))
                connection.executemany(f"insert into {table} values ({marks})", part)
        connection.execute("COMMIT")
