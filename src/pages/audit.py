"""Audit: who saw whom, what is unusual, what people who moved still have, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..api.rights import TRAIL_READERS, reads, require_reader
from ..projections import PUBLIC_VIEWS
from .pieces.picker import Choice, Entry, centre_choice, picker
from .pieces.rows import put_rows, title
from .pieces.tags import Tag, link, section
from .proof import put_proof
from .visit import Visit

MOST = 500
"""So many rows of a table are sent to the browser, the last ones first."""
SEARCHED = ("centre", "unit", "complaint", "person", "post", "purpose", "outcome")
"""The columns of the view ``access`` that the search compares."""
UNUSUAL = "unusual-access"
"""Compares people of all centres; it has no centre of its own."""
PROBLEMS: Mapping[str, Mapping[str, Any]] = {
    UNUSUAL: {"unusual": True},
    "leavers": {},
    "duties": {"outcome": "missed"},
    "exports": {},
}
"""The other views on the page, and what a row has that belongs there."""


async def build(visit: Visit) -> None:
    """Build the page; raises ``NotForThisPost``."""
    words = visit.words
    Tag("h1", words("audit"))
    require_reader(visit.caller, TRAIL_READERS)
    await _search(visit)
    await _found(visit)
    for view, wanted in PROBLEMS.items():
        if reads(visit.caller, view):
            await _put(visit, view, wanted)
    with section(words("statement")):
        link(words("statement_for"), visit.here("audit/statement"))
    with section(words("proof")):
        await put_proof(visit)


async def _search(visit: Visit) -> None:
    words = visit.words
    kinds = {"": words("all"), **words.codes("answer"), "break_glass": words.column("break_glass")}
    picker(
        visit,
        "audit",
        await centre_choice(visit),
        *map(Entry, ("unit", "complaint", "person")),
        _codes(visit, "post", "posts"),
        _codes(visit, "purpose", "purpose"),
        Choice("outcome", kinds),
        Entry("from", "date"),
        Entry("to", "date"),
        Entry.moment(),
    )


def _codes(visit: Visit, column: str, kind: str) -> Choice:
    return Choice(column, {"": visit.words("all"), **visit.words.codes(kind)})


async def _found(visit: Visit) -> None:
    """Put the answers of the gateway that were searched for, the newest first."""
    asked = {column: visit.asked(column) for column in SEARCHED}
    glass = asked["outcome"] == "break_glass"
    filters = asked | ({"outcome": ""} if glass else {})
    answer = await visit.rows("access", filters)
    since, until = visit.asked("from"), visit.asked("to") or "9999"
    rows = [
        row
        for row in answer.rows()
        if since <= f"{row['at']:%Y-%m-%d}" <= until and (row["break_glass"] or not glass)
    ]
    with section(title(visit, "access")):
        said = visit.words("moment", at=answer.as_of, position=answer.position)
        number = visit.words("answers", number=len(rows))
        Tag("p", f"{number} · {said}", role="status", style="moment")
        put_rows(visit, rows[: -MOST - 1 : -1], PUBLIC_VIEWS["access"].brief, "access")


async def _put(visit: Visit, view: str, wanted: Mapping[str, Any]) -> None:
    answer = await visit.rows(view, {} if view == UNUSUAL else {"centre": visit.asked("centre")})
    rows = [row for row in answer.rows() if all(row[name] == one for name, one in wanted.items())]
    with section(title(visit, view)):
        Tag("p", visit.words("rows", number=len(rows)), style="moment")
        columns = [name for name in answer.columns if name != "stale"]
        put_rows(visit, rows[: -MOST - 1 : -1], columns, view)
