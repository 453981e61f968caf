"""Completes an event with the rows of the case's standing that it changed."""

from __future__ import annotations

from typing import Literal, TypeVar

from ..policy import Policies
from ..promises import Clock, Key, changed
from ..workdays import Counting
from .clocks import Promises, duty
from .events import ComplaintEvent
from .evolve import carried, evolve
from .standing import CaseRow, RoundRow, WorkOrderRow
from .state import Case, Round

E = TypeVar("E", bound=ComplaintEvent)


def complete(
    case: Case | None,
    event: E,
    case_id: str,
    policies: Policies,
    counting: Counting,
) -> tuple[E, Case]:
    """Return ``event`` carrying the case, round and clock rows that differ after it, and the case
    after it.
    """
    after = evolve(case, event, case_id)
    clocks = Promises(after, policies, counting).clocks()
    rounds = [_round_row(after, round, clocks) for round in after.rounds]
    row = _case_row(after, policies)
    completed = event.model_copy(
        update={
            "case": None if row == after.row else row,
            "rounds": tuple(r for r in rounds if after.round_rows.get(r.round) != r),
            "clocks": changed(after.clocks, clocks, event.at),
            "work_orders": _changed_orders(case, after),
        }
    )
    return completed, carried(after, completed)


def _round_row(case: Case, round: Round, clocks: dict[Key, Clock]) -> RoundRow:
    revisits = [
        clock
        for clock in clocks.values()
        if clock.commitment == "revisit" and clock.round == round.number and clock.ended != "void"
    ]
    promised = max(revisits, key=lambda clock: clock.started_at, default=None)
    finished_at = round.finished_at
    return RoundRow(
        round=round.number,
        started_at=round.started_at,
        ended_at=round.ended_at,
        finished_at=finished_at,
        handler=round.handler,
        duty=duty(case, round) if finished_at else None,
        due_at=promised.due_at if promised else None,
        provisional=promised.provisional if promised else False,
        revisit=round.revisit,
        revisited_at=round.revisited_at,
        attempts=len(round.attempts),
        voids=round.voids,
        replied_after_at=(
            min((at for at in case.approved_replies if at >= finished_at), default=None)
            if finished_at
            else None
        ),
    )


def _changed_orders(case: Case | None, after: Case) -> tuple[WorkOrderRow, ...]:
    before = case.work_orders if case else {}
    return tuple(row for number, row in after.work_orders.items() if before.get(number) != row)


def _case_row(case: Case, policies: Policies) -> CaseRow:
    policy = policies.version(case.policy)
    return CaseRow(
        number=case.number,
        centre=case.centre,
        department=case.department,
        handler=case.in_hand.account if case.in_hand else None,
        handler_person=case.in_hand.person if case.in_hand else None,
        handler_since=case.in_hand.since if case.in_hand else None,
        unit=case.unit,
        channel=case.channel,
        category=case.category,
        urgency=case.urgency_now,
        level=case.level,
        topic=case.topic,
        validity=case.validity,
        cause=case.cause,
        reach=case.reach,
        major=case.major,
        sensitive=case.sensitive is not None,
        rung=case.rung,
        escalated_at=case.escalated_at,
        status=_status(case),
        received_at=case.received_at,
        late_registration_seconds=_late(case, policy.late_registration_minutes * 60),
        closed_at=case.closed_at,
        merged_into=case.merged_into,
        merged_at=case.merged_at,
        voided_at=case.voided_at,
        customer_caused_days=case.customer_caused_days,
        progress_contacts=policy.progress_contacts_per_week,
        implied_months=policy.implied_outcome_months,
        irregular=",".join(case.irregular) or None,
    )


def _status(case: Case) -> Literal["open", "closed", "forced", "voided"]:
    if case.voided_at:
        return "voided"
    if not case.closed_at:
        return "open"
    return "forced" if case.closings[-1].how == "force_close" else "closed"


def _late(case: Case, tolerated: int) -> int:
    seconds = int((case.first_recorded_at - case.received_at).total_seconds())
    return seconds if seconds > tolerated else 0
