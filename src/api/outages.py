"""What a fault below comes to for a caller: a code of ours, and nothing of its message."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

import duckdb
import sqlalchemy.exc
from eventsourcing.persistence import MapperDeserialisationError, OperationalError

from ..domain import errors
from ..projections import ProjectionError
from ..storage import StorageError
from .errors import ApiError, EventUnreadable, InternalError, StoreFailing, ViewsFailing

OUTAGES: dict[type[Exception], type[ApiError]] = {
    MapperDeserialisationError: EventUnreadable,
    OperationalError: StoreFailing,
    sqlite3.OperationalError: StoreFailing,
    sqlalchemy.exc.OperationalError: StoreFailing,
    duckdb.Error: ViewsFailing,
}
"""The faults that may pass, or that an operator ends; whatever else goes wrong is ours."""
with suppress(ImportError):  # the extra ``postgres``
    import psycopg

    OUTAGES[psycopg.OperationalError] = StoreFailing


def code_of(error: Exception) -> str:
    """Return the code that tells an error without its message."""
    if isinstance(error, ApiError | errors.Rejected | ProjectionError | StorageError):
        return error.code
    found = (answer for kind, answer in OUTAGES.items() if isinstance(error, kind))
    return next(found, InternalError).code
