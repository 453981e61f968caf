"""Decisions on a renovation's papers: from the application to the passes, and the deposit and the
archive at the end (domain section 6).
"""

from __future__ import annotations

from decimal import Decimal

from .. import errors, posts
from ..context import Context
from ..unit.state import Unit
from . import commands as c
from . import events as e
from .guards import (
    Decided,
    day_of,
    require_after,
    require_issued,
    require_open,
    require_working,
)
from .state import Permit


def apply(command: c.ApplyForPermit, ctx: Context, home: Unit | None) -> Decided:
    """Record an application; a tenant's comes with the owner's written consent.

    Of a home in the register it is the owner or a tenant who applies. Registers are brought in one
    at a time: of a home that is not in it, or without its people, what the applicant says is taken.
    """
    centre = command.centre or (home.centre if home else ctx.actor.centre)
    if centre is None:
        raise errors.CentreMissing
    if centre not in ctx.organisation.roster.centres:
        raise errors.UnknownCentre(centre)
    ctx.require_post(posts.OFFICE, centre)
    applicant = _applicant(command, centre, ctx, home) if home else command.applicant
    agreed = applicant != "tenant" or command.owner_consent
    ctx.require(agreed, errors.ConsentMissing(command.permit))
    policy, _ = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    applied = e.PermitApplied(
        policy=policy,
        centre=centre,
        unit=command.unit,
        resident=command.resident,
        applicant=applicant,
        owner_consent=command.owner_consent,
        plan=ctx.refs["plan"],
        contractor=ctx.refs["contractor"],
        licence=command.licence,
        **ctx.facts,
    )
    return (applied,)


def _applicant(
    command: c.ApplyForPermit, centre: str, ctx: Context, home: Unit
) -> c.Applicant | None:
    """Return what the register says the applicant was to the home at the time."""
    ctx.require(home.centre == centre, errors.UnitOfOtherCentre(home.id))
    if not home.residents:
        return command.applicant
    resident = home.resident_on(command.resident, ctx.at)
    if resident is None or resident.role == "family":
        ctx.require(None, errors.NotOwnerOrTenant(command.resident))
        return command.applicant
    return resident.role


def review(permit: Permit, command: c.ReviewPermit, ctx: Context) -> Decided:
    """Approve or reject; a rejection says why and is final: a new plan is a new application."""
    require_open(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(permit.review is None, errors.AlreadyReviewed(permit.id))
    reason = ctx.refs.get("reason")
    ctx.require(reason or command.outcome == "approved", errors.ReasonMissing(permit.id))
    return (e.PermitReviewed(outcome=command.outcome, reason=reason, **ctx.facts),)


def sign_agreement(permit: Permit, command: c.SignAgreement, ctx: Context) -> Decided:
    """Record what was signed, paid and checked; what is not in order yet holds up the issue."""
    _require_approved(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(permit.issued_at is None, errors.AlreadyIssued(permit.id))
    require_after(ctx, permit, permit.review.at if permit.review else None)
    signed = e.AgreementSigned(
        agreement=command.agreement,
        deposit=command.deposit,
        fees_paid=command.fees_paid,
        water_test_ok=command.water_test_ok,
        meters=e.MeterReadings(**command.meters.model_dump()),
        **ctx.facts,
    )
    return (signed,)


def issue(permit: Permit, command: c.IssuePermit, ctx: Context) -> Decided:
    """Issue what was approved, signed, paid for and checked."""
    _require_approved(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(permit.issued_at is None, errors.AlreadyIssued(permit.id))
    signed = permit.agreement
    ctx.require(signed, errors.AgreementMissing(permit.id))
    if signed:
        ctx.require(signed.fees_paid, errors.FeesUnpaid(permit.id))
        ctx.require(signed.water_test_ok, errors.WaterTestFailed(permit.id))
        require_after(ctx, permit, signed.at)
    first, last = command.valid_from, command.valid_to
    ctx.require(max(first, day_of(ctx, ctx.at)) <= last, errors.ValidityInvalid(permit.id))
    return (e.PermitIssued(valid_from=first, valid_to=last, **ctx.facts),)


def _require_approved(ctx: Context, permit: Permit) -> None:
    require_open(ctx, permit)
    ctx.require(permit.approved, errors.PermitNotApproved(permit.id))


def extend(permit: Permit, command: c.ExtendPermit, ctx: Context) -> Decided:
    """Give a later last day, also when the old one is over; never one that is over itself."""
    require_working(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    require_after(ctx, permit, permit.terms[-1].at if permit.terms else None)
    last = permit.valid_to
    ctx.require(last is None or command.valid_to > last, errors.ExtensionNotLater(permit.id))
    over = command.valid_to < day_of(ctx, ctx.at)
    ctx.require(not over, errors.ValidityInvalid(permit.id))
    return (e.PermitExtended(valid_to=command.valid_to, **ctx.facts),)


def issue_pass(permit: Permit, command: c.IssuePass, ctx: Context) -> Decided:
    """Issue a worker's pass while the work lasts; a number that came back may go out again."""
    require_working(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(command.pass_ not in permit.passes_out, errors.PassOut(command.pass_))
    known = permit.passes.get(command.pass_)
    require_after(ctx, permit, known.returned_at if known else None)
    return (e.PassIssued(number=command.pass_, **ctx.facts),)


def return_pass(permit: Permit, command: c.ReturnPass, ctx: Context) -> Decided:
    """Take a pass back, or note that it is lost; after the completion too."""
    require_issued(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(command.pass_ in permit.passes_out, errors.PassNotOut(command.pass_))
    known = permit.passes.get(command.pass_)
    require_after(ctx, permit, known.issued_at if known else None)
    return (e.PassReturned(number=command.pass_, lost=command.lost, **ctx.facts),)


def settle_deposit(permit: Permit, command: c.SettleDeposit, ctx: Context) -> Decided:
    """Settle the whole deposit after the acceptance; what is withheld has a reason."""
    require_open(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(permit.accepted_at, errors.NotAccepted(permit.id))
    ctx.require(permit.settled_at is None, errors.AlreadySettled(permit.id))
    require_after(ctx, permit, permit.accepted_at)
    refunded, withheld = Decimal(command.refunded), Decimal(command.withheld)
    deposit = permit.agreement.deposit if permit.agreement else Decimal(0)
    ctx.require(refunded + withheld == deposit, errors.DepositDiffers(permit.id))
    reason = ctx.refs.get("reason")
    ctx.require(reason or not withheld, errors.ReasonMissing(permit.id))
    settled = e.DepositSettled(
        refunded=command.refunded, withheld=command.withheld, reason=reason, **ctx.facts
    )
    return (settled,)


def archive(permit: Permit, _: c.ArchivePermit, ctx: Context) -> Decided:
    """File the papers of a settled renovation, or of a rejected application, in the household's."""
    require_open(ctx, permit)
    ctx.require_post(posts.OFFICE, permit.centre)
    ctx.require(permit.settled_at or permit.rejected, errors.DepositNotSettled(permit.id))
    ctx.require(not permit.passes_out, errors.PassOut(", ".join(permit.passes_out[:3])))
    returns = (one.returned_at for one in permit.passes.values())
    review = permit.review.at if permit.review else None
    require_after(ctx, permit, review, permit.settled_at, *returns)
    return (e.PermitArchived(**ctx.facts),)
