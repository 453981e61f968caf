"""Decides what happens to a person's data: two persons erase it, a hold keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import errors, posts
from ..context import Context
from ..streams import COMPLAINT, UNIT, Find
from ..unit.state import Unit
from . import commands as c
from . import events as e
from .state import Privacy, subject_of_case

CUSTODIANS = frozenset({"data_custodian"})

Decided = Iterator[tuple[str, e.PrivacyEvent]]
"""Events with the key whose data they bind."""


def decide(state: Privacy | None, command: c.PrivacyCommand, ctx: Context, find: Find) -> Decided:
    """Yield what follows from a command; raises ``Rejected``."""
    home = find(UNIT, command.unit)
    if home is None:
        raise errors.UnknownUnit(command.unit)
    past = {row.resident for row in home.past_residents}
    if command.resident not in home.residents.keys() | past:
        raise errors.UnknownResident(command.resident)
    known = state or Privacy(home.centre, ctx.recorded_at)
    match command:
        case c.RequestErasure():
            yield command.holder, _request(known, home, command, ctx, find)
        case c.EraseResident():
            yield from _erase(known, home, command, ctx, find)
        case c.PlaceLegalHold():
            ctx.require_post(posts.HEAD | CUSTODIANS, home.centre)
            ctx.require(not known.held, errors.HeldAlready(command.holder))
            facts = _facts(command, home, ctx)
            yield command.holder, e.HoldPlaced(reason=ctx.refs["reason"], **facts)
        case c.LiftLegalHold():
            ctx.require_post(posts.HEAD, home.centre)
            ctx.require(known.held, errors.NotHeld(command.holder))
            yield command.holder, e.HoldLifted(**_facts(command, home, ctx))
        case _:
            raise TypeError(command.do)


def _facts(command: c.PrivacyCommand, home: Unit, ctx: Context) -> dict[str, Any]:
    about = {"unit": command.unit, "resident": command.resident, "centre": home.centre}
    return {**about, **ctx.facts}


def _request(
    known: Privacy, home: Unit, command: c.RequestErasure, ctx: Context, find: Find
) -> e.ErasureRequested:
    ctx.require_post(CUSTODIANS, home.centre)
    ctx.require(known.request is None, errors.ErasureRequestedAlready(command.holder))
    for id in command.complaints:
        case = find(COMPLAINT, id)
        if case is None:
            raise errors.UnknownComplaint(id)
        ctx.require(case.unit in (None, home.id), errors.CaseOfOtherUnit(id))
        ctx.require(case.centre == home.centre, errors.OtherCentre(home.centre))
    facts = _facts(command, home, ctx)
    return e.ErasureRequested(complaints=command.complaints, **facts)


def _erase(
    known: Privacy, home: Unit, command: c.EraseResident, ctx: Context, find: Find
) -> Decided:
    """Yield one event for the person's key and one for each case's; a held one restricts all."""
    ctx.require_post(posts.HEAD, home.centre)
    if known.request is None:
        raise errors.ErasureNotRequested(command.holder)
    ctx.require(ctx.actor.person != known.request.person, errors.OneApprover(command.holder))
    made = e.DataRestricted if known.held else e.DataErased
    cases = [subject_of_case(id) for id in known.request.complaints]
    found = (s for s in ctx.same_contact(command.holder) if _is_of(s, home, find))
    for subject in dict.fromkeys((command.holder, *cases, *found)):
        yield subject, made(subject=subject, **_facts(command, home, ctx))


def _is_of(subject: str, home: Unit, find: Find) -> bool:
    """Return whether a key of the same contact is that of a case of the home."""
    kind, _, id = subject.partition(":")
    case = find(COMPLAINT, id) if kind == "complaint" else None
    return case is not None and case.unit == home.id
