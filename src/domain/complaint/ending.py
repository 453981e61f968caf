"""Decisions that end, join or mend a case: answering, closing, forcing, reopening, merging,
correcting, voiding (domain section 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError

from .. import errors, posts
from ..context import Context
from ..messages import Contact
from . import commands as c
from . import events as e
from .clocks import duty
from .guards import (
    Decided,
    Group,
    facts_at,
    facts_for,
    is_valid,
    must_finish,
    open_members,
    owes_revisit,
    require_after,
    require_approved,
    require_live,
    require_role,
)
from .handling import posted_in_order, reach
from .oversight import must_verify
from .state import Case

FORCES_MAJOR = frozenset({"complaint_commissioner", "general_manager"})
MAY_BE_EMPTY = frozenset({"contact", "posted_at", "forwarded_at"})


def answer(case: Case, _: c.AnswerComplaint, ctx: Context, group: Group) -> Decided:
    """Answer an inquiry at once, which closes it and the cases merged into it."""
    require_live(ctx, case)
    require_role(ctx, case, posts.DESK)
    ctx.require(case.category == "inquiry", errors.NotAnInquiry(case.id))
    for member in filter(must_finish, open_members(case, group)):
        _require_ready(member, case, ctx)
    with_it = _closed_with(case, ctx, group)
    return ((case.id, e.ComplaintAnswered(text=ctx.refs["text"], **ctx.facts)), *with_it)


def close(case: Case, _: c.CloseComplaint, ctx: Context, group: Group) -> Decided:
    """Close the case, and with it the cases merged into it."""
    require_live(ctx, case)
    require_role(ctx, case, posts.DESK)
    if not must_finish(case):
        ctx.require(_told(case), errors.NotReplied(case.id))
        require_after(ctx, case, min(case.replies, default=None))
    for reporter in (case, *open_members(case, group)):
        _require_ready(reporter, case, ctx)
    return ((case.id, e.ComplaintClosed(**ctx.facts)), *_closed_with(case, ctx, group))


def _require_ready(case: Case, survivor: Case, ctx: Context) -> None:
    """Require what the rules ask of a case before it ends; what the survivor has covers it."""
    if must_finish(case):
        ctx.require(case.round.finished_at, errors.NotFinished(survivor.id))
        require_after(ctx, case, case.round.finished_at)
        _require_revisited(case, ctx)
    if is_valid(case):
        confirmed_at = survivor.round.confirmed_at or case.round.confirmed_at
        ctx.require(confirmed_at, errors.NotConfirmed(survivor.id))
        require_after(ctx, survivor, confirmed_at)
    if must_verify(case):
        verified_at = survivor.round.verified_at or case.round.verified_at
        ctx.require(verified_at, errors.NotVerified(survivor.id))
        require_after(ctx, survivor, verified_at)


def _closed_with(case: Case, ctx: Context, group: Group) -> Decided:
    return tuple(
        (member.id, e.ComplaintClosed(through=case.id, **facts_for(ctx, member)))
        for member in open_members(case, group)
    )


def _require_revisited(case: Case, ctx: Context) -> None:
    if owes_revisit(case):
        ctx.require(_in_vain(case, ctx), errors.NotRevisited(case.id))
    elif duty(case, case.round) == "owed":
        require_after(ctx, case, case.round.revisited_at)


def _in_vain(case: Case, ctx: Context) -> bool:
    """Whether the head may close after enough unreachable revisits on enough days."""
    policy = ctx.organisation.policies.version(case.policy)
    attempts = [at for at in case.round.attempts if at <= ctx.at]
    days = {at.astimezone(ctx.counting.zone).date() for at in attempts}
    return (
        ctx.is_head(ctx.actor, case.centre)
        and len(attempts) >= policy.unreachable_attempts
        and len(days) >= policy.unreachable_days
    )


def _told(case: Case) -> bool:
    nobody = case.reach != "path" and not case.on_the_web
    return bool(case.replies) or case.round.on_the_spot or nobody


def force_close(case: Case, _: c.ForceCloseComplaint, ctx: Context, group: Group) -> Decided:
    """End the case by right of post; a revisit owed and undone stays due."""
    require_live(ctx, case)
    with_it = open_members(case, group)
    if case.major or any(member.major for member in with_it):
        ctx.require(ctx.actor.post in FORCES_MAJOR, errors.MajorCase(case.id))
    else:
        ctx.require(ctx.is_head(ctx.actor, case.centre), errors.HeadOnly(case.id))
    forced = e.ComplaintForceClosed(reason=ctx.refs["reason"], **ctx.facts)
    through = (
        (member.id, e.ComplaintForceClosed(through=case.id, **facts_for(ctx, member)))
        for member in with_it
    )
    return ((case.id, forced), *through)


def reopen(case: Case, _: c.ReopenComplaint, ctx: Context) -> Decided:
    """Begin a new round of a closed case."""
    require_live(ctx, case, closed=True)
    require_role(ctx, case, posts.SENIOR)
    ctx.require(case.closed_at, errors.CaseOpen(case.id))
    require_after(ctx, case, case.closed_at)
    return ((case.id, e.ComplaintReopened(reason=ctx.refs["reason"], **ctx.facts)),)


def merge(case: Case, command: c.MergeComplaint, ctx: Context, group: Group) -> Decided:
    """Let the case go on in another, which answers for both from the earliest receipt."""
    survivor = group.get(command.into)
    if survivor is None:
        if command.into == case.id:
            raise errors.MergedIntoItself(case.id)
        raise errors.UnknownComplaint(command.into)
    require_live(ctx, case)
    require_live(ctx, survivor)
    require_role(ctx, case, posts.SENIOR)
    ctx.require(survivor.centre == case.centre, errors.OtherCentreMerge(command.into))
    ctx.require(not case.members, errors.MergeChain(case.id))
    absorbed = e.ComplaintAbsorbed(
        member=case.id,
        received_at=case.received_at,
        policy=case.policy,
        handlers=tuple(sorted(case.handlers)),
        **ctx.facts,
    )
    merged: Decided = ((case.id, e.ComplaintMerged(into=survivor.id, **ctx.facts)),)
    if survivor.round.finished_at and not case.round.finished_at:
        require_approved(ctx, case, survivor)
        merged = (*merged, (case.id, _finished_before(case, survivor, ctx)))
    return (*merged, (survivor.id, absorbed))


def _finished_before(case: Case, survivor: Case, ctx: Context) -> e.HandlingFinished:
    """Return the finish of a case that joins a finished one: the work was the handler's."""
    finished = survivor.round
    return e.HandlingFinished(
        round=case.round.number,
        through=survivor.id,
        handler_person=finished.handler,
        **facts_at(ctx, max(ctx.at, finished.finished_at or ctx.at)),
    )


def correct(case: Case, command: c.CorrectComplaint, ctx: Context, group: Group) -> Decided:
    """Put right a fact of the receipt; the clocks follow, under the policy that bound it."""
    require_live(ctx, case, merged=True, closed=True)
    require_role(ctx, case, posts.SENIOR)
    new = _checked(command.fact, command.new)
    if command.fact != "contact":
        old = _checked(command.fact, command.old)
        recorded = case.received_at if command.fact == "at" else getattr(case, command.fact)
        ctx.require(old == recorded, errors.OldValueDiffers(command.fact))
    if command.fact == "at" and isinstance(new, datetime):
        if new > ctx.now:
            raise errors.InFuture(command.fact)
        ctx.require(new <= min(_steps(case), default=new), errors.OutOfOrder(case.id))
    _require_receipt_in_order(case, command.fact, new, ctx)
    contact = new if isinstance(new, Contact) else None
    about_contact = command.fact == "contact"
    corrected = e.ComplaintCorrected(
        fact=command.fact,
        old=None if about_contact else _text(command.old),
        new=None if about_contact else _text(command.new),
        reach=reach(contact) if about_contact else None,
        contact=ctx.contact_refs("new") if contact else None,
        reason=ctx.refs["reason"],
        **ctx.facts,
    )
    survivor = group.get(case.merged_into or "")
    if survivor is None or not isinstance(new, datetime) or command.fact != "at":
        return ((case.id, corrected),)
    return ((case.id, corrected), (survivor.id, _absorbed_anew(case, new, survivor, ctx)))


def _absorbed_anew(
    case: Case, received_at: datetime, survivor: Case, ctx: Context
) -> e.ComplaintAbsorbed:
    """Return what a survivor, whose clocks run from the earliest receipt, learns of another one."""
    facts = facts_for(ctx, survivor)
    return e.ComplaintAbsorbed(member=case.id, received_at=received_at, policy=case.policy, **facts)


def _require_receipt_in_order(case: Case, fact: c.Fact, new: object, ctx: Context) -> None:
    """Require of the corrected times what was required of the receipt."""
    if not isinstance(new, datetime):
        return
    times = {"at": case.received_at, "posted_at": case.posted_at}
    times = {**times, "forwarded_at": case.forwarded_at, fact: new}
    received_at = times["at"] or new
    in_order = posted_in_order(times["posted_at"], times["forwarded_at"], received_at)
    ctx.require(in_order, errors.PostedAfterReceipt())
    promised = case.promised_reply_at
    ctx.require(promised is None or promised >= received_at, errors.PromiseInPast())


def _checked(fact: c.Fact, value: str | Contact | None) -> object:
    """Return the value as the fact's own type; refuse what the fact cannot be."""
    if value is None:
        if fact in MAY_BE_EMPTY:
            return None
        raise errors.Malformed(fact, "missing_value")
    try:
        facts = c.ReceiptFacts.model_validate({fact: value})
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        detail = f"{fact}: {fault['msg']}"
        raise errors.Malformed(detail, "invalid_value") from None
    checked: object = getattr(facts, fact)
    return checked


def _text(value: str | Contact | None) -> str | None:
    return value if isinstance(value, str) else None


def _steps(case: Case) -> Iterator[datetime]:
    yield from (*case.replies, *case.consults, *case.starts, *case.dispatched.values())
    yield from (triage.at for triage in case.triages)
    yield from (change.at for change in case.validity_changes)
    yield from (window.agreed_at for window in case.appointments)
    yield from (order.opened_at for order in case.work_orders.values())
    yield from (closing.at for closing in case.closings)
    yield from (r.finished_at for r in case.rounds if r.finished_at)
    yield from (r.started_at for r in case.rounds[1:])
    if case.merged_at:
        yield case.merged_at


def void(case: Case, _: c.VoidComplaint, ctx: Context) -> Decided:
    """Take a case entered by mistake out of every statistic; its number stays."""
    require_live(ctx, case, merged=True, closed=True)
    require_role(ctx, case, posts.SENIOR)
    ctx.require(not case.members, errors.HasMembers(case.id))
    return ((case.id, e.ComplaintVoided(reason=ctx.refs["reason"], **ctx.facts)),)
