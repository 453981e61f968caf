"""The case as eventsource-py has it: declared events, handlers, a repository."""

from __future__ import annotations

from pathlib import Path

from eventsource import (
    AggregateRepository,
    DeclarativeAggregate,
    DomainEvent,
    SQLiteEventStore,
    handles,
    register_event,
)
from pydantic import BaseModel


@register_event
class Received(DomainEvent):
    event_type: str = "Received"
    centre: str
    topic: str


@register_event
class HeadAlerted(DomainEvent):
    event_type: str = "HeadAlerted"
    by: str
    at: str


class State(BaseModel):
    centre: str
    topic: str
    by: str = ""
    at: str = ""


class Ticket(DeclarativeAggregate[State]):
    aggregate_type = "Ticket"
    requires_creation_event = True

    def receive(self, centre: str, topic: str) -> None:
        self.create_event(Received, centre=centre, topic=topic)

    def alert(self, by: str, at: str) -> None:
        self.create_event(HeadAlerted, by=by, at=at)

    @handles(Received)
    def _received(self, event: Received) -> None:
        self._state = State(centre=event.centre, topic=event.topic)

    @handles(HeadAlerted)
    def _alerted(self, event: HeadAlerted) -> None:
        self._state = self.state.model_copy(update={"by": event.by, "at": event.at})


def store(path: Path) -> SQLiteEventStore:
    return SQLiteEventStore(str(path))


def repository(store: SQLiteEventStore) -> AggregateRepository[Ticket]:
    return AggregateRepository(store, Ticket, enable_tracing=False)
