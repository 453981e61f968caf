"""What people hold and leave, once more, told slowly and plainly from the events alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

import pytest

from guanjia.domain.errors import Rejected

from .holding import Centre
from .register import Register, moment

Held = tuple[str, str, str]


class Stay(NamedTuple):
    """Where an account was from a time on; no post when it had left."""

    at: str
    version: int
    post: str | None
    centre: str | None


def told(register: Register, as_of: str) -> Iterator[tuple[str, int, str, dict[str, Any]]]:
    """Yield what was recorded by then: stream, version, topic and facts, without any row."""
    for row in register.store.read(0, 100_000):
        facts = json.loads(row.state)
        if moment(facts["recorded_at"]) <= moment(as_of):
            yield row.originator_id, row.originator_version, row.topic, facts


def holders(  # noqa: C901, PLR0912 - told event by event
    register: Register, as_of: str
) -> dict[Held, tuple[str, str]]:
    """Return (account, since) of each thing, by kind, home and name."""
    found: dict[Held, tuple[str, str]] = {}
    areas: dict[str, set[str]] = {}
    for stream, _, topic, facts in told(register, as_of):
        name = stream.partition(":")[2]
        at = facts["at"]
        match topic:
            case "complaint.dispatched.1":
                known = found.get(("case", "", name))
                if known is None or at >= known[1]:
                    found["case", "", name] = facts["handler"], at
            case "complaint.voided.1":
                found.pop(("case", "", name), None)
            case "key.lent.1":
                found["key", "", name] = facts["to"], at
            case "key.returned.1":
                found.pop(("key", "", name), None)
            case "unit.copy_issued.1":
                found["paper_copy", name, facts["copy_no"]] = facts["to"], at
            case "unit.copy_recalled.1":
                found.pop(("paper_copy", name, facts["copy_no"]), None)
            case "unit.document_borrowed.1":
                found["document", name, facts["document"]] = facts["borrower"], at
            case "unit.document_returned.1" | "unit.document_missing.1":
                found.pop(("document", name, facts["document"]), None)
            case "centre.area_assigned.1":
                staff, now = facts["staff"], set(facts["units"])
                for other, units in areas.items():
                    lost = units - now if other == staff else units & now
                    for unit in lost:
                        found.pop(("area", unit, unit), None)
                    units.difference_update(lost)
                for unit in now - areas.setdefault(staff, set()):
                    found["area", unit, unit] = staff, at
                areas[staff] |= now
    return found


def unsettled(register: Register, as_of: str) -> dict[Held, tuple[str, str, str]]:
    """Return (account, how, when) of what is held by who left or moved since, by the law alone."""
    stays: dict[str, list[Stay]] = {}
    for _, version, topic, facts in told(register, as_of):
        if topic.startswith("roster."):
            stay = Stay(facts["at"], version, facts.get("held"), facts.get("centre"))
            stays.setdefault(facts["staff"], []).append(stay)
    found = {}
    for thing, (account, since) in holders(register, as_of).items():
        known = sorted(stays.get(account, []))
        for before, after in pairwise(known):
            moved = after.post is None or (before.post is not None and before[2:] != after[2:])
            if moved and after.at > since:
                how = "transferred" if after.post else "left"
                found[thing] = account, how, after.at
                break
    return found


ACCOUNTS = ("stew1", "stew2", "tech1", "fitter1", "desk9")


def some_life(centre: Centre, seed: int) -> Iterator[str]:
    """Let things change hands and people move at random; yield a moment now and then."""
    random = Random(seed)  # noqa: S311 - chance is only chance
    at = moment("2025-10-10 09:00")
    for step in range(70):
        at += timedelta(minutes=random.randrange(1, 600))
        now = at.isoformat()
        account, n = random.choice(ACCOUNTS), random.choice("12")
        unit, due = f"U{n}", at + timedelta(days=3)
        stewards = [*ACCOUNTS[:2]]
        lines: list[tuple[str, str | None, dict[str, Any]]] = [
            ("dispatch_complaint", "desk1",
             {"complaint": "N-1", "department": "service", "handler": account}),
            ("lend_key", "desk1", {"key": f"K{n}", "to": account, "complaint": "N-1",
                                   "permit": None, "due_back": due}),
            ("return_key", "desk1", {"key": f"K{n}"}),
            ("issue_paper_copy", "head1", {"unit": unit, "copy": f"P-{step}", "to": account}),
            ("recall_paper_copy", "head1",
             {"unit": unit, "copy": f"P-{random.randrange(step + 1)}"}),
            ("borrow_document", "desk1", {"unit": unit, "document": f"A{n}", "borrower": account,
                                          "signed_by": "head1", "due_back": due}),
            ("return_document", "desk1", {"unit": unit, "document": f"A{n}"}),
            ("report_document_missing", "desk1", {"unit": unit, "document": f"A{n}"}),
            ("assign_area", "head1", {"staff": random.choice(stewards), "centre": "north",
                                      "units": random.sample(["U1", "U2"], random.randrange(3))}),
            ("staff_leaves", None, {"staff": account}),
            ("post_staff", None, {"staff": account, "person": f"p-{account}", "centre": "north",
                                  "post": random.choice(("steward", "technician"))}),
            ("transfer_staff", None, {"staff": account, "centre": random.choice(
                ("north", "south")), "post": random.choice(("steward", "front_desk"))}),
            ("transfer_staff", None, {"staff": account, "department": "other"}),
        ]  # fmt: skip
        do, by, fields = random.choice(lines)
        try:
            centre.register.do(do, now, by, **fields)
        except Rejected:
            continue
        if step % 7 == 0:
            yield now
    yield "2027-01-01 00:00"


@pytest.mark.parametrize("seed", range(12))
def test_the_views_agree_with_the_law_told_plainly(centre: Centre, seed: int) -> None:
    """At several moments of a random life, both count the same things from different ends."""
    moments = [*some_life(centre, seed)]
    for as_of in moments:
        rows = centre.register.ask("holdings", as_of)
        assert {_thing(row): (row["account"], row["since"]) for row in rows} == {
            thing: (account, moment(since))
            for thing, (account, since) in holders(centre.register, as_of).items()
        }
        rows = centre.register.ask("leavers", as_of)
        assert {_thing(row): (row["account"], row["how"], row["moved_at"]) for row in rows} == {
            thing: (account, how, moment(at))
            for thing, (account, how, at) in unsettled(centre.register, as_of).items()
        }


def _thing(row: dict[str, Any]) -> Held:
    unit = row["unit"] if row["kind"] in {"paper_copy", "document", "area"} else ""
    return row["kind"], unit, row["thing"]
