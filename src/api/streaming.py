"""A stream of the promises about to be missed, and of how far the views are (server-sent events).

At each beat the token and the post are looked at anew: the stream ends when the right does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from ..office import Office
from .callers import Caller, CallerNow, Credentials, called_by, office_of
from .errors import TokenInvalid
from .limiting import one_stream
from .news import due_soon, of_promise
from .outages import code_of
from .problems import responses
from .settings import Settings

END = "end"
log = logging.getLogger("guanjia.api.streams")
router = APIRouter(tags=["streams"], responses=responses(401, 422, 429, 503))


@dataclass
class Watch:
    """What one listener was told."""

    office: Office
    request: Request
    token: str
    caller: Caller
    within: timedelta
    told: set[str] = field(default_factory=set)

    def beat(self) -> list[ServerSentEvent]:
        """Return what is new; of what goes wrong the code, for the next beat may go well."""
        try:
            return self._news()
        except Exception as error:  # noqa: BLE001  whatever it is, a listener hears of it
            code = code_of(error)
            log.warning("stream waits", extra={"error": type(error).__name__, "code": code})
            return [ServerSentEvent(event="failing", data={"code": code})]

    def _news(self) -> list[ServerSentEvent]:
        try:
            now = called_by(self.token, self.request.app.state.trusts, self.office)
        except TokenInvalid:
            return [_end(TokenInvalid.code)]
        if now != self.caller:
            return [_end("post_changed")]
        near = due_soon(self.office, now, self.within).plain()
        rows = {of_promise("promise.due_soon", row).id: row for row in near}
        new = [
            ServerSentEvent(id=id, event="promise", data=row)
            for id, row in rows.items()
            if id not in self.told
        ]
        self.told = set(rows)
        return [*new, self._status()]

    def _status(self) -> ServerSentEvent:
        status = asdict(self.office.views.status())
        data = {name: status[name] for name in ("position", "store_position", "lag_events")}
        return ServerSentEvent(event="status", data=data)


def _end(reason: str) -> ServerSentEvent:
    return ServerSentEvent(event=END, data={"reason": reason})


@router.get(
    "/streams/promises", response_class=EventSourceResponse, dependencies=[Depends(one_stream)]
)
async def promises(
    request: Request,
    caller: CallerNow,
    credentials: Credentials,
    within: Annotated[int, Query(ge=1, le=604_800, description="Seconds before it is due.")] = 900,
) -> AsyncIterator[ServerSentEvent]:
    """Listen for promises about to be missed: ``promise``; ``status`` each beat.

    ``failing`` instead while they cannot be told, with a code; ``end`` when the right to know has
    ended: ``token_invalid``, or ``post_changed`` (connect anew).
    """
    token = credentials.credentials if credentials else ""
    watch = Watch(office_of(request), request, token, caller, timedelta(seconds=within))
    settings: Settings = request.app.state.settings
    for _ in range(settings.beats):
        for event in await run_in_threadpool(watch.beat):
            yield event
            if event.event == END:
                return
        await asyncio.sleep(settings.beat)
