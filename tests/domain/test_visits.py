"""Greetings and visits: when a greeting is due, what keeps it, and who is owed none."""

from __future__ import annotations

import pytest

from tests import units as u
from tests.spec import Line, given, moment
from tests.units import AT


@pytest.mark.parametrize(
    ("moved_in", "due_at"),
    [
        ("2025-10-20 10:00", "2025-11-20 23:59:59"),
        ("2026-01-31 10:00", "2026-02-28 23:59:59"),
        ("2028-01-31 10:00", "2028-02-29 23:59:59"),
        ("2025-12-15 10:00", "2026-01-15 23:59:59"),
    ],
)
def test_a_greeting_is_due_a_month_after_moving_in(moved_in: str, due_at: str) -> None:
    """To the end of the same day of the next month, or of its last."""
    world = given(u.READY, u.hand_over(moved_in))
    assert u.dues(world, "greeting") == [moment(due_at)]


@pytest.mark.parametrize(
    ("kind", "at", "outcome"),
    [
        ("greeting", "2025-10-20 10:00", "met"),
        ("greeting", "2025-11-20 23:59:59", "met"),
        ("greeting", "2025-11-21 00:00:00", "missed"),
        ("regular", "2025-10-25 10:00", "missed"),
        ("greeting", "2025-10-19 10:00", "missed"),
    ],
)
def test_a_greeting_keeps_the_promise(kind: str, at: str, outcome: str) -> None:
    """A visit of another kind, or before the moving in, does not."""
    world = given(u.HANDED_OVER, u.visit(at, kind))
    assert u.outcomes(world, "greeting", "2025-12-01 09:00") == [outcome]


def test_every_moving_in_is_greeted() -> None:
    """A tenant who follows is greeted in the owner's stead; the visit is the latest one's."""
    world = given(u.LET, u.visit("2025-11-05 10:00", "greeting"))
    assert u.outcomes(world, "greeting", "2025-12-31 09:00") == ["superseded", "met"]


def test_what_was_missed_before_the_next_moved_in_stays_missed() -> None:
    """Nobody greeted the owner within the month."""
    world = given(u.HANDED_OVER, u.resident("2025-12-01 09:00", "T1", "tenant"))
    assert u.outcomes(world, "greeting", "2026-02-01 09:00") == ["missed", "missed"]


def test_who_left_is_owed_no_greeting() -> None:
    """The duty ceases when the tenant moves out before it was due, and stays when after."""
    assert u.outcomes(given(u.GONE), "greeting", "2026-01-01 09:00") == ["superseded", "void"]
    late = [*u.LET, u.do("end_residence", "2025-12-02 09:00", resident="T1")]
    assert u.outcomes(given(late), "greeting", "2026-01-01 09:00") == ["superseded", "missed"]


def test_who_lives_there_already_does_not_move_in() -> None:
    """A tenant who buys the home is greeted once; a stranger who buys it is greeted."""
    greeted = [*u.LET, u.visit("2025-11-02 10:00", "greeting")]
    own = given(greeted, u.change_owner(AT, "T1"))
    assert u.outcomes(own, "greeting", "2026-01-01 09:00") == ["superseded", "met"]
    other = given(greeted, u.change_owner(AT, "R2"))
    assert u.outcomes(other, "greeting", "2026-01-01 09:00") == ["superseded", "met", "missed"]


def test_no_one_moves_in_before_the_handover() -> None:
    """A change of owner before it starts no greeting."""
    assert u.clocks(given(u.OWNED, u.change_owner("2025-10-05 09:00")), "greeting") == []


def test_a_greeting_typed_in_late_counts_by_when_it_was() -> None:
    """Its time decides, whatever was recorded in between."""
    late = u.visit("2025-10-25 10:00", "greeting", recorded_at="2025-12-05T09:00:00+08:00")
    world = given(u.HANDED_OVER, u.visit("2025-12-01 10:00"), late)
    assert u.outcomes(world, "greeting", "2025-12-06 09:00") == ["met"]


@pytest.mark.parametrize("history", [u.LIFE])
def test_visits_change_no_rows(history: list[Line]) -> None:
    """A regular visit stays quiet: no row and no clock rides on it."""
    outcome = given(history).when(u.visit("2025-12-01 10:00"))
    outcome.then(("unit.visited.1", {"unit": None, "residents": (), "clocks": ()}))
