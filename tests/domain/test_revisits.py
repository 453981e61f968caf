"""Revisits: who may ask, what settles a round, and what closing needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import scenarios as s
from tests.spec import Line, given, line, moment

LATER = "2025-12-01 00:00"


@pytest.mark.parametrize("by", ["desk9", "desk1"])
def test_a_revisit_by_the_handlers_person_is_void(by: str) -> None:
    """The account does not matter; the person who handled the case does."""
    outcome = given(s.REPAIRED).when(s.revisit("2025-11-05 10:00", by=by))
    outcome.then(("complaint.revisited.1", {"void": by == "desk9", "outcome": "satisfied"}))
    assert outcome.world.outcomes("revisit", LATER) == ["missed" if by == "desk9" else "met"]
    assert outcome.world.round().voids == (1 if by == "desk9" else 0)


@pytest.mark.parametrize("outcome", ["satisfied", "unsatisfied", "unreachable"])
def test_a_void_revisit_changes_nothing(outcome: str) -> None:
    """No round begins, nothing is settled and no attempt counts."""
    world = given(s.REPAIRED, s.revisit("2025-11-05 10:00", outcome, by="desk9"))
    row = world.round()
    assert (row.revisit, row.attempts, row.voids, len(world.case().rounds)) == (None, 0, 1, 1)
    assert [clock.commitment for clock in world.clocks()].count("revisit") == 1


@pytest.mark.parametrize("act", [s.accept, s.start])
def test_whoever_accepted_or_started_is_a_handler_for_ever(act: Callable[[str], Line]) -> None:
    """A handler of an earlier round may not revisit a later one either."""
    world = given(
        s.STAFFED,
        s.receive(category="repair"),
        s.dispatch("2025-11-03 09:05"),
        act("2025-11-03 09:10"),
        line("transfer_complaint", "super1", "2025-11-03 09:20", department="e", handler="tech2"),
        s.finish("2025-11-04 15:00", by="tech2"),
        s.revisit("2025-11-05 09:00", "unsatisfied"),
        s.finish("2025-11-05 15:00", by="tech2"),
        s.revisit("2025-11-05 16:00", by="desk9"),
    )
    assert (world.round(2).voids, world.round(2).revisit) == (1, None)


def test_whoever_was_only_sent_the_case_is_no_handler() -> None:
    """A dispatch alone makes nobody a handler."""
    world = given(
        s.STAFFED,
        s.receive(category="repair"),
        s.dispatch("2025-11-03 09:05"),
        s.dispatch("2025-11-03 09:06", "tech2"),
        s.finish("2025-11-04 15:00", by="tech2"),
        s.revisit("2025-11-05 10:00", by="desk9"),
    )
    assert (world.round().voids, world.round().revisit) == (0, "satisfied")


def test_a_settled_round_is_not_revisited_again() -> None:
    """The first satisfied answer settles the round; a second one is refused."""
    world = given(s.REPAIRED, s.revisit("2025-11-05 10:00"))
    for outcome in ("satisfied", "unsatisfied"):
        world.when(s.revisit("2025-11-05 11:00", outcome)).then_refused("already_revisited")


def test_an_unsatisfied_customer_sends_the_case_to_the_next_round() -> None:
    """The round is settled, the next one begins and must be finished again."""
    world = given(s.UNSATISFIED)
    assert world.outcomes("revisit", LATER) == ["met"]
    world.when(s.revisit("2025-11-05 11:00")).then_refused("not_finished")
    world.when(s.close("2025-11-05 11:00")).then_refused("not_finished")
    world.run(s.finish("2025-11-06 10:00"), s.revisit("2025-11-07 10:00"))
    assert world.outcomes("revisit", LATER) == ["met", "met"]
    assert (world.round(2).revisit, world.round(2).due_at) == (
        "satisfied",
        moment("2025-11-10 23:59:59"),
    )


def test_unreachable_attempts_stop_nothing() -> None:
    """The clock runs on and the attempts are counted."""
    world = given(
        s.REPAIRED,
        s.revisit("2025-11-05 10:00", "unreachable"),
        s.revisit("2025-11-05 11:00", "unreachable"),
    )
    assert world.outcomes("revisit", LATER) == ["missed"]
    assert world.round().attempts == 2


@pytest.mark.parametrize("answer", ["timely", "result_ok", "attitude_ok"])
def test_an_unreachable_customer_gave_no_answers(answer: str) -> None:
    """Answers of somebody who was not reached are refused."""
    answers: dict[str, Any] = {answer: False}
    attempt = s.revisit("2025-11-05 10:00", "unreachable", **answers)
    given(s.REPAIRED).when(attempt).then_refused("answers_without_contact")


@pytest.mark.parametrize(
    ("days", "by", "refused"),
    [
        (["04 16:00", "05 10:00", "06 10:00"], "head1", None),
        (["04 16:00", "05 10:00", "05 11:00"], "head1", None),
        (["05 10:00", "05 11:00", "05 12:00"], "head1", "not_revisited"),
        (["04 16:00", "05 10:00"], "head1", "not_revisited"),
        (["04 16:00", "05 10:00", "06 10:00"], "desk1", "not_revisited"),
        (["04 16:00", "05 10:00", "06 10:00"], "quality1", "not_revisited"),
    ],
)
def test_the_head_closes_after_three_vain_attempts_on_two_days(
    days: list[str], by: str, refused: str | None
) -> None:
    """Unreachable three times on at least two days, and only the head may close then."""
    attempts = [s.revisit(f"2025-11-{day}", "unreachable") for day in days]
    outcome = given(s.REPAIRED, attempts).when(s.close("2025-11-06 17:00", by=by))
    if refused:
        outcome.then_refused(refused)
    else:
        outcome.then("complaint.closed.1")
        assert outcome.world.outcomes("revisit", LATER) == ["superseded"]
        assert outcome.world.outcomes("control", LATER) == ["superseded"]


def test_void_attempts_do_not_let_the_head_close() -> None:
    """A handler's attempts are no attempts."""
    attempts = [
        s.revisit(f"2025-11-{d}", "unreachable", by="desk9") for d in ("05 10:00", "06 10:00")
    ]
    world = given(s.REPAIRED, s.revisit("2025-11-04 16:00", "unreachable"), attempts)
    world.when(s.close("2025-11-06 17:00", by="head1")).then_refused("not_revisited")


def test_control_spans_the_rounds_until_the_customer_is_satisfied() -> None:
    """An unsatisfied revisit stops nothing; the satisfied one of the latest round does."""
    world = given(s.UNSATISFIED)
    assert world.outcomes("control", "2025-11-05 12:00") == ["open"]
    world.run(s.finish("2025-11-06 10:00"), s.revisit("2025-11-06 11:00"))
    assert world.outcomes("control", LATER) == ["met"]


def test_a_reopening_begins_a_control_of_its_own() -> None:
    """Each row spans from the receipt, or a reopening, to the next reopening."""
    world = given(
        s.REPAIRED,
        s.revisit("2025-11-05 10:00"),
        s.close("2025-11-05 11:00"),
        s.reopen("2025-11-10 09:00"),
    )
    clocks = [clock for clock in world.clocks() if clock.commitment == "control"]
    assert [clock.started_at for clock in clocks] == [
        moment("2025-11-03 09:00"),
        moment("2025-11-10 09:00"),
    ]
    assert world.outcomes("control", "2025-11-11 00:00") == ["met", "open"]
    assert clocks[1].due_at == moment("2025-11-13 23:59:59")


def test_what_a_closing_kept_stays_kept_when_the_case_turns_valid() -> None:
    """No revisit was owed when the invalid case closed; turned valid, the reopened one owes it."""
    world = given(
        s.RECEIVED,
        s.reply("2025-11-03 09:20"),
        s.classify("2025-11-03 09:30", "invalid"),
        s.sign("2025-11-03 09:40"),
        s.close("2025-11-05 10:00"),
        s.reopen("2025-11-10 10:00"),
    )
    assert world.outcomes("control", "2025-11-10 10:30") == ["met", "open"]
    world.run(s.classify("2025-11-10 11:00"))
    assert world.outcomes("control", "2025-11-10 11:30") == ["met", "open"]


def test_what_a_closing_left_undone_stays_so_when_the_case_turns_invalid() -> None:
    """The head closed it unasked while a revisit was owed: that was no end of the control."""
    vain = [s.revisit(f"2025-11-{day}", "unreachable") for day in ("05 09:00", "05 10:00")]
    world = given(
        s.CONFIRMED,
        vain,
        s.revisit("2025-11-06 09:00", "unreachable"),
        s.close("2025-11-06 10:00", by="head1"),
        s.reopen("2025-11-10 10:00"),
        s.classify("2025-11-10 11:00", "invalid"),
        s.sign("2025-11-10 11:10"),
    )
    assert world.outcomes("control", "2025-11-10 12:00") == ["superseded", "open"]


def test_a_reopening_supersedes_an_open_revisit_and_leaves_a_missed_one() -> None:
    """After a force-close the revisit stays due until a reopening takes its place."""
    assert given(s.FORCED).outcomes("revisit", LATER) == ["missed"]
    assert given(s.FORCED).outcomes("revisit", "2025-11-05 00:00") == ["open"]
    in_time = given(s.FORCED, s.reopen("2025-11-05 09:00"))
    assert in_time.outcomes("revisit", LATER) == ["superseded"]
    late = given(s.FORCED, s.reopen("2025-11-07 09:00"))
    assert late.outcomes("revisit", LATER) == ["missed"]


def test_a_late_attempt_before_the_revisit_that_settled_it() -> None:
    """A revisit before the finish is refused, as is one of a round that is over."""
    world = given(s.UNSATISFIED)
    world.when(s.revisit("2025-11-05 09:00", "unreachable")).then_refused("out_of_order")
    given(s.REPAIRED).when(s.revisit("2025-11-04 14:59:59")).then_refused("out_of_order")


def test_a_technician_who_handled_the_case_records_a_void_revisit() -> None:
    """He may not revisit by his post either; that he did is kept as void."""
    outcome = given(s.REPAIRED).when(s.revisit("2025-11-05 10:00", by="tech1"))
    outcome.then(("complaint.revisited.1", {"void": True}))
    given(s.REPAIRED).when(s.revisit("2025-11-05 10:00", by="tech2")).then_refused("wrong_post")
