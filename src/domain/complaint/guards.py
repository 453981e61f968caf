"""Guards the complaint's decisions share: who may act, in what state, in what order of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from .. import errors, posts
from ..context import Context
from ..roster import Actor
from .clocks import HANDLED, duty
from .events import ComplaintEvent
from .state import Case

Group = Mapping[str, Case]
"""The cases merged with this one, survivor and members, by identifier; without the case itself."""

Decided = tuple[tuple[str, ComplaintEvent], ...]
"""Events by the case they belong to, in order."""


def require_live(
    ctx: Context, case: Case, *, merged: bool = False, closed: bool = False, late: bool = False
) -> None:
    """Require a case that was not voided, and not closed or merged unless that is all right.

    ``late`` lets an entry in whose time lies before the closing or merging: it was only typed in
    after it.
    """
    ctx.require(case.voided_at is None, errors.CaseVoided(case.id))
    ctx.require(merged or _before(ctx, case.merged_at, late=late), errors.CaseMerged(case.id))
    ctx.require(closed or _before(ctx, case.closed_at, late=late), errors.CaseClosed(case.id))
    ctx.require(ctx.at >= case.received_at, errors.OutOfOrder(case.id))
    ctx.require(ctx.at >= case.round.started_at, errors.OutOfOrder(case.id))


def _before(ctx: Context, end: datetime | None, *, late: bool) -> bool:
    return end is None or (late and ctx.at < end)


def require_after(ctx: Context, case: Case, *steps: datetime | None) -> None:
    """Require that the command happened no earlier than the steps it presupposes."""
    for step in steps:
        ctx.require(step is None or ctx.at >= step, errors.OutOfOrder(case.id))


def require_role(
    ctx: Context,
    case: Case,
    allowed: frozenset[str] = frozenset(),
    *,
    handler: bool = False,
    right: str | None = None,
) -> None:
    """Require one of the posts, a handler of the case, or a delegate holding ``right``."""
    actor = ctx.actor
    may = actor.post in posts.ANY and (
        actor.post in allowed
        or (handler and is_handler(case, actor))
        or (right is not None and ctx.centre.lent(right, actor.person, ctx.at))
    )
    refusal = errors.WrongPost(actor.post) if allowed else errors.NotHandler(case.id)
    ctx.require(may, refusal)
    ctx.require(actor.acts_in(case.centre), errors.OtherCentre(case.centre))


def facts_for(ctx: Context, case: Case) -> dict[str, Any]:
    """Return the facts of what happens to a case by an event of another case of the matter.

    It cannot happen to it before it joined the matter, nor before its round began and was finished.
    """
    round = case.round
    known = (ctx.at, case.merged_at, round.started_at, round.finished_at)
    return facts_at(ctx, max(at for at in known if at))


def facts_at(ctx: Context, at: datetime) -> dict[str, Any]:
    """Return the context's facts at another time."""
    return {**ctx.facts, "at": at, "recorded_at": max(ctx.recorded_at, at)}


def is_handler(case: Case, actor: Actor) -> bool:
    """Return whether the actor's person handles the case, or was sent it."""
    return actor.person in case.handlers or actor.person in case.dispatched


def require_head(ctx: Context, case: Case, *, right: str | None = None) -> None:
    """Require a head of the case's centre, or a delegate where the rule allows one."""
    require_role(ctx, case, posts.HEAD, right=right)


def require_unfinished(ctx: Context, case: Case) -> None:
    """Require that the round was not finished by then; it may be by now."""
    finished_at = case.round.finished_at
    unfinished = finished_at is None or ctx.at <= finished_at
    ctx.require(unfinished, errors.AlreadyFinished(case.id))


def must_finish(case: Case) -> bool:
    """Return whether the case must be finished before closing."""
    return case.category in HANDLED and not is_invalid(case)


def is_invalid(case: Case) -> bool:
    """Return whether the case is a complaint the company is not responsible for."""
    return case.category == "complaint" and case.validity == "invalid"


def is_valid(case: Case) -> bool:
    """Return whether the case is a complaint the company is responsible for."""
    return case.category == "complaint" and case.validity == "valid"


def owes_revisit(case: Case) -> bool:
    """Return whether the current round's customer is still owed a satisfied revisit."""
    return duty(case, case.round) == "owed" and case.round.revisit != "satisfied"


def handlers(case: Case, group: Group) -> frozenset[str]:
    """Return the persons who handled the matter, in this case or in one merged with it."""
    return case.handlers.union(*(other.handlers for other in group.values()))


def members(case: Case, group: Group) -> Iterator[Case]:
    """Yield the cases merged into this one."""
    return (group[id] for id in case.members if id in group)


def open_members(case: Case, group: Group) -> tuple[Case, ...]:
    """Return the merged cases that end with this one."""
    return tuple(m for m in members(case, group) if not m.closed_at and not m.voided_at)


def require_approved(ctx: Context, case: Case, survivor: Case) -> None:
    """Require of a valid complaint that its remedy, or the survivor's, was approved."""
    if is_valid(case):
        known = (case.remedy_approved_at, survivor.remedy_approved_at)
        approved_at = min((at for at in known if at), default=None)
        ctx.require(approved_at, errors.NotApproved(survivor.id))
        require_after(ctx, survivor, approved_at)
