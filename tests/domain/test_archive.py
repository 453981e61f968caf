"""The household's file: nine kinds of documents, lent only under an authorised signature."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from guanjia.domain import posts
from guanjia.domain.unit.commands import DocumentKind
from tests import scenarios as s
from tests.spec import Line, given, judge, line, moment

from .cases import Produces, Refuses, each, only_these_may, produced
from .papers import (
    AT,
    BORROWED,
    FILED,
    HOME,
    MISSING,
    UNIT,
    borrow,
    copy,
    document,
    file,
    give_back,
    miss,
    promises,
    register_unit,
)

HEAD_LEFT = line("staff_leaves", None, "2025-11-04 09:00", staff="head1")
HEAD_MOVED = line("transfer_staff", None, "2025-11-04 09:00", staff="head1", centre="south")
READER_LEFT = line("staff_leaves", None, "2025-11-04 09:00", staff="tech1")

PRODUCES = [
    *(
        Produces(HOME, file(AT, kind=kind), "unit.document_filed.1", {"kind": kind})
        for kind in get_args(DocumentKind)
    ),
    Produces(FILED, file(AT), "unit.document_filed.1", {"document": "A1"}),
    Produces(FILED, copy(AT), "unit.document_copied.1", {"to": "tech1", "to_person": "p-tech1"}),
    Produces(
        FILED,
        borrow(AT),
        "unit.document_borrowed.1",
        {
            "borrower": "tech1",
            "borrower_person": "p-tech1",
            "signed_by": "head1",
            "due_back": moment("2025-11-10 18:00"),
            "policy": "1",
        },
    ),
    Produces(FILED, borrow(AT, borrower="quality1"), "unit.document_borrowed.1", {}),
    Produces(BORROWED, give_back(AT), "unit.document_returned.1", {"document": "A1"}),
    Produces(MISSING, give_back(AT), "unit.document_returned.1", {}),
    Produces(FILED, miss(AT), "unit.document_missing.1", {}),
    Produces(BORROWED, miss(AT), "unit.document_missing.1", {}),
]

REFUSES = [
    Refuses(s.STAFFED, file(AT), "unknown_unit"),
    Refuses(HOME, file("2025-10-01 08:59:59"), "out_of_order"),
    Refuses(FILED, file(AT, kind="parking"), "document_kind_differs"),
    Refuses(BORROWED, file(AT), "document_out"),
    Refuses(MISSING, file(AT), "document_out"),
    Refuses(FILED, file("2025-11-01 08:59:59"), "out_of_order"),
    Refuses(HOME, file(AT, by="desk2"), "other_centre"),
    Refuses(HOME, copy(AT), "unknown_document"),
    Refuses(BORROWED, copy(AT), "document_out"),
    Refuses(MISSING, copy(AT), "document_out"),
    Refuses(FILED, copy("2025-11-01 08:59:59"), "out_of_order"),
    Refuses(FILED, copy(AT, to="nobody"), "unknown_staff"),
    Refuses(FILED, copy(AT, to="tech3"), "other_centre"),
    Refuses(FILED, copy(AT, to="audit1"), "wrong_post"),
    Refuses([*FILED, READER_LEFT], copy(AT), "staff_left"),
    Refuses(HOME, borrow(AT), "unknown_document"),
    Refuses(BORROWED, borrow(AT), "document_out"),
    Refuses(MISSING, borrow(AT), "document_out"),
    Refuses(FILED, borrow("2025-11-01 08:59:59"), "out_of_order"),
    Refuses(FILED, borrow(AT, signed_by=None), "signature_missing"),
    Refuses(FILED, borrow(AT, signed_by="stew1"), "signature_missing"),
    Refuses(FILED, borrow(AT, signed_by="super1"), "signature_missing"),
    Refuses(FILED, borrow(AT, signed_by="quality1"), "signature_missing"),
    Refuses(FILED, borrow(AT, signed_by="head2"), "signature_missing"),
    Refuses([*FILED, HEAD_LEFT], borrow(AT), "signature_missing"),
    Refuses([*FILED, HEAD_MOVED], borrow(AT), "signature_missing"),
    Refuses(FILED, borrow(AT, signed_by="nobody"), "unknown_staff"),
    Refuses(FILED, borrow(AT, AT), "due_back_passed"),
    Refuses(FILED, borrow(AT, borrower="nobody"), "unknown_staff"),
    Refuses(FILED, borrow(AT, borrower="tech3"), "other_centre"),
    Refuses(FILED, borrow(AT, borrower="audit1"), "wrong_post"),
    Refuses([*FILED, READER_LEFT], borrow(AT), "staff_left"),
    Refuses(HOME, give_back(AT), "unknown_document"),
    Refuses(FILED, give_back(AT), "document_not_out"),
    Refuses(BORROWED, give_back("2025-11-03 08:59:59"), "out_of_order"),
    Refuses(HOME, miss(AT), "unknown_document"),
    Refuses(MISSING, miss(AT), "document_missing_already"),
    Refuses(BORROWED, miss("2025-11-03 08:59:59"), "out_of_order"),
]


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event, with all facts inside."""
    produced(case)


@each(REFUSES)
def test_refuses(case: Refuses) -> None:
    """The refusal has its code, and nothing was written."""
    given(case.history).when(case.command).then_refused(case.code)


@pytest.mark.parametrize(
    ("history", "command"),
    [(HOME, file(AT)), (FILED, copy(AT)), (FILED, borrow(AT)), (BORROWED, give_back(AT)),
     (BORROWED, miss(AT))],
    ids=lambda value: value["do"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_who_may(history: list[Line], command: Line) -> None:
    """Every post in its turn: the desk and the data custodian keep the file, nobody else."""
    only_these_may(history, command, posts.OFFICE)


QUIET: list[tuple[list[Line], Line]] = [(HOME, file(AT)), (FILED, copy(AT)), (FILED, miss(AT))]


@pytest.mark.parametrize(("history", "command"), QUIET, ids=[one["do"] for _, one in QUIET])
def test_what_lends_nothing_moves_no_clock(history: list[Line], command: Line) -> None:
    """Only a loan is a promise, and only the document's own row changes."""
    (event,) = given(history).when(command).events
    rows = {name: getattr(event, name) for name in ("unit", "residents", "copies", "clocks")}
    assert rows == {"unit": None, "residents": (), "copies": (), "clocks": ()}


def test_a_document_goes_out_and_comes_back() -> None:
    """The row tells who has it, under whose signature and until when; then it is in the file."""
    world = given(BORROWED)
    out = document(world)
    assert (out.status, out.holder, out.person, out.signed_by, out.due_back) == (
        "borrowed", "tech1", "p-tech1", "head1", moment("2025-11-10 18:00"),
    )  # fmt: skip
    back = document(world.run(give_back(AT)))
    assert (back.status, back.holder, back.since) == ("filed", None, moment(AT))


def test_a_newer_version_takes_the_place_of_the_old_one() -> None:
    """It is filed since then; the copies handed out are still counted."""
    world = given(FILED, copy("2025-11-02 09:00"), file(AT))
    row = document(world)
    assert (row.kind, row.since, row.copies) == ("purchase_contract", moment(AT), 1)


def test_a_missing_document_is_found_again() -> None:
    """It can be lent once more afterwards."""
    world = given(MISSING)
    assert document(world).status == "missing"
    world.run(give_back("2025-11-04 09:00"), borrow(AT))
    assert document(world).status == "borrowed"


def test_a_copy_typed_in_late_is_judged_at_its_own_time() -> None:
    """Made before the loan it is kept; the document stays where it is."""
    world = given(BORROWED)
    world.when(copy("2025-11-02 09:00")).then("unit.document_copied.1")
    assert (document(world).status, document(world).copies) == ("borrowed", 1)
    again = given(BORROWED, give_back("2025-11-04 09:00"))
    again.when(copy("2025-11-03 12:00")).then_refused("document_out")


def test_the_head_signs_who_was_head_then() -> None:
    """A head who left later had signed in time."""
    given(FILED, HEAD_LEFT).when(borrow("2025-11-04 08:59:59")).then("unit.document_borrowed.1")


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (give_back("2025-11-10 18:00"), "met"),
        (give_back("2025-11-10 18:00:01"), "missed"),
        (miss("2025-11-10 18:00"), "superseded"),
        (miss("2025-11-10 18:00:01"), "missed"),
        (None, "missed"),
    ],
)
def test_a_borrowed_document_is_promised_back(after: Line | None, outcome: str) -> None:
    """The last second still keeps the promise; once it is missing there is nothing to wait for."""
    world = given(BORROWED, [after] if after else [])
    clock = promises(world, "document_due_back")[1]
    assert (clock.started_at, clock.due_at, clock.limit, clock.policy) == (
        moment("2025-11-03 09:00"), moment("2025-11-10 18:00"), "as agreed", "1",
    )  # fmt: skip
    assert judge(clock, "2026-01-01 00:00") == outcome
    assert judge(promises(given(BORROWED), "document_due_back")[1], "2025-11-10 18:00") == "open"


def test_each_loan_of_the_home_is_a_promise_of_its_own() -> None:
    """Two documents lent in the same second are told apart, and a second loan of one too."""
    two = file("2025-11-01 10:00", "A2", "id_copy")
    world = given(BORROWED, two, borrow("2025-11-03 09:00", document="A2"))
    world.run(give_back("2025-11-04 09:00", document="A2"), give_back("2025-11-05 09:00"))
    world.run(borrow("2025-11-06 09:00", document="A2"))
    stopped = {n: clock.stopped_at for n, clock in promises(world, "document_due_back").items()}
    assert stopped == {1: moment("2025-11-05 09:00"), 2: moment("2025-11-04 09:00"), 3: None}


def test_irregular_history_is_kept_with_its_code() -> None:
    """A document lent twice without a signature is with the second; the first promise ends."""
    world = given(BORROWED)
    again = borrow(AT, borrower="desk1", signed_by="stew1")
    world.when(again, keep_irregular=True).then("unit.document_borrowed.1")
    row = document(world)
    assert (row.holder, row.irregular) == ("desk1", "document_out,signature_missing")
    first, second = promises(world, "document_due_back").values()
    assert (first.ended, first.ended_at, first.cause) == ("superseded", moment(AT), "borrow")
    assert second.stopped_at is None
    world.run(give_back("2025-11-06 09:00"))
    assert document(world).irregular == "document_out,signature_missing"


def test_a_loan_that_nobody_signed_for_is_kept_as_it_was() -> None:
    """An old register has such; the document is out all the same."""
    world = given(FILED)
    world.when(borrow(AT, signed_by=None), keep_irregular=True).then("unit.document_borrowed.1")
    row = document(world)
    assert (row.holder, row.signed_by, row.irregular) == ("tech1", None, "signature_missing")


def test_an_entry_out_of_order_changes_nothing_later() -> None:
    """Kept from an old register, it stands where its time puts it."""
    world = given(BORROWED, give_back(AT))
    world.when(miss("2025-11-04 09:00"), keep_irregular=True).then("unit.document_missing.1")
    row = document(world)
    assert (row.status, row.since, row.irregular) == ("filed", moment(AT), "out_of_order")
    clock = promises(world, "document_due_back")[1]
    assert (clock.ended, clock.ended_at) == ("superseded", moment("2025-11-04 09:00"))


@pytest.mark.parametrize(
    "command",
    [copy(AT, document="A9"), borrow(AT, signed_by="nobody"), borrow(AT, borrower="nobody")],
    ids=["document", "signature", "borrower"],
)
def test_the_impossible_is_not_kept(command: Line) -> None:
    """What cannot be is rejected even of an old register."""
    refusal = given(FILED).when(command, keep_irregular=True).refusal
    assert refusal
    assert not refusal.keepable


def test_nothing_is_lent_of_another_home() -> None:
    """Documents are named within their own household's file."""
    other: dict[str, Any] = {"unit": "U2"}
    world = given(FILED, register_unit(unit="U2"))
    world.when(borrow(AT, **other)).then_refused("unknown_document")
    world.when(file(AT, kind="title_copy", **other)).then("unit.document_filed.1")
    assert len(world.stream(UNIT)) == 2
