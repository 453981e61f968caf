"""How it is told: signed, sent again, given up and gone on with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from guanjia.api import create_app, local_trust, webhooks
from guanjia.api.webhooks import ATTEMPTS, Webhooks

from ..conftest import Service
from .conftest import Receiver, deliver, registered


def test_a_request_is_signed(service: Service, hooks: Webhooks, receiver: Receiver) -> None:
    """Whoever has the secret can check identifier, time and body, as Standard Webhooks say."""
    secret = registered(service)
    service.received()
    deliver(hooks)
    ((body, headers),) = receiver.got
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["Webhook-Signature"] == f"v1,{digest}"
    assert secret not in service.call("gm1").get("/webhooks").text


def test_what_is_not_taken_is_sent_again(
    service: Service, hooks: Webhooks, receiver: Receiver, passing: list[float]
) -> None:
    """Later and later, under the same identifier, and nothing overtakes it."""
    registered(service)
    service.received()
    receiver.up = False
    waits = []
    for _ in range(3):
        deliver(hooks)
        tried, began = receiver.tried, passing[0]
        while receiver.tried == tried:
            passing[0] += 5
            hooks.send()
        waits.append(passing[0] - began)
    assert waits == sorted(waits)
    assert waits[-1] >= 2 * waits[0]
    receiver.up = True
    passing[0] += 10_000
    deliver(hooks)
    assert receiver.kinds == ["promise.due_soon"]
    assert hooks.owed("W1") == 0


def test_a_dead_receiver_is_parked_and_shown(
    service: Service, hooks: Webhooks, receiver: Receiver, passing: list[float]
) -> None:
    """After enough attempts it is left alone, until somebody says that it is back."""
    registered(service)
    service.received()
    receiver.up = False
    for _ in range(ATTEMPTS + 3):
        deliver(hooks)
        passing[0] += 100_000
    gm = service.call("gm1")
    (shown,) = gm.get("/webhooks").json()
    assert (receiver.tried, shown["owed"]) == (ATTEMPTS, 1)
    assert shown["parked_at"] == "2026-01-05T09:00:00+08:00"
    receiver.up = True
    assert gm.post("/webhooks/W1/resumptions").status_code == 204
    deliver(hooks)
    (shown,) = gm.get("/webhooks").json()
    assert (receiver.kinds, shown["parked_at"], shown["last_status"]) == (
        ["promise.due_soon"],
        None,
        204,
    )


def test_what_goes_wrong_is_shown_and_passes(
    service: Service,
    hooks: Webhooks,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its code is in the status, not its words; the thread goes on, and so do other receivers."""
    registered(service)
    registered(service, id="W2", centre="south")
    service.received()
    service.received(complaint="S-1", centre="south")
    query = service.office.views.query

    def fail(view: str, at: Any, position: Any, filters: Any, **more: Any) -> Any:  # noqa: ANN401
        if "centre" not in filters:
            message = "张三"
            raise ValueError(message)
        return query(view, at, position, filters, **more)

    monkeypatch.setattr(service.office.views, "query", fail)
    monkeypatch.setattr(webhooks, "EVERY", 0.01)
    with hooks.delivering():
        until(lambda: receiver.kinds == ["promise.due_soon"])
        shown = service.call("gm1").get("/webhooks").json()
        assert [one["failure"] for one in shown] == ["internal_error", None]
        monkeypatch.undo()
        monkeypatch.setattr(webhooks, "EVERY", 0.01)
        until(lambda: len(receiver.kinds) == 3)
        until(lambda: service.call("gm1").get("/webhooks").json()[0]["failure"] is None)
    assert "张三" not in caplog.text


def until(true: Callable[[], bool]) -> None:
    """Wait for what a thread does; a test that waits too long is ended as a whole."""
    while not true():
        pass


def test_nobody_waits_for_a_receiver(service: Service, tmp_path: Path) -> None:
    """While a message is being sent the receivers are shown, and others made."""
    sending, sent = threading.Event(), threading.Event()

    def slow(*_: object) -> int:
        sending.set()
        assert sent.wait(60)
        return 204

    made = Webhooks(service.office, tmp_path / webhooks.FILE, slow)
    service.app = create_app(service.office, [local_trust(service.key)], webhooks=made)
    registered(service)
    service.received()
    made.find()
    with closing(made), ThreadPoolExecutor(2) as beside:
        passing = beside.submit(made.send)
        assert sending.wait(60)
        try:
            shown = beside.submit(lambda: service.call("gm1").get("/webhooks")).result(60)
        finally:
            sent.set()
        assert shown.json()[0]["owed"] == 1
        passing.result(60)
        assert made.owed("W1") == 0


def test_what_is_owed_survives(
    service: Service, hooks: Webhooks, receiver: Receiver, tmp_path: Path
) -> None:
    """Another process goes on where one was killed: told at least once, found once."""
    registered(service)
    service.received()
    hooks.find()
    path = tmp_path / webhooks.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = Webhooks(service.office, path, receiver)
    deliver(again)
    deliver(again)
    assert receiver.kinds == ["promise.due_soon"]
    again.close()
