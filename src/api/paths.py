"""Identifiers in paths: ``%2F`` is a stroke within an identifier, ``/`` the end of one."""

from __future__ import annotations

import re
from urllib.parse import unquote

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

QUOTED = re.compile(rb"%2[Ff]")
STROKE = "\ue000"
"""Stands for a quoted stroke while a path is matched; no identifier has it."""


class Whole:
    """Middleware: leaves quoted strokes out of the path that is matched, for ``WholeRoute``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http":
            parts = QUOTED.split(scope.get("raw_path") or b"")
            if len(parts) > 1:
                scope["path"] = STROKE.join(unquote(part.decode("ascii")) for part in parts)
        await self._app(scope, receive, send)


class WholeRoute(APIRoute):
    """A route whose identifiers may have strokes."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return how it matches, with identifiers as they were before they were quoted."""
        match, found = super().matches(scope)
        if match is not Match.NONE:
            given = found["path_params"]
            found["path_params"] = {name: _whole(value) for name, value in given.items()}
        return match, found


def _whole(value: object) -> object:
    return value.replace(STROKE, "/") if isinstance(value, str) else value
