"""Work orders of a case: what each command produces, what it refuses, what it leaves alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import pytest

from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.complaint.events import ComplaintVoided
from guanjia.domain.complaint.orders.commands import OpenWorkOrder, WorkOrderCommand
from guanjia.domain.complaint.standing import WorkOrderRow
from guanjia.domain.errors import Rejected
from guanjia.domain.messages import Envelope
from tests import scenarios as s
from tests import work_orders as w
from tests.spec import Line, World, given, moment, only

from .cases import Produces, Refuses, each, produced
from .complaints import do

UNSENT = [*s.STAFFED, s.receive(category="repair")]
VOID_CASE = do("void_complaint", "super1", w.AFTER, reason="重复登记")

PRODUCES = [
    Produces(
        s.REPAIR,
        w.open_order(charge="warranty", letter="BX-7", explained=False),
        "complaint.work_order_opened.1",
        {"number": 1, "charge": "warranty", "letter": "BX-7", "explained": False},
    ),
    Produces(
        s.REPAIR, w.open_order(), "complaint.work_order_opened.1",
        {"number": 1, "charge": "paid", "letter": None, "explained": True},
    ),
    Produces(w.FINISHED, w.bring_back(), "complaint.work_order_returned.1", {"number": 1}),
    Produces(
        w.RETURNED, w.verify(), "complaint.work_order_verified.1", {"number": 1, "accepted": True}
    ),
    Produces(w.OPENED, w.spoil(number=1), "complaint.work_order_voided.1", {"number": 1}),
]  # fmt: skip


def order(world: World, number: int = 1, name: str = "N-1") -> WorkOrderRow:
    """Return the latest row of a work order, as the events carry it."""
    rows = [row for e in world.events(name) for row in e.work_orders if row.number == number]
    assert rows[-1] == world.case(name).work_orders[number]
    return rows[-1]


@each(PRODUCES)
def test_produces(case: Produces) -> None:
    """The command leaves its event; an opening takes the register's next number too."""
    opening = case.command["do"] == "open_work_order"
    produced(case, *["centre.order_number_given.1"] * opening)


def test_every_command_is_produced_here() -> None:
    """No command of work orders lacks its test."""
    ours = {name for name, cls in COMMANDS.items() if issubclass(cls, WorkOrderCommand)}
    assert {case.command["do"] for case in PRODUCES} == ours


REFUSES = [
    Refuses(s.STAFFED, w.open_order(), "unknown_complaint"),
    Refuses(UNSENT, w.open_order(), "work_order_before_dispatch"),
    Refuses(s.DISPATCHED, w.open_order(), "work_order_not_needed"),
    Refuses(s.REPAIR, w.open_order("2025-11-03 09:04:59"), "out_of_order"),
    Refuses(s.REPAIR, w.open_order(charge="warranty"), "letter_missing"),
    Refuses(s.REPAIR, w.open_order(explained=False), "cost_not_explained"),
    Refuses(s.REPAIRED, w.open_order("2025-11-04 15:00:01"), "already_finished"),
    Refuses(s.FORCED, w.open_order("2025-11-04 16:00:01"), "case_closed"),
    Refuses(s.MERGED, w.open_order("2025-11-03 11:00", complaint="N-2"), "case_merged"),
    Refuses(s.REPAIR, w.open_order(by="desk2"), "other_centre"),
    Refuses(s.REPAIR, w.bring_back(), "unknown_work_order"),
    Refuses(w.OPENED, w.bring_back(number=2), "unknown_work_order"),
    Refuses([*w.OPENED, w.open_order()], w.bring_back(), "unknown_work_order"),
    Refuses(w.OPENED, w.bring_back("2025-11-03 09:09:59"), "out_of_order"),
    Refuses(w.OPENED, w.bring_back(by="tech2"), "wrong_post"),
    Refuses(w.RETURNED, w.bring_back(w.AFTER), "work_order_returned"),
    Refuses(w.VERIFIED, w.bring_back(w.AFTER), "work_order_verified"),
    Refuses(w.VOID, w.bring_back(w.AFTER, number=1), "work_order_void"),
    Refuses(w.FINISHED, w.verify(), "work_order_not_returned"),
    Refuses(w.RETURNED, w.verify("2025-11-04 14:59:59"), "out_of_order"),
    Refuses(w.RETURNED, w.verify(by="desk9"), "verified_by_handler"),
    Refuses(w.VERIFIED, w.verify(w.AFTER), "work_order_verified"),
    Refuses(w.VERIFIED, w.spoil(), "work_order_verified"),
    Refuses(w.VOID, w.spoil(number=1), "work_order_void"),
    Refuses(w.RETURNED, w.spoil("2025-11-04 14:59:59"), "out_of_order"),
    Refuses(w.OPENED, w.spoil(by="desk1"), "wrong_post"),
    Refuses([*w.OPENED, VOID_CASE], w.bring_back(w.AFTER, number=1), "case_voided"),
]


@each(REFUSES)
def test_refuses(case: Refuses) -> None:
    """The command is refused with its code, and no number is taken."""
    given(case.history).when(case.command).then_refused(case.code)


@each(PRODUCES)
def test_stays_quiet(case: Produces) -> None:
    """An order moves no clock, no round and nothing of the case but the order."""
    outcome = given(case.history).when(case.command)
    outcome.events = tuple(e for e in outcome.events if e.topic.startswith("complaint."))
    outcome.then_nothing()


def test_the_row_says_where_the_order_stands() -> None:
    """Who opened it for whom, when it came back, who accepted it."""
    world = given(w.VERIFIED)
    assert order(world) == WorkOrderRow(
        centre="north",
        number=1,
        charge="paid",
        status="verified",
        handler="p-tech1",
        opened_at=moment(w.OPENED_AT),
        opened_by="p-desk1",
        returned_at=moment(w.RETURNED_AT),
        verified_at=moment(w.VERIFIED_AT),
        verified_by="p-desk1",
    )


def test_work_not_accepted_goes_out_again() -> None:
    """The order is open once more, counts the rejection, comes back and is verified."""
    world = given(w.REJECTED)
    assert (order(world).status, order(world).returned_at, order(world).rejections) == (
        "opened", None, 1,
    )  # fmt: skip
    world.when(w.verify(w.AFTER)).then_refused("work_order_not_returned")
    world.run(w.bring_back("2025-11-05 10:00"), w.verify("2025-11-05 11:00"))
    assert (order(world).status, order(world).rejections) == ("verified", 1)


def test_a_public_repair_is_free() -> None:
    """Nobody is written to and nobody needs an explanation where nobody pays."""
    world = given(s.REPAIR, w.open_order(charge="free", explained=False))
    assert order(world).charge == "free"


def test_whoever_the_order_was_for_does_not_verify_it() -> None:
    """Nor by another account, nor if the case was sent on before anyone accepted it."""
    on = do("transfer_complaint", "super1", "2025-11-03 10:00", department="d", handler="tech2")
    world = given(s.REPAIR, w.open_order(), on, w.bring_back())
    world.when(w.verify(by="desk9")).then_refused("verified_by_handler")


def test_a_handler_of_a_merged_case_does_not_verify() -> None:
    """The matter's handlers are those of all its cases."""
    world = given(
        s.TWO,
        s.dispatch("2025-11-03 10:05", complaint="N-2"),
        s.accept("2025-11-03 10:06", complaint="N-2"),
        s.dispatch("2025-11-03 10:10", "tech2"),
        w.open_order("2025-11-03 10:15"),
        s.merge("2025-11-03 11:00"),
        w.bring_back("2025-11-04 09:00", by="tech2"),
    )
    world.when(w.verify(by="desk9")).then_refused("verified_by_handler")
    world.run(w.verify(by="desk1"))


def test_a_delegate_of_the_head_opens_orders() -> None:
    """Whoever may dispatch may open the order for it."""
    times = {"from": "2025-11-03T09:00:00+08:00", "until": "2025-11-03T10:00:00+08:00"}
    lent = do("delegate", "head1", "2025-11-03 08:00", to="tech2", rights=["dispatch"], **times)
    lent.pop("complaint", None)
    world = given(s.REPAIR)
    world.when(w.open_order(by="tech2")).then_refused("wrong_post")
    world.run(lent, w.open_order(by="tech2"))


def test_papers_come_back_after_the_case_is_over() -> None:
    """An order out at the closing or merging is returned and verified all the same."""
    given(w.FINISHED, s.force_close("2025-11-04 14:30"), w.bring_back(), w.verify())
    merged = given(
        s.TWO,
        s.dispatch("2025-11-03 10:05", complaint="N-2"),
        w.open_order("2025-11-03 10:10", complaint="N-2"),
        s.merge("2025-11-03 11:00"),
        w.bring_back("2025-11-03 12:00", complaint="N-2"),
        w.verify("2025-11-03 13:00", complaint="N-2"),
    )
    assert order(merged, 1, "N-2").status == "verified"


def test_no_case_needs_an_order_to_be_closed() -> None:
    """Old registers have none; the equalities show it."""
    given(s.REPAIRED, s.revisit("2025-11-05 10:00"), s.close("2025-11-05 11:00"))


def test_an_opening_typed_in_late_is_kept() -> None:
    """What was opened before the finish and the closing is let in after them."""
    world = given(s.FORCED, w.open_order())
    assert order(world).opened_at == moment(w.OPENED_AT)


def test_a_case_entered_by_mistake_takes_its_orders_along() -> None:
    """They are void with it, at the same time; the numbers stay."""
    world = given(w.OPENED, w.open_order("2025-11-03 09:20"), w.spoil("2025-11-03 10:00", number=1))
    event = only(world.when(VOID_CASE).events, ComplaintVoided)
    assert [row.number for row in event.work_orders] == [2]
    assert order(world, 1).voided_at == moment("2025-11-03 10:00")
    assert order(world, 2).voided_at == moment(w.AFTER)


@pytest.mark.parametrize(
    ("history", "command", "code", "status"),
    [
        (w.RETURNED, w.bring_back(w.AFTER), "work_order_returned", "returned"),
        (w.FINISHED, w.verify(), "work_order_not_returned", "verified"),
        (w.VERIFIED, w.verify(w.AFTER, ok=False), "work_order_verified", "verified"),
        (w.VOID, w.verify(w.AFTER, number=1), "work_order_void", "void"),
        (w.VERIFIED, w.spoil(), "work_order_verified", "void"),
        (s.REPAIR, w.open_order(charge="warranty"), "letter_missing", "opened"),
    ],
)
def test_irregular_history_is_kept_with_its_code(
    history: list[Line], command: Line, code: str, status: str
) -> None:
    """What an old register did against the rules is recorded, and the first of two steps stands."""
    world = given(history)
    outcome = world.when(command, keep_irregular=True)
    assert outcome.events[0].irregular == (code,)
    assert order(world).status == status
    if status == "returned":
        assert order(world).returned_at == moment(w.RETURNED_AT)


def test_an_order_nobody_opened_is_impossible() -> None:
    """Not even irregular history can return it."""
    outcome = given(s.REPAIR).when(w.bring_back(), keep_irregular=True)
    outcome.then_refused("unknown_work_order")


def test_the_numbers_are_a_centres_own_sequence() -> None:
    """They do not follow the case numbers, nor another centre's orders, and a void one stays."""
    world = given(
        s.TWO,
        s.dispatch("2025-11-03 10:05", complaint="N-2"),
        s.receive(category="repair", centre="south", by="desk2", complaint="S-1"),
        s.dispatch("2025-11-03 09:05", "tech3", by="desk2", complaint="S-1"),
    )
    told = [
        world.execute(w.open_order("2025-11-03 11:00")).number,
        world.execute(w.open_order("2025-11-03 11:00", complaint="S-1", by="desk2")).number,
        world.execute(w.spoil("2025-11-03 11:01")).number,
        world.execute(w.open_order("2025-11-03 11:02", complaint="N-2")).number,
        world.execute(s.receive("2025-11-03 11:03", complaint="N-3")).number,
    ]
    assert told == [1, 1, None, 2, 3]


def test_a_repeated_opening_tells_the_same_number() -> None:
    """Under its key the same command opens one order only."""
    world = given(s.REPAIR)
    told = [world.execute(w.open_order(), key="k").number for _ in range(2)]
    assert told == [1, 1]
    assert [*world.case().work_orders] == [1]


THREADS, EACH = 8, 12


def test_eight_threads_open_orders_without_a_gap() -> None:
    """Each gets numbers in order; one command in four is refused and takes none."""
    cases = [f"N-{number}" for number in range(THREADS)]
    world = given(
        s.STAFFED,
        *(s.receive(category="repair", complaint=case) for case in cases),
        *(s.dispatch("2025-11-03 09:05", complaint=case) for case in cases),
    )
    with ThreadPoolExecutor(THREADS) as threads:
        told = list(threads.map(lambda case: opened(world, case), cases))
    numbers = [*chain(*told)]
    assert sorted(numbers) == list(range(1, THREADS * EACH * 3 // 4 + 1))
    assert all(given == sorted(given) for given in told)
    register = [event.model_dump()["number"] for event in world.stream("centre:north")]
    assert register[THREADS:] == sorted(numbers)
    for case, given_to_case in zip(cases, told, strict=True):
        assert [*world.case(case).work_orders] == given_to_case


def opened(world: World, case: str) -> list[int]:
    """Open orders for one case, every fourth without the explanation; return the numbers."""
    numbers: list[int] = []
    for count in range(EACH):
        fields: dict[str, Any] = {"charge": "paid", "explained": count % 4 != 3}
        command = OpenWorkOrder(complaint=case, **fields)
        envelope = Envelope(by="desk1", at=moment("2025-11-03 10:00"), imported=True)
        try:
            done = world.app.execute(command, envelope)
        except Rejected:
            assert count % 4 == 3
        else:
            assert done.number is not None
            numbers.append(done.number)
    return numbers
