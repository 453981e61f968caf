"""Identifiers with strokes, hashes and spaces, in every place of a path."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from guanjia.api import create_app, local_trust
from guanjia.client import Client

from .conftest import PHONE, RECEIVED, Service

IDS = ["2025/001", "3#-1201", "3 (北)", "a/b/events", "1/"]


@pytest.mark.parametrize("id", IDS)
def test_an_identifier_is_taken_whole(service: Service, id: str) -> None:
    """Received, shown, its events listed, acted on: all under the quoted identifier."""
    desk, path = service.call("desk1"), f"/complaints/{quote(id, safe='')}"
    assert desk.post("/complaints", json=RECEIVED | {"complaint": id}).status_code == 201
    shown = desk.get(path)
    assert (shown.status_code, shown.json()["id"]) == (200, id)
    assert len(desk.get(f"{path}/events").json()["events"]) == 1
    assert desk.post(f"{path}/replies", json={"channel": "phone", "text": "-"}).status_code == 201


def test_two_identifiers_in_a_path(service: Service) -> None:
    """Each is whole."""
    service.run("register_unit", "desk1", unit="3/1", centre="north", building="1", area="A")
    owner = {"unit": "3/1", "resident": "R/1", "role": "owner"}
    service.run("register_resident", "desk1", **owner, contact={"name": "张三", "phone": PHONE})
    path, body = "/units/3%2f1/residents/R%2F1/holds", {"reason": "-"}
    answer = service.call("keeper1").post(path, json=body)
    assert (answer.status_code, answer.json().get("code")) == (201, None)


def test_a_stroke_that_is_not_quoted_ends_an_identifier(service: Service) -> None:
    """There is nothing there."""
    service.received(complaint="2025/001")
    answer = service.call("desk1").get("/complaints/2025/001")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_so_it_is_where_the_interface_is_mounted(service: Service) -> None:
    """The path of the other application comes first."""
    service.received(complaint="2025/001")
    outer = FastAPI()
    outer.mount("/guanjia", create_app(service.office, [local_trust(service.key)]))
    client = TestClient(outer, headers={"Authorization": f"Bearer {service.token('desk1')}"})
    assert client.get("/guanjia/complaints/2025%2F001").json()["id"] == "2025/001"


@pytest.mark.parametrize("id", IDS)
def test_the_client_quotes(service: Service, id: str) -> None:
    """It asks for what it was asked for, and for nothing that a part of the name would mean."""
    service.received(complaint=id)
    service.received(complaint="3")
    http: Any = service.call("desk1")
    with Client("", service.token("desk1"), http=http) as client:
        assert client.record("complaint", id).id == id
        assert [event["version"] for event in client.events("complaint", id)] == [1]
