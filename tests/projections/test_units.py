"""Homes: their rows, the figures of handovers, and the visits that people owe.

The figures of visits are compared with a reference in Python, written apart from the SQL, as of
many moments of a drawn year.
"""

# ruff: noqa: ANN401 - the fields of a line are as loose as in a history file

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

import guanjia as gj
from guanjia.history import import_ndjson

from .register import Register, Row, moment, pick

KEYS = (("K1", "door"), ("C1", "card"), ("C2", "card"))
DEFECT = {"defect": "D1", "kind": "plumbing", "text": "水管渗漏"}


Columns = tuple[str, ...]


def told(do: str, at: str, by: str = "desk1", **fields: Any) -> Row:
    """Return a line of a history file."""
    return {"do": do, **fields, "by": by, "at": moment(at).isoformat()}


def home(unit: str = "U1", at: str = "2025-10-01 09:00", centre: str = "north") -> list[Row]:
    """Return the registration of a home with its owner."""
    by = "desk1" if centre == "north" else "desk2"
    return [
        told("register_unit", at, by, unit=unit, centre=centre, building="1", area="A"),
        told("register_resident", at, by, unit=unit, resident=f"{unit}-R", role="owner"),
    ]


def handover(unit: str, *, notice: str, inspection: str, at: str, found: int = 0) -> list[Row]:
    """Return the way from the notice to the handover."""
    defects = [{**DEFECT, "defect": f"D{number}"} for number in range(found)]
    keys = [f"{unit}-{name}" for name, _ in KEYS]
    received = (
        told(
            "receive_key", inspection, key=f"{unit}-{name}", unit=unit, centre="north", kind=kind,
            record="YJ-1", signed_by_both=True,
        )
        for name, kind in KEYS
    )  # fmt: skip
    return [
        told("give_handover_notice", notice, unit=unit, handover_on=at[:10]),
        told("inspect_unit", inspection, unit=unit, water="1", electricity="2", defects=defects),
        *received,
        told(
            "hand_over_unit", at, unit=unit, documents=["id_copy"], fees_paid=True,
            confirmation=f"JF-{unit}", keys=keys[:1], cards=keys[1:],
        ),
    ]  # fmt: skip


TWO_HOMES = [
    *home("U1"),
    *home("U2"),
    *handover(
        "U1", notice="2025-10-02 09:00", inspection="2025-10-19 10:00", at="2025-10-20 10:00",
        found=2,
    ),
    *handover(
        "U2", notice="2025-10-25 09:00", inspection="2025-10-31 10:00", at="2025-11-01 10:00",
    ),
    told("record_visit", "2025-11-05 10:00", unit="U1", kind="greeting"),
    told("register_resident", "2025-11-06 10:00", unit="U2", resident="T1", role="tenant"),
    told("assign_parking", "2025-11-07 10:00", unit="U2", space="B-1", resident="T1"),
]  # fmt: skip


def load(register: Register, folder: Path, lines: list[Row], *, keep: bool = False) -> Row:
    """Import lines; return the codes that were rejected or kept, counted."""
    file, rejects = folder / "history.ndjson", folder / "rejects.ndjson"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), "utf-8")
    summary = import_ndjson(register.office.application, file, rejects=rejects, keep_irregular=keep)
    assert summary.read == len(lines)
    rejected = rejects.read_text("utf-8").splitlines() if summary.rejects else []
    return {"rejected": [json.loads(one)["code"] for one in rejected], **summary.irregular}


def refused(folder: Path) -> set[int]:
    """Return the numbers of the lines that the last import rejected."""
    rejects = folder / "rejects.ndjson"
    lines = rejects.read_text("utf-8").splitlines() if rejects.exists() else []
    return {json.loads(one)["line"] for one in lines}


def only(register: Register, name: str, as_of: str, *columns: str, **filters: str) -> list[Any]:
    """Return the named columns of a view's rows."""
    rows = register.ask(name, as_of, **filters)
    return [pick(row, *columns) for row in rows]


# --- Homes and handovers --------------------------------------------------------------------------


def test_a_home_has_one_row(register: Register, tmp_path: Path) -> None:
    """From the registration to the handover, with who lives there."""
    assert load(register, tmp_path, TWO_HOMES) == {"rejected": []}
    columns = ("unit", "status", "owner", "residents", "spaces", "notice_days", "cards")
    assert only(register, "units", "2025-10-01 08:59:59", *columns) == []
    assert only(register, "units", "2025-10-19 10:00", *columns) == [
        ("U1", "inspected", "U1-R", 1, 0, 18, 0),
        ("U2", "registered", "U2-R", 1, 0, None, 0),
    ]
    assert only(register, "units", "2025-12-31 09:00", *columns) == [
        ("U1", "handed_over", "U1-R", 1, 0, 18, 2),
        ("U2", "handed_over", "U2-R", 2, 1, 7, 2),
    ]


def test_handover_figures(register: Register, tmp_path: Path) -> None:
    """Each step counts in its own month, a greeting in that of the moving in."""
    load(register, tmp_path, TWO_HOMES)
    columns: Columns = ("month", "noticed", "noticed_late", "inspected", "with_defects", "defects")
    assert only(register, "handovers", "2025-12-31 09:00", *columns) == [
        ("2025-10", 2, 1, 2, 1, 2),
        ("2025-11", 0, 0, 0, 0, 0),
    ]
    columns = ("month", "handed_over", "keys", "cards", "moved_in", "greeted", "greeting_missed")
    assert only(register, "handovers", "2025-11-01 10:00", *columns) == [
        ("2025-10", 1, 1, 2, 1, 0, 0),
        ("2025-11", 1, 1, 2, 1, 0, 0),
    ]
    assert only(register, "handovers", "2025-12-31 09:00", *columns) == [
        ("2025-10", 1, 1, 2, 1, 1, 0),
        ("2025-11", 1, 1, 2, 1, 0, 1),
    ]


def test_a_homes_promises_stand_in_sla(register: Register, tmp_path: Path) -> None:
    """With the centre and the home, beside everybody else's."""
    load(register, tmp_path, TWO_HOMES)
    columns = ("kind", "subject", "complaint", "centre", "unit", "commitment", "round", "outcome")
    rows = only(register, "sla", "2025-12-31 09:00", *columns, kind="unit", unit="U2")
    assert [row[:5] for row in rows] == [("unit", "U2", None, "north", "U2")] * len(rows)
    promises = [row[5:] for row in rows if row[5] in ("handover_notice", "greeting")]
    assert promises == [
        ("handover_notice", 1, "missed"),
        ("greeting", 1, "superseded"),
        ("greeting", 2, "missed"),
    ]


def test_keys_handed_over_are_the_owners(register: Register, tmp_path: Path) -> None:
    """One entrusted and lent afterwards is out, as any other key."""
    back = told(
        "entrust_key", "2025-11-10 09:00", key="U1-K1", resident="U1-R", purpose="renovation",
        until=moment("2025-12-31 18:00").isoformat(),
    )  # fmt: skip
    case = told(
        "receive_complaint", "2025-11-10 10:00", complaint="N-1", centre="north", channel="phone",
        category="repair", topic="leak", text="漏水", contact=None, unit="U1",
    )  # fmt: skip
    lent = told(
        "lend_key", "2025-11-10 11:00", key="U1-K1", to="tech1", complaint="N-1",
        due_back=moment("2025-11-11 18:00").isoformat(),
    )  # fmt: skip
    assert load(register, tmp_path, [*TWO_HOMES, back, case, lent]) == {"rejected": []}
    assert only(register, "keys-out", "2025-11-12 09:00", "key", "unit", "holder", "overdue") == [
        ("U1-K1", "U1", "tech1", True)
    ]
    overdue = only(register, "sla", "2025-11-12 09:00", "subject", "outcome", kind="key")
    assert overdue == [("U1-K1", "missed")]


def test_an_old_register_is_kept_with_its_faults(register: Register, tmp_path: Path) -> None:
    """Rejected, or kept with the codes on the home's row and on its promises."""
    faulty = [*home("U1"), *handover(
        "U1", notice="2025-10-02 09:00", inspection="2025-10-19 10:00", at="2025-10-20 10:00",
    )]  # fmt: skip
    faulty = [one for one in faulty if one["do"] != "give_handover_notice"]
    codes = load(register, tmp_path, faulty)["rejected"]
    assert codes == ["notice_missing", "notice_missing"]
    assert load(register, tmp_path, faulty, keep=True)["notice_missing"] == 2
    assert only(register, "units", "2025-12-31 09:00", "status", "irregular") == [
        ("handed_over", "notice_missing")
    ]
    assert set(only(register, "sla", "2025-12-31 09:00", "irregular", kind="unit")) == {
        ("notice_missing",)
    }


def test_homes_not_yet_renovated(register: Register, tmp_path: Path) -> None:
    """From the handover to the issue of a permit, with the last call."""
    lines = [
        *TWO_HOMES,
        told("record_visit", "2025-11-20 10:00", unit="U1", kind="renovation_call"),
        told("record_visit", "2025-11-25 10:00", unit="U1", kind="renovation_call"),
        told(
            "apply_for_permit", "2025-12-01 09:00", permit="P1", unit="U2", resident="U2-R",
            plan="-", contractor="-", licence="L-1",
        ),
        told("review_permit", "2025-12-02 09:00", "head1", permit="P1", outcome="approved"),
        told(
            "sign_agreement", "2025-12-03 09:00", permit="P1", agreement="XY-1", deposit="2000",
            fees_paid=True, water_test_ok=True,
            meters={"water": "1", "electricity": "2", "gas": "3"},
        ),
        told(
            "issue_permit", "2025-12-04 09:00", "head1", permit="P1", valid_from="2025-12-05",
            valid_to="2026-02-05",
        ),
    ]  # fmt: skip
    assert load(register, tmp_path, lines) == {"rejected": []}
    columns = ("unit", "calls", "days_since")
    expected = [("U1", 2, 5), ("U2", 0, 29)]
    assert only(register, "unrenovated-homes", "2025-11-30 09:00", *columns) == expected
    assert only(register, "unrenovated-homes", "2025-12-04 09:00", *columns) == [("U1", 2, 9)]


# --- Visits and areas -----------------------------------------------------------------------------

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
        return only(register, "visit-quotas", as_of, *columns, **asked)

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
    rows = only(register, "visit-quotas", "2025-12-31 09:00", "month", "quota", person="p-super1")
    assert rows == [("2025-10", 2), ("2025-11", 2), ("2025-12", 5)]


def test_whoever_holds_the_post_owes_the_visits(register: Register, tmp_path: Path) -> None:
    """A transfer changes the quota of its month, and who left owes none any more."""
    register.post("stew1", "steward", "p-stew1", centre="north", department="service")
    moved = told("transfer_staff", "2025-11-10 09:00", "hq", staff="stew1", post="supervisor")
    left = told("staff_leaves", "2025-12-10 09:00", "hq", staff="stew1")
    load(register, tmp_path, [*home(), moved, left])
    columns = ("month", "post", "quota", "part_month")
    rows = only(register, "visit-quotas", "2026-02-01 09:00", *columns, person="p-stew1")
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
    columns: Columns = ("unit", "staff", "quarter", "last_visited_at")
    at = "2025-10-10 10:00:00"
    assert only(register, "uncovered-homes", "2025-12-31 23:59:59", *columns) == [
        ("U1", "stew1", "2025-Q4", None)
    ]
    assert only(register, "uncovered-homes", "2026-01-01 00:00", *columns) == [
        ("U0", "stew1", "2026-Q1", at),
        ("U1", "stew1", "2026-Q1", None),
    ]
    columns = ("month", "visited", "met", "area", "quarter_visited", "quarter_uncovered")
    rows = only(register, "visit-quotas", "2026-01-05 09:00", *columns, person="p-stew1")
    assert rows == [
        ("2025-10", 1, False, 2, 1, 1),
        ("2025-11", 0, False, 2, 1, 1),
        ("2025-12", 0, False, 2, 1, 1),
        ("2026-01", 0, False, 2, 0, 2),
    ]


# --- The reference --------------------------------------------------------------------------------


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
        load(register, tmp_path, lines)
        taken = [one for number, one in enumerate(lines, 1) if number not in refused(tmp_path)]
        moments = [f"2025-{month:02}-{day:02} 12:00" for month in range(3, 13) for day in (2, 28)]
        columns = ("month", "person", "post", "visited", "met", "area", "quarter_visited")
        for as_of in (*moments, "2025-06-30 23:59:59", "2025-07-01 00:00"):
            found = only(register, "visit-quotas", as_of, *columns, centre="north")
            assert sorted(found) == sorted(Reference(taken, moment(as_of)).rows()), as_of
