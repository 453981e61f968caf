"""Decisions from the notice to the handover, and on the visits afterwards (domain section 4)."""

from __future__ import annotations

from .. import errors, posts
from ..context import Context
from . import commands as c
from . import events as e
from .guards import Decided, require_after
from .state import Unit

INSPECTORS = posts.OFFICE | {"technician"}
"""Who looks at a home with its owner: the office, and technicians [000: 验房岗]."""


def give_notice(unit: Unit, command: c.GiveHandoverNotice, ctx: Context) -> Decided:
    """Tell the owner the day; a later notice moves it, one that comes late is kept and shown."""
    _require_not_handed_over(ctx, unit)
    ctx.require_post(posts.OFFICE, unit.centre)
    day = ctx.at.astimezone(ctx.counting.zone).date()
    ctx.require(command.handover_on >= day, errors.HandoverDayPassed(unit.id))
    return (e.HandoverNoticed(handover_on=command.handover_on, **ctx.facts),)


def inspect(unit: Unit, command: c.InspectUnit, ctx: Context) -> Decided:
    """Look at the home with the owner; a second inspection adds what it finds."""
    _require_not_handed_over(ctx, unit)
    ctx.require_post(INSPECTORS, unit.centre)
    ctx.require(unit.notice, errors.NoticeMissing(unit.id))
    require_after(ctx, unit, unit.notice.at if unit.notice else None)
    found = [
        e.DefectFound(
            defect=one.defect,
            kind=one.kind,
            where=one.where,
            text=ctx.refs[f"defects.{number}.text"],
        )
        for number, one in enumerate(command.defects)
    ]
    names = [one.defect for one in found]
    for name in names:
        if name in unit.defects or names.count(name) > 1:
            raise errors.DuplicateDefect(name)
    inspected = e.UnitInspected(
        water=command.water, electricity=command.electricity, found=tuple(found), **ctx.facts
    )
    return (inspected,)


def hand_over(unit: Unit, command: c.HandOverUnit, ctx: Context) -> Decided:
    """Pass the home to its owner; its keys and cards are issued in the same transaction."""
    _require_not_handed_over(ctx, unit)
    ctx.require_post(posts.OFFICE, unit.centre)
    if unit.owner is None:
        raise errors.NobodyToHandOver(unit.id)
    ctx.require(unit.notice, errors.NoticeMissing(unit.id))
    ctx.require(unit.inspected_at, errors.NotInspected(unit.id))
    notice = unit.notice.at if unit.notice else None
    require_after(ctx, unit, notice, unit.inspected_at, unit.owner.since)
    ctx.require(command.fees_paid, errors.FeesUnpaid(unit.id))
    _, policy = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    ctx.require(len(set(command.cards)) >= policy.handover_cards, errors.CardsMissing(unit.id))
    passed = e.UnitHandedOver(
        verified=command.documents,
        fees_paid=command.fees_paid,
        confirmation=command.confirmation,
        owner=unit.owner.resident,
        keys=command.keys,
        cards=command.cards,
        **ctx.facts,
    )
    return (passed,)


def record_visit(unit: Unit, command: c.RecordVisit, ctx: Context) -> Decided:
    """Record that the actor saw or called the customer; any post of the centre or company may."""
    ctx.require_post(posts.ANY, unit.centre)
    require_after(ctx, unit, unit.registered_at)
    return (e.UnitVisited(kind=command.kind, text=ctx.refs.get("text"), **ctx.facts),)


def _require_not_handed_over(ctx: Context, unit: Unit) -> None:
    ctx.require(unit.handed_over is None, errors.AlreadyHandedOver(unit.id))
    require_after(ctx, unit, unit.registered_at)
