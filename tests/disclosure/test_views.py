"""What auditors ask: who saw what, who is unlike their peers, which duties are done."""

from __future__ import annotations

from typing import Any

import pytest

from guanjia.projections import Warehouse
from tests import scenarios as s
from tests.spec import Line, given, line, moment

from . import places as p
from .places import Community, community


def rows(world: Any, name: str, as_of: str | None = None, **filters: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return a view's rows, judged at the world's present unless told otherwise."""
    views = Warehouse(world.store, world.zone)
    views.catch_up()
    at = moment(as_of) if as_of else world.now
    return views.query(name, at, None, {**filters}).plain()


def test_each_answer_is_a_row() -> None:
    """Disclosed, denied, counted and looked up: who, what, what for, about which home."""
    world = community()
    world.ask("phone name", complaint="N-1")
    for _ in range(3):
        world.why("phone", "security", "guard1", unit="U2")
    world.gateway.look_up("13900139000", by="desk1")
    world.gateway.count_denials(ended=True)
    found = rows(world, "access")
    shown, denied, *looked_up, counted = found
    assert (shown["actor"], shown["person"], shown["post"]) == ("desk1", "p-desk1", "front_desk")
    assert (shown["centre"], shown["unit"], shown["complaint"]) == ("north", "U1", "N-1")
    assert (shown["fields"], shown["purpose"], shown["outcome"]) == (
        "phone, name", "repair", "disclosed",
    )  # fmt: skip
    assert (shown["reason"], shown["break_glass"], shown["open_case"]) == (None, False, True)
    assert (denied["outcome"], denied["reason"], denied["count"]) == ("denied", "not_granted", 1)
    assert (counted["outcome"], counted["count"]) == ("denied", 2)
    assert {row["subject"] for row in looked_up} == {"U1", "N-1", "N-2", "N-3", "N-4"}
    assert all(row["looked_up"] and row["outcome"] == "disclosed" for row in looked_up)
    assert {row["unit"] for row in rows(world, "access", unit="U1")} == {"U1"}


def test_access_is_asked_as_of_a_moment() -> None:
    """What was recorded later is not there yet."""
    world = community()
    world.ask("phone", complaint="N-1")
    assert rows(world, "access", "2025-12-01 09:59") == []


def test_the_hour_and_the_glass_are_seen() -> None:
    """At night, and outside the matrix."""
    world = community()
    world.later(hours=12)
    at = "2025-12-01 22:00"
    world.run(line("break_glass", "guard1", at, glass="G-1", about=p.HOME, reason="漏水"))
    world.ask("family", "emergency", "guard1", unit="U1", glass="G-1")
    (row,) = rows(world, "access")
    assert (row["out_of_hours"], row["break_glass"], row["residents"]) == (True, True, "T1, R1, F1")
    (review,) = rows(world, "sla", kind="glass")
    assert (review["commitment"], review["outcome"], review["centre"]) == (
        "glass_review", "open", "north",
    )  # fmt: skip
    (late,) = rows(world, "sla", "2025-12-02 22:00:01", kind="glass")
    assert late["outcome"] == "missed"


def test_accesses_are_counted_by_person_home_and_purpose() -> None:
    """Answers and denials of the same kind are one row; a denial that is repeated counts each."""
    world = community()
    for _ in range(2):
        world.ask("phone", complaint="N-1")
    for _ in range(3):
        world.why("phone", "security", "guard1", unit="U2")
    world.gateway.count_denials(ended=True)
    desk, guard = rows(world, "access-counts")
    assert (desk["centre"], desk["month"], desk["person"], desk["unit"], desk["purpose"]) == (
        "north", "2025-12", "p-desk1", "U1", "repair",
    )  # fmt: skip
    assert (desk["accesses"], desk["denied"], desk["out_of_hours"]) == (2, 0, 0)
    assert (guard["person"], guard["unit"], guard["accesses"], guard["denied"]) == (
        "p-guard1", "U2", 0, 3,
    )  # fmt: skip


def desks(count: int) -> list[Line]:
    """Return the posting of more people at the desk."""
    return [
        line(
            "post_staff", None, "2020-01-01 00:00",
            staff=f"desk{n}", person=f"p-desk{n}", post="front_desk", centre="north",
        )
        for n in range(10, 10 + count)
    ]  # fmt: skip


def test_who_looks_at_far_more_than_their_peers_stands_out() -> None:
    """The score compares with the same post in the same month; one curious desk is unusual."""
    world: Community = community(desks(6))
    for number in range(10, 16):
        for _ in range(number - 8):
            world.ask("name", "visit", f"desk{number}", unit="U1")
    for _ in range(40):
        world.ask("name", "visit", "desk1", unit="U1")
    found = {row["person"]: row for row in rows(world, "unusual-access")}
    assert [name for name, row in found.items() if row["unusual"]] == ["p-desk1"]
    assert (found["p-desk1"]["accesses"], found["p-desk1"]["because"]) == (40, "accesses")
    assert found["p-desk1"]["score"] > 3.5 > found["p-desk15"]["score"]


def test_too_few_peers_give_no_score() -> None:
    """Two people of a post say nothing about what is usual."""
    world = community()
    world.ask("phone", "repair", "super1", unit="U1")
    (row,) = rows(world, "unusual-access")
    assert (row["peers"], row["score"], row["unusual"]) == (2, None, False)


def duty(kind: str, by: str, at: str, **fields: object) -> Line:
    """Return a duty of the centre north done."""
    return line("record_duty", by, at, **{"centre": "north", "duty": kind, **fields})


HERE = [
    {**one, "at": "2025-09-15T09:00:00+08:00"}
    for one in (s.post("head1"), s.post("desk1"), s.post("quality1"), s.post("tech3"))
]


def outcome(history: list[Line], kind: str, period: str, as_of: str, **filters: str) -> str:
    """Return how a duty of north stands at a time."""
    found = rows(given(HERE, history), "duties", as_of, duty=kind, period=period, **filters)
    (row,) = [one for one in found if one["centre"] in ("north", None)]
    return str(row["outcome"])


@pytest.mark.parametrize(
    ("kind", "by", "period", "last", "more"),
    [
        ("self_check", "head1", "2025-10", "2025-10-31 23:59:59", {}),
        ("quality_check", "quality1", "2025-Q4", "2025-12-31 23:59:59", {"circular": "TB-1"}),
        ("case_review", "head1", "2025-W45", "2025-11-09 23:59:59", {}),
        ("web_check", "desk1", "2025-11-05", "2025-11-05 23:59:59", {}),
    ],
)
def test_a_duty_is_due_at_the_end_of_its_period(
    kind: str, by: str, period: str, last: str, more: dict[str, Any]
) -> None:
    """Done within it: met. Not done: open to the last second, then missed. Done late: missed."""
    after = "2026-01-05 09:00"
    assert outcome([duty(kind, by, last, **more)], kind, period, after) == "met"
    assert outcome([], kind, period, last) == "open"
    assert outcome([], kind, period, after) == "missed"
    late = [duty(kind, by, after, period=period, **more)]
    assert outcome(late, kind, period, "2026-02-01 00:00") == "missed"


def test_the_first_time_counts() -> None:
    """A duty done twice was done the first time."""
    twice = [
        duty("self_check", "head1", "2025-10-05 09:00"),
        duty("self_check", "head1", "2025-11-05 09:00", period="2025-10"),
    ]
    assert outcome(twice, "self_check", "2025-10", "2026-01-01 00:00") == "met"


def test_duties_begin_with_the_centres_first_posting() -> None:
    """Periods come without any event of their own."""
    found = rows(given(HERE), "duties", "2025-11-05 12:00", duty="self_check", centre="north")
    assert [row["period"] for row in found] == ["2025-09", "2025-10", "2025-11"]


def test_training_is_owed_by_everyone_once_a_year() -> None:
    """Each person who holds a post at the year's end, the company's people too."""
    there = duty("training", "head1", "2025-12-01 09:00", trained=["desk1", "quality1"])
    gone = line("staff_leaves", None, "2025-10-01 09:00", staff="tech3")
    world = given(HERE, there, gone)
    found = rows(world, "duties", "2026-01-01 00:00", duty="training", period="2025")
    assert {row["person"]: row["outcome"] for row in found} == {
        "p-head1": "missed", "p-desk1": "met", "p-quality1": "met",
    }  # fmt: skip


def once(history: object, duty: str, as_of: str) -> list[tuple[Any, ...]]:
    """Return what has to be ended of one kind: what, when it was done, how it stands."""
    world: Any = history
    found = [row for row in rows(world, "duties", as_of) if row["duty"] == duty]
    return [(row["subject"], row["done_at"] is not None, row["outcome"]) for row in found]


def test_what_is_begun_has_to_be_ended_in_time() -> None:
    """A review within a day; an erasure within fifteen, a file destroyed within seven, which are
    calendar days to the end of the last.
    """
    world = community(p.BROKEN, p.REQUESTED, p.EXPORT)
    world.gateway.release("X-1", by="keeper1")
    assert once(world, "glass_review", "2025-11-11 10:00") == [("G-1", False, "open")]
    assert once(world, "glass_review", "2025-12-01 10:00") == [("G-1", False, "missed")]
    whose = "resident:U1/R1"
    assert once(world, "erasure", "2025-11-25 23:59:59") == [(whose, False, "open")]
    assert once(world, "erasure", "2025-11-26 00:00") == [(whose, False, "missed")]
    assert once(world, "export_destruction", "2025-12-08 23:59:59") == [("X-1", False, "open")]
    assert once(world, "export_destruction", "2025-12-09 00:00") == [("X-1", False, "missed")]
    world.run(p.REVIEWED)
    world.later(days=1)
    world.run(line("destroy_export", "keeper1", "2025-12-02 10:00", export="X-1"))
    assert once(world, "glass_review", "2025-12-02 10:00") == [("G-1", True, "met")]
    assert once(world, "export_destruction", "2026-01-01 10:00") == [("X-1", True, "met")]


def test_a_hold_decides_on_an_erasure_too() -> None:
    """Restricted in time is decided in time; asked for again it is owed again."""
    world = community(p.REQUESTED, p.HELD, p.ERASED)
    assert once(world, "erasure", "2026-01-01 10:00") == [("resident:U1/R1", True, "met")]


def test_what_a_leaver_has_is_to_be_recalled() -> None:
    """At once: it is late from the moment they left, until it is given to somebody else."""
    gone = line("staff_leaves", None, "2025-11-20 09:00", staff="tech2")
    world = community(gone)
    owed = [("case:N-1", False, "missed"), ("case:N-2", False, "missed")]
    assert once(world, "recall", "2025-11-20 09:00:01") == owed
    to = {"department": "engineering", "handler": "tech1"}
    world.run(line("transfer_complaint", "super1", "2025-11-20 10:00", **to))
    assert once(world, "recall", "2025-11-21 09:00") == owed[1:]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (duty("self_check", "desk1", "2025-11-05 09:00"), "wrong_post"),
        (duty("self_check", "head1", "2025-11-05 09:00", centre="south"), "other_centre"),
        (duty("self_check", "head1", "2025-11-05 09:00", centre="west"), "unknown_centre"),
        (duty("self_check", "head1", "2025-11-05 09:00", period="2025-12"), "period_of_another"),
        (duty("self_check", "head1", "2025-11-05 09:00", period="2025-Q3"), "period_of_another"),
        (duty("quality_check", "quality1", "2025-11-05 09:00"), "circular_missing"),
        (duty("training", "head1", "2025-11-05 09:00"), "trained_missing"),
        (duty("self_check", "head1", "2025-11-05 09:00", trained=["desk1"]), "trained_missing"),
        (duty("training", "head1", "2025-11-05 09:00", trained=["nobody"]), "unknown_staff"),
    ],
)
def test_a_duty_is_refused(command: Line, code: str) -> None:
    """Nothing is recorded, and the code says why."""
    given(HERE).when(command).then_refused(code)


def test_a_duty_is_recorded_with_what_was_found() -> None:
    """The findings are sealed, the period is that of the moment."""
    command = duty("self_check", "head1", "2025-11-05 09:00", findings="纸质资料缺页")
    done = given(HERE).when(command)
    done.then(("centre.duty_recorded.1", {"duty": "self_check", "period": "2025-11"}))
    assert "缺页".encode() not in done.events[0].to_bytes()
