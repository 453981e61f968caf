"""Proofs over HTTP: what an auditor takes away, checked by the offline verifier."""

from __future__ import annotations

import pytest

from guanjia import verifier
from guanjia.storage.errors import HistoryDiffers

from .conftest import RECEIVED, Service


def test_a_receipt_proves_an_event(service: Service) -> None:
    """The verifier takes receipt and bytes, and refuses other bytes."""
    auditor = service.call("audit1")
    position = service.call("desk1").post("/complaints", json=RECEIVED).json()["position"]
    key = verifier.Key.parse(auditor.get("/audit/key").json()["key"])
    receipt = auditor.get(f"/audit/receipts/{position}").text
    stored = auditor.get(f"/audit/receipts/{position}/event").content
    verifier.check_receipt(receipt, key, stored)
    with pytest.raises(verifier.Refused, match="bytes"):
        verifier.check_receipt(receipt, key, stored + b" ")
    assert auditor.get("/audit/receipts/99999").json()["code"] == "not_in_log"


def test_an_update_proves_that_the_log_only_grew(service: Service) -> None:
    """A checkpoint that was kept is the beginning of the newest."""
    auditor = service.call("audit1")
    old = auditor.post("/audit/checkpoints").json()
    service.received()
    new = auditor.post("/audit/checkpoints").json()
    update = auditor.get("/audit/updates", params={"since": old["size"]}).text
    key = verifier.Key.parse(auditor.get("/audit/key").json()["key"])
    begun = verifier.Checkpoint.parse(old["note"], key)
    assert verifier.check_update(update, key, begun).size == new["size"] > old["size"]
    first = auditor.get("/audit/checkpoints?limit=1").json()
    rest = auditor.get(f"/audit/checkpoints?after={first['next']}").json()
    assert first["checkpoints"] + rest["checkpoints"] == [old, new]
    beyond = auditor.get("/audit/updates", params={"since": new["size"] + 1})
    assert (beyond.status_code, beyond.json()["code"]) == (404, "not_in_log")


def test_the_log_is_verified(service: Service) -> None:
    """With the checkpoint that was kept elsewhere, and one that is none."""
    auditor = service.call("audit1")
    kept = auditor.post("/audit/checkpoints").json()
    good = auditor.post("/audit/verifications", json={"checkpoint": kept["note"]}).json()
    assert (good["ok"], good["signed"], good["findings"]) == (True, kept["size"], [])
    assert auditor.post("/audit/verifications").json()["ok"] is True
    bad = auditor.post("/audit/verifications", json={"checkpoint": "nonsense"}).json()
    assert [found["code"] for found in bad["findings"]] == ["checkpoint_invalid"]


def test_a_log_in_doubt_is_told(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the events are not those that were signed, nothing is signed and the answer says so."""

    def differs() -> None:
        raise HistoryDiffers

    monkeypatch.setattr(service.office.audit, "checkpoint", differs)
    answer = service.call("audit1").post("/audit/checkpoints")
    assert (answer.status_code, answer.json()["code"]) == (503, "history_differs")


@pytest.mark.parametrize("account", ["desk1", "head1", "keeper1"])
def test_proofs_are_for_the_company(service: Service, account: str) -> None:
    """The log is that of all centres: auditor, quality and general manager read it."""
    call = service.call(account)
    asked = [
        call.get("/audit/key"),
        call.get("/audit/checkpoints"),
        call.post("/audit/checkpoints"),
        call.get("/audit/receipts/1"),
        call.get("/audit/receipts/1/event"),
        call.get("/audit/updates?since=0"),
        call.post("/audit/verifications"),
    ]
    assert {answer.json()["code"] for answer in asked} == {"not_for_this_post"}
