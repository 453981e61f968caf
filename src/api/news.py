"""What there is to tell: promises about to be missed or missed, escalations, broken glass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from ..domain import recording
from ..domain.complaint.events import ComplaintEscalated
from ..domain.disclosure.events import GlassBroken
from ..office import Office
from ..projections import Result
from ..projections.source import StoredRow
from . import rights
from .callers import Caller

BATCH = 500
KEY = ("kind", "subject", "commitment", "round", "started_at", "seq", "due_at")
"""What tells one promise from another, and from itself when its due time changes."""
Kind = Literal["promise.due_soon", "promise.missed", "complaint.escalated", "glass.broken"]
NOTHING: Mapping[str, str] = {}


class Message(NamedTuple):
    """What a receiver is told: an identifier that never changes, what kind of thing, and facts."""

    id: str
    kind: Kind
    facts: dict[str, Any]


def due_soon(
    office: Office, caller: Caller, within: timedelta, filters: Mapping[str, str] = NOTHING
) -> Result:
    """Return the open promises that are due within a time from now."""
    answer = rights.rows(office, caller, "sla", {**filters, "outcome": "open"})
    return answer.between("due_at", until=answer.as_of + within)


def missed(
    office: Office, caller: Caller, since: datetime, filters: Mapping[str, str] = NOTHING
) -> Result:
    """Return the promises that were missed after a moment."""
    answer = rights.rows(office, caller, "sla", {**filters, "outcome": "missed"})
    return answer.between("missed_at", after=since)


def of_promise(kind: Kind, row: dict[str, Any]) -> Message:
    """Return what tells of a promise; when it is due at another time that is another message."""
    named = ("kind", "subject", "centre", "commitment", "round", "started_at", "seq", "due_at")
    facts = {name: row[name] for name in named}
    digest = hashlib.sha256(json.dumps([kind, facts]).encode()).hexdigest()
    return Message(f"promise-{digest[:32]}", kind, facts)


def of_events(office: Office, after: int, centre: str | None) -> tuple[int, list[Message]]:
    """Return the position reached, and what happened since one, in a centre or (None) anywhere."""
    rows = office.views.source.read(after, BATCH)
    told = (message for row in rows if (message := _of_event(row)))
    heard = [message for message in told if centre in (None, message.facts["centre"])]
    return rows[-1].position if rows else after, heard


def _of_event(row: StoredRow) -> Message | None:
    if not issubclass(recording.kind_of(row.topic) or object, ComplaintEscalated | GlassBroken):
        return None
    event = recording.read(row.topic, row.state)
    match event:
        case ComplaintEscalated(case=case):
            named: Kind = "complaint.escalated"
            centre = case.centre if case else None
        case GlassBroken(about=about):
            named, centre = "glass.broken", about.centre
        case _:
            return None
    kind, _, id = row.originator_id.partition(":")
    at, position = event.at.isoformat(), row.position
    facts = {kind: id, "centre": centre, "at": at, "position": position}
    return Message(f"event-{position}", named, facts)
