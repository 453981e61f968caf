"""Webhooks: what is told, signed, sent again, and given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from guanjia.api import create_app, local_trust, posting, webhooks
from guanjia.api.posting import posted
from guanjia.api.webhooks import ATTEMPTS, Webhooks
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import TOPICS
from guanjia.domain.recording import UPCASTERS
from guanjia.projections import Result
from tests.spec import moment

from .conftest import RECEIVED, Service, from_tomorrow

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


def test_what_is_told(service: Service, hooks: Webhooks, receiver: Receiver) -> None:
    """A promise about to be missed, the same when it is missed, an escalation, a broken glass."""
    registered(service)
    service.received()
    deliver(hooks)
    service.now = moment("2026-01-05 09:31")
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="missed")
    about = {"kind": "complaint", "id": "N-1"}
    service.run("break_glass", "guard1", glass="G1", about=about, reason="漏水")
    deliver(hooks)
    deliver(hooks)
    told = ["promise.due_soon", "complaint.escalated", "glass.broken", "promise.missed"]
    assert receiver.kinds == told
    assert "漏水" not in str(receiver.got)


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


def test_a_centres_webhook_hears_its_centre(
    service: Service, hooks: Webhooks, receiver: Receiver
) -> None:
    """Of another centre it hears neither promises nor events."""
    registered(service, centre="south")
    service.received()
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="other")
    deliver(hooks)
    assert receiver.got == []


def test_nothing_from_before_is_told(service: Service, hooks: Webhooks, receiver: Receiver) -> None:
    """A webhook hears of what is missed and happens after it was registered."""
    service.received()
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="other")
    service.now = moment("2026-01-05 12:00")
    registered(service)
    deliver(hooks)
    assert receiver.got == []


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


def test_a_promise_of_the_last_year_stops_nothing(
    service: Service, hooks: Webhooks, receiver: Receiver
) -> None:
    """An old entry may be due when no zone can write it any more; the others are told."""
    registered(service)
    far = COMMANDS["receive_complaint"].model_validate(RECEIVED)
    far = far.model_copy(update={"promised_reply_at": moment("9998-12-31 23:59")})
    service.office.execute(far, by="desk1")
    deliver(hooks)
    assert receiver.kinds == ["promise.due_soon"]


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


def test_a_missed_promise_is_looked_at_once(
    service: Service, hooks: Webhooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told in one pass is no row of the next, and none of it is told again."""
    registered(service)
    service.received()
    service.now = moment("2026-01-05 09:31")
    deliver(hooks)
    told, looked = len(receiver.got), list[int]()
    plain = Result.plain

    def counted(answer: Result) -> list[dict[str, Any]]:
        looked.append(answer.table.num_rows)
        return plain(answer)

    monkeypatch.setattr(Result, "plain", counted)
    service.received(complaint="N-2")
    service.now = moment("2026-01-05 09:32")
    deliver(hooks)
    assert looked[1] == 0
    service.now = moment("2026-01-05 10:02")
    deliver(hooks)
    assert looked[3] == 1
    assert receiver.kinds[told:].count("promise.missed") == 1


def test_an_old_form_of_an_event_is_told(
    service: Service, hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored by an older release is brought up to date first, not passed over."""
    registered(service)
    service.received()
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="other")
    topic = "complaint.escalated.1"
    cls = TOPICS[topic]
    monkeypatch.delitem(TOPICS, topic)
    monkeypatch.setitem(TOPICS, "complaint.escalated.2", cls)
    monkeypatch.setitem(UPCASTERS, topic, ("complaint.escalated.2", lambda fields: fields))
    hooks.find()
    assert hooks.owed("W1") == 2


def test_a_later_event_of_a_case_hides_no_escalation(
    service: Service, hooks: Webhooks, receiver: Receiver
) -> None:
    """A case that this release cannot read whole is told of as far as it can be read."""
    registered(service, centre="north")
    service.received()
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="other")
    from_tomorrow(service)
    deliver(hooks)
    assert "complaint.escalated" in receiver.kinds


class Dripping(BaseHTTPRequestHandler):
    """Answers at once, and then never comes to an end."""

    done = threading.Event()

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(b"x")
        self.wfile.flush()
        self.done.wait(60)


def test_an_endless_answer_is_not_read() -> None:
    """The status is enough."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
    with server, ThreadPoolExecutor(1) as beside:
        serving = beside.submit(server.serve_forever)
        try:
            assert posted(f"http://127.0.0.1:{server.server_port}/", b"{}", {}) == 200
            assert not Dripping.done.is_set()
        finally:
            Dripping.done.set()
            server.shutdown()
        serving.result(60)


def test_a_silent_receiver_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it keeps the connection alive."""
    monkeypatch.setattr(posting, "DEADLINE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(posting.NO_ANSWER):
        posted(f"http://127.0.0.1:{deaf.getsockname()[1]}/", b"{}", {})


@pytest.mark.parametrize("host", ["a..b", ".", "a" * 70 + ".com", "xn--a.test:99999"])
def test_a_host_that_cannot_be_is_no_answer(host: str) -> None:
    """It counts as an attempt that failed."""
    with pytest.raises(posting.NO_ANSWER):
        posted(f"https://{host}/", b"{}", {})


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


def test_webhooks_are_for_administration(service: Service, hooks: Webhooks) -> None:
    """Others neither see nor make them; names are given once; unknown ones are told as such."""
    for account in ("desk1", "head1", "audit1"):
        assert service.call(account).get("/webhooks").status_code == 403
    registered(service)
    gm = service.call("gm1")
    assert gm.post("/webhooks", json=HOOK).json()["code"] == "webhook_exists"
    assert gm.delete("/webhooks/W1").status_code == 204
    for answer in (gm.delete("/webhooks/W1"), gm.post("/webhooks/W1/resumptions")):
        assert answer.json()["code"] == "unknown_webhook"
    assert hooks.all() == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.test/",
        "ftp://x.test",
        "https://u:p@x.test/",
        "https:///x",
        "https://a..b/",
        "https://./",
        "https://-/",
        f"https://{'a' * 70}.com/",
        "file:///etc",
        "",
    ],
)
def test_nothing_is_sent_in_the_open(service: Service, hooks: Webhooks, url: str) -> None:
    """Only https, or this machine itself."""
    answer: Any = service.call("gm1").post("/webhooks", json=HOOK | {"url": url})
    assert (answer.status_code, hooks.all()) == (422, [])
