"""The stored form of events: a golden file for every topic, kept for ever.

``python -m tests.domain.test_stored_form`` writes the files that are missing, from events of real
histories; it never overwrites one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent

from guanjia.domain import policy, recording
from guanjia.domain.messages import TOPICS, Event
from guanjia.domain.recording import EventMapper, Recorded, UnknownTopic, read
from tests import defects as d
from tests import scenarios as s
from tests import units as u
from tests.disclosure.places import privacy_worlds
from tests.spec import World, given

from .allowed import TABLE, by
from .test_calendar_and_policy import PROVISIONAL, calendar
from .test_complaint_commands import PRODUCES
from .test_key_commands import PRODUCES as KEYS
from .test_parcels import PRODUCES as PARCELS
from .test_permit_commands import PRODUCES as PERMIT_PRODUCES
from .test_work_orders import PRODUCES as WORK_ORDERS

GOLDEN = Path(__file__).parent / "golden"


def _golden(topic: str) -> bytes:
    return (GOLDEN / f"{topic}.json").read_bytes().rstrip(b"\n")


def test_every_topic_has_its_golden_file() -> None:
    """A topic without one could change its stored form unseen; a file without one is forgotten."""
    known = {path.stem for path in GOLDEN.glob("*.json")}
    old = {topic for topic in known if topic in recording.UPCASTERS}
    assert known - old == set(TOPICS)


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_stored_event_reads_back_to_the_same_bytes(topic: str) -> None:
    """Decoding and encoding give exactly what was stored, and an equal event."""
    state = _golden(topic)
    event = read(topic, state)
    assert isinstance(event, TOPICS[topic])
    assert event.to_bytes() == state
    assert TOPICS[topic].from_bytes(state) == event


def test_a_policy_stored_before_a_value_existed_has_the_built_in_one() -> None:
    """What an older release stored lacks the names it did not know, and decodes all the same."""
    topic = "policy.adopted.1"
    fields = json.loads(_golden(topic))
    for name in ("parcel_days", "fax_days", "greeting_months", "glass_minutes"):
        del fields["values"][name]
    event = read(topic, json.dumps(fields).encode())
    assert event == read(topic, _golden(topic))
    assert isinstance(event, policy.PolicyAdopted)
    assert event.values.parcel_days == policy.built_in().parcel_days


def test_an_old_version_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form stored by an invented older release reads as the event of today."""

    def first(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "reason": fields["why"]}

    def second(fields: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if name != "why"}

    topic = "complaint.escalated.1"
    older, old = "complaint.escalated.-1", "complaint.escalated.0"
    monkeypatch.setitem(recording.UPCASTERS, older, (old, first))
    monkeypatch.setitem(recording.UPCASTERS, old, (topic, second))
    fields = json.loads(_golden(topic))
    fields["why"] = fields.pop("reason")
    assert read(older, json.dumps(fields).encode()) == read(topic, _golden(topic))


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("complaint.escalated.1", b"{"),
        ("complaint.escalated.1", b"{}"),
        ("complaint.escalated.1", b'{"surprise":1}'),
        ("complaint.escalated.1", b"[]"),
    ],
)
def test_bytes_that_do_not_fit_are_named_not_shown(topic: str, state: bytes) -> None:
    """The error names the topic and nothing of what was stored."""
    with pytest.raises(MapperDeserialisationError, match=topic) as refused:
        read(topic, state)
    assert "surprise" not in str(refused.value)


def test_a_topic_of_another_release_is_unknown() -> None:
    """It is told apart from bytes that do not fit."""
    with pytest.raises(UnknownTopic):
        read("complaint.exploded.7", b"{}")


def test_the_mapper_keeps_the_stream_and_the_version() -> None:
    """What goes in comes out, and nothing but a recorded event goes in."""
    mapper = EventMapper()
    event = given(s.RECEIVED).events()[0]
    stored = mapper.to_stored_event(Recorded("complaint:N-1", 1, event))
    assert (stored.originator_id, stored.originator_version) == ("complaint:N-1", 1)
    assert stored.topic == "complaint.received.1"
    assert mapper.to_domain_event(stored) == Recorded("complaint:N-1", 1, event)
    # Of another type on purpose: that is what is refused.
    with pytest.raises(TypeError):
        mapper.to_stored_event(stored)  # type: ignore[arg-type]
    assert isinstance(stored, StoredEvent)


def test_a_stream_must_begin_with_a_receipt() -> None:
    """A state is not folded out of the middle of a case."""
    from guanjia.domain.complaint.evolve import evolve

    events = given(s.DISPATCHED).events()
    with pytest.raises(ValueError, match="N-1"):
        evolve(None, events[1], "N-1")


def _samples() -> dict[str, Event]:
    """Return an event of every topic, from the histories of the other tests."""
    worlds: list[World] = [given(one.history, one.command) for one in [*PRODUCES, *KEYS, *PARCELS]]
    worlds += [given(one.history, one.command) for one in WORK_ORDERS]
    for history, command, may in TABLE:
        accounts = [s.NORTH[post] for post in sorted(may)] or ["tech1"]
        worlds.append(given(history, by(command, accounts[0])))
    worlds += [given(s.MERGED_FINISHED, s.revisit("2025-11-05 10:00", "unsatisfied"))]
    worlds += [given(PROVISIONAL, calendar())]
    worlds += [given(one.history, one.command) for one in PERMIT_PRODUCES]
    worlds += [given(u.LIFE), given(d.HOME, d.explain())]
    worlds += [*privacy_worlds()]
    found: dict[str, Event] = {}
    for world in worlds:
        for row in world.store.read(0, 10_000):
            found[row.topic] = read(row.topic, row.state)
    return found


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, sample in _samples().items():
        path = GOLDEN / f"{name}.json"
        if not path.exists():
            path.write_bytes(sample.to_bytes() + b"\n")
