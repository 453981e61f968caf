"""An office behind its HTTP interface, and callers of every post."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from fastapi.testclient import TestClient
from joserfc.jwk import OKPKey

import guanjia as gj
from guanjia.api import Settings, create_app, issue, local_trust, office_key
from guanjia.domain.catalogue import COMMANDS
from guanjia.office import Office
from tests.scenarios import STAFF
from tests.spec import moment

PHONE = "13800138000"
RECEIVED: dict[str, Any] = {
    "complaint": "N-1",
    "centre": "north",
    "channel": "phone",
    "category": "complaint",
    "topic": "noise",
    "text": "楼上装修噪音",
    "contact": {"name": "张三", "phone": PHONE},
}
IDS = {
    "complaint": "N-1",
    "unit": "U1",
    "resident": "R1",
    "key": "K1",
    "permit": "P1",
    "parcel": "E1",
    "name": "sla",
}
"""What a path of the interface names in an office that is ``filled``."""


@dataclass
class Service:
    """An office, its interface, and the present moment, which a test can move."""

    key: OKPKey
    settings: Settings = field(default_factory=lambda: Settings(beat=0, beats=1))
    now: datetime = field(default_factory=lambda: moment("2026-01-05 09:00"))

    def __post_init__(self) -> None:
        self.office: Office = gj.open_in_memory(clock=lambda: self.now)
        for staff, (person, post, centre, department) in STAFF.items():
            given = {"person": person, "post": post, "centre": centre, "department": department}
            self.run("post_staff", None, "2025-01-01 00:00", staff=staff, **given)
        self.app = create_app(self.office, [local_trust(self.key)], self.settings)

    def run(self, do: str, by: str | None, at: str | None = None, **fields: object) -> None:
        """Execute one command beside the interface."""
        command = COMMANDS[do].model_validate(fields)
        self.office.execute(command, by=by, at=moment(at) if at else None)

    def token(self, account: str, hours: float = 1) -> str:
        """Return a token of an account."""
        return issue(self.key, account, timedelta(hours=hours))

    def call(self, account: str | None = None, **headers: str) -> TestClient:
        """Return a client that calls as an account, or as nobody."""
        given = {"Authorization": f"Bearer {self.token(account)}"} if account else {}
        return TestClient(self.app, headers=given | headers, raise_server_exceptions=False)

    def received(self, **fields: object) -> None:
        """Let desk1 receive N-1, or what is given."""
        by = "desk2" if fields.get("centre") == "south" else "desk1"
        self.run("receive_complaint", by, **(RECEIVED | fields))


def filled(service: Service) -> None:
    """Give north two cases, a home, a key, a parcel and a renovation, and south one case."""
    service.received(unit="U1")
    service.received(complaint="N-2")
    service.received(complaint="S-1", centre="south")
    service.run("register_unit", "desk1", unit="U1", centre="north", building="1", area="A")
    owner = {"unit": "U1", "resident": "R1", "role": "owner"}
    service.run("register_resident", "desk1", **owner, contact={"name": "张三", "phone": PHONE})
    key = {"key": "K1", "unit": "U1", "centre": "north", "kind": "door"}
    service.run("receive_key", "desk1", **key, record="YJ-1", signed_by_both=True)
    parcel = {"parcel": "E1", "centre": "north", "kind": "ems", "condition": "intact"}
    service.run("register_parcel", "desk1", **parcel, unit="U1", consent=True)
    applied = {"permit": "P1", "unit": "U1", "resident": "R1", "plan": "-", "contractor": "c"}
    service.run("apply_for_permit", "desk1", **applied, licence="l")


def from_tomorrow(service: Service) -> None:
    """Put an event of a later release at the end of N-1."""
    application = service.office.application
    version, _ = application.placed("complaint", "N-1")
    state = b'{"recorded_at":"2026-01-05T09:00:00+08:00"}'
    event = StoredEvent("complaint:N-1", version + 1, "complaint.teleported.1", state)
    application.store.recorder.insert_events([event])


@pytest.fixture
def key(tmp_path: Path) -> OKPKey:
    """Return a key that signs tokens."""
    return office_key(tmp_path)


@pytest.fixture
def service(key: OKPKey) -> Iterator[Service]:
    """Yield an office of two centres with everybody posted."""
    made = Service(key)
    with made.office:
        yield made


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield an office for every test that changes nothing of it."""
    made = Service(office_key(tmp_path_factory.mktemp("standing")))
    with made.office:
        yield made


@pytest.fixture
def make_service(key: OKPKey) -> Iterator[Callable[[Settings], Service]]:
    """Make services with settings of one's own."""
    made: list[Service] = []

    def make(settings: Settings) -> Service:
        made.append(Service(key, settings))
        return made[-1]

    yield make
    for one in made:
        one.office.close()
