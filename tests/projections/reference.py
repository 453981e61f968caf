"""The figures of domain section 3 once more: slow, plain, and written from the law alone.

It reads what events say happened (who, ``at``, outcome, round) and never the rows of standing that
they carry; working days are counted here, from the State Council's notices. Where it differs from
the views, one of the two misreads the law.
"""

# ruff: noqa: ANN401, C901, PLR0911, PLR0912, PLR0915, PLR0917 - plain rather than parted: it is
# read beside the law, paragraph by paragraph

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import chinese_calendar
from chinese_calendar import constants

from guanjia.projections.source import Source

from .register import SHANGHAI

HANDLED = {"complaint", "repair", "special_service"}
WEB = {"web", "forum"}
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
KNOWN_YEARS = {day.year for day in constants.holidays}
LIMITS = {
    "respond_normal_minutes": 30,
    "respond_consult_minutes": 15,
    "respond_emergency_minutes": 15,
    "reply_working_days": 1,
    "reply_web_hours": 24,
    "revisit_working_days": 2,
    "control_department_working_days": 3,
    "control_company_working_days": 7,
    "progress_contacts_per_week": 2,
    "implied_outcome_months": 1,
}
FIGURES = (
    "finished",
    "not_owing",
    "exempt",
    "invalid",
    "pending",
    "due",
    "revisited",
    "on_time",
    "void",
    "unreachable",
    "forced",
    "first_pass_satisfied",
    "final_satisfied",
    "unsatisfied",
    "undetermined",
)
SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)

Key = tuple[Any, ...]


class Fact(NamedTuple):
    """What an event says happened."""

    case: str
    position: int
    topic: str
    at: datetime
    recorded_at: datetime
    data: dict[str, Any]


class Deadline(NamedTuple):
    at: datetime
    provisional: bool = False


class End(NamedTuple):
    at: datetime
    how: str


@dataclass
class Round:
    number: int
    start: datetime
    reopened: bool = False
    settled: bool = False
    left: datetime | None = None
    finish: datetime | None = None
    handler: str | None = None
    on_the_spot: bool = False
    ended: list[datetime] = field(default_factory=list)
    revisit: str | None = None
    revisited: datetime | None = None
    attempts: int = 0
    voids: int = 0


@dataclass
class Case:
    id: str
    facts: dict[str, Any]
    received: datetime
    policy: dict[str, int]
    rounds: list[Round]
    changes: list[tuple[datetime, str]] = field(default_factory=list)
    triages: list[tuple[datetime, str, int]] = field(default_factory=list)
    consults: list[datetime] = field(default_factory=list)
    replies: list[datetime] = field(default_factory=list)
    approved: list[datetime] = field(default_factory=list)
    reports: list[datetime] = field(default_factory=list)
    starts: list[datetime] = field(default_factory=list)
    windows: list[list[Any]] = field(default_factory=list)
    closings: list[tuple[datetime, str, int]] = field(default_factory=list)
    closed: datetime | None = None
    forced: bool = False
    sensitive: tuple[datetime, int] | None = None
    merged: datetime | None = None
    absorbed: list[tuple[datetime, datetime, dict[str, int]]] = field(default_factory=list)
    voided: datetime | None = None
    escalated: datetime | None = None
    rung: str = "handler"

    @property
    def web(self) -> bool:
        return self.facts["channel"] in WEB

    @property
    def category(self) -> str:
        return str(self.facts["category"])

    @property
    def validity(self) -> str | None:
        return self.changes[-1][1] if self.changes else None

    def duty(self, round: Round) -> str:
        """Say whether the round's customer is owed a revisit, or why not."""
        if round.settled:
            return "settled"
        if self.category not in HANDLED:
            return "not_owing"
        if self.category == "complaint" and self.validity == "invalid":
            return "invalid"
        if round.on_the_spot or self.facts["reach"] != "path":
            return "exempt"
        if self.sensitive and round.number >= self.sensitive[1]:
            return "exempt"
        return "owed"


@dataclass(frozen=True)
class Promise:
    """One promise as of a moment; ``key`` is what the views are compared by."""

    case: str
    commitment: str
    round: int
    start: datetime
    due: datetime
    provisional: bool
    stopped: datetime | None
    end: End | None
    outcome: str
    late: int | None
    missed: datetime | None

    @property
    def key(self) -> Key:
        return (
            self.case,
            self.commitment,
            self.round,
            self.start,
            self.due,
            self.provisional,
            self.stopped,
            self.outcome,
            self.late,
        )


def read(source: Source) -> list[Fact]:
    """Return every event of the store without the rows of standing."""
    facts = []
    for row in source.read(0, 10**9):
        data = json.loads(row.state)
        for carried in ("case", "rounds", "clocks"):
            data.pop(carried, None)
        kind, _, case = row.originator_id.partition(":")
        if kind in ("complaint", "policy"):
            at, recorded_at = _moment(data["at"]), _moment(data["recorded_at"])
            facts.append(Fact(case, row.position, row.topic, at, recorded_at, data))
    return facts


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def working_days(start: datetime, count: int) -> Deadline:
    """Return 23:59:59 of the Nth working day after the day of ``start``."""
    day, provisional = start.astimezone(SHANGHAI).date(), False
    while count:
        day += timedelta(days=1)
        known = day.year in KNOWN_YEARS
        moves = (day.month, day.day) >= (12, 25) and day.year + 1 not in KNOWN_YEARS
        provisional = provisional or not known or moves
        works = (
            chinese_calendar.is_workday(day)
            if known
            else day.weekday() < 5 and (day.month, day.day) not in FIXED
        )
        count -= works
    return Deadline(_day_end(day), provisional)


def _day_end(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


class Reference:
    """Every figure as of a moment, from the facts recorded by then."""

    def __init__(self, facts: Iterable[Fact], as_of: datetime) -> None:
        self.as_of = as_of.astimezone(SHANGHAI)
        self.policies = {"1": LIMITS}
        self.cases: dict[str, Case] = {}
        for fact in facts:
            if fact.topic == "policy.adopted.1":
                self.policies[fact.data["version"]] = fact.data["values"]
            elif fact.recorded_at <= as_of:
                self._take(fact)

    # What happened

    def _take(self, fact: Fact) -> None:
        data, at = fact.data, fact.at
        if fact.topic == "complaint.received.1":
            policy = self.policies[data["policy"]]
            self.cases[fact.case] = Case(fact.case, data, at, policy, [Round(1, at)])
            return
        case = self.cases[fact.case]
        if case.voided:  # only irregular history goes on
            return
        round = case.rounds[-1]
        match fact.topic.split(".")[1]:
            case "triaged":
                case.triages.append((at, data["urgency"], round.number))
            case "classified" | "classification_signed":
                if data.get("in_force", True):
                    case.changes.append((at, data["validity"]))
                    case.changes.sort(key=lambda change: change[0])
                if data.get("topic_code"):
                    case.facts = case.facts | {"topic_code": data["topic_code"]}
            case "answered":
                case.replies.append(at)
                self._close(case, at, "answer")
            case "consulted":
                case.consults.append(at)
            case "replied":
                case.replies.append(at)
                if data.get("approved"):
                    case.approved.append(at)
            case "progress_reported":
                case.reports.append(at)
            case "handling_started":
                case.starts.append(at)
            case "appointment_agreed":
                case.windows.append([round.number, at, _moment(data["ends"]), None, None])
            case "appointment_moved":
                if case.windows:
                    case.windows[-1][3:] = [at, data["asked_by"]]
                case.windows.append([round.number, at, _moment(data["ends"]), None, None])
            case "finished":
                self._finish(case.rounds[data["round"] - 1], at, data)
            case "revisited":
                self._revisit(case, case.rounds[data["round"] - 1], at, data)
            case "round_opened":
                self._next(case, at)
            case "reopened":
                case.closed, case.forced = None, False
                self._next(case, at, reopened=True)
            case "marked_sensitive":
                case.sensitive = (at, data["from_round"])
            case "closed":
                self._close(case, at, "close")
            case "force_closed":
                self._close(case, at, "force_close")
            case "merged":
                case.merged = at
            case "absorbed":
                policy = self.policies[data["policy"]]
                case.absorbed.append((at, _moment(data["received_at"]), policy))
            case "voided":
                case.voided = at
            case "escalated":
                case.escalated = max(at, case.escalated or at)
                case.rung = data["rung"]
            case "corrected":
                self._correct(case, data)

    def _finish(self, round: Round, at: datetime, data: dict[str, Any]) -> None:
        if round.finish is None:
            round.finish = at
            round.handler = data.get("person")
            round.on_the_spot = data.get("on_the_spot_satisfied", False)
            round.ended.append(at)

    def _revisit(self, case: Case, round: Round, at: datetime, data: dict[str, Any]) -> None:
        if data.get("void"):
            round.voids += 1
        elif data["outcome"] == "unreachable":
            round.attempts += 1
        elif round.revisit is None:
            round.revisit, round.revisited = data["outcome"], at
            if data["outcome"] == "unsatisfied" and round is case.rounds[-1] and round.finish:
                self._next(case, at)

    def _next(self, case: Case, at: datetime, *, reopened: bool = False) -> None:
        last = case.rounds[-1]
        last.left = at
        settled = not reopened and (last.revisit == "satisfied" or last.settled)
        case.rounds.append(Round(last.number + 1, at, reopened=reopened, settled=settled))

    def _close(self, case: Case, at: datetime, how: str) -> None:
        round = case.rounds[-1]
        round.ended.append(at)
        case.closings.append((at, how, round.number))
        case.closed = case.closed or at
        case.forced = how == "force_close"

    def _correct(self, case: Case, data: dict[str, Any]) -> None:
        fact = data["fact"]
        if fact == "at":
            case.received = _moment(data["new"])
            case.rounds[0].start = case.received
        elif fact == "contact":
            case.facts = case.facts | {"reach": data["reach"]}
        else:
            name = {"topic": "topic_code"}.get(fact, fact)
            case.facts = case.facts | {name: data.get("new")}

    # The promises

    def sla(self) -> list[Promise]:
        """Return every promise of every case, judged."""
        return [promise for case in self.cases.values() for promise in self._promises(case)]

    def _promises(self, case: Case) -> Iterator[Promise]:
        clocks = [
            *self._respond(case),
            *self._reply(case),
            *self._promised(case),
            *self._appointments(case),
            *(clock for round in case.rounds for clock in self._revisit_clocks(case, round)),
            *self._control(case),
            *self._progress(case),
        ]
        for commitment, round, start, due, stops, ends in clocks:
            yield self._judge(case, commitment, round, start, due, stops, ends)

    def _judge(
        self,
        case: Case,
        commitment: str,
        round: int,
        start: datetime,
        due: Deadline,
        stops: Iterable[datetime],
        ends: Iterable[End],
    ) -> Promise:
        stop = min(stops, default=None)
        # What is past due stays missed: nothing supersedes it any more.
        lasting = [e for e in ends if e.how != "superseded" or due.provisional or e.at <= due.at]
        end = min(lasting, key=lambda e: e.at, default=None)
        if stop and end and stop <= end.at:
            end = None
        elif end:
            stop = None
        if case.voided:
            end = End(case.voided, "void")
        outcome, late, missed = self._outcome(due, stop, end)
        return Promise(
            case.id,
            commitment,
            round,
            start,
            due.at,
            due.provisional,
            stop,
            end,
            outcome,
            late,
            missed,
        )

    def _outcome(
        self, due: Deadline, stop: datetime | None, end: End | None
    ) -> tuple[str, int | None, datetime | None]:
        if end and end.how == "void":
            return "void", None, None
        if end and end.how == "moved":
            return "missed", None, end.at
        if due.provisional:
            return "open", None, None
        if end:
            return "superseded", None, None
        if stop is None and self.as_of <= due.at:
            return "open", None, None
        if stop is not None and stop <= due.at:
            return "met", None, None
        late = int(((stop or self.as_of) - due.at).total_seconds())
        return "missed", late, due.at

    def _told(self, case: Case) -> list[datetime]:
        spot = [r.finish for r in case.rounds if r.on_the_spot and r.finish]
        return [*case.replies, *spot]

    def _closings(self, case: Case, since: datetime) -> list[End]:
        return [End(at, "superseded") for at, _, _ in case.closings if at >= since]

    def _merging(self, case: Case) -> list[End]:
        return [End(case.merged, "superseded")] if case.merged else []

    def _respond(self, case: Case) -> Iterator[Any]:
        turns = [(case.received, case.facts["urgency"], 1)]
        turns += sorted(case.triages, key=lambda triage: triage[0])
        finishes = [r.finish for r in case.rounds if r.finish]
        for index, (start, urgency, round) in enumerate(turns):
            after = turns[index + 1][0] if index + 1 < len(turns) else None
            ends = self._closings(case, start) + self._merging(case)
            ends += [End(after, "superseded")] if after else []
            events = [*case.starts, *finishes]
            if urgency == "normal":
                events += case.replies

            def clock(
                start: datetime,
                since: datetime,
                policy: dict[str, int],
                urgency: str = urgency,
                after: datetime | None = after,
                events: list[datetime] = events,
            ) -> tuple[Deadline, list[datetime]]:
                minutes = policy[f"respond_{urgency}_minutes"]
                due = start + timedelta(minutes=minutes)
                if urgency == "normal":
                    cap = timedelta(minutes=policy["respond_consult_minutes"])
                    heard = [c for c in case.consults if c >= since and (not after or c < after)]
                    due = min([due, *(c + cap for c in heard)])
                return Deadline(due), [e for e in events if e >= since]

            found = list(self._absorb(case, "respond", round, start, clock, ends, index == 0))
            yield from found
            stops = found[-1][4]
            if stops and (after is None or min(stops) <= after) and self._stopped(found[-1]):
                return

    def _stopped(self, clock: Any) -> bool:
        _, _, _, due, stops, ends = clock
        lasting = [e.at for e in ends if e.how != "superseded" or e.at <= due.at]
        return bool(stops) and (not lasting or min(stops) <= min(lasting))

    def _absorb(
        self, case: Case, name: str, round: int, start: datetime, clock: Any, ends: Any, first: bool
    ) -> Iterator[Any]:
        """Yield the clock, replaced while it is open by one from an earlier receipt merged in."""
        due, stops = clock(start, start, case.policy)
        for at, received, policy in sorted(case.absorbed, key=lambda one: one[:2]) if first else ():
            ended = [s for s in stops if s <= at] + [
                e.at for e in ends if e.at <= at and (e.at <= due.at or due.provisional)
            ]
            if received < start and not ended and at <= due.at:
                yield name, round, start, due, [], [End(at, "superseded")]
                start = received
                due, stops = clock(start, at, policy)
        yield name, round, start, due, stops, ends

    def _reply(self, case: Case) -> Iterator[Any]:
        if case.facts["reach"] != "path" and not case.web:
            return
        start = case.received
        if case.web:
            told = case.facts.get("forwarded_at") or case.facts.get("posted_at")
            start = _moment(told) if told else start

        def clock(
            start: datetime, since: datetime, policy: dict[str, int]
        ) -> tuple[Deadline, list[datetime]]:
            stops = [at for at in self._told(case) if at >= since]
            if case.web:
                return Deadline(start + timedelta(hours=policy["reply_web_hours"])), stops
            return working_days(start, policy["reply_working_days"]), stops

        ends = self._closings(case, start) + self._merging(case)
        yield from self._absorb(case, "reply", 1, start, clock, ends, first=True)

    def _promised(self, case: Case) -> Iterator[Any]:
        promised = case.facts.get("promised_reply_at")
        if promised:
            ends = self._closings(case, case.received)
            due = Deadline(_moment(promised))
            yield "promised_reply", 1, case.received, due, self._told(case), ends

    def _appointments(self, case: Case) -> Iterator[Any]:
        for number, agreed, until, moved, by in case.windows:
            finish = case.rounds[number - 1].finish
            ends = self._closings(case, agreed)
            if moved and by == "company" and moved <= until:
                ends.append(End(moved, "moved"))
            elif moved:
                ends.append(End(moved, "superseded"))
            stops = [finish] if finish else []
            yield "appointment", number, agreed, Deadline(until), stops, ends

    def _revisit_clocks(self, case: Case, round: Round) -> Iterator[Any]:
        if round.finish is None or round.settled or round.on_the_spot:
            return
        if case.category not in HANDLED or case.facts["reach"] != "path":
            return
        ends = [
            End(at, "superseded")
            for at, how, number in case.closings
            if number == round.number and how != "force_close"
        ]
        if round.left and not round.revisit:
            ends.append(End(round.left, "superseded"))
        if case.sensitive and round.number >= case.sensitive[1]:
            if round.number > case.sensitive[1] or case.sensitive[0] < round.finish:
                return
            ends.append(End(case.sensitive[0], "void"))
        for start, until in self._responsible(case, round.finish):
            due = working_days(start, case.policy["revisit_working_days"])
            stops = [round.revisited] if round.revisited and round.revisited >= start else []
            turned = [End(until, "void")] if until else []
            yield "revisit", round.number, start, due, stops, [*ends, *turned]

    def _responsible(
        self, case: Case, finish: datetime
    ) -> Iterator[tuple[datetime, datetime | None]]:
        """Yield the spans since the finish in which the case was not invalid."""
        changes = case.changes if case.category == "complaint" else []
        invalid = [v for at, v in changes if at <= finish][-1:] == ["invalid"]
        start = None if invalid else finish
        for at, validity in changes:
            if at <= finish:
                continue
            if validity == "invalid" and start:
                yield start, at
                start = None
            elif validity == "valid":
                start = start or at
        if start:
            yield start, None

    def _control(self, case: Case) -> Iterator[Any]:
        firsts = [1, *(r.number for r in case.rounds if r.reopened)]
        level = case.facts["level"]
        for index, first in enumerate(firsts):
            after = firsts[index + 1] if index + 1 < len(firsts) else len(case.rounds) + 1
            last = case.rounds[after - 2]
            stops = [last.revisited] if last.revisit == "satisfied" and last.revisited else []
            ends = []
            for at, how, number in case.closings:
                if first <= number < after:
                    owed = how == "force_close" or case.duty(last) == "owed"
                    if owed:
                        ends.append(End(at, "superseded"))
                    else:
                        stops.append(at)
            if after <= len(case.rounds):
                ends.append(End(case.rounds[after - 1].start, "superseded"))
            ends += self._merging(case)

            def clock(
                start: datetime,
                since: datetime,
                policy: dict[str, int],
                stops: list[datetime] = stops,
            ) -> tuple[Deadline, list[datetime]]:
                days = policy[f"control_{level}_working_days"]
                return working_days(start, days), [at for at in stops if at >= since]

            start = case.rounds[first - 1].start
            yield from self._absorb(case, "control", first, start, clock, ends, index == 0)

    def _progress(self, case: Case) -> Iterator[Any]:
        if case.category not in HANDLED:
            return
        contacts = sorted([*_replied(case), *case.reports])
        for round in case.rounds:
            until = min([*round.ended, *_some(case.merged, case.voided, round.left)], default=None)
            day = round.start.date() - timedelta(days=round.start.weekday())
            monday = datetime.combine(day, time(), SHANGHAI)
            while monday <= self.as_of:
                following = monday + WEEK
                if monday >= round.start and (until is None or until >= following):
                    inside = [c for c in contacts if monday <= c < following]
                    wanted = case.policy["progress_contacts_per_week"]
                    stops = inside[wanted - 1 : wanted]
                    yield "progress", round.number, monday, Deadline(following - SECOND), stops, []
                monday = following

    # The figures

    def months(self) -> Iterator[tuple[str, str, datetime]]:
        """Yield (centre, month, the moment it is judged at) from each centre's first case on."""
        firsts: dict[str, datetime] = {}
        for case in self.cases.values():
            centre = case.facts["centre"]
            known = [case.received, *(at for r in case.rounds for at in r.ended)]
            firsts[centre] = min([*known, firsts.get(centre, case.received)])
        for centre, first in firsts.items():
            month = datetime(first.year, first.month, 1, tzinfo=SHANGHAI)
            while month <= self.as_of:
                following = _add_months(month.date(), 1)
                end = datetime.combine(following, time(), SHANGHAI) - SECOND
                yield centre, f"{month:%Y-%m}", min(end, self.as_of)
                month = end + SECOND

    def volume(self) -> dict[Key, Key]:
        """Return (received, finished, closed, backlog) by centre and month."""
        return {
            (centre, month): self._volume(centre, month, judged)
            for centre, month, judged in self.months()
        }

    def _volume(self, centre: str, month: str, judged: datetime) -> Key:
        received = finished = closed = backlog = 0
        for case in self._counted(centre):
            finishes = [r.finish for r in case.rounds if r.finish]
            received += _in(month, case.received)
            finished += _in(month, max(finishes, default=None))
            closed += _in(month, case.closed)
            current = [r for r in case.rounds if r.start <= judged][-1:]
            backlog += bool(current) and not any(at <= judged for at in current[0].ended)
        return received, finished, closed, backlog

    def _counted(self, centre: str) -> Iterator[Case]:
        return (
            case
            for case in self.cases.values()
            if not case.voided and case.facts["centre"] == centre
        )

    def revisits(self) -> dict[Key, dict[str, Any]]:
        """Return the figures by centre, month and scope."""
        return {
            (centre, month, scope): self._revisits(centre, month, scope)
            for centre, month, _ in self.months()
            for scope in ("all", "complaints")
        }

    def _revisits(self, centre: str, month: str, scope: str) -> dict[str, Any]:
        figures: dict[str, Any] = dict.fromkeys(FIGURES, 0)
        for case in self._counted(centre):
            rounds = [r for r in case.rounds if r.finish and not r.settled]
            valid = case.category == "complaint" and case.validity == "valid"
            if rounds and _in(month, rounds[-1].finish) and (scope == "all" or valid):
                self._tally(figures, case, rounds[-1])
        due = figures["due"]
        return figures | {"rate": figures["revisited"] / due if due else None}

    def _tally(self, figures: dict[str, Any], case: Case, round: Round) -> None:
        duty = case.duty(round)
        due = [c[3] for c in self._revisit_clocks(case, round)][-1:]
        passed = bool(due) and not due[0].provisional and due[0].at < self.as_of
        is_due = duty == "owed" and (round.revisit is not None or passed)
        if duty == "owed":
            duty = "due" if is_due else "pending"
        on_time = bool(due and not due[0].provisional and round.revisited) and (
            round.revisited is not None and round.revisited <= due[0].at
        )
        result = round.revisit or self._implied(case, round)
        counts = {
            "finished": True,
            duty: True,
            "revisited": is_due and round.revisit,
            "on_time": is_due and on_time,
            "void": round.voids and not round.attempts and not round.revisit,
            "unreachable": is_due and not round.revisit and round.attempts,
            "forced": case.forced,
            "first_pass_satisfied": case.rounds[0].revisit == "satisfied",
            "final_satisfied": result == "satisfied",
            "unsatisfied": result == "unsatisfied",
            "undetermined": result == "undetermined" and not round.revisit,
        }
        for name, holds in counts.items():
            figures[name] += bool(holds)

    def _implied(self, case: Case, round: Round) -> str | None:
        if case.duty(round) != "exempt" or round.on_the_spot or case.facts["reach"] == "path":
            return None
        finish = round.finish or round.start
        months = case.policy["implied_outcome_months"]
        until = _day_end(_add_months(finish.date(), months))
        same = [
            other
            for other in self._counted(case.facts["centre"])
            if other is not case
            and other.facts["topic_code"] == case.facts["topic_code"]
            and finish < other.received <= until
        ]
        if same:
            return "unsatisfied"
        if self.as_of <= until:
            return "undetermined"
        if not case.web:
            return "neutral"
        return "satisfied" if any(at >= finish for at in case.approved) else "undetermined"

    def unescalated(self) -> list[Key]:
        """Return (case, commitment, missed at, rung) of misses later than the last escalation."""
        found = []
        for promise in self.sla():
            case = self.cases[promise.case]
            if promise.missed and case.rung != "company":
                later = case.escalated is None or promise.missed > case.escalated
                if later:
                    found.append((case.id, promise.commitment, promise.missed, case.rung))
        return found


def _replied(case: Case) -> list[datetime]:
    """Return the replies; an answer ends the case and the weeks with it."""
    answers = [at for at, how, _ in case.closings if how == "answer"]
    replies = list(case.replies)
    for at in answers:
        replies.remove(at)
    return replies


def _some(*moments: datetime | None) -> list[datetime]:
    return [moment for moment in moments if moment]


def _in(month: str, moment: datetime | None) -> bool:
    return moment is not None and f"{moment:%Y-%m}" == month


def _add_months(day: date, count: int) -> date:
    index = day.year * 12 + day.month - 1 + count
    for last in (day.day, 30, 29, 28):
        try:
            return date(index // 12, index % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)
