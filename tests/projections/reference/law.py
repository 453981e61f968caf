"""What the law counts with: the limits, the working days, the ends of days and months."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import chinese_calendar
from chinese_calendar import constants

from ..register import SHANGHAI

HANDLED = {"complaint", "repair", "special_service"}
WEB = {"web", "forum"}
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
KNOWN_YEARS = {day.year for day in constants.holidays}
LIMITS = {
    "respond_normal_minutes": 30,
    "respond_consult_minutes": 15,
    "respond_emergency_minutes": 15,
    "reply_working_days": 1,
    "reply_web_hours": 24,
    "revisit_working_days": 2,
    "control_department_working_days": 3,
    "control_company_working_days": 7,
    "progress_contacts_per_week": 2,
    "implied_outcome_months": 1,
}
SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)


class Deadline(NamedTuple):
    at: datetime
    provisional: bool = False


def moment(text: str) -> datetime:
    """Return the moment of an event's text, in the organisation's zone."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def working_days(start: datetime, count: int) -> Deadline:
    """Return 23:59:59 of the Nth working day after the day of ``start``."""
    day, provisional = start.astimezone(SHANGHAI).date(), False
    while count:
        day += timedelta(days=1)
        known = day.year in KNOWN_YEARS
        moves = (day.month, day.day) >= (12, 25) and day.year + 1 not in KNOWN_YEARS
        provisional = provisional or not known or moves
        works = (
            chinese_calendar.is_workday(day)
            if known
            else day.weekday() < 5 and (day.month, day.day) not in FIXED
        )
        count -= works
    return Deadline(day_end(day), provisional)


def day_end(day: date) -> datetime:
    """Return the last second of a day."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def add_months(day: date, count: int) -> date:
    """Return the same day some months later, or the last of that month."""
    index = day.year * 12 + day.month - 1 + count
    for last in (day.day, 30, 29, 28):
        try:
            return date(index // 12, index % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)
