"""The board: promises that are still to be kept, what is overdue first, live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui
from pyarrow import compute

from ..projections import Result
from .pieces.grid import Cell, Grid
from .pieces.live import renewed
from .pieces.picker import Choice, centre_choice, picker
from .pieces.rows import cells
from .pieces.tags import Tag, section
from .visit import Visit, threaded

EVERY_SECONDS = 5.0
"""How often the board looks whether something has changed."""
PERIODIC = ("progress", "patrol")
"""What is owed for a day or a week and cannot be made good once that is over."""
HOURS = ("4", "8", "24", "72")
SOON = "8"
STANDINGS = ("overdue", "soon", "later")
TONES = {"overdue": "bad", "soon": "soon", "later": ""}
COLUMNS = (
    "standing",
    "due_at",
    "subject",
    "commitment",
    "centre",
    "department",
    "started_at",
    "provisional",
)


async def build(visit: Visit) -> None:
    """Build the page."""
    words = visit.words
    Tag("h1", words("board"))
    hours = Choice("hours", {hours: words("hours_ahead", hours=hours) for hours in HOURS})
    standings = {one: words(one) for one in STANDINGS}
    standing = Choice("standing", {"": words("all"), **standings})
    centre = await centre_choice(visit)
    picker(visit, "board", centre, hours, standing, chosen={"hours": SOON})
    board = _Board(visit)
    await board.refresh()
    ui.timer(EVERY_SECONDS, board.refresh, immediate=False)


class _Board:
    """The two tables of the board and what they show."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._moment = Tag("p", role="status", style="moment")
        with section(visit.words("by_centre")):
            self._centres = Grid(visit.words.heads(("centre", *STANDINGS)))
        with section(visit.words("open_promises")):
            self._promises = Grid(visit.words.heads(COLUMNS))
        self._shown: object = None

    async def refresh(self) -> None:
        """Show what holds now, if that is not what is shown already."""
        visit = await renewed(self._visit)
        if visit is None:
            return
        self._visit = visit
        position = await threaded(self._visit.office.views.catch_up)
        now = self._visit.office.application.clock()
        if self._shown == (position, now.replace(second=0)):
            return
        self._shown = (position, now.replace(second=0))
        await self._show()

    async def _show(self) -> None:
        visit = self._visit
        centre = {"centre": visit.asked("centre")}
        promises = await visit.rows("sla", centre)
        running = await visit.rows("cases", centre | {"status": "open"}, promises.position)
        rows = await threaded(_open, promises, running)
        for row in rows:
            row["standing"] = _standing(row, promises.as_of + _ahead(visit))
        self._moment.text = visit.words("moment", at=promises.as_of, position=promises.position)
        self._centres.show(_counts(visit, rows))
        self._promises.show(_shown(visit, rows))


def _ahead(visit: Visit) -> timedelta:
    hours = visit.asked("hours")
    return timedelta(hours=int(hours if hours in HOURS else SOON))


def _open(promises: Result, running: Result) -> list[dict[str, Any]]:
    """Return the promises that can still be kept, or made good, in order of their due times."""
    field = compute.field
    unsettled = field("stopped_at").is_null() & field("ended_at").is_null()
    late = field("outcome") == "missed"
    for_good = late & field("commitment").isin(PERIODIC)
    table = promises.table.filter(unsettled & (late | (field("outcome") == "open")) & ~for_good)
    cases = {*running.table["complaint"].to_pylist(), None}
    rows = replace(promises, table=table).rows()
    return sorted((row for row in rows if row["complaint"] in cases), key=lambda row: row["due_at"])


def _standing(row: dict[str, Any], soon: datetime) -> str:
    if row["outcome"] == "missed":
        return "overdue"
    return "soon" if row["due_at"] <= soon else "later"


def _counts(visit: Visit, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Cell]]:
    """Yield how many promises of each standing every centre has."""
    found = Counter((row["centre"], row["standing"]) for row in rows)
    for centre in sorted({centre for centre, _ in found}):
        made = {"centre": Cell(centre)}
        for standing in STANDINGS:
            count = found[centre, standing]
            href = visit.here("board", centre=centre, standing=standing, hours=visit.asked("hours"))
            made[standing] = Cell(str(count), href=href if count else "")
        yield made


def _shown(visit: Visit, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Cell]]:
    """Yield the cells of the rows of the standing asked for."""
    wanted = visit.asked("standing")
    for row, made in zip(rows, cells(visit, rows, COLUMNS), strict=True):
        standing = row["standing"]
        if wanted in {"", standing}:
            yield made | {"standing": Cell(visit.words(standing), tone=TONES[standing])}
