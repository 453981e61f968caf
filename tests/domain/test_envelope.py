"""The one way in: who, when, recorded when, under which key and version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from guanjia.domain.application import Done
from guanjia.domain.complaint.commands import AcceptComplaint, CaseCommand, ReceiveComplaint
from guanjia.domain.errors import InFuture, KeyReused, Malformed, Rejected
from guanjia.domain.messages import Command, Contact, Envelope
from guanjia.domain.roster import StaffLeaves
from tests import scenarios as s
from tests.spec import World, fields_of, given, moment

NOW = moment("2025-11-03 12:00")


def live() -> World:
    """Return a world that is not imported into: its clock says when things are recorded."""
    world = given(s.RECEIVED, s.dispatch("2025-11-03 09:05"))
    world.now = NOW
    world.imported = False
    return world


def test_an_import_records_what_it_was_told_or_what_follows() -> None:
    """By default the later of ``at`` and what the case had recorded before."""
    world = given(s.RECEIVED, s.reply("2025-11-03 12:00"), s.triage("2025-11-03 10:00"))
    recorded = [event.recorded_at for event in world.events()]
    assert recorded == [moment(at) for at in ("2025-11-03 09:00", *["2025-11-03 12:00"] * 2)]


@pytest.mark.parametrize(
    ("recorded_at", "code"),
    [
        ("2025-11-03 09:59:59", "recorded_too_early"),
        ("2025-11-03 11:59:59", "recorded_too_early"),
        ("2031-01-01 00:00:01", "in_future"),
    ],
)
def test_recording_times_that_cannot_be(recorded_at: str, code: str) -> None:
    """Never before it happened, before what was recorded already, or later than now."""
    given_at = str(s.accept(recorded_at)["at"])
    late = s.triage("2025-11-03 10:00", recorded_at=given_at)
    given(s.RECEIVED, s.reply("2025-11-03 12:00")).when(late).then_refused(code)


def test_a_given_recording_time_is_kept() -> None:
    """Typed in on Monday what a guard was told on Friday."""
    late = s.receive("2025-10-31 22:00", recorded_at="2025-11-03T08:30:00+08:00")
    world = given(s.STAFFED, late)
    assert world.events()[0].recorded_at == moment("2025-11-03 08:30")
    assert world.row().late_registration_seconds == 58.5 * 3600
    assert world.clock("respond").due_at == moment("2025-10-31 22:30")


@pytest.mark.parametrize(("minutes", "late"), [(60, 0), (61, 61 * 60)])
def test_registration_is_late_after_an_hour(minutes: int, late: int) -> None:
    """Flagged over sixty minutes, never refused."""
    recorded_at = (moment("2025-11-03 09:00") + timedelta(minutes=minutes)).isoformat()
    world = given(s.STAFFED, s.receive(recorded_at=recorded_at))
    assert world.row().late_registration_seconds == late


def test_the_servers_clock_records_what_happens_now() -> None:
    """Outside an import the present moment is recorded, and ``at`` is now unless it is given."""
    world = live()
    done = world.app.execute(AcceptComplaint(complaint="N-1"), Envelope(by="tech1"))
    assert (done.events[0].at, done.events[0].recorded_at) == (NOW, NOW)
    world.run(s.reply("2025-11-03 10:00"))
    assert world.events()[-1].recorded_at == NOW


def test_a_clock_set_back_never_takes_the_record_back() -> None:
    """``recorded_at`` stands still until the clock has caught up."""
    world = live().run(s.reply("2025-11-03 11:00"))
    world.now = moment("2025-11-03 11:30")
    world.run(s.accept("2025-11-03 11:30"))
    assert world.events()[-1].recorded_at == NOW


def test_the_future_is_refused() -> None:
    """The present second is not the future."""
    world = live()
    world.when(s.accept("2025-11-03 12:00:01")).then_refused("in_future")
    world.when(s.accept("2025-11-03 12:00:00")).then("complaint.accepted.1")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2025, 11, 3, 11, 0), "naive_time"),  # noqa: DTZ001 - that is what is refused
        (datetime(2025, 11, 3, 3, 0, 0, 1, tzinfo=UTC), "fractional_seconds"),
        (datetime(1, 1, 1, tzinfo=UTC), "invalid_time"),
        (datetime(1989, 12, 31, 23, 59, 59, tzinfo=UTC), "invalid_time"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "invalid_time"),
    ],
)
@pytest.mark.parametrize("name", ["at", "recorded_at"])
def test_times_that_are_none_are_refused(name: str, at: datetime, code: str) -> None:
    """Without an offset, with a fraction, or in a year that nobody means."""
    world = given(s.DISPATCHED)
    times: dict[str, Any] = {"at": moment("2025-11-03 10:00"), name: at}
    envelope = Envelope(by="tech1", imported=True, **times)
    with pytest.raises(Malformed) as refused:
        world.app.execute(AcceptComplaint(complaint="N-1"), envelope)
    assert refused.value.code == code


def test_a_repetition_under_the_same_key_answers_the_same() -> None:
    """Nothing is recorded twice; position, number and version are those of the first time."""
    world = given(s.STAFFED)
    first = world.execute(s.receive(), key="k1")
    again = world.execute(s.receive(), key="k1")
    assert again == Done(first.position, 1, (), 1)
    assert world.position == first.position


@pytest.mark.parametrize("changes", [{"by": "duty1"}, {"topic": "leak"}])
def test_a_key_stands_for_one_command_of_one_actor(changes: dict[str, str]) -> None:
    """Another command or another actor under a used key is refused."""
    world = given(s.STAFFED)
    world.execute(s.receive(), key="k1")
    with pytest.raises(KeyReused):
        world.execute({**s.receive(), **changes}, key="k1")


def test_a_refused_command_leaves_its_key_free() -> None:
    """What was refused may be mended and sent again under the same key."""
    world = given(s.STAFFED)
    with pytest.raises(Rejected):
        world.execute(s.receive(centre="moon"), key="k1")
    assert world.execute(s.receive(), key="k1").number == 1


def test_commands_in_one_transaction_stand_or_fall_together() -> None:
    """What goes wrong around the commands takes back what they did, also in mind."""
    world = given(s.RECEIVED)
    before = world.standing()
    with pytest.raises(ZeroDivisionError), world.app.transaction():
        world.run(s.dispatch("2025-11-03 09:05"), s.accept("2025-11-03 09:10"))
        1 / 0  # noqa: B018 - something that breaks
    assert world.standing() == before


def test_another_writers_events_are_seen() -> None:
    """An application that did not write an event decides by it all the same."""
    world = given(s.RECEIVED)
    other = World()
    other.app = type(world.app)(world.store, world.zone, lambda: world.now)
    other.run(s.dispatch("2025-11-03 09:05"))
    world.run(s.accept("2025-11-03 09:10"))
    other.run(s.start("2025-11-03 09:20"))
    world.run(s.reply("2025-11-03 09:30"))
    assert [event.topic for event in world.events()][1:] == [
        "complaint.dispatched.1",
        "complaint.accepted.1",
        "complaint.handling_started.1",
        "complaint.replied.1",
    ]


def test_refusals_name_what_is_wrong_and_what_to_do() -> None:
    """A code, a reason for the reader, a detail of identifiers."""
    refusal = InFuture("recorded_at")
    assert (refusal.code, refusal.detail) == ("in_future", "recorded_at")
    assert str(refusal) == f"in_future: {refusal.reason} (recorded_at)"
    codes = [cls.code for cls in _refusals(Rejected)]
    assert len(codes) == len(set(codes))
    assert all(cls.__doc__ for cls in _refusals(Rejected))


def _refusals(base: type[Rejected]) -> list[type[Rejected]]:
    return [one for cls in base.__subclasses__() for one in (cls, *_refusals(cls))]


def test_nothing_prints_what_a_customer_said() -> None:
    """Commands and contacts have no repr that tells anything."""
    contact = Contact(name="张三", phone="13800138000")
    command = AcceptComplaint(complaint="N-1")
    assert (repr(contact), str(command)) == ("Contact(…)", "AcceptComplaint(…)")
    with pytest.raises(ValidationError) as refused:
        ReceiveComplaint.model_validate(
            {**fields_of(s.receive()), "contact": {"name": 17, "who": "张三"}}
        )
    assert "张三" not in str(refused.value)


def test_a_command_unknown_to_the_domain_is_a_mistake_of_the_program() -> None:
    """It is no refusal: nobody could have sent it."""

    class Dance(Command):
        do: str = "dance"

    class Sing(CaseCommand):
        do: str = "sing"

    world = given(s.RECEIVED)
    for command in (Dance(), Sing(complaint="N-1")):
        with pytest.raises(TypeError):
            world.app.execute(command, Envelope(by="desk1", at=NOW, imported=True))


def test_a_version_named_must_be_the_present_one() -> None:
    """What somebody changed since it was seen is not changed; nothing is recorded then."""
    world = live()
    accept, before = AcceptComplaint(complaint="N-1"), world.position
    for version in (0, 1, 3):
        with pytest.raises(Rejected, match="version_changed"):
            world.app.execute(accept, Envelope(by="tech1", version=version))
    assert world.position == before
    assert world.app.execute(accept, Envelope(by="tech1", version=2)).position == before + 1


def test_a_version_is_of_one_aggregate() -> None:
    """Administration changes no aggregate, so no version of one can be meant."""
    world = live()
    with pytest.raises(Rejected, match="version_changed"):
        world.app.execute(StaffLeaves(staff="tech1"), Envelope(version=1))
    assert world.app.placed("complaint", "N-1") == (2, "north")
    assert world.app.placed("complaint", "N-9") == (0, None)
    assert world.app.placed("none", "N-9") == (0, None)
