"""How a webhook is called: signed as Standard Webhooks say, and left as soon as it has answered."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable

import httpx

SECRET_PREFIX = "whsec_"  # noqa: S105  how a secret is recognised, not one
DEADLINE = 10.0
"""Seconds for a request and the head of its answer, all in all."""
Post = Callable[[str, bytes, dict[str, str]], int]
NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError)
"""What comes of a receiver that is not there or is none; a bad host name is a ValueError."""


def posted(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a request and return its status; redirects are not followed, no answer is read.

    Raises one of ``NO_ANSWER``.
    """
    return asyncio.run(_posted(url, body, headers))


async def _posted(url: str, body: bytes, headers: dict[str, str]) -> int:
    async with (
        asyncio.timeout(DEADLINE),
        httpx.AsyncClient(timeout=DEADLINE) as client,
        client.stream("POST", url, content=body, headers=headers) as answer,
    ):
        return answer.status_code


def signed(secret: str, message: str, body: bytes, now: int) -> dict[str, str]:
    """Return the headers of a request: identifier, time, and the HMAC-SHA256 of both and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{message}.{now}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "Webhook-Id": message,
        "Webhook-Timestamp": str(now),
        "Webhook-Signature": f"v1,{base64.b64encode(digest).decode()}",
    }
