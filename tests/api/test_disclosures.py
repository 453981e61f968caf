"""Clear values over HTTP, and the trail of who asked for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guanjia.api import Settings
from guanjia.domain.messages import TOPICS
from guanjia.domain.recording import UPCASTERS

from .conftest import PHONE, Service, filled

ASKED: dict[str, Any] = {
    "about": [{"kind": "complaint", "id": "N-1"}],
    "fields": ["name", "phone", "text"],
    "purpose": "callback",
}


def test_what_the_matrix_grants_is_shown(service: Service) -> None:
    """Each value with whose it is, after the event that records who asked."""
    service.received()
    answer = service.call("desk1").post("/disclosures", json=ASKED)
    values = {value["field"]: value["value"] for value in answer.json()["values"]}
    assert answer.status_code == 201
    assert values == {"name": "张三", "phone": PHONE, "text": "楼上装修噪音"}
    (entry,) = service.call("audit1").get("/audit/trail").json()["entries"]
    assert entry["position"] == answer.json()["position"]
    assert (entry["topic"], entry["facts"]["by"]) == ("access.disclosed.1", "desk1")
    assert entry["facts"]["origin"] == "api"
    assert PHONE not in str(entry)


def test_what_it_denies_is_recorded(service: Service) -> None:
    """A denial tells its reason and its place in the record, and no value."""
    service.received()
    for account, reason in (("desk2", "other_centre"), ("audit1", "not_granted")):
        answer = service.call(account).post("/disclosures", json=ASKED)
        assert (answer.status_code, answer.json()["code"]) == (403, "denied")
        assert answer.json()["detail"] == reason
        assert int(answer.headers["Guanjia-Position"]) > 0
    entries = service.call("audit1").get("/audit/trail").json()["entries"]
    assert [entry["facts"]["reason"] for entry in entries] == ["other_centre", "not_granted"]


def test_an_emergency_breaks_the_glass(service: Service) -> None:
    """What is broken is reviewed by another, and all of it is on the trail."""
    service.received()
    guard, keeper = service.call("guard1"), service.call("keeper1")
    asked = ASKED | {"fields": ["text"], "purpose": "emergency"}
    assert guard.post("/disclosures", json=asked).status_code == 403
    broken = {"glass": "G1", "about": ASKED["about"][0], "reason": "漏水"}
    assert guard.post("/glass", json=broken).status_code == 201
    assert guard.post("/disclosures", json=asked | {"glass": "G1"}).status_code == 201
    assert keeper.post("/glass/G1/reviews", json={"justified": True}).status_code == 201
    trail = service.call("audit1").get("/audit/trail")
    kinds = [entry["topic"].split(".")[1] for entry in trail.json()["entries"]]
    assert kinds == ["denied", "broken", "disclosed", "reviewed"]
    assert "漏水" not in trail.text


def test_the_trail_holds_entries_of_older_releases(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored in an older form is brought up to date first, not passed over."""
    service.received()
    service.call("desk1").post("/disclosures", json=ASKED)
    old, new = "access.disclosed.1", "access.disclosed.2"
    monkeypatch.setitem(TOPICS, new, TOPICS[old])
    monkeypatch.delitem(TOPICS, old)
    monkeypatch.setitem(UPCASTERS, old, (new, lambda fields: fields))
    (entry,) = service.call("audit1").get("/audit/trail").json()["entries"]
    assert entry["topic"] == old


def test_the_trail_is_for_those_who_answer_for_it(service: Service) -> None:
    """Auditors and quality see all of it, a head and a custodian their centre's, a desk nothing."""
    service.received()
    service.received(complaint="S-1", centre="south")
    about = {"about": [{"kind": "complaint", "id": "S-1"}]}
    service.call("desk1").post("/disclosures", json=ASKED)
    service.call("desk2").post("/disclosures", json=ASKED | about)
    seen = {"audit1": 2, "quality1": 2, "head1": 1, "keeper1": 1, "head2": 1}
    for account, count in seen.items():
        assert len(service.call(account).get("/audit/trail").json()["entries"]) == count
    assert service.call("desk1").get("/audit/trail").json()["code"] == "not_for_this_post"
    first = service.call("audit1").get("/audit/trail?limit=1").json()
    rest = service.call("audit1").get(f"/audit/trail?after={first['next']}").json()
    assert (len(first["entries"]), len(rest["entries"]), rest["next"]) == (1, 1, None)


def test_nobody_asks_too_often(make_service: Callable[[Settings], Service]) -> None:
    """Beyond the limit an account waits; another one does not; denials count too."""
    service = make_service(Settings(disclosures_per_minute=2))
    service.received()
    asked = [service.call("desk1").post("/disclosures", json=ASKED) for _ in range(3)]
    assert [answer.status_code for answer in asked] == [201, 201, 429]
    assert asked[-1].json()["code"] == "too_many_requests"
    assert 1 <= int(asked[-1].headers["Retry-After"]) <= 60
    assert service.call("duty1").post("/disclosures", json=ASKED).status_code == 201


def test_a_number_is_looked_up(service: Service) -> None:
    """A desk learns in masks who calls, of its own centre alone; the question is on the trail."""
    filled(service)
    asked = {"phone": PHONE}
    answer = service.call("desk1").post("/look-ups", json=asked)
    found = {(one["kind"], one["id"]): one for one in answer.json()["found"]}
    assert answer.status_code == 201
    assert found["unit", "U1"]["name"] == "张**"
    assert found["unit", "U1"]["phone"] == "138****8000"
    assert ("complaint", "S-1") not in found
    assert PHONE not in answer.text
    assert service.call("desk1").post("/look-ups", json={"phone": "1"}).json() == {"found": []}
    entries = service.call("audit1").get("/audit/trail").json()["entries"]
    assert [entry["topic"] for entry in entries] == ["access.looked_up.1"] * 2
    assert PHONE not in str(entries)


def test_numbers_are_not_tried_out(make_service: Callable[[Settings], Service]) -> None:
    """Posts without callers are denied, and nobody asks for one number after another."""
    service = make_service(Settings(look_ups_per_minute=2))
    assert service.call("guard1").post("/look-ups", json={"phone": "1"}).json()["code"] == "denied"
    asked = [service.call("desk1").post("/look-ups", json={"phone": f"{n}"}) for n in range(3)]
    assert [answer.status_code for answer in asked] == [201, 201, 429]
    patient = make_service(Settings(look_ups_per_minute=1000))
    answers = [patient.call("desk1").post("/look-ups", json={"phone": "1"}) for _ in range(61)]
    assert answers[-1].json()["detail"] == "too_many"


def test_an_export_takes_two_persons(service: Service) -> None:
    """A custodian asks, a head approves, the custodian has it once; all of it is on the trail."""
    filled(service)
    keeper, head = service.call("keeper1"), service.call("head1")
    wanted = {"export": "X1", "centre": "north", "units": ["U1"], "fields_asked": ["phone"]}
    assert keeper.post("/exports", json=wanted | {"purpose": "inspection"}).status_code == 201
    assert keeper.post("/exports/X1/releases").json()["code"] == "export_not_approved"
    assert keeper.post("/exports/X1/approvals", json={}).json()["code"] == "wrong_post"
    assert head.post("/exports/X1/approvals", json={}).status_code == 201
    assert head.post("/exports/X1/releases").json()["code"] == "wrong_post"
    written = keeper.post("/exports/X1/releases")
    assert (written.status_code, written.headers["Content-Type"]) == (
        201,
        "text/csv; charset=utf-8",
    )
    assert PHONE in written.text
    assert f"keeper1 p-keeper1 #{written.headers['Guanjia-Position']}" in written.text
    assert keeper.post("/exports/X1/releases").json()["code"] == "export_released_already"
    assert keeper.post("/exports/X1/destructions", json={}).status_code == 201
    assert head.get("/exports/X1").json()["version"] == 4
    trail = service.call("audit1").get("/audit/trail")
    kinds = [entry["topic"].split(".")[1] for entry in trail.json()["entries"]]
    assert kinds == ["requested", "approved", "released", "destroyed"]
    assert PHONE not in trail.text


def test_an_erasure_takes_two_persons(service: Service) -> None:
    """What is erased is shown no more; a hold keeps it from being erased."""
    filled(service)
    keeper, head = service.call("keeper1"), service.call("head1")
    resident = "/units/U1/residents/R1"
    asked = {
        "about": [{"kind": "unit", "id": "U1"}],
        "fields": ["phone"],
        "purpose": "owner_request",
    }
    held = head.post(f"{resident}/holds", json={"reason": "诉讼"})
    assert held.status_code == 201, held.text
    assert head.post(f"{resident}/holds/liftings", json={}).status_code == 201
    requested = keeper.post(f"{resident}/erasures", json={})
    assert requested.status_code == 201, requested.text
    assert keeper.post(f"{resident}/erasures/approvals", json={}).status_code in (403, 409)
    erased = head.post(f"{resident}/erasures/approvals", json={})
    assert erased.status_code == 201, erased.text
    assert PHONE not in keeper.post("/disclosures", json=asked).text
    trail = service.call("audit1").get("/audit/trail").json()["entries"]
    kinds = [entry["topic"] for entry in trail if entry["topic"].startswith("privacy.")]
    assert kinds[:3] == [
        "privacy.hold_placed.1",
        "privacy.hold_lifted.1",
        "privacy.erasure_requested.1",
    ]
    assert "诉讼" not in str(trail)
