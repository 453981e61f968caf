"""When people work: office hours on working days, the front desk by day, duty by night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from ..domain import workdays
from ..domain.workdays import (
    FIXED_HOLIDAYS,
    LONGEST_COUNT,
    CalendarLoaded,
    Calendars,
    Counting,
    DayKind,
    LoadCalendar,
)

DESK_OPENS, DESK_CLOSES = time(8, 0), time(20, 0)
OFFICE_OPENS, OFFICE_CLOSES = time(8, 30), time(17, 45)

LUNAR_NEW_YEAR = {2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)}


class Hours:
    """The working calendar around one year of demonstration, and moments found by it."""

    def __init__(self, zone: ZoneInfo, start: datetime, calendars: Calendars) -> None:
        self.zone = zone
        far = start + timedelta(days=3 * LONGEST_COUNT)
        self._counting = Counting(zone, calendars, far)
        days = self._counting.days(start - timedelta(days=1))
        self._kinds: dict[date, DayKind] = {
            day: kind for day, kind, *_ in islice(days, LONGEST_COUNT)
        }

    def kind(self, day: date) -> DayKind:
        """Return what kind of day it is."""
        otherwise: DayKind = "weekend" if day.weekday() >= 5 else "workday"
        return self._kinds.get(day, otherwise)

    def works(self, day: date) -> bool:
        """Whether offices work on that day."""
        return self.kind(day) in ("workday", "makeup")

    def due(self, start: datetime, working_days: int) -> datetime:
        """Return the deadline as the domain counts it."""
        return self._counting.due(start, working_days).at

    def is_day(self, moment: datetime) -> bool:
        """Whether the front desk is open."""
        return DESK_OPENS <= moment.time() < DESK_CLOSES

    def in_office(self, moment: datetime) -> bool:
        """Whether heads and the company are at work."""
        return self.works(moment.date()) and OFFICE_OPENS <= moment.time() < OFFICE_CLOSES

    def office(self, moment: datetime) -> datetime:
        """Return the first moment of office hours not before ``moment``."""
        if self.in_office(moment):
            return moment
        day = moment.date()
        if moment.time() >= OFFICE_OPENS:
            day += timedelta(days=1)
        while not self.works(day):
            day += timedelta(days=1)
        return datetime.combine(day, OFFICE_OPENS, self.zone)

    def daytime(self, moment: datetime) -> datetime:
        """Return the first moment with an open front desk not before ``moment``."""
        if self.is_day(moment):
            return moment
        day = moment.date() + timedelta(days=moment.time() >= DESK_CLOSES)
        return datetime.combine(day, DESK_OPENS, self.zone)

    def days(self, start: datetime, end: datetime) -> Iterator[date]:
        """Yield every day from that of ``start`` to that of ``end``."""
        count = (end.date() - start.date()).days
        return (start.date() + timedelta(days=n) for n in range(count + 1))


def missing_calendars(start: datetime, end: datetime) -> list[LoadCalendar]:
    """Return calendars for years without a built-in one: what the law fixes, nothing more."""
    years = [year for year in range(start.year, end.year + 1) if year not in workdays.built_in()]
    return [
        LoadCalendar(version=f"demo-{year}", year=year, holidays=tuple(_holidays(year)))
        for year in years
    ]


def _holidays(year: int) -> Iterator[date]:
    yield from sorted(date(year, month, day) for month, day in FIXED_HOLIDAYS)
    if year in LUNAR_NEW_YEAR:
        first = date(year, *LUNAR_NEW_YEAR[year])
        yield from (first + timedelta(days=n) for n in range(-1, 7))


def loaded(commands: list[LoadCalendar], start: datetime) -> Calendars:
    """Return the calendars as they will be once ``commands`` were carried out."""
    calendars = Calendars()
    facts = {"at": start, "recorded_at": start, "by": "system", "post": "system"}
    for command in commands:
        event: CalendarLoaded = workdays.decide(calendars, command, facts)
        calendars = workdays.evolve(calendars, event)
    return calendars
