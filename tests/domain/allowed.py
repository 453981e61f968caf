"""The table of commands: which posts may do what, and a history in which they can."""

from __future__ import annotations

from tests import scenarios as s
from tests import work_orders as w
from tests.spec import Line, line

from .complaints import AFTER, AT, COMPANY, LATER, MAJOR, PENDING, WORDS, do, window

ANY = {*s.NORTH} - {"auditor"}
DESK = {
    "front_desk",
    "duty",
    "steward",
    "supervisor",
    "department_head",
    "quality",
    "complaint_commissioner",
}
SENIOR = {
    "supervisor",
    "department_head",
    "quality",
    "complaint_commissioner",
    "management_representative",
    "general_manager",
}
COMPANY_POSTS = {
    "quality",
    "complaint_commissioner",
    "management_representative",
    "general_manager",
}
HEAD = {"department_head"}
ADMINISTRATION = {"quality", "general_manager"}
NOBODY: set[str] = set()
"""Only the handler, whatever his post: none of the accounts tried here handles the case."""

TABLE: list[tuple[list[Line], Line, set[str]]] = [
    (s.STAFFED, s.receive(), ANY),
    (s.STAFFED, s.receive(level="company", channel="authority"), ANY),
    (s.RECEIVED, s.triage(AT), DESK),
    (s.RECEIVED, s.classify(AT), DESK),
    (PENDING, s.sign(AT), HEAD),
    (s.INQUIRY, do("answer_complaint", "", text="好"), DESK),
    (s.RECEIVED, s.dispatch(AT), DESK),
    (s.DISPATCHED, do("transfer_complaint", "", department="d", handler="guard1"), SENIOR),
    (s.DISPATCHED, s.accept(AT), NOBODY),
    (s.ACCEPTED, s.consult(AT), NOBODY),
    (s.WEB, do("approve_reply", ""), HEAD),
    (s.ACCEPTED, s.reply(AT), DESK),
    (s.ACCEPTED, s.start(AT), NOBODY),
    (s.ACCEPTED, window("agree_appointment"), DESK),
    (
        [*s.ACCEPTED, window("agree_appointment", at="2025-11-03 10:00")],
        window("move_appointment", asked_by="customer"),
        DESK,
    ),
    (s.ACCEPTED, do("report_progress", "", text="等配件"), DESK),
    (s.VALID, s.approve(AT), HEAD),
    (s.APPROVED, s.finish(AFTER), NOBODY),
    (s.FINISHED, s.confirm(AFTER), HEAD),
    (s.FINISHED, s.revisit(LATER), DESK | COMPANY_POSTS),
    (s.RECEIVED, do("escalate_complaint", "", reason="missed"), DESK | SENIOR),
    (s.FINISHED, do("mark_sensitive", "", AFTER, **WORDS), HEAD | COMPANY_POSTS),
    (s.FINISHED, do("mark_major", "", AFTER, **WORDS), HEAD | COMPANY_POSTS),
    (COMPANY, do("verify_closure", "", LATER), {"complaint_commissioner"}),
    (s.REVISITED, s.close(LATER), DESK),
    (s.FINISHED, s.force_close(AFTER), HEAD),
    (MAJOR, s.force_close(LATER), {"complaint_commissioner", "general_manager"}),
    (s.CLOSED, s.reopen(LATER), SENIOR),
    (s.TWO, s.merge(AT), SENIOR),
    (s.REPAIR, w.open_order(), DESK),
    (w.OPENED, w.bring_back(), DESK),
    (w.RETURNED, w.verify(), DESK),
    (w.OPENED, w.spoil(), SENIOR),
    (s.RECEIVED, s.correct(AT, "topic", "noise", "leak"), SENIOR),
    (s.RECEIVED, do("void_complaint", "", **WORDS), SENIOR),
    (s.RECEIVED, do("alert_head", ""), ANY),
    (
        s.RECEIVED,
        line("hand_over_duty", "", AT, centre="north", complaints=["N-1"], to="desk1"),
        DESK,
    ),
    (
        s.RECEIVED,
        line(
            "take_corrective_action",
            "",
            AT,
            centre="north",
            topic="noise",
            complaints=["N-1"],
            cause="管理疏漏",
            correction="整改",
            prevention="巡查",
        ),
        HEAD,
    ),
    (
        s.RECEIVED,
        line(
            "delegate",
            "",
            AT,
            to="super1",
            rights=["dispatch"],
            **{"from": "2025-11-03T12:00:00+08:00", "until": "2025-11-10T12:00:00+08:00"},
        ),
        HEAD,
    ),
    (
        s.STAFFED,
        line("post_staff", "", AT, staff="new1", person="p-new1", post="duty", centre="north"),
        ADMINISTRATION,
    ),
    (
        s.STAFFED,
        line("transfer_staff", "", AT, staff="tech2", department="service"),
        ADMINISTRATION,
    ),
    (s.STAFFED, line("staff_leaves", "", AT, staff="tech1"), ADMINISTRATION),
    (
        s.STAFFED,
        line("adopt_policy", "", AT, version="2", effective_from="2025-11-05T00:00:00+08:00"),
        ADMINISTRATION,
    ),
    (
        s.STAFFED,
        line("load_calendar", "", AT, version="cn-2027", year=2027, holidays=["2027-01-01"]),
        ADMINISTRATION,
    ),
    (
        s.STAFFED,
        line(
            "adopt_matrix",
            "",
            AT,
            version="2",
            effective_from="2025-11-05T00:00:00+08:00",
            grants=[{"posts": ["finance"], "fields": ["bank"], "purposes": ["fee"]}],
        ),
        ADMINISTRATION,
    ),
]


def by(command: Line, account: str) -> Line:
    """Return the line as another account would write it."""
    return {**command, "by": account}
