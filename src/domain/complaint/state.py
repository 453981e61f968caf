"""The state of a complaint: only what decisions and clocks need, folded from its events."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NamedTuple

from ..messages import Event
from ..moments import parse
from . import events as e
from .standing import CaseRow, Clock, RoundRow

ClosedHow = Literal["answer", "close", "force_close"]
RUNGS = ("handler", "supervisor", "department_head", "company")


class Triage(NamedTuple):
    at: datetime
    urgency: str
    round: int


class ValidityChange(NamedTuple):
    at: datetime
    validity: str


class Closing(NamedTuple):
    at: datetime
    how: ClosedHow
    round: int


class Absorption(NamedTuple):
    at: datetime
    received_at: datetime
    policy: str


class Sensitive(NamedTuple):
    at: datetime
    from_round: int


class Pending(NamedTuple):
    at: datetime
    validity: str


class Approval(NamedTuple):
    at: datetime


@dataclass(frozen=True, slots=True)
class Appointment:
    """An agreed window; ``moved`` tells who moved it away."""

    round: int
    agreed_at: datetime
    ends: datetime
    moved_at: datetime | None = None
    moved: Literal["customer", "company"] | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One round of handling; ``settled``: the reporter was satisfied before and owes nothing."""

    number: int
    started_at: datetime
    reopened: bool = False
    settled: bool = False
    finished_at: datetime | None = None
    handler: str | None = None
    on_the_spot: bool = False
    ended_at: datetime | None = None
    confirmed_at: datetime | None = None
    verified_at: datetime | None = None
    revisit: Literal["satisfied", "unsatisfied"] | None = None
    revisited_at: datetime | None = None
    attempts: tuple[datetime, ...] = ()
    voids: int = 0
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint as decisions see it."""

    id: str
    number: int
    centre: str
    channel: str
    policy: str
    received_at: datetime
    first_recorded_at: datetime
    recorded_at: datetime
    category: str
    urgency: str
    level: str
    topic: str
    reach: str
    unit: str | None = None
    posted_at: datetime | None = None
    forwarded_at: datetime | None = None
    promised_reply_at: datetime | None = None
    version: int = 1
    department: str | None = None
    cause: str | None = None
    validity: str | None = None
    validity_changes: tuple[ValidityChange, ...] = ()
    pending: Pending | None = None
    triages: tuple[Triage, ...] = ()
    consults: tuple[datetime, ...] = ()
    replies: tuple[datetime, ...] = ()
    approved_replies: tuple[datetime, ...] = ()
    reply_approval: Approval | None = None
    starts: tuple[datetime, ...] = ()
    dispatched: dict[str, datetime] = field(default_factory=dict)
    handlers: frozenset[str] = frozenset()
    appointments: tuple[Appointment, ...] = ()
    remedy_approved_at: datetime | None = None
    rounds: tuple[Round, ...] = ()
    closings: tuple[Closing, ...] = ()
    closed_at: datetime | None = None
    rung: str = RUNGS[0]
    escalated_at: datetime | None = None
    alerted: bool = False
    sensitive: Sensitive | None = None
    major: bool = False
    merged_into: str | None = None
    merged_at: datetime | None = None
    members: tuple[str, ...] = ()
    absorptions: tuple[Absorption, ...] = ()
    voided_at: datetime | None = None
    customer_caused_days: int = 0
    irregular: tuple[str, ...] = ()
    row: CaseRow | None = None
    round_rows: dict[int, RoundRow] = field(default_factory=dict)
    clocks: dict[tuple[str, int, datetime, int], Clock] = field(default_factory=dict)

    @property
    def round(self) -> Round:
        """The current round."""
        return self.rounds[-1]

    @property
    def last_finished(self) -> Round | None:
        """The latest finished round, whatever came after it."""
        return next((r for r in reversed(self.rounds) if r.finished_at), None)

    @property
    def urgency_now(self) -> str:
        """The urgency after every triage."""
        return self.triages[-1].urgency if self.triages else self.urgency

    @property
    def on_the_web(self) -> bool:
        """Whether it came by web or forum: replies need the head's approval."""
        return self.channel in ("web", "forum")


def evolve(case: Case | None, event: Event, id: str) -> Case:
    """Return the case after one more event; refuses nothing."""
    if isinstance(event, e.ComplaintReceived):
        after = _received(event, id)
    elif case is None:
        raise ValueError(f"{id}: the stream does not begin with a receipt")
    else:
        after = replace(_step(case, event), version=case.version + 1)
    if not isinstance(event, e.ComplaintEvent):
        return after
    return replace(
        after,
        recorded_at=event.recorded_at,
        irregular=tuple(dict.fromkeys((*after.irregular, *event.irregular))),
        row=event.case or after.row,
        round_rows={**after.round_rows, **{row.round: row for row in event.rounds}},
        clocks=_merged(after.clocks, event.clocks),
    )


def _merged(
    before: dict[tuple[str, int, datetime, int], Clock], changed: tuple[Clock, ...]
) -> dict[tuple[str, int, datetime, int], Clock]:
    if not changed:
        return before
    after = {**before, **{clock.key: clock for clock in changed}}
    return {key: clock for key, clock in after.items() if clock.ended != "withdrawn"}


def _received(event: e.ComplaintReceived, id: str) -> Case:
    return Case(
        id=id,
        number=event.number,
        centre=event.centre,
        channel=event.channel,
        policy=event.policy,
        received_at=event.at,
        first_recorded_at=event.recorded_at,
        recorded_at=event.recorded_at,
        category=event.category,
        urgency=event.urgency,
        level=event.level,
        topic=event.topic_code,
        reach=event.reach,
        unit=event.unit,
        posted_at=event.posted_at,
        forwarded_at=event.forwarded_at,
        promised_reply_at=event.promised_reply_at,
        major=event.major,
        rounds=(Round(1, event.at),),
    )


def _step(case: Case, event: Event) -> Case:  # noqa: PLR0911, PLR0912 - one line per event
    at = event.at
    match event:
        case e.ComplaintTriaged():
            triage = Triage(at, event.urgency, case.round.number)
            return replace(case, triages=(*case.triages, triage))
        case e.ComplaintClassified():
            return _classified(case, event)
        case e.ClassificationSigned():
            return _validity(replace(case, pending=None), at, event.validity)
        case e.ComplaintAnswered():
            answered = replace(case, replies=(*case.replies, at))
            return _closed(answered, at, "answer")
        case e.ComplaintDispatched() | e.ComplaintTransferred():
            dispatched = {**case.dispatched, event.handler_person: at}
            return replace(case, department=event.department, dispatched=dispatched)
        case e.ComplaintAccepted():
            return _handled_by(case, event.person)
        case e.ComplaintConsulted():
            return replace(case, consults=(*case.consults, at))
        case e.ReplyApproved():
            return replace(case, reply_approval=Approval(at))
        case e.ComplaintReplied():
            return _replied(case, event)
        case e.HandlingStarted():
            return _handled_by(replace(case, starts=(*case.starts, at)), event.person)
        case e.AppointmentAgreed():
            return _appointed(case, at, event.ends)
        case e.AppointmentMoved():
            return _moved(case, event)
        case e.RemedyApproved():
            return replace(case, remedy_approved_at=case.remedy_approved_at or at)
        case e.HandlingFinished():
            return _finished(case, event)
        case e.ResultConfirmed():
            return _round(case, event.round, confirmed_at=at)
        case e.ComplaintRevisited():
            return _revisited(case, event)
        case e.RoundOpened():
            return _next_round(case, at)
        case e.ComplaintEscalated():
            latest = max(at, case.escalated_at or at)
            return replace(case, rung=event.rung, escalated_at=latest)
        case e.HeadAlerted():
            return replace(case, alerted=True)
        case e.MarkedSensitive():
            return replace(case, sensitive=Sensitive(at, event.from_round))
        case e.MarkedMajor():
            return replace(case, major=True)
        case e.ClosureVerified():
            return _round(case, event.round, verified_at=at)
        case e.ComplaintClosed():
            return _closed(case, at, "close")
        case e.ComplaintForceClosed():
            return _closed(case, at, "force_close")
        case e.ComplaintReopened():
            return _next_round(replace(case, closed_at=None), at, reopened=True)
        case e.ComplaintMerged():
            return replace(case, merged_into=event.into, merged_at=at)
        case e.ComplaintAbsorbed():
            absorption = Absorption(at, event.received_at, event.policy)
            return replace(
                case,
                members=(*case.members, event.member),
                absorptions=(*case.absorptions, absorption),
                handlers=case.handlers | set(event.handlers),
            )
        case e.ComplaintCorrected():
            return _corrected(case, event)
        case e.ComplaintVoided():
            return replace(case, voided_at=at)
        case _:
            return case


def _round(case: Case, number: int, **changes: object) -> Case:
    rounds = tuple(
        replace(r, **changes) if r.number == number else r  # type: ignore[arg-type]
        for r in case.rounds
    )
    return replace(case, rounds=rounds)


def _handled_by(case: Case, person: str | None) -> Case:
    return replace(case, handlers=case.handlers | {person}) if person else case


def _validity(case: Case, at: datetime, validity: str) -> Case:
    changes = tuple(sorted((*case.validity_changes, ValidityChange(at, validity))))
    return replace(case, validity=changes[-1].validity, validity_changes=changes)


def _classified(case: Case, event: e.ComplaintClassified) -> Case:
    classified = replace(
        case, topic=event.topic_code or case.topic, cause=event.cause or case.cause
    )
    if event.in_force:
        return _validity(replace(classified, pending=None), event.at, event.validity)
    return replace(classified, pending=Pending(event.at, event.validity))


def _replied(case: Case, event: e.ComplaintReplied) -> Case:
    approved = (*case.approved_replies, event.at) if event.approved else case.approved_replies
    return replace(
        case,
        replies=(*case.replies, event.at),
        approved_replies=approved,
        reply_approval=None,
    )


def _appointed(case: Case, at: datetime, ends: datetime) -> Case:
    appointment = Appointment(case.round.number, at, ends)
    return replace(case, appointments=(*case.appointments, appointment))


def _moved(case: Case, event: e.AppointmentMoved) -> Case:
    asked_by: Literal["customer", "company"] = (
        "customer" if event.asked_by == "customer" else "company"
    )
    before = list(case.appointments)
    if before:
        before[-1] = replace(before[-1], moved_at=event.at, moved=asked_by)
    moved = replace(
        case,
        appointments=tuple(before),
        customer_caused_days=case.customer_caused_days + event.days,
    )
    return _appointed(moved, event.at, event.ends)


def _ended(round: Round, at: datetime) -> datetime:
    return min(round.ended_at or at, at)


def _finished(case: Case, event: e.HandlingFinished) -> Case:
    handled = _handled_by(case, event.person)
    round = next((r for r in case.rounds if r.number == event.round), case.round)
    if round.finished_at:
        return handled
    return _round(
        handled,
        event.round,
        finished_at=event.at,
        handler=event.person,
        on_the_spot=event.on_the_spot_satisfied,
        ended_at=_ended(round, event.at),
    )


def _revisited(case: Case, event: e.ComplaintRevisited) -> Case:
    round = next((r for r in case.rounds if r.number == event.round), case.round)
    if event.void:
        return _round(case, round.number, voids=round.voids + 1)
    if event.outcome == "unreachable":
        return _round(case, round.number, attempts=(*round.attempts, event.at))
    if round.revisit:
        return case
    settled = _round(case, round.number, revisit=event.outcome, revisited_at=event.at)
    if event.outcome == "unsatisfied" and round.finished_at and round is case.round:
        return _next_round(settled, event.at)
    return settled


def _next_round(case: Case, at: datetime, *, reopened: bool = False) -> Case:
    left = replace(case.round, left_at=at)
    satisfied = case.round.revisit == "satisfied" or case.round.settled
    opened = Round(case.round.number + 1, at, reopened=reopened, settled=satisfied and not reopened)
    return replace(case, rounds=(*case.rounds[:-1], left, opened))


def _closed(case: Case, at: datetime, how: ClosedHow) -> Case:
    closing = Closing(at, how, case.round.number)
    ended = _round(case, case.round.number, ended_at=_ended(case.round, at))
    return replace(
        ended,
        closings=(*case.closings, closing),
        closed_at=case.closed_at or at,
    )


def _corrected(case: Case, event: e.ComplaintCorrected) -> Case:
    match event.fact:
        case "at":
            received_at = parse(event.new)
            first = replace(case.rounds[0], started_at=received_at)
            return replace(case, received_at=received_at, rounds=(first, *case.rounds[1:]))
        case "contact":
            return replace(case, reach=event.reach or "anonymous")
        case "posted_at" | "forwarded_at":
            moment = parse(event.new) if event.new else None
            return replace(case, **{event.fact: moment})
        case fact:
            return replace(case, **{fact: event.new})
