"""What a caller with a good token has no right to: another's name, centre, past or answers."""

from __future__ import annotations

import pytest

from guanjia.api.commands import example, routes
from guanjia.domain.catalogue import COMMANDS
from tests.spec import moment

from .conftest import IDS, RECEIVED, Service, filled


@pytest.mark.parametrize("field", ["by", "post", "person", "recorded_at", "imported", "actor"])
def test_who_and_when_cannot_be_in_a_body(standing: Service, field: str) -> None:
    """The envelope is the token's and the clock's; a body that brings it is refused."""
    value = "2025-01-01T00:00:00+08:00" if field == "recorded_at" else "gm1"
    desk = standing.call("desk1")
    for url, body in (
        ("/complaints", RECEIVED),
        ("/commands", {"do": "receive_complaint"} | RECEIVED),
    ):
        answer = desk.post(url, json=body | {field: value})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert standing.office.query("cases").rows() == []


def test_a_head_of_before_has_no_rights_by_an_old_time(service: Service) -> None:
    """Somebody who was moved cannot act with the post or the centre of before."""
    service.received()
    service.now = moment("2026-01-06 09:00")
    service.run("transfer_staff", None, staff="head1", centre="south")
    head = service.call("head1")
    early = {"at": "2026-01-05T10:00:00+08:00"}
    answer = head.post("/complaints/N-1/sensitivity", json={"reason": "-"} | early)
    assert (answer.status_code, answer.json()["code"]) == (403, "posted_elsewhere")
    assert head.get("/complaints/N-1").status_code == 404


def test_nothing_of_another_centre_is_changed(service: Service) -> None:
    """Each command about what is north's is refused to the posts of south, and records nothing."""
    filled(service)
    position = service.office.application.store.last_position()
    for account in ("head2", "desk2"):
        south = service.call(account)
        for do, path in routes().items():
            fields = example(COMMANDS[do])
            body = {name: value for name, value in fields.items() if f"{{{name}}}" not in path}
            answer = south.post(path.format_map(fields), json=body)
            assert 400 <= answer.status_code < 500, (do, answer.text)
            assert answer.status_code != 422, (do, answer.text)
    assert service.office.application.store.last_position() == position


def test_nothing_of_another_centre_is_told(service: Service) -> None:
    """Its records, events and clear values are as if they were not there."""
    filled(service)
    south = service.call("head2")
    for kind in ("complaint", "unit", "key", "permit", "parcel"):
        for url in (f"/{kind}s/{IDS[kind]}", f"/{kind}s/{IDS[kind]}/events"):
            assert south.get(url).json()["code"] == f"unknown_{kind}"
        asked = {"about": [{"kind": kind, "id": IDS[kind]}], "fields": ["name"]}
        answer = south.post("/disclosures", json=asked | {"purpose": "callback"})
        assert (answer.status_code, answer.json()["detail"]) == (403, "other_centre")


def test_who_was_looked_up_elsewhere_is_not_told(service: Service) -> None:
    """A look-up that found nobody is of no centre: it is for the company's posts to see."""
    service.call("desk2").post("/look-ups", json={"phone": "13900000000"})
    for account, seen in (("audit1", 1), ("head1", 0)):
        trail = service.call(account).get("/audit/trail").json()["entries"]
        rows = service.call(account).get("/views/access").json()["rows"]
        assert (len(trail), len(rows)) == (seen, seen)


def test_a_question_looks_a_year_ahead_at_most(service: Service) -> None:
    """Each week until then is a row: one far away would keep everybody else waiting."""
    filled(service)
    gm = service.call("gm1")
    near, far = "2027-01-05T09:00:00+08:00", "2027-01-07T09:00:00+08:00"
    for url in ("/views/sla", "/complaints/N-1"):
        assert gm.get(url, params={"as_of": near}).status_code == 200
        refused = gm.get(url, params={"as_of": far})
        assert (refused.status_code, refused.json()["code"]) == (422, "too_far_ahead")
    refused = gm.post("/sql", json={"sql": "select 1 from sla", "as_of": far})
    assert refused.json()["code"] == "too_far_ahead"


def test_a_key_does_not_answer_for_another_command(service: Service) -> None:
    """An idempotency key with another body is refused, and another account's is its own."""
    desk = service.call("desk1", **{"Idempotency-Key": "k-1"})
    assert desk.post("/complaints", json=RECEIVED).status_code == 201
    other = desk.post("/complaints", json=RECEIVED | {"complaint": "N-2"})
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    earlier = desk.post("/complaints", json=RECEIVED | {"at": "2026-01-05T08:50:00+08:00"})
    assert (earlier.status_code, earlier.json()["code"]) == (409, "key_reused")
    stranger = service.call("duty1", **{"Idempotency-Key": "k-1"})
    assert stranger.post("/complaints", json=RECEIVED).json()["code"] == "duplicate_complaint"


def test_nothing_is_answered_from_a_cache_after_the_right_ended(service: Service) -> None:
    """No answer may be kept, and who left or moved is refused or sees the new place at once."""
    service.received()
    desk = service.call("desk1")
    before = desk.get("/complaints/N-1")
    assert before.headers["Cache-Control"] == "no-store"
    service.run("transfer_staff", None, staff="desk1", centre="south")
    seen = {"If-None-Match": before.headers["ETag"]}
    assert desk.get("/complaints/N-1", headers=seen).status_code == 404
    assert desk.get("/views/cases").json()["rows"] == []
    service.run("staff_leaves", None, staff="desk1")
    for url in ("/complaints/N-1", "/views/cases", "/views"):
        assert desk.get(url, headers=seen).status_code == 401
    assert desk.post("/complaints", json=RECEIVED | {"complaint": "N-9"}).status_code == 401
