"""What can go wrong on the read side; every error has a stable code."""

from __future__ import annotations

from typing import ClassVar


class ProjectionError(Exception):
    """Base of the read side's errors."""

    code: ClassVar[str] = "projection_error"


class UnknownView(ProjectionError):
    """There is no view of that name."""

    code = "unknown_view"


class UnknownFilter(ProjectionError):
    """The view has no such column to filter by."""

    code = "unknown_filter"


class FilterMismatch(ProjectionError):
    """The column has values of another kind, such as numbers, times or true and false."""

    code = "filter_mismatch"


class ViewsInUse(ProjectionError):
    """Another process has the views open; ask that one, or wait until it ends."""

    code = "views_in_use"


class ViewsBroken(ProjectionError):
    """The file of the views cannot be read; `guanjia views rebuild` makes it anew."""

    code = "views_broken"


class ViewsClosed(ProjectionError):
    """The views could not be opened the last time; they are opened anew at once, so try again."""

    code = "views_closed"


class RebuildFailed(ProjectionError):
    """The process that makes the views anew came to no good end; the old ones stay in service."""

    code = "rebuild_failed"


class SqlRefused(ProjectionError):
    """The statement is no single SELECT, or wants what is outside the views; ask only those."""

    code = "sql_refused"


class SqlFailed(ProjectionError):
    """The statement cannot be read or carried out; mend it."""

    code = "sql_failed"


class SqlTooLong(ProjectionError):
    """The statement took more time than it may; ask for less."""

    code = "sql_too_long"


class SqlTooBig(ProjectionError):
    """The statement or its answer took more memory than it may; ask for less."""

    code = "sql_too_big"
