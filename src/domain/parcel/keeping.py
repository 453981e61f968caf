"""The rules of keeping: what is taken in, told of, handed out, sent back or reported lost."""

from __future__ import annotations

from .. import errors, posts
from ..context import Context
from . import commands as c
from . import events as e
from .commands import ParcelKind
from .standing import Keeping
from .state import Parcel

BOXED: frozenset[ParcelKind] = frozenset({"ordinary", "press"})
"""Goes to the letter box; every other kind is told of, and signed for."""


def register(command: c.RegisterParcel, ctx: Context) -> e.ParcelRegistered:
    """Take a parcel in; the office, where mail comes in and is sorted."""
    if command.centre not in ctx.organisation.roster.centres:
        raise errors.UnknownCentre(command.centre)
    ctx.require_post(posts.OFFICE, command.centre)
    keeping = _keeping(command)
    asked = keeping == "held" and command.kind != "fax"  # a fax is here before anybody can ask
    ctx.require(command.consent or not asked, errors.AddresseeConsentMissing())
    policy, _ = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    return e.ParcelRegistered(
        policy=policy,
        centre=command.centre,
        unit=command.unit,
        kind=command.kind,
        keeping=keeping,
        consent=command.consent,
        condition=command.condition,
        addressee=ctx.contact_refs("addressee") if command.addressee else None,
        **ctx.facts,
    )


def _keeping(command: c.RegisterParcel) -> Keeping:
    nobody = command.addressee is None and (command.unit is None or command.kind == "fax")
    if nobody and command.kind != "press":
        return "pending"
    return "letter_box" if command.kind in BOXED else "held"


def notify(parcel: Parcel, command: c.NotifyAddressee, ctx: Context) -> e.AddresseeNotified:
    """Record that the addressee was told; typed in late it may follow the hand-out."""
    late = parcel.ended is not None and ctx.at < parcel.ended.at
    _require_kept(ctx, parcel, late=late)
    return e.AddresseeNotified(channel=command.channel, **ctx.facts)


def hand_out(parcel: Parcel, command: c.HandOutParcel, ctx: Context) -> e.ParcelHandedOut:
    """Hand it over against a signature."""
    _require_kept(ctx, parcel)
    return e.ParcelHandedOut(
        collector=ctx.refs.get("collector"),
        identity=command.identity,
        signature=ctx.refs["signature"],
        **ctx.facts,
    )


def send_back(parcel: Parcel, command: c.ReturnParcel, ctx: Context) -> e.ParcelReturned:
    """Give it back to the carrier; as overdue only once it is."""
    _require_kept(ctx, parcel)
    overdue = parcel.due_at is not None and ctx.at > parcel.due_at
    ctx.require(overdue or command.reason != "overdue", errors.ParcelNotOverdue(parcel.id))
    return e.ParcelReturned(reason=command.reason, **ctx.facts)


def lose(parcel: Parcel, _: c.ReportParcelLost, ctx: Context) -> e.ParcelLost:
    """Report the loss; the office itself, for it must not wait for anybody."""
    _require_kept(ctx, parcel)
    return e.ParcelLost(reason=ctx.refs["reason"], **ctx.facts)


def _require_kept(ctx: Context, parcel: Parcel, *, late: bool = False) -> None:
    """Require a post of the office, and a parcel that the centre still keeps at that time."""
    ctx.require_post(posts.OFFICE, parcel.centre)
    done = parcel.keeping == "letter_box" or (parcel.ended is not None and not late)
    ctx.require(not done, errors.ParcelDone(parcel.id))
    ctx.require(ctx.at >= parcel.registered_at, errors.OutOfOrder(parcel.id))
