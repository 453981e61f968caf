"""The months a page can speak of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ..visit import Visit
from .picker import Choice

MONTHS = 13


def last_months(visit: Visit) -> list[str]:
    """Return the month of the moment asked about and those before it, the newest first."""
    moment = visit.as_of or visit.office.application.clock().astimezone(visit.office.zone)
    found = [moment.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return [f"{one:%Y-%m}" for one in found]


def month_choice(months: Sequence[str]) -> Choice:
    """Return the choice of one of these months."""
    return Choice("month", {month: month for month in months})
