"""What a browser may do with a page: scripts run by their nonce, and nothing comes from outside."""

from __future__ import annotations

import re
from secrets import token_urlsafe

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Vue compiles its templates in the browser ('unsafe-eval') and NiceGUI writes styles into the page.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'unsafe-eval' 'nonce-{nonce}'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
SCRIPT = re.compile(rb"<script(?=[\s>])")
HTML = "text/html"


def policy(nonce: str) -> str:
    """Return the Content-Security-Policy of one page."""
    return "; ".join(f"{name} {value}" for name, value in POLICY.items()).format(nonce=nonce)


class Guarded:
    """Middleware: gives each page a policy with a nonce of its own, and its scripts that nonce.

    Every script element in the document is NiceGUI's: what comes from data reaches it with its
    angle brackets escaped.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Page(send))


class _Page:
    """Holds a document back until it is whole; everything else passes through."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        nonce = token_urlsafe(16)
        body = SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), self._body)
        headers = MutableHeaders(scope=start)
        headers["Content-Security-Policy"] = policy(nonce)
        headers["Content-Length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    return Headers(scope=start).get("content-type", "").startswith(HTML)
