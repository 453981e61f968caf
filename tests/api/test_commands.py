"""Commands over HTTP: resource actions, receipts, versions and refusals."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from guanjia.api.commands import example, routes
from guanjia.api.problems import MEDIA_TYPE
from guanjia.domain.catalogue import COMMANDS

from .conftest import RECEIVED, Service

DISPATCH = {"department": "engineering", "handler": "tech1"}


def test_every_command_has_its_place() -> None:
    """Every command is posted to its resource."""
    assert {*routes()} == {*COMMANDS}


def test_no_two_commands_share_a_path() -> None:
    """A path means one command."""
    assert len({*routes().values()}) == len(routes())


def test_every_command_has_an_example() -> None:
    """It is well formed, and no field's example is left over."""
    used = set[str]()
    for cls in COMMANDS.values():
        cls.model_validate(example(cls))
        used |= {*example(cls)}
    table = tomllib.loads(files("guanjia.api").joinpath("examples.toml").read_text("utf-8"))
    assert {*table["fields"]} <= used
    assert {*table["commands"]} <= {*COMMANDS}


def test_a_case_is_received_and_dispatched(service: Service) -> None:
    """Each answer tells the position, and the register's number."""
    desk = service.call("desk1")
    received = desk.post("/complaints", json=RECEIVED)
    sent = desk.post("/complaints/N-1/dispatches", json=DISPATCH, params={"wait": 30})
    assert (received.status_code, sent.status_code) == (201, 201)
    assert received.json()["number"] == 1
    assert sent.json()["events"] == ["complaint.dispatched.1"]
    assert sent.json()["visible"] is True
    assert int(sent.headers["Guanjia-Position"]) == sent.json()["position"]


def test_any_command_goes_to_commands(service: Service) -> None:
    """The tag names it there."""
    posting = {"do": "post_staff", "staff": "new1", "person": "p", "post": "quality"}
    answer = service.call("gm1").post("/commands", json=posting)
    assert (answer.status_code, answer.json()["events"]) == (201, ["roster.posted.1"])
    assert service.call("new1").get("/views").status_code == 200


def test_an_unknown_command_is_refused(service: Service) -> None:
    """A tag that is none is no server error, and is not repeated."""
    answer = service.call("gm1").post("/commands", json={"do": "13800138000"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_command")
    assert "138" not in answer.text


def test_it_happened_earlier(service: Service) -> None:
    """A late entry gives the time at which it happened."""
    early = "2026-01-04T23:50:00+08:00"
    service.call("desk1").post("/complaints", json=RECEIVED | {"at": early})
    (fact,) = service.call("desk1").get("/complaints/N-1/events").json()["events"]
    assert (fact["at"], fact["recorded_at"]) == (early, "2026-01-05T09:00:00+08:00")


def test_the_future_is_refused(service: Service) -> None:
    """Nothing is recorded before it happens."""
    later = RECEIVED | {"at": "2026-01-05T09:00:01+08:00"}
    answer = service.call("desk1").post("/complaints", json=later)
    assert (answer.status_code, answer.json()["code"]) == (409, "in_future")


def test_a_repetition_answers_the_same(service: Service) -> None:
    """The same key and body record nothing twice, and tell the same number."""
    desk = service.call("desk1", **{"Idempotency-Key": "k-1"})
    first, second = (desk.post("/complaints", json=RECEIVED) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() | {"events": []} == second.json()
    assert len(desk.get("/complaints/N-1/events").json()["events"]) == 1


def test_a_version_seen_must_be_the_present_one(service: Service) -> None:
    """If-Match takes the ETag; a case that somebody changed meanwhile is not changed again."""
    service.received()
    desk = service.call("desk1")
    seen = desk.get("/complaints/N-1").headers["ETag"]
    url = "/complaints/N-1/dispatches"
    first = desk.post(url, json=DISPATCH, headers={"If-Match": seen})
    second = desk.post(url, json=DISPATCH, headers={"If-Match": seen})
    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (412, "version_changed")
    again = desk.get("/complaints/N-1/events").headers["ETag"]
    assert first.headers["ETag"] == again == f'"{first.json()["version"]}"'
    assert desk.post(url, json=DISPATCH, headers={"If-Match": again}).status_code == 201


REFUSED: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("desk1", "/complaints/N-2/dispatches", DISPATCH, 404, "unknown_complaint"),
    ("desk2", "/complaints/N-1/dispatches", DISPATCH, 403, "other_centre"),
    ("audit1", "/complaints/N-1/dispatches", DISPATCH, 403, "wrong_post"),
    ("desk1", "/complaints/N-1/closings", {}, 409, "not_finished"),
    ("desk1", "/complaints", RECEIVED, 409, "duplicate_complaint"),
    ("desk1", "/complaints/N-1/dispatches", {}, 422, "malformed"),
    ("tech1", "/complaints/N-1/acceptances", {}, 409, "not_dispatched"),
]


def test_a_refusal_is_a_problem(service: Service) -> None:
    """Each refusal has its status, its code, and a link to the page about it."""
    service.received()
    for account, url, body, status, code in REFUSED:
        answer = service.call(account).post(url, json=body)
        told = answer.json()
        assert (answer.status_code, told["code"]) == (status, code)
        assert answer.headers["Content-Type"] == MEDIA_TYPE
        assert told["type"] == f"/problems/{code}"
        assert told["instance"] == answer.headers["X-Request-Id"]
        assert code in service.call().get(told["type"]).text


def test_a_refusal_is_told_in_chinese(service: Service) -> None:
    """Accept-Language chooses the language of title and detail."""
    desk = service.call("desk1", **{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    unknown = desk.post("/complaints/N-2/closings", json={})
    assert unknown.json()["title"] == "没有这件诉求；请先受理（receive_complaint），或改正编号。"
    assert unknown.headers["Content-Language"] == "zh"
    malformed = desk.post("/complaints/N-2/dispatches", json={})
    assert malformed.json()["detail"] == "body.department: 缺少这一项"
