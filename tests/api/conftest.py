"""An office behind its HTTP interface, and callers of every post."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
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
