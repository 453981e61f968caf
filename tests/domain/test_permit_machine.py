"""What holds for any renovation: random commands by anybody, at any time."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import cast

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from guanjia.domain.permit import events as e
from guanjia.domain.permit.state import LADDER, Permit
from guanjia.domain.streams import PERMIT
from tests import permits as p
from tests.spec import Line

from .machine import CANARY, Register, modest

ACCOUNTS = ["stew1", "super1", "head1", "guard1", "tech1", "desk1", "head2", "gm1", "audit1"]
LIKELY = [*["super1"] * 8, *ACCOUNTS]
STARTS = [p.APPLIED, p.ISSUED, p.ISSUED, p.FOUND, p.STOPPED, p.COMPLETED, p.FAILED, p.ACCEPTED]
VIOLATIONS = st.sampled_from(["V-1", "V-2"])
STEPS = st.sampled_from([*LADDER, "corrected"])
DATES = st.sampled_from(["2025-10-19", "2025-10-25", "2025-11-20", "2026-01-20"])
BOOLEANS = st.sampled_from([True, True, True, False])


class Renovation(Register):
    """One renovation, its time going on by hours to days, some entries typed in late."""

    watched = ((PERMIT, "P-1"),)
    row = "permit"
    begins = "2025-10-13 09:00"

    @property
    def permit(self) -> Permit:
        """The renovation as decisions see it."""
        return p.permit(self.world)

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: list[Line]) -> None:
        """Somebody applied, and more may have happened by now."""
        secret = p.apply(plan=CANARY, contractor=CANARY)
        self.world.run([secret if one == p.apply() else one for one in start])
        self.now = max(self.now, self.permit.recorded_at)

    @rule(hours=st.integers(0, 60))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.now += timedelta(hours=hours)

    def do(self, line: Line, by: str, ago: int = 0) -> None:
        """Do something; what is accepted has no open violation."""
        before = self.permit
        for event in self.attempt(line, by, (0, ago)).events:
            if isinstance(event, e.RenovationAccepted):
                assert before.open_violations == []

    @rule(outcome=st.sampled_from(["approved", "approved", "approved", "rejected"]))
    def review(self, outcome: str) -> None:
        """The application is judged."""
        self.do(p.review(outcome=outcome, reason=CANARY), "super1")

    @rule(paid=BOOLEANS, ok=BOOLEANS)
    def sign(self, paid: bool, ok: bool) -> None:
        """The agreement is signed."""
        self.do(p.sign(fees_paid=paid, water_test_ok=ok), "super1")

    @rule(last=DATES)
    def issue(self, last: str) -> None:
        """The permit is issued."""
        self.do(p.issue(first="2025-10-13", last=last), "super1")

    @rule(last=DATES, ago=st.integers(0, 3))
    def extend(self, last: str, ago: int) -> None:
        """The validity is extended."""
        self.do(p.extend(p.AT, last), "super1", ago)

    @rule(by=st.sampled_from(LIKELY), ago=st.integers(0, 30), name=st.none() | VIOLATIONS)
    def patrol(self, by: str, ago: int, name: str | None) -> None:
        """Somebody goes through the site."""
        self.do(p.patrol(violation=name), by, ago)

    @rule(by=st.sampled_from(LIKELY), name=VIOLATIONS, step=STEPS, ago=st.integers(0, 3))
    def violate(self, by: str, name: str, step: str, ago: int) -> None:
        """A step is taken against a violation."""
        self.do(p.violation(p.AT, step, violation=name), by, ago)

    @rule(do=st.sampled_from(["issue_pass", "return_pass"]), number=st.sampled_from(["1", "2"]))
    def passes(self, do: str, number: str) -> None:
        """A pass goes out or comes back."""
        self.do(p.do(do, **{"pass": number}), "super1")

    @rule(do=st.sampled_from(["stop_work", "resume_work", "complete_renovation"]))
    def site(self, do: str) -> None:
        """The work is stopped, resumed or completed."""
        reason = {"reason": CANARY} if do == "stop_work" else {}
        self.do(p.do(do, **reason), "super1")

    @precondition(lambda self: self.permit.issued_at)
    @rule(water=BOOLEANS, ago=st.integers(0, 3))
    def accept(self, water: bool, ago: int) -> None:
        """The work is accepted or sent back."""
        self.do(p.accept(water=water), "super1", ago)

    @rule(withheld=st.sampled_from(["0", "0", "500"]))
    def settle(self, withheld: str) -> None:
        """The deposit is settled."""
        refunded = str(2000 - int(withheld))
        line = p.settle(refunded=refunded, withheld=withheld, reason=CANARY)
        self.do(line, "super1")

    @precondition(lambda self: self.permit.settled_at or self.permit.rejected)
    @rule()
    def archive(self) -> None:
        """The papers are archived."""
        self.do(p.archive(), "super1")

    def events(self) -> list[e.PermitEvent]:
        """Return the stored events."""
        return [cast("e.PermitEvent", event) for event in self.world.stream("permit:P-1")]

    @invariant()
    def the_ladder_is_never_skipped(self) -> None:
        """Each violation begins as found, goes up by one, and ends when corrected."""
        steps: dict[str, list[str]] = {}
        for event in self.events():
            if isinstance(event, e.ViolationRecorded):
                steps.setdefault(event.violation, []).append(event.step)
        for taken in steps.values():
            rungs = [LADDER.index(step) for step in taken if step in LADDER]
            assert rungs[0] == 0
            assert all(later - rung in (0, 1) for rung, later in pairwise(rungs))
            assert "corrected" not in taken[:-1]

    @invariant()
    def accepted_means_no_open_violation(self) -> None:
        """And settled means accepted, archived means settled or rejected."""
        permit = self.permit
        assert not (permit.accepted_at and permit.open_violations)
        assert permit.accepted_at or not permit.settled_at
        assert permit.settled_at or permit.rejected or not permit.archived_at
        assert not (permit.archived_at and permit.passes_out)

    @invariant()
    def promises_are_due_after_they_begin(self) -> None:
        """One validity at most is open, and none once the work is done."""
        clocks = [*self.permit.clocks.values()]
        assert all(clock.started_at < clock.due_at for clock in clocks)
        running = [clock for clock in clocks if not clock.stopped_at and not clock.ended]
        going_on = self.permit.issued_at is not None and self.permit.completed_at is None
        assert len(running) == going_on


TestRenovation = Renovation.TestCase
TestRenovation.settings = modest(20, 40)
