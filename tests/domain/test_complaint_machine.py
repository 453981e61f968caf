"""Three cases handled by whoever comes: what holds after every step, by the book or not."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from guanjia.domain.complaint.events import ComplaintRevisited
from guanjia.domain.complaint.state import Case
from guanjia.domain.promises import open_at
from guanjia.domain.streams import COMPLAINT
from tests import scenarios as s
from tests.spec import Line, line

from .drawing import CASES, COMMANDS, LIKELY, PEOPLE, case_line, three_cases
from .machine import WHEN, Register, modest

AT = "2026-12-21 08:00"
BY_THE_BOOK: dict[str, Line] = {
    "desk": s.reply(AT),
    "dispatch": s.dispatch(AT),
    "start": s.start(AT),
    "finish": s.finish(AT),
    "satisfied": s.revisit(AT),
    "unsatisfied": s.revisit(AT, "unsatisfied"),
    "unreachable": s.revisit(AT, "unreachable"),
    "escalate": line("escalate_complaint", "desk1", AT, reason="unsatisfied"),
    "close": line("close_complaint", "desk1", AT),
    "reopen": line("reopen_complaint", "super1", AT, reason="又坏了"),
}

REVISITS = st.sampled_from([BY_THE_BOOK["satisfied"], BY_THE_BOOK["unsatisfied"]])
NAMES = st.sampled_from([*CASES, "N-1", "N-1"])
LINES = st.one_of(
    st.tuples(st.sampled_from(list(BY_THE_BOOK.values())), NAMES).map(
        lambda drawn: {**drawn[0], "complaint": drawn[1]}
    ),
    st.tuples(REVISITS, NAMES, PEOPLE).map(
        lambda drawn: {**drawn[0], "complaint": drawn[1], "by": drawn[2]}
    ),
    st.sampled_from([*COMMANDS, *LIKELY]).flatmap(case_line),
)
"""What often comes next by who may; a revisit by anybody; anything by anybody."""

_FINISHED = s.finish(AT)
_MERGED = line("merge_complaint", "super1", AT, complaint="N-2", into="N-1")
STARTS: list[list[Line]] = [
    [],
    [_FINISHED],
    [_FINISHED, s.revisit(AT, "unsatisfied")],
    [_FINISHED, s.revisit(AT), BY_THE_BOOK["close"]],
    [_MERGED],
    [_MERGED, _FINISHED],
]


class Handling(Register):
    """The repair N-1 and the complaint N-2 of north, and S-1 by web of south."""

    watched = tuple((COMPLAINT, name) for name in CASES)
    row = "case"
    begins = AT

    @initialize(done=st.sampled_from(STARTS))
    def begin(self, done: list[Line]) -> None:
        """Three cases were received; with one of them more may have happened."""
        self.world.run(three_cases(), done)

    def cases(self) -> list[Case]:
        """Return the cases as decisions see them."""
        return list(self.states().values())

    @rule(line=LINES, when=WHEN)
    def enter(self, line: Line, when: tuple[int, int]) -> None:
        """Somebody does something; a handler's revisit is void, any other stands."""
        before = self.states()
        for event in self.attempt(line, line["by"], when).events:
            if isinstance(event, ComplaintRevisited):
                case = cast("Case", before[line["complaint"]])
                assert event.void or event.person not in case.handlers

    @invariant()
    def a_round_is_settled_once(self) -> None:
        """By one revisit that is neither void nor vain; rounds are numbered without gaps."""
        for case in self.cases():
            assert [round.number for round in case.rounds] == [*range(1, len(case.rounds) + 1)]
            settled = [
                event.round
                for event in self.world.events(case.id)
                if isinstance(event, ComplaintRevisited)
                and not event.void
                and event.outcome != "unreachable"
            ]
            assert len(settled) == len(set(settled))

    @invariant()
    def nothing_runs_on_after_the_end(self) -> None:
        """A case that was closed or voided promises no more; forced, it may owe its revisit."""
        for case in self.cases():
            running = {
                clock.commitment for clock in case.clocks.values() if open_at(clock, self.now)
            }
            forced = bool(case.closings) and case.closings[-1].how == "force_close"
            if case.voided_at or case.closed_at:
                assert running <= ({"revisit"} if forced else set())

    @invariant()
    def rows_and_numbers_agree(self) -> None:
        """The last row of each round is the state's; numbers are given without gaps."""
        for case in self.cases():
            rounds: dict[int, Any] = {}
            for event in self.world.events(case.id):
                rounds |= {row.round: row for row in event.rounds}
            assert rounds == case.round_rows
            assert case.row is not None
            assert (case.row.closed_at, case.row.rung) == (case.closed_at, case.rung)
        assert sorted(case.number for case in self.cases() if case.centre == "north") == [1, 2]


TestHandling = Handling.TestCase
TestHandling.settings = modest(25, 25)
