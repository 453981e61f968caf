"""Decisions from the first call to the end of the work (domain section 3)."""

from __future__ import annotations

from datetime import datetime

from .. import errors, posts
from ..context import Context
from ..messages import Contact
from . import commands as c
from . import events as e
from .guards import (
    Decided,
    Group,
    facts_for,
    members,
    require_after,
    require_approved,
    require_head,
    require_live,
    require_role,
    require_unfinished,
)
from .state import Case


def receive(command: c.ReceiveComplaint, ctx: Context) -> Decided:
    """Record a new case under the next number of its centre."""
    if command.centre not in ctx.organisation.roster.centres:
        raise errors.UnknownCentre(command.centre)
    ctx.require_post(posts.ANY, command.centre)
    posted, forwarded = command.posted_at, command.forwarded_at
    ctx.require(posted_in_order(posted, forwarded, ctx.at), errors.PostedAfterReceipt())
    promised = command.promised_reply_at
    ctx.require(promised is None or promised >= ctx.at, errors.PromiseInPast())
    policy, _ = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    received = e.ComplaintReceived(
        number=ctx.centre.last_number + 1,
        policy=policy,
        centre=command.centre,
        channel=command.channel,
        category=command.category,
        urgency=command.urgency,
        level=command.level,
        topic_code=command.topic,
        reach=reach(command.contact),
        text=ctx.refs["text"],
        contact=ctx.contact_refs("contact") if command.contact else None,
        unit=command.unit,
        posted_at=posted,
        forwarded_at=forwarded,
        preferred_channel=command.preferred_channel,
        promised_reply_at=promised,
        read_back=command.read_back,
        major=command.major,
        **ctx.facts,
    )
    return ((command.complaint, received),)


def posted_in_order(
    posted: datetime | None, forwarded: datetime | None, received: datetime
) -> bool:
    """Return whether what is known was posted, then forwarded, then received."""
    known = [at for at in (posted, forwarded, received) if at]
    return known == sorted(known)


def reach(contact: Contact | None) -> str:
    """Return whether a customer can be reached: path, pathless or anonymous."""
    return contact.reach if contact else "anonymous"


def triage(case: Case, command: c.TriageComplaint, ctx: Context) -> Decided:
    """Change the urgency of the case."""
    require_live(ctx, case)
    require_role(ctx, case, posts.DESK)
    ctx.require(command.urgency != case.urgency_now, errors.UrgencyUnchanged(case.id))
    return ((case.id, e.ComplaintTriaged(urgency=command.urgency, **ctx.facts)),)


def classify(case: Case, command: c.ClassifyComplaint, ctx: Context) -> Decided:
    """Record whether the company is responsible; invalid takes effect with the head's signature."""
    require_live(ctx, case)
    require_role(ctx, case, posts.DESK)
    ctx.require_import(command.signed_by)
    signed = ctx.signed_by_head(command.signed_by, case.centre)
    ctx.require(signed or command.signed_by is None, errors.SignatureMissing(case.id))
    classified = e.ComplaintClassified(
        validity=command.validity,
        in_force=command.validity == "valid" or signed,
        cause=command.cause,
        topic_code=command.topic,
        reason=ctx.refs.get("reason"),
        signed_by=command.signed_by,
        **ctx.facts,
    )
    return ((case.id, classified),)


def sign_classification(case: Case, command: c.SignClassification, ctx: Context) -> Decided:
    """Sign the classification that waits, or the one in force."""
    require_live(ctx, case)
    require_head(ctx, case)
    pending = case.pending
    waits = pending is not None and pending.validity == command.validity
    ctx.require(waits or case.validity == command.validity, errors.NotClassified(case.id))
    require_after(ctx, case, pending.at if pending and waits else None)
    return ((case.id, e.ClassificationSigned(validity=command.validity, **ctx.facts)),)


def dispatch(case: Case, command: c.DispatchComplaint, ctx: Context) -> Decided:
    """Send the case to a handler."""
    require_live(ctx, case, late=True)
    require_role(ctx, case, posts.DESK, right="dispatch")
    sent = e.ComplaintDispatched(
        department=command.department,
        handler=command.handler,
        handler_person=_named(case, command.handler, ctx),
        **ctx.facts,
    )
    return ((case.id, sent),)


def transfer(case: Case, command: c.TransferComplaint, ctx: Context) -> Decided:
    """Move the case to another department and handler."""
    require_live(ctx, case)
    require_role(ctx, case, posts.SENIOR)
    moved = e.ComplaintTransferred(
        department=command.department,
        handler=command.handler,
        handler_person=_named(case, command.handler, ctx),
        **ctx.facts,
    )
    return ((case.id, moved),)


def _named(case: Case, account: str, ctx: Context) -> str:
    """Return the person behind the account a case is sent to; it must work in the centre."""
    handler = ctx.named(account)
    ctx.require(handler.post in posts.ANY, errors.WrongPost(handler.post))
    ctx.require(handler.acts_in(case.centre), errors.OtherCentre(case.centre))
    return str(handler.person)


def accept(case: Case, _: c.AcceptComplaint, ctx: Context) -> Decided:
    """Let the handler take the case it was sent."""
    require_live(ctx, case, late=True)
    person = ctx.actor.person
    sent_at = case.dispatched.get(person) if person else None
    ctx.require(sent_at is not None, errors.NotDispatched(case.id))
    ctx.require_post(posts.ANY, case.centre)
    require_unfinished(ctx, case)
    require_after(ctx, case, sent_at)
    return ((case.id, e.ComplaintAccepted(**ctx.facts)),)


def consult(case: Case, _: c.ConsultOnComplaint, ctx: Context) -> Decided:
    """Record that the handler has talked with the people concerned."""
    require_live(ctx, case, late=True)
    require_role(ctx, case, handler=True)
    require_after(ctx, case, _sent_at(case, ctx))
    return ((case.id, e.ComplaintConsulted(**ctx.facts)),)


def approve_reply(case: Case, _: c.ApproveReply, ctx: Context) -> Decided:
    """Approve the next reply on the web or a forum."""
    require_live(ctx, case, merged=True, late=True)
    require_head(ctx, case)
    return ((case.id, e.ReplyApproved(text=ctx.refs.get("text"), **ctx.facts)),)


def reply(case: Case, command: c.ReplyToComplaint, ctx: Context) -> Decided:
    """Tell the customer what happens; on the web and in forums only what the head approved."""
    require_live(ctx, case, merged=True, late=True)
    require_role(ctx, case, posts.DESK, handler=True)
    ctx.require_import(command.approved_by)
    approval = case.reply_approval
    signed = ctx.signed_by_head(command.approved_by, case.centre)
    spent = approval is None or any(approval.at < at <= ctx.at for at in case.replies)
    approved = signed or not spent
    if case.on_the_web:
        ctx.require(approved, errors.NotApproved(case.id))
        require_after(ctx, case, approval.at if approval and not signed else None)
    replied = e.ComplaintReplied(
        channel=command.channel,
        text=ctx.refs["text"],
        approved=approved,
        approved_by=command.approved_by,
        **ctx.facts,
    )
    return ((case.id, replied),)


def start(case: Case, _: c.StartHandling, ctx: Context) -> Decided:
    """Begin the work on site."""
    require_live(ctx, case, late=True)
    require_role(ctx, case, handler=True)
    require_unfinished(ctx, case)
    require_after(ctx, case, _sent_at(case, ctx))
    return ((case.id, e.HandlingStarted(**ctx.facts)),)


def agree_appointment(case: Case, command: c.AgreeAppointment, ctx: Context) -> Decided:
    """Agree a window with the customer; one is open at a time."""
    require_live(ctx, case)
    require_role(ctx, case, posts.DESK, handler=True)
    require_unfinished(ctx, case)
    last = case.appointments[-1] if case.appointments else None
    is_open = last and last.round == case.round.number and ctx.at <= last.ends
    ctx.require(not is_open, errors.AppointmentOpen(case.id))
    _require_window(command, ctx)
    agreed = e.AppointmentAgreed(starts=command.from_, ends=command.to, **ctx.facts)
    return ((case.id, agreed),)


def move_appointment(case: Case, command: c.MoveAppointment, ctx: Context) -> Decided:
    """Move the round's last window; the customer's own delay is counted in days."""
    require_live(ctx, case)
    require_role(ctx, case, posts.DESK, handler=True)
    require_unfinished(ctx, case)
    last = case.appointments[-1] if case.appointments else None
    movable = last is not None and last.round == case.round.number
    ctx.require(movable, errors.NoAppointment(case.id))
    require_after(ctx, case, last.agreed_at if last else None)
    _require_window(command, ctx)
    days = 0
    if last and command.asked_by == "customer":
        zone = ctx.counting.zone
        days = (command.to.astimezone(zone).date() - last.ends.astimezone(zone).date()).days
    moved = e.AppointmentMoved(
        asked_by=command.asked_by,
        starts=command.from_,
        ends=command.to,
        days=max(days, 0),
        **ctx.facts,
    )
    return ((case.id, moved),)


def _require_window(command: c.AgreeAppointment | c.MoveAppointment, ctx: Context) -> None:
    ctx.require(command.from_ <= command.to and ctx.at <= command.to, errors.WindowInvalid())


def report_progress(case: Case, _: c.ReportProgress, ctx: Context) -> Decided:
    """Tell the customer how the work goes on."""
    require_live(ctx, case, late=True)
    require_role(ctx, case, posts.DESK, handler=True)
    return ((case.id, e.ProgressReported(text=ctx.refs["text"], **ctx.facts)),)


def approve_remedy(case: Case, _: c.ApproveRemedy, ctx: Context) -> Decided:
    """Approve how a valid complaint will be put right."""
    require_live(ctx, case, late=True)
    require_head(ctx, case, right="approve_remedy")
    return ((case.id, e.RemedyApproved(**ctx.facts)),)


def finish(case: Case, command: c.FinishHandling, ctx: Context, group: Group) -> Decided:
    """Finish the round; the merged reporters' rounds are finished with it."""
    require_live(ctx, case, late=True)
    require_role(ctx, case, handler=True)
    ctx.require(case.round.finished_at is None, errors.AlreadyFinished(case.id))
    require_after(ctx, case, _sent_at(case, ctx))
    along = [m for m in members(case, group) if m.round.finished_at is None and not m.voided_at]
    for one in (case, *along):
        require_approved(ctx, one, case)
    evidence = ctx.refs.get("evidence")
    ctx.require(evidence or not command.on_the_spot_satisfied, errors.EvidenceMissing(case.id))
    finished = e.HandlingFinished(
        round=case.round.number,
        on_the_spot_satisfied=command.on_the_spot_satisfied,
        result=ctx.refs["result"],
        evidence=evidence,
        **ctx.facts,
    )
    with_it = ((member.id, _finished_through(member, case.id, ctx)) for member in along)
    return ((case.id, finished), *with_it)


def _finished_through(member: Case, survivor: str, ctx: Context) -> e.HandlingFinished:
    """Return the finish of a merged reporter's round by the survivor's."""
    facts = facts_for(ctx, member)
    return e.HandlingFinished(round=member.round.number, through=survivor, **facts)


def _sent_at(case: Case, ctx: Context) -> datetime | None:
    return case.dispatched.get(ctx.actor.person or "")
