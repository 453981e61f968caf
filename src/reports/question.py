"""Which report of which week, month or quarter, and from which state of the register."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .definition import Report


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is asked: ``month`` and ``week`` are any day of it, None when not given.

    ``position`` is the store position to answer from, None for the newest.
    """

    report: Report
    month: date | None = None
    week: date | None = None
    centre: str | None = None
    as_of: datetime | None = None
    position: int | None = None

    def settled(self, now: datetime, reached: int, zone: ZoneInfo) -> Question:
        """Return the question with nothing left open: by default the last span that is over.

        How things stood is asked as of the end of the month, if one is given.
        """
        as_of = (self.as_of or self._end(now, zone)).astimezone(zone)
        position = reached if self.position is None else min(self.position, reached)
        return replace(self._placed(as_of.date()), as_of=as_of, position=position)

    def _end(self, now: datetime, zone: ZoneInfo) -> datetime:
        if self.report.period != "moment" or self.month is None:
            return now
        last = self.month.replace(day=monthrange(self.month.year, self.month.month)[1])
        return min(now, datetime.combine(last, time(23, 59, 59), zone))

    def _placed(self, today: date) -> Question:
        match self.report.period:
            case "week" if self.month is None and self.week is None:
                return replace(self, week=today - timedelta(days=7))
            case "month" if self.month is None:
                return replace(self, month=today.replace(day=1) - timedelta(days=1))
            case "quarter" if self.month is None:
                return replace(self, month=_quarter(today) - timedelta(days=1))
            case _:
                return self

    def filters(self) -> dict[str, str]:
        """Return the columns and values that the rows of every section have."""
        centre = {"centre": self.centre} if self.centre else {}
        if self.report.period == "moment":
            return centre
        if self.report.period == "quarter" and self.month:
            return {"period_start": _quarter(self.month).isoformat()} | centre
        if self.week:
            return {"period_start": monday(self.week).isoformat()} | centre
        return ({"month": f"{self.month:%Y-%m}"} if self.month else {}) | centre

    def span(self) -> str:
        """Return the span in words that sort: 2025-10, 2025-Q4, or a week's Monday."""
        if self.week:
            return monday(self.week).isoformat()
        if self.month is None:
            return ""
        quarter = f"{self.month:%Y}-Q{(self.month.month + 2) // 3}"
        return quarter if self.report.period == "quarter" else f"{self.month:%Y-%m}"


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
