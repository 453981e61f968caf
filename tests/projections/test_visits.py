"""The visits that people owe, home by home, and the areas of the stewards.

The figures are compared with a reference in Python, written apart from the SQL, as of many moments
of a drawn year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import guanjia as gj

from .homes import home
from .lines import imported, load, rejected, told
from .register import Register, Row, moment, picked

STEWARDS = (("stew1", "p-stew1"), ("stew2", "p-stew2"), ("stew9", "p-stew1"))
"""stew9 is a second account of the person behind stew1."""


def test_a_quota_is_met_home_by_home(register: Register, tmp_path: Path) -> None:
    """A home visited twice counts once, a call not at all; a running month is not missed yet."""
    homes = [line for number in range(3) for line in home(f"U{number}")]
    visits = [
        told("record_visit", "2025-10-03 10:00", "super1", unit="U0", kind="regular"),
        told("record_visit", "2025-10-04 10:00", "super1", unit="U0", kind="key_client"),
        told("record_visit", "2025-10-05 10:00", "super1", unit="U1", kind="renovation_call"),
        told("record_visit", "2025-10-31 23:59:59", "super1", unit="U2", kind="regular"),
    ]
    load(register, tmp_path, [*homes, *visits])
    columns = ("month", "centre", "post", "quota", "visited", "met", "area")
    asked = {"person": "p-super1"}

    def quotas(as_of: str) -> list[Any]:
        return picked(register, "visit-quotas", as_of, *columns, **asked)

    one = ("2025-10", "north", "supervisor", 2)
    assert quotas("2025-10-06 09:00") == [(*one, 1, False, None)]
    assert quotas("2025-10-31 23:59:59") == [(*one, 2, True, None)]
    assert quotas("2025-12-01 00:00")[1:] == [
        ("2025-11", "north", "supervisor", 2, 0, False, None),
        ("2025-12", "north", "supervisor", 2, 0, False, None),
    ]


def test_the_policy_in_force_at_the_months_start_is_the_quota(
    register: Register, tmp_path: Path
) -> None:
    """One adopted, or learned of, during the month counts from the next."""
    adopted = {
        "do": "adopt_policy",
        "version": "2",
        "effective_from": moment("2025-11-01 00:00").isoformat(),
        "visits_supervisor_homes": 5,
        "by": "hq",
        "at": moment("2025-11-02 09:00").isoformat(),
    }
    load(register, tmp_path, [*home(), adopted])
    rows = picked(register, "visit-quotas", "2025-12-31 09:00", "month", "quota", person="p-super1")
    assert rows == [("2025-10", 2), ("2025-11", 2), ("2025-12", 5)]


def test_whoever_holds_the_post_owes_the_visits(register: Register, tmp_path: Path) -> None:
    """A transfer changes the quota of its month, and who left owes none any more."""
    register.post("stew1", "steward", "p-stew1", centre="north", department="service")
    moved = told("transfer_staff", "2025-11-10 09:00", "hq", staff="stew1", post="supervisor")
    left = told("staff_leaves", "2025-12-10 09:00", "hq", staff="stew1")
    load(register, tmp_path, [*home(), moved, left])
    columns = ("month", "post", "quota", "part_month")
    rows = picked(register, "visit-quotas", "2026-02-01 09:00", *columns, person="p-stew1")
    assert rows == [
        ("2025-10", "steward", 10, False),
        ("2025-11", "supervisor", 2, False),
        ("2025-12", "supervisor", 2, True),
    ]


def test_a_steward_covers_the_area_each_quarter(register: Register, tmp_path: Path) -> None:
    """Homes without a visit by their own steward are listed, and counted beside the quota."""
    register.post("stew1", "steward", "p-stew1", centre="north", department="service")
    homes = [line for number in range(3) for line in home(f"U{number}")]
    lines = [
        *homes,
        told("assign_area", "2025-10-02 09:00", "super1", centre="north", staff="stew1",
             units=["U0", "U1"]),
        told("record_visit", "2025-10-10 10:00", "stew1", unit="U0", kind="regular"),
        told("record_visit", "2025-11-10 10:00", "super1", unit="U1", kind="regular"),
    ]  # fmt: skip
    load(register, tmp_path, lines)
    seen = ("unit", "staff", "quarter", "last_visited_at")
    at = "2025-10-10 10:00:00"
    assert picked(register, "uncovered-homes", "2025-12-31 23:59:59", *seen) == [
        ("U1", "stew1", "2025-Q4", None)
    ]
    assert picked(register, "uncovered-homes", "2026-01-01 00:00", *seen) == [
        ("U0", "stew1", "2026-Q1", at),
        ("U1", "stew1", "2026-Q1", None),
    ]
    columns = ("month", "visited", "met", "area", "quarter_visited", "quarter_uncovered")
    rows = picked(register, "visit-quotas", "2026-01-05 09:00", *columns, person="p-stew1")
    assert rows == [
        ("2025-10", 1, False, 2, 1, 1),
        ("2025-11", 0, False, 2, 1, 1),
        ("2025-12", 0, False, 2, 1, 1),
        ("2026-01", 0, False, 2, 0, 2),
    ]


def drawn(random: Random) -> list[Row]:
    """Return a drawn year: postings, areas and visits, some of them typed in days later."""
    start = moment("2025-03-01 00:00")
    units = [f"U{number}" for number in range(12)]
    lines = [line for unit in units for line in home(unit, "2025-03-03 09:00")]
    times = sorted(start + timedelta(days=3, hours=random.randrange(24 * 300)) for _ in range(400))
    left: set[str] = set()
    for at in times:
        account, _ = random.choice(STEWARDS)
        line = _step(random, account, units, left)
        late = timedelta(days=random.choice([0, 0, 0, 1, 20]))
        if line:
            lines.append({**line, "at": at.isoformat(), "recorded_at": (at + late).isoformat()})
    return sorted(lines, key=lambda one: str(one.get("recorded_at", one["at"])))


def _step(random: Random, account: str, units: list[str], left: set[str]) -> Row | None:
    chance = random.random()
    if chance < 0.85:
        kind = random.choice(["regular", "regular", "greeting", "key_client", "renovation_call"])
        by = random.choice([account, account, "super1", "desk1"])
        unit = random.choice(units)
        return {"do": "record_visit", "unit": unit, "kind": kind, "by": by}
    if chance < 0.95:
        area = random.sample(units, 4)
        return {
            "do": "assign_area", "centre": "north", "staff": account, "units": area,
            "by": "super1",
        }  # fmt: skip
    if account in left or len(left) == 1:
        return None
    left.add(account)
    return {"do": "transfer_staff", "staff": account, "post": "supervisor", "by": "hq"}


class Reference:
    """The visits owed and done, from the lines that were taken, as of a moment."""

    def __init__(self, lines: list[Row], as_of: datetime) -> None:
        self.as_of = as_of
        known = [(datetime.fromisoformat(one["at"]), one) for one in lines if _known(one, as_of)]
        self.known = sorted(known, key=lambda one: one[0])

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield month, person, post, visited, met, area and quarter_visited."""
        for month in self._months():
            following = _next(month)
            judged = min(following - timedelta(seconds=1), self.as_of)
            for person in sorted({person for _, person in STEWARDS} | {"p-super1", "p-head1"}):
                post = self._post(person, judged)
                visited = len(self._visited(person, month, following))
                quota = 10 if post == "steward" else 2
                met = visited >= quota
                area, covered = None, None
                if post == "steward":
                    mine = self._area(person, judged)
                    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
                    seen = self._visited(person, quarter, judged + timedelta(seconds=1))
                    area, covered = len(mine), len(mine & seen)
                yield f"{month:%Y-%m}", person, post, visited, met, area, covered

    def _months(self) -> Iterator[datetime]:
        month = moment("2025-03-01 00:00")
        while month <= self.as_of and self.known:
            yield month
            month = _next(month)

    def _post(self, person: str, when: datetime) -> str:
        if person in ("p-super1", "p-head1"):
            return "supervisor" if person == "p-super1" else "department_head"
        accounts = {account for account, holder in STEWARDS if holder == person}
        moved = {
            one["staff"] for at, one in self.known if one["do"] == "transfer_staff" and at <= when
        }
        return "supervisor" if accounts <= moved else "steward"

    def _visited(self, person: str, start: datetime, end: datetime) -> set[str]:
        accounts = {account for account, holder in STEWARDS if holder == person}
        accounts |= {person.removeprefix("p-")}
        return {
            one["unit"]
            for at, one in self.known
            if one["do"] == "record_visit"
            and one["kind"] != "renovation_call"
            and one["by"] in accounts
            and start <= at < end
        }

    def _area(self, person: str, when: datetime) -> set[str]:
        owner: dict[str, str] = {}
        for at, one in self.known:
            if one["do"] != "assign_area" or at > when:
                continue
            owner = {unit: staff for unit, staff in owner.items() if staff != one["staff"]}
            owner |= dict.fromkeys(one["units"], one["staff"])
        holders = dict(STEWARDS)
        return {unit for unit, staff in owner.items() if holders[staff] == person}


def _known(line: Row, as_of: datetime) -> bool:
    return datetime.fromisoformat(line.get("recorded_at") or line["at"]) <= as_of


def _next(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)


@pytest.mark.parametrize("seed", range(3))
def test_visits_agree_with_the_reference(tmp_path: Path, seed: int) -> None:
    """Month by month and person by person, as of many moments."""
    random = Random(seed)  # noqa: S311 - a drawn history, no secret
    lines = drawn(random)
    with gj.open_in_memory(clock=lambda: moment("2028-01-01 00:00")) as office:
        register = Register(office)
        register.staff()
        for account, person in STEWARDS:
            register.post(account, "steward", person, centre="north", department="service")
        refused = rejected(imported(register, tmp_path, lines))
        taken = [one for number, one in enumerate(lines, 1) if number not in refused]
        moments = [f"2025-{month:02}-{day:02} 12:00" for month in range(3, 13) for day in (2, 28)]
        columns = ("month", "person", "post", "visited", "met", "area", "quarter_visited")
        for as_of in (*moments, "2025-06-30 23:59:59", "2025-07-01 00:00"):
            found = picked(register, "visit-quotas", as_of, *columns, centre="north")
            assert sorted(found) == sorted(Reference(taken, moment(as_of)).rows()), as_of
