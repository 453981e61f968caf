"""What operators see: structured access logs, metrics and spans. Never a value of a request.

A path is logged as its route (``/complaints/{id}``), and a request's number is taken from the
caller only in a harmless form, so nothing that somebody sends gets into a log as it is.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from secrets import token_hex

from opentelemetry import propagate, trace
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
REQUESTS = Counter("guanjia_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("guanjia_request_seconds", "Time to answer a request", ["method", "route"])
CARRIED_OUT = Counter("guanjia_commands", "Commands carried out", ["do"])

log = logging.getLogger("guanjia.api.access")
tracer = trace.get_tracer("guanjia")


@contextmanager
def span(name: str, **attributes: str) -> Generator[None, None, None]:
    """Trace a step, when the process that embeds us has set OpenTelemetry up.

    An exception is told by its kind alone: its message could hold an identifier.
    """
    with tracer.start_as_current_span(
        f"guanjia.{name}", attributes=attributes, record_exception=False
    ):
        yield


class Observed:
    """Middleware: a number, a span, a log line, figures and safe headers for each request."""

    def __init__(self, app: ASGIApp, failing: Callable[[Request, Exception], Response]) -> None:
        self._app = app
        self._failing = failing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["request_id"] = _request_id(given.get("x-request-id"))
        started, status = time.perf_counter(), 0

        async def answering(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = state["request_id"]
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        context = propagate.extract(dict(given))
        with tracer.start_as_current_span("guanjia.request", context=context):
            try:
                await self._app(scope, receive, answering)
            except Exception as error:  # whatever it is, the caller gets an answer of ours
                if status:
                    raise
                await self._failing(Request(scope), error)(scope, receive, answering)
            finally:
                _tell(scope, status, time.perf_counter() - started)


def _request_id(given: str | None) -> str:
    return given if given and REQUEST_ID.fullmatch(given) else token_hex(16)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "none")
    method = scope["method"] if scope["method"] in METHODS else "other"
    REQUESTS.labels(method, route, status).inc()
    SECONDS.labels(method, route).observe(seconds)
    state = scope["state"]
    told = {
        "request": state["request_id"],
        "account": state.get("account"),
        "method": method,
        "route": route,
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
    }
    log.info("request", extra=told)


class JsonLines(logging.Formatter):
    """Writes a log record as one line of JSON, with ASCII only, so that no text can break it."""

    FIELDS = ("request", "account", "method", "route", "status", "milliseconds", "error", "code")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        return json.dumps(line)
