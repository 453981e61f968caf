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
