"""How events change a renovation's state; nothing is refused here, irregular history neither."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ..changing import headless, replace
from ..messages import Event
from ..promises import merged
from . import events as e
from .state import Agreement, Permit, Reviewed, Term, Violation, Work, WorkerPass


def evolve(permit: Permit | None, event: Event, id: str) -> Permit:
    """Return the renovation after one more event."""
    if isinstance(event, e.PermitApplied):
        after = _applied(event, id)
    elif permit is None:
        raise headless(id, "an application")
    else:
        after = replace(_step(permit, event), version=permit.version + 1)
    if not isinstance(event, e.PermitEvent):
        return after
    irregular = event.codes_after(after.irregular)
    return carried(replace(after, recorded_at=event.recorded_at, irregular=irregular), event)


def carried(permit: Permit, event: e.PermitEvent) -> Permit:
    """Return the renovation with the rows that the event carries."""
    violations = {row.violation: row for row in event.violations}
    return replace(
        permit,
        row=event.permit or permit.row,
        work_rows={**permit.work_rows, **{row.round: row for row in event.works}},
        violation_rows={**permit.violation_rows, **violations},
        clocks=merged(permit.clocks, event.clocks) if event.clocks else permit.clocks,
    )


def _applied(event: e.PermitApplied, id: str) -> Permit:
    return Permit(
        id=id,
        centre=event.centre,
        unit=event.unit,
        policy=event.policy,
        applied_at=event.at,
        recorded_at=event.recorded_at,
    )


def _step(permit: Permit, event: Event) -> Permit:  # noqa: C901, PLR0911, PLR0912 - a case per event
    at = event.at
    match event:
        case e.PermitReviewed():
            return replace(permit, review=Reviewed(at, event.outcome))
        case e.AgreementSigned():
            deposit = Decimal(event.deposit)
            signed = Agreement(at, deposit, event.fees_paid, event.water_test_ok)
            return replace(permit, agreement=signed)
        case e.PermitIssued():
            return _issued(permit, event)
        case e.PermitExtended():
            round = permit.work.round if permit.work else 1
            return replace(permit, terms=(*permit.terms, Term(at, round, event.valid_to)))
        case e.PassIssued():
            return replace(permit, passes={**permit.passes, event.number: WorkerPass(at)})
        case e.PassReturned():
            issued = permit.passes.get(event.number, WorkerPass(at))
            returned = issued._replace(returned_at=at)
            return replace(permit, passes={**permit.passes, event.number: returned})
        case e.ViolationRecorded():
            return _violated(permit, event)
        case e.WorkStopped():
            return replace(permit, stopped_at=at)
        case e.WorkResumed():
            return replace(permit, stopped_at=None, resumed_at=at)
        case e.RenovationCompleted():
            return _completed(permit, at)
        case e.RenovationAccepted():
            return replace(_completed(permit, at), accepted_at=at)
        case e.AcceptanceFailed():
            return _sent_back(_completed(permit, at), at)
        case e.DepositSettled():
            return replace(permit, settled_at=at)
        case e.PermitArchived():
            return replace(_completed(permit, at), archived_at=at)
        case _:
            return permit


def _issued(permit: Permit, event: e.PermitIssued) -> Permit:
    first = Work(1, event.at)
    return replace(
        permit,
        issued_at=permit.issued_at or event.at,
        valid_from=event.valid_from,
        terms=(*permit.terms, Term(event.at, 1, event.valid_to)),
        works=permit.works or (first,),
    )


def _violated(permit: Permit, event: e.ViolationRecorded) -> Permit:
    known = permit.violations.get(event.violation)
    if known and known.step == event.step:
        return permit
    found_at = known.found_at if known else event.at
    stands = Violation(found_at, event.step, event.at)
    return replace(permit, violations={**permit.violations, event.violation: stands})


def _completed(permit: Permit, at: datetime) -> Permit:
    """Return the renovation with its turn of work ended, if it was not."""
    work = permit.work
    if work is None or work.completed_at:
        return permit
    ended = work._replace(completed_at=at)
    return replace(permit, works=(*permit.works[:-1], ended), stopped_at=None)


def _sent_back(permit: Permit, at: datetime) -> Permit:
    """Return the renovation in its next turn of work, under the validity it had."""
    work = permit.work
    if work is None:
        return permit
    round = work.round + 1
    terms = permit.terms
    if permit.valid_to:
        terms = (*terms, Term(at, round, permit.valid_to))
    return replace(permit, works=(*permit.works, Work(round, at)), terms=terms, accepted_at=None)
