"""The warranty's rates of random histories, against a notebook kept in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple, get_args

import pytest

from guanjia.domain.unit.commands import DefectKind

from .lines import Lines, load
from .register import Register, Row, moment
from .repairs import home, report, step

KINDS = get_args(DefectKind)
ASKED = [
    "2025-10-31 23:59:59",
    "2025-11-03 09:00",
    "2025-11-10 08:00",
    "2025-11-28 12:00",
    "2025-12-01 00:00",
    "2026-02-01 00:00",
]


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
