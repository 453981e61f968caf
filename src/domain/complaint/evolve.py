"""How each event changes the state of a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ..changing import headless, replace
from ..messages import Event
from ..moments import parse
from ..promises import merged
from . import events as e
from .orders import evolve as orders
from .orders.events import WorkOrderEvent
from .state import (
    Absorption,
    Appointment,
    Approval,
    Case,
    ClosedHow,
    Closing,
    InHand,
    Pending,
    Revisit,
    Round,
    Sensitive,
    Triage,
    ValidityChange,
)


def evolve(case: Case | None, event: Event, id: str) -> Case:
    """Return the case after one more event; refuses nothing."""
    if isinstance(event, e.ComplaintReceived):
        after = _received(event, id)
    elif case is None:
        raise headless(id, "a receipt")
    else:
        after = replace(_step(case, event), version=case.version + 1)
    if not isinstance(event, e.ComplaintEvent):
        return after
    irregular = event.codes_after(after.irregular)
    return carried(replace(after, recorded_at=event.recorded_at, irregular=irregular), event)


def carried(case: Case, event: e.ComplaintEvent) -> Case:
    """Return the case with the rows that the event carries."""
    return replace(
        case,
        row=event.case or case.row,
        round_rows={**case.round_rows, **{row.round: row for row in event.rounds}},
        clocks=merged(case.clocks, event.clocks) if event.clocks else case.clocks,
    )


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


def _step(case: Case, event: Event) -> Case:  # noqa: C901, PLR0911, PLR0912 - a case per event
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
            return _sent(case, event)
        case e.ComplaintAccepted():
            return _taken(case, event)
        case e.ComplaintConsulted():
            return replace(case, consults=(*case.consults, at))
        case e.ReplyApproved():
            return replace(case, reply_approval=Approval(at))
        case e.ComplaintReplied():
            return _replied(case, event)
        case e.HandlingStarted():
            return _taken(replace(case, starts=(*case.starts, at)), event)
        case e.AppointmentAgreed():
            return _appointed(case, at, event.ends)
        case e.AppointmentMoved():
            return _moved(case, event)
        case e.RemedyApproved():
            return replace(case, remedy_approved_at=min(at, case.remedy_approved_at or at))
        case e.HandlingFinished():
            return _finished(case, event)
        case e.ResultConfirmed():
            round = _round(case, event.round)
            return _with(case, replace(round, confirmed_at=min(at, round.confirmed_at or at)))
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
            round = _round(case, event.round)
            return _with(case, replace(round, verified_at=min(at, round.verified_at or at)))
        case e.ComplaintClosed():
            return _closed(case, at, "close")
        case e.ComplaintForceClosed():
            return _closed(case, at, "force_close")
        case e.ComplaintReopened():
            return _next_round(replace(case, closed_at=None), at, reopened=True)
        case e.ComplaintMerged():
            first = min(at, case.merged_at or at)
            return replace(case, merged_into=event.into, merged_at=first)
        case e.ComplaintAbsorbed():
            return _absorbed(case, event)
        case e.ComplaintCorrected():
            return _corrected(case, event)
        case e.ComplaintVoided():
            return replace(case, voided_at=at, work_orders=orders.voided(case.work_orders, at))
        case WorkOrderEvent():
            return replace(case, work_orders=orders.evolve(case, event))
        case _:
            return case


def _round(case: Case, number: int) -> Round:
    return next((r for r in case.rounds if r.number == number), case.round)


def _with(case: Case, changed: Round) -> Case:
    """Return the case with a round put back in its place."""
    rounds = tuple(changed if r.number == changed.number else r for r in case.rounds)
    return replace(case, rounds=rounds)


def _sent(case: Case, event: e.ComplaintDispatched | e.ComplaintTransferred) -> Case:
    person, at = event.handler_person, event.at
    dispatched = {**case.dispatched, person: min(at, case.dispatched.get(person, at))}
    sent = replace(case, department=event.department, dispatched=dispatched)
    if case.in_hand and at < case.in_hand.since:
        return sent
    return replace(sent, in_hand=InHand(event.handler, person, at))


def _taken(case: Case, event: e.ComplaintAccepted | e.HandlingStarted) -> Case:
    """Note who handles the case; somebody nobody sent it to has it all the same."""
    handled = _handled_by(case, event.person)
    if case.in_hand or event.person is None:
        return handled
    return replace(handled, in_hand=InHand(event.by, event.person, event.at))


def _handled_by(case: Case, person: str | None) -> Case:
    return replace(case, handlers=case.handlers | {person}) if person else case


def _validity(case: Case, at: datetime, validity: str) -> Case:
    known = (*case.validity_changes, ValidityChange(at, validity))
    changes = tuple(sorted(known, key=lambda change: change.at))
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
    pending = case.reply_approval
    return replace(
        case,
        replies=(*case.replies, event.at),
        approved_replies=approved,
        reply_approval=pending if pending and event.at < pending.at else None,
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
        before[-1] = replace(before[-1], moved_at=event.at, moved=asked_by, moved_days=event.days)
    return _appointed(replace(case, appointments=tuple(before)), event.at, event.ends)


def _ended(round: Round, at: datetime) -> datetime:
    return min(round.ended_at or at, at)


def _finished(case: Case, event: e.HandlingFinished) -> Case:
    handler = event.handler_person or event.person
    handled = _handled_by(case, handler)
    round = _round(case, event.round)
    if round.finished_at:
        return handled
    finished = replace(
        round,
        finished_at=event.at,
        handler=handler,
        on_the_spot=event.on_the_spot_satisfied,
        ended_at=_ended(round, event.at),
    )
    return _with(handled, finished)


def _revisited(case: Case, event: e.ComplaintRevisited) -> Case:
    round = _round(case, event.round)
    if event.void:
        return _with(case, replace(round, voids=round.voids + 1))
    if event.outcome == "unreachable":
        return _with(case, replace(round, attempts=(*round.attempts, event.at)))
    if round.revisit:
        return case
    outcome: Revisit = "satisfied" if event.outcome == "satisfied" else "unsatisfied"
    settled = _with(case, replace(round, revisit=outcome, revisited_at=event.at))
    if outcome == "unsatisfied" and round.finished_at and round is case.round:
        return _next_round(settled, event.at)
    return settled


def _next_round(case: Case, at: datetime, *, reopened: bool = False) -> Case:
    left = replace(case.round, left_at=at)
    satisfied = case.round.revisit == "satisfied" or case.round.settled
    opened = Round(case.round.number + 1, at, reopened=reopened, settled=satisfied and not reopened)
    return replace(case, rounds=(*case.rounds[:-1], left, opened))


def _closed(case: Case, at: datetime, how: ClosedHow) -> Case:
    closing = Closing(at, how, case.round.number)
    ended = _with(case, replace(case.round, ended_at=_ended(case.round, at)))
    return replace(
        ended,
        closings=(*case.closings, closing),
        closed_at=case.closed_at or at,
    )


def _absorbed(case: Case, event: e.ComplaintAbsorbed) -> Case:
    known = {one.member: one for one in case.absorptions}
    joined = known[event.member].at if event.member in known else event.at
    known[event.member] = Absorption(joined, event.received_at, event.policy, event.member)
    return replace(
        case,
        members=tuple(known),
        absorptions=tuple(known.values()),
        handlers=case.handlers | set(event.handlers),
    )


def _corrected(case: Case, event: e.ComplaintCorrected) -> Case:
    match event.fact:
        case "at":
            corrected = _received_anew(case, parse(event.new))
        case "contact":
            corrected = replace(case, reach=event.reach or "anonymous")
        case "posted_at":
            corrected = replace(case, posted_at=parse(event.new) if event.new else None)
        case "forwarded_at":
            corrected = replace(case, forwarded_at=parse(event.new) if event.new else None)
        case "category":
            corrected = replace(case, category=event.new or case.category)
        case "level":
            corrected = replace(case, level=event.new or case.level)
        case "urgency":
            corrected = replace(case, urgency=event.new or case.urgency)
        case "topic":
            corrected = replace(case, topic=event.new or case.topic)
        case fact:
            msg = f"{case.id}: a receipt has no {fact}"
            raise ValueError(msg)
    return corrected


def _received_anew(case: Case, at: datetime) -> Case:
    first = replace(case.rounds[0], started_at=at)
    return replace(case, received_at=at, rounds=(first, *case.rounds[1:]))
