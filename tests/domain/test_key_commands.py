"""Every command of a key: what it produces, what it refuses, who may, and from which place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guanjia.domain import posts, subjects
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.key.commands import KeyCommand
from guanjia.domain.key.events import KeyDestroyed, KeyEvent
from guanjia.domain.key.standing import Place
from guanjia.domain.key.state import FROM
from guanjia.domain.streams import Kind
from guanjia.domain.subjects import SUBJECTS
from tests import scenarios as s
from tests.spec import Line, given, line, only

from .cases import Produces, Refuses, each, only_these_may, produced
from .kept import (
    CASE,
    DESTROYED,
    ENTRUSTED,
    FOR_PERMIT,
    IN_CABINET,
    ISSUED,
    LENT,
    LENT_ENTRUSTED,
    LOST,
    PERMIT,
    REPLACED,
    count,
    destroy,
    due,
    entrust,
    issue,
    lend,
    lose,
    receive_key,
    return_key,
    surrender,
)

AT = "2025-11-03 12:00"
BEFORE = "2025-11-03 09:59:59"
SOUTH = [s.receive("2025-11-03 08:00", complaint="S-1", centre="south", by="desk2")]
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


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside."""
    listed = ["centre.key_listed.1"] if case.command["do"] == "receive_key" else []
    produced(case, *listed)


@each(REFUSES)
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
    assert only(given(history).when(command).events, KeyEvent).clocks == ()


def test_the_words_of_a_destruction_are_sealed() -> None:
    """The event carries a reference, the vault the words under the key's own name."""
    world = given(REPLACED)
    event = only(world.when(destroy(AT)).events, KeyDestroyed)
    assert world.store.vault.reveal(event.reason) == "锁已更换"
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
    only_these_may(history, command, may)


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
