"""Parcels: told the same day, held unopened, and handed to whom they are for, once."""

from __future__ import annotations

import pytest

from guanjia.domain import posts
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.parcel.commands import ParcelCommand
from guanjia.domain.parcel.events import ParcelHandedOut, ParcelRegistered
from guanjia.domain.parcel.evolve import evolve
from tests import scenarios as s
from tests.spec import Line, given, line, moment, only

from .cases import Produces, Refuses, each, only_these_may, produced
from .kept import (
    BOXED,
    GONE,
    HANDED_OUT,
    HELD,
    NOTIFIED,
    PENDING,
    RETURNED,
    clock,
    clocks,
    hand_out,
    miss,
    notify,
    outcomes,
    register,
    row,
    send_back,
)

AT = "2025-11-03 12:00"
DUE = "2025-11-06 23:59:59"
OVERDUE = "2025-11-07 00:00"
IMPORTANT = ("ems", "registered", "parcel", "money_order", "magazine")

PRODUCES = [
    Produces(
        s.STAFFED,
        register(AT, condition="damaged"),
        "parcel.registered.1",
        {
            "policy": "1",
            "centre": "north",
            "unit": "U1",
            "kind": "ems",
            "keeping": "held",
            "consent": True,
            "condition": "damaged",
            "by": "desk1",
        },
    ),
    Produces(HELD, notify(AT), "parcel.addressee_notified.1", {"channel": "phone"}),
    Produces(
        NOTIFIED,
        hand_out(AT, collector="李四", identity="code"),
        "parcel.handed_out.1",
        {"identity": "code"},
    ),
    Produces(HELD, hand_out(AT), "parcel.handed_out.1", {"collector": None}),
    Produces(NOTIFIED, send_back(AT, "moved"), "parcel.returned.1", {"reason": "moved"}),
    Produces(NOTIFIED, send_back(OVERDUE, "overdue"), "parcel.returned.1", {"reason": "overdue"}),
    Produces(HELD, miss(AT), "parcel.lost.1", {}),
]

REFUSES = [
    Refuses(HELD, register(AT), "duplicate_parcel"),
    Refuses(s.STAFFED, register(centre="moon"), "unknown_centre"),
    Refuses(s.STAFFED, register(by="desk2"), "other_centre"),
    Refuses(s.STAFFED, register(by="guard1"), "wrong_post"),
    Refuses(s.STAFFED, register(consent=False), "addressee_consent_missing"),
    Refuses(s.STAFFED, notify(AT), "unknown_parcel"),
    Refuses(HELD, notify("2025-11-03 08:59:59"), "out_of_order"),
    Refuses(HANDED_OUT, notify(AT), "parcel_done"),
    Refuses(BOXED, notify(AT), "parcel_done"),
    Refuses(HANDED_OUT, hand_out(AT), "parcel_done"),
    Refuses(RETURNED, hand_out(AT), "parcel_done"),
    Refuses(GONE, hand_out(AT), "parcel_done"),
    Refuses(BOXED, hand_out(AT), "parcel_done"),
    Refuses(HELD, hand_out(AT, by="tech1"), "wrong_post"),
    Refuses(HELD, send_back(DUE, "overdue"), "parcel_not_overdue"),
    Refuses(HANDED_OUT, send_back(AT), "parcel_done"),
    Refuses(HANDED_OUT, miss(AT), "parcel_done"),
    Refuses(HELD, miss(AT, by="desk2"), "other_centre"),
]


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside."""
    produced(case)


@each(REFUSES)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


def test_every_command_is_tested_here() -> None:
    """No command of a parcel lacks what it produces and what it refuses; none opens one."""
    ours = {name for name, cls in COMMANDS.items() if issubclass(cls, ParcelCommand)}
    assert {one.command["do"] for one in PRODUCES} == ours
    assert {one.command["do"] for one in REFUSES} == ours
    assert not [name for name in ours if "open_" in name]


WHO = [
    (s.STAFFED, register(AT)),
    (HELD, notify(AT)),
    (HELD, hand_out(AT)),
    (HELD, send_back(AT)),
    (HELD, miss(AT)),
]


@pytest.mark.parametrize(("history", "command"), WHO, ids=[one["do"] for _, one in WHO])
def test_who_may(history: list[Line], command: Line) -> None:
    """The office's posts, in their own centre, and nobody else."""
    only_these_may(history, command, posts.OFFICE)


def test_names_and_signatures_are_sealed() -> None:
    """Events carry references, never the addressee, the collector or a signature."""
    world = given(HELD)
    event = only(world.when(hand_out(AT, collector="李四")).events, ParcelHandedOut)
    reveal = world.store.vault.reveal
    assert event.collector
    assert reveal(event.collector) == "李四"
    assert reveal(event.signature) == "张三"
    registered = only(world.stream("parcel:E1")[:1], ParcelRegistered)
    assert registered.addressee
    assert registered.addressee.name
    assert reveal(registered.addressee.name) == "张三"
    stored = b"".join(bytes(one.state) for one in world.store.read(0, 1000))
    for secret in ("张三", "李四", "13800138000"):
        assert secret.encode() not in stored


@pytest.mark.parametrize("kind", [*IMPORTANT, "fax"])
def test_important_mail_makes_two_promises(kind: str) -> None:
    """Told the same day, picked up within three calendar days, the start not counted."""
    world = given(s.STAFFED, register(kind=kind))
    promised = {one.commitment: one for one in clocks(world, "parcel:E1")}
    assert {name: one.due_at for name, one in promised.items()} == {
        "parcel_notice": moment("2025-11-03 23:59:59"),
        "parcel_pickup": moment(DUE),
    }
    assert {one.limit for one in promised.values()} == {"the same day", "3 calendar days"}


@pytest.mark.parametrize("kind", ["ordinary", "press"])
def test_ordinary_mail_and_press_are_done_at_once(kind: str) -> None:
    """They go to the letter box: no promise, no consent, nothing waits."""
    world = given(s.STAFFED, register(kind=kind, consent=False))
    assert clocks(world, "parcel:E1") == []
    assert row(world, "parcel:E1").status == "letter_box"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], ("missed", "missed")),
        ([notify("2025-11-03 23:59:59"), hand_out(DUE)], ("met", "met")),
        ([notify("2025-11-04 00:00"), hand_out(OVERDUE)], ("missed", "missed")),
        ([hand_out("2025-11-03 20:00")], ("met", "met")),
        ([send_back("2025-11-03 20:00")], ("superseded", "superseded")),
        ([notify("2025-11-03 20:00"), miss("2025-11-05 20:00")], ("met", "superseded")),
        ([notify("2025-11-03 20:00"), send_back(OVERDUE, "overdue")], ("met", "missed")),
    ],
)
def test_what_keeps_the_promises(steps: list[Line], expected: tuple[str, str]) -> None:
    """A notice or the hand-out tells, the hand-out delivers; other ends end what is not due."""
    found = outcomes(given(HELD, steps), "parcel:E1")
    assert (found["parcel_notice"], found["parcel_pickup"]) == expected


def test_the_policy_binds_at_the_registration() -> None:
    """Both limits are policy values, and a later version changes nothing promised."""

    def adopt(version: str, at: str, days: int) -> Line:
        start = moment(at).isoformat()
        return line(
            "adopt_policy", "gm1", at,
            version=version, effective_from=start, parcel_days=days, fax_days=days,
        )  # fmt: skip

    pending = register(parcel="E2", kind="fax", unit=None, addressee=None)
    world = given(s.STAFFED, adopt("2", "2025-11-01 09:00", 5), register(), pending)
    world.run(adopt("3", "2025-11-03 10:00", 1), notify("2025-11-03 12:00"))
    assert clock(world, "parcel:E1", "parcel_pickup").due_at == moment("2025-11-08 23:59:59")
    assert clock(world, "parcel:E2", "parcel_search").due_at == moment("2025-11-08 23:59:59")


def test_overdue_mail_is_told_of_again() -> None:
    """The second notice, after the due time, shows in the row; the first stays the first."""
    world = given(NOTIFIED, notify(DUE))
    assert row(world, "parcel:E1").reminded_at is None
    world.run(notify(OVERDUE))
    told = row(world, "parcel:E1")
    assert (told.notices, told.notified_at, told.reminded_at) == (
        3, moment("2025-11-03 10:00"), moment(OVERDUE),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["fax", "ordinary", "ems"])
def test_what_nobody_is_named_on_is_looked_into(kind: str) -> None:
    """待查: one promise, to find the addressee within three days; no consent is asked of nobody."""
    world = given(s.STAFFED, register(kind=kind, unit=None, addressee=None, consent=False))
    assert row(world, "parcel:E1").status == "pending"
    assert outcomes(world, "parcel:E1", DUE) == {"parcel_search": "open"}
    assert outcomes(world, "parcel:E1", OVERDUE) == {"parcel_search": "missed"}
    world.run(notify("2025-11-05 10:00"))
    assert row(world, "parcel:E1").status == "held"
    assert clock(world, "parcel:E1", "parcel_pickup").due_at == moment("2025-11-08 23:59:59")
    assert outcomes(world, "parcel:E1", DUE) == {"parcel_search": "met", "parcel_pickup": "open"}


def test_whoever_asks_for_an_archived_fax_gets_it() -> None:
    """The search is over, the fax is still there."""
    world = given(PENDING).run(hand_out("2025-11-20 10:00"))
    assert row(world, "parcel:E1").status == "handed_out"
    assert outcomes(world, "parcel:E1") == {"parcel_search": "missed"}


def test_a_notice_typed_in_late_still_counts() -> None:
    """A call at ten is recorded after the hand-out at eleven, and stops the clock at ten."""
    world = given(HELD, hand_out("2025-11-03 11:00"), notify("2025-11-03 10:00"))
    assert clock(world, "parcel:E1", "parcel_notice").stopped_at == moment("2025-11-03 10:00")


def test_of_two_ends_the_first_stands() -> None:
    """An old register that hands a parcel out twice is kept, marked, and changes nothing."""
    world = given(HANDED_OUT)
    world.when(send_back(AT), keep_irregular=True).then("parcel.returned.1")
    after = row(world, "parcel:E1")
    assert (after.status, after.irregular) == ("handed_out", "parcel_done")
    assert outcomes(world, "parcel:E1") == {"parcel_notice": "met", "parcel_pickup": "met"}
    boxed = given(BOXED)
    boxed.when(hand_out(AT), keep_irregular=True).then("parcel.handed_out.1")
    assert row(boxed, "parcel:E1").status == "letter_box"


def test_a_stream_begins_with_its_registration() -> None:
    """A state is not folded out of the middle."""
    with pytest.raises(ValueError, match="E1"):
        evolve(None, given(NOTIFIED).stream("parcel:E1")[1], "E1")
