"""Numbered paper copies: one number once in a centre, new pages in the month, back at last."""

from __future__ import annotations

import pytest

from guanjia.domain.unit.guards import CUSTODIANS
from tests import scenarios as s
from tests.spec import Line, given, judge, line, moment

from .cases import Produces, Refuses, each, only_these_may, produced
from .papers import (
    AT,
    FILED,
    HOME,
    ISSUED,
    RECALLED,
    SECOND,
    issue,
    live_in,
    paper_copy,
    promises,
    recall,
    register_unit,
    replace_pages,
)

READER_LEFT = line("staff_leaves", None, "2025-11-04 09:00", staff="desk1")
MOVED = line("transfer_staff", None, "2025-11-04 09:00", staff="desk1", centre="south")
SOUTH = register_unit(unit="U2", centre="south", by="desk2")

PRODUCES = [
    Produces(
        HOME,
        issue(AT),
        "unit.copy_issued.1",
        {"copy_no": "P-001", "to": "desk1", "to_person": "p-desk1", "to_post": "front_desk"},
    ),
    Produces(HOME, issue(AT, to="gm1"), "unit.copy_issued.1", {"to_post": "general_manager"}),
    Produces(ISSUED, replace_pages(AT, 3, 1, 3), "unit.copy_pages_replaced.1", {"pages": (3, 1)}),
    Produces(ISSUED, replace_pages(AT, by="desk1"), "unit.copy_pages_replaced.1", {"by": "desk1"}),
    Produces(RECALLED, replace_pages("2025-11-20 09:00"), "unit.copy_pages_replaced.1", {}),
    Produces(ISSUED, recall(AT), "unit.copy_recalled.1", {"copy_no": "P-001"}),
]

REFUSES = [
    Refuses(s.STAFFED, issue(AT), "unknown_unit"),
    Refuses(ISSUED, issue(AT), "duplicate_copy"),
    Refuses([*ISSUED, SECOND], issue(AT, unit="U3"), "duplicate_copy"),
    Refuses([*RECALLED, SECOND], issue("2025-12-01 09:00", unit="U3"), "duplicate_copy"),
    Refuses(HOME, issue("2025-10-01 08:59:59"), "out_of_order"),
    Refuses(HOME, issue(AT, to="nobody"), "unknown_staff"),
    Refuses(HOME, issue(AT, to="desk2"), "other_centre"),
    Refuses(HOME, issue(AT, to="audit1"), "wrong_post"),
    Refuses([*HOME, READER_LEFT], issue(AT), "staff_left"),
    Refuses([*HOME, SOUTH], issue(AT, unit="U2"), "other_centre"),
    Refuses(HOME, replace_pages(AT), "unknown_copy"),
    Refuses(RECALLED, replace_pages("2025-11-20 09:00:01"), "copy_recalled_already"),
    Refuses(ISSUED, replace_pages("2025-11-01 08:59:59"), "out_of_order"),
    Refuses(ISSUED, replace_pages(AT, by="stew1"), "wrong_post"),
    Refuses([*ISSUED, MOVED], replace_pages(AT, by="desk1"), "other_centre"),
    Refuses(HOME, recall(AT), "unknown_copy"),
    Refuses(RECALLED, recall("2025-12-01 09:00"), "copy_recalled_already"),
    Refuses(ISSUED, recall("2025-11-01 08:59:59"), "out_of_order"),
    Refuses([*ISSUED, replace_pages(AT)], recall("2025-11-05 11:59:59"), "out_of_order"),
    Refuses(ISSUED, recall(AT, by="desk1"), "wrong_post"),
    Refuses(ISSUED, recall(AT, by="head2"), "other_centre"),
]


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event; the centre's register notes the number of an issue."""
    listed = ["centre.copy_listed.1"] if case.command["do"] == "issue_paper_copy" else []
    produced(case, *listed)


@each(REFUSES)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


@pytest.mark.parametrize(
    ("history", "command"),
    [(HOME, issue(AT, to="gm1")), (ISSUED, replace_pages(AT)), (ISSUED, recall(AT))],
    ids=["issue", "replace", "recall"],
)
def test_who_may(history: list[Line], command: Line) -> None:
    """Every post in its turn: those who keep owners' data; pages also by who has the copy."""
    holder = {"front_desk"} if command["do"] == "replace_copy_pages" else set[str]()
    only_these_may(history, command, CUSTODIANS | holder)


@pytest.mark.parametrize(
    ("history", "command"),
    [(HOME, issue(AT)), (ISSUED, replace_pages(AT)), (ISSUED, recall(AT))],
    ids=["issue", "replace", "recall"],
)
def test_without_a_change_no_promise_runs(history: list[Line], command: Line) -> None:
    """Only the copy's own row is changed."""
    event = given(history).when(command).events[0]
    rows = {name: getattr(event, name) for name in ("unit", "residents", "documents", "clocks")}
    assert rows == {"unit": None, "residents": (), "documents": (), "clocks": ()}


def test_a_copy_from_its_issue_to_its_recall() -> None:
    """The row counts the pages replaced and keeps who had it."""
    world = given(ISSUED, replace_pages(AT, 2, 5), replace_pages("2025-11-03 09:00", 1))
    row = paper_copy(world)
    assert (row.holder, row.person, row.post) == ("desk1", "p-desk1", "front_desk")
    assert (row.issued_at, row.updated_at, row.pages_replaced) == (
        moment("2025-11-01 09:00"), moment(AT), 3,
    )  # fmt: skip
    world.run(recall("2025-11-06 09:00"))
    assert (paper_copy(world).recalled_at, paper_copy(world).holder) == (
        moment("2025-11-06 09:00"), "desk1",
    )  # fmt: skip


def test_centres_number_their_own_copies() -> None:
    """The same number may be used in another centre."""
    there = issue(AT, unit="U2", to="desk2", by="head2")
    given(ISSUED, SOUTH).when(there).then("unit.copy_issued.1", "centre.copy_listed.1")


def test_the_holder_is_known_by_person() -> None:
    """Somebody with two accounts keeps a copy up to date by either."""
    world = given(HOME, issue("2025-11-01 09:00", to="tech1"))
    world.when(replace_pages(AT, by="desk9")).then("unit.copy_pages_replaced.1")


def test_irregular_history_is_kept_with_its_code() -> None:
    """A copy recalled twice came back the first time; a number used twice is never kept."""
    world = given(RECALLED)
    world.when(recall("2025-11-25 09:00"), keep_irregular=True).then("unit.copy_recalled.1")
    row = paper_copy(world)
    assert (row.recalled_at, row.irregular) == (
        moment("2025-11-20 09:00"), "copy_recalled_already",
    )  # fmt: skip
    refusal = given(ISSUED).when(issue(AT), keep_irregular=True).refusal
    assert refusal
    assert (refusal.code, refusal.keepable) == ("duplicate_copy", False)


def test_the_irregular_issue_to_one_who_left_is_kept() -> None:
    """It stands with its code, and its number is used."""
    world = given(HOME, READER_LEFT)
    kept = world.when(issue(AT), keep_irregular=True)
    kept.then("unit.copy_issued.1", "centre.copy_listed.1")
    assert paper_copy(world).irregular == "staff_left"
    world.when(issue(AT)).then_refused("duplicate_copy")


CHANGE = live_in("2025-11-10 09:00")
UPDATE = "data_update"
END = moment("2025-11-30 23:59:59")


def outcome(*lines: object, as_of: str = "2026-01-15 00:00", round: int = 1) -> str:
    """Return the outcome of a change's promise after these lines."""
    return judge(promises(given(*lines), UPDATE)[round], as_of)


def test_a_change_is_due_within_its_month() -> None:
    """Without a copy out, the register's own record keeps the promise."""
    clock = promises(given(HOME, CHANGE), UPDATE)[1]
    assert (clock.started_at, clock.due_at, clock.limit) == (
        moment("2025-11-10 09:00"), END, "the same month",
    )  # fmt: skip
    assert (clock.stopped_at, clock.cause) == (moment("2025-11-10 09:00"), "update")


@pytest.mark.parametrize(
    ("recorded_at", "expected"),
    [("2025-11-30T23:59:59+08:00", "met"), ("2025-12-01T00:00:00+08:00", "missed")],
)
def test_a_change_recorded_late_is_late(recorded_at: str, expected: str) -> None:
    """What counts is when the register learned of it."""
    late = {**CHANGE, "recorded_at": recorded_at}
    assert outcome(HOME, late) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (replace_pages("2025-11-30 23:59:59"), "met"),
        (replace_pages("2025-12-01 00:00:00"), "missed"),
        (replace_pages("2025-11-10 08:59:59"), "missed"),
        (recall("2025-11-30 23:59:59"), "met"),
        (recall("2025-12-01 00:00:00"), "missed"),
        ([], "missed"),
    ],
)
def test_a_copy_out_needs_its_new_pages(after: Line, expected: str) -> None:
    """New pages by the month's last second, or the copy back; pages of before are no help."""
    assert outcome(ISSUED, CHANGE, after) == expected
    assert outcome(ISSUED, CHANGE, as_of="2025-11-30 23:59:59") == "open"


def test_every_copy_out_counts() -> None:
    """Two copies: the promise is kept when the second has its pages."""
    two = [*ISSUED, issue("2025-11-02 09:00", to="stew1", copy="P-002")]
    first = [CHANGE, replace_pages("2025-11-12 09:00")]
    assert outcome(two, first) == "missed"
    world = given(two, first, replace_pages("2025-11-20 09:00", copy="P-002"))
    assert promises(world, UPDATE)[1].stopped_at == moment("2025-11-20 09:00")
    assert outcome(two, first, recall("2025-11-21 09:00", copy="P-002")) == "met"


@pytest.mark.parametrize(
    "lines",
    [
        [*HOME, CHANGE, issue("2025-11-12 09:00")],
        [*HOME, issue("2025-11-10 09:00"), CHANGE],
        [*ISSUED, recall("2025-11-09 09:00"), CHANGE],
        [*FILED, CHANGE],
    ],
    ids=["issued after", "issued with it", "recalled before", "a document filed"],
)
def test_what_was_not_out_needs_nothing(lines: list[Line]) -> None:
    """Copies issued since have the new data, those recalled have none."""
    clock = promises(given(lines), UPDATE)[1]
    assert clock.stopped_at == moment("2025-11-10 09:00")


def test_one_replacing_serves_every_change_before_it() -> None:
    """Each change has its own promise; a later change asks for pages anew."""
    again = live_in("2025-11-20 09:00", "R2")
    world = given(ISSUED, CHANGE, again, replace_pages("2025-11-25 09:00"))
    found = promises(world, UPDATE)
    assert [clock.stopped_at for clock in found.values()] == [moment("2025-11-25 09:00")] * 2
    world.run(live_in("2025-12-02 09:00", "R3"))
    assert promises(world, UPDATE)[3].stopped_at is None


def test_pages_typed_in_late_count_from_their_own_time() -> None:
    """Replaced in November and typed in on the 3rd of December, the promise is kept."""
    late = {**replace_pages("2025-11-29 09:00"), "recorded_at": "2025-12-03T09:00:00+08:00"}
    assert outcome(ISSUED, CHANGE, late) == "met"
    recalled_since = recall("2025-12-01 09:00")
    assert outcome(ISSUED, CHANGE, recalled_since, late) == "met"
