"""Bodies as strict JSON: bounded in depth, no duplicate names, no NaN."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from math import isfinite
from typing import Any

from fastapi import HTTPException, Request, Response

from .paths import WholeRoute

DEEPEST = 20


def parse(body: bytes) -> Any:  # noqa: ANN401  whatever JSON says
    """Return what a JSON text says; raises ``ValueError`` for all but plain, strict JSON."""
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_number
        )
    except RecursionError:
        raise ValueError from None
    if _depth(value) > DEEPEST:
        raise ValueError
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _constant(_: str) -> None:
    raise ValueError


def _number(text: str) -> float:
    """Return a number; 5.0 is the integer 5, as JSON Schema has it, and no number is infinite."""
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return int(number) if number.is_integer() else number


def _depth(value: object) -> int:
    deepest, layer = 0, [value]
    while layer and deepest <= DEEPEST:
        deepest += 1
        layer = [inner for outer in layer for inner in _inside(outer)]
    return deepest


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class StrictRequest(Request):
    """A request whose JSON body is read strictly, up to the largest size allowed."""

    async def body(self) -> bytes:
        """Return the body; raises ``HTTPException`` as soon as it is too large."""
        largest = self.app.state.settings.largest_body
        if not hasattr(self, "_body"):
            said = int(self.headers.get("content-length", "0"))
            parts, size = list[bytes](), 0
            async for part in self.stream():
                parts.append(part)
                size += len(part)
                if max(size, said) > largest:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            self._body = b"".join(parts)
        return self._body

    async def json(self) -> Any:  # noqa: ANN401  whatever JSON says
        """Return what the body says; raises ``JSONDecodeError``, which FastAPI knows."""
        try:
            return parse(await self.body())
        except ValueError:
            raise json.JSONDecodeError("not strict JSON", "", 0) from None


class StrictRoute(WholeRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler over a strict request."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict
