"""The stream of promises about to be missed, and what operators see."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import anyio.to_thread
import duckdb
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from guanjia.api import Settings, create_app, local_trust
from guanjia.api.observing import JsonLines
from guanjia.client import Client, Refused
from guanjia.domain.catalogue import COMMANDS
from guanjia.projections.status import Status
from guanjia.storage.errors import StoreUnreachable
from tests.spec import moment

from .conftest import RECEIVED, Service

SOON = {"within": 7200}


def heard(answer: Any) -> list[tuple[str, Any]]:  # noqa: ANN401  a response of the test client
    """Return the events of a stream that ended."""
    return [
        (name, json.loads(data))
        for name, data in re.findall(r"event: (\w+)\ndata: (.*)\n", answer.text)
    ]


def test_promises_come_near(service: Service) -> None:
    """What is due soon is told once, then how far the views are."""
    service.received()
    events = heard(service.call("desk1").get("/streams/promises", params=SOON))
    assert [name for name, _ in events] == ["promise", "status"]
    assert events[0][1]["commitment"] == "respond"
    assert events[1][1]["lag_events"] == 0


def test_another_centres_promises_are_not_told(service: Service) -> None:
    """A centre hears its own, the company all; a far one is told to nobody."""
    service.received()
    for account, names in (("desk2", ["status"]), ("gm1", ["promise", "status"])):
        answer = service.call(account).get("/streams/promises", params=SOON)
        assert [name for name, _ in heard(answer)] == names
    far = service.call("gm1").get("/streams/promises", params={"within": 60})
    assert [name for name, _ in heard(far)] == ["status"]


@pytest.mark.parametrize("how", ["leaves", "moves", "token ends"])
def test_a_stream_ends_with_the_right_to_it(
    make_service: Callable[[Settings], Service], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Whoever leaves or moves, or whose token runs out, hears nothing more at the next beat."""
    service = make_service(Settings(beat=0, beats=10**6))
    service.received()
    status = service.office.views.status
    asked = iter(range(10**6))

    def meanwhile() -> Status:
        if next(asked) == 5:
            if how == "leaves":
                service.run("staff_leaves", None, staff="desk1")
            elif how == "moves":
                service.run("transfer_staff", None, staff="desk1", centre="south")
            else:
                service.app.state.trusts = ()
        return status()

    client = service.call("desk1")
    monkeypatch.setattr(service.office.views, "status", meanwhile)
    events = heard(client.get("/streams/promises", params=SOON))
    assert [name for name, _ in events[:2]] == ["promise", "status"]
    reason = "post_changed" if how == "moves" else "token_invalid"
    assert events[-1] == ("end", {"reason": reason})
    assert [name for name, _ in events].count("promise") == 1


def test_a_promise_of_the_last_year_ends_no_stream(service: Service) -> None:
    """An old entry may be due when no zone can write it any more; the others are told."""
    far = COMMANDS["receive_complaint"].model_validate(RECEIVED)
    far = far.model_copy(update={"promised_reply_at": moment("9998-12-31 23:59")})
    service.office.execute(far, by="desk1")
    service.received(complaint="N-2")
    for account in ("desk1", "quality1"):
        events = heard(service.call(account).get("/streams/promises", params=SOON))
        assert [name for name, _ in events] == ["promise", "promise", "status"]


def test_a_stream_outlives_what_goes_wrong(
    make_service: Callable[[Settings], Service],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """While the views do not answer it says so by a code; then it goes on."""
    service = make_service(Settings(beat=0, beats=3))
    service.received()
    query, asked = service.office.views.query, iter(range(3))

    def sometimes(*given: Any, **more: Any) -> Any:  # noqa: ANN401  as the views' own
        if next(asked) == 1:
            message = "张三"
            raise ValueError(message)
        return query(*given, **more)

    monkeypatch.setattr(service.office.views, "query", sometimes)
    events = heard(service.call("desk1").get("/streams/promises", params=SOON))
    assert [name for name, _ in events] == ["promise", "status", "failing", "status"]
    assert events[2][1] == {"code": "internal_error"}
    assert "张三" not in caplog.text


def test_a_listener_hears_each_promise_once(
    make_service: Callable[[Settings], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the service ends its stream; it hears no more when the token does not hold."""
    service = make_service(Settings(beat=0, beats=2))
    monkeypatch.setattr("guanjia.client.FIRST_WAIT", 0)
    service.received()
    http: Any = service.call("desk1")
    heard = Client("", service.token("desk1"), http=http).promises(7200)
    assert next(heard)["subject"] == "N-1"
    service.received(complaint="N-2")
    assert next(heard)["subject"] == "N-2"
    service.app.state.trusts = ()
    with pytest.raises(Refused, match="token_invalid"):
        next(heard)


def test_a_stream_is_for_callers_only(service: Service) -> None:
    """Without a token there is no stream."""
    assert service.call().get("/streams/promises").status_code == 401


def test_it_says_whether_it_is_well(service: Service) -> None:
    """Alive, ready, and figures by route: no token is needed, and no identifier told."""
    service.received()
    nobody = service.call()
    service.call("desk1").get("/complaints/N-1")
    assert nobody.get("/health/live").json() == {"status": "ok"}
    ready = nobody.get("/health/ready").json()
    assert ready["lag_events"] == ready["store_position"] - ready["position"]
    figures = nobody.get("/metrics").text
    assert 'guanjia_requests_total{method="GET",route="/complaints/{id}",status="200"}' in figures
    assert f"guanjia_store_position {ready['store_position']}.0" in figures
    assert "N-1" not in figures


def test_it_is_not_ready_without_its_store(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that does not answer is told as such, and asked for again later."""

    def silent() -> int:
        raise StoreUnreachable

    monkeypatch.setattr(service.office.application.store, "last_position", silent)
    answer = service.call().get("/health/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unreachable")
    assert service.call().get("/health/live").status_code == 200


def test_it_is_ready_while_a_question_is_answered(service: Service) -> None:
    """Neither a long question nor views that are changed over keep the figures waiting."""
    asking, answered = threading.Event(), threading.Event()

    def ask() -> None:
        with service.office.views._answering:
            asking.set()
            assert answered.wait(60)

    with ThreadPoolExecutor(2) as beside:
        question = beside.submit(ask)
        assert asking.wait(60)
        try:
            ready = beside.submit(lambda: service.call().get("/health/ready")).result(30)
        finally:
            answered.set()
        question.result(60)
    assert (ready.status_code, ready.json()["parked"]) == (200, 0)


def test_it_is_alive_while_every_thread_is_at_work(standing: Service) -> None:
    """It is no thread's work to say so."""

    async def ask() -> int:
        threads = anyio.to_thread.current_default_thread_limiter()
        threads.total_tokens = 1
        transport = httpx.ASGITransport(standing.app)
        async with threads, httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            with anyio.fail_after(30):
                return (await client.get("/health/live")).status_code

    assert anyio.run(ask) == 200


def test_what_keeps_the_views_from_following_is_shown(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its code, until they follow again."""
    monkeypatch.setattr(service.office.projector, "failure", duckdb.OutOfMemoryException("张三"))
    nobody = service.call()
    assert nobody.get("/health/ready").json()["failure"] == "views_failing"
    assert "guanjia_views_failing 1.0" in nobody.get("/metrics").text
    monkeypatch.undo()
    assert nobody.get("/health/ready").json()["failure"] is None


def test_an_account_has_so_many_streams(
    make_service: Callable[[Settings], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more is refused; one that ended makes room; another account has its own."""
    service = make_service(Settings(beat=0, beats=2, streams_at_once=1))
    answers = list[Any]()
    query = service.office.views.query

    def within(*given: Any, **more: Any) -> Any:  # noqa: ANN401  as the views' own
        if not answers:
            answers.append("asked once")
            answers.extend(service.call(who).get("/streams/promises") for who in ("desk1", "gm1"))
        return query(*given, **more)

    monkeypatch.setattr(service.office.views, "query", within)
    assert service.call("desk1").get("/streams/promises").status_code == 200
    _, refused, other = answers
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) > 0
    assert other.status_code == 200
    assert service.call("desk1").get("/streams/promises").status_code == 200


def test_each_request_is_one_line(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """With its number, account, route, status and time; the number is the caller's if it is one."""
    caplog.set_level(logging.INFO, "guanjia")
    answer = service.call("desk1").get("/views/sla", headers={"X-Request-Id": "abc-12345"})
    (record,) = [r for r in caplog.records if r.name == "guanjia.api.access"]
    line = json.loads(JsonLines().format(record))
    assert answer.headers["X-Request-Id"] == "abc-12345"
    assert line.pop("milliseconds") > 0
    assert (
        line.items()
        >= {
            "request": "abc-12345",
            "account": "desk1",
            "method": "GET",
            "route": "/views/{name}",
            "status": 200,
        }.items()
    )


def test_steps_are_traced(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command is followed through store and projection, named by what it is alone."""
    names: list[str] = []

    class Tracer:
        def start_as_current_span(self, name: str, **_: object) -> Any:  # noqa: ANN401  a span
            from contextlib import nullcontext

            names.append(name)
            return nullcontext()

    monkeypatch.setattr("guanjia.api.observing.tracer", Tracer())
    service.call("desk1").post("/complaints", json=RECEIVED, params={"wait": 1})
    steps = ["request", "command", "store", "projection"]
    assert names == [f"guanjia.{step}" for step in steps]


def test_it_is_mounted_into_an_application(service: Service) -> None:
    """Another application serves it under a path of its own, with its own rules kept."""
    outer = FastAPI()
    outer.mount("/guanjia", create_app(service.office, [local_trust(service.key)]))
    client = TestClient(outer, headers={"Authorization": f"Bearer {service.token('desk1')}"})
    assert client.post("/guanjia/complaints", json=RECEIVED).status_code == 201
    refused = client.post("/guanjia/complaints", json=RECEIVED).json()
    assert refused["type"] == "/guanjia/problems/duplicate_complaint"
    assert client.get(refused["type"]).status_code == 200


def test_the_present_is_the_offices(service: Service) -> None:
    """What is open is judged by the office's clock, so an hour later the promise is missed."""
    service.received()
    service.now = moment("2026-01-05 10:00")
    assert service.now - moment("2026-01-05 09:00") == timedelta(hours=1)
    events = heard(service.call("desk1").get("/streams/promises", params=SOON))
    assert [name for name, _ in events] == ["status"]
