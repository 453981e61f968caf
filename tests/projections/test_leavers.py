"""People who leave or move: what they have stays listed until it is taken back or given on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

import pytest

from guanjia.domain.errors import Rejected

from .register import Register, moment, pick

Held = tuple[str, str, str]
EACH = {("area", "U1"), ("case", "N-1"), ("document", "A1"), ("key", "K1"), ("paper_copy", "P-1")}


class Centre:
    """Two homes of north with a steward's area, a file and a key each, and a case about U1."""

    def __init__(self, register: Register) -> None:
        self.register = register
        for account in ("stew1", "stew2"):
            register.post(account, "steward", centre="north", department="service")
        for number in ("1", "2"):
            unit = f"U{number}"
            self.do("register_unit", "2025-10-01 09:00", unit=unit, centre="north", building="1")
            self.do(
                "file_document", "2025-10-01 10:00",
                unit=unit, document=f"A{number}", kind="inspection",
            )  # fmt: skip
            self.do(
                "receive_key", "2025-10-01 10:00",
                key=f"K{number}", unit=unit, centre="north", kind="door", record="YJ-1",
                signed_by_both=True,
            )  # fmt: skip
        register.receive("N-1", "2025-10-02 09:00", unit="U1")

    def do(self, do: str, at: str, by: str = "desk1", **more: Any) -> None:  # noqa: ANN401
        """Execute a line."""
        self.register.do(do, at, by, **more)

    def move(self, do: str, at: str, staff: str, **more: Any) -> None:  # noqa: ANN401
        """Execute a line of the roster."""
        self.register.do(do, at, None, staff=staff, **more)

    def give_all(self, at: str, to: str = "stew1") -> None:
        """Let one account have one thing of each kind."""
        due = moment("2026-06-01 18:00")
        self.do("dispatch_complaint", at, complaint="N-1", department="service", handler=to)
        self.do("lend_key", at, key="K1", to=to, permit=None, complaint="N-1", due_back=due)
        self.do("issue_paper_copy", at, "head1", unit="U1", copy="P-1", to=to)
        self.do(
            "borrow_document", at,
            unit="U1", document="A1", borrower=to, signed_by="head1", due_back=due,
        )  # fmt: skip
        self.do("assign_area", at, "head1", staff=to, centre="north", units=["U1"])

    def held(self, as_of: str, **filters: str) -> set[tuple[str, str]]:
        """Return (kind, thing) of what is held."""
        rows = self.register.ask("holdings", as_of, **filters)
        return {(row["kind"], row["thing"]) for row in rows}

    def unsettled(self, as_of: str, **filters: str) -> set[tuple[str, str]]:
        """Return (kind, thing) of what somebody who left or moved has still."""
        rows = self.register.ask("leavers", as_of, **filters)
        return {(row["kind"], row["thing"]) for row in rows}


@pytest.fixture
def centre(register: Register) -> Centre:
    """Return the centre; nobody has anything yet."""
    return Centre(register)


@pytest.fixture
def given(centre: Centre) -> Centre:
    """Return the centre in which stew1 got one thing of each kind on 2025-10-10."""
    centre.give_all("2025-10-10 09:00")
    return centre


def test_everything_somebody_has_is_listed(given: Centre) -> None:
    """One row a thing: whose account, which person, since when."""
    assert given.held("2025-10-10 08:59:59") == set()
    assert given.held("2025-10-10 09:00", account="stew1") == EACH
    for row in given.register.ask("holdings", "2025-10-10 09:00"):
        assert pick(row, "centre", "unit", "account", "person", "since") == (
            "north", "U1", "stew1", "p-stew1", "2025-10-10 09:00:00",
        )  # fmt: skip


def test_leaving_is_not_refused_because_things_are_held(given: Centre) -> None:
    """Neither leaving nor moving waits for anything: what is held is listed from then on."""
    given.move("staff_leaves", "2025-11-01 09:00", "stew1")
    assert given.unsettled("2025-11-01 08:59:59") == set()
    assert given.unsettled("2025-11-01 09:00") == EACH
    for row in given.register.ask("leavers", "2025-11-01 09:00", account="stew1"):
        assert pick(row, "person", "moved_at", "how", "centre", "unit", "since") == (
            "p-stew1", "2025-11-01 09:00:00", "left", "north", "U1", "2025-10-10 09:00:00",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "listed"),
    [
        ({"centre": "south"}, True),
        ({"post": "front_desk"}, True),
        ({"post": "quality"}, True),
        ({"department": "engineering"}, False),
        ({}, False),
    ],
)
def test_a_transfer_lists_what_is_held(given: Centre, place: dict[str, str], listed: bool) -> None:
    """To another post or centre; within both, in another department, nothing is handed back."""
    given.move("transfer_staff", "2025-11-01 09:00", "stew1", **place)
    assert given.unsettled("2025-12-01 00:00") == (EACH if listed else set())
    hows = {row["how"] for row in given.register.ask("leavers", "2025-12-01 00:00")}
    assert hows == ({"transferred"} if listed else set())


SETTLED: dict[str, Callable[[Centre], object]] = {
    "case": lambda c: c.do(
        "dispatch_complaint", "2025-11-03 09:00",
        complaint="N-1", department="service", handler="stew2",
    ),
    "key": lambda c: c.do("return_key", "2025-11-03 09:00", key="K1"),
    "paper_copy": lambda c: c.do(
        "recall_paper_copy", "2025-11-03 09:00", "head1", unit="U1", copy="P-1"
    ),
    "document": lambda c: c.do("return_document", "2025-11-03 09:00", unit="U1", document="A1"),
    "area": lambda c: c.do(
        "assign_area", "2025-11-03 09:00", "head1", staff="stew2", centre="north", units=["U1"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SETTLED)
def test_each_thing_is_listed_until_it_is_settled(given: Centre, kind: str) -> None:
    """Taken back or given to another, it is no longer of the leaver's; the others stay."""
    given.move("staff_leaves", "2025-11-01 09:00", "stew1")
    SETTLED[kind](given)
    assert given.unsettled("2025-11-03 08:59:59") == EACH
    assert given.unsettled("2025-11-03 09:00") == {one for one in EACH if one[0] != kind}


def test_a_closed_case_is_nobodys(given: Centre) -> None:
    """What is closed, voided or merged into another needs no new handler."""
    given.move("staff_leaves", "2025-11-01 09:00", "stew1")
    given.do("void_complaint", "2025-11-03 09:00", "super1", complaint="N-1", reason="误报")
    assert ("case", "N-1") in given.unsettled("2025-11-03 08:59:59")
    assert ("case", "N-1") not in given.held("2025-11-03 09:00")
    given.register.receive("N-2", "2025-10-20 09:00")
    given.register.receive("N-3", "2025-10-20 09:00")
    given.register.dispatch("N-3", "2025-10-20 09:30")
    assert ("case", "N-3") in given.held("2025-11-04 00:00")
    given.do("merge_complaint", "2025-11-05 09:00", "super1", complaint="N-3", into="N-2")
    assert ("case", "N-3") not in given.held("2025-11-05 09:00")


def test_a_case_is_its_latest_handlers(centre: Centre) -> None:
    """Whoever it was sent to last by `at`, whatever was typed in when; nobody before."""
    assert centre.held("2025-10-02 09:00") == set()
    centre.register.dispatch("N-1", "2025-10-03 09:00")
    late = {"complaint": "N-1", "department": "engineering", "handler": "fitter1"}
    centre.do("dispatch_complaint", "2025-10-02 10:00", **late)
    (row,) = centre.register.ask("cases", "2025-10-04 00:00")
    assert pick(row, "handler", "handler_person", "handler_since") == (
        "tech1", "p-tech1", "2025-10-03 09:00:00",
    )  # fmt: skip
    assert centre.held("2025-10-04 00:00", account="tech1") == {("case", "N-1")}


def test_a_case_that_nobody_was_sent_is_whose_took_it(centre: Centre) -> None:
    """In an old register work may begin without a dispatch."""
    centre.do("start_handling", "2025-10-03 09:00", "tech1", complaint="N-1", keep_irregular=True)
    assert centre.held("2025-10-04 00:00", person="p-tech1") == {("case", "N-1")}


def test_what_is_got_after_the_move_is_in_order(given: Centre) -> None:
    """The same case sent again to the same account is no longer left over."""
    given.move("transfer_staff", "2025-11-01 09:00", "stew1", post="front_desk")
    given.do(
        "dispatch_complaint", "2025-11-02 09:00",
        complaint="N-1", department="service", handler="stew1",
    )  # fmt: skip
    assert given.unsettled("2025-11-02 09:00") == {one for one in EACH if one[0] != "case"}
    assert ("case", "N-1") in given.held("2025-11-02 09:00", account="stew1")


def test_coming_back_settles_nothing(given: Centre) -> None:
    """Left, posted again, moved and moved back: listed since the first time, until taken back."""
    given.move("staff_leaves", "2025-11-01 09:00", "stew1")
    given.move(
        "post_staff", "2025-11-05 09:00", "stew1",
        person="p-stew1", post="steward", centre="north", department="service",
    )  # fmt: skip
    given.move("transfer_staff", "2025-11-10 09:00", "stew1", centre="south")
    given.move("transfer_staff", "2025-11-11 09:00", "stew1", centre="north")
    rows = given.register.ask("leavers", "2025-12-01 00:00")
    assert {pick(row, "how", "moved_at") for row in rows} == {("left", "2025-11-01 09:00:00")}
    assert len(rows) == len(EACH)
    given.do("return_key", "2025-12-02 09:00", key="K1")
    assert ("key", "K1") not in given.unsettled("2025-12-02 09:00")


def test_a_posting_alone_is_no_move(given: Centre) -> None:
    """A posting typed in with a later time than the loan: the account was there all along."""
    given.move(
        "post_staff", "2025-11-05 09:00", "stew3",
        person="p-stew3", post="steward", centre="north", department="service",
    )  # fmt: skip
    given.do(
        "assign_area", "2025-11-01 09:00", "head1", staff="stew3", centre="north", units=["U2"]
    )
    assert given.held("2025-12-01 00:00", account="stew3") == {("area", "U2")}
    assert given.unsettled("2025-12-01 00:00") == set()


def test_each_account_of_a_person_answers_for_itself(given: Centre) -> None:
    """tech1 leaves; what the same person has as desk9 is in order, and both rows name them."""
    due = moment("2026-06-01 18:00")
    for key, account in (("K2", "tech1"), ("K1", "desk9")):
        if key == "K1":
            given.do("return_key", "2025-10-20 08:00", key=key)
        given.do(
            "lend_key", "2025-10-20 09:00",
            key=key, to=account, permit=None, complaint="N-1", due_back=due,
        )  # fmt: skip
    given.move("staff_leaves", "2025-11-01 09:00", "tech1")
    assert given.held("2025-11-02 00:00", person="p-tech1") == {("key", "K1"), ("key", "K2")}
    assert given.unsettled("2025-11-02 00:00", person="p-tech1") == {("key", "K2")}


def test_what_somebody_gone_was_given_waits_too(centre: Centre) -> None:
    """Kept from an old register: a key lent to an account that had left."""
    centre.move("staff_leaves", "2025-10-05 09:00", "stew1")
    centre.do(
        "lend_key", "2025-10-10 09:00", key="K1", to="stew1", permit=None, complaint="N-1",
        due_back=moment("2026-06-01 18:00"), keep_irregular=True,
    )  # fmt: skip
    (row,) = centre.register.ask("leavers", "2025-10-11 00:00")
    assert pick(row, "thing", "how", "moved_at") == ("K1", "left", "2025-10-05 09:00:00")


def test_a_leaving_typed_in_late_is_seen_when_it_was(given: Centre) -> None:
    """As of the days between nobody knew; the pair of moment and position keeps its answer."""
    position = given.register.store.last_position()
    given.move("staff_leaves", "2025-11-01 09:00", "stew1", recorded_at="2025-11-08 09:00")
    assert given.unsettled("2025-11-08 08:59:59") == set()
    assert given.unsettled("2025-11-08 09:00") == EACH
    query = given.register.office.query
    asked = query("leavers", as_of=moment("2025-11-08 09:00"), position=position)
    assert asked.rows() == []


# --- Once more, slow and plain --------------------------------------------------------------------


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
