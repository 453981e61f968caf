"""Patrols by calendar day, and how much of the work they cover."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

import guanjia as gj

from .register import SHANGHAI, Register, moment, pick
from .sites import FAR, Site, covered

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


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
