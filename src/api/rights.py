"""Rows by right: a centre's post sees its own centre's, a company post all.

No view holds a personal value; who looked at owners' data is for those who answer for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from ..domain.posts import COMPANY
from ..office import Office
from ..projections import WHOLE, Part, Result
from ..reports import Report
from .callers import Caller
from .errors import NotForThisPost, TooFarAhead

TRAIL_READERS = frozenset(
    {"auditor", "quality", "general_manager", "department_head", "data_custodian"}
)
AUDITORS = TRAIL_READERS & COMPANY
"""Who reads what is of no centre: the log of all, and figures about people."""

READERS: dict[str, frozenset[str]] = {
    "access": TRAIL_READERS,
    "access-counts": TRAIL_READERS,
    "unusual-access": AUDITORS,
    "parked": COMPANY,
}
"""The views that not every post reads; what is of no centre is the company's."""


AHEAD = timedelta(days=366)
"""How far ahead a question may look: each week and day until then is a row."""


def require_reader(caller: Caller, readers: frozenset[str]) -> None:
    """Require one of the posts; raises ``NotForThisPost``."""
    if caller.post not in readers:
        raise NotForThisPost


def may_have(caller: Caller, report: Report) -> bool:
    """Return whether a report is for a caller: all its views, and of the own centre alone."""
    is_cut = report.by_centre or not caller.centre
    return is_cut and all(reads(caller, view) for view in report.views)


def reads(caller: Caller, view: str) -> bool:
    """Return whether a view's rows are for the post."""
    return view not in READERS or caller.post in READERS[view]


def rows(
    office: Office,
    caller: Caller,
    view: str,
    filters: Mapping[str, str],
    *,
    as_of: datetime | None = None,
    position: int | None = None,
    part: Part = WHOLE,
) -> Result:
    """Answer a view with the rows that are for this caller; another centre's are as if not there.

    ``filters`` are columns and their values, ``part`` says which of the rows. Raises
    ``NotForThisPost``, ``TooFarAhead`` and what the views raise.
    """
    if not reads(caller, view):
        raise NotForThisPost
    own = {"centre": caller.centre} if caller.centre else {}
    office.views.catch_up()
    now = office.application.clock()
    moment = as_of or now
    if moment > now + AHEAD:
        raise TooFarAhead
    answer = office.views.query(view, moment, position, {**filters, **own}, part=part)
    if "centre" in filters and not caller.sees(filters["centre"]):
        return replace(answer, table=answer.table.slice(0, 0))
    return answer
