"""Random lines about three cases, by anybody, at any time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests import scenarios as s
from tests.spec import Line, line, moment

from .machine import CANARY

START = moment("2026-12-21 08:00")
"""Three days before the days that the next year's calendar can move."""

ACCOUNTS = [*s.STAFF, "nobody", "system"]
CASES = ["N-1", "N-2", "S-1"]
TIMES = st.integers(0, 14 * 24 * 4).map(
    lambda quarter: (START + timedelta(minutes=15 * quarter)).isoformat()
)
PHONES = st.sampled_from(["13800138000", "13911112222"])
CONTACTS = st.one_of(
    st.none(),
    st.just({"name": CANARY}),
    PHONES.map(lambda phone: {"name": CANARY, "phone": phone, "address_other": CANARY}),
)
URGENCIES = st.sampled_from(["normal", "emergency"])
VALIDITIES = st.sampled_from(["valid", "invalid"])
CATEGORIES = st.sampled_from(
    ["inquiry", "suggestion", "complaint", "praise", "repair", "special_service"]
)
HANDLERS = st.sampled_from(["tech1", "tech2", "tech3", "desk9", "audit1", "nobody"])
TEXT = st.just(CANARY)
ORDER_NUMBERS = st.sampled_from([None, 1, 2, 3])
FACTS = st.one_of(
    st.tuples(st.just("at"), TIMES, TIMES),
    st.tuples(st.just("category"), CATEGORIES, CATEGORIES),
    st.tuples(st.just("urgency"), URGENCIES, URGENCIES),
    st.tuples(st.just("topic"), st.just("noise"), st.just("leak")),
    st.tuples(st.just("contact"), CONTACTS, CONTACTS),
    st.tuples(st.just("forwarded_at"), st.none(), st.one_of(st.none(), TIMES)),
    st.tuples(
        st.just("level"),
        st.sampled_from(["department", "company"]),
        st.sampled_from(["department", "company"]),
    ),
)


def _fields(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(strategies)


WINDOW = _fields(**{"from": TIMES, "to": TIMES})
COMMANDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "receive_complaint": _fields(
        centre=st.sampled_from(["north", "south", "moon"]),
        channel=st.sampled_from(["phone", "web", "forum"]),
        category=CATEGORIES,
        urgency=URGENCIES,
        level=st.sampled_from(["department", "company"]),
        topic=st.just("noise"),
        text=TEXT,
        contact=CONTACTS,
        promised_reply_at=st.one_of(st.none(), TIMES),
    ),
    "triage_complaint": _fields(urgency=URGENCIES),
    "classify_complaint": _fields(
        validity=VALIDITIES, reason=TEXT, signed_by=st.sampled_from([None, "head1", "head2"])
    ),
    "sign_classification": _fields(validity=VALIDITIES),
    "answer_complaint": _fields(text=TEXT),
    "dispatch_complaint": _fields(department=st.just("engineering"), handler=HANDLERS),
    "transfer_complaint": _fields(department=st.just("service"), handler=HANDLERS),
    "accept_complaint": _fields(),
    "consult_on_complaint": _fields(),
    "approve_reply": _fields(text=TEXT),
    "reply_to_complaint": _fields(
        channel=st.just("phone"), text=TEXT, approved_by=st.sampled_from([None, "head1", "nobody"])
    ),
    "start_handling": _fields(),
    "agree_appointment": WINDOW,
    "move_appointment": st.tuples(
        WINDOW, _fields(asked_by=st.sampled_from(["customer", "company"]))
    ).map(lambda parts: parts[0] | parts[1]),
    "report_progress": _fields(text=TEXT),
    "approve_remedy": _fields(),
    "finish_handling": _fields(
        result=TEXT,
        on_the_spot_satisfied=st.booleans(),
        evidence=st.one_of(st.none(), TEXT),
    ),
    "confirm_result": _fields(),
    "revisit_complaint": _fields(
        outcome=st.sampled_from(["satisfied", "unsatisfied", "unreachable"]),
        channel=st.just("phone"),
        timely=st.sampled_from([None, True]),
    ),
    "escalate_complaint": _fields(reason=st.just("missed")),
    "alert_head": _fields(),
    "mark_sensitive": _fields(reason=TEXT),
    "mark_major": _fields(reason=TEXT),
    "verify_closure": _fields(),
    "close_complaint": _fields(),
    "force_close_complaint": _fields(reason=TEXT),
    "reopen_complaint": _fields(reason=TEXT),
    "merge_complaint": _fields(into=st.sampled_from(CASES)),
    "correct_complaint": st.tuples(FACTS, TEXT).map(
        lambda parts: dict(zip(("fact", "old", "new"), parts[0], strict=True), reason=parts[1])
    ),
    "void_complaint": _fields(reason=TEXT),
    "open_work_order": _fields(
        charge=st.sampled_from(["warranty", "paid", "free"]),
        letter=st.sampled_from([None, "BX-7"]),
        explained=st.booleans(),
    ),
    "return_work_order": _fields(number=ORDER_NUMBERS),
    "verify_work_order": _fields(number=ORDER_NUMBERS, accepted=st.booleans()),
    "void_work_order": _fields(number=ORDER_NUMBERS, reason=TEXT),
}
LIKELY = [
    "dispatch_complaint", "finish_handling", "revisit_complaint", "close_complaint",
    "merge_complaint", "reopen_complaint", "triage_complaint", "reply_to_complaint",
    "force_close_complaint", "classify_complaint", "open_work_order", "return_work_order",
]  # fmt: skip
PEOPLE = st.sampled_from([*ACCOUNTS, "desk1", "tech1", "head1", "super1", "tech1", "head1"])


def case_line(do: str) -> st.SearchStrategy[Line]:
    """Return what draws a line of this command, about any case by anybody."""
    about = _fields(do=st.just(do), complaint=st.sampled_from(CASES), by=PEOPLE, at=TIMES)
    return st.tuples(about, COMMANDS[do]).map(lambda parts: parts[0] | parts[1])


def _organisation_line() -> st.SearchStrategy[Line]:
    def load(at: str) -> Line:
        return line(
            "load_calendar", "quality1", at, version=f"cn-2027 {at[:16]}", year=2027,
            holidays=["2027-01-01", "2026-12-31", "2027-02-08"], workdays=["2026-12-26"],
        )  # fmt: skip

    def adopt(at: str) -> Line:
        return line(
            "adopt_policy", "gm1", at, version=f"v {at[:16]}",
            effective_from="2026-01-01T00:00:00+08:00",
            control_department_working_days=2, respond_normal_minutes=20,
        )  # fmt: skip

    def leave(at: str) -> Line:
        return line("staff_leaves", None, at, staff="tech2")

    def hand_over(at: str) -> Line:
        return line("hand_over_duty", "duty1", at, centre="north", complaints=["N-1"], to="desk1")

    def delegate(at: str) -> Line:
        rights = ["dispatch", "approve_remedy", "confirm_result"]
        return line(
            "delegate", "head1", at, to="super1", rights=rights,
            **{"from": at, "until": "2027-06-01T00:00:00+08:00"},
        )  # fmt: skip

    makers = st.sampled_from([load, adopt, leave, hand_over, delegate])
    return st.tuples(makers, TIMES).map(lambda parts: parts[0](parts[1]))


LINES = st.one_of(
    st.sampled_from([*COMMANDS, *LIKELY, *LIKELY]).flatmap(case_line),
    st.sampled_from(LIKELY).flatmap(case_line),
    _organisation_line(),
)
HISTORIES = st.lists(LINES, min_size=5, max_size=40)


def three_cases() -> list[object]:
    """Return the lines of an organisation with three open cases, two of them in one centre."""
    at = START.isoformat()
    received = [
        s.receive(at, complaint="N-1", category="repair", text=CANARY, contact={"phone": CANARY}),
        s.receive(at, complaint="N-2", text=CANARY, level="company"),
        s.receive(at, complaint="S-1", by="desk2", centre="south", channel="web", text=CANARY),
        s.dispatch(at), s.dispatch(at, complaint="N-2"),
    ]  # fmt: skip
    return [s.STAFFED, received]
