"""Renovations in the views: patrols by calendar day, coverage, validity and violations."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

import guanjia as gj
from guanjia.history import Summary, import_ndjson
from guanjia.office import Office

from .register import SHANGHAI, Register, Row, moment, pick, short

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
FAR = moment("2027-01-01 00:00")


class Site:
    """A renovation in north, applied for on 2025-10-13 and agreed on 10-15."""

    def __init__(self, register: Register, name: str = "P-1", unit: str = "U1") -> None:
        self.register = register
        self.name = name
        self.do(
            "apply_for_permit", "2025-10-13 09:00",
            unit=unit, resident="R1", plan="改造", contractor="李四", licence="L-1",
        )  # fmt: skip
        self.do("review_permit", "2025-10-14 09:00", outcome="approved")
        meters = {"water": "1", "electricity": "2", "gas": "3"}
        self.do(
            "sign_agreement", "2025-10-15 09:00",
            agreement="XY-1", deposit="2000", fees_paid=True, water_test_ok=True, meters=meters,
        )  # fmt: skip

    def do(self, do: str, at: str | datetime, by: str = "super1", **more: Any) -> None:  # noqa: ANN401 - a line's
        """Execute a line about the renovation."""
        self.register.do(do, at, by, permit=self.name, **more)

    def issue(self, at: str | datetime = "2025-10-20 09:00", last: str = "2025-12-20") -> None:
        """Issue the permit."""
        first = f"{moment(at).date()}"
        self.do("issue_permit", at, valid_from=first, valid_to=last)

    def patrol(self, at: str | datetime, **more: Any) -> None:  # noqa: ANN401 - a line's
        """Go through the site."""
        self.do("patrol_renovation", at, "tech1", fire_safety=True, passes=True, site=True, **more)

    def complete(self, at: str | datetime, **more: Any) -> None:  # noqa: ANN401 - a line's
        """Complete the work."""
        self.do("complete_renovation", at, **more)

    def accept(self, at: str | datetime, *, ok: bool = True) -> None:
        """Accept the work, or send it back."""
        self.do("accept_renovation", at, water_test_ok=ok, structure_ok=True)

    def violation(self, at: str, step: str, name: str = "V-1", **more: Any) -> None:  # noqa: ANN401 - a line's
        """Take a step against a violation."""
        self.do("record_violation", at, violation=name, step=step, **more)

    def patrols(self, as_of: str | datetime) -> list[tuple[str, int, str]]:
        """Return (day, round, outcome) of the days."""
        rows = self.register.ask("sla", as_of, subject=self.name, commitment="patrol")
        return [(f"{row['started_at']:%m-%d}", row["round"], row["outcome"]) for row in rows]

    def coverage(self, as_of: str | datetime) -> tuple[Any, ...] | None:
        """Return (from, to, days, patrolled, missing, rate), None without a row."""
        return covered(self.register, as_of).get(self.name)


def covered(register: Register, as_of: str | datetime) -> dict[str, tuple[Any, ...]]:
    """Return (from, to, days, patrolled, missing, rate) of every renovation."""
    columns = ("from", "to", "days", "patrolled", "missing", "rate")
    rows = register.ask("patrol-coverage", as_of)
    return {row["permit"]: tuple(row[name] for name in columns) for row in rows}


@pytest.fixture
def site(register: Register) -> Site:
    """Return a renovation whose permit is about to be issued."""
    return Site(register)


def test_a_day_exists_from_its_beginning(site: Site) -> None:
    """The day of issue from the issue on, each other from midnight; a day is missed when over."""
    site.issue("2025-10-20 09:00")
    assert site.patrols("2025-10-20 08:59:59") == []
    assert site.patrols("2025-10-20 09:00") == [("10-20", 1, "open")]
    assert site.patrols("2025-10-20 23:59:59") == [("10-20", 1, "open")]
    assert site.patrols("2025-10-21 00:00") == [("10-20", 1, "missed"), ("10-21", 1, "open")]


def test_the_first_patrol_of_a_day_keeps_it(site: Site) -> None:
    """From midnight to 23:59:59; a second one changes nothing."""
    site.issue()
    for at in ("2025-10-20 23:59:59", "2025-10-22 00:00", "2025-10-22 09:00"):
        site.patrol(at)
    rows = site.register.ask("sla", "2025-10-23 00:00", subject="P-1", commitment="patrol")
    assert [pick(row, "due_at", "stopped_at", "outcome", "late_seconds") for row in rows] == [
        ("2025-10-20 23:59:59", "2025-10-20 23:59:59", "met", None),
        ("2025-10-21 23:59:59", None, "missed", 86_401),
        ("2025-10-22 23:59:59", "2025-10-22 00:00:00", "met", None),
        ("2025-10-23 23:59:59", None, "open", None),
    ]
    assert {(row["kind"], row["complaint"], row["centre"], row["unit"]) for row in rows} == {
        ("permit", None, "north", "U1")
    }


def test_the_day_of_completion_is_the_last(site: Site) -> None:
    """It can be patrolled after the completion, and no day follows it."""
    site.issue()
    site.complete("2025-10-22 10:00")
    site.patrol("2025-10-22 18:00")
    assert site.patrols("2025-11-20 00:00") == [
        ("10-20", 1, "missed"),
        ("10-21", 1, "missed"),
        ("10-22", 1, "met"),
    ]


def test_stopped_work_is_patrolled_every_day(site: Site) -> None:
    """The days of a stop count like any other."""
    site.issue()
    site.do("stop_work", "2025-10-20 12:00", reason="动火无证")
    site.patrol("2025-10-21 09:00")
    assert site.patrols("2025-10-22 00:00") == [
        ("10-20", 1, "missed"),
        ("10-21", 1, "met"),
        ("10-22", 1, "open"),
    ]


def test_work_sent_back_is_patrolled_again(site: Site) -> None:
    """Not between completion and failed acceptance; a day of both turns counts once."""
    site.issue()
    site.complete("2025-10-21 10:00")
    site.accept("2025-10-24 09:00", ok=False)
    site.complete("2025-10-25 10:00")
    site.accept("2025-10-25 11:00", ok=False)
    assert site.patrols("2025-10-26 12:00") == [
        ("10-20", 1, "missed"),
        ("10-21", 1, "missed"),
        ("10-24", 2, "missed"),
        ("10-25", 2, "missed"),
        ("10-26", 3, "open"),
    ]
    assert site.coverage("2025-10-26 12:00") == ("2025-10-20", "2025-10-26", 5, 0, 4, 0)


def test_today_lowers_the_rate_but_is_never_missing(site: Site) -> None:
    """Days are counted from their beginning, and missing once over."""
    site.issue()
    assert site.coverage("2025-10-20 08:59:59") is None
    assert site.coverage("2025-10-20 09:00") == ("2025-10-20", "2025-10-20", 1, 0, 0, 0)
    site.patrol("2025-10-20 10:00")
    assert site.coverage("2025-10-20 10:00") == ("2025-10-20", "2025-10-20", 1, 1, 0, 1)
    assert site.coverage("2025-10-21 10:00") == ("2025-10-20", "2025-10-21", 2, 1, 0, 0.5)
    assert site.coverage("2025-10-22 00:00") == ("2025-10-20", "2025-10-22", 3, 1, 1, 1 / 3)


def test_a_patrol_typed_in_late_was_missed_until_then(site: Site) -> None:
    """As of a moment only what was recorded by then counts; the answer of then stands."""
    site.issue()
    site.patrol("2025-10-20 10:00", recorded_at="2025-10-22 08:00")
    assert site.patrols("2025-10-22 07:59:59")[0] == ("10-20", 1, "missed")
    assert site.patrols("2025-10-22 08:00")[0] == ("10-20", 1, "met")


def test_a_company_may_ask_for_more_patrols(register: Register) -> None:
    """The policy that bound at the application says how many make a day."""
    register.do(
        "adopt_policy", "2025-10-01 00:00", "hq", version="2",
        effective_from="2025-10-02T00:00:00+08:00", renovation_patrols_per_day=2,
    )  # fmt: skip
    site = Site(register)
    site.issue()
    site.patrol("2025-10-20 10:00")
    site.patrol("2025-10-21 10:00")
    site.patrol("2025-10-21 15:00")
    assert site.coverage("2025-10-22 00:00") == ("2025-10-20", "2025-10-22", 3, 1, 1, 1 / 3)


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


def test_a_day_of_a_changing_clock_is_a_day() -> None:
    """Where clocks go back a day has 25 hours, and is still one day."""
    zone = ZoneInfo("Europe/Berlin")
    office = gj.open_in_memory(zone=zone.key, clock=lambda: FAR)
    with office:
        register = Register(office)
        register.staff()
        site = Site(register)
        site.issue("2025-10-25T09:00:00+02:00")
        site.patrol("2025-10-26T23:30:00+01:00")
        as_of = datetime(2025, 10, 27, 0, 0, tzinfo=zone)
        assert site.coverage(as_of) == ("2025-10-25", "2025-10-27", 3, 1, 1, 1 / 3)
        rows = register.ask("sla", as_of, commitment="patrol")
        assert [row["due_at"].isoformat() for row in rows] == [
            "2025-10-25T23:59:59+02:00",
            "2025-10-26T23:59:59+01:00",
            "2025-10-27T23:59:59+01:00",
        ]


# --- A naive reference ----------------------------------------------------------------------------


class Fact(NamedTuple):
    """Something that happened on a site, and when it was recorded."""

    what: str
    at: datetime
    recorded_at: datetime


def reference(facts: list[Fact], as_of: datetime) -> tuple[Any, ...] | None:
    """Count days one by one."""
    known = sorted((f for f in facts if f.recorded_at <= as_of), key=lambda f: f.recorded_at)
    begun: datetime | None = None
    days: set[date] = set()
    for fact in known:
        if fact.what in ("issue", "failed"):
            begun = fact.at
        if fact.what == "complete" and begun:
            days |= between(begun, fact.at)
            begun = None
    if begun:
        days |= between(begun, as_of)
    if not days:
        return None
    seen = {f.at.astimezone(SHANGHAI).date() for f in known if f.what == "patrol"} & days
    over = {day for day in days if day < as_of.astimezone(SHANGHAI).date()}
    first, last = f"{min(days)}", f"{max(days)}"
    return (first, last, len(days), len(seen), len(over - seen), len(seen) / len(days))


def between(first: datetime, last: datetime) -> set[date]:
    """Return the days from one moment to another, both included."""
    start, end = (at.astimezone(SHANGHAI).date() for at in (first, last))
    return {start + n * DAY for n in range((end - start).days + 1)}


def played(site: Site, random: Random) -> list[Fact]:
    """Let things happen on a site; return them."""
    facts: list[Fact] = []
    recorded_at = now = moment("2025-10-20 00:00") + random.randrange(86_400) * SECOND

    def note(what: str, at: datetime, do: str, **fields: object) -> None:
        nonlocal recorded_at
        recorded_at = max(recorded_at, at + random.choice((0, 0, 0, 90_000)) * SECOND)
        by = "tech1" if what == "patrol" else "super1"
        site.do(do, at, by, recorded_at=recorded_at, **fields)
        facts.append(Fact(what, at, recorded_at))

    day = now.date().isoformat()
    note("issue", now, "issue_permit", valid_from=day, valid_to="2026-12-31")
    for _ in range(random.randint(0, 2)):
        now = work(note, now, random)
        note("complete", now, "complete_renovation")
        now += random.randrange(2 * 86_400) * SECOND
        note("failed", now, "accept_renovation", water_test_ok=False, structure_ok=True)
    now = work(note, now, random)
    if random.random() < 0.7:
        note("complete", now, "complete_renovation")
    return facts


def work(note: Any, now: datetime, random: Random) -> datetime:  # noqa: ANN401 - played's own
    """Let some days of work pass with some patrols; return when."""
    for _ in range(random.randint(0, 6)):
        now += random.randrange(1, 140_000) * SECOND
        if random.random() < 0.8:
            found = {"fire_safety": True, "passes": True, "site": True}
            note("patrol", now, "patrol_renovation", **found)
    return now + random.randrange(1, 60_000) * SECOND


@pytest.mark.parametrize("seed", range(6))
def test_coverage_is_what_counting_day_by_day_gives(register: Register, seed: int) -> None:
    """Random sites, as of the turn of every day, of every record and just before it."""
    random = Random(seed)  # noqa: S311 - any will do
    sites = [Site(register, f"P-{n}", f"U{n}") for n in range(4)]
    histories = [played(site, random) for site in sites]
    recorded = sorted({f.recorded_at for facts in histories for f in facts})
    midnights = [moment("2025-10-20 00:00") + n * DAY for n in range(0, 40, 4)]
    for at in [*random.sample(recorded, 8), *midnights]:
        for as_of in (at - SECOND, at):
            assert covered(register, as_of) == {
                site.name: counted
                for site, facts in zip(sites, histories, strict=True)
                if (counted := reference(facts, as_of))
            }, as_of


# --- From a history file to the views -------------------------------------------------------------


def iso(at: str) -> str:
    """Return a short time as in a history file."""
    return moment(at).isoformat()


def line(do: str, at: str, by: str = "stew1", **fields: object) -> Row:
    """Return a line about P-1."""
    return {"do": do, "permit": "P-1", **fields, "by": by, "at": iso(at)}


def staff(account: str, post: str) -> Row:
    """Return the line that posts somebody to north."""
    place = {"centre": "north", "department": "service"}
    who = {"do": "post_staff", "staff": account, "person": f"p-{account}", "post": post}
    return {**who, **place, "at": iso("2025-01-01 00:00")}


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


def imported(office: Office, folder: Path, *, keep_irregular: bool) -> Summary:
    """Import the history."""
    path = folder / "history.ndjson"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in HISTORY), "utf-8")
    return import_ndjson(office.application, path, keep_irregular=keep_irregular)


@pytest.mark.parametrize("keep", [False, True])
def test_a_history_becomes_rows(tmp_path: Path, keep: bool) -> None:
    """Line by line; a skipped step is rejected, or kept with its code on every row."""
    with gj.open_in_memory(clock=lambda: FAR) as office:
        summary = imported(office, tmp_path, keep_irregular=keep)
        rejected = 0 if keep else 1
        assert (summary.read, summary.rejected) == (len(HISTORY), rejected)
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
        assert imported(office, tmp_path, keep_irregular=keep).imported == 0
