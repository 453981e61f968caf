"""Post by post: who may do what, as the table of commands says it."""

from __future__ import annotations

import pytest

from guanjia.domain import posts
from tests import scenarios as s
from tests import work_orders as w
from tests.spec import Line, given, line

from .allowed import ADMINISTRATION, ANY, DESK, SENIOR, TABLE, by
from .complaints import AFTER, AT, do, window

REFUSALS = {"wrong_post", "not_handler", "not_dispatched", "head_only", "major_case"}


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
        if may == ADMINISTRATION:
            outcome.then(*[event.topic for event in outcome.events])
        else:
            assert outcome.refusal
            assert outcome.refusal.code in REFUSALS


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
