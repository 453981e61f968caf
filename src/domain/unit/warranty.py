"""Decisions on defects, of the warranty's eight kinds or the design (domain section 4, [001])."""

from __future__ import annotations

from .. import errors, posts
from ..context import Context
from . import commands as c
from . import events as e
from .guards import Decided, require_after
from .standing import DefectRow
from .state import Unit

FIXERS = posts.OFFICE | {"technician"}
"""Who reports and follows a repair: the office, and technicians [004: 维修部上门查看]."""


def report(unit: Unit, command: c.ReportDefect, ctx: Context) -> Decided:
    """Report a defect; one of the design was looked into and comes with evidence [001]."""
    ctx.require_post(FIXERS, unit.centre)
    require_after(ctx, unit, unit.registered_at)
    if command.defect in unit.defects:
        raise errors.DuplicateDefect(command.defect)
    evidence = ctx.refs.get("evidence")
    ctx.require(evidence or not command.design, errors.EvidenceMissing(command.defect))
    reported = e.DefectReported(
        defect=command.defect,
        kind=command.kind,
        where=command.where,
        design=command.design,
        evidence=evidence,
        text=ctx.refs["text"],
        complaint=command.complaint,
        **ctx.facts,
    )
    return (reported,)


def notify_builder(unit: Unit, command: c.NotifyBuilder, ctx: Context) -> Decided:
    """Tell the builder in writing; a second letter follows a repair that was not accepted."""
    ctx.require_post(posts.OFFICE, unit.centre)
    _undone(ctx, unit, command.defect)
    return (e.BuilderNotified(defect=command.defect, letter=command.letter, **ctx.facts),)


def finish(unit: Unit, command: c.FinishDefect, ctx: Context) -> Decided:
    """Record the repair; inside the warranty the builder was told of it before [004]."""
    ctx.require_post(FIXERS, unit.centre)
    known = _undone(ctx, unit, command.defect)
    told = known.notified_at or known.where == "outside"
    ctx.require(told, errors.BuilderNotNotified(command.defect))
    return (e.DefectFinished(defect=command.defect, **ctx.facts),)


def verify(unit: Unit, command: c.VerifyDefect, ctx: Context) -> Decided:
    """Say whether the repair is accepted; by the office, which answers to the customer [004]."""
    ctx.require_post(posts.OFFICE, unit.centre)
    known = _known(unit, command.defect)
    ctx.require(known.status == "finished", errors.DefectNotFinished(command.defect))
    require_after(ctx, unit, known.reported_at, known.finished_at)
    verified = e.DefectVerified(defect=command.defect, accepted=command.accepted, **ctx.facts)
    return (verified,)


def _undone(ctx: Context, unit: Unit, defect: str) -> DefectRow:
    """Return a defect to be put right, after its last letter and the last repair not accepted."""
    known = _known(unit, defect)
    ctx.require(known.finished_at is None, errors.DefectFinishedAlready(defect))
    require_after(ctx, unit, known.reported_at, known.notified_at, known.sent_back_at)
    return known


def _known(unit: Unit, defect: str) -> DefectRow:
    if defect not in unit.defects:
        raise errors.UnknownDefect(defect)
    return unit.defects[defect]
