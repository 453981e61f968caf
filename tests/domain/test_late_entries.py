"""What is typed in late: after the closing, after the settling revisit, after the calendar."""

from __future__ import annotations

import pytest

from tests import scenarios as s
from tests.spec import Line, given, line, moment

CLOSED_UNANSWERED = [
    *s.STAFFED,
    s.receive(category="repair"),
    s.dispatch("2025-11-03 09:05"),
    s.finish("2025-11-03 15:00"),
    s.revisit("2025-11-03 16:00"),
    s.close("2025-11-03 17:00"),
]


@pytest.mark.parametrize(
    ("late", "topic"),
    [
        (s.reply("2025-11-03 09:20"), "complaint.replied.1"),
        (s.consult("2025-11-03 09:20"), "complaint.consulted.1"),
        (s.confirm("2025-11-03 15:20"), "complaint.result_confirmed.1"),
        (
            line("report_progress", "desk1", "2025-11-03 09:20", text="已联系"),
            "complaint.progress_reported.1",
        ),
        (line("alert_head", "desk1", "2025-11-03 09:20"), "complaint.head_alerted.1"),
    ],
)
def test_a_step_before_the_closing_is_kept_when_typed_in_after_it(late: Line, topic: str) -> None:
    """Late registration is flagged, never refused; the same step after the closing is."""
    given(CLOSED_UNANSWERED).when(late).then(topic)
    after = {**late, "at": "2025-11-03T18:00:00+08:00"}
    given(CLOSED_UNANSWERED).when(after).then_refused("case_closed")


def test_a_late_reply_keeps_the_promise_it_kept() -> None:
    """The reply clock takes the earliest reply, whenever it was typed in."""
    world = given(CLOSED_UNANSWERED)
    assert world.outcomes("reply", "2025-11-10 00:00") == ["superseded"]
    world.run(s.reply("2025-11-03 09:20"))
    assert world.outcomes("reply", "2025-11-10 00:00") == ["met"]


def test_a_start_typed_in_after_the_finish_keeps_its_promise() -> None:
    """An emergency's clock takes the earliest start, though the finish was recorded first."""
    emergency = [*s.STAFFED, s.receive("2025-11-03 14:00", urgency="emergency")]
    world = given(emergency, s.dispatch("2025-11-03 14:01"), s.finish("2025-11-03 15:00"))
    assert world.outcomes("respond", "2025-11-04 00:00") == ["missed"]
    world.run(s.accept("2025-11-03 14:02"), s.start("2025-11-03 14:10"))
    assert world.outcomes("respond", "2025-11-04 00:00") == ["met"]
    world.when(s.start("2025-11-03 15:01")).then_refused("already_finished")


def test_a_revisit_before_a_forced_closing_counts_when_typed_in_after_it() -> None:
    """The customer was asked in time; the forcing does not undo it."""
    world = given(s.REPAIRED, s.force_close("2025-11-04 18:00"))
    world.run(s.revisit("2025-11-04 17:00"))
    assert world.round().revisit == "satisfied"
    assert world.outcomes("revisit", "2025-11-10 00:00") == ["met"]


def test_an_unsatisfied_revisit_cannot_send_a_closed_case_back() -> None:
    """A new round of a closed case is a reopening."""
    world = given(s.REPAIRED, s.force_close("2025-11-04 18:00"))
    world.when(s.revisit("2025-11-04 17:00", "unsatisfied")).then_refused("case_closed")


def test_nothing_ends_a_case_twice() -> None:
    """A closing typed in late is refused however early it says it was."""
    given(s.CLOSED).when(s.close("2025-11-05 16:00")).then_refused("case_closed")
    given(s.CLOSED).when(s.force_close("2025-11-05 16:00")).then_refused("case_closed")


def test_an_attempt_before_the_settling_revisit_is_kept() -> None:
    """An unreachable attempt typed in late lies between the finish and the revisit."""
    world = given(s.REVISITED, s.revisit("2025-11-05 09:00", "unreachable"))
    assert world.round().attempts == 1
    world.when(s.revisit("2025-11-05 11:00", "unreachable")).then_refused("already_revisited")


def test_history_imported_after_its_calendar_is_settled_by_a_sweep() -> None:
    """A case of December recorded before the calendar, imported after it, does not stay open."""
    calendar = line(
        "load_calendar",
        None,
        "2027-01-05 09:00",
        version="2027-1",
        year=2027,
        holidays=["2027-01-01"],
        workdays=[],
    )
    late = {
        **s.receive("2026-12-30 10:00", category="repair"),
        "recorded_at": "2026-12-30T10:00:00+08:00",
    }
    world = given(s.STAFFED, calendar, late)
    assert world.clock("control").provisional
    world.app.settle()
    control = world.clock("control")
    assert (control.due_at, control.provisional) == (moment("2027-01-05 23:59:59"), False)
    assert world.clocks(as_of="2027-01-01 00:00")[-1].provisional
    before = world.position
    world.app.settle()
    assert world.position == before
