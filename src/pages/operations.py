"""Operations: renovations, keys, parcels, visits and repairs: what is out, overdue, uncovered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..projections import PUBLIC_VIEWS
from .pieces.months import last_months, month_choice
from .pieces.picker import Choice, Entry, centre_choice, picker
from .pieces.rows import put_rows, title
from .pieces.tags import Tag, section
from .visit import Visit

Row = Mapping[str, Any]


class Listed(NamedTuple):
    """A view on the page, and which of its rows somebody has to see to."""

    view: str
    is_wrong: Callable[[Row], bool]
    monthly: bool = False
    filters: Mapping[str, str] = MappingProxyType({})


def _overdue(row: Row) -> bool:
    return bool(row["overdue"])


def _always(_: Row) -> bool:
    return True


TOPICS: dict[str, tuple[Listed, ...]] = {
    "renovation": (
        Listed("patrol-coverage", lambda row: row["missing"] > 0),
        Listed("violations", lambda row: row["open"]),
        Listed("unrenovated-homes", _always),
    ),
    "keys": (
        Listed("keys-out", _overdue),
        Listed("key-counts", lambda row: row["missing"] + row["unexpected"] > 0),
        Listed("documents", _overdue),
    ),
    "parcels": (Listed("parcels-waiting", _overdue),),
    "visits": (
        Listed("visit-quotas", lambda row: not row["met"], monthly=True),
        Listed("uncovered-homes", _always),
    ),
    "warranty": (
        Listed(
            "warranty",
            lambda row: bool(row["below_target"]),
            monthly=True,
            filters={"period": "month"},
        ),
        Listed("long-open-repairs", _always),
    ),
}


async def build(visit: Visit) -> None:
    """Build the page."""
    words = visit.words
    Tag("h1", words("operations"))
    topic = visit.asked("about")
    topic = topic if topic in TOPICS else next(iter(TOPICS))
    months = last_months(visit)
    topics = Choice("about", {one: words(f"about_{one}") for one in TOPICS})
    only = Choice("only", {"": words("all"), "wrong": words("wrong")})
    fields = (topics, await centre_choice(visit), month_choice(months), only, Entry.moment())
    picker(visit, "operations", *fields, chosen={"month": months[1]})
    for listed in TOPICS[topic]:
        await _put(visit, listed, visit.asked("month") or months[1])


async def _put(visit: Visit, listed: Listed, month: str) -> None:
    """Put the rows of one view, those that somebody has to see to first."""
    view = PUBLIC_VIEWS[listed.view]
    filters = {**listed.filters, "centre": visit.asked("centre")}
    answer = await visit.rows(listed.view, filters | ({"month": month} if listed.monthly else {}))
    rows = answer.rows()
    wrong = [row for row in rows if listed.is_wrong(row)]
    others = [] if visit.asked("only") else [row for row in rows if not listed.is_wrong(row)]
    columns = [name for name in view.brief or answer.columns if name != "stale"]
    with section(title(visit, listed.view)):
        said = visit.words("wrong_of", wrong=len(wrong), number=len(rows))
        Tag("p", said, style="moment")
        put_rows(visit, wrong + others, columns, listed.view)
