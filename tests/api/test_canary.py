"""What is personal comes in over HTTP and goes out by a disclosure alone."""

from __future__ import annotations

import logging
from typing import Any

import httpx2
import pytest

from guanjia.projections import PUBLIC_VIEWS
from tests.disclosure.canary import Canary

from .conftest import RECEIVED, Service
from .test_disclosures import ASKED

PAGES = ("/openapi.json", "/complaints/N-1", "/complaints/N-1/events", "/audit/trail", "/views")


def sent(service: Service, canary: Canary) -> list[httpx2.Response]:
    """Send canaries where they belong and where they do not; return every answer."""
    desk, words = service.call("desk1"), canary.words
    received: dict[str, Any] = RECEIVED | {"text": words(), "contact": canary.contact()}
    progress = "/complaints/N-1/progress"
    return [
        desk.post("/complaints", json=received),
        desk.post("/complaints", json=received),
        desk.post("/complaints", json=received | {"complaint": words() * 9}),
        desk.post("/complaints", json=received | {"complaint": "N-2", words(): words()}),
        desk.post("/complaints", json=received | {"complaint": "N-2", "topic": [words()]}),
        desk.post("/complaints", content=f'{{"text": "{words()}'.encode()),
        desk.post("/commands", json={"do": words(), "text": words()}),
        desk.post("/commands", json={"do": "report_progress", "complaint": "N-1", "text": words()}),
        desk.post(progress, json={"text": words()}),
        desk.post("/disclosures", json=ASKED | {"fields": [words()]}),
        desk.get("/views/cases", params={"centre": words(), canary.digits(): "1"}),
        desk.get("/views/cases", params={"as_of": canary.digits()}),
        service.call().get("/views", headers={"Authorization": f"Bearer {canary.digits()}"}),
    ]


def test_a_canary_sent_is_never_answered(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Not by a command, a refusal, a view, a page of the description or a log."""
    caplog.set_level(logging.DEBUG, logger="guanjia")
    canary = Canary()
    answers = sent(service, canary)
    assert answers[0].status_code == 201
    assert all(answer.status_code < 500 for answer in answers)
    answers += [service.call("audit1").get(page) for page in PAGES]
    answers += [service.call("gm1").get(f"/views/{name}") for name in PUBLIC_VIEWS]
    said = "\n".join(f"{answer.headers} {answer.text}" for answer in answers) + caplog.text
    assert canary.found_in(said.encode()) == []


def test_a_canary_disclosed_has_its_event(service: Service) -> None:
    """The one answer that shows it is on the trail, and to nobody else."""
    canary = Canary()
    contact = canary.contact()
    service.call("desk1").post("/complaints", json=RECEIVED | {"contact": contact})
    answer = service.call("desk1").post("/disclosures", json=ASKED | {"fields": ["phone"]})
    assert answer.status_code == 201
    assert canary.found_in(answer.content) == [contact["phone"]]
    trail = service.call("audit1").get("/audit/trail")
    assert [entry["facts"]["by"] for entry in trail.json()["entries"]] == ["desk1"]
    assert canary.found_in(trail.content) == []
