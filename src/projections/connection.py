"""A DuckDB database that can reach nothing but its own file."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import duckdb

from .errors import ViewsBroken, ViewsInUse

LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}

# A batch is many small statements: waking a second thread for each takes longer than it saves.
ONE_THREAD = LOCKED_DOWN | {"threads": 1}

# A prepared statement keeps the statistics its tables had then; used after they have grown, these
# two would leave rows out.
UNSAFE_WHEN_PREPARED = "statistics_propagation,compressed_materialization"


@dataclass(frozen=True, slots=True)
class Opened:
    """A database with connections that follow the store, answer, and compare."""

    writer: duckdb.DuckDBPyConnection
    reader: duckdb.DuckDBPyConnection
    comparer: duckdb.DuckDBPyConnection

    def close(self) -> None:
        """Close them."""
        for each in (self.comparer, self.reader, self.writer):
            each.close()


def connect(path: Path | None, zone: ZoneInfo) -> Opened:
    """Open a file of views, or views in memory; months and weeks are cut in ``zone``.

    Raises ``ViewsInUse`` or ``ViewsBroken``.
    """
    with _translated():
        writer = duckdb.connect(str(path) if path else ":memory:", config=ONE_THREAD)
        try:
            writer.execute("from duckdb_tables()")
        except duckdb.Error:
            writer.close()
            raise
    if path:
        keep_private(path)
    writer.execute(f"set disabled_optimizers = '{UNSAFE_WHEN_PREPARED}'")
    writer.execute(f"set global TimeZone = '{zone.key}'")
    opened = Opened(writer, writer.cursor(), writer.cursor())
    for each in (opened.writer, opened.reader, opened.comparer):
        silence(each)
    writer.execute("set lock_configuration = true")
    return opened


class Target(Protocol):
    """What statements are given to: a connection, or a plan of what another process shall do."""

    def execute(self, statement: str, /) -> object:
        """Execute it, or remember that it has to be."""
        ...


def silence(connection: Target) -> None:
    """Keep DuckDB from drawing its progress on standard output, amid what is printed there."""
    connection.execute("set enable_progress_bar = false")


def remove(path: Path) -> None:
    """Remove a file of views that nobody has open, with what was left beside it."""
    path.unlink(missing_ok=True)
    log(path).unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".tmp"), ignore_errors=True)


def keep_private(path: Path) -> None:
    """Let nobody else read a file of views and its log, which DuckDB makes as the umask has it."""
    for each in (path, log(path)):
        with suppress(FileNotFoundError):
            each.chmod(0o600)


class Closable(Protocol):
    """A database that is open, or what follows one."""

    def close(self) -> None:
        """Close it; a second time changes nothing."""
        ...


@contextmanager
def closed_on_failure(opened: Closable) -> Generator[None, None, None]:
    """Close a database when an exception passes; else it stays open."""
    try:
        yield
    except BaseException:
        opened.close()
        raise


def log(path: Path) -> Path:
    """Return the path of a database's write-ahead log."""
    return path.with_name(path.name + ".wal")


def size(path: Path) -> int | None:
    """Return a file's size in bytes, None when it is not there."""
    return path.stat().st_size if path.exists() else None


@contextmanager
def _translated() -> Generator[None, None, None]:
    """Turn DuckDB's refusals to open a file into our own."""
    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and "set lock" in str(error):
            msg = "another process has the views open"
            raise ViewsInUse(msg) from None
        msg = "the views cannot be read; rebuild them"
        raise ViewsBroken(msg) from None
