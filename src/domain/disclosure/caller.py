"""Decides the look-up of a caller by telephone number: masks, and an event of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..context import Context
from ..matrix import Purpose
from ..streams import COMPLAINT, MATRIX, PARCEL, UNIT, Find
from . import events as e
from .commands import About, LookUp
from .judging import Reason, refusal
from .rules import concerning, scope_of
from .trail import Trail

LOOK_UPS_AN_HOUR = 60
"""Numbers one account may look up in an hour: enough for a desk, too few to try numbers."""

PURPOSE: Purpose = "callback"


def look_up(trail: Trail | None, command: LookUp, ctx: Context, find: Find) -> e.AccessEvent | None:
    """Return what is found of the actor's own centre and shown to the post, or the denial."""
    version, grants = find(MATRIX).in_force(ctx.at)
    facts: dict[str, Any] = {
        "fields_asked": ("phone",),
        "purpose": PURPOSE,
        "matrix": version,
        "origin": command.origin,
        "request": command.request,
        **ctx.facts,
    }
    reason = _refusal(trail, ctx, find)
    if reason is None:
        found = (
            one
            for one in _found(command, ctx, find)
            if refusal(grants, ctx.actor, "name", PURPOSE, scope_of(one, None, ctx, find)) is None
        )
        return e.PhoneLookedUp(about=tuple(found), **facts)
    if reason == command.counted:
        return None
    return e.DataDenied(about=(), reason=reason, refused=("phone",), **facts)


def _refusal(trail: Trail | None, ctx: Context, find: Find) -> Reason | None:
    if ctx.actor.person and ctx.organisation.roster.has_left(ctx.actor.account, ctx.at):
        return "left"
    _, grants = find(MATRIX).in_force(ctx.at)
    named = (grant for grant in grants if PURPOSE in grant.purposes and "name" in grant.fields)
    if not any(ctx.actor.post in grant.posts for grant in named):
        return "not_granted"
    many = trail is not None and trail.look_ups(ctx.at) >= LOOK_UPS_AN_HOUR
    return "too_many" if many else None


def _found(command: LookUp, ctx: Context, find: Find) -> Iterator[e.Concerned]:
    """Yield those of today: homes with the resident found, cases, parcels."""
    for subject in command.subjects:
        kind, _, id = subject.partition(":")
        if kind == "resident":
            unit, _, resident = id.rpartition("/")
            home = find(UNIT, unit)
            if home and home.lives_here(resident):
                one = concerning(About(kind="unit", id=unit), ctx, find)
                yield one.model_copy(update={"residents": (resident,), "family": ()})
        elif kind == "complaint" and find(COMPLAINT, id):
            yield concerning(About(kind="complaint", id=id), ctx, find)
        elif kind == "parcel" and find(PARCEL, id):
            yield concerning(About(kind="parcel", id=id), ctx, find)
