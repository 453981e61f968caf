"""The promises of a complaint: every clock, computed from its state (domain section 3).

One function per commitment. A clock takes the earliest ``at`` that stops it, so a late entry
between two others changes what it should and nothing else. Due times once counted are kept: a
later policy or calendar never changes what was promised, provisional deadlines excepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..policy import Policies, Policy
from ..promises import (
    Clock,
    Commitment,
    End,
    Ended,
    Key,
    Limit,
    Step,
    fixed,
    keyed,
    minutes,
    open_at,
    promise,
    steps,
    steps_since,
    working_days,
)
from ..workdays import Counting
from .standing import Duty
from .state import Case, Round

HANDLED = frozenset({"complaint", "repair", "special_service"})
"""Categories whose work is handled, and whose customer is therefore revisited."""


Build = Callable[[datetime, str, datetime], Clock]
"""Makes a clock from its start, the policy version that binds it, and since when steps count."""


def duty(case: Case, round: Round) -> Duty:  # noqa: PLR0911 - one line per reason
    """Return whether ``round`` owes its customer a revisit, or why it does not."""
    if round.settled:
        return "settled"
    if case.category not in HANDLED:
        return "not_owing"
    if case.category == "complaint" and case.validity == "invalid":
        return "invalid"
    if round.on_the_spot:
        return "on_the_spot"
    if case.reach == "anonymous":
        return "anonymous"
    if case.reach == "pathless":
        return "pathless"
    if case.sensitive and round.number >= case.sensitive.from_round:
        return "sensitive"
    return "owed"


@dataclass(frozen=True, slots=True)
class Promises:
    """Computes the clocks of one case."""

    case: Case
    policies: Policies
    counting: Counting

    def clocks(self) -> dict[Key, Clock]:
        """Return every clock of the case by its key."""
        case = self.case
        if case.voided_at:
            ended = {"ended": "void", "ended_at": case.voided_at, "cause": "void"}
            return {key: clock.model_copy(update=ended) for key, clock in case.clocks.items()}
        return keyed(self._all())

    def _all(self) -> Iterator[Clock]:
        yield from self._respond()
        yield from self._reply()
        yield from self._promised_reply()
        yield from self._appointments()
        for round in self.case.rounds:
            yield from self._revisit(round)
        yield from self._control()

    def _respond(self) -> Iterator[Clock]:
        case = self.case
        turns = [(case.received_at, case.urgency, 1)]
        turns += [
            (t.at, t.urgency, t.round) for t in sorted(case.triages, key=lambda triage: triage.at)
        ]
        for index, (start, urgency, round) in enumerate(turns):
            following = turns[index + 1][0] if index + 1 < len(turns) else None
            ends = [*self._conclusions(start)]
            if following:
                ends.append(End(following, "superseded", "triage"))
            build = self._respond_clock(urgency, round, following, ends)
            replaced = [*self._absorbed(build, start)] if index == 0 else None
            found = replaced or [build(start, case.policy, start)]
            yield from found
            stopped_at = found[-1].stopped_at
            if stopped_at and (following is None or stopped_at <= following):
                return

    def _respond_clock(
        self, urgency: str, round: int, until: datetime | None, ends: list[End]
    ) -> Build:
        case = self.case

        def build(start: datetime, version: str, since: datetime) -> Clock:
            policy = self.policies.version(version)
            stops = [*steps("start", case.starts), *self._finishes()]
            if urgency == "emergency":
                limit = minutes(start, policy.respond_emergency_minutes)
            else:
                limit = self._normal_limit(start, until, policy)
                stops = [*steps("reply", case.replies), *stops]
            clock = promise("respond", round, start, limit, version)
            return clock(steps_since(stops, since), ends)

        return build

    def _normal_limit(self, start: datetime, until: datetime | None, policy: Policy) -> Limit:
        limit = minutes(start, policy.respond_normal_minutes)
        consults = [at for at in self.case.consults if at >= start and (not until or at < until)]
        if consults:
            capped = minutes(min(consults), policy.respond_consult_minutes)
            if capped.due.at < limit.due.at:
                return Limit(f"{capped.name} after consult", capped.due)
        return limit

    def _reply(self) -> Iterator[Clock]:
        case = self.case
        if case.reach != "path" and not case.on_the_web:
            return
        start = case.received_at
        if case.on_the_web:
            start = case.forwarded_at or case.posted_at or start
        ends = [*self._conclusions(start)]

        def build(start: datetime, version: str, since: datetime) -> Clock:
            policy = self.policies.version(version)
            if case.on_the_web:
                due = start + timedelta(hours=policy.reply_web_hours)
                limit = fixed(f"{policy.reply_web_hours} h", due)
            else:
                limit = self._counted("reply", 1, start, policy.reply_working_days)
            clock = promise("reply", 1, start, limit, version)
            return clock(steps_since(self._told(), since), ends)

        yield from self._absorbed(build, start)

    def _promised_reply(self) -> Iterator[Clock]:
        case = self.case
        if not case.promised_reply_at:
            return
        limit = fixed("as promised", case.promised_reply_at)
        clock = promise("promised_reply", 1, case.received_at, limit, case.policy)
        yield clock(self._told(), [*self._closings(case.received_at)])

    def _appointments(self) -> Iterator[Clock]:
        case = self.case
        for window in case.appointments:
            round = case.rounds[window.round - 1]
            ends = [*self._closings(window.agreed_at)]
            if window.moved_at and window.moved == "customer":
                ends.append(End(window.moved_at, "superseded", "moved by customer"))
            elif window.moved_at:
                late = window.moved_at > window.ends
                ended: Ended = "superseded" if late else "moved_by_company"
                ends.append(End(window.moved_at, ended, "moved by company"))
            stops = [Step(round.finished_at, "finish")] if round.finished_at else []
            limit = fixed("as agreed", window.ends)
            clock = promise("appointment", window.round, window.agreed_at, limit, case.policy)
            yield clock(stops, ends)

    def _revisit(self, round: Round) -> Iterator[Clock]:
        case = self.case
        if not round.finished_at or round.settled or round.on_the_spot:
            return
        if case.category not in HANDLED or case.reach != "path":
            return
        mark = case.sensitive
        exempt = mark is not None and round.number >= mark.from_round
        if mark and exempt and (round.number > mark.from_round or mark.at < round.finished_at):
            return
        stops = []
        if round.revisit and round.revisited_at:
            stops.append(Step(round.revisited_at, "revisit"))
        ends = [*self._revisit_ends(round)]
        if mark and exempt:
            ends.append(End(mark.at, "void", "sensitive"))
        policy = self.policies.version(case.policy)
        for start, until in self._owing(round):
            limit = self._counted("revisit", round.number, start, policy.revisit_working_days)
            clock = promise("revisit", round.number, start, limit, case.policy)
            turned = [End(until, "void", "invalid")] if until else []
            yield clock(stops, [*ends, *turned])

    def _revisit_ends(self, round: Round) -> Iterator[End]:
        for closing in self.case.closings:
            if closing.round == round.number and closing.how != "force_close":
                yield End(closing.at, "superseded", closing.how)
        if round.left_at and not round.revisit:
            yield End(round.left_at, "superseded", "next round")

    def _owing(self, round: Round) -> Iterator[tuple[datetime, datetime | None]]:
        """Yield the spans since the finish in which the company is responsible, until the customer
        was asked or the round was left for the next.
        """
        asked_at = round.revisited_at
        for start, until in self._responsible(round.finished_at or round.started_at):
            if round.left_at and not asked_at and start >= round.left_at:
                return
            yield start, until
            if asked_at and (until is None or asked_at <= until):
                return

    def _responsible(self, finished_at: datetime) -> Iterator[tuple[datetime, datetime | None]]:
        start: datetime | None = finished_at
        if self.case.category == "complaint":
            for change in self.case.validity_changes:
                if change.at <= finished_at:
                    start = None if change.validity == "invalid" else finished_at
                elif change.validity == "invalid" and start:
                    yield start, change.at
                    start = None
                elif change.validity == "valid" and start is None:
                    start = change.at
        if start:
            yield start, None

    def _control(self) -> Iterator[Clock]:
        case = self.case
        spans = [(case.received_at, 1)]
        spans += [(r.started_at, r.number) for r in case.rounds if r.reopened]
        for index, (start, first) in enumerate(spans):
            following = spans[index + 1] if index + 1 < len(spans) else None
            after = following[1] if following else len(case.rounds) + 1
            last = case.rounds[after - 2]
            closings = [c for c in case.closings if first <= c.round < after]
            moved = sum(w.moved_days for w in case.appointments if first <= w.round < after)
            stops: list[Step] = []
            ends: list[End] = []
            if last.revisit == "satisfied" and last.revisited_at:
                stops.append(Step(last.revisited_at, "revisit"))
            for closing in closings:
                owed = duty(case.judged_at(closing.at), last) == "owed"
                if closing.how == "force_close" or owed:
                    ends.append(End(closing.at, "superseded", closing.how))
                else:
                    stops.append(Step(closing.at, closing.how))
            if following:
                ends.append(End(following[0], "superseded", "reopening"))
            if case.merged_at:
                ends.append(End(case.merged_at, "superseded", "merge"))
            build = self._control_clock(first, stops, ends, moved)
            if index == 0:
                yield from self._absorbed(build, start)
            else:
                yield build(start, case.policy, start)

    def _control_clock(
        self, round: int, stops: list[Step], ends: list[End], customer_caused: int
    ) -> Build:
        company = self.case.level == "company"

        def build(start: datetime, version: str, since: datetime) -> Clock:
            policy = self.policies.version(version)
            days = (
                policy.control_company_working_days
                if company
                else policy.control_department_working_days
            )
            limit = self._counted("control", round, start, days)
            clock = promise("control", round, start, limit, version)
            judged = clock(steps_since(stops, since), ends)
            return judged.model_copy(update={"customer_caused": customer_caused})

        return build

    def _absorbed(self, build: Build, start: datetime) -> Iterator[Clock]:
        """Yield the clock from ``start``, replaced where an earlier receipt was merged in."""
        clock = build(start, self.case.policy, start)
        for absorption in sorted(self.case.absorptions):
            if absorption.received_at < clock.started_at and open_at(clock, absorption.at):
                ended = {
                    "stopped_at": None,
                    "ended": "superseded",
                    "ended_at": absorption.at,
                    "cause": "merge",
                }
                yield clock.model_copy(update=ended)
                clock = build(absorption.received_at, absorption.policy, absorption.at)
        yield clock

    def _told(self) -> list[Step]:
        on_the_spot = [r.finished_at for r in self.case.rounds if r.on_the_spot and r.finished_at]
        return [*steps("reply", self.case.replies), *steps("finish", on_the_spot)]

    def _finishes(self) -> Iterator[Step]:
        return steps("finish", (r.finished_at for r in self.case.rounds if r.finished_at))

    def _closings(self, start: datetime) -> Iterator[End]:
        for closing in self.case.closings:
            if closing.at >= start:
                yield End(closing.at, "superseded", closing.how)

    def _conclusions(self, start: datetime) -> Iterator[End]:
        yield from self._closings(start)
        if self.case.merged_at:
            yield End(self.case.merged_at, "superseded", "merge")

    def _counted(self, commitment: Commitment, round: int, start: datetime, count: int) -> Limit:
        which = (commitment, round, start)
        promised = self.case.clocks
        return working_days(promised, self.counting, which, count)
