"""Bodies as strict JSON: bounded in size and depth, no duplicate names, no NaN."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

LARGEST_BODY = 1_000_000
DEEPEST = 20


class BodyTooLarge(Exception):
    """The body is larger than a request may be; send less at a time."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _constant(_: str) -> None:
    raise ValueError


def parse(body: bytes) -> Any:  # noqa: ANN401  whatever JSON says
    """Return what a JSON text says; raises ``ValueError`` for all but plain, strict JSON."""
    try:
        value = json.loads(body, object_pairs_hook=_pairs, parse_constant=_constant)
    except RecursionError:
        raise ValueError from None
    if _depth(value) > DEEPEST:
        raise ValueError
    return value


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
    """A request whose JSON body is read strictly."""

    async def body(self) -> bytes:
        """Return the body; raises ``BodyTooLarge`` as soon as it is."""
        if not hasattr(self, "_body"):
            chunks, size = [], 0
            async for chunk in self.stream():
                size += len(chunk)
                if size > LARGEST_BODY:
                    raise BodyTooLarge
                chunks.append(chunk)
            self._body = b"".join(chunks)
        return self._body

    async def json(self) -> Any:  # noqa: ANN401  whatever JSON says
        """Return what the body says; raises ``RequestValidationError``."""
        try:
            return parse(await self.body())
        except ValueError:
            fault = {"type": "json_invalid", "loc": ("body",), "msg": "not strict JSON"}
            raise RequestValidationError([fault]) from None


class StrictRoute(APIRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler over a strict request."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict
