"""The same work on PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from guanjia.domain.application import Application
from guanjia.history import import_ndjson
from guanjia.storage import SqlStore
from tests import postgres

from . import peers
from .appending import CASES, Ours, alert, eight_threads, one_thread, size
from .measuring import Row, at_least, interleave, medians, per
from .workload import ZONE, write_history

TABLES = ("events", "vault_keys", "vault_values")
LOCK = "select pg_advisory_xact_lock(%s)"


class Bare:
    """The same rows through psycopg alone: no rules, no state, no encryption, no triggers.

    One thread needs no lock; several hold one through the commit, without which positions would
    have gaps or clash.
    """

    def __init__(self, like: SqlStore, schema: str) -> None:
        self._schema = postgres.schema()
        self._sample = like.read(like.last_position() - 1, 1)[0]
        self._next = count()
        self._own = self.connect()
        run = self._own.execute
        for table in TABLES:
            run(f"create table {table} (like {schema}.{table} including all)".encode())
        for case in range(CASES):
            run("insert into vault_keys values (%s, %s)", [f"C-{case}", b"k" * 61])
            run(
                "insert into events values (%s, %s, 1, %s, %s, 0, %s)",
                [case + 1, f"complaint:C-{case}", *self._sample[3:5], self._sample.leaf],
            )
        self._own.commit()

    def connect(self) -> psycopg.Connection[Any]:
        """Open a connection as durable as the store's."""
        return psycopg.connect(postgres.url(self._schema))

    def append(
        self,
        commands: int,
        *,
        sealed: bool = False,
        connection: psycopg.Connection[Any] | None = None,
    ) -> None:
        """Write what so many commands write."""
        using = connection or self._own
        run = using.cursor().execute
        for _ in range(commands):
            case = f"C-{next(self._next) % CASES}"
            if connection:
                run(LOCK, [hash(self._schema) % 2**31])
            version = run(
                "select max(originator_version) from events where originator_id = %s",
                [f"complaint:{case}"],
            ).fetchone()
            position = run("select max(position) from events").fetchone()
            run(
                "insert into events values (%s, %s, %s, %s, %s, %s, %s)",
                [position[0] + 1, f"complaint:{case}", version[0] + 1, *self._sample[3:]],
            )
            if sealed:
                run("select wrapped from vault_keys where subject = %s", [case]).fetchone()
                run(
                    "insert into vault_values values (%s, %s, 'text', %s)",
                    [secrets.token_hex(16), case, b"s" * 90],
                )
            using.commit()


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the rows about appending and importing on PostgreSQL."""
    schema = postgres.schema()
    store = SqlStore.create(postgres.url(schema), folder / "master.key")
    ours = Ours(store)
    ours.append(alert, CASES)
    bare = Bare(store, schema)
    yield from one_thread(ours, bare, size(quick=quick), 0.75, "PostgreSQL")
    yield eight_threads(ours, bare, size(quick=quick), 1.2, "PostgreSQL")
    yield _bulk(folder, *((3, 40) if quick else (5, 200)))


def _bulk(folder: Path, rounds: int, cases: int) -> Row:
    history = folder / "history.ndjson"
    lines = write_history(history, cases)
    stock = peers.on_postgres(str(postgres.server().pgdata), CASES)
    names = count()

    def ours() -> None:
        place = folder / f"imported-{next(names)}"
        place.mkdir()
        with SqlStore.create(postgres.new_url(), place / "master.key") as store:
            import_ndjson(Application(store, ZONE), history, rejects=place / "rejects.ndjson")

    took = medians(interleave({"stock": partial(stock.append, lines), "ours": ours}, rounds))
    return at_least(
        "bulk history import, against stock eventsourcing (PostgreSQL)",
        took["stock"] / took["ours"],
        6,
        rounds,
        f"{lines} lines, {per(took['ours'], lines)} against {per(took['stock'], lines)} a command;"
        " ours parses, decides, numbers, seals and keeps a receipt for each; the stock one has no"
        " import and saves one event for each command",
    )
