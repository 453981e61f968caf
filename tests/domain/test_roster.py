"""Accounts, persons and posts over time, and the permission matrix in versions."""

from __future__ import annotations

from typing import Any

import pytest

from guanjia.domain import matrix
from guanjia.domain.roster import SYSTEM
from tests import scenarios as s
from tests.spec import Line, given, line, moment

AT = "2025-11-03 10:00"


def post(staff: str, at: str = AT, **changes: Any) -> Line:  # noqa: ANN401 - a line's values
    """Return a posting to the north's duty desk, with changes."""
    fields = {"person": f"p-{staff}", "post": "duty", "centre": "north", **changes}
    return line("post_staff", None, at, staff=staff, **fields)


def test_a_posting_says_who_holds_what_where() -> None:
    """The event carries the person, the post and the place."""
    given(s.STAFFED).when(post("new1", department="service")).then(
        (
            "roster.posted.1",
            {
                "staff": "new1",
                "holder": "p-new1",
                "held": "duty",
                "centre": "north",
                "department": "service",
                "by": "system",
                "post": "system",
            },
        )
    )


def test_a_transfer_keeps_what_it_does_not_name() -> None:
    """Post, centre and department change as far as they are named; the company has no place."""
    world = given(s.STAFFED)
    move = line("transfer_staff", None, AT, staff="tech2", post="supervisor")
    world.when(move).then(
        (
            "roster.transferred.1",
            {"held": "supervisor", "centre": "north", "department": "engineering"},
        )
    )
    up = line("transfer_staff", None, AT, staff="head1", post="quality")
    world.when(up).then(
        ("roster.transferred.1", {"held": "quality", "centre": None, "holder": "p-head1"})
    )


def test_a_leaving_ends_an_account_and_it_can_be_given_anew() -> None:
    """The account acts no more; posted again it acts for another person."""
    leaves = line("staff_leaves", None, AT, staff="desk1")
    world = given(s.RECEIVED, leaves)
    assert world.stream("roster")[-1].topic == "roster.left.1"
    world.when(s.triage("2025-11-03 09:59:59")).then("complaint.triaged.1")
    world.when(s.triage("2025-11-03 11:00", "normal")).then_refused("staff_left")
    world.run(post("desk1", "2025-11-04 09:00", person="p-other"))
    outcome = world.when(s.triage("2025-11-04 10:00", "normal"))
    outcome.then(("complaint.triaged.1", {"person": "p-other"}))


def test_irregular_acts_of_who_had_left_are_that_persons() -> None:
    """Between two holders of an account it is the former one that is named."""
    world = given(
        s.RECEIVED,
        line("staff_leaves", None, AT, staff="desk1"),
        post("desk1", "2025-11-04 09:00", person="p-other"),
    )
    kept = world.when(s.triage("2025-11-03 11:00"), keep_irregular=True)
    kept.then(("complaint.triaged.1", {"person": "p-desk1", "irregular": ("staff_left",)}))


def test_the_first_posting_speaks_for_the_time_before_it() -> None:
    """A roster typed in late does not make old history impossible."""
    world = given(post("new1", "2026-01-01 09:00"), s.receive(by="new1"))
    assert world.events()[0].post == "duty"


def test_a_posting_holds_from_when_it_was_made() -> None:
    """Before the transfer the old post, from its second on the new one."""
    world = given(s.STAFFED, line("transfer_staff", None, AT, staff="desk1", post="technician"))
    roster = world.app.roster()
    assert roster.at("desk1", moment("2025-11-03 09:59:59")).post == "front_desk"
    assert roster.at("desk1", moment("2025-11-03 10:00")).post == "technician"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (post("desk1"), "staff_exists"),
        (post("system"), "staff_exists"),
        (post("new1", centre=None), "post_without_centre"),
        (post("new1", post="auditor"), "post_without_centre"),
        (post("new1", post="quality", centre=None, department="d"), "post_without_centre"),
        (line("transfer_staff", None, AT, staff="nobody", post="duty"), "unknown_staff"),
        (line("transfer_staff", None, AT, staff="gm1", post="duty"), "post_without_centre"),
        (line("transfer_staff", None, AT, staff="gm1", centre="north"), "post_without_centre"),
        (line("staff_leaves", None, AT, staff="nobody"), "unknown_staff"),
    ],
)
def test_postings_that_are_refused(command: Line, code: str) -> None:
    """An account has one holder, a centre's post its centre, a company's post none."""
    given(s.STAFFED).when(command).then_refused(code)


@pytest.mark.parametrize("do", ["staff_leaves", "transfer_staff"])
def test_who_has_left_is_not_posted(do: str) -> None:
    """Nobody leaves twice or is transferred afterwards."""
    world = given(s.STAFFED, line("staff_leaves", None, AT, staff="desk1"))
    again = line(do, None, "2025-11-03 11:00", staff="desk1")
    world.when(again).then_refused("not_posted")


def test_the_system_belongs_nowhere_and_is_nobody() -> None:
    """The local operator has no person."""
    assert (SYSTEM.person, SYSTEM.centre, SYSTEM.post) == (None, None, "system")


GRANT = {"posts": ["finance"], "fields": ["bank"], "purposes": ["fee"]}


def adopt(version: str, effective_from: str, *grants: dict[str, Any]) -> Line:
    """Return the adoption of a matrix."""
    start = str(s.accept(effective_from)["at"])
    fields = {"version": version, "effective_from": start, "grants": list(grants)}
    return line("adopt_matrix", None, AT, **fields)


def approve(version: str, by: str = "gm1", at: str = AT) -> Line:
    """Return the approval of a matrix."""
    return line("approve_matrix", by, at, version=version)


def test_a_matrix_binds_once_a_second_person_approved_it() -> None:
    """Neither before the approval nor backwards; what it said at any time can be asked."""
    world = given(s.STAFFED, adopt("2", "2025-11-01 00:00", GRANT))
    assert world.app.matrix_at(moment("2025-12-01 00:00"))[0] == "1"
    world.run(approve("2", at="2025-11-10 09:00"))
    assert world.app.matrix_at(moment("2025-11-10 08:59:59"))[0] == "1"
    assert world.app.matrix_at(moment("2025-11-10 09:00"))[0] == "2"


def test_an_import_says_who_approved_a_matrix() -> None:
    """An old register's version was signed by two, in one line."""
    signed = {**adopt("2", "2025-11-05 00:00", GRANT), "by": "quality1", "approved_by": "gm1"}
    world = given(s.STAFFED, signed)
    assert world.app.matrix_at(moment("2025-11-05 00:00"))[0] == "2"
    alone = {**signed, "version": "3", "approved_by": "quality1"}
    world.when(alone).then_refused("one_approver")
    world.when({**alone, "approved_by": "head1"}).then_refused("wrong_post")
    world.imported = False
    world.when({**alone, "approved_by": "gm1"}).then_refused("import_only")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (approve("9"), "unknown_version"),
        (approve("2", "quality1"), "one_approver"),
        (approve("2", "quality9"), "one_approver"),
        (approve("2", "head1"), "wrong_post"),
        (approve("3"), "version_approved"),
    ],
)
def test_an_approval_is_refused(command: Line, code: str) -> None:
    """One person does not change the matrix, whichever account they use."""
    twin = line(
        "post_staff", None, AT, staff="quality9", person="p-quality1", post="general_manager"
    )
    mine = [{**adopt(v, "2025-11-05 00:00", GRANT), "by": "quality1"} for v in ("2", "3")]
    given(s.STAFFED, twin, mine, approve("3")).when(command).then_refused(code)


def test_a_matrix_is_in_force_from_its_day_on() -> None:
    """Before it the built-in one; of two of the same day the one adopted last."""
    world = given(
        s.STAFFED,
        adopt("2", "2025-11-05 00:00", GRANT),
        adopt("3", "2025-11-05 00:00", GRANT, GRANT),
        approve("2"),
        approve("3"),
    )
    assert world.app.matrix_at(moment("2025-11-04 23:59:59")) == ("1", matrix.built_in())
    version, grants = world.app.matrix_at(moment("2025-11-05 00:00"))
    assert (version, len(grants)) == ("3", 2)
    world.when(adopt("1", "2025-11-06 00:00", GRANT)).then_refused("version_exists")
    world.when(adopt("2", "2025-11-06 00:00", GRANT)).then_refused("version_exists")


def test_the_built_in_matrix_denies_auditors_and_the_system() -> None:
    """Auditors see trails and ids, never a clear value."""
    for grant in matrix.built_in():
        assert "auditor" not in grant.posts
        assert "bank" not in grant.fields or grant.posts == ("finance",)
