"""Decides the breaking of the glass 紧急查看 and its review (domain section 8)."""

from __future__ import annotations

from datetime import timedelta

from .. import errors, posts
from ..context import Context
from ..streams import Find
from . import events as e
from .commands import BreakGlass, GlassCommand, ReviewGlass
from .glass import Glass
from .rules import concerning

REVIEWERS = frozenset({"data_custodian"})


def decide_glass(
    glass: Glass | None, command: GlassCommand, ctx: Context, find: Find
) -> e.GlassEvent:
    """Return the event of breaking the glass or reviewing it; raises ``Rejected``."""
    match command:
        case BreakGlass():
            if glass is not None:
                raise errors.DuplicateGlass(command.glass)
            return _break(command, ctx, find)
        case ReviewGlass():
            if glass is None:
                raise errors.UnknownGlass(command.glass)
            return _review(glass, command, ctx)
        case _:
            raise TypeError(command.do)


def _break(command: BreakGlass, ctx: Context, find: Find) -> e.GlassBroken:
    """Open what the matrix closes, in one's own centre, for one home or case."""
    concerned = concerning(command.about, ctx, find)
    ctx.require_post(posts.ANY, concerned.centre)
    version, policy = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    return e.GlassBroken(
        policy=version,
        about=concerned,
        reason=ctx.refs["reason"],
        until=ctx.at + timedelta(minutes=policy.glass_minutes),
        **ctx.facts,
    )


def _review(glass: Glass, command: ReviewGlass, ctx: Context) -> e.GlassReviewed:
    """Judge it; the data custodian of the centre, never the person who broke it."""
    ctx.require_post(REVIEWERS, glass.centre)
    ctx.require(glass.reviewed_at is None, errors.GlassReviewed(glass.id))
    ctx.require(ctx.actor.person != glass.person, errors.OwnGlass(glass.id))
    ctx.require(ctx.at >= glass.broken_at, errors.OutOfOrder(glass.id))
    return e.GlassReviewed(justified=command.justified, note=ctx.refs.get("note"), **ctx.facts)
