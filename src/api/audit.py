"""For auditors: who asked for owners' data and what was done with it, in the store's order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from ..domain import recording
from ..domain.disclosure.events import AccessEvent, GlassEvent
from ..domain.export.events import ExportEvent, ExportReleased
from ..domain.messages import Event
from ..domain.privacy.events import PrivacyEvent
from ..office import Office
from ..projections.source import StoredRow
from .callers import Caller, CallerNow, OfficeHere
from .problems import responses
from .rights import TRAIL_READERS, require_reader

PAGE, LARGEST_PAGE = 100, 1000
BATCH = 1000
SHOWN = (AccessEvent, GlassEvent, ExportEvent, PrivacyEvent)
router = APIRouter(prefix="/audit", tags=["audit"], responses=responses(401, 403, 422, 503))


class Entry(BaseModel):
    """A request for clear values, a broken glass, an export, an erasure or hold; never a value."""

    position: int = Field(examples=[1042])
    topic: str = Field(examples=["access.disclosed.1"])
    facts: dict[str, Any]


class Trail(BaseModel):
    """Entries, oldest first; ``next`` is what to give as ``after`` for more of them."""

    entries: list[Entry]
    next: int | None = None


@router.get("/trail")
def trail(
    office: OfficeHere,
    caller: CallerNow,
    after: Annotated[int, Query(ge=0, le=2**62, description="The position seen last.")] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
) -> Trail:
    """Show who asked for owners' data, what for, what was answered, and what became of it."""
    require_reader(caller, TRAIL_READERS)
    page = list(islice(_entries(office, caller, after), limit + 1))
    following = page[limit - 1].position if len(page) > limit else None
    return Trail(entries=page[:limit], next=following)


def _entries(office: Office, caller: Caller, after: int) -> Iterator[Entry]:
    while batch := office.views.source.read(after, BATCH):
        after = batch[-1].position
        yield from (entry for row in batch if (entry := _entry(row, office, caller)))


def _entry(row: StoredRow, office: Office, caller: Caller) -> Entry | None:
    if not issubclass(recording.kind_of(row.topic) or object, SHOWN):
        return None
    event = recording.read(row.topic, row.state)
    centres = [*_centres(event, row, office)]
    if not all(map(caller.sees, centres)) or not (centres or caller.sees(None)):
        return None
    hidden = {path for path, _, _ in event.sealed()} | {"clocks"}
    if isinstance(event, ExportReleased):
        hidden.add("about")  # thousands; the homes are in the request
    facts = event.model_dump(mode="json", exclude_none=True, exclude=hidden)
    return Entry(position=row.position, topic=row.topic, facts=facts)


def _centres(event: Event, row: StoredRow, office: Office) -> Iterator[str | None]:
    """Yield the centres whose data it is about."""
    match event:
        case AccessEvent():
            yield from (one.centre for one in event.about)
        case ExportEvent() | PrivacyEvent():
            yield event.centre
        case _:
            kind, _, id = row.originator_id.partition(":")
            yield office.application.placed(kind, id)[1]
