"""The aggregates people work on, each as the application sees it: which commands it takes, how it
decides them, and how its events are completed with the rows they changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from . import complaint, errors, key, parcel, permit, unit
from .complaint.commands import CaseCommand, ReceiveComplaint
from .complaint.rows import complete
from .complaint.state import Case
from .context import Context
from .disclosure import rules as disclosure
from .disclosure.commands import Disclose, GlassCommand
from .disclosure.glass import Glass
from .disclosure.glass import complete as complete_glass
from .messages import Command, Event
from .permit.commands import PermitCommand
from .permit.rows import complete as complete_permit
from .permit.state import Permit
from .policy import Policies
from .streams import (
    ACCESS,
    CENTRE,
    COMPLAINT,
    GLASS,
    KEY,
    PARCEL,
    PERMIT,
    UNIT,
    Find,
    Kind,
)
from .unit.commands import HandOverUnit, IssuePaperCopy, UnitCommand
from .unit.rows import complete as complete_unit
from .unit.state import Unit
from .workdays import Counting


class State(Protocol):
    """What every aggregate's state tells."""

    @property
    def centre(self) -> str:
        """The service centre it belongs to."""
        ...

    @property
    def recorded_at(self) -> datetime:
        """When the register last learned of it."""
        ...


Decided = Iterator[tuple[Kind[Any], str, Event]]
"""Events with the streams they join, in order."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An aggregate: ``id_field`` names the field by which its commands name it."""

    kind: Kind[Any]
    commands: type[Command]
    id_field: str
    decide: Callable[[Any, Any, Context, Find], Decided]
    complete: Callable[[Any, Any, str, Policies, Counting], Event]

    def id_of(self, command: Command) -> str:
        """Return which aggregate the command is about."""
        found: str = getattr(command, self.id_field)
        return found


def _decide_complaint(case: Case | None, command: CaseCommand, ctx: Context, find: Find) -> Decided:
    group = _group(case, getattr(command, "into", None), find)
    for id, event in complaint.decide(case, command, ctx, group):
        yield COMPLAINT, id, event
    if isinstance(command, ReceiveComplaint):
        yield CENTRE, command.centre, ctx.centre.next_number(command.complaint, ctx.facts)


def _group(case: Case | None, into: str | None, find: Find) -> dict[str, Case]:
    """Return the cases merged with this one, or about to be, without itself."""
    if case is None:
        return {}
    survivor = into or case.merged_into or case.id
    found = {survivor: find(COMPLAINT, survivor)}
    for member in (found[survivor] or case).members:
        found[member] = find(COMPLAINT, member)
    return {id: other for id, other in found.items() if other and id != case.id}


def _decide_permit(found: Permit | None, command: PermitCommand, ctx: Context, _: Find) -> Decided:
    for event in permit.decide(found, command, ctx):
        yield PERMIT, command.permit, event


def _decide_key(
    known: key.Key | None, command: key.KeyCommand, ctx: Context, find: Find
) -> Decided:
    occasions: list[str] = []
    if isinstance(command, key.LendKey):
        occasions = [*_occasions(command, find)]
    yield KEY, command.key, key.decide(known, command, ctx, occasions)
    if isinstance(command, key.ReceiveKey):
        yield CENTRE, command.centre, ctx.centre.listed(command.key, ctx.facts)


def _occasions(command: key.LendKey, find: Find) -> Iterator[str]:
    """Yield the centres of the permit and the case that a key is lent for."""
    if command.permit:
        renovation = find(PERMIT, command.permit)
        if renovation is None:
            raise errors.UnknownPermit(command.permit)
        yield renovation.centre
    if command.complaint:
        case = find(COMPLAINT, command.complaint)
        if case is None:
            raise errors.UnknownComplaint(command.complaint)
        yield case.centre


def _decide_parcel(
    known: parcel.Parcel | None, command: parcel.ParcelCommand, ctx: Context, _: Find
) -> Decided:
    yield PARCEL, command.parcel, parcel.decide(known, command, ctx)


def _decide_unit(home: Unit | None, command: UnitCommand, ctx: Context, find: Find) -> Decided:
    if isinstance(command, HandOverUnit) and home:
        yield from _keys_issued(home, command, ctx, find)
    for event in unit.decide(home, command, ctx):
        yield UNIT, command.unit, event
    if isinstance(command, IssuePaperCopy) and home:
        yield CENTRE, home.centre, ctx.centre.copy_listed(command.copy_, ctx.facts)


def _keys_issued(home: Unit, command: HandOverUnit, ctx: Context, find: Find) -> Decided:
    """Yield the issue of each key and card of a handover, decided by the key's own rules."""
    owner = home.owner.resident if home.owner else ""
    kinds = dict.fromkeys(command.cards, "card") | dict.fromkeys(command.keys, "door")
    for id, kind in kinds.items():
        known = find(KEY, id)
        issue = key.IssueKey(key=id, resident=owner, signature=command.confirmation)
        issued = key.decide(known, issue, ctx, ())
        if known:
            ctx.require(known.unit == home.id, errors.KeyOfOtherUnit(id))
            ctx.require(known.kind == kind, errors.KeyKindDiffers(id))
        yield KEY, id, issued


def _decide_access(_: None, command: Disclose, ctx: Context, find: Find) -> Decided:
    yield ACCESS, command.trail, disclosure.decide(command, ctx, find)


def _decide_glass(found: Glass | None, command: GlassCommand, ctx: Context, find: Find) -> Decided:
    yield GLASS, command.glass, disclosure.decide_glass(found, command, ctx, find)


def _as_it_is(_: None, event: Event, __: str, ___: Policies, ____: Counting) -> Event:
    return event


SUBJECTS = (
    Subject(COMPLAINT, CaseCommand, "complaint", _decide_complaint, complete),
    Subject(PERMIT, PermitCommand, "permit", _decide_permit, complete_permit),
    Subject(KEY, key.KeyCommand, "key", _decide_key, key.complete),
    Subject(PARCEL, parcel.ParcelCommand, "parcel", _decide_parcel, parcel.complete),
    Subject(ACCESS, Disclose, "trail", _decide_access, _as_it_is),
    Subject(GLASS, GlassCommand, "glass", _decide_glass, complete_glass),
    Subject(UNIT, UnitCommand, "unit", _decide_unit, complete_unit),
)


def subject_of(command: Command) -> Subject | None:
    """Return the aggregate a command is about, None for the organisation's own."""
    return next((s for s in SUBJECTS if isinstance(command, s.commands)), None)


def subject_named(kind: str) -> Subject | None:
    """Return the aggregate whose streams are of this kind."""
    return next((s for s in SUBJECTS if s.kind.name == kind), None)
