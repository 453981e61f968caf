"""Custody of a key: one place at a time, loans and their promises, counts, irregular history."""

from __future__ import annotations

import pytest

from guanjia.domain.key.evolve import evolve
from guanjia.domain.streams import KEY
from tests.spec import given, moment

from .kept import (
    ENTRUSTED,
    FOR_PERMIT,
    IN_CABINET,
    LENT,
    LENT_ENTRUSTED,
    REPLACED,
    clock,
    clocks,
    count,
    issue,
    lend,
    lose,
    outcomes,
    receive_key,
    return_key,
    row,
    surrender,
)

AT = "2025-11-03 12:00"


def test_a_count_that_agrees_changes_nothing() -> None:
    """It finds no difference, and no key is touched."""
    world = given(ENTRUSTED)
    before = world.app._streams.state(KEY, "K1")
    outcome = world.when(count(AT, "K1"))
    agreed = {"missing": (), "unexpected": (), "unregistered": ()}
    outcome.then(("centre.keys_counted.1", agreed))
    assert world.app._streams.state(KEY, "K1") == before


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
    counted = given(moved).when(count("2025-11-03 13:00", "K1"))
    counted.then(("centre.keys_counted.1", {"missing": (), "unexpected": ()}))
    counted = given(moved).when(count("2025-11-03 15:00", "K1", "K1"))
    counted.then(("centre.keys_counted.1", {"found": ("K1",), "unexpected": ("K1",)}))
    counted = given(moved).when(count("2025-11-03 08:00"))
    counted.then(("centre.keys_counted.1", {"missing": ()}))


def test_each_centre_counts_its_own_keys() -> None:
    """A key of the south found in the north is none of the north's."""
    south = receive_key(key="K2", centre="south", by="desk2")
    counted = given(IN_CABINET, south).when(count(AT, "K1", "K2"))
    counted.then(("centre.keys_counted.1", {"unregistered": ("K2",)}))


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


def test_a_stream_begins_with_its_receipt() -> None:
    """A state is not folded out of the middle."""
    event = given(LENT).stream("key:K1")[1]
    with pytest.raises(ValueError, match="K1"):
        evolve(None, event, "K1")
