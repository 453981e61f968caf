"""How often one account may ask for what could be asked too often; counted in this process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Literal

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from .callers import Caller, CallerNow
from .errors import TooManyRequests
from .settings import Settings

Limited = Literal["disclosures", "look_ups", "statements"]


class Limiter:
    """Counts requests of each account, for each thing that is limited."""

    def __init__(self, settings: Settings) -> None:
        self._items: dict[Limited, RateLimitItemPerMinute] = {
            "disclosures": RateLimitItemPerMinute(settings.disclosures_per_minute),
            "look_ups": RateLimitItemPerMinute(settings.look_ups_per_minute),
            "statements": RateLimitItemPerMinute(settings.statements_per_minute),
        }
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._turns = BoundedSemaphore(settings.statements_at_once)
        self._streams_at_once = settings.streams_at_once
        self._streams = Counter[str]()

    def count(self, limited: Limited, account: str) -> None:
        """Count one request; raises ``TooManyRequests`` when there were enough."""
        item = self._items[limited]
        if not self._window.hit(item, limited, account):
            reset = self._window.get_window_stats(item, limited, account).reset_time
            raise TooManyRequests({"Retry-After": str(max(1, round(reset - time.time())))})

    @contextmanager
    def turn(self) -> Generator[None, None, None]:
        """Do what takes much of the machine; raises ``TooManyRequests`` while others do."""
        if not self._turns.acquire(blocking=False):
            raise TooManyRequests({"Retry-After": "1"})
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def stream(self, account: str) -> Generator[None, None, None]:
        """Have a stream open; raises ``TooManyRequests`` while the account has enough of them.

        Called on the event loop alone.
        """
        if self._streams[account] >= self._streams_at_once:
            raise TooManyRequests({"Retry-After": "60"})
        self._streams[account] += 1
        try:
            yield
        finally:
            self._streams -= Counter([account])


def limiter_of(request: Request) -> Limiter:
    """Return the counts of the application."""
    limiter: Limiter = request.app.state.limiter
    return limiter


def limited_by(limited: Limited) -> Callable[[Request, CallerNow], Caller]:
    """Return the dependency on a caller who has not asked too often."""

    def limited_caller(request: Request, caller: CallerNow) -> Caller:
        limiter_of(request).count(limited, caller.account)
        return caller

    return limited_caller


async def one_stream(request: Request, caller: CallerNow) -> AsyncIterator[None]:
    """Count a stream of the caller's from its first byte to its last."""
    with limiter_of(request).stream(caller.account):
        yield
