"""Every command of a case: what it produces, what it refuses, and what it must not do."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.complaint.commands import CaseCommand
from tests import scenarios as s
from tests.spec import Line, given, line, moment

AT = "2025-11-03 12:00"
AFTER = "2025-11-04 15:30"
LATER = "2025-11-05 18:00"
WORDS: dict[str, Any] = {"reason": "说明"}


def do(name: str, by: str, at: str = AT, **fields: Any) -> Line:  # noqa: ANN401 - a line's values
    """Return a line about N-1."""
    return line(name, by, at, **fields)


def window(name: str, by: str = "tech1", at: str = AT, **more: str) -> Line:
    """Return a line with an appointment's window."""
    times = {"from": "2025-11-04T09:00:00+08:00", "to": "2025-11-04T11:00:00+08:00"}
    return line(name, by, at, **times, **more)


class Produces(NamedTuple):
    history: list[Line]
    command: Line
    topic: str
    facts: dict[str, Any]


SENSITIVE = [*s.FINISHED, do("mark_sensitive", "head1", AFTER, **WORDS)]
MAJOR = [*s.REPAIRED, do("mark_major", "head1", AFTER, **WORDS)]
COMPANY = [
    *s.STAFFED,
    s.receive(category="repair", level="company"),
    s.dispatch("2025-11-03 09:05"),
    s.finish("2025-11-04 15:00"),
    s.revisit("2025-11-05 10:00"),
]
PENDING = [*s.RECEIVED, s.classify("2025-11-03 09:15", "invalid")]
APPROVED_REPLY = [*s.WEB, do("approve_reply", "head1", "2025-11-03 10:00", text="草稿")]
AGREED = [*s.REPAIR, window("agree_appointment", at="2025-11-03 10:00")]
VOIDED = [*s.RECEIVED, do("void_complaint", "super1", "2025-11-03 10:00", **WORDS)]
PRAISE = [*s.STAFFED, s.receive(category="praise")]

PRODUCES = [
    Produces(
        s.STAFFED,
        s.receive(
            unit="U1", preferred_channel="app", promised_reply_at="2025-11-04T12:00:00+08:00"
        ),
        "complaint.received.1",
        {
            "number": 1,
            "policy": "1",
            "centre": "north",
            "channel": "phone",
            "category": "complaint",
            "urgency": "normal",
            "level": "department",
            "topic_code": "noise",
            "reach": "path",
            "unit": "U1",
            "preferred_channel": "app",
            "promised_reply_at": moment("2025-11-04 12:00"),
            "read_back": True,
            "major": False,
            "by": "desk1",
            "person": "p-desk1",
            "post": "front_desk",
        },
    ),
    Produces(s.RECEIVED, s.triage(AT), "complaint.triaged.1", {"urgency": "emergency"}),
    Produces(
        s.RECEIVED,
        s.classify(AT, cause="merchant", topic="leak", reason="商户施工"),
        "complaint.classified.1",
        {"validity": "valid", "in_force": True, "cause": "merchant", "topic_code": "leak"},
    ),
    Produces(PENDING, s.sign(AT), "complaint.classification_signed.1", {"validity": "invalid"}),
    Produces(s.INQUIRY, do("answer_complaint", "desk1", text="好"), "complaint.answered.1", {}),
    Produces(
        s.RECEIVED,
        s.dispatch(AT),
        "complaint.dispatched.1",
        {"department": "engineering", "handler": "tech1", "handler_person": "p-tech1"},
    ),
    Produces(
        s.DISPATCHED,
        do("transfer_complaint", "super1", department="security", handler="guard1"),
        "complaint.transferred.1",
        {"department": "security", "handler": "guard1", "handler_person": "p-guard1"},
    ),
    Produces(s.DISPATCHED, s.accept(AT), "complaint.accepted.1", {"person": "p-tech1"}),
    Produces(s.ACCEPTED, s.consult(AT), "complaint.consulted.1", {}),
    Produces(s.WEB, do("approve_reply", "head1", text="草稿"), "complaint.reply_approved.1", {}),
    Produces(
        APPROVED_REPLY, s.reply(AT), "complaint.replied.1", {"channel": "phone", "approved": True}
    ),
    Produces(
        s.WEB,
        s.reply(AT, approved_by="head1"),
        "complaint.replied.1",
        {"approved": True, "approved_by": "head1"},
    ),
    Produces(s.ACCEPTED, s.reply(AT, by="tech1"), "complaint.replied.1", {"approved": False}),
    Produces(s.ACCEPTED, s.start(AT), "complaint.handling_started.1", {}),
    Produces(
        s.REPAIR,
        window("agree_appointment"),
        "complaint.appointment_agreed.1",
        {"starts": moment("2025-11-04 09:00"), "ends": moment("2025-11-04 11:00")},
    ),
    Produces(
        AGREED,
        s.move(AT, "2025-11-06 09:00", "2025-11-06 11:00", asked_by="customer"),
        "complaint.appointment_moved.1",
        {"asked_by": "customer", "ends": moment("2025-11-06 11:00"), "days": 2},
    ),
    Produces(
        s.ACCEPTED,
        do("report_progress", "tech1", text="等配件"),
        "complaint.progress_reported.1",
        {},
    ),
    Produces(s.VALID, s.approve(AT), "complaint.remedy_approved.1", {"by": "head1"}),
    Produces(
        s.APPROVED,
        s.finish("2025-11-04 15:00"),
        "complaint.finished.1",
        {"round": 1, "on_the_spot_satisfied": False, "through": None, "evidence": None},
    ),
    Produces(s.FINISHED, s.confirm(AFTER), "complaint.result_confirmed.1", {"round": 1}),
    Produces(
        s.FINISHED,
        s.revisit(LATER),
        "complaint.revisited.1",
        {
            "round": 1,
            "outcome": "satisfied",
            "void": False,
            "timely": True,
            "result_ok": True,
            "attitude_ok": True,
        },
    ),
    Produces(
        s.RECEIVED,
        do("escalate_complaint", "desk1", reason="missed"),
        "complaint.escalated.1",
        {"rung": "supervisor", "reason": "missed"},
    ),
    Produces(s.RECEIVED, do("alert_head", "guard1"), "complaint.head_alerted.1", {}),
    Produces(
        s.FINISHED,
        do("mark_sensitive", "head1", AFTER, **WORDS),
        "complaint.marked_sensitive.1",
        {"from_round": 1},
    ),
    Produces(s.RECEIVED, do("mark_major", "gm1"), "complaint.marked_major.1", {"reason": None}),
    Produces(COMPANY, do("verify_closure", "comm1", LATER), "complaint.closure_verified.1", {}),
    Produces(s.REVISITED, s.close(LATER), "complaint.closed.1", {"through": None}),
    Produces(s.FINISHED, s.force_close(AFTER), "complaint.force_closed.1", {"through": None}),
    Produces(s.CLOSED, s.reopen(LATER), "complaint.reopened.1", {}),
    Produces(s.RECEIVED, do("void_complaint", "super1", **WORDS), "complaint.voided.1", {}),
]


@pytest.mark.parametrize("case", PRODUCES, ids=lambda case: case.topic)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside and every word behind a reference."""
    outcome = given(case.history).when(case.command)
    numbered = ["centre.number_given.1"] if case.command["do"] == "receive_complaint" else []
    outcome.then((case.topic, case.facts), *numbered)
    event = outcome.events[0]
    assert event.at == moment(case.command["at"])
    assert event.recorded_at >= event.at
    for name in ("text", "reason", "result", "evidence"):
        if isinstance(case.command.get(name), str) and name in type(event).model_fields:
            ref = getattr(event, name)
            if case.topic == "complaint.escalated.1":
                continue
            assert outcome.world.store.vault.reveal(ref) == case.command[name]


def test_every_command_of_a_case_is_produced_here() -> None:
    """No command lacks its test; merging and correcting have files of their own."""
    ours = {case.command["do"] for case in PRODUCES} | {"merge_complaint", "correct_complaint"}
    assert ours == {name for name, cls in COMMANDS.items() if issubclass(cls, CaseCommand)}


FINISHED_AT = "2025-11-04 15:00"
REFUSES: list[tuple[list[Line], Line, str]] = [
    (s.RECEIVED, s.receive(), "duplicate_complaint"),
    (s.STAFFED, s.receive(centre="moon"), "unknown_centre"),
    (s.STAFFED, s.receive(by="desk2"), "other_centre"),
    (s.STAFFED, s.receive(by="nobody"), "unknown_staff"),
    (s.STAFFED, {**s.receive(), "by": None}, "actor_missing"),
    (s.STAFFED, s.receive("2031-01-01 00:00:01"), "in_future"),
    (
        s.STAFFED,
        s.receive(channel="web", posted_at="2025-11-03T09:00:01+08:00"),
        "posted_after_receipt",
    ),
    (
        s.STAFFED,
        s.receive(
            channel="web",
            posted_at="2025-11-03T08:00:01+08:00",
            forwarded_at="2025-11-03T08:00:00+08:00",
        ),
        "posted_after_receipt",
    ),
    (s.STAFFED, s.receive(promised_reply_at="2025-11-03T08:59:59+08:00"), "promise_in_past"),
    (s.STAFFED, s.triage(AT), "unknown_complaint"),
    (s.RECEIVED, s.triage(AT, "normal"), "urgency_unchanged"),
    (s.CLOSED, s.triage(LATER), "case_closed"),
    (s.RECEIVED, s.triage("2025-11-03 08:59:59"), "out_of_order"),
    (s.RECEIVED, s.sign(AT), "not_classified"),
    (PENDING, s.sign(AT, "valid"), "not_classified"),
    (PENDING, s.sign("2025-11-03 09:14:59"), "out_of_order"),
    (PENDING, s.sign(AT, by="head2"), "other_centre"),
    (s.RECEIVED, do("answer_complaint", "desk1", text="好"), "not_an_inquiry"),
    (s.RECEIVED, s.dispatch(AT, "nobody"), "unknown_staff"),
    (s.RECEIVED, s.dispatch(AT, "tech3"), "other_centre"),
    (s.RECEIVED, s.dispatch(AT, "audit1"), "wrong_post"),
    (
        [*s.RECEIVED, line("staff_leaves", None, "2025-11-03 10:00", staff="tech1")],
        s.dispatch(AT),
        "staff_left",
    ),
    (s.DISPATCHED, s.accept(AT, by="tech2"), "not_dispatched"),
    (s.DISPATCHED, s.accept("2025-11-03 09:04:59"), "out_of_order"),
    (s.FINISHED, s.accept(AFTER), "already_finished"),
    (s.ACCEPTED, s.consult(AT, by="tech2"), "not_handler"),
    (s.ACCEPTED, s.start(AT, by="desk1"), "not_handler"),
    (s.FINISHED, s.start(AFTER), "already_finished"),
    (s.WEB, s.reply(AT), "not_approved"),
    (s.WEB, s.reply(AT, approved_by="super1"), "not_approved"),
    (s.WEB, s.reply(AT, approved_by="head2"), "not_approved"),
    ([*APPROVED_REPLY, s.reply("2025-11-03 11:00")], s.reply(AT), "not_approved"),
    (APPROVED_REPLY, s.reply("2025-11-03 09:59:59"), "out_of_order"),
    (s.FINISHED, window("agree_appointment", at=AFTER), "already_finished"),
    (s.VALID, s.finish(FINISHED_AT), "not_approved"),
    ([*s.VALID, s.approve(AT)], s.finish("2025-11-03 11:59:59"), "out_of_order"),
    (s.FINISHED, s.finish(AFTER), "already_finished"),
    (s.RECEIVED, s.finish(FINISHED_AT), "not_handler"),
    (s.APPROVED, s.confirm(AFTER), "not_finished"),
    (s.FINISHED, s.confirm("2025-11-04 14:59:59"), "out_of_order"),
    (s.APPROVED, s.revisit(AFTER), "not_finished"),
    (s.FINISHED, s.revisit("2025-11-04 14:59:59"), "out_of_order"),
    (SENSITIVE, do("mark_sensitive", "head1", LATER, **WORDS), "already_marked"),
    (MAJOR, do("mark_major", "head1", LATER, **WORDS), "already_marked"),
    (s.FINISHED, do("verify_closure", "comm1", AFTER), "verification_not_needed"),
    (
        [*s.STAFFED, s.receive(level="company")],
        do("verify_closure", "comm1"),
        "not_finished",
    ),
    (COMPANY, do("verify_closure", "comm1", "2025-11-04 14:59:59"), "out_of_order"),
    (COMPANY, s.close(LATER), "not_verified"),
    (
        [*COMPANY, do("verify_closure", "comm1", "2025-11-05 12:00")],
        s.close("2025-11-05 11:59:59"),
        "out_of_order",
    ),
    (s.APPROVED, s.close(AFTER), "not_finished"),
    (s.CONFIRMED, s.close(LATER), "not_revisited"),
    ([*s.FINISHED, s.revisit("2025-11-05 10:00")], s.close(LATER), "not_confirmed"),
    (s.REVISITED, s.close("2025-11-05 09:59:59"), "out_of_order"),
    (PRAISE, s.close(AT), "not_replied"),
    ([*PRAISE, s.reply(AT)], s.close("2025-11-03 11:59:59"), "out_of_order"),
    (s.CLOSED, s.close(LATER), "case_closed"),
    (s.FINISHED, s.force_close(AFTER, by="super1"), "head_only"),
    (s.FINISHED, s.force_close(AFTER, by="head2"), "head_only"),
    (s.FINISHED, s.force_close(AFTER, by="gm1"), "head_only"),
    (MAJOR, s.force_close(LATER), "major_case"),
    (MAJOR, s.force_close(LATER, by="quality1"), "major_case"),
    (s.REVISITED, s.reopen(LATER), "case_open"),
    (s.CLOSED, s.reopen("2025-11-05 16:59:59"), "out_of_order"),
    (VOIDED, s.reopen(AT), "case_voided"),
    (VOIDED, do("void_complaint", "super1", **WORDS), "case_voided"),
    (
        [
            *s.RECEIVED,
            *(do("escalate_complaint", "desk1", reason="other") for _ in range(3)),
        ],
        do("escalate_complaint", "desk1", reason="other"),
        "top_rung",
    ),
    (s.UNSATISFIED, s.start("2025-11-05 09:59:59"), "out_of_order"),
    (
        s.UNSATISFIED,
        do("escalate_complaint", "desk1", "2025-11-05 09:59:59", reason="unsatisfied"),
        "out_of_order",
    ),
]


@pytest.mark.parametrize(
    ("history", "command", "code"),
    REFUSES,
    ids=[f"{command['do']}-{code}-{n}" for n, (_, command, code) in enumerate(REFUSES)],
)
def test_refuses(history: list[Line], command: Line, code: str) -> None:
    """The refusal has its code, and nothing was written."""
    given(history).when(command).then_refused(code)


QUIET: list[tuple[list[Line], Line]] = [
    (s.ACCEPTED, do("report_progress", "desk1", text="等配件")),
    (s.VALID, s.approve(AT)),
    (s.FINISHED, s.confirm(AFTER)),
    (s.RECEIVED, do("alert_head", "guard1")),
    (COMPANY, do("verify_closure", "comm1", LATER)),
    (s.WEB, do("approve_reply", "head1")),
    (s.DISPATCHED, s.accept(AT)),
    (s.DISPATCHED, s.dispatch("2025-11-03 09:03")),
    (s.RECEIVED, s.classify(AT, "invalid")),
    ([*s.RECEIVED, s.reply("2025-11-03 09:10")], s.reply(AT)),
    ([*s.ACCEPTED, s.start("2025-11-03 09:11")], s.start(AT)),
    ([*s.ACCEPTED, s.consult("2025-11-03 09:11")], s.consult(AT)),
]


@pytest.mark.parametrize(("history", "command"), QUIET, ids=[command["do"] for _, command in QUIET])
def test_stays_quiet(history: list[Line], command: Line) -> None:
    """What is no step of a promise moves no clock, no round and nothing of the case."""
    given(history).when(command).then_nothing()


CLOSING: list[tuple[str, list[Line], Line]] = [
    ("an invalid complaint once replied to", [
        *s.RECEIVED,
        s.classify("2025-11-03 09:15", "invalid", signed_by="head1"),
        s.reply("2025-11-03 09:20"),
    ], s.close(AT)),
    ("praise once replied to", [*PRAISE, s.reply("2025-11-03 09:20")], s.close(AT)),
    ("an inquiry once replied to", [*s.INQUIRY, s.reply("2025-11-03 09:20")], s.close(AT)),
    ("a suggestion of nobody, to whom nobody can reply", [
        *s.STAFFED, s.receive(category="suggestion", contact=None),
    ], s.close(AT)),
    ("an exempt case without any revisit", [
        *SENSITIVE, s.confirm("2025-11-04 16:00"),
    ], s.close(LATER)),
    ("a company case that the commissioner verified", [
        *COMPANY, do("verify_closure", "comm1", "2025-11-05 12:00"),
    ], s.close(LATER)),
    ("a forum case that the commissioner verified", [
        *s.WEB,
        s.classify("2025-11-03 09:15", "invalid", signed_by="head1"),
        s.reply(AT, approved_by="head1"),
        do("verify_closure", "comm1"),
    ], s.close(LATER)),
    ("any case, by the head's right", list(s.RECEIVED), s.force_close(AT)),
    ("a company case, unverified, by the head's right", COMPANY, s.force_close(LATER)),
    ("a major case, by the commissioner", MAJOR, s.force_close(LATER, by="comm1")),
    ("a major case, by the general manager", MAJOR, s.force_close(LATER, by="gm1")),
    ("a company's inquiry, answered unverified", [
        *s.STAFFED, s.receive(category="inquiry", level="company"),
    ], do("answer_complaint", "desk1", text="好")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("history", "command"), [one[1:] for one in CLOSING], ids=[one[0] for one in CLOSING]
)
def test_closes(history: list[Line], command: Line) -> None:
    """What closing needs is there: the case is closed and every clock of it decided."""
    world = given(history).run(command)
    assert world.case().closed_at == moment(command["at"])
    for clock in world.clocks():
        stays = clock.commitment == "revisit" and command["do"] == "force_close_complaint"
        assert stays or clock.stopped_at or clock.ended or clock.due_at < moment(command["at"])


def test_a_reply_needs_a_new_approval_each_time() -> None:
    """One approval, one reply; the next one waits for the next approval."""
    world = given(APPROVED_REPLY, s.reply("2025-11-03 11:00"))
    world.when(s.reply(AT)).then_refused("not_approved")
    world.run(do("approve_reply", "head1"), s.reply("2025-11-03 12:01"))
    assert world.case().approved_replies == (moment("2025-11-03 11:00"), moment("2025-11-03 12:01"))


def test_the_reply_stops_the_clock_not_its_approval() -> None:
    """A head who approves in time does not make a late reply timely."""
    world = given(APPROVED_REPLY, s.reply("2025-11-04 08:30:01"))
    assert world.outcomes("reply", "2025-12-01 00:00") == ["missed"]


def test_an_imported_approval_is_not_held_up_by_a_later_one() -> None:
    """A reply signed on its line needs no other approval, whenever that was given."""
    world = given(APPROVED_REPLY)
    world.when(s.reply("2025-11-03 09:30", approved_by="head1")).then("complaint.replied.1")


def test_an_approval_typed_in_late_lets_the_finish_in() -> None:
    """The remedy counts as approved from the earliest approval on."""
    world = given(s.VALID, s.approve("2025-11-03 14:00"), s.approve("2025-11-03 11:00"))
    world.when(s.finish(AT)).then("complaint.finished.1")
    world.run(s.confirm("2025-11-03 17:00"), s.confirm("2025-11-03 13:00"))
    world.run(s.revisit("2025-11-03 15:00"))
    world.when(s.close("2025-11-03 16:00")).then("complaint.closed.1")


def test_a_second_dispatch_does_not_shut_out_what_came_before_it() -> None:
    """An acceptance typed in late follows the first dispatch."""
    world = given(s.DISPATCHED, s.dispatch(AT))
    world.when(s.accept("2025-11-03 09:10")).then("complaint.accepted.1")


def test_what_only_an_import_may_say() -> None:
    """Outside an import a line carries no other's signature and no recording time."""
    world = given(s.WEB)
    world.imported = False
    world.when(s.reply(AT, approved_by="head1")).then_refused("import_only")
    world.when(s.reply(AT, recorded_at="2025-11-03T12:00:00+08:00")).then_refused("import_only")


def test_the_head_signs_the_validity_in_force_again() -> None:
    """A signature under what is in force changes nothing, and withdraws a waiting invalid."""
    world = given(s.VALID, s.classify("2025-11-03 10:00", "invalid"), s.sign(AT, "valid"))
    world.when(s.sign("2025-11-03 13:00")).then_refused("not_classified")
    assert world.row().validity == "valid"
