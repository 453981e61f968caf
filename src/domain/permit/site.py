"""Decisions on a renovation's site: patrols, violations, stopping, completion and acceptance
(domain section 6).
"""

from __future__ import annotations

from .. import errors, posts
from ..context import Context
from . import commands as c
from . import events as e
from .guards import (
    Decided,
    day_of,
    require_after,
    require_going_on,
    require_issued,
)
from .state import LADDER, Permit, Violation

OUTSIDE = frozenset({"reported", "legal"})
"""Steps that leave the house: to the authority, to a lawyer."""


def patrol(permit: Permit, command: c.PatrolRenovation, ctx: Context) -> Decided:
    """Record a patrol of a day of work, stopped work included; a violation new to us is found."""
    require_issued(ctx, permit)
    ctx.require_post(posts.ANY, permit.centre)
    ctx.require(_day_of_work(permit, ctx), errors.WorkDone(permit.id))
    named = command.violation
    known = permit.violations.get(named) if named else None
    if known:
        ctx.require(known.open, errors.ViolationCorrected(permit.id))
        require_after(ctx, permit, known.found_at)
    elif named:
        ctx.require(permit.accepted_at is None, errors.AlreadyAccepted(permit.id))
    patrolled = e.RenovationPatrolled(
        fire_safety=command.fire_safety,
        passes=command.passes,
        site=command.site,
        violation=named,
        **ctx.facts,
    )
    if named is None or known:
        return (patrolled,)
    return (patrolled, e.ViolationRecorded(violation=named, step="found", **ctx.facts))


def _day_of_work(permit: Permit, ctx: Context) -> bool:
    """Whether work had begun by then, and was not completed on an earlier day."""
    today = day_of(ctx, ctx.at)
    return any(
        work.started_at <= ctx.at
        and (work.completed_at is None or today <= day_of(ctx, work.completed_at))
        for work in permit.works
    )


def record_violation(permit: Permit, command: c.RecordViolation, ctx: Context) -> Decided:
    """Take the next step against a violation, or record its correction; none is skipped.

    The step on which it stands may be taken again (a second notice) and changes nothing.
    """
    require_issued(ctx, permit)
    ctx.require_post(posts.OFFICE if command.step in OUTSIDE else posts.ANY, permit.centre)
    ctx.require(permit.accepted_at is None, errors.AlreadyAccepted(permit.id))
    known = permit.violations.get(command.violation)
    ctx.require(known is None or known.open, errors.ViolationCorrected(permit.id))
    ctx.require(command.step in _steps_from(known), errors.StepSkipped(permit.id))
    require_after(ctx, permit, known.since if known else None)
    return (e.ViolationRecorded(violation=command.violation, step=command.step, **ctx.facts),)


def _steps_from(known: Violation | None) -> tuple[c.Step, ...]:
    """Return the steps that may follow."""
    if known is None:
        return LADDER[:1]
    if known.step == "corrected":
        return ("corrected",)
    rung = LADDER.index(known.step)
    return (*LADDER[rung : rung + 2], "corrected")


def stop_work(permit: Permit, _: c.StopWork, ctx: Context) -> Decided:
    """Stop the work; its days still count, and so do its patrols."""
    require_going_on(ctx, permit)
    ctx.require(permit.stopped_at is None, errors.WorkHalted(permit.id))
    ctx.require_post(posts.OFFICE, permit.centre)
    return (e.WorkStopped(reason=ctx.refs["reason"], **ctx.facts),)


def resume_work(permit: Permit, _: c.ResumeWork, ctx: Context) -> Decided:
    """Let stopped work go on."""
    require_issued(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(permit.stopped_at, errors.WorkNotHalted(permit.id))
    require_after(ctx, permit, permit.stopped_at)
    return (e.WorkResumed(**ctx.facts),)


def complete_renovation(permit: Permit, _: c.CompleteRenovation, ctx: Context) -> Decided:
    """End the turn of work, stopped or not; open violations hold up its acceptance, not this."""
    require_going_on(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    return (e.RenovationCompleted(**ctx.facts),)


def accept(permit: Permit, command: c.AcceptRenovation, ctx: Context) -> Decided:
    """Accept what passed both tests and has no open violation; else the work goes back."""
    require_issued(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(permit.accepted_at is None, errors.AlreadyAccepted(permit.id))
    ctx.require(permit.completed_at, errors.WorkNotDone(permit.id))
    require_after(ctx, permit, permit.completed_at)
    if not (command.water_test_ok and command.structure_ok):
        failed = e.AcceptanceFailed(
            water_test_ok=command.water_test_ok, structure_ok=command.structure_ok, **ctx.facts
        )
        return (failed,)
    violations = permit.open_violations
    ctx.require(not violations, errors.ViolationOpen(", ".join(violations[:3])))
    require_after(ctx, permit, *(one.since for one in permit.violations.values()))
    return (e.RenovationAccepted(**ctx.facts),)
