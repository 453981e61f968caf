"""What the commands of a renovation refuse, and what an import keeps all the same."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests import permits as p
from tests import scenarios as s
from tests.permits import AT
from tests.spec import Line, given, line

from .cases import Refuses, each

UNPAID = [*p.APPROVED, p.sign(fees_paid=False)]
UNTESTED = [*p.APPROVED, p.sign(water_test_ok=False)]
EXTENDED = [*p.ISSUED, p.extend(AT, "2026-01-20")]
RESUMED = [*p.STOPPED, p.do("resume_work", "2025-10-22 09:00")]
REFUSES: list[tuple[list[Line], Line, str]] = [
    (p.APPLIED, p.apply(), "duplicate_permit"),
    (s.STAFFED, p.apply(centre="moon"), "unknown_centre"),
    (s.STAFFED, p.apply(by="quality1"), "centre_missing"),
    (s.STAFFED, p.apply(centre="south"), "other_centre"),
    (s.STAFFED, p.apply(applicant="tenant"), "consent_missing"),
    (s.STAFFED, p.review(), "unknown_permit"),
    (p.APPLIED, p.review("2025-10-13 08:59:59"), "out_of_order"),
    (p.APPLIED, {**p.review(), "outcome": "rejected"}, "reason_missing"),
    (p.APPROVED, p.review(), "already_reviewed"),
    (p.REJECTED, p.review(), "already_reviewed"),
    (p.APPLIED, p.sign(), "permit_not_approved"),
    (p.REJECTED, p.sign(), "permit_not_approved"),
    (p.APPROVED, p.sign("2025-10-14 08:59:59"), "out_of_order"),
    (p.ISSUED, p.sign(AT), "already_issued"),
    (p.APPLIED, p.issue(), "permit_not_approved"),
    (p.APPROVED, p.issue(), "agreement_missing"),
    (UNPAID, p.issue(), "fees_unpaid"),
    (UNTESTED, p.issue(), "water_test_failed"),
    (p.AGREED, p.issue("2025-10-15 08:59:59"), "out_of_order"),
    (p.AGREED, p.issue(first="2025-12-21"), "validity_invalid"),
    (p.AGREED, p.issue(first="2025-10-01", last="2025-10-19"), "validity_invalid"),
    (p.ISSUED, p.issue(AT), "already_issued"),
    (p.AGREED, p.extend(AT, "2026-01-20"), "permit_not_issued"),
    (p.ISSUED, p.extend(AT, "2025-12-20"), "extension_not_later"),
    (p.ISSUED, p.extend("2025-12-30 09:00", "2025-12-29"), "validity_invalid"),
    (EXTENDED, p.extend("2025-10-22 09:59:59", "2026-02-20"), "out_of_order"),
    (p.COMPLETED, p.extend("2025-10-24 17:00:01", "2026-01-20"), "work_done"),
    (p.AGREED, p.do("issue_pass", **p.PASS), "permit_not_issued"),
    (p.WITH_PASS, p.do("issue_pass", **p.PASS), "pass_out"),
    (p.PASS_BACK, p.do("issue_pass", "2025-10-22 09:59:59", **p.PASS), "out_of_order"),
    (p.COMPLETED, p.do("issue_pass", "2025-10-24 17:00:01", **p.PASS), "work_done"),
    (p.ISSUED, p.do("return_pass", **p.PASS), "pass_not_out"),
    (p.PASS_BACK, p.do("return_pass", "2025-10-23 09:00", **p.PASS), "pass_not_out"),
    (p.WITH_PASS, p.do("return_pass", "2025-10-20 08:59:59", **p.PASS), "out_of_order"),
    (p.AGREED, p.patrol(), "permit_not_issued"),
    (p.ISSUED, p.patrol("2025-10-20 08:59:59"), "out_of_order"),
    (p.COMPLETED, p.patrol("2025-10-25 00:00"), "work_done"),
    (p.CORRECTED, p.patrol(violation="V-1"), "violation_corrected"),
    (p.ACCEPTED, p.patrol("2025-10-24 18:00", violation="V-1"), "already_accepted"),
    (p.FOUND, p.patrol("2025-10-21 09:59:59", violation="V-1"), "out_of_order"),
    (p.AGREED, p.violation(AT, "found"), "permit_not_issued"),
    (p.ISSUED, p.violation(AT, "dissuaded"), "step_skipped"),
    (p.ISSUED, p.violation(AT, "corrected"), "step_skipped"),
    (p.FOUND, p.violation(AT, "notice"), "step_skipped"),
    (p.FOUND, p.violation("2025-10-21 09:59:59", "dissuaded"), "out_of_order"),
    (p.CORRECTED, p.violation(AT, "found"), "violation_corrected"),
    (p.CORRECTED, p.violation(AT, "corrected"), "violation_corrected"),
    (p.ACCEPTED, p.violation("2025-10-28 09:00", "found"), "already_accepted"),
    (p.AGREED, p.stop(), "permit_not_issued"),
    (p.STOPPED, p.stop(), "work_halted"),
    (RESUMED, p.stop("2025-10-22 08:59:59"), "out_of_order"),
    (p.COMPLETED, p.stop(), "work_done"),
    (p.ISSUED, p.do("resume_work"), "work_not_halted"),
    (p.STOPPED, p.do("resume_work", "2025-10-21 09:59:59"), "out_of_order"),
    (p.AGREED, p.complete(), "permit_not_issued"),
    (p.STOPPED, p.complete("2025-10-21 09:59:59"), "out_of_order"),
    (p.COMPLETED, p.complete(), "work_done"),
    (p.ISSUED, p.complete("2025-10-20 08:59:59"), "out_of_order"),
    (p.FAILED, p.complete("2025-10-27 08:59:59"), "out_of_order"),
    (p.ISSUED, p.accept(), "work_not_done"),
    (p.FAILED, p.accept("2025-10-28 09:00"), "work_not_done"),
    (p.COMPLETED, p.accept("2025-10-24 16:59:59"), "out_of_order"),
    ([*p.FOUND, p.complete()], p.accept(), "violation_open"),
    (
        [*p.FOUND, p.complete(), p.violation("2025-10-27 10:00", "corrected")],
        p.accept("2025-10-27 09:59:59"),
        "out_of_order",
    ),
    (p.ACCEPTED, p.accept("2025-10-28 09:00"), "already_accepted"),
    (p.COMPLETED, p.settle(), "not_accepted"),
    (p.ACCEPTED, p.settle(refunded="1999.99"), "deposit_differs"),
    (p.ACCEPTED, p.settle(refunded="1500", withheld="500"), "reason_missing"),
    (p.ACCEPTED, p.settle("2025-10-27 08:59:59"), "out_of_order"),
    (p.SETTLED, p.settle("2025-10-29 09:00"), "already_settled"),
    (p.ACCEPTED, p.archive(), "deposit_not_settled"),
    (p.APPROVED, p.archive(), "deposit_not_settled"),
    (p.SETTLED, p.archive("2025-10-28 08:59:59"), "out_of_order"),
    ([*p.WITH_PASS, p.complete(), p.accept(), p.settle()], p.archive(), "pass_out"),
    (p.ARCHIVED, p.archive("2025-10-30 09:00"), "already_archived"),
]


@each(Refuses(*one) for one in REFUSES)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


@pytest.mark.parametrize("money", ["-1", "1.234", "1e3", "01", "", "一百", "1,000", 2000, 2000.0])
def test_money_is_decimal_text(money: object) -> None:
    """Neither a number nor anything that is no amount."""
    with pytest.raises(ValidationError):
        given(p.APPROVED).execute(p.sign(deposit=money))


def test_who_left_does_nothing() -> None:
    """An account whose holder left acts no more."""
    left = line("staff_leaves", None, "2025-10-20 12:00", staff="guard1")
    given(p.ISSUED, left).when(p.patrol()).then_refused("staff_left")


IRREGULAR: list[tuple[list[Line], Line, str, str]] = [
    (p.APPLIED, p.issue(), "permit_not_approved", "issued"),
    (p.APPLIED, p.complete(), "permit_not_issued", "applied"),
    (p.ISSUED, p.accept(), "work_not_done", "accepted"),
    (p.APPLIED, p.accept(water=False), "permit_not_issued", "applied"),
    (p.ISSUED, p.settle(), "not_accepted", "settled"),
    (p.ISSUED, p.archive(), "deposit_not_settled", "archived"),
    (p.STOPPED, p.stop("2025-10-22 09:00"), "work_halted", "stopped"),
    (p.COMPLETED, p.complete("2025-10-25 09:00"), "work_done", "completed"),
    (p.APPLIED, p.extend(AT, "2026-01-20"), "permit_not_issued", "applied"),
    (p.ISSUED, p.issue(AT, last="2026-01-20"), "already_issued", "issued"),
    (p.ISSUED, p.violation(AT, "legal"), "step_skipped", "issued"),
    (p.CORRECTED, p.violation(AT, "found"), "violation_corrected", "issued"),
    (p.APPLIED, p.do("return_pass", **p.PASS), "permit_not_issued", "applied"),
    (p.ISSUED, p.do("return_pass", **p.PASS), "pass_not_out", "issued"),
    (p.ACCEPTED, p.accept("2025-10-28 09:00", water=False), "already_accepted", "issued"),
    (p.AGREED, p.issue(last="2025-10-01"), "validity_invalid", "issued"),
    (p.CORRECTED, p.patrol(violation="V-1"), "violation_corrected", "issued"),
]


@pytest.mark.parametrize(
    ("history", "command", "code", "status"),
    IRREGULAR,
    ids=[f"{command['do']}-{code}" for _, command, code, _ in IRREGULAR],
)
def test_irregular_history_is_kept(
    history: list[Line], command: Line, code: str, status: str
) -> None:
    """It is applied as it happened, with the refusal's code on the event and on the row."""
    outcome = given(history).when(command, keep_irregular=True)
    assert outcome.refusal is None
    assert code in outcome.events[0].irregular
    renovation = p.permit(outcome.world)
    assert renovation.status == status
    assert renovation.row is not None
    assert renovation.row.irregular is not None
    assert code in renovation.row.irregular.split(",")
    outcome.world.app._streams.forget()
    assert p.permit(outcome.world) == renovation
