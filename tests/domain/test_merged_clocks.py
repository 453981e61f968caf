"""Clocks of a matter with several reporters: they run from the earliest receipt."""

from __future__ import annotations

from tests import scenarios as s
from tests.spec import given, line, moment, t

LATER = "2025-12-01 00:00"


EARLIER = [
    *s.STAFFED,
    s.receive("2025-11-03 09:00", category="repair", **s.N2),
    s.receive("2025-11-03 09:10", category="repair"),
    s.dispatch("2025-11-03 09:11"),
]


def test_open_clocks_are_replaced_by_ones_from_the_earliest_receipt() -> None:
    """The survivor answers for the reporter who waited longest."""
    world = given(EARLIER, s.merge("2025-11-03 09:20"))
    respond = sorted(
        (c for c in world.clocks() if c.commitment == "respond"), key=lambda c: c.started_at
    )
    assert [c.due_at for c in respond] == [moment("2025-11-03 09:30"), moment("2025-11-03 09:40")]
    assert world.outcomes("respond", "2025-11-03 09:25") == ["open", "superseded"]
    assert world.outcomes("reply", "2025-11-03 09:25") == ["open", "superseded"]
    assert world.outcomes("control", "2025-11-03 09:25") == ["open", "superseded"]
    world.run(s.reply("2025-11-03 09:31"))
    assert world.outcomes("respond", LATER) == ["missed", "superseded"]
    assert world.outcomes("reply", LATER) == ["met", "superseded"]


def test_what_was_said_before_the_merging_still_caps_the_limit() -> None:
    """Merging in an earlier case never gives more time than was promised before."""
    world = given(EARLIER, s.consult("2025-11-03 09:12"), s.merge("2025-11-03 09:20"))
    due = [c.due_at for c in world.clocks() if c.commitment == "respond" and not c.ended]
    assert due == [moment("2025-11-03 09:27")]


def test_clocks_that_have_stopped_are_not_replaced() -> None:
    """What was kept, or missed, before the merging stays as it is."""
    world = given(EARLIER, s.reply("2025-11-03 09:15"), s.merge("2025-11-03 09:20"))
    assert world.outcomes("respond", LATER) == ["met"]
    late = given(EARLIER, s.merge("2025-11-03 09:50"))
    assert late.outcomes("respond", LATER) == ["missed"]


def test_a_later_receipt_replaces_nothing() -> None:
    """The survivor's own receipt was the earliest."""
    world = given(s.MERGED)
    assert [c.commitment for c in world.clocks()].count("control") == 1


def test_the_replaced_clocks_follow_the_earliest_cases_policy() -> None:
    """The earliest receipt brings its policy with it."""
    stricter = line(
        "adopt_policy",
        None,
        "2025-11-02 12:00",
        version="2",
        effective_from="2025-11-03T09:05:00+08:00",
        control_department_working_days=5,
    )
    world = given(s.STAFFED, stricter, EARLIER[len(s.STAFFED) :], s.merge("2025-11-03 09:20"))
    clocks = {c.policy: c for c in world.clocks() if c.commitment == "control"}
    assert clocks["2"].due_at == moment("2025-11-10 23:59:59")
    assert clocks["1"].due_at == moment("2025-11-06 23:59:59")
    assert clocks["2"].ended == "superseded"


def test_a_members_receipt_typed_wrong_moves_the_survivors_clocks() -> None:
    """The earliest receipt is the corrected one; a later correction takes the former back."""
    at = ("2025-11-03 10:00", "2025-11-02 10:00", "2025-11-03 09:30")
    world = given(s.MERGED, s.correct("2025-11-03 12:00", "at", t(at[0]), t(at[1]), **s.N2))
    running = [c.due_at for c in world.clocks() if c.commitment == "control" and not c.ended]
    assert running == [moment("2025-11-05 23:59:59")]
    assert world.outcomes("reply", "2025-11-04 00:00") == ["missed", "superseded"]
    world.run(s.correct("2025-11-03 13:00", "at", t(at[1]), t(at[2]), **s.N2))
    assert world.clock("control").due_at == moment("2025-11-06 23:59:59")
    assert world.case().members == ("N-2",)
