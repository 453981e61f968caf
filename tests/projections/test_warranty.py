"""Defects from a history file through the import to the rows of their three views."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, get_args

import pytest

from guanjia.domain import policy
from guanjia.domain.unit.commands import DefectKind

from .lines import Lines, load, told
from .register import Register, Row, moment, pick

KINDS = get_args(DefectKind)
ASKED = [
    "2025-10-31 23:59:59",
    "2025-11-03 09:00",
    "2025-11-10 08:00",
    "2025-11-28 12:00",
    "2025-12-01 00:00",
    "2026-02-01 00:00",
]


def home(unit: str, n: int = 1) -> dict[str, Any]:
    """Return the registration of a home in north or south."""
    fields: Row = {"centre": "north" if n == 1 else "south", "building": "1"}
    until = {"plumbing": "2027-10-01", "civil": "2025-10-31"}
    when = "2025-09-01 09:00"
    return told("register_unit", when, f"desk{n}", unit=unit, **fields, warranty_until=until)


def report(unit: str, defect: str, when: str, n: int = 1, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the report of a leak inside the warranty, with changes."""
    fields = {"kind": "plumbing", "where": "inside", "text": "渗水"} | changes
    return told("report_defect", when, f"desk{n}", unit=unit, defect=defect, **fields)


def step(do: str, unit: str, defect: str, when: str, n: int = 1, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return another step of a defect."""
    return told(do, when, f"desk{n}", unit=unit, defect=defect, **more)


def repaired(unit: str, defect: str, told_at: str, done_at: str, n: int = 1) -> Lines:
    """Return the letter and the repair."""
    return [
        step("notify_builder", unit, defect, told_at, n, letter="BX-1"),
        step("finish_defect", unit, defect, done_at, n),
    ]


def explain(when: str, first: str, period: str = "week", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an explanation for north."""
    fields = {"centre": "north", "period": period, "period_from": first, "text": "缺料", **more}
    return told("explain_warranty", when, "head1", **fields)


HISTORY: Lines = sorted(
    [
        home("U1"),
        home("U2", 2),
        report("U1", "D1", "2025-11-03 09:00"),
        report("U1", "D2", "2025-11-09 23:59:59", kind="civil"),
        report("U1", "D3", "2025-11-10 00:00"),
        report("U1", "D4", "2025-11-04 09:00", where="outside"),
        report("U1", "D5", "2025-11-04 10:00", design=True, evidence="照片"),
        report("U2", "D1", "2025-11-05 09:00", 2),
        *repaired("U1", "D1", "2025-11-03 10:00", "2025-11-05 15:00"),
        step("verify_defect", "U1", "D1", "2025-11-06 10:00", accepted=False),
        step("finish_defect", "U1", "D1", "2025-11-12 15:00"),
        step("verify_defect", "U1", "D1", "2025-11-13 10:00", accepted=True),
        step("finish_defect", "U1", "D4", "2025-11-05 09:00"),
        explain("2025-11-10 10:00", "2025-11-03", kind="civil"),
        explain("2025-11-27 10:00", "2025-11-01", "month"),
    ],
    key=lambda line: str(line["at"]),
)


@pytest.fixture
def imported(register: Register, tmp_path: Path) -> Register:
    """Return the register with the history imported."""
    assert load(register, tmp_path, HISTORY) == []
    return register


def figures(
    register: Register, as_of: str, first: str, **filters: str
) -> dict[str, tuple[Any, ...]]:
    """Return (reported, notified, finished, verified, open, rate) of kinds that have defects."""
    rows = register.ask("warranty", as_of, centre="north", period_start=first, **filters)
    names = ("reported", "notified", "finished", "verified", "open", "completion_rate")
    return {row["kind"]: pick(row, *names) for row in rows if row["reported"]}


def test_a_week_sums_up_its_eight_kinds(imported: Register) -> None:
    """Monday 00:00:00 to Sunday 23:59:59; sent back is not finished, until it is again."""
    week = {"period": "week"}
    assert figures(imported, "2025-11-05 15:00", "2025-11-03", **week) == {
        "all": (1, 1, 1, 0, 0, 1.0), "plumbing": (1, 1, 1, 0, 0, 1.0),
    }  # fmt: skip
    assert figures(imported, "2025-11-10 08:00", "2025-11-03", **week) == {
        "all": (2, 1, 0, 0, 2, 0.0),
        "plumbing": (1, 1, 0, 0, 1, 0.0),
        "civil": (1, 0, 0, 0, 1, 0.0),
    }
    assert figures(imported, "2025-11-13 10:00", "2025-11-03", **week)["all"] == (
        2,
        1,
        1,
        1,
        1,
        0.5,
    )
    assert figures(imported, "2025-11-13 10:00", "2025-11-10", **week)["all"] == (
        1,
        0,
        0,
        0,
        1,
        0.0,
    )


def test_a_month_sums_up_its_weeks(imported: Register) -> None:
    """Of the same defects, by the calendar month."""
    assert figures(imported, "2025-11-28 12:00", "2025-11-01", period="month") == {
        "all": (3, 1, 1, 1, 2, pytest.approx(1 / 3)),
        "plumbing": (2, 1, 1, 1, 1, 0.5),
        "civil": (1, 0, 0, 0, 1, 0.0),
    }


def test_every_kind_has_its_row_from_the_first_defect_to_now(imported: Register) -> None:
    """Nothing reported is a row of zeros with no rate, and is not below the target."""
    rows = imported.ask("warranty", "2025-12-03 00:00", centre="north")
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


def test_outside_and_design_are_counted_beside(imported: Register) -> None:
    """They touch no rate."""
    (row,) = imported.ask(
        "warranty", "2025-11-28 12:00", centre="north", period="month", month="2025-11", kind="all"
    )
    assert pick(row, "reported", "outside", "design") == (3, 1, 1)


def explained(register: Register, as_of: str, period: str, first: str) -> set[str]:
    """Return the kinds whose figures are explained."""
    rows = register.ask("warranty", as_of, centre="north", period=period, period_start=first)
    return {row["kind"] for row in rows if row["explained"]}


def test_an_explanation_of_a_kind_and_of_all_kinds(imported: Register) -> None:
    """One of a kind explains that kind, one of all kinds every row; each its own period."""
    assert explained(imported, "2025-11-10 09:59:59", "week", "2025-11-03") == set()
    assert explained(imported, "2025-11-10 10:00", "week", "2025-11-03") == {"civil"}
    assert explained(imported, "2025-11-26 10:00", "month", "2025-11-01") == set()
    assert explained(imported, "2025-11-28 10:00", "month", "2025-11-01") == {"all", *KINDS}
    assert explained(imported, "2025-11-28 10:00", "week", "2025-11-10") == set()
    south = imported.ask("warranty", "2025-11-28 10:00", centre="south")
    assert not [row for row in south if row["explained"]]


def test_the_target_is_that_of_the_policy_when_the_period_began(imported: Register) -> None:
    """A version in force from Monday on judges that week and none before."""
    change: Row = {"version": "2", "effective_from": moment("2025-11-10 00:00")}
    imported.do("adopt_policy", "2025-11-01 00:00", "hq", **change, warranty_completion_percent=50)
    rows = imported.ask("warranty", "2025-11-14 00:00", centre="north", kind="all")
    found = {pick(row, "period", "period_start", "target", "below_target") for row in rows}
    built_in = policy.built_in().warranty_completion_percent / 100
    assert found == {
        ("week", "2025-11-03", built_in, True),
        ("week", "2025-11-10", 0.5, True),
        ("month", "2025-11-01", built_in, True),
    }
    repaired_now = repaired("U1", "D3", "2025-11-14 09:00", "2025-11-14 10:00")
    for line in repaired_now:
        fields = {name: value for name, value in line.items() if name not in ("do", "at", "by")}
        imported.do(line["do"], line["at"], line["by"], **fields)
    (week,) = imported.ask(
        "warranty", "2025-11-15 00:00", centre="north", kind="all", period_start="2025-11-10"
    )
    assert week["below_target"] is False


def test_defects_say_where_the_register_contradicts(imported: Register) -> None:
    """Stated inside after the kind's last day, or outside before it; unknown without a day."""
    imported.do(
        "report_defect", "2025-11-20 09:00", "desk1",
        unit="U1", defect="D9", kind="other", where="inside", text="松动",
    )  # fmt: skip
    rows = imported.ask("defects", "2025-11-28 12:00", unit="U1")
    assert {pick(row, "defect", "warranty", "warranty_until", "contradicts") for row in rows} == {
        ("D1", "inside", "2027-10-01", False),
        ("D2", "inside", "2025-10-31", True),
        ("D3", "inside", "2027-10-01", False),
        ("D4", "outside", "2027-10-01", True),
        ("D5", "inside", "2027-10-01", False),
        ("D9", "inside", None, None),
    }


def test_a_defect_stands_as_of_its_moment(imported: Register) -> None:
    """Its status, its turn and its ages at six moments."""
    names = ("status", "turn", "days", "days_with_builder", "finished_at")
    found = {
        as_of: pick(row, *names)
        for as_of in ("2025-11-03 09:00", "2025-11-03 10:00", "2025-11-05 15:00",
                      "2025-11-06 10:00", "2025-11-12 15:00", "2025-12-31 00:00")
        for row in imported.ask("defects", as_of, unit="U1", defect="D1")
    }  # fmt: skip
    assert found == {
        "2025-11-03 09:00": ("reported", 1, 0, None, None),
        "2025-11-03 10:00": ("notified", 1, 0, 0, None),
        "2025-11-05 15:00": ("finished", 1, 2, 2, "2025-11-05 15:00:00"),
        "2025-11-06 10:00": ("notified", 2, 3, 3, None),
        "2025-11-12 15:00": ("finished", 2, 9, 9, "2025-11-12 15:00:00"),
        "2025-12-31 00:00": ("verified", 2, 9, 9, "2025-11-12 15:00:00"),
    }
    assert imported.ask("defects", "2025-11-03 08:59:59") == []


def long_open(register: Register, as_of: str) -> list[tuple[Any, ...]]:
    """Return what has been open for long."""
    rows = register.ask("long-open-repairs", as_of, centre="north")
    return [pick(row, "kind", "subject", "days", "status") for row in rows]


def test_long_open_repairs(imported: Register) -> None:
    """Repair cases and defects alike, from the eighth calendar day until they are finished."""
    imported.receive("N-1", "2025-11-03 23:00", category="repair", unit="U1")
    imported.receive("N-2", "2025-11-03 08:00")
    imported.receive("N-3", "2025-11-03 08:00", category="repair")
    imported.do("void_complaint", "2025-11-03 09:00", "super1", complaint="N-3", reason="误登")
    assert long_open(imported, "2025-11-10 23:59:59") == []
    assert long_open(imported, "2025-11-11 00:00") == [
        ("defect", "D1", 8, "notified"), ("complaint", "N-1", 8, "open"),
    ]  # fmt: skip
    assert ("defect", "D5", 8, "reported") in long_open(imported, "2025-11-12 00:00")
    imported.finish("N-1", "2025-11-12 09:00")
    assert [one[1] for one in long_open(imported, "2025-11-13 00:00")] == ["D5"]
    imported.do(
        "adopt_policy", "2025-11-13 00:00", "hq",
        version="2", effective_from=moment("2025-11-13 00:00"), long_open_repair_days=30,
    )  # fmt: skip
    assert long_open(imported, "2025-11-13 00:00") == []
    assert long_open(imported, "2025-11-12 23:00")[-1][1] == "D5"


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


# --- An independent reference: the rate of random histories, told in plain Python -----------------


class Told(NamedTuple):
    """A defect as a person would keep it in a notebook."""

    kind: str
    counts: bool
    reported_at: datetime
    finished: list[tuple[datetime, datetime | None]]
    """Each repair with when it was sent back."""


def drawn(seed: int) -> tuple[Lines, list[Told]]:
    """Return a random history of 25 defects and the notebook about them."""
    chance = Random(seed)  # noqa: S311 - a test's dice
    lines, notebook = [home("U1")], []
    for number in range(25):
        at = moment("2025-10-27 00:00") + timedelta(minutes=chance.randrange(60 * 24 * 60))
        design, where = chance.random() < 0.2, chance.choice(["inside", "inside", "outside"])
        kind, name = chance.choice(KINDS), f"D{number}"
        more = {"kind": kind, "where": where, "design": design, "evidence": "照片"}
        lines.append(report("U1", name, at.isoformat(), **more))
        repairs: list[tuple[datetime, datetime | None]] = []
        if chance.random() < 0.8:
            at += timedelta(hours=chance.randrange(1, 100))
            lines.append(step("notify_builder", "U1", name, at.isoformat(), letter="BX-1"))
            for line, repair in _repairs(name, at, chance):
                lines += line
                repairs.append(repair)
        notebook.append(
            Told(kind, where == "inside" and not design, moment(lines_at(lines, name)), repairs)
        )
    return sorted(lines, key=lambda line: moment(line["at"])), notebook


def lines_at(lines: Lines, name: str) -> str:
    """Return when a defect was reported."""
    return next(str(line["at"]) for line in lines if line.get("defect") == name)


def _repairs(
    name: str, at: datetime, chance: Random
) -> Iterator[tuple[Lines, tuple[datetime, datetime | None]]]:
    while chance.random() < 0.8:
        done = at = at + timedelta(hours=chance.randrange(1, 100))
        lines = [step("finish_defect", "U1", name, done.isoformat())]
        if chance.random() < 0.4:
            yield lines, (done, None)
            return
        at += timedelta(hours=chance.randrange(1, 50))
        lines.append(step("verify_defect", "U1", name, at.isoformat(), accepted=False))
        yield lines, (done, at)


def expected(notebook: list[Told], as_of: datetime) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Return (reported, finished) by period, first day and kind."""
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for one in notebook:
        if not one.counts or one.reported_at > as_of:
            continue
        done = any(at <= as_of and (not back or back > as_of) for at, back in one.finished)
        day: date = one.reported_at.date()
        monday, first = day - timedelta(days=day.weekday()), day.replace(day=1)
        for period, start in (("week", monday), ("month", first)):
            for kind in (one.kind, "all"):
                key = (period, start.isoformat(), kind)
                reported, finished = found.get(key, (0, 0))
                found[key] = (reported + 1, finished + done)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_view_counts_as_a_notebook_does(register: Register, tmp_path: Path, seed: int) -> None:
    """Every period and kind, at six moments."""
    lines, notebook = drawn(seed)
    assert load(register, tmp_path, lines) == []
    for as_of in ASKED:
        rows: list[Row] = register.ask("warranty", as_of, centre="north")
        told_by_view = {
            (row["period"], row["period_start"], row["kind"]): (row["reported"], row["finished"])
            for row in rows
            if row["reported"]
        }
        assert told_by_view == expected(notebook, moment(as_of))
        for row in rows:
            rate = row["finished"] / row["reported"] if row["reported"] else None
            assert row["completion_rate"] == (pytest.approx(rate) if rate is not None else None)
            assert row["below_target"] == (rate is not None and rate < 0.9)
