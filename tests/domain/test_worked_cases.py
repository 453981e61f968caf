"""The worked cases of the domain's third section, and what surrounds them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests import scenarios as s
from tests.spec import given, line, moment


def due(commitment: str, *lines: object) -> str:
    """Return when the case's clock is due, in the organisation's zone."""
    clock = given(s.STAFFED, *lines).clock(commitment)
    return clock.due_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2025-10-08 23:50", "2025-10-09 23:59:59"),  # worked case 1
        ("2025-10-09 00:10", "2025-10-10 23:59:59"),
        ("2025-10-10 17:30", "2025-10-11 23:59:59"),  # worked case 2, a make-up Saturday
        ("2025-09-26 09:00", "2025-09-28 23:59:59"),  # a make-up Sunday
        ("2025-09-30 23:59:59", "2025-10-09 23:59:59"),  # over the National Day holidays
        ("2025-10-01 00:00", "2025-10-09 23:59:59"),
        ("2025-12-31 10:00", "2026-01-04 23:59:59"),  # over New Year to a make-up Sunday
        ("2026-01-02 10:00", "2026-01-04 23:59:59"),
        ("2026-01-03 10:00", "2026-01-04 23:59:59"),
        ("2026-02-13 10:00", "2026-02-14 23:59:59"),  # a make-up Saturday before Spring Festival
        ("2026-02-14 10:00", "2026-02-24 23:59:59"),  # over the Spring Festival
        ("2026-02-27 10:00", "2026-02-28 23:59:59"),  # a make-up Saturday after it
        ("2026-02-28 10:00", "2026-03-02 23:59:59"),
        ("2024-02-28 10:00", "2024-02-29 23:59:59"),  # a leap day
        ("2024-02-29 10:00", "2024-03-01 23:59:59"),
    ],
)
def test_a_phone_call_is_replied_to_within_a_working_day(received: str, expected: str) -> None:
    """The reply is due at the end of the first working day after the day of receipt."""
    assert due("reply", s.receive(received)) == expected


@pytest.mark.parametrize(
    ("received", "level", "expected"),
    [
        ("2025-09-26 09:00", "department", "2025-09-30"),  # worked case 3
        ("2026-02-13 09:00", "department", "2026-02-25"),  # worked case 4
        ("2025-11-03 09:00", "department", "2025-11-06"),
        ("2025-10-09 09:00", "department", "2025-10-13"),
        ("2026-01-01 09:00", "department", "2026-01-06"),
        ("2024-02-27 09:00", "department", "2024-03-01"),
        ("2025-09-26 09:00", "company", "2025-10-13"),
        ("2026-12-22 09:00", "company", "2026-12-31"),
        ("2025-11-03 09:00", "company", "2025-11-12"),
    ],
)
def test_the_control_limit_follows_the_level(received: str, level: str, expected: str) -> None:
    """A department's case is under control for three working days, a company's for seven."""
    assert due("control", s.receive(received, level=level)) == f"{expected} 23:59:59"


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        ("2025-12-31 10:00", "2026-01-05"),  # worked case 5
        ("2025-12-31 23:59:59", "2026-01-05"),
        ("2026-01-01 00:00", "2026-01-05"),
        ("2025-10-31 15:00", "2025-11-04"),  # worked case 12
        ("2025-10-10 15:00", "2025-10-13"),  # worked case 11
        ("2025-09-26 15:00", "2025-09-29"),
        ("2026-02-13 15:00", "2026-02-24"),
        ("2024-02-28 15:00", "2024-03-01"),
    ],
)
def test_the_revisit_is_due_two_working_days_after_the_finish(finished: str, expected: str) -> None:
    """The revisit is due at the end of the second working day after the day of the finish."""
    lines = [
        s.receive("2024-01-02 09:00", category="repair"),
        s.dispatch("2024-01-02 09:05"),
        s.finish(finished),
    ]
    assert due("revisit", *lines) == f"{expected} 23:59:59"


@pytest.mark.parametrize(
    ("channel", "posted", "forwarded", "expected"),
    [
        ("web", "2025-10-01 22:00", "2025-10-02 09:15", "2025-10-03 09:15:00"),  # worked case 6
        ("web", "2025-10-01 22:00", None, "2025-10-02 22:00:00"),
        ("forum", "2025-10-01 22:00:01", None, "2025-10-02 22:00:01"),
        ("forum", None, "2025-10-02 09:15", "2025-10-03 09:15:00"),
        ("web", None, None, "2025-10-03 10:00:00"),
        ("app", "2025-10-01 22:00", "2025-10-02 09:15", "2025-10-09 23:59:59"),
    ],
)
def test_a_posting_is_replied_to_within_a_day(
    channel: str, posted: str | None, forwarded: str | None, expected: str
) -> None:
    """A web or forum case is replied to 24 hours after it was forwarded, or else posted."""
    times: dict[str, Any] = {
        "posted_at": line("accept_complaint", "x", posted)["at"] if posted else None,
        "forwarded_at": line("accept_complaint", "x", forwarded)["at"] if forwarded else None,
    }
    assert due("reply", s.receive("2025-10-02 10:00", channel=channel, **times)) == expected


@pytest.mark.parametrize(
    ("started", "outcome"),
    [
        ("2026-02-17 02:00", "met"),
        ("2026-02-17 02:15:00", "met"),  # worked case 7
        ("2026-02-17 02:15:01", "missed"),
    ],
)
def test_work_on_an_emergency_begins_within_fifteen_minutes(started: str, outcome: str) -> None:
    """The limit is inclusive to the second, on a holiday at night too."""
    world = given(
        s.STAFFED,
        s.receive("2026-02-17 02:00", urgency="emergency", category="repair"),
        s.dispatch("2026-02-17 02:00"),
        s.start(started),
    )
    assert world.outcomes("respond", "2026-02-17 12:00") == [outcome]


def test_nothing_but_work_stops_an_emergency() -> None:
    """A dispatch, an acceptance, a consultation, a reply and progress leave its clock running."""
    world = given(
        s.STAFFED,
        s.receive("2026-02-17 02:00", urgency="emergency"),
        s.dispatch("2026-02-17 02:01"),
        s.accept("2026-02-17 02:02"),
        s.consult("2026-02-17 02:03"),
        s.reply("2026-02-17 02:04"),
        line("report_progress", "desk1", "2026-02-17 02:05", text="路上"),
    )
    assert world.clock("respond").due_at == moment("2026-02-17 02:15")
    assert world.outcomes("respond", "2026-02-17 02:15:00") == ["open"]
    assert world.outcomes("respond", "2026-02-17 02:15:01") == ["missed"]


@pytest.mark.parametrize(
    ("consulted", "expected"),
    [
        ([], "2025-11-03 14:30"),
        (["2025-11-03 14:20"], "2025-11-03 14:30"),  # worked case 8
        (["2025-11-03 14:05"], "2025-11-03 14:20"),
        (["2025-11-03 14:15"], "2025-11-03 14:30"),
        (["2025-11-03 14:14:59"], "2025-11-03 14:29:59"),
        (["2025-11-03 14:20", "2025-11-03 14:05"], "2025-11-03 14:20"),  # typed in late
        (["2025-11-03 14:05", "2025-11-03 14:10"], "2025-11-03 14:20"),
    ],
)
def test_the_first_consultation_caps_the_respond_limit(consulted: list[str], expected: str) -> None:
    """The reply is due 30 minutes after the receipt, or 15 after the first talk if earlier."""
    world = given(
        s.STAFFED,
        s.receive("2025-11-03 14:00"),
        s.dispatch("2025-11-03 14:00"),
        [s.consult(at) for at in consulted],
    )
    assert world.clock("respond").due_at == moment(expected)


@pytest.mark.parametrize(
    ("at", "outcome"), [("2025-11-03 14:30:00", "met"), ("2025-11-03 14:30:01", "missed")]
)
@pytest.mark.parametrize("do", ["reply", "start", "finish", "answer"])
def test_a_normal_case_is_responded_to_by_any_of_four_steps(do: str, at: str, outcome: str) -> None:
    """The first reply, start, answer or finish stops the clock, in time up to the second."""
    steps = {
        "reply": s.reply(at),
        "start": s.start(at),
        "finish": s.finish(at),
        "answer": line("answer_complaint", "desk1", at, text="周一至周五"),
    }
    world = given(
        s.STAFFED,
        s.receive("2025-11-03 14:00", category="inquiry"),
        s.dispatch("2025-11-03 14:00"),
        steps[do],
    )
    assert world.outcomes("respond", "2025-11-04 00:00") == [outcome]


def test_two_rounds_with_both_revisits_on_time_and_control_missed() -> None:
    """Worked case 9: an unsatisfied customer is handled again; control is missed meanwhile."""
    world = given(
        s.STAFFED,
        s.receive("2025-11-03 09:00", category="repair"),
        s.dispatch("2025-11-03 09:05"),
        s.finish("2025-11-04 15:00"),
        s.revisit("2025-11-05 10:00", "unsatisfied"),
        s.finish("2025-11-10 15:00"),
        s.revisit("2025-11-12 10:00"),
    )
    assert world.outcomes("revisit", "2025-11-30 00:00") == ["met", "met"]
    assert world.clock("control").due_at == moment("2025-11-06 23:59:59")
    assert world.outcomes("control", "2025-11-30 00:00") == ["missed"]
    assert (world.round(1).revisit, world.round(2).revisit) == ("unsatisfied", "satisfied")
    assert world.round(2).started_at == moment("2025-11-05 10:00")


def test_the_parts_of_the_rate_of_september() -> None:
    """Worked case 10: why nine of twelve finished complaints owe a revisit, and seven had one."""
    finished = [
        s.dispatch("2025-09-10 09:05"),
        s.classify("2025-09-10 09:10"),
        s.approve("2025-09-10 10:00"),
    ]
    evidence: dict[str, Any] = {"on_the_spot_satisfied": True, "evidence": "签字"}
    received = s.receive("2025-09-10 09:00")
    plain = given(s.STAFFED, received, finished, s.finish("2025-09-11 15:00"))
    spot = given(s.STAFFED, received, finished, s.finish("2025-09-11 15:00", **evidence))
    anonymous = given(
        s.STAFFED,
        s.receive("2025-09-10 09:00", contact=None),
        finished,
        s.finish("2025-09-11 15:00"),
    )
    sensitive = given(
        s.STAFFED,
        received,
        finished,
        line("mark_sensitive", "head1", "2025-09-10 11:00", reason="当事人丧亲"),
        s.finish("2025-09-11 15:00"),
    )
    duties = [world.round().duty for world in (plain, spot, anonymous, sensitive)]
    assert duties == ["owed", "on_the_spot", "anonymous", "sensitive"]
    plain.run(s.revisit("2025-09-12 10:00", by="desk9"))
    assert (plain.round().revisit, plain.round().voids) == (None, 1)
    assert plain.outcomes("revisit", "2025-10-01 00:00") == ["missed"]
    plain.run(s.revisit("2025-09-15 10:00", by="stew1"))
    assert plain.outcomes("revisit", "2025-10-01 00:00") == ["met"]


def test_a_make_up_saturday_counts_for_the_revisit() -> None:
    """Worked case 11: finished on Friday 10-10, revisited on Monday 10-13, on time."""
    world = given(
        s.STAFFED,
        s.receive("2025-09-29 09:00", category="repair"),
        s.dispatch("2025-09-29 09:05"),
        s.finish("2025-10-10 15:00"),
        s.revisit("2025-10-13 10:00"),
    )
    assert world.outcomes("revisit", "2025-10-14 00:00") == ["met"]
    assert world.clock("revisit").due_at == moment("2025-10-13 23:59:59")


def test_a_revisit_is_open_until_it_is_due() -> None:
    """Worked case 12: finished on 10-31, not yet due on 11-03, unrevisited on 11-05."""
    world = given(
        s.STAFFED,
        s.receive("2025-10-30 09:00", category="repair"),
        s.dispatch("2025-10-30 09:05"),
        s.finish("2025-10-31 15:00"),
    )
    assert world.outcomes("revisit", "2025-11-03 00:00") == ["open"]
    assert world.outcomes("revisit", "2025-11-04 23:59:59") == ["open"]
    assert world.outcomes("revisit", "2025-11-05 00:00") == ["missed"]


@pytest.mark.parametrize(
    ("received", "due_in"), [("2026-12-22 09:00", 2026), ("2026-12-23 09:00", 2027)]
)
def test_a_deadline_near_the_unknown_year_is_provisional(received: str, due_in: int) -> None:
    """Worked case 13: the control limit runs into days that 2027's calendar can move."""
    world = given(s.STAFFED, s.receive(received, level="company"))
    clock = world.clock("control")
    assert clock.provisional
    assert clock.due_at.year == due_in
    assert world.outcomes("control", "2030-01-01 00:00") == ["open"]


OFFSETS = [timezone(timedelta(hours=h, minutes=m)) for h, m in ((0, 0), (9, 30), (-11, 0), (14, 0))]


@pytest.mark.parametrize("zone", OFFSETS, ids=str)
@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2025-10-08 23:50", "2025-10-09 23:59:59"),
        ("2025-10-09 00:10", "2025-10-10 23:59:59"),
        ("2025-10-10 17:30", "2025-10-11 23:59:59"),
        ("2025-12-31 00:00", "2026-01-04 23:59:59"),
    ],
)
def test_the_offset_a_time_is_written_with_changes_no_answer(
    zone: timezone, received: str, expected: str
) -> None:
    """A day is a day of the organisation's zone, however the time was written."""
    written = moment(received).astimezone(zone).isoformat()
    assert due("reply", s.receive(written)) == expected


def test_stored_times_are_in_the_organisations_zone() -> None:
    """A time written in UTC is stored with the organisation's offset."""
    at = datetime(2025, 11, 3, 1, 0, tzinfo=UTC)
    event = given(s.STAFFED, s.receive(at.isoformat())).events()[0]
    assert event.at.isoformat() == "2025-11-03T09:00:00+08:00"
