"""Renovations in the views: validity, violations, and a whole history from its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import guanjia as gj

from . import lines
from .lines import at, imported
from .register import Register, Row, moment, pick, short
from .sites import FAR, Site


def test_a_validity_is_kept_by_the_completion(site: Site) -> None:
    """Due at the end of its last day, and late from then on."""
    site.issue(last="2025-10-22")
    shown = ("started_at", "due_at", "outcome", "late_seconds", "term")
    begun, due = "2025-10-20 09:00:00", "2025-10-22 23:59:59"

    def validity(as_of: str) -> tuple[Any, ...]:
        (row,) = site.register.ask("sla", as_of, subject="P-1", commitment="permit_validity")
        return pick(row, *shown)

    assert validity("2025-10-22 23:59:59") == (begun, due, "open", None, "valid to 2025-10-22")
    assert validity("2025-10-23 00:00") == (begun, due, "missed", 1, "valid to 2025-10-22")
    site.complete("2025-10-23 00:00:09")
    assert validity("2025-11-23 00:00")[2:4] == ("missed", 10)


def test_an_extension_shows_both_promises(site: Site) -> None:
    """The former is superseded, the new one open."""
    site.issue(last="2025-10-22")
    site.do("extend_permit", "2025-10-22 10:00", valid_to="2025-11-05")
    rows = site.register.ask("sla", "2025-11-01 00:00", commitment="permit_validity")
    assert [pick(row, "started_at", "due_at", "outcome") for row in rows] == [
        ("2025-10-20 09:00:00", "2025-10-22 23:59:59", "superseded"),
        ("2025-10-22 10:00:00", "2025-11-05 23:59:59", "open"),
    ]


def test_violations_stand_on_their_step(site: Site) -> None:
    """As of each moment; a step taken again does not make it younger."""
    site.issue()
    site.patrol("2025-10-20 10:00", violation="V-1")
    site.violation("2025-10-20 11:00", "dissuaded")
    site.violation("2025-10-21 11:00", "dissuaded")
    site.violation("2025-10-21 09:00", "found", "V-2", recorded_at="2025-10-23 08:00")
    site.violation("2025-10-24 09:00", "corrected")

    def rows(as_of: str) -> list[tuple[Any, ...]]:
        shown = ("permit", "violation", "step", "since", "open", "centre", "unit")
        return [pick(row, *shown) for row in site.register.ask("violations", as_of)]

    place = ("north", "U1")
    found = ("P-1", "V-1", "found", "2025-10-20 10:00:00", True, *place)
    dissuaded = ("P-1", "V-1", "dissuaded", "2025-10-20 11:00:00", True, *place)
    corrected = ("P-1", "V-1", "corrected", "2025-10-24 09:00:00", False, *place)
    second = ("P-1", "V-2", "found", "2025-10-21 09:00:00", True, *place)
    assert rows("2025-10-20 09:59:59") == []
    assert rows("2025-10-20 10:00") == [found]
    assert rows("2025-10-22 00:00") == [dissuaded]
    assert rows("2025-10-23 08:00") == [dissuaded, second]
    assert rows("2025-10-24 09:00") == [corrected, second]


def line(do: str, when: str, by: str = "stew1", **fields: object) -> Row:
    """Return a line about P-1."""
    return lines.told(do, when, by, permit="P-1", **fields)


def staff(account: str, post: str) -> Row:
    """Return the line that posts somebody to north."""
    place = {"centre": "north", "department": "service"}
    who = {"do": "post_staff", "staff": account, "person": f"p-{account}", "post": post}
    return {**who, **place, "at": at("2025-01-01 00:00")}


STAFF = [staff("stew1", "steward"), staff("super1", "supervisor"), staff("guard1", "security")]
PATROL: Row = {"fire_safety": True, "passes": True, "site": True, "violation": None}
HISTORY = [
    *STAFF,
    line(
        "apply_for_permit", "2025-10-13 09:00", unit="U1", resident="R1", owner_consent=None,
        plan="客厅改造", contractor="李四", licence="L-1",
    ),
    line("review_permit", "2025-10-14 09:00", "super1", outcome="approved"),
    line(
        "sign_agreement", "2025-10-15 09:00", agreement="XY-1", deposit="2000", fees_paid=True,
        water_test_ok=True, meters={"water": "1", "electricity": "2", "gas": "3"},
    ),
    line("issue_permit", "2025-10-20 09:00", valid_from="2025-10-21", valid_to="2025-12-20"),
    {**line("issue_pass", "2025-10-20 09:30"), "pass": "W-1"},
    line("patrol_renovation", "2025-10-20 16:00", "guard1", **PATROL),
    line("record_violation", "2025-10-21 10:00", "guard1", violation="V1", step="found"),
    line("record_violation", "2025-10-21 11:00", "guard1", violation="V1", step="notice"),
    line("record_violation", "2025-10-21 12:00", "guard1", violation="V1", step="corrected"),
    line("stop_work", "2025-10-22 10:00", reason="动火无证"),
    line("resume_work", "2025-10-22 15:00"),
    line("extend_permit", "2025-10-22 16:00", "super1", valid_to="2026-01-20"),
    line("patrol_renovation", "2025-10-22 17:00", "guard1", **PATROL),
    line("complete_renovation", "2025-10-23 17:00"),
    line("accept_renovation", "2025-10-24 09:00", "super1", water_test_ok=True, structure_ok=True),
    line("settle_deposit", "2025-10-25 09:00", "super1", refunded="2000", withheld="0",
         reason=None),
    {**line("return_pass", "2025-10-25 10:00"), "pass": "W-1"},
    line("archive_permit", "2025-10-26 09:00"),
]  # fmt: skip


@pytest.mark.parametrize("keep", [False, True])
def test_a_history_becomes_rows(tmp_path: Path, keep: bool) -> None:
    """Line by line; a skipped step is rejected, or kept with its code on every row."""
    with gj.open_in_memory(clock=lambda: FAR) as office:
        register = Register(office)
        summary = imported(register, tmp_path, HISTORY, keep_irregular=keep)
        assert summary.rejected == (0 if keep else 1)
        assert dict(summary.irregular) == ({"step_skipped": 1} if keep else {})
        irregular = "step_skipped" if keep else None
        sla = office.query("sla", as_of=moment("2025-12-01 00:00")).rows()
        assert {row["irregular"] for row in sla} == {irregular}
        assert [(row["commitment"], short(row["started_at"]), row["outcome"]) for row in sla] == [
            ("patrol", "2025-10-20 00:00:00", "met"),
            ("patrol", "2025-10-21 00:00:00", "missed"),
            ("permit_validity", "2025-10-21 00:00:00", "superseded"),
            ("patrol", "2025-10-22 00:00:00", "met"),
            ("permit_validity", "2025-10-22 16:00:00", "met"),
            ("patrol", "2025-10-23 00:00:00", "missed"),
        ]
        (violation,) = office.query("violations", as_of=moment("2025-10-21 11:30")).rows()
        assert violation["step"] == ("notice" if keep else "found")
        (before,) = office.query("patrol-coverage", as_of=moment("2025-10-22 16:59")).plain()
        assert json.loads(json.dumps(before)) == {
            "permit": "P-1", "centre": "north", "unit": "U1", "from": "2025-10-20",
            "to": "2025-10-22", "days": 3, "patrolled": 1, "missing": 1, "rate": 1 / 3,
            "stale": None,
        }  # fmt: skip
        table = office.query("patrol-coverage").arrow()
        counts = ("days", "patrolled", "missing")
        assert {str(table.schema.field(name).type) for name in counts} == {"int64"}
        days: dict[str, Any] = {"from": "2025-10-20", "to": "2025-10-23"}
        (after,) = office.query("patrol-coverage", **days).rows()
        assert pick(after, "days", "patrolled", "missing", "rate") == (4, 2, 2, 0.5)
        again = imported(register, tmp_path, HISTORY, keep_irregular=keep)
        assert again.imported == 0
