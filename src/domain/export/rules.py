"""Decides on exports in clear: two persons, once, and only what the matrix shows to who asks."""

from __future__ import annotations

from .. import errors, posts
from ..context import Context
from ..disclosure.commands import About
from ..disclosure.events import Concerned
from ..disclosure.judging import refusal
from ..disclosure.rules import concerning, is_restricted, scope_of
from ..privacy.state import subject_of_resident
from ..streams import MATRIX, Find
from . import commands as c
from . import events as e
from .state import Export

CUSTODIANS = frozenset({"data_custodian"})


def decide(
    export: Export | None, command: c.ExportCommand, ctx: Context, find: Find
) -> e.ExportEvent:
    """Return the event of a command; raises ``Rejected``."""
    if isinstance(command, c.RequestExport):
        ctx.require(export is None, errors.DuplicateExport(command.export))
        return _request(command, ctx, find)
    if export is None:
        raise errors.UnknownExport(command.export)
    match command:
        case c.ApproveExport():
            ctx.require_post(posts.HEAD, export.centre)
            ctx.require(not export.approved, errors.ExportApprovedAlready(command.export))
            same = ctx.actor.person == export.request.person
            ctx.require(not same, errors.OneApprover(command.export))
            return e.ExportApproved(centre=export.centre, **ctx.facts)
        case c.ReleaseExport():
            return _release(export, command, ctx, find)
        case c.DestroyExport():
            ctx.require_post(CUSTODIANS | posts.HEAD, export.centre)
            ctx.require(export.released, errors.ExportNotReleased(command.export))
            ctx.require(not export.destroyed, errors.ExportDestroyedAlready(command.export))
            return e.ExportDestroyed(centre=export.centre, **ctx.facts)
        case _:
            raise TypeError(command.do)


def _request(command: c.RequestExport, ctx: Context, find: Find) -> e.ExportRequested:
    ctx.require_post(CUSTODIANS, command.centre)
    _concerned(command, ctx, find)
    return e.ExportRequested(
        centre=command.centre,
        units=command.units,
        fields_asked=command.fields_asked,
        purpose=command.purpose,
        **ctx.facts,
    )


def _release(
    export: Export, command: c.ReleaseExport, ctx: Context, find: Find
) -> e.ExportReleased:
    """Return what is written: whoever asked writes it, judged by the matrix of this moment."""
    request = export.request
    ctx.require_post(CUSTODIANS, export.centre)
    ctx.require(ctx.actor.person == request.person, errors.OthersExport(command.export))
    ctx.require(export.approved, errors.ExportNotApproved(command.export))
    ctx.require(not export.released, errors.ExportReleasedAlready(command.export))
    version, _ = find(MATRIX).in_force(ctx.at)
    return e.ExportReleased(
        centre=export.centre,
        about=_concerned(request, ctx, find),
        fields_asked=request.fields_asked,
        purpose=request.purpose,
        matrix=version,
        **ctx.facts,
    )


def _concerned(
    asked: c.RequestExport | e.ExportRequested, ctx: Context, find: Find
) -> tuple[Concerned, ...]:
    """Return whose data it is, without those whose data is restricted; raises ``Rejected``."""
    _, grants = find(MATRIX).in_force(ctx.at)
    found: list[Concerned] = []
    for id in asked.units:
        one = concerning(About(kind="unit", id=id), ctx, find)
        ctx.require(one.centre == asked.centre, errors.UnitOfOtherCentre(id))
        free = {
            name: tuple(who for who in getattr(one, name) if not _restricted(id, who, find))
            for name in ("residents", "family")
        }
        found.append(one.model_copy(update=free))
        scope = scope_of(found[-1], None, ctx, find)
        for field in asked.fields_asked:
            reason = refusal(grants, ctx.actor, field, asked.purpose, scope)
            ctx.require(reason is None, errors.NotGranted(reason or ""))
    return tuple(found)


def _restricted(unit: str, resident: str, find: Find) -> bool:
    return is_restricted(subject_of_resident(unit, resident), find)
