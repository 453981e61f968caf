"""Decisions on the documents of a household's file (domain section 4)."""

from __future__ import annotations

from .. import errors
from ..context import Context
from . import commands as c
from . import events as e
from .guards import Decided, require_after, require_keeper, require_reader
from .standing import DocumentRow
from .state import Unit


def file(unit: Unit, command: c.FileDocument, ctx: Context) -> Decided:
    """File a document; a newer version takes the place of one that is in the file."""
    require_keeper(ctx, unit)
    known = unit.documents.get(command.document)
    if known:
        ctx.require(known.kind == command.kind, errors.DocumentKindDiffers(command.document))
        ctx.require(known.status == "filed", errors.DocumentOut(command.document))
        require_after(ctx, unit, known.since)
    return (e.DocumentFiled(document=command.document, kind=command.kind, **ctx.facts),)


def copy(unit: Unit, command: c.CopyDocument, ctx: Context) -> Decided:
    """Hand out a copy; the original may be read and copied on the spot and stays [003]."""
    require_keeper(ctx, unit)
    _known(unit, command.document)
    places = [one.row for one in unit.places[command.document] if one.row.since <= ctx.at]
    ctx.require(places, errors.OutOfOrder(unit.id))
    there = not places or places[-1].status == "filed"
    ctx.require(there, errors.DocumentOut(command.document))
    reader = require_reader(ctx, unit, command.to)
    copied = e.DocumentCopied(
        document=command.document, to=command.to, to_person=str(reader.person), **ctx.facts
    )
    return (copied,)


def borrow(unit: Unit, command: c.BorrowDocument, ctx: Context) -> Decided:
    """Lend a document; the file is controlled, so a head of the centre signs [004]."""
    require_keeper(ctx, unit)
    known = _known(unit, command.document)
    ctx.require(known.status == "filed", errors.DocumentOut(command.document))
    require_after(ctx, unit, known.since)
    signed = ctx.signed_by_head(command.signed_by, unit.centre)
    ctx.require(signed, errors.SignatureMissing(command.document))
    ctx.require(command.due_back > ctx.at, errors.DueBackPassed(command.document))
    borrower = require_reader(ctx, unit, command.borrower)
    policy, _ = ctx.organisation.policies.binding(ctx.at, ctx.recorded_at)
    borrowed = e.DocumentBorrowed(
        document=command.document,
        borrower=command.borrower,
        borrower_person=str(borrower.person),
        signed_by=command.signed_by,
        due_back=command.due_back,
        policy=policy,
        **ctx.facts,
    )
    return (borrowed,)


def take_back(unit: Unit, command: c.ReturnDocument, ctx: Context) -> Decided:
    """Put a borrowed document, or one found again, back into the file."""
    require_keeper(ctx, unit)
    known = _known(unit, command.document)
    ctx.require(known.status != "filed", errors.DocumentNotOut(command.document))
    require_after(ctx, unit, known.since)
    return (e.DocumentReturned(document=command.document, **ctx.facts),)


def report_missing(unit: Unit, command: c.ReportDocumentMissing, ctx: Context) -> Decided:
    """Record that a document is not where it should be, in the file or with its borrower."""
    require_keeper(ctx, unit)
    known = _known(unit, command.document)
    ctx.require(known.status != "missing", errors.DocumentMissingAlready(command.document))
    require_after(ctx, unit, known.since)
    return (e.DocumentMissing(document=command.document, **ctx.facts),)


def _known(unit: Unit, document: str) -> DocumentRow:
    if document not in unit.documents:
        raise errors.UnknownDocument(document)
    return unit.documents[document]
