"""Which database an address names. Addresses may hold passwords: no error repeats one."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from .database import Database
from .errors import StoreUnsupported
from .sqlite import SqliteDatabase


def parsed(url: str) -> URL:
    """Return the address; raises StoreUnsupported."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        msg = "this is no database address"
        raise StoreUnsupported(msg) from None


def address_of(file: Path) -> str:
    """Return the address of a store in a SQLite file, whatever its name is."""
    return f"sqlite:///{quote(str(file.absolute()))}"


def kind(address: URL) -> type[Database]:
    """Return what speaks to the address's database; raises StoreUnsupported."""
    match address.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return SqliteDatabase
        case "postgresql" | "postgresql+psycopg":
            return _postgres()
        case other:
            msg = f"no store is kept on {other}"
            raise StoreUnsupported(msg)


def _postgres() -> type[Database]:
    try:
        from .postgres import PostgresDatabase  # noqa: PLC0415 - its driver is an optional extra
    except ImportError:
        msg = "PostgreSQL needs the extra of that name: pip install guanjia[postgres]"
        raise StoreUnsupported(msg) from None
    return PostgresDatabase
