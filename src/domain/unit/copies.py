"""Decisions on numbered paper copies of a household's data (domain section 4, [000])."""

from __future__ import annotations

from .. import errors
from ..context import Context
from . import commands as c
from . import events as e
from .guards import CUSTODIANS, Decided, require_after
from .standing import CopyRow
from .state import Unit


def issue(unit: Unit, command: c.IssuePaperCopy, ctx: Context) -> Decided:
    """Hand a copy to somebody of the centre; its number is used once in a centre."""
    ctx.require_post(CUSTODIANS, unit.centre)
    require_after(ctx, unit, unit.registered_at)
    if command.copy_ in ctx.centre.copies:
        raise errors.DuplicateCopy(command.copy_)
    holder = ctx.named(command.to)
    ctx.require(holder.acts_in(unit.centre), errors.OtherCentre(unit.centre))
    issued = e.CopyIssued(
        copy_no=command.copy_,
        to=command.to,
        to_person=str(holder.person),
        to_post=holder.post,
        **ctx.facts,
    )
    return (issued,)


def replace_pages(unit: Unit, command: c.ReplaceCopyPages, ctx: Context) -> Decided:
    """Replace the pages whose data changed; whoever keeps a copy at the desk may do it too."""
    known = _out(ctx, unit, command.copy_)
    holds = ctx.actor.person == known.person
    if not holds:
        ctx.require_post(CUSTODIANS, unit.centre)
    replaced = e.CopyPagesReplaced(copy_no=command.copy_, pages=command.pages, **ctx.facts)
    return (replaced,)


def recall(unit: Unit, command: c.RecallPaperCopy, ctx: Context) -> Decided:
    """Take a copy back, as whenever its holder moves to another post or leaves [000]."""
    ctx.require_post(CUSTODIANS, unit.centre)
    known = _out(ctx, unit, command.copy_)
    require_after(ctx, unit, known.updated_at)
    return (e.CopyRecalled(copy_no=command.copy_, **ctx.facts),)


def _out(ctx: Context, unit: Unit, copy: str) -> CopyRow:
    known = unit.copies.get(copy)
    if known is None:
        raise errors.UnknownCopy(copy)
    ctx.require(known.recalled_at is None, errors.CopyRecalledAlready(copy))
    require_after(ctx, unit, known.issued_at)
    return known
