"""What a webhook is told of, and what not."""

from __future__ import annotations

from typing import Any

import pytest

from guanjia.api.webhooks import Webhooks
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import TOPICS
from guanjia.domain.recording import UPCASTERS
from guanjia.projections import Result
from tests.spec import moment

from ..conftest import RECEIVED, Service, from_tomorrow
from .conftest import Receiver, deliver, registered


def test_what_is_told(service: Service, hooks: Webhooks, receiver: Receiver) -> None:
    """A promise about to be missed, the same when it is missed, an escalation, a broken glass."""
    registered(service)
    service.received()
    deliver(hooks)
    service.now = moment("2026-01-05 09:31")
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="missed")
    about = {"kind": "complaint", "id": "N-1"}
    service.run("break_glass", "guard1", glass="G1", about=about, reason="漏水")
    deliver(hooks)
    deliver(hooks)
    told = ["promise.due_soon", "complaint.escalated", "glass.broken", "promise.missed"]
    assert receiver.kinds == told
    assert "漏水" not in str(receiver.got)


def test_a_centres_webhook_hears_its_centre(
    service: Service, hooks: Webhooks, receiver: Receiver
) -> None:
    """Of another centre it hears neither promises nor events."""
    registered(service, centre="south")
    service.received()
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="other")
    deliver(hooks)
    assert receiver.got == []


def test_nothing_from_before_is_told(service: Service, hooks: Webhooks, receiver: Receiver) -> None:
    """A webhook hears of what is missed and happens after it was registered."""
    service.received()
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="other")
    service.now = moment("2026-01-05 12:00")
    registered(service)
    deliver(hooks)
    assert receiver.got == []


def test_a_promise_of_the_last_year_stops_nothing(
    service: Service, hooks: Webhooks, receiver: Receiver
) -> None:
    """An old entry may be due when no zone can write it any more; the others are told."""
    registered(service)
    far = COMMANDS["receive_complaint"].model_validate(RECEIVED)
    far = far.model_copy(update={"promised_reply_at": moment("9998-12-31 23:59")})
    service.office.execute(far, by="desk1")
    deliver(hooks)
    assert receiver.kinds == ["promise.due_soon"]


def test_a_missed_promise_is_looked_at_once(
    service: Service, hooks: Webhooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told in one pass is no row of the next, and none of it is told again."""
    registered(service)
    service.received()
    service.now = moment("2026-01-05 09:31")
    deliver(hooks)
    told, looked = len(receiver.got), list[int]()
    plain = Result.plain

    def counted(answer: Result) -> list[dict[str, Any]]:
        looked.append(answer.table.num_rows)
        return plain(answer)

    monkeypatch.setattr(Result, "plain", counted)
    service.received(complaint="N-2")
    service.now = moment("2026-01-05 09:32")
    deliver(hooks)
    assert looked[1] == 0
    service.now = moment("2026-01-05 10:02")
    deliver(hooks)
    assert looked[3] == 1
    assert receiver.kinds[told:].count("promise.missed") == 1


def test_an_old_form_of_an_event_is_told(
    service: Service, hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored by an older release is brought up to date first, not passed over."""
    registered(service)
    service.received()
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="other")
    topic = "complaint.escalated.1"
    cls = TOPICS[topic]
    monkeypatch.delitem(TOPICS, topic)
    monkeypatch.setitem(TOPICS, "complaint.escalated.2", cls)
    monkeypatch.setitem(UPCASTERS, topic, ("complaint.escalated.2", lambda fields: fields))
    hooks.find()
    assert hooks.owed("W1") == 2


def test_a_later_event_of_a_case_hides_no_escalation(
    service: Service, hooks: Webhooks, receiver: Receiver
) -> None:
    """A case that this release cannot read whole is told of as far as it can be read."""
    registered(service, centre="north")
    service.received()
    service.run("escalate_complaint", "desk1", complaint="N-1", reason="other")
    from_tomorrow(service)
    deliver(hooks)
    assert "complaint.escalated" in receiver.kinds
