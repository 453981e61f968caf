"""What nobody learns from filters, refusals, headers, errors and logs."""

from __future__ import annotations

import json
import logging

import pytest

from guanjia.api.observing import JsonLines

from .conftest import PHONE, RECEIVED, Service

BIDI = "\u202etxt\u2066"


def test_no_filter_tells_digits_of_a_phone(service: Service) -> None:
    """No view has a column to ask about a phone; a wrong guess looks like a right one."""
    service.received()
    gm = service.call("gm1")
    for name in ("phone", "contact", "contact.phone", "text", "ref", "name"):
        for guess in (PHONE, "138", "139", "138%"):
            answer = gm.get("/views/cases", params={name: guess})
            assert (answer.status_code, answer.json()["code"]) == (422, "unknown_filter")
    for view in gm.get("/views").json():
        text = gm.get(f"/views/{view['name']}", headers={"Accept": "text/csv"}).text
        assert PHONE not in text
        assert "张三" not in text


def test_a_log_holds_nothing_of_what_was_sent(
    standing: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Line ends, bidirectional marks and phone numbers of a request do not get into a log."""
    caplog.set_level(logging.DEBUG, "guanjia")
    evil = {"X-Request-Id": f"abc {PHONE}", "User-Agent": f"x\t{PHONE}"}
    call = standing.call("desk1", **evil)
    call.get(f"/complaints/{PHONE}%0d%0afake")
    call.get("/complaints/" + BIDI)
    call.get(f"/views/cases?unit={PHONE}%0Afake")
    call.get(f"/{PHONE}")
    call.post("/complaints", json={"text": PHONE, PHONE: BIDI})
    call.request(PHONE, "/views")
    lines = [JsonLines().format(record) for record in caplog.records if "guanjia" in record.name]
    assert len(lines) == 6
    for line in lines:
        assert json.loads(line)["route"] in (
            "/complaints/{id}",
            "/views/{name}",
            "/complaints",
            "none",
            "/views",
        )
        assert line.isprintable()
        assert line.isascii()
        assert PHONE not in line
        assert "fake" not in line


def test_an_answer_never_repeats_what_was_sent(standing: Service) -> None:
    """A refusal tells where a value is wrong, not the value."""
    desk = standing.call("desk1")
    sent = [
        desk.post("/complaints", json=RECEIVED | {"channel": PHONE}),
        desk.post("/complaints", json=RECEIVED | {PHONE: 1}),
        desk.post("/complaints", json=RECEIVED | {"contact": {"name": "n", PHONE: 1}}),
        desk.post("/units", json={"warranty_until": {PHONE: PHONE}}),
        desk.post("/commands", json={"do": "receive_complaint", "channel": PHONE}),
        desk.post("/commands", json={"do": "receive_complaint", PHONE: 1}),
        desk.get("/views/cases", params={"as_of": PHONE}),
        desk.get("/views/cases", params={PHONE: "1"}),
        desk.get(f"/views/{PHONE}"),
        desk.post("/disclosures", json={"purpose": PHONE}),
        desk.post("/look-ups", json={"phone": PHONE * 5}),
        desk.post("/look-ups", json={"phone": PHONE, PHONE: 1}),
        standing.call("gm1").post("/sql", json={"sql": f"select {PHONE} from '{PHONE}'"}),
    ]
    for answer in sent:
        assert 400 <= answer.status_code < 500
        assert PHONE not in answer.text


def test_every_answer_has_safe_headers(standing: Service) -> None:
    """Also refusals, unknown paths and errors: not to be framed, sniffed, cached or shared."""
    desk = standing.call("desk1", Origin="https://evil.test")
    answers = [desk.get("/views"), desk.get("/none"), desk.put("/views"), desk.options("/views")]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_error_of_ours_tells_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong inside, the caller gets a number to ask about, and the log no value."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(PHONE)

    monkeypatch.setattr(service.office.views, "query", broken)
    answer = service.call("desk1").get("/views/cases")
    assert answer.json()["instance"] == answer.headers["X-Request-Id"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert PHONE not in answer.text
    ours = [JsonLines().format(r) for r in caplog.records if r.name.startswith("guanjia")]
    assert PHONE not in "".join(ours)
    assert '"error": "RuntimeError"' in "".join(ours)
