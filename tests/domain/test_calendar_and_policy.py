"""The policy binds at the receipt, the calendar when a clock starts; the unknown is provisional."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from guanjia.domain import policy, workdays
from guanjia.domain.workdays import Calendars, Counting
from tests import scenarios as s
from tests.spec import SHANGHAI, Line, given, line, moment

LATER = "2030-01-01 00:00"
HOLIDAYS_2027 = ["2027-01-01", "2027-01-02", "2027-01-03", "2027-02-08", "2027-02-09"]


def calendar(at: str = "2026-12-28 10:00", **changes: Any) -> Line:  # noqa: ANN401 - a line's values
    """Return the loading of 2027's calendar, which moves a day of the old year."""
    fields: dict[str, Any] = {
        "version": "cn-2027",
        "year": 2027,
        "holidays": [*HOLIDAYS_2027, "2026-12-31"],
        "workdays": ["2026-12-26"],
    }
    return line("load_calendar", "quality1", at, **{**fields, **changes})


def adopt(at: str, effective_from: str, version: str = "2", **values: Any) -> Line:  # noqa: ANN401 - a line's values
    """Return the adoption of a policy."""
    start = str(s.accept(effective_from)["at"])
    return line("adopt_policy", "gm1", at, version=version, effective_from=start, **values)


def test_the_policy_binds_at_the_receipt() -> None:
    """A case received before the new version takes effect keeps the old limits for ever."""
    world = given(
        s.STAFFED,
        adopt("2025-11-01 09:00", "2025-11-05 00:00", control_department_working_days=2),
        s.receive("2025-11-04 23:59:59"),
        s.receive("2025-11-05 00:00", complaint="N-2"),
    )
    old, new = world.clock("control"), world.clock("control", "N-2")
    assert (old.policy, old.due_at) == ("1", moment("2025-11-07 23:59:59"))
    assert (new.policy, new.due_at) == ("2", moment("2025-11-07 23:59:59"))
    assert (world.events()[0].topic, world.case("N-2").policy) == ("complaint.received.1", "2")


def test_every_limit_is_a_policy_value() -> None:
    """A company that changes a value changes the limit of the cases received from then on."""
    values: dict[str, Any] = {
        "respond_normal_minutes": 40,
        "respond_consult_minutes": 5,
        "reply_working_days": 2,
        "revisit_working_days": 3,
        "control_department_working_days": 4,
    }
    world = given(
        s.STAFFED,
        adopt("2025-11-01 09:00", "2025-11-01 00:00", **values),
        s.receive(category="repair"),
    )
    assert world.clock("respond").due_at == moment("2025-11-03 09:40")
    assert world.clock("reply").due_at == moment("2025-11-05 23:59:59")
    assert world.clock("control").due_at == moment("2025-11-07 23:59:59")
    world.run(s.dispatch("2025-11-03 09:01"), s.consult("2025-11-03 09:02"))
    assert world.clock("respond").due_at == moment("2025-11-03 09:07")
    world.run(s.finish("2025-11-03 10:00"))
    assert world.clock("revisit").due_at == moment("2025-11-06 23:59:59")
    urgent = given(
        s.STAFFED,
        adopt("2025-11-01 09:00", "2025-11-01 00:00", respond_emergency_minutes=10),
        s.receive(urgency="emergency", level="company", channel="web"),
    )
    assert urgent.clock("respond").due_at == moment("2025-11-03 09:10")
    assert urgent.clock("control").due_at == moment("2025-11-12 23:59:59")


def test_a_policy_adopted_afterwards_changes_nothing_that_was_promised() -> None:
    """Not even one that claims to have been in force before the receipt."""
    world = given(s.REPAIRED)
    before = {clock.key: clock for clock in world.clocks()}
    world.run(
        adopt("2025-11-04 16:00", "2025-01-01 00:00", revisit_working_days=1),
        s.revisit("2025-11-06 10:00"),
        s.close("2025-11-06 11:00"),
    )
    after = {clock.key: clock for clock in world.clocks()}
    for key, clock in before.items():
        assert (after[key].due_at, after[key].policy) == (clock.due_at, "1")
    assert world.outcomes("revisit", LATER) == ["met"]


def test_the_next_rounds_keep_the_policy_of_the_receipt() -> None:
    """A later round's revisit counts as the case was promised it."""
    world = given(
        s.UNSATISFIED,
        adopt("2025-11-05 11:00", "2025-01-01 00:00", revisit_working_days=1),
        s.finish("2025-11-06 10:00"),
    )
    assert world.clock("revisit", number=2).due_at == moment("2025-11-10 23:59:59")


def test_of_two_versions_the_later_adopted_one_holds() -> None:
    """The same day, the version adopted last is in force; values not named stay as before it."""
    world = given(
        s.STAFFED,
        adopt("2025-11-01 09:00", "2025-11-01 00:00", "2", control_department_working_days=2),
        adopt("2025-11-01 10:00", "2025-11-01 00:00", "3", reply_working_days=2),
        s.receive(),
    )
    assert world.clock("control").policy == "3"
    assert world.clock("control").due_at == moment("2025-11-05 23:59:59")
    assert world.clock("reply").due_at == moment("2025-11-05 23:59:59")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "1"}, "version_exists"),
        ({"patience": 3}, "unknown_policy_value"),
        ({"reply_working_days": 0}, "invalid_value"),
        ({"reply_working_days": "2"}, "invalid_value"),
        ({"reply_working_days": True}, "invalid_value"),
        ({"reply_web_hours": 10**18}, "invalid_value"),
        ({"control_company_working_days": 366}, "invalid_value"),
    ],
)
def test_policies_that_are_refused(changes: dict[str, Any], code: str) -> None:
    """A version has a new name, known values, and limits that can be counted."""
    command = adopt("2025-11-01 09:00", "2025-11-01 00:00")
    given(s.STAFFED).when({**command, **changes}).then_refused(code)


def test_every_value_may_be_changed() -> None:
    """The built-in policy names every value, and each can be adopted anew."""
    values = policy.built_in().model_dump()
    world = given(s.STAFFED)
    adopted = world.when(adopt("2025-11-01 09:00", "2025-11-01 00:00", **values))
    adopted.then(("policy.adopted.1", {"values": policy.built_in()}))
    with pytest.raises(KeyError):
        world.app.policies().version("9")


FOUR = ("N-1", "N-2", "N-3", "N-4")
PROVISIONAL = [
    *s.STAFFED,
    s.receive("2026-12-22 09:00", level="company"),
    s.receive("2026-12-23 09:00", level="company", complaint="N-2"),
    s.receive("2026-12-25 09:00", complaint="N-3"),
    s.receive("2026-12-23 09:00", complaint="N-4"),
]


def test_deadlines_into_the_last_days_of_the_year_are_provisional() -> None:
    """From 25 December on the next year's calendar can move a day: nothing is certain."""
    world = given(PROVISIONAL)
    flags = {
        (name, clock.commitment): clock.provisional
        for name in FOUR
        for clock in world.clocks(name)
        if clock.commitment != "respond"
    }
    assert flags == {
        ("N-1", "reply"): False,
        ("N-1", "control"): True,
        ("N-2", "reply"): False,
        ("N-2", "control"): True,
        ("N-3", "reply"): True,
        ("N-3", "control"): True,
        ("N-4", "reply"): False,
        ("N-4", "control"): True,
    }


def test_a_provisional_deadline_raises_no_breach_whatever_happens() -> None:
    """Its outcome stays open: in time, late, or never stopped."""
    late = given(PROVISIONAL, s.reply("2027-03-01 09:00", complaint="N-3"))
    assert late.outcomes("reply", LATER, "N-3") == ["open"]
    assert late.outcomes("control", LATER, "N-3") == ["open"]
    in_time = given(PROVISIONAL, s.reply("2026-12-25 10:00", complaint="N-3"))
    assert in_time.outcomes("reply", LATER, "N-3") == ["open"]


def test_loading_the_calendar_settles_what_was_provisional() -> None:
    """An event makes the deadline firm by the new calendar, and the outcome shows."""
    world = given(PROVISIONAL, s.reply("2026-12-27 10:00", complaint="N-3"))
    done = world.execute(calendar())
    settled = [event for event in done.events if event.topic == "complaint.deadlines_settled.1"]
    assert len(settled) == 4
    assert not any(clock.provisional for name in FOUR for clock in world.clocks(name))
    # Saturday 12-26 works, Thursday 12-31 does not, and the new year begins on the 4th.
    assert world.clock("control").due_at == moment("2026-12-30 23:59:59")
    assert world.clock("control", "N-2").due_at == moment("2027-01-04 23:59:59")
    assert world.clock("reply", "N-3").due_at == moment("2026-12-26 23:59:59")
    assert world.outcomes("reply", LATER, "N-3") == ["missed"]
    assert world.outcomes("control", "2027-06-01 00:00", "N-4") == ["missed"]
    assert world.execute(calendar("2026-12-29 10:00", version="cn-2027b")).events[1:] == ()


def test_settling_is_seen_only_from_when_it_was_recorded() -> None:
    """As of a time before the calendar was loaded the answer stays what it was."""
    world = given(PROVISIONAL, calendar("2026-12-28 10:00"))
    assert world.outcomes("control", "2026-12-28 09:59:59", "N-1") == ["open"]
    before = [c for c in world.clocks("N-1", "2026-12-28 09:59:59") if c.commitment == "control"]
    assert before[0].provisional


def test_a_clock_settled_stays_settled() -> None:
    """A corrected calendar loaded later moves nothing that is firm."""
    world = given(PROVISIONAL, calendar())
    due = world.clock("control", "N-2").due_at
    world.run(calendar("2027-01-02 10:00", version="cn-2027b", holidays=["2027-01-04"]))
    world.run(s.reply("2027-01-03 10:00", complaint="N-2"))
    assert world.clock("control", "N-2").due_at == due


def test_the_calendar_binds_when_a_clock_starts() -> None:
    """A calendar loaded between the receipt and the finish binds the revisit, not the control."""
    moved = line(
        "load_calendar",
        "quality1",
        "2025-11-04 09:00",
        version="cn-2025b",
        year=2025,
        holidays=["2025-11-05", "2025-11-06"],
        workdays=[],
    )
    world = given(s.REPAIR, moved, s.finish("2025-11-04 15:00"))
    assert world.clock("control").due_at == moment("2025-11-06 23:59:59")
    assert world.clock("control").calendar == "cn-2025"
    assert world.clock("revisit").due_at == moment("2025-11-10 23:59:59")
    assert world.clock("revisit").calendar == "cn-2025b"


def test_a_calendar_known_before_leaves_nothing_provisional() -> None:
    """With 2027's calendar loaded in November the year's end is counted by it."""
    world = given(s.STAFFED, calendar("2026-11-10 10:00"), PROVISIONAL[len(s.STAFFED) :])
    assert world.clock("control").due_at == moment("2026-12-30 23:59:59")
    assert world.clock("control").calendar == "cn-2026+cn-2027"
    assert not world.clock("control").provisional


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "cn-2026"}, "version_exists"),
        ({"holidays": ["2028-01-01"]}, "calendar_invalid"),
        ({"holidays": ["2026-12-24"]}, "calendar_invalid"),
        ({"holidays": ["2027-01-01", "2027-01-01"]}, "calendar_invalid"),
        ({"holidays": ["2027-01-01"], "workdays": ["2027-01-01"]}, "calendar_invalid"),
    ],
)
def test_calendars_that_are_refused(changes: dict[str, Any], code: str) -> None:
    """Dates lie in the year or the days before it that it can move, once each."""
    given(s.STAFFED).when(calendar(**changes)).then_refused(code)


def test_a_calendar_without_working_days_is_found_out() -> None:
    """A deadline that can never come is a refusal, not an endless count."""
    year = [(date(2027, 1, 1) + timedelta(days=n)).isoformat() for n in range(365)]
    after = [(date(2028, 1, 1) + timedelta(days=n)).isoformat() for n in range(366)]
    world = given(s.STAFFED, calendar("2026-11-10 10:00", holidays=year, workdays=[]))
    world.run(
        calendar("2026-11-10 10:00", holidays=after, workdays=[], version="x", year=2028),
    )
    world.when(s.receive("2027-01-01 09:00")).then_refused("calendar_invalid")


def test_the_kinds_of_days() -> None:
    """Workday, make-up day, weekend and holiday, from the official calendar."""
    known = workdays.built_in()[2025]
    kinds = [known.kind(date(2025, 9, day)) for day in (26, 27, 28)]
    assert [*kinds, known.kind(date(2025, 10, 1))] == ["workday", "weekend", "makeup", "holiday"]


def test_years_without_a_calendar_count_by_what_is_fixed() -> None:
    """Weekends and the holidays with a fixed date are left out, provisionally."""
    counting = Counting(SHANGHAI, Calendars(), moment("2050-01-01 00:00"))
    due = counting.due(moment("2049-04-30 09:00"), 1)
    assert (due.at, due.provisional) == (moment("2049-05-03 23:59:59"), True)
    assert due.calendar == "expected-2049"


def test_numbers_are_continuous_over_refused_receipts() -> None:
    """A refused receipt takes no number; each centre counts for itself."""
    world = given(s.STAFFED, s.receive())
    world.when(s.receive()).then_refused("duplicate_complaint")
    world.when(s.receive(complaint="N-2", by="desk2")).then_refused("other_centre")
    south = s.receive(complaint="S-1", by="desk2", centre="south")
    assert [world.execute(one).number for one in (s.receive(complaint="N-3"), south)] == [2, 1]


def test_a_case_imported_after_its_calendar_was_loaded_is_settled_by_its_next_event() -> None:
    """What the register did not know at the receipt it knows at the next event recorded later."""
    world = given(s.STAFFED, calendar(), s.receive("2026-12-22 09:00", level="company"))
    assert world.clock("control").provisional
    world.run(s.reply("2026-12-23 09:00"))
    assert world.clock("control").provisional
    world.run(s.dispatch("2026-12-28 10:00"))
    assert not world.clock("control").provisional
    assert world.clock("control").due_at == moment("2026-12-30 23:59:59")
