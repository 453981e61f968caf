"""Progress weeks (domain section 3): two contacts in each ISO week wholly inside the handling.

2025-11-03 and 2025-11-10 are Mondays.
"""

from typing import Any

import pytest

from .register import Register, pick


def weeks(register: Register, as_of: str, case: str = "N-1") -> list[tuple[str, int, str]]:
    """Return (Monday, round, outcome) of a case's weeks."""
    rows = register.clocks(case, "progress", as_of)
    return [(f"{row['started_at']:%m-%d}", row["round"], row["outcome"]) for row in rows]


def report(register: Register, at: str) -> None:
    """Contact the customer of N-1."""
    register.do("report_progress", at, "desk1", complaint="N-1", text="还在修")


@pytest.mark.parametrize(
    ("received", "monday"),
    [
        ("2025-11-03 00:00", "11-03"),
        ("2025-11-03 00:00:01", "11-10"),
        ("2025-11-09 23:59", "11-10"),
    ],
)
def test_a_partial_first_week_asks_nothing(register: Register, received: str, monday: str) -> None:
    """A Monday 00:00:00 receipt opens that week, a second later only the next one."""
    register.receive("N-1", received)
    assert weeks(register, "2025-11-12 12:00")[0][0] == monday


def test_a_week_exists_from_its_monday(register: Register) -> None:
    """A second before the Monday there is no row; from then on it is open until the Sunday."""
    register.receive("N-1", "2025-11-05 10:00")
    assert weeks(register, "2025-11-09 23:59:59") == []
    assert weeks(register, "2025-11-10 00:00") == [("11-10", 1, "open")]
    assert weeks(register, "2025-11-16 23:59:59") == [("11-10", 1, "open")]
    assert weeks(register, "2025-11-17 00:00") == [("11-10", 1, "missed"), ("11-17", 1, "open")]


@pytest.mark.parametrize(
    ("second", "outcome"), [("2025-11-09 23:59:59", "met"), ("2025-11-10 00:00", "missed")]
)
def test_the_second_contact_keeps_the_week(register: Register, second: str, outcome: str) -> None:
    """A reply and a report, from Monday 00:00:00 to Sunday 23:59:59."""
    register.receive("N-1", "2025-11-03 00:00")
    register.reply("N-1", "2025-11-03 00:00")
    report(register, second)
    row = register.clocks("N-1", "progress", "2025-11-12 00:00")[0]
    stopped_at = second if outcome == "met" else None
    assert pick(row, "due_at", "outcome", "stopped_at") == (
        "2025-11-09 23:59:59",
        outcome,
        f"{stopped_at}" if stopped_at else None,
    )


def test_one_contact_is_not_enough(register: Register) -> None:
    """The week is open until it ends, then missed, by the seconds since."""
    register.receive("N-1", "2025-11-03 00:00")
    report(register, "2025-11-04 10:00")
    assert weeks(register, "2025-11-06 12:00") == [("11-03", 1, "open")]
    row = register.clocks("N-1", "progress", "2025-11-10 00:00:09")[0]
    assert pick(row, "outcome", "late_seconds", "stopped_at") == ("missed", 10, None)


@pytest.mark.parametrize(
    ("finished", "left"),
    [
        ("2025-11-09 23:59:59", []),
        ("2025-11-10 00:00", ["11-03"]),
        ("2025-11-12 10:00", ["11-03"]),
        ("2025-11-17 00:00", ["11-03", "11-10"]),
    ],
)
def test_a_finish_inside_the_week_removes_it(
    register: Register, finished: str, left: list[str]
) -> None:
    """The week of the finish asks nothing; as of the moment before it was open."""
    register.receive("N-1", "2025-11-03 00:00")
    before = weeks(register, "2025-11-05 00:00")
    register.finish("N-1", finished)
    assert [monday for monday, _, _ in weeks(register, "2025-12-01 00:00")] == left
    assert weeks(register, "2025-11-05 00:00") == before == [("11-03", 1, "open")]


def test_a_finish_typed_in_late_removes_the_week_from_then_on(register: Register) -> None:
    """As of before the typing the week was missed."""
    register.receive("N-1", "2025-11-03 00:00")
    register.dispatch("N-1", "2025-11-03 09:00")
    finish: dict[str, Any] = {"complaint": "N-1", "result": "好"}
    late = "2025-11-12 09:00"
    register.do("finish_handling", "2025-11-07 09:00", "tech1", recorded_at=late, **finish)
    assert weeks(register, "2025-11-12 08:59:59") == [("11-03", 1, "missed"), ("11-10", 1, "open")]
    assert weeks(register, late) == []


def test_the_second_round_has_weeks_of_its_own(register: Register) -> None:
    """From the Monday after the unsatisfied revisit; between the rounds nothing is asked."""
    register.receive("N-1", "2025-11-03 00:00")
    register.finish("N-1", "2025-11-11 10:00")
    register.revisit("N-1", "2025-11-19 10:00", "unsatisfied")
    assert weeks(register, "2025-11-26 00:00") == [("11-03", 1, "missed"), ("11-24", 2, "open")]
    register.finish("N-1", "2025-11-26 10:00")
    assert weeks(register, "2025-12-26 00:00") == [("11-03", 1, "missed")]


def test_a_merge_ends_the_weeks_of_the_merged_case(register: Register) -> None:
    """The week of the merge is removed, the week before it stands; the survivor goes on."""
    register.receive("N-0", "2025-11-03 00:00")
    register.receive("N-1", "2025-11-03 00:00")
    register.do("merge_complaint", "2025-11-12 10:00", "super1", complaint="N-1", into="N-0")
    assert weeks(register, "2025-11-20 00:00") == [("11-03", 1, "missed")]
    assert len(weeks(register, "2025-11-20 00:00", "N-0")) == 3


def test_a_voided_case_owes_no_contact(register: Register) -> None:
    """Its past weeks become void, the week of the voiding is removed."""
    register.receive("N-1", "2025-11-03 00:00")
    register.do("void_complaint", "2025-11-18 10:00", "super1", complaint="N-1", reason="重复")
    assert weeks(register, "2025-12-01 00:00") == [("11-03", 1, "void"), ("11-10", 1, "void")]
    assert weeks(register, "2025-11-18 09:59:59")[0] == ("11-03", 1, "missed")


@pytest.mark.parametrize("how", ["close_complaint", "force_close_complaint"])
def test_an_end_inside_the_week_removes_it(register: Register, how: str) -> None:
    """A closing of an invalid complaint, and a forcing, like a finish."""
    register.receive("N-1", "2025-11-03 00:00")
    register.classify("N-1", "2025-11-04 00:00", "invalid")
    register.reply("N-1", "2025-11-05 00:00")
    fields: dict[str, Any] = {"reason": "无法联系"} if how == "force_close_complaint" else {}
    register.do(how, "2025-11-12 10:00", "head1", complaint="N-1", **fields)
    assert weeks(register, "2025-12-01 00:00") == [("11-03", 1, "missed")]


@pytest.mark.parametrize(
    ("category", "count"),
    [("repair", 1), ("special_service", 1), ("inquiry", 0), ("suggestion", 0), ("praise", 0)],
)
def test_only_handled_categories_have_weeks(register: Register, category: str, count: int) -> None:
    """Complaint, repair and special service."""
    register.receive("N-1", "2025-11-03 00:00", category=category)
    assert len(weeks(register, "2025-11-03 00:00")) == count


def test_weeks_cross_the_year(register: Register) -> None:
    """The ISO week of Monday 2025-12-29 runs to Sunday 2026-01-04."""
    register.receive("N-1", "2025-12-28 23:59:59")
    row = register.clock("N-1", "progress", "2026-01-04 23:59:59")
    assert pick(row, "started_at", "due_at", "outcome") == (
        "2025-12-29 00:00:00",
        "2026-01-04 23:59:59",
        "open",
    )
