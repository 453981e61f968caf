"""One case, home, key, renovation or parcel: how it stands, its clocks explained, its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..api import records
from ..api.errors import NotFound
from ..api.records import RECORDS, Fact, Known
from ..projections.explain import SHOWN, Day, Explained, explain
from .disclosing import put_disclosure
from .pieces.rows import cell, put, title
from .pieces.tags import Tag, section
from .visit import Visit, threaded
from .words import Words

MASKED = ("name", "phone")


async def build(visit: Visit) -> None:
    """Build the page; raises the refusal of an unknown one also for another centre's."""
    kind, id = visit.request.path_params["kind"], visit.request.path_params["id"]
    if kind not in RECORDS:
        raise NotFound
    Tag("h1", f"{visit.words(kind)} {id}")
    office = visit.office
    known = await threaded(records.known, office, visit.caller, kind, id, visit.as_of, None)
    promises = await visit.rows("sla", {"kind": kind, "subject": id}, known.position)
    counting = await threaded(office.application.counting, promises.as_of)
    told = await threaded(_told, visit, kind, id)
    said = visit.words("moment", at=promises.as_of, position=promises.position)
    Tag("p", said, style="moment")
    await _standing(visit, known, kind)
    put_disclosure(visit, kind, id)
    with section(visit.words("clocks")):
        for explained in explain(promises.rows(), counting):
            _clock(visit, explained)
    with section(visit.words("timeline")), Tag("ol", style="timeline"):
        for fact in told:
            _event(visit, fact)


def _told(visit: Visit, kind: str, id: str) -> list[Fact]:
    return list(records.told(visit.office, kind, id, visit.as_of))


async def _standing(visit: Visit, known: Known, kind: str) -> None:
    """Put what the views say of it, and whom it is about in masks."""
    with section(visit.words("standing")):
        for view in RECORDS[kind].views:
            if view != "sla" and known.rows[view]:
                Tag("h3", title(visit, view))
                for row in known.rows[view]:
                    _described(visit, row)
        masks = {
            field: await threaded(visit.office.gateway.mask, kind, known.id, field)
            for field in MASKED
        }
        Tag("h3", visit.words("masked"))
        _described(visit, masks)


def _described(visit: Visit, row: Mapping[str, Any]) -> None:
    """Put a row as a list of its columns and values; what is empty is left out."""
    with Tag("dl", style="described"):
        for column, value in row.items():
            if value not in (None, ""):
                with Tag("div"):
                    Tag("dt", visit.words.column(column))
                    with Tag("dd"):
                        put(cell(visit, row, column))


def _clock(visit: Visit, explained: Explained) -> None:
    """Put how a promise's due time came about: its start, and the days counted and skipped."""
    row, words = explained.row, visit.words
    with Tag("article", style="clock"):
        name = words.code("commitment", row["commitment"])
        Tag("h3", words("clock", commitment=name, round=row["round"]))
        _described(visit, {column: row[column] for column in SHOWN if column != "commitment"})
        if explained.days:
            _days(words, explained.days)


def _days(words: Words, days: Iterable[Day]) -> None:
    """Put the days after the start: those that counted with their number."""
    with Tag("ol", style="days", aria_label=words("days")):
        for number, day in _numbered(days):
            text = f"{number}. {day.day:%m-%d}" if number else f"{day.day:%m-%d}"
            style = "counted" if number else "skipped"
            Tag("li", f"{text} {words.code('day', day.kind)}", style=style)


def _numbered(days: Iterable[Day]) -> Iterator[tuple[int, Day]]:
    """Yield the days; one that counted with its number, one that was skipped with 0."""
    number = 0
    for day in days:
        number += day.counted
        yield (number if day.counted else 0), day


def _event(visit: Visit, fact: Fact) -> None:
    """Put one event: when, what, by whom, what it says, and which clocks it moved."""
    words = visit.words
    with Tag("li"):
        Tag("h3", words.event(fact.topic))
        Tag("p", f"{_minute(fact.at)} · {fact.by} · {words.code('posts', fact.post)}")
        said = {name: value for name, value in fact.facts.items() if _is_said(value)}
        _described(visit, said)
        for clock in fact.facts.get("clocks", ()):
            _moved(visit, clock)
        if fact.sealed:
            Tag("p", words("sealed", fields=", ".join(fact.sealed)), style="sealed")


def _is_said(value: object) -> bool:
    """Return whether it is the event's own; the rows of the standing that ride on it are not."""
    return not isinstance(value, dict | list)


def _moved(visit: Visit, clock: Mapping[str, Any]) -> None:
    words = visit.words
    change = "stops" if clock.get("stopped_at") else clock.get("ended", "runs")
    name = words.code("commitment", clock["commitment"])
    said = words(f"clock_{change}", commitment=name, due=_minute(clock["due_at"]))
    Tag("p", said, style="moved")


def _minute(written: str) -> str:
    """Return an ISO time to the minute."""
    return written[:16].replace("T", " ")
