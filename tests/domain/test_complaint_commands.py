"""Every command of a case: what it produces, and what it must not do."""

from __future__ import annotations

import pytest

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.complaint.commands import CaseCommand
from guanjia.domain.complaint.orders.commands import WorkOrderCommand
from tests import scenarios as s
from tests.spec import Line, given, moment

from .cases import Produces, each, produced
from .complaints import (
    AFTER,
    AGREED,
    APPROVED_REPLY,
    AT,
    COMPANY,
    LATER,
    PENDING,
    WORDS,
    do,
    window,
)

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


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside and every word behind a reference."""
    numbered = ["centre.number_given.1"] if case.command["do"] == "receive_complaint" else []
    outcome = produced(case, *numbered)
    event = outcome.events[0]
    assert event.recorded_at >= event.at
    for name in ("text", "reason", "result", "evidence"):
        if isinstance(case.command.get(name), str) and name in type(event).model_fields:
            ref = getattr(event, name)
            if case.topic == "complaint.escalated.1":
                continue
            assert outcome.world.store.vault.reveal(ref) == case.command[name]


def test_every_command_of_a_case_is_produced_here() -> None:
    """No command lacks its test; merging, correcting and work orders have files of their own."""
    ours = {case.command["do"] for case in PRODUCES} | {"merge_complaint", "correct_complaint"}
    own = {name for name, cls in COMMANDS.items() if issubclass(cls, CaseCommand)}
    assert ours == {name for name in own if not issubclass(COMMANDS[name], WorkOrderCommand)}


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
