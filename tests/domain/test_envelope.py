"""The one way in: who, when, recorded when, under which key; and irregular history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from guanjia.domain import moments
from guanjia.domain.application import Done
from guanjia.domain.complaint.commands import AcceptComplaint, CaseCommand, ReceiveComplaint
from guanjia.domain.errors import InFuture, KeyReused, Malformed, Rejected
from guanjia.domain.messages import Command, Contact, Envelope
from guanjia.domain.roster import StaffLeaves
from tests import scenarios as s
from tests.spec import World, given, line, moment

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


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2025-11-03T09:00:00", "naive_time"),
        ("2025-11-03T09:00:00.5+08:00", "fractional_seconds"),
        ("2025-11-03 09:00:00+08:00", "invalid_time"),
        ("2025-11-03", "invalid_time"),
        ("20251103T090000+0800", "invalid_time"),
        ("2025-02-30T09:00:00+08:00", "invalid_time"),
        ("0001-01-01T00:00:00+14:00", "invalid_time"),
        ("0026-01-05T09:00:00+08:00", "invalid_time"),
        ("9999-12-31T23:59:59-14:00", "invalid_time"),
        (1762131600, "invalid_time"),
        ("2025-11-03T09:00:00+08:00" * 40, "invalid_time"),
    ],
)
def test_a_text_that_is_no_time(text: object, fault: str) -> None:
    """Times are ISO 8601 with an offset and whole seconds, and the fault does not echo them."""
    with pytest.raises(ValidationError) as refused:
        ReceiveComplaint.model_validate({**_receipt(), "posted_at": text})
    assert {error["type"] for error in refused.value.errors()} <= {fault}
    assert "2025-11" not in str(refused.value)


def _receipt() -> dict[str, Any]:
    return {name: value for name, value in s.receive().items() if name not in {"do", "by", "at"}}


def test_a_time_keeps_its_moment_whatever_it_is_written_in() -> None:
    """A zone is cut to the offset that it had then; the moment stays."""
    old = datetime(1991, 7, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    parsed = moments.parse(old)
    assert (parsed, parsed.utcoffset()) == (old, timedelta(hours=9))
    assert (
        moments.in_zone(moments.parse("2025-07-01T00:00:00Z"), ZoneInfo("Europe/Paris")).hour == 2
    )
    assert moments.now().microsecond == 0


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


KEPT = [
    (s.RECEIVED, s.finish("2025-11-04 15:00"), "not_handler"),
    (s.REPAIR, s.finish("2025-11-04 15:00", on_the_spot_satisfied=True), "evidence_missing"),
    (s.REPAIRED, s.finish("2025-11-04 16:00"), "already_finished"),
    (s.REPAIR, s.revisit("2025-11-05 10:00"), "not_finished"),
    (s.REPAIRED, s.close("2025-11-05 10:00"), "not_revisited"),
    (s.REPAIRED, s.force_close("2025-11-05 10:00", by="super1"), "head_only"),
    (s.REPAIRED, s.revisit("2025-11-04 14:00"), "out_of_order"),
    (s.WEB, s.reply("2025-11-03 10:00"), "not_approved"),
    (s.REPAIRED, s.reopen("2025-11-05 10:00"), "case_open"),
    (s.STAFFED, s.receive(by="audit1"), "wrong_post"),
    (s.STAFFED, s.receive(by="desk2"), "other_centre"),
    (s.CLOSED, s.reply("2025-11-10 10:00"), "case_closed"),
]


@pytest.mark.parametrize(("history", "command", "code"), KEPT, ids=[one[2] for one in KEPT])
def test_irregular_history_is_kept_as_it_happened(
    history: list[Any], command: dict[str, Any], code: str
) -> None:
    """Recorded and applied, with the refusal's code beside it."""
    given(history).when(command).then_refused(code)
    outcome = given(history).when(command, keep_irregular=True)
    assert code in outcome.events[0].irregular
    assert code in (outcome.world.row().irregular or "")


IMPOSSIBLE = [
    (s.STAFFED, s.triage("2025-11-03 10:00"), "unknown_complaint"),
    (s.RECEIVED, s.receive(), "duplicate_complaint"),
    (s.RECEIVED, s.triage("2025-11-03 10:00", by="nobody"), "unknown_staff"),
    (s.RECEIVED, s.dispatch("2025-11-03 10:00", "nobody"), "unknown_staff"),
    (s.RECEIVED, s.classify("2025-11-03 10:00", "invalid", signed_by="nobody"), "unknown_staff"),
    (s.TWO, s.merge("2025-11-03 10:00", "N-2"), "merged_into_itself"),
    (s.STAFFED, line("staff_leaves", None, "2025-11-03 10:00", staff="nobody"), "unknown_staff"),
]


@pytest.mark.parametrize(("history", "command", "code"), IMPOSSIBLE, ids=[i[2] for i in IMPOSSIBLE])
def test_the_impossible_is_rejected_all_the_same(
    history: list[Any], command: dict[str, Any], code: str
) -> None:
    """No such case, no such account, a duplicate: there is nothing to keep."""
    outcome = given(history).when(command, keep_irregular=True).then_refused(code)
    assert outcome.refusal
    assert not outcome.refusal.keepable


LEFT = line("staff_leaves", None, "2025-11-03 08:00", staff="head1")
GONE: list[tuple[dict[str, Any], str]] = [
    (s.classify("2025-11-03 10:00", "invalid", signed_by="head1"), "signature_missing"),
    (s.dispatch("2025-11-03 10:00", "head1"), "staff_left"),
    (s.triage("2025-11-03 10:00", by="head1"), "staff_left"),
    (
        line(
            "hand_over_duty", "duty1", "2025-11-03 10:00",
            centre="north", complaints=[], to="head1",
        ),
        "staff_left",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("command", "code"), GONE, ids=[one[0]["do"] for one in GONE])
def test_who_had_left_is_refused_but_kept_in_irregular_history(
    command: dict[str, Any], code: str
) -> None:
    """As actor, as signer or as receiver: refused today, kept where a register says so."""
    given(s.RECEIVED, LEFT).when(command).then_refused(code)
    kept = given(s.RECEIVED, LEFT).when(command, keep_irregular=True)
    assert code in kept.events[0].irregular


def test_a_second_finish_is_recorded_and_the_first_stands() -> None:
    """The round keeps its first finish, whenever the second one is said to have been."""
    world = given(s.REPAIRED)
    world.when(s.finish("2025-11-04 10:00"), keep_irregular=True).then("complaint.finished.1")
    assert world.round().finished_at == moment("2025-11-04 15:00")


def test_a_delegation_by_somebody_without_a_centre_cannot_be_kept() -> None:
    """There is no register it could stand in."""
    window = {"from": "2025-11-03T10:00:00+08:00", "until": "2025-11-04T10:00:00+08:00"}
    lent = line("delegate", "gm1", "2025-11-03 10:00", to="tech1", rights=["dispatch"], **window)
    given(s.RECEIVED).when(lent).then_refused("head_only")
    given(s.RECEIVED).when(lent, keep_irregular=True).then_refused("unknown_centre")


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
        ReceiveComplaint.model_validate({**_receipt(), "contact": {"name": 17, "who": "张三"}})
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
