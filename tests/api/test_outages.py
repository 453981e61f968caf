"""Faults of the store and of the views: told as such, to be tried again, and never in words."""

from __future__ import annotations

import logging
import sqlite3

import duckdb
import psycopg
import pytest
import sqlalchemy.exc
from eventsourcing.persistence import OperationalError

from guanjia.api.errors import TooManyRequests
from guanjia.api.outages import code_of
from guanjia.projections.errors import ViewsBroken
from guanjia.storage import SqlStore

from .conftest import PHONE, RECEIVED, Service, from_tomorrow


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (OperationalError(PHONE), "store_failing"),
        (sqlite3.OperationalError(PHONE), "store_failing"),
        (psycopg.OperationalError(PHONE), "store_failing"),
        (sqlalchemy.exc.OperationalError(PHONE, {}, ValueError(PHONE)), "store_failing"),
        (duckdb.OutOfMemoryException(PHONE), "views_failing"),
        (ValueError(PHONE), "internal_error"),
    ],
)
def test_a_fault_is_told_by_its_code(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
    code: str,
) -> None:
    """What may pass is 503 with the time to try again, what is ours 500; no word of it is said."""

    def fail(*_: object, **__: object) -> None:
        raise fault

    caplog.set_level(logging.DEBUG, "guanjia")
    monkeypatch.setattr(service.office.views, "query", fail)
    answer = service.call("desk1").get("/views/cases")
    status = 500 if code == "internal_error" else 503
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("retry-after" in answer.headers) == (status == 503)
    assert PHONE not in answer.text + caplog.text


def test_a_full_disk_is_an_outage(service: Service) -> None:
    """A command that cannot be stored is 503, and goes through once there is room again."""
    store = service.office.application.store
    assert isinstance(store, SqlStore)
    with store.database.transaction() as cursor:
        cursor.execute("pragma page_count")
        (pages,) = cursor.fetchone() or (0,)
        cursor.execute(f"pragma max_page_count = {pages}")
    desk = service.call("desk1")
    bodies = ({**RECEIVED, "complaint": f"F-{n}", "text": "x" * 5000} for n in range(100))
    sent = (desk.post("/complaints", json=body) for body in bodies)
    refused = next(answer for answer in sent if answer.status_code != 201)
    assert (refused.status_code, refused.json()["code"]) == (503, "store_failing")
    with store.database.transaction() as cursor:
        cursor.execute("pragma max_page_count = 1000000")
    assert desk.post("/complaints", json=RECEIVED).status_code == 201


def test_an_event_of_a_later_release_is_an_outage(service: Service) -> None:
    """Its case is not shown until the service is upgraded; every other one is."""
    service.received()
    service.received(complaint="N-2")
    from_tomorrow(service)
    desk = service.call("desk1")
    for path in ("/complaints/N-1", "/complaints/N-1/events"):
        answer = desk.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "event_unreadable")
    assert desk.get("/complaints/N-2").status_code == 200


def test_codes_of_errors_that_have_one() -> None:
    """They are told as they are."""
    assert code_of(ViewsBroken()) == "views_broken"
    assert code_of(TooManyRequests()) == "too_many_requests"
