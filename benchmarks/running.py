"""A stock runner making a view: eventsourcing's own, one event at a time, into SQLite."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteTrackingRecorder

from .peers import AT, Ticket

EVENTS = 1_000
"""How many events the runner is given; it takes each by itself, so more take as long each."""
STEPS = 10
"""How many events a case has."""
PATIENCE = 300.0


class Tickets(TrackingRecorder):
    """What the runner keeps: the latest of each case, with the position."""

    def put(self, id: UUID, last: str, tracking: Tracking) -> None:
        """Keep a case's latest event."""
        raise NotImplementedError


class TicketsInSqlite(SQLiteTrackingRecorder, Tickets):
    """The same in a table."""

    def construct_create_table_statements(self) -> list[str]:
        """Add the table of the cases."""
        table = "create table if not exists tickets (id text primary key, last text)"
        return [*super().construct_create_table_statements(), table]

    def put(self, id: UUID, last: str, tracking: Tracking) -> None:
        """Keep a case's latest event and the position in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute("insert or replace into tickets values (?, ?)", (str(id), last))


class LatestTickets(Projection[Tickets]):
    """Keeps the latest of each case."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401 - as theirs
        """Keep it."""
        self.view.put(domain_event.originator_id, type(domain_event).__name__, tracking)


class TicketOffice(Application[UUID]):
    """The application that is followed."""


def seconds_an_event(folder: Path) -> float:
    """Return how long the stock runner takes for one of ``EVENTS`` events.

    They are in memory, for its SQLite recorder has no subscription; its view is on disk.
    """
    environment = {
        "TICKETOFFICE_PERSISTENCE_MODULE": "eventsourcing.popo",
        "LATESTTICKETS_PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "LATESTTICKETS_SQLITE_DBNAME": str(folder / "stock-views.db"),
    }
    runner: ProjectionRunner[TicketOffice, Tickets] = ProjectionRunner(
        application_class=TicketOffice,
        projection_class=LatestTickets,
        view_class=TicketsInSqlite,
        env=environment,
    )
    tickets = [_ticket() for _ in range(EVENTS // STEPS)]
    with runner:
        started = time.perf_counter()
        last = runner.app.save(*tickets)[-1].notification.id
        runner.wait(last, timeout=PATIENCE)
        return (time.perf_counter() - started) / last


def _ticket() -> Ticket:
    ticket = Ticket(centre="north", topic="leak")
    for _ in range(STEPS - 1):
        ticket.alert(by="desk1", at=AT)
    return ticket
