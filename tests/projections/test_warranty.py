"""The warranty's figures by week and month: rates, targets and explanations."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from guanjia.domain import policy
from guanjia.domain.unit.commands import DefectKind

from .lines import load
from .register import Register, Row, moment, pick
from .repairs import home, repaired, report, step

KINDS = get_args(DefectKind)


def figures(
    register: Register, as_of: str, first: str, **filters: str
) -> dict[str, tuple[Any, ...]]:
    """Return (reported, notified, finished, verified, open, rate) of kinds that have defects."""
    rows = register.ask("warranty", as_of, centre="north", period_start=first, **filters)
    names = ("reported", "notified", "finished", "verified", "open", "completion_rate")
    return {row["kind"]: pick(row, *names) for row in rows if row["reported"]}


def test_a_week_sums_up_its_eight_kinds(repairs: Register) -> None:
    """Monday 00:00:00 to Sunday 23:59:59; sent back is not finished, until it is again."""
    week = {"period": "week"}
    assert figures(repairs, "2025-11-05 15:00", "2025-11-03", **week) == {
        "all": (1, 1, 1, 0, 0, 1.0), "plumbing": (1, 1, 1, 0, 0, 1.0),
    }  # fmt: skip
    assert figures(repairs, "2025-11-10 08:00", "2025-11-03", **week) == {
        "all": (2, 1, 0, 0, 2, 0.0),
        "plumbing": (1, 1, 0, 0, 1, 0.0),
        "civil": (1, 0, 0, 0, 1, 0.0),
    }
    later = figures(repairs, "2025-11-13 10:00", "2025-11-03", **week)
    assert later["all"] == (2, 1, 1, 1, 1, 0.5)
    later = figures(repairs, "2025-11-13 10:00", "2025-11-10", **week)
    assert later["all"] == (1, 0, 0, 0, 1, 0.0)


def test_a_month_sums_up_its_weeks(repairs: Register) -> None:
    """Of the same defects, by the calendar month."""
    assert figures(repairs, "2025-11-28 12:00", "2025-11-01", period="month") == {
        "all": (3, 1, 1, 1, 2, pytest.approx(1 / 3)),
        "plumbing": (2, 1, 1, 1, 1, 0.5),
        "civil": (1, 0, 0, 0, 1, 0.0),
    }


def test_every_kind_has_its_row_from_the_first_defect_to_now(repairs: Register) -> None:
    """Nothing reported is a row of zeros with no rate, and is not below the target."""
    rows = repairs.ask("warranty", "2025-12-03 00:00", centre="north")
    assert {row["kind"] for row in rows} == {"all", *KINDS}
    starts = {(row["period"], row["period_start"]) for row in rows}
    weeks = ["2025-11-03", "2025-11-10", "2025-11-17", "2025-11-24", "2025-12-01"]
    assert starts == {("week", day) for day in weeks} | {
        ("month", "2025-11-01"), ("month", "2025-12-01"),
    }  # fmt: skip
    assert len(rows) == 9 * len(starts)
    (empty,) = (r for r in rows if (r["kind"], r["period_start"]) == ("other", "2025-11-17"))
    assert pick(empty, "reported", "completion_rate", "below_target", "explained", "month") == (
        0, None, False, False, "2025-11",
    )  # fmt: skip


def test_outside_and_design_are_counted_beside(repairs: Register) -> None:
    """They touch no rate."""
    (row,) = repairs.ask(
        "warranty", "2025-11-28 12:00", centre="north", period="month", month="2025-11", kind="all"
    )
    assert pick(row, "reported", "outside", "design") == (3, 1, 1)


def explained(register: Register, as_of: str, period: str, first: str) -> set[str]:
    """Return the kinds whose figures are explained."""
    rows = register.ask("warranty", as_of, centre="north", period=period, period_start=first)
    return {row["kind"] for row in rows if row["explained"]}


def test_an_explanation_of_a_kind_and_of_all_kinds(repairs: Register) -> None:
    """One of a kind explains that kind, one of all kinds every row; each its own period."""
    assert explained(repairs, "2025-11-10 09:59:59", "week", "2025-11-03") == set()
    assert explained(repairs, "2025-11-10 10:00", "week", "2025-11-03") == {"civil"}
    assert explained(repairs, "2025-11-26 10:00", "month", "2025-11-01") == set()
    assert explained(repairs, "2025-11-28 10:00", "month", "2025-11-01") == {"all", *KINDS}
    assert explained(repairs, "2025-11-28 10:00", "week", "2025-11-10") == set()
    south = repairs.ask("warranty", "2025-11-28 10:00", centre="south")
    assert not [row for row in south if row["explained"]]


def test_the_target_is_that_of_the_policy_when_the_period_began(
    repairs: Register, tmp_path: Path
) -> None:
    """A version in force from Monday on judges that week and none before."""
    change: Row = {"version": "2", "effective_from": moment("2025-11-10 00:00")}
    repairs.do("adopt_policy", "2025-11-01 00:00", "hq", **change, warranty_completion_percent=50)
    rows = repairs.ask("warranty", "2025-11-14 00:00", centre="north", kind="all")
    found = {pick(row, "period", "period_start", "target", "below_target") for row in rows}
    built_in = policy.built_in().warranty_completion_percent / 100
    assert found == {
        ("week", "2025-11-03", built_in, True),
        ("week", "2025-11-10", 0.5, True),
        ("month", "2025-11-01", built_in, True),
    }
    mended = repaired("U1", "D3", "2025-11-14 09:00", "2025-11-14 10:00")
    assert load(repairs, tmp_path, mended) == []
    (week,) = repairs.ask(
        "warranty", "2025-11-15 00:00", centre="north", kind="all", period_start="2025-11-10"
    )
    assert week["below_target"] is False


def test_what_was_not_recorded_yet_is_not_counted(register: Register, tmp_path: Path) -> None:
    """A repair typed in on Thursday was not finished in Monday's report, and an answer stands."""
    late = {
        **step("finish_defect", "U1", "D1", "2025-11-04 15:00"),
        "recorded_at": "2025-11-13T09:00:00+08:00",
    }
    lines = [home("U1"), report("U1", "D1", "2025-11-03 09:00")]
    lines += [step("notify_builder", "U1", "D1", "2025-11-03 10:00", letter="BX-1"), late]
    load(register, tmp_path, lines)
    position = register.store.last_position() - 1
    assert figures(register, "2025-11-10 08:00", "2025-11-03")["all"][2] == 0
    assert figures(register, "2025-11-13 09:00", "2025-11-03")["all"][2] == 1
    asked = moment("2025-12-31 00:00")
    for name, column in (("warranty", "finished"), ("defects", "finished_at")):
        rows = register.office.query(name, as_of=asked, position=position).rows()
        assert not any(row[column] for row in rows)


def test_irregular_history_is_shown(register: Register, tmp_path: Path) -> None:
    """A repair without a letter to the builder counts, with its code beside it."""
    lines = [home("U1"), report("U1", "D1", "2025-11-03 09:00")]
    lines += [step("finish_defect", "U1", "D1", "2025-11-04 15:00")]
    assert load(register, tmp_path, lines) == ["builder_not_notified"]
    assert load(register, tmp_path, lines, keep_irregular=True) == []
    (row,) = register.ask("defects", "2025-11-10 08:00")
    assert pick(row, "status", "irregular") == ("finished", "builder_not_notified")
    assert figures(register, "2025-11-10 08:00", "2025-11-03")["all"] == (1, 0, 1, 0, 0, 1.0)
