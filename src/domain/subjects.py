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
from .complaint.orders.commands import OpenWorkOrder
from .complaint.rows import complete
from .complaint.state import Case
from .context import Context
from .disclosure import rules as disclosure
from .disclosure.breaking import decide_glass
from .disclosure.caller import look_up
from .disclosure.commands import AccessCommand, CountDenials, Disclose, GlassCommand, LookUp
from .disclosure.glass import Glass
from .disclosure.glass import complete as complete_glass
from .disclosure.trail import Trail
from .export import rules as export
from .export.commands import ExportCommand
from .export.state import Export
from .key.commands import IssueKey, KeyCommand, OccasionCommand, ReceiveKey
from .key.rows import complete as complete_key
from .key.state import Key
from .messages import Command, Event
from .parcel.commands import ParcelCommand, RegisterParcel
from .parcel.rows import complete as complete_parcel
from .parcel.state import Parcel
from .permit.commands import ApplyForPermit, PermitCommand
from .permit.rows import complete as complete_permit
from .permit.state import Permit
from .policy import Policies
from .privacy import rules as privacy
from .privacy.commands import PrivacyCommand
from .privacy.state import Privacy, subject_of_resident
from .streams import (
    ACCESS,
    CENTRE,
    COMPLAINT,
    EXPORT,
    GLASS,
    KEY,
    PARCEL,
    PERMIT,
    PRIVACY,
    UNIT,
    Find,
    Kind,
)
from .unit.commands import HandOverUnit, HouseholdCommand, IssuePaperCopy, ReportDefect, UnitCommand
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


def _its_own(_: Command) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Subject:
    """An aggregate: ``id_field`` names the field by which its commands name it.

    ``complete`` returns the event with the rows that it changed, and the state after it. ``holder``
    tells by whose key a command's secrets are sealed, where it is not the aggregate's.
    """

    kind: Kind[Any]
    commands: type[Command]
    id_field: str
    decide: Callable[[Any, Any, Context, Find], Decided]
    complete: Callable[[Any, Any, str, Policies, Counting], tuple[Event, Any]]
    holder: Callable[[Any], str | None] = _its_own

    def id_of(self, command: Command) -> str:
        """Return which aggregate the command is about."""
        found: str = getattr(command, self.id_field)
        return found

    def key_of(self, command: Command) -> str:
        """Return the name of the key that seals the command's secrets."""
        return self.holder(command) or self.kind.stream(self.id_of(command))


def _decide_complaint(case: Case | None, command: CaseCommand, ctx: Context, find: Find) -> Decided:
    if isinstance(command, ReceiveComplaint):
        _require_home(command.unit, command.centre, ctx, find)
    group = _group(case, getattr(command, "into", None), find)
    for id, event in complaint.decide(case, command, ctx, group):
        yield COMPLAINT, id, event
    if isinstance(command, ReceiveComplaint):
        yield CENTRE, command.centre, ctx.centre.next_number(command.complaint, ctx.facts)
    if isinstance(command, OpenWorkOrder) and case:
        yield CENTRE, case.centre, ctx.centre.next_order(command.complaint, ctx.facts)


def _require_home(unit: str | None, centre: str, ctx: Context, find: Find) -> None:
    """Require that a home of the register is of this centre; one not entered yet is let pass."""
    home = find(UNIT, unit) if unit else None
    ctx.require(home is None or home.centre == centre, errors.UnitOfOtherCentre(unit or ""))


def _group(case: Case | None, into: str | None, find: Find) -> dict[str, Case]:
    """Return the cases merged with this one, or about to be, without itself."""
    if case is None:
        return {}
    survivor = into or case.merged_into or case.id
    found = {survivor: find(COMPLAINT, survivor)}
    for member in (found[survivor] or case).members:
        found[member] = find(COMPLAINT, member)
    return {id: other for id, other in found.items() if other and id != case.id}


def _decide_permit(
    found: Permit | None, command: PermitCommand, ctx: Context, find: Find
) -> Decided:
    home = find(UNIT, command.unit) if isinstance(command, ApplyForPermit) else None
    for event in permit.decide(found, command, ctx, home):
        yield PERMIT, command.permit, event


def _decide_key(known: Key | None, command: KeyCommand, ctx: Context, find: Find) -> Decided:
    occasions: list[str] = []
    if isinstance(command, ReceiveKey):
        _require_home(command.unit, command.centre, ctx, find)
    if isinstance(command, OccasionCommand):
        occasions = [*_occasions(command, find)]
    yield KEY, command.key, key.decide(known, command, ctx, occasions)
    if isinstance(command, ReceiveKey):
        yield CENTRE, command.centre, ctx.centre.listed(command.key, ctx.facts)


def _occasions(command: OccasionCommand, find: Find) -> Iterator[str]:
    """Yield the centres of the permit and the case that a key is moved for."""
    if command.permit:
        renovation = find(PERMIT, command.permit)
        if renovation is None:
            raise errors.UnknownPermit(command.permit)
        yield renovation.centre
    if command.complaint:
        yield _centre_of(command.complaint, find)


def _centre_of(complaint: str, find: Find) -> str:
    case = find(COMPLAINT, complaint)
    if case is None:
        raise errors.UnknownComplaint(complaint)
    return case.centre


def _decide_parcel(
    known: Parcel | None, command: ParcelCommand, ctx: Context, find: Find
) -> Decided:
    if isinstance(command, RegisterParcel):
        _require_home(command.unit, command.centre, ctx, find)
    yield PARCEL, command.parcel, parcel.decide(known, command, ctx)


def _decide_unit(home: Unit | None, command: UnitCommand, ctx: Context, find: Find) -> Decided:
    if isinstance(command, ReportDefect) and command.complaint and home:
        same = _centre_of(command.complaint, find) == home.centre
        ctx.require(same, errors.OtherCentre(home.centre))
    events = unit.decide(home, command, ctx)
    if isinstance(command, HandOverUnit) and home and home.owner:
        yield from _keys_issued(home, home.owner.resident, command, ctx, find)
        # What was passed over for a key is irregular about the handover.
        events = tuple(
            event.model_copy(update={"irregular": (*ctx.passed_over,)}) for event in events
        )
    for event in events:
        yield UNIT, command.unit, event
    if isinstance(command, IssuePaperCopy) and home:
        yield CENTRE, home.centre, ctx.centre.copy_listed(command.copy_, ctx.facts)


def _keys_issued(
    home: Unit, owner: str, command: HandOverUnit, ctx: Context, find: Find
) -> Decided:
    """Yield the issue of each key and card of a handover, decided by the key's own rules."""
    kinds = dict.fromkeys(command.cards, "card") | dict.fromkeys(command.keys, "door")
    for id, kind in kinds.items():
        known = find(KEY, id)
        if known:
            ctx.require(known.unit == home.id, errors.KeyOfOtherUnit(id))
            ctx.require(known.kind == kind, errors.KeyKindDiffers(id))
        issue = IssueKey(key=id, resident=owner, signature=command.confirmation)
        yield KEY, id, key.decide(known, issue, ctx, ())


def _resident(command: UnitCommand) -> str | None:
    """Return whose key it is when a command tells of one resident."""
    if isinstance(command, HouseholdCommand):
        return subject_of_resident(command.unit, command.resident)
    return None


def _decide_access(
    trail: Trail | None, command: AccessCommand, ctx: Context, find: Find
) -> Decided:
    match command:
        case Disclose():
            event = disclosure.answer(command, ctx, find)
        case LookUp():
            event = look_up(trail, command, ctx, find)
        case CountDenials():
            event = disclosure.counted(command, ctx)
        case _:
            raise TypeError(command.do)
    if event is not None:
        yield ACCESS, command.trail, event


def _decide_glass(found: Glass | None, command: GlassCommand, ctx: Context, find: Find) -> Decided:
    yield GLASS, command.glass, decide_glass(found, command, ctx, find)


def _decide_privacy(
    known: Privacy | None, command: PrivacyCommand, ctx: Context, find: Find
) -> Decided:
    for subject, event in privacy.decide(known, command, ctx, find):
        yield PRIVACY, subject, event


def _decide_export(
    known: Export | None, command: ExportCommand, ctx: Context, find: Find
) -> Decided:
    yield EXPORT, command.export, export.decide(known, command, ctx, find)


def _plain(kind: Kind[Any]) -> Callable[[Any, Event, str, Policies, Counting], tuple[Event, Any]]:
    """Return what completes events that carry no rows: nothing is added to them."""

    def complete_none(
        state: object, event: Event, id: str, _: Policies, __: Counting
    ) -> tuple[Event, Any]:
        return event, kind.evolve(state, event, id)

    return complete_none


SUBJECTS = (
    Subject(COMPLAINT, CaseCommand, "complaint", _decide_complaint, complete),
    Subject(PERMIT, PermitCommand, "permit", _decide_permit, complete_permit),
    Subject(KEY, KeyCommand, "key", _decide_key, complete_key),
    Subject(PARCEL, ParcelCommand, "parcel", _decide_parcel, complete_parcel),
    Subject(UNIT, UnitCommand, "unit", _decide_unit, complete_unit, _resident),
    Subject(ACCESS, AccessCommand, "trail", _decide_access, _plain(ACCESS)),
    Subject(GLASS, GlassCommand, "glass", _decide_glass, complete_glass),
    Subject(PRIVACY, PrivacyCommand, "holder", _decide_privacy, _plain(PRIVACY)),
    Subject(EXPORT, ExportCommand, "export", _decide_export, _plain(EXPORT)),
)


def subject_of(command: Command) -> Subject | None:
    """Return the aggregate a command is about, None for the organisation's own."""
    return subject_of_type(type(command))


def subject_of_type(cls: type[Command]) -> Subject | None:
    """Return the aggregate that commands of this type are about."""
    return next((s for s in SUBJECTS if issubclass(cls, s.commands)), None)


def subject_named(kind: str) -> Subject | None:
    """Return the aggregate whose streams are of this kind."""
    return next((s for s in SUBJECTS if s.kind.name == kind), None)
