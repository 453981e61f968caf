"""A service centre's register: continuous numbers of cases and of work orders, duty handovers,
corrective action, delegations, the keys it counts (domain sections 1, 3 and 5).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AliasChoices, BeforeValidator, Field

from .messages import Command, Event, FreeText, Id, Ref, stored_as
from .moments import Given, Moment

Right = Literal["dispatch", "approve_remedy", "confirm_result"]
Duty = Literal["self_check", "quality_check", "case_review", "web_check", "training"]
PERIOD = r"^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?|-Q[1-4]|-W\d{2})?$"
_COMMAND_NAMES = {"dispatch_complaint": "dispatch"}


class HandOverDuty(Command):
    """Hand the night's cases to the day desk ([002] 4.2.1, 4.2.4)."""

    do: Literal["hand_over_duty"] = "hand_over_duty"
    centre: Id
    complaints: tuple[Id, ...] = Field(max_length=1000)
    to: Id


class TakeCorrectiveAction(Command):
    """Answer repeated or far-reaching cases: cause, correction, prevention ([002] 4.3.1b)."""

    do: Literal["take_corrective_action"] = "take_corrective_action"
    centre: Id
    topic: Id
    complaints: tuple[Id, ...] = Field(min_length=1, max_length=1000)
    cause: FreeText
    correction: FreeText
    prevention: FreeText


class Delegate(Command):
    """Let another person dispatch, approve remedies or confirm results for a time."""

    do: Literal["delegate"] = "delegate"
    to: Id
    rights: tuple[
        Annotated[Right, BeforeValidator(lambda name: _COMMAND_NAMES.get(name, name))], ...
    ] = Field(min_length=1)
    from_: Given = Field(validation_alias=AliasChoices("from", "from_"), serialization_alias="from")
    until: Given


class CountKeys(Command):
    """盘点: count the keys in the cabinet; what differs from the register is recorded."""

    do: Literal["count_keys"] = "count_keys"
    centre: Id
    found: tuple[Id, ...] = Field(max_length=20_000)


class AssignArea(Command):
    """责任区: these homes, and no others, are a steward's area from now on."""

    do: Literal["assign_area"] = "assign_area"
    staff: Id
    centre: Id
    units: tuple[Id, ...] = Field(max_length=20_000)


class RecordDuty(Command):
    """记录例行职责: a check, a review or a training was carried out.

    ``period`` names a month (2025-11), quarter (2025-Q4), ISO week (2025-W45), year or day; left
    out, it is the one that ``at`` falls into. A quarterly check has its ``circular`` 通报, a
    training the accounts of those who were there.
    """

    do: Literal["record_duty"] = "record_duty"
    centre: Id
    duty: Duty
    period: Annotated[str, Field(pattern=PERIOD)] | None = None
    circular: Id | None = None
    trained: tuple[Id, ...] = Field(default=(), max_length=1000)
    findings: FreeText | None = None


CentreCommand = HandOverDuty | TakeCorrectiveAction | Delegate | CountKeys | AssignArea | RecordDuty


class Numbered(Event):
    """The register gave a number: one more than the last, never skipped or reused."""

    number: int
    complaint: str


@stored_as("centre.number_given.1")
class NumberGiven(Numbered):
    """The register gave a case its number: one more than the last, never skipped or reused."""


@stored_as("centre.order_number_given.1")
class OrderNumberGiven(Numbered):
    """The register gave a work order its number, in a sequence of its own ([003] 工作单号连续)."""


@stored_as("centre.duty_handed_over.1")
class DutyHandedOver(Event):
    """Cases passed to ``to``; ``unalerted`` are important ones the head was not told of."""

    centre: str
    complaints: tuple[str, ...]
    to: str
    unalerted: tuple[str, ...] = ()


@stored_as("centre.corrective_action_taken.1")
class CorrectiveActionTaken(Event):
    """Cause, correction and prevention (sealed) for cases of one topic."""

    centre: str
    topic_code: str
    complaints: tuple[str, ...]
    cause: Ref
    correction: Ref
    prevention: Ref


@stored_as("centre.delegated.1")
class Delegated(Event):
    """A head lent rights to a person, from and until (both inclusive)."""

    to: str
    to_person: str
    rights: tuple[str, ...]
    starts: Moment
    until: Moment


@stored_as("centre.key_listed.1")
class KeyListed(Event):
    """A key was received: from now on it is counted."""

    key: str


@stored_as("centre.keys_counted.1")
class KeysCounted(Event):
    """The cabinet was counted: ``missing`` should hang there, ``unexpected`` should not.

    ``unregistered`` were found and are no keys of this centre.
    """

    centre: str
    found: tuple[str, ...]
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    unregistered: tuple[str, ...] = ()


@stored_as("centre.copy_listed.1")
class CopyListed(Event):
    """A numbered paper copy was issued: its number is used."""

    copy_no: str


@stored_as("centre.area_assigned.1")
class AreaAssigned(Event):
    """责任区: a steward's area from then on, these homes and no others; ``holder`` is a person."""

    centre: str
    staff: str
    holder: str
    units: tuple[str, ...]


@stored_as("centre.duty_recorded.1")
class DutyRecorded(Event):
    """例行职责: done for its period; ``trained`` are persons."""

    centre: str
    duty: Duty
    period: str
    circular: str | None = None
    trained: tuple[str, ...] = ()
    findings: Ref | None = None


class Care(NamedTuple):
    """Who answers for a home, by which account, since when."""

    staff: str
    person: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Centre:
    """What decisions need of a centre's register."""

    last_number: int = 0
    last_order: int = 0
    delegations: tuple[Delegated, ...] = field(default=())
    keys: tuple[str, ...] = ()
    copies: frozenset[str] = frozenset()
    areas: dict[str, Care] = field(default_factory=dict)

    def lent(self, right: str, person: str | None, moment: datetime) -> bool:
        """Return whether ``person`` held ``right`` by delegation at ``moment``."""
        return any(
            right in delegation.rights
            and delegation.to_person == person
            and delegation.starts <= moment <= delegation.until
            for delegation in self.delegations
        )

    def next_number(self, complaint: str, facts: dict[str, Any]) -> NumberGiven:
        """Return the event that gives ``complaint`` the next number."""
        return NumberGiven(number=self.last_number + 1, complaint=complaint, **facts)

    def next_order(self, complaint: str, facts: dict[str, Any]) -> OrderNumberGiven:
        """Return the event that gives a work order of ``complaint`` the next number."""
        return OrderNumberGiven(number=self.last_order + 1, complaint=complaint, **facts)

    def listed(self, key: str, facts: dict[str, Any]) -> KeyListed:
        """Return the event that lists ``key`` among those of this centre."""
        return KeyListed(key=key, **facts)

    def copy_listed(self, copy: str, facts: dict[str, Any]) -> CopyListed:
        """Return the event that notes the number of a paper copy as used."""
        return CopyListed(copy_no=copy, **facts)


def evolve(centre: Centre, event: Event) -> Centre:  # noqa: PLR0911 - a case per event
    """Return the register after one more event."""
    match event:
        case NumberGiven():
            return replace(centre, last_number=event.number)
        case OrderNumberGiven():
            return replace(centre, last_order=event.number)
        case Delegated():
            return replace(centre, delegations=(*centre.delegations, event))
        case KeyListed():
            return replace(centre, keys=(*centre.keys, event.key))
        case CopyListed():
            return replace(centre, copies=centre.copies | {event.copy_no})
        case AreaAssigned():
            return replace(centre, areas=_reassigned(centre.areas, event))
        case _:
            return centre


def _reassigned(areas: dict[str, Care], event: AreaAssigned) -> dict[str, Care]:
    """Return who answers for which home; an assignment typed in late undoes no later one."""
    later = {unit: care for unit, care in areas.items() if care.since > event.at}
    others = {unit: care for unit, care in areas.items() if care.staff != event.staff}
    taken = dict.fromkeys(event.units, Care(event.staff, event.holder, event.at))
    return others | taken | later
