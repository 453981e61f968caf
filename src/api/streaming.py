"""A stream of the promises about to be missed, and of how far the views are (server-sent events).

At each beat the token and the post are looked at anew: the stream ends when the right does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from ..domain.moments import parse
from ..office import Office
from . import rights
from .callers import Caller, CallerNow, Credentials, called_by, office_of
from .errors import TokenInvalid
from .problems import responses
from .settings import Settings

router = APIRouter(tags=["streams"], responses=responses(401, 422, 503))


def due_soon(office: Office, caller: Caller, within: timedelta) -> list[dict[str, Any]]:
    """Return the rows of open promises that are due within a time from now."""
    answer = rights.rows(office, caller, "sla", {"outcome": "open"})
    last = answer.as_of + within
    return [row for row in answer.plain() if parse(row["due_at"]) <= last]


def key_of(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells one promise from another, and from itself when its due time changes."""
    named = ("kind", "subject", "commitment", "round", "started_at", "seq", "due_at")
    return tuple(row[name] for name in named)


def last_position(office: Office) -> int:
    """Return how far the store is."""
    return office.application.store.last_position()


@dataclass
class Watch:
    """What one listener was told."""

    office: Office
    request: Request
    token: str
    caller: Caller
    within: timedelta
    told: set[tuple[Any, ...]] = field(default_factory=set)

    def beat(self) -> list[ServerSentEvent] | None:
        """Return what is new, None when the right to know has ended or changed."""
        try:
            now = called_by(self.token, self.request.app.state.trusts, self.office)
        except TokenInvalid:
            return None
        if now != self.caller:
            return None
        rows = {key_of(row): row for row in due_soon(self.office, now, self.within)}
        new = [row for key, row in rows.items() if key not in self.told]
        self.told = set(rows)
        return [*(ServerSentEvent(event="promise", data=row) for row in new), self._status()]

    def _status(self) -> ServerSentEvent:
        last = last_position(self.office)
        position = self.office.views.position()
        data = {"position": position, "store_position": last, "lag_events": last - position}
        return ServerSentEvent(event="status", data=data)


@router.get("/streams/promises", response_class=EventSourceResponse)
async def promises(
    request: Request,
    caller: CallerNow,
    credentials: Credentials,
    within: Annotated[int, Query(ge=1, le=604_800, description="Seconds before it is due.")] = 900,
) -> AsyncIterator[ServerSentEvent]:
    """Listen for promises about to be missed: ``promise``; ``status`` each beat; ``end``."""
    token = credentials.credentials if credentials else ""
    watch = Watch(office_of(request), request, token, caller, timedelta(seconds=within))
    settings: Settings = request.app.state.settings
    for _ in range(settings.beats):
        news = await run_in_threadpool(watch.beat)
        if news is None:
            yield ServerSentEvent(event="end", data={"reason": TokenInvalid.code})
            return
        for event in news:
            yield event
        await asyncio.sleep(settings.beat)
