"""Two keys moved at random by whoever comes: custody as a person would tell it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from guanjia.domain.key.state import Key
from guanjia.domain.promises import open_at
from guanjia.domain.streams import KEY
from tests.spec import Line

from . import kept as k
from .machine import CANARY, WHEN, Register, modest

AT = "2025-11-03 12:00"
KEYS = st.sampled_from(["K1", "K1", "K2"])
PEOPLE = st.sampled_from([*["head1"] * 9, "desk1", "tech1", "desk2", "audit1"])
OCCASIONS = st.sampled_from([{"complaint": "N-1"}, {"complaint": "N-1"}, {"permit": "P1"}, {}])
LIVING = {"cabinet", "owner", "entrusted", "lent", "lost"}
MOVES: dict[str, tuple[Line, set[str]]] = {
    "receive": (k.receive_key(AT), set()),
    "receive unsigned": (k.receive_key(AT, signed_by_both=False), set()),
    "issue": (k.issue(AT), {"cabinet"}),
    "entrust": (k.entrust(AT), {"owner"}),
    "lend": (k.lend(AT), {"cabinet", "entrusted"}),
    "return": (k.return_key(AT), {"lent", "entrusted", "lost"}),
    "surrender": (k.surrender(AT), {"owner", "entrusted"}),
    "lose": (k.lose(AT), LIVING),
    "replace": (k.lose(AT, lock_changed=True), LIVING),
    "destroy": ({**k.destroy(AT), "reason": CANARY}, {"cabinet", "lost", "replaced"}),
}
"""What is done, and the places from which it may begin."""

STARTS: list[tuple[list[Line], list[str]]] = [
    (k.CASE, []),
    (k.IN_CABINET, ["cabinet"]),
    (k.ISSUED, ["owner"]),
    (k.ENTRUSTED, ["owner", "entrusted"]),
    (k.LENT, ["cabinet", "lent"]),
    (k.LENT_ENTRUSTED, ["owner", "entrusted", "lent"]),
    (k.LOST, ["lost"]),
]


class Cabinet(Register):
    """The keys K1 and K2 of north, the case N-1 and the permit P1."""

    watched = ((KEY, "K1"), (KEY, "K2"))
    row = "key"
    begins = AT

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, list[str]] = {}
        """Where each key is, on top of where it goes back to."""

    @initialize(start=st.sampled_from(STARTS), keep=st.sampled_from([False, False, True]))
    def begin(self, start: tuple[list[Line], list[str]], keep: bool) -> None:
        """One register in three is an old one, which is kept with what is irregular in it."""
        history, place = start
        second = [k.receive_key(key="K2")] if place else []
        self.world.run(history, k.PERMIT, second)
        self.told = {"K1": place, "K2": ["cabinet"]} if place else {}
        self.keep = keep

    @rule(
        key=KEYS,
        move=st.sampled_from([*MOVES, "lend", "lend", "return", "issue", "entrust"]),
        by=PEOPLE,
        when=WHEN,
        to=st.sampled_from(["tech1", "tech1", "guard1", "tech3"]),
        occasion=OCCASIONS,
        hours=st.integers(-1, 100),
    )
    def move(self, key: str, move: str, by: str, when: tuple[int, int], **drawn: Any) -> None:  # noqa: ANN401
        """Somebody moves a key; the rules let pass what begins where the key is."""
        line, origins = MOVES[move]
        if self.attempt({**self.asked(move, line, **drawn), "key": key}, by, when).refusal is None:
            before = self.told.get(key, [])
            assert (before == []) == move.startswith("receive")
            assert self.keep or not before or before[-1] in origins
            self.told[key] = _after(move, before)

    def asked(self, move: str, line: Line, to: str, occasion: dict[str, str], hours: int) -> Line:
        """Return the line with what a loan or an entrusting asks: to whom, for what, how long."""
        until = (self.now + timedelta(hours=hours)).isoformat()
        if move == "lend":
            return {**line, "to": to, "complaint": None, **occasion, "due_back": until}
        return {**line, **occasion, "until": until} if move == "entrust" else line

    def keys(self) -> dict[str, Key]:
        """Return the keys received."""
        return {id: key for id, key in self.states().items() if key}

    @invariant()
    def custody_is_in_one_place(self) -> None:
        """One custody after the other, the last as told; the row says the same."""
        for id, key in self.keys().items():
            times = [custody.at for custody in key.custodies]
            assert times == sorted(times)
            assert (key.now.place == "lent") == (key.now.loan is not None)
            assert key.row is not None
            assert (key.row.place, key.row.since) == (key.now.place, key.now.at)
            assert key.row.holder == (key.now.loan.to if key.now.loan else None)
            assert self.keep or key.now.place == self.told[id][-1]

    @invariant()
    def one_loan_at_most_is_open(self) -> None:
        """A promise runs while the key is lent and its time is not past, and at no other time."""
        for key in self.keys().values():
            loan = key.now.loan
            running = [c.due_at for c in key.clocks.values() if open_at(c, self.now)]
            assert running == ([loan.due_back] if loan and self.now <= loan.due_back else [])

    @invariant()
    def a_count_misses_what_hangs_there(self) -> None:
        """When nothing is found, the keys of the cabinet are missing, and no other."""
        places = {id: key.now.place for id, key in self.keys().items()}
        hanging = {id for id, place in places.items() if place in {"cabinet", "entrusted"}}
        found: Any = self.attempt(k.count(AT), "desk1").events[0]
        assert set(found.missing) == hanging


def _after(move: str, before: list[str]) -> list[str]:
    """Return where a key is after a move, on top of where it goes back to."""
    match move:
        case "lend":
            return [*before, "lent"]
        case "entrust":
            return ["owner", "entrusted"]
        case "return":
            return before[:-1] or ["cabinet"]
        case _:
            places = {"issue": "owner", "lose": "lost", "replace": "replaced"}
            return [places.get(move, "destroyed" if move == "destroy" else "cabinet")]


TestCabinet = Cabinet.TestCase
TestCabinet.settings = modest(60, 20)
