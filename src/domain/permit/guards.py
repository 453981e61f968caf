"""Guards the renovation's decisions share: which posts, in what state, in what order of time.

The office keeps the papers; on the site are also the guard and the technician, that is any post
[000].
"""

from __future__ import annotations

from datetime import date, datetime

from .. import errors
from ..context import Context
from .events import PermitEvent
from .state import Permit

Decided = tuple[PermitEvent, ...]
"""Events of one renovation, in order."""


def require_open(ctx: Context, permit: Permit) -> None:
    """Require a renovation whose papers are not archived, applied for by then."""
    ctx.require(permit.archived_at is None, errors.AlreadyArchived(permit.id))
    require_after(ctx, permit, permit.applied_at)


def require_issued(ctx: Context, permit: Permit) -> None:
    """Require that the permit had been issued by then, and is not archived."""
    require_open(ctx, permit)
    ctx.require(permit.issued_at, errors.PermitNotIssued(permit.id))
    require_after(ctx, permit, permit.issued_at)


def require_working(ctx: Context, permit: Permit) -> None:
    """Require that the current turn of work had begun by then and was not completed yet."""
    require_issued(ctx, permit)
    work = permit.work
    require_after(ctx, permit, work.started_at if work else None)
    completed_at = permit.completed_at
    ctx.require(completed_at is None or ctx.at <= completed_at, errors.WorkDone(permit.id))


def require_going_on(ctx: Context, permit: Permit) -> None:
    """Require work that is not completed, after it was last stopped or went on again."""
    require_working(ctx, permit)
    ctx.require(permit.completed_at is None, errors.WorkDone(permit.id))
    require_after(ctx, permit, permit.resumed_at, permit.stopped_at)


def require_after(ctx: Context, permit: Permit, *steps: datetime | None) -> None:
    """Require that the command happened no earlier than the steps it presupposes."""
    for step in steps:
        ctx.require(step is None or ctx.at >= step, errors.OutOfOrder(permit.id))


def day_of(ctx: Context, moment: datetime) -> date:
    """Return the calendar day of a moment in the organisation's zone."""
    return moment.astimezone(ctx.counting.zone).date()
