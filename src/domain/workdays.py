"""The Chinese work calendar and deadlines counted in working days (domain section 2).

A calendar is data with a version, one per year: holidays and make-up working days (调休). The
built-in years come from the chinesecalendar package, which holds the State Council's notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from chinese_calendar import constants
from pydantic import Field, PlainSerializer

from . import errors
from .messages import Command, Event, Id, Message, stored_as
from .moments import end_of_day

FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the statutory holidays with a fixed date, known before a year's notice."""

LONGEST_COUNT = 400
"""Calendar days a count may span before the calendar itself must be wrong."""

DayKind = Literal["workday", "makeup", "weekend", "holiday"]


Days = Annotated[frozenset[date], PlainSerializer(sorted, return_type=list[date])]
"""Dates without an order, written in theirs: the same days are the same bytes."""


class YearCalendar(Message):
    """One year's official calendar: days off on weekdays, working days on weekends."""

    version: str
    year: int
    holidays: Days = Field(repr=False)
    workdays: Days = Field(repr=False)

    def kind(self, day: date) -> DayKind:
        """Return what kind of day ``day`` is; it must lie in this calendar's year."""
        if day in self.workdays:
            return "makeup" if day.weekday() >= 5 else "workday"
        if day in self.holidays:
            return "holiday"
        return "weekend" if day.weekday() >= 5 else "workday"


@cache
def built_in() -> dict[int, YearCalendar]:
    """Return the official calendars shipped with the library, by year."""
    years = range(min(constants.holidays).year, max(constants.holidays).year + 1)
    return {
        year: YearCalendar(
            version=f"cn-{year}",
            year=year,
            holidays=frozenset(day for day in constants.holidays if day.year == year),
            workdays=frozenset(day for day in constants.workdays if day.year == year),
        )
        for year in years
    }


def _expected(year: int) -> YearCalendar:
    fixed = frozenset(date(year, month, day) for month, day in FIXED_HOLIDAYS)
    return YearCalendar(version=f"expected-{year}", year=year, holidays=fixed, workdays=frozenset())


class LoadCalendar(Command):
    """Load the official calendar of a year, as published by the State Council.

    Its dates lie in the year itself or in 25-31 December before it, which it can move.
    """

    do: Literal["load_calendar"] = "load_calendar"
    version: Id
    year: int = Field(ge=1990, le=2200)
    holidays: tuple[date, ...] = Field(max_length=366)
    workdays: tuple[date, ...] = Field(default=(), max_length=366)


@stored_as("calendar.loaded.1")
class CalendarLoaded(Event):
    """A year's calendar was loaded; it binds clocks that start from ``at`` on."""

    calendar: YearCalendar


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: when, by which calendar versions, and whether it is only provisional."""

    at: datetime
    calendar: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendars:
    """Every calendar version ever loaded, over the built-in ones."""

    loaded: tuple[CalendarLoaded, ...] = ()

    def official(self, year: int, start: datetime, recorded_at: datetime) -> YearCalendar | None:
        """Return the year's calendar that binds a clock started at ``start``.

        The latest loaded by ``start`` binds; failing that the built-in one; failing that the
        first loaded later, which settles what was provisional. ``recorded_at`` limits what was
        known. None: the year has no official calendar yet.
        """
        known = [
            event
            for event in self.loaded
            if event.calendar.year == year and event.recorded_at <= recorded_at
        ]
        before = [event for event in known if event.at <= start]
        if before:
            return max(before, key=lambda event: event.at).calendar
        if year in built_in():
            return built_in()[year]
        return min(known, key=lambda event: event.at).calendar if known else None


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts working days in the organisation's zone, with the calendars known at a moment."""

    zone: ZoneInfo
    calendars: Calendars
    recorded_at: datetime

    def due(self, start: datetime, working_days: int) -> Due:
        """Return 23:59:59 of the Nth working day after the day of ``start``.

        Provisional when a counted day lies in a year without official calendar, or in
        25-31 December while the next year's calendar is not known.
        """
        provisional = False
        versions: dict[str, None] = {}
        day = start.astimezone(self.zone).date()
        for day, kind, version, official in self.days(start):
            versions[version] = None
            provisional = provisional or not official or self._may_move(day, start)
            if kind in ("workday", "makeup"):
                working_days -= 1
            if working_days == 0:
                break
        return Due(end_of_day(day, self.zone), "+".join(versions), provisional)

    def days(self, start: datetime) -> Iterator[tuple[date, DayKind, str, bool]]:
        """Yield (day, kind, calendar version, whether official) from the day after ``start``."""
        day = start.astimezone(self.zone).date()
        for _ in range(LONGEST_COUNT):
            day += timedelta(days=1)
            calendar = self._calendar(day, start)
            official = calendar is not None
            calendar = calendar or _expected(day.year)
            yield day, calendar.kind(day), calendar.version, official
        detail = "no working day within reach"
        raise errors.CalendarInvalid(detail)

    def _calendar(self, day: date, start: datetime) -> YearCalendar | None:
        if _movable(day):
            following = self.calendars.official(day.year + 1, start, self.recorded_at)
            if following and (day in following.holidays or day in following.workdays):
                return following
        return self.calendars.official(day.year, start, self.recorded_at)

    def _may_move(self, day: date, start: datetime) -> bool:
        if not _movable(day):
            return False
        return self.calendars.official(day.year + 1, start, self.recorded_at) is None


def _movable(day: date) -> bool:
    """Whether the next year's calendar can still move ``day``: 25-31 December."""
    return (day.month, day.day) >= (12, 25)


def decide(calendars: Calendars, command: LoadCalendar, facts: dict[str, Any]) -> CalendarLoaded:
    """Return the event of loading a calendar; ``facts`` are the event's envelope fields."""
    versions = {event.calendar.version for event in calendars.loaded}
    if command.version in versions | {calendar.version for calendar in built_in().values()}:
        raise errors.VersionExists(command.version)
    days = (*command.holidays, *command.workdays)
    belong = all(
        day.year == command.year or (day.year == command.year - 1 and _movable(day)) for day in days
    )
    if not belong or len(set(days)) != len(days):
        raise errors.CalendarInvalid(str(command.year))
    return CalendarLoaded(
        calendar=YearCalendar(
            version=command.version,
            year=command.year,
            holidays=frozenset(command.holidays),
            workdays=frozenset(command.workdays),
        ),
        **facts,
    )


def evolve(calendars: Calendars, event: Event) -> Calendars:
    """Return the calendars with one more."""
    if isinstance(event, CalendarLoaded):
        return replace(calendars, loaded=(*calendars.loaded, event))
    return calendars
