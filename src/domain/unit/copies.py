"""Decisions on numbered paper copies of a household's data (domain section 4, [000])."""

from __future__ import annotations

from .. import errors
from ..context import Context
from . import commands as c
from . import events as e
from .guards import CUSTODIANS, Decided, require_after, require_reader
from .standing import CopyRow
from .state import Unit


def issue(unit: Unit, command: c.IssuePaperCopy, ctx: Context) -> Decided:
    """Hand a copy to somebody of the centre; its number is used once in a centre."""
    ctx.require_post(CUSTODIANS, unit.centre)
    require_after(ctx, unit, unit.registered_at)
    if command.copy_ in ctx.centre.copies:
        raise errors.DuplicateCopy(command.copy_)
    holder = require_reader(ctx, unit, command.to)
    issued = e.CopyIssued(
        copy_no=command.copy_,
        to=command.to,
        to_person=str(holder.person),
        to_post=holder.post,
        **ctx.facts,
    )
    return (issued,)


def replace_pages(unit: Unit, command: c.ReplaceCopyPages, ctx: Context) -> Decided:
    """Replace the pages whose data changed; whoever keeps the copy may do it too [000]."""
    known = _known(unit, command.copy_)
    if ctx.actor.person != known.person:
        ctx.require_post(CUSTODIANS, unit.centre)
    ctx.require(ctx.actor.acts_in(unit.centre), errors.OtherCentre(unit.centre))
    still = known.recalled_at is None or ctx.at <= known.recalled_at
    ctx.require(still, errors.CopyRecalledAlready(command.copy_))
    require_after(ctx, unit, known.issued_at)
    pages = tuple(dict.fromkeys(command.pages))
    return (e.CopyPagesReplaced(copy_no=command.copy_, pages=pages, **ctx.facts),)


def recall(unit: Unit, command: c.RecallPaperCopy, ctx: Context) -> Decided:
    """Take a copy back, as whenever its holder moves to another post or leaves [000]."""
    ctx.require_post(CUSTODIANS, unit.centre)
    known = _known(unit, command.copy_)
    ctx.require(known.recalled_at is None, errors.CopyRecalledAlready(command.copy_))
    require_after(ctx, unit, known.updated_at)
    return (e.CopyRecalled(copy_no=command.copy_, **ctx.facts),)


def _known(unit: Unit, copy: str) -> CopyRow:
    if copy not in unit.copies:
        raise errors.UnknownCopy(copy)
    return unit.copies[copy]
