"""What is known of one case, home, key, renovation, parcel or export: its rows and its events.

Of an event its structured facts are shown, never the references to sealed values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from ..domain import errors
from ..domain.messages import Event, Id
from ..domain.moments import Moment
from ..office import Office
from . import rights
from .callers import Caller, CallerNow, OfficeHere
from .paths import WholeRoute
from .problems import responses
from .views import AsOf, Position

SELF = "{id}"
PAGE, LARGEST_PAGE = 100, 1000
STATUSES = (401, 404, 422, 503)


class Record(NamedTuple):
    """A kind of aggregate: how its refusal of an unknown one is called, and its rows by view."""

    unknown: type[errors.Rejected]
    views: dict[str, dict[str, str]]


def _promises(kind: str) -> dict[str, dict[str, str]]:
    return {"sla": {"kind": kind, "subject": SELF}}


RECORDS = {
    "complaint": Record(
        errors.UnknownComplaint,
        {
            "cases": {"complaint": SELF},
            "unescalated": {"complaint": SELF},
            "work-orders": {"complaint": SELF},
            **_promises("complaint"),
        },
    ),
    "unit": Record(
        errors.UnknownUnit,
        {
            "units": {"unit": SELF},
            "defects": {"unit": SELF},
            "documents": {"unit": SELF},
            "paper-copies": {"unit": SELF},
            **_promises("unit"),
        },
    ),
    "key": Record(errors.UnknownKey, {"keys-out": {"key": SELF}, **_promises("key")}),
    "permit": Record(
        errors.UnknownPermit,
        {
            "patrol-coverage": {"permit": SELF},
            "violations": {"permit": SELF},
            **_promises("permit"),
        },
    ),
    "parcel": Record(
        errors.UnknownParcel, {"parcels-waiting": {"parcel": SELF}, **_promises("parcel")}
    ),
    "export": Record(errors.UnknownExport, {"exports": {"export": SELF}}),
}


class Known(BaseModel):
    """One aggregate: its version (also the ETag) and its rows in each view."""

    id: str = Field(examples=["N-1"])
    centre: str = Field(examples=["north"])
    version: int = Field(examples=[7])
    as_of: str = Field(examples=["2026-01-05T09:00:00+08:00"])
    position: int = Field(examples=[1042])
    rows: dict[str, list[dict[str, Any]]]


class Fact(BaseModel):
    """One event: who recorded what, and which of its values are sealed."""

    version: int = Field(examples=[1])
    topic: str = Field(examples=["complaint.received.1"])
    at: str
    recorded_at: str
    by: str
    post: str
    facts: dict[str, Any]
    sealed: list[str] = Field(examples=[["text", "contact.phone"]])


class History(BaseModel):
    """Events, oldest first; ``next`` is what to give as ``after`` for more of them."""

    events: list[Fact]
    next: int | None = None


def known(
    office: Office, caller: Caller, kind: str, id: str, as_of: Moment | None, position: int | None
) -> Known:
    """Return what the views say; raises the refusal of an unknown one also for another centre's."""
    version, centre = require_seen(office, caller, kind, id)
    rows: dict[str, list[dict[str, Any]]] = {}
    for view, filters in RECORDS[kind].views.items():
        named = {column: id if value == SELF else value for column, value in filters.items()}
        answer = rights.rows(office, caller, view, named, as_of=as_of, position=position)
        as_of, position = answer.as_of, answer.position
        rows[view] = answer.plain()
    return Known(
        id=id,
        centre=centre,
        version=version,
        as_of=as_of.isoformat() if as_of else "",
        position=position or 0,
        rows=rows,
    )


def require_seen(office: Office, caller: Caller, kind: str, id: str) -> tuple[int, str]:
    """Return version and centre of an aggregate that this caller may see."""
    version, centre = office.application.placed(kind, id)
    if centre is None or not caller.sees(centre):
        raise RECORDS[kind].unknown(id)
    return version, centre


def told(office: Office, kind: str, id: str, as_of: Moment | None) -> Iterator[Fact]:
    """Yield the events that had been recorded by ``as_of``."""
    for number, event in enumerate(office.application.history(kind, id), start=1):
        if as_of is None or event.recorded_at <= as_of:
            yield _fact(number, event)


def _fact(version: int, event: Event) -> Fact:
    sealed = [path for path, _, _ in event.sealed()]
    facts = event.model_dump(mode="json", by_alias=True, exclude_none=True)
    for path in sealed:
        _cut(facts, path.split("."))
    shown = {name: facts.pop(name) for name in ("at", "recorded_at", "by", "post")}
    return Fact(version=version, topic=event.topic, facts=facts, sealed=sealed, **shown)


def _cut(facts: Any, path: list[str]) -> None:  # noqa: ANN401  a part of a JSON document
    """Take the value at ``path`` out of a document."""
    *way, last = path
    for step in way:
        facts = facts[int(step)] if isinstance(facts, list) else facts[step]
    del facts[last]


def _endpoints(kind: str) -> tuple[Callable[..., Known], Callable[..., History]]:
    def record(
        id: Annotated[Id, Path()],
        office: OfficeHere,
        caller: CallerNow,
        response: Response,
        as_of: AsOf = None,
        position: Position = None,
    ) -> Known:
        found = known(office, caller, kind, id, as_of, position)
        response.headers["Guanjia-Position"] = str(found.position)
        if as_of is None and position is None:
            response.headers["ETag"] = f'"{found.version}"'
        return found

    def events(
        id: Annotated[Id, Path()],
        office: OfficeHere,
        caller: CallerNow,
        response: Response,
        as_of: AsOf = None,
        after: Annotated[int, Query(ge=0, le=2**31, description="The version seen last.")] = 0,
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    ) -> History:
        version, _ = require_seen(office, caller, kind, id)
        response.headers["ETag"] = f'"{version}"'
        later = (fact for fact in told(office, kind, id, as_of) if fact.version > after)
        page = list(islice(later, limit + 1))
        following = page[limit - 1].version if len(page) > limit else None
        return History(events=page[:limit], next=following)

    record.__doc__ = f"Show what the views know of one {kind}; its ETag goes into If-Match."
    events.__doc__ = f"Show the events of one {kind}, without what is sealed."
    return record, events


router = APIRouter(route_class=WholeRoute, tags=["records"], responses=responses(*STATUSES))
for _kind in RECORDS:
    _record, _events = _endpoints(_kind)
    router.add_api_route(f"/{_kind}s/{{id}}", _record, operation_id=_kind)
    router.add_api_route(f"/{_kind}s/{{id}}/events", _events, operation_id=f"{_kind}_events")
