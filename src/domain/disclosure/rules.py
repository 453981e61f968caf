"""Decides a request for clear values: an event either way, so that nothing is asked unrecorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from .. import errors, posts
from ..complaint.state import Case
from ..context import Context
from ..streams import CENTRE, COMPLAINT, GLASS, MATRIX, PARCEL, PERMIT, UNIT, Find, Kind
from . import events as e
from .commands import About, BreakGlass, Disclose, GlassCommand, ReviewGlass
from .glass import Glass
from .judging import Reason, Scope, is_open, refusal

KINDS: dict[str, Kind[Any]] = {
    "unit": UNIT,
    "complaint": COMPLAINT,
    "permit": PERMIT,
    "parcel": PARCEL,
}
UNKNOWN = {
    "unit": errors.UnknownUnit,
    "complaint": errors.UnknownComplaint,
    "permit": errors.UnknownPermit,
    "parcel": errors.UnknownParcel,
}
REVIEWERS = frozenset({"data_custodian"})


class Refused(NamedTuple):
    """A field that is denied, and why."""

    field: str
    reason: Reason


def decide(command: Disclose, ctx: Context, find: Find) -> e.AccessEvent:
    """Return what was disclosed or denied; as a whole, so one refused field denies the request.

    Raises ``UnknownUnit`` and its like for what is not in the register: there is no data to show.
    """
    case = _case(command, find)
    concerned = [_concerned(about, find) for about in command.ask.about]
    version, _ = find(MATRIX).in_force(ctx.at)
    facts: dict[str, Any] = {
        "about": tuple(concerned),
        "fields_asked": command.ask.asked,
        "purpose": command.ask.purpose,
        "complaint": case.id if case else None,
        "open_case": is_open(case),
        "matrix": version,
        "origin": command.ask.origin,
        "request": command.ask.request,
        **ctx.facts,
    }
    glass = find(GLASS, command.ask.glass) if command.ask.glass else None
    if glass and all(glass.opens(ctx.actor.person, one, ctx.at) for one in concerned):
        return e.DataDisclosed(glass=glass.id, **facts)
    refused = list(dict.fromkeys(_refused(command, concerned, case, ctx, find)))
    if not refused:
        return e.DataDisclosed(**facts)
    fields = tuple(dict.fromkeys(one.field for one in refused))
    return e.DataDenied(reason=refused[0].reason, refused=fields, **facts)


def _case(command: Disclose, find: Find) -> Case | None:
    """Return the case it is needed for: the one named, or the only one whose data is asked for."""
    asked = [about.id for about in command.ask.about if about.kind == "complaint"]
    id = command.ask.complaint or (asked[0] if len(asked) == 1 else None)
    return _known("complaint", id, find) if id else None


def _known(kind: str, id: str, find: Find) -> Any:  # noqa: ANN401  one of four states
    state = find(KINDS[kind], id)
    if state is None:
        raise UNKNOWN[kind](id)
    return state


def _concerned(about: About, find: Find) -> e.Concerned:
    state = _known(about.kind, about.id, find)
    unit = about.id if about.kind == "unit" else state.unit
    return e.Concerned(kind=about.kind, id=about.id, centre=state.centre, unit=unit)


def _refused(
    command: Disclose, concerned: list[e.Concerned], case: Case | None, ctx: Context, find: Find
) -> Iterator[Refused]:
    roster = ctx.organisation.roster
    left = ctx.actor.person is not None and roster.has_left(ctx.actor.account, ctx.at)
    _, grants = find(MATRIX).in_force(ctx.at)
    for one in concerned:
        scope = _scope(one, case, find)
        for field in command.ask.asked:
            if left:
                yield Refused(field, "left")
            elif reason := refusal(grants, ctx.actor, field, command.ask.purpose, scope):
                yield Refused(field, reason)


def _scope(one: e.Concerned, case: Case | None, find: Find) -> Scope:
    own = find(COMPLAINT, one.id) if one.kind == "complaint" else case
    area = find(CENTRE, one.centre).areas.get(one.unit) if one.unit else None
    return Scope(one.centre, one.unit, area.person if area else None, own)


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
    concerned = _concerned(command.about, find)
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
