"""How long a stream of ten years takes to be read into its state: whether snapshots are needed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent

from guanjia.domain.application import Application
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.centre import NumberGiven
from guanjia.domain.messages import Envelope
from guanjia.domain.streams import CENTRE, COMPLAINT, Kind, Streams
from guanjia.storage import SqlStore

from .measuring import Row, within
from .workload import ZONE, create

NUMBERS = 20_000
"""A centre of 2,000 cases a year."""
REPORTS = 520
"""A case that is reported on every week."""
CHOSEN = 1000.0
"""Milliseconds the first command after a start may wait, which takes as long itself."""


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the rows about long streams, none of which is cached."""
    n = 5 if quick else 15
    with create(folder / "store") as store:
        _numbers(store)
        _reports(store)
        yield _read(store, CENTRE, "north", NUMBERS, n)
        yield _read(store, COMPLAINT, "C-0", REPORTS + 1, n)


def _numbers(store: SqlStore) -> None:
    at = datetime(2015, 1, 1, 9, tzinfo=ZONE)
    stored = []
    for number in range(1, NUMBERS + 1):
        moment = at + timedelta(hours=4 * number)
        given = NumberGiven(
            number=number, complaint=f"X-{number}", at=moment, recorded_at=moment, by="desk1",
            person="p1", post="front_desk",
        )  # fmt: skip
        stored.append(StoredEvent("centre:north", number, given.topic, given.to_bytes()))
    store.append(stored)


def _reports(store: SqlStore) -> None:
    application = Application(store, ZONE)
    at = datetime(2015, 1, 5, 9, tzinfo=ZONE)

    def do(name: str, by: str | None, week: int, **fields: object) -> None:
        moment = at + timedelta(weeks=week)
        envelope = Envelope(by=by, at=moment, imported=True)
        application.execute(COMMANDS[name].model_validate(fields), envelope)

    with application.transaction():
        do(
            "post_staff", None, 0,
            staff="desk1", person="p1", post="front_desk", centre="north", department="service",
        )  # fmt: skip
        do(
            "receive_complaint", "desk1", 0, complaint="C-0", centre="north", channel="phone",
            category="complaint", topic="leak", text="漏水", contact=None,
        )  # fmt: skip
        for week in range(1, REPORTS + 1):
            do("report_progress", "desk1", week, complaint="C-0", text="等待配件")


def _read(store: SqlStore, kind: Kind[Any], id: str, events: int, n: int) -> Row:
    application = Application(store, ZONE)
    taken = []
    for _ in range(n):
        with store.transaction():
            started = time.perf_counter()
            Streams(application.mapper, store).state(kind, id)
            taken.append((time.perf_counter() - started) * 1000)
    median = sorted(taken)[n // 2]
    return within(
        f"{kind.name} stream of {events:,} events read into its state, not cached",
        median,
        CHOSEN,
        n,
        f"{median / events * 1000:.0f} us an event; a state stays cached until the process ends",
    )
