"""How events meet eventsourcing: stable topics instead of class paths, bytes by pydantic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    JSONTranscoder,
    Mapper,
    MapperDeserialisationError,
    StoredEvent,
)
from pydantic import ValidationError
from pydantic_core import from_json

from .messages import TOPICS, Event

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: dict[str, tuple[str, Upcaster]] = {}
"""Old topic → (next topic, function that brings its stored fields up to it)."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its stream: ``originator_version`` counts from 1."""

    originator_id: str
    originator_version: int
    event: Event


class UnknownTopic(MapperDeserialisationError):
    """The store holds an event of a kind or version this release does not know."""


def read(topic: str, state: bytes) -> Event:
    """Return the event stored as ``state`` under ``topic``, brought up to its current version.

    Raises ``UnknownTopic``, or ``MapperDeserialisationError`` when the bytes do not fit.
    """
    try:
        fields = from_json(state)
        while topic in UPCASTERS:
            topic, upcast = UPCASTERS[topic]
            fields = upcast(fields)
        if topic not in TOPICS:
            raise UnknownTopic(topic)
        return TOPICS[topic].model_validate(fields)
    except (ValidationError, ValueError) as error:
        if isinstance(error, MapperDeserialisationError):
            raise
        msg = f"stored bytes do not fit {topic}"
        raise MapperDeserialisationError(msg) from None


def kind_of(topic: str) -> type[Event] | None:
    """Return the kind of event that ``read`` makes of a topic; None for one it does not know."""
    while topic in UPCASTERS:
        topic, _ = UPCASTERS[topic]
    return TOPICS.get(topic)


class EventMapper(Mapper[str]):
    """Maps ``Recorded`` to stored events and back."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """Return the stored form."""
        if not isinstance(domain_event, Recorded):
            raise TypeError(type(domain_event).__name__)
        event = domain_event.event
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=event.topic,
            state=event.to_bytes(),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """Return the event of a stored one."""
        return Recorded(
            originator_id=str(stored_event.originator_id),
            originator_version=stored_event.originator_version,
            event=read(stored_event.topic, stored_event.state),
        )
