"""Keys: custody in one place at a time, from the builder's hand to the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guanjia.domain import posts, subjects
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.key.commands import KeyCommand
from guanjia.domain.key.evolve import evolve
from guanjia.domain.key.standing import Place
from guanjia.domain.key.state import FROM
from guanjia.domain.streams import KEY, Kind
from guanjia.domain.subjects import SUBJECTS
from tests import scenarios as s
from tests.spec import Line, given, line, moment

from .kept import (
    CASE,
    DESTROYED,
    ENTRUSTED,
    IN_CABINET,
    ISSUED,
    LENT,
    LENT_ENTRUSTED,
    LOST,
    PERMIT,
    REPLACED,
    Refuses,
    clock,
    clocks,
    count,
    destroy,
    due,
    entrust,
    issue,
    lend,
    lose,
    outcomes,
    receive_key,
    return_key,
    row,
    surrender,
)
from .test_commands import Produces

AT = "2025-11-03 12:00"
BEFORE = "2025-11-03 09:59:59"
SOUTH = [s.receive("2025-11-03 08:00", complaint="S-1", centre="south", by="desk2")]
FOR_PERMIT = [
    *ISSUED,
    *PERMIT,
    entrust("2025-11-03 11:00", purpose="renovation", permit="P1"),
]
LEFT = line("staff_leaves", None, "2025-11-03 11:00", staff="tech1")

PRODUCES = [
    Produces(
        CASE,
        receive_key(AT),
        "key.received.1",
        {"centre": "north", "unit": "U1", "kind": "door", "record": "YJ-1", "by": "desk1"},
    ),
    Produces(IN_CABINET, issue(AT), "key.issued.1", {"resident": "R1", "signature": "QS-1"}),
    Produces(
        ISSUED,
        entrust(AT),
        "key.entrusted.1",
        {"resident": "R1", "purpose": "repair", "until": due("2025-12-31 18:00")},
    ),
    Produces(
        IN_CABINET,
        lend(AT),
        "key.lent.1",
        {
            "to": "tech1",
            "to_person": "p-tech1",
            "permit": None,
            "complaint": "N-1",
            "due_back": due("2025-11-04 18:00"),
            "policy": "1",
        },
    ),
    Produces(
        [*IN_CABINET, *PERMIT],
        lend(AT, to="guard1", complaint=None, permit="P1"),
        "key.lent.1",
        {"to": "guard1", "permit": "P1", "complaint": None},
    ),
    Produces(LENT, return_key(AT), "key.returned.1", {"place": "cabinet"}),
    Produces(LENT_ENTRUSTED, return_key(AT), "key.returned.1", {"place": "entrusted"}),
    Produces(ENTRUSTED, return_key(AT), "key.returned.1", {"place": "owner"}),
    Produces(LOST, return_key(AT), "key.returned.1", {"place": "cabinet"}),
    Produces(
        [*ISSUED, *PERMIT],
        entrust(AT, purpose="renovation", permit="P1"),
        "key.entrusted.1",
        {"purpose": "renovation", "permit": "P1", "complaint": None},
    ),
    Produces(ISSUED, surrender(AT), "key.surrendered.1", {"record": "YJ-2", "by": "desk1"}),
    Produces(ENTRUSTED, surrender(AT), "key.surrendered.1", {}),
    Produces(LENT, lose(AT), "key.lost.1", {"lock_changed": False}),
    Produces(LOST, lose(AT, lock_changed=True), "key.lost.1", {"lock_changed": True}),
    Produces(REPLACED, destroy(AT), "key.destroyed.1", {"by": "head1"}),
    Produces(
        [*IN_CABINET, receive_key("2025-11-03 09:30", key="K2")],
        count(AT, "K1", "K9"),
        "centre.keys_counted.1",
        {"centre": "north", "missing": ("K2",), "unexpected": (), "unregistered": ("K9",)},
    ),
]

REFUSES = [
    Refuses(IN_CABINET, receive_key(AT), "duplicate_key"),
    Refuses(CASE, receive_key(centre="moon"), "unknown_centre"),
    Refuses(CASE, receive_key(by="desk2"), "other_centre"),
    Refuses(CASE, receive_key(by="tech1"), "wrong_post"),
    Refuses(CASE, receive_key(signed_by_both=False), "not_signed_by_both"),
    Refuses(CASE, issue(AT), "unknown_key"),
    Refuses(ISSUED, issue(AT), "key_not_in_cabinet"),
    Refuses(LENT, issue(AT), "key_not_in_cabinet"),
    Refuses(ENTRUSTED, issue(AT), "key_not_in_cabinet"),
    Refuses(DESTROYED, issue(AT), "key_gone"),
    Refuses(IN_CABINET, issue("2025-11-03 08:59:59"), "out_of_order"),
    Refuses(IN_CABINET, entrust(AT), "key_not_issued"),
    Refuses(ISSUED, entrust(AT, until=AT), "due_back_passed"),
    Refuses(REPLACED, entrust(AT), "key_gone"),
    Refuses(ISSUED, entrust(AT, permit="P9"), "unknown_permit"),
    Refuses([*ISSUED, *SOUTH], entrust(AT, complaint="S-1"), "other_centre"),
    Refuses([*FOR_PERMIT], lend(AT), "other_occasion"),
    Refuses(IN_CABINET, surrender(AT), "key_not_issued"),
    Refuses(LENT_ENTRUSTED, surrender(AT), "key_not_issued"),
    Refuses(DESTROYED, surrender(AT), "key_gone"),
    Refuses(ISSUED, surrender(AT, signed_by_both=False), "not_signed_by_both"),
    Refuses(ISSUED, surrender("2025-11-03 09:59:59"), "out_of_order"),
    Refuses(ISSUED, surrender(AT, by="desk2"), "other_centre"),
    Refuses(LENT, lend(AT, to="tech2"), "key_not_in_cabinet"),
    Refuses(ISSUED, lend(AT), "key_not_in_cabinet"),
    Refuses(IN_CABINET, lend(AT, complaint=None), "no_occasion"),
    Refuses(IN_CABINET, lend(AT, complaint="N-9"), "unknown_complaint"),
    Refuses([*IN_CABINET, *SOUTH], lend(AT, complaint="S-1"), "other_centre"),
    Refuses(IN_CABINET, lend(AT, AT), "due_back_passed"),
    Refuses(IN_CABINET, lend(AT, to="nobody"), "unknown_staff"),
    Refuses(IN_CABINET, lend(AT, to="tech3"), "other_centre"),
    Refuses(IN_CABINET, lend(AT, to="audit1"), "wrong_post"),
    Refuses([*IN_CABINET, LEFT], lend(AT), "staff_left"),
    Refuses(IN_CABINET, lend(AT, by="tech1"), "wrong_post"),
    Refuses(IN_CABINET, return_key(AT), "key_not_out"),
    Refuses(ISSUED, return_key(AT), "key_not_out"),
    Refuses(LENT, return_key(BEFORE), "out_of_order"),
    Refuses(REPLACED, return_key(AT), "key_gone"),
    Refuses(LOST, lose(AT), "key_lost_already"),
    Refuses(DESTROYED, lose(AT), "key_gone"),
    Refuses(LENT, lose(AT, by="tech1"), "wrong_post"),
    Refuses(LENT, lose(AT, by="head2"), "other_centre"),
    Refuses(ISSUED, destroy(AT), "key_not_in_cabinet"),
    Refuses(DESTROYED, destroy(AT), "key_gone"),
    Refuses(IN_CABINET, destroy(AT, by="super1"), "wrong_post"),
    Refuses(CASE, count(AT, centre="moon"), "unknown_centre"),
    Refuses(CASE, count(AT, by="desk2"), "other_centre"),
    Refuses(CASE, count(AT, by="guard1"), "wrong_post"),
]


@pytest.mark.parametrize("case", PRODUCES, ids=lambda case: case.topic)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside."""
    listed = ["centre.key_listed.1"] if case.command["do"] == "receive_key" else []
    outcome = given(case.history).when(case.command).then((case.topic, case.facts), *listed)
    assert outcome.events[0].at == moment(case.command["at"])


@pytest.mark.parametrize(
    "case", REFUSES, ids=[f"{one.command['do']}-{one.code}-{n}" for n, one in enumerate(REFUSES)]
)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


def test_every_command_is_tested_here() -> None:
    """No command of a key lacks what it produces and what it refuses."""
    ours = {name for name, cls in COMMANDS.items() if issubclass(cls, KeyCommand)} | {"count_keys"}
    assert {one.command["do"] for one in PRODUCES} == ours
    assert {one.command["do"] for one in REFUSES} == ours


QUIET = [
    (IN_CABINET, issue(AT)),
    (ISSUED, entrust(AT)),
    (ENTRUSTED, return_key(AT)),
    (ENTRUSTED, surrender(AT)),
    (LOST, return_key(AT)),
    (IN_CABINET, destroy(AT)),
]


@pytest.mark.parametrize(("history", "command"), QUIET, ids=[one["do"] for _, one in QUIET])
def test_what_lends_nothing_moves_no_clock(history: list[Line], command: Line) -> None:
    """Only a loan is a promise."""
    (event,) = given(history).when(command).events
    assert getattr(event, "clocks", None) == ()


def test_a_count_that_agrees_changes_nothing() -> None:
    """It finds no difference, and no key is touched."""
    world = given(ENTRUSTED)
    before = world.app._streams.state(KEY, "K1")
    (event,) = world.when(count(AT, "K1")).events
    assert [getattr(event, name) for name in ("missing", "unexpected", "unregistered")] == [()] * 3
    assert world.app._streams.state(KEY, "K1") == before


def test_the_words_of_a_destruction_are_sealed() -> None:
    """The event carries a reference, the vault the words under the key's own name."""
    world = given(REPLACED)
    (event,) = world.when(destroy(AT)).events
    assert world.store.vault.reveal(getattr(event, "reason", "")) == "锁已更换"
    assert "锁已更换" not in event.to_bytes().decode()


WHO = {
    "issue_key": (IN_CABINET, issue(AT), posts.OFFICE),
    "entrust_key": (ISSUED, entrust(AT), posts.OFFICE),
    "lend_key": (IN_CABINET, lend(AT, to="tech2"), posts.OFFICE),
    "return_key": (LENT, return_key(AT), posts.OFFICE),
    "count_keys": (IN_CABINET, count(AT), posts.OFFICE),
    "receive_key": (CASE, receive_key(AT), posts.OFFICE),
    "surrender_key": (ISSUED, surrender(AT), posts.OFFICE),
    "report_key_lost": (LENT, lose(AT), posts.OFFICE),
    "destroy_key": (IN_CABINET, destroy(AT), posts.HEAD),
}


@pytest.mark.parametrize("do", WHO)
def test_who_may(do: str) -> None:
    """Every post in its turn: those who keep the cabinet, the head for an end, nobody else."""
    history, command, may = WHO[do]
    for post, account in s.NORTH.items():
        outcome = given(history).when({**command, "by": account})
        if post in may:
            assert outcome.refusal is None
        else:
            outcome.then_refused("wrong_post")


@pytest.mark.parametrize(
    ("back", "outcome"),
    [("2025-11-04 18:00", "met"), ("2025-11-04 18:00:01", "missed"), (None, "missed")],
)
def test_a_lent_key_is_promised_back(back: str | None, outcome: str) -> None:
    """The last second of the promise still keeps it."""
    world = given(LENT, [return_key(back)] if back else [])
    promised = clock(world, "key:K1", "key_due_back")
    assert (promised.started_at, promised.due_at) == (
        moment("2025-11-03 10:00"),
        moment("2025-11-04 18:00"),
    )
    assert (promised.round, promised.policy, promised.limit) == (1, "1", "as agreed")
    assert outcomes(world, "key:K1") == {"key_due_back": outcome}
    assert outcomes(world, "key:K1", "2025-11-04 18:00")["key_due_back"] in {"open", "met", outcome}


@pytest.mark.parametrize(
    ("lost", "outcome"), [("2025-11-04 18:00", "superseded"), ("2025-11-04 18:00:01", "missed")]
)
def test_a_loss_ends_the_promise(lost: str, outcome: str) -> None:
    """What was past due by then stays missed."""
    assert outcomes(given(LENT, lose(lost)), "key:K1") == {"key_due_back": outcome}


def test_each_loan_is_a_promise_of_its_own() -> None:
    """The second loan is round 2, and the first one stays as it was."""
    again = lend("2025-11-05 10:00", "2025-11-05 12:00")
    world = given(LENT, return_key("2025-11-04 09:00"), again)
    found = {one.round: one for one in clocks(world, "key:K1")}
    assert found[1].stopped_at == moment("2025-11-04 09:00")
    assert (found[2].due_at, found[2].stopped_at) == (moment("2025-11-05 12:00"), None)


def test_an_entrusted_key_keeps_its_purpose_while_it_is_lent() -> None:
    """It comes back to where the resident left it, and then to the resident."""
    world = given(LENT_ENTRUSTED)
    lent = row(world, "key:K1")
    assert (lent.place, lent.purpose, lent.resident, lent.holder) == (
        "lent", "repair", "R1", "tech1",
    )  # fmt: skip
    world.run(return_key("2025-11-03 12:00"))
    assert (row(world, "key:K1").place, row(world, "key:K1").holder) == ("entrusted", None)
    world.run(return_key("2025-11-03 13:00"))
    assert (row(world, "key:K1").place, row(world, "key:K1").resident) == ("owner", "R1")


def test_a_key_entrusted_for_a_permit_is_lent_for_it() -> None:
    """The row tells for what, while it hangs there and while it is out."""
    world = given(FOR_PERMIT)
    assert row(world, "key:K1").permit == "P1"
    world.run(lend(AT, permit="P1"))
    assert (row(world, "key:K1").place, row(world, "key:K1").permit) == ("lent", "P1")


def test_a_surrendered_key_is_the_centres_again() -> None:
    """Nobody's purpose lasts: it can be issued to who moves in."""
    world = given(ENTRUSTED, surrender(AT))
    kept = row(world, "key:K1")
    assert (kept.place, kept.resident, kept.purpose, kept.until) == ("cabinet", None, None, None)
    world.run(issue("2025-11-03 13:00", resident="R2", signature="QS-2"))
    assert row(world, "key:K1").resident == "R2"


def test_after_a_change_of_lock_a_new_key_comes_in() -> None:
    """The old one is never used again; its successor is received by its own name."""
    world = given(REPLACED, receive_key(AT, key="K2", record="YJ-3"))
    assert (row(world, "key:K1").place, row(world, "key:K2").place) == ("replaced", "cabinet")
    world.when(lend("2025-11-03 13:00")).then_refused("key_gone")
    world.run(lend("2025-11-03 13:00", key="K2"))


def test_a_count_is_judged_at_its_own_time() -> None:
    """Typed in late it is compared with where the keys were then."""
    moved = [*IN_CABINET, issue("2025-11-03 14:00")]
    (counted,) = given(moved).when(count("2025-11-03 13:00", "K1")).events
    assert (getattr(counted, "missing", None), getattr(counted, "unexpected", None)) == ((), ())
    (counted,) = given(moved).when(count("2025-11-03 15:00", "K1", "K1")).events
    assert (getattr(counted, "found", None), getattr(counted, "unexpected", None)) == (
        ("K1",), ("K1",),
    )  # fmt: skip
    (counted,) = given(moved).when(count("2025-11-03 08:00")).events
    assert getattr(counted, "missing", None) == ()


def test_each_centre_counts_its_own_keys() -> None:
    """A key of the south found in the north is none of the north's."""
    south = receive_key(key="K2", centre="south", by="desk2")
    (counted,) = given(IN_CABINET, south).when(count(AT, "K1", "K2")).events
    assert getattr(counted, "unregistered", None) == ("K2",)


def test_irregular_history_moves_the_key_all_the_same() -> None:
    """A key lent twice is with the second holder; the first promise ends there."""
    world = given(LENT)
    again = lend("2025-11-03 12:00", to="tech2")
    world.when(again, keep_irregular=True).then(("key.lent.1", {"to": "tech2"}))
    now = row(world, "key:K1")
    assert (now.holder, now.irregular) == ("tech2", "key_not_in_cabinet")
    found = {one.round: one for one in clocks(world, "key:K1")}
    assert (found[1].ended, found[1].ended_at) == ("superseded", moment("2025-11-03 12:00"))
    assert found[2].stopped_at is None


def test_an_entry_out_of_order_changes_nothing_later() -> None:
    """Kept from an old register, it stands where its time puts it."""
    world = given(LENT, return_key("2025-11-03 15:00"))
    late = issue("2025-11-03 09:30")
    world.when(late, keep_irregular=True).then("key.issued.1")
    assert row(world, "key:K1").place == "cabinet"
    assert row(world, "key:K1").irregular == "out_of_order"


@pytest.mark.parametrize(
    "command",
    [
        receive_key(centre="moon"),
        lend(AT, complaint="N-9"),
        lend(AT, to="nobody"),
        issue(AT, key="K9"),
    ],
    ids=["centre", "case", "account", "key"],
)
def test_the_impossible_is_not_kept(command: Line) -> None:
    """What cannot be is rejected even of an old register."""
    refusal = given(IN_CABINET).when(command, keep_irregular=True).refusal
    assert refusal
    assert not refusal.keepable


def test_a_permit_must_exist_where_permits_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is lent for a permit that the register knows."""
    kept = replace(SUBJECTS[0], kind=Kind("permit", None, SUBJECTS[0].kind.evolve))
    monkeypatch.setattr(subjects, "SUBJECTS", (*SUBJECTS, kept))
    unknown = lend(AT, complaint=None, permit="P9")
    given(IN_CABINET).when(unknown, keep_irregular=True).then_refused("unknown_permit")


def test_a_stream_begins_with_its_receipt() -> None:
    """A state is not folded out of the middle."""
    event = given(LENT).stream("key:K1")[1]
    with pytest.raises(ValueError, match="K1"):
        evolve(None, event, "K1")


EXAMPLE: dict[str, list[Line]] = {
    "cabinet": IN_CABINET,
    "owner": ISSUED,
    "entrusted": ENTRUSTED,
    "lent": LENT,
    "lost": LOST,
    "replaced": REPLACED,
    "destroyed": DESTROYED,
}
MOVES: dict[str, Line] = {
    "issue": issue(AT),
    "entrust": entrust(AT),
    "lend": lend(AT),
    "surrender": surrender(AT),
    "return": return_key(AT),
    "lose": lose(AT, lock_changed=True),
    "destroy": destroy(AT),
}


@pytest.mark.parametrize("place", EXAMPLE)
def test_from_each_place_exactly_the_named_moves_begin(place: Place) -> None:
    """The table that the reference prints is what the rules do."""
    begun = {name for name, move in MOVES.items() if given(EXAMPLE[place]).when(move).events}
    assert begun == {name for name, places in FROM.items() if place in places}
