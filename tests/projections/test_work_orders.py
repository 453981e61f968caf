"""The views of work orders: one row per order, and the three equalities by month."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from guanjia.domain.complaint import events as e
from guanjia.domain.complaint.orders import events as o
from guanjia.domain.errors import Rejected
from guanjia.domain.messages import Event
from guanjia.domain.recording import read

from .lines import imported, told
from .register import Register, Row, in_memory, moment, pick, picked

END = "2026-03-01 00:00"
COUNTS = ("recorded", "dispatched", "work_orders", "returned", "additional")
EQUAL = ("recorded_dispatched", "dispatched_ordered", "ordered_returned")
NUMBERS = ("first_number", "last_number", "voided", "missing")


def repair(register: Register, case: str, at: str, *, sent: bool = True, **changes: Any) -> None:  # noqa: ANN401
    """Receive a repair and send it to the technician."""
    register.receive(case, at, category="repair", **changes)
    if sent:
        register.dispatch(case, at)


def opened(register: Register, case: str, at: str, **more: Any) -> int | None:  # noqa: ANN401
    """Open a paid order; return its number."""
    fields: Row = {"charge": "paid", "explained": True}
    return register.do("open_work_order", at, "desk1", complaint=case, **fields, **more).number


def back(register: Register, case: str, at: str, **more: Any) -> None:  # noqa: ANN401
    """Bring an order back."""
    register.do("return_work_order", at, "tech1", complaint=case, **more)


def month(register: Register, month: str, as_of: str = END) -> tuple[tuple[Any, ...], ...]:
    """Return a month's counts, equalities and numbers."""
    row = register.month("equalities", month, as_of)
    return pick(row, *COUNTS), pick(row, *EQUAL), pick(row, *NUMBERS)


def test_a_month_in_which_everything_is_equal(register: Register) -> None:
    """Two repairs received, sent, ordered and returned; of other categories nothing is counted."""
    for case, at in (("N-1", "2025-11-03 09:00"), ("N-2", "2025-11-04 09:00")):
        repair(register, case, at)
        opened(register, case, at)
        back(register, case, "2025-11-05 09:00")
    register.receive("N-3", "2025-11-05 10:00")
    register.receive("N-4", "2025-11-05 10:00", category="inquiry")
    assert month(register, "2025-11") == ((2, 2, 2, 2, 0), (True, True, True), (1, 2, 0, 0))


def test_what_differs_and_since_when(register: Register) -> None:
    """Each equality breaks and heals as of the moment its own step was recorded."""
    repair(register, "N-1", "2025-11-03 09:00", sent=False)
    register.dispatch("N-1", "2025-11-03 10:00")
    opened(register, "N-1", "2025-11-03 11:00")
    back(register, "N-1", "2025-12-03 12:00")
    states = {
        "2025-11-03 09:59:59": ((1, 0, 0, 0, 0), (False, True, True)),
        "2025-11-03 10:59:59": ((1, 1, 0, 0, 0), (True, False, True)),
        "2025-12-03 11:59:59": ((1, 1, 1, 0, 0), (True, True, False)),
        "2025-12-03 12:00:00": ((1, 1, 1, 1, 0), (True, True, True)),
    }
    for as_of, expected in states.items():
        assert month(register, "2025-11", as_of)[:2] == expected


def test_a_second_order_does_not_make_up_for_a_missing_one(register: Register) -> None:
    """Three dispatches of two repairs, two orders of one of them: the other has none."""
    repair(register, "N-1", "2025-11-03 09:00")
    register.dispatch("N-1", "2025-11-03 10:00")
    repair(register, "N-2", "2025-11-03 09:00")
    first, second = (opened(register, "N-1", "2025-11-03 11:00") for _ in range(2))
    for number in (first, second):
        back(register, "N-1", "2025-11-03 12:00", number=number)
    assert month(register, "2025-11")[:2] == ((2, 2, 2, 2, 1), (True, False, True))


def test_a_void_order_keeps_its_number_and_counts_nowhere_else(register: Register) -> None:
    """The order that replaces it is no additional one."""
    repair(register, "N-1", "2025-11-03 09:00")
    opened(register, "N-1", "2025-11-03 11:00")
    register.do("void_work_order", "2025-11-03 11:05", "super1", complaint="N-1", reason="写错")
    opened(register, "N-1", "2025-12-01 11:00")
    back(register, "N-1", "2025-12-01 12:00")
    assert month(register, "2025-11") == ((1, 1, 1, 1, 0), (True, True, True), (1, 1, 1, 0))
    assert month(register, "2025-12") == ((0, 0, 0, 0, 0), (True, True, True), (2, 2, 0, 0))


def test_void_cases_are_not_counted_and_merged_ones_are_one(register: Register) -> None:
    """The survivor is dispatched for both, and either's order is the matter's."""
    for case in ("N-1", "N-2", "N-3"):
        repair(register, case, "2025-11-03 09:00", sent=case != "N-1")
    opened(register, "N-2", "2025-11-03 10:00")
    opened(register, "N-3", "2025-11-03 10:00")
    register.do("merge_complaint", "2025-11-03 11:00", "super1", complaint="N-2", into="N-1")
    register.do("void_complaint", "2025-11-03 12:00", "super1", complaint="N-3", reason="重复")
    assert month(register, "2025-11") == ((1, 1, 1, 0, 0), (True, True, False), (1, 2, 1, 0))


def test_a_number_typed_in_later_is_not_missing(register: Register) -> None:
    """As of before its entry the order is not there, and yet no number is missing."""
    for case in ("N-1", "N-2"):
        repair(register, case, "2025-11-03 09:00")
    opened(register, "N-1", "2025-11-03 10:00", recorded_at="2025-11-10 09:00")
    opened(register, "N-2", "2025-11-03 11:00")
    early = month(register, "2025-11", "2025-11-04 00:00")
    assert (early[0], early[2]) == ((2, 2, 1, 0, 0), (2, 2, 0, 0))
    assert month(register, "2025-11")[2] == (1, 2, 0, 0)


def test_the_rows_of_work_orders(register: Register) -> None:
    """One row per order, with its case's place, as of any moment."""
    repair(register, "N-1", "2025-11-03 09:00", unit="U1")
    opened(register, "N-1", "2025-11-03 10:00")
    back(register, "N-1", "2025-11-04 15:00")
    register.do("verify_work_order", "2025-11-04 16:00", "desk1", complaint="N-1", accepted=False)
    names = ("centre", "number", "complaint", "unit", "charge", "status", "handler", "rejections")
    told = ("north", 1, "N-1", "U1", "paid")
    for as_of, status, rejections in (
        ("2025-11-03 10:00", "opened", 0),
        ("2025-11-04 15:00", "returned", 0),
        ("2025-11-04 16:00", "opened", 1),
    ):
        (row,) = register.ask("work-orders", as_of)
        assert pick(row, *names) == (*told, status, "p-tech1", rejections)
    assert register.ask("work-orders", "2025-11-03 09:59:59") == []


def test_a_history_file_brings_orders_with_and_without_their_number(
    register: Register, tmp_path: Path
) -> None:
    """The import gives the numbers in order of time; a line may leave its number out."""
    lines = [
        told(do, at, by, complaint=case, **fields)
        for do, case, by, at, fields in (
            ("open_work_order", "N-2", "desk1", "2025-11-03 12:00", {"charge": "free"}),
            ("open_work_order", "N-1", "desk1", "2025-11-03 11:00",
             {"charge": "warranty", "letter": "BX-7"}),
            ("return_work_order", "N-2", "tech1", "2025-11-03 14:00", {"number": 2}),
            ("return_work_order", "N-1", "tech1", "2025-11-03 14:00", {}),
            ("verify_work_order", "N-1", "desk1", "2025-11-03 15:00", {"accepted": True}),
        )
    ]  # fmt: skip
    for case in ("N-1", "N-2"):
        repair(register, case, "2025-11-03 09:00")
    assert imported(register, tmp_path, lines).imported == 5
    assert picked(register, "work-orders", END, "number", "complaint", "letter", "status") == [
        (1, "N-1", "BX-7", "verified"),
        (2, "N-2", None, "returned"),
    ]


# --- Random histories against a reference that reads the events one by one ------------------------

DOES: dict[str, tuple[str, dict[str, Any]]] = {
    "dispatch_complaint": ("desk1", {"department": "engineering", "handler": "tech1"}),
    "open_work_order": ("desk1", {"charge": "free"}),
    "return_work_order": ("tech1", {}),
    "verify_work_order": ("desk1", {"accepted": True}),
    "void_work_order": ("super1", {"reason": "写错"}),
    "merge_complaint": ("super1", {}),
    "void_complaint": ("super1", {"reason": "重复"}),
    "correct_complaint": ("super1", {"fact": "category", "old": "repair", "reason": "录错"}),
}
WEIGHTS = (5, 8, 6, 5, 2, 1, 1, 1)
CASES = [f"N-{number}" for number in range(6)]


def play(register: Register, seed: int, *, keep_irregular: bool) -> list[datetime]:
    """Try what may or may not be; return moments worth asking about."""
    random = Random(seed)  # noqa: S311 - chance is only chance
    at = moment("2025-10-30 08:00")
    for case in CASES:
        at += timedelta(hours=random.randrange(40))
        register.receive(case, at, category=random.choice(("repair", "special_service")))
    asked = [at]
    for _ in range(70):
        at += timedelta(hours=random.randrange(14))
        do = random.choices([*DOES], WEIGHTS)[0]
        by, fields = DOES[do]
        fields = {**fields, "complaint": random.choice(CASES)}
        if do == "merge_complaint":
            fields["into"] = random.choice(CASES)
        if do == "correct_complaint":
            fields["new"] = random.choice(("complaint", "special_service"))
        if do in ("return_work_order", "verify_work_order", "void_work_order"):
            fields["number"] = random.choice((None, *range(1, 9)))
            fields |= {"accepted": random.random() < 0.6} if "accepted" in fields else {}
        late = at + timedelta(hours=random.choice((0, 0, 0, 30)))
        try:
            register.do(do, at, by, recorded_at=late, keep_irregular=keep_irregular, **fields)
        except Rejected:
            continue
        asked.append(late)
    return [*random.sample(asked, min(6, len(asked))), at + timedelta(days=40)]


class Orders:
    """The register of work orders as read from the events, one after the other."""

    def __init__(self) -> None:
        self.cases: dict[str, Row] = {}
        self.orders: dict[int, Row] = {}

    def learn(self, case: str, event: Event) -> None:
        """Take one more event in."""
        match event:
            case e.ComplaintReceived():
                self.cases[case] = {"month": f"{event.at:%Y-%m}", "category": event.category}
            case e.ComplaintDispatched():
                self.cases[case]["sent"] = True
            case e.ComplaintMerged():
                self.cases[case]["into"] = event.into
            case e.ComplaintCorrected():
                self.cases[case]["category"] = event.new
            case e.ComplaintVoided():
                self.cases[case]["void"] = True
                for order in self.orders.values():
                    order["void"] = order.get("void") or order["case"] == case
            case o.WorkOrderEvent():
                order = {"case": case, "month": f"{event.at:%Y-%m}"}
                self._order(self.orders.setdefault(event.number, order), event)
            case _:
                pass

    def _order(self, order: Row, event: o.WorkOrderEvent) -> None:
        match event:
            case o.WorkOrderReturned():
                order["back"] = True
            case o.WorkOrderVerified() if not order.get("verified"):
                order |= {"back": event.accepted, "verified": event.accepted}
            case o.WorkOrderVoided():
                order["void"] = True
            case _:
                pass

    def rows(self) -> dict[str, list[Any]]:
        """Return the months' counts, equalities and numbers."""
        nothing = [*[0] * 5, *[True] * 3, None, None, 0, 0]
        months: dict[str, list[Any]] = defaultdict(lambda: [*nothing])
        for name, case in self.cases.items():
            if case["category"] == "complaint" or case.get("into") or case.get("void"):
                continue
            self._count(months[case["month"]], name)
        for row in months.values():
            row[5] = row[0] == row[1]
            row[7] = row[2] == row[3]
        for number, order in sorted(self.orders.items()):
            row = months[order["month"]]
            row[8] = min(row[8] or number, number)
            row[9] = max(row[9] or number, number)
            row[10] += bool(order.get("void"))
        return dict(months)

    def _count(self, row: list[Any], name: str) -> None:
        """Add one matter: a case with those merged into it."""
        joined = {k for k, c in self.cases.items() if name in (k, c.get("into"))}
        matter = {k for k in joined if not self.cases[k].get("void")}
        sent = any(self.cases[k].get("sent") for k in matter)
        orders = [x for x in self.orders.values() if x["case"] in matter and not x.get("void")]
        row[0] += 1
        row[1] += sent
        row[2] += len(orders)
        row[3] += sum(bool(order.get("back")) for order in orders)
        row[4] += max(len(orders) - 1, 0)
        row[6] = row[6] and sent == bool(orders)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("keep_irregular", [False, True])
def test_equalities_are_what_the_events_say(seed: int, *, keep_irregular: bool) -> None:
    """At every moment asked about, and no number is ever missing."""
    register = in_memory()
    with register.office:
        for as_of in play(register, seed, keep_irregular=keep_irregular):
            known = Orders()
            for stored in register.store.read(0, 10_000):
                event = read(stored.topic, stored.state)
                if stored.topic.startswith("complaint.") and event.recorded_at <= as_of:
                    known.learn(stored.originator_id.removeprefix("complaint:"), event)
            rows = register.ask("equalities", as_of, centre="north")
            told = {row["month"]: [row[k] for k in (*COUNTS, *EQUAL, *NUMBERS)] for row in rows}
            assert told == known.rows()
