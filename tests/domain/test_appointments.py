"""Appointments: windows agreed, kept, moved and missed."""

from __future__ import annotations

import pytest

from tests import scenarios as s
from tests.spec import given, moment

AGREED = [
    *s.REPAIR,
    s.agree("2025-11-03 10:00", "2025-11-04 09:00", "2025-11-04 11:00"),
]
LATER = "2025-12-01 00:00"


@pytest.mark.parametrize(
    ("finished", "outcome"),
    [
        ("2025-11-04 11:00:00", "met"),
        ("2025-11-04 11:00:01", "missed"),
        ("2025-11-03 12:00", "met"),
    ],
)
def test_a_window_is_kept_by_finishing_before_its_end(finished: str, outcome: str) -> None:
    """The promise is to be finished by the end of the window."""
    assert given(AGREED, s.finish(finished)).outcomes("appointment", LATER) == [outcome]


def test_a_window_passes_if_nobody_comes() -> None:
    """What was not finished is open up to the window's end and missed after it."""
    world = given(AGREED)
    assert world.outcomes("appointment", "2025-11-04 11:00:00") == ["open"]
    assert world.outcomes("appointment", "2025-11-04 11:00:01") == ["missed"]


@pytest.mark.parametrize(
    ("asked_by", "at", "outcome"),
    [
        ("customer", "2025-11-04 08:00", "superseded"),
        ("customer", "2025-11-04 11:00:00", "superseded"),
        ("customer", "2025-11-04 11:00:01", "missed"),
        ("company", "2025-11-04 08:00", "missed"),
        ("company", "2025-11-04 12:00", "missed"),
    ],
)
def test_who_moves_a_window_decides_whether_it_was_broken(
    asked_by: str, at: str, outcome: str
) -> None:
    """The customer may move it up to its end; the company breaks it by moving it."""
    moved = s.move(at, "2025-11-06 09:00", "2025-11-06 11:00", asked_by=asked_by)
    world = given(AGREED, moved, s.finish("2025-11-06 10:00"))
    assert world.outcomes("appointment", LATER) == [outcome, "met"]


def test_a_move_by_the_company_is_missed_at_the_move() -> None:
    """It is missed at once, though the window has not passed and the customer was told."""
    moved = s.move("2025-11-03 15:00", "2025-11-05 09:00", "2025-11-05 11:00", asked_by="company")
    world = given(AGREED, moved)
    assert world.outcomes("appointment", "2025-11-03 15:00") == ["missed", "open"]


def test_the_days_a_customer_asked_for_are_shown() -> None:
    """Days between the old and the new window's end add up; the company's do not."""
    world = given(
        AGREED,
        s.move("2025-11-03 15:00", "2025-11-06 09:00", "2025-11-06 11:00", asked_by="customer"),
        s.move("2025-11-03 16:00", "2025-11-07 09:00", "2025-11-07 11:00", asked_by="company"),
        s.move("2025-11-03 17:00", "2025-11-10 09:00", "2025-11-10 11:00", asked_by="customer"),
    )
    assert world.row().customer_caused_days == 5
    control = world.clock("control")
    assert (control.due_at, control.customer_caused) == (moment("2025-11-06 23:59:59"), 5)


def test_days_moved_after_a_reopening_stand_beside_the_control_that_it_began() -> None:
    """Each control row spans up to the next reopening, and so do the days beside it."""
    world = given(
        AGREED,
        s.move("2025-11-03 15:00", "2025-11-06 09:00", "2025-11-06 11:00", asked_by="customer"),
        s.force_close("2025-11-03 16:00"),
        s.reopen("2025-11-10 09:00"),
        s.agree("2025-11-10 10:00", "2025-11-11 09:00", "2025-11-11 11:00"),
        s.move("2025-11-10 11:00", "2025-11-14 09:00", "2025-11-14 11:00", asked_by="customer"),
    )
    assert [world.clock("control", number=n).customer_caused for n in (1, 2)] == [2, 3]
    assert world.row().customer_caused_days == 5


def test_a_second_window_is_refused_while_one_is_open() -> None:
    """An open appointment is moved, not agreed again."""
    again = s.agree("2025-11-04 10:00", "2025-11-05 09:00", "2025-11-05 11:00")
    given(AGREED).when(again).then_refused("appointment_open")


def test_a_second_window_may_be_agreed_once_the_first_has_passed() -> None:
    """A window that has ended is no longer open."""
    again = s.agree("2025-11-04 11:00:01", "2025-11-05 09:00", "2025-11-05 11:00")
    world = given(AGREED, again, s.finish("2025-11-05 10:00"))
    assert world.outcomes("appointment", LATER) == ["missed", "met"]


def test_a_second_window_may_be_agreed_in_the_next_round() -> None:
    """The finish kept the first one; the new round makes its own."""
    world = given(
        AGREED,
        s.finish("2025-11-03 15:00"),
        s.revisit("2025-11-03 16:00", "unsatisfied"),
        s.agree("2025-11-03 17:00", "2025-11-05 09:00", "2025-11-05 11:00"),
    )
    assert world.outcomes("appointment", "2025-11-04 00:00") == ["met", "open"]


@pytest.mark.parametrize(
    ("from_", "to"),
    [
        ("2025-11-04 11:00", "2025-11-04 10:00"),
        ("2025-11-03 08:00", "2025-11-03 09:00"),
    ],
)
def test_a_window_that_cannot_be_is_refused(from_: str, to: str) -> None:
    """A window ends after it begins and after it was agreed."""
    given(s.REPAIR).when(s.agree("2025-11-03 10:00", from_, to)).then_refused("window_invalid")
    moved = s.move("2025-11-03 10:00", from_, to, asked_by="customer")
    given(AGREED).when(moved).then_refused("window_invalid")


def test_only_a_window_of_this_round_is_moved() -> None:
    """Without an agreement, and after its round, there is nothing to move."""
    moved = s.move("2025-11-05 10:00", "2025-11-06 09:00", "2025-11-06 11:00", asked_by="customer")
    given(s.REPAIR).when(moved).then_refused("no_appointment")
    given(AGREED, s.finish("2025-11-03 15:00"), s.revisit("2025-11-03 16:00", "unsatisfied")).when(
        moved
    ).then_refused("no_appointment")


def test_a_move_before_its_agreement_is_refused() -> None:
    """A move presupposes the window that it moves."""
    moved = s.move("2025-11-03 09:59", "2025-11-06 09:00", "2025-11-06 11:00", asked_by="customer")
    given(AGREED).when(moved).then_refused("out_of_order")


def test_closing_turns_an_open_window_into_superseded() -> None:
    """A case forced shut keeps no appointment open; what was missed stays so."""
    assert given(AGREED, s.force_close("2025-11-03 12:00")).outcomes("appointment", LATER) == [
        "superseded"
    ]
    assert given(AGREED, s.force_close("2025-11-04 12:00")).outcomes("appointment", LATER) == [
        "missed"
    ]
