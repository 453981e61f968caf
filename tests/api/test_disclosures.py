"""Clear values over HTTP, and the trail of who asked for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guanjia.api import Settings

from .conftest import PHONE, Service

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
