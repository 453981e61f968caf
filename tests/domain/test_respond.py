"""The respond clock: triage, and steps typed in late."""

from __future__ import annotations

import pytest

from tests import scenarios as s
from tests.spec import World, given, line, moment

NORMAL = [*s.STAFFED, s.receive("2025-11-03 14:00"), s.dispatch("2025-11-03 14:00")]
EMERGENCY = [
    *s.STAFFED,
    s.receive("2025-11-03 14:00", urgency="emergency"),
    s.dispatch("2025-11-03 14:00"),
]
LATER = "2025-11-04 00:00"


def dues(world: World) -> list[str]:
    """Return when the respond clocks are due, in order of start."""
    clocks = [clock for clock in world.clocks() if clock.commitment == "respond"]
    clocks.sort(key=lambda clock: (clock.started_at, clock.seq))
    return [clock.due_at.strftime("%H:%M:%S") for clock in clocks]


def test_a_triage_replaces_the_open_clock_by_one_of_its_own() -> None:
    """The old clock is superseded, the new one counts from the triage."""
    world = given(NORMAL, s.triage("2025-11-03 14:10"))
    assert dues(world) == ["14:30:00", "14:25:00"]
    assert world.outcomes("respond", LATER) == ["superseded", "missed"]
    assert world.run(s.start("2025-11-03 14:25")).outcomes("respond", LATER) == [
        "superseded",
        "met",
    ]


def test_a_triage_down_gives_the_normal_limit() -> None:
    """From emergency to normal the reply within half an hour of the triage is enough."""
    world = given(EMERGENCY, s.triage("2025-11-03 14:10", "normal"), s.reply("2025-11-03 14:40"))
    assert dues(world) == ["14:15:00", "14:40:00"]
    assert world.outcomes("respond", LATER) == ["superseded", "met"]


@pytest.mark.parametrize(
    ("at", "outcomes"),
    [("2025-11-03 14:30:00", ["superseded", "open"]), ("2025-11-03 14:30:01", ["missed", "open"])],
)
def test_what_is_past_due_at_the_triage_stays_missed(at: str, outcomes: list[str]) -> None:
    """A triage supersedes the old clock up to its due time and no later."""
    assert given(NORMAL, s.triage(at)).outcomes("respond", "2025-11-03 14:40") == outcomes


@pytest.mark.parametrize("step", [s.start("2025-11-03 14:05"), s.finish("2025-11-03 14:05")])
@pytest.mark.parametrize("history", [NORMAL, EMERGENCY], ids=["normal", "emergency"])
def test_after_the_work_began_a_triage_opens_no_clock(history: list[object], step: object) -> None:
    """After the first start or finish there is nothing left to respond to."""
    turn = "emergency" if history is NORMAL else "normal"
    world = given(history, step, s.triage("2025-11-03 14:10", turn))
    assert world.outcomes("respond", LATER) == ["met"]


def test_after_a_reply_under_normal_urgency_a_triage_opens_no_clock() -> None:
    """A normal case replied to has been responded to."""
    world = given(NORMAL, s.reply("2025-11-03 14:05"), s.triage("2025-11-03 14:10"))
    assert world.outcomes("respond", LATER) == ["met"]


def test_a_reply_under_emergency_stops_nothing_and_a_triage_still_opens_a_clock() -> None:
    """An emergency replied to and then triaged down waits for a later reply."""
    world = given(EMERGENCY, s.reply("2025-11-03 14:05"), s.triage("2025-11-03 14:10", "normal"))
    assert world.outcomes("respond", LATER) == ["superseded", "missed"]


def test_only_later_consultations_cap_the_clock_of_a_triage() -> None:
    """What was said before the triage does not shorten the new limit."""
    before = given(EMERGENCY, s.consult("2025-11-03 14:05"), s.triage("2025-11-03 14:10", "normal"))
    assert dues(before) == ["14:15:00", "14:40:00"]
    assert dues(before.run(s.consult("2025-11-03 14:12"))) == ["14:15:00", "14:27:00"]


def test_a_second_triage_replaces_the_first_ones_clock() -> None:
    """Each triage opens its own clock while nothing has been done."""
    world = given(NORMAL, s.triage("2025-11-03 14:05"), s.triage("2025-11-03 14:10", "normal"))
    assert dues(world) == ["14:30:00", "14:20:00", "14:40:00"]
    assert world.outcomes("respond", "2025-11-03 14:20") == ["superseded", "superseded", "open"]


def test_two_triages_in_one_second_count_in_the_order_they_were_recorded() -> None:
    """Equal times are fine: the triage recorded last is the one in force."""
    world = given(
        EMERGENCY,
        s.triage("2025-11-03 14:10", "normal"),
        s.triage("2025-11-03 14:10", "emergency"),
    )
    assert dues(world)[-1] == "14:25:00"
    assert world.case().urgency_now == "emergency"


def test_a_triage_typed_in_late_does_not_undo_a_later_one() -> None:
    """The urgency in force is that of the latest triage by the time it happened."""
    world = given(
        NORMAL,
        s.triage("2025-11-03 14:20"),
        s.triage("2025-11-03 14:10", "normal"),
    )
    assert world.case().urgency_now == "emergency"


def test_a_step_typed_in_late_stops_the_clock_at_its_own_time() -> None:
    """The clock takes the earliest time that stops it, whatever was recorded first."""
    world = given(NORMAL, s.reply("2025-11-03 14:45"))
    assert world.outcomes("respond", LATER) == ["missed"]
    world.run(s.start("2025-11-03 14:20"))
    assert world.outcomes("respond", LATER) == ["met"]
    assert world.clock("respond").stopped_at == moment("2025-11-03 14:20")


def test_a_start_typed_in_late_before_a_triage_takes_the_triages_clock_away() -> None:
    """Had the start been known, the triage would have opened no clock."""
    world = given(NORMAL, s.triage("2025-11-03 14:10"), s.start("2025-11-03 14:08"))
    assert world.outcomes("respond", LATER) == ["met"]


def test_an_answered_emergency_leaves_its_clock_superseded() -> None:
    """An answer closes the inquiry; it is no work on site."""
    world = given(
        s.STAFFED,
        s.receive("2025-11-03 14:00", urgency="emergency", category="inquiry"),
        line("answer_complaint", "desk1", "2025-11-03 14:05", text="已处理"),
    )
    assert world.outcomes("respond", LATER) == ["superseded"]
    assert world.outcomes("reply", LATER) == ["met"]


def test_minutes_are_elapsed_time_also_over_a_change_of_the_clocks() -> None:
    """Where summer time ends at three, half an hour after 02:50 is 02:20."""
    from zoneinfo import ZoneInfo

    from tests.spec import World

    world = World(zone=ZoneInfo("Europe/Berlin"))
    world.run(s.STAFFED, s.receive("2025-10-26T02:50:00+02:00"))
    assert world.clock("respond").due_at == moment("2025-10-26T02:20:00+01:00")
    world.run(s.reply("2025-10-26T02:20:01+01:00"))
    assert world.outcomes("respond", LATER) == ["missed"]
