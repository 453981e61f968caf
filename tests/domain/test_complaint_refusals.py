"""What the commands of a case refuse, and what only an import may say."""

from __future__ import annotations

from tests import scenarios as s
from tests.spec import Line, given, line

from .cases import Refuses, each
from .complaints import (
    AFTER,
    APPROVED_REPLY,
    AT,
    COMPANY,
    LATER,
    MAJOR,
    PENDING,
    PRAISE,
    SENSITIVE,
    VOIDED,
    WORDS,
    do,
    window,
)

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


@each(Refuses(*one) for one in REFUSES)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


def test_what_only_an_import_may_say() -> None:
    """Outside an import a line carries no other's signature and no recording time."""
    world = given(s.WEB)
    world.imported = False
    world.when(s.reply(AT, approved_by="head1")).then_refused("import_only")
    world.when(s.reply(AT, recorded_at="2025-11-03T12:00:00+08:00")).then_refused("import_only")
