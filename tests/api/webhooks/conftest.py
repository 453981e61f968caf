"""A receiver of webhooks, and the webhooks of an office that tell it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from guanjia.api import create_app, local_trust, webhooks
from guanjia.api.webhooks import Webhooks

from ..conftest import Service

HOOK = {"id": "W1", "url": "https://example.test/hook", "lead": 3600}


class Receiver:
    """Takes what is sent to it, while it is up."""

    def __init__(self) -> None:
        self.up = True
        self.got: list[tuple[bytes, dict[str, str]]] = []
        self.tried = 0

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        assert url == HOOK["url"]
        self.tried += 1
        if not self.up:
            message = "no answer"
            raise httpx.ConnectError(message)
        self.got.append((body, headers))
        return 204

    @property
    def kinds(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.got]


@pytest.fixture
def receiver() -> Receiver:
    """Return a receiver that is up."""
    return Receiver()


@pytest.fixture
def hooks(service: Service, receiver: Receiver, tmp_path: Path) -> Iterator[Webhooks]:
    """Yield the webhooks of the service, in a file, with no thread that delivers them."""
    made = Webhooks(service.office, tmp_path / webhooks.FILE, receiver)
    service.app = create_app(service.office, [local_trust(service.key)], webhooks=made)
    yield made
    made.close()


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let time for sending pass as the test says."""
    now = [1_800_000_000.0]
    monkeypatch.setattr("guanjia.api.webhooks.time.time", lambda: now[0])
    return now


def deliver(hooks: Webhooks) -> None:
    """Find and send once, as the thread does."""
    hooks.find()
    hooks.send()


def registered(service: Service, **more: object) -> str:
    """Register a webhook as gm1 and return its secret."""
    answer = service.call("gm1").post("/webhooks", json=HOOK | more)
    assert answer.status_code == 201
    secret: str = answer.json()["secret"]
    return secret
