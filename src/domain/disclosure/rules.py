"""Decides a request for clear values: an event either way, so that nothing is asked unrecorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .. import errors
from ..complaint.state import Case
from ..context import Context
from ..matrix import Grant
from ..messages import Event
from ..privacy.state import subject_of_case, subject_of_resident
from ..streams import (
    CENTRE,
    COMPLAINT,
    GLASS,
    KEY,
    MATRIX,
    PARCEL,
    PERMIT,
    PRIVACY,
    UNIT,
    Find,
    Kind,
)
from ..unit.state import Unit
from . import events as e
from .commands import About, CountDenials, Disclose
from .judging import Reason, Scope, is_open, refusal

KINDS: dict[str, Kind[Any]] = {
    "unit": UNIT,
    "complaint": COMPLAINT,
    "permit": PERMIT,
    "parcel": PARCEL,
    "key": KEY,
    "glass": GLASS,
}


class Refused(NamedTuple):
    """A field that is denied, and why."""

    field: str
    reason: Reason


def counted(command: CountDenials, ctx: Context) -> e.DenialsCounted:
    """Return the event of a window's denials: the first one's facts, and how many followed."""
    denied = e.DataDenied.from_bytes(command.denial.encode())
    asked = {name: getattr(denied, name) for name in (*_ASKED, "reason", "refused")}
    return e.DenialsCounted(**asked, count=command.count, first_at=command.first_at, **ctx.facts)


_ASKED = tuple(set(e.AccessEvent.model_fields) - set(Event.model_fields))


def answer(command: Disclose, ctx: Context, find: Find) -> e.AccessEvent | None:
    """Return what was disclosed or denied; as a whole, so one refused field denies the request.

    None is a denial that is only counted.
    Raises ``UnknownUnit`` and its like for what is not in the register: there is no data to show.
    """
    ask = command.ask
    case = _case(command, find)
    concerned = tuple(concerning(about, ctx, find) for about in ask.about)
    version, grants = find(MATRIX).in_force(ctx.at)
    facts: dict[str, Any] = {
        "about": concerned,
        "fields_asked": ask.asked,
        "purpose": ask.purpose,
        "complaint": case.id if case else None,
        "open_case": is_open(case),
        "matrix": version,
        "origin": ask.origin,
        "request": ask.request,
        **ctx.facts,
    }
    refused = list(dict.fromkeys(_refused(command, concerned, grants, ctx, find)))
    if not refused:
        return e.DataDisclosed(**facts)
    if _glass_opens(command, concerned, ctx, find) and not _ended(refused):
        return e.DataDisclosed(glass=ask.glass, **facts)
    if refused[0].reason == command.counted:
        return None
    fields = tuple(dict.fromkeys(one.field for one in refused))
    return e.DataDenied(reason=refused[0].reason, refused=fields, glass=ask.glass, **facts)


def _ended(refused: list[Refused]) -> bool:
    """Return whether even a broken glass opens nothing: the person left, or a hold restricts it."""
    return any(one.reason in {"left", "restricted"} for one in refused)


def _glass_opens(
    command: Disclose, concerned: tuple[e.Concerned, ...], ctx: Context, find: Find
) -> bool:
    glass = find(GLASS, command.ask.glass) if command.ask.glass else None
    return glass is not None and all(
        glass.opens(ctx.actor.person, one, ctx.at) for one in concerned
    )


def _case(command: Disclose, find: Find) -> Case | None:
    """Return the case it is needed for: the one named, or the only one whose data is asked for."""
    asked = [about.id for about in command.ask.about if about.kind == "complaint"]
    id = command.ask.complaint or (asked[0] if len(asked) == 1 else None)
    return _known("complaint", id, find) if id else None


def _known(kind: str, id: str, find: Find) -> Any:  # noqa: ANN401  one of several states
    unknown = {
        "unit": errors.UnknownUnit,
        "complaint": errors.UnknownComplaint,
        "permit": errors.UnknownPermit,
        "parcel": errors.UnknownParcel,
        "key": errors.UnknownKey,
        "glass": errors.UnknownGlass,
    }
    state = find(KINDS[kind], id)
    if state is None:
        refusal = unknown[kind]
        raise refusal(id)
    return state


def concerning(about: About, ctx: Context, find: Find) -> e.Concerned:
    """Return whose data it is; raises ``UnknownUnit`` and its like."""
    if about.kind == "centre":
        if about.id not in ctx.organisation.roster.centres:
            raise errors.UnknownCentre(about.id)
        return e.Concerned(kind=about.kind, id=about.id, centre=about.id)
    state = _known(about.kind, about.id, find)
    unit = about.id if about.kind == "unit" else state.unit
    people = _people(state) if isinstance(state, Unit) else {}
    return e.Concerned(kind=about.kind, id=about.id, centre=state.centre, unit=unit, **people)


def _people(home: Unit) -> dict[str, tuple[str, ...]]:
    """Return who lives in the home now, its owner last, and their families.

    A former resident's data is shown no more.
    """
    present = [row for row in home.residents.values() if row.until is None]
    present.sort(key=lambda row: (row.role == "owner", row.since))
    return {
        "residents": tuple(row.resident for row in present if row.role != "family"),
        "family": tuple(row.resident for row in present if row.role == "family"),
    }


def _refused(
    command: Disclose,
    concerned: tuple[e.Concerned, ...],
    grants: tuple[Grant, ...],
    ctx: Context,
    find: Find,
) -> Iterator[Refused]:
    roster = ctx.organisation.roster
    left = ctx.actor.person is not None and roster.has_left(ctx.actor.account, ctx.at)
    for one in concerned:
        scope = scope_of(one, _case(command, find), ctx, find)
        for field in command.ask.asked:
            if left:
                yield Refused(field, "left")
            elif reason := refusal(grants, ctx.actor, field, command.ask.purpose, scope):
                yield Refused(field, reason)


def scope_of(one: e.Concerned, named: Case | None, ctx: Context, find: Find) -> Scope:
    """Return what conditions look at when data is asked for, for the case named."""
    own = find(COMPLAINT, one.id) if one.kind == "complaint" else named
    area = find(CENTRE, one.centre).areas.get(one.unit) if one.unit else None
    return Scope(
        centre=one.centre,
        steward=area.person if area else None,
        case=own,
        foreign=_is_foreign(one, named, ctx),
        restricted=any(is_restricted(subject, find) for subject in _subjects(one)),
    )


def _is_foreign(one: e.Concerned, named: Case | None, ctx: Context) -> bool:
    """Return whether a case is named that is not the one asked about, of its home or contact."""
    if named is None:
        return False
    if one.kind == "complaint":
        return named.id != one.id
    if one.unit is None or named.unit == one.unit:
        return False
    theirs = (ctx.same_contact(subject) for subject in _subjects(one))
    return named.unit is not None or not any(subject_of_case(named.id) in s for s in theirs)


def is_restricted(subject: str, find: Find) -> bool:
    """Return whether a hold lets this data be shown for legal purposes alone."""
    known = find(PRIVACY, subject)
    return known is not None and known.restricted


def _subjects(one: e.Concerned) -> Iterator[str]:
    """Yield those whose data it is, by the names of their keys."""
    yield f"{one.kind}:{one.id}"
    for resident in (*one.residents, *one.family):
        yield subject_of_resident(one.id, resident)
