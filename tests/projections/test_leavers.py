"""People who leave or move: what they have stays listed until it is taken back or given on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .holding import Centre
from .register import moment, pick

EACH = {("area", "U1"), ("case", "N-1"), ("document", "A1"), ("key", "K1"), ("paper_copy", "P-1")}


@pytest.fixture
def given(centre: Centre) -> Centre:
    """Return the centre in which stew1 got one thing of each kind on 2025-10-10."""
    centre.give_all("2025-10-10 09:00")
    return centre


def test_everything_somebody_has_is_listed(given: Centre) -> None:
    """One row a thing: whose account, which person, since when."""
    assert given.held("2025-10-10 08:59:59") == set()
    assert given.held("2025-10-10 09:00", account="stew1") == EACH
    for row in given.register.ask("holdings", "2025-10-10 09:00"):
        assert pick(row, "centre", "unit", "account", "person", "since") == (
            "north", "U1", "stew1", "p-stew1", "2025-10-10 09:00:00",
        )  # fmt: skip


def test_leaving_is_not_refused_because_things_are_held(given: Centre) -> None:
    """Neither leaving nor moving waits for anything: what is held is listed from then on."""
    given.move("staff_leaves", "2025-11-01 09:00", "stew1")
    assert given.unsettled("2025-11-01 08:59:59") == set()
    assert given.unsettled("2025-11-01 09:00") == EACH
    for row in given.register.ask("leavers", "2025-11-01 09:00", account="stew1"):
        assert pick(row, "person", "moved_at", "how", "centre", "unit", "since") == (
            "p-stew1", "2025-11-01 09:00:00", "left", "north", "U1", "2025-10-10 09:00:00",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "listed"),
    [
        ({"centre": "south"}, True),
        ({"post": "front_desk"}, True),
        ({"post": "quality"}, True),
        ({"department": "engineering"}, False),
        ({}, False),
    ],
)
def test_a_transfer_lists_what_is_held(given: Centre, place: dict[str, str], listed: bool) -> None:
    """To another post or centre; within both, in another department, nothing is handed back."""
    given.move("transfer_staff", "2025-11-01 09:00", "stew1", **place)
    assert given.unsettled("2025-12-01 00:00") == (EACH if listed else set())
    hows = {row["how"] for row in given.register.ask("leavers", "2025-12-01 00:00")}
    assert hows == ({"transferred"} if listed else set())


SETTLED: dict[str, Callable[[Centre], object]] = {
    "case": lambda c: c.do(
        "dispatch_complaint", "2025-11-03 09:00",
        complaint="N-1", department="service", handler="stew2",
    ),
    "key": lambda c: c.do("return_key", "2025-11-03 09:00", key="K1"),
    "paper_copy": lambda c: c.do(
        "recall_paper_copy", "2025-11-03 09:00", "head1", unit="U1", copy="P-1"
    ),
    "document": lambda c: c.do("return_document", "2025-11-03 09:00", unit="U1", document="A1"),
    "area": lambda c: c.do(
        "assign_area", "2025-11-03 09:00", "head1", staff="stew2", centre="north", units=["U1"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SETTLED)
def test_each_thing_is_listed_until_it_is_settled(given: Centre, kind: str) -> None:
    """Taken back or given to another, it is no longer of the leaver's; the others stay."""
    given.move("staff_leaves", "2025-11-01 09:00", "stew1")
    SETTLED[kind](given)
    assert given.unsettled("2025-11-03 08:59:59") == EACH
    assert given.unsettled("2025-11-03 09:00") == {one for one in EACH if one[0] != kind}


def test_a_closed_case_is_nobodys(given: Centre) -> None:
    """What is closed, voided or merged into another needs no new handler."""
    given.move("staff_leaves", "2025-11-01 09:00", "stew1")
    given.do("void_complaint", "2025-11-03 09:00", "super1", complaint="N-1", reason="误报")
    assert ("case", "N-1") in given.unsettled("2025-11-03 08:59:59")
    assert ("case", "N-1") not in given.held("2025-11-03 09:00")
    given.register.receive("N-2", "2025-10-20 09:00")
    given.register.receive("N-3", "2025-10-20 09:00")
    given.register.dispatch("N-3", "2025-10-20 09:30")
    assert ("case", "N-3") in given.held("2025-11-04 00:00")
    given.do("merge_complaint", "2025-11-05 09:00", "super1", complaint="N-3", into="N-2")
    assert ("case", "N-3") not in given.held("2025-11-05 09:00")


def test_a_case_is_its_latest_handlers(centre: Centre) -> None:
    """Whoever it was sent to last by `at`, whatever was typed in when; nobody before."""
    assert centre.held("2025-10-02 09:00") == set()
    centre.register.dispatch("N-1", "2025-10-03 09:00")
    late = {"complaint": "N-1", "department": "engineering", "handler": "fitter1"}
    centre.do("dispatch_complaint", "2025-10-02 10:00", **late)
    (row,) = centre.register.ask("cases", "2025-10-04 00:00")
    assert pick(row, "handler", "handler_person", "handler_since") == (
        "tech1", "p-tech1", "2025-10-03 09:00:00",
    )  # fmt: skip
    assert centre.held("2025-10-04 00:00", account="tech1") == {("case", "N-1")}


def test_a_case_that_nobody_was_sent_is_whose_took_it(centre: Centre) -> None:
    """In an old register work may begin without a dispatch."""
    centre.do("start_handling", "2025-10-03 09:00", "tech1", complaint="N-1", keep_irregular=True)
    assert centre.held("2025-10-04 00:00", person="p-tech1") == {("case", "N-1")}


def test_what_is_got_after_the_move_is_in_order(given: Centre) -> None:
    """The same case sent again to the same account is no longer left over."""
    given.move("transfer_staff", "2025-11-01 09:00", "stew1", post="front_desk")
    given.do(
        "dispatch_complaint", "2025-11-02 09:00",
        complaint="N-1", department="service", handler="stew1",
    )  # fmt: skip
    assert given.unsettled("2025-11-02 09:00") == {one for one in EACH if one[0] != "case"}
    assert ("case", "N-1") in given.held("2025-11-02 09:00", account="stew1")


def test_coming_back_settles_nothing(given: Centre) -> None:
    """Left, posted again, moved and moved back: listed since the first time, until taken back."""
    given.move("staff_leaves", "2025-11-01 09:00", "stew1")
    given.move(
        "post_staff", "2025-11-05 09:00", "stew1",
        person="p-stew1", post="steward", centre="north", department="service",
    )  # fmt: skip
    given.move("transfer_staff", "2025-11-10 09:00", "stew1", centre="south")
    given.move("transfer_staff", "2025-11-11 09:00", "stew1", centre="north")
    rows = given.register.ask("leavers", "2025-12-01 00:00")
    assert {pick(row, "how", "moved_at") for row in rows} == {("left", "2025-11-01 09:00:00")}
    assert len(rows) == len(EACH)
    given.do("return_key", "2025-12-02 09:00", key="K1")
    assert ("key", "K1") not in given.unsettled("2025-12-02 09:00")


def test_a_posting_alone_is_no_move(given: Centre) -> None:
    """A posting typed in with a later time than the loan: the account was there all along."""
    given.move(
        "post_staff", "2025-11-05 09:00", "stew3",
        person="p-stew3", post="steward", centre="north", department="service",
    )  # fmt: skip
    given.do(
        "assign_area", "2025-11-01 09:00", "head1", staff="stew3", centre="north", units=["U2"]
    )
    assert given.held("2025-12-01 00:00", account="stew3") == {("area", "U2")}
    assert given.unsettled("2025-12-01 00:00") == set()


def test_each_account_of_a_person_answers_for_itself(given: Centre) -> None:
    """tech1 leaves; what the same person has as desk9 is in order, and both rows name them."""
    due = moment("2026-06-01 18:00")
    for key, account in (("K2", "tech1"), ("K1", "desk9")):
        if key == "K1":
            given.do("return_key", "2025-10-20 08:00", key=key)
        given.do(
            "lend_key", "2025-10-20 09:00",
            key=key, to=account, permit=None, complaint="N-1", due_back=due,
        )  # fmt: skip
    given.move("staff_leaves", "2025-11-01 09:00", "tech1")
    assert given.held("2025-11-02 00:00", person="p-tech1") == {("key", "K1"), ("key", "K2")}
    assert given.unsettled("2025-11-02 00:00", person="p-tech1") == {("key", "K2")}


def test_what_somebody_gone_was_given_waits_too(centre: Centre) -> None:
    """Kept from an old register: a key lent to an account that had left."""
    centre.move("staff_leaves", "2025-10-05 09:00", "stew1")
    centre.do(
        "lend_key", "2025-10-10 09:00", key="K1", to="stew1", permit=None, complaint="N-1",
        due_back=moment("2026-06-01 18:00"), keep_irregular=True,
    )  # fmt: skip
    (row,) = centre.register.ask("leavers", "2025-10-11 00:00")
    assert pick(row, "thing", "how", "moved_at") == ("K1", "left", "2025-10-05 09:00:00")


def test_a_leaving_typed_in_late_is_seen_when_it_was(given: Centre) -> None:
    """As of the days between nobody knew; the pair of moment and position keeps its answer."""
    position = given.register.store.last_position()
    given.move("staff_leaves", "2025-11-01 09:00", "stew1", recorded_at="2025-11-08 09:00")
    assert given.unsettled("2025-11-08 08:59:59") == set()
    assert given.unsettled("2025-11-08 09:00") == EACH
    query = given.register.office.query
    asked = query("leavers", as_of=moment("2025-11-08 09:00"), position=position)
    assert asked.rows() == []
