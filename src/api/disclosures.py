"""Clear values over HTTP: each request is in the record before anything is shown."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, Field

from ..domain.disclosure.commands import PAGE, About, Ask
from ..domain.matrix import PersonalField, Purpose
from ..domain.messages import Id, Message
from .callers import Caller, CallerNow, OfficeHere
from .errors import TooManyRequests
from .problems import responses
from .strict import StrictRoute

router = APIRouter(
    route_class=StrictRoute,
    tags=["disclosures"],
    responses=responses(401, 403, 404, 409, 413, 422, 429, 503),
)


class Limiter:
    """How many disclosures one account asks for in a minute; kept in this process."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def count(self, account: str) -> None:
        """Count one request; raises ``TooManyRequests`` when there were enough."""
        if not self._window.hit(self._item, account):
            reset = self._window.get_window_stats(self._item, account).reset_time
            raise TooManyRequests({"Retry-After": str(max(1, round(reset - time.time())))})


def limited(request: Request, caller: CallerNow) -> Caller:
    """Return the caller, who has not asked too often."""
    limiter: Limiter = request.app.state.limiter
    limiter.count(caller.account)
    return caller


class Asked(Message):
    """Whose values, which, and what for; ``complaint`` is the case they are needed for."""

    about: tuple[About, ...] = Field(min_length=1, max_length=PAGE)
    fields: tuple[PersonalField, ...] = Field(min_length=1, max_length=20)
    purpose: Purpose
    complaint: Id | None = None
    glass: Id | None = None


class Clear(BaseModel):
    """One clear value: whose, which field, and which event brought it."""

    kind: str
    id: str
    field: str
    resident: str | None
    topic: str
    at: str
    value: str


class Disclosed(BaseModel):
    """The values, and the position of the event that recorded who asked for them."""

    position: int
    values: list[Clear]


EXAMPLE = {
    "about": [{"kind": "complaint", "id": "N-1"}],
    "fields": ["phone"],
    "purpose": "callback",
}


@router.post("/disclosures", status_code=201)
def disclose(
    body: Annotated[Asked, Body(examples=[EXAMPLE])],
    office: OfficeHere,
    caller: Annotated[Caller, Depends(limited)],
    response: Response,
) -> Disclosed:
    """See clear values, if the permission matrix grants all of them. Denials are recorded too."""
    given = body.model_dump(exclude={"fields"})
    ask = Ask.model_validate({**given, "asked": body.fields, "origin": "api"})
    with office.gateway.disclose(ask, by=caller.account) as seen:
        response.headers["Guanjia-Position"] = str(seen.position)
        values = [
            Clear(
                kind=value.about.kind,
                id=value.about.id,
                field=value.name,
                resident=value.resident,
                topic=value.topic,
                at=value.at.isoformat(),
                value=value.clear,
            )
            for field in dict.fromkeys(body.fields)
            for value in seen.of(field)
        ]
        return Disclosed(position=seen.position, values=values)
