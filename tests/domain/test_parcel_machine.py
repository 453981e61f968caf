"""One parcel, and everything that can be done to it, by anybody and at any distance."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from guanjia.domain.parcel.state import Parcel
from guanjia.domain.promises import open_at
from guanjia.domain.streams import PARCEL
from tests import scenarios as s
from tests.spec import Line

from . import kept as k
from .machine import CANARY, WHEN, Register, modest

AT = "2025-11-03 10:00"
PEOPLE = st.sampled_from([*["desk1"] * 8, "stew1", "tech1", "desk2", "audit1"])
STEPS: dict[str, tuple[Line, str | None]] = {
    "notify": (k.notify(AT), None),
    "hand out": (k.hand_out(AT, collector=CANARY, signature=CANARY), "handed_out"),
    "overdue": (k.send_back(AT, "overdue"), "returned"),
    "refused": (k.send_back(AT), "returned"),
    "lose": ({**k.miss(AT), "reason": CANARY}, "lost"),
}
"""What is done, and how it ends the parcel."""

STARTS: list[list[Line]] = [s.STAFFED, k.HELD, k.NOTIFIED, k.PENDING, k.BOXED]


class Desk(Register):
    """The parcel E1 of north."""

    watched = ((PARCEL, "E1"),)
    row = "parcel"
    begins = "2025-11-03 10:00"

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[str] = []

    @property
    def parcel(self) -> Parcel | None:
        """The parcel as decisions see it."""
        found: Parcel | None = self.states()["E1"]
        return found

    @initialize(start=st.sampled_from(STARTS), keep=st.sampled_from([False, False, True]))
    def begin(self, start: list[Line], keep: bool) -> None:
        """One register in three is an old one, which is kept with what is irregular in it."""
        self.world.run(start)
        self.keep = keep

    def kept(self) -> bool:
        """Whether the centre has it, in a box of its own or on the shelf of 待查."""
        parcel = self.parcel
        return parcel is not None and parcel.keeping != "letter_box" and not self.ends

    @precondition(lambda self: self.parcel is None or self.ends)
    @rule(
        by=PEOPLE,
        when=WHEN,
        kind=st.sampled_from(["ems", "ems", "money_order", "magazine", "ordinary", "press", "fax"]),
        unit=st.sampled_from([None, "U1"]),
        addressee=st.sampled_from([None, {"name": CANARY}]),
        consent=st.sampled_from([True, True, False]),
    )
    def register(self, by: str, when: tuple[int, int], **fields: Any) -> None:  # noqa: ANN401 - drawn by name
        """It comes once, and what somebody can be asked about with their consent."""
        known = self.parcel
        if self.attempt(k.register(AT, **fields), by, when).refusal is None:
            assert known is None
            parcel = self.parcel
            assert parcel is not None
            asked = parcel.keeping == "held" and fields["kind"] != "fax"
            assert self.keep or fields["consent"] or not asked

    @rule(by=PEOPLE, when=WHEN, step=st.sampled_from([*STEPS, "notify", "notify"]))
    def work(self, by: str, when: tuple[int, int], step: str) -> None:
        """Only what the centre has is told of, handed out, sent back, reported lost."""
        line, end = STEPS[step]
        known, had = self.parcel, self.kept()
        if self.attempt(line, by, when).refusal:
            return
        assert known is not None
        assert had or self.keep or (step == "notify" and known.keeping != "letter_box")
        if end and had:
            self.ends.append(end)
        if step == "overdue" and not self.keep:
            assert known.due_at is not None
            assert known.due_at < self.now

    @invariant()
    def it_ends_once(self) -> None:
        """The row tells the end, or how it is kept."""
        parcel = self.parcel
        assert len(self.ends) <= 1
        if parcel is not None:
            assert parcel.row is not None
            assert self.ends == ([parcel.ended.how] if parcel.ended else [])
            found = parcel.keeping == "pending" and parcel.notices
            keeping = "held" if found else parcel.keeping
            assert parcel.row.status == (self.ends[0] if self.ends else keeping)
            assert list(parcel.notices) == sorted(parcel.notices)

    @invariant()
    def a_promise_runs_only_while_it_is_kept(self) -> None:
        """And each commitment once."""
        commitments = [clock.commitment for _, clock in self.clocks()]
        assert len(commitments) == len(set(commitments))
        if not self.kept():
            assert not [clock for _, clock in self.clocks() if open_at(clock, self.now)]


TestDesk = Desk.TestCase
TestDesk.settings = modest(40, 15)
