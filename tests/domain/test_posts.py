"""Post by post: who may do what, as the table of commands says it."""

from __future__ import annotations

from typing import Any

import pytest

from guanjia.domain import posts
from tests import scenarios as s
from tests import work_orders as w
from tests.spec import Line, given, line

from .complaints import COMPANY, MAJOR, PENDING, WORDS, do, window

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
NOBODY: set[str] = set()
"""Only the handler, whatever his post: none of the accounts tried here handles the case."""

AT = "2025-11-03 12:00"
AFTER = "2025-11-04 15:30"
LATER = "2025-11-05 18:00"

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
        {"quality", "general_manager"},
    ),
    (
        s.STAFFED,
        line("transfer_staff", "", AT, staff="tech2", department="service"),
        {"quality", "general_manager"},
    ),
    (s.STAFFED, line("staff_leaves", "", AT, staff="tech1"), {"quality", "general_manager"}),
    (
        s.STAFFED,
        line("adopt_policy", "", AT, version="2", effective_from="2025-11-05T00:00:00+08:00"),
        {"quality", "general_manager"},
    ),
    (
        s.STAFFED,
        line("load_calendar", "", AT, version="cn-2027", year=2027, holidays=["2027-01-01"]),
        {"quality", "general_manager"},
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
        {"quality", "general_manager"},
    ),
]
REFUSALS = {"wrong_post", "not_handler", "not_dispatched", "head_only", "major_case"}


def by(command: Line, account: str) -> Line:
    """Return the line as another account would write it."""
    return {**command, "by": account}


@pytest.mark.parametrize(("history", "command", "may"), TABLE, ids=[c["do"] for _, c, _ in TABLE])
def test_each_post_may_do_what_the_table_says(
    history: list[Line], command: Line, may: set[str]
) -> None:
    """Of all posts exactly the named ones may; auditors never act."""
    allowed = set()
    world = given(history)
    for post, account in s.NORTH.items():
        outcome = world.when(by(command, account))
        if outcome.refusal:
            assert outcome.refusal.code in REFUSALS, (post, outcome.refusal)
            outcome.then_refused(outcome.refusal.code)
        else:
            allowed.add(post)
            world = given(history)
    assert allowed == may


CENTRE_BOUND = [one for one in TABLE if one[2] & posts.CENTRE and "new1" not in str(one[1])]


@pytest.mark.parametrize(
    ("history", "command", "may"), CENTRE_BOUND, ids=[c["do"] for _, c, _ in CENTRE_BOUND]
)
def test_centre_posts_act_in_their_own_centre_only(
    history: list[Line], command: Line, may: set[str]
) -> None:
    """The same post of another centre is refused."""
    elsewhere = {"department_head": "head2", "supervisor": "super2", "front_desk": "desk2"}
    if command["do"] == "delegate":
        command = {**command, "to": "super1"}
    for post in may & {*elsewhere}:
        outcome = given(history).when(by(command, elsewhere[post]))
        assert outcome.refusal
        assert outcome.refusal.code in {"other_centre", "head_only"}
        outcome.then_refused(outcome.refusal.code)


HANDLER_DOES = [
    (s.DISPATCHED, s.accept(AT)),
    (s.ACCEPTED, s.consult(AT)),
    (s.ACCEPTED, s.reply(AT, by="tech1")),
    (s.ACCEPTED, s.start(AT)),
    (s.ACCEPTED, window("agree_appointment")),
    (s.ACCEPTED, do("report_progress", "tech1", text="等配件")),
    (s.APPROVED, s.finish(AFTER)),
    (s.ACCEPTED, do("escalate_complaint", "tech1", reason="beyond_authority")),
    (w.OPENED, w.bring_back()),
]


@pytest.mark.parametrize("account", ["tech1", "desk9"])
@pytest.mark.parametrize(
    ("history", "command"), HANDLER_DOES, ids=[c["do"] for _, c in HANDLER_DOES]
)
def test_the_handler_acts_by_any_account_of_his(
    history: list[Line], command: Line, account: str
) -> None:
    """A handler is a person, whichever account he uses."""
    given(history).run(by(command, account))


@pytest.mark.parametrize(
    ("history", "command"), HANDLER_DOES, ids=[c["do"] for _, c in HANDLER_DOES]
)
def test_a_handler_who_is_an_auditor_too_does_not_act_as_one(
    history: list[Line], command: Line
) -> None:
    """The auditor's account acts for nobody, not even for a handler."""
    auditor = line(
        "post_staff", None, "2020-01-01 00:00", staff="audit9", person="p-tech1", post="auditor"
    )
    refused = given(history, auditor).when(by(command, "audit9")).refusal
    assert refused is not None
    assert refused.code in {"wrong_post", "not_handler"}


def test_the_system_administers_and_does_nothing_else() -> None:
    """The local operator posts staff and adopts policies; cases are for people."""
    for history, command, may in TABLE:
        outcome = given(history).when(by(command, "system"))
        if may == {"quality", "general_manager"}:
            outcome.then(*[event.topic for event in outcome.events])
        else:
            assert outcome.refusal
            assert outcome.refusal.code in REFUSALS


RIGHTS: dict[str, tuple[list[Line], Line]] = {
    "dispatch": (s.RECEIVED, s.dispatch("2025-11-04 12:00", by="tech2")),
    "approve_remedy": (s.VALID, s.approve("2025-11-04 12:00", by="tech2")),
    "confirm_result": (
        [*s.APPROVED, s.finish("2025-11-04 11:00")],
        s.confirm("2025-11-04 12:00", by="tech2"),
    ),
}


def delegation(right: str, *, head: str = "head1", to: str = "tech2", **more: Any) -> Line:  # noqa: ANN401 - a line's values
    """Return a delegation of one right over Tuesday noon."""
    times = {"from": "2025-11-04T12:00:00+08:00", "until": "2025-11-04T12:00:00+08:00", **more}
    return line("delegate", head, "2025-11-03 09:16", to=to, rights=[right], **times)


@pytest.mark.parametrize("right", RIGHTS)
def test_a_delegate_has_the_right_for_its_time(right: str) -> None:
    """Between its two ends, both included, and not a second beside them."""
    history, command = RIGHTS[right]
    given(history, delegation(right)).run(command)
    for late in ("2025-11-04T11:59:59+08:00", "2025-11-04T12:00:01+08:00"):
        given(history, delegation(right)).when({**command, "at": late}).then_refused("wrong_post")


@pytest.mark.parametrize("right", RIGHTS)
def test_a_delegate_has_no_other_right_and_none_elsewhere(right: str) -> None:
    """What was not lent, and what another centre's head lent, gives nothing."""
    history, command = RIGHTS[right]
    for other in {*RIGHTS} - {right}:
        given(history, delegation(other)).when(command).then_refused("wrong_post")
    south = delegation(right, head="head2", to="tech3")
    given(history, south).when({**command, "by": "tech3"}).then_refused("wrong_post")
    given(history, delegation(right)).when({**command, "by": "tech1"}).then_refused("wrong_post")


def test_a_delegation_names_its_right_or_its_command() -> None:
    """``dispatch_complaint`` is the same right as ``dispatch``."""
    given(s.RECEIVED, delegation("dispatch_complaint")).run(RIGHTS["dispatch"][1])


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("tech3", "other_centre"),
        ("audit1", "wrong_post"),
        ("nobody", "unknown_staff"),
        ("tech2", "staff_left"),
    ],
)
def test_to_whom_nothing_is_delegated(to: str, code: str) -> None:
    """Not to another centre's staff, an auditor, nobody, or somebody who has left."""
    left = line("staff_leaves", None, "2025-11-01 00:00", staff="tech2")
    given(s.RECEIVED, left).when(delegation("dispatch", to=to)).then_refused(code)


def test_a_delegation_ends_after_it_begins() -> None:
    """A window that ends before it begins is refused."""
    wrong = delegation("dispatch", until="2025-11-04T11:59:59+08:00")
    given(s.RECEIVED).when(wrong).then_refused("window_invalid")


def test_an_auditors_account_gains_nothing_by_a_delegation_to_its_person() -> None:
    """Auditors never act, whatever their person was lent."""
    auditor = line(
        "post_staff", None, "2020-01-01 00:00", staff="audit9", person="p-tech2", post="auditor"
    )
    history, command = RIGHTS["dispatch"]
    world = given(history, auditor, delegation("dispatch"))
    world.when({**command, "by": "audit9"}).then_refused("wrong_post")


def test_the_sets_of_posts_are_the_domains() -> None:
    """The code's sets of posts are those of the table."""
    assert [{*posts.ANY}, {*posts.DESK}, {*posts.SENIOR}] == [ANY, DESK, SENIOR]
    assert {"quality", "general_manager", "system"} == posts.ADMINISTRATION


def test_a_company_post_revisits_and_forces_in_any_centre() -> None:
    """Quality revisits in the south as well as in the north."""
    south = [
        s.receive(category="repair", centre="south", by="desk2"),
        s.dispatch("2025-11-03 09:05", "tech3", by="desk2"),
        s.finish("2025-11-04 15:00", by="tech3"),
        s.revisit("2025-11-05 10:00", by="quality1"),
    ]
    assert given(s.STAFFED, south).round().revisit == "satisfied"


def test_the_night_is_handed_over_with_what_nobody_told_the_head() -> None:
    """Important cases of which the head was not told at once are named in the hand-over."""
    world = given(
        s.STAFFED,
        s.receive("2025-11-03 01:00", urgency="emergency", complaint="N-1"),
        s.receive("2025-11-03 02:00", major=True, complaint="N-2"),
        s.receive("2025-11-03 03:00", complaint="N-3"),
        line("alert_head", "duty1", "2025-11-03 01:05", complaint="N-1"),
    )
    over = line(
        "hand_over_duty", "duty1", "2025-11-03 08:00",
        centre="north", complaints=["N-1", "N-2", "N-3"], to="desk1",
    )  # fmt: skip
    world.when(over).then(
        (
            "centre.duty_handed_over.1",
            {"unalerted": ("N-2",), "to": "desk1", "complaints": ("N-1", "N-2", "N-3")},
        )
    )
    for changes, code in (
        ({"to": "tech1"}, "wrong_post"),
        ({"to": "desk2"}, "other_centre"),
        ({"to": "nobody"}, "unknown_staff"),
        ({"centre": "moon"}, "unknown_centre"),
        ({"complaints": ["N-9"]}, "unknown_complaint"),
        ({"centre": "south", "by": "desk2", "to": "desk2"}, "other_centre"),
    ):
        world.when({**over, **changes}).then_refused(code)


def test_corrective_action_is_about_cases_of_the_centre() -> None:
    """Cause, correction and prevention are sealed; the cases are the head's own."""
    action = next(c for _, c, _ in TABLE if c["do"] == "take_corrective_action")
    world = given(s.RECEIVED)
    outcome = world.when(by(action, "head1"))
    outcome.then(("centre.corrective_action_taken.1", {"complaints": ("N-1",)}))
    ref = getattr(outcome.events[0], "cause", "")
    assert world.store.vault.reveal(ref) == "管理疏漏"
    world.when({**action, "by": "head1", "complaints": ["N-9"]}).then_refused("unknown_complaint")
    world.when({**action, "by": "head1", "centre": "moon"}).then_refused("unknown_centre")
