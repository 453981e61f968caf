"""Moments: times with an offset and whole seconds (domain section 2)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from .errors import Malformed

FIRST_YEAR, LAST_YEAR = 1990, 9998
"""Before is a slip of the pen, and each week since would be counted; beyond no zone can write."""
LAST_GIVEN_YEAR = 2999
"""Nobody means a later time, and what is counted on from one might not be a time any more."""

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def parse(value: object) -> datetime:
    """Return ``value`` (an ISO 8601 text or a datetime) as an aware datetime of whole seconds.

    Raises ``PydanticCustomError`` with type ``invalid_time``, ``naive_time`` or
    ``fractional_seconds``; inside a model it becomes a validation error of that type.
    """
    moment = _read(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise _invalid()
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise PydanticCustomError("naive_time", "a time needs its offset, such as +08:00")
    if moment.microsecond:
        raise PydanticCustomError("fractional_seconds", "a time has whole seconds only")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _invalid()
    return moment if type(moment.tzinfo) is timezone else _fixed(moment)


def _fixed(moment: datetime) -> datetime:
    """Return the moment with its offset alone: arithmetic in a zone skips its clock changes."""
    return moment.astimezone(timezone(moment.utcoffset() or timedelta()))


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment with the offset it has in ``zone``."""
    return _fixed(moment.astimezone(zone))


def _read(text: str) -> datetime:
    if len(text) > len("2025-10-08T23:50:00.123456+08:00") or not _WRITTEN.fullmatch(text):
        raise _invalid()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _invalid() from None


def _invalid() -> PydanticCustomError:
    return PydanticCustomError(
        "invalid_time", "not a time from 1990 to 2999 as 2025-10-08T23:50:00+08:00"
    )


Moment = Annotated[
    datetime,
    BeforeValidator(parse),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An aware datetime of whole seconds; as text, ISO 8601 with an offset."""


def _given(moment: datetime) -> datetime:
    if moment.year > LAST_GIVEN_YEAR:
        raise _invalid()
    return moment


Given = Annotated[Moment, AfterValidator(_given)]
"""A moment that a command may name ahead of the present."""


def now() -> datetime:
    """Return the present moment in UTC, cut to whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return 23:59:59 of ``day`` in ``zone``: the last second that still counts as that day."""
    return _fixed(datetime.combine(day, time(23, 59, 59), zone))


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return 00:00:00 of ``day`` in ``zone``."""
    return _fixed(datetime.combine(day, time(), zone))


def end_of_month(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return 23:59:59 of the last day of the month that ``moment`` lies in, in ``zone``."""
    day = moment.astimezone(zone).date()
    return end_of_day(day.replace(day=monthrange(day.year, day.month)[1]), zone)


def months_later(day: date, count: int) -> date:
    """Return the same day ``count`` months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def minutes(count: int) -> timedelta:
    """Return ``count`` minutes of elapsed time."""
    return timedelta(minutes=count)


def checked(moment: datetime | str) -> datetime:
    """Return ``moment``, or the time written so, if it is aware and has whole seconds.

    Raises ``Malformed`` with code ``invalid_time``, ``naive_time`` or ``fractional_seconds``.
    """
    try:
        return parse(moment)
    except PydanticCustomError as error:
        raise Malformed(error.message(), error.type) from None
