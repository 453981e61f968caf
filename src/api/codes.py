"""Every code of a problem: its status, and what it says in English and in Chinese."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any, NamedTuple

from ..domain import errors
from ..domain.disclosure.seen import Denied
from ..projections import ProjectionError
from ..projections.errors import (
    FilterMismatch,
    SqlFailed,
    SqlRefused,
    SqlTooBig,
    SqlTooLong,
    UnknownFilter,
    UnknownView,
)
from ..reports import ReportError
from ..reports.errors import ExcelMissing, MomentAhead, NoPicture, UnknownForm, UnknownReport
from ..storage import StorageError
from ..storage.errors import NotInLog
from .errors import ApiError

STATUSES: dict[HTTPStatus, tuple[type[Exception], ...]] = {
    HTTPStatus.FORBIDDEN: (
        errors.WrongPost,
        errors.OtherCentre,
        errors.StaffLeft,
        errors.HeadOnly,
        errors.NotHandler,
        errors.OwnGlass,
        errors.NotGranted,
        errors.OneApprover,
        errors.OthersExport,
        Denied,
    ),
    HTTPStatus.NOT_FOUND: (
        errors.UnknownComplaint,
        errors.UnknownUnit,
        errors.UnknownKey,
        errors.UnknownPermit,
        errors.UnknownParcel,
        errors.UnknownGlass,
        errors.UnknownResident,
        errors.UnknownExport,
        errors.UnknownVersion,
        NotInLog,
        UnknownView,
        UnknownReport,
    ),
    HTTPStatus.NOT_ACCEPTABLE: (ExcelMissing, UnknownForm, NoPicture),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        errors.Malformed,
        UnknownFilter,
        FilterMismatch,
    ),
    HTTPStatus.BAD_REQUEST: (SqlRefused, SqlFailed, SqlTooLong, SqlTooBig),
    HTTPStatus.PRECONDITION_FAILED: (errors.VersionChanged,),
    HTTPStatus.CONFLICT: (errors.Rejected, MomentAhead),
    HTTPStatus.SERVICE_UNAVAILABLE: (ProjectionError, StorageError, ReportError),
}
"""The status of each refusal; the first entry that fits holds."""
FINER = {
    "unknown_command": "There is no such command.",
    "invalid_time": "A time is written as 2025-10-08T23:50:00+08:00, from 1990 to 2999.",
    "naive_time": "A time needs its offset, such as +08:00.",
    "fractional_seconds": "A time has whole seconds only.",
    "invalid_value": "This value does not fit; mend it as the detail says.",
    "missing_value": "A value is missing; give it.",
}
"""The codes that ``Malformed`` takes for the fault of one field."""

Refusal = (
    type[errors.Rejected]
    | type[ApiError]
    | type[ProjectionError]
    | type[StorageError]
    | type[ReportError]
)


class Meaning(NamedTuple):
    """What a code says: its HTTP status, and its title in each language."""

    status: HTTPStatus
    en: str
    zh: str


def status_of(refusal: Refusal) -> HTTPStatus:
    """Return the HTTP status of a kind of refusal."""
    if issubclass(refusal, ApiError):
        return refusal.status
    return next(status for status, kinds in STATUSES.items() if issubclass(refusal, kinds))


@cache
def codes() -> dict[str, Meaning]:
    """Return the meaning of every code that a problem can have."""
    chinese = _toml("guanjia.domain.errors", "chinese.toml") | _toml("guanjia.api")["titles"]
    found = {
        cls.code: Meaning(status_of(cls), " ".join(str(cls.__doc__).split()), chinese[cls.code])
        for base in (errors.Rejected, ApiError, ProjectionError, StorageError, ReportError)
        for cls in (*_below(base),)
    }
    unprocessable = HTTPStatus.UNPROCESSABLE_ENTITY
    return found | {code: Meaning(unprocessable, en, chinese[code]) for code, en in FINER.items()}


@cache
def faults() -> dict[str, str]:
    """Return what is wrong with a field in Chinese, by pydantic's name for the fault."""
    found: dict[str, str] = _toml("guanjia.api")["faults"]
    return found


def _below(base: type[Any]) -> Iterator[type[Any]]:
    for cls in base.__subclasses__():
        yield cls
        yield from _below(cls)


@cache
def _toml(package: str, name: str = "chinese.toml") -> dict[str, Any]:
    return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
