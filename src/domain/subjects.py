"""The aggregates people work on, each as the application sees it: which commands it takes, how it
decides them, and how its events are completed with the rows they changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from . import complaint, errors, key, parcel, permit
from .complaint.commands import CaseCommand, ReceiveComplaint
from .complaint.rows import complete
from .complaint.state import Case
from .context import Context
from .messages import Command, Event
from .permit.commands import PermitCommand
from .permit.rows import complete as complete_permit
from .permit.state import Permit
from .policy import Policies
from .streams import CENTRE, COMPLAINT, KEY, PARCEL, PERMIT, Kind
from .workdays import Counting

S = TypeVar("S")


class Find(Protocol):
    """Looks up the state of any stream."""

    def __call__(self, kind: Kind[S], id: str) -> S:
        """Return the state, the kind's initial one when there is no event."""
        ...


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
    """An aggregate: ``id_field`` names the field by which its commands name it.

    ``complete`` returns the event with the rows that it changed, and the state after it.
    """

    kind: Kind[Any]
    commands: type[Command]
    id_field: str
    decide: Callable[[Any, Any, Context, Find], Decided]
    complete: Callable[[Any, Any, str, Policies, Counting], tuple[Event, Any]]

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


SUBJECTS = (
    Subject(COMPLAINT, CaseCommand, "complaint", _decide_complaint, complete),
    Subject(PERMIT, PermitCommand, "permit", _decide_permit, complete_permit),
    Subject(KEY, key.KeyCommand, "key", _decide_key, key.complete),
    Subject(PARCEL, parcel.ParcelCommand, "parcel", _decide_parcel, parcel.complete),
)


def subject_of(command: Command) -> Subject | None:
    """Return the aggregate a command is about, None for the organisation's own."""
    return next((s for s in SUBJECTS if isinstance(command, s.commands)), None)


def subject_named(kind: str) -> Subject | None:
    """Return the aggregate whose streams are of this kind."""
    return next((s for s in SUBJECTS if s.kind.name == kind), None)
